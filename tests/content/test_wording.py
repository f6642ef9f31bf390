"""Words we do not use about people, links with a date, units as long as they say."""

import json

import pytest

from mtd_learning.content import check, wording
from mtd_learning.content.wording import avoided, is_too_long

MODULE = "courses/tiny/m1-blocks.yaml"
FINNISH = "courses/tiny/i18n/fi/m1-blocks.yaml"
PACK = "courses/tiny/countries/FI/pack.yaml"


@pytest.fixture
def words_of(tmp_path, monkeypatch):
    """Let a language avoid words of the test."""

    def use(**languages: dict[str, str]) -> None:
        entries = {
            language: [{"words": [word], "better": better} for word, better in words.items()]
            for language, words in languages.items()
        }
        path = tmp_path / "avoid.json"
        path.write_text(json.dumps(entries), "utf-8")
        monkeypatch.setattr(wording, "AVOID", path)
        wording._known.cache_clear()

    yield use
    monkeypatch.undo()
    wording._known.cache_clear()


def told(catalogue, today, code):
    return [str(one) for one in check.check(catalogue, today) if one.code == code]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("He is an addict.", "addict"),
        ("Two Alcoholics live there.", "Alcoholics"),
        ("They stayed clean for a year.", "stayed clean"),
        ("a COA at school", "COA"),
    ],
)
def test_a_word_that_hurts_is_found_whole(text: str, word: str):
    found = avoided(text, "en")
    assert found and found[0] == word and found[1]


@pytest.mark.parametrize(
    "text",
    [
        "A non-alcoholics-anonymous word inside: nonalcoholic, addictive.",
        "Say “a person with an addiction”, not “addict”.",
        "The word *alcoholic* sticks.",
        "The kitchen is clean.",
    ],
)
def test_a_word_that_is_only_talked_about_is_left_alone(text: str):
    found = avoided(text, "en")
    assert not found or found[0] == "alcoholics"


def test_a_word_of_one_language_is_not_looked_for_in_another():
    assert avoided("addict", "fi") is None and avoided("addict", "xx") is None


def test_a_star_stands_for_any_ending(words_of):
    words_of(fi={"juopo*": "päihtynyt ihminen"})
    assert avoided("Näin juopon.", "fi") == ("juopon", "päihtynyt ihminen")
    assert avoided("Hän on juoppo.", "fi") is None


def test_every_list_names_a_better_word_for_each():
    lists = json.loads(wording.AVOID.read_text("utf-8"))
    assert set(lists) > {"en", "fi", "el"}
    for language in set(lists) - {"about"}:
        assert all(one["words"] and one["better"] for one in lists[language])


def test_a_translation_is_read_with_the_words_of_its_language(tiny_with, today, words_of):
    words_of(fi={"avoin": "auki oleva"}, en={"ovi": "nothing"})
    made = tiny_with(FINNISH, "text: Tarina.", "text: Avoin tarina.")
    found = told(made, today, "W501")
    assert [one.partition(" ")[0] for one in found if "'Avoin'" in one]
    assert all(one.startswith(FINNISH) for one in found) and len(found) == 2


def test_an_answer_and_what_is_better_left_out_may_say_it(tiny_with, today):
    made = tiny_with(MODULE, "title: Words", "title: Words of an addict")
    assert len(told(made, today, "W501")) == 1
    left_out = tiny_with(MODULE, "Hurry on.", "You are an addict.")
    assert told(left_out, today, "W501") == []


@pytest.mark.parametrize(
    ("words", "minutes", "too_long"), [(325, 1, False), (326, 1, True), (2080, 10, False)]
)
def test_a_unit_may_take_half_again_as_long_and_a_minute(words, minutes, too_long):
    assert is_too_long(words, minutes) is too_long


def test_a_link_outside_that_the_sources_name_is_dated(tiny_with, today):
    link = "See [it](https://example.org/a?b=1&c=2)."
    made = tiny_with(MODULE, "Now the test.", f'"{link}"')
    (found,) = told(made, today, "S131")
    assert "https://example.org/a?b=1&c=2 " in found and f"{MODULE}:" in found


@pytest.mark.parametrize("link", ["[a](//example.org/x)", "<https://example.org/x>"])
def test_no_other_way_of_linking_escapes(tiny_with, today, link):
    assert told(tiny_with(MODULE, "Now the test.", f'"{link}"'), today, "S131")


def test_an_address_here_or_a_number_needs_no_date(tiny_with, today):
    link = "[a](/words#x) [b](tel:112) [c](mailto:a@b.example)"
    assert not told(tiny_with(MODULE, "Now the test.", f'"{link}"'), today, "S131")


def test_the_title_of_a_unit_that_a_pack_adds_is_read_too(tiny_with, today):
    made = tiny_with(PACK, "title: Yöllä", 'title: "[Yöllä](https://example.net/)"')
    assert [one.partition(" ")[0] for one in told(made, today, "S131")] == [f"{PACK}:31:7:"]


@pytest.mark.parametrize(
    "link",
    [
        "[the page](www.example.org)",
        "[the page](m2-short)",
        "![a door](door.svg)",
        "[the page](../m2-short)",
    ],
)
def test_a_link_that_leads_nowhere_is_told_where_it_stands(tiny_with, today, link):
    found = told(tiny_with(MODULE, "A door is **open**.", f'"{link}"'), today, "S110")
    target = link.partition("(")[2][:-1]
    assert found == [
        f"{MODULE}:17:47: error S110: a link leads to '{target}', which is no address"
        "  -> begin it with https://, mailto:, tel: or /; a picture is a block 'type: image'"
    ]


@pytest.mark.parametrize("link", ["[it](tel:{{emergency}})", "[it](tel:{{ emergency }})"])
def test_a_fact_is_no_part_of_a_link(tiny_with, today, link):
    found = told(tiny_with(MODULE, "In danger call {{ emergency }}.", link), today, "S110")
    assert [one.partition(": ")[0] for one in found] == [f"{MODULE}:22:9", f"{MODULE}:89:5"]
    assert found[0].endswith(
        "a fact stands in the address of a link  -> write {{ emergency }} outside of the link: "
        "a number becomes one by itself"
    )
    words = "[soita](tel:{{ emergency }})"
    bank = "quizzes/tiny/i18n/fi/m1-blocks.yaml"
    found = told(tiny_with(bank, "Soita {{ emergency }}.", words), today, "S110")
    assert [one.partition(": ")[0] for one in found] == [f"{bank}:9:33"]


@pytest.mark.parametrize(
    "link", ["[a](/help-now)", "[a](tel:112)", "[a](mailto:a@example.org)", "[a](#here)", "a](b"]
)
def test_a_link_inside_the_site_needs_no_date(tiny_with, today, link):
    found = check.check(tiny_with(MODULE, "A door is **open**.", f'"{link}"'), today)
    assert not [one for one in found if one.severity == "error"]
