"""Reading years, decades and centuries where they stand, and the part of them that is meant: early, mid, late."""

from dataclasses import replace

from verify.evidence.quantities.dates import era
from verify.evidence.quantities.days import DAY, span, years
from verify.evidence.quantities.digits import counts
from verify.evidence.quantities.figure import Atom, Figure, Form
from verify.evidence.quantities.lexicon import CARDINALS, table, values, words
from verify.evidence.quantities.quantity import Kind
from verify.evidence.quantities.tokens import Tokens

DECADE_WORDS = values("decades")
_LEADERS = words("decade_leaders")
_ENDINGS = words("decade_endings")
_FOLLOWERS = words("decade_followers")
_POSSESSIVES = words("possessives")
_CENTURIES = words("centuries")
_CENTURY_LEADERS = words("century_leaders")
_PARTS = {word: part for part, listed in table("lexicon")["parts"].items() for word in listed.split()}
_PART_JOINERS = words("part_joiners")
_YEAR_PREPOSITIONS = words("year_prepositions")
_APOSTROPHES = {"'", "\u2019", "\u2018"}
_HYPHENS = {"-", "\u2010", "\u2011", "\u2013"}
_AND = {"and", "or", "to", "und", "et", "y", "e", "en", *_HYPHENS}
_SPANS = {"early": (0.0, 0.45), "mid": (0.25, 0.75), "late": (0.55, 1.0)}
"""Which stretch is meant, wide enough that two careful writers agree; a year is early until June."""
_BEFORE_COUNTS = {"of", "to", "from", "by", "and", "("}
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_DIGITS = 4
_CENTURY = 100
_EARLIEST_SHORT = 30
"""The 30s are those of the 20th century, the 20s may be those of this one."""
_LEAST_DAYS = 20
_JOINING = 3
_LONGEST_ROMAN = len("XXXVIII")
_ALONE = {"end", "ende", "opening", "closing", "start", "begin", "fin", "middle"}
"""Parts that take a joining word: the end of 2013, not "in the end 2013"."""
_YEAR = 31556952.0
_ROMAN = {"i": 1, "v": 5, "x": 10}


def read_decade(tokens: Tokens, index: int) -> Atom | None:
    """Read 1980s, 1980's, the 80s, the eighties, die 1980er Jahre, années 1980, 1980-talet; and ages such as "in his 20s"."""
    word = tokens.lower[index]
    if word in DECADE_WORDS and (word not in CARDINALS or tokens.lower[index - 1] in _LEADERS):
        return _decade(tokens, index, index + 1, DECADE_WORDS[word])
    number = tokens.number(index, (4, 4)) or tokens.number(index, (2, 2))
    if not number or number % 10:
        return None
    last = _decade_end(tokens, index + 1)
    if last:
        return _decade(tokens, index, last, number)
    before = index - 1 - (tokens.words[index - 1] in _APOSTROPHES)
    return _decade(tokens, index, index + 1, number) if tokens.lower[before] in _LEADERS and not _is_measured(tokens, index + 1) else None


def _is_measured(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] == "%" or tokens.lower[at] in {"de", "of"}


def _decade_end(tokens: Tokens, at: int) -> int:
    """The token after the ending that makes a decade of digits, 0 for none."""
    apart = tokens.words[at] in _APOSTROPHES and tokens.lower[at - 2] in {"the", "-", *_PARTS}  # 1990 's, as tokenised texts print it
    ending = at + (tokens.words[at] in _APOSTROPHES | _HYPHENS and (tokens.glued(at) or apart))
    if tokens.lower[ending] not in _ENDINGS or not tokens.glued(ending):
        return 0
    return ending + 1 + (tokens.lower[ending + 1] in _FOLLOWERS)


