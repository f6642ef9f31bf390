"""From files to editions: read, check, compile and keep every variant whose gate allows it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from mtd_learning.content import check, compile, gate, reader, segments
from mtd_learning.library import files
from mtd_learning.library.models import ContentRevision
from mtd_learning.library.service import Published, Translate, add_edition, keep_sources


def bring_and_publish(
    root: Path,
    *,
    message: str,
    today: date,
    translate: Translate,
    author_id: int | None = None,
    origin: str = "import",
) -> tuple[list[Published], list[Any]]:
    """Bring a folder in and publish what changed; return what happened and every problem.

    With an error in any file nothing is brought in: the site keeps its last editions.
    """
    found = files.read(root)
    catalogue = reader.read_files(found)
    problems = check.check(catalogue, today)
    if any(problem.severity == "error" for problem in problems):
        return [], problems
    revision = files.bring_in(found, message=message, author_id=author_id, origin=origin)
    published = publish(
        catalogue, today=today, translate=translate, revision=revision, published_by=author_id
    )
    return published, problems


def publish(
    catalogue: Any,
    *,
    today: date,
    translate: Translate,
    revision: ContentRevision | None = None,
    published_by: int | None = None,
    courses: Iterable[str] | None = None,
) -> list[Published]:
    """Compile every variant of the courses and keep those that changed as new editions.

    A variant whose gate is closed keeps its last edition; one whose gate is closed only by
    unchecked facts or missing translations becomes a pilot edition.
    """
    done = []
    for course_key in sorted(courses if courses is not None else catalogue.courses):
        for variant in catalogue.course(course_key).variants():
            problems = gate.problems(catalogue, course_key, variant, today)
            verdict = gate.verdict(problems)
            edition = None
            if verdict != "closed":
                made = compile.compile_variant(
                    catalogue,
                    course_key,
                    variant,
                    pilot=verdict == "pilot",
                    today=today,
                    translate=translate,
                )
                edition = add_edition(
                    made.manifest,
                    made.manifest_sha,
                    made.blobs,
                    revision_id=revision.id if revision else None,
                    published_by=published_by,
                )
            done.append(Published(str(variant), verdict, edition, tuple(problems)))
        keep_sources(segments.sources(catalogue, course_key))
    return done
