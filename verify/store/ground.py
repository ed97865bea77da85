"""The rules of the model on decisions, in SQL: what one stands on, whether it still stands, and which claims need a person."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Table, and_, func, or_, select

from verify.model import FlagOrigin, Status

from .schema import citations, claims, decision_texts, decisions, flags, snapshots, source_links, sources

NEWEST = func.coalesce(snapshots.c.last_seen_at, snapshots.c.retrieved_at).desc(), snapshots.c.id.desc()
"""The order in which the latest snapshot of a source comes first: a page that changes back makes an earlier one the latest again."""


def latest_sha256() -> ScalarSelect[str]:
    """The hash of the latest snapshot of the row of `sources` around it; NULL where there is none."""
    query = select(snapshots.c.sha256).where(snapshots.c.source_id == sources.c.id).order_by(*NEWEST).limit(1)
    return query.correlate(sources).scalar_subquery()


def serves_claim() -> ColumnElement[bool]:
    """A link holds, and holds up the row of `claims` around it: alone, or through a reference that the claim cites."""
    cited = select(citations.c.reference_id).where(citations.c.claim_id == claims.c.id, citations.c.kind == "citation").correlate(claims)
    return and_(source_links.c.detached_at.is_(None), or_(source_links.c.claim_id == claims.c.id, source_links.c.reference_id.in_(cited)))


def same_texts(texts: Table = decision_texts, of: FromClause = decisions) -> ColumnElement[bool]:
    """Every text that the row of `of` around it stands on, a decision or an assessment, is still the latest of its source, and the source still holds
    up the claim."""
    (owner, _) = texts.primary_key.columns
    latest = (select(snapshots.c.id).where(snapshots.c.source_id == texts.c.source_id).order_by(*NEWEST).limit(1)).correlate(texts)
    serving = select(source_links.c.id).where(source_links.c.source_id == texts.c.source_id, serves_claim())
    other = select(texts.c.source_id).where(
        owner == of.c.id, or_(texts.c.snapshot_id != latest.scalar_subquery(), ~serving.correlate(texts, claims).exists())
    )
    return ~other.correlate(of, claims).exists()


def settled() -> ColumnElement[bool]:
    """The row of `claims` around it needs nobody: it is decided on, the decision stands on what the claim and its sources say now, no second
    opinion differs, and nobody flagged it. The rule of `reasons_of` of the model, in SQL."""
    flagged = select(flags.c.id).where(
        flags.c.claim_id == claims.c.id, flags.c.origin == str(FlagOrigin.PERSON), flags.c.resolved_at.is_(None)
    )
    return and_(claims.c.status != str(Status.UNVERIFIED), stands(), ~flagged.correlate(claims).exists(), ~disagreed())


def stands() -> ColumnElement[bool]:
    """The last entry on the row of `claims` around it stands on the text, the citations and the sources' texts as they are."""
    last = select(func.max(decisions.c.id)).where(decisions.c.claim_id == claims.c.id).correlate(claims).scalar_subquery()
    query = select(decisions.c.id).where(
        decisions.c.id == last,
        decisions.c.text_sha256 == claims.c.text_sha256,
        decisions.c.reference_ids == claims.c.reference_ids,
        same_texts(),
    )
    return query.correlate(claims).exists()


def disagreed() -> ColumnElement[bool]:
    """A second opinion on the decision that holds for the row of `claims` around it differs from it: `Dossier.disagreement` of the model, in SQL."""
    first, second = decisions.alias("first"), decisions.alias("second")
    differs = select(second.c.id).join(first, first.c.id == second.c.seconds)
    differs = differs.where(second.c.claim_id == claims.c.id, second.c.status != first.c.status, _not_undone(second), _holds(first))
    return differs.correlate(claims).exists()


def lacks_second(reviewer: str) -> ColumnElement[bool]:
    """Somebody other than `reviewer` decided on the row of `claims` around it, and nobody has looked a second time: `Dossier.needs_second`, in SQL."""
    first, second = decisions.alias("first"), decisions.alias("second")
    seconded = select(second.c.id).where(second.c.seconds == first.c.id, _not_undone(second)).correlate(first)
    query = select(first.c.id).where(
        first.c.claim_id == claims.c.id, first.c.settles.is_(None), first.c.reviewer != reviewer, _holds(first), ~seconded.exists()
    )
    return and_(query.correlate(claims).exists(), stands())


def _holds(first: FromClause) -> ColumnElement[bool]:
    """A decision is the last plain one on its claim that nobody took back."""
    later = decisions.alias("later")
    superseded = select(later.c.id).where(
        later.c.claim_id == first.c.claim_id,
        later.c.id > first.c.id,
        later.c.undoes.is_(None),
        later.c.seconds.is_(None),
        _not_undone(later),
    )
    return and_(first.c.undoes.is_(None), first.c.seconds.is_(None), _not_undone(first), ~superseded.correlate(first).exists())


def _not_undone(decision: FromClause) -> ColumnElement[bool]:
    undo = decisions.alias("undo")
    return ~select(undo.c.id).where(undo.c.undoes == decision.c.id).correlate(decision).exists()
