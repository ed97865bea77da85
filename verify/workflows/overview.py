"""What is held on sources, for lists and for one alone: their texts, how they can be reached, and the quotes kept from them."""

from dataclasses import dataclass
from datetime import datetime

from verify.model import Evidence, Source
from verify.sources.liveness import Standing
from verify.store import Connection, bibliography, fetches, quotes, snapshots, sources
from verify.store.fetches import Visit
from verify.store.quotes import QuoteRecheck
from verify.store.snapshots import SnapshotFacts

from .naming import named_source
from .refresh import TextChanges, Touched, text_changes, touched
from .targets import named_document
from .visits import standing_of, words_of


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source in a list: how many claims it holds up, the key by which it is cited, and how it can be reached, by all visits to it."""

    source: Source
    claims: int
    key: str = ""
    standing: Standing | None = None
    visited_at: datetime | None = None

    @property
    def reach(self) -> str:
        """How it can be reached, in a word; empty where it was never asked."""
        return words_of(self.standing.liveness) if self.standing else ""


@dataclass(frozen=True, slots=True)
class SourceView:
    """All that is held on a source: its states, the latest first; the visits to it, oldest first; the claims that it holds up; the quotes kept from
    it, each with how it stands in the latest state; and the words that changed."""

    line: SourceLine
    address: str
    states: tuple[SnapshotFacts, ...]
    visits: tuple[Visit, ...]
    touched: tuple[Touched, ...]
    quotes: tuple[tuple[Evidence, QuoteRecheck | None], ...]
    changes: TextChanges | None = None

    def claims_of(self, quote: Evidence) -> tuple[int, ...]:
        """The claims that a quote was kept for."""
        return tuple(each.dossier.id for each in self.touched if any(link.id == quote.link_id for link in each.dossier.links))


def overview(connection: Connection, document: str = "") -> list[SourceLine]:
    """Give the sources of a document, or all, oldest first. Raises UsageError for a document that is not held."""
    held = sources.all_sources(connection)
    if document:
        serving = sources.sources_serving(connection, named_document(connection, document).id)
        held = [(source, claims) for source, claims in held if source.id in serving]
    visits = fetches.visits_to(connection)
    keys = bibliography.keys_of(connection, [source.id for source, _ in held])
    return [_line(source, claims, keys.get(source.id, ""), visits[source.id]) for source, claims in held]


def source_view(connection: Connection, name: str, *, diff: bool = False) -> SourceView:
    """Give all that is held on a source, with `diff` what changed in its text. Raises UsageError where it is not held."""
    from .visits import address_asked

    source = named_source(connection, name)
    visits = fetches.visits_to(connection, [source.id])[source.id]
    served = touched(connection, source)
    states = snapshots.states_of(connection, source.id)
    kept = quotes.quotes_of_source(connection, source.id)
    checks = quotes.checks_in(connection, states[0].id, [quote.id for quote in kept]) if states else {}
    key = bibliography.keys_of(connection, [source.id]).get(source.id, "")
    return SourceView(
        _line(source, len(served), key, visits),
        address_asked(source),
        tuple(states),
        tuple(visits),
        tuple(served),
        tuple((quote, checks.get(quote.id)) for quote in kept),
        text_changes(connection, source) if diff else None,
    )


def _line(source: Source, claims: int, key: str, visits: list[Visit]) -> SourceLine:
    return SourceLine(source, claims, key, standing_of(source, visits), visits[-1].at if visits else None)
