"""What the trail tells of rows and seals, kept on disk while it is compared with what stands: a million rows take no memory.

It is SQLite's own kind of temporary database: its file has no name, so nothing is left of it however the program ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from .faults import in_words

_NAME = "the temporary file of the comparison (TMPDIR says where)"
_BATCH = 2000
_LONGEST_NUMBER = 18
"""Digits that SQLite's integers hold in any case."""
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE told (place INTEGER, key, digest BLOB, sequence INTEGER, PRIMARY KEY (place, key)) WITHOUT ROWID;
CREATE TABLE found (key, digest BLOB);
CREATE TABLE sealed (kind TEXT, scope INTEGER, rows INTEGER, sha256 TEXT, sequence INTEGER, PRIMARY KEY (kind, scope)) WITHOUT ROWID;
BEGIN;
"""
_DIFFERENT = """
SELECT f.key, t.sequence, t.digest IS NULL FROM found f LEFT JOIN told t ON t.place = ? AND t.key = f.key
WHERE t.digest IS NOT f.digest ORDER BY f.rowid
"""
_GONE = "SELECT key, sequence FROM told WHERE place = ? AND digest IS NOT NULL AND key NOT IN (SELECT key FROM found WHERE key IS NOT NULL) ORDER BY key"


class Told(NamedTuple):
    """What an event says of a row: the sha256 of the row as it spells it, None for one that it removed."""

    place: int
    key: int | str
    digest: bytes | None
    sequence: int


class Difference(NamedTuple):
    """A row that does not fit: the last event that tells of it (None: no event does), and whether it was "changed", "added" or is "gone"."""

    key: int | str
    sequence: int | None
    what: str


class ToldSeal(NamedTuple):
    """What an event says of a seal, without its checks."""

    kind: str
    scope: int
    rows: int
    sha256: str
    sequence: int


class Scratch:
    """What was told so far, and the comparison of a table with it. The place of a table is any number of its own."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._told: list[Told] = []

    def tell(self, rows: Iterable[Told]) -> None:
        """Keep what an event says of rows, in place of what one before it said."""
        self._told += rows
        if len(self._told) >= _BATCH:
            self._write_told()

    def seal(self, sealed: ToldSeal) -> None:
        """Keep what an event says of a seal, in place of what one before it said."""
        self._database.execute("INSERT OR REPLACE INTO sealed VALUES (?, ?, ?, ?, ?)", sealed)

    def seals(self, kind: str) -> Iterator[ToldSeal]:
        """Give the seals of a kind that were told last, by scope."""
        for row in self._database.execute("SELECT * FROM sealed WHERE kind = ? ORDER BY scope", (kind,)):
            yield ToldSeal(*row)

    def differences(self, place: int, rows: Iterable[tuple[int | str, bytes]]) -> Iterator[Difference]:
        """Compare the rows of a table, by key and digest, with what was told of them."""
        self._write_told()
        self._database.execute("DELETE FROM found")
        self._database.executemany("INSERT INTO found VALUES (?, ?)", rows)
        fits = True
        for key, sequence, removed in self._database.execute(_DIFFERENT, (place,)):
            fits = False
            yield Difference(key, sequence, "added" if sequence is None or removed else "changed")
        if fits and self._number("found") == self._number("told WHERE digest IS NOT NULL AND place = ?", place):
            return
        for key, sequence in self._database.execute(_GONE, (place,)):
            yield Difference(key, sequence, "gone")

    def _number(self, of: str, *values: int) -> int:
        return int(self._database.execute(f"SELECT count(*) FROM {of}", values).fetchone()[0])  # noqa: S608 - our own words

    def _write_told(self) -> None:
        self._database.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?)", self._told)
        self._told.clear()


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Make a scratch database. Raises LedgerError where there is no room for it."""
    try:
        with closing(sqlite3.connect("", isolation_level=None)) as database:
            database.executescript(_TABLES)
            yield Scratch(database)
    except sqlite3.Error as error:  # ours alone: the ledger's come as SQLAlchemy wraps them
        with in_words(_NAME):
            raise error  # noqa: TRY201 - it is told in words on its way


def key_of(text: str) -> int | str:
    """Give a key as events spell it the way the scratch keeps it: a number as such, which takes less room and stays in order."""
    return int(text) if text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _LONGEST_NUMBER else text
