"""A list of sources for a whole document: citation number -> source, as CSV, TOML or JSON.

A manifest is attached as a whole or not at all, so every fault in it is looked for, and the first few are told with their lines.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from verify.errors import ReadError, UsageError
from verify.model import Identifier, SourceKind
from verify.readers.decode import decode
from verify.terminal import one_line, printable

MAX_BYTES = 16 * 2**20
_TOLD = 3
_SHOWN = 60
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*source[ \t]*\]\]", re.MULTILINE)
_BEYOND = "\0beyond"  # no column can be called so
_REQUIRED = ("citation", "source")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """A line of a manifest. `reference` is the document's own entry for the number, `claim` words of a claim that cites it: both guard
    against a document that was renumbered since. `where` is "sources.csv:3", for messages."""

    citation: str
    source: str
    quote: str = ""
    locator: str = ""
    title: str = ""
    note: str = ""
    reference: str = ""
    claim: str = ""
    where: str = ""


_COLUMNS = tuple(f.name for f in fields(ManifestRow) if f.name != "where")
_Entry = tuple[str, Mapping[str, object]]
"""Where a row stands in its file (":3"), and its cells by column."""


def read_manifest(path: Path) -> tuple[ManifestRow, ...]:
    """Read the rows of a manifest, in their order; a citation number loses the colon or brackets it was written with.

    Raises `ReadError` when the file cannot be read, `UsageError` with its faults, each with its place, when it is no proper manifest.
    """
    name = printable(path.name, keep="")
    text = _text(path)
    try:
        entries = list(_PARSERS[_format_of(path, text)](text))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name}: {one_line(str(error))}") from error
    faults: list[str] = [] if entries else [f"{name}: lists no sources"]
    rows: dict[tuple[str, ...], ManifestRow] = {}
    for place, entry in entries:
        row = _row(entry, name + place)
        wrong = _faults(entry, row)
        if not wrong:
            twin = rows.setdefault((row.citation, row.source, row.quote, row.locator), row)
            wrong = [] if twin is row else [f"says the same as {twin.where}"]
        faults += [f"{row.where}: {what}" for what in wrong]
    if faults:
        more = len(faults) - _TOLD
        raise UsageError("\n".join(faults[:_TOLD]) + (f" ({more} more)" if more > 0 else ""))
    return tuple(rows.values())


def resolve_file(identifier: Identifier, manifest: Path) -> Path:
    """Find the file that a manifest names, relative to the folder in which the manifest stands.

    Raises `UsageError` for one that is not in that folder or below it, also by a link: a list from elsewhere could bring any file of this machine
    into the ledger. Raises `ValueError` for other kinds.
    """
    if identifier.kind is not SourceKind.FILE:
        raise ValueError(f"not a file: {identifier}")
    path = manifest.parent / identifier.value
    try:
        inside = path.resolve().is_relative_to(manifest.parent.resolve())
    except (OSError, RuntimeError, ValueError):
        inside = False  # a loop of links, or a name that no file has
    if not inside:
        raise UsageError(f"{_shown(identifier.value)} is not in the folder of the manifest or below it; attach it by itself")
    return path


def _row(entry: Mapping[str, object], where: str) -> ManifestRow:
    cells = {column: str(value).strip() for column, value in entry.items() if column in _COLUMNS and value is not None}
    citation = cells.pop("citation", "").strip(" :[]()")
    return ManifestRow(citation=citation, source=cells.pop("source", ""), where=where, **cells)


def _faults(entry: Mapping[str, object], row: ManifestRow) -> list[str]:
    unknown = [column for column in entry if column not in (*_COLUMNS, _BEYOND)]
    odd = [column for column, value in entry.items() if column in _COLUMNS and not _is_text(value)]
    return [
        *(f"has no {column}" for column in _REQUIRED if not getattr(row, column)),
        *(f"{column} is not text" for column in odd),
        *(["has more cells than the header: a cell that holds the delimiter needs quotes"] if _BEYOND in entry else []),
        *(f"unknown column {_shown(column)}; the columns are {', '.join(_COLUMNS)}" for column in unknown),
        *([f"citation {_shown(row.citation)} is not one number or key"] if len(row.citation.split()) > 1 else []),
    ]


def _is_text(value: object) -> bool:
    """Text that can be stored, or a whole number; JSON can also spell NUL and halves of characters."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return True
    return isinstance(value, str) and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


def _text(path: Path) -> str:
    name = printable(str(path), keep="")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise ReadError(f"{name}: cannot be read ({error.strerror if isinstance(error, OSError) else error})") from error
    if len(data) > MAX_BYTES:
        raise ReadError(f"{name}: is larger than {MAX_BYTES:,} bytes, which no list of sources is")
    try:
        return decode(data).text
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from error


def _format_of(path: Path, text: str) -> str:
    """By suffix, else by content: TOML has its tables, JSON opens with a bracket or a brace, the rest is CSV."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix in _PARSERS:
        return suffix
    if _TABLE.search(text):
        return "toml"
    return "json" if text.lstrip().startswith(("[", "{")) else "csv"


def _csv(text: str) -> Iterator[_Entry]:
    """By RFC 4180, and with semicolons or tabs, as spreadsheets write them: the delimiter is the one that the header has most of."""
    delimiter = max(",;\t", key=text.lstrip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = 1
    try:
        for cells in reader:
            if names and any(cells):
                beyond = {_BEYOND: ""} if any(cells[len(names) :]) else {}
                yield f":{line}", {name: cell for name, cell in zip(names, cells, strict=False) if name or cell} | beyond
            elif any(cells):
                names = _header(cells, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line}: {error}") from error


def _header(cells: list[str], line: int) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    unknown = [name for name in names if name and name not in _COLUMNS]
    wrong = [f"has no column {c}" for c in _REQUIRED if c not in names] + [
        f"names the column {c} twice" for c in _COLUMNS if names.count(c) > 1
    ]
    if unknown:
        wrong.append(f"names unknown columns: {', '.join(map(_shown, unknown))}")
    if wrong:
        raise ValueError(f"line {line}, the header, {' and '.join(wrong)}; the columns are {', '.join(_COLUMNS)}")
    return names


def _toml(text: str) -> Iterator[_Entry]:
    tables = _entries(tomllib.loads(text).get("source"), "[[source]] tables")
    lines = [text.count("\n", 0, found.start()) + 1 for found in _TABLE.finditer(text)]
    if len(lines) != len(tables):  # written inline, or a string holds what looks like a table
        return zip(_ordinals(tables), tables, strict=True)
    return zip((f":{line}" for line in lines), tables, strict=True)


def _json(text: str) -> Iterator[_Entry]:
    data = json.loads(text)
    entries = _entries(data.get("sources") if isinstance(data, dict) else data, 'a list of objects, or {"sources": [...]}')
    return zip(_ordinals(entries), entries, strict=True)


def _entries(found: object, expected: str) -> list[dict[str, object]]:
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ValueError(f"holds no list of sources: it takes {expected}")
    return found


def _ordinals(entries: list[dict[str, object]]) -> Iterator[str]:
    return (f", entry {i}" for i, _ in enumerate(entries, 1))


def _shown(text: str) -> str:
    return f'"{one_line(text[:_SHOWN])}"'


_PARSERS: dict[str, Callable[[str], Iterator[_Entry]]] = {"csv": _csv, "toml": _toml, "json": _json}
