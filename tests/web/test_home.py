"""Pages without sign-in: start, catalogue, looking in, help now, words, health."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from lxml import html

from mtd_learning import glossary, upkeep
from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.learning import service as learning
from mtd_learning.privacy.schedule import SCHEDULE
from mtd_learning.upkeep import Finding
from mtd_learning.web import i18n


def test_the_process_says_that_it_lives(browse):
    answer = browse().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_the_site_is_ready_when_database_content_and_disk_are_there(browse, monkeypatch):
    answer = browse().get("/readyz")
    assert answer.status_code == 200 and answer.text.count(": ok") == 3
    monkeypatch.setattr(upkeep, "_disk", lambda folder: Finding("disk", False, f"full: {folder}"))
    answer = browse().get("/readyz")
    assert answer.status_code == 503 and "disk: not ok" in answer.text
    assert "/" not in answer.text  # no paths of the machine


def test_a_stranger_finds_the_courses_and_the_way_to_them(browse):
    page = browse().get("/courses").text
    assert "A tiny course" in page and 'href="/courses/tiny"' in page


def test_a_module_that_names_no_outcomes_promises_none(browse):
    page = html.fromstring(browse().get("/courses/tiny").text)
    assert page.xpath("//section[@id='m1-blocks']//details//li")
    assert not page.xpath("//section[@id='m2-short']//details")


def test_a_stranger_reads_the_first_module_and_no_other(browse):
    browser = browse()
    page = browser.get("/courses/tiny").text
    first = re.findall(r'href="(/courses/tiny/[^"]+)"', page)
    assert first and all(address.startswith("/courses/tiny/m1-blocks/") for address in first)
    for address in first:
        assert browser.get(address).status_code == 200
    answer = browser.get("/courses/tiny/m2-short/law")
    assert answer.status_code == 403 and "when you have joined" in answer.text
    assert "Nothing you have saved is lost" not in answer.text  # a stranger has saved nothing


def test_who_has_joined_and_looks_in_at_a_later_module_is_led_to_the_step_itself(learner):
    answer = learner.browser.get("/courses/tiny/m2-short/law")
    assert (answer.status_code, answer.location) == (303, "/learn/tiny/m2-short/law")


def test_looking_in_shows_nothing_to_press_and_keeps_nothing(browse):
    page = browse().get("/courses/tiny/m1-blocks/doing").text
    assert "What is open?" in page and "/handler/" not in page
    assert not re.search(r"Not this time|correct", page)


def test_a_hard_story_is_closed_for_who_looks_in_and_stands_open_on_paper(browse, learner):
    page = html.fromstring(browse().get("/courses/tiny/m1-blocks/words").text)
    (closed,) = page.xpath("//details[not(@open)][contains(., 'The story.')]")
    assert "A child is hurt in this story." in closed.xpath("string(..)")
    paper = html.fromstring(learner.browser.get("/learn/tiny/m1-blocks/words/paper").text)
    assert "The story." in paper.text_content() and not paper.xpath("//main//details")


def test_who_looks_in_is_told_when_a_page_is_not_in_their_language(browse):
    address, told = "/courses/tiny/m1-blocks/words", "//main//*[@lang='sv'][@class='note']"
    page = html.fromstring(browse().get(address, headers={"Accept-Language": "sv"}).text)
    assert len(page.xpath(told)) == 1
    page = html.fromstring(browse().get(address, headers={"Accept-Language": "en"}).text)
    assert not page.xpath(told.replace("sv", "en"))


def test_help_now_shows_the_numbers_of_the_chosen_country(browse):
    for address in ("/help-now?country=FI", "/help-now?country=fi", "/help-now/?country=FI"):
        page = browse().get(address).text
        assert 'href="tel:112"' in page and "in Finland" in page, address


def test_help_now_is_for_everybody_and_goes_on_when_nobody_answers(browse, learner):
    said = "These numbers are for everybody"
    assert said in browse().get("/help-now").text
    assert said not in learner.browser.get("/help-now").text
    assert "If nobody answers, call the help for evenings" in browse().get("/help-now").text


def test_help_now_says_so_where_a_country_has_no_numbers_yet(browse):
    for code in ("SE", "XX", "<b>"):
        page = browse().get("/help-now", query_string={"country": code})
        assert page.status_code == 200 and "<b>" not in page.text.split("<main", 1)[1][:3000]


def test_help_now_says_of_each_part_in_which_language_it_is(browse):
    page = browse().get("/help-now?country=BE", headers={"Accept-Language": "fi"}).text
    numbers = page.split('id="numbers"')[1].split("</section>")[0]
    assert '<dt lang="en">Who receives a report</dt>' in numbers  # not translated yet
    assert '<span lang="nl">het vertrouwenscentrum</span>' in numbers
    assert "ei ole vielä sinun kielelläsi" in page
    assert '<span lang="fi">Hätänumero</span>' not in page  # the language of the page itself


@pytest.fixture
def member(make_user, make_organisation, browse):
    """Return the browser of somebody in a new organisation with this pack."""

    def make(slug, pack=None, **values):
        home = make_organisation(slug, "Our people", pack=pack)
        return browse(make_user(slug, organisation=home, **values))

    return make


EMPTY = "Not written here yet."


def test_members_find_the_duty_number_of_their_organisation_wherever_the_child_lives(member):
    answer = member("saro", "saro", country=None).get("/help-now?country=BE")
    page = answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    card = page.split('id="organisation"')[1].split("</section>")[0]
    assert "Our people" in card and "The duty number" in card and "2026-11-01" in card
    assert '<a class="number" href="tel:09456">09 456</a><br>(17–22)' in card
    assert page.index('id="organisation"') < page.index('id="numbers"')


def test_nobody_else_finds_the_duty_number_of_an_organisation(member, browse, make_user):
    strangers = browse(), browse(make_user("Nell"))
    for browser in (*strangers, member("none"), member("other", "other")):
        for address in ("/help-now?country=FI", "/courses/tiny/m1-blocks/words"):
            assert "09 456" not in browser.get(address).text
    for browser in strangers:
        assert EMPTY not in browser.get("/help-now?country=FI").text


def test_members_of_an_organisation_that_wrote_no_number_are_told_who_knows_it(member):
    browser = member("none")
    assert EMPTY in browser.get("/help-now?country=FI").text
    assert EMPTY in browser.get("/courses/tiny/m1-blocks/words").text


def test_a_duty_number_that_was_checked_long_ago_says_so(member, monkeypatch):
    def card():
        return browser.get("/help-now?country=BE").text.split('id="organisation"')[1][:700]

    browser = member("saro", "saro")
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 2))
    assert "checked long ago" not in card().lower()
    monkeypatch.setattr(clock, "today", lambda: date(2027, 11, 2))
    assert "Checked long ago." in card()


def test_numbers_that_were_checked_long_ago_say_so(browse, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 2))
    assert "Checked long ago." not in browse().get("/help-now?country=BE").text
    monkeypatch.setattr(clock, "today", lambda: date(2030, 1, 1))
    assert "Checked long ago." in browse().get("/help-now?country=BE").text
    # Where nobody ever checked one, that is said.
    finland = browse().get("/help-now?country=FI").text
    assert "Not checked yet." in finland and "Checked long ago." not in finland


def test_help_now_knows_the_country_of_the_signed_in(learner):
    assert 'href="tel:112"' in learner.browser.get("/help-now").text


def test_the_start_page_tells_staff_which_commands_stand_in_for_a_page(cast, browse):
    commands = {"mtd user invite", "mtd content po-export", "mtd content po-import"}

    def named(browser) -> set[str]:
        return set(html.fromstring(browser.get("/").text).xpath("//main//code/text()"))

    assert named(browse(cast.ada)) == commands
    assert named(browse(cast.lena)) == commands - {"mtd user invite"}
    assert named(browse(cast.vilma)) == set()


def test_the_start_page_of_a_learner_has_one_big_continue(learner):
    page = learner.browser.get("/").text
    assert page.count('href="/learn/tiny/m1-blocks/words"') >= 1 and "Begin" in page


def test_the_start_page_opens_for_a_learner_of_a_course_that_is_no_longer_published(learner):
    learning.enrol(learner.user.id, "withdrawn-course")
    db.session.commit()
    page = learner.browser.get("/")
    assert page.status_code == 200 and 'href="/learn/tiny/m1-blocks/words"' in page.text


def test_words_are_explained_in_the_readers_language(browse):
    browser = browse()
    assert browser.get("/words").status_code == 200
    browser.post("/language", data={"language": "fi"})
    assert 'lang="fi"' in browser.get("/words").text


def test_every_link_to_a_word_finds_its_place_on_the_page(browse):
    page = browse().get("/words").text
    assert all(f'<div id="{term["key"]}">' in page for term in glossary.terms())


def words_of(page: str) -> str:
    """Return the text of a page as a reader sees it, in one line."""
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]*>", " ", page))).strip()


@pytest.mark.parametrize("address", ["/privacy", "/accessibility"])
def test_who_runs_the_site_is_named_where_people_ask_for_it(browse, app, monkeypatch, address):
    assert "This site is run by" not in browse().get(address).text
    house = app.extensions["mtd"]
    monkeypatch.setattr(house, "settings", replace(house.settings, contact="Särö, <a@b.org>"))
    assert "This site is run by Särö, &lt;a@b.org&gt;." in browse().get(address).text


@pytest.mark.parametrize("language", i18n.NAMES)
def test_the_privacy_page_says_every_purpose_of_the_schedule_with_its_period(browse, app, language):
    settings = app.extensions["mtd"].settings
    page = browse().get("/privacy", headers={"Accept-Language": language}).text
    assert f'<html lang="{language}"' in page
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.S)
    assert len(rows) == len(SCHEDULE)
    for purpose, (what, how_long) in zip(SCHEDULE, rows, strict=True):
        assert words_of(what) == i18n.translate(purpose.what, language)
        before, place, after = i18n.translate(purpose.how_long, language).partition("%(period)s")
        said = words_of(how_long)
        assert said.startswith(before) and said.endswith(after)
        count = purpose.period(settings).count
        assert bool(place) == bool(re.search(rf"\b{count} \w", said)), said


def test_the_privacy_page_says_what_the_operator_has_set(browse, app, monkeypatch):
    house = app.extensions["mtd"]
    monkeypatch.setattr(house, "settings", replace(house.settings, keep_accounts_months=1))
    assert "1 month after your last visit" in words_of(browse().get("/privacy").text)


def test_the_privacy_page_leads_to_what_one_may_do_oneself(browse):
    page = browse().get("/privacy").text
    for address in ("/account/my-data.json", "/account/leave"):
        assert f'href="{address}"' in page


def test_statements_are_there(browse):
    for address in ("/privacy", "/accessibility"):
        assert browse().get(address).status_code == 200


def test_the_country_that_a_guest_chose_is_kept_for_the_pages_of_a_course(browse):
    guest = browse()
    guest.get("/help-now?country=FI")
    assert "(en-FI)" in guest.get("/courses/tiny").text
    guest.get("/help-now?country=XX")
    assert "(en-FI)" in guest.get("/courses/tiny").text


def test_to_look_at_another_country_does_not_move_somebody_who_is_signed_in(learner):
    answer = learner.browser.get("/help-now?country=BE")
    assert "Set-Cookie" not in answer.headers or "mtd_country" not in answer.headers["Set-Cookie"]
    assert "(en-FI)" in learner.browser.get("/courses/tiny").text
