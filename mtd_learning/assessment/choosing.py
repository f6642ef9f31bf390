"""Question types with options to choose from: one, several, true or false."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.parts import About, Fields, Note, Option, Verdict, about, first, option


@dataclass(frozen=True, slots=True)
class Choice:
    """Options to choose from; the base of the three types below."""

    about: About
    options: tuple[Option, ...]
    kind: ClassVar[str] = ""

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form."""
        return cls(about(raw), tuple(option(one) for one in raw["options"]))

    def arranged(self, dice: Dice) -> Self:
        """Return the question with its options in another order."""
        return replace(self, options=dice.shuffled(self.options))

    @property
    def right(self) -> frozenset[str]:
        """Return the ids of the right options."""
        return frozenset(option.id for option in self.options if option.correct)

    def _notes(self, ticked: set[str]) -> dict[str, Note]:
        return {
            option.id: Note(option.id in ticked, option.correct, option.feedback)
            for option in self.options
        }


@dataclass(frozen=True, slots=True)
class Single(Choice):
    """Several options, one of them chosen."""

    kind: ClassVar[str] = "single"

    def read(self, fields: Fields, name: str) -> str:
        """Return the chosen option's id."""
        return first(fields, name)

    def is_answered(self, answer: Any) -> bool:
        """Return whether an option of this question is chosen."""
        return isinstance(answer, str) and any(option.id == answer for option in self.options)

    def judge(self, answer: Any) -> Verdict:
        """Return full score for a right option, none for another."""
        chosen = answer if isinstance(answer, str) else ""
        right = chosen in self.right
        return Verdict(float(right), right, self._notes({chosen}))


@dataclass(frozen=True, slots=True)
class TrueFalse(Single):
    """A sentence that is true or not; the two words keep their order."""

    kind: ClassVar[str] = "truefalse"

    def arranged(self, dice: Dice) -> Self:
        """Return the question as it is."""
        return self


@dataclass(frozen=True, slots=True)
class Multiple(Choice):
    """Several options, several of them right; a wrong tick costs a right one."""

    kind: ClassVar[str] = "multiple"

    def read(self, fields: Fields, name: str) -> list[str]:
        """Return the ids of the ticked options."""
        return [str(value) for value in fields.get(name, ())]

    def is_answered(self, answer: Any) -> bool:
        """Return whether at least one option of this question is ticked."""
        return bool(_ticked(answer) & {option.id for option in self.options})

    def judge(self, answer: Any) -> Verdict:
        """Return the share of right ticks, each wrong one taken off; right means all and only."""
        ticked = _ticked(answer)
        right = self.right
        wrong = {option.id for option in self.options} - right
        points = max(0, len(ticked & right) - len(ticked & wrong))
        whole = bool(right) and ticked & (right | wrong) == right
        return Verdict(points / len(right) if right else 0.0, whole, self._notes(ticked))


def _ticked(answer: Any) -> set[str]:
    if not isinstance(answer, (list, tuple, set, frozenset)):
        return set()
    return {one for one in answer if isinstance(one, str)}
