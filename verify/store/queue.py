"""The queue of claims that need a person: the most urgent one that nobody else holds, leases on claims, assignments, and claims passed over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, case, literal, or_, select, text

from verify.model import FlagOrigin, Status

from .assessments import contradicted
from .columns import UtcTime
from .ground import disagreed, lacks_second, settled, stands
from .journal import delete_rows, insert_row, take_down, update_rows
from .rows import among
from .schema import LONGEST_ID, assignments, claims, documents, flags, leases, skips

URGENCIES = ("tagged", "flagged", "contradicted", "disagreement", "uncited", "stale", "covered")
"""What can make a claim urgent, by the words that settings give weights to."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a claim, and until when nobody else is handed it."""

    claim_id: int
    reviewer: str
    leased_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """To whom a claim was given, by whom, and why."""

    claim_id: int
    reviewer: str
    assigned_by: str
    assigned_at: datetime
    note: str


def most_urgent(
    connection: Connection,
    reviewer: str,
    *,
    at: datetime,
    weights: Mapping[str, float],
    document: str = "",
    second: bool = False,
    limit: int = 1,
) -> list[int]:
    """Give the ids of the claims that a reviewer should look at, most urgent first.

    First come those that the reviewer holds a lease on, then those assigned to them, then by the sum of the weights of what makes each urgent, then
    the oldest. Claims that others hold or were given, and those that the reviewer passed over, are left out. With `second`, the claims that another
    reviewer decided on and nobody else has looked at.
    """
    wanted = lacks_second(reviewer) if second else ~settled()
    mine = select(leases.c.claim_id).where(leases.c.claim_id == claims.c.id, leases.c.reviewer == reviewer, leases.c.expires_at > at)
    given = select(assignments.c.claim_id).where(assignments.c.claim_id == claims.c.id, assignments.c.reviewer == reviewer)
    order = (
        case((mine.correlate(claims).exists(), 0), (given.correlate(claims).exists(), 1), else_=2),
        sum((case((condition, literal(weights.get(word, 0.0))), else_=literal(0.0)) for word, condition in _urgent()), literal(0.0)).desc(),
        claims.c.id,
    )
    query = select(claims.c.id).where(~claims.c.absent, wanted, _free_for(reviewer, at))
    if document:
        query = query.join(documents).where(documents.c.name == document)
    return list(connection.scalars(query.order_by(*order).limit(limit)))


def take(connection: Connection, claim_id: int, reviewer: str, *, at: datetime, until: datetime) -> Lease | None:
    """Lease a claim, unless somebody else's lease on it still runs: then None. One of one's own is prolonged."""
    values = {"claim_id": claim_id, "reviewer": reviewer, "leased_at": at, "expires_at": until}
    if connection.execute(_TAKE, values).one_or_none() is None:
        return None
    take_down(connection, leases, values)
    return Lease(**values)  # type: ignore[arg-type]


def end_leases(connection: Connection, claim_ids: Collection[int], reviewer: str = "") -> set[int]:
    """End the leases on claims, only those of a reviewer where one is named. Gives the claims that were held."""
    return _end(connection, leases, claim_ids, reviewer)


def lease_on(connection: Connection, claim_id: int, *, at: datetime) -> Lease | None:
    """Give the lease on a claim that still runs."""
    row = connection.execute(select(leases).where(leases.c.claim_id == claim_id, leases.c.expires_at > at)).one_or_none()
    return Lease(row.claim_id, row.reviewer, row.leased_at, row.expires_at) if row else None


def leased_by(connection: Connection, reviewer: str) -> list[int]:
    """Give the claims that a reviewer took and did not let go, whether or not the leases still run."""
    return list(connection.scalars(select(leases.c.claim_id).where(leases.c.reviewer == reviewer).order_by(leases.c.claim_id)))


def assign(connection: Connection, claim_id: int, reviewer: str, *, by: str, at: datetime, note: str = "") -> None:
    """Give a claim to a reviewer, in place of whoever had it."""
    values = {"reviewer": reviewer, "assigned_by": by, "assigned_at": at, "note": note}
    if not update_rows(connection, assignments, assignments.c.claim_id == claim_id, values):
        insert_row(connection, assignments, {"claim_id": claim_id, **values})


