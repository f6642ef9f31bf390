"""Changes that left the meaning as it was, so that no translation is asked for again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mtd_learning.content.course import QUIZZES, Catalogue, Course
from mtd_learning.content.events import Path
from mtd_learning.content.problems import Problem, did_you_mean
from mtd_learning.content.schema import first_line
from mtd_learning.content.segments import Segment, segments
from mtd_learning.errors import N_, Forbidden, Invalid, NotFound

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
                    step = "compare and write the new 'now', or remove it"
                    yield source.problem(where, "warning", "T203", sentence, step)


def mark_equivalent(
    catalogue: Catalogue,
    course_id: str,
    address: str,
    old: str,
    *,
    second_person: str | None = None,
) -> tuple[str, bytes]:
    """Return path and new text of equivalent.yaml, which says that `old` meant the same.

    `address` is full, as `flatten` gives it: `m05-safety:notice/what/text`.
    """
    course = catalogue.course(course_id)
    part, _, rest = address.partition(":")
    source = course.parts.get(part)
    segment = segments(source).get(rest) if source else None
    if segment is None:
        raise NotFound(N_("The course has no text at '%(address)s'."), address=address)
    if len(old) != 10 or old == segment.fingerprint:
        raise Invalid(N_("'%(old)s' is not the mark of an older text."), old=old)
    if segment.wording and not second_person:
        raise Forbidden(N_("Protected text needs a second person to say that nothing changed."))
    of_quizzes = part.startswith(QUIZZES)
    known: dict[str, dict[str, Any]] = {
        name: dict(entries) for name, entries in Equivalents.of(course, of_quizzes).known.items()
    }
    entries = known.setdefault(part.removeprefix(QUIZZES), {})
    entries[rest] = _entry(entries.get(rest), segment.fingerprint, old)
    top = "quizzes" if of_quizzes else "courses"
    path = f"{top}/{course_id}/equivalent.yaml"
    return path, first_line(path, "equivalent").encode() + _written(course_id, known)


def _entry(before: Mapping[str, Any] | None, now: str, old: str) -> dict[str, Any]:
    """An earlier list goes on only if it led to the text that is being replaced now."""
    was = list(before["was"]) if before and before["now"] in (now, old) else []
    return {"now": now, "was": [*dict.fromkeys([*was, old])]}


def _written(course_id: str, known: Mapping[str, Mapping[str, Any]]) -> bytes:
    lines = ["kind: equivalent", f"of: {course_id}", "segments:"]
    for part in sorted(known):
        lines.append(f"  {part}:")
        for address in sorted(known[part]):
            entry = known[part][address]
            was = ", ".join(f'"{mark}"' for mark in entry["was"])
            lines.append(f'    {address}: {{now: "{entry["now"]}", was: [{was}]}}')
    return ("\n".join(lines) + "\n").encode()
