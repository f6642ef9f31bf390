"""What a paper is worth."""

from typing import Any

import pytest

from mtd_learning.assessment.banks import draw
from mtd_learning.assessment.papers import judge, tries_left, unanswered
from tests.assessment.making import make_bank


def _answers(right: int, count: int = 5) -> dict[str, Any]:
    return {f"q{n}": "a" if n < right else "b" for n in range(count)}


@pytest.mark.parametrize(("right", "passed"), [(5, True), (4, True), (3, False), (0, False)])
def test_a_paper_is_passed_from_the_pass_mark_on(right: int, passed: bool):
    assert judge(draw(make_bank(5), 1), _answers(right)).passed is passed


def test_a_missed_critical_question_fails_a_good_paper_and_is_named():
    bank = make_bank(5, each={4: {"critical": True}})
    result = judge(draw(bank, 1), _answers(4))
    assert (result.percent, result.passed, result.critical_missed) == (80.0, False, ("q4",))


def test_fewer_critical_questions_may_be_asked_for():
    bank = make_bank(5, each={3: {"critical": True}, 4: {"critical": True}}, critical_percent=50)
    assert judge(draw(bank, 1), _answers(4)).passed


def test_a_critical_percent_of_nought_is_not_taken_for_a_hundred():
    bank = make_bank(5, each={4: {"critical": True}}, critical_percent=0)
    assert judge(draw(bank, 1), _answers(4)).passed


def test_a_question_without_an_answer_counts_as_wrong_and_is_named():
    paper = draw(make_bank(5, shuffle=False), 1)
    answers = {"q0": "a", "q2": "", "q3": "nowhere"}
    assert judge(paper, answers).percent == 20.0
    assert unanswered(paper, answers) == ("q1", "q2", "q3", "q4")


def test_thirds_add_up_to_a_hundred():
    bank = make_bank(3, pass_percent=100)
    assert judge(draw(bank, 1), _answers(3, 3)).passed


@pytest.mark.parametrize(("right", "text"), [(0, "Start"), (3, "Start"), (4, "Good"), (5, "Good")])
def test_words_fit_the_percentage(right: int, text: str):
    bands = {"good": {"from": 70, "text": "Good"}, "start": {"from": 0, "text": "Start"}}
    found = judge(draw(make_bank(5, bands=bands), 1), _answers(right)).band
    assert found is not None and found.text == text


def test_tries_run_out_only_where_they_are_limited():
    assert tries_left(None, 99) is None
    assert [tries_left(2, used) for used in (0, 2, 3)] == [2, 0, 0]


def test_an_empty_bank_is_never_passed():
    assert not judge(draw(make_bank(0, pass_percent=0), 1), {}).passed
