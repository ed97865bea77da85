"""Ingest: read a document, extract its claims, and write them to the ledger as a new document, a new revision, or a new reading.

Reading and extracting stand outside of the transaction. What the ledger already holds is matched with what was read, so that decisions and
sources stay with their claims; the same bytes again change nothing.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verify.claims.extract import extract
from verify.claims.reconcile import Reconciliation, reconcile
from verify.errors import UsageError
from verify.model import AS_ASKED, BaselineState, Claim, Document, Extraction, Layout, Revision, sha256_of
from verify.store import Connection, Ledger, claims, documents, trail
from verify.terminal import one_line, printable

from .clock import now
from .read import Reading
from .references import attach_references

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
    document = _held(connection, reading)
    if document is None:
        document = documents.add_document(
            connection, name=_free_name(connection, reading), title=reading.draft.title, origin=reading.origin
        )
        return _write(connection, reading, document, None, reviewer)
    revision = documents.current_revision(connection, document.id)
    if revision.sha256 != reading.sha256:
        asked = revision.layout_why == AS_ASKED
        return _write(connection, _under(reading, revision.layout) if asked else reading, document, revision, reviewer)
    return _again(connection, _under(reading, revision.layout), document, revision, reviewer)


def _held(connection: Connection, reading: Reading) -> Document | None:
    """The document that a reading is of: by the name asked for, else by where it was read from, else by its very bytes."""
    if reading.asked.name:
        return documents.document_named(connection, reading.asked.name)
    known = documents.document_from(connection, reading.origin) if reading.origin != "-" else None
    return known or next(iter(documents.document_with_bytes(connection, reading.sha256)), None)


def _under(reading: Reading, held: Layout) -> Reading:
    """The reading under the layout that the document is held with, unless the user asks for another."""
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
    if before and _is_same_text(reading, before):
        revision, what = documents.reread_revision(connection, before.id, reading.extraction), "read again"
        documents.write_references(connection, document.id, reading.draft.references)
    else:
        revision = documents.add_revision(
            connection,
            document.id,
            draft=reading.draft,
            extraction=reading.extraction,
            sha256=reading.sha256,
            at=at,
            origin_revision=reading.revision_id,
        )
        what = "new revision" if before else "new"
    claims.write_reading(connection, document.id, revision.id, matched.carried, matched.gone, at=at)
    listed = attach_references(connection, document, reading.draft.references, at=at)
    action = {"new": "document.ingested", "new revision": "revision.ingested", "read again": "revision.reread"}[what]
    trail.append(
        connection,
        at=at,
        reviewer=reviewer,
        action=action,
        subject=f"document:{document.id}",
        payload=_payload(document, revision, matched, reading.revision_id) | listed.facts,
    )
    counts = Counter(
        {
            BaselineState.NEW: matched.new,
            BaselineState.UNCHANGED: len(matched.carried) - matched.new,
            BaselineState.ABSENT: len(matched.gone),
        }
    )
    return Ingested(document, revision, reading.extraction, what, {state: n for state, n in counts.items() if n})


def _payload(document: Document, revision: Revision, matched: Reconciliation, revision_id: str) -> dict[str, object]:
    """The event's facts: the whole reading stands in it as one digest, so that a million claims stay one cheap entry."""
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
        "claims_sha256": claims_digest([claim for _, claim in matched.carried]),
    }


def claims_digest(read: Sequence[Claim]) -> str:
    """Hex sha256 over every claim of a reading, a JSON array a line: what it says, where, and the labels and tags that it bears."""
    lines = (
        [
            c.ordinal,
            c.text,
            c.start,
            c.end,
            c.section,
            c.covered,
            [[x.label, str(x.kind), x.start, x.locator] for x in c.citations],
            list(c.tag_names),
        ]
        for c in read
    )
    return sha256_of("\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines))


def _free_name(connection: Connection, reading: Reading) -> str:
    """The name asked for, or one made of the file's, with a number where another document has it."""
    if reading.asked.name:
        return reading.asked.name
    titled = reading.origin == "-" or "://" in reading.origin
    name = slug(reading.draft.title or "stdin") if titled else slug(Path(reading.origin).stem)
    return next(n for n in _numbered(name) if documents.document_named(connection, n) is None)


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
