"""What the words near a quantity do to it: hedges, which say how exact it is, and verbs, which say which way it went."""

from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.lexicon import phrases, words
from verify.evidence.quantities.quantity import Direction, Exactness, Kind
from verify.evidence.quantities.tokens import Tokens

_HEDGES = phrases("hedges", backward=True)
_HEDGES_AFTER = phrases("hedges_after")
_DATE_HEDGES = phrases("date_hedges", backward=True)
_CALENDAR = {Kind.YEAR, Kind.DATE}
_MOVABLE = {Kind.CARDINAL, Kind.PERCENT, Kind.PERCENTAGE_POINTS, Kind.CURRENCY, Kind.MEASURE, Kind.DURATION}
_ROSE, _FELL = words("rose"), words("fell")
MOVES = _ROSE | _FELL
"""Words that say which way something went."""
_BEFORE, _AFTER = 8, 4
_STOPS = {".", ";", ":", "!", "?", "(", ")", ""}
_COMPARED = {"than", "to"}


def exactness(tokens: Tokens, atom: Atom) -> Exactness:
    """How exact the words before or after say that a quantity is."""
    if atom.exactness is not Exactness.EXACT:
        return atom.exactness
    listed = _DATE_HEDGES if atom.kind in _CALENDAR else _HEDGES
    for phrase, meaning in listed.get(tokens.lower[atom.first - 1], ()) if atom.first else ():
        if tokens.precedes(atom.first, phrase):
            return Exactness(meaning)
    if atom.kind not in _CALENDAR:
        for phrase, meaning in _HEDGES_AFTER.get(tokens.lower[atom.last], ()):
            if tokens.follows(atom.last, phrase):
                return Exactness(meaning)
    return Exactness.EXACT


def direction(tokens: Tokens, atom: Atom) -> Direction:
    """Which way the nearest verb of movement in the clause says that a quantity went; of two equally near, the one before."""
    if atom.kind not in _MOVABLE:
        return Direction.NONE
    for at in range(atom.first - 1, max(atom.first - _BEFORE, -1), -1):
        if tokens.lower[at] in _STOPS:
            break
        found = _told(tokens, at)
        if found is not Direction.NONE:
            return found
    for at in range(atom.last, atom.last + _AFTER):
        if tokens.lower[at] in _STOPS or tokens.words[at] == ",":
            break
        found = _told(tokens, at)
        if found is not Direction.NONE:
            return found
    return Direction.NONE


def _told(tokens: Tokens, at: int) -> Direction:
    """What one word says; "up to" and "higher than" are hedges, which say nothing of movement."""
    word = tokens.lower[at]
    if (word not in _ROSE and word not in _FELL) or (
        word in {"up", "higher", "lower", "bigger", "smaller"} and tokens.lower[at + 1] in _COMPARED
    ):
        return Direction.NONE
    return Direction.ROSE if word in _ROSE else Direction.FELL
