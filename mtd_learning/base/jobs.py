"""Work for later, kept in a table and written in the same commit as the deed."""

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import JSON, Select, Text, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from mtd_learning.base import clock
from mtd_learning.base.db import UTCDateTime, db, expect_writing, insert_or_ignore

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_TRIES = 20
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
"""Each pause is twice the one before, up to this: a letter outlives a mail server that is down for
almost three days."""

Handler = Callable[[dict[str, object]], None]
Outcome = Literal["done", "failed"]
_handlers: dict[str, Handler] = {}


class Job(db.Model):
    """One piece of work. It is safe to do twice: a worker may die after the deed."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    values: Mapped[dict[str, object]] = mapped_column(JSON)
    send_key: Mapped[str] = mapped_column(unique=True)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    given_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(Text)


def enqueue(
    kind: str,
    values: Mapping[str, object],
    *,
    not_before: datetime | None = None,
    send_key: str | None = None,
) -> None:
    """Put work on the table; a `send_key` that is there already adds nothing."""
    row = {
        "kind": kind,
        "values": dict(values),
        "send_key": send_key or uuid.uuid4().hex,
        "not_before": not_before or clock.now(),
        "tries": 0,
    }
    insert_or_ignore(Job.__table__, [row])


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def work_once() -> Outcome | None:
    """Do the next due job in an application context; say how it went, or None without one."""
    expect_writing(False)  # an idle worker looks every second and must not hold up writers
    due = db.session.scalar(_due(clock.now()).with_only_columns(Job.id))
    db.session.commit()
    expect_writing(True)
    job = _claim() if due is not None else None
    if job is None:
        return None
    job_id, kind, tries, values = job.id, job.kind, job.tries, dict(job.values)
    if tries > MOST_TRIES:
        # Its worker died each time, too fast to say why.
        _put_back(job_id, tries, "no worker came to the end of it")
        return "failed"
    try:
        _handlers[kind](values)
        db.session.execute(
            update(Job).where(Job.id == job_id).values(done_at=clock.now(), error=None, values={})
        )
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.exception("Job %s (%s) failed", job_id, kind)
        _put_back(job_id, tries, f"{type(error).__name__}: {error}")
        return "failed"
    return "done"


def _due(now: datetime) -> Select[Any]:
    return (
        select(Job)
        .where(
            Job.done_at.is_(None),
            Job.given_up_at.is_(None),
            Job.not_before <= now,
            or_(Job.leased_until.is_(None), Job.leased_until < now),
        )
        .order_by(Job.id)
        .limit(1)
    )


def _claim() -> Job | None:
    now = clock.now()
    # Skip-locked lets several PostgreSQL workers take different rows; SQLite ignores it,
    # where the write lock already lets only one worker choose at a time.
    job = db.session.scalar(_due(now).with_for_update(skip_locked=True))
    if job is None:
        db.session.rollback()
        return None
    job.leased_until = now + LEASE
    job.tries += 1
    db.session.commit()
    return job


def _put_back(job_id: int, tries: int, error: str) -> None:
    now = clock.now()
    given_up_at = now if tries >= MOST_TRIES else None
    db.session.execute(
        update(Job)
        # Another worker that took it over in the meantime keeps its lease.
        .where(Job.id == job_id, Job.tries == tries, Job.done_at.is_(None))
        .values(
            leased_until=None,
            not_before=now + min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE),
            error=error[:2000],
            given_up_at=given_up_at,
        )
    )
    db.session.commit()
