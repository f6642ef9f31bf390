"""Bring the folders `courses/` and `quizzes/` in and out of the database, byte for byte."""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, func, select

from mtd_learning.base import audit, clock
from mtd_learning.base.db import db, insert_or_ignore, one_at_a_time
from mtd_learning.errors import N_, Invalid
from mtd_learning.library.models import (
    ContentBlob,
    ContentFileHead,
    ContentFileRevision,
    ContentRevision,
)

MOST_NAMED = 20
LIBRARY = 1  # who brings in or publishes queues under this number


def blob_id(data: bytes) -> str:
    """Return git's id of a blob, so that "what differs" needs no git library."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def shipped() -> Path:
    """Return the folder that holds the shipped `courses/`, installed or in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_catalogue"
    return inside if inside.is_dir() else package.parent


def read(root: Path) -> dict[str, bytes]:
    """Return the files below `courses/` and `quizzes/` by their path, hidden ones left out.

    Refuses a folder in which something cannot be read.
    """
    # Not needed by a worker that serves pages.
    from mtd_learning.content import disk

    found, problems = disk.read(root)
    for problem in problems:
        raise Invalid(
            N_("%(path)s cannot be read: %(why)s"), path=problem.file, why=problem.sentence
        )
    return found


def signature(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Return names, sizes and times of the files, to notice that something changed."""
    from mtd_learning.content import disk

    rows = []
    for room in disk.ROOMS:
        for folder, _, files in os.walk(root / room):
            for name in files:
                path = os.path.join(folder, name)
                with suppress(OSError):  # an editor replaces files in this very moment
                    status = os.stat(path)
                    rows.append((path, status.st_size, status.st_mtime_ns))
    return tuple(sorted(rows))


def heads() -> dict[str, str]:
    """Return path and blob id of every present file."""
    rows = db.session.execute(select(ContentFileHead.path, ContentFileHead.sha))
    return {row.path: row.sha for row in rows}


def present() -> dict[str, bytes]:
    """Return every present file with its bytes."""
    rows = db.session.execute(
        select(ContentFileHead.path, ContentBlob.data)
        .join(ContentBlob, ContentBlob.sha == ContentFileHead.sha)
        .order_by(ContentFileHead.path)
    )
    return {row.path: row.data for row in rows}


def at(revision_id: int) -> dict[str, bytes]:
    """Return every file as it was at a revision."""
    latest = (
        select(
            ContentFileRevision.path, func.max(ContentFileRevision.revision_id).label("revision")
        )
        .where(ContentFileRevision.revision_id <= revision_id)
        .group_by(ContentFileRevision.path)
        .subquery()
    )
    rows = db.session.execute(
        select(ContentFileRevision.path, ContentBlob.data)
        .join(
            latest,
            (latest.c.path == ContentFileRevision.path)
            & (latest.c.revision == ContentFileRevision.revision_id),
        )
        .join(ContentBlob, ContentBlob.sha == ContentFileRevision.sha)
    )
    return {row.path: row.data for row in rows}


def latest_revision() -> ContentRevision | None:
    """Return the newest revision, or None while nothing was brought in."""
    return db.session.scalar(select(ContentRevision).order_by(ContentRevision.id.desc()).limit(1))


def bring_in(
    files: Mapping[str, bytes],
    *,
    message: str,
    author_id: int | None = None,
    origin: str = "import",
) -> ContentRevision | None:
    """Make `files` the present state; None when nothing differs."""
    one_at_a_time(LIBRARY)
    shas = {path: blob_id(data) for path, data in files.items()}
    before = heads()
    changed = {path: sha for path, sha in shas.items() if before.get(path) != sha}
    gone = sorted(set(before) - set(shas))
    if not changed and not gone:
        return None
    parent = db.session.scalar(select(ContentRevision.id).order_by(ContentRevision.id.desc()))
    revision = ContentRevision(
        parent_id=parent, author_id=author_id, message=message, at=clock.now(), origin=origin
    )
    db.session.add(revision)
    db.session.flush()
    insert_or_ignore(
        ContentBlob.__table__,
        [{"sha": sha, "data": files[path]} for path, sha in sorted(changed.items())],
    )
    _move_heads(revision.id, changed, gone)
    audit.note(
        "content.import",
        f"revision {revision.id}",
        actor_id=author_id,
        changed=len(changed),
        gone=len(gone),
    )
    db.session.flush()
    return revision


def _move_heads(revision_id: int, changed: Mapping[str, str], gone: Sequence[str]) -> None:
    """Note what a revision did to each file, and make that its present state."""
    for path in [*changed, *gone]:
        sha = changed.get(path)
        db.session.add(ContentFileRevision(path=path, revision_id=revision_id, sha=sha))
    db.session.execute(delete(ContentFileHead).where(ContentFileHead.path.in_([*changed, *gone])))
    db.session.add_all(
        ContentFileHead(path=path, revision_id=revision_id, sha=sha)
        for path, sha in changed.items()
    )


def write_out(root: Path) -> int:
    """Write every present file below `root`; return how many.

    Refuses a folder of courses that holds others: brought in again, it would bring them back.
    """
    # Not needed by a worker that serves pages.
    from mtd_learning.content import disk

    files = present()
    others = [name for name in disk.names(root) if name not in files]
    if others:
        raise Invalid(
            N_(
                "Nothing was written: the folder also holds %(paths)s. Remove what is gone, "
                "or name an empty folder."
            ),
            paths=", ".join(others[:MOST_NAMED]) + (" …" if len(others) > MOST_NAMED else ""),
        )
    for path, data in files.items():
        place = root / path
        if root.resolve() not in place.resolve().parents:
            raise Invalid(N_("%(path)s would be written outside the folder."), path=path)
        place.parent.mkdir(parents=True, exist_ok=True)
        put(place, data)
    return len(files)


def put(place: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: a full disk must not cost an author their text."""
    beside = place.with_name(f".{place.name}.new")
    try:
        beside.write_bytes(data)
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
