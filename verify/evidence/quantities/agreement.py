"""Whether two quantities agree in value, whatever they speak of.

A claim may say less than its source, never more: "1.2 million" agrees with 1,234,567 and "in the 1990s" with 1994, not the other way round.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from math import isclose, log10

from verify.evidence.quantities.days import DAY_OF_YEAR, ends_months, month_of, without_year, year_of
from verify.evidence.quantities.quantity import Exactness, Kind, Quantity
from verify.evidence.quantities.rounding import allowed, converted, may_hide
from verify.evidence.quantities.units import POUND_MASS, spells_out

Span = tuple[float, float]


class Fit(Enum):
    """How a claim's quantity stands to one of its source; of several readings the first that is found counts."""

    SAME = auto()
    LOOSER = auto()
    """The claim rounds, hedges or widens what the source prints."""
    CONVERTED = auto()
    """The same, in another unit and rounded there."""
    AN_END = auto()
    """The claim gives one end of a range of the source."""
    BARE = auto()
    """The same figure, of which only one of the two says what it counts in."""
    FINER = auto()
    """The claim is more exact than its source."""
    OTHER = auto()
    OTHER_UNIT = auto()
    """The same figure in another unit."""
    NONE = auto()
    """They cannot be compared."""


AGREEING = frozenset({Fit.SAME, Fit.LOOSER, Fit.CONVERTED, Fit.AN_END, Fit.BARE})

UP = frozenset({Exactness.OVER, Exactness.AT_LEAST})
DOWN = frozenset({Exactness.UNDER, Exactness.AT_MOST, Exactness.NEARLY})
_YEAR = 366
_ABOUT_ROUND, _ABOUT_ODD = 5, 1
"""How many times its own length "about" moves a date: about 1450, about 1453."""
_ABOUT_MINUTES = 30
_TEN = 10


def fit(claim: Quantity, source: Quantity) -> Fit:
    """Say how a claim's quantity stands to one of its source by value alone."""
    rule = _RULES.get((claim.kind, source.kind))
    if rule is None:
        return Fit.NONE
    found = rule(claim, source)
    return Fit.OTHER if found is Fit.SAME and opposed(claim.exactness, source.exactness) else found


def opposed(one: Exactness, other: Exactness) -> bool:
    """Whether two hedges of one figure exclude each other: over 40, under 40."""
    return (one in UP and other in DOWN) or (one in DOWN and other in UP)


def _amounts(claim: Quantity, source: Quantity) -> Fit:
    if claim.unit == source.unit or (claim.kind is Kind.CURRENCY and spells_out(claim.unit, source.unit)):
        found = _numbers(claim, source)
        return Fit.OTHER_UNIT if found is Fit.OTHER and _same_figure(claim, source, found) is found else found
    return _same_figure(claim, source, Fit.OTHER_UNIT)


def _amounts_or_pounds(claim: Quantity, source: Quantity) -> Fit:
    """Money against a measure, where pounds may be either."""
    if {claim.unit, source.unit} == {"pound", "kg"}:
        found = _numbers(_as_mass(claim), _as_mass(source))
        return found if found in AGREEING else Fit.NONE
    return _same_figure(claim, source, Fit.OTHER_UNIT)


def _designations(claim: Quantity, source: Quantity) -> Fit:
    if claim.unit != source.unit:
        return Fit.NONE
    return Fit.SAME if claim.figure == source.figure else Fit.OTHER


def _as_mass(quantity: Quantity) -> Quantity:
    if quantity.unit != "pound":
        return quantity
    low, high, step = (value * POUND_MASS for value in (quantity.low, quantity.high, quantity.step))
    return replace(quantity, kind=Kind.MEASURE, unit="kg", low=low, high=high, step=step)


def _other_unit(claim: Quantity, source: Quantity) -> Fit:
    return _same_figure(claim, source, Fit.OTHER_UNIT)


def _bare(claim: Quantity, source: Quantity) -> Fit:
    return _same_figure(claim, source, Fit.BARE)


