"""The audit as one JSON object, the text of the revision in it: for programs that want the whole at once."""

from collections.abc import Iterator

from verify.model import Audit

from . import outline, rows
from .streams import json_object


def render(audit: Audit) -> Iterator[str]:
    """Give the object in pieces: what it is first, then coverage and text, then the lists, an item a line."""
    fields = {**rows.audit_row(audit), "coverage": rows.coverage_row(audit.coverage), "text": audit.revision.text}
    lists = {
        "claims": map(rows.dossier_detail, audit.dossiers),
        "absent_claims": map(rows.dossier_detail, audit.absent),
        "sources": (rows.source_row(h.source, [d.id for d in h.dossiers]) for h in outline.held_up(audit)),
        "references": (rows.reference_row(c.reference, [d.id for d in c.dossiers]) for c in outline.cited_references(audit)),
        "missing_references": (rows.missing_row(label, [d.id for d in citing]) for label, citing in outline.missing_entries(audit)),
        "orphan_markers": map(rows.orphan_row, audit.orphans),
    }
    return json_object(fields, lists)
