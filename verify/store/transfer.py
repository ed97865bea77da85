"""A whole ledger on the move: to another database, or through a file of JSON Lines and back. Every row goes as it is, the trail with it, so that
what arrives has the same head.

A file's first line says what it is and the head, then comes a line a row, table by table, and a last line counts them: a file that was cut off is
noticed. It is plain ASCII, so that no terminal, pipe or encoding changes it; bytes are written in base64.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, collate, func, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from verify.errors import LedgerError, ReadError, UsageError
from verify.model import TrailHead
from verify.terminal import one_line

from . import schema, trail
from .columns import UtcTime, utc_text
from .engines import Target, target_of
from .ledger import filling, open_ledger
from .new_file import new_file
from .replay import verify

FORM = "verify-ledger"
"""What the first line of an exported ledger calls itself."""
_LONGEST_OPENING = 1000
"""Characters of a first line at most: a file of another kind may be one endless line."""
_ROWS = 1000
_WHOLE_TEXTS = frozenset({"revisions", "snapshots"})
"""Tables in which a row may be a whole book: they are read a few rows at a time."""
_FEW = 4

_Batches = Iterable[tuple[Table, list[dict[str, Any]]]]


def copy_ledger(source: str | Path, to: str | Path) -> TrailHead:
    """Copy a ledger to an empty place, on the same database or another, as it stands at one moment. Gives its head.

    Raises LedgerError where something is held there already, and where the trail does not fit the rows; then nothing is kept.
    """
    with open_ledger(source) as ledger, ledger.read() as connection:
        return _write(to, _held(connection), expected=trail.head(connection))


def copy_rows(connection: Connection, to: Path) -> None:
    """Copy the ledger that a connection reads to a new file, also one whose trail does not fit its rows: it is kept as it is.

    Raises LedgerError where there is a file of that name.
    """
    with new_file(to) as scratch, filling(Target(str(to), scratch)) as written:
        _insert(written, _held(connection))


def export_lines(connection: Connection) -> Iterator[str]:
    """Give a whole ledger as JSON Lines. Raises LedgerError for a row that cannot be read."""
    yield _line({"kind": FORM, "schema": schema.HEAD, "head": trail.head_text(trail.head(connection))})
    count = 0
    for table, batch in _held(connection):
        for values in batch:
            yield _line({"table": table.name, "row": {name: _spelled(value) for name, value in values.items()}})
        count += len(batch)
    yield _line({"kind": "end", "rows": count})


def import_lines(lines: TextIO, to: str | Path) -> TrailHead:
    """Make a ledger of exported lines, in an empty place. Gives its head.

    Raises ReadError for lines that are no whole export of this schema, and LedgerError where the trail does not fit the rows, or something is held
    there already; then nothing is kept.
    """
    expected = _opening(lines.readline(_LONGEST_OPENING))
    return _write(to, _read(enumerate(lines, 2)), expected=expected)


def tables() -> list[Table]:
    """The tables that hold a ledger, those that others point at first; the words come with the schema."""
    return [table for table in schema.metadata.sorted_tables if table.name not in schema.WORDS]


def _write(to: str | Path, batches: _Batches, *, expected: TrailHead) -> TrailHead:
    """Write rows to an empty place, and look whether the trail that came with them fits them and ends as expected."""
    with _empty(to) as place, filling(place) as connection:
        if any(connection.scalar(select(func.count()).select_from(table)) for table in tables()):
            raise LedgerError(f"{one_line(place.name)} holds a ledger already: name an empty place")
        _insert(connection, batches)
        found = verify(connection)
        if found.misfits:
            raise LedgerError(f"the trail does not fit the rows: {one_line(found.misfits[0].message)}\nnothing was kept")
        if trail.head_text(found.head) != trail.head_text(expected):
            raise LedgerError(
                f"the trail ends with {one_line(trail.head_text(found.head))}, not with {trail.head_text(expected)}: nothing was kept"
            )
        return found.head


@contextmanager
def _empty(to: str | Path) -> Iterator[Target]:
    """Give the database at a place, or a file that takes its name at the end where there is none."""
    place = target_of(to)
    if place.path is None or place.path.exists():
        yield place
        return
    with new_file(place.path) as scratch:
        yield replace(place, path=scratch)


def _insert(connection: Connection, batches: _Batches) -> None:
    for table, batch in batches:
        try:
            connection.execute(insert(table), batch)
        except (IntegrityError, DataError) as error:
            reason = str(error.orig).partition("\n")[0]
            raise LedgerError(f"the rows of {table.name} cannot be kept: {one_line(reason)}\nnothing was kept") from error


def _held(connection: Connection) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Give every row of a ledger, a batch of one table at a time, in the order of their keys."""
    for table in tables():
        query = select(table).order_by(*_key(connection, table)).execution_options(yield_per=_size(table))
        try:
            for rows in connection.execute(query).mappings().partitions():
                yield table, [dict(row) for row in rows]
        except ValueError as error:
            raise LedgerError(f"a row of {table.name} cannot be read: {one_line(str(error))}\n`verify trail verify` names it") from error


