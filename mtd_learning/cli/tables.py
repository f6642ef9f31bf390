"""The database's history: whether the tables are current, and how they become so.

Alembic takes half a second to load, so it is loaded only when there is something to change.
"""

import logging
import re
from ast import literal_eval

from flask import Flask
from sqlalchemy import inspect, text

from mtd_learning.app import migrations_folder
from mtd_learning.base.db import db, expect_writing

_REVISION = re.compile(r"^(down_revision|revision)\b[^=\n]*=\s*(.+)", re.M)


def newest() -> set[str]:
    """Return the revisions to which no other one follows, read from the files themselves."""
    made: set[str] = set()
    followed: set[str] = set()
    for path in (migrations_folder() / "versions").glob("*.py"):
        for kind, written in _REVISION.findall(path.read_text("utf-8")):
            named = literal_eval(written)  # one name, several after a merge, or None
            names = [named] if isinstance(named, str) else named or ()
            (made if kind == "revision" else followed).update(names)
    return made - followed


def are_current() -> bool:
    """Say whether the database stands at the newest revision."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        found = connection.scalars(text("SELECT version_num FROM alembic_version"))
        return set(found) == newest()


def connect(app: Flask) -> Flask:
    """Return the app, ready for the commands of Flask-Migrate."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(migrations_folder()), render_as_batch=True)
    return app


def bring_up_to_date(app: Flask) -> None:
    """Make or change the tables, in the app's context."""
    if are_current():
        return
    from flask_migrate import upgrade

    logging.getLogger("alembic").setLevel(logging.WARNING)
    connect(app)
    expect_writing(True)
    upgrade()
