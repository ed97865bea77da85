"""Ingest: read a document, extract its claims, and write them to the ledger as a new document, a new revision, or a new reading.

Reading and extracting stand outside of the transaction. What the ledger already holds is matched with what was read, so that decisions and
sources stay with their claims; the same bytes again change nothing.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from verify.claims.extract import extract
from verify.claims.reconcile import Reconciliation, reconcile
from verify.errors import UsageError
from verify.model import AS_ASKED, BaselineState, Document, Extraction, Layout, Revision
from verify.store import Connection, Ledger, claims, documents, readings, trail
from verify.terminal import one_line, printable

from .clock import now
from .read import Reading
from .references import attach_references, follow_references
from .relations import follow_relations

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a reading. `counts` are claims by baseline state; `extraction` is what was read, also where nothing changed."""

    document: Document
    revision: Revision
    extraction: Extraction
    what: str
    counts: dict[BaselineState, int]


def ingest(ledger: Ledger, readings: Sequence[Reading], *, reviewer: str) -> list[Ingested]:
    """Write readings to the ledger, all in one transaction. Raises UsageError for a name that no document can have."""
    for reading in readings:
        check_name(reading.asked.name)
    with ledger.write() as connection:
        return [_ingest(connection, reading, reviewer) for reading in readings]


def _ingest(connection: Connection, reading: Reading, reviewer: str) -> Ingested:
    document = document_read(connection, reading)
    if document is None:
        document = documents.add_document(
            connection, name=_free_name(connection, reading), title=reading.draft.title, origin=reading.origin
        )
        return _write(connection, reading, document, None, reviewer)
    revision = documents.current_revision(connection, document.id)
    if revision.sha256 != reading.sha256:
        return _write(connection, revision_read(reading, revision), document, revision, reviewer)
    return _again(connection, revision_read(reading, revision), document, revision, reviewer)


def document_read(connection: Connection, reading: Reading) -> Document | None:
    """The document that a reading is of: by the name asked for, else by where it was read from, else by its very bytes."""
    if reading.asked.name:
        return documents.document_named(connection, reading.asked.name)
    known = documents.document_from(connection, reading.origin) if reading.origin != "-" else None
    return known or next(iter(documents.document_with_bytes(connection, reading.sha256)), None)


def revision_read(reading: Reading, current: Revision) -> Reading:
    """The reading under the layout that holds for it: that of the same bytes, or one that was asked for once, unless the user asks for another."""
    same, asked = current.sha256 == reading.sha256, current.layout_why == AS_ASKED
    return _under(reading, current.layout) if same or asked else reading


def _under(reading: Reading, held: Layout) -> Reading:
    if reading.asked.layout or reading.extraction.layout is held:
        return reading
    return replace(reading, extraction=extract(reading.draft, held))


def _again(connection: Connection, reading: Reading, document: Document, revision: Revision, reviewer: str) -> Ingested:
    """The same bytes again: nothing changes, unless the user asks to read them otherwise and they then say something else."""
    asked, held = reading.asked, [claim.text for _, claim, absent in claims.held_claims(connection, document.id) if not absent]
    told_how = bool(asked.format or asked.encoding or asked.language)
    otherwise = not _is_same_text(reading, revision) or held != [claim.text for claim in reading.extraction.claims]
    if revision.layout is not reading.extraction.layout or (told_how and otherwise):
        return _write(connection, reading, document, revision, reviewer)
    return Ingested(document, revision, reading.extraction, "unchanged", {BaselineState.UNCHANGED: len(held)})


def _is_same_text(reading: Reading, revision: Revision) -> bool:
    return (reading.sha256, reading.draft.format, reading.draft.text) == (revision.sha256, revision.format, revision.text)


def _write(connection: Connection, reading: Reading, document: Document, before: Revision | None, reviewer: str) -> Ingested:
    at = now()
    held = claims.held_claims(connection, document.id) if before else []
    matched = reconcile(held, reading.extraction.claims)
    revision, what = _write_revision(connection, reading, document, before, at)
    reference_ids = follow_references(connection, document, reading.draft, reading.extraction.claims)
    ids = readings.write_reading(connection, document.id, revision.id, matched.carried, matched.gone, references=reference_ids, at=at)
    follow_relations(connection, revision.id, [(relation.kind, ids[relation.index], relation.id) for relation in matched.relations])
    listed = attach_references(connection, document, reading.draft.references, reference_ids, at=at)
    action = {"new": "document.ingested", "new revision": "revision.ingested", "read again": "revision.reread"}[what]
    trail.append(
        connection,
        at=at,
        reviewer=reviewer,
        action=action,
        subject=f"document:{document.id}",
        payload=_payload(document, revision, matched, reading.revision_id) | listed.facts,
    )
    counts = Counter({**Counter(match.state for match in matched.matches), BaselineState.ABSENT: len(matched.gone)})
    return Ingested(document, revision, reading.extraction, what, {state: counts[state] for state in BaselineState if counts[state]})


def _write_revision(
    connection: Connection, reading: Reading, document: Document, before: Revision | None, at: datetime
) -> tuple[Revision, str]:
    """Write the state of the document that was read, and say what it is: "new", "new revision", or the same one "read again"."""
    if before and _is_same_text(reading, before):
        return documents.reread_revision(connection, before.id, reading.extraction), "read again"
    if before:
        readings.keep_appearances(connection, document.id, before.id)
    revision = documents.add_revision(
        connection,
        document.id,
        draft=reading.draft,
        extraction=reading.extraction,
        sha256=reading.sha256,
        at=at,
        origin_revision=reading.revision_id,
    )
    return revision, "new revision" if before else "new"


def _payload(document: Document, revision: Revision, matched: Reconciliation, revision_id: str) -> dict[str, object]:
    """The event's facts for people; what was written stands beside them, the claims as one seal, so that a million stay one cheap entry."""
    return {
        "document": document.name,
        "title": document.title,
        "origin": document.origin,
        "revision": revision.sequence,
        "revision_id": revision_id,
        "sha256": revision.sha256,
        "format": revision.format,
        "encoding": revision.encoding,
        "layout": str(revision.layout),
        "claims": len(matched.carried),
        "new": matched.new,
        "absent": list(matched.gone),
    }


def _free_name(connection: Connection, reading: Reading) -> str:
    """The name of a reading, with a number where another document has it."""
    name = name_read(reading)
    if reading.asked.name:
        return name
    return next(n for n in _numbered(name) if documents.document_named(connection, n) is None)


def name_read(reading: Reading) -> str:
    """The name asked for, or one made of the file's, or of the title where there is no file."""
    titled = reading.origin == "-" or "://" in reading.origin
    return reading.asked.name or (slug(reading.draft.title or "stdin") if titled else slug(Path(reading.origin).stem))


def _numbered(name: str) -> Iterable[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def check_name(name: str) -> None:
    """Raise UsageError for a name that no document can have; empty means none was asked for. The colon is what parts a name from a citation number in `NAME:25`."""
    if name and (":" in name or name != name.strip() or len(name) > _LONGEST_NAME or printable(name, keep="") != name):
        raise UsageError(
            f"a document cannot be called {one_line(name[:_LONGEST_NAME])!r}: a name is up to {_LONGEST_NAME} printable characters,\n"
            "without a colon, which parts it from a citation number, and without blanks around it"
        )


def slug(text: str) -> str:
    """A name that a person can type and `NAME:25` can hold: letters, their marks and digits of any script, in lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split()
    return "-".join(words)[:_LONGEST_NAME].strip("-") or "document"
