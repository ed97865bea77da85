"""Where in a text a quote may stand that does not stand there letter by letter.

Short pieces of the quote are looked for in the folded text; each that is found votes for the place where the quote would begin, the rarer the
louder. The few places with most votes are laid beside the quote by rapidfuzz. The work is bounded whatever the text is.
"""

from collections import Counter
from typing import NamedTuple

_PIECES = ((8, 12), (4, 16))
"""Letters of a piece, and how many are taken: long ones are rare, short ones are found in a text that is misread in every word."""
_MOST_HITS = 6
"""Places of a piece that are looked at; one that stands oftener has next to no voice."""
_LOUDEST = 60
_FAINT = 4
"""A place with less than a fourth of the best one's votes is not looked at."""
_PLACES = 4
_MARGIN = 16
_PLAIN = 85.0
"""Of 100: a place that is so like the quote that shorter pieces find no better one."""
ALIGNED = 1000
"""Characters of a quote that are laid beside a text letter by letter; a longer one is held at its beginning and its end."""
NEAR = 60.0
"""Of 100: passages of one language that have nothing to do with each other reach 45 to 55."""


class Place(NamedTuple):
    """A stretch of the folded text, and how much of the quote's letters it has, 0 to 100."""

    score: float
    start: int
    end: int


def places_like(wanted: str, text: str) -> list[Place]:
    """Give the places of a folded `text` that are most like `wanted`, a quote in normal form, the likest first."""
    found: set[Place] = set()
    for length, count in _PIECES:
        found |= {place for begin in _beginnings(wanted, text, length, count) if (place := _aligned(wanted, text, begin))}
        if any(place.score >= _PLAIN for place in found):
            break
    return sorted(found, reverse=True)


def _beginnings(wanted: str, text: str, length: int, count: int) -> list[int]:
    """Give the offsets where most pieces of the quote say that it begins."""
    length = min(length, len(wanted))
    step = max((len(wanted) - length) // count, 1)
    width = _width(wanted)
    votes: Counter[int] = Counter()
    for offset in range(0, len(wanted) - length + 1, step):
        hits = _hits(wanted[offset : offset + length], text)
        for hit in hits:
            votes[max(hit - offset, 0) // width] += _LOUDEST // len(hits) if len(hits) < _MOST_HITS else 1
    loudest = max(votes.values(), default=0)
    return [bucket * width for bucket, loudness in votes.most_common(_PLACES) if loudness * _FAINT >= loudest]


def _hits(piece: str, text: str) -> list[int]:
    hits: list[int] = []
    at = text.find(piece)
    while at >= 0 and len(hits) < _MOST_HITS:
        hits.append(at)
        at = text.find(piece, at + 1)
    return hits


def _aligned(wanted: str, text: str, begin: int) -> Place | None:
    """Find the stretch that begins at `begin` or a little later and is most like the quote."""
    head = wanted[:ALIGNED]
    margin = _MARGIN + len(head) // 8
    found = _stretch(head, text, begin - margin, begin + _width(wanted) + len(head) + margin)
    if not found or len(wanted) <= ALIGNED:
        return found
    tail_begin = found.start + len(wanted) - ALIGNED
    tail = _stretch(wanted[-ALIGNED:], text, tail_begin - ALIGNED, tail_begin + 2 * ALIGNED)
    return Place((found.score + tail.score) / 2, found.start, tail.end) if tail and tail.end > found.start else found


def _width(wanted: str) -> int:
    """Give the length of the stretches that are voted for."""
    return max(min(len(wanted), ALIGNED) // 2, 1)


def _stretch(wanted: str, text: str, start: int, end: int) -> Place | None:
    from rapidfuzz.fuzz import partial_ratio_alignment

    start = max(start, 0)
    found = partial_ratio_alignment(wanted, text[start:end], score_cutoff=NEAR)
    return Place(found.score, start + found.dest_start, start + found.dest_end) if found else None
