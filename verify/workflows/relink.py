"""Relink: let another source stand wherever one stands now, as when a page has moved, or a better edition is at hand.

The old source stays in the ledger with its texts and its links as detached. Its quotes are looked for in the text of the new one: those that stand
there go along, the others are told. Decisions that stood on the old text are stale, until a person has looked.
"""

from dataclasses import dataclass
from datetime import datetime

from verify.errors import UsageError
from verify.evidence.quotes import check_quote, describe
from verify.model import Evidence, Snapshot, Source
from verify.store import Connection, Ledger, sources, trail
from verify.store.sources import Linked
from verify.terminal import one_line

from .clock import now
from .fetch import Manner
from .intake import asked, incoming, put
from .naming import named_source
from .quotes import as_found, place_of
from .visits import Kept


@dataclass(frozen=True, slots=True)
class Relinked:
    """What was done: how many links went over, which quotes went along, and which did not, with the reason in words. `visit` is what came of asking
    the new source's address."""

    old: Source
    new: Source
    links: int
    carried: tuple[Evidence, ...]
    left: tuple[tuple[Evidence, str], ...]
    visit: Kept | None = None
    remarks: tuple[str, ...] = ()


def relink(
    ledger: Ledger, name: str, new: str, *, reviewer: str, title: str = "", snapshot: str = "", manner: Manner | None = None
) -> Relinked:
    """Let `new` stand for the source that is named; with a `manner`, its address is asked for its text.

    Raises UsageError where no such source is held, nothing links to it, or both are one; ReadError for a file that cannot be read.
    """
    with ledger.read() as connection:
        old = named_source(connection, name)
    coming = incoming(new, title=title, snapshot=snapshot)
    if coming.identifier.canonical == old.canonical:
        raise UsageError(f"{one_line(new)} is the same source")
    if manner:
        coming = asked(ledger, coming, manner)
    with ledger.write() as connection:
        at = now()
        links = sources.links_of_source(connection, old.id)
        if not links:
            raise UsageError(f"nothing is linked to {one_line(old.title or old.canonical)}: attach the new source instead")
        held = put(connection, coming, at)
        carried: list[Evidence] = []
        left: list[tuple[Evidence, str]] = []
        for link in links:
            link_id = _link(connection, link, held.source.id, reviewer, at)
            for quote in link.evidence:
                why = _carry(connection, link_id, quote, held.snapshot, reviewer, at)
                if why:
                    left.append((quote, why))
                else:
                    carried.append(quote)
        sources.unlink(connection, [link.id for link in links], reviewer, at)
        done = Relinked(old, held.source, len(links), tuple(carried), tuple(left), held.visit, coming.remarks)
        payload = {
            "source": old.canonical,
            "new": held.source.canonical,
            "links": [link.id for link in links],
            "carried": [quote.id for quote in carried],
            "left": [quote.id for quote, _ in left],
            **({"visit": held.visit.facts} if held.visit else {}),
        }
        trail.append(connection, at=at, reviewer=reviewer, action="source.relinked", subject=f"source:{old.id}", payload=payload)
        return done


def _link(connection: Connection, link: Linked, source_id: int, reviewer: str, at: datetime) -> int:
    link_id, _ = sources.link(
        connection,
        document_id=link.document_id,
        claim_id=link.claim_id,
        reference_id=link.reference_id,
        source_id=source_id,
        locator=link.locator,
        note=link.note,
        reviewer=reviewer,
        at=at,
    )
    return link_id


def _carry(connection: Connection, link_id: int, quote: Evidence, snapshot: Snapshot | None, reviewer: str, at: datetime) -> str:
    """Keep a quote for the new link where it stands in the new text. Gives why not, in words, else nothing."""
    if snapshot is None:
        return "the text of the new source is not held"
    check = check_quote(quote.quote.exact, snapshot.text)
    if check.quote is None or not check.is_clean:
        return describe(check)
    found = as_found(check, check.quote)
    sources.add_evidence(connection, link_id, snapshot.id, found, place_of(snapshot, found.start) or quote.locator, reviewer, at)
    return ""
