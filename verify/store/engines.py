"""How a database is reached: a target's name, its engine, and what every connection is told before it may speak.

SQLAlchemy's events do the telling, so that Alembic and a test get the same connections as everybody else. On SQLite a transaction is opened
by ourselves: the driver would open none for DDL, and a half-made schema could not be rolled back.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from verify.errors import LedgerError
from verify.terminal import one_line

# What goes wrong while a connection is cleared away, as when a signal comes in just then, has its exception; it needs no traceback on stderr too.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())

LOCK_TIMEOUT = 30.0
"""Seconds that a writer waits for another one to finish."""
_STEP = 200
"""Milliseconds of one step of that wait."""

_WRITES = "verify_writes"
_WRITER_LOCK = 0x76726679
"""PostgreSQL's advisory lock of the one writer; SQLite has that lock by nature. The trail is a chain: two writers at once would fork it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a ledger is. `path` is its file, absolute, and None for PostgreSQL; `name` is for people and holds no password."""

    name: str
    path: Path | None
    url: URL | None = None


def target_of(target: str | Path) -> Target:
    """Read a path, `sqlite:///PATH` or `postgresql://...`. Raises LedgerError for anything else with `://`."""
    if isinstance(target, Path) or "://" not in target:
        return Target(str(target), Path(target).absolute())
    try:
        url = make_url(target)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(f"not the address of a database: {one_line(target.partition('@')[2] or target)}") from error
    kind = url.get_backend_name()
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise LedgerError("a ledger in memory is lost at once: name a file, sqlite:///PATH")
        return Target(url.database, Path(url.database).absolute())
    if kind in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
        return Target(url.set(drivername="postgresql").render_as_string(hide_password=True), None, url)
    raise LedgerError(f"a ledger is an SQLite file or a PostgreSQL database, not {one_line(kind)}")


def engine_of(target: Target, *, create: bool = False) -> Engine:
    """Give the engine of a target. `create` lets SQLite make the file."""
    if target.path is not None:
        return _sqlite(f"{target.path.as_uri()}?mode={'rwc' if create else 'rw'}", _begin_on_sqlite)
    assert target.url is not None  # noqa: S101 - one of the two is always there
    try:
        engine = create_engine(
            target.url,
            connect_args={"options": f"-c timezone=UTC -c lock_timeout={LOCK_TIMEOUT * 1000:.0f}", "connect_timeout": 10},
        )
    except (ImportError, NoSuchModuleError) as error:
        raise LedgerError("PostgreSQL needs a driver: pip install 'verify-claims[postgres]'") from error
    event.listen(engine, "begin", _begin_on_postgresql)
    return engine


def lockless_engine_of(path: Path, error: DBAPIError) -> Engine:
    """Give an engine that reads a file of SQLite's without locks, where `error` says that none can be made. Whoever writes is told of a disk that
    refused them as of that."""

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES) and _primary_code(error) == sqlite3.SQLITE_IOERR:
            raise error
        _begin_on_sqlite(connection)

    return _sqlite(f"{path.as_uri()}?mode=ro&immutable=1", begin)


def for_writing(engine: Engine) -> Connection:
    """Give a connection whose transactions are those of the one writer."""
    return engine.connect().execution_options(**{_WRITES: True})


def for_reading(engine: Engine) -> Connection:
    """Give a connection whose transactions see one state of the ledger and change nothing."""
    if engine.dialect.name == "sqlite":
        return engine.connect()
    return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(address: str, begin: Callable[[Connection], None]) -> Engine:
    def connect() -> sqlite3.Connection:
        # No isolation level: transactions are ours (see _begin_on_sqlite). The timeout is SQLite's busy_timeout, see _patiently.
        return sqlite3.connect(address, uri=True, timeout=_STEP / 1000, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # SQLite folds the case of ASCII only; searches look for words of every script.
    connection.create_function("casefold", 1, str.casefold, deterministic=True)


def _begin_on_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        _patiently(connection, _begin_to_write)
    else:
        _patiently(connection, _begin_to_read)


def _begin_to_read(connection: Connection) -> None:
    """Begin, and look: only then is there a state that is seen, and a lock to wait for. Where that fails, SQLAlchemy ends what was begun."""
    connection.exec_driver_sql("PRAGMA query_only = ON")
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").close()


def _begin_to_write(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA synchronous = FULL")
    try:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL").close()
    except OperationalError as error:
        # Two who create at once may both ask; the one refused writes in the mode it finds, and the next writer asks again.
        if _primary_code(error) != sqlite3.SQLITE_BUSY:
            raise
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _patiently(connection: Connection, begin: Callable[[Connection], None]) -> None:
    """Begin, waiting for others in short steps: SQLite's own wait cannot be interrupted, and Ctrl-C would go unheard."""
    deadline = time.monotonic() + LOCK_TIMEOUT
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_STEP}")
    while True:
        try:
            begin(connection)
        except OperationalError as error:
            if _primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        else:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOCK_TIMEOUT * 1000:.0f}")
            return


def _primary_code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF


def _begin_on_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
