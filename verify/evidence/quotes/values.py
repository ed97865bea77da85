"""Numbers and dates that are written in several words, made one: "8 December 2024", "five hundred", "5 per cent", "$ 5 million".

The form of what is made says the value: "@2024-12-08", "#500", "#5%", "#$5000000". Where two values are equal the quote writes a number otherwise
than its source, and where they are not it gives another one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .languages import Language
from .tokens import Form, Kind, Token

_MAGNITUDES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "millions": 6,
    "billions": 9,
    "mn": 6,
    "mio": 6,
    "bn": 9,
    "tn": 12,
}
_OF_MONEY = {"m": 6, "b": 9, "k": 3}
"""Magnitudes that are units as well: 5m is five metres, $5m is five million."""
_CURRENCIES = frozenset("$\u00a3\u20ac\u00a5\u20b9\u20bd\u20a9\u20bf")
_PERCENT = frozenset({"%", "percent", "pct"})
_BETWEEN_DATES = frozenset({"", ",", ".", ".,"})
_BETWEEN_WORDS = frozenset({""})  # "in 2000. January 29" is two dates
_MONTHS = 12
_DAYS = 31
_YEAR = 4


class _Run(NamedTuple):
    """How many tokens were read, and what they say."""

    length: int
    loose: str
    kind: Kind = Kind.NUMBER


def with_values(found: Sequence[Token], text: str, language: Language) -> list[Token]:
    """Give the tokens, those that write one number or date together as one token."""
    made: list[Token] = []
    at = 0
    while at < len(found):
        run = _date(found, at, text, language) or _amount(found, at, text, language) if _may_begin(found[at], language) else None
        made.append(_one(found[at : at + run.length], text, run) if run else found[at])
        at += run.length if run else 1
    return made


def _may_begin(token: Token, language: Language) -> bool:
    form = token.strict
    return token.is_number or form in _CURRENCIES or form in language.months or form in language.numbers or form in language.ordinals


def _one(parts: Sequence[Token], text: str, run: _Run) -> Token:
    written = text[parts[0].start : parts[-1].end]
    strict = " ".join(part.strict for part in parts)
    return Token(parts[0].start, parts[-1].end, written, Form(strict, run.loose, run.kind), all(part.bracketed for part in parts))


def _gap(found: Sequence[Token], at: int, text: str) -> str:
    """What stands between a token and the next but for spaces; a sign that no date has at the end of the text."""
    return "".join(text[found[at].end : found[at + 1].start].split()) if at + 1 < len(found) else "\0"


def _date(found: Sequence[Token], at: int, text: str, language: Language) -> _Run | None:
    """Read a date of two or three parts: day, month and year in any order that is in use, with a month's name, or as 2024-12-08."""
    parts: list[tuple[str, int]] = []
    end = at
    while end < len(found) and len(parts) < len("dmy"):
        part = _date_part(found[end], language)
        if part is None or (parts and _gap(found, end - 1, text) not in (_BETWEEN_DATES if parts[0][0] != "y" else _BETWEEN_WORDS)):
            break
        parts.append(part)
        end += 1
    for length in range(len(parts), 1, -1):
        named = dict(parts[:length])
        if (
            len(named) == length
            and named.keys() in ({"d", "m"}, {"m", "y"}, {"d", "m", "y"})
            and (length == len("dm") or parts[1][0] != "y")
        ):
            return _Run(length, f"@{named.get('y', '')}-{named['m']}-{named.get('d', '')}", Kind.DATE)
    return _iso(found, at, text)


def _date_part(token: Token, language: Language) -> tuple[str, int] | None:
    form = token.strict
    if form in language.months:
        return "m", language.months[form]
    number = token.form.loose.removeprefix("#").removesuffix("th")
    if token.form.kind is not Kind.NUMBER or not number.isdecimal() or len(number) > _YEAR:
        return None
    if len(number) == _YEAR and form.isdecimal():
        return "y", int(number)
    return ("d", int(number)) if 1 <= int(number) <= _DAYS else None


