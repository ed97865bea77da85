"""The audit as a table for spreadsheets: a header, then a row a claim, those gone from the document last (`absent` is yes).

Its first line is the header, so that every CSV reader takes it as it is; what the table is of therefore stands in each row. `machine_says` and
`scores` have an item for each assessment of the claim as it is, `cues` the sentences that go with them.
"""

from collections.abc import Iterator

from verify.model import SCHEMA_VERSION, Audit, Dossier, standing_decisions

from .rows import Row, dossier_row, head_text, instant
from .streams import csv_lines
from .suggestions import cue_words, verdict_words

COLUMNS = (
    *("schema_version", "document", "revision_sha256", "trail_head", "id", "ordinal", "section", "text", "citations", "notes", "flags"),
    *("covered", "status", "stale", "reasons", "next_action", "sources", "quotes", "machine_says", "scores", "cues"),
    *("decided_by", "decided_at", "note", "start", "end", "absent"),
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
    told = [kept.assessment for kept in dossier.current_assessments]
    return {
        **dossier_row(dossier),
        "quotes": [e.quote.exact for e in dossier.evidence],
        "machine_says": [verdict_words(assessment) for assessment in told],
        "scores": [f"{assessment.score:.2f}" for assessment in told],
        "cues": [cue_words(cue) for assessment in told for cue in assessment.cues],
        "decided_by": last.reviewer if last else "",
        "decided_at": instant(last.decided_at) if last else "",
        "note": last.note if last else "",
    }