def end_assignments(connection: Connection, claim_ids: Collection[int], reviewer: str = "") -> set[int]:
    """End the assignments of claims, only those to a reviewer where one is named. Gives the claims that were assigned."""
    return _end(connection, assignments, claim_ids, reviewer)


def assignment_of(connection: Connection, claim_id: int) -> Assignment | None:
    """Give to whom a claim was given."""
    row = connection.execute(select(assignments).where(assignments.c.claim_id == claim_id)).one_or_none()
    return Assignment(row.claim_id, row.reviewer, row.assigned_by, row.assigned_at, row.note) if row else None


def skip(connection: Connection, claim_id: int, reviewer: str, *, at: datetime, reason: str = "") -> None:
    """Pass a claim over: the reviewer is not handed it again."""
    values = {"reason": reason, "skipped_at": at}
    if not update_rows(connection, skips, and_(skips.c.claim_id == claim_id, skips.c.reviewer == reviewer), values):
        insert_row(connection, skips, {"claim_id": claim_id, "reviewer": reviewer, **values})


def end_skips(connection: Connection, claim_ids: Collection[int], reviewer: str) -> set[int]:
    """Let a reviewer be handed claims again that they passed over. Gives those that they had."""
    return _end(connection, skips, claim_ids, reviewer)


_TAKE = text(
    "INSERT INTO leases (claim_id, reviewer, leased_at, expires_at) VALUES (:claim_id, :reviewer, :leased_at, :expires_at) "
    "ON CONFLICT (claim_id) DO UPDATE SET reviewer = excluded.reviewer, leased_at = excluded.leased_at, expires_at = excluded.expires_at "
    "WHERE leases.reviewer = excluded.reviewer OR leases.expires_at <= excluded.leased_at RETURNING claim_id"
).bindparams(bindparam("leased_at", type_=UtcTime), bindparam("expires_at", type_=UtcTime))
"""One statement that both databases know: two who ask at once cannot both get the row back."""


def _end(connection: Connection, table: Table, claim_ids: Collection[int], reviewer: str) -> set[int]:
    known = [claim_id for claim_id in claim_ids if claim_id <= LONGEST_ID]
    ended = and_(among(connection, table.c.claim_id, known), table.c.reviewer == reviewer if reviewer else literal(True))
    held = set(connection.scalars(select(table.c.claim_id).where(ended)))
    delete_rows(connection, table, ended)
    return held


def _free_for(reviewer: str, at: datetime) -> ColumnElement[bool]:
    """Nobody else holds the claim or was given it, and the reviewer did not pass it over."""
    held = select(leases.c.claim_id).where(leases.c.claim_id == claims.c.id, leases.c.reviewer != reviewer, leases.c.expires_at > at)
    given = select(assignments.c.claim_id).where(assignments.c.claim_id == claims.c.id, assignments.c.reviewer != reviewer)
    passed = select(skips.c.claim_id).where(skips.c.claim_id == claims.c.id, skips.c.reviewer == reviewer)
    return and_(*(~query.correlate(claims).exists() for query in (held, given, passed)))


def _urgent() -> list[tuple[str, ColumnElement[bool]]]:
    """What makes a claim urgent, by its word; in SQL what `reasons_of` of the model says of a dossier."""
    uncited = claims.c.citation_labels == "[]"
    decided = claims.c.status != str(Status.UNVERIFIED)
    return [
        ("tagged", _has_flag(_is_open(FlagOrigin.TAG))),
        ("flagged", _has_flag(_is_open(FlagOrigin.PERSON))),
        ("contradicted", and_(or_(~decided, ~stands()), contradicted())),
        ("disagreement", disagreed()),
        ("uncited", and_(uncited, ~claims.c.covered, ~_has_flag(flags.c.in_text))),
        ("stale", and_(decided, ~stands())),
        ("covered", and_(uncited, claims.c.covered)),
    ]


def _has_flag(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(flags.c.id).where(flags.c.claim_id == claims.c.id, condition).correlate(claims).exists()


def _is_open(origin: FlagOrigin) -> ColumnElement[bool]:
    return and_(flags.c.origin == str(origin), flags.c.resolved_at.is_(None))
