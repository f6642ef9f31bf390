"""Examine an installation: does everything that the site leans on answer?"""

import logging
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from mtd_learning import ages, plugins
from mtd_learning.base import clock, mail
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.jobs import Job
from mtd_learning.base.settings import Settings, is_only_here
from mtd_learning.library import service as library
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
        found += [_saving(), _history(heads), _editions(), _facts(clock.today()), _jobs()]
    found += [_address(settings), _contact(settings), _mail(settings), _plugins()]
    return found


def _disk(instance: Path) -> Finding:
    try:
        free = shutil.disk_usage(instance).free
    except OSError as error:
        return Finding("disk", False, f"{instance} cannot be looked at: {error.strerror}")
    words = f"{free // 2**20} MB free in {instance}"
    if free >= LEAST_FREE:
        return Finding("disk", True, words)
    return Finding("disk", False, f"only {words}: make room, 200 MB are needed")


def _database() -> list[Finding]:
    try:
        published = db.session.scalar(select(func.count(Edition.id)))
    except SQLAlchemyError as error:
        db.session.rollback()
        why = " ".join(str(getattr(error, "orig", error)).split())
        words = f"it does not answer, or has no tables yet (`mtd init` makes them): {why}"
        return [Finding("database", False, words)]
    words = f"{published} editions published"
    if not published:
        words = "no edition is published: run `mtd content import` and `mtd content publish`"
    return [
        Finding("database", True, f"{db.engine.dialect.name} answers"),
        Finding("content", bool(published), words),
    ]


def _saving() -> Finding:
    """Say whether anything can be saved; nothing is."""
    expect_writing(True)
    try:
        db.session.execute(update(Edition).where(Edition.id == -1).values(number=Edition.number))
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", error)).split())
        return Finding("saving", False, f"lessons can be read, but nothing is saved: {why}")
    finally:
        db.session.rollback()
        expect_writing(False)
    return Finding("saving", True, "what people do can be saved")


def _history(heads: set[str]) -> Finding:
    try:
        found = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        db.session.rollback()
        found = set()  # made by something else than our migrations
    if found == heads:
        return Finding("tables", True, "the tables are up to date")
    # Not `mtd db upgrade`, which makes no copy of them.
    return Finding("tables", False, "they are not those of this program: run `mtd init`")


def _plugins() -> Finding:
    plugins.load(plugins.QUESTIONS)  # those of the site were let in at the start
    waits = f"; nobody is forgotten without {', '.join(gone)}" if (gone := plugins.absent()) else ""
    if not plugins.broken:
        return Finding("plugins", True, f"no plugin is broken{waits}")
    said = "; ".join(f"{name} ({why})" for name, why in plugins.broken.items())
    return Finding("plugins", False, f"left out: {said}{waits}")


def _editions() -> Finding:
    pilots = db.session.scalar(select(func.count(Edition.id)).where(Edition.pilot.is_(True)))
    return Finding("editions", True, f"{pilots} of them pilot editions (facts not checked yet)")


def warn_of_facts(today: date) -> None:
    """Write into the log which numbers and rules of countries are to be checked again."""
    if said := _to_check(today):
        logging.getLogger(__name__).warning("%s", said)


def _facts(today: date) -> Finding:
    # As with what nobody checked yet: a country mends it, not the operator.
    words = _to_check(today) or "no number or rule of a country is to be checked again"
    return Finding("facts", True, words)


def _to_check(today: date) -> str:
    """Name the facts of countries that are read now and were checked long ago, if there are any."""
    named: dict[str, set[str]] = defaultdict(set)
    for edition in library.editions_now():
        manifest = library.document(edition.manifest_sha)
        for name, fact in manifest["facts"].items() if manifest["country"] else ():
            whose = manifest["org" if "owner" in fact else "country"]
            named[ages.state_now(fact, today)].add(f"{whose} {name}")
    words = {"old": "checked too long ago", "aging": "to be checked again soon"}
    said = [f"{words[state]}: {', '.join(sorted(named[state]))}" for state in words if named[state]]
    return "; ".join(said)


def _jobs() -> Finding:
    lost = db.session.scalar(select(func.count(Job.id)).where(Job.given_up_at.is_not(None)))
    waiting = db.session.scalar(
        select(func.count(Job.id)).where(Job.done_at.is_(None), Job.given_up_at.is_(None))
    )
    failing = db.session.scalar(
        select(func.count(Job.id)).where(
            Job.error.is_not(None), Job.done_at.is_(None), Job.given_up_at.is_(None)
        )
    )
    why = "; the log says why: look for `failed`" if lost or failing else ""
    words = f"{waiting} waiting, {failing} of them failed before, {lost} given up{why}"
    return Finding("jobs", not lost, words)


def _address(settings: Settings) -> Finding:
    if settings.base_url and not is_only_here(settings.base_url):
        return Finding("address", True, f"letters and certificates lead to {settings.base_url}")
    is_tried_out = not settings.mail_host and settings.host in ("127.0.0.1", "::1", "localhost")
    return Finding(
        "address",
        is_tried_out,
        "no public address is set: certificates and letters lead to this machine only. "
        "Set MTD_BASE_URL to the address that people type",
    )


def _contact(settings: Settings) -> Finding:
    if settings.contact:
        return Finding("contact", True, f"the page on privacy names {settings.contact}")
    is_public = bool(settings.base_url) and not is_only_here(settings.base_url)
    words = "the page on privacy names nobody to write to. Set MTD_CONTACT to a name and an address"
    return Finding("contact", not is_public, words)


def _mail(settings: Settings) -> Finding:
    if not settings.mail_host:
        return Finding("mail", True, "no mail server is set: letters are written to the log")
    where = f"{settings.mail_host}:{settings.mail_port}"
    try:
        mail.server(settings).quit()
    except (OSError, ValueError) as error:
        return Finding("mail", False, f"{where} takes no letters: {error}")
    return Finding("mail", True, f"letters go to {where}")
