"""The database handle: write locks, UTC times, rows that are there already, foreign keys."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from mtd_learning.base import clock
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import begin_writing, db, expect_writing, insert_or_ignore, tune
from mtd_learning.learning.models import BlockState, Enrolment
from tests.conftest import at_once


def state(key: str, rev: int = 1) -> dict[str, object]:
    return {"user_id": 1, "block_key": key, "fields": "{}", "rev": rev, "updated_at": clock.now()}


def somebody_else_may_write() -> bool:
    """Say whether another process could begin to write at this moment."""
    if db.engine.dialect.name != "sqlite":
        return True  # PostgreSQL locks rows, not the file
    other = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


def count_up(times: int) -> None:
    expect_writing(True)
    for _ in range(times):
        chosen = select(BlockState.rev).where(BlockState.block_key == "n")
        seen = db.session.execute(chosen.with_for_update()).one().rev
        db.session.execute(BlockState.__table__.update().values(rev=seen + 1))
        db.session.commit()


def test_two_threads_that_count_to_200_each_lose_nothing_and_are_never_locked_out(app):
    db.session.execute(BlockState.__table__.insert(), state("n", rev=0))
    db.session.commit()
    at_once(app, count_up, [200, 200])
    assert db.session.scalar(select(BlockState.rev)) == 400


def test_a_request_that_reads_takes_no_write_lock(app):
    expect_writing(False)
    db.session.scalar(select(BlockState.rev))
    assert somebody_else_may_write()


def test_a_request_that_writes_takes_the_lock_with_its_first_statement(app):
    db.session.scalar(select(BlockState.rev))
    assert somebody_else_may_write() == (db.engine.dialect.name != "sqlite")


def test_a_reading_request_may_turn_into_a_writing_one(app):
    expect_writing(False)
    db.session.scalar(select(BlockState.rev))
    begin_writing()
    assert insert_or_ignore(BlockState.__table__, [state("a")]) == 1
    db.session.commit()


def test_beginning_to_write_twice_keeps_what_was_written(app):
    begin_writing()
    insert_or_ignore(BlockState.__table__, [state("a")])
    begin_writing()
    assert db.session.scalar(select(BlockState.rev)) == 1


def test_sqlite_runs_with_a_log_full_safety_and_foreign_keys_and_overwrites_what_goes(app):
    if db.engine.dialect.name == "sqlite":
        said = [
            db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
        assert said == ["wal", 2, 1, 1]


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_new_sqlite_database_and_its_log_are_read_by_their_owner_only(tmp_path):
    new = create_engine(f"sqlite:///{tmp_path / 'new.sqlite'}")
    tune(new)
    with new.connect() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
        connection.commit()
        names = ("new.sqlite", "new.sqlite-shm", "new.sqlite-wal")
        assert modes(tmp_path) == dict.fromkeys(names, 0o600)
    new.dispose()


def test_the_mode_of_a_database_that_is_there_stays(tmp_path):
    path = tmp_path / "old.sqlite"
    path.touch()
    path.chmod(0o640)
    old = create_engine(f"sqlite:///{path}")
    tune(old)
    with old.connect():
        pass
    old.dispose()
    assert modes(tmp_path) == {"old.sqlite": 0o640}


def test_a_database_in_memory_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for address in ("sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"):
        passing = create_engine(address)
        tune(passing)
        with passing.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
        passing.dispose()
    assert modes(tmp_path) == {}


def test_a_connection_whose_server_went_away_is_not_handed_out(postgres_url):
    address = make_url(postgres_url).set(drivername="postgresql+psycopg")
    kept, other = create_engine(address), create_engine(address)
    tune(kept)
    with kept.connect() as one, kept.connect() as two:
        gone = {each.scalar(text("SELECT pg_backend_pid()")) for each in (one, two)}
    with other.connect() as connection:
        for pid in gone:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with kept.connect() as one, kept.connect() as two:
        new = {each.scalar(text("SELECT pg_backend_pid()")) for each in (one, two)}
    assert len(new) == 2 and not new & gone
    kept.dispose()
    other.dispose()


def test_no_statement_stays_prepared_on_a_connection_that_pgbouncer_gives_to_others(app):
    if db.engine.dialect.name == "postgresql":
        for number in range(9):
            db.session.scalar(select(BlockState.rev).where(BlockState.rev == number))
        assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


def test_a_row_that_points_nowhere_is_refused(app):
    db.session.add(Enrolment(user_id=999, course_key="tiny", joined_at=clock.now()))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_time_without_a_zone_is_refused(app):
    db.session.add(AuditLine(at=datetime(2026, 1, 1), verb="x", thing="y"))
    with pytest.raises(StatementError, match="without a zone"):
        db.session.flush()


def test_a_time_comes_back_in_utc_whatever_its_zone_was(app):
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    db.session.add(AuditLine(at=noon, verb="x", thing="y"))
    db.session.commit()
    db.session.expire_all()
    kept = db.session.scalar(select(AuditLine.at))
    assert kept == datetime(2026, 1, 1, 10, tzinfo=UTC) and kept.tzinfo is UTC


def test_rows_that_are_there_already_are_left_and_the_new_ones_counted(app):
    assert insert_or_ignore(BlockState.__table__, [state(f"k{n}") for n in range(150)]) == 150
    assert insert_or_ignore(BlockState.__table__, [state(f"k{n}", 7) for n in range(250)]) == 100
    assert insert_or_ignore(BlockState.__table__, []) == 0
    first = select(BlockState.rev).where(BlockState.block_key == "k0")
    assert db.session.scalar(first) == 1
