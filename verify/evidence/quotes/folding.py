"""Fold what printing changes and meaning does not, find a quote in the folded text, and give the offsets of what the source prints.

Folded are case, white space, the shapes of quotation marks and dashes, compatibility forms (a ligature, a full-width letter), soft hyphens and
zero-width characters. Never folded is what makes another statement: a digit, a word, a sign. For the same reason a quote has to begin and end
where words and numbers do: "can" does not stand in "can't", nor 5 in 1.5, nor 10 in 10 squared.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from verify.model import QuoteMatch, TextQuote

CONTEXT = 32
"""Characters of prefix and suffix, as in the examples of the W3C Web Annotation model; enough to tell one place from its twins."""

INVISIBLE = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")
QUOTATION = frozenset("'\"`\u00b4\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\u05f4\u300c\u300d\u300e\u300f\uff02\uff07\u201a\u201e\u2e42")
_DASHES = frozenset("\u2043\u2212\u02d7\u207b")  # and all of category Pd
_ASCII = str.maketrans('"`', "''")
_CHUNK = re.compile(r"[!-~](?:[!-~]| (?=[!-~])){0,255}|\S{1,256}")
"""Words of ASCII with single spaces between them, which fold letter for letter; else a run without white space. `printed` walks no further."""
_WORD_CHUNK = re.compile(r"\S{1,256}")
_REACH = 256
_MOST_TRIED = 20_000
_MOST_COMPARED = 50_000_000
"""Places, and characters of them, that are looked at where a quote stands again and again, each time within words."""

NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese letters: scripts that put no spaces between words, so that none can be seen to be cut."""
_UNSPACED = re.compile(f"[{NO_SPACES}]")
_SPACED = rf"[^\W_{NO_SPACES}]"

_APOSTROPHES = frozenset("'\u2019\u02bc\u2018`\u00b4")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2212")  # a dash of an em parts words, these join them
_IN_NUMBERS = frozenset(".,:/'\u2019\u00b7\u066b\u066c\u2044\u00a0\u2009\u202f")
_AFTER_NUMBERS = frozenset("%\u2030\u00b0")


@dataclass(frozen=True, slots=True)
class Folded:
    """A printed text in normal form, and where each chunk of it came from: its offset in the normal form and in the text as printed."""

    source: str
    text: str
    starts: "array[int]"
    printed_starts: "array[int]"

    @classmethod
    def of(cls, text: str) -> "Folded":
        """Fold a text, white space between chunks becoming one space; a chunk is no longer than what `printed` may walk."""
        parts: list[str] = []
        starts, printed_starts = array("Q"), array("Q")
        length = previous_end = 0
        space = False
        for chunk in _CHUNK.finditer(text):
            space = space or chunk.start() > previous_end
            previous_end = chunk.end()
            folded = fold(chunk[0])
            if not folded:
                continue
            if space and parts:
                parts.append(" ")
                length += 1
            space = False
            starts.append(length)
            printed_starts.append(chunk.start())
            parts.append(folded)
            length += len(folded)
        return cls(text, "".join(parts), starts, printed_starts)

    def printed(self, at: int, *, end: bool) -> int | None:
        """Give the offset in the printed text of offset `at` of the normal form; None where that is within one printed character."""
        text = self.source
        number = max(bisect_right(self.starts, at - 1 if end else at) - 1, 0)
        offset, left = self.printed_starts[number], at - self.starts[number]
        if "!" <= text[offset] <= "~":
            offset, left = offset + left, 0  # letter for letter
        while left > 0 or (not end and offset < len(text) and not text[offset].isspace() and not _fold_character(text[offset])):
            left -= len(_fold_character(text[offset]))
            offset += 1
        return None if left else offset

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """Widen `start`..`end` of the normal form to white space on both sides, within 256 characters; offsets of the printed text."""
        first, last = self._offset(start), self._offset(max(end - 1, start)) + 1
        before = self.source[max(first - _REACH, 0) : first]
        cut = len(before) - max((at + 1 for at, c in enumerate(before) if c.isspace()), default=0)
        after = _WORD_CHUNK.match(self.source, last)
        return first - cut, after.end() if after else last

    def _offset(self, at: int) -> int:
        """Give the offset in the printed text of the character that offset `at` of the normal form is from."""
        while (offset := self.printed(at, end=False)) is None and at > 0:
            at -= 1
        return offset or 0


@lru_cache(maxsize=2)
def folded(text: str) -> Folded:
    """Give the text folded; the last two are kept, for the quotes of one source come one after the other."""
    return Folded.of(text)