def _key(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """The key of a table, ordered alike on both databases, whatever language PostgreSQL sorts texts in."""
    foreign = connection.dialect.name != "sqlite"
    return [collate(column, "C") if foreign and isinstance(column.type, Text) else column for column in table.primary_key.columns]


def _size(table: Table) -> int:
    return _FEW if table.name in _WHOLE_TEXTS else _ROWS


def _opening(line: str) -> TrailHead:
    """Read the first line of an export. Raises ReadError where it is none."""
    facts = _parsed(line, 1) if line.endswith("\n") else {}
    if facts.get("kind") != FORM:
        raise ReadError("line 1: this is no exported ledger (`verify export` makes one)")
    if facts.get("schema") != schema.HEAD:
        raise ReadError(f"line 1: the export is of schema {one_line(str(facts.get('schema')))}, this program's is {schema.HEAD}")
    try:
        return trail.head_of(str(facts.get("head")))
    except UsageError as error:
        raise ReadError("line 1: the export does not name its head") from error


def _read(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Read the rows of an export, in batches of one table each. Raises ReadError, also where the end is missing."""
    known = {table.name: table for table in tables()}
    at, batch, count = next(iter(known.values())), list[dict[str, Any]](), 0
    for number, line in lines:
        facts = _parsed(line, number)
        if facts.get("kind") == "end":
            if facts.get("rows") != count:
                raise ReadError(f"line {number}: the export has {count} rows, and says {one_line(str(facts.get('rows')))}")
            if batch:
                yield at, batch
            _nothing_after(lines)
            return
        table = known.get(str(facts.get("table")))
        if table is None:
            raise ReadError(f"line {number}: there is no table {one_line(str(facts.get('table')))!r}")
        if batch and (table is not at or len(batch) == _size(at)):
            yield at, batch
            batch = []
        at, count = table, count + 1
        batch.append(_row(table, facts.get("row"), number))
    raise ReadError("the export was cut off: its last line is missing")


def _nothing_after(lines: Iterable[tuple[int, str]]) -> None:
    for number, line in lines:
        if line.strip():
            raise ReadError(f"line {number}: something stands after the end of the export")


def _parsed(line: str, number: int) -> Mapping[str, Any]:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        if not line.endswith("\n"):
            raise ReadError(f"line {number}: the export was cut off in this line") from error
        raise ReadError(f"line {number}: {one_line(str(error)) if line.strip() else 'the line is empty'}") from error
    if not isinstance(facts, dict):
        raise ReadError(f"line {number}: it is no object")
    return facts


def _row(table: Table, values: Any, number: int) -> dict[str, Any]:
    if not isinstance(values, dict) or set(values) != set(table.c.keys()):
        raise ReadError(f"line {number}: it does not have the columns of {table.name}")
    try:
        return {name: _value(table.c[name], value) for name, value in values.items()}
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ReadError(f"line {number}: it holds what no row of {table.name} can: {one_line(str(error))}") from error


def _line(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"


def _spelled(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    return value


def _value(column: Column[Any], value: Any) -> Any:
    """Read a value as a column keeps it. Raises ValueError, TypeError, KeyError or OverflowError for one that it cannot."""
    if value is None:
        return None
    if isinstance(column.type, UtcTime):
        return _moment(value)
    kind = column.type.python_type
    if kind is bytes:
        return base64.b64decode(value["base64"], validate=True)
    if type(value) is not kind or (kind is int and abs(value) > schema.LONGEST_ID) or (kind is float and not math.isfinite(value)):
        raise ValueError(f"{column.name} is {str(value)[:100]!r}")
    return value


def _moment(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if utc_text(time) != text:
        raise ValueError(f"the time {text!r} is not spelled as times are")
    return time
