"""The database's history: up, down and up again on both databases, and equal to the models."""

import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, merge, revision, upgrade
from sqlalchemy import create_engine, inspect, select, text

from mtd_learning.app import create_app
from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.cli import tables
from mtd_learning.errors import Conflict, Unavailable
from mtd_learning.library import files
from mtd_learning.people.models import User
from tests.conftest import settings_for


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_site(request, tmp_path: Path):
    """Return a site on a database without any table."""
    url = ""
    if request.param == "postgresql":
        url = empty_database(request.getfixturevalue("postgres_url"))
    site = tables.connect(create_app(settings_for(tmp_path, url)))
    with site.app_context():
        expect_writing(True)
        yield site
        db.session.remove()
        db.engine.dispose()


def empty_database(server: str, options: str = "") -> str:
    """Return the address of a PostgreSQL database that was just made."""
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS history"))
        connection.execute(text(f"CREATE DATABASE history {options}"))
    admin.dispose()
    url = server.replace("/postgres?", "/history?")
    assert url != server
    return url


def found() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, db.metadata)


def test_the_history_leads_to_exactly_the_tables_of_the_models(empty_site: Flask):
    upgrade()
    assert found() - {"alembic_version"} == set(db.metadata.tables)
    assert differences() == []


def test_the_history_goes_down_to_nothing_and_up_again(empty_site: Flask):
    upgrade()
    downgrade(revision="base")
    assert found() == {"alembic_version"}
    upgrade()
    assert found() - {"alembic_version"} == set(db.metadata.tables)


def test_the_site_knows_whether_its_tables_are_current(empty_site: Flask):
    assert tables.found() != tables.newest()
    tables.bring_up_to_date(empty_site)
    assert tables.found() == tables.newest()
    downgrade(revision="base")
    assert tables.found() != tables.newest()


def add_a_revision(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program be newer than the tables."""
    shutil.copytree(files.shipped() / "migrations", folder / "migrations")
    monkeypatch.setattr(files, "shipped", lambda: folder)
    (last,) = tables.newest()
    words = f'revision = "next"\ndown_revision = "{last}"\n'
    steps = "def upgrade(): pass\ndef downgrade(): pass\n"
    (folder / "migrations" / "versions" / "next.py").write_text(words + steps)


def test_an_upgrade_keeps_a_copy_of_the_tables_as_they_were_or_changes_nothing(
    empty_site: Flask, tmp_path, monkeypatch, capsys
):
    tables.bring_up_to_date(empty_site)
    assert capsys.readouterr().err == "" and not list(tmp_path.glob("before-*"))
    (last,) = tables.newest()
    add_a_revision(tmp_path / "shipped", monkeypatch)
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(Conflict, match="run `mtd db upgrade`"):
            tables.bring_up_to_date(empty_site)
        assert tables.found() == {last}
        tables.connect(empty_site)
        upgrade()
        assert tables.found() == tables.newest()
        return
    copy = tmp_path / f"before-next-from-{last}.sqlite"
    copy.mkdir()
    with pytest.raises(Unavailable, match="Nothing was changed"):
        tables.bring_up_to_date(empty_site)
    assert tables.found() == {last}
    copy.rmdir()
    copy.write_text("of an upgrade that did not come to its end")
    tables.bring_up_to_date(empty_site)
    assert tables.found() == tables.newest() and str(copy) in capsys.readouterr().err
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(last,)]
        assert kept.execute('SELECT count(*) FROM "user"').fetchone() == (0,)


def test_tables_of_a_newer_program_are_refused_in_a_sentence_and_left_alone(
    empty_site: Flask, tmp_path
):
    tables.bring_up_to_date(empty_site)
    db.session.execute(text("UPDATE alembic_version SET version_num = 'of-tomorrow'"))
    db.session.commit()
    with pytest.raises(Conflict, match="newer than the program"):
        tables.bring_up_to_date(empty_site)
    assert tables.found() == {"of-tomorrow"} and not list(tmp_path.glob("before-*"))


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_keep_every_letter_is_refused_with_a_way_on(
    postgres_url, tmp_path, encoding
):
    options = f"TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
    site = create_app(settings_for(tmp_path, empty_database(postgres_url, options)))
    with site.app_context():
        with pytest.raises(Conflict, match=f"{encoding}.*createdb -E UTF8 -T template0"):
            tables.bring_up_to_date(site)
        assert found() == set()
        db.engine.dispose()


def test_a_revision_that_was_just_made_is_the_newest(tmp_path, monkeypatch):
    shutil.copytree(files.shipped() / "migrations", tmp_path / "migrations")
    monkeypatch.setattr(files, "shipped", lambda: tmp_path)
    (last,) = tables.newest()
    site = tables.connect(create_app(settings_for(tmp_path)))
    with site.app_context():
        revision(message="a table more", rev_id="first")
        assert tables.newest() == {"first"}
        revision(message="made at the same time", rev_id="second", head=last, splice=True)
        assert tables.newest() == {"first", "second"}
        merge(message="both", revisions="heads", rev_id="both")
        assert tables.newest() == {"both"}
    for path in (tmp_path / "migrations" / "versions").glob("*.py"):
        assert "revision = '" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "newest"),
    [
        ("revision = 'b'\ndown_revision = 'a'\n", {"b"}),
        ('revision: str = "b"\ndown_revision: str | None = "a"\n', {"b"}),
        ("revision = 'b'\ndown_revision = ('a', 'c')\n", {"b"}),
        ("revision = 'b'\ndown_revision = None  # a second beginning\n", {"a", "b"}),
    ],
)
def test_the_newest_revision_is_found_in_whichever_quotes_it_is_written(
    tmp_path, monkeypatch, written, newest
):
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    monkeypatch.setattr(files, "shipped", lambda: tmp_path)
    (versions / "a.py").write_text('revision = "a"\ndown_revision = None\n')
    (versions / "b.py").write_text(written)
    assert tables.newest() == newest


def test_for_people_of_before_the_time_since_their_last_visit_begins_with_the_upgrade(empty_site):
    upgrade(revision="0001")
    columns = "id, email, name, language, active, created_at"
    values = "1, 'vilma@example.org', 'Vilma', 'en', true, '2020-01-01 00:00:00'"
    db.session.execute(text(f'INSERT INTO "user" ({columns}) VALUES ({values})'))
    db.session.commit()
    upgrade()
    seen_at = db.session.scalar(select(User.seen_at))
    assert clock.now() - seen_at < timedelta(minutes=5)
