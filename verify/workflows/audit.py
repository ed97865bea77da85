"""Audit: gather a document with every dossier, as one value that any report can print, and a claim with its history."""

import json
from datetime import UTC, datetime

from verify.model import Audit, Document, Dossier, Event
from verify.store import Connection, claims, documents, trail

from .clock import fixed_time


def audit_of(connection: Connection, document: Document) -> Audit:
    """Give all that a report of `document` prints.

    Its time is that of the trail's last entry, or the one that `SOURCE_DATE_EPOCH` fixes: the same ledger gives the same report.
    """
    revision = documents.current_revision(connection, document.id)
    held = claims.dossiers(connection, claims.ClaimQuery(document=document.name, absent=None))
    head = trail.head(connection)
    return Audit(
        document=document,
        revision=revision,
        dossiers=tuple(d for d in held if not d.absent),
        orphans=tuple(documents.orphan_markers(connection, revision.id)),
        references=tuple(documents.references(connection, document.id)),
        absent=tuple(d for d in held if d.absent),
        head=head,
        generated_at=fixed_time() or head.at or datetime.fromtimestamp(0, UTC),
    )


def history_of(connection: Connection, dossier: Dossier) -> list[Event]:
    """Give the entries of the trail about a claim, oldest first: its own, and those of its document that name it among their claims."""
    document = documents.document_named(connection, dossier.document)
    shared = trail.events(connection, subject=f"document:{document.id}") if document else []
    own = trail.events(connection, subject=f"claim:{dossier.id}")
    return sorted((*own, *(event for event in shared if _names(event, dossier.id))), key=lambda event: event.sequence)


def _names(event: Event, claim_id: int) -> bool:
    facts = json.loads(event.payload)
    return any(claim_id in listed for key in ("claims", "absent") if isinstance(listed := facts.get(key), list))
