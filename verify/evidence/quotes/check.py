"""Check a quote against the text of its source: find where it stands, or where it nearly stands, and say what differs.

The order is: letter by letter; in normal form; then the few likeliest places are compared word by word and the best is taken. A quote with
ellipses is checked part by part, in order, within a page or so of text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice, pairwise

from verify.errors import UsageError
from verify.model import QuoteMatch, TextQuote

from .comparing import Difference, compare
from .folding import Folded, exact_places, folded, normal_form, normalised_places, selected
from .languages import language_of
from .places import Place, places_like
from .relations import DifferenceKind, Grade, Reader
from .tokens import tokens

LONGEST = 20_000
"""Characters of a quote that is compared word by word; a longer one has to stand as it is, or differ in print only."""
WITHIN = 3_000
"""Characters that an ellipsis may leave out: a page of print. Beyond that two passages are quoted, not one."""
_WITHIN_A_WORD = 200
_MOST_PARTS = 50
_TWINS = 12
_LEAST_AGREEING = 0.5
_WORSE = 15.0
_SLACK = 24
_ELLIPSIS = re.compile(r"[\[(]\s{0,4}(?:\.\s?\.\s?\.|\u2026)\s{0,4}[\])]|\.\s?\.\s?\.(?:\s?\.)?|\u2026")


_SPACE = re.compile(r"\s")


class QuoteOutcome(StrEnum):
    """How a quote stands in its source."""

    EXACT = "exact"
    NORMALISED = "normalised"
    NEAR = "near"
    ALTERED = "altered"
    NOT_FOUND = "not_found"


_OUTCOMES = {Grade.SAME: QuoteOutcome.NORMALISED, Grade.NEAR: QuoteOutcome.NEAR, Grade.ALTERED: QuoteOutcome.ALTERED}
_ORDER = list(QuoteOutcome)


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """What came of checking a quote.

    `quote` is the passage as the source prints it, whole where the quote has ellipses, and then `parts` are its parts in order; None where it is
    not found, and then `nearest` is the passage most like it, if any is. `similarity` is that of the letters in normal form, 0 to 1, of the
    passage found or the nearest one; an ellipsis counts for nothing in it.
    """

    outcome: QuoteOutcome
    quote: TextQuote | None = None
    parts: tuple[TextQuote, ...] = ()
    differences: tuple[Difference, ...] = ()
    similarity: float = 0.0
    nearest: TextQuote | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the source says what the quote says: exactly, in other print, or with harmless differences."""
        return self.outcome in (QuoteOutcome.EXACT, QuoteOutcome.NORMALISED, QuoteOutcome.NEAR)


@dataclass(frozen=True, slots=True)
class _Found:
    """A place where a quote, or a part of one, stands or nearly stands."""

    outcome: QuoteOutcome
    start: int
    end: int
    differences: tuple[Difference, ...] = ()
    agreeing: float = 1.0

    def moved(self, in_text: int, in_quote: int) -> "_Found":
        """The same where text and quote begin so much earlier."""
        differences = tuple(one.moved(in_text, in_quote) for one in self.differences)
        return replace(self, start=self.start + in_text, end=self.end + in_text, differences=differences)


