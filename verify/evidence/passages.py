"""A source's text as passages: its sentences, with their places.

This splitter is for looking up, not for counting claims: it has to be quick on long texts and never to lose a word. A wrong split costs a little,
because neighbours are read together.
"""

import re
from typing import NamedTuple

from .words import listed

_END = re.compile(r"[.!?\u2026]{1,8}[\"'\u201d\u2019)\]]{0,4}(?=\s)|[\u3002\uff01\uff1f][\u300d\u300f\uff09]{0,4}|\n")
_LAST_WORD = re.compile(r"(\w{1,12})\.$")
LONGEST = 1_200
"""Code points after which a passage ends at the next space, sentence or not: tables and lists come without full stops."""
WRAPPED = 50
"""Code points from which on a line may be one of several of a paragraph; headings and list items are mostly shorter."""
_FULL = frozenset('.!?:;\u2026"\u201d\u3002')


class Span(NamedTuple):
    """A stretch of a text, in code points, end exclusive."""

    start: int
    end: int


def passage_spans(text: str) -> list[Span]:
    """The sentences of `text` in order, without the white space around them; linear in its length."""
    spans: list[Span] = []
    start = 0
    for end in (m.end() for m in _END.finditer(text)):
        if not _ends_here(text, start, end):
            continue
        spans += _trimmed(text, start, end)
        start = end
    return [*spans, *_trimmed(text, start, len(text))]


def _ends_here(text: str, start: int, end: int) -> bool:
    """Whether a sentence ends here: not after an initial or a short form, and not before a small letter."""
    if text[end - 1] == "\n":
        return not _wrapped(text, end - 1)
    following = text[end : end + 3].lstrip()[:1]
    if following.islower():
        return False
    last = _LAST_WORD.search(text, max(start, end - 14), end)
    return not last or not (last[1].lower() in listed("short") or (len(last[1]) == 1 and last[1].isalpha()))


def _wrapped(text: str, end: int) -> bool:
    """Whether the line that ends here only ran out of room: it is long, ends no sentence, and words follow at once."""
    line = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
    return len(line) >= WRAPPED and line[-1] not in _FULL and text[end + 1 : end + 2].isalnum()


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    """The span without white space at its ends, cut where it is too long; nothing where only space is left."""
    spans = []
    while start < end:
        stop = end
        if end - start > LONGEST:
            stop = text.find(" ", start + LONGEST, end) + 1 or end
            stop = min(stop, start + 2 * LONGEST)
        piece = text[start:stop]
        if bare := piece.strip():
            lead = start + len(piece) - len(piece.lstrip())
            spans.append(Span(lead, lead + len(bare)))
        start = stop
    return spans
