"""Which quantity of a source speaks of the same thing as one of a claim: the one that stands beside the same words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from verify.evidence.quantities.agreement import AGREEING, Fit, fit
from verify.evidence.quantities.days import DAY
from verify.evidence.quantities.neighbours import Placed
from verify.evidence.quantities.quantity import Kind, Quantity

_HEAD = 0.15
_OTHER_HEAD = 0.3
_FOCUS = 0.1
_LESS = {Fit.BARE: 0.25, Fit.AN_END: 0.15, Fit.CONVERTED: 0.15}
_NO_WORDS = 0.2
"""How alike two places are of which one has no words at all, such as the cells of a table."""
_COUNTS = {Kind.CARDINAL, Kind.ORDINAL}
_UNSEEN = 3
_MONTH, _YEAR = 31, 366
_DATE_SAYS = ((1, 0.15), (_MONTH, 0.1), (_YEAR, 0.05))
_NAME_SAYS = 0.1
_DIGITS_SAY = ((3, 0.15), (2, 0.05))

_Postings = dict[str, list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quantity of the source in the place of one of the claim: how it fits by value, how alike their surroundings are (0 to about 1.3), and
    whether both count the same word."""

    number: int
    placed: Placed
    fit: Fit
    alike: float
    counts_same: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the surroundings of a claim's quantity and of each of the source's are, 0 to 1: by the words of its own passage, and with those
    around it. A passage may lean on its neighbours for what it says, but it contradicts in its own words."""

    inside: dict[int, float]
    around: dict[int, float]

    def of(self, number: int, found: Fit) -> float:
        """What counts for a quantity of the source that fits so."""
        contradicts = found is Fit.OTHER or found is Fit.OTHER_UNIT
        return (self.inside if contradicts else self.around).get(number, 0.0)


class Alignment:
    """The quantities of a source, found by the words that stand near them."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.placed = placed
        self._near = _postings([one.near for one in placed])
        self._around = _postings([one.around for one in placed])

    def candidates(self, one: Placed, alike: Likeness, focus: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
        """Every quantity of the source that a claim's can be compared with; those in `focus` have a little more in their favour."""
        for number, placed in enumerate(self.placed):
            found = fit(one.quantity, placed.quantity)
            if found is Fit.NONE:
                continue
            same = not one.heads.isdisjoint(placed.heads)
            focused = any(start <= placed.quantity.start < end for start, end in focus)
            score = (
                alike.of(number, found) + _FOCUS * focused + _counted(one.quantity, found, same=same) + _agreement_says(one.quantity, found)
            )
            yield Candidate(number, placed, found, score, same)

    def alike(self, one: Placed) -> Likeness:
        """How much of what stands near a claim's quantity stands as near to each of the source's; rare words count more."""
        weights = {key: weight * self._rarity(key) for key, weight in one.near.items()}
        whole = sum(weight * one.near[key] for key, weight in weights.items())
        if not whole:
            none = dict.fromkeys(range(len(self.placed)), _NO_WORDS)
            return Likeness(none, none)
        inside = _shared(weights, self._near, whole)
        around = _shared(weights, self._around, whole)
        return Likeness(inside, {number: min(inside.get(number, 0.0) + around.get(number, 0.0), 1.0) for number in inside | around})

    def covered(self, one: Placed, other: Placed) -> float:
        """The share (0 to 1) of the words near one quantity that stand in the other's passage at all, by how rare they are."""
        rarities = {key: self._rarity(key) for key in one.near}
        return sum(rarity for key, rarity in rarities.items() if key in other.near) / (sum(rarities.values()) or 1.0)

    def _rarity(self, key: str) -> float:
        """How much a word tells: more where few quantities of the source stand near it; one that is not there counts as middling."""
        count = len(self.placed) or 1
        return log(1 + count / (len(self._near.get(key, ())) or count / _UNSEEN))


def _postings(nears: Sequence[dict[str, float]]) -> _Postings:
    """Word -> the quantities that it stands near, with how near."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, near in enumerate(nears):
        for key, weight in near.items():
            postings[key].append((number, weight))
    return dict(postings)


def _shared(weights: dict[str, float], postings: _Postings, whole: float) -> dict[int, float]:
    shared: defaultdict[int, float] = defaultdict(float)
    for key, weight in weights.items():
        for number, near in postings.get(key, ()):
            shared[number] += near * weight
    return {number: min(score / whole, 1.0) for number, score in shared.items()}


def _counted(quantity: Quantity, found: Fit, *, same: bool) -> float:
    """What it adds that both count the same word, and takes that two different numbers count different ones."""
    if same:
        return _HEAD
    return -_OTHER_HEAD if found is Fit.OTHER and quantity.kind in _COUNTS else 0.0


def _agreement_says(quantity: Quantity, found: Fit) -> float:
    """What agreement in value itself says, in units of likeness: a full date is hardly there by chance, a two is."""
    if found not in AGREEING:
        return 0.0
    if quantity.kind is Kind.DESIGNATION:
        says = _NAME_SAYS
    elif quantity.unit == DAY:
        says = next((says for length, says in _DATE_SAYS if quantity.high - quantity.low < length), 0.0)
    else:
        digits = len(f"{quantity.figure:.6g}".replace(".", "").strip("0"))
        says = next((says for least, says in _DIGITS_SAY if digits >= least), 0.0)
    return says - _LESS.get(found, 0.0)