def _iso(found: Sequence[Token], at: int, text: str) -> _Run | None:
    parts = [token.strict for token in found[at : at + 3]]
    if [len(part) for part in parts] != [_YEAR, 2, 2] or not all(part.isdecimal() for part in parts):
        return None
    if (
        [_gap(found, at, text), _gap(found, at + 1, text)] != ["-", "-"]
        or not 1 <= int(parts[1]) <= _MONTHS
        or not 1 <= int(parts[2]) <= _DAYS
    ):
        return None
    return _Run(3, f"@{int(parts[0])}-{int(parts[1])}-{int(parts[2])}", Kind.DATE)


def _amount(found: Sequence[Token], at: int, text: str, language: Language) -> _Run | None:
    """Read a number with its currency before it and its magnitude or percent after it; None where it is one plain token."""
    currency = found[at].strict if found[at].strict in _CURRENCIES else ""
    begin = at + bool(currency)
    number = _number(found, begin, text, language, _MAGNITUDES | _OF_MONEY if currency else _MAGNITUDES)
    if not number:
        return None
    length, value = number
    end = begin + length
    if end < len(found) and found[end].strict in _PERCENT:
        value, end = value + "%", end + 1
    elif [token.strict for token in found[end : end + 2]] == ["per", "cent"]:
        value, end = value + "%", end + 2
    plain = end == at + 1 and found[at].is_number
    return None if plain else _Run(end - at, f"#{currency}{value}")


def _number(found: Sequence[Token], at: int, text: str, language: Language, powers: Mapping[str, int]) -> tuple[int, str] | None:
    if at >= len(found):
        return None
    if found[at].form.kind is Kind.NUMBER:
        return _figure(found, at, text, powers)
    return _spelled_out(found, at, text, language)


def _figure(found: Sequence[Token], at: int, text: str, powers: Mapping[str, int]) -> tuple[int, str]:
    """Read digits, groups of three after a space, and a word of magnitude."""
    value, end = found[at].form.loose[1:], at + 1
    if value.isdecimal() and len(found[at].strict) <= len("000"):
        while (
            end < len(found) and len(found[end].strict) == len("000") and found[end].strict.isdecimal() and _is_space(found, end - 1, text)
        ):
            value += found[end].strict
            end += 1
    digits = value.rstrip("abcdefghijklmnopqrstuvwxyz")
    power = powers.get(value[len(digits) :], 0)
    if not power and end < len(found) and found[end].strict in powers and _gap(found, end - 1, text) in ("", "-"):
        power, end = powers[found[end].strict], end + 1
    return end - at, _times(digits, power) if power else value


def _is_space(found: Sequence[Token], at: int, text: str) -> bool:
    between = text[found[at].end : found[at + 1].start]
    return len(between) == 1 and between.isspace()


def _times(digits: str, power: int) -> str:
    """Give a decimal numeral times a power of ten, without reckoning in floats."""
    whole, _, decimals = digits.partition(".")
    moved = whole + decimals.ljust(power, "0")[:power]
    rest = decimals[power:].rstrip("0")
    return (moved.lstrip("0") or "0") + (f".{rest}" if rest else "")


def _spelled_out(found: Sequence[Token], at: int, text: str, language: Language) -> tuple[int, str] | None:
    """Read number words: tens with ones, hundreds, then magnitudes; the last may be an ordinal."""
    total = group = 0
    end, last, ordinal = at, -1, ""
    while end < len(found) and not ordinal and (end == at or _gap(found, end - 1, text) in ("", "-")):
        word = found[end].strict
        value = language.numbers.get(word, language.ordinals.get(word))
        if value is not None and _fits(value, last):
            group, last, ordinal = group + value, value, "th" if word in language.ordinals else ""
        elif end > at and (power := _MAGNITUDES.get(word)) and len(word) > len("mio"):
            last = 100 if word == "hundred" else 1000
            total, group = (total, group * 100) if last == 100 else (total + group * 10**power, 0)  # noqa: PLR2004 - a hundred is a hundred
        elif word == "and" and last >= 100 and end + 1 < len(found) and found[end + 1].strict in language.numbers:  # noqa: PLR2004
            pass
        else:
            break
        end += 1
    return (end - at, f"{total + group}{ordinal}") if end > at else None


def _fits(value: int, last: int) -> bool:
    """Whether a number word may follow another in one number: "five" after "twenty", but not "twenty" after "five"."""
    return last < 0 or last >= 100 or (last >= 20 and last % 10 == 0 and 0 < value < 10)  # noqa: PLR2004
