"""What each question type calls right, and that no answer makes it fail."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.questions import from_compiled, types
from mtd_learning.errors import NotFound
from tests.assessment.making import RAW, make_question

KINDS = sorted(RAW)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["x", "y", "z", "who", "what", "a", "b"]) | st.text(), inner, max_size=5
        )
    ),
    max_leaves=12,
)


def test_every_question_type_is_found_by_its_name():
    assert sorted(types()) == KINDS
    assert all(kind.kind == name for name, kind in types().items())


def test_a_question_of_an_unknown_type_is_refused_by_name():
    with pytest.raises(NotFound, match="essay"):
        from_compiled({"id": "q", "type": "essay", "text": "Write."})


@pytest.mark.parametrize("kind", KINDS)
@given(answer=JSON)
@settings(max_examples=60)
def test_no_answer_however_hostile_makes_a_question_fail(kind: str, answer: Any):
    question = make_question(kind)
    verdict = question.judge(answer)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict.right == (verdict.score == 1.0)
    assert question.is_answered(answer) in (True, False)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_is_no_answer(kind: str):
    question = make_question(kind)
    assert not question.is_answered(question.read({}, "q"))


@pytest.mark.parametrize("kind", KINDS)
def test_questions_with_their_parts_in_another_order_judge_the_same(kind: str):
    question = make_question(kind)
    right = RIGHT[kind]
    assert question.arranged(Dice(5)).judge(right).right


RIGHT: dict[str, Any] = {
    "single": "a",
    "truefalse": "a",
    "multiple": ["a", "c"],
    "short": "Äiti",
    "numeric": "1,5 kg",
    "order": ["x", "y", "z"],
    "match": {
        pair.id: pair.token
        for pair in make_question("match").pairs  # type: ignore[attr-defined]
    },
    "gap": {"who": "Child", "what": "u"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_answer_is_worth_everything(kind: str):
    verdict = make_question(kind).judge(RIGHT[kind])
    assert (verdict.score, verdict.right) == (1.0, True)


def test_every_option_has_its_own_words_after_an_answer():
    notes = make_question("single").judge("b").notes
    assert (notes["b"].chosen, notes["b"].right, notes["b"].feedback) == (True, False, "Not this")
    assert (notes["a"].chosen, notes["a"].right, notes["a"].feedback) == (False, True, "Yes")


def test_a_wrong_tick_costs_a_right_one():
    multiple = make_question("multiple")
    assert multiple.judge(["a"]).score == 0.5
    assert multiple.judge(["a", "b"]).score == 0.0
    assert multiple.judge(["a", "b", "c"]).score == 0.5
    assert not multiple.judge(["a", "b", "c"]).right


def test_true_and_false_keep_their_order():
    question = make_question("truefalse")
    assert all(question.arranged(Dice(seed)) == question for seed in range(9))


@pytest.mark.parametrize("kind", ["short", "numeric", "order", "match", "gap"])
def test_an_answer_is_told_what_fits_it(kind: str):
    question = make_question(kind, feedback="Right", otherwise="Think again")
    assert question.judge("isä").feedback == "Think again"
    assert question.judge(RIGHT[kind]).feedback == "Right"


def test_blanks_are_no_answer():
    assert not make_question("short").is_answered("  ")
    assert not make_question("gap").is_answered({"who": "  ", "what": "u"})


def test_nothing_written_is_never_right():
    assert not make_question("short", accept=["?"]).judge("").right


def test_where_no_option_is_right_no_ticks_are_right():
    wrong = [{"id": "a", "text": "Promise"}, {"id": "b", "text": "Wait"}]
    for ticked in ([], ["a"]):
        verdict = make_question("multiple", options=wrong).judge(ticked)
        assert (verdict.score, verdict.right) == (0.0, False)


@pytest.mark.parametrize(
    "told", ["1.5", "1,5", " 1,5 ", "1.6", "1,4", "1.5kg", "1.5 KG", "+1.5", "١.٥", "1,50"]
)
def test_a_number_near_enough_is_right_however_it_is_written(told: str):
    assert make_question("numeric").judge(told).right


@pytest.mark.parametrize(
    "told", ["1.61", "nan", "inf", "1e999999999", "", "-1,5", "0x1", "9" * 999]
)
def test_other_numbers_and_no_numbers_are_not_right(told: str):
    assert not make_question("numeric").judge(told).right


def test_an_order_needs_a_place_of_its_own_for_every_item():
    order = make_question("order")
    assert not order.is_answered({"x": "1", "y": "1", "z": "2"})
    assert not order.is_answered({"x": "1", "y": "2"})
    assert order.is_answered({"x": "3", "y": "2", "z": "1"})
    assert order.judge({"x": "3", "y": "2", "z": "1"}).score == pytest.approx(1 / 3)


@pytest.mark.parametrize("told", ["", "²", "1.5", "-1", "9" * 5000])
def test_a_place_that_is_no_whole_number_is_no_place(told: str):
    order = make_question("order")
    answer = {"x": told, "y": "2", "z": "3"}
    assert not order.is_answered(answer)
    assert order.judge(answer).score == pytest.approx(2 / 3)


def test_matching_needs_a_partner_for_everything_on_the_left():
    match = make_question("match")
    x, _ = match.pairs  # type: ignore[attr-defined]
    assert not match.is_answered({"x": x.token})
    assert match.judge({"x": x.token}).score == 0.5


def test_things_to_order_never_stand_in_the_right_order_at_first():
    for seed in range(40):
        shown = make_question("order").arranged(Dice(seed)).shown  # type: ignore[attr-defined]
        assert [item.id for item in shown] != ["x", "y", "z"]


def test_the_right_partner_cannot_be_read_from_the_page():
    pairs = make_question("match").pairs  # type: ignore[attr-defined]
    assert all(pair.id not in pair.token for pair in pairs)


def test_two_partners_with_the_same_words_are_equally_right():
    same = [{"id": "x", "text": "X", "match": "same"}, {"id": "y", "text": "Y", "match": "same"}]
    question = make_question("match", pairs=same)
    x, y = question.pairs  # type: ignore[attr-defined]
    assert question.judge({"x": y.token, "y": x.token}).right


def test_each_gap_takes_its_own_words_only():
    gap = make_question("gap")
    assert gap.judge({"who": "child", "what": "v"}).score == 0.5
    assert gap.judge({"who": "help", "what": "u"}).score == 0.5


def test_what_would_have_been_right_is_told_in_words_and_places():
    gaps = make_question("gap").gaps  # type: ignore[attr-defined]
    assert [gap.solution for gap in gaps] == ["child", "help"]
    order = make_question("order").arranged(Dice(5))
    assert [order.place_of(one) for one in "xyz"] == [1, 2, 3]  # type: ignore[attr-defined]


def test_a_text_with_gaps_comes_in_pieces():
    pieces = make_question("gap").pieces  # type: ignore[attr-defined]
    assert [(words, gap and gap.id) for words, gap in pieces] == [
        ("The ", None),
        ("who", "who"),
        (" needs ", None),
        ("what", "what"),
        (".", None),
    ]
