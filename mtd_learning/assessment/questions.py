"""Question types: each knows what an answer is, reads it from a form and judges it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Protocol, cast

from mtd_learning import plugins
from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.parts import About, Fields, Verdict
from mtd_learning.errors import N_, NotFound

ALWAYS_MIXED = frozenset(("order", "match"))
"""Types whose parts stand in the right order as they are written."""


class Question(Protocol):
    """What every question type offers, ours and those of other packages."""

    kind: ClassVar[str]
    about: About

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> "Question":
        """Return the question from its compiled form."""

    def arranged(self, dice: Dice) -> "Question":
        """Return the question with its parts in another order."""

    def read(self, fields: Fields, name: str) -> Any:
        """Return the answer that a form holds under a name, as plain JSON."""

    def is_answered(self, answer: Any) -> bool:
        """Return whether an answer is complete enough to be judged."""

    def judge(self, answer: Any) -> Verdict:
        """Return what an answer is worth; it never fails, whatever the answer."""


def from_compiled(raw: Mapping[str, Any]) -> Question:
    """Return a question of the type that its compiled form names."""
    made = types().get(raw["type"])
    if made is None:
        raise NotFound(N_("There is no question type %(type)s here."), type=raw["type"])
    return made.from_compiled(raw)


@lru_cache(maxsize=1)
def types() -> Mapping[str, type[Question]]:
    """Return every question type by its name, found once a process."""
    return cast(Mapping[str, type[Question]], plugins.load(plugins.QUESTIONS))
