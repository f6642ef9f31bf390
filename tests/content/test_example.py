"""The example of the content format resolves to the table that stands beside it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from mtd_learning.assessment import banks
from mtd_learning.content import check, compile, drift, overlay, reader
from mtd_learning.content.variant import Variant

EXAMPLE = Path(__file__).parents[1] / "courses" / "example"
COURSE, BANKS = "courses/beside-the-child", "quizzes/beside-the-child"
BASE_ORDER = ["notice", "act-now", "reporting-law", "pause"]
FINLAND = ["notice", "pause", "act-now", "reporting-law", "fi-paivystys"]
TABLE = {
    "en": (BASE_ORDER, {"source": 20}),
    "fi": (BASE_ORDER, {"current": 9, "held": 2, "missing": 9}),
    "fi-FI": (FINLAND, {"current": 8, "adapted": 1, "local": 2, "held": 2, "missing": 9}),
    "fi-FI+lahti-saro": (
        ["notice", "act-now", "reporting-law", "fi-paivystys"],
        {"current": 8, "adapted": 1, "local": 3, "held": 2, "missing": 9},
    ),
    "sv-FI": (FINLAND, {"adapted": 1, "local": 2, "missing": 19}),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_variant_of_the_example_is_as_the_format_says(name):
    units, counts = TABLE[name]
    catalogue = reader.read_folder(EXAMPLE)
    resolved = overlay.resolve(catalogue, "beside-the-child", Variant.parse(name))
    states = drift.states_of(resolved)
    assert catalogue.problems == []
    assert [item.id for _, item in resolved.units] == units
    assert Counter(s for a, s in states.items() if a.startswith("m05-safety:")) == counts


def test_a_fact_without_source_and_an_option_without_feedback_are_warnings(today):
    found = check.check(reader.read_folder(EXAMPLE), today)
    assert {problem.severity for problem in found} == {"warning"}
    assert [(problem.file, problem.line, problem.sentence) for problem in found] == [
        (f"{COURSE}/countries/FI/pack.yaml", 14, "'source' is missing"),
        (f"{COURSE}/orgs/lahti-saro.yaml", 9, "'source' is missing"),
        (f"{BANKS}/countries/FI.yaml", 15, "'feedback' is missing"),
        (f"{BANKS}/m05-safety.yaml", 22, "'feedback' is missing"),
    ]


def test_an_option_without_feedback_is_judged_and_nothing_is_said(today):
    made = compile.compile_variant(
        reader.read_folder(EXAMPLE),
        "beside-the-child",
        Variant.parse("fi-FI"),
        pilot=True,
        today=today,
    )
    blobs = (json.loads(blob) for blob in made.blobs.values())
    bank = next(blob for blob in blobs if blob.get("course") and "questions" in blob)
    for question in banks.from_compiled_bank(bank).questions[1:]:
        verdict = question.judge("t")
        assert verdict.right and verdict.notes["t"].feedback == ""
