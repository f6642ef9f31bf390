"""Changes that left the meaning as it was, so that no translation is asked for again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mtd_learning.content.course import QUIZZES, Course
from mtd_learning.content.events import Path
from mtd_learning.content.problems import Problem, did_you_mean
from mtd_learning.content.segments import Segment, segments

MAX_SUGGESTED = 20
"""So many lost addresses of a file get the nearest one named: looking for it takes time."""


@dataclass(frozen=True)
class Equivalents:
    """What equivalent.yaml says: which older texts mean the same as the text of today."""

    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course, of_quizzes: bool) -> "Equivalents":
        """Return what the file of a course, or of its banks, says."""
        source = course.equivalents.get(of_quizzes)
        return cls(source.data["segments"] if source else {})

    def is_current(self, part: str, segment: Segment, src: str | None) -> bool:
        """Say whether a text made from `src` still fits the segment."""
        if src == segment.fingerprint:
            return True
        entry = self.known.get(part.removeprefix(QUIZZES), {}).get(segment.address)
        return entry is not None and entry["now"] == segment.fingerprint and src in entry["was"]


def equivalent_problems(course: Course) -> Iterator[Problem]:
    """Return a warning for each entry of equivalent.yaml that means no text of today."""
    parts, orphans = course.parts, 0
    for of_quizzes, source in course.equivalents.items():
        for part, entries in source.data["segments"].items():
            key = QUIZZES + part if of_quizzes else part
            if key in course.unread:
                continue
            known = segments(parts[key]) if key in parts else {}
            for address, entry in entries.items():
                where: Path = ("segments", part, address)
                if address not in known:
                    orphans += 1
                    near = did_you_mean(address, known if orphans <= MAX_SUGGESTED else ())
                    sentence = f"orphaned: the source has no '{address}'"
                    yield source.problem(where, "warning", "T201", sentence, near or "remove it")
                elif entry["now"] != known[address].fingerprint:
                    now = known[address].fingerprint
                    sentence = f"outdated: 'now' is {entry['now']}, the source is now {now}"
                    step = "compare; if it still fits: mtd content equivalent, else remove it"
                    yield source.problem(where, "warning", "T203", sentence, step)
