"""Examine an installation: does everything that the site leans on answer?"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.base.settings import Settings
from mtd_learning.library.models import Edition

LEAST_FREE = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and a sentence."""

    name: str
    well: bool
    sentence: str


def is_ready(settings: Settings) -> list[Finding]:
    """Return what a load balancer asks: database, tables, disk, content. Cheap."""
    return [_disk(settings.instance), *_database()]


def examine(settings: Settings, heads: set[str]) -> list[Finding]:
    """Return everything an operator should know; `heads` are the newest database versions."""
    found = is_ready(settings)
    if all(finding.well for finding in found):
        found += [_history(heads), _editions(), _jobs()]
    found.append(_mail(settings))
    return found


def _disk(instance: Path) -> Finding:
    free = shutil.disk_usage(instance).free
    words = f"{free // 2**20} MB free in {instance}"
    if free >= LEAST_FREE:
        return Finding("disk", True, words)
    return Finding("disk", False, f"only {words}: make room, 200 MB are needed")


def _database() -> Iterator[Finding]:
    try:
        db.session.execute(text("SELECT 1"))
        kind = db.engine.dialect.name
        yield Finding("database", True, f"{kind} answers")
        tables = db.session.scalar(select(func.count(Edition.id)))
        yield Finding(
            "content",
            bool(tables),
            f"{tables} editions published"
            if tables
            else "no edition is published: run `mtd content import` and `mtd content publish`",
        )
    except DBAPIError as error:
        db.session.rollback()
        yield Finding("database", False, f"the database does not answer: {error.orig}")


def _history(heads: set[str]) -> Finding:
    found = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    if found == heads:
        return Finding("tables", True, "the tables are up to date")
    return Finding("tables", False, "the tables are not up to date: run `mtd db upgrade`")


def _editions() -> Finding:
    pilots = db.session.scalar(select(func.count(Edition.id)).where(Edition.pilot.is_(True)))
    return Finding("editions", True, f"{pilots} of them pilot editions (facts not checked yet)")


def _jobs() -> Finding:
    lost = db.session.scalar(select(func.count(Job.id)).where(Job.given_up_at.is_not(None)))
    waiting = db.session.scalar(
        select(func.count(Job.id)).where(Job.done_at.is_(None), Job.given_up_at.is_(None))
    )
    return Finding("jobs", not lost, f"{waiting} waiting, {lost} given up")


def _mail(settings: Settings) -> Finding:
    if settings.mail_host:
        return Finding("mail", True, f"letters go to {settings.mail_host}:{settings.mail_port}")
    return Finding("mail", True, "no mail server is set: letters are written to the log")
