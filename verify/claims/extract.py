"""From a draft to its claims: markers off, sentences split, markers put back by offset, under one of the two marker layouts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from verify.model import AS_ASKED, Block, BlockKind, Citation, Claim, CleanupTag, Draft, Extraction, Layout, Mark, MarkKind, OrphanMarker

from .languages import guess_language
from .markers import marks_between, printed_marks
from .sentences import split_sentences

_STRETCH = re.compile(r"[^ \t\n\r\f\v]+(?: [^ \t\n\r\f\v]+)*")
"""Words with single spaces between. Only the white space of typing is folded: a no-break space is part of the text."""
_CLOSES_UP = frozenset(".,;:!?)]}”’»%…。，、；：！？।؟،")
_TRAILING_PUNCTUATION = " .,;:!?…。！？।\"'”’»)"
_SPEAKS = (MarkKind.CITATION, MarkKind.NOTE, MarkKind.TAG)


@dataclass(frozen=True, slots=True)
class _Words:
    """A block without its markers, its white space folded. `runs` pair an offset in `text` with one in the revision, from where on both
    count alike; `marks` pair each mark with the offset in `text` at which it stood."""

    block: Block
    text: str
    runs: tuple[tuple[int, int], ...]
    marks: tuple[tuple[int, Mark], ...]

    def in_revision(self, at: int) -> int:
        """Where the character at `at` stands in the revision's text."""
        words, revision = self.runs[bisect_right(self.runs, at, key=lambda run: run[0]) - 1]
        return revision + at - words


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence and the marks that fall to it, each with the offset in the sentence at which it stood."""

    words: _Words
    start: int
    end: int
    marks: list[tuple[int, Mark]] = field(default_factory=list)

    @property
    def length(self) -> int:
        return self.end - self.start


def extract(draft: Draft, layout: Layout | None = None) -> Extraction:
    """Give the claims of a draft in document order. Without `layout` the document's own marks decide, and `layout_why` says how."""
    marks = _all_marks(draft)
    blocks = [_words_of(draft.text, block, marks_between(marks, block.start, block.end)) for block in draft.blocks]
    taken, why = (layout, AS_ASKED) if layout else _layout_of([b for b in blocks if b.block.kind.holds_claims])
    sentences, orphans = _place(blocks, taken, draft.language or guess_language(draft.text))
    skipped = Counter(str(b.block.kind) for b in blocks if not b.block.kind.holds_claims)
    return Extraction(
        layout=taken,
        layout_why=why,
        claims=_with_cover([_claim(draft.text, ordinal, sentence) for ordinal, sentence in enumerate(sentences, 1)]),
        orphans=tuple(OrphanMarker(m.start, m.end, draft.text[m.start : m.end], m.kind, m.labels, why) for m, why in orphans),
        skipped=dict(sorted(skipped.items())),
    )


def _layout_of(blocks: Sequence[_Words]) -> tuple[Layout, str]:
    """Decide which way the markers of a document point, and say why.

    A paragraph that opens with a marker and goes on with words speaks for `leading`; one that ends with a marker, or is nothing but
    markers, speaks for `trailing`. A draw leaves it at `trailing`, as running text has it.
    """
    marked = [(b, [at for at, mark in b.marks if mark.kind in _SPEAKS]) for b in blocks]
    opened = sum(bool(b.text and offsets and offsets[0] == 0) for b, offsets in marked)
    closed = sum(bool(b.text and offsets and offsets[-1] >= len(b.text.rstrip(_TRAILING_PUNCTUATION)) > 0) for b, offsets in marked)
    alone = sum(bool(offsets and not b.text) for b, offsets in marked)
    why = f"{opened} of {len(blocks)} paragraphs open with a marker, {closed} end with one"
    if alone:
        why += f", {alone} hold nothing else"
    return (Layout.LEADING if opened > closed + alone else Layout.TRAILING), why


def _all_marks(draft: Draft) -> list[Mark]:
    """All marks of a draft, in order: those that its format names, and the printed ones between them."""
    named = sorted((mark for block in draft.blocks for mark in block.marks), key=lambda mark: mark.start)
    starts = [mark.start for mark in named]
    ends = [mark.end for mark in named]
    if draft.names_markers:
        return named
    printed = [m for m in printed_marks(draft.text) if bisect_right(ends, m.start) == bisect_left(starts, m.end)]
    return sorted((*named, *printed), key=lambda mark: mark.start) if named else printed


