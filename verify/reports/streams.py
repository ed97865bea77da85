"""How rows become streams of text: one JSON object with a row a line, JSON Lines, CSV. Nothing is held but the row at hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .escape import csv_cell, json_text
from .rows import Row


def json_object(fields: Mapping[str, object], lists: Mapping[str, Iterable[object]]) -> Iterator[str]:
    """Give one JSON object, a field a line, then each list with an item a line."""
    yield "{"
    separator = "\n"
    for name, value in fields.items():
        yield f"{separator}{json_text(name)}: {json_text(value)}"
        separator = ",\n"
    for name, items in lists.items():
        yield f"{separator}{json_text(name)}: ["
        yield from _items(items)
        separator = ",\n"
    yield "\n}\n"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give a JSON object a line."""
    return (json_text(row) + "\n" for row in rows)


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Give the header, then a guarded line a row; a cell may hold line breaks, in quotes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        yield _taken(buffer)
        writer.writerow([csv_cell(row[column]) for column in columns])
    yield _taken(buffer)


def _items(items: Iterable[object]) -> Iterator[str]:
    separator, end = "\n", "]"
    for item in items:
        yield f"{separator}{json_text(item)}"
        separator, end = ",\n", "\n]"
    yield end


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
