"""What people say of a claim: decisions, which are only ever added, and flags, which are raised and resolved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from verify.model import CleanupTag, Decision, Flag, FlagOrigin, Status, opinions_of, standing_decisions, status_of

from .ground import NEWEST, serves_claim
from .journal import insert_row, insert_rows, update_rows
from .rows import among, decision_of, decision_values, flag_of, flag_values, ids_of, labels_of
from .schema import claims, decision_texts, decisions, evidence, flags, snapshots, source_links, sources


def add_decision(
    connection: Connection,
    claim_id: int,
    *,
    status: Status,
    reviewer: str,
    note: str = "",
    at: datetime,
    seconds: int | None = None,
    settles: int | None = None,
) -> Decision:
    """Add a decision on the claim as it stands now, with the quotes and the texts of its sources that are held for it. `seconds` makes it a second
    opinion on another decision, `settles` one that settles its dispute. Raises ValueError when there is no such claim."""
    claim = _claim(connection, claim_id)
    entry = Decision(
        0,
        status,
        reviewer,
        note,
        at,
        claim.text_sha256,
        labels_of(claim.citation_labels),
        reference_ids=ids_of(claim.reference_ids),
        evidence_ids=_evidence_for(connection, claim_id),
        texts=_texts_for(connection, claim_id),
        seconds=seconds,
        settles=settles,
    )
    return _add(connection, claim_id, entry)


def undo_decision(connection: Connection, claim_id: int, undoes: int, *, reviewer: str, note: str = "", at: datetime) -> Decision:
    """Take a decision back by an entry of its own, which carries what the one that holds again stood on: so the last entry always says what
    stands. Raises ValueError when no such decision stands on the claim."""
    past = decisions_on(connection, [claim_id])[claim_id]
    if all(decision.id != undoes for decision in standing_decisions(past)):
        raise ValueError(f"no decision {undoes} stands on this claim")
    taken_back = Decision(0, Status.UNVERIFIED, reviewer, note, at, "", (), undoes)
    left = standing_decisions((*past, taken_back))
    if left:
        holds = replace(
            left[-1], id=0, reviewer=reviewer, note=note, decided_at=at, undoes=undoes, seconds=None, settles=None, carried_from=None
        )
        taken_back = replace(holds, status=status_of(left))
    return _add(connection, claim_id, taken_back)


def carry_decision(connection: Connection, from_claim: int, to_claim: int) -> Decision | None:
    """Let the decision on a claim, and the second opinions on it, follow it to one that it became a part of, or that is a part of it: as they were
    made, on the text as it was, and so stale. None where none stands."""
    first, seconds = opinions_of(decisions_on(connection, [from_claim])[from_claim])
    if first is None:
        return None
    _claim(connection, to_claim)
    carried = _add(connection, to_claim, replace(first, settles=None, carried_from=first.id))
    for second in seconds:
        _add(connection, to_claim, replace(second, seconds=carried.id, carried_from=second.id))
    return carried


def decisions_on(connection: Connection, claim_ids: Iterable[int]) -> defaultdict[int, list[Decision]]:
    """Give the entries on claims, by claim, in their order, with what each stood on: two queries, however many."""
    these = among(connection, decisions.c.claim_id, claim_ids)
    rows: Sequence[Row[Any]] = connection.execute(select(decisions).where(these).order_by(decisions.c.id)).all()
    texts: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    if rows:
        columns = (decision_texts.c.decision_id, sources.c.canonical, snapshots.c.sha256)
        query = select(*columns).select_from(decision_texts).join(decisions).join(sources, sources.c.id == decision_texts.c.source_id)
        query = query.join(snapshots, snapshots.c.id == decision_texts.c.snapshot_id).where(these)
        for text in connection.execute(query.order_by(decision_texts.c.decision_id, decision_texts.c.source_id)):
            texts[text.decision_id].append((text.canonical, text.sha256))
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    for row in rows:
        found[row.claim_id].append(decision_of(row, texts[row.id]))
    return found


def last_decision(connection: Connection, claim_id: int | None = None) -> tuple[int, Decision] | None:
    """Give the claim and the last decision that stands, of one claim or of the whole ledger; None when all were taken back."""
    query = select(decisions.c.claim_id, decisions.c.id).where(decisions.c.undoes.is_(None)).order_by(decisions.c.id.desc())
    if claim_id is not None:
        query = query.where(decisions.c.claim_id == claim_id)
    for row in connection.execute(query):
        for decision in standing_decisions(decisions_on(connection, [row.claim_id])[row.claim_id]):
            if decision.id == row.id:
                return row.claim_id, decision
    return None


def raise_flag(connection: Connection, claim_id: int, *, name: str = "review", reason: str = "", reviewer: str, at: datetime) -> Flag:
    """Raise a person's flag on a claim."""
    values = flag_values(claim_id, FlagOrigin.PERSON, CleanupTag(name, 0, 0, reason=reason), reviewer, at)
    return Flag(insert_row(connection, flags, values), FlagOrigin.PERSON, name, reason, reviewer, at)


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
    update_rows(connection, flags, these, {"resolved_by": reviewer, "resolved_at": at, "resolution": resolution})
    return [flag_of(row) for row in connection.execute(select(flags).where(these).order_by(flags.c.id))]


def _claim(connection: Connection, claim_id: int) -> Row[Any]:
    row = connection.execute(select(claims).where(claims.c.id == claim_id)).one_or_none()
    if row is None:
        raise ValueError(f"no claim {claim_id}")
    return row


def _add(connection: Connection, claim_id: int, entry: Decision) -> Decision:
    """Add an entry with the texts that it stands on, and write down what the decisions say now."""
    added = replace(entry, id=insert_row(connection, decisions, decision_values(claim_id, entry)))
    ids = _snapshot_ids(connection, entry.texts)
    insert_rows(connection, decision_texts, ({"decision_id": added.id, "source_id": s, "snapshot_id": n} for s, n in ids))
    status = status_of(decisions_on(connection, [claim_id])[claim_id])
    connection.execute(update(claims).where(claims.c.id == claim_id).values(status=str(status)))  # derived, so no event covers it
    return added


def _texts_for(connection: Connection, claim_id: int) -> tuple[tuple[str, str], ...]:
    """The latest text of every source that holds up a claim, as (canonical name, sha256 of the snapshot)."""
    query = select(sources.c.canonical, snapshots.c.sha256).select_from(snapshots).join(sources)
    serving = select(source_links.c.source_id).where(claims.c.id == claim_id, serves_claim()).select_from(source_links, claims)
    newest: dict[str, str] = {}
    for row in connection.execute(query.where(sources.c.id.in_(serving)).order_by(sources.c.id, *NEWEST)):
        newest.setdefault(row.canonical, row.sha256)
    return tuple(newest.items())


def _evidence_for(connection: Connection, claim_id: int) -> tuple[int, ...]:
    serving = select(source_links.c.id).where(claims.c.id == claim_id, serves_claim()).select_from(source_links, claims)
    return tuple(connection.scalars(select(evidence.c.id).where(evidence.c.link_id.in_(serving)).order_by(evidence.c.id)))


def _snapshot_ids(connection: Connection, texts: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    """Source and snapshot by their ids."""
    named = dict(texts)
    query = select(sources.c.canonical, snapshots.c.sha256, snapshots.c.source_id, snapshots.c.id).select_from(snapshots).join(sources)
    rows = connection.execute(query.where(among(connection, sources.c.canonical, named)).order_by(snapshots.c.source_id)) if named else ()
    return [(row.source_id, row.id) for row in rows if named[row.canonical] == row.sha256]
