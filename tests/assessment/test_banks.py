"""Which questions a paper has."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.assessment.banks import draw, from_compiled_bank
from tests.assessment.making import make_bank, raw_question

rules = st.fixed_dictionaries(
    {
        "count": st.integers(1, 15),
        "draw": st.none() | st.integers(0, 20),
        "critical": st.sets(st.integers(0, 14)),
        "tagged": st.sets(st.integers(0, 14)),
        "least": st.integers(0, 6),
        "shuffle": st.booleans(),
    }
)


def _bank(rule: dict[str, Any]) -> Any:
    each = {
        n: {"critical": n in rule["critical"], "tags": ["law"] if n in rule["tagged"] else []}
        for n in range(rule["count"])
    }
    return make_bank(
        rule["count"],
        each=each,
        draw=rule["draw"],
        draw_tags={"law": rule["least"]},
        shuffle=rule["shuffle"],
    )


@given(rules, st.integers())
@settings(max_examples=150)
def test_a_paper_has_all_critical_questions_and_none_twice(rule: dict[str, Any], seed: int):
    paper = draw(_bank(rule), seed)
    ids = paper.question_ids
    assert len(ids) == len(set(ids))
    assert {f"q{n}" for n in rule["critical"] if n < rule["count"]} <= set(ids)


@given(rules, st.integers())
@settings(max_examples=150)
def test_a_paper_is_as_long_as_asked_and_has_enough_of_each_tag(rule: dict[str, Any], seed: int):
    paper = draw(_bank(rule), seed)
    tagged = [one for one in paper.questions if "law" in one.about.tags]
    there = sum(n in rule["tagged"] for n in range(rule["count"]))
    assert len(tagged) >= min(rule["least"], there)
    wanted = rule["count"] if rule["draw"] is None else min(rule["draw"], rule["count"])
    assert len(paper.questions) >= wanted


@given(rules, st.integers())
@settings(max_examples=60)
def test_the_same_seed_gives_the_same_paper(rule: dict[str, Any], seed: int):
    assert draw(_bank(rule), seed) == draw(_bank(rule), seed)


def test_another_try_comes_in_another_order():
    bank = make_bank(8)
    assert len({draw(bank, seed).question_ids for seed in range(10)}) > 5


def test_a_bank_that_is_not_shuffled_keeps_its_order():
    bank = make_bank(8, shuffle=False, draw=4)
    for seed in range(10):
        ids = draw(bank, seed).question_ids
        assert list(ids) == sorted(ids) and len(ids) == 4


def test_chance_is_fair_to_questions():
    bank = make_bank(10, draw=5)
    drawn = [one for seed in range(600) for one in draw(bank, seed).question_ids]
    assert all(240 < drawn.count(f"q{n}") < 360 for n in range(10))


def test_things_to_order_are_mixed_even_in_a_bank_that_is_not():
    bank = from_compiled_bank(
        {"id": "b", "questions": [raw_question("order")], "shuffle": False, "pass_percent": 1}
    )
    shown = draw(bank, 1).questions[0].shown  # type: ignore[attr-defined]
    assert [item.id for item in shown] != ["x", "y", "z"]
