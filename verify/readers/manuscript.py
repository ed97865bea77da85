"""A text as a word processor keeps it, on its way to a draft: paragraphs of pieces, notes, and works that reference managers cite.

The readers of DOCX and ODT both end here. What a marker is called can only be said when the whole has been seen: a numeric style prints `[1]`
for a work, and then footnote 1 must be called something else.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from verify.model import BlockKind, Draft, MarkKind, Reference

from .building import DraftText
from .citation_codes import CitedWork, described, key_of
from .headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name
from .references import entry_label, reference_of

_TYPED = re.compile(r"\[(\d{1,3})(?:\s?[,;–-]\s?\d{1,3})*\]")
_PRINTED_NUMBERS = re.compile(r"\d{1,3}(?:[,;-]\d{1,3})*")
_NUMBER_WITH_PLACE = re.compile(r"(\d{1,3})[,:;].{1,40}")
_NOT_OF_NUMBERS = re.compile(r"[\s\[\]()]+")
_FOLDED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻‐‑‒–—−", "0123456789" + "-" * 7)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARKS = re.compile(r"[\d\s,;–-]+")
_BRACKETED = re.compile(r"\[[⁰¹²³⁴-⁹\s,;–-]+\]")
"""Brackets that a program has set in runs of their own."""
_WIDEST_RANGE = 100
_UNFINISHED = re.compile(r"[^.!?:;,…。！？：；।؟۔]$")
_LONGEST_HEADING = 100
_MOST_HEADING_WORDS = 12
_SHORTEST_TITLE = 12
"""Letters and digits of a work's title that its entry must have in common with it to be taken for its own."""
_NOT_OF_A_TITLE = re.compile(r"[\W_]+")
_UNKNOWN_LEVEL = 1


@dataclass(frozen=True, slots=True)
class NoteMark:
    """Where the note of this name is called."""

    note: str


@dataclass(frozen=True, slots=True)
class CitedMark:
    """A citation as printed, and the works that it cites."""

    printed: str
    works: tuple[CitedWork, ...]


Piece = str | NoteMark | CitedMark


@dataclass(slots=True)
class Paragraph:
    """A paragraph. `level` is a heading's; `numbered`: the program prints a number before it; `listed`: it stands in a bibliography that a
    reference manager made; `bold`: all of it is."""

    kind: BlockKind = BlockKind.PARAGRAPH
    pieces: list[Piece] = field(default_factory=list)
    level: int = 0
    urls: list[str] = field(default_factory=list)
    numbered: bool = False
    listed: bool = False
    bold: bool = False

    @property
    def text(self) -> str:
        """Its words, citations as printed and notes left out."""
        return "".join(piece if isinstance(piece, str) else piece.printed for piece in self.pieces if not isinstance(piece, NoteMark))

    @property
    def works(self) -> tuple[CitedWork, ...]:
        """The works that it cites, in order."""
        return tuple(work for piece in self.pieces if isinstance(piece, CitedMark) for work in piece.works)


@dataclass(slots=True)
class Manuscript:
    """A whole text: its paragraphs, and by their names (as the program prints them) its notes, each in one paragraph."""

    paragraphs: list[Paragraph]
    notes: dict[str, Paragraph] = field(default_factory=dict)
    title: str = ""
    remarks: list[str] = field(default_factory=list)


def raised(text: str) -> str:
    """Digits as they look when they are set high; "m2" is read "m²" then, and a citation number as one. What has other signs stays as it is."""
    return text.translate(_RAISED) if _MARKS.fullmatch(text) else text


