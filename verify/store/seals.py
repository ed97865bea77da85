"""Seals: one digest over all rows that a reading of a document wrote together, so that a million claims stay one cheap entry of the trail.

A seal covers every column of its rows, and a claim's citations with it. Beside the digest it keeps four hex digits a row, which prove nothing
but tell which row it is that no longer fits. A claim's status is left out: decisions change it, and it is derived from them again.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Column, Connection, Table, select

from .columns import canonical_json
from .journal import in_bytes, journal_of, raw, spelled, streamed
from .schema import appearances, citations, claim_relations, claims, document_references, orphan_markers

DERIVED = "status"
"""The column of a claim that no seal covers."""
_CHECK = 4
_STREAM = 1000
_RUNS = re.compile(r"(?:\d{1,18}(?:-\d{1,18})?(?:,\d{1,18}(?:-\d{1,18})?)*)?", re.ASCII)

Line = tuple[int, str]
"""A row's number within its seal, and the row as canonical JSON."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be sealed: the tables whose rows it covers, the column that says to which document or revision a row belongs, the words for people,
    and the function that spells the rows of one of those."""

    tables: tuple[Table, ...]
    scope: Column[Any]
    words: str
    lines: Callable[[Connection, int], Iterator[Line]]


def seal(connection: Connection, kind: str, scope: int) -> None:
    """Seal the rows of a kind, of a document or a revision, as they stand now; the next event keeps the seal."""
    journal_of(connection).seals[f"{kind}:{scope}"] = seal_of(KINDS[kind].lines(connection, scope))


def seal_of(lines: Iterable[Line]) -> dict[str, Any]:
    """Make a seal: how many rows, their numbers as runs ("1-3,7"), the hex sha256 over their lines, and the checks."""
    digest, runs, checks, count = hashlib.sha256(), _Runs(), bytearray(), 0
    for number, line in lines:
        encoded = in_bytes(line)
        digest.update(encoded + b"\n")
        runs.add(number)
        checks += (zlib.crc32(encoded) & 0xFFFF).to_bytes(2, "big")
        count += 1
    return {"count": count, "numbers": str(runs), "sha256": digest.hexdigest(), "checks": checks.hex()}


def is_seal(value: Any) -> bool:
    """Whether a value of an event's payload has the shape of a seal."""
    if not isinstance(value, dict) or {key: type(held) for key, held in value.items()} != _SHAPE:
        return False
    return _RUNS.fullmatch(value["numbers"]) is not None


def first_difference(held: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Say which row does not fit a seal, as "row 7 was changed"; without a number where only the digest tells."""
    for before, after in zip_longest(_checks(held), _checks(found)):
        if before == after:
            continue
        if after is None or (before is not None and before[0] < after[0]):
            return f"row {before[0]} is gone"
        if before is None or after[0] < before[0]:
            return f"row {after[0]} was added"
        return f"row {after[0]} was changed"
    return "a row was changed"


class _Runs:
    """Ascending numbers, spelled as runs while they come. Whatever is no number of a row counts as 0."""

    def __init__(self) -> None:
        self._spelled: list[str] = []
        self._first = self._last = -1

    def add(self, number: Any) -> None:
        """Take the next one."""
        number = number if type(number) is int and number > 0 else 0
        if number != self._last + 1 or self._first < 0:
            self._spelled += self._run()
            self._first = number
        self._last = number

    def _run(self) -> list[str]:
        if self._first < 0:
            return []
        return [str(self._first) if self._first == self._last else f"{self._first}-{self._last}"]

    def __str__(self) -> str:
        return ",".join([*self._spelled, *self._run()])


def _checks(sealed: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    checks = sealed["checks"]
    for place, number in enumerate(_numbers(sealed["numbers"])):
        yield number, checks[place * _CHECK : place * _CHECK + _CHECK]


def _numbers(runs: str) -> Iterator[int]:
    for run in filter(None, runs.split(",")):
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _claims(connection: Connection, document_id: int) -> Iterator[Line]:
    """The claims of a document, gone ones too, each with its citations."""
    of_document = claims.c.document_id == document_id
    cited = _ordered(connection, citations, of_document, claims)
    grouped = groupby(cited, lambda row: row[0])
    at, rows = next(grouped, (None, iter(())))
    columns = [column for column in claims.columns if column.name != DERIVED]
    query = select(*raw(*columns)).where(of_document).order_by(claims.c.id)
    for row in streamed(connection, query, _STREAM):
        own: list[Any] = []
        if row[0] == at:
            own = [_spelled(citation) for citation in rows]
            at, rows = next(grouped, (None, iter(())))
        yield row[0], canonical_json([_spelled(row), own])


def _ordered(connection: Connection, table: Table, condition: Any, *joined: Table) -> Iterator[Any]:
    query = select(*raw(*table.columns)).where(condition).order_by(*table.primary_key.columns)
    for other in joined:
        query = query.join(other, other.c.id == table.c.claim_id)
    yield from streamed(connection, query, _STREAM)


def _rows(scope: Column[Any], number: str, words: str) -> Kind:
    """The rows of one table that belong together, each as one line."""
    table = scope.table
    place = list(table.c.keys()).index(number)

    def lines(connection: Connection, of: int) -> Iterator[Line]:
        for row in _ordered(connection, table, scope == of):
            yield row[place], canonical_json(_spelled(row))

    return Kind((table,), scope, words, lines)


def _spelled(row: Iterable[Any]) -> list[Any]:
    """Spell a row for a seal; a yes or no as a number, as SQLite has it."""
    return [int(value) if value is True or value is False else spelled(value) for value in row]


_SHAPE = {"count": int, "numbers": str, "sha256": str, "checks": str}

KINDS: Mapping[str, Kind] = {
    "claims": Kind((claims, citations), claims.c.document_id, "claims", _claims),
    "references": _rows(document_references.c.document_id, "id", "references"),
    "orphans": _rows(orphan_markers.c.revision_id, "ordinal", "orphan markers"),
    "appearances": _rows(appearances.c.revision_id, "claim_id", "appearances"),
    "relations": _rows(claim_relations.c.revision_id, "claim_id", "relations of claims"),
}
"""What can be sealed: claims and references by document, the others by revision."""
