"""Trainer's notes: who reads them, in which language, and that learners read nothing of them."""

import pytest

from mtd_learning.library import service as library
from mtd_learning.people import service as people
from tests.conftest import statements, writes

PLAN = "/courses/tiny/trainer"
MODULE = f"{PLAN}/m1-blocks"
LINK = f'href="{PLAN}"'


def in_finnish(user):
    people.change_language(user, "fi")
    return user


@pytest.mark.parametrize("who", ["tom", "carla", "kostas", "lena", "ada"])
def test_who_trains_coordinates_localises_or_administers_reads_the_notes(cast, browse, who):
    browser = browse(getattr(cast, who))
    plan, module = browser.get(PLAN), browser.get(MODULE)
    assert (plan.status_code, module.status_code) == (200, 200)
    assert all('href="#plan"' in page.text for page in (plan, module))  # last, on a phone
    assert "Before you begin" in plan.text and f'href="{MODULE}"' in plan.text
    assert "A meeting of three hours" in module.text and "about 180 min" in module.text


@pytest.mark.parametrize("who", ["tom", "lena"])
def test_the_start_page_of_who_reads_the_notes_leads_to_them(cast, browse, who):
    assert LINK in browse(getattr(cast, who)).get("/").text


@pytest.mark.parametrize("address", [PLAN, MODULE, f"{PLAN}/nothing"])
def test_a_learner_is_refused_and_the_signed_out_are_sent_to_the_door(cast, browse, address):
    refused = browse(cast.vilma).get(address)
    assert refused.status_code == 403 and "three hours" not in refused.text
    sent = browse().get(address)
    assert sent.status_code == 303 and sent.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("who", ["vilma", None])
def test_no_page_of_a_learner_holds_a_word_of_the_notes_or_the_way_to_them(cast, browse, who):
    browser = browse(getattr(cast, who) if who else None)
    for address in ("/", "/courses/tiny", "/courses/tiny/m1-blocks/words", "/learn/tiny"):
        page = browser.get(address).text
        assert "three hours" not in page and "/trainer" not in page


def test_the_course_page_leads_a_trainer_to_the_notes(cast, browse):
    browser = browse(cast.tom)
    assert LINK in browser.get("/courses/tiny").text
    browser.post("/learn/tiny/join")
    assert LINK in browser.get("/learn/tiny").text


def test_the_numbers_of_the_readers_country_stand_in_the_notes(cast, browse):
    assert 'href="tel:112"' in browse(cast.tom).get(MODULE).text.split("note-meeting", 1)[1]
    assert "116 111" in browse(in_finnish(cast.tom)).get(PLAN).text


def test_notes_are_read_in_the_readers_language_and_what_fell_back_says_its_own(cast, browse):
    page = browse(in_finnish(cast.tom)).get(MODULE).text
    assert '<section class="part" id="note-meeting">' in page and "Kolmen tunnin" in page
    assert '<section class="part" id="note-role-play" lang="en">' in page and "At the door" in page
    assert "Yksi osa tästä sivusta ei ole vielä sinun kielelläsi" in page
    assert "not in your language" not in browse(cast.carla).get(MODULE).text


def test_headings_of_a_note_stand_under_its_title_and_a_script_does_not_run(cast, browse):
    page = browse(cast.tom).get(MODULE).text
    assert "<h2>At the door</h2>" in page and "<h3>Parts</h3>" in page
    assert "<script>alert" not in page


def test_a_module_without_notes_has_no_page_and_the_plan_says_so(cast, browse):
    browser = browse(cast.tom)
    for name in ("m2-short", "nothing"):
        answer = browser.get(f"{PLAN}/{name}")
        assert answer.status_code == 404
    assert browser.get("/courses/nothing/trainer").status_code == 404
    plan = browser.get(PLAN).text
    assert "A short one" in plan and "no notes yet" in plan and f"{PLAN}/m2-short" not in plan


def test_notes_are_kept_by_no_browser(cast, browse):
    assert browse(cast.tom).get(MODULE).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [PLAN, MODULE])
def test_reading_notes_writes_nothing_and_asks_little(cast, browse, address):
    browser = browse(cast.tom)
    browser.get(address)
    with statements() as said:
        browser.get(address)
    assert not writes(said)
    # The person of the session with their roles, and the edition; notes are kept in memory.
    assert len(said) <= 3, said


def test_an_edition_from_before_there_were_notes_has_none(cast, browse, monkeypatch):
    known = library.document

    def without(sha):
        data = known(sha)
        if "modules" not in data:
            return data
        modules = [{k: v for k, v in one.items() if k != "trainer"} for one in data["modules"]]
        return {k: v for k, v in data.items() if k != "trainer"} | {"modules": modules}

    monkeypatch.setattr(library, "document", without)
    browser = browse(cast.tom)
    assert "no notes yet" in browser.get(PLAN).text
    assert browser.get(MODULE).status_code == 404
    assert LINK not in browser.get("/courses/tiny").text
