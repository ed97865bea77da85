"""The audit as a table for spreadsheets: a header, then a row a claim, those gone from the document last (`absent` is yes).

Its first line is the header, so that every CSV reader takes it as it is; what the table is of therefore stands in each row.
"""

from collections.abc import Iterator

from verify.model import SCHEMA_VERSION, Audit, Dossier, standing_decisions

from .rows import Row, dossier_row, head_text, instant
from .streams import csv_lines

COLUMNS = (
    *("schema_version", "document", "revision_sha256", "trail_head", "id", "ordinal", "section", "text", "citations", "notes", "flags"),
    *("covered", "status", "stale", "reasons", "sources", "quotes", "decided_by", "decided_at", "note", "start", "end", "absent"),
)


def render(audit: Audit) -> Iterator[str]:
    """Give the table in pieces; lists are joined with "; "."""
    shared = {
        "schema_version": SCHEMA_VERSION,
        "revision_sha256": audit.revision.sha256,
        "trail_head": head_text(audit.head),
    }
    return csv_lines(COLUMNS, ({**shared, **_row(d)} for d in (*audit.dossiers, *audit.absent)))


def _row(dossier: Dossier) -> Row:
    standing = standing_decisions(dossier.decisions)
    last = standing[-1] if standing else None
    return {
        **dossier_row(dossier),
        "quotes": [e.quote.exact for e in dossier.evidence],
        "decided_by": last.reviewer if last else "",
        "decided_at": instant(last.decided_at) if last else "",
        "note": last.note if last else "",
    }
