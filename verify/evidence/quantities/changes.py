"""Differences that a source does not print but tells: "from 10 to 15" is a rise by 5, by half, by 50 %."""

from collections.abc import Iterator, Sequence

from verify.evidence.quantities.alignment import Likeness
from verify.evidence.quantities.neighbours import Placed
from verify.evidence.quantities.quantity import Comparison, Direction, Exactness, Kind, Outcome, Quantity
from verify.evidence.quantities.rounding import allowed

_ALIKE_FROM = 0.2
_CONFIDENCE = 0.6
_ROUNDING = 0.01
_SHARES = {Kind.PERCENT, Kind.PERCENTAGE_POINTS}


def told_by_change(quantity: Quantity, alike: Likeness, placed: Sequence[Placed]) -> Comparison | None:
    """Agree with a quantity that moved if a sentence of the source gives both values of the move, in that direction; else None."""
    if quantity.direction is Direction.NONE or quantity.low != quantity.high:
        return None
    for number, one in enumerate(placed):
        if one.to < 0 or max(alike.around.get(number, 0.0), alike.around.get(one.to, 0.0)) < _ALIKE_FROM:
            continue
        before, after = one.quantity, placed[one.to].quantity
        moved = Direction.ROSE if after.low > before.low else Direction.FELL
        if moved is quantity.direction and any(_meets(quantity, value) for value in _moves(quantity, before, after)):
            why = f"the source has it as a change from {before.text} to {after.text}"
            return Comparison(quantity, Outcome.AGREES, after, _CONFIDENCE, why)
    return None


def _moves(quantity: Quantity, before: Quantity, after: Quantity) -> Iterator[float]:
    """The sizes that a change has in the unit of a quantity."""
    difference = abs(after.low - before.low)
    points = before.kind is Kind.PERCENT and quantity.kind is Kind.PERCENTAGE_POINTS
    if points or (quantity.kind is before.kind and quantity.unit == before.unit and before.kind not in _SHARES):
        yield difference
    if quantity.kind is Kind.PERCENT and before.low:
        yield 100 * difference / abs(before.low)


def _meets(quantity: Quantity, value: float) -> bool:
    """Whether a computed value is the printed one, rounded as it is printed."""
    low, high = quantity.low - quantity.step / 2, quantity.low + quantity.step / 2
    if quantity.exactness is not Exactness.EXACT:
        low, high = allowed(quantity.low, quantity, _EXACT)
    return low - _ROUNDING * abs(value) * (low == high) <= value <= high


_EXACT = Quantity(0, 0, "", Kind.CARDINAL, 0, 0)
