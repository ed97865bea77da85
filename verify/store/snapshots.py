"""The states in which a source was seen, without their bytes: how many there are, from where, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from .ground import NEWEST
from .rows import among
from .schema import snapshots


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """A snapshot by its facts; `length` is that of its content in bytes, `characters` that of its text in code points."""

    id: int
    sha256: str
    media_type: str
    origin: str
    retrieved_at: datetime
    last_seen_at: datetime | None
    length: int
    characters: int


def states_of(connection: Connection, source_id: int) -> list[SnapshotFacts]:
    """Give the states in which a source was seen, the latest first."""
    columns = snapshots.c["id", "sha256", "media_type", "origin", "retrieved_at", "last_seen_at"]
    query = select(*columns, func.length(snapshots.c.content).label("length"), func.length(snapshots.c.text).label("characters"))
    rows = connection.execute(query.where(snapshots.c.source_id == source_id).order_by(*NEWEST))
    return [SnapshotFacts(**row._mapping) for row in rows]  # noqa: SLF001 - a Row's public mapping


def text_of(connection: Connection, snapshot_id: int) -> str:
    """Give the text of a snapshot; empty for one that is not there."""
    return connection.scalar(select(snapshots.c.text).where(snapshots.c.id == snapshot_id)) or ""


def held_hashes(connection: Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Give those of many hashes (hex sha256) that are of bytes which some source has."""
    query = select(snapshots.c.sha256).where(among(connection, snapshots.c.sha256, hashes))
    return frozenset(connection.scalars(query))
