"""What each kind of file may say; the JSON Schemas for editors are made from here."""

from collections import Counter
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from mtd_learning import minima
from mtd_learning.content.models.blocks import Block
from mtd_learning.content.models.questions import Asked, Listed
from mtd_learning.content.models.types import (
    Address,
    Count,
    Country,
    Day,
    Fingerprint,
    Language,
    Line,
    Locale,
    Model,
    Percent,
    Protection,
    Slug,
    SlugOrCountry,
    Text,
    Truth,
    Version,
    Year,
    rule,
)
from mtd_learning.content.variant import LANGUAGE


class FactDeclared(Model):
    type: Literal["phone", "url", "text", "law", "duty"]
    label: Line
    owner: Literal["country", "organisation"] = "country"
    required: Truth = False
    max_age_days: Count = 365

    @model_validator(mode="after")
    def can_be_shown(self) -> Self:
        if "{{" in self.label:
            sentence = "'label' names a fact: it would be shown as it is written"
            raise rule(sentence, "write the words themselves", at=("label",))
        if self.owner == "organisation" and self.required:
            sentence = "an organisation may leave its own facts empty"
            raise rule(sentence, "remove 'required', or 'owner'", at=("required",))
        return self


class TrainerNote(Model):
    """A part of a trainer's plan; learners are never shown it."""

    id: Slug
    title: Line
    minutes: Count | None = None
    text: Text


class CourseFile(Model):
    kind: Literal["course"]
    id: Slug
    version: Version
    source_locale: Language
    title: Line
    summary: Text | None = None
    licence: Line | None = None
    facts: dict[Slug, FactDeclared] = {}
    certificate: dict[Slug, Text] = {}
    trainer: list[TrainerNote] = []
    modules: Annotated[list[Slug], Field(min_length=1)]


class Unit(Model):
    id: Slug
    title: Line
    minutes: Count
    required: Truth = True
    protect: Protection = []
    revision: Count = 1
    was: list[Slug] = []
    blocks: Annotated[list[Block], Field(min_length=1)]


class OutSource(Model):
    title: Line
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
    year: Year


class ModuleFile(Model):
    kind: Literal["module"]
    id: Slug
    title: Line
    summary: Line | None = None
    mandatory: Truth = False
    requires: list[Slug] = []
    outcomes: dict[Slug, Text] = {}
    sources: dict[Slug, OutSource] = {}
    trainer: list[TrainerNote] = []
    units: Annotated[list[Unit], Field(min_length=1)]


class Band(Model):
    from_: Percent = Field(alias="from")
    text: Text


class QuizFile(Model):
    kind: Literal["quiz"]
    id: Slug
    course: Slug
    title: Line
    pass_percent: Percent
    critical_percent: Percent = 100
    draw: Count | None = None
    draw_tags: dict[Slug, Count] = {}
    critical_topics: Annotated[list[Slug], Field(min_length=1)] | None = None
    attempts: Count | None = None
    feedback: Literal["end", "each"] = "end"
    shuffle: Truth = True
    bands: dict[Slug, Band] = {}
    questions: Annotated[list[Listed], Field(min_length=1)]

    @model_validator(mode="after")
    def can_be_drawn(self) -> Self:
        held = len(self.questions)
        if self.draw is not None and self.draw > held:
            raise rule(
                f"'draw' asks for {self.draw} questions, the bank has {held}",
                "lower 'draw'",
                at=("draw",),
            )
        for tag, least in self.draw_tags.items():
            tagged = sum(tag in question.tags for question in self.questions)
            if tagged < least:
                raise rule(
                    f"'draw_tags' asks for {least} questions tagged '{tag}', there are {tagged}",
                    "lower the number or tag more questions",
                    at=("draw_tags", tag),
                )
        for number, topic in enumerate(self.critical_topics or ()):
            if not any(one.critical and topic in one.tags for one in self.questions):
                raise rule(
                    f"'critical_topics' names '{topic}', and no critical question has this tag",
                    "tag a critical question, or remove the topic",
                    at=("critical_topics", number),
                )
        return self._fits()

    def _fits(self) -> Self:
        """Refuse what cannot be met together within `draw`."""
        always = [one for one in self.questions if self._is_always_drawn(one)]
        if self.draw is not None and len(always) > self.draw:
            raise rule(
                f"'draw' asks for {self.draw} questions, {len(always)} are critical and "
                "always drawn",
                "raise 'draw'",
                at=("draw",),
            )
        needs = minima.needs_of(self.critical_topics or (), self.draw_tags)
        met = [minima.kind_of(one.tags, one.critical, needs) for one in always]
        offered = Counter(
            minima.kind_of(one.tags, one.critical, needs)
            for one in self.questions
            if not self._is_always_drawn(one)
        )
        needs = minima.after(needs, met)
        places = (self.draw or len(self.questions)) - len(always)
        if not minima.can_meet(needs, offered, places):
            least = len(always) + (minima.fewest(needs, offered) or 0)
            raise rule(
                f"'draw' asks for {self.draw} questions; all that must be there "
                f"(critical, 'critical_topics', 'draw_tags') takes {least}",
                f"write 'draw: {least}', or lower what must be there",
                at=("draw",),
            )
        return self

    def _is_always_drawn(self, question: Asked) -> bool:
        return minima.is_always_drawn(question.tags, question.critical, self.critical_topics or ())