def _words_of(text: str, block: Block, marks: Sequence[Mark]) -> _Words:
    """Take the marks off a block and fold its white space. White space before a marker goes with it where punctuation follows."""
    pieces: list[str] = []
    runs: list[tuple[int, int]] = []
    places: list[tuple[int, Mark]] = []
    length, reached, spaced, crossed = 0, block.start, False, False
    for start, end, mark in _between(block, marks):
        for found in _STRETCH.finditer(text, start, end):
            stretch = found[0]
            spaced |= found.start() > reached
            if pieces and spaced and not (crossed and stretch[0] in _CLOSES_UP):
                pieces.append(" ")
                length += 1
            runs.append((length, found.start()))
            pieces.append(stretch)
            length += len(stretch)
            reached, spaced, crossed = found.end(), False, False
        if mark:
            places.append((length, mark))
            spaced |= end > reached
            reached, crossed = min(mark.end, block.end), True
    return _Words(block, "".join(pieces), tuple(runs), tuple(places))


def _between(block: Block, marks: Sequence[Mark]) -> Iterator[tuple[int, int, Mark | None]]:
    """The stretches of a block between its marks, each with the mark that ends it."""
    at = block.start
    for mark in marks:
        yield at, max(at, mark.start), mark
        at = max(at, min(mark.end, block.end))
    yield at, block.end, None


def _place(blocks: Sequence[_Words], layout: Layout, language: str) -> tuple[list[_Sentence], list[tuple[Mark, str]]]:
    """Split every block that holds claims, and give each mark to its sentence; those that find none come second, each with the reason."""
    sentences: list[_Sentence] = []
    orphans: list[tuple[Mark, str]] = []
    waiting: list[Mark] = []  # under `leading`: the markers of a paragraph that is nothing else, for the next one
    before: _Sentence | None = None  # under `trailing`: the last sentence that a marker at a paragraph's start can reach
    for words in blocks:
        speaking = [(at, mark) for at, mark in words.marks if mark.kind in _SPEAKS]
        if not words.block.kind.holds_claims:
            if words.block.kind is not BlockKind.REFERENCE_LIST:
                orphans.extend((mark, f"it stands in a {words.block.kind}") for _, mark in speaking)
            before = None
            continue
        own = [
            _Sentence(words, start, end)
            for start, end in split_sentences(words.text, language=language, marks={at for at, _ in words.marks})
        ]
        opening = [mark for at, mark in speaking if not own or at <= own[0].start]
        for at, mark in speaking[len(opening) :]:
            sentence = own[bisect_left(own, at, key=lambda s: s.start) - 1]
            sentence.marks.append((min(at, sentence.end) - sentence.start, mark))
        if layout is Layout.TRAILING:
            _give_back(opening, before, orphans)
        elif own:
            own[0].marks[:0] = [(0, mark) for mark in (*waiting, *opening)]
            waiting = []
        else:
            waiting.extend(opening)
        sentences.extend(own)
        before = own[-1] if own else before
    orphans.extend((mark, "no sentence follows it") for mark in waiting)
    return sentences, orphans


def _give_back(opening: list[Mark], before: _Sentence | None, orphans: list[tuple[Mark, str]]) -> None:
    """Give the markers that open a paragraph to the last sentence before it."""
    if before is None:
        orphans.extend((mark, "no sentence stands before it") for mark in opening)
    else:
        before.marks.extend((before.length, mark) for mark in opening)


def _claim(text: str, ordinal: int, sentence: _Sentence) -> Claim:
    words = sentence.words
    return Claim(
        ordinal=ordinal,
        text=words.text[sentence.start : sentence.end],
        start=words.in_revision(sentence.start),
        end=words.in_revision(sentence.end - 1) + 1,
        paragraph_start=words.block.start,
        paragraph_end=words.block.end,
        section=words.block.section,
        citations=tuple(_citations(sentence)),
        tags=tuple(
            CleanupTag(m.labels[0], m.start, m.end, text[m.start : m.end], m.date, m.reason)
            for _, m in sentence.marks
            if m.kind is MarkKind.TAG
        ),
    )


def _citations(sentence: _Sentence) -> Iterator[Citation]:
    """Each label with the words it covers: from the sentence's start, or the marker before it, to itself; a leading one covers them all."""
    text = sentence.words.text[sentence.start : sentence.end]
    edge = reached = 0
    for at, mark in sentence.marks:
        if at > reached:
            edge, reached = reached, at
        if mark.kind is MarkKind.TAG:
            continue
        covers_start, covers_end = (edge, at) if at else (0, len(text))
        covers_start += len(text[covers_start:covers_end]) - len(text[covers_start:covers_end].lstrip())
        for label in mark.labels:
            yield Citation(label, mark.start, mark.end, covers_start, covers_end, mark.kind, mark.locator)


def _with_cover(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Mark the claims without a citation of their own that a later one of the same paragraph covers."""
    marked: list[Claim] = []
    paragraph = -1
    cited = False
    for claim in reversed(claims):
        if claim.paragraph_start != paragraph:
            paragraph, cited = claim.paragraph_start, False
        own = bool(claim.citation_labels)
        marked.append(replace(claim, covered=True) if cited and not own else claim)
        cited |= own
    return tuple(reversed(marked))
