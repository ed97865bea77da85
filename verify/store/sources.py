"""Sources, their snapshots, and the links through which they hold up claims, with the quotes kept as evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, or_, select

from verify.model import Evidence, Identifier, MarkKind, Snapshot, Source, SourceLink, TextQuote

from .columns import canonical_json
from .ground import NEWEST, latest_sha256, serves_claim
from .journal import change_rows, insert_row, insert_rows, update_rows
from .rows import among, evidence_of, evidence_values, link_of, link_values, snapshot_of, snapshot_values, source_of, source_values
from .schema import LONGEST_ID, citations, claims, document_references, evidence, quote_checks, snapshots, source_links, sources

_HOLDS = source_links.c.detached_at.is_(None)


@dataclass(frozen=True, slots=True)
class Linked:
    """A link of a source by its target: one claim, or a reference; with its quotes."""

    id: int
    document_id: int
    claim_id: int | None
    reference_id: int | None
    locator: str
    note: str
    evidence: tuple[Evidence, ...]


def put_source(
    connection: Connection,
    identifier: Identifier,
    *,
    title: str = "",
    csl: Mapping[str, object] | None = None,
    no_text_why: str = "",
) -> tuple[Source, bool]:
    """Give the source of that canonical name, and whether it is new. A title or CSL item given fills one that was empty, and changes none."""
    query = select(sources, latest_sha256().label("snapshot_sha256")).where(sources.c.canonical == identifier.canonical)
    held = connection.execute(query).one_or_none()
    if held is None:
        values = source_values(identifier.kind, identifier.canonical, title, csl or {}, no_text_why)
        source_id = insert_row(connection, sources, values)
        return Source(source_id, identifier.kind, identifier.canonical, title, dict(csl or {}), no_text_why), True
    source = source_of(held)
    filled = replace(source, title=source.title or title, csl=source.csl or dict(csl or {}))
    if filled != source:
        values = {"title": filled.title, "csl": canonical_json(dict(filled.csl))}
        update_rows(connection, sources, sources.c.id == source.id, values)
    return filled, False


def put_sources(connection: Connection, listed: Iterable[Source]) -> dict[str, int]:
    """Do as `put_source` for many at once; give their ids by canonical name. The ids that they come with are not looked at."""
    wanted = {source.canonical: source for source in listed}
    query = select(sources).where(among(connection, sources.c.canonical, wanted))
    held = {row.canonical: source_of(row) for row in connection.execute(query)}
    filled = [replace(h, title=h.title or wanted[name].title, csl=h.csl or wanted[name].csl) for name, h in held.items()]
    changes = [{"id": s.id, "title": s.title, "csl": canonical_json(dict(s.csl))} for s in filled if s != held[s.canonical]]
    change_rows(connection, sources, changes)
    new = (source_values(s.kind, s.canonical, s.title, s.csl, s.no_text_why) for name, s in wanted.items() if name not in held)
    insert_rows(connection, sources, new)
    ids = select(sources.c.canonical, sources.c.id).where(among(connection, sources.c.canonical, wanted))
    return {row.canonical: row.id for row in connection.execute(ids)}


def source_with_id(connection: Connection, source_id: int) -> Source | None:
    """Give the source of that id."""
    return _source_where(connection, sources.c.id == source_id) if 0 < source_id <= LONGEST_ID else None


def source_named(connection: Connection, canonical: str) -> Source | None:
    """Give the source of that canonical name."""
    return _source_where(connection, sources.c.canonical == canonical)


def sources_named(connection: Connection, canonical: Iterable[str]) -> dict[str, Source]:
    """Give the sources of many canonical names, by name."""
    query = select(sources, latest_sha256().label("snapshot_sha256")).where(among(connection, sources.c.canonical, canonical))
    return {row.canonical: source_of(row) for row in connection.execute(query)}


def describe_sources(connection: Connection, changed: Iterable[Source]) -> None:
    """Write what sources are called now, their CSL items, and why no text of them is held."""
    changes = [{"id": s.id, "title": s.title, "csl": canonical_json(dict(s.csl)), "no_text_why": s.no_text_why} for s in changed]
    change_rows(connection, sources, changes)


def put_snapshot(connection: Connection, source_id: int, snapshot: Snapshot, *, no_text_why: str = "") -> Snapshot:
    """Store what a source looked like, once, as the latest; from then on its text is there, unless `no_text_why` says that it is none to check
    against. Gives it with its id, as it is held: bytes that came before are the earlier snapshot, seen again now."""
    same = and_(snapshots.c.source_id == source_id, snapshots.c.sha256 == snapshot.sha256)
    held = connection.execute(select(snapshots).where(same)).one_or_none()
    update_rows(connection, sources, and_(sources.c.id == source_id, sources.c.no_text_why != no_text_why), {"no_text_why": no_text_why})
    if held is None:
        return replace(snapshot, id=insert_row(connection, snapshots, snapshot_values(source_id, snapshot)))
    if held.id == latest_snapshot_id(connection, source_id):
        return snapshot_of(held)
    see_snapshot(connection, held.id, snapshot.retrieved_at)
    return replace(snapshot_of(held), last_seen_at=snapshot.retrieved_at)


def see_snapshot(connection: Connection, snapshot_id: int, at: datetime) -> None:
    """Keep that what a snapshot holds was there again."""
    update_rows(connection, snapshots, snapshots.c.id == snapshot_id, {"last_seen_at": at})


def latest_snapshot_id(connection: Connection, source_id: int) -> int | None:
    """Give the id of the latest snapshot of a source."""
    return connection.scalar(select(snapshots.c.id).where(snapshots.c.source_id == source_id).order_by(*NEWEST).limit(1))


def latest_snapshot(connection: Connection, source_id: int) -> Snapshot | None:
    """Give the snapshot of a source that was retrieved, or seen again, last."""
    row = connection.execute(select(snapshots).where(snapshots.c.source_id == source_id).order_by(*NEWEST).limit(1)).one_or_none()
    return snapshot_of(row) if row else None


def link(
    connection: Connection,
    *,
    document_id: int,
    claim_id: int | None = None,
    reference_id: int | None = None,
    source_id: int,
    locator: str = "",
    note: str = "",
    reviewer: str,
    at: datetime,
) -> tuple[int, bool]:
    """Let a source hold up one claim, or every claim that cites a reference: exactly one of the two.

    Gives the link's id and whether it is new; a link to the same target that still holds is given as it is. Without a reviewer it is the
    document's own; whoever links the same makes it theirs, and that counts as new.
    """
    same = and_(_target(claim_id, reference_id), source_links.c.source_id == source_id, _HOLDS)
    held = connection.execute(select(*source_links.c["id", "origin", "locator", "note"]).where(same)).one_or_none()
    if held is None:
        values = link_values(
            document_id, source_id, claim_id=claim_id, reference_id=reference_id, locator=locator, note=note, reviewer=reviewer, at=at
        )
        return insert_row(connection, source_links, values), True
    if held.origin == "document" and reviewer:
        theirs = {
            "origin": "person",
            "reviewer": reviewer,
            "attached_at": at,
            "locator": locator or held.locator,
            "note": note or held.note,
        }
        update_rows(connection, source_links, source_links.c.id == held.id, theirs)
        return held.id, True
    return held.id, False


def link_references(connection: Connection, document_id: int, named: Collection[tuple[int, int]], at: datetime) -> tuple[int, int]:
    """Let the links that a document makes itself be `named`, pairs of a reference's id and a source's. Gives how many it attached and detached.

    Those of persons are left alone, and so is what a person has once taken off: the document does not attach that again.
    """
    query = select(*source_links.c["id", "reference_id", "source_id", "origin", "detached_at", "detached_by"])
    rows = connection.execute(query.where(source_links.c.document_id == document_id, source_links.c.reference_id.is_not(None))).all()
    settled = {(row.reference_id, row.source_id) for row in rows if row.detached_at is None or row.detached_by}
    wanted = dict.fromkeys(named)
    gone = [r.id for r in rows if r.detached_at is None and r.origin == "document" and (r.reference_id, r.source_id) not in wanted]
    unlink(connection, gone, "", at)
    new = [pair for pair in wanted if pair not in settled]
    insert_rows(
        connection, source_links, (link_values(document_id, source_id, reference_id=reference, at=at) for reference, source_id in new)
    )
    return len(new), len(gone)


def unlink(connection: Connection, link_ids: Iterable[int], reviewer: str, at: datetime) -> None:
    """Detach links; they and their evidence are kept, and no longer shown. One that was detached before stays as it was."""
    these = and_(among(connection, source_links.c.id, link_ids), _HOLDS)
    update_rows(connection, source_links, these, {"detached_at": at, "detached_by": reviewer})


def carry_links(connection: Connection, from_claim: int, to_claim: int) -> None:
    """Let the sources that persons attached to one claim, and the quotes kept for them, hold up another one as well."""
    for row in connection.execute(select(source_links).where(source_links.c.claim_id == from_claim, _HOLDS)).all():
        same = and_(source_links.c.claim_id == to_claim, source_links.c.source_id == row.source_id, _HOLDS)
        if connection.scalar(select(source_links.c.id).where(same)) is not None:
            continue
        values = {**row._mapping, "claim_id": to_claim}  # noqa: SLF001 - a Row's public mapping
        del values["id"]
        link_id = insert_row(connection, source_links, values)
        for quote in connection.execute(select(evidence).where(evidence.c.link_id == row.id)).all():
            kept = {**quote._mapping, "link_id": link_id}  # noqa: SLF001 - a Row's public mapping
            del kept["id"]
            _carry_checks(connection, quote.id, insert_row(connection, evidence, kept))


def _carry_checks(connection: Connection, from_evidence: int, to_evidence: int) -> None:
    checks = connection.execute(select(quote_checks).where(quote_checks.c.evidence_id == from_evidence)).all()
    insert_rows(connection, quote_checks, ({**row._mapping, "evidence_id": to_evidence} for row in checks))  # noqa: SLF001 - as above


def add_evidence(
    connection: Connection, link_id: int, snapshot_id: int, quote: TextQuote, locator: str, reviewer: str, at: datetime, note: str = ""
) -> tuple[int, bool]:
    """Keep a quote for a link; `note` says why one that is altered is kept. Gives its id and whether it is new: the same words of the same snapshot
    are kept once a link."""
    same = and_(
        evidence.c.link_id == link_id,
        evidence.c.snapshot_id == snapshot_id,
        evidence.c.start_offset == quote.start,
        evidence.c.end_offset == quote.end,
    )
    held = connection.scalar(select(evidence.c.id).where(same))
    if held is not None:
        return held, False
    values = evidence_values(link_id, snapshot_id, quote, locator=locator, reviewer=reviewer, at=at, note=note)
    return insert_row(connection, evidence, values), True


def links_of_document(connection: Connection, document_id: int) -> list[SourceLink]:
    """Give the links that hold in a document, oldest first: those of its references and those of its single claims."""
    return [held for _, _, held in _links(connection, source_links.c.document_id == document_id)]


def links_of_target(connection: Connection, *, claim_id: int | None = None, reference_id: int | None = None) -> list[SourceLink]:
    """Give the links that hold for exactly that claim or that reference, oldest first."""
    return [held for _, _, held in _links(connection, _target(claim_id, reference_id))]


def links_serving(connection: Connection, cited: Mapping[int, Sequence[int]]) -> dict[int, tuple[SourceLink, ...]]:
    """Give the links of many claims, from claim id -> ids of the references it cites: by reference in the order they are cited, then its own."""
    references = {reference_id for ids in cited.values() for reference_id in ids}
    either = or_(among(connection, source_links.c.claim_id, cited), among(connection, source_links.c.reference_id, references))
    by_claim: defaultdict[int, list[SourceLink]] = defaultdict(list)
    by_reference: defaultdict[int, list[SourceLink]] = defaultdict(list)
    for claim_id, reference_id, held in _links(connection, either):
        if claim_id is not None:
            by_claim[claim_id].append(held)
        elif reference_id is not None:
            by_reference[reference_id].append(held)
    return {
        claim_id: (*(held for reference_id in ids for held in by_reference.get(reference_id, ())), *by_claim.get(claim_id, ()))
        for claim_id, ids in cited.items()
    }


def all_sources(connection: Connection) -> list[tuple[Source, int]]:
    """Give every source, oldest first, with the number of standing claims that it holds up."""
    cites = and_(citations.c.reference_id == source_links.c.reference_id, citations.c.kind == str(MarkKind.CITATION))
    by_reference = (
        select(source_links.c.source_id, claims.c.id)
        .join(citations, cites)
        .join(claims, claims.c.id == citations.c.claim_id)
        .where(_HOLDS, ~claims.c.absent)
    )
    by_claim = (
        select(source_links.c.source_id, claims.c.id).join(claims, claims.c.id == source_links.c.claim_id).where(_HOLDS, ~claims.c.absent)
    )
    pairs = by_reference.union(by_claim).subquery()
    counts = select(pairs.c.source_id, func.count(distinct(pairs.c.id)).label("held")).group_by(pairs.c.source_id).subquery()
    query = select(sources, latest_sha256().label("snapshot_sha256"), func.coalesce(counts.c.held, 0).label("held")).select_from(sources)
    query = query.outerjoin(counts, counts.c.source_id == sources.c.id).order_by(sources.c.id)
    return [(source_of(row), row.held) for row in connection.execute(query)]


def links_of_source(connection: Connection, source_id: int) -> list[Linked]:
    """Give the links of a source that hold, oldest first, with their quotes."""
    query = select(source_links).where(source_links.c.source_id == source_id, _HOLDS).order_by(source_links.c.id)
    rows = connection.execute(query).all()
    quotes = _quotes(connection, [row.id for row in rows])
    return [Linked(row.id, row.document_id, row.claim_id, row.reference_id, row.locator, row.note, tuple(quotes[row.id])) for row in rows]


def claims_served(connection: Connection, source_id: int) -> list[int]:
    """Give the claims that stand in a document and that a source holds up, alone or by a reference, in the order of their documents."""
    served = select(source_links.c.id).where(source_links.c.source_id == source_id, serves_claim()).correlate(claims).exists()
    query = select(claims.c.id).where(~claims.c.absent, served).order_by(claims.c.document_id, claims.c.ordinal, claims.c.id)
    return list(connection.scalars(query))


def sources_serving(connection: Connection, document_id: int) -> frozenset[int]:
    """Give the ids of the sources that a document's links, which hold, name."""
    query = select(source_links.c.source_id).where(source_links.c.document_id == document_id, _HOLDS)
    return frozenset(connection.scalars(query))


