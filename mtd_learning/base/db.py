"""The database handle, UTC times, and the settings that SQLite and PostgreSQL need."""

import logging
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from select import POLLIN, poll
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CursorResult,
    DateTime,
    Dialect,
    Executable,
    MetaData,
    Table,
    event,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.types import TypeDecorator

log = logging.getLogger(__name__)

# Named constraints, so that a migration can drop them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Handed-out objects stay readable after a commit: a view commits and then renders.
db = SQLAlchemy(
    metadata=MetaData(naming_convention=NAMING), session_options={"expire_on_commit": False}
)

_writing: ContextVar[bool] = ContextVar("mtd_writing", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so we put UTC back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def expect_writing(writing: bool) -> None:
    """Say whether transactions of this request or job will write.

    On SQLite a writing transaction takes the write lock when it begins: a read snapshot
    cannot be upgraded later, and would be refused at once as "database is locked".
    """
    _writing.set(writing)


def begin_writing() -> None:
    """End the reading transaction; the next statement opens a writing one.

    For a reading request that has to note something (the first opening of a unit). Nothing
    may be pending in the session.
    """
    if not _writing.get():
        db.session.rollback()
        _writing.set(True)


def let_go() -> None:
    """Drop whatever this request had begun; the next statement begins anew.

    A server that goes away in this very moment takes nobody's page that is made already.
    """
    try:
        db.session.remove()
    except DBAPIError as error:
        log.warning("A connection broke when it was given back: %s", error.orig)
        db.session.registry.clear()


def execute(statement: Executable, values: Any = None, **options: Any) -> CursorResult[Any]:
    """Run a statement on columns, in the session's transaction.

    For the statements of every page: the session's own `execute` looks for mapped classes
    first, a sixth of what a small SELECT costs, and to ask it for its connection each time is
    another sixth. Nothing pending is flushed before it.
    """
    session = db.session()
    connection = session.info.get("connection")
    if connection is None or connection.closed:  # a transaction's connection ends with it
        connection = session.info["connection"] = session.connection()
    found: CursorResult[Any] = connection.execute(statement, values, **options)
    return found


def insert_or_ignore(table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are not there yet; return how many were new.

    All rows name the same columns.
    """
    if not rows:
        return 0
    new = _ignoring(dialect(), table)
    # Without this option psycopg's count is thrown away with the cursor.
    options = {"preserve_rowcount": True}
    return execute(new, [dict(row) for row in rows], execution_options=options).rowcount


def dialect() -> str:
    """Return `sqlite` or `postgresql`."""
    return db.session.get_bind().dialect.name


def one_at_a_time(*numbers: int) -> None:
    """Wait until no other transaction stands in one of these queues; leave them at its end.

    On SQLite a writing transaction is alone already. On PostgreSQL two could look at the same
    moment, and both act on what they saw.
    """
    if dialect() == "postgresql":
        for number in sorted(numbers):  # in one order, or two could wait for each other
            db.session.execute(select(func.pg_advisory_xact_lock(number)))


def insert_into(table: Table, name: str) -> Any:
    """Return an insert of this dialect, which can say what to do about a row that is there."""
    if name == "sqlite":
        return sqlite.insert(table)
    # Loaded where it is used: it would make every start on SQLite slower.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


@cache
def _ignoring(name: str, table: Table) -> Any:
    return insert_into(table, name).on_conflict_do_nothing()


def tune(engine: Engine) -> None:
    """Give an SQLite engine write-ahead logging, foreign keys and immediate write locks.

    A database that it makes can be read by its owner only. One of PostgreSQL hands out no
    connection whose server has gone away.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkout", _on_checkout)
        return
    event.listen(engine, "do_connect", _open)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "checkin", _on_checkin)
    event.listen(engine, "begin", _on_begin)


def make_private_file(path: str | Path) -> None:
    """Make an empty file that only its owner may read; FileExistsError when there is one."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _open(dialect: Dialect, record: Any, args: Sequence[str], options: Any) -> Any:
    """Open a database; as it lies on the disk, where no log can be made beside it.

    So lessons are read in a folder that is read-only, and on a disk that is full.
    """
    path = args[0]
    if not os.path.isabs(path):
        return None  # a database in memory, or a URI, which says itself how to open it
    # SQLite gives the files beside it (-wal, -shm) the same mode.
    with suppress(OSError):  # there already; or SQLite says better what is wrong
        make_private_file(path)
    connection = dialect.connect(*args, **options)
    record.info["only_reads"] = not os.access(path, os.W_OK)
    try:
        connection.execute("PRAGMA schema_version")  # the first look opens the log
    except sqlite3.OperationalError as error:
        is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        if not is_busy and not _is_newest_in_log(path):
            connection.close()
            record.info["only_reads"] = True
            uri = f"{Path(path).as_uri()}?mode=ro&immutable=1"
            return dialect.connect(uri, **options, uri=True)
    return connection


def _is_newest_in_log(path: str) -> bool:
    try:
        return os.path.getsize(f"{path}-wal") > 0
    except OSError:
        return False


def _on_connect(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _on_begin
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # a deleted note shall not stay in the file
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError:
        pass  # A read-only file keeps its mode; lessons stay readable.
    cursor.close()


def _on_checkin(connection: sqlite3.Connection | None, record: Any) -> None:
    if record.info.get("only_reads"):
        record.invalidate()  # the next page may be able to save


def _on_checkout(connection: Any, record: Any, proxy: Any) -> None:
    # Nobody has asked it anything, so whatever its server says is a farewell. This look costs
    # no round trip, as a ping does.
    look = poll()
    look.register(connection.fileno(), POLLIN)
    if look.poll(0):
        raise InvalidatePoolError("The server has gone away.")


def _on_begin(connection: Connection) -> None:
    if _writing.get():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # It touches no file, so it cannot fail, and needs none of what is done for a statement.
        cast(sqlite3.Connection, connection.connection.driver_connection).execute("BEGIN")
