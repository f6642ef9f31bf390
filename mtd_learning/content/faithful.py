"""Whether translations still fit their source: orphaned, outdated, facts, links, headings."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mtd_learning.content.course import QUIZZES, Course, Source
from mtd_learning.content.equivalence import MAX_SUGGESTED, Equivalents
from mtd_learning.content.events import Path
from mtd_learning.content.memory import Memory
from mtd_learning.content.problems import Problem, did_you_mean, short
from mtd_learning.content.segments import GAP, Segment, facts_in, pack_segments, segments

_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def translation_problems(course: Course) -> Iterator[Problem]:
    """Return what T201 to T204 have to say about the translations of a course."""
    parts, declared = course.parts, frozenset(course.base.data["facts"])
    for (_, key), source in course.words.items():
        if key in parts:
            yield from _of_part(course, key, source, parts[key], declared)
    for pack in course.packs.values():
        for _, part, words in pack.halves:
            for source in words.values():
                yield from _of_pack(source, part, declared)


def _of_part(
    course: Course, key: str, source: Source, base: Source, declared: frozenset[str]
) -> list[Problem]:
    of_quizzes = key.startswith(QUIZZES)

    def compared() -> list[Problem]:
        known = Equivalents.of(course, of_quizzes)
        units = base.data.get("units", ())
        renamed = {old: unit["id"] for unit in units for old in unit["was"]}
        return list(_compared(source, key, segments(base), known, declared, renamed))

    return _found.of((source, key, base, course.equivalents.get(of_quizzes), declared), compared)


def _of_pack(source: Source, part: Source | None, declared: frozenset[str]) -> list[Problem]:
    def compared() -> list[Problem]:
        own = pack_segments(part) if part is not None else {}
        return list(_compared(source, "", own, Equivalents(), declared, {}))

    return _found.of((source, part, declared), compared)


_found: Memory[list[Problem]] = Memory(5_000)


def _compared(
    source: Source,
    part: str,
    own: Mapping[str, Segment],
    known: Equivalents,
    declared: frozenset[str],
    renamed: Mapping[str, str],
) -> Iterator[Problem]:
    orphans = 0
    for unit, entries in source.data["segments"].items():
        for rest, entry in entries.items():
            path: Path = ("segments", unit, rest)
            segment = own.get(f"{unit}/{rest}")
            if segment is None:
                sentence = f"orphaned: the source has no '{unit}/{rest}'"
                orphans += 1
                known_here = own if orphans <= MAX_SUGGESTED else ()
                step = did_you_mean(f"{unit}/{rest}", known_here) or "remove it if nobody needs it"
                now = renamed.get(unit)
                if f"{now}/{rest}" in own:
                    step = f"it has a new id: write '{now}' in place of '{unit}'"
                yield source.problem(path, "warning", "T201", sentence, step)
            else:
                if declared.issuperset(facts_in(segment.words)):  # else told at the source
                    yield from _unlike(source, path, segment, entry)
                if not known.is_current(part, segment, entry.get("src")):
                    yield _outdated(source, path, part, segment, entry.get("src"))


def _unlike(
    source: Source, path: Path, segment: Segment, entry: Mapping[str, Any]
) -> Iterator[Problem]:
    where = (*path, "text")
    for severity, code, sentence, step in differences(segment, entry["text"]):
        yield source.problem(where, severity, code, sentence, step)


def _outdated(source: Source, path: Path, part: str, segment: Segment, src: str | None) -> Problem:
    said, step = "it has no 'src'", "compare and stamp it"
    if src:  # a mark that stands is never overwritten
        said = f"translated from {src}"
        step = "compare and stamp again: first take the old 'src' away"
        if part:  # what packs word has no equivalent.yaml
            step += "; or, if it still fits: mtd content equivalent"
    sentence = f"outdated: {said}, the source is now {segment.fingerprint}"
    return source.problem(path, "warning", "T203", sentence, step)


class _Marks(NamedTuple):
    """What a translation must have as its source has it."""

    facts: list[str]
    gaps: list[str]
    links: int
    headings: int


_NO_MARKS = _Marks([], [], 0, 0)


def _marks(text: str) -> _Marks:
    if not ("{{" in text or "[[" in text or "](" in text or "# " in text):
        return _NO_MARKS  # most are plain
    return _Marks(
        sorted(set(facts_in(text))),
        sorted(GAP.findall(text)),
        text.count("]("),
        len(_HEADING.findall(text)),
    )


def differences(segment: Segment, text: str) -> Iterator[tuple[str, str, str, str]]:
    """Return what a translation must share with its source and does not.

    Each with severity, code, sentence and next step.
    """
    wanted, given = _marks(segment.words), _marks(text)
    if wanted == given:
        return
    if wanted.facts != given.facts:
        extra = [name for name in given.facts if name not in wanted.facts]
        step = did_you_mean(extra[0], wanted.facts) if extra else ""
        here, there = short(str(given.facts)), short(str(wanted.facts))
        sentence = f"facts differ from the source: {here} instead of {there}"
        yield "error", "T202", sentence, step or "use the same {{ facts }} as the source"
    if wanted.gaps != given.gaps:
        here, there = short(str(given.gaps)), short(str(wanted.gaps))
        sentence = f"gaps differ from the source: {here} instead of {there}"
        yield "error", "T202", sentence, "write each [[gap]] of the source once"
    for name in ("links", "headings"):
        here, there = getattr(given, name), getattr(wanted, name)
        if here != there:
            sentence = f"{here} {name}, the source has {there}"
            yield "warning", "T204", sentence, f"compare the {name} with the source"
