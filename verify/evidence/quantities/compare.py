"""What a source says in the place of each quantity of a claim.

A quantity that agrees in value agrees only beside the same words; one that differs contradicts only there. In all other cases the source is silent
on it, which is `absent`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from verify.evidence.quantities.agreement import AGREEING, Fit
from verify.evidence.quantities.alignment import Alignment, Candidate, Likeness
from verify.evidence.quantities.changes import told_by_change
from verify.evidence.quantities.neighbours import Placed, placed_quantities, reach_of
from verify.evidence.quantities.quantity import Comparison, Direction, Outcome, Quantity
from verify.evidence.quantities.ranges import ends

AGREES_FROM = 0.15
DIFFERS_FROM = 0.5
"""How alike surroundings have to be. Set on 500 sentences of WiCE's sources: of those altered in one figure 94 % were called different at these
values, 87 % with a quarter of their words gone as well, and none of those left as they were."""
LEAST_CONFIDENCE = 0.3
"""Of a contradiction; below it the source is called silent."""
MOST_ASKED, MOST_PAIRS = 200, 300_000
"""Quantities of a claim that are compared, and pairs of them with the source's: no claim has so many, a hostile one may."""
_FINER_FROM = 0.3
_MOVES_FROM = 0.5
_MARGIN = 0.05
_MARGIN_IN_PASSAGE = 0.3
"""A figure that agrees wins against one that is a little more in place; within one sentence against one that is much more so."""
_REPEATED = 0.2
"""A figure that the claim gives twice and its source once, beside another: "$163 million, up from $163 million"."""
_CONTRADICTING = {Fit.OTHER, Fit.OTHER_UNIT}
_SETTLED = {Outcome.AGREES, Outcome.DIRECTION_DIFFERS}
_TAKING = {Fit.SAME, Fit.LOOSER}
_MANY = 15
"""In a source with fewer quantities than this an equal one is the less likely to be there by chance, and less likeness will do."""
_ELSEWHERE, _NOWHERE, _SILENT = 0.4, 0.9, 0.6
_SPLIT = 0.9


