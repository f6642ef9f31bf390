"""Addresses and fingerprints."""

import time

import pytest

from mtd_learning.content import segments
from mtd_learning.content.segments import fingerprint


@pytest.mark.parametrize(
    "other",
    [
        "Näe  tämä\n kaksi",
        "Näe  tämä  \r\n kaksi\n\n",
        "\n Näe  tämä\r kaksi ",
        "Na\u0308e  ta\u0308ma\u0308\n kaksi",
    ],
)
def test_blanks_at_line_ends_and_ways_of_writing_do_not_change_the_fingerprint(other):
    assert fingerprint(other) == fingerprint("Näe  tämä\n kaksi")


def test_another_word_changes_the_fingerprint():
    assert fingerprint("a b") != fingerprint("a  b")
    assert fingerprint("What you may notice") == "0a72e09bc5"


def test_every_kind_of_text_has_its_address(tiny):
    course = tiny.course("tiny")
    found = set(segments.segments(course.modules["m1-blocks"]))
    assert {
        "_/title",
        "_/summary",
        "_/outcomes/see",
        "words/title",
        "words/opening/text",
        "words/door/alt",
        "words/door/caption",
        "words/talk/good/listen",
        "words/talk/less/hurry",
        "words/heavy/content_note",
        "doing/one-question/text",
        "doing/one-question/a/feedback",
        "doing/one-question/explain",
        "doing/choose/a/feedback",
        "doing/choose/debrief",
        "doing/story/door/text",
        "doing/story/door/open/feedback",
        "doing/list/items/keys",
        "doing/shown/transcript",
        "test/strange/title",
    } <= found
    assert {
        "_/bands/low",
        "word/accept/one",
        "number/unit",
        "in-order/a/text",
        "pairs/a/match",
        "gaps/thing/accept/one",
        "gaps/part/choices/a",
        "call/a/feedback",
    } <= set(segments.segments(course.banks["m1-blocks"]))
    assert {"_/title", "_/summary", "_/certificate/line", "_/facts/emergency"} <= set(
        segments.segments(course.base)
    )


def test_protected_wording_reaches_everything_inside(tiny):
    bank = segments.segments(tiny.course("tiny").banks["m1-blocks"])
    assert bank["call/b/feedback"].wording
    assert not bank["several/a/text"].wording


def test_a_name_in_braces_is_found_without_its_blanks():
    assert segments.facts_in("{{ a-1 }}, {{\nNo name }} and {{b}}") == ["a-1", "No name", "b"]


@pytest.mark.parametrize("text", ["{{" + " " * 60_000, "{{ x" + " " * 60_000 + "y", "{{ " * 20_000])
def test_braces_that_are_never_closed_hold_nobody_up(text):
    began = time.process_time()
    assert segments.facts_in(text) == [] and segments.has_loose_braces(text)
    assert time.process_time() - began < 2
