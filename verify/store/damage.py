"""Whether a database is damaged: an error that nobody expects is then not a mistake of the program."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from verify.errors import LedgerError
from verify.terminal import one_line

from .replay import verify

UNEXPECTED = (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError)
"""What values that no ledger holds, or tables that lost their columns, end in when they are read."""


def damage_of(connection: Connection) -> str:
    """Say the first thing in a ledger that does not fit: in its file, in the chain of its trail, in its rows. Empty where all does."""
    try:
        for finding in file_findings(connection):
            return finding
        misfits = verify(connection).misfits
    except (*UNEXPECTED, LedgerError) as error:
        return one_line(str(error.orig if isinstance(error, DBAPIError) else error))
    return misfits[0].message if misfits else ""


def file_findings(connection: Connection) -> Iterator[str]:
    """Let SQLite check its file and its keys; give what does not fit, a line each."""
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"the file is damaged: {one_line(line)}"
    for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table} row {rowid} points at a row of {parent} that is not there"
