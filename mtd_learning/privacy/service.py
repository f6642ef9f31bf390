"""What is kept of people goes: in its time by a daily job or `mtd tidy`, or at their own wish."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from mtd_learning import plugins
from mtd_learning.base import audit, clock, jobs
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import begin_writing, db, dialect, expect_writing
from mtd_learning.base.jobs import Job
from mtd_learning.base.settings import Settings
from mtd_learning.blocks.services import BLOCK_FILES, folders_of_learners
from mtd_learning.certification.models import Certificate
from mtd_learning.learning.models import Enrolment
from mtd_learning.people.models import Invitation, User
from mtd_learning.privacy.rows import (
    WITH_ACCOUNT,
    WITH_ENROLMENT,
    Rows,
    empty_accounts,
    letters_to,
    take_the_name_away,
)
from mtd_learning.privacy.schedule import SCHEDULE

BATCH = 500  # nobody shall wait long for the write lock
COPIES_KEPT = timedelta(days=30)  # of the database, made before an upgrade of its tables


def due(settings: Settings) -> dict[str, int]:
    """Return, for each purpose that has rows, how many are due; change nothing."""
    counts: Counter[str] = Counter()
    for name, rows, before in _schedule(settings):
        counts[name] += rows.count(before)
    return dict(counts)


def tidy(settings: Settings) -> dict[str, int]:
    """Let go of a batch of what is due; return how many rows of which purpose.

    The caller commits and asks again until nothing is returned. Nothing may be pending in the
    session before.
    """
    expect_writing(False)  # looking takes longer than deleting, and must not hold up writers
    found = [
        (name, rows, before, keys)
        for name, rows, before in _schedule(settings)
        # An account is emptied when all are there who may keep something about its holder.
        if not (rows.clear is empty_accounts and plugins.absent())
        and (keys := rows.keys(before, BATCH))
    ]
    begin_writing()
    counts: Counter[str] = Counter()
    for name, rows, before, keys in found:
        counts[name] += rows.let_go(keys, before)
    counts = +counts  # another worker may have been there first
    if counts:
        audit.note("privacy.tidy", "what was due", **counts)
        db.session.flush()
    return dict(counts)


def what_is_kept(user_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many rows of which table go with an account, and how many stay without a name."""
    of_person = Enrolment.user_id == user_id
    mine = select(Enrolment.id).where(of_person)
    finished = Enrolment.completed_at.is_not(None)
    address = db.session.scalar(select(User.email).where(User.id == user_id))
    goes = {
        Enrolment: and_(of_person, ~finished),
        **{model: model.user_id == user_id for model in WITH_ACCOUNT},
        **{model: model.enrolment_id.in_(mine) for model in WITH_ENROLMENT},
        Invitation: Invitation.email == address,
        Job: letters_to([address or ""]),
    }
    stays = {Certificate: Certificate.holder_id == user_id, Enrolment: and_(of_person, finished)}
    return _counted(goes), _counted(stays)


def forget(user_id: int, *, actor_id: int | None = None) -> None:
    """Empty an account at once, at its holder's wish, as the schedule does after its time."""
    empty_accounts(User.id == user_id)
    audit.note("privacy.forget", f"user {user_id}", actor_id=actor_id)
    jobs.enqueue("tidy", {}, send_key=f"tidy:forgotten {user_id}")  # wipes what was deleted


def unname(number: str) -> bool:
    """Take the name off a certificate at its holder's wish, as the schedule does after its time;
    say whether there was one to take."""
    found = Certificate.number == number
    if not take_the_name_away(and_(found, Certificate.holder_name_snapshot.is_not(None))):
        return False
    audit.note("certificate.unname", number)
    jobs.enqueue("tidy", {}, send_key=f"tidy:unnamed {number}")
    return True


def wipe(instance: Path) -> None:
    """Let nobody read in files what is deleted: empty SQLite's write-ahead log, delete old copies
    made before an upgrade, and what blocks wrote for people who have left. Nothing may be pending.
    """
    if dialect() == "sqlite":
        # A connection of its own: ours wait for locks longer, and would hold up writers.
        with closing(sqlite3.connect(str(db.engine.url.database), timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or tomorrow, if it is busy
    oldest = (clock.now() - COPIES_KEPT).timestamp()
    for copy in instance.glob("before-*-from-*.sqlite"):
        if copy.stat().st_mtime <= oldest:
            copy.unlink()
    folders = folders_of_learners(instance / BLOCK_FILES)
    gone = select(User.id).where(User.id.in_(folders), User.forgotten_at.is_not(None))
    for user_id in db.session.scalars(gone):
        for folder in folders[user_id]:
            rmtree(folder)


def personal_data(user_id: int, instance: Path) -> dict[str, Any]:
    """Return who did what to a person and what they did, the letters that wait for them, and the
    names of the files that blocks wrote for them."""
    folders = folders_of_learners(instance / BLOCK_FILES).get(user_id, [])
    lines = select(AuditLine).where(
        or_(AuditLine.actor_id == user_id, AuditLine.thing == f"user {user_id}")
    )
    address = db.session.scalar(select(User.email).where(User.id == user_id))
    letters = select(Job).where(letters_to([address or ""]))
    return {
        "deeds": [
            {
                "at": one.at.isoformat(),
                "by_you": one.actor_id == user_id,
                "verb": one.verb,
                "thing": one.thing,
                "details": one.details,
            }
            for one in db.session.scalars(lines.order_by(AuditLine.id))
        ],
        "letters": [
            {
                "letter": one.values.get("template"),
                "not_before": one.not_before.isoformat(),
                "given_up_at": one.given_up_at.isoformat() if one.given_up_at else None,
            }
            for one in db.session.scalars(letters.order_by(Job.id))
        ],
        "files": sorted(
            str(file.relative_to(folder))
            for folder in folders
            for file in folder.rglob("*")
            if file.is_file()
        ),
    }


def personal_data_of_plugins(user_id: int) -> dict[str, Any]:
    """Return what each plugin keeps about a person, by the plugin's name; `not_loaded` names those
    that could not be asked."""
    kept = {
        name: plugin.personal_data(user_id)
        for name, plugin in plugins.load(plugins.SITE).items()
        if isinstance(plugin, plugins.KeepsPersonalData)
    }
    absent = plugins.absent()
    return kept | {"not_loaded": absent} if absent else kept


def _schedule(settings: Settings) -> Iterator[tuple[str, Rows, datetime]]:
    now = clock.now()
    for purpose in SCHEDULE:
        before = purpose.period(settings).before(now)
        for rows in purpose.rows:
            yield rows.name or purpose.name, rows, before


def _counted(rows: Mapping[type[Any], ColumnElement[bool]]) -> dict[str, int]:
    return {
        model.__tablename__: db.session.scalar(select(func.count()).select_from(model).where(where))
        or 0
        for model, where in rows.items()
    }