def _decade(tokens: Tokens, index: int, last: int, number: int) -> Atom | None:
    first = index - (tokens.words[index - 1] in _APOSTROPHES and tokens.glued(index))
    if number >= _CENTURY:
        return _run_of_years(first, last, number, tokens.lower[last - 1] in {"tal", "talet", "tallet"})
    before = first - 1
    while tokens.lower[before] in _PARTS or tokens.words[before] in _HYPHENS:
        before -= 1
    if tokens.lower[before] in _POSSESSIVES:
        return Atom(index, last, Kind.DURATION, number * _YEAR, (number + 9) * _YEAR, "s", figure=number, factor=_YEAR)
    if tokens.lower[last - 1] == "s" and tokens.lower[before] not in {"the", "and", *_LEADERS} and first == index:
        return None  # 20 seconds
    centuries = (1900, 1800) if number >= _EARLIEST_SHORT else (1900, 2000, 1800)
    (low, high), *also = (years(century + number, century + number + 9) for century in centuries)
    return Atom(first, last, Kind.DATE, low, high, DAY, figure=number, also=tuple(also))


def _run_of_years(first: int, last: int, number: int, century: bool) -> Atom:
    """The years that 1980s or 1900s stand for; of the latter, decade and century are both meant at times."""
    if number % _CENTURY:
        return Atom(first, last, Kind.DATE, *years(number, number + 9), DAY, figure=number)
    readings = [years(number, number + 9), years(number, number + 99)]
    (low, high), other = reversed(readings) if century else readings
    return Atom(first, last, Kind.DATE, low, high, DAY, figure=number, also=(other,))


def century_of(tokens: Tokens, figure: Figure) -> Atom | None:
    """Take an ordinal for a century where the word follows: 19th century, 18th and 19th centuries, 19. Jahrhundert, XIXe siècle."""
    at = figure.last + (tokens.words[figure.last] == ".")
    at += tokens.words[at] in _HYPHENS and tokens.glued(at)
    if tokens.lower[at] in _CENTURIES and figure.value < _CENTURY:
        return _century(tokens, figure.first, at + 1, int(figure.value))
    if figure.form is Form.ORDINAL and tokens.lower[at] in _AND and _leads_to_century(tokens, at + 1):
        return _century(tokens, figure.first, figure.last, int(figure.value))
    return None


def _leads_to_century(tokens: Tokens, at: int) -> bool:
    """Whether an ordinal at a token is that of a century."""
    at += tokens.lower[at] in {"early", "late", "mid", "the"}
    at += 1 + (tokens.figure(at) and tokens.glued(at + 1) and tokens.cased(at + 1))
    at += tokens.words[at] in _HYPHENS
    return tokens.lower[at] in _CENTURIES


def read_roman(tokens: Tokens, index: int) -> Atom | None:
    """Read a Roman numeral in capitals: of a century, or of what the name before it counts (World War II, Henry VIII)."""
    printed = tokens.words[index]
    base = bare_roman(printed)
    value = roman(base)
    if not value:
        return None
    at = index + 1 + (tokens.lower[index + 1] in {"e", "ème", "º"} and tokens.glued(index + 1))
    if tokens.lower[at] in _CENTURIES:
        return _century(tokens, index, at + 1, value)
    if tokens.lower[index - 1] in _CENTURY_LEADERS:
        return _century(tokens, index, index + 1, value)
    named = tokens.capital(index - 1) and len(tokens.words[index - 1]) > len("St") and not tokens.glued(index)
    if base != printed or not named or (len(printed) == 1 and tokens.lower[index - 1] != "war"):
        return None
    return Atom(index, index + 1, Kind.ORDINAL, value, value, figure=value)


def bare_roman(printed: str) -> str:
    """A Roman numeral without the ending of an ordinal (XIXe, XIXème)."""
    return printed.rstrip("eèmrt")


def roman(printed: str) -> int:
    """The value of a Roman numeral in capitals below 40, 0 for what is none."""
    if not 0 < len(printed) <= _LONGEST_ROMAN or not printed.isupper() or not set(printed.lower()) <= set(_ROMAN):
        return 0
    digits = [_ROMAN[letter] for letter in printed.lower()]
    value = sum(-digit if digit < after else digit for digit, after in zip(digits, [*digits[1:], 0], strict=True))
    return value if printed == _printed_roman(value) else 0


