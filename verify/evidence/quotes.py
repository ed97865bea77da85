"""A quote is found in the text of its source, or it is refused: exactly, else after folding what printing changes and meaning does not.

Folded are case, white space, the shapes of quotation marks and dashes, compatibility forms (a ligature, a full-width letter), soft hyphens and
zero-width characters. Never folded is what makes another statement: a digit, a word, a sign. For the same reason a quote has to begin and end
where words and numbers do: "can" does not stand in "can't", nor 5 in 1.5, nor 10 in 10 squared. Whatever was folded, what is kept is the passage
as the source prints it.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from verify.errors import QuoteNotFoundError, UsageError
from verify.model import QuoteMatch, TextQuote
from verify.terminal import one_line

CONTEXT = 32
"""Characters of prefix and suffix, as in the examples of the W3C Web Annotation model; enough to tell one place from its twins."""

_INVISIBLE = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")
_QUOTATION = frozenset("'\"`\u00b4\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\u05f4\u300c\u300d\u300e\u300f\uff02\uff07\u201a\u201e\u2e42")
_DASHES = frozenset("\u2043\u2212\u02d7\u207b")  # and all of category Pd
_ASCII = str.maketrans('"`', "''")
_CHUNK = re.compile(r"\S{1,256}")

_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese letters: scripts that put no spaces between words, so that none can be seen to be cut."""
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
_SPACED = rf"[^\W_{_NO_SPACES}]"

_APOSTROPHES = frozenset("'\u2019\u02bc\u2018`\u00b4")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2212")  # a dash of an em parts words, these join them
_IN_NUMBERS = frozenset(".,:/'\u2019\u00b7\u066b\u066c\u2044\u00a0\u2009\u202f")
_AFTER_NUMBERS = frozenset("%\u2030\u00b0")

_GRAM = 4
_GRAMS = 64
_MOST_HITS = 200
_ALIGNED = 1000
_WINDOWS = 3
_NEAR = 60.0  # of 100: passages of one language that have nothing to do with each other reach 45 to 55
_ALIKE = 99.5
_SHOWN = 200


class NoSuchQuoteError(QuoteNotFoundError):
    """The quote is not in the text. `nearest` is the passage most like it, if any is."""

    def __init__(self, message: str, nearest: TextQuote | None = None) -> None:
        super().__init__(message)
        self.nearest = nearest


def find_quote(quote: str, text: str) -> TextQuote:
    """Find the first place where `quote` stands in `text` as whole words; offsets are code points of `text`, end exclusive.

    Raises `UsageError` for a quote without a word in it, `NoSuchQuoteError` (with the nearest passage) when it does not stand there.
    """
    quote = quote.strip()
    if not any(c.isalnum() for c in quote):
        raise UsageError("the quote is empty: it takes at least one word of the source")
    found = _exact(quote, text) or _normalised(quote, text)
    if found:
        return found
    similarity, nearest = _nearest(quote, text)
    if nearest is None:
        raise NoSuchQuoteError("the quote is not in the text of the source, and nothing there is near it")
    near = f"the nearest passage ({similarity:.0f} % alike)" if similarity < _ALIKE else "it would cut a word or a number short, in"
    raise NoSuchQuoteError(f"the quote is not in the text of the source; {near}:\n{_shown(nearest.exact)}", nearest)


def normal_form(text: str) -> str:
    """Fold what is alike in print. Two texts with one normal form differ in no letter, digit or sign."""
    return _Folded.of(text).text


def _exact(quote: str, text: str) -> TextQuote | None:
    for start in _places(quote, text):
        if _takes_whole_words(text, start, start + len(quote)):
            return _selected(text, start, start + len(quote), QuoteMatch.EXACT)
    return None


def _normalised(quote: str, text: str) -> TextQuote | None:
    wanted, folded = normal_form(quote), _folded(text)
    for at in _places(wanted, folded.text):
        start, end = folded.printed(at, text, end=False), folded.printed(at + len(wanted), text, end=True)
        if start is not None and end is not None and _takes_whole_words(text, start, end):
            return _selected(text, start, end, QuoteMatch.NORMALISED)
    return None


def _places(wanted: str, text: str) -> Iterator[int]:
    """Every place of `wanted`, overlapping ones too, but for those plainly amid letters, of which a short quote has millions."""
    before = f"(?<!{_SPACED})" if re.match(_SPACED, wanted) else ""
    after = f"(?!{_SPACED})" if re.match(_SPACED, wanted[-1]) else ""
    pattern = re.compile(before + re.escape(wanted) + after)
    found = pattern.search(text)
    while found:
        yield found.start()
        found = pattern.search(text, found.start() + 1)


def _selected(text: str, start: int, end: int, match: QuoteMatch) -> TextQuote:
    return TextQuote(text[start:end], text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT], start, end, match)


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character or " ").startswith("M")


