"""The audit as JSON Lines, for programs that read as it comes: a header, a line a claim, source, reference and orphan marker, the coverage last.

Each line says its `kind`; a stream without its `coverage` line was cut off.
"""

from collections.abc import Iterator

from verify.model import Audit

from . import outline, rows
from .rows import Row
from .streams import json_lines


def render(audit: Audit) -> Iterator[str]:
    """Give the lines; the header alone carries `schema_version`."""
    return json_lines(_rows(audit))


def _rows(audit: Audit) -> Iterator[Row]:
    yield rows.audit_row(audit)
    for dossier in (*audit.dossiers, *audit.absent):
        yield {"kind": "claim", **rows.dossier_detail(dossier)}
    for held in outline.held_up(audit):
        yield {"kind": "source", **rows.source_row(held.source, [d.id for d in held.dossiers])}
    for cited in outline.cited_references(audit):
        yield {"kind": "reference", **rows.reference_row(cited.reference, [d.id for d in cited.dossiers])}
    for label, citing in outline.missing_entries(audit):
        yield {"kind": "missing_reference", **rows.missing_row(label, [d.id for d in citing])}
    for orphan in audit.orphans:
        yield {"kind": "orphan_marker", **rows.orphan_row(orphan)}
    yield {"kind": "coverage", **rows.coverage_row(audit.coverage)}
