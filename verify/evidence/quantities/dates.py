"""Reading a date where it stands: days, months and years in the forms of some fifteen languages, and dates in digits alone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from verify.evidence.quantities.days import DAY, is_date, span
from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.lexicon import MONTHS, phrases, words
from verify.evidence.quantities.quantity import Kind
from verify.evidence.quantities.tokens import Tokens

_CAPITAL = words("months_capital")
_PREPOSITIONS = words("month_prepositions")
_JOINERS = words("date_joiners")
_SUFFIXES = words("ordinal_suffixes")
_HYPHENS = {"-", "\u2010", "\u2011"}
_MARKS = _HYPHENS | {"/", "."}
_APOSTROPHES = {"'", "\u2019"}
_TO = words("range_words") | {"-", "\u2010", "\u2011", "\u2013", "\u2014"}
_POINTED = re.compile(r"(\d{1,4})\.(\d{1,2})\.(\d{1,4})")
_ONE_OR_TWO = (1, 2)
_YEAR_FIRST = {(4, month, day) for month in _ONE_OR_TWO for day in _ONE_OR_TWO}
_GROUP_LENGTHS = _YEAR_FIRST | {(one, two, year) for one in _ONE_OR_TWO for two in _ONE_OR_TWO for year in (2, 4)}
_SHORT = {"/": _GROUP_LENGTHS, ".": {*_YEAR_FIRST, (2, 2, 2)}} | dict.fromkeys(("-", "\u2010", "\u2011"), _YEAR_FIRST)
"""Which lengths of groups are a date though they do not end in a year of four digits: 1.2.10 is a version."""
_ERAS = phrases("eras")
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_PARTS_OF_YEAR = {"quarter": 3, "half": 6}
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4}
_LAST_DAY, _MONTHS = 31, 12
_YEAR_DIGITS = 4
_CENTURY_TURN = 40
"""A year of two digits below this is of this century; style guides differ between 30 and 69, and sources are rarely of the future."""


def read_date(tokens: Tokens, index: int) -> Atom | None:
    """Read the date that begins at a token with a month's name or digits, None where none does."""
    if tokens.lower[index] in MONTHS:
        return _month_first(tokens, index)
    if tokens.figure(index):
        return _day_first(tokens, index) or _in_digits(tokens, index) or _in_signs(tokens, index) or _part_of_year(tokens, index)
    return _part_of_year(tokens, index)


