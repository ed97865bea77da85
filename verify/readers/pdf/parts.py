"""From a PDF's paragraphs to a draft: which are headings, items, captions, notes and entries of the reference list, by their looks and words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from verify.model import Block, BlockKind, Draft, Mark, MarkKind, Reference
from verify.readers.headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name
from verify.readers.references import entry_label, reference_of

from .layout import Line
from .paragraphs import Printed, body_size, joined, paragraphs_of, write

_BETWEEN = "\n\n"
_LARGER = 1.08
_SMALLER = 0.94
_LONGEST_HEADING = 160
_LONGEST_TITLE = 300
_MOST_HEADING_WORDS = 14
_UNFINISHED = re.compile(r"[\w)\]\"”’»]$")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,7})$")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.)\s+[A-ZÀ-Þ]")
_CAPTION = re.compile(
    r"(?:fig(?:ure|ura|\.)|table|tab\.|abb(?:ildung|\.)|tabelle|tableau|tabla|рис\.|图|表)\s?\d{1,3}\w?\s?[.:|–—-]", re.IGNORECASE
)
_BULLET = re.compile(r"(?:[•‣◦▪·∙●○■–]\s?|[*-]\s+)(?=\S)")
_NOTE = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\d{1,3}(?=[ .)])|[*†‡§]{1,3})[.)]?\s?(?=\S)")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CALL = re.compile(r"(?<=[.,;:!?)\]}»”’\"'%…\w])(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[*†‡§]{1,3})(?!\w)")
_SHORT_WORD = re.compile(r"(?:^|[^\w])[^\W_]{1,2}$")
"""Before a raised digit: a unit or a variable, "km" or "x", and the digit a power."""


@dataclass(slots=True)
class _Part:
    """A paragraph and what it is; `label` and `words` are a note's or an entry's."""

    kind: BlockKind
    printed: Printed
    text: str
    label: str = ""
    words: str = ""
    lost: int = 0
    """How many characters were taken off its front (a bullet)."""


@dataclass(slots=True)
class _Written:
    """A text under way."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    page: int = 0
    section: str = ""


def draft_of(lines: Sequence[Line]) -> Draft:
    """Make a draft of a document's lines. Its title is the largest text at the head of the first page."""
    size = body_size(lines)
    rights: dict[int, float] = {}
    for line in lines:
        rights[line.column] = max(rights.get(line.column, 0.0), line.right)
    running, notes = _parted(paragraphs_of(lines), size)
    running = joined(running, rights)
    write([*running, *notes])
    parts = _classified(running, size)
    entries = [part for part in parts if part.kind is BlockKind.REFERENCE_LIST]
    _label(entries)
    calls = {part.label: part for part in map(_note_part, notes)}
    # Where the list of references is numbered too, a note is called something else.
    clash = {entry.label for entry in entries} & calls.keys()
    names = {label: f"note {label}" if clash else label for label in calls}
    written = _Written()
    for part in (*parts, *calls.values()):
        _write_part(written, part, names)
    titles = (part.text for part in parts if part.kind is BlockKind.TITLE)
    references: dict[str, Reference] = {}
    for label, words in (*((e.label, e.words) for e in entries), *((names[n.label], n.words) for n in calls.values())):
        references.setdefault(label, reference_of(label, words))
    return Draft(
        text=_BETWEEN.join(written.pieces),
        blocks=tuple(written.blocks),
        title=" ".join(next(titles, "").split()),
        references=tuple(references.values()),
    )


def _parted(paragraphs: Sequence[Printed], size: float) -> tuple[list[Printed], list[Printed]]:
    """Part the running text from the footnotes: the small paragraphs at the foot of a column, from the first that opens with a note's mark."""
    running: list[Printed] = []
    notes: list[Printed] = []
    for _, column in groupby(paragraphs, key=lambda p: p.lines[0].column):
        members = list(column)
        foot = list(takewhile(lambda p: p.size < _SMALLER * size, reversed(members)))[::-1]
        first = next((at for at, p in enumerate(foot) if _NOTE.match(p.lines[0].text)), len(foot))
        running.extend(members[: len(members) - len(foot) + first])
        for paragraph in foot[first:]:
            if _NOTE.match(paragraph.lines[0].text):
                notes.append(paragraph)
            else:
                notes[-1].lines.extend(paragraph.lines)
    return running, notes


def _note_part(note: Printed) -> _Part:
    found = _NOTE.match(note.text)
    label = found[1].translate(_LOWERED) if found else ""
    return _Part(BlockKind.REFERENCE_LIST, note, note.text, label, note.text[found.end() :] if found else note.text)


