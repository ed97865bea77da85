"""Values and rows: for each noun, both ways side by side, so that a column that one way forgets is seen next to the other.

Inside `store` only. A row is what `insert` takes (a dict) or what a query gives (a `Row`); outside there are values of `verify.model`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Row, any_, func, literal, select

from verify.model import (
    Citation,
    Claim,
    CleanupTag,
    Decision,
    Document,
    Draft,
    Event,
    Evidence,
    Extraction,
    Flag,
    FlagOrigin,
    Layout,
    MarkKind,
    OrphanMarker,
    QuoteMatch,
    Reference,
    Revision,
    Snapshot,
    Source,
    SourceKind,
    SourceLink,
    Status,
    TextQuote,
    sha256_of,
)

from .columns import canonical_json

Values = dict[str, Any]
T = TypeVar("T")


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut `values` into lists of at most `size`, so that a bulk of half a million rows never stands in memory at once."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def among(connection: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Say that a column is one of `values`: one parameter for any number of them, where `IN (?, ?, ...)` meets the limit of the database."""
    held = list(values)
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(canonical_json(held)).table_valued("value").c.value))
    return column == any_(literal(held, ARRAY(column.type)))


def list_text(values: Sequence[str] | Sequence[int]) -> str:
    """Spell labels, or ids, as a JSON list."""
    return canonical_json(list(values))


def labels_of(text: str) -> tuple[str, ...]:
    """Read labels from a JSON list."""
    return () if text == "[]" else tuple(json.loads(text))


def ids_of(text: str) -> tuple[int, ...]:
    """Read ids from a JSON list."""
    return () if text == "[]" else tuple(json.loads(text))


def document_of(row: Row[Any]) -> Document:
    """Read a row of `documents`."""
    return Document(id=row.id, name=row.name, title=row.title, origin=row.origin)


def reading_values(extraction: Extraction) -> Values:
    """Give the columns of a revision that depend on how it was read."""
    return {
        "layout": str(extraction.layout),
        "layout_why": extraction.layout_why,
        "skipped": canonical_json(dict(extraction.skipped)),
    }


def revision_values(
    document_id: int, sequence: int, draft: Draft, extraction: Extraction, *, sha256: str, at: datetime, origin_revision: str = ""
) -> Values:
    """Give a new row of `revisions`."""
    return {
        "document_id": document_id,
        "sequence": sequence,
        "sha256": sha256,
        "origin_revision": origin_revision,
        "format": draft.format,
        "encoding": draft.encoding,
        "text": draft.text,
        "ingested_at": at,
        **reading_values(extraction),
    }


def revision_of(row: Row[Any]) -> Revision:
    """Read a row of `revisions`."""
    return Revision(
        id=row.id,
        document_id=row.document_id,
        sequence=row.sequence,
        sha256=row.sha256,
        format=row.format,
        encoding=row.encoding,
        layout=Layout(row.layout),
        layout_why=row.layout_why,
        text=row.text,
        ingested_at=row.ingested_at,
        skipped=json.loads(row.skipped),
        origin_revision=row.origin_revision,
    )


def orphan_values(revision_id: int, ordinal: int, orphan: OrphanMarker) -> Values:
    """Give a new row of `orphan_markers`."""
    return {
        "revision_id": revision_id,
        "ordinal": ordinal,
        "start_offset": orphan.start,
        "end_offset": orphan.end,
        "printed": orphan.printed,
        "kind": str(orphan.kind),
        "labels": list_text(orphan.labels),
        "why": orphan.why,
    }


def orphan_of(row: Row[Any]) -> OrphanMarker:
    """Read a row of `orphan_markers`."""
    return OrphanMarker(row.start_offset, row.end_offset, row.printed, MarkKind(row.kind), labels_of(row.labels), row.why)


def reference_values(document_id: int, ordinal: int, reference: Reference, *, listed: bool) -> Values:
    """Give the columns of a row of `document_references` that a reading writes; its id stays its own."""
    return {
        "document_id": document_id,
        "ordinal": ordinal,
        "listed": listed,
        "absent": False,
        "label": reference.label,
        "text": reference.text,
        "url": reference.url,
        "doi": reference.doi,
        "isbn": reference.isbn,
        "pmid": reference.pmid,
        "arxiv": reference.arxiv,
        "archive_url": reference.archive_url,
        "accessed": reference.accessed,
        "page": reference.page,
        "csl": canonical_json(dict(reference.csl)),
    }


def reference_of(row: Row[Any]) -> Reference:
    """Read a row of `document_references`."""
    return Reference(
        label=row.label,
        text=row.text,
        url=row.url,
        doi=row.doi,
        isbn=row.isbn,
        pmid=row.pmid,
        arxiv=row.arxiv,
        archive_url=row.archive_url,
        accessed=row.accessed,
        page=row.page,
        csl=json.loads(row.csl),
    )


