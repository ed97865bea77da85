"""What a figure counts in: percent, measures and durations with their conversion, currencies without one."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from verify.evidence.quantities.lexicon import table
from verify.evidence.quantities.quantity import Kind
from verify.evidence.quantities.tokens import Tokens, tokenised


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its `base` ("m", "%", "EUR"): a figure times `factor` plus `offset` is the value in that base."""

    kind: Kind
    base: str
    factor: float = 1.0
    offset: float = 0.0


_Entries = dict[str, list[tuple[tuple[str, ...], Unit]]]
_HYPHENS = {"-", "\u2010", "\u2011"}
_JOINERS = {"of", "de", "d", "di", "des"}
POUND_MASS = 0.45359237
"""Kilograms of a pound avoirdupois; a text that says "pounds" may mean that or money."""


def unit_behind(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    """Find the unit whose first token is at `at` or after a hyphen or a joining word there: the unit, and the token after it."""
    if at >= tokens.count:
        return None
    if tokens.words[at] in _HYPHENS and tokens.glued(at) and tokens.glued(at + 1):
        return _matched(tokens, at + 1)
    return _matched(tokens, at) or (_joined(tokens, at) if tokens.lower[at] in _JOINERS else None)


def currency_before(tokens: Tokens, at: int, floor: int) -> tuple[Unit, int] | None:
    """Find the currency that ends just before token `at`: its unit, and its first token, which is not before `floor`."""
    for length in range(min(6, at - floor), 0, -1):
        unit = _before().get(tuple(tokens.words[at - length : at]))
        if unit and all(map(tokens.glued, range(at - length + 1, at))):
            return unit, at - length
    return None


def spells_out(unit: str, other: str) -> bool:
    """Whether two currencies may be the same one: equal, or one a word that stands for the other among more ("dollar", "USD")."""
    generic = _generic()
    return unit == other or other in generic.get(unit, ()) or unit in generic.get(other, ())


def _joined(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    """A currency after "millions of", "millones de" or "millions d'"; nothing else is joined so."""
    at += 2 if tokens.words[at + 1] in {"'", "\u2019"} else 1
    found = _matched(tokens, at)
    return found if found and found[0].kind is Kind.CURRENCY else None


def _matched(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    """The longest unit that begins at a token; symbols in the case they are printed in come before names in any case."""
    symbols, names = _units()
    for listed, printed in ((symbols.get(tokens.words[at]), tokens.words), (names.get(tokens.lower[at]), tokens.lower)):
        for phrase, unit in listed or ():
            if tuple(printed[at : at + len(phrase)]) == phrase:
                return unit, at + len(phrase)
    return None


@cache
def _units() -> tuple[_Entries, _Entries]:
    """Units by their first token, the longest first: symbols, and names in lower case."""
    symbols: _Entries = {}
    names: _Entries = {}
    for entry in (*table("units")["shares"], *table("units")["measures"]):
        for factor, forms in entry["units"].items():
            unit = _unit(Kind(entry["kind"]), entry["base"], factor)
            _add(symbols, _forms(forms.get("symbols", "")), unit)
            _add(names, (tuple(map(str.lower, form)) for form in _forms(forms.get("names", ""))), unit)
    _add_currencies(symbols, names)
    return _longest_first(symbols), _longest_first(names)


def _add_currencies(symbols: _Entries, names: _Entries) -> None:
    currencies = table("units")["currencies"]
    for code in currencies["codes"].split():
        _add(symbols, [(code,)], Unit(Kind.CURRENCY, code))
    for base, forms in currencies["behind"].items():
        _add(names, (tuple(map(str.lower, form)) for form in _forms(forms)), Unit(Kind.CURRENCY, base))


@cache
def _before() -> dict[tuple[str, ...], Unit]:
    currencies = table("units")["currencies"]
    signs = {form: Unit(Kind.CURRENCY, base) for base, forms in currencies["before"].items() for form in _forms(forms)}
    return {**signs, **{(code,): Unit(Kind.CURRENCY, code) for code in currencies["codes"].split()}}


@cache
def _generic() -> dict[str, frozenset[str]]:
    return {word: frozenset(codes.split()) for word, codes in table("units")["currencies"]["generic"].items()}


def _unit(kind: Kind, base: str, printed: str) -> Unit:
    factor, _, offset = printed.partition("+")
    return Unit(kind, base, float(factor), float(offset or 0))


def _forms(listed: str) -> list[tuple[str, ...]]:
    return [tokenised(form) for form in listed.split(", ") if form]


def _add(entries: _Entries, forms: Iterable[tuple[str, ...]], unit: Unit) -> None:
    for form in forms:
        entries.setdefault(form[0], []).append((form, unit))


def _longest_first(entries: _Entries) -> _Entries:
    return {first: sorted(listed, key=lambda entry: -len(entry[0])) for first, listed in entries.items()}
