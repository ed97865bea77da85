"""What a transaction changes, row by row, until an event of the trail takes it down.

Every write of the store goes through here. A row is taken down as it stands after the write, every column covered: as itself, or, where an event
changes many rows of a table, by its hash alone. What belongs to a reading as a whole (its claims, its references) is sealed instead: see `seals`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, bindparam, delete, func, insert, select, type_coerce, update
from sqlalchemy.types import NullType

from .columns import canonical_json, utc_text

Values = dict[str, Any]

MOST_ROWS = 50
"""Rows of one table that an event spells out; of more it keeps the hashes."""
LONGEST_VALUE = 1000
"""Characters of a value that an event spells out; of a longer one, and of bytes, it keeps length and hash."""
_BATCH = 5000
_OPEN = "verify_journal"


class Journal:
    """The rows that a transaction changed since its last event: by table and key, the row as it stands, or None for one that was removed."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Values | str | None]] = {}
        self.seals: dict[str, dict[str, Any]] = {}

    def take(self) -> dict[str, Any]:
        """Give what an event says of the changes, by "rows", "hashes", "removed" and "seals", each left out where it is empty; forget them."""
        facts: dict[str, Any] = {"seals": dict(self.seals)}
        for name, changed in self.rows.items():
            held = {key: row for key, row in changed.items() if row is not None}
            spelled = len(held) <= MOST_ROWS
            for key, row in held.items():
                if spelled and not isinstance(row, str):
                    facts.setdefault("rows", {}).setdefault(name, {})[key] = row
                else:
                    facts.setdefault("hashes", {}).setdefault(name, {})[key] = row if isinstance(row, str) else row_hash(name, row)
            if removed := sorted(key for key, row in changed.items() if row is None):
                facts.setdefault("removed", {})[name] = removed
        self.rows, self.seals = {}, {}
        return {name: value for name, value in facts.items() if value}

    def put(self, name: str, key: str, row: Values | None) -> None:
        """Take a row down. Of many in one table only the hashes stay in memory."""
        held = self.rows.setdefault(name, {})
        held[key] = row if row is None or len(held) < MOST_ROWS else row_hash(name, row)


@contextmanager
def kept(connection: Connection) -> Iterator[Journal]:
    """Take down what a transaction changes. Raises RuntimeError at its end where a change was made and no event tells of it: that is a mistake of
    ours, and must not be kept."""
    info = connection.info  # asked for once: a connection that was interrupted gives it no more
    journal = info[_OPEN] = Journal()
    try:
        yield journal
        if left := journal.take():
            raise RuntimeError(f"changes without an event of the trail: {canonical_json(left)[:500]}")
    finally:
        info.pop(_OPEN, None)


def journal_of(connection: Connection) -> Journal:
    """Give what is taken down so far. Raises RuntimeError outside of a transaction that writes."""
    journal = connection.info.get(_OPEN)
    if journal is None:
        raise RuntimeError("this connection only reads")
    return journal  # type: ignore[no-any-return]


def spelled(value: Any) -> Any:
    """Spell a value as events do: JSON's own values as they are, a time as the ledger has it, bytes and long text by length and hash. No two
    values are spelled alike: what is not JSON's own becomes an object, which no column holds."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else {"characters": len(value), "sha256": _sha256(in_bytes(value))}
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return {"bytes": len(value), "sha256": _sha256(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"real": repr(value)}
    return value


def spelled_row(table: Table, values: Mapping[str, Any]) -> Values:
    """Spell a whole row, by column; a yes or no as such, though SQLite keeps it as a number."""
    defaults, kinds = _columns(table)
    row = {name: values.get(name, default) for name, default in defaults}
    for name, kind in kinds:
        row[name] = kind(row[name])
    for name, value in row.items():
        if value is None or value.__class__ in _PLAIN or (value.__class__ is str and len(value) <= LONGEST_VALUE):
            continue  # as most are: a million rows are spelled when a trail is verified
        row[name] = spelled(value)
    return row


def row_hash(name: str, row: Values) -> str:
    """Give the hex sha256 of a spelled row, over the canonical JSON of its table's name and its columns."""
    return _sha256(in_bytes(canonical_json([name, row])))


def in_bytes(text: str) -> bytes:
    """Give a text as the database has it: bytes that are no UTF-8, which can only come from behind our back, are read as lone surrogates and go
    back to what they were (see `chain.leniently`)."""
    return text.encode("utf-8", "surrogateescape")


def key_of(table: Table, values: Mapping[str, Any]) -> str:
    """Give the key of a row as events name it: the columns of its primary key, with colons between."""
    return ":".join(str(values[column.name]) for column in table.primary_key.columns)


