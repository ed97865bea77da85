"""The words of a sentence and how much each of them says.

A word is a run of letters, a number whole ("5,000", "1.5"), or, in scripts that put no spaces between words, each pair of neighbouring
characters. A word that few sentences of a document have sets a sentence apart more than one that many have: of n sentences, one that k have
weighs log((n + 1) / k) / log(n + 1), its inverse document frequency brought between 0 and 1. Small words, of up to three letters in lower case,
weigh a quarter of that: in a short document nothing else tells "was" from "war".
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from math import fsum, log

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese letters, as a part of a regex's class: they put no spaces between words."""
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0971-\u0dff\u200c\u200d"
_WORD = re.compile(rf"\d+(?:[.,:/]\d+)*|[{UNSPACED}]+|[^\W\d_](?:[^\W\d_{UNSPACED}]|[{_MARKS}])*")
_PLAIN_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[A-Za-z]+")
_RUN = re.compile(f"[{UNSPACED}]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_SMALL, _SMALL_WEIGHT = 3, 0.25
_LEAST = 0.02


class Words:
    """The words of a sentence: as `printed`, in lower case in their `order`, and each of those once."""

    def __init__(self, printed: Sequence[str]) -> None:
        self.printed = printed
        self.order = tuple("\0".join(printed).casefold().split("\0")) if printed else ()
        self.distinct = frozenset(self.order)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Those that are numbers, in their order."""
        return tuple(word for word in self.order if word[0].isdigit())

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """All of them, numbers blotted out."""
        return tuple("" if word[0].isdigit() else word for word in self.order)

    @cached_property
    def names(self) -> frozenset[str]:
        """Those with a capital, but for the first, whose capital says nothing."""
        return frozenset(word for shown, word in zip(self.printed[1:], self.order[1:], strict=True) if shown[0].isupper())

    @property
    def opening(self) -> str:
        """The first word, which may be a name."""
        return self.order[0] if self.order else ""


def words_of(text: str) -> Words:
    """Take a sentence apart. Case, spaces, punctuation and invisible characters make no word another."""
    if text.isascii():
        printed = _PLAIN_WORD.findall(text)
    else:
        printed = _WORD.findall(unicodedata.normalize("NFC", text).translate(_INVISIBLE))
        if _RUN.search(text):
            printed = [word for run in printed for word in _pairs(run)]
    return Words(printed)


def _pairs(run: str) -> Iterable[str]:
    """A run of characters without spaces as its overlapping pairs; any other word as it is."""
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))] if _RUN.match(run) else (run,)


class Lexicon(dict[str, float]):
    """What each word of a document weighs, between 0 and 1; a word that it has not seen weighs as one of a single sentence."""

    def __init__(self, sentences: int, held_by: Counter[str], printed: Iterable[str]) -> None:
        """Of so many sentences, `held_by` says how many have a word; `printed` are all words as they were printed."""
        super().__init__()
        self.small = {word for word in printed if len(word) <= _SMALL and word.islower()}
        several = sentences + 1
        for word, holders in held_by.items():
            weight = max(log(several / holders) / log(several), _LEAST)
            self[word] = weight * _SMALL_WEIGHT if word in self.small else weight

    def __missing__(self, word: str) -> float:
        return _SMALL_WEIGHT if word in self.small else 1.0

    def total(self, words: Iterable[str]) -> float:
        """What they weigh together; the same whatever order they come in, to the last bit."""
        return fsum(map(self.__getitem__, words))
