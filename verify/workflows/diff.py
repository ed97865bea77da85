"""Diff: what became of a document's claims between two of its revisions, or would become of them with a reading that is not kept yet."""

from verify.claims.compare import compare
from verify.claims.reconcile import reconcile
from verify.errors import UsageError
from verify.model import ClaimChange, ClaimRelation, Comparison, Document, Revision, Standing
from verify.store import Connection, claims, documents
from verify.terminal import one_line

from .ingest import document_read, name_read, revision_read
from .read import Reading
from .references import known_references
from .targets import named_document

_FIRST = 1


def diff(connection: Connection, name: str, before: str = "", after: str = "") -> Comparison:
    """Compare two revisions of a document by their numbers: by default the one before the current one with the current one.

    A number may count from the end, as -1. Raises UsageError for a number that the document has not, and for a document with one revision only.
    """
    document = named_document(connection, name)
    current = documents.current_revision(connection, document.id)
    if not before and current.sequence == _FIRST:
        raise UsageError(f"{one_line(name)} has one revision only: there is nothing to compare it with")
    older = _revision(connection, document, before or str(current.sequence - 1), current)
    newer = _revision(connection, document, after or str(current.sequence), current)
    changes = compare(
        claims.standings(connection, document.id, older.id, current=older.id == current.id),
        claims.standings(connection, document.id, newer.id, current=newer.id == current.id),
        claims.relations_between(connection, document.id, older.sequence, newer.sequence),
        claims.decided_in(connection, document.id),
    )
    return Comparison(document, older, newer, changes)


def foresee(connection: Connection | None, reading: Reading) -> Comparison:
    """Compare a document as it is held with a reading, as ingesting it would; nothing is written. A document that is not held yet is all new, as
    every one is without a ledger."""
    document = document_read(connection, reading) if connection else None
    if connection is None or document is None:
        return Comparison(Document(0, name_read(reading), reading.draft.title, reading.origin), None, None, _all_new(reading))
    current = documents.current_revision(connection, document.id)
    read = revision_read(reading, current)
    matched = reconcile(claims.held_claims(connection, document.id), read.extraction.claims)
    references = known_references(connection, document, read.draft, read.extraction.claims)
    ids = [match.id or -place for place, match in enumerate(matched.matches, 1)]
    after = [
        Standing(
            claim_id,
            match.claim.ordinal,
            match.claim.section,
            match.claim.text,
            match.claim.citation_labels,
            tuple(references.get(label) or 0 for label in match.claim.citation_labels),
        )
        for claim_id, match in zip(ids, matched.matches, strict=True)
    ]
    relations = [ClaimRelation(r.kind, ids[r.index], r.id, current.sequence + 1) for r in matched.relations]
    before = claims.standings(connection, document.id, current.id, current=True)
    return Comparison(document, current, None, compare(before, after, relations, claims.decided_in(connection, document.id)))


def _all_new(reading: Reading) -> tuple[ClaimChange, ...]:
    return compare((), [Standing(-c.ordinal, c.ordinal, c.section, c.text, c.citation_labels, ()) for c in reading.extraction.claims])


def _revision(connection: Connection, document: Document, number: str, current: Revision) -> Revision:
    """Find a revision by its number; a negative one counts from the current one."""
    try:
        sequence = int(number)
    except ValueError:
        raise UsageError(f"{one_line(number)!r} is no revision's number; there are 1 to {current.sequence}") from None
    found = documents.revision_numbered(connection, document.id, sequence if sequence > 0 else current.sequence + sequence)
    if found is None or sequence == 0:
        raise UsageError(f"{one_line(document.name)} has no revision {sequence}; there are 1 to {current.sequence}")
    return found