class SourceQuantities:
    """A source's quantities with the words near them: built once, then asked by many claims. `quantities` are those of `find_quantities` and the
    names that have digits in them."""

    def __init__(self, source: str) -> None:
        self._alignment = Alignment(placed_quantities(source))
        self.quantities: tuple[Quantity, ...] = tuple(placed.quantity for placed in self._alignment.placed)
        self._least = AGREES_FROM * min(1.0, len(self.quantities) / _MANY)

    def compare(self, claim: str, *, focus: Sequence[tuple[int, int]] = ()) -> tuple[Comparison, ...]:
        """Compare every quantity of `claim` and every name with digits, in its order; `focus` are (start, end) of passages of the source to prefer,
        in code points, end exclusive. Those beyond `MOST_ASKED` are given as absent, with no confidence."""
        asked = placed_quantities(claim, reach_of(len(self.quantities)))
        most = min(MOST_ASKED, MOST_PAIRS // max(len(self.quantities), 1))
        found = [_Found.of(self._alignment, one, focus) for one in asked[:most]]
        takers = _takers(found, self._least)
        judged = (self._judged(index, each, takers) for index, each in enumerate(found))
        compared = (
            comparison if comparison.outcome in _SETTLED else self._otherwise(each, comparison, focus) or comparison
            for each, comparison in zip(found, judged, strict=True)
        )
        beyond = (Comparison(one.quantity, Outcome.ABSENT, why="not compared: there are too many figures") for one in asked[most:])
        return (*compared, *beyond)

    def _otherwise(self, found: "_Found", judged: Comparison, focus: Sequence[tuple[int, int]]) -> Comparison | None:
        """Look for what is told in another way: a range by its ends, a difference by the two values."""
        if found.one.quantity.is_range:
            return self._by_ends(found.one, focus) if judged.outcome is Outcome.ABSENT else None
        return told_by_change(found.one.quantity, found.alike, self._alignment.placed)

    def _by_ends(self, one: Placed, focus: Sequence[tuple[int, int]]) -> Comparison | None:
        halves = [replace(one, quantity=end) for end in ends(one.quantity)]
        found = [_Found.of(self._alignment, half, focus) for half in halves]
        first, second = (self._judged(index, each, {}) for index, each in enumerate(found))
        if first.outcome is not second.outcome or first.outcome is not Outcome.AGREES:
            return None
        confidence = _SPLIT * min(first.confidence, second.confidence)
        return Comparison(one.quantity, Outcome.AGREES, first.match, confidence, "the source has both ends apart")

    def _judged(self, index: int, found: "_Found", takers: Mapping[int, int]) -> Comparison:
        free = [candidate for candidate in found.candidates if takers.get(candidate.number, index) == index]
        other = _most_alike([candidate for candidate in free if candidate.fit in _CONTRADICTING])
        own = _most_alike([candidate for candidate in free if candidate.fit in AGREEING])
        differs = other.alike if other else 0.0
        for one, margin in ((own, _margin(own, other)), (found.agreeing, -_REPEATED if _together(found.agreeing, other) else 0.0)):
            if one and one.alike >= self._least and one.alike >= differs - margin:
                return _agreeing(found.one.quantity, one)
        if other and differs >= DIFFERS_FROM and (own is None or differs > own.alike + _MARGIN):
            covered = self._alignment.covered(found.one, other.placed)
            confidence = min(differs, 1.0) * (1 + covered) / 2 - (max(own.alike, 0.0) / 2 if own else 0.0)
            if confidence >= LEAST_CONFIDENCE:
                return _differing(found.one.quantity, other, confidence)
        return _absent(found)


def compare_quantities(claim: str, source: str, *, focus: Sequence[tuple[int, int]] = ()) -> tuple[Comparison, ...]:
    """Compare every quantity of `claim` with what `source` says in its place, as `SourceQuantities.compare` does; for one claim only."""
    return SourceQuantities(source).compare(claim, focus=focus)


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity of the claim, all of the source that it can be compared with, and of those that agree the one most in place."""

    one: Placed
    alike: Likeness
    candidates: tuple[Candidate, ...]
    agreeing: Candidate | None

    @classmethod
    def of(cls, alignment: Alignment, one: Placed, focus: Sequence[tuple[int, int]]) -> "_Found":
        alike = alignment.alike(one)
        candidates = tuple(alignment.candidates(one, alike, focus))
        return cls(one, alike, candidates, _most_alike([c for c in candidates if c.fit in AGREEING]))


def _most_alike(candidates: Sequence[Candidate]) -> Candidate | None:
    return max(candidates, default=None, key=lambda candidate: candidate.alike)


def _takers(found: Sequence[_Found], least: float) -> dict[int, int]:
    """Which quantity of the claim each one of the source belongs to: those most in place first, each to one only."""
    pairs = [
        (c.alike, index, c.number) for index, each in enumerate(found) for c in each.candidates if c.fit in _TAKING and c.alike >= least
    ]
    pairs.sort(key=lambda pair: -pair[0])
    takers: dict[int, int] = {}
    served: set[int] = set()
    for _, index, number in pairs:
        if index not in served and number not in takers:
            takers[number] = index
            served.add(index)
    return takers


def _together(one: Candidate | None, other: Candidate | None) -> bool:
    return one is not None and other is not None and one.placed.passage == other.placed.passage


def _margin(one: Candidate | None, other: Candidate | None) -> float:
    """How much more in place another figure has to be than the one that agrees, to be the one meant."""
    if not one or not other or not _together(one, other):
        return _MARGIN
    return _MARGIN_IN_PASSAGE if one.fit in _TAKING and (one.counts_same or not other.counts_same) else _MARGIN


def _agreeing(quantity: Quantity, one: Candidate) -> Comparison:
    match = one.placed.quantity
    if {quantity.direction, match.direction} == {Direction.ROSE, Direction.FELL} and one.alike >= _MOVES_FROM:
        return Comparison(quantity, Outcome.DIRECTION_DIFFERS, match, min(one.alike, 1.0), f"the source says that it {match.direction}")
    why = {
        Fit.LOOSER: f"the source has {match.text}, which the claim rounds or widens",
        Fit.CONVERTED: f"the source has it in another unit, as {match.text}",
        Fit.AN_END: f"the source has it as an end of {match.text}",
        Fit.BARE: f"the source has {match.text}, one of the two without its unit",
    }.get(one.fit, "the source has the same")
    return Comparison(quantity, Outcome.AGREES, match, min(0.4 + 0.6 * one.alike, 1.0), why)


def _differing(quantity: Quantity, other: Candidate, confidence: float) -> Comparison:
    match = other.placed.quantity
    outcome, why = Outcome.DIFFERS, f"the source has {match.text} in its place"
    if other.fit is Fit.OTHER_UNIT:
        outcome, why = Outcome.UNIT_DIFFERS, f"the source has the same figure in another unit: {match.text}"
    return Comparison(quantity, outcome, match, confidence, why)


def _absent(found: _Found) -> Comparison:
    finer = _most_alike([c for c in found.candidates if c.fit is Fit.FINER])
    if finer and finer.alike >= _FINER_FROM:
        match = finer.placed.quantity
        return Comparison(found.one.quantity, Outcome.ABSENT, match, _SILENT, f"the source is less exact: {match.text}")
    if found.agreeing:
        return Comparison(found.one.quantity, Outcome.ABSENT, None, _ELSEWHERE, "stands elsewhere, beside other words")
    return Comparison(found.one.quantity, Outcome.ABSENT, None, _NOWHERE, "stands nowhere in the source")