def claim_values(claim: Claim, revision_id: int, reference_ids: Sequence[int], changed_revision_id: int | None) -> Values:
    """Give the columns of a claim that a reading writes; its id, first revision and status stay its own."""
    return {
        "revision_id": revision_id,
        "ordinal": claim.ordinal,
        "section": claim.section,
        "text": claim.text,
        "text_sha256": sha256_of(claim.text),
        "start_offset": claim.start,
        "end_offset": claim.end,
        "paragraph_start": claim.paragraph_start,
        "paragraph_end": claim.paragraph_end,
        "covered": claim.covered,
        "citation_labels": list_text(claim.citation_labels),
        "absent": False,
        "reference_ids": list_text(reference_ids),
        "changed_revision_id": changed_revision_id,
    }


def claim_of(row: Row[Any], citations: Sequence[Citation], tags: Sequence[CleanupTag]) -> Claim:
    """Read a row of `claims`, with the citations and tags that belong to it."""
    return Claim(
        ordinal=row.ordinal,
        text=row.text,
        start=row.start_offset,
        end=row.end_offset,
        paragraph_start=row.paragraph_start,
        paragraph_end=row.paragraph_end,
        section=row.section,
        citations=tuple(citations),
        tags=tuple(tags),
        covered=row.covered,
    )


def citation_values(claim_id: int, ordinal: int, citation: Citation, reference_id: int | None) -> Values:
    """Give a new row of `citations`."""
    return {
        "claim_id": claim_id,
        "ordinal": ordinal,
        "label": citation.label,
        "kind": str(citation.kind),
        "start_offset": citation.start,
        "end_offset": citation.end,
        "covers_start": citation.covers_start,
        "covers_end": citation.covers_end,
        "locator": citation.locator,
        "reference_id": reference_id,
    }


def citation_of(row: Row[Any]) -> Citation:
    """Read a row of `citations`."""
    return Citation(
        label=row.label,
        start=row.start_offset,
        end=row.end_offset,
        covers_start=row.covers_start,
        covers_end=row.covers_end,
        kind=MarkKind(row.kind),
        locator=row.locator,
    )


def tag_values(tag: CleanupTag) -> Values:
    """Give the columns of a flag that the tag in the text determines."""
    return {
        "name": tag.name,
        "reason": tag.reason,
        "printed": tag.printed,
        "start_offset": tag.start,
        "end_offset": tag.end,
        "tag_date": tag.date,
    }


def tag_of(row: Row[Any]) -> CleanupTag:
    """Read the tag in a row of `flags`."""
    return CleanupTag(row.name, row.start_offset, row.end_offset, row.printed, row.tag_date, row.reason)


def flag_values(claim_id: int, origin: FlagOrigin, tag: CleanupTag, reviewer: str, at: datetime) -> Values:
    """Give a new row of `flags`. A person's flag comes as a tag that is printed nowhere."""
    return {
        "claim_id": claim_id,
        "origin": str(origin),
        "reviewer": reviewer,
        "in_text": origin is FlagOrigin.TAG,
        "raised_at": at,
        "resolved_by": "",
        "resolved_at": None,
        "resolution": "",
        **tag_values(tag),
    }


def flag_of(row: Row[Any]) -> Flag:
    """Read a row of `flags`."""
    return Flag(
        id=row.id,
        origin=FlagOrigin(row.origin),
        name=row.name,
        reason=row.reason,
        reviewer=row.reviewer,
        raised_at=row.raised_at,
        resolved_by=row.resolved_by,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
    )


def decision_values(claim_id: int, decision: Decision) -> Values:
    """Give a new row of `decisions`, without its id."""
    return {
        "claim_id": claim_id,
        "status": str(decision.status),
        "reviewer": decision.reviewer,
        "note": decision.note,
        "decided_at": decision.decided_at,
        "text_sha256": decision.text_sha256,
        "citation_labels": list_text(decision.citation_labels),
        "undoes": decision.undoes,
        "reference_ids": list_text(decision.reference_ids),
        "evidence_ids": list_text(decision.evidence_ids),
        "seconds": decision.seconds,
        "settles": decision.settles,
        "carried_from": decision.carried_from,
    }


def decision_of(row: Row[Any], texts: Sequence[tuple[str, str]] = ()) -> Decision:
    """Read a row of `decisions`, with the texts of sources that it stands on."""
    return Decision(
        id=row.id,
        status=Status(row.status),
        reviewer=row.reviewer,
        note=row.note,
        decided_at=row.decided_at,
        text_sha256=row.text_sha256,
        citation_labels=labels_of(row.citation_labels),
        undoes=row.undoes,
        reference_ids=ids_of(row.reference_ids),
        evidence_ids=ids_of(row.evidence_ids),
        texts=tuple(texts),
        seconds=row.seconds,
        settles=row.settles,
        carried_from=row.carried_from,
    )


