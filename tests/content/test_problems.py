"""A fault in words: one line, whatever the file holds."""

import pytest

from mtd_learning.content import check
from mtd_learning.content.problems import Problem

PACK = "courses/tiny/countries/FI/pack.yaml"
WORDS = "courses/tiny/i18n/fi/m1-blocks.yaml"


def test_a_message_is_one_line_without_signs_that_steer_a_terminal():
    told = str(Problem("a\x1b.yaml", 1, 2, "error", "S104", "b\r\n\u2028c\x9b", "d\u202e\udcff"))
    assert told == r"a\x1b.yaml:1:2: error S104: b   c\x9b  -> d\u202e\udcff"


def test_a_message_keeps_the_letters_of_every_language():
    told = str(Problem("ä.yaml", 1, 2, "error", "S104", "‘Ωμέγα’ – žluťoučký", "“ok”"))
    assert told == "ä.yaml:1:2: error S104: ‘Ωμέγα’ – žluťoučký  -> “ok”"


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        (
            "courses/tiny/countries/SE/pack.yaml",
            "P301",
            "kind: country-pack\nid: SE\nof: tiny\nmade_for: 1.0.0\ntext_locale: sv\n"
            'changes:\n  - {op: hide, at: "m1-blocks:pa\\u202e\\nuse", reason: Why not}\n',
        ),
        (
            "courses/tiny/i18n/sk/m1-blocks.yaml",
            "T201",
            "kind: translation\nof: m1-blocks\nlocale: sk\n"
            'segments: {"no\\u202e\\nunit": {"a/te\\nxt": {text: x}}}\n',
        ),
        (
            "courses/tiny/odd.yaml",
            "S104",
            'kind: module\nid: odd\ntitle: x\nunits:\n  - {id: "a\\u202e\\nb", title: x}\n',
        ),
    ],
)
def test_what_an_author_wrote_cannot_break_a_message(tiny_with, today, path, code, text):
    told = [str(problem) for problem in check.check(tiny_with(path, "", text), today)]
    (found,) = [line for line in told if f" {code}: " in line and path in line]
    assert found.isprintable() and r"\u202e" in found