def _year_or_count(claim: Quantity, source: Quantity) -> Fit:
    """Four digits that were taken for a year on one side only."""
    found = _same_figure(claim, source, Fit.BARE)
    four = all(len(each.text) == len("1998") and each.text.isdecimal() for each in (claim, source))
    return Fit.OTHER if found is Fit.NONE and four else found


def _same_figure(claim: Quantity, source: Quantity, then: Fit) -> Fit:
    """Say `then` where both print the same figures, with the same scale."""
    same = claim.figure == source.figure and claim.is_range is source.is_range and _scale(claim) == _scale(source)
    if not same or (claim.is_range and not isclose(claim.high * source.low, source.high * claim.low)):
        return Fit.NONE
    return then


def _scale(quantity: Quantity) -> int:
    """How many powers of ten a scale word adds, for what is not converted."""
    if quantity.kind not in {Kind.CARDINAL, Kind.CURRENCY} or quantity.figure <= 0 or quantity.low <= 0:
        return 0
    return round(log10(quantity.low / quantity.figure))


def _readings(quantity: Quantity) -> tuple[Span, ...]:
    return ((quantity.low, quantity.high), *quantity.also)


def _numbers(claim: Quantity, source: Quantity) -> Fit:
    found = _number((claim.low, claim.high), (source.low, source.high), claim, source)
    if found in AGREEING or not (claim.also or source.also):
        return found
    alike = any(_close(one, other) for one in _readings(claim) for other in _readings(source))
    return Fit.SAME if alike else found


def _close(one: Span, other: Span) -> bool:
    return isclose(one[0], other[0]) and isclose(one[1], other[1])


def _number(one: Span, other: Span, claim: Quantity, source: Quantity) -> Fit:
    if _close(one, other):
        return Fit.SAME
    if claim.kind in {Kind.ORDINAL, Kind.SCORE}:
        return Fit.OTHER
    if one[0] < one[1] or other[0] < other[1]:
        return _number_ranges(one, other, claim, source)
    if _within(other[0], allowed(one[0], claim, source)):
        return Fit.CONVERTED if converted(claim, source) else Fit.LOOSER
    return Fit.FINER if _within(one[0], may_hide(other[0], source, claim)) else Fit.OTHER


def _number_ranges(one: Span, other: Span, claim: Quantity, source: Quantity) -> Fit:
    if one[0] < one[1] and other[0] < other[1]:
        rounded = all(_within(theirs, allowed(ours, claim, source)) for ours, theirs in zip(one, other, strict=True))
        vague = not claim.is_range and one[0] <= other[0] and other[1] <= one[1]
        if rounded and converted(claim, source):
            return Fit.CONVERTED
        return Fit.LOOSER if rounded or vague else Fit.OTHER
    if one[0] < one[1]:  # "dozens" are no upper bound
        return Fit.LOOSER if one[0] <= other[0] and (other[0] <= one[1] or not claim.is_range) else Fit.OTHER
    if source.is_range and (isclose(one[0], other[0]) or isclose(one[0], other[1])):
        return Fit.AN_END
    return Fit.FINER if other[0] <= one[0] <= other[1] else Fit.OTHER


def _within(value: float, span: Span) -> bool:
    margin = 1e-9 * abs(value)
    return span[0] - margin <= value <= span[1] + margin


def _times(claim: Quantity, source: Quantity) -> Fit:
    near = _ABOUT_MINUTES if Exactness.ABOUT in {claim.exactness, source.exactness} else 0
    alike = any(abs(one[0] - other[0]) <= near for one in _readings(claim) for other in _readings(source))
    return Fit.SAME if alike else Fit.OTHER


def _dates(claim: Quantity, source: Quantity) -> Fit:
    """The best of all readings; one of the claim's that is not its first has to be met exactly, for the 1900s are a decade first."""
    if not claim.also and not source.also:
        return _date((claim.low, claim.high), (source.low, source.high), claim, source)
    fits = {_date((claim.low, claim.high), other, claim, source) for other in _readings(source)}
    if claim.also:
        others = {_date(one, other, claim, source) for one in claim.also for other in _readings(source)}
        fits |= others & {Fit.SAME, Fit.FINER}
    return next(found for found in Fit if found in fits)


