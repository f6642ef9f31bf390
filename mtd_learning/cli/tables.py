"""The database's history: whether the tables are current, and how they become so.

Alembic takes half a second to load, so it is loaded only when there is something to change.
"""

import logging
import re
import sqlite3
from ast import literal_eval
from contextlib import closing
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import inspect, text

from mtd_learning.app import migrations_folder
from mtd_learning.base.db import db, expect_writing, make_private_file
from mtd_learning.errors import Conflict, Unavailable

_REVISION = re.compile(r"^(down_revision|revision)\b[^=\n]*=\s*(.+)", re.M)


def newest() -> set[str]:
    """Return the revisions to which no other one follows."""
    made, followed = _history()
    return made - followed


def _history() -> tuple[set[str], set[str]]:
    """Return all revisions and those that another one follows, read from the files themselves."""
    made: set[str] = set()
    followed: set[str] = set()
    for path in (migrations_folder() / "versions").glob("*.py"):
        for kind, written in _REVISION.findall(path.read_text("utf-8")):
            named = literal_eval(written)  # one name, several after a merge, or None
            names = [named] if isinstance(named, str) else named or ()
            (made if kind == "revision" else followed).update(names)
    return made, followed


def found() -> set[str]:
    """Return the revisions at which the database stands; none in an empty one."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return set()
        return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def connect(app: Flask) -> Flask:
    """Return the app, ready for the commands of Flask-Migrate."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(migrations_folder()), render_as_batch=True)
    return app


def bring_up_to_date(app: Flask) -> None:
    """Make or change the tables, in the app's context; never those of a site without a copy."""
    before, after = found(), newest()
    if before == after:
        return
    if unknown := before - _history()[0]:
        raise Conflict(
            "The tables are newer than the program (%(revision)s). Start the version that made "
            "them, or put back the copy that was kept of them.",
            revision=", ".join(sorted(unknown)),
        )
    if before:
        _keep_a_copy(app.extensions["mtd"].settings.instance, before, after)
    else:
        _must_keep_every_letter()
    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    connect(app)
    expect_writing(True)
    upgrade()


def _must_keep_every_letter() -> None:
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise Conflict(
            "This database keeps letters as %(encoding)s, and no other than UTF8 has them all. "
            "Make a new one: createdb -E UTF8 -T template0 --locale=C NAME",
            encoding=encoding,
        )


def _keep_a_copy(folder: Path, before: set[str], after: set[str]) -> None:
    if db.engine.dialect.name != "sqlite":
        raise Conflict(
            "The tables are older than the program, and no copy of this database can be made "
            "here. Keep one (pg_dump), then run `mtd db upgrade`."
        )
    copy = folder / f"before-{'-'.join(sorted(after))}-from-{'-'.join(sorted(before))}.sqlite"
    new = copy.with_suffix(".new")
    try:
        new.unlink(missing_ok=True)
        make_private_file(new)  # SQLite writes into an empty file
        with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
            connection.execute("VACUUM INTO ?", (str(new),))
        new.replace(copy)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(
            "The tables are older than the program, and no copy could be made of them in "
            "%(folder)s (%(why)s). Nothing was changed.",
            folder=folder,
            why=error,
        ) from error
    click.echo(f"The tables are brought up to date. As they were: {copy}", err=True)
