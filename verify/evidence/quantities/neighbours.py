"""The words that stand near each quantity of a text: what tells which thing it speaks of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from verify.evidence.passages import passage_spans
from verify.evidence.quantities.days import DAY, DAY_OF_YEAR
from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.find import atoms, quantity
from verify.evidence.quantities.quantity import Kind, Quantity
from verify.evidence.quantities.surroundings import MOVES
from verify.evidence.quantities.tokens import Tokens
from verify.evidence.words import form_of

_REACH = 24
"""Words of content on either side that are looked at; with the weights below, those farther off would hardly count."""
_INSIDE = tuple(1 / (1 + distance / 4) for distance in range(1, _REACH + 1))
_OUTSIDE = tuple(0.4 * weight for weight in _INSIDE)
"""A word of another passage counts less; found on WiCE and on altered sentences of its sources, where .2 and 0 were a little worse."""
_MOST_WORDS = 250_000
_LEAST_REACH = 3
_HEADS = 4
_CLAUSE_ENDS = {".", ",", ";", ":", "(", ")", "!", "?", "\u2013", "\u2014"}
_FAR_APART = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A quantity in its surroundings: `near` gives for the words around it how near they stand (below 1, less farther off), `heads` are the
    words that it may count, or the name that it belongs to, `passage` the number of its sentence, `to` the number of the quantity that
    it changed into ("from 10 to 15"), -1 for none."""

    quantity: Quantity
    near: dict[str, float]
    around: dict[str, float]
    heads: frozenset[str]
    passage: int
    to: int = -1


def reach_of(count: int) -> int:
    """How many words on either side of each quantity are looked at in a text with so many: fewer where a long table would fill the memory."""
    return max(_LEAST_REACH, min(_REACH, _MOST_WORDS // max(count, 1)))


def placed_quantities(text: str, reach: int = 0) -> list[Placed]:
    """Find the quantities of a text with the words near each, which are matched by their roots; `reach` is how far, 0 for as far as is well."""
    tokens = Tokens(text)
    found = [*atoms(tokens, designations=True)]
    if not found:
        return []
    row = _Row(tokens, found, [span.start for span in passage_spans(text)])
    changes = _changes(tokens, found)
    reach = reach or reach_of(len(found))
    return [
        Placed(quantity(tokens, atom), *row.near(number, reach), _heads(tokens, atom), row.passages[number], changes.get(number, -1))
        for number, atom in enumerate(found)
    ]


class _Row:
    """The words of content and the quantities of a text in a row: what each is matched by, and where sentences begin."""

    def __init__(self, tokens: Tokens, found: Sequence[Atom], passages: Sequence[int]) -> None:
        keys = [*map(_key, tokens.words[: tokens.count])]
        for atom in found:
            keys[atom.first : atom.last] = [_quantity_key(atom), *[""] * (atom.last - atom.first - 1)]
        starts = [start for key, start in zip(keys, tokens.starts, strict=False) if key]
        self.keys = [*filter(None, keys)]
        self.places = [bisect_left(starts, tokens.starts[atom.first]) for atom in found]
        self.bounds = [*(bisect_left(starts, passage) for passage in passages), len(self.keys)]
        self.passages = [max(bisect_right(self.bounds, place) - 1, 0) for place in self.places]

    def near(self, number: int, reach: int) -> tuple[dict[str, float], dict[str, float]]:
        """How near each word around a quantity stands, in its passage, and by how much nearer in another; of several places the nearest counts."""
        place, passage = self.places[number], self.passages[number]
        before = self.keys[max(place - reach, 0) : place][::-1]
        after = self.keys[place + 1 : place + 1 + reach]
        near: dict[str, float] = {}
        around: dict[str, float] = {}
        for side, inside in ((before, place - self.bounds[passage]), (after, self.bounds[passage + 1] - place - 1)):
            _weigh(around, zip(side[inside:], _OUTSIDE[inside:], strict=False))
            _weigh(near, zip(side[:inside], _INSIDE, strict=False))
        return near, {key: weight - near.get(key, 0.0) for key, weight in around.items() if weight > near.get(key, 0.0)}


def _weigh(near: dict[str, float], weighed: Iterable[tuple[str, float]]) -> None:
    for key, weight in weighed:
        if weight > near.get(key, 0.0):
            near[key] = weight


def _quantity_key(atom: Atom) -> str:
    """What a quantity is matched by as a neighbour: a date tells what an amount is of, not the other way round."""
    if atom.kind is Kind.DESIGNATION:
        return atom.unit
    return f"#{atom.low:g}" if atom.unit in {DAY, DAY_OF_YEAR} else "#"


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    """The root of a word of content, empty for any other token."""
    if not word[0].isalpha():
        return ""
    if word.lower() in MOVES:
        return "#moves"  # which way is told by the direction
    form = form_of(word)
    return "" if form.stop else form.root


def _heads(tokens: Tokens, atom: Atom) -> frozenset[str]:
    """The next words of content in the same phrase, up to another number, else the word before."""
    heads = set()
    for at in range(atom.last, min(atom.last + _HEADS, tokens.count)):
        if tokens.words[at] in _CLAUSE_ENDS or tokens.figure(at):
            break
        heads.add(_key(tokens.words[at]))
    heads.discard("")
    if not heads and atom.kind is Kind.CARDINAL and atom.first:
        heads.add(_key(tokens.words[atom.first - 1]))
        heads.discard("")
    return frozenset(heads)


def _changes(tokens: Tokens, found: Sequence[Atom]) -> dict[int, int]:
    """Which quantity became which: "from 10 to 15", "to 15 from 10"."""
    changes: dict[int, int] = {}
    for number, (one, other) in enumerate(pairwise(found)):
        if one.kind is not other.kind or one.unit != other.unit or other.first - one.last > _FAR_APART or not one.first:
            continue
        match tokens.lower[one.first - 1], tokens.lower[other.first - 1]:
            case "from", "to":
                changes[number] = number + 1
            case "to", "from":
                changes[number + 1] = number
    return changes
