"""Question types with several parts: put in order, match, fill the gaps."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from mtd_learning.assessment.dice import Dice
from mtd_learning.assessment.folding import LONGEST
from mtd_learning.assessment.parts import (
    About,
    Fields,
    Note,
    Verdict,
    about,
    first,
    is_word,
    said,
)

_PLACE = re.compile(r"\[\[([A-Za-z0-9_-]+)\]\]")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to put in its place."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """Things to put in order; each one in its right place counts."""

    about: About
    items: tuple[Item, ...]
    shown: tuple[Item, ...]
    feedback: str = ""
    otherwise: str = ""
    kind: ClassVar[str] = "order"

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form, in which the order is right."""
        items = tuple(Item(one["id"], one["text"]) for one in raw["items"])
        return cls(about(raw), items, items, *said(raw))

    def arranged(self, dice: Dice) -> Self:
        """Return the question with its items shown in another order, never in the right one."""
        return replace(self, shown=dice.moved(self.items))

    def read(self, fields: Fields, name: str) -> dict[str, str]:
        """Return the place, counted from 1, that each item was given."""
        return {item.id: first(fields, f"{name}.{item.id}")[:9] for item in self.shown}

    def is_answered(self, answer: Any) -> bool:
        """Return whether every item has a place of its own."""
        return sorted(self._places(answer).values()) == list(range(1, len(self.items) + 1))

    def judge(self, answer: Any) -> Verdict:
        """Return the share of items that stand in their right place."""
        places = self._places(answer)
        notes = {
            item.id: Note(item.id in places, places.get(item.id) == place)
            for place, item in enumerate(self.items, start=1)
        }
        return _in_parts(notes, self.feedback, self.otherwise)

    def place_of(self, item_id: str) -> int:
        """Return the right place of an item, counted from 1."""
        return next(n for n, item in enumerate(self.items, start=1) if item.id == item_id)

    def _places(self, answer: Any) -> dict[str, int]:
        """Return places by item, from a mapping or from a list in the chosen order."""
        if isinstance(answer, (list, tuple)):
            answer = {one: n for n, one in enumerate(answer, start=1) if isinstance(one, str)}
        if not isinstance(answer, Mapping):
            return {}
        known = {item.id for item in self.items}
        told = {item: _whole(place) for item, place in answer.items() if item in known}
        return {item: place for item, place in told.items() if place}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that belong together; `token` stands for the second without betraying it."""

    id: str
    text: str
    match: str
    token: str


@dataclass(frozen=True, slots=True)
class Match:
    """Things on the left, each with one on the right that belongs to it."""

    about: About
    pairs: tuple[Pair, ...]
    shown: tuple[Pair, ...]
    feedback: str = ""
    otherwise: str = ""
    kind: ClassVar[str] = "match"

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form."""
        pairs = tuple(
            Pair(one["id"], one["text"], one["match"], _token(raw["id"], one["id"]))
            for one in raw["pairs"]
        )
        return cls(about(raw), pairs, pairs, *said(raw))

    def arranged(self, dice: Dice) -> Self:
        """Return the question with its right side in another order."""
        return replace(self, shown=dice.moved(self.pairs))

    def read(self, fields: Fields, name: str) -> dict[str, str]:
        """Return the token that was chosen for each thing on the left."""
        return {pair.id: first(fields, f"{name}.{pair.id}")[:40] for pair in self.pairs}

    def is_answered(self, answer: Any) -> bool:
        """Return whether everything on the left has a partner."""
        chosen = self._chosen(answer)
        return all(chosen.get(pair.id) for pair in self.pairs)

    def judge(self, answer: Any) -> Verdict:
        """Return the share of right pairs; two partners with the same words are as good."""
        chosen = self._chosen(answer)
        notes = {
            pair.id: Note(pair.id in chosen, chosen.get(pair.id) == pair.match)
            for pair in self.pairs
        }
        return _in_parts(notes, self.feedback, self.otherwise)

    def _chosen(self, answer: Any) -> dict[str, str]:
        """Return the chosen words by the id of the left side."""
        if not isinstance(answer, Mapping):
            return {}
        by_token = {pair.token: pair.match for pair in self.pairs}
        known = {pair.id for pair in self.pairs}
        told = {left: token for left, token in answer.items() if isinstance(token, str)}
        return {
            left: by_token[token]
            for left, token in told.items()
            if left in known and token in by_token
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """One place in a text: written into, or chosen from a few words."""

    id: str
    accept: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    correct: str = ""

    @property
    def solution(self) -> str:
        """Return the words that belong here."""
        return dict(self.choices).get(self.correct) or (self.accept[0] if self.accept else "")

    def is_right(self, answer: Any, lang: str) -> bool:
        """Return whether the answer fits."""
        if self.choices:
            return isinstance(answer, str) and answer == self.correct
        return is_word(answer, self.accept, lang)


@dataclass(frozen=True, slots=True)
class Gaps:
    """A text with places to fill."""

    about: About
    gaps: tuple[Gap, ...]
    feedback: str = ""
    otherwise: str = ""
    kind: ClassVar[str] = "gap"

    @classmethod
    def from_compiled(cls, raw: Mapping[str, Any]) -> Self:
        """Return the question from its compiled form."""
        return cls(about(raw), tuple(_gap(one) for one in raw["gaps"]), *said(raw))

    def arranged(self, dice: Dice) -> Self:
        """Return the question as it is: the words to choose from keep their order."""
        return self

    @property
    def pieces(self) -> tuple[tuple[str, Gap | None], ...]:
        """Return the text in pieces: words, or a gap."""
        by_id = {gap.id: gap for gap in self.gaps}
        parts = _PLACE.split(self.about.text)
        return tuple(
            (part, None) if at % 2 == 0 else (part, by_id.get(part))
            for at, part in enumerate(parts)
        )

    def read(self, fields: Fields, name: str) -> dict[str, str]:
        """Return what stands in each gap."""
        return {gap.id: first(fields, f"{name}.{gap.id}")[:LONGEST] for gap in self.gaps}

    def is_answered(self, answer: Any) -> bool:
        """Return whether no gap is left empty."""
        if not isinstance(answer, Mapping):
            return False
        told = (answer.get(gap.id) for gap in self.gaps)
        return all(isinstance(one, str) and one.strip() for one in told)

    def judge(self, answer: Any) -> Verdict:
        """Return the share of gaps that are filled right."""
        told = answer if isinstance(answer, Mapping) else {}
        notes = {
            gap.id: Note(bool(told.get(gap.id)), gap.is_right(told.get(gap.id), self.about.lang))
            for gap in self.gaps
        }
        return _in_parts(notes, self.feedback, self.otherwise)


def _in_parts(notes: dict[str, Note], feedback: str, otherwise: str) -> Verdict:
    hits = sum(note.right for note in notes.values())
    right = bool(notes) and hits == len(notes)
    score = hits / len(notes) if notes else 0.0
    return Verdict(score, right, notes, feedback if right else otherwise)


def _gap(raw: Mapping[str, Any]) -> Gap:
    choices = tuple((slug, text) for slug, text in raw.get("choices") or ())
    return Gap(raw["id"], tuple(raw.get("accept") or ()), choices, raw.get("correct") or "")


def _token(question_id: str, pair_id: str) -> str:
    return hashlib.blake2b(f"{question_id} {pair_id}".encode(), digest_size=5).hexdigest()


def _whole(place: Any) -> int:
    """Return a place as a number, 0 when it is none."""
    if isinstance(place, bool) or not isinstance(place, (int, str)):
        return 0
    text = str(place)[:9].strip()
    return int(text) if text.isascii() and text.isdigit() else 0
