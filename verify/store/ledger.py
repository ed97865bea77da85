"""A ledger is opened here, and here its transactions begin and end.

Opening looks at the marks of the schema with plain SQL: Alembic is only imported when a database is made, upgraded or not understood.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from verify.errors import LedgerError, NoLedgerError
from verify.terminal import one_line

from . import journal, schema
from .engines import Target, engine_of, for_reading, for_writing, lockless_engine_of, target_of
from .faults import in_words, sqlite_code
from .migrate import known_revisions, upgrade_to_head

_NO_LOCK_FILE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)


class Ledger:
    """An open ledger. Connections are given out for a `with` block each, and are not to be kept."""

    def __init__(self, target: Target, engine: Engine) -> None:
        self.name = target.name
        self.path = target.path
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """See one state of the ledger, whatever others write meanwhile. Raises LedgerError."""
        with self._damage_told(), in_words(self.name, self.path), for_reading(self._engine) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write alone: all is kept when the block ends, nothing when it is left by an exception. Raises LedgerError, and RuntimeError where a
        change was made of which no event of the trail tells."""
        with (
            self._damage_told(),
            in_words(self.name, self.path),
            for_writing(self._engine) as connection,
            connection.begin(),
            journal.kept(connection),
        ):
            yield connection

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        """Let an error that nobody expects pass as the bug that it is, unless the ledger is damaged."""
        try:
            yield
        except (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError) as error:
            from .damage import damage_of

            with in_words(self.name, self.path), for_reading(self._engine) as connection, connection.begin():
                finding = damage_of(connection)
            if not finding:
                raise
            raise LedgerError(
                f"{one_line(self.name)} is damaged, or was changed behind its back: {finding}\n`verify trail verify` says more"
            ) from error


@contextmanager
def open_ledger(target: str | Path, *, create: bool = False) -> Iterator[Ledger]:
    """Open the ledger at a path, `sqlite:///PATH` or `postgresql://...`; with `create`, make it where there is none.

    Raises LedgerError when there is none, when it is not ours, of another version, damaged, or out of reach.
    """
    place = target_of(target)
    with reached(place, create=create) as (engine, version):
        accept(_made(engine, place) if version is None and create else version, place)
        yield Ledger(place, engine)


@contextmanager
def filling(place: Target) -> Iterator[Connection]:
    """Write to a ledger that is made where there is none, without a journal: what is written brings its own trail. All is kept when the block ends,
    the schema with it; nothing when it is left by an exception. Raises LedgerError as `open_ledger` does."""
    with (
        reached(place, create=True) as (engine, _),
        in_words(place.name, place.path),
        for_writing(engine) as connection,
        connection.begin(),
    ):
        accept(_made_in(connection, place), place)
        yield connection


@contextmanager
def reached(place: Target, *, create: bool = False) -> Iterator[tuple[Engine, str | None]]:
    """Give the engine of a database and its `schema_version`, whatever that is. Nothing is written before the marks were looked at: a writer
    would first of all switch a foreign database to a write-ahead log. Raises LedgerError when it is out of reach or not ours."""
    if place.path is not None:
        _look_at(place, place.path, create=create)
    engine = engine_of(place, create=create)
    try:
        with in_words(place.name, place.path):
            try:
                version = _version(engine, place)
            except UnicodeDecodeError as error:
                raise LedgerError(f"{one_line(place.name)} is damaged: its schema is no text\ngo back to a backup") from error
            except DBAPIError as error:
                engine.dispose()
                engine = _without_locks(place, error)
                version = _version(engine, place)
        yield engine, version
    finally:
        engine.dispose()


def schema_version(connection: Connection, place: Target) -> str | None:
    """Read the marks of the schema: its revision, "" before the first, None for a database with nothing in it.

    Raises LedgerError for the database of another program.
    """
    if connection.dialect.name == "sqlite":
        marks = "SELECT application_id, count(name), coalesce(sum(name = 'alembic_version'), 0) FROM pragma_application_id LEFT JOIN sqlite_master"
        mark, things, versioned = connection.exec_driver_sql(marks).one()
        ours, empty = mark == schema.APPLICATION_ID and versioned == 1, mark == 0 and things == 0
    else:
        ours = connection.exec_driver_sql(
            "SELECT to_regclass('claims') IS NOT NULL AND to_regclass('alembic_version') IS NOT NULL"
        ).scalar()
        tables = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace = current_schema()::regnamespace"
        empty = connection.exec_driver_sql(tables).scalar() == 0
    if ours:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or ""
    if empty:
        return None
    raise LedgerError(
        f"{one_line(place.name)} is the database of another program: it was not touched\nname a ledger with --db or VERIFY_DB"
    )


def accept(version: str | None, place: Target, *, older: bool = False) -> None:
    """Let pass the schema that we know, and an `older` one for those who upgrade it. Raises LedgerError that says what to do with any other."""
    if version == schema.HEAD:
        return
    if version is None:
        raise no_ledger(place)
    name = one_line(place.name)
    if version not in known_revisions():
        raise LedgerError(
            f"{name} has a schema that this verify does not know ({one_line(version)}): a newer verify made it\nit was not touched"
        )
    if not older:
        raise LedgerError(f"{name} has an older schema ({one_line(version) or 'none'}): run `verify db upgrade`")


def no_ledger(place: Target) -> NoLedgerError:
    """The error of a reader who comes before the first ingest."""
    return NoLedgerError(f"no ledger at {one_line(place.name)} yet: `verify ingest FILE` makes one")


def _look_at(place: Target, path: Path, *, create: bool) -> None:
    """Refuse what is plainly no file of ours. Never opens it: closing a second handle would drop the locks of SQLite's own."""
    name = one_line(place.name)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if not create:
            raise no_ledger(place) from None
        if not path.parent.is_dir():
            raise LedgerError(f"no ledger can be made at {name}: there is no folder {one_line(str(path.parent))}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise LedgerError(f"{name} cannot be opened: {one_line(why).lower()}") from error
    else:
        if stat.S_ISDIR(mode):
            raise LedgerError(f"{name} is a folder, not a ledger\nname a file in it")
        if not stat.S_ISREG(mode):
            raise LedgerError(f"{name} is no regular file, so it cannot be a ledger")


def _version(engine: Engine, place: Target) -> str | None:
    with for_reading(engine) as connection, connection.begin():
        return schema_version(connection, place)


def _without_locks(place: Target, error: DBAPIError) -> Engine:
    """Give an engine for a file that SQLite cannot read because no lock file can be made beside it: one that is told that nobody writes.

    That is only said when no write-ahead log stands beside it, as what is in a log would be missed. Any other error goes on its way.
    """
    if place.path is None or sqlite_code(error) & 0xFF not in _NO_LOCK_FILE or not place.path.exists():
        raise error
    log = place.path.with_name(f"{place.path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise LedgerError(
            f"{one_line(place.name)} cannot be read here: its folder is read-only, and {one_line(log.name)} holds writes not yet in it\n"
            "copy both files to a folder of yours, or open it once where it can be written"
        ) from error
    return lockless_engine_of(place.path, error)


def _made(engine: Engine, place: Target) -> str | None:
    """Make the schema, all of it or none; whoever comes second finds it made."""
    with in_words(place.name, place.path), for_writing(engine) as connection, connection.begin():
        return _made_in(connection, place)


def _made_in(connection: Connection, place: Target) -> str | None:
    if schema_version(connection, place) is None:
        upgrade_to_head(connection)
    return schema_version(connection, place)
