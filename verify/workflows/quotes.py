"""Quotes against the text of their source: when one is attached, and again whenever that text changes."""

from dataclasses import dataclass, replace
from datetime import datetime

from verify.errors import QuoteNotFoundError
from verify.evidence.quotes import QuoteCheck, QuoteOutcome, check_quote, describe
from verify.model import Evidence, QuoteMatch, Snapshot, TextQuote
from verify.sources.locators import Locator, locator_at
from verify.store import Connection, quotes
from verify.store.quotes import QuoteRecheck


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A quote that was looked for in a later text of its source, and what came of it."""

    evidence: Evidence
    check: QuoteCheck
    recheck: QuoteRecheck

    @property
    def told(self) -> str:
        """What came of it, in one to three lines."""
        return describe(self.check)


def accepted_quote(quote: str, text: str, *, accept_altered: bool = False, hint: str = "") -> tuple[TextQuote, QuoteCheck]:
    """Check a quote and give the passage as the source prints it, with what was quoted otherwise.

    Raises QuoteNotFoundError for one that is not there, and, with the hint, for one that says something else unless that is accepted; UsageError for
    one without a word in it.
    """
    check = check_quote(quote, text)
    if check.quote is None:
        raise QuoteNotFoundError(describe(check))
    if check.outcome is QuoteOutcome.ALTERED and not accept_altered:
        first, *rest = describe(check).splitlines()
        raise QuoteNotFoundError("\n".join([first + hint, *rest]))
    return as_found(check, check.quote), check


def as_found(check: QuoteCheck, passage: TextQuote) -> TextQuote:
    """The passage of a check, with how it was found and what was quoted otherwise."""
    differences = tuple((str(one.kind), one.quoted, one.printed) for one in check.differences)
    return replace(passage, match=QuoteMatch(check.outcome), differences=differences)


def place_of(snapshot: Snapshot, offset: int) -> str:
    """The page or the heading at an offset of a snapshot's text; empty where none is known."""
    return locator_at([Locator(*each) for each in snapshot.locators], offset)


def look_again(connection: Connection, source_id: int, snapshot: Snapshot, at: datetime) -> tuple[Rechecked, ...]:
    """Look for the quotes kept from a source in its latest text, each once a text, and keep what comes of it."""
    found = tuple(_rechecked(quote, snapshot, at) for quote in quotes.quotes_to_check(connection, source_id, snapshot.id))
    quotes.add_checks(connection, [each.recheck for each in found])
    return found


def _rechecked(evidence: Evidence, snapshot: Snapshot, at: datetime) -> Rechecked:
    check = check_quote(evidence.quote.exact, snapshot.text)
    place = check.quote or check.nearest
    start, end = (check.quote.start, check.quote.end) if check.quote else (0, 0)
    printed = place.exact if place else ""
    return Rechecked(evidence, check, QuoteRecheck(evidence.id, snapshot.id, QuoteMatch(check.outcome), start, end, printed, at))
