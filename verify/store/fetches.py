"""Visits to the addresses of sources: only ever added, so that one failure does not make a source dead, and a page that came can be shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from .columns import canonical_json
from .journal import Values, insert_row
from .rows import among
from .schema import fetches, snapshots

_IS_FREE: Mapping[bool | None, str] = {True: "yes", False: "no", None: ""}
_WORDS = {word: value for value, word in _IS_FREE.items()}


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a source: what was asked, where its redirects led, and what came. `redirects` are (address, status, target); `failure` is a word of
    the program, `error` the same for people; `is_free` what the page says of itself. `id` is 0 until it is stored; `snapshot_id` is what came, or
    is still so."""

    source_id: int
    at: datetime
    asked: str
    reached: str = ""
    status: int = 0
    redirects: tuple[tuple[str, int, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    failure: str = ""
    error: str = ""
    not_found: str = ""
    is_free: bool | None = None
    sha256: str = ""
    snapshot_id: int | None = None
    id: int = 0


def add_visit(connection: Connection, visit: Visit) -> int:
    """Keep a visit. Gives its id."""
    return insert_row(connection, fetches, _values(visit))


def visits_to(connection: Connection, source_ids: Iterable[int] | None = None) -> defaultdict[int, list[Visit]]:
    """Give the visits to sources, to all of them where none are named, by source, oldest first."""
    query = select(fetches).order_by(fetches.c.id)
    if source_ids is not None:
        query = query.where(among(connection, fetches.c.source_id, source_ids))
    found: defaultdict[int, list[Visit]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.source_id].append(_visit_of(row))
    return found


def captured(connection: Connection, source_ids: Iterable[int]) -> Iterator[tuple[Visit, bytes]]:
    """Give the visits to sources that were answered, oldest first, each with its body; b"" where other bytes are held, or none."""
    these = among(connection, fetches.c.source_id, source_ids)
    query = select(fetches).where(these, fetches.c.status > 0).order_by(fetches.c.id)
    for row in connection.execute(query).all():
        body = select(snapshots.c.content).where(snapshots.c.id == row.snapshot_id, snapshots.c.sha256 == row.sha256)
        yield _visit_of(row), bytes(connection.scalar(body) or b"")


def _values(visit: Visit) -> Values:
    return {
        "source_id": visit.source_id,
        "fetched_at": visit.at,
        "asked": visit.asked,
        "reached": visit.reached,
        "status": visit.status,
        "redirects": canonical_json([list(hop) for hop in visit.redirects]),
        "headers": canonical_json(dict(visit.headers)),
        "elapsed_ms": visit.elapsed_ms,
        "failure": visit.failure,
        "error": visit.error,
        "not_found": visit.not_found,
        "is_free": _IS_FREE[visit.is_free],
        "sha256": visit.sha256,
        "snapshot_id": visit.snapshot_id,
    }


def _visit_of(row: Row[Any]) -> Visit:
    return Visit(
        source_id=row.source_id,
        at=row.fetched_at,
        asked=row.asked,
        reached=row.reached,
        status=row.status,
        redirects=tuple((url, status, target) for url, status, target in json.loads(row.redirects)),
        headers=json.loads(row.headers),
        elapsed_ms=row.elapsed_ms,
        failure=row.failure,
        error=row.error,
        not_found=row.not_found,
        is_free=_WORDS[row.is_free],
        sha256=row.sha256,
        snapshot_id=row.snapshot_id,
        id=row.id,
    )