def _visible(text: str, at: int, step: int) -> tuple[str, str]:
    """Give the two characters that are seen from `at` on, outward in direction `step`; empty beyond the text."""
    seen = ""
    at = at if step > 0 else at - 1
    while 0 <= at < len(text) and len(seen) < len("xy"):
        seen += "" if text[at] in _INVISIBLE else text[at]
        at += step
    return seen[:1], seen[1:]


def _takes_whole_words(text: str, start: int, end: int) -> bool:
    return not _cuts_word(text, start, end=False) and not _cuts_word(text, end, end=True)


def _cuts_word(text: str, at: int, *, end: bool) -> bool:
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


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text in normal form, and where it came from: for each chunk of it, its offset in the normal form and in the text as printed."""

    text: str
    starts: "array[int]"
    printed_starts: "array[int]"

    @classmethod
    def of(cls, text: str) -> "_Folded":
        """Fold a text, white space between chunks becoming one space; a chunk is no longer than what `printed` may walk."""
        parts: list[str] = []
        starts, printed_starts = array("Q"), array("Q")
        length = previous_end = 0
        space = False
        for chunk in _CHUNK.finditer(text):
            space = space or chunk.start() > previous_end
            previous_end = chunk.end()
            folded = _fold(chunk[0])
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
        return cls("".join(parts), starts, printed_starts)

    def printed(self, at: int, text: str, *, end: bool) -> int | None:
        """Give the offset in the printed `text` of offset `at` of the normal form; None where that is within one printed character."""
        number = bisect_right(self.starts, at - 1 if end else at) - 1
        offset, left = self.printed_starts[number], at - self.starts[number]
        while left > 0 or (not end and offset < len(text) and not _fold_character(text[offset])):
            left -= len(_fold_character(text[offset]))
            offset += 1
        return None if left else offset


@lru_cache(maxsize=2)
def _folded(text: str) -> _Folded:
    """The quotes of one source come one after the other."""
    return _Folded.of(text)


def _fold(chunk: str) -> str:
    if chunk.isascii():
        return chunk.lower().translate(_ASCII)
    return unicodedata.normalize("NFD", "".join(map(_fold_character, chunk)))  # puts marks in order; all else is decomposed already


@lru_cache(maxsize=2**16)
def _fold_character(character: str) -> str:
    """Decomposed rather than composed, so that it can be done character by character; what is equal is the same."""
    if character in _INVISIBLE:
        return ""
    category = unicodedata.category(character)
    if character in _QUOTATION or category in ("Pi", "Pf"):
        return "'"
    if character in _DASHES or category == "Pd":
        return "-"
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if any(c.isdecimal() for c in folded) and not character.isdecimal():
        return character  # a raised 2 or a half is another number than 2, or 1 and 2
    return "".join(folded.split())


def _nearest(quote: str, text: str) -> tuple[float, TextQuote | None]:
    """Find the passage most like the quote, and how much (0 to 100). The work is bounded: only places that share rare bits are compared."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    wanted, folded = normal_form(quote)[:_ALIGNED], _folded(text)
    best, span = 0.0, (0, 0)
    for place in _likely_places(wanted, folded.text):
        start = max(place - len(wanted), 0)
        found = partial_ratio_alignment(wanted, folded.text[start : place + 2 * len(wanted)], score_cutoff=max(best, _NEAR))
        if found and found.score > best:
            best, span = found.score, (start + found.dest_start, start + found.dest_end)
    if not best:
        return 0.0, None
    return best, _selected(text, *_whole_words(folded, span, text), QuoteMatch.EXACT)


def _likely_places(wanted: str, text: str) -> list[int]:
    """Where in `text` the quote would begin, if it did: each short piece that both have votes for a place, the rarer the louder."""
    length = min(_GRAM, len(wanted))
    step = max((len(wanted) - length) // _GRAMS, 1)
    width = max(len(wanted) // 2, 1)
    votes: Counter[int] = Counter()
    for offset in range(0, len(wanted) - length + 1, step):
        hits = _hits(wanted[offset : offset + length], text)
        for hit in hits:
            votes[max(hit - offset, 0) // width] += _MOST_HITS // len(hits)
    return [bucket * width for bucket, _ in votes.most_common(_WINDOWS)]


def _hits(piece: str, text: str) -> list[int]:
    hits: list[int] = []
    at = text.find(piece)
    while at >= 0 and len(hits) < _MOST_HITS:
        hits.append(at)
        at = text.find(piece, at + 1)
    return hits


def _whole_words(folded: _Folded, span: tuple[int, int], text: str) -> tuple[int, int]:
    """Widen a stretch of the normal form to the chunks of the printed text that it touches."""
    first, last = bisect_right(folded.starts, span[0]) - 1, bisect_right(folded.starts, max(span[1] - 1, span[0])) - 1
    chunk = _CHUNK.match(text, folded.printed_starts[last])
    return folded.printed_starts[first], chunk.end() if chunk else len(text)


def _shown(passage: str) -> str:
    line = one_line(passage)
    if len(line) <= _SHOWN:
        return line
    cut = line[:_SHOWN]
    return f"{cut.rpartition(' ')[0] or cut}..."