def _date(one: Span, other: Span, claim: Quantity, source: Quantity) -> Fit:
    if claim.unit != source.unit:
        one, other = (one, _without_year(other)) if claim.unit == DAY_OF_YEAR else (_without_year(one), other)
        if not one[1] or not other[1]:
            return Fit.NONE
    if one == other:
        return Fit.SAME
    if claim.is_range or source.is_range:
        return _date_ranges(one, other, claim, source)
    if one[0] <= other[0] and other[1] <= one[1]:
        return Fit.LOOSER
    if other[0] <= one[0] and one[1] <= other[1]:
        return Fit.FINER
    return _near_date(one, other, claim, source)


def _without_year(span: Span) -> Span:
    """A stretch of less than a year as days of a leap year; zeros for a longer one, which has no such days."""
    if span[1] - span[0] >= _YEAR - 2:
        return (0.0, 0.0)
    return float(without_year(span[0])), float(without_year(span[1]))


def _near_date(one: Span, other: Span, claim: Quantity, source: Quantity) -> Fit:
    """Two dates of which neither lies in the other; hedged alike, both mean what they print."""
    if claim.exactness is not source.exactness:
        if Exactness.ABOUT in {claim.exactness, source.exactness}:
            near = (one[1] - one[0] + 1) * (_ABOUT_ODD if claim.figure % _TEN else _ABOUT_ROUND)
            if one[0] - near <= other[1] and other[0] <= one[1] + near:
                return Fit.LOOSER if claim.exactness is Exactness.ABOUT else Fit.FINER
        if (claim.exactness in UP and other[0] > one[1]) or (claim.exactness in DOWN and other[1] < one[0]):
            return Fit.LOOSER
    return Fit.FINER if one[0] <= other[1] and other[0] <= one[1] else Fit.OTHER


def _date_ranges(one: Span, other: Span, claim: Quantity, source: Quantity) -> Fit:
    """Dates of which one at least is printed by its ends; a day outside a range is no contradiction, for the two tell different things."""
    if claim.is_range and source.is_range:
        of_end = year_of if claim.kind is Kind.YEAR else month_of if ends_months(*one) else int
        return Fit.LOOSER if [*map(of_end, one)] == [*map(of_end, other)] else Fit.OTHER
    if claim.is_range:
        return Fit.NONE
    if one[0] <= other[0] <= one[1] or one[0] <= other[1] <= one[1]:
        return Fit.AN_END
    return Fit.FINER if other[0] <= one[0] and one[1] <= other[1] else Fit.NONE


_Rule = Callable[[Quantity, Quantity], Fit]
_RULES: dict[tuple[Kind, Kind], _Rule] = {(kind, kind): _numbers for kind in Kind}
"""How quantities of two kinds are compared; those of a pair that is not here are not."""


def _compare(first: tuple[Kind, ...], second: tuple[Kind, ...], rule: _Rule) -> None:
    _RULES.update({pair: rule for one in first for other in second for pair in ((one, other), (other, one))})


_UNITS = (Kind.MEASURE, Kind.DURATION, Kind.CURRENCY)
_SHARES = (Kind.PERCENT, Kind.PERCENTAGE_POINTS)
_compare((Kind.YEAR, Kind.DATE), (Kind.YEAR, Kind.DATE), _dates)
_compare((Kind.DESIGNATION,), (Kind.DESIGNATION,), _designations)
_compare((Kind.TIME_OF_DAY,), (Kind.TIME_OF_DAY,), _times)
_compare(_UNITS, _UNITS, _amounts_or_pounds)
_compare((Kind.MEASURE, Kind.DURATION), (Kind.MEASURE, Kind.DURATION), _amounts)
_compare((Kind.CURRENCY,), (Kind.CURRENCY,), _amounts)
_compare(_UNITS, _SHARES, _other_unit)
_compare((Kind.PERCENT,), (Kind.PERCENTAGE_POINTS, Kind.CARDINAL), _other_unit)
_compare((Kind.PERCENTAGE_POINTS,), (Kind.CARDINAL,), _other_unit)
_compare((Kind.CARDINAL,), (*_UNITS, Kind.ORDINAL), _bare)
_compare((Kind.CARDINAL,), (Kind.YEAR,), _year_or_count)