def draft_of(manuscript: Manuscript) -> Draft:
    """Write a manuscript down: find headings that nothing marks, name the marks, and pair works and notes with their entries."""
    paragraphs = list(_classified([p for p in manuscript.paragraphs if p.text.strip() or p.pieces]))
    entries = _entries(paragraphs)
    labels = _labels([piece for p in (*paragraphs, *manuscript.notes.values()) for piece in p.pieces if isinstance(piece, CitedMark)])
    taken = {label for label, _ in entries if label} & _typed_numbers(paragraphs)
    apart = bool(taken) or any(label.isdecimal() for label in labels.values())
    names = {note: f"note {note}" if apart else note for note in manuscript.notes}
    draft = DraftText()
    for paragraph in paragraphs:
        draft.open(paragraph.kind)
        _write(draft, paragraph, labels, names, MarkKind.NOTE if apart else MarkKind.CITATION)
    draft.close()
    draft.section = ""
    for note, paragraph in manuscript.notes.items():
        draft.open(BlockKind.REFERENCE_LIST)
        draft.write(f"[{names[note]}] {paragraph.text.strip()}")
    text, blocks = draft.finish()
    return Draft(
        text=text,
        blocks=blocks,
        title=_title(paragraphs, manuscript.title),
        references=tuple(_references(manuscript, names, labels, entries)),
        remarks=tuple(manuscript.remarks),
    )


def _title(paragraphs: Sequence[Paragraph], given: str) -> str:
    """The paragraph set as the title, else the name in the file's properties, else the heading that the text opens with."""
    titles = (p for p in paragraphs if p.kind is BlockKind.TITLE)
    first = paragraphs[0] if paragraphs and paragraphs[0].kind is BlockKind.HEADING else Paragraph()
    return " ".join((next(titles, Paragraph()).text.strip() or given.strip() or first.text).split())