def normal_form(text: str) -> str:
    """Fold what is alike in print. Two texts with one normal form differ in no letter, digit or sign."""
    return Folded.of(text).text


def fold(chunk: str) -> str:
    """Fold a run of characters without white space."""
    if chunk.isascii():
        return chunk.lower().translate(_ASCII)
    return unicodedata.normalize("NFD", "".join(map(_fold_character, chunk)))  # puts marks in order; all else is decomposed already


@lru_cache(maxsize=2**16)
def _fold_character(character: str) -> str:
    """Decomposed rather than composed, so that it can be done character by character; what is equal is the same."""
    if character in INVISIBLE:
        return ""
    category = unicodedata.category(character)
    if character in QUOTATION or category in ("Pi", "Pf"):
        return "'"
    if character in _DASHES or category == "Pd":
        return "-"
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if any(c.isdecimal() for c in folded) and not character.isdecimal():
        return character  # a raised 2 or a half is another number than 2, or 1 and 2
    return "".join(folded.split())


def selected(text: str, start: int, end: int, match: QuoteMatch) -> TextQuote:
    """Give `start`..`end` of `text` with its surroundings."""
    return TextQuote(text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT], start, end, match)


def exact_places(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Every place where the quote stands letter by letter, as whole words: (start, end) of `text`."""
    for start in _places(quote, text):
        if _takes_whole_words(text, start, start + len(quote)):
            yield start, start + len(quote)


def normalised_places(quote: str, source: Folded) -> Iterator[tuple[int, int]]:
    """Every place where the quote stands in normal form, as whole words: (start, end) of the printed text."""
    wanted = normal_form(quote)
    for at in _places(wanted, source.text):
        start, end = source.printed(at, end=False), source.printed(at + len(wanted), end=True)
        if start is not None and end is not None and _takes_whole_words(source.source, start, end):
            yield start, end


def _places(wanted: str, text: str) -> Iterator[int]:
    """Every place of `wanted`, overlapping ones too, but for those plainly amid letters, of which a short quote has millions."""
    first = text.find(wanted)
    if first < 0:
        return
    yield first  # mostly the only one, and then no pattern is made
    before = f"(?<!{_SPACED})" if re.match(_SPACED, wanted) else ""
    after = f"(?!{_SPACED})" if re.match(_SPACED, wanted[-1]) else ""
    pattern = re.compile(before + re.escape(wanted) + after)
    found = pattern.search(text, first + 1)
    for _ in range(min(_MOST_TRIED, _MOST_COMPARED // len(wanted))):
        if not found:
            return
        yield found.start()
        found = pattern.search(text, found.start() + 1)


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character or " ").startswith("M")


def _visible(text: str, at: int, step: int) -> tuple[str, str]:
    """Give the two characters that are seen from `at` on, outward in direction `step`; empty beyond the text."""
    seen = ""
    at = at if step > 0 else at - 1
    while 0 <= at < len(text) and len(seen) < len("xy"):
        seen += "" if text[at] in INVISIBLE else text[at]
        at += step
    return seen[:1], seen[1:]


def _takes_whole_words(text: str, start: int, end: int) -> bool:
    return not cuts_word(text, start, end=False) and not cuts_word(text, end, end=True)


def cuts_word(text: str, at: int, *, end: bool) -> bool:
    """Whether a quote that begins (or ends) at `at` takes a part of a word or a number only."""
    (left, far_left), (right, far_right) = _visible(text, at, -1), _visible(text, at, 1)
    if _is_word(left) and _is_word(right):
        between = _UNSPACED.match(left) or _UNSPACED.match(right)
        return not between or unicodedata.category(right).startswith("M") or (left.isnumeric() and right.isnumeric())
    if right.isdigit() and (left in _HYPHENS or (left and left in ".," and not far_left.isalpha())):
        return True
    if left.isdigit() and right in _AFTER_NUMBERS:
        return True
    # A quote may begin after an elision (l'homme), but not end before one (can't).
    return _joins(left, right, far_right) or (_joins(far_left, left, right) and (end or left not in _APOSTROPHES or right.isdigit()))


def _joins(before: str, between: str, after: str) -> bool:
    """Whether a character makes one word or number of what stands before and after it."""
    if not between or not _is_word(before) or not _is_word(after):
        return False
    return between in _APOSTROPHES or between in _HYPHENS or (between in _IN_NUMBERS and before.isdigit() and after.isdigit())
