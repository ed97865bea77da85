"""Two quantities that are printed as one: from 10 to 12, 1914-18, 6-8 December, between $2 and 3 million; and scores, 3-1."""

from collections.abc import Callable
from dataclasses import replace

from verify.evidence.quantities.days import DAY, DAY_OF_YEAR, ends_months, month_of, span, with_year, year_of
from verify.evidence.quantities.digits import counts
from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.lexicon import table, words
from verify.evidence.quantities.quantity import Kind, Quantity
from verify.evidence.quantities.tokens import Tokens

Reader = Callable[[int, int], Atom | None]
"""Reads the atom whose number is at the first index and that takes no token before the second."""

_DASHES = {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"}
_TO = words("range_words")
_AND = {word: frozenset(after.split()) for word, after in table("lexicon")["range_and"].items()}
_FROM = {word: frozenset(after.split()) for word, after in table("lexicon")["range_from"].items()}
_LED = frozenset().union(*_AND.values(), *_FROM.values())
_SCORES = words("score_words")
_MOVED = words("rose") | words("fell") | {"went", "moved", "changed", "cut", "converted", "improved"}
_CALENDAR = {Kind.YEAR, Kind.DATE}
_REACH = 6
_LONGEST_SIGN = 3
_FIRST_YEAR, _CENTURY = 1000, 100
_LAST_DAY = 31
_HIGHEST_SCORE = 200


def joined(tokens: Tokens, left: Atom, read: Reader) -> Atom:
    """Give `left` with what follows it, where the two are one range or score; else `left` itself. `read` reads an atom at a token."""
    at = _connected(tokens, left)
    if not at:
        return left
    if left.kind is Kind.YEAR and tokens.words[at - 1] in {*_DASHES, "/"}:
        return _short_years(tokens, left, at) or _combined(tokens, left, at, read) or left
    return _combined(tokens, left, at, read) or left


def _connected(tokens: Tokens, left: Atom) -> int:
    """The token where the second half of a range would begin, 0 where nothing connects."""
    at = left.last
    word = tokens.lower[at]
    if word in _DASHES:
        close = tokens.glued(at) is tokens.glued(at + 1)
        return at + 1 if close and (tokens.glued(at) or word != "-" or left.kind in _CALENDAR) else 0
    if word == "/" and left.kind is Kind.YEAR and tokens.glued(at):
        return at + 1
    if word not in _LED and word not in _TO:
        return 0
    leader = next((tokens.lower[b] for b in range(left.first - 1, max(left.first - 4, -1), -1) if tokens.lower[b] in {*_AND, *_FROM}), "")
    led = word in _AND.get(leader, ()) or word in _FROM.get(leader, ())
    if leader in _FROM and left.kind not in _CALENDAR and _moved(tokens, left):
        return 0
    return at + 1 if led or word in _TO else 0


def _moved(tokens: Tokens, left: Atom) -> bool:
    """Whether the words before say that something went from one value to another, which are then two quantities."""
    return any(tokens.lower[at] in _MOVED for at in range(max(left.first - _REACH, 0), left.first))


def _short_years(tokens: Tokens, left: Atom, at: int) -> Atom | None:
    """Read 1914-18 and 2004/05."""
    short = tokens.number(at, (2, 2))
    year = int(left.figure)
    if short is None or year < _FIRST_YEAR or not tokens.glued(at) or (tokens.glued(at + 1) and tokens.words[at + 1] in {"-", "/"}):
        return None
    end = year - year % _CENTURY + short
    end += _CENTURY * (end < year)
    return replace(left, last=at + 1, high=span(end)[1], is_range=True) if end - year < _CENTURY else None


def _combined(tokens: Tokens, left: Atom, at: int, read: Reader) -> Atom | None:
    right = next((right for ahead in range(_LONGEST_SIGN) if (right := read(at + ahead, at))), None)
    if right is None or right.first > at:
        return None
    whole = _of_dates(tokens, left, right) or _of_numbers(tokens, _number(left), right, at)
    if whole is None or whole.kind is Kind.SCORE:
        return whole
    return replace(whole, is_range=True) if whole.low < whole.high else None


def _of_dates(tokens: Tokens, left: Atom, right: Atom) -> Atom | None:
    if right.kind in _CALENDAR and left.kind in _CALENDAR:
        return _dates(left, right)
    if right.kind is Kind.DATE and left.bare and left.figure <= _LAST_DAY:
        return _days(left, right)
    if left.kind is Kind.YEAR and right.bare and tokens.number(right.first, (4, 4)) and not counts(tokens, right.last):
        low, high, _ = span(int(right.figure))
        return _dates(left, replace(left, first=right.first, last=right.last, low=low, high=high))
    if left.kind is Kind.DATE and right.bare and right.figure <= _LAST_DAY:
        return _days_after(tokens, left, right)
    return None


def _number(atom: Atom) -> Atom:
    """The atom, or what it is if it is not taken for a year: the 2000 of "2000-2500 km"."""
    if atom.kind is not Kind.YEAR or atom.is_range:
        return atom
    return replace(atom, kind=Kind.CARDINAL, low=atom.figure, high=atom.figure, unit="")


def _of_numbers(tokens: Tokens, left: Atom, right: Atom, at: int) -> Atom | None:
    if right.kind in _CALENDAR or left.is_range:
        return None
    if left.bare and right.bare:
        return _score(tokens, left, right, at) or _spanning(left, right)
    plain = left.kind in {Kind.CARDINAL, Kind.CURRENCY} and left.factor == 1
    if plain and left.unit in {"", right.unit} and right.factor != 1 and left.figure < right.figure:
        return replace(right, first=left.first, low=left.figure * right.factor + right.offset, figure=left.figure, also=())
    if left.kind is right.kind and left.unit == right.unit:
        return _spanning(left, right)
    return _sharing(left, right)


def _spanning(left: Atom, right: Atom) -> Atom | None:
    if not left.low < right.high or left.low != left.high or right.low != right.high:
        return None
    also = tuple((a, b) for (a, _), (_, b) in zip(left.also, right.also, strict=False) if a < b)
    return replace(right, first=left.first, low=left.low, figure=left.figure, also=also)


def _sharing(left: Atom, right: Atom) -> Atom | None:
    """Give the half of a range that has no unit that of the other: $10-12 million, 10-12 km."""
    if left.bare and left.figure < right.figure and right.kind not in {Kind.ORDINAL, Kind.SCORE, Kind.TIME_OF_DAY}:
        return replace(right, first=left.first, low=left.figure * right.factor + right.offset, figure=left.figure, also=())
    if left.kind is not Kind.CURRENCY or right.kind is not Kind.CARDINAL:
        return None
    low = left.figure * right.factor if left.factor == 1 and left.figure < right.figure else left.low
    return replace(left, last=right.last, low=low, high=right.high, step=right.step, factor=right.factor) if low < right.high else None


def _dates(left: Atom, right: Atom) -> Atom | None:
    """Join two dates; the first is in the year of the second, or the year before, where it has none of its own."""
    if left.unit == DAY_OF_YEAR and right.unit == DAY and right.kind is Kind.DATE:
        year = year_of(right.high)
        low = with_year(left.low, year if with_year(left.low, year) <= right.high else year - 1)
        return replace(right, first=left.first, low=low, figure=left.figure)
    if left.unit != right.unit or left.low >= right.low:
        return None
    return replace(right, first=left.first, low=left.low, figure=left.figure, also=())


def _days(left: Atom, right: Atom) -> Atom | None:
    """Read 6-8 December 2024, of which the first half is a number only."""
    first = right.low - (right.figure - left.figure)
    return (
        replace(right, first=left.first, low=first, figure=left.figure)
        if 1 <= left.figure < right.figure and right.low == right.high
        else None
    )


def _days_after(tokens: Tokens, left: Atom, right: Atom) -> Atom | None:
    """Read December 6-8, 2024, of which the second half is a number, and a year may follow."""
    if left.low != left.high or not left.figure < right.figure or left.unit != DAY_OF_YEAR:
        return None
    days = replace(left, last=right.last, high=left.low + right.figure - left.figure)
    at = right.last + (tokens.words[right.last] == ",")
    year = tokens.number(at, (4, 4))
    if not year:
        return days
    return replace(days, last=at + 1, low=with_year(days.low, year), high=with_year(days.high, year), unit=DAY)


def _score(tokens: Tokens, left: Atom, right: Atom, at: int) -> Atom | None:
    """Take two whole numbers for a score where the words around speak of one, or the first is higher."""
    high, low = left.figure, right.figure
    if max(high, low) >= _HIGHEST_SCORE or left.step < 1 or right.step < 1 or not (tokens.figure(left.first) and tokens.figure(at)):
        return None
    around = (*range(max(left.first - _REACH, 0), left.first), *range(right.last, right.last + _REACH))
    told = any(tokens.lower[near] in _SCORES for near in around)
    dash = tokens.words[at - 1] in _DASHES
    if not (told and (dash or tokens.lower[at - 1] == "to")) and not (dash and high >= low):
        return None
    return Atom(left.first, right.last, Kind.SCORE, min(high, low), max(high, low), "score", figure=high)


def ends(quantity: Quantity) -> tuple[Quantity, Quantity]:
    """The two ends of a range as quantities of their own; of years and months, the whole year or month."""
    low, high = quantity.low, quantity.high
    first, last = (low, low), (high, high)
    if quantity.kind is Kind.YEAR:
        first, last = span(year_of(low))[:2], span(year_of(high))[:2]
    elif quantity.unit == DAY and ends_months(low, high):
        first, last = month_of(low), month_of(high)
    return (
        replace(quantity, low=first[0], high=first[1], is_range=False),
        replace(quantity, low=last[0], high=last[1], figure=year_of(high) if quantity.kind is Kind.YEAR else high, is_range=False),
    )
