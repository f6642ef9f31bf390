"""What all question types are made of: words about them, verdicts, and reading of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mtd_learning.assessment.folding import fold

Fields = Mapping[str, Sequence[str]]
"""A posted form: each name with all its values."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is said about one option or part of a question."""

    chosen: bool
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good an answer is: 0 to 1, whether it is right, and what to say."""

    score: float
    right: bool
    notes: Mapping[str, Note] = field(default_factory=dict)
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What all questions have: their id, their words, where they belong."""

    id: str
    text: str
    lang: str = ""
    critical: bool = False
    tags: tuple[str, ...] = ()
    hint: str = ""
    explain: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose."""

    id: str
    text: str
    correct: bool = False
    feedback: str = ""


def about(raw: Mapping[str, Any]) -> About:
    """Return what a compiled question says about itself."""
    return About(
        id=raw["id"],
        text=raw["text"],
        lang=raw.get("lang") or "",
        critical=bool(raw.get("critical")),
        tags=tuple(raw.get("tags") or ()),
        hint=raw.get("hint") or "",
        explain=raw.get("explain") or "",
    )


def option(raw: Mapping[str, Any]) -> Option:
    """Return an option from its compiled form."""
    feedback = raw.get("feedback") or ""
    return Option(raw["id"], raw["text"], bool(raw.get("correct")), feedback)


def said(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is said when the answer is right, and when it is not."""
    return raw.get("feedback") or "", raw.get("otherwise") or ""


def first(fields: Fields, name: str) -> str:
    """Return the first value of a form field, empty when there is none."""
    values = fields.get(name) or ("",)
    return str(values[0])


def is_word(answer: Any, accept: Sequence[str], lang: str) -> bool:
    """Return whether an answer is one of the accepted words, spelling forgiven."""
    told = fold(answer, lang)
    return bool(told) and any(fold(word, lang) == told for word in accept)
