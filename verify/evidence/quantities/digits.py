"""Reading a number in digits of any locale where it stands, with the letters or words that scale it."""

import re
from dataclasses import replace

from verify.evidence.quantities.figure import Figure, Form
from verify.evidence.quantities.lexicon import CARDINALS, MONTHS, SCALES, scales_of, words
from verify.evidence.quantities.tokens import Tokens

_SEPARATORS = re.compile(r"[^\d]")
_LONGEST = 30
_GROUP, _INDIAN = 3, 2
_GROUPED = {"'", "\u2019", "\u00a0", "\u2009", "\u202f", "\u066c"}
VULGAR = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6)}
VULGAR |= {"⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8)}
_DENOMINATORS = {2, 3, 4, 5, 6, 8, 10, 16, 32, 64, 100}
_ON_DIGITS = scales_of("scales_on_digits")
_ON_MONEY = scales_of("scales_on_money")
_CJK = scales_of("scales_cjk")
_SUFFIXES = words("ordinal_suffixes")
_BEFORE_DIGITS = {"no", "nr", "vol", "p", "pp", "c", "ca", "fig", "art", "b", "d", "n", "since", "from", "to"}
_PREFIXES = (
    {"mid", "pre", "post", "late", "early", "sub", "non", "over", "under", "about", "mitte", "anfang", "ende"}
    | set(MONTHS)
    | set(CARDINALS)
)
_JOINED = {".", "_", "/", "+"}
_PLURALS = {"people", "women", "children"}
HYPHENS = {"-", "\u2010", "\u2011", "\u2013"}


def parse_digits(printed: str, *, comma: bool | None) -> tuple[float, float, tuple[float, ...]] | None:
    """Read digits with separators: value, step and other readings; None for what is no one number (a version, a list, an identifier).

    `comma` says whether the text prints decimals with a comma, None that it does not tell; then "1,234" and "1.234" have two readings.
    """
    if len(printed) > _LONGEST:
        return None
    marks, groups = _SEPARATORS.findall(printed), _SEPARATORS.split(printed)
    if not marks:
        return float(printed), 1.0, ()
    if len(marks) == 1 and marks[0] not in _GROUPED:
        return _one_mark(groups[0], groups[1], marks[0], comma=comma)
    if len(set(marks)) == 1 or marks[-1] in _GROUPED:
        return (float("".join(groups)), 1.0, ()) if len(set(marks)) == 1 and _thousands(groups, marks[0]) else None
    if len(set(marks[:-1])) == 1 and marks[-1] not in marks[:-1] and _thousands(groups[:-1], marks[0]):
        return float(f"{''.join(groups[:-1])}.{groups[-1]}"), 10.0 ** -len(groups[-1]), ()
    return None


def _one_mark(whole: str, rest: str, mark: str, *, comma: bool | None) -> tuple[float, float, tuple[float, ...]] | None:
    decimal = float(f"{whole}.{rest}"), 10.0 ** -len(rest)
    if mark in "\u00b7\u066b":
        return *decimal, ()
    if not _thousands([whole, rest], mark):
        return None if mark == "," and whole != "0" and len(rest) > len("00") else (*decimal, ())
    grouped = float(whole + rest), 1.0
    first, second = (decimal, grouped) if (mark == ",") is bool(comma) else (grouped, decimal)
    return *first, () if comma is not None else (second[0],)


def _thousands(groups: list[str], mark: str) -> bool:
    """Whether the groups are those of a grouped whole number; commas may group as in India (12,34,567)."""
    first, *rest = groups
    if not rest or first[0] == "0" or len(first) > len("999") or len(rest[-1]) != len("000"):
        return False
    return {*map(len, rest)} == {_GROUP} or (mark == "," and {*map(len, rest[:-1])} == {_INDIAN} and len(first) <= _INDIAN)


def read_digits(tokens: Tokens, index: int, *, money: bool = False) -> Figure | None:
    """Read the number at a token of digits, None for what is a name; `money` says that a currency sign stands before it."""
    if _identifier(tokens, index, money=money):
        return None
    printed, last = _spaced(tokens, index)
    read = parse_digits(printed, comma=tokens.comma)
    if read is None:
        return None
    value, step, also = read
    if index and tokens.words[index - 1] == "." and tokens.glued(index) and not tokens.glued(index - 1):
        value, step, index = value / 10 ** len(printed), 10.0 ** -len(printed), index - 1  # .5
    form = Form.DIGITS if printed.isdecimal() else Form.NUMBER
    figure = Figure(index, last, value, step, value, form, also)
    return _ordinal(tokens, figure) or _mixed(tokens, figure) or _scaled(tokens, figure, money=money)


def _identifier(tokens: Tokens, index: int, *, money: bool) -> bool:
    """Whether digits belong to a name such as B-52, H.264, 4x4 or 7-Eleven, or go on a chain such as 555-0199."""
    if money or not (tokens.glued(index) or tokens.glued(index + 1)):
        return False
    before, last = index - 1, index - 2
    if not tokens.glued(index):
        return _named_by(tokens, index + 1)
    if tokens.cased(before):
        return tokens.lower[before] not in _BEFORE_DIGITS
    if tokens.words[before] in HYPHENS and tokens.glued(before):  # no mid-1990s, no top-10
        return tokens.cased(last) and not tokens.words[last].islower() and tokens.lower[last] not in _PREFIXES
    if tokens.words[before] in _JOINED and tokens.glued(before):
        return tokens.cased(last) and tokens.lower[last] not in _BEFORE_DIGITS
    return _named_by(tokens, index + 1)


def _named_by(tokens: Tokens, after: int) -> bool:
    """Whether what is glued to the end of digits makes them a name: an x and more digits (4x4), a hyphen and a letter (3-D) or a number (7-Eleven)."""
    if not tokens.glued(after):
        return False
    if tokens.lower[after] == "x" and tokens.glued(after + 1) and tokens.figure(after + 1):
        return True
    if tokens.words[after] not in HYPHENS or not tokens.glued(after + 1) or not tokens.capital(after + 1):
        return False
    return len(tokens.words[after + 1]) == 1 or tokens.lower[after + 1] in CARDINALS


def _spaced(tokens: Tokens, index: int) -> tuple[str, int]:
    """Digits in groups of three parted by spaces as one print, and the token after them."""
    printed, last = tokens.words[index], index + 1
    if len(printed) > _GROUP or not printed.isdecimal() or printed[0] == "0":
        return printed, last
    while _is_group(tokens.words[last]) and tokens.starts[last] == tokens.ends[last - 1] + 1 and len(printed) < _LONGEST:
        printed, last = f"{printed}\u00a0{tokens.words[last]}", last + 1
        if not printed[-_GROUP:].isdecimal():
            break  # after the decimals
    return printed, last


def _is_group(word: str) -> bool:
    """Whether a token may go on a number in groups parted by spaces: three digits, after the last of which decimals may stand."""
    return word[:_GROUP].isdecimal() and len(word) >= _GROUP and (len(word) == _GROUP or word[_GROUP] in ".,")


def _ordinal(tokens: Tokens, figure: Figure) -> Figure | None:
    suffix = tokens.lower[figure.last]
    if (
        figure.form is Form.DIGITS
        and suffix in _SUFFIXES
        and tokens.glued(figure.last)
        and (suffix != "°" or tokens.cased(figure.last + 1))
    ):
        if suffix == "°" and tokens.glued(figure.last + 1):
            return None
        return replace(figure, last=figure.last + 1, form=Form.ORDINAL)
    return None


def _mixed(tokens: Tokens, figure: Figure) -> Figure | None:
    """Read 2½, 2 1/2, 1/2 and "two and a half"."""
    at = figure.last
    if tokens.words[at] in VULGAR:
        over, under = VULGAR[tokens.words[at]]
        return replace(figure, last=at + 1, value=figure.value + over / under, step=0.01, form=Form.NUMBER)
    if figure.form is not Form.DIGITS:
        return None
    fraction = _slashed(tokens, figure.first)
    if fraction:
        return Figure(figure.first, at + 2, fraction, 0.01, fraction, Form.FRACTION)
    fraction = _slashed(tokens, at)
    if fraction and len(tokens.words[figure.first]) <= _GROUP:
        return replace(figure, last=at + 3, value=figure.value + fraction, step=0.01, form=Form.NUMBER)
    return None


def _slashed(tokens: Tokens, at: int) -> float:
    """The value of 3/4 at a token, else 0."""
    over, under = tokens.number(at, (1, 2)), tokens.number(at + 2, (1, 3))
    if tokens.words[at + 1] not in {"/", "\u2044"} or not over or not under or over >= under or under not in _DENOMINATORS:
        return 0.0
    if not (tokens.glued(at + 1) and tokens.glued(at + 2)) or (tokens.words[at + 3] == "/" and tokens.glued(at + 3)):
        return 0.0
    return over / under


def counts(tokens: Tokens, at: int) -> bool:
    """Whether the token is a plural that a number before it would count."""
    word = tokens.words[at]
    return word.islower() and word.isalpha() and len(word) > len("its") and (word.endswith("s") or word in _PLURALS)


def vulgar(tokens: Tokens, index: int) -> Figure | None:
    """Read a fraction of one sign, such as ½."""
    over, under = VULGAR.get(tokens.words[index], (0, 1))
    return Figure(index, index + 1, over / under, 0.01, over / under, Form.FRACTION) if over else None


def _scaled(tokens: Tokens, figure: Figure, *, money: bool) -> Figure:
    """Multiply by the scales that follow: 2.5 million, 3bn, 5 hundred thousand, 12万."""
    at = figure.last
    on_digits = _on_digits(tokens, at, money=money) if tokens.glued(at) else 0
    at, scale = (at + 1, on_digits) if on_digits else _scale_words(tokens, at)
    if scale == 1:
        return figure
    also = tuple(value * scale for value in figure.also)
    return replace(figure, last=at, value=figure.value * scale, step=figure.step * scale, form=Form.NUMBER, also=also)


def _on_digits(tokens: Tokens, at: int, *, money: bool) -> int:
    """The scale that letters glued to digits stand for, 0 where they are a unit or a name. An m is a million of money, or of what is counted."""
    letters = tokens.words[at]
    if money or (letters == "m" and counts(tokens, at + 1)):
        return _ON_MONEY.get(letters) or _ON_DIGITS.get(letters, 0)
    return _ON_DIGITS.get(letters) or _CJK.get(letters, 0)


def _scale_words(tokens: Tokens, at: int) -> tuple[int, int]:
    scale = 1
    while True:
        skip = 1 if tokens.words[at] in HYPHENS and tokens.glued(at) else 0
        word = tokens.lower[at + skip]
        if word not in SCALES or (word == "k" and not tokens.glued(at)) or scale * SCALES[word] > 10**15:
            return at, scale
        at, scale = at + skip + 1, scale * SCALES[word]
        at += tokens.words[at] == "." and word in {"mio", "mrd", "mld", "mln", "tys"}
