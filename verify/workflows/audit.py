"""Audit: gather a document with every dossier, as one value that any report can print."""

from datetime import UTC, datetime

from verify.model import Audit, Document
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
