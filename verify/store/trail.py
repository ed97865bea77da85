"""The trail: one event for everything that is done to the ledger, each chained to the one before by its hash.

An event is written in the transaction of the change that it tells of. Its hash is tagged with its algorithm, so that the form can change later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from verify.errors import LedgerError, UsageError
from verify.model import Event, TrailHead
from verify.terminal import one_line

from . import chain
from .columns import canonical_json, utc_text
from .journal import journal_of
from .rows import event_values
from .schema import events as event_table
from .statements import SECTIONS

_HEAD = re.compile(rf"0:|(?P<sequence>[1-9]\d{{0,17}}):(?P<hash>{chain.ALGORITHM}:[0-9a-f]{{64}})", re.ASCII)


def event_hash(event: Event) -> str:
    """Derive the hash of an event: sha256 over the canonical JSON list of its other fields, in their order, the time as the ledger spells it."""
    spelled = chain.Stored(
        event.sequence, utc_text(event.at), event.reviewer, event.action, event.subject, event.payload, event.previous_hash, event.hash
    )
    return chain.hash_of(spelled)


def append(connection: Connection, *, at: datetime, reviewer: str, action: str, subject: str, payload: Mapping[str, Any]) -> Event:
    """Add an event after the last, with every row that was changed since (see `journal`). The payload is JSON values only, and names none of the
    parts that tell of rows; raises TypeError or ValueError otherwise."""
    if taken := payload.keys() & set(SECTIONS):
        raise ValueError(f"an event's own facts cannot be called {sorted(taken)}")
    sequence, last_hash, _ = chain.last_of(connection)
    whole = canonical_json({**payload, **journal_of(connection).take()})
    event = Event(sequence + 1, at.astimezone(UTC), reviewer, action, subject, whole, last_hash, "")
    event = replace(event, hash=event_hash(event))
    connection.execute(insert(event_table).values(event_values(event)))
    return event


def head(connection: Connection) -> TrailHead:
    """Give the last entry of the trail; sequence 0 before the first. Raises LedgerError where its time was spoilt."""
    sequence, last_hash, at = chain.last_of(connection)
    return TrailHead(sequence, last_hash, _time(sequence, at)) if sequence else TrailHead(0, "")


def events(connection: Connection, *, after: int = 0, limit: int | None = None, subject: str = "") -> list[Event]:
    """Give the events after a sequence number, oldest first, at most `limit`, of one subject when it is named. Raises LedgerError for a spoilt one."""
    return [_event(event) for event in chain.stored(connection, after=after, limit=limit, subject=subject)]


def head_text(head: TrailHead) -> str:
    """Spell a head as "sequence:hash"; "0:" for an empty trail."""
    return f"{head.sequence}:{head.hash}"


def head_of(text: str) -> TrailHead:
    """Read a head as it is spelled. Raises UsageError for anything else."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{one_line(text[:100])!r} is no head of a trail: `verify trail head` prints one, SEQ:{chain.ALGORITHM}:HASH")
    return TrailHead(int(found["sequence"] or 0), found["hash"] or "")


def _event(stored: chain.Stored) -> Event:
    return Event(stored.sequence, _time(stored.sequence, stored.at), *stored[2:])


def _time(sequence: int, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise LedgerError(f"entry {sequence} of the trail was spoilt: `verify trail verify` says what fits and what does not") from error
