"""The line that ends every command: what was seen, what was left out, and why."""

from typing import TYPE_CHECKING

from verify.model import Extraction

if TYPE_CHECKING:  # imports sqlalchemy, which `extract` does without
    from verify.store import Connection


def extraction_line(extraction: Extraction) -> str:
    """Say what a reading saw: "18 claims: 15 cited (19 citations), 0 covered, ...; skipped: 1 title; 0 orphan markers"."""
    claims = extraction.claims
    pairs = sum(len(c.citation_labels) for c in claims)
    skipped = ", ".join(counted(n, kind) for kind, n in extraction.skipped.items()) or "nothing"
    return (
        f"{counted(len(claims), 'claim')}: {sum(bool(c.citation_labels) for c in claims)} cited ({counted(pairs, 'citation')}), "
        f"{sum(c.covered for c in claims)} covered, {sum(c.uncited for c in claims)} uncited, "
        f"{sum(bool(c.tags) for c in claims)} tagged; skipped: {skipped}; {counted(len(extraction.orphans), 'orphan marker')}"
    )


def ledger_line(connection: "Connection") -> str:
    """Say how far the ledger has come: "18 claims in 1 document: 3 decided, 15 not looked at"."""
    from verify.store import documents

    held = documents.document_overview(connection)
    claims, decided = sum(d.claims for d in held), sum(d.decided for d in held)
    return f"{counted(claims, 'claim')} in {counted(len(held), 'document')}: {decided} decided, {claims - decided} not looked at"


def counted(number: int, noun: str) -> str:
    """Give "1 claim", "2 claims"."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