def taken_off(connection: Connection) -> frozenset[int]:
    """Give the ids of the sources that were linked once and no longer are."""
    linked, holding = select(source_links.c.source_id), select(source_links.c.source_id).where(_HOLDS)
    return frozenset(connection.scalars(linked.except_(holding)))


def _source_where(connection: Connection, condition: ColumnElement[bool]) -> Source | None:
    row = connection.execute(select(sources, latest_sha256().label("snapshot_sha256")).where(condition)).one_or_none()
    return source_of(row) if row else None


def _target(claim_id: int | None, reference_id: int | None) -> ColumnElement[bool]:
    return source_links.c.claim_id == claim_id if claim_id is not None else source_links.c.reference_id == reference_id


def _links(connection: Connection, condition: ColumnElement[bool]) -> list[tuple[int | None, int | None, SourceLink]]:
    """The links that hold, as (claim id or None, reference id or None, link), with their evidence: two queries, however many."""
    columns = source_links.c["claim_id", "reference_id", "locator", "note", "reviewer", "attached_at", "source_id"]
    source = (*sources.c["kind", "canonical", "title", "csl", "no_text_why"], latest_sha256().label("snapshot_sha256"))
    query = select(source_links.c.id.label("link_id"), document_references.c.label, *columns, *source).select_from(source_links)
    query = query.join(sources).outerjoin(document_references, document_references.c.id == source_links.c.reference_id)
    rows = connection.execute(query.where(_HOLDS, condition).order_by(source_links.c.id)).all()
    quotes = _quotes(connection, [row.link_id for row in rows])
    return [(row.claim_id, row.reference_id, link_of(row, quotes[row.link_id])) for row in rows]


def _quotes(connection: Connection, link_ids: Sequence[int]) -> defaultdict[int, list[Evidence]]:
    """The quotes kept for links, by link, oldest first."""
    quotes: defaultdict[int, list[Evidence]] = defaultdict(list)
    if link_ids:
        these = among(connection, evidence.c.link_id, link_ids)
        for row in connection.execute(select(evidence, snapshots.c.sha256).join(snapshots).where(these).order_by(evidence.c.id)):
            quotes[row.link_id].append(evidence_of(row))
    return quotes