class Translated(Model):
    src: Fingerprint | None = None
    text: Text


def _stands_below_a_unit(units: Any) -> Any:
    for name, entries in units.items() if isinstance(units, dict) else ():
        is_address = "/" in name or name in ("title", "summary")
        if is_address and isinstance(entries, dict) and isinstance(entries.get("text"), str):
            unit, _, rest = name.partition("/")
            sentence = f"'{name}' stands one level too high: a text stands below its unit"
            step = f"write '{unit if rest else '_'}:' and below it '{rest or name}: {{text: …}}'"
            raise rule(sentence, step, at=(name,))
    return units


class TranslationFile(Model):
    kind: Literal["translation"]
    of: SlugOrCountry
    locale: Locale
    review: Literal["machine-draft", "checked"] | None = None
    segments: Annotated[
        dict[Address, dict[Address, Translated]], BeforeValidator(_stands_below_a_unit)
    ]


class EquivalentText(Model):
    now: Fingerprint
    was: Annotated[list[Fingerprint], Field(min_length=1)]


class EquivalentFile(Model):
    kind: Literal["equivalent"]
    of: Slug
    segments: dict[Address, dict[Address, EquivalentText]]


class FactValue(Model):
    value: Text | None = None
    source: Line | None = None
    year: Year | None = None
    checked_on: Day | None = None
    checked_by: Line | None = None
    note: Text | None = None


class Replace(Model):
    op: Literal["replace"]
    at: Address
    text: Text
    reason: Line
    src: Fingerprint | None = None


class Add(Model):
    op: Literal["add"]
    reason: Line
    after: Address | None = None
    into: Address | None = None
    unit: Unit | None = None
    block: Block | None = None
    question: Listed | None = None

    @model_validator(mode="after")
    def says_what_and_where(self) -> Self:
        if self.after is None and self.into is None:
            raise rule("'after' is missing", "add 'after:' or, for a last place, 'into:'", "S101")
        if self.after is not None and self.into is not None:
            raise rule("an addition has either 'after' or 'into'", "keep one of them")
        parts = sum(part is not None for part in (self.unit, self.block, self.question))
        if parts != 1:
            step = "keep one of them" if parts else "add one of them"
            raise rule("an addition has one 'unit', 'block' or 'question'", step)
        return self


class Hide(Model):
    op: Literal["hide"]
    at: Address
    reason: Line


class Move(Model):
    op: Literal["move"]
    at: Address
    after: Address
    reason: Line


Change = Annotated[Replace | Add | Hide | Move, Field(discriminator="op")]


def _stands_below_a_language(values: Any) -> Any:
    for name in values if isinstance(values, dict) else ():
        if name in FactValue.model_fields:
            sentence = f"'{name}' stands one level too high: a fact has its languages first"
            step = 'write "*": {value: …} for all languages, or fi: {value: …}'
            raise rule(sentence, step, at=(name,))
    return values


FactValues = Annotated[
    dict[Annotated[str, StringConstraints(pattern=rf"^(\*|{LANGUAGE})$")], FactValue],
    BeforeValidator(_stands_below_a_language),
]


class PackFile(Model):
    of: Slug
    made_for: Version
    text_locale: Locale
    name: Line | None = None
    facts: dict[Slug, FactValues] = {}
    changes: list[Change] = []


class CountryPack(PackFile):
    kind: Literal["country-pack"]
    id: Country
    languages: list[Language] = []


class OrgPack(PackFile):
    kind: Literal["org-pack"]
    id: Slug
    parent: SlugOrCountry


KINDS: dict[str, type[Model]] = {
    "course": CourseFile,
    "module": ModuleFile,
    "quiz": QuizFile,
    "translation": TranslationFile,
    "equivalent": EquivalentFile,
    "country-pack": CountryPack,
    "org-pack": OrgPack,
}
