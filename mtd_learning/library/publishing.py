"""From files to editions: read, check, compile and keep every variant whose gate allows it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mtd_learning.base.db import begin_writing, db, one_at_a_time
from mtd_learning.content import check, disk, gate, reader, segments
from mtd_learning.content.compile import Compiled, compile_variant
from mtd_learning.content.course import Catalogue
from mtd_learning.content.problems import Problem, errors
from mtd_learning.errors import N_, Conflict
from mtd_learning.library import files
from mtd_learning.library.models import ContentRevision, Edition
from mtd_learning.library.service import (
    Published,
    Translate,
    add_edition,
    document,
    keep_blobs,
    keep_sources,
    newest_of,
)

Judge = Callable[[Catalogue, date], list[Problem]]


@dataclass(frozen=True)
class _Made:
    """One variant, compiled where its gate allows it, and the edition it was compared with."""

    course_key: str
    variant: str
    verdict: str
    problems: tuple[Problem, ...]
    compiled: Compiled | None
    last_id: int | None


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Do not look for rings of garbage meanwhile.

    What publishing makes stays, and has no rings: to look through all of it, which large steps
    of it set off, takes as long as a third of publishing one changed file.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_nothing_collected()
def bring_and_publish(
    root: Path,
    *,
    message: str,
    today: date,
    translate: Translate,
    judge: Judge = check.check,
    author_id: int | None = None,
) -> tuple[list[Published], list[Problem]]:
    """Bring a folder in and publish what changed; return what happened and every problem.

    `judge` says what is wrong with the files; one from a higher floor also knows foreign blocks.
    With an error in any file nothing is brought in: the site keeps its last editions. This is
    the way of the shipped catalogue and of people who write; a step of version or a second
    person is asked for by `publish` when it is told what was published before.
    """
    found, faults = disk.read(root)
    catalogue = reader.read_files(found)
    problems = sorted((*faults, *judge(catalogue, today)))
    if errors(problems):
        return [], problems
    made = _make(catalogue, today, translate)
    begin_writing()
    new = files.bring_in(found, message=message, author_id=author_id)
    revision = new or files.latest_revision()
    return _keep(catalogue, made, revision, author_id), problems


@_nothing_collected()
def publish(
    catalogue: Catalogue,
    *,
    today: date,
    translate: Translate,
    revision: ContentRevision | None = None,
    published_by: int | None = None,
    compare: bool = False,
    approved: bool = False,
) -> list[Published]:
    """Compile every variant of the courses and keep those that changed as new editions.

    A variant whose gate is closed keeps its last edition; one whose gate is closed only by
    unchecked facts or missing translations becomes a pilot edition. With `compare` the gate
    also asks for a version step that is large enough, and for a second person (`approved`)
    where a protected text of the base changed since the last edition.

    Nobody who learns waits for it: what takes long only reads. Raises Conflict when somebody
    else published something else in the meantime.
    """
    made = _make(catalogue, today, translate, compare=compare, approved=approved)
    number = revision.id if revision else None
    begin_writing()
    revision = db.session.get(ContentRevision, number) if number else None
    return _keep(catalogue, made, revision, published_by)


def _make(
    catalogue: Catalogue,
    today: date,
    translate: Translate,
    *,
    compare: bool = False,
    approved: bool = False,
) -> list[_Made]:
    """Judge and compile every variant; reads only."""
    # Most variants were last published from the same revision, and all its files are read.
    catalogue_at = cache(_catalogue_at)
    made = []
    for course_key in sorted(catalogue.courses):
        newest = newest_of(course_key)
        for variant in catalogue.course(course_key).variants():
            last = newest.get(str(variant))
            step = _step_from(last, catalogue_at) if compare else {}
            more = {"approved": approved, "translate": translate, **step}
            problems = gate.problems(catalogue, course_key, variant, today, **more)
            verdict = gate.verdict(problems)
            compiled = None
            if verdict != "closed":
                pilot = verdict == "pilot"
                compiled = compile_variant(
                    catalogue, course_key, variant, pilot=pilot, today=today, translate=translate
                )
            last_id = last.id if last else None
            made.append(
                _Made(course_key, str(variant), verdict, tuple(problems), compiled, last_id)
            )
    return made


def _keep(
    catalogue: Catalogue,
    made: list[_Made],
    revision: ContentRevision | None,
    published_by: int | None,
) -> list[Published]:
    """Keep what was compiled as new editions, where it differs from what is published now."""
    one_at_a_time(files.LIBRARY)
    keep_sources(_sources(catalogue))
    newest = {course_key: newest_of(course_key) for course_key in catalogue.courses}
    done, blobs = [], dict[str, bytes]()
    for one in made:
        last = newest[one.course_key].get(one.variant)
        edition = None
        if one.compiled is not None:
            edition = add_edition(
                one.compiled.manifest,
                one.compiled.manifest_sha,
                last,
                revision_id=revision.id if revision else None,
                published_by=published_by,
            )
            if edition is not None:
                if (last.id if last else None) != one.last_id:
                    raise Conflict(N_("This was changed in another window. Please try again."))
                blobs |= one.compiled.blobs
                blobs[one.compiled.manifest_sha] = one.compiled.manifest_blob
        done.append(Published(one.course_key, one.variant, one.verdict, edition, one.problems))
    keep_blobs(blobs)  # before the editions, which name them
    db.session.flush()
    return done


def _catalogue_at(revision_id: int) -> Catalogue:
    return reader.read_files(files.at(revision_id))


def _step_from(last: Edition | None, catalogue_at: Callable[[int], Catalogue]) -> dict[str, Any]:
    """Return what the gate must know of the last edition: its manifest, and its files."""
    if last is None:
        return {}
    before = catalogue_at(last.revision_id) if last.revision_id else None
    return {"published": document(last.manifest_sha), "before": before}


def _sources(catalogue: Catalogue) -> dict[str, str]:
    return {
        segment.fingerprint: segment.words
        for course in catalogue.courses.values()
        for part in course.parts.values()
        for segment in segments.segments(part).values()
    }
