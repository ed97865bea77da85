"""Entries of imported bibliographies, broken ones too: by their keys, the citations of manuscripts find their sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from verify.model import Document

from .columns import canonical_json
from .journal import Values, change_rows, insert_rows
from .rows import among, document_of
from .schema import bibliography_entries, document_references, documents


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """An entry as it is written (`raw`), its key, and the source that it names; None and `why_broken` where it could not be read. `origin` is the
    file that it came from. `id` is 0 until it is stored."""

    key: str
    source_id: int | None
    csl: Mapping[str, object]
    raw: str
    why_broken: str
    origin: str
    reviewer: str
    imported_at: datetime
    id: int = field(default=0, compare=False)


def put_entries(connection: Connection, entries: Sequence[BibliographyEntry]) -> Counter[str]:
    """Keep the entries of a file: one that is held as it is stays, one that is written otherwise now under the same key takes the place of the old.

    Of several with one key the first meets the first that is held, and so on. Gives how many are "new", "changed" and "unchanged".
    """
    held: dict[tuple[str, str, int], Row[Any]] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for row in _rows(connection, {entry.origin for entry in entries}):
        held[row.origin, row.key, counted[row.origin, row.key]] = row
        counted[row.origin, row.key] += 1
    changes: list[Values] = []
    new: list[Values] = []
    counted.clear()
    for entry in entries:
        same = held.get((entry.origin, entry.key, counted[entry.origin, entry.key]))
        counted[entry.origin, entry.key] += 1
        if same is None:
            new.append(_values(entry))
        elif (same.raw, same.source_id, same.why_broken) != (entry.raw, entry.source_id, entry.why_broken):
            changes.append({"id": same.id, **_values(entry)})
    change_rows(connection, bibliography_entries, changes)
    insert_rows(connection, bibliography_entries, new)
    return Counter(new=len(new), changed=len(changes), unchanged=len(entries) - len(new) - len(changes))


def entries_named(connection: Connection, keys: Collection[str]) -> list[BibliographyEntry]:
    """Give the entries of those keys that name a source, the one that was imported last for a key last."""
    these = among(connection, bibliography_entries.c.key, keys)
    query = select(bibliography_entries).where(these, bibliography_entries.c.source_id.is_not(None))
    ordered = query.order_by(bibliography_entries.c.imported_at, bibliography_entries.c.id.desc())
    return [_entry_of(row) for row in connection.execute(ordered)]


def sources_by_key(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Give the source that each key names: that of the file imported last, and in it of the first entry."""
    return {entry.key: entry.source_id for entry in entries_named(connection, keys) if entry.source_id is not None}


def keys_of(connection: Connection, source_ids: Iterable[int]) -> dict[int, str]:
    """Give the key by which each of many sources is cited, where a bibliography has one for it: that of the last import."""
    these = among(connection, bibliography_entries.c.source_id, source_ids)
    columns = bibliography_entries.c["source_id", "key"]
    query = select(*columns).where(these).order_by(bibliography_entries.c.imported_at, bibliography_entries.c.id.desc())
    return {row.source_id: row.key for row in connection.execute(query)}


def all_entries(connection: Connection) -> list[BibliographyEntry]:
    """Give every entry, in the order in which they were imported."""
    return [_entry_of(row) for row in connection.execute(select(bibliography_entries).order_by(bibliography_entries.c.id))]


def documents_citing(connection: Connection, keys: Collection[str]) -> list[Document]:
    """Give the documents that list or cite a reference by one of those keys, oldest first."""
    these = among(connection, document_references.c.label, keys)
    named = select(document_references.c.document_id).where(these, ~document_references.c.absent)
    return [document_of(row) for row in connection.execute(select(documents).where(documents.c.id.in_(named)).order_by(documents.c.id))]


def _rows(connection: Connection, origins: Collection[str]) -> Sequence[Row[Any]]:
    these = among(connection, bibliography_entries.c.origin, origins)
    return connection.execute(select(bibliography_entries).where(these).order_by(bibliography_entries.c.id)).all()


def _values(entry: BibliographyEntry) -> Values:
    return {
        "key": entry.key,
        "source_id": entry.source_id,
        "csl": canonical_json(dict(entry.csl)),
        "raw": entry.raw,
        "why_broken": entry.why_broken,
        "origin": entry.origin,
        "reviewer": entry.reviewer,
        "imported_at": entry.imported_at,
    }


def _entry_of(row: Row[Any]) -> BibliographyEntry:
    return BibliographyEntry(
        key=row.key,
        source_id=row.source_id,
        csl=json.loads(row.csl),
        raw=row.raw,
        why_broken=row.why_broken,
        origin=row.origin,
        reviewer=row.reviewer,
        imported_at=row.imported_at,
        id=row.id,
    )
