"""The chain of the trail, read as the database has it: no type of ours stands between, so that a value that was spoilt behind our back is seen
and named, and nothing chokes on it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, Table, Text, cast, func, or_, select

from .columns import UtcTime, canonical_json
from .journal import raw, spelled_row, streamed
from .schema import events

ALGORITHM = "sha256"
"""The algorithm that tags the hashes of events. There is one so far."""

_STREAM = 500
_WHOLE_TEXTS = frozenset({"revisions", "snapshots"})
"""Tables in which a row may be a whole book: they are read a few rows at a time."""
_FEW = 4
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{6}Z", re.ASCII)
_TEXTS = ("reviewer", "action", "subject", "payload", "previous_hash", "hash")


class Stored(NamedTuple):
    """An event as the database has it: each value is what the ledger writes there, unless somebody changed it behind our back."""

    sequence: int
    at: str
    reviewer: str
    action: str
    subject: str
    payload: str
    previous_hash: str
    hash: str


class Derived(NamedTuple):
    """An event whose place in the chain was derived again: its payload, or why it does not fit."""

    event: Stored
    facts: dict[str, Any]
    fault: str


@contextmanager
def leniently(connection: Connection) -> Iterator[None]:
    """Let text come as it is: on SQLite, bytes that are no UTF-8 are read as lone surrogates, which keep every byte apart. PostgreSQL has none."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    before, driver.text_factory = driver.text_factory, _decoded
    try:
        yield
    finally:
        driver.text_factory = before


def stored(connection: Connection, *, after: int = 0, limit: int | None = None, subject: str = "") -> Iterator[Stored]:
    """Give the events after a sequence number one by one, oldest first, at most `limit`, of one subject where it is named."""
    columns = list(events.columns)
    query = _select(connection, columns).order_by(events.c.sequence).limit(limit)
    if after:
        query = query.where(events.c.sequence > after)
    if subject:
        query = query.where(events.c.subject == subject)
    for values in _read(connection, query, columns, _STREAM):
        yield Stored(*values)


def stored_event(connection: Connection, sequence: int) -> Stored | None:
    """Give one event."""
    return next((event for event in stored(connection, after=sequence - 1, limit=1) if event.sequence == sequence), None)


def last_of(connection: Connection) -> tuple[int, str, str]:
    """Give sequence, hash and time of the last event, (0, "", "") where there is none."""
    columns: list[Column[Any]] = [events.c.sequence, events.c.hash, events.c.at]
    query = _select(connection, columns).order_by(events.c.sequence.desc()).limit(1)
    sequence, last_hash, at = next(_read(connection, query, columns, 1), (0, "", ""))
    return sequence, str(last_hash), str(at)


def count_of(connection: Connection) -> int:
    """Give the number of events."""
    return connection.scalar(select(func.count()).select_from(events)) or 0