class _Ground:
    """A text, or a stretch of one, that is folded when it has to be."""

    def __init__(self, text: str, fold: Callable[[str], Folded] = Folded.of) -> None:
        self.text = text
        self._fold = fold

    @cached_property
    def folded(self) -> Folded:
        return self._fold(self.text)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a quote between ellipses, and where it begins in it."""

    text: str
    at: int


def check_quote(quote: str, text: str) -> QuoteCheck:
    """Check a quote of any length against a text of any length; offsets are code points.

    Raises `UsageError` for a quote without a word in it, or with more than fifty ellipses.
    """
    refuse_empty(quote)
    ground = _Ground(text, folded)
    if found := next(_standing(quote.strip(), ground), None):
        return _checked(quote, text, [found])
    parts = _parts(quote)
    if len(parts) > 1:
        return _check_parts(quote, parts, ground)
    part = parts[0]  # without an ellipsis before or after it
    found = next(_standing(part.text, ground), None) or _best(part.text, ground)
    if found and found.outcome is not QuoteOutcome.NOT_FOUND:
        return _checked(quote, text, [found.moved(0, part.at)])
    return _not_found(part.text, ground)


def refuse_empty(quote: str) -> None:
    """Raise `UsageError` for a quote without a word in it."""
    if not any(c.isalnum() for c in quote):
        raise UsageError("the quote is empty: it takes at least one word of the source")


def _parts(quote: str) -> list[_Part]:
    """Give what stands between the ellipses, where it has a word in it."""
    ends = [0, *(at for match in _ELLIPSIS.finditer(quote) for at in match.span()), len(quote)]
    pieces = [(quote[start:end], start) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    parts = [_Part(piece.strip(), start + len(piece) - len(piece.lstrip())) for piece, start in pieces if any(c.isalnum() for c in piece)]
    if len(parts) > _MOST_PARTS:
        raise UsageError(f"the quote has more than {_MOST_PARTS} ellipses: quote its parts one by one")
    return parts


def _standing(quote: str, ground: _Ground) -> Iterator[_Found]:
    """Every place where the quote stands letter by letter, or, where there is none, in normal form."""
    exact = False
    for start, end in exact_places(quote, ground.text):
        exact = True
        yield _Found(QuoteOutcome.EXACT, start, end)
    if not exact:
        for start, end in normalised_places(quote, ground.folded):
            yield _Found(QuoteOutcome.NORMALISED, start, end)


def _best(quote: str, ground: _Ground) -> _Found | None:
    """Compare the likeliest places word by word and give the best; None where nothing is like the quote or it is too long for that."""
    if len(quote) > LONGEST:
        return None
    wanted = normal_form(quote)
    places = places_like(wanted, ground.folded.text)
    found: list[_Found] = []
    for place in places:
        if place.score >= places[0].score - _WORSE:
            found.append(_at(quote, wanted, place, ground.folded))
            if found[-1].outcome in (QuoteOutcome.NORMALISED, QuoteOutcome.NEAR):
                break
    return min(found, key=lambda one: (_ORDER.index(one.outcome), -one.agreeing), default=None)


def _at(quote: str, wanted: str, place: Place, source: Folded) -> _Found:
    slack = _SLACK + len(wanted) // 8
    start, end = source.whole_words(max(place.start - slack, 0), min(place.end + slack, len(source.text)))
    comparison = compare(quote, source.source, start, end)
    if not comparison or comparison.agreeing < _LEAST_AGREEING:
        return _Found(QuoteOutcome.NOT_FOUND, start, end, agreeing=0.0)
    return _Found(_OUTCOMES[comparison.grade], comparison.start, comparison.end, comparison.differences, comparison.agreeing)


def _checked(quote: str, text: str, found: list[_Found], hidden: tuple[Difference, ...] = ()) -> QuoteCheck:
    """Make the answer for a quote that stands, in one place or in several parts."""
    outcome = max((one.outcome for one in found), key=_ORDER.index)
    if len(found) > 1 and outcome is QuoteOutcome.EXACT:
        outcome = QuoteOutcome.NORMALISED
    if hidden:
        outcome = QuoteOutcome.ALTERED
    parts = tuple(selected(text, one.start, one.end, QuoteMatch(one.outcome)) for one in found)
    passage = selected(text, found[0].start, found[-1].end, QuoteMatch(outcome))
    differences = sorted((*hidden, *(difference for one in found for difference in one.differences)), key=lambda one: one.quote_start)
    similarity = 1.0 if outcome is QuoteOutcome.EXACT else _similarity(quote, " ".join(part.exact for part in parts))
    return QuoteCheck(outcome, passage, parts if len(parts) > 1 else (), tuple(differences), similarity)


def _similarity(quote: str, passage: str) -> float:
    from rapidfuzz.fuzz import ratio

    wanted = normal_form(_ELLIPSIS.sub(" ", quote))
    printed = normal_form(passage)
    return 1.0 if wanted == printed else ratio(wanted[:LONGEST], printed[:LONGEST]) / 100


def _not_found(quote: str, ground: _Ground) -> QuoteCheck:
    source = ground.folded
    place = next(iter(places_like(normal_form(quote), source.text)), None)
    if not place:
        return QuoteCheck(QuoteOutcome.NOT_FOUND)
    nearest = selected(ground.text, *source.whole_words(place.start, place.end), QuoteMatch.EXACT)
    return QuoteCheck(QuoteOutcome.NOT_FOUND, similarity=place.score / 100, nearest=nearest)


def _check_parts(quote: str, parts: list[_Part], ground: _Ground) -> QuoteCheck:
    """Find the longest part, and from there the others before and after it, each within a page of the last."""
    longest = max(range(len(parts)), key=lambda number: len(parts[number].text))
    anchor, text = parts[longest], ground.text
    anchors = [*islice(_standing(anchor.text, ground), _TWINS)] or [one for one in [_best(anchor.text, ground)] if one]
    chains = [_chain(parts, longest, one, text) for one in anchors if one.outcome is not QuoteOutcome.NOT_FOUND]
    chains = [chain for chain in chains if chain]
    if not chains:
        return _not_found(anchor.text, ground)
    best = min(chains, key=lambda chain: (max(_ORDER.index(one.outcome) for one in chain), chain[-1].end - chain[0].start))
    hidden = tuple(_hidden(part, found, text) for part, found in zip(pairwise(parts), pairwise(best), strict=True))
    return _checked(quote, text, best, tuple(one for one in hidden if one))


def _chain(parts: list[_Part], anchored: int, anchor: _Found, text: str) -> list[_Found]:
    """Give all parts about one that is found; none where one of them is not there."""
    chain = [anchor.moved(0, parts[anchored].at)]
    for part in parts[anchored + 1 :]:
        reach = _reach(part, text[chain[-1].start : chain[-1].end])
        found = _within(part, text, chain[-1].end, min(chain[-1].end + reach, len(text)), last=False)
        if not found:
            return []
        chain.append(found)
    for part in reversed(parts[:anchored]):
        reach = _reach(part, text[chain[0].start : chain[0].end])
        found = _within(part, text, _word_start(text, chain[0].start - reach), chain[0].start, last=True)
        if not found:
            return []
        chain.insert(0, found)
    return chain


def _reach(part: _Part, neighbour: str) -> int:
    """Give how far apart two parts may stand: single words belong to one sentence, long parts to one page."""
    return min(WITHIN, _WITHIN_A_WORD * min(len(tokens(part.text)), len(tokens(neighbour))))


def _word_start(text: str, at: int) -> int:
    """Give the first offset from `at` on where no chunk is cut."""
    if at <= 0:
        return 0
    space = _SPACE.search(text, at, at + WITHIN)
    return space.end() if space else at


def _within(part: _Part, text: str, start: int, end: int, *, last: bool) -> _Found | None:
    """Find a part in a stretch of the text, as near as can be to its beginning, or with `last` to its end."""
    ground = _Ground(text[start:end])
    standing = list(islice(_standing(part.text, ground), None if last else 1))
    found = standing[-1] if standing else _best(part.text, ground) if ground.folded.text else None
    return found.moved(start, part.at) if found and found.outcome is not QuoteOutcome.NOT_FOUND else None


def _hidden(parts: tuple[_Part, _Part], found: tuple[_Found, _Found], text: str) -> Difference | None:
    """Whether an ellipsis leaves out a negation of what it joins: one that no comma or stop parts from the words that are quoted."""
    start, end = found[0].end, found[1].start
    if start >= end:
        return None
    around = tokens(text, found[0].start, found[1].end)
    reader = Reader(parts[0].text, text, language_of(token.strict for token in around))
    for token in around:
        if not start <= token.start < end:
            continue
        if reader.negates(token) and not (_has_stop(text[start : token.start]) and _has_stop(text[token.end : end])):
            at = parts[0].at + len(parts[0].text)
            return Difference(DifferenceKind.NEGATION, "", token.written, at, at, token.start, token.end)
    return None


def _has_stop(between: str) -> bool:
    return any(c in ",;:.!?()\u2014\u2013\u060c\u3001\u3002\uff0c\uff1b" for c in between)
