"""A text as tokens: figures with their separators, words, and single signs; what only looks like a number is hidden first.

Tokens are kept as parallel lists, for a long source has thousands of them and few are looked at. Beyond either end stand empty tokens, so that
readers may look a few steps back and ahead without asking whether there is one.
"""

import re
from functools import cached_property
from itertools import accumulate, chain

_GROUP = "[.,\u00b7\u066b\u066c\u00a0\u2009\u202f]"
_FIGURE = rf"\d+(?:{_GROUP}\d+|['\u2019]\d{{3}}(?!\d))*"
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # kana and ideographs: no spaces part their words
_TOKEN = re.compile(rf"(\s*)({_FIGURE}|[^\W\d_{_ALONE}]+|\S)")
_HIDDEN = (
    ("://", re.compile(r"\b[a-z]{2,12}://\S+", re.IGNORECASE)),
    ("www.", re.compile(r"\bwww\.\S+", re.IGNORECASE)),
    ("[", re.compile(r"\[(?:(?:note|nb|n)\s)?\d{1,4}(?:\s?[,\u2013-]\s?\d{1,4}){0,30}\](?::\d{1,4})?")),  # a citation marker
    ("10.", re.compile(r"\b10\.\d{4,9}/\S+")),
    ("isbn", re.compile(r"\bisbn\b[\s:]{0,3}[\dx-]{1,20}", re.IGNORECASE)),
    ("issn", re.compile(r"\bissn\b[\s:]{0,3}[\dx-]{1,20}", re.IGNORECASE)),
    ("pmid", re.compile(r"\bpmid\b[\s:]{0,3}\d{1,20}", re.IGNORECASE)),
    ("arxiv", re.compile(r"\barxiv\b[\s:]{0,3}[\w./-]{1,40}", re.IGNORECASE)),
)
"""What is no number though it has digits, each with a sign that must be there for it to be looked for."""

_PAD = 8
_LONGEST_FIGURE = 40
_SEPARATED = re.compile(r"(?<![\d.,])\d{1,12}(?:[.,]\d{1,12}){1,8}(?![\d.,]?\d)")


class Tokens:
    """The tokens of `text`: `words` as printed, `lower` in lower case, and where each `starts` and `ends` in code points, end exclusive."""

    def __init__(self, text: str) -> None:
        self.text = text
        pairs: list[tuple[str, str]] = _TOKEN.findall(_bared(text).rstrip())
        places = [*accumulate(map(len, chain.from_iterable(pairs)), initial=0)]
        beyond = len(text) + 2
        self.count = len(pairs)
        self.words = [pair[1] for pair in pairs] + [""] * _PAD
        self.lower = [*map(str.lower, self.words)]
        self.starts = places[1:-1:2] + [beyond] * _PAD
        self.ends = places[2::2] + [beyond + 1] * _PAD

    def glued(self, index: int) -> bool:
        """Whether nothing stands between a token and the one before it."""
        return index > 0 and self.starts[index] == self.ends[index - 1]

    def figure(self, index: int) -> bool:
        """Whether the token is written in digits."""
        return self.words[index][:1].isdecimal()

    def number(self, index: int, digits: tuple[int, int]) -> int | None:
        """The value of a token of plain digits whose count is within `digits` (fewest, most), else None."""
        word = self.words[index]
        return int(word) if word.isdecimal() and digits[0] <= len(word) <= digits[1] else None

    def cased(self, index: int) -> bool:
        """Whether the token is a word of a script that has capitals: Latin, Greek, Cyrillic ..."""
        word = self.words[index]
        return word.isalpha() and word.lower() != word.upper()

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.words[index][:1].isupper()

    def follows(self, index: int, phrase: tuple[str, ...]) -> bool:
        """Whether the tokens from `index` on are those of `phrase`, in lower case."""
        return tuple(self.lower[index : index + len(phrase)]) == phrase

    def precedes(self, index: int, phrase: tuple[str, ...]) -> bool:
        """Whether the tokens just before `index` are those of `phrase`, in lower case."""
        start = index - len(phrase)
        return start >= 0 and tuple(self.lower[start:index]) == phrase

    @cached_property
    def comma(self) -> bool | None:
        """Whether this text prints decimals with a comma; None where its own numbers do not tell."""
        votes = sum(map(_vote, _SEPARATED.findall(self.text)))
        return votes > 0 if votes else None


def _bared(text: str) -> str:
    """The text with spaces in the place of what only looks like a number, so that all else stays where it is."""
    lower = text.lower()
    for sign, pattern in _HIDDEN:
        if sign in lower:
            text = pattern.sub(lambda m: " " * len(m.group()), text)
    return text


_VOTES = (
    (re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"), 3),
    (re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"), -3),
    (re.compile(r"\d{1,4},\d{1,2}"), 1),
    (re.compile(r"\d{1,4}\.\d{1,2}"), -1),
)


def _vote(figure: str) -> int:
    if len(figure) > _LONGEST_FIGURE:
        return 0
    return next((vote for pattern, vote in _VOTES if pattern.fullmatch(figure)), 0)


def tokenised(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase of a table, as printed."""
    return tuple(pair[1] for pair in _TOKEN.findall(phrase))