def raw(*columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Let columns come as the database has them, read by no type of ours: a value that was spoilt behind our back is seen, and not choked on."""
    return [type_coerce(column, NullType()).label(column.name) for column in columns]


def streamed(connection: Connection, query: Select[Any], size: int) -> Iterator[Any]:
    """Give the rows of a query, `size` at a time from the server, so that no result is ever held whole."""
    rows = connection.execute(query.execution_options(yield_per=size))
    try:
        yield from rows
    finally:
        if not connection.closed:  # whoever is interrupted may leave a result behind that ends after its connection
            rows.close()


def insert_row(connection: Connection, table: Table, values: Values) -> int:
    """Insert a row, counting its id where it has one. Gives the id, 0 for a table without."""
    values = {"id": next_id(connection, table), **values} if "id" in table.c else values
    connection.execute(insert(table).values(values))
    _put(connection, table, [values])
    return int(values.get("id", 0))


def insert_rows(connection: Connection, table: Table, rows: Iterable[Values]) -> int:
    """Insert many rows, counting their ids where they have one. Gives the number inserted."""
    next_one = next_id(connection, table) if "id" in table.c else 0
    count, batch = 0, []
    for values in rows:
        batch.append({"id": next_one + count, **values} if "id" in table.c else values)
        count += 1
        if len(batch) == _BATCH:
            _insert(connection, table, batch)
            batch = []
    _insert(connection, table, batch)
    return count


def update_rows(connection: Connection, table: Table, condition: ColumnElement[bool], values: Values) -> int:
    """Change all rows that meet a condition, alike. Gives their number."""
    keys = [tuple(row) for row in connection.execute(select(*table.primary_key.columns).where(condition))]
    _change(connection, table, [dict(zip(_keys(table), key, strict=True)) | values for key in keys])
    return len(keys)


def change_rows(connection: Connection, table: Table, changes: Sequence[Values]) -> None:
    """Change rows, each in its own way: a change gives the key's columns and, the same for all, those that change."""
    for start_at in range(0, len(changes), _BATCH):
        _change(connection, table, changes[start_at : start_at + _BATCH])


def delete_rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    """Remove the rows that meet a condition. Gives their number."""
    rows = connection.execute(select(*table.primary_key.columns).where(condition)).all()
    connection.execute(delete(table).where(condition))
    for row in rows:
        journal_of(connection).put(table.name, key_of(table, dict(row._mapping)), None)  # noqa: SLF001 - a Row's public mapping
    return len(rows)


def take_down(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Take down a row that was written by a statement of its own: every column as it stands now."""
    _put(connection, table, [values])


def next_id(connection: Connection, table: Table) -> int:
    """Give the first id that no row has had: rows with ids are never removed, and there is one writer."""
    return (connection.scalar(select(func.max(table.c.id))) or 0) + 1


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _insert(connection: Connection, table: Table, batch: list[Values]) -> None:
    if batch:
        connection.execute(insert(table), batch)
        _put(connection, table, batch)


def _change(connection: Connection, table: Table, changes: Sequence[Values]) -> None:
    """Change rows by key, and take down how they stand then."""
    if not changes:
        return
    keys = _keys(table)
    this = and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
    renamed = [{f"key_{name}" if name in keys else name: value for name, value in change.items()} for change in changes]
    columns: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name not in keys}
    connection.execute(update(table).where(this).values(columns), renamed)
    for change in changes:
        row: Row[Any] = connection.execute(select(table).where(and_(*(table.c[name] == change[name] for name in keys)))).one()
        _put(connection, table, [dict(row._mapping)])  # noqa: SLF001 - a Row's public mapping


def _put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    journal = journal_of(connection)
    for values in rows:
        journal.put(table.name, key_of(table, values), spelled_row(table, values))


@cache
def _columns(table: Table) -> tuple[tuple[tuple[str, Any], ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """The columns of a table, sorted as canonical JSON sorts them, each with what the database puts where none is given; and those whose values the
    databases do not give alike."""
    columns = sorted(table.columns, key=lambda column: column.name)
    defaults = tuple((column.name, getattr(column.server_default, "arg", None)) for column in columns)
    return defaults, tuple((column.name, _ALIKE[kind]) for column in columns if (kind := column.type.python_type) in _ALIKE)


def _yes_or_no(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _real(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


_PLAIN = frozenset({int, bool})
_ALIKE: Mapping[type, Callable[[Any], Any]] = {bool: _yes_or_no, float: _real}


def _sha256(content: bytes | bytearray | memoryview) -> str:
    return hashlib.sha256(content).hexdigest()