def read_year(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """Read the year of a date at a token: four digits, or two after an apostrophe; the year and the token after it."""
    year = tokens.number(at, (4, 4))
    if year:
        return era(tokens, year, at + 1)
    short = tokens.number(at + 1, (2, 2)) if tokens.words[at] in _APOSTROPHES and tokens.glued(at + 1) else None
    return None if short is None else (full_year(short), at + 2)


def full_year(short: int) -> int:
    """The year that two digits stand for."""
    return short + (2000 if short < _CENTURY_TURN else 1900)


def era(tokens: Tokens, year: int, at: int) -> tuple[int, int]:
    """The astronomical year of a printed one, after a look whether BC or AD follows; and the token after it."""
    for phrase, name in _ERAS.get(tokens.lower[at], ()):
        if tokens.follows(at, phrase) and (len(phrase) > 1 or tokens.words[at].isupper()):
            return (1 - year if name == "bc" else year), at + len(phrase)
    return year, at


def date(first: int, last: int, year: int | None, month: int, day: int) -> Atom:
    """A date of a known year, month and day, None and 0 for what is not said."""
    low, high, unit = span(year, month, day)
    return Atom(first, last, Kind.DATE, low, high, unit, figure=day or (year if year is not None and not month else month))


def _month_first(tokens: Tokens, index: int) -> Atom | None:
    """December 6, 2024; Dec. 6th; May 2004; May of '68; in May."""
    month, at = MONTHS[tokens.lower[index]], _past_point(tokens, index + 1)
    plain = tokens.capital(index) or tokens.lower[index] not in _CAPITAL
    day_at = at + (tokens.lower[at] == "the")
    day_at += tokens.words[day_at] in _HYPHENS and tokens.glued(day_at)
    day, last = _day(tokens, day_at)
    if day and is_date(month, day):
        year = read_year(tokens, last + (tokens.words[last] in {",", "-"} or tokens.lower[last] in _JOINERS))
        if year or tokens.capital(index):  # where months are written small the day stands before them
            return date(index, year[1] if year else last, year[0] if year else None, month, day)
    year = _year_after(tokens, at)
    if year:
        return date(index, year[1], year[0], month, 0)
    before = tokens.lower[index - 1]
    named = before in _PREPOSITIONS or before in _HYPHENS or (tokens.lower[index + 1] in _TO and tokens.lower[index + 2] in MONTHS)
    return date(index, index + 1, None, month, 0) if plain and named else None


def _day_first(tokens: Tokens, index: int) -> Atom | None:
    """6 December 2024; 6. Dezember; the 6th of May; 6-Dec-2024; 1er mai."""
    day, at = _day(tokens, index)
    if not day:
        return None
    at = _past_point(tokens, at)
    at += tokens.words[at] in _HYPHENS and tokens.glued(at)
    at += tokens.lower[at] in _JOINERS
    at += tokens.words[at] in _APOSTROPHES
    month = MONTHS.get(tokens.lower[at])
    if not month or not is_date(month, day):
        return None
    year = _year_after(tokens, _past_point(tokens, at + 1))
    if not year and _day(tokens, _past_point(tokens, at + 1))[0]:
        return None  # the month of the next date: "lost by 4. November 21st, 1997"
    if not year and tokens.lower[at] in _CAPITAL and not tokens.capital(at):
        return None
    return date(index, year[1] if year else at + 1, year[0] if year else None, month, day)


def _year_after(tokens: Tokens, at: int) -> tuple[int, int] | None:
    at += tokens.words[at] in _HYPHENS and tokens.glued(at)
    at += tokens.words[at] == "," or tokens.lower[at] in _JOINERS
    return read_year(tokens, at)


def _past_point(tokens: Tokens, at: int) -> int:
    return at + (tokens.words[at] == "." and tokens.glued(at) and at + 1 < tokens.count)


def _day(tokens: Tokens, at: int) -> tuple[int, int]:
    """A day of a month at a token and the token after it, 0 for none."""
    day = tokens.number(at, (1, 2))
    if not day or day > _LAST_DAY or tokens.words[at + 1] == "%" or (tokens.glued(at + 1) and tokens.words[at + 1] in {":", "/"}):
        return 0, at
    suffixed = tokens.glued(at + 1) and tokens.lower[at + 1] in _SUFFIXES
    return day, at + 1 + suffixed


def _in_digits(tokens: Tokens, index: int) -> Atom | None:
    """2024-12-06, 06/12/2024 (read both ways), 6.12.2024, 06.12.24."""
    match = _POINTED.fullmatch(tokens.words[index])
    if match:
        return _from_groups(match.groups(), ".", index, index + 1)
    mark = tokens.words[index + 1]
    whole = mark in _MARKS and mark == tokens.words[index + 3] and all(map(tokens.glued, range(index + 1, index + 5)))
    if not whole or (tokens.glued(index + 5) and tokens.words[index + 5] == mark):
        return None
    groups = tokens.words[index : index + 5 : 2]
    return _from_groups(groups, mark, index, index + 5) if all(map(str.isdecimal, groups)) else None


def _from_groups(groups: Sequence[str], mark: str, first: int, last: int) -> Atom | None:
    """Make a date of three groups of digits, year first or last; which of the other two is the day may stay open."""
    lengths = tuple(map(len, groups))
    if lengths not in _GROUP_LENGTHS or (lengths[2] != _YEAR_DIGITS and lengths not in _SHORT[mark]):
        return None
    one, two, three = map(int, groups)
    if lengths[0] == _YEAR_DIGITS:
        return date(first, last, one, two, three) if is_date(two, three) else None
    year = three if lengths[2] == _YEAR_DIGITS else full_year(three)
    readings = [(two, one), (one, two)] if mark != "." and one != two else [(two, one)]
    dates = [date(first, last, year, month, day) for month, day in readings if is_date(month, day)]
    return replace(dates[0], also=tuple((each.low, each.high) for each in dates[1:])) if dates else None


def _in_signs(tokens: Tokens, index: int) -> Atom | None:
    """2024年12月6日, and what of it is there."""
    if tokens.words[index + 1][:1] not in {"年", "년"}:
        return None
    year = tokens.number(index, (1, 4))
    month = tokens.number(index + 2, (1, 2)) if tokens.words[index + 3][:1] in {"月", "월"} else None
    day = tokens.number(index + 4, (1, 2)) if month and tokens.words[index + 5][:1] in {"日", "일"} else None
    if not year or (month and not is_date(month, day or 1)):
        return None
    return date(index, index + 2 + 2 * bool(month) + 2 * bool(day), year, month or 0, day or 0)


def _part_of_year(tokens: Tokens, index: int) -> Atom | None:
    """The third quarter of 2012, the first half of 2010, Q3 2012."""
    part, at = _ORDINAL.get(tokens.lower[index]), index + 1
    if part is None and tokens.figure(index) and tokens.glued(index + 1):
        part, at = _ORDINAL.get(tokens.lower[index] + tokens.lower[index + 1]), index + 2
    if part is None and tokens.lower[index - 1] == "q" and tokens.glued(index):
        return _months(tokens, index - 1, index + 1, _QUARTERS.get(tokens.words[index], 0), _PARTS_OF_YEAR["quarter"])
    return _months(tokens, index, at + 1, part or 0, _PARTS_OF_YEAR.get(tokens.lower[at], 0))


def _months(tokens: Tokens, first: int, at: int, part: int, months: int) -> Atom | None:
    year = tokens.number(at + (tokens.lower[at] == "of"), (4, 4))
    if not year or not 0 < part * months <= _MONTHS:
        return None
    start, end = span(year, (part - 1) * months + 1)[0], span(year, part * months)[1]
    return Atom(first, at + 1 + (tokens.lower[at] == "of"), Kind.DATE, start, end, DAY, figure=part)
