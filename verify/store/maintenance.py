"""The care of a ledger: upgrade it, see its version, check that it is sound, keep a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from verify.errors import LedgerError
from verify.terminal import one_line

from . import schema
from .damage import file_findings
from .derived import derived_findings
from .engines import Target, for_reading, for_writing, target_of
from .faults import in_words
from .ledger import accept, no_ledger, reached, schema_version
from .migrate import upgrade_to_head
from .new_file import new_file
from .sealing import columns_held, seal_ledger
from .transfer import copy_rows

_PAGES = 4096
"""Pages that are copied at a stretch: between two stretches Ctrl-C is heard."""


@contextmanager
def _opened(target: str | Path, *, write: bool = False) -> Iterator[tuple[Connection, Target, str]]:
    """A transaction on a ledger of any version, with that version."""
    place = target_of(target)
    connected = for_writing if write else for_reading
    with reached(place) as (engine, version):
        if version is None:
            raise no_ledger(place)
        with in_words(place.name, place.path), connected(engine) as connection, connection.begin():
            yield connection, place, schema_version(connection, place) or ""


def current(target: str | Path) -> tuple[str, str]:
    """Give the schema's revision of a ledger, and the one that this program knows. Raises LedgerError when there is none."""
    with _opened(target) as (_, _, version):
        return version, schema.HEAD


def upgrade(target: str | Path, *, at: datetime) -> tuple[str, str]:
    """Bring a ledger to the newest schema, all steps or none; give the revision before and after. Refuses one that is newer than we know.

    In the same transaction, events of the time `at` state the rows that none covered so far (see `sealing`).
    """
    place = target_of(target)
    with reached(place) as (_, version):
        accept(version, place, older=True)
    with _opened(target, write=True) as (connection, _, version):
        if version != schema.HEAD:
            before = columns_held(connection)
            upgrade_to_head(connection)
            seal_ledger(connection, version, before, at=at)
        return version, schema.HEAD


def check(target: str | Path) -> list[str]:
    """Look whether a ledger is sound; give what is not, a line each: none is a sound one.

    The file and its keys are checked by SQLite itself, and what is derived (status, citation numbers) is derived again.
    """
    with _opened(target) as (connection, place, version):
        accept(version, place)
        return [*file_findings(connection), *derived_findings(connection)]


def backup(target: str | Path, to: Path) -> None:
    """Copy a ledger to a new SQLite file, as it is at one moment, while others go on writing. Never overwrites; leaves nothing half-written.

    An SQLite ledger is copied page by page, in whatever state and of whatever schema; one on PostgreSQL row by row, so of this program's schema.
    """
    with _opened(target) as (connection, place, version):
        if place.path is None:
            if version != schema.HEAD:
                raise LedgerError(f"{one_line(place.name)} has another schema ({one_line(version)}): pg_dump copies it as it is")
            copy_rows(connection, to.absolute())
            return
        driver: Any = connection.connection.dbapi_connection
        with new_file(to.absolute()) as scratch, closing(sqlite3.connect(scratch)) as copy:
            driver.backup(copy, pages=_PAGES, progress=lambda *_: None)  # Python hears a signal when it is called
