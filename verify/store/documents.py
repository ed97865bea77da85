"""Documents and their revisions: what was read, when, and how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, insert, literal, select, update

from verify.model import Document, Draft, Extraction, OrphanMarker, Reference, Revision, Status

from .ground import settled
from .journal import Values, insert_row, next_id, update_rows
from .rows import (
    batches,
    document_of,
    orphan_of,
    orphan_values,
    reading_values,
    reference_of,
    reference_values,
    revision_of,
    revision_values,
)
from .schema import LONGEST_ID, citations, claims, document_references, documents, revisions
from .schema import orphan_markers as orphan_table
from .seals import seal

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class DocumentOverview:
    """A document in a list: how many claims it has, how many are decided, how many need a person, and its current revision."""

    document: Document
    claims: int
    decided: int
    needing_review: int
    sequence: int
    sha256: str
    format: str
    layout: str
    ingested_at: datetime


def add_document(connection: Connection, *, name: str, title: str, origin: str) -> Document:
    """Take a text under watch. The name must be free."""
    values = {"name": name, "title": title, "origin": origin}
    return Document(insert_row(connection, documents, values), **values)


def document_named(connection: Connection, name: str) -> Document | None:
    """Give the document of that name."""
    row = connection.execute(select(documents).where(documents.c.name == name)).one_or_none()
    return document_of(row) if row else None


def document_from(connection: Connection, origin: str) -> Document | None:
    """Give the document that was read from there; the latest one, should several have been."""
    query = select(documents).where(documents.c.origin == origin).order_by(documents.c.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return document_of(row) if row else None


def document_with_bytes(connection: Connection, sha256: str) -> list[Document]:
    """Give the documents whose current revision has these bytes."""
    query = select(documents).join(revisions).where(revisions.c.sha256 == sha256, _is_current()).order_by(documents.c.id)
    return [document_of(row) for row in connection.execute(query)]


def all_documents(connection: Connection) -> list[Document]:
    """Give every document, oldest first."""
    return [document_of(row) for row in connection.execute(select(documents).order_by(documents.c.id))]


def current_revision(connection: Connection, document_id: int) -> Revision:
    """Give the latest revision of a document. Raises sqlalchemy.exc.NoResultFound for a document without one: ingest writes both at once."""
    query = select(revisions).where(revisions.c.document_id == document_id).order_by(revisions.c.sequence.desc()).limit(1)
    return revision_of(connection.execute(query).one())


def revision_numbered(connection: Connection, document_id: int, sequence: int) -> Revision | None:
    """Give a revision of a document by its number, from 1; None where it has none of that number."""
    query = select(revisions).where(revisions.c.document_id == document_id, revisions.c.sequence == sequence)
    row = connection.execute(query).one_or_none() if 0 < sequence <= LONGEST_ID else None
    return revision_of(row) if row else None


def add_revision(
    connection: Connection, document_id: int, *, draft: Draft, extraction: Extraction, sha256: str, at: datetime, origin_revision: str = ""
) -> Revision:
    """Store a new state of a document, and its orphan markers."""
    last = connection.scalar(select(func.max(revisions.c.sequence)).where(revisions.c.document_id == document_id)) or 0
    values = revision_values(document_id, last + 1, draft, extraction, sha256=sha256, at=at, origin_revision=origin_revision)
    revision_id = insert_row(connection, revisions, values)
    _write_orphans(connection, revision_id, extraction.orphans)
    return _revision(connection, revision_id)


def reread_revision(connection: Connection, revision_id: int, extraction: Extraction) -> Revision:
    """Record that the same bytes were read with another layout."""
    update_rows(connection, revisions, revisions.c.id == revision_id, reading_values(extraction))
    connection.execute(delete(orphan_table).where(orphan_table.c.revision_id == revision_id))
    _write_orphans(connection, revision_id, extraction.orphans)
    return _revision(connection, revision_id)


def write_references(connection: Connection, document_id: int, entries: Sequence[tuple[int | None, Reference, bool]]) -> dict[str, int]:
    """Write what a document's citation numbers stand for, as (id or None for a new one, reference, whether its list has an entry for it), in
    printed order; those held and not named are gone. Gives the ids by label, of which there may be only one each."""
    fresh_id = next_id(connection, document_references)
    known: list[Values] = []
    fresh: list[Values] = []
    ids = {}
    for ordinal, (held_id, reference, listed) in enumerate(entries, 1):
        values = reference_values(document_id, ordinal, reference, listed=listed)
        if held_id is None:
            ids[reference.label] = fresh_id + len(fresh)
            fresh.append({"id": fresh_id + len(fresh), **values})
        else:
            ids[reference.label] = held_id
            known.append({"held_id": held_id, **values})
    of_document = document_references.c.document_id == document_id
    connection.execute(update(document_references).where(of_document).values(absent=True))
    if known:
        columns: dict[str, Any] = {name: bindparam(name) for name in known[0] if name != "held_id"}
        this = document_references.c.id == bindparam("held_id")
        for batch in batches(known, _BATCH):
            connection.execute(update(document_references).where(this).values(columns), batch)
    for batch in batches(fresh, _BATCH):
        connection.execute(insert(document_references), batch)
    seal(connection, "references", document_id)
    return ids


def held_references(connection: Connection, document_id: int) -> list[tuple[int, Reference, bool]]:
    """Give everything that the citation numbers of a document stand for or stood for, as (id, reference, absent), in printed order."""
    query = select(document_references).where(document_references.c.document_id == document_id)
    rows = connection.execute(query.order_by(document_references.c.ordinal, document_references.c.id))
    return [(row.id, reference_of(row), row.absent) for row in rows]


def reference_cited_as(connection: Connection, document_id: int, label: str) -> int | None:
    """Give the reference that a citation number of a document stands for now; None where nothing is listed or cited by it."""
    query = select(document_references.c.id).where(
        document_references.c.document_id == document_id, document_references.c.label == label, ~document_references.c.absent
    )
    return connection.scalar(query)


def orphan_markers(connection: Connection, revision_id: int) -> tuple[OrphanMarker, ...]:
    """Give the markers of a revision that found no sentence, in printed order."""
    query = select(orphan_table).where(orphan_table.c.revision_id == revision_id).order_by(orphan_table.c.ordinal)
    return tuple(orphan_of(row) for row in connection.execute(query))


def references(connection: Connection, document_id: int) -> tuple[Reference, ...]:
    """Give the reference list of a document, in printed order."""
    query = (
        select(document_references)
        .where(document_references.c.document_id == document_id, document_references.c.listed, ~document_references.c.absent)
        .order_by(document_references.c.ordinal)
    )
    return tuple(reference_of(row) for row in connection.execute(query))


def loose_ends(connection: Connection, name: str = "") -> tuple[int, int]:
    """Count, in the documents as they stand (or in one), the markers that found no sentence and the references that no claim cites."""
    of_document = [documents.c.name == name] if name else []
    orphans = select(func.count()).select_from(orphan_table).join(revisions).join(documents).where(_is_current(), *of_document)
    cited = select(citations.c.claim_id).join(claims).where(~claims.c.absent, citations.c.reference_id == document_references.c.id)
    unused = (
        select(func.count())
        .select_from(document_references)
        .join(documents)
        .where(
            document_references.c.listed,
            ~document_references.c.absent,
            ~cited.correlate(document_references).exists(),
            *of_document,
        )
    )
    return connection.scalar(orphans) or 0, connection.scalar(unused) or 0


def document_overview(connection: Connection) -> list[DocumentOverview]:
    """Give every document with its counts, over the claims that stand in it; in one query, whatever their number.

    A claim needs a person unless a standing decision settles it: the rule of `verify.model.reasons_of`, in SQL.
    """
    decided = claims.c.status != str(Status.UNVERIFIED)
    counts = (
        select(
            claims.c.document_id,
            func.count().label("claims"),
            func.sum(case((decided, 1), else_=0)).label("decided"),
            func.sum(case((settled(), 1), else_=0)).label("settled"),
        )
        .where(~claims.c.absent)
        .group_by(claims.c.document_id)
        .subquery()
    )
    current = revisions.c["sequence", "sha256", "format", "layout", "ingested_at"]
    zero = literal(0)
    query = (
        select(documents, *current, *(func.coalesce(counts.c[name], zero).label(name) for name in ("claims", "decided", "settled")))
        .select_from(documents)
        .join(revisions, and_(revisions.c.document_id == documents.c.id, _is_current()))
        .outerjoin(counts, counts.c.document_id == documents.c.id)
        .order_by(documents.c.id)
    )
    return [
        DocumentOverview(
            document=document_of(row),
            claims=row.claims,
            decided=row.decided,
            needing_review=row.claims - row.settled,
            sequence=row.sequence,
            sha256=row.sha256,
            format=row.format,
            layout=row.layout,
            ingested_at=row.ingested_at,
        )
        for row in connection.execute(query)
    ]


def _is_current() -> ColumnElement[bool]:
    newer = revisions.alias()
    later = select(newer.c.id).where(newer.c.document_id == revisions.c.document_id, newer.c.sequence > revisions.c.sequence)
    return ~later.correlate(revisions).exists()


def _write_orphans(connection: Connection, revision_id: int, orphans: Iterable[OrphanMarker]) -> None:
    for batch in batches((orphan_values(revision_id, n, orphan) for n, orphan in enumerate(orphans, 1)), _BATCH):
        connection.execute(insert(orphan_table), batch)
    seal(connection, "orphans", revision_id)


def _revision(connection: Connection, revision_id: int) -> Revision:
    return revision_of(connection.execute(select(revisions).where(revisions.c.id == revision_id)).one())
