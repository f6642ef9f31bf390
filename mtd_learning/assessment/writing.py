"""Question types with an answer to write: a word or a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.folding import LONGEST, number
from mtd_learning.assessment.parts import About, Fields, Verdict, about, first, is_word, said


@dataclass(frozen=True, slots=True)
class Short:
    """A word or a few; spellings that a language treats as the same are the same."""

    about: About
    accept: tuple[str, ...]
    feedback: str = ""
    otherwise: str = ""
    kind: ClassVar[str] = "short"

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form."""
        return cls(about(raw), tuple(raw["accept"]), *said(raw))

    def arranged(self, dice: Dice) -> Self:
        """Return the question as it is."""
        return self

    def read(self, fields: Fields, name: str) -> str:
        """Return what was written."""
        return first(fields, name)[:LONGEST]

    def is_answered(self, answer: Any) -> bool:
        """Return whether anything was written."""
        return isinstance(answer, str) and bool(answer.strip())

    def judge(self, answer: Any) -> Verdict:
        """Return full score for an accepted word."""
        right = is_word(answer, self.accept, self.about.lang)
        return Verdict(float(right), right, {}, self.feedback if right else self.otherwise)


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number, right within a tolerance."""

    about: About
    answer: Decimal
    tolerance: Decimal = Decimal(0)
    unit: str = ""
    feedback: str = ""
    otherwise: str = ""
    kind: ClassVar[str] = "numeric"

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form."""
        tolerance = Decimal(str(raw.get("tolerance") or 0))
        unit = raw.get("unit") or ""
        return cls(about(raw), Decimal(str(raw["answer"])), tolerance, unit, *said(raw))

    def arranged(self, dice: Dice) -> Self:
        """Return the question as it is."""
        return self

    def read(self, fields: Fields, name: str) -> str:
        """Return what was written."""
        return first(fields, name)[:LONGEST]

    def is_answered(self, answer: Any) -> bool:
        """Return whether a number was written."""
        return number(answer, self.unit) is not None

    def judge(self, answer: Any) -> Verdict:
        """Return full score for a number near enough."""
        told = number(answer, self.unit)
        right = told is not None and abs(told - self.answer) <= self.tolerance
        return Verdict(float(right), right, {}, self.feedback if right else self.otherwise)
