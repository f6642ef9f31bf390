"""What is right and what is wrong in the course, read from its own files."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mtd_learning.base import clock
from mtd_learning.content import reader
from mtd_learning.content.compile import Compiled, compile_variant
from mtd_learning.content.variant import Variant
from mtd_learning.library import files
from mtd_learning.web import i18n

COURSE = "beside-the-child"
Block = Mapping[str, Any]
Question = Mapping[str, Any]


def plain(words: str) -> str:
    """Return words of the course as a reader sees them, on one line."""
    words = re.sub(r"</?(p|br|li|[uo]l|h\d|div)\b[^>]*>", " ", words)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())


def squeezed(words: str) -> str:
    """Return words without any space, to compare what two programs laid out differently."""
    return "".join(plain(words).split())


@dataclass(frozen=True)
class Step:
    """One unit of the course, as its author wrote it."""

    module: str
    id: str
    title: str
    blocks: tuple[Block, ...]
    is_last: bool

    @property
    def path(self) -> str:
        """Return the address of the unit for a learner."""
        return f"/learn/{COURSE}/{self.module}/{self.id}"

    def of_type(self, kind: str) -> list[Block]:
        """Return the blocks of a type, in order."""
        return [block for block in self.blocks if block["type"] == kind]


class AnswerBook:
    """The shipped course in one language and country."""

    def __init__(self, language: str, country: str = "FI") -> None:
        self.language = language
        self.country = country

    @cached_property
    def _compiled(self) -> Compiled:
        return compile_variant(
            reader.read_folder(files.shipped()),
            COURSE,
            Variant(self.language, self.country),
            pilot=True,
            today=clock.today(),
            translate=i18n.translate,
        )

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the table of contents."""
        return self._compiled.manifest

    @cached_property
    def steps(self) -> list[Step]:
        """Return every unit in order."""
        return list(self._steps())

    def _steps(self) -> Iterator[Step]:
        for module in self.manifest["modules"]:
            for unit in module["units"]:
                blob = json.loads(self._compiled.blobs[unit["blob"]])
                yield Step(
                    module["id"],
                    unit["id"],
                    unit["title"],
                    tuple(blob["blocks"]),
                    unit is module["units"][-1],
                )

    def step(self, module: str, unit: str) -> Step:
        """Return one unit."""
        return next(one for one in self.steps if (one.module, one.id) == (module, unit))

    def bank(self, name: str) -> Mapping[str, Any]:
        """Return a bank of questions."""
        return json.loads(self._compiled.blobs[self.manifest["banks"][name]])


def question_seen(text: str, candidates: list[Question]) -> Question:
    """Return the question whose words stand in what a reader sees."""
    seen = squeezed(text)
    found = [one for one in candidates if _beginning(one) in seen]
    assert found, f"no question of the course is this one: {text[:200]}"
    return max(found, key=lambda one: len(_beginning(one)))


def _beginning(question: Question) -> str:
    """Return the words of a question; of one with gaps, those before the first gap."""
    pieces = (squeezed(piece) for piece in re.split(r"\[\[[\w-]+\]\]", question["text"]))
    return max(pieces, key=len) if question["type"] == "gap" else squeezed(question["text"])


def feedback_to_wrong(question: Question) -> str:
    """Return what the course says to the wrong answer that `walker` gives."""
    if "options" in question:
        wrong = next(one for one in question["options"] if not one.get("correct"))
        return plain(wrong["feedback"])
    return plain(question.get("otherwise") or "")


def right_choices(scenario: Mapping[str, Any]) -> set[str]:
    """Return the words of every choice that a story calls a good way."""
    return {
        squeezed(choice["text"])
        for scene in scenario["scenes"].values()
        for choice in scene.get("choices", ())
        if choice.get("correct")
    }