def _classified(paragraphs: Sequence[Printed], size: float) -> list[_Part]:
    """Say of every paragraph what it is; what stands under a heading of references or links is an entry there."""
    parts: list[_Part] = []
    under = BlockKind.PARAGRAPH
    title = _title(paragraphs, size)
    for paragraph in paragraphs:
        kind = BlockKind.TITLE if paragraph is title else _kind(paragraph, size, listed=under is BlockKind.REFERENCE_LIST)
        if kind is BlockKind.HEADING:
            under = _kind_under(paragraph.text)
        elif kind.holds_claims and under is not BlockKind.PARAGRAPH:
            kind = under
        bullet = _BULLET.match(paragraph.text) if kind is BlockKind.LIST_ITEM else None
        lost = bullet.end() if bullet else 0
        parts.append(_Part(kind, paragraph, paragraph.text[lost:], lost=lost))
    return parts


def _title(paragraphs: Sequence[Printed], size: float) -> Printed | None:
    """The largest text before the first paragraph of the first page, where it is larger than the body's."""
    head = takewhile(lambda p: p.lines[0].page == paragraphs[0].lines[0].page and len(p.text) <= _LONGEST_TITLE, paragraphs)
    named = [p for p in head if _kind_under(p.text) is BlockKind.PARAGRAPH]
    largest = max(named, key=lambda p: p.size, default=None)
    return largest if largest and largest.size > _LARGER * size else None


def _kind(paragraph: Printed, size: float, *, listed: bool) -> BlockKind:
    """What a paragraph is by itself; `listed`: it stands in a list of references, whose entries may look like headings."""
    text = paragraph.text
    if paragraph.is_table:
        return BlockKind.TABLE
    if _LEADERS.search(text):
        return BlockKind.LINK_LIST
    if _CAPTION.match(text):
        return BlockKind.CAPTION
    if _BULLET.match(text):
        return BlockKind.LIST_ITEM
    return BlockKind.HEADING if _is_heading(paragraph, size, listed=listed) else BlockKind.PARAGRAPH


def _is_heading(paragraph: Printed, size: float, *, listed: bool) -> bool:
    """Whether a paragraph is short, unfinished, and set off: larger, bold, in capitals, numbered, or named as lists of references are."""
    text = paragraph.text
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS or not any(map(str.isalpha, text)):
        return False
    if _kind_under(text) is not BlockKind.PARAGRAPH:
        return True
    if not _UNFINISHED.search(text) or text[:1].islower():
        return False
    if paragraph.size > _LARGER * size or paragraph.bold:
        return True
    capitals = text.isupper() and sum(map(str.isalpha, text)) * 2 > len(text)
    return not listed and (capitals or (bool(_NUMBERED.match(text)) and len(paragraph.lines) == 1))


def _kind_under(heading: str) -> BlockKind:
    name = section_name(heading)
    return BlockKind.REFERENCE_LIST if name in REFERENCE_HEADINGS else BlockKind.LINK_LIST if name in SIDE_HEADINGS else BlockKind.PARAGRAPH


def _label(entries: Sequence[_Part]) -> None:
    """Give entries the label that they print, or their place in the list."""
    for at, entry in enumerate(entries, 1):
        label, words = entry_label(entry.text)
        entry.label, entry.words = label or str(at), words


def _write_part(written: _Written, part: _Part, names: dict[str, str]) -> None:
    """Add a block, with marks where a page begins in it and where it calls a note."""
    if not part.text.strip():
        return
    start = written.length
    marks: list[Mark] = []
    for offset, page in part.printed.pages:
        if page != written.page:
            at = start + max(0, offset - part.lost)
            marks.append(Mark(at, at, MarkKind.PAGE, (str(page),)))
            written.page = page
    if part.kind is not BlockKind.REFERENCE_LIST:
        marks.extend(_calls(part.text, start, names))
    if part.kind is BlockKind.HEADING:
        written.section = " ".join(part.text.split())
    written.blocks.append(Block(part.kind, start, start + len(part.text), written.section, tuple(sorted(marks, key=lambda m: m.start))))
    written.pieces.append(part.text)
    written.length += len(part.text) + len(_BETWEEN)


def _calls(text: str, start: int, names: dict[str, str]) -> Iterator[Mark]:
    """Where the document's own notes are called."""
    for found in _CALL.finditer(text):
        label = found[0].translate(_LOWERED)
        if label in names and not _SHORT_WORD.search(text[max(0, found.start() - 3) : found.start()]):
            kind = MarkKind.CITATION if names[label] == label else MarkKind.NOTE
            yield Mark(start + found.start(), start + found.end(), kind, (names[label],))
