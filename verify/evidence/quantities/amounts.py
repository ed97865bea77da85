"""Reading an amount where it stands: a number with the unit, currency or percent sign that makes it what it is."""

from dataclasses import replace

from verify.evidence.quantities.digits import read_digits, vulgar
from verify.evidence.quantities.eras import century_of, year_of_figure
from verify.evidence.quantities.figure import Atom, Figure, Form
from verify.evidence.quantities.quantity import Exactness, Kind
from verify.evidence.quantities.spelled import read_words
from verify.evidence.quantities.tokens import Tokens
from verify.evidence.quantities.units import Unit, currency_before, unit_behind

_ARTICLES = {"a", "an"}
_YEAR = 31556952.0
_AGES = (("aged",), ("age", "of"), ("ages", "of"), ("at", "age"), ("alter", "von"))
_OLDEST = 120
_OUT_OF = (("in",), ("out", "of"), ("of", "every"), ("in", "every"))
_FEW, _TEN = 10, 10
_COMPOUND = {Kind.MEASURE, Kind.DURATION}
_DEGREES = {"m", "kg", "s"}


def read_amount(tokens: Tokens, index: int, floor: int) -> Atom | None:
    """Read the number at a token and what it counts in, None where there is none; no token before `floor` is taken."""
    currency = currency_before(tokens, index, floor)
    figure = read_figure(tokens, index, money=currency is not None)
    if figure is None:
        return None
    if currency and figure.form is not Form.ORDINAL:
        return _measured(replace(figure, first=currency[1]), currency[0], figure.last)
    century = century_of(tokens, figure)
    if century or figure.form is Form.ORDINAL:
        return century or _counted(figure, Kind.ORDINAL)
    return _with_unit(tokens, figure) or _without_unit(tokens, figure)


def read_figure(tokens: Tokens, index: int, *, money: bool = False) -> Figure | None:
    """Read the number at a token, in digits or words."""
    if tokens.figure(index):
        return read_digits(tokens, index, money=money)
    return vulgar(tokens, index) or read_words(tokens, index)


def _with_unit(tokens: Tokens, figure: Figure) -> Atom | None:
    at = figure.last
    if figure.form is Form.FRACTION:  # half an hour, a quarter of a mile
        at += tokens.lower[at] == "of" and tokens.lower[at + 1] in _ARTICLES
        at += tokens.lower[at] in _ARTICLES
    found = unit_behind(tokens, at)
    if not found:
        return None
    atom = _measured(figure, *found)
    return _compound(tokens, atom) if atom.kind in _COMPOUND and atom.unit in _DEGREES else atom


def _measured(figure: Figure, unit: Unit, last: int) -> Atom:
    def converted(value: float) -> float:
        return value * unit.factor + unit.offset

    scale = figure.value / figure.figure if figure.figure else 1.0
    low, high = converted(figure.value), converted(max(figure.value, figure.high))
    return Atom(
        figure.first,
        last,
        unit.kind,
        low,
        high,
        unit.base,
        figure.step * unit.factor,
        figure.figure,
        tuple((converted(value), converted(value)) for value in figure.also),
        Exactness.ABOUT if figure.form is Form.VAGUE else Exactness.EXACT,
        scale * unit.factor,
        unit.offset,
    )


def _compound(tokens: Tokens, atom: Atom) -> Atom:
    """Read on over 5 ft 10 in, 2 hours and 30 minutes: whole units, then smaller ones of the same dimension that do not make up one more."""
    at = atom.last + (tokens.lower[atom.last] in {"and", "und", "et", "y", "e"})
    figure = read_figure(tokens, at) if tokens.figure(at) or tokens.lower[at] in {"one", "two", "three", "four", "five", "six"} else None
    found = unit_behind(tokens, figure.last) if figure else None
    if not figure or not found or found[0].base != atom.unit or found[0].factor * max(figure.value, 1) >= atom.factor:
        return atom
    value = atom.low + figure.value * found[0].factor
    whole = replace(atom, last=found[1], low=value, high=value, step=figure.step * found[0].factor, factor=found[0].factor)
    return _compound(tokens, whole)


def _without_unit(tokens: Tokens, figure: Figure) -> Atom | None:
    if figure.form is Form.FRACTION:
        return _share(figure, figure.last, figure.value)
    if tokens.glued(figure.last) and tokens.cased(figure.last) and tokens.figure(figure.last - 1):
        return None  # 5G, 747s
    return _age(tokens, figure) or _out_of(tokens, figure) or year_of_figure(tokens, figure) or _count(tokens, figure)


def _age(tokens: Tokens, figure: Figure) -> Atom | None:
    if figure.value > _OLDEST or not any(tokens.precedes(figure.first, phrase) for phrase in _AGES):
        return None
    return _measured(figure, Unit(Kind.DURATION, "s", _YEAR), figure.last)


def _count(tokens: Tokens, figure: Figure) -> Atom | None:
    """A count, or a number that names what it stands beside; "one" alone is mostly a pronoun."""
    alone = tokens.lower[figure.first] == "one" and figure.last == figure.first + 1
    return None if alone else _counted(figure, Kind.CARDINAL)


def _out_of(tokens: Tokens, figure: Figure) -> Atom | None:
    """Read one in five, 9 out of 10 as the share that they are."""
    if not 0 < figure.value < _FEW:
        return None
    for phrase in _OUT_OF:
        if not tokens.follows(figure.last, phrase):
            continue
        at = figure.last + len(phrase)
        whole = read_figure(tokens, at) if tokens.figure(at) or tokens.cased(at) else None
        round_number = whole and (whole.value <= _TEN or whole.value in {20, 50, 100, 1000})
        if (
            whole
            and round_number
            and whole.form in {Form.DIGITS, Form.NUMBER}
            and whole.value > figure.value
            and not unit_behind(tokens, whole.last)
        ):
            return _share(figure, whole.last, figure.value / whole.value)
    return None


def _share(figure: Figure, last: int, value: float) -> Atom:
    return Atom(figure.first, last, Kind.PERCENT, 100 * value, 100 * value, "%", 2.0, value, factor=100.0)


def _counted(figure: Figure, kind: Kind) -> Atom:
    also = tuple((value, value) for value in figure.also)
    exactness = Exactness.ABOUT if figure.form is Form.VAGUE else Exactness.EXACT
    scale = figure.value / figure.figure if figure.figure else 1.0
    high = max(figure.value, figure.high)
    return Atom(figure.first, figure.last, kind, figure.value, high, "", figure.step, figure.figure, also, exactness, scale)
