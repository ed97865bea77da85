"""Where sentences end: sentencex's boundaries, and the mending of its known errors in one place.

It splits after a Roman numeral with a full stop ("Charles II. was"), inside parentheses that hold a sentence end, and not at all after a
parenthesised sentence; it cannot know that a marker stood between two words. `;` and `:` never split; a boundary inside quotation marks or
parentheses is none.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

_STOPS = ".!?…。！？｡।॥؟۔։"
_CLOSERS = "\"'”’»›)]}）」』】"
_OPENERS = "\"'“‘«‹„([{（「『【¿¡"
_STOP = re.compile(rf"[{re.escape(_STOPS)}][{re.escape(_CLOSERS)}\s]*$")
_AFTER_PARENTHESIS = re.compile(rf"[{re.escape(_STOPS)}][\"”’»]?[)）]\s+")
_BEFORE_PARENTHESIS = re.compile(rf"[{re.escape(_STOPS)}][\"”’»]?\s+(?=[(（])")
_MISSED = re.compile(r"(?:/\w{1,4}|\betc)\.\s+(?=[A-ZÀ-Þ])|[.!?]\s+(?=[’']n [A-ZÀ-Þ])")
"""After a unit ("50 µg/l. The"), after "etc.", and before the Afrikaans article."""
_OPENING = re.compile(rf"[{re.escape(_OPENERS)}\s]*(\S)")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_ELISION = re.compile(r"[’']n [A-ZÀ-Þ]")
_HIRAGANA = re.compile("[\u3040-\u309f]")
_INITIAL = re.compile(r"(?:^|[^\w])[^\W\d_]\.$")
_PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "“": "”", "«": "»"}

_PAIRED = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_PAIRS.values())) + "]")

_PIECE = 200_000
"""sentencex looks at a paragraph as a whole; a longer one is handed over in pieces cut after a space, so that one endless line stays linear."""
_LONGEST_ASIDE = 1000
"""A bracket that is not closed within so many characters was never meant to be: it shields no boundary."""
_SIGHT = 80
"""How far around a boundary its words are looked at."""


def split_sentences(text: str, *, language: str = "en", marks: Collection[int] = ()) -> list[tuple[int, int]]:
    """Give the sentences of a paragraph as (start, end) offsets, without the white space around them.

    `marks` are the offsets at which a marker was taken off: right after a stop they prove a sentence's end ("in the U.S.[3] She left").
    """
    asides = _asides(text)
    ends = {cut for cut in _candidates(text, language, asides) if _is_end(text, cut)}
    ends |= {cut for cut in marks if _is_end(text, cut)}
    edges = [0, *sorted(cut for cut in ends if not _is_within(cut, asides)), len(text)]
    return [span for start, end in pairwise(edges) if (span := _trimmed(text, start, end))]


def _candidates(text: str, language: str, asides: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Every offset at which a sentence may end: sentencex's, and those that it misses."""
    from sentencex import get_sentence_boundaries

    for start, piece in _pieces(text):
        for boundary in get_sentence_boundaries(language, piece):
            cut = start + boundary["end_index"]
            if not _INITIAL.search(text, max(0, cut - _SIGHT), cut) or text[cut - 1].isspace():
                yield cut
    full = dict(aside for aside in asides if _STOP.search(text, max(aside[0], aside[1] - 3), aside[1]))
    full_ends = set(full.values())
    yield from (
        found.end() for found in _AFTER_PARENTHESIS.finditer(text) if text.rindex(found[0].strip()[-1], 0, found.end()) in full_ends
    )
    yield from (found.end() for found in _BEFORE_PARENTHESIS.finditer(text) if found.end() in full)
    yield from (found.end() for found in _MISSED.finditer(text))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > _PIECE:
        cut = text.rfind(" ", start, start + _PIECE) + 1 or start + _PIECE
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _is_end(text: str, cut: int) -> bool:
    """Whether a sentence can end at `cut`: after a stop, and not before a lower-case word or where a Japanese quotation goes on."""
    before, after = text[max(0, cut - _SIGHT) : cut].rstrip(), text[cut : cut + _SIGHT].lstrip()
    opening = _OPENING.match(after)
    if not (opening and _STOP.search(before)):
        return False
    if before[-1] in "」』" and _HIRAGANA.match(after):
        return False
    return bool(_ELISION.match(after) or _BRAND.match(after)) or not (opening[1].islower() or opening[1] in ",;:")


def _asides(text: str) -> list[tuple[int, int]]:
    """The brackets and paired quotation marks of a text, outermost only: offsets of the opening and of the closing one, in order."""
    asides: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for found in _PAIRED.finditer(text):
        character, at = found[0], found.start()
        while opened and at - opened[0][1] > _LONGEST_ASIDE:
            opened.pop(0)
        if character in _PAIRS:
            opened.append((_PAIRS[character], at))
        elif any(character == closer for closer, _ in opened):
            while opened[-1][0] != character:
                opened.pop()
            start = opened.pop()[1]
            while asides and asides[-1][0] > start:
                asides.pop()
            asides.append((start, at))
    return asides


def _is_within(cut: int, asides: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(asides, cut, key=lambda aside: aside[0]) - 1
    return index >= 0 and asides[index][0] < cut <= asides[index][1]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return (start + lead, start + len(piece.rstrip())) if piece.strip() else None
