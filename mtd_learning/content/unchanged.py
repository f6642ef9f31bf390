"""An author says that a change left the meaning as it was: the way into equivalent.yaml."""

from collections.abc import Mapping
from typing import Any

from mtd_learning.content.course import QUIZZES, Catalogue, Course
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.schema import first_line
from mtd_learning.content.segments import Segment, segments
from mtd_learning.content.writer import equate, marks
from mtd_learning.errors import N_, Forbidden, Invalid, NotFound


def older_marks(course: Course, address: str) -> dict[str, list[str]]:
    """Return the marks of older texts from which outdated texts were made.

    Each with the locales of these translations, and the packs that replace the text. `address` is
    full, as `flatten` gives it: `m05-safety:notice/what/text`.
    """
    part, segment = _segment(course, address)
    made = [
        (locale, source, segment.address)
        for (locale, key), source in sorted(course.words.items())
        if key == part
    ]
    at = f"{part.removeprefix(QUIZZES)}:{segment.address}"
    for pack in sorted(course.packs.values(), key=lambda pack: pack.id):
        own = pack.part(part)
        made += [(pack.id, own, at)] if own else []
    found: dict[str, list[str]] = {}
    for name, source, wanted in made:
        for where, entry, now, current in marks(course, source, source.data):
            if where == wanted and now == segment.fingerprint and not current and "src" in entry:
                found.setdefault(entry["src"], []).append(name)
    return found


def mark_equivalent(
    catalogue: Catalogue, course_id: str, address: str, old: str, *, approved: bool = False
) -> tuple[str, bytes]:
    """Return path and new text of equivalent.yaml, which says that `old` meant the same.

    `address` is full; `approved` says that a second person has agreed.
    """
    course = catalogue.course(course_id)
    part, segment = _segment(course, address)
    of_quizzes, name = part.startswith(QUIZZES), part.removeprefix(QUIZZES)
    before = Equivalents.of(course, of_quizzes).known.get(name, {}).get(segment.address)
    said = [before["now"], *before["was"]] if before else []
    if old == segment.fingerprint or old not in (*said, *older_marks(course, address)):
        raise Invalid(N_("'%(old)s' is not the mark of an older text."), old=old)
    if segment.wording and not approved:
        raise Forbidden(N_("Protected text needs a second person to say that nothing changed."))
    path = f"{'quizzes' if of_quizzes else 'courses'}/{course_id}/equivalent.yaml"
    source = course.equivalents.get(of_quizzes)
    head = f"{first_line(path, 'equivalent')}kind: equivalent\nof: {course_id}\nsegments:\n"
    text = source.text if source else head.encode()
    was = _was(before, segment.fingerprint, old)
    return path, equate(text, name, segment.address, segment.fingerprint, was)


def _segment(course: Course, address: str) -> tuple[str, Segment]:
    part, _, rest = address.partition(":")
    source = course.parts.get(part)
    segment = segments(source).get(rest) if source else None
    if segment is None:
        raise NotFound(N_("The course has no text at '%(address)s'."), address=address)
    return part, segment


def _was(before: Mapping[str, Any] | None, now: str, old: str) -> list[str]:
    """What meant the same before goes on only if it is about the text of today or of then."""
    same = [*before["was"], before["now"]] if before else []
    was = [*same, old] if now in same or old in same else [old]
    return [mark for mark in dict.fromkeys(was) if mark != now]
