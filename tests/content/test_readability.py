"""How easy a text reads: what counts as a word and a sentence, and what a unit adds up to."""

import time

import pytest

from mtd_learning.content import overlay, readability
from mtd_learning.content.readability import Reading, reading_of
from mtd_learning.content.variant import Variant
from tests.content.conftest import files_of


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", Reading()),
        ("You are not alone. Call us!", Reading(6, 0, 2)),
        ("The **coordinator** answers: “Come in.” Then we talk.", Reading(8, 2, 2)),
        ("At 16.30 he comes… Or not?", Reading(5, 0, 2)),
        ("- one thing\n- another thing\n\nAnd a line", Reading(7, 1, 3)),
        ("# Title\n\nAsk [the guide](https://example.org/page.html).", Reading(4, 0, 2)),
        ("Call {{ emergency }} now.", Reading(2, 0, 1)),
        ("Näin lapsen kotiympäristön.", Reading(3, 1, 1)),
        ("a well-known mother-in-law isn’t two words", Reading(6, 2, 1)),
    ],
)
def test_words_long_words_and_sentences_are_counted(text: str, counted: Reading):
    assert reading_of(text) == counted


def test_lix_is_words_a_sentence_and_the_percentage_of_long_words():
    reading = Reading(words=100, long_words=25, sentences=10)
    assert (reading.a_sentence, reading.lix) == (10.0, 35.0)
    assert (Reading().a_sentence, Reading().lix) == (0.0, 0.0)


def test_longer_words_and_sentences_read_harder():
    easy = reading_of("We sit. We talk. We wait.")
    hard = reading_of("Volunteer coordinators continuously coordinate complicated collaborations.")
    assert easy.lix < 20 < 60 < hard.lix


def test_each_unit_is_counted_in_its_language_only(tiny):
    english = list(readability.units(overlay.resolve(tiny, "tiny", Variant("en"))))
    finnish = list(readability.units(overlay.resolve(tiny, "tiny", Variant("fi"))))
    assert [one.unit for one in english] == [one.unit for one in finnish]
    assert all(one.translated == 1 and one.minutes >= 1 for one in english)
    assert min(one.translated for one in finnish) < 1
    assert all(one.translated > 0 or one.reading == Reading() for one in finnish)


def test_easy_words_are_a_language_of_their_own(tiny_with):
    mark = "courses/tiny/i18n/fi/m1-blocks.yaml"
    finnish = files_of("tiny")[mark].decode()
    easy = finnish.replace("locale: fi", "locale: fi-easy")
    catalogue = tiny_with(mark.replace("/fi/", "/fi-easy/"), new=easy)
    counted = [
        list(readability.units(overlay.resolve(catalogue, "tiny", Variant(language))))
        for language in ("fi", "fi-easy")
    ]
    assert [one.reading for one in counted[0]] == [one.reading for one in counted[1]]


def test_a_module_is_its_units_counted_as_one_text(tiny):
    every = list(readability.units(overlay.resolve(tiny, "tiny", Variant("en"))))
    assert readability.total(every).words == sum(one.reading.words for one in every)


def test_a_long_row_of_dots_holds_nobody_up():
    began = time.process_time()
    assert reading_of("." * 60_000 + "x") == Reading(1, 0, 1)
    assert time.process_time() - began < 2
