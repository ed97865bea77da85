"""Wrong ways to write a word, by hand or by a scanner, and how they are told from another word.

`one` is the quote's form and `other` the printed one, without accents. A form is known that the lists or the text have; one of the two is not.
"""

from .languages import is_listed, is_unpronounceable

_LONG, _UNLISTED, ORDINARY, SHORT = 9, 7, 5, 3
"""Letters: a word may have two slips from 9 on; one that no list has, has many like it below 7; a name below 5; any word below 3."""
MOST_SLIPS = 2
_ENDINGS = frozenset({"", "y", "e", "en", "al", "ic"})  # those that `is_listed` knows need no mention
_PREFIXES = frozenset({"", "a", "an", "un", "in", "im", "il", "ir", "de", "re", "en", "em", "ex", "up"})
_CONFUSED = frozenset(map(frozenset, ("ce", "hb", "il", "ij", "un", "ft", "gq", "vy", "ao", "li", "1l", "0o", "kx", "tl", "rt")))


def shared(one: str, other: str) -> str:
    """Give the beginning that two forms share."""
    length = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _ends(one: str, other: str) -> tuple[int, int]:
    """Count the letters that two forms share at their beginning, and at their end beyond those."""
    first = len(shared(one, other))
    last = len(shared(one[first:][::-1], other[first:][::-1]))
    return first, last


def distance(one: str, other: str) -> int:
    """Count the letters to put in, take out, change or swap with a neighbour; 3 where it is more than 2."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=MOST_SLIPS)


def is_slip(one: str, other: str, quoted_is_known: bool, printed_is_known: bool) -> bool:
    """Whether a word that is none comes from a slip in the other word, and is not a form of it or its opposite."""
    length = min(len(one), len(other))
    slips = distance(one, other)
    if length < SHORT or slips > (MOST_SLIPS if length >= _LONG else 1):
        return False
    first, last = _ends(one, other)
    if one[first:] in _ENDINGS and other[first:] in _ENDINGS:
        return False
    if {one[: len(one) - last], other[: len(other) - last]} <= _PREFIXES and is_listed(min(one, other, key=len)):
        return False
    if slips > 1:
        return first >= len("ab") and last >= 1 and not quoted_is_known
    if printed_is_known:
        return True
    return length >= _UNLISTED and first >= 1 and last >= len("ed")


def is_slip_in_name(one: str, other: str) -> bool:
    """Whether the quoted form can be no other name: letters swapped or doubled, misread, or in an order that no word has."""
    if min(len(one), len(other)) < ORDINARY:
        return False
    first, last = _ends(one, other)
    if is_misread(one, other):
        return True
    if first < 1 or last < len("ed") or distance(one, other) > 1:
        return False
    swapped = sorted(one) == sorted(other)
    return swapped or is_unpronounceable(one)


def is_misread(one: str, other: str) -> bool:
    """Whether up to two letters after the first are misread for ones that look like them."""
    if len(one) != len(other) or len(one) <= SHORT or one[0] != other[0]:
        return False
    unlike = [frozenset((a, b)) for a, b in zip(one, other, strict=True) if a != b]
    return len(unlike) <= MOST_SLIPS and all(pair in _CONFUSED for pair in unlike)
