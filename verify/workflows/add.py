"""Add a source by itself, before anything cites it."""

from dataclasses import dataclass

from verify.model import Source
from verify.sources.works import Works
from verify.store import Ledger, sources, trail

from .clock import now
from .intake import incoming, put


@dataclass(frozen=True, slots=True)
class Added:
    """The source as it is held now, and what the ledger did not hold before: "source", "text", "details"."""

    source: Source
    added: tuple[str, ...]


def add_source(ledger: Ledger, source: str, *, reviewer: str, title: str = "", snapshot: str = "", works: Works | None = None) -> Added:
    """Take a source into the ledger, with its file or a saved copy of it; `works` is asked about a DOI. What is known of it already stays.

    Raises UsageError for what is no source, ReadError for a file that cannot be read.
    """
    coming = incoming(source, title=title, snapshot=snapshot, works=works)
    with ledger.write() as connection:
        at = now()
        before = sources.source_named(connection, coming.identifier.canonical)
        held = put(connection, coming, at)
        fuller = before is not None and (before.title, before.csl) != (held.source.title, held.source.csl)
        facts = {"source": held.is_new, "text": held.new_text, "details": fuller}
        added = tuple(name for name, new in facts.items() if new)
        if added:
            payload = {"source": held.source.canonical, "added": list(added)}
            subject = f"source:{held.source.id}"
            trail.append(connection, at=at, reviewer=reviewer, action="source.added", subject=subject, payload=payload)
        return Added(held.source, added)