def rows_of(connection: Connection, table: Table) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Give every row of a table as (key, the row spelled as events spell it), in the order of its key.

    A key of one column is that column's value, one of several is their text with colons between, as events name it.
    """
    names = list(table.c.keys())
    keys = [names.index(column.name) for column in table.primary_key.columns]
    columns = list(table.columns)
    query = _select(connection, columns).order_by(*table.primary_key.columns)
    for values in _read(connection, query, columns, _FEW if table.name in _WHOLE_TEXTS else _STREAM):
        key = values[keys[0]] if len(keys) == 1 else ":".join(str(values[place]) for place in keys)
        yield key, spelled_row(table, dict(zip(names, values, strict=True)))


def statements_before(connection: Connection, sequence: int, rows: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, Any]]:
    """Look back from an event for what was last told of rows, by table and key: (event, the row, or None where it was removed or told by hash)."""
    place = func.instr if connection.dialect.name == "sqlite" else func.strpos
    named = or_(*(place(events.c.payload, canonical_json(key)) > 0 for key in {key for _, key in rows}))
    columns = list(events.columns)
    query = _select(connection, columns).where(events.c.sequence < sequence, named).order_by(events.c.sequence.desc())
    found: dict[tuple[str, str], tuple[int, Any]] = {}
    for values in _read(connection, query, columns, _FEW):
        event = Stored(*values)
        for row, held in _told_of(event, [row for row in rows if row not in found]):
            found[row] = (event.sequence, held)
        if len(found) == len(rows):
            break
    return found


def _told_of(event: Stored, rows: Iterable[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], Any]]:
    """What an event tells of rows; nothing where its payload was spoilt."""
    facts = facts_of(event)
    for table, key in rows:
        told = [held[table] for section in ("rows", "hashes", "removed") if isinstance(held := facts.get(section), dict) and table in held]
        for held in told:
            if isinstance(held, dict | list) and key in held:
                yield (table, key), held[key] if isinstance(held, dict) and isinstance(held[key], dict) else None


def facts_of(event: Stored) -> dict[str, Any]:
    """Give what the payload of an event says; nothing where it was spoilt."""
    try:
        facts = json.loads(event.payload)
        canonical_json(facts)  # refuses what JSON has not, and Python reads
    except (ValueError, TypeError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def derived(connection: Connection) -> Iterator[Derived]:
    """Give every event with what its payload says, or why it does not fit: each is derived from the one before it as that stands."""
    sequence, last_hash = 0, ""
    for event in stored(connection):
        if fault := _misplaced(event, sequence, last_hash):
            yield Derived(event, {}, fault)
        else:
            yield _derive(event)
        sequence, last_hash = event.sequence, event.hash


def hash_of(event: Stored) -> str:
    """Derive the hash of an event from the values that the database has. Raises ValueError where those are no text."""
    return f"{ALGORITHM}:{hashlib.sha256(canonical_json(event[:-1]).encode()).hexdigest()}"


def _misplaced(event: Stored, sequence: int, last_hash: str) -> str:
    """Why an event cannot stand where it does, empty where it can."""
    if event.sequence > sequence + 1:
        return f"event {sequence + 1} is missing: the trail goes on with event {event.sequence}"
    if event.sequence <= sequence:
        return f"event {event.sequence} stands before the first"
    if event.previous_hash != last_hash:
        before = f"event {sequence}" if sequence else "the start of the trail"
        return f"event {event.sequence} does not follow {before}: it names another hash before it"
    return ""


def _derive(event: Stored) -> Derived:
    """Derive the hash of an event and read its payload."""
    if spoilt := [field for field in _TEXTS if not isinstance(getattr(event, field), str)]:
        return _changed(event, f"its {spoilt[0]} is no text")
    algorithm = event.hash.partition(":")[0]
    if algorithm != ALGORITHM:
        return Derived(event, {}, f"event {event.sequence} has a hash of an unknown algorithm: {algorithm[:20]}")
    try:
        if event.hash != hash_of(event):
            return _changed(event, "its hash does not fit")
        facts = json.loads(event.payload)
        canonical = canonical_json(facts) == event.payload and isinstance(facts, dict)
    except (ValueError, TypeError, RecursionError):
        return _changed(event, "it holds what no event can")
    if not canonical:
        return _changed(event, "its payload is no canonical JSON object")
    return Derived(event, facts, "") if _spells_time(event.at) else _changed(event, "its time is not spelled as times are")


def _changed(event: Stored, why: str) -> Derived:
    return Derived(event, {}, f"event {event.sequence} was changed: {why}")


def _spells_time(text: Any) -> bool:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _select(connection: Connection, columns: Sequence[Column[Any]]) -> Select[Any]:
    """Ask for columns as the database has them; for PostgreSQL's times as text, as not every one of them is a time of Python's."""
    if connection.dialect.name == "sqlite":
        return select(*raw(*columns))
    return select(*(cast(column, Text).label(column.name) if _is_time(column) else raw(column)[0] for column in columns))


def _read(connection: Connection, query: Select[Any], columns: Sequence[Column[Any]], size: int) -> Iterator[Any]:
    """Give the rows of a query for columns, `size` at a time, with times as the ledger spells them."""
    with leniently(connection):
        if connection.dialect.name == "sqlite":
            yield from streamed(connection, query, size)
            return
        connection.exec_driver_sql("SET LOCAL DateStyle = 'ISO, YMD'")
        connection.exec_driver_sql("SET LOCAL TimeZone = 'UTC'")
        times = [place for place, column in enumerate(columns) if _is_time(column)]
        for row in streamed(connection, query, size):
            values = list(row)
            for place in times:
                values[place] = _respelled(values[place])
            yield values


def _is_time(column: Column[Any]) -> bool:
    return isinstance(column.type, UtcTime)


def _respelled(text: str | None) -> str | None:
    """Spell a time of PostgreSQL's, "2024-12-08 12:00:00.5+00", as the ledger does; leave one that the ledger cannot have as it is."""
    day, _, rest = (text or "").partition(" ")
    clock, _, zone = rest.partition("+")
    whole, _, part = clock.partition(".")
    return f"{day}T{whole}.{part:0<6}Z" if zone == "00" and len(day) == len("2024-12-08") else text


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")
