"""What people say of a claim: decisions, which are only ever added, and flags, which are raised and resolved."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from verify.model import CleanupTag, Decision, Flag, FlagOrigin, Status, standing_decisions, status_of

from .rows import among, decision_of, decision_values, flag_of, flag_values, insert_one, labels_of
from .schema import claims, decisions, flags


def add_decision(
    connection: Connection,
    claim_id: int,
    *,
    status: Status = Status.UNVERIFIED,
    reviewer: str,
    note: str = "",
    at: datetime,
    undoes: int | None = None,
) -> Decision:
    """Add a decision on the claim as it stands now, or, with `undoes`, take one back: then `status` is not asked, but what holds again.

    Raises ValueError when there is no such claim, or no such decision on it still standing.
    """
    claim = connection.execute(select(claims.c.text_sha256, claims.c.citation_labels).where(claims.c.id == claim_id)).one_or_none()
    if claim is None:
        raise ValueError(f"no claim {claim_id}")
    if undoes is None:
        entry = Decision(0, status, reviewer, note, at, claim.text_sha256, labels_of(claim.citation_labels))
    else:
        entry = _undoing(_decisions(connection, claim_id), undoes, reviewer, note, at)
    decision_id = insert_one(connection, decisions, decision_values(claim_id, entry))
    connection.execute(update(claims).where(claims.c.id == claim_id).values(status=str(entry.status)))
    return Decision(decision_id, entry.status, reviewer, note, at, entry.text_sha256, entry.citation_labels, undoes)


def last_decision(connection: Connection, claim_id: int | None = None) -> tuple[int, Decision] | None:
    """Give the claim and the last decision that stands, of one claim or of the whole ledger; None when all were taken back."""
    undoing = decisions.alias()
    undone = select(undoing.c.id).where(undoing.c.undoes == decisions.c.id).correlate(decisions).exists()
    query = select(decisions).where(decisions.c.undoes.is_(None), ~undone)
    if claim_id is not None:
        query = query.where(decisions.c.claim_id == claim_id)
    row = connection.execute(query.order_by(decisions.c.id.desc()).limit(1)).one_or_none()
    return (row.claim_id, decision_of(row)) if row else None


def raise_flag(connection: Connection, claim_id: int, *, name: str = "review", reason: str = "", reviewer: str, at: datetime) -> Flag:
    """Raise a person's flag on a claim."""
    values = flag_values(claim_id, FlagOrigin.PERSON, CleanupTag(name, 0, 0, reason=reason), reviewer, at)
    return Flag(insert_one(connection, flags, values), FlagOrigin.PERSON, name, reason, reviewer, at)


def resolve_flags(
    connection: Connection,
    claim_id: int,
    *,
    names: Collection[str] = (),
    ids: Collection[int] = (),
    reviewer: str,
    at: datetime,
    resolution: str = "",
) -> list[Flag]:
    """Resolve the open flags of a claim that have one of those names or ids, every open one when neither is given. Gives them as they are now."""
    query = select(flags.c.id).where(flags.c.claim_id == claim_id, flags.c.resolved_at.is_(None))
    if names or ids:
        query = query.where(among(connection, flags.c.name, names) | among(connection, flags.c.id, ids))
    these = among(connection, flags.c.id, connection.scalars(query).all())
    connection.execute(update(flags).where(these).values(resolved_by=reviewer, resolved_at=at, resolution=resolution))
    return [flag_of(row) for row in connection.execute(select(flags).where(these).order_by(flags.c.id))]


def _decisions(connection: Connection, claim_id: int) -> list[Decision]:
    query = select(decisions).where(decisions.c.claim_id == claim_id).order_by(decisions.c.id)
    return [decision_of(row) for row in connection.execute(query)]


def _undoing(past: list[Decision], undoes: int, reviewer: str, note: str, at: datetime) -> Decision:
    """The entry that takes a decision back. It carries what the one that holds again stood on, so that the last entry always says what stands."""
    if all(decision.id != undoes for decision in standing_decisions(past)):
        raise ValueError(f"no decision {undoes} stands on this claim")
    left = [decision for decision in standing_decisions(past) if decision.id != undoes]
    if not left:
        return Decision(0, Status.UNVERIFIED, reviewer, note, at, "", (), undoes)
    return Decision(0, status_of(left), reviewer, note, at, left[-1].text_sha256, left[-1].citation_labels, undoes)
