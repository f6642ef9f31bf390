"""Language and country of a reader: own setting, cookie, browser, the site's first."""

import re
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from babel import Locale
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from lxml import html

from mtd_learning.library import service as library
from mtd_learning.people import countries
from mtd_learning.web import i18n, reading

LANGUAGES = i18n.translated()
DRAFT_WORDS = (
    "A machine made the first draft of these words. A person who knows the field has not checked "
    "them yet."
)
DRAFT = {code: i18n.translate(DRAFT_WORDS, code) for code in ("en", "fi")}
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]")


def lang(answer) -> str:
    return answer.text.split('<html lang="', 1)[1].split('"', 1)[0]


def test_the_language_of_the_browser_is_taken_and_else_the_first(browse):
    assert lang(browse().get("/", headers={"Accept-Language": "fi-FI,fi;q=0.9"})) == "fi"
    assert lang(browse().get("/", headers={"Accept-Language": "ja"})) == "en"


def test_a_chosen_language_goes_before_that_of_the_browser_and_keeps_the_page(browse):
    browser = browse()
    answer = browser.post("/language", data={"language": "fi", "next": "/courses/tiny?a=1"})
    assert (answer.status_code, answer.location) == (303, "/courses/tiny?a=1")
    assert lang(browser.get("/courses/tiny", headers={"Accept-Language": "en"})) == "fi"


@pytest.mark.parametrize(("country", "said"), [("FI", "07:08"), ("PT", "05:08"), ("XX", "05:08")])
def test_a_time_of_day_is_that_of_the_readers_country(app, country, said):
    cookie = f"{i18n.COUNTRY_COOKIE}={country}; {i18n.LANGUAGE_COOKIE}=fr"
    with app.test_request_context(headers={"Cookie": cookie}):
        assert reading.Clock().time_of_day("2026-01-22T05:08:00+00:00") == said


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "2 Nov 2026, 00:05"), ("fi", "2.11.2026 0.05"), ("de", "02.11.2026, 00:05")],
)
def test_a_moment_is_said_to_the_minute_as_the_reader_writes_it(app, code, said):
    cookie = f"{i18n.COUNTRY_COOKIE}=FI; {i18n.LANGUAGE_COOKIE}={code}"
    with app.test_request_context(headers={"Cookie": cookie}):
        assert i18n.to_the_minute(datetime(2026, 11, 1, 22, 5, 33, tzinfo=UTC)) == said


def test_every_country_has_its_clock():
    assert countries.ZONES.keys() == countries.COUNTRIES.keys()
    assert set(countries.ZONES.values()) <= available_timezones()


def test_a_person_keeps_the_chosen_language_on_every_device(learner, browse):
    learner.browser.post("/language", data={"language": "fi", "next": "/learn/tiny"})
    assert lang(browse(learner.user).get("/learn/tiny")) == "fi"


def test_an_unknown_language_changes_nothing(browse):
    browser = browse()
    assert browser.post("/language", data={"language": "xx"}).status_code == 303
    assert lang(browser.get("/")) == "en"


@pytest.mark.parametrize("cookie", ["fi", "F", "FIN", "F1", "<script>", "é"])
def test_a_country_that_is_no_country_is_nobodys(browse, app, cookie):
    with app.test_request_context(headers={"Cookie": f"{i18n.COUNTRY_COOKIE}={cookie}"}):
        assert i18n.country() is None


def test_a_unit_is_read_in_the_chosen_language(learner):
    address = "/learn/tiny/m1-blocks/words"
    english = learner.browser.get(address).text
    learner.browser.post("/language", data={"language": "fi", "next": address})
    finnish = learner.browser.get(address).text
    assert "A door is" in english and "A door is" not in finnish


