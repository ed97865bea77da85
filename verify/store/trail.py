"""The trail: one event for everything that is done to the ledger, each chained to the one before by its hash.

An event is written in the transaction of the change that it tells of. Its hash is tagged with its algorithm, so that the form can change later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from verify.model import Event, TrailHead, sha256_of

from .rows import event_of, event_values
from .schema import canonical_json, utc_text
from .schema import events as event_table


def event_hash(event: Event) -> str:
    """Derive the hash of an event: sha256 over the canonical JSON list of its other fields, in their order, the time as the ledger spells it."""
    fields = [event.sequence, utc_text(event.at), event.reviewer, event.action, event.subject, event.payload, event.previous_hash]
    return f"sha256:{sha256_of(canonical_json(fields))}"


def append(connection: Connection, *, at: datetime, reviewer: str, action: str, subject: str, payload: Mapping[str, Any]) -> Event:
    """Add an event after the last. The payload is JSON values only; raises TypeError or ValueError for what JSON has not."""
    last = head(connection)
    event = Event(last.sequence + 1, at.astimezone(UTC), reviewer, action, subject, canonical_json(dict(payload)), last.hash, "")
    event = replace(event, hash=event_hash(event))
    connection.execute(insert(event_table).values(event_values(event)))
    return event


def head(connection: Connection) -> TrailHead:
    """Give the last entry of the trail; sequence 0 before the first."""
    columns = event_table.c["sequence", "hash", "at"]
    row = connection.execute(select(*columns).order_by(event_table.c.sequence.desc()).limit(1)).one_or_none()
    return TrailHead(row.sequence, row.hash, row.at) if row else TrailHead(0, "")


def events(connection: Connection, *, after: int = 0, limit: int | None = None, subject: str = "") -> list[Event]:
    """Give the events after a sequence number, oldest first, at most `limit`, of one subject when it is named."""
    query = select(event_table).where(event_table.c.sequence > after).order_by(event_table.c.sequence)
    if subject:
        query = query.where(event_table.c.subject == subject)
    return [event_of(row) for row in connection.execute(query if limit is None else query.limit(limit))]
