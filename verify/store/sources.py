"""Sources, their snapshots, and the links through which they hold up claims, with the quotes kept as evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, distinct, func, insert, or_, select, update

from verify.model import Evidence, Identifier, MarkKind, Snapshot, Source, SourceLink, TextQuote

from .rows import (
    among,
    batches,
    evidence_of,
    evidence_values,
    insert_one,
    link_of,
    link_values,
    snapshot_of,
    snapshot_values,
    source_of,
    source_values,
)
from .schema import canonical_json, citations, claims, evidence, snapshots, source_links, sources

_BATCH = 5000
_HOLDS = source_links.c.detached_at.is_(None)


def put_source(
    connection: Connection,
    identifier: Identifier,
    *,
    title: str = "",
    csl: Mapping[str, object] | None = None,
    no_text_why: str = "",
) -> tuple[Source, bool]:
    """Give the source of that canonical name, and whether it is new. A title or CSL item given fills one that was empty, and changes none."""
    held = connection.execute(select(sources).where(sources.c.canonical == identifier.canonical)).one_or_none()
    if held is None:
        values = source_values(identifier.kind, identifier.canonical, title, csl or {}, no_text_why)
        source_id = insert_one(connection, sources, values)
        return Source(source_id, identifier.kind, identifier.canonical, title, dict(csl or {}), no_text_why), True
    source = source_of(held)
    filled = replace(source, title=source.title or title, csl=source.csl or dict(csl or {}))
    if filled != source:
        values = {"title": filled.title, "csl": canonical_json(dict(filled.csl))}
        connection.execute(update(sources).where(sources.c.id == source.id).values(values))
    return filled, False


def put_sources(connection: Connection, listed: Iterable[Source]) -> dict[str, int]:
    """Do as `put_source` for many at once; give their ids by canonical name. The ids that they come with are not looked at."""
    wanted = {source.canonical: source for source in listed}
    query = select(sources).where(among(connection, sources.c.canonical, wanted))
    held = {row.canonical: source_of(row) for row in connection.execute(query)}
    filled = [replace(h, title=h.title or wanted[name].title, csl=h.csl or wanted[name].csl) for name, h in held.items()]
    changes = [{"held_id": s.id, "title": s.title, "csl": canonical_json(dict(s.csl))} for s in filled if s != held[s.canonical]]
    if changes:
        fill = update(sources).where(sources.c.id == bindparam("held_id")).values(title=bindparam("title"), csl=bindparam("csl"))
        connection.execute(fill, changes)
    new = (source_values(s.kind, s.canonical, s.title, s.csl, s.no_text_why) for name, s in wanted.items() if name not in held)
    for batch in batches(new, _BATCH):
        connection.execute(insert(sources), batch)
    ids = select(sources.c.canonical, sources.c.id).where(among(connection, sources.c.canonical, wanted))
    return {row.canonical: row.id for row in connection.execute(ids)}


def put_snapshot(connection: Connection, source_id: int, snapshot: Snapshot) -> Snapshot:
    """Store what a source looked like, once; from then on its text is there. Gives it with its id, as first stored."""
    same = and_(snapshots.c.source_id == source_id, snapshots.c.sha256 == snapshot.sha256)
    held = connection.execute(select(snapshots).where(same)).one_or_none()
    connection.execute(update(sources).where(sources.c.id == source_id, sources.c.no_text_why != "").values(no_text_why=""))
    if held is not None:
        return snapshot_of(held)
    return replace(snapshot, id=insert_one(connection, snapshots, snapshot_values(source_id, snapshot)))


def latest_snapshot(connection: Connection, source_id: int) -> Snapshot | None:
    """Give the snapshot of a source that was retrieved last."""
    newest = snapshots.c.retrieved_at.desc(), snapshots.c.id.desc()
    row = connection.execute(select(snapshots).where(snapshots.c.source_id == source_id).order_by(*newest).limit(1)).one_or_none()
    return snapshot_of(row) if row else None


def link(
    connection: Connection,
    *,
    document_id: int,
    claim_id: int | None = None,
    label: str | None = None,
    source_id: int,
    locator: str = "",
    note: str = "",
    reviewer: str,
    at: datetime,
) -> tuple[int, bool]:
    """Let a source hold up one claim, or every claim of the document that cites `label`: exactly one of the two.

    Gives the link's id and whether it is new; a link to the same target that still holds is given as it is. Without a reviewer it is the
    document's own; whoever links the same makes it theirs, and that counts as new.
    """
    same = and_(_target(document_id, claim_id, label), source_links.c.source_id == source_id, _HOLDS)
    held = connection.execute(select(*source_links.c["id", "origin", "locator", "note"]).where(same)).one_or_none()
    if held is None:
        values = link_values(document_id, source_id, claim_id=claim_id, label=label, locator=locator, note=note, reviewer=reviewer, at=at)
        return insert_one(connection, source_links, values), True
    if held.origin == "document" and reviewer:
        theirs = {
            "origin": "person",
            "reviewer": reviewer,
            "attached_at": at,
            "locator": locator or held.locator,
            "note": note or held.note,
        }
        connection.execute(update(source_links).where(source_links.c.id == held.id).values(theirs))
        return held.id, True
    return held.id, False


def link_references(connection: Connection, document_id: int, named: Collection[tuple[str, int]], at: datetime) -> tuple[int, int]:
    """Let the links that a document makes itself be `named`, pairs of a label and a source's id. Gives how many it attached and detached.

    Those of persons are left alone, and so is what a person has once taken off: the document does not attach that again.
    """
    query = select(*source_links.c["id", "label", "source_id", "origin", "detached_at", "detached_by"])
    rows = connection.execute(query.where(source_links.c.document_id == document_id, source_links.c.label.is_not(None))).all()
    settled = {(row.label, row.source_id) for row in rows if row.detached_at is None or row.detached_by}
    wanted = dict.fromkeys(named)
    gone = [r.id for r in rows if r.detached_at is None and r.origin == "document" and (r.label, r.source_id) not in wanted]
    unlink(connection, gone, "", at)
    new = [pair for pair in wanted if pair not in settled]
    for batch in batches((link_values(document_id, source_id, label=label, at=at) for label, source_id in new), _BATCH):
        connection.execute(insert(source_links), batch)
    return len(new), len(gone)


def unlink(connection: Connection, link_ids: Iterable[int], reviewer: str, at: datetime) -> None:
    """Detach links; they and their evidence are kept, and no longer shown. One that was detached before stays as it was."""
    these = among(connection, source_links.c.id, link_ids)
    connection.execute(update(source_links).where(these, _HOLDS).values(detached_at=at, detached_by=reviewer))


def add_evidence(
    connection: Connection, link_id: int, snapshot_id: int, quote: TextQuote, locator: str, reviewer: str, at: datetime
) -> tuple[int, bool]:
    """Keep a quote for a link. Gives its id and whether it is new: the same words of the same snapshot are kept once a link."""
    same = and_(
        evidence.c.link_id == link_id,
        evidence.c.snapshot_id == snapshot_id,
        evidence.c.start_offset == quote.start,
        evidence.c.end_offset == quote.end,
    )
    held = connection.scalar(select(evidence.c.id).where(same))
    if held is not None:
        return held, False
    return insert_one(connection, evidence, evidence_values(link_id, snapshot_id, quote, locator=locator, reviewer=reviewer, at=at)), True


def links_of_document(connection: Connection, document_id: int) -> list[SourceLink]:
    """Give the links that hold in a document, oldest first: those of its labels and those of its single claims."""
    return [held for _, _, held in _links(connection, source_links.c.document_id == document_id)]


def links_of_target(connection: Connection, *, document_id: int, claim_id: int | None = None, label: str | None = None) -> list[SourceLink]:
    """Give the links that hold for exactly that claim or that label, oldest first."""
    return [held for _, _, held in _links(connection, _target(document_id, claim_id, label))]


def links_serving(connection: Connection, places: Mapping[int, tuple[int, Sequence[str]]]) -> dict[int, tuple[SourceLink, ...]]:
    """Give the links of many claims, from claim id -> (document id, labels cited): by label in the order they are cited, then its own."""
    labels = {label for _, cited in places.values() for label in cited}
    own = among(connection, source_links.c.claim_id, places)
    cited = and_(
        among(connection, source_links.c.document_id, {document_id for document_id, _ in places.values()}),
        among(connection, source_links.c.label, labels),
    )
    by_claim: defaultdict[int, list[SourceLink]] = defaultdict(list)
    by_label: defaultdict[tuple[int, str], list[SourceLink]] = defaultdict(list)
    for document_id, claim_id, held in _links(connection, or_(own, cited)):
        if claim_id is None:
            by_label[document_id, held.label].append(held)
        else:
            by_claim[claim_id].append(held)
    return {
        claim_id: (*(held for label in cited for held in by_label.get((document_id, label), ())), *by_claim.get(claim_id, ()))
        for claim_id, (document_id, cited) in places.items()
    }


def all_sources(connection: Connection) -> list[tuple[Source, int]]:
    """Give every source, oldest first, with the number of standing claims that it holds up."""
    cites = and_(citations.c.claim_id == claims.c.id, citations.c.kind == str(MarkKind.CITATION), citations.c.label == source_links.c.label)
    by_label = (
        select(source_links.c.source_id, claims.c.id)
        .join(claims, claims.c.document_id == source_links.c.document_id)
        .join(citations, cites)
        .where(_HOLDS, ~claims.c.absent)
    )
    by_claim = (
        select(source_links.c.source_id, claims.c.id).join(claims, claims.c.id == source_links.c.claim_id).where(_HOLDS, ~claims.c.absent)
    )
    pairs = by_label.union(by_claim).subquery()
    counts = select(pairs.c.source_id, func.count(distinct(pairs.c.id)).label("held")).group_by(pairs.c.source_id).subquery()
    query = select(sources, func.coalesce(counts.c.held, 0).label("held")).select_from(sources)
    query = query.outerjoin(counts, counts.c.source_id == sources.c.id).order_by(sources.c.id)
    return [(source_of(row), row.held) for row in connection.execute(query)]


def _target(document_id: int, claim_id: int | None, label: str | None) -> ColumnElement[bool]:
    if claim_id is not None:
        return source_links.c.claim_id == claim_id
    return and_(source_links.c.document_id == document_id, source_links.c.label == label)


def _links(connection: Connection, condition: ColumnElement[bool]) -> list[tuple[int, int | None, SourceLink]]:
    """The links that hold, as (document id, claim id or None, link), with their evidence: two queries, however many."""
    columns = source_links.c["document_id", "claim_id", "label", "locator", "note", "reviewer", "attached_at", "source_id"]
    source = sources.c["kind", "canonical", "title", "csl", "no_text_why"]
    query = select(source_links.c.id.label("link_id"), *columns, *source).join(sources).where(_HOLDS, condition)
    rows = connection.execute(query.order_by(source_links.c.id)).all()
    quotes: defaultdict[int, list[Evidence]] = defaultdict(list)
    if rows:
        these = among(connection, evidence.c.link_id, [row.link_id for row in rows])
        kept = select(evidence, snapshots.c.sha256).join(snapshots).where(these).order_by(evidence.c.id)
        for row in connection.execute(kept):
            quotes[row.link_id].append(evidence_of(row))
    return [(row.document_id, row.claim_id, link_of(row, quotes[row.link_id])) for row in rows]