def _printed_roman(value: int) -> str:
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (value // 10) + ones[value % 10]


def read_century(tokens: Tokens, index: int) -> Atom | None:
    """Read a century that its word leads: siglo 19."""
    number = tokens.number(index, (1, 2))
    return _century(tokens, index, index + 1, number) if number and tokens.lower[index - 1] in _CENTURY_LEADERS else None


def _century(tokens: Tokens, first: int, last: int, number: int) -> Atom:
    """A century as readers count: 1900 to 2000 is the 20th, whichever of its ends is meant."""
    sign, end = era(tokens, 1, last)
    low, high = (100 * number - 100, 100 * number) if sign else (1 - 100 * number, 100 - 100 * number)
    return Atom(first, end, Kind.DATE, *years(low, high), DAY, figure=number)


def year_of_figure(tokens: Tokens, figure: Figure) -> Atom | None:
    """Take digits for a year: by BC or AD, by the words around them, or because four digits without a mark mostly are one."""
    printed = tokens.words[figure.first]
    if figure.form is not Form.DIGITS or len(printed) > _DIGITS or figure.last != figure.first + 1 or not figure.value:
        return None
    value, first = int(figure.value), figure.first
    year, last = era(tokens, value, figure.last)
    led = tokens.words[first - 1] == "AD"
    if led or last > figure.last:
        return _year(first - led, last, year)
    if len(printed) < _DIGITS or not _may_be_year(tokens, figure):
        return None
    return _year(first, last, year)


def _year(first: int, last: int, year: int) -> Atom:
    low, high, unit = span(year)
    return Atom(first, last, Kind.YEAR, low, high, unit, figure=year)


def _may_be_year(tokens: Tokens, figure: Figure) -> bool:
    """Whether four digits are a year: mostly, unless they count something; far from our time only where the words before say so."""
    before, after = tokens.lower[figure.first - 1 - _is_prefixed(tokens, figure.first)], figure.last
    led = before in _YEAR_PREPOSITIONS and before not in _BEFORE_COUNTS
    if _FIRST_YEAR <= figure.value <= _LAST_YEAR:
        return led or not counts(tokens, after)
    if before == "(":
        return tokens.words[after] in _HYPHENS | {")", ","}
    return led and not (tokens.words[after].islower() and len(tokens.words[after]) > len("and"))


def _is_prefixed(tokens: Tokens, at: int) -> bool:
    """Whether a hyphen joins a word to the token, as in pre-1975."""
    return tokens.words[at - 1] in _HYPHENS and tokens.glued(at) and tokens.glued(at - 1)


def narrowed(tokens: Tokens, atom: Atom, floor: int) -> Atom:
    """Narrow a year, month, decade or century to the part of it that the words before it name, if they do."""
    if atom.kind not in {Kind.YEAR, Kind.DATE, Kind.DURATION} or atom.high - atom.low < _LEAST_DAYS:
        return atom
    at = atom.first - 1
    while at > floor and (tokens.lower[at] in _PART_JOINERS or tokens.words[at] in _HYPHENS) and atom.first - at <= _JOINING:
        at -= 1
    if at < floor or tokens.lower[at] not in _PARTS:
        return atom
    if tokens.lower[at] in _ALONE and at == atom.first - 1:
        return atom
    start, end = _SPANS[_PARTS[tokens.lower[at]]]
    kind = Kind.DURATION if atom.kind is Kind.DURATION else Kind.DATE
    (low, high), *also = ((a + int(start * (b - a)), a + int(end * (b - a))) for a, b in ((atom.low, atom.high), *atom.also))
    return replace(atom, first=at, kind=kind, low=low, high=high, also=tuple(also))
