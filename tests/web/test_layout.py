"""Static files with fingerprints, packed; help numbers in the footer; what an edition says."""

import gzip

from lxml import html

from mtd_learning.base.db import db
from mtd_learning.web import layout, numbers
from mtd_learning.web.layout import FOLDER
from mtd_learning.web.security import FOREVER


def test_the_address_of_a_file_carries_its_fingerprint_and_is_kept_for_ever(app, browse):
    with app.test_request_context():
        address = layout.static_url("css/mtd.css")
    answer = browse().get(address)
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.data == (FOLDER / "css" / "mtd.css").read_bytes()


def test_an_old_fingerprint_is_served_but_not_kept(browse):
    answer = browse().get("/static/css/mtd.css?v=old")
    assert answer.status_code == 200 and "immutable" not in answer.headers["Cache-Control"]


def test_a_file_is_packed_for_browsers_that_can_unpack_it(browse):
    answer = browse().get("/static/js/mtd.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip" and answer.headers["Vary"]
    assert gzip.decompress(answer.data) == (FOLDER / "js" / "mtd.js").read_bytes()
    assert "Content-Encoding" not in browse().get("/static/js/mtd.js").headers


def test_every_page_has_the_numbers_of_its_country_in_the_footer(learner):
    for address in ("/", "/learn/tiny", "/courses/tiny", "/nowhere"):
        assert 'href="tel:112"' in learner.browser.get(address).text, address


def test_a_page_of_a_course_says_which_edition_it_is(learner):
    assert "edition 1 (en-FI)" in learner.browser.get("/learn/tiny/m1-blocks/words").text


def test_a_pilot_edition_says_first_that_nobody_there_checked_its_numbers(learner, browse):
    page = html.fromstring(learner.browser.get("/courses/tiny").text)
    (banner,) = page.xpath("//div[contains(@class, 'banner')][contains(., 'Pilot edition')]")
    said = "Pilot edition. The numbers and rules for Finland have not been checked by a person"
    assert said in banner.text_content()
    assert "Pilot edition" not in browse().get("/courses/tiny").text


def test_what_else_makes_it_a_pilot_edition_is_told_when_the_banner_is_opened(learner):
    learner.user.country, learner.user.language = "BE", "nl"
    db.session.commit()
    page = html.fromstring(learner.browser.get("/courses/tiny").text)
    (banner,) = page.xpath("//details[contains(@class, 'banner')]")
    assert "België" in banner.xpath("string(summary)")
    assert "machine" in banner.xpath("string(p)")


def test_a_pilot_edition_names_its_country_to_readers_of_another_language_too(learner):
    learner.browser.post("/language", data={"language": "de"})
    page = learner.browser.get("/courses/tiny").text
    assert "Finnland" in page.split('class="banner', 1)[1][:500]


def test_a_fact_is_checked_when_somebody_of_the_country_looked_on_a_day_with_a_source_or_without():
    fact = {"missing": False, "source": None, "checked_by": None, "checked_on": None}
    checked = {**fact, "checked_by": "anna.k", "checked_on": "2026-11-01"}
    assert numbers.is_unchecked(fact)
    assert numbers.is_unchecked({**fact, "source": "https://example.org", "checked_by": "anna.k"})
    assert not numbers.is_unchecked(checked)


def _here(browser, address: str) -> list[tuple[str, str]]:
    nav = html.fromstring(browser.get(address).text).xpath("//nav[@class='nav']")[0]
    return [(one.get("href"), one.get("aria-current")) for one in nav.xpath("a[@aria-current]")]


def test_the_navigation_marks_the_page_and_the_part_of_the_site_one_is_in(learner, browse):
    assert _here(learner.browser, "/") == [("/", "page")]
    assert _here(learner.browser, "/learn/tiny/m1-blocks/words") == [("/", "true")]
    assert _here(learner.browser, "/account") == [("/account", "page")]
    assert _here(learner.browser, "/courses/tiny") == []
    assert _here(browse(), "/courses") == [("/courses", "page")]
    assert _here(browse(), "/courses/tiny") == [("/courses", "true")]
    assert _here(browse(), "/nowhere") == []