def _classified(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Say of every paragraph what it is: a heading by its look or name, an entry of a list by the heading above it."""
    under, level = BlockKind.PARAGRAPH, 0
    for at, paragraph in enumerate(paragraphs):
        follows = at + 1 < len(paragraphs) and not paragraphs[at + 1].bold
        if paragraph.kind is BlockKind.PARAGRAPH and not paragraph.listed and _is_heading(paragraph, follows=follows):
            paragraph.kind, paragraph.level = BlockKind.HEADING, _UNKNOWN_LEVEL
        if paragraph.kind is BlockKind.HEADING:
            named = _kind_under(paragraph.text)
            if named is not BlockKind.PARAGRAPH or paragraph.level <= level:
                under, level = named, paragraph.level
        elif paragraph.listed:
            paragraph.kind = BlockKind.REFERENCE_LIST
        elif paragraph.kind.holds_claims and under is not BlockKind.PARAGRAPH:
            paragraph.kind = under
        yield paragraph


def _is_heading(paragraph: Paragraph, *, follows: bool) -> bool:
    """Whether a plain paragraph is a heading: the name of a list of references or links, or a short unfinished line all in bold."""
    text = paragraph.text.strip()
    if len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS or not follows or paragraph.works:
        return False
    return _kind_under(text) is not BlockKind.PARAGRAPH or (paragraph.bold and bool(_UNFINISHED.search(text)))


def _kind_under(heading: str) -> BlockKind:
    name = section_name(heading)
    return BlockKind.REFERENCE_LIST if name in REFERENCE_HEADINGS else BlockKind.LINK_LIST if name in SIDE_HEADINGS else BlockKind.PARAGRAPH


def _entries(paragraphs: Sequence[Paragraph]) -> list[tuple[str, Paragraph]]:
    """The entries of the reference lists, each with the number that it prints or that its place in a numbered list gives it, or ""."""
    entries: list[tuple[str, Paragraph]] = []
    counted = 0
    for paragraph in paragraphs:
        if paragraph.kind is BlockKind.REFERENCE_LIST:
            counted += paragraph.numbered
            entries.append((entry_label(paragraph.text)[0] or (str(counted) if paragraph.numbered else ""), paragraph))
    return entries


def _typed_numbers(paragraphs: Sequence[Paragraph]) -> set[str]:
    """Citation numbers that are typed into the text rather than made by a program."""
    words = ("".join(piece for piece in p.pieces if isinstance(piece, str)) for p in paragraphs if p.kind.holds_claims)
    return {found[1] for text in words for found in _TYPED.finditer(text)}


def _labels(marks: Sequence[CitedMark]) -> dict[str, str]:
    """Call every work cited, by its identity, by the number that the style prints for it, else by its key, each by another.

    Of several works in one citation those already met have their numbers; the others got theirs in the order in which they stand.
    """
    labels: dict[str, str] = {}
    for mark in marks:
        numbers = printed_numbers(mark.printed, len(mark.works))
        new = dict.fromkeys(work.identity for work in mark.works if work.identity not in labels)
        known = {labels.get(work.identity) for work in mark.works}
        free = [number for number in numbers if number not in known]
        labels.update(zip(new, free, strict=False))
    used = Counter(labels.values())
    for work in (work for mark in marks for work in mark.works):
        if work.identity not in labels:
            key = key_of(work)
            used[key] += 1
            labels[work.identity] = key if used[key] == 1 else f"{key}{_letter(used[key])}"
    return labels


def _letter(nth: int) -> str:
    return chr(ord("a") + nth - 1) if nth <= 26 else f"-{nth}"  # noqa: PLR2004 - the alphabet


def printed_numbers(printed: str, works: int) -> tuple[str, ...]:
    """The numbers that a numeric style prints for so many works: "[1, 3-5]", "(2)", "¹,²"; none where it prints anything else."""
    folded = _NOT_OF_NUMBERS.sub("", printed.translate(_FOLDED))
    if works == 1 and (placed := _NUMBER_WITH_PLACE.fullmatch(folded)):
        return (str(int(placed[1])),)
    if not _PRINTED_NUMBERS.fullmatch(folded):
        return ()
    numbers: dict[int, None] = {}
    for part in re.split("[,;]", folded):
        first, last = (int(part.split("-")[at]) for at in (0, -1))
        numbers.update(dict.fromkeys(range(first, min(last, first + _WIDEST_RANGE) + 1)))
    return tuple(map(str, numbers)) if len(numbers) == works else ()


def _write(draft: DraftText, paragraph: Paragraph, labels: Mapping[str, str], names: Mapping[str, str], notes: MarkKind) -> None:
    for piece in _merged(paragraph.pieces):
        if isinstance(piece, str):
            draft.write(_BRACKETED.sub(lambda found: found[0].translate(_LOWERED), piece))
        elif isinstance(piece, NoteMark):
            draft.mark(f"[{names[piece.note]}]", notes, names[piece.note])
        else:
            cited = dict.fromkeys(labels[work.identity] for work in piece.works)
            draft.mark(piece.printed, MarkKind.CITATION, *cited, locator=piece.works[0].locator if len(cited) == 1 else "")


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Pieces with the texts that stand side by side made one."""
    for is_text, run in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if is_text:
            yield "".join(map(str, run))
        else:
            yield from run


def _references(
    manuscript: Manuscript, names: Mapping[str, str], labels: Mapping[str, str], entries: Sequence[tuple[str, Paragraph]]
) -> Iterator[Reference]:
    """One reference a label: works with their entry or in our own words, notes, and the entries that are left."""
    given: set[str] = set()
    left = dict(enumerate(entries))
    folded = {at: _folded(paragraph.text) for at, (_, paragraph) in left.items()}
    works = {work.identity: work for p in (*manuscript.paragraphs, *manuscript.notes.values()) for work in p.works}
    for identity, label in labels.items():
        work = works[identity]
        title = _folded(str(work.csl.get("title", "")))
        own = next((at for at in left if left[at][0] == label or (len(title) >= _SHORTEST_TITLE and title in folded[at])), None)
        entry = left.pop(own)[1] if own is not None else None
        given.add(label)
        words = entry_label(entry.text)[1] if entry else described(work.csl)
        yield reference_of(label, words, urls=entry.urls if entry else (), csl=work.csl)
    for note, paragraph in manuscript.notes.items():
        given.add(names[note])
        csl = paragraph.works[0].csl if len(paragraph.works) == 1 else None
        yield reference_of(names[note], paragraph.text.strip(), urls=paragraph.urls, csl=csl)
    for at, (printed, paragraph) in enumerate(left.values(), 1):
        label = printed or str(at)
        if label not in given:
            given.add(label)
            yield reference_of(label, entry_label(paragraph.text)[1], urls=paragraph.urls)


def _folded(text: str) -> str:
    return _NOT_OF_A_TITLE.sub("", text).casefold()
