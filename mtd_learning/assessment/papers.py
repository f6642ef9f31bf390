"""Judge a whole paper: how much is right, which critical questions were missed, which words fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtd_learning.assessment.banks import Band, Bank, Paper
from mtd_learning.assessment.parts import Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What a try is worth."""

    percent: float
    verdicts: Mapping[str, Verdict]
    critical_missed: tuple[str, ...]
    passed: bool
    band: Band | None = None


def judge(paper: Paper, answers: Mapping[str, Any]) -> Result:
    """Return the result of a paper; a question without an answer counts as wrong."""
    verdicts = {
        question.about.id: question.judge(answers.get(question.about.id))
        for question in paper.questions
    }
    total = sum(verdict.score for verdict in verdicts.values())
    percent = round(100 * total / len(verdicts), 2) if verdicts else 0.0
    critical = [one.about.id for one in paper.questions if one.about.critical]
    missed = tuple(one for one in critical if not verdicts[one].right)
    safe = 100.0 if not critical else 100 * (len(critical) - len(missed)) / len(critical)
    bank = paper.bank
    passed = bool(verdicts) and percent >= bank.pass_percent and safe >= bank.critical_percent
    return Result(percent, verdicts, missed, passed, band_of(bank, percent))


def unanswered(paper: Paper, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the questions that still want an answer, in order."""
    return tuple(
        question.about.id
        for question in paper.questions
        if not question.is_answered(answers.get(question.about.id))
    )


def tries_left(allowed: int | None, used: int) -> int | None:
    """Return how many tries are left; None stands for as many as one likes."""
    return None if allowed is None else max(0, allowed - used)


def band_of(bank: Bank, percent: float) -> Band | None:
    """Return the words for a percentage, the highest that fit."""
    fitting = [band for band in bank.bands if percent >= band.floor]
    return fitting[-1] if fitting else None
