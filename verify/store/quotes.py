"""Quotes kept as evidence, looked for again in a later text of their source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from verify.model import Evidence, QuoteMatch

from .journal import insert_rows
from .rows import among, evidence_of
from .schema import evidence, quote_checks, snapshots, source_links


@dataclass(frozen=True, slots=True)
class QuoteRecheck:
    """How a quote stands in a later snapshot of its source: where, and what that text prints in its place, or nearest to it."""

    evidence_id: int
    snapshot_id: int
    match: QuoteMatch
    start: int
    end: int
    printed: str
    at: datetime


def quotes_of_source(connection: Connection, source_id: int) -> list[Evidence]:
    """Give the quotes kept from a source, for the links that hold, oldest first."""
    holds = and_(source_links.c.source_id == source_id, source_links.c.detached_at.is_(None))
    query = select(evidence, snapshots.c.sha256).join(snapshots).join(source_links, source_links.c.id == evidence.c.link_id)
    return [evidence_of(row) for row in connection.execute(query.where(holds).order_by(evidence.c.id))]


def quotes_to_check(connection: Connection, source_id: int, snapshot_id: int) -> list[Evidence]:
    """Give those of the quotes kept from a source that do not stand in that snapshot, and were not yet looked for in it."""
    query = select(evidence.c.id).where(evidence.c.snapshot_id == snapshot_id)
    checked = select(quote_checks.c.evidence_id).where(quote_checks.c.snapshot_id == snapshot_id)
    done = set(connection.scalars(query.union(checked)))
    return [quote for quote in quotes_of_source(connection, source_id) if quote.id not in done]


def add_checks(connection: Connection, checks: Sequence[QuoteRecheck]) -> None:
    """Keep what came of looking for quotes again."""
    insert_rows(
        connection,
        quote_checks,
        (
            {
                "evidence_id": check.evidence_id,
                "snapshot_id": check.snapshot_id,
                "quote_match": str(check.match),
                "start_offset": check.start,
                "end_offset": check.end,
                "printed": check.printed,
                "checked_at": check.at,
            }
            for check in checks
        ),
    )


def checks_in(connection: Connection, snapshot_id: int, evidence_ids: Iterable[int]) -> dict[int, QuoteRecheck]:
    """Give how quotes stand in a snapshot in which they were looked for again, by quote."""
    these = and_(quote_checks.c.snapshot_id == snapshot_id, among(connection, quote_checks.c.evidence_id, evidence_ids))
    return {row.evidence_id: _check_of(row) for row in connection.execute(select(quote_checks).where(these))}


def _check_of(row: Row[Any]) -> QuoteRecheck:
    return QuoteRecheck(
        row.evidence_id,
        row.snapshot_id,
        QuoteMatch(row.quote_match),
        row.start_offset,
        row.end_offset,
        row.printed,
        row.checked_at,
    )
