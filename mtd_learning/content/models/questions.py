"""What a question may say, in a bank and inside a `check` block."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from mtd_learning.content.models.types import (
    Count,
    Decimal,
    Line,
    Model,
    Protection,
    Slug,
    Text,
    Truth,
    rule,
)
from mtd_learning.content.problems import short
from mtd_learning.content.segments import GAP


def _id_is_asked_for_around(schema: dict[str, Any]) -> None:
    """In a bank a question has an id, in a check it has that of its block."""
    schema["required"].remove("id")


class Asked(Model):
    """What every question has."""

    model_config = ConfigDict(json_schema_extra=_id_is_asked_for_around)

    id: Slug
    text: Text
    critical: Truth = False
    tags: list[Slug] = []
    outcome: Slug | None = None
    difficulty: Literal["easy", "medium", "hard"] | None = None
    hint: Text | None = None
    explain: Text | None = None
    protect: Protection = []
    revision: Count = 1


class Answered(Asked):
    """A question with one sentence for a right and one for a wrong answer."""

    feedback: Text
    otherwise: Text


class Option(Model):
    id: Slug
    text: Text
    correct: Truth = False
    feedback: Text | None = None


def _told_apart(name: str, items: Sequence[Any]) -> None:
    """Refuse two of a list that read the same: nobody could choose between them."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        words = item.text.strip()
        if words in seen:
            sentence = f"two of the '{name}' have the same words in 'text'"
            raise rule(sentence, "change one of them", at=(name, number, "text"))
        seen.add(words)


class Choosing(Asked):
    """A question whose answer is one or some of its options."""

    options: Annotated[list[Option], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def options_can_be_told_apart(self) -> Self:
        _told_apart("options", self.options)
        return self


class OneOf(Choosing):
    @model_validator(mode="after")
    def one_option_is_correct(self) -> Self:
        right = sum(option.correct for option in self.options)
        if right == 0:
            raise rule("no option is marked correct", "add 'correct: true' to the right one")
        if right > 1:
            raise rule(f"{right} options are marked correct", "keep one, or write 'type: multiple'")
        return self


class Single(OneOf):
    type: Literal["single"]


class TrueFalse(OneOf):
    type: Literal["truefalse"]

    @model_validator(mode="after")
    def has_two_options(self) -> Self:
        if len(self.options) != 2:
            raise rule("a true or false question has two options", "write 'type: single'")
        return self


class Multiple(Choosing):
    type: Literal["multiple"]

    @model_validator(mode="after")
    def some_option_is_correct(self) -> Self:
        if not any(option.correct for option in self.options):
            raise rule("no option is marked correct", "add 'correct: true' to the right ones")
        return self


class Short(Answered):
    type: Literal["short"]
    accept: Annotated[dict[Slug, Line], Field(min_length=1)]


class Numeric(Answered):
    type: Literal["numeric"]
    answer: Decimal
    tolerance: Decimal = "0"
    unit: Line | None = None

    @model_validator(mode="after")
    def some_answer_is_right(self) -> Self:
        if self.tolerance.startswith("-"):
            sentence = f"'tolerance' must be at least 0, not {self.tolerance}"
            raise rule(sentence, "write how far off an answer may be", at=("tolerance",))
        return self


class Item(Model):
    id: Slug
    text: Text


class Order(Answered):
    type: Literal["order"]
    items: Annotated[list[Item], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def items_can_be_told_apart(self) -> Self:
        _told_apart("items", self.items)
        return self


class Pair(Model):
    id: Slug
    text: Text
    match: Text


class Match(Answered):
    type: Literal["match"]
    pairs: Annotated[list[Pair], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def pairs_can_be_told_apart(self) -> Self:
        _told_apart("pairs", self.pairs)
        return self


class Gap(Model):
    id: Slug
    accept: dict[Slug, Line] | None = None
    choices: dict[Slug, Line] | None = None
    correct: Slug | None = None

    @model_validator(mode="after")
    def is_written_or_chosen(self) -> Self:
        if (self.accept is None) == (self.choices is None):
            raise rule("a gap has either 'accept' or 'choices'", "keep one of them")
        if self.choices is not None and self.correct not in self.choices:
            raise rule("'correct' is not one of the choices", "name the right choice by its id")
        return self


class GapText(Answered):
    type: Literal["gap"]
    gaps: Annotated[list[Gap], Field(min_length=1, max_length=12)]

    @model_validator(mode="after")
    def places_and_gaps_agree(self) -> Self:
        places, gaps = GAP.findall(self.text), [gap.id for gap in self.gaps]
        if sorted(places) != sorted(gaps):
            raise rule(
                f"the text has the places {short(str(places))} and the gaps are {short(str(gaps))}",
                "write each gap's id once as [[id]] in the text",
            )
        return self


Question = Annotated[
    Single | Multiple | TrueFalse | Short | Numeric | Order | Match | GapText,
    Field(discriminator="type"),
]
Listed = Annotated[Question, Field(json_schema_extra={"required": ["id"]})]
"""A question that stands by itself, in a bank."""
