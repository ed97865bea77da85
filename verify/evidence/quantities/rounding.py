"""What a number as printed lets the thing be: its hedge, else the precision it is printed with.

The shares below are judgements, written down once: a rounded number may hide at most a twentieth, "about" a tenth, and less where the number itself
is not round ("about 42" is no 45).
"""

from math import isclose, log10

from verify.evidence.quantities.quantity import Exactness, Kind, Quantity

_ABOUT = 0.1
_ROUNDED = 0.05
"""The most that printed precision may hide: "2 million" for 2.08 million, not for 2.4."""
_ROUNDED_DIGITS = 0.02
"""The same for digits that end in zeros, which may also be exact: 5,000 for 4,987."""
_CONVERTED = 0.06
_FAR = 10
"""How many times more "over 40" may be, or less "under 40": beyond that it is another thing."""
_LEAST_ZEROS = 3
_TEN, _FIVE = 10, 5
_CONVERTIBLE = {Kind.MEASURE, Kind.DURATION}
_IN_DIGITS = {Kind.CARDINAL, Kind.CURRENCY}


def allowed(value: float, printed: Quantity, against: Quantity) -> tuple[float, float]:
    """The values, lowest and highest, that `printed` lets the thing have, where `value` is the one it prints and `against` what it is laid beside.

    Where both are hedged alike, both mean what they print.
    """
    if printed.exactness is not against.exactness and printed.exactness is not Exactness.EXACT:
        return _hedged(value, printed)
    near = _precision(abs(value), printed, against)
    return value - near, value + near


def may_hide(value: float, printed: Quantity, against: Quantity) -> tuple[float, float]:
    """The values that a less exact `printed` may stand for, without the limits of `allowed`: "3 million" for all that rounds to it."""
    if printed.exactness is not against.exactness and printed.exactness is not Exactness.EXACT:
        return _hedged(value, printed)
    by_step = printed.step / 2 if printed.step > against.step else 0.0
    near = max(by_step, _by_zeros(printed))
    return value - near, value + near


def _by_zeros(quantity: Quantity) -> float:
    """Half the place above the zeros that a whole number in digits ends in, 0 where they are too few to look rounded."""
    if quantity.step != 1 or quantity.kind not in _IN_DIGITS:
        return 0.0
    digits = f"{quantity.low:.0f}"
    zeros = len(digits) - len(digits.rstrip("0"))
    return _TEN**zeros / 2 if zeros >= _LEAST_ZEROS else 0.0


def _hedged(value: float, printed: Quantity) -> tuple[float, float]:
    size, place = abs(value), _last_place(printed)
    match printed.exactness:
        case Exactness.NEARLY:
            return value - min(_ABOUT * size, place), value
        case Exactness.OVER | Exactness.AT_LEAST:
            return value, value * _FAR
        case Exactness.UNDER | Exactness.AT_MOST:
            return value / _FAR, value
    near = min(_ABOUT * size, place / 2)
    return value - near, value + near


def _precision(size: float, printed: Quantity, against: Quantity) -> float:
    if converted(printed, against):
        return min((_last_place(printed) + _last_place(against)) / 2, _CONVERTED * size)
    by_step = min(printed.step / 2, _ROUNDED * size)
    return max(by_step, min(_by_zeros(printed), _ROUNDED_DIGITS * size))


def converted(one: Quantity, other: Quantity) -> bool:
    """Whether the two are printed in different units of one dimension, neither of which is a decimal multiple of the other."""
    if one.kind not in _CONVERTIBLE or not one.step or not other.step:
        return False
    ratio = log10(one.step / other.step)
    return not isclose(ratio, round(ratio), abs_tol=1e-9)


def _last_place(quantity: Quantity) -> float:
    """The value of the last printed place that is not zero, five of it where that is a five: 100 for 300, 50 for 250, 1 for 42."""
    steps = round(quantity.low / quantity.step) if quantity.step else 0
    if not steps:
        return quantity.step
    place = 1
    while steps % (_TEN * place) == 0:
        place *= _TEN
    return quantity.step * place * (_FIVE if steps // place % _TEN == _FIVE else 1)
