"""The state of the content, for those who look after it."""

import re
from datetime import date

import pytest

from mtd_learning.base import clock
from mtd_learning.people import service as people
from tests.conftest import statements


def variants(page):
    return re.findall(r'<th scope="row">([^<]+)<small>', page.text)


def test_every_variant_is_listed_with_what_it_lacks(cast, browse):
    page = browse(cast.lena).get("/content")
    assert page.status_code == 200
    for words in ("en-FI", "fi-FI", "nl-BE", "A line to call"):
        assert words in page.text


def test_what_is_to_be_checked_again_is_listed_when_its_time_comes(cast, browse, monkeypatch):
    def row():
        page = browse(cast.lena).get("/content?language=nl").text
        return page.split("nl-BE")[-1].partition("</tr>")[0]

    fold = r"<summary>(\d+)<span class=\"vh\"> \(To check again\)"
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 2))
    assert not re.search(fold, row())
    monkeypatch.setattr(clock, "today", lambda: date(2030, 1, 1))
    assert re.search(fold, row())[1] == "1"


def test_the_number_of_an_organisation_is_missing_in_no_country(cast, browse):
    page = browse(cast.lena).get("/content").text
    rows = re.findall(r'<th scope="row">([^<]+)<small>(.*?)</tr>', page, re.DOTALL)
    lacking = [name for name, row in rows if "The duty number" in row]
    assert not lacking  # the organisations of the tiny course have written theirs


def test_who_looks_after_one_place_sees_its_variants_and_the_plain_languages(
    cast, browse, make_organisation, make_user
):
    every = variants(browse(cast.lena).get("/content"))
    plain = [name for name in every if "-" not in name]
    finnish = [name for name in every if "-FI" in name]
    shared = [name for name in finnish if "+" not in name]
    assert plain and shared and len(every) > len(plain + finnish) > len(plain + shared)

    assert sorted(variants(browse(cast.carla).get("/content"))) == sorted(plain + shared)
    assert variants(browse(cast.kostas).get("/content")) == plain
    saro = make_organisation("saro-ry", "Särö", "FI", pack="saro")
    own = [name for name in finnish if name.endswith("+saro")]
    tina = make_user("Tina", role="trainer", organisation=saro)
    page = browse(tina).get("/content?country=FI")
    assert own and sorted(variants(page)) == sorted(shared + own)
    assert "BE" not in re.findall('<option value="([A-Z]+)"', page.text)

    people.withdraw(tina, "trainer", organisation=saro)
    people.grant(tina, "localiser", country="FI")
    assert sorted(variants(browse(tina).get("/content"))) == sorted(plain + finnish)


def test_a_volunteer_does_not_see_it(cast, browse):
    assert browse(cast.vilma).get("/content").status_code == 403


def test_the_start_page_leads_there_those_who_may_see_it(cast, browse):
    way = 'href="/content"'
    assert way in browse(cast.lena).get("/").text
    assert way not in browse(cast.vilma).get("/").text


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ("language=nl", lambda name: name.startswith("nl")),
        ("country=FI", lambda name: "-FI" in name),
        ("language=fi&country=FI", lambda name: name.startswith("fi-FI")),
        ("course=tiny&language=&country=&edition=", lambda name: True),
        ("course=nothing&language=%3Cb%3E&edition=x&page=2", lambda name: True),
    ],
)
def test_a_choice_leaves_the_variants_that_fit_and_a_strange_one_leaves_all(
    cast, browse, chosen, fits
):
    lena = browse(cast.lena)
    every = variants(lena.get("/content"))
    page = lena.get(f"/content?{chosen}")
    assert variants(page) == [name for name in every if fits(name)] != []


def test_the_form_shows_what_was_chosen_and_a_choice_that_nothing_fits_says_so(cast, browse):
    page = browse(cast.lena).get("/content?language=nl&country=FI")
    assert re.findall('<option value="([^"]+)" selected', page.text) == ["nl", "FI"]
    assert variants(page) == [] and "No edition fits this choice." in page.text


def test_pilot_and_full_editions_can_be_told_apart(cast, browse):
    lena = browse(cast.lena)
    pilot, full = (variants(lena.get(f"/content?edition={kind}")) for kind in ("pilot", "full"))
    assert "en-FI" in pilot and "en" in full
    assert sorted(pilot + full) == sorted(variants(lena.get("/content")))


def test_a_choice_asks_the_database_no_more_than_the_whole_page(cast, browse):
    lena = browse(cast.lena)
    counts = []
    for address in ("/content", "/content", "/content?language=fi&country=FI"):
        with statements() as said:
            lena.get(address)
        counts.append(len(said))
    assert counts[1] == counts[2]
