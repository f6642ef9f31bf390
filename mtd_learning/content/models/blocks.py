"""What a block may hold."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from mtd_learning.content.models.questions import Question
from mtd_learning.content.models.types import (
    Captions,
    Film,
    Line,
    Locale,
    Model,
    Picture,
    Protection,
    Recording,
    Slug,
    Text,
    Truth,
    rule,
)
from mtd_learning.content.problems import did_you_mean, short

CONDITION = r"^[a-z][a-z0-9_-]* (==|!=) [^ ]+( and [a-z][a-z0-9_-]* (==|!=) [^ ]+)*$"
_ONE_CONDITION = re.compile(r"([a-z][a-z0-9_-]*) (==|!=) ([^ ]+)")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,47}$")]


class Shown(Model):
    """What every block has."""

    id: Slug
    protect: Protection = []
    content_note: Line | None = None
    required: Truth | None = None


class TextBlock(Shown):
    type: Literal["text"]
    text: Text
    role: Literal["hook", "plain", "note", "warning", "takeaway"] = "plain"


class Image(Shown):
    type: Literal["image"]
    file: Picture
    alt: Line
    caption: Text | None = None


class Video(Shown):
    type: Literal["video"]
    title: Line
    transcript: Text
    file: Film | None = None
    captions: dict[Locale, Captions] | None = None

    @model_validator(mode="after")
    def a_film_has_captions(self) -> Self:
        if self.file is not None and not self.captions:
            raise rule("'captions' is missing", "name a .vtt file for each language", "S101")
        return self


class Audio(Shown):
    type: Literal["audio"]
    title: Line
    transcript: Text
    file: Recording | None = None


class Compare(Shown):
    type: Literal["compare"]
    title: Line | None = None
    good: Annotated[dict[Slug, Text], Field(min_length=1)]
    less: Annotated[dict[Slug, Text], Field(min_length=1)]


class Facts(Shown):
    type: Literal["facts"]
    title: Line | None = None
    text: Text | None = None
    facts: Annotated[list[Slug], Field(min_length=1)]


class Check(Shown):
    type: Literal["check"]
    question: Annotated[Question, Field(json_schema_extra={"not": {"required": ["id"]}})]

    @model_validator(mode="before")
    @classmethod
    def the_question_bears_the_id_of_its_block(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("question"), dict):
            question = data["question"]
            if "id" in question:
                sentence = "a question inside a check has no 'id'"
                raise rule(sentence, "remove the question's 'id'", at=("question", "id"))
            return {**data, "question": {**question, "id": data.get("id") or "x"}}
        return data


class Quiz(Shown):
    type: Literal["quiz"]
    quiz: Slug
    text: Text | None = None


class Choice(Model):
    id: Slug
    text: Text
    feedback: Text
    correct: Truth = False
    to: Slug | None = None
    set: dict[Name, Line] | None = None
    when: Annotated[str, StringConstraints(pattern=CONDITION)] | None = None


class Scene(Model):
    id: Slug
    text: Text
    choices: list[Choice] = []
    end: Truth = False

    @model_validator(mode="after")
    def ends_or_goes_on(self) -> Self:
        if self.end and self.choices:
            raise rule("a scene with 'end: true' has no choices", "remove one of the two")
        if not self.end and not self.choices:
            raise rule("the scene has no choices and is no end", "add choices or 'end: true'")
        return self

    @property
    def may_be_the_last(self) -> bool:
        """Say whether the story can end here: where no choice is open, it does."""
        ends = any(choice.to is None for choice in self.choices)
        return ends or all(choice.when for choice in self.choices)


class Scenario(Shown):
    type: Literal["scenario"]
    text: Text
    debrief: Text
    choices: list[Choice] | None = None
    start: Slug | None = None
    scenes: list[Scene] | None = None

    @model_validator(mode="after")
    def has_one_form(self) -> Self:
        if (self.choices is None) == (self.scenes is None):
            raise rule("a scenario has either 'choices' or 'scenes'", "keep one of them")
        if self.scenes is None:
            return self._short()
        return self._branching({scene.id for scene in self.scenes})

    def _short(self) -> Self:
        if len(self.choices or []) < 2:
            raise rule("a scenario needs at least two choices", "add a choice")
        if any(choice.to or choice.set or choice.when for choice in self.choices or []):
            raise rule("'to', 'set' and 'when' belong to a scenario with scenes", "remove them")
        if self.start is not None:
            raise rule("'start' belongs to a scenario with scenes", "remove it", at=("start",))
        return self

    def _branching(self, known: set[str]) -> Self:
        if self.start not in known:
            step = "write the id of the first scene"
            raise rule("'start' does not name a scene", step, at=("start",))
        for number, scene in enumerate(self.scenes or []):
            for inner, choice in enumerate(scene.choices):
                if choice.to is not None and choice.to not in known:
                    raise rule(
                        f"'{scene.id}/{choice.id}' leads to '{choice.to}', which is no scene",
                        "write the id of a scene, or leave 'to' out to end the story",
                        at=("scenes", number, "choices", inner, "to"),
                    )
        self._all_opened()
        return self._all_reached(known)

    def _all_opened(self) -> None:
        """Refuse what waits for something that no choice sets."""
        given: dict[str, set[str]] = {}
        for scene in self.scenes or []:
            for choice in scene.choices:
                for name, value in (choice.set or {}).items():
                    given.setdefault(name, {""}).add(value)
        for number, scene in enumerate(self.scenes or []):
            for inner, choice in enumerate(scene.choices):
                at = ("scenes", number, "choices", inner, "when")
                for name, sign, value in _ONE_CONDITION.findall(choice.when or ""):
                    if name not in given:
                        step = did_you_mean(name, given) or "write it under 'set' of a choice"
                        raise rule(f"no choice sets '{name}'", step, "S121", at)
                    if sign == "==" and value.strip("\"'") not in given[name]:
                        step = did_you_mean(value, given[name]) or "write a value that is set"
                        raise rule(f"no choice sets '{name}' to '{short(value)}'", step, "S121", at)

    def _all_reached(self, known: set[str]) -> Self:
        scenes = {scene.id: scene for scene in self.scenes or []}
        reached, ahead = set[str](), [str(self.start)]
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += [choice.to for choice in scenes[name].choices if choice.to]
        lost = sorted(known - reached)
        if lost:
            raise rule(f"no choice leads to the scene '{lost[0]}'", "add a choice or remove it")
        return self._all_end()

    def _all_end(self) -> Self:
        """Refuse scenes that only lead to each other, or to themselves."""
        scenes = self.scenes or []
        before: dict[str, list[str]] = {}
        for scene in scenes:
            for choice in scene.choices:
                before.setdefault(choice.to or "", []).append(scene.id)
        ending, ahead = set[str](), [scene.id for scene in scenes if scene.may_be_the_last]
        while ahead:
            name = ahead.pop()
            if name not in ending:
                ending.add(name)
                ahead += before.get(name, ())
        for number, scene in enumerate(scenes):
            if scene.id not in ending:
                raise rule(
                    f"from the scene '{scene.id}' no choice leads to an end of the story",
                    "leave 'to' out of one of its choices, or lead to a scene with 'end: true'",
                    at=("scenes", number),
                )
        return self


class Reflection(Shown):
    type: Literal["reflection"]
    text: Text


class Checklist(Shown):
    type: Literal["checklist"]
    text: Text | None = None
    items: Annotated[dict[Slug, Text], Field(min_length=1)]


class Foreign(Shown):
    """A block type that an operator installed; its fields are judged by its own class."""

    type: Literal["xblock"]
    block: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
    title: Line | None = None
    fields: dict[str, Any] = {}
    olx: Text | None = None

    @field_validator("fields")
    @classmethod
    def is_not_too_large(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if len(fields) > 100:
            raise rule("more than 100 fields", "remove some")
        return fields


Block = Annotated[
    TextBlock
    | Image
    | Video
    | Audio
    | Compare
    | Facts
    | Check
    | Quiz
    | Scenario
    | Reflection
    | Checklist
    | Foreign,
    Field(discriminator="type"),
]