def test_titles_of_the_course_say_that_they_are_in_another_language_than_the_page(learner):
    learner.browser.post("/language", data={"language": "de"})
    manifest = library.edition_for("tiny", ("en",)).manifest
    titles = {one["title"] for module in manifest["modules"] for one in (module, *module["units"])}
    met = set()
    for address in ("/", *(f"/learn/tiny{one}" for one in ("", "/done", "/m1-blocks/words"))):
        page = html.fromstring(learner.browser.get(address).text)
        for words in page.xpath("//body//text()"):
            if words.strip(" :\n") in titles:
                met.add(words)
                spoken = words.getparent().xpath("ancestor-or-self::*[@lang][1]/@lang")
                assert spoken == ["en"], (address, words)
    assert len(met) >= len(titles)


def test_names_of_languages_are_written_as_their_speakers_write_them():
    assert [i18n.name_of(code) for code in ("fi", "sv", "en")] == ["Suomi", "Svenska", "English"]
    for code, name in i18n.NAMES.items():
        assert name.casefold() == Locale.parse(code).get_language_name(code).casefold()
    assert set(i18n.NAMES) >= {"en", *i18n.translated()}
    assert (i18n.direction("ar"), i18n.direction("fi")) == ("rtl", "ltr")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_of_the_interface_has_words_in_every_language(code):
    assert not i18n.has_gaps(code)
    missing = "There is no page at this address."
    assert i18n.translate(missing, code) != missing


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_fills_the_same_places_in_each_of_its_plural_forms(code):
    with (i18n.FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    assert len(catalogue) > 600
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        asked, said = message.id, message.string
        if message.pluralizable:
            places = set(PLACE.findall(asked[0] + asked[1]))
            good = len(said) == catalogue.num_plurals and all(
                form and set(PLACE.findall(form)) <= places for form in said
            )
            good = good and set(PLACE.findall(said[-1])) == set(PLACE.findall(asked[1]))
        else:
            good = bool(said) and sorted(PLACE.findall(asked)) == sorted(PLACE.findall(said))
        if not good or message.fuzzy:
            wrong.append((asked, said))
    assert not wrong


def test_the_site_knows_of_each_language_if_a_person_has_checked_its_words():
    assert set(i18n._reviews()) == set(LANGUAGES)
    assert i18n.is_draft("fi") and not i18n.is_draft("en")


def test_who_looks_after_the_content_is_told_that_a_language_is_a_draft(cast, browse):
    said = {}
    for who in (cast.carla, cast.vilma):
        for code in ("en", "fi"):
            who.language = code
            page = browse(who).get("/words").text
            said[who.name, code] = 'class="banner' in page and DRAFT[code] in page
    assert said == {
        ("Carla", "en"): False,
        ("Carla", "fi"): True,
        ("Vilma", "en"): False,
        ("Vilma", "fi"): False,
    }


def test_the_catalogues_hold_every_sentence_that_is_marked_in_the_code():
    """With the keywords of `make words`: a keyword forgotten there would empty forms of words."""
    root = i18n.FOLDER.parent.parent
    words = next(line for line in (root / "Makefile").read_text().splitlines() if "extract" in line)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(re.findall(r"-k (\S+)", words))}
    assert {"__", "N_", "lazy_gettext"} <= set(keywords)
    with (root / "babel.cfg").open() as file:
        methods, _ = parse_mapping_cfg(file)
    here = [(pattern.removeprefix("mtd_learning/"), method) for pattern, method in methods]
    found = extract_from_dir(root / "mtd_learning", here, keywords=keywords)
    marked = {one[2] if isinstance(one[2], str) else one[2][0] for one in found}
    with (i18n.FOLDER / "fi" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="fi")
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue}
    assert len(marked) > 600
    assert not marked - known


@pytest.mark.parametrize(
    ("code", "minutes", "said"),
    [("en", 90, "90"), ("en", 545, "9 h 05"), ("de", 250, "4 Std. 10")],
)
def test_many_minutes_are_said_with_their_hours(app, code, minutes, said):
    with app.test_request_context(), i18n.speaking(code):
        assert i18n.in_hours(minutes) == said


def test_an_english_date_begins_with_the_day(cast, browse):
    page = browse(cast.vilma).get("/account").text
    assert re.search(r">\s*\d{1,2} [A-Z][a-z]{2,3} \d{4}", page)
