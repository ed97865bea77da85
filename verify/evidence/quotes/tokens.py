r"""The words, numbers and signs of a stretch of text, each with a strict form and a loose one.

Strict forms are equal where two words differ in print only (`folding.fold`; a word broken by a hyphen at the end of a line is one word). Loose
forms are equal also where accents are lost, letters were misread (rn for m, 1 for l) or the spelling is British or American; they serve to lay
two texts side by side, and what is equal in them only is a difference that is shown.
"""

import re
import unicodedata
from enum import Enum, auto
from functools import cache, lru_cache
from typing import NamedTuple

from .folding import INVISIBLE, NO_SPACES, fold
from .spellings import loose_form


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NUMBER = auto()
    DATE = auto()
    SYMBOL = auto()


class Form(NamedTuple):
    """What a token is compared by; the same for all tokens that are written alike."""

    strict: str
    loose: str
    kind: Kind


class Token(NamedTuple):
    """A word, number or sign where it stands: code points, end exclusive. `bracketed` says that it stands in square brackets."""

    start: int
    end: int
    written: str
    form: Form
    bracketed: bool = False

    @property
    def strict(self) -> str:
        """Its strict form."""
        return self.form.strict

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a date."""
        return self.form.kind in (Kind.NUMBER, Kind.DATE)

    @property
    def is_capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.written.lstrip("[")[:1].isupper()

    @property
    def is_misread(self) -> bool:
        """Whether it has what no word has: a digit, or a capital I, amid small letters."""
        return bool(_MIXED.search(self.written))


_MIXED = re.compile(r"[a-z][\dI](?=[a-z\dI]|$)|^[01](?=[a-z]{2})")
_LETTER = rf"[^\W\d_{NO_SPACES}]"
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a\u0900-\u0963\u0966-\u0dff"
_MARKS_ALONE = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u3099\u309a"
_UNSEEN = "".join(sorted(INVISIBLE))
_LINE_END = r"[-\u2010\u00ad][ \t]{0,8}\r?\n[ \t]{0,8}(?=[a-z\u00df-\u00f6\u00f8-\u00ff\u03ac-\u03ce\u0430-\u045f])"
_SIGNS = "%\u2030&+=<>$\u00a3\u00a2\u00a4\u00a5\u00b0\u00b1\u00d7\u00f7\u00ac\u20a0-\u20cf\u2190-\u2211\u2213-\u22ff\u2600-\u27bf\U0001f000-\U0001faff"
_BREAK = re.compile(_LINE_END)
_BRACKETS = re.compile(r"\[[^\[\]]{1,200}\]")
_NUMERAL = re.compile(r"[\d.,:'\u00b7\u066b\u066c]+")
_SUFFIX = re.compile(r"(\d)(?:st|nd|rd)$")
_INNER_I = re.compile("(?<=[a-z])I(?=[a-zI]|$)")
_INNER = re.compile(r"[\[\]]")


@cache
def _pattern() -> re.Pattern[str]:
    """The tokeniser: made when it is first needed, for it is large."""
    return re.compile(
        rf"(?P<number>(?:(?<![\w\])%.,])[-\u2212])?(?:(?<!\w)\.)?\d+(?:[.,:'\u2019\u00b7\u066b\u066c\u00a0\u202f\u2009]\d+)*(?:{_LETTER}|\d|[{_MARKS}]){{0,24}})"
        rf"|(?P<alone>[{NO_SPACES}][{_MARKS_ALONE}{_UNSEEN}]*)"
        rf"|(?P<sign>[{_SIGNS}])"
        rf"|(?P<word>(?:[cdjlmnstCDJLMNST]|[Qq]u|[Uu]n|[Dd]ell)['\u2019](?={_LETTER}{{2}})"
        rf"|(?:\[{_LETTER}\](?={_LETTER}))?{_LETTER}(?:{_LETTER}|[{_MARKS}]|\d|['\u2019\u02bc](?={_LETTER})|{_LINE_END}|[{_UNSEEN}])*(?:\[{_LETTER}{{2,6}}\])?)"
    )


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Give the tokens of `text` from `start` to `end`, neither of which may be within a word."""
    found = [
        Token(match.start(), match.end(), match[0], form_of(match[0], match.lastgroup or ""))
        for match in _pattern().finditer(text, start, len(text) if end is None else end)
    ]
    if text.find("[", start, end) < 0:
        return found
    brackets = [match.span() for match in _BRACKETS.finditer(text, start, len(text) if end is None else end)]
    return _marked(found, brackets)


def _marked(found: list[Token], brackets: list[tuple[int, int]]) -> list[Token]:
    """Mark the tokens that stand in brackets."""
    marked, at = [], 0
    for token in found:
        while at < len(brackets) and brackets[at][1] <= token.start:
            at += 1
        inside = at < len(brackets) and brackets[at][0] < token.start and token.end < brackets[at][1]
        marked.append(token._replace(bracketed=True) if inside else token)
    return marked


@lru_cache(maxsize=2**15)
def form_of(written: str, group: str) -> Form:
    """Give the form of a token as it is written; `group` is what the tokeniser took it for."""
    written = "".join(_INNER.sub("", _BREAK.sub("", written)).split())
    strict = fold(written)
    if group == "number":
        return Form(strict, "#" + number_form(strict), Kind.NUMBER)
    if group == "sign":
        return Form(strict, "and" if strict == "&" else strict, Kind.SYMBOL)
    return Form(strict, loose_form(fold(_INNER_I.sub("l", written)) if "I" in written else strict), Kind.WORD)


def number_form(strict: str) -> str:
    """Give a number in one way of writing it: without the separators of thousands, with a point for decimals, ordinals in -th.

    A single point before three digits stays a decimal point and a single comma there parts thousands, as in English: what another language means
    by them differs, and is then seen as another number.
    """
    numeral = _NUMERAL.search(strict)
    if not numeral:
        return strict
    before, digits, after = strict[: numeral.start()], numeral[0], strict[numeral.end() :]
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in digits)
    digits = digits.replace("'", "").replace("\u066c", "").replace("\u066b", ".").replace("\u00b7", ".")
    return before + _plain(digits) + (_SUFFIX.sub(r"\1th", digits[-1] + after)[1:] if after else "")


def _plain(digits: str) -> str:
    groups = re.split("[.,]", digits)
    if ":" in digits or len(groups) == 1:
        return digits if ":" in digits else digits.lstrip("0") or "0"
    marks = [c for c in digits if c in ".,"]
    thousands = all(len(group) == len("000") for group in groups[1:])
    if len(set(marks)) == 1 and thousands and (marks[0] == "," or len(marks) > 1):
        return "".join(groups).lstrip("0") or "0"
    if len(marks) > 1 and len(set(marks)) == 1:
        return digits  # 8.12.2024: no number
    decimals = groups[-1] if thousands else groups[-1].rstrip("0")
    whole = "".join(groups[:-1]).lstrip("0") or "0"
    return f"{whole}.{decimals}" if decimals else whole