def source_values(kind: SourceKind, canonical: str, title: str, csl: Mapping[str, object], no_text_why: str) -> Values:
    """Give a new row of `sources`."""
    return {"kind": str(kind), "canonical": canonical, "title": title, "csl": canonical_json(dict(csl)), "no_text_why": no_text_why}


def source_of(row: Row[Any]) -> Source:
    """Read a row of `sources`; in a join, its id stands in `source_id`, and the hash of its latest snapshot in `snapshot_sha256`."""
    values = row._mapping  # noqa: SLF001 - a Row's public mapping
    id_ = values.get("source_id", values.get("id"))
    assert id_ is not None  # noqa: S101 - every query of sources gives one of the two
    latest = values.get("snapshot_sha256") or ""
    return Source(id_, SourceKind(row.kind), row.canonical, row.title, json.loads(row.csl), row.no_text_why, latest)


def snapshot_values(source_id: int, snapshot: Snapshot) -> Values:
    """Give a new row of `snapshots`, without its id."""
    return {
        "source_id": source_id,
        "sha256": snapshot.sha256,
        "media_type": snapshot.media_type,
        "content": snapshot.content,
        "text": snapshot.text,
        "origin": snapshot.origin,
        "retrieved_at": snapshot.retrieved_at,
        "locators": canonical_json([list(locator) for locator in snapshot.locators]),
        "main": canonical_json([list(span) for span in snapshot.main]),
        "last_seen_at": None,
    }


def snapshot_of(row: Row[Any]) -> Snapshot:
    """Read a row of `snapshots`."""
    return Snapshot(
        row.id,
        row.sha256,
        row.media_type,
        bytes(row.content),
        row.text,
        row.origin,
        row.retrieved_at,
        locators=tuple((start, end, name) for start, end, name in json.loads(row.locators)),
        main=tuple((start, end) for start, end in json.loads(row.main)),
        last_seen_at=row.last_seen_at,
    )


def link_values(
    document_id: int,
    source_id: int,
    *,
    claim_id: int | None = None,
    reference_id: int | None = None,
    locator: str = "",
    note: str = "",
    reviewer: str = "",
    at: datetime,
) -> Values:
    """Give a new row of `source_links`. Without a reviewer it is the document's own."""
    return {
        "document_id": document_id,
        "claim_id": claim_id,
        "reference_id": reference_id,
        "source_id": source_id,
        "locator": locator,
        "note": note,
        "reviewer": reviewer,
        "attached_at": at,
        "detached_at": None,
        "detached_by": "",
        "origin": "person" if reviewer else "document",
    }


def link_of(row: Row[Any], evidence: Sequence[Evidence]) -> SourceLink:
    """Read a row of `source_links` joined with its source, with the evidence that belongs to it."""
    return SourceLink(
        id=row.link_id,
        source=source_of(row),
        label=row.label or "",
        locator=row.locator,
        note=row.note,
        reviewer=row.reviewer,
        attached_at=row.attached_at,
        evidence=tuple(evidence),
    )


def evidence_values(
    link_id: int, snapshot_id: int, quote: TextQuote, *, locator: str, reviewer: str, at: datetime, note: str = ""
) -> Values:
    """Give a new row of `evidence`."""
    return {
        "link_id": link_id,
        "snapshot_id": snapshot_id,
        "exact": quote.exact,
        "prefix": quote.prefix,
        "suffix": quote.suffix,
        "start_offset": quote.start,
        "end_offset": quote.end,
        "quote_match": str(quote.match),
        "locator": locator,
        "reviewer": reviewer,
        "added_at": at,
        "differences": canonical_json([list(difference) for difference in quote.differences]),
        "note": note,
    }


def evidence_of(row: Row[Any]) -> Evidence:
    """Read a row of `evidence` joined with the sha256 of its snapshot."""
    differences = tuple((kind, quoted, printed) for kind, quoted, printed in json.loads(row.differences))
    quote = TextQuote(row.exact, row.prefix, row.suffix, row.start_offset, row.end_offset, QuoteMatch(row.quote_match), differences)
    return Evidence(row.id, row.link_id, quote, row.sha256, row.locator, row.reviewer, row.added_at, row.note)


def event_values(event: Event) -> Values:
    """Give a new row of `events`."""
    return {
        "sequence": event.sequence,
        "at": event.at,
        "reviewer": event.reviewer,
        "action": event.action,
        "subject": event.subject,
        "payload": event.payload,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def event_of(row: Row[Any]) -> Event:
    """Read a row of `events`."""
    return Event(row.sequence, row.at, row.reviewer, row.action, row.subject, row.payload, row.previous_hash, row.hash)
