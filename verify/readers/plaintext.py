"""Plain and pasted text: paragraphs, wrapped lines, lists, headings as Wikipedia prints them or without `[edit]`, lists of references.

A text says nothing of its structure, so it is guessed from the shape of lines and of the whole: where one heading has its `[edit]`, no line
without it is one; where every paragraph is a single sentence (a pasted list of claims), a short line is a claim and not a heading.
Markers are left where they stand: `claims.markers` finds them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from verify.model import Block, BlockKind, Draft, Reference

from .headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name

_EDIT = re.compile(
    r"\s*\[ ?(?:edit|bearbeiten|modifier|editar|modifica|bewerken|edytuj|править|ред\.|编辑|編集|편집|عدل|עריכה)[^\[\]]{0,60}\]\s*$",
    re.IGNORECASE,
)
_MARKUP_HEADING = re.compile(r"(={2,6})\s*(\S.*?)\s*\1|#{1,6}\s+(\S.*?)\s*#*")
_RULE = re.compile(r"(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,})")
_BULLET = re.compile(r"(?:[-*•–‣◦·▪]|\(?[a-z]\))\s+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_ENTRY = re.compile(r"(?:\[\^?(\w{1,12})\]:?|(\d{1,4})[.):]|\^)\s*(?=\S)")
_LEADING_MARKERS = re.compile(r"(?:\[[^\[\]]{1,40}\]\s*)+")
_TRAILING_MARKERS = re.compile(r"(?:\s*(?:\[[^\[\]]{1,40}\]|【[^【】]{1,40}】|[¹²³⁴-⁹⁰]+))+\s*$")
_STOPPED = re.compile(r"[.!?:;,…。！？：；।॥؟۔։][\"'”’»)\]）」』]*$")
_INNER_STOP = re.compile(r"[a-zà-ÿ0-9)\]\"”][.!?][\"'”’»)]*\s+[\"'“‘«(]?[A-ZÀ-Þ]|[。！？]\s*\S")
_URL = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+")
_BIBLIOGRAPHIC = re.compile(
    r"https?://|www\.|\bdoi\b|\b10\.\d{4,9}/|\bISBN\b|\bISSN\b|\(\d{4}[a-z]?\)|\(\d{4}-\d\d|\bretrieved\b|\baccessed\b|\bpp?\. ?\d|\bvol\. ?\d"
    r"|\b\d{1,2} \w+ (?:19|20)\d\d\b|^\W*[^\W\d_][\w'’-]+, (?:[A-Z]\.|[A-Z]\w+\b)",
    re.IGNORECASE,
)
_FEWEST_CLAIMS = 4
_LONGEST_HEADING = 100
_LONGEST_TITLE = 200
_MOST_HEADING_WORDS = 12
_WIDEST_WRAP = 132
"""Text wrapped by programs and mail is at most this wide; longer lines are paragraphs of their own."""
_NARROWEST_WRAP = 50


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines between blank lines. `kind` is what the group as a whole is taken for, None where its lines decide."""

    lines: tuple[_Line, ...]
    heading: bool = False

    @property
    def first(self) -> str:
        return self.lines[0].text

    @property
    def is_short_line(self) -> bool:
        """One unfinished line, as headings are; so are the items of a list."""
        text = self.first
        if len(self.lines) > 1 or len(text) > _LONGEST_HEADING or len(text.split()) > _MOST_HEADING_WORDS:
            return False
        return not (_STOPPED.search(text) or _LEADING_MARKERS.match(text) or _TRAILING_MARKERS.search(text) or _BULLET.match(text))

    @property
    def is_running(self) -> bool:
        """Ends as a sentence does."""
        return bool(_STOPPED.search(_TRAILING_MARKERS.sub("", self.lines[-1].text)))


def read(text: str) -> Draft:
    """Give the blocks of a text, its title and its reference list. Never fails: any text is some paragraphs."""
    groups = _with_headings(_groups(text))
    title = _title(groups)
    blocks = [Block(BlockKind.TITLE, title.start, title.end)] if title else []
    rest = (
        groups[1:]
        if title and len(groups[0].lines) == 1
        else ([replace(groups[0], lines=groups[0].lines[1:]), *groups[1:]] if title else groups)
    )
    blocks.extend(_blocks(rest))
    return Draft(text=text, blocks=tuple(blocks), title=title.text if title else "", references=_references(text, blocks))


def _groups(text: str) -> list[_Group]:
    lines, at = [], 0
    for printed in text.split("\n"):
        words = printed.strip()
        start = at + len(printed) - len(printed.lstrip()) if words else at
        lines.append(_Line(start, start + len(words), words))
        at += len(printed) + 1
    return [_Group(tuple(group)) for filled, group in groupby(lines, key=lambda line: bool(line.text)) if filled]


def _with_headings(groups: list[_Group]) -> list[_Group]:
    """Find the headings that nothing marks: one or two short lines alone, and something after them. Three in a row are a list."""
    if any(_EDIT.search(line.text) for group in groups for line in group.lines) or _is_claim_list(groups):
        return groups
    groups = [part for group in groups for part in _parted(group)]
    marked: list[_Group] = []
    for short, run in groupby(groups, key=lambda group: group.is_short_line):
        members = list(run)
        most = 2 if marked else 3  # the title stands above the first ones
        if short and len(members) <= most and len(marked) + len(members) < len(groups):
            members = [replace(group, heading=True) for group in members]
        marked.extend(members)
    return marked


def _parted(group: _Group) -> list[_Group]:
    """Set a short unfinished line apart from the finished ones that it stands above, or below, without a blank line between."""
    lines = [_Group((line,)) for line in group.lines]
    if len(lines) > 1 and lines[0].is_short_line and ": " not in group.first and all(line.is_running for line in lines[1:]):
        return [lines[0], _Group(group.lines[1:])]
    if len(lines) > 2 and lines[-1].is_short_line and all(line.is_running for line in lines[:-1]):  # noqa: PLR2004
        return [_Group(group.lines[:-1]), lines[-1]]
    return [group]


def _is_claim_list(groups: Sequence[_Group]) -> bool:
    """Whether the text is one sentence a paragraph, as a pasted list of claims is."""
    running = [group for group in groups if group.is_running]
    single = sum(len(group.lines) == 1 and not _INNER_STOP.search(group.first) for group in running)
    return len(running) >= _FEWEST_CLAIMS and single >= 0.9 * len(running)


def _title(groups: Sequence[_Group]) -> _Line | None:
    """The first line, where it stands alone, is unfinished, and something follows it."""
    if not groups:
        return None
    first = groups[0].lines[0]
    if len(groups[0].lines) > 1 and not _RULE.fullmatch(groups[0].lines[1].text):
        return None
    marked = _LEADING_MARKERS.match(first.text) or _TRAILING_MARKERS.search(first.text) or _EDIT.search(first.text)
    if marked or _STOPPED.search(first.text) or _BULLET.match(first.text) or section_name(first.text) in REFERENCE_HEADINGS:
        return None
    follows = len(groups) > 1 or len(groups[0].lines) > 1
    return first if follows and len(first.text) <= _LONGEST_TITLE and not _MARKUP_HEADING.fullmatch(first.text) else None


def _blocks(groups: Sequence[_Group]) -> Iterator[Block]:
    """Walk the groups, keeping the section that each block stands in."""
    section, kind = "", BlockKind.PARAGRAPH
    for group in groups:
        lines = list(group.lines)
        if kind is not BlockKind.PARAGRAPH and _resumes(group, kind):
            section, kind = "", BlockKind.PARAGRAPH
        held: list[_Line] = []
        while lines:
            heading, used = _heading(lines, group, kind)
            if not used:
                held.append(lines.pop(0))
                continue
            yield from _body(held, section, kind)
            held = []
            if heading:
                section, kind = heading, _kind_under(heading)
                yield Block(BlockKind.HEADING, lines[0].start, lines[0].end, section)
            del lines[:used]
        yield from _body(held, section, kind)


def _heading(lines: Sequence[_Line], group: _Group, kind: BlockKind) -> tuple[str, int]:
    """Give the heading that the first line is and how many lines it takes; ("", 1) for a rule, ("", 0) for text."""
    text = lines[0].text
    if _RULE.fullmatch(text):
        return "", 1
    markup = _MARKUP_HEADING.fullmatch(text)
    underlined = len(lines) > 1 and re.fullmatch("={3,}|-{3,}|~{3,}", lines[1].text) is not None and len(text) <= _LONGEST_HEADING
    edit = _EDIT.search(text)
    name = (markup[2] or markup[3]) if markup else text[: edit.start()] if edit else text
    alone = section_name(name) in REFERENCE_HEADINGS | SIDE_HEADINGS and (lines[0] is group.lines[0] or kind is not BlockKind.PARAGRAPH)
    if markup or edit or underlined or group.heading or alone:
        return name.strip().rstrip(":").strip(), 2 if underlined else 1
    return "", 0


def _kind_under(heading: str) -> BlockKind:
    """What a section holds, by its name: references, lists of links, or text."""
    name = section_name(heading)
    return BlockKind.REFERENCE_LIST if name in REFERENCE_HEADINGS else BlockKind.LINK_LIST if name in SIDE_HEADINGS else BlockKind.PARAGRAPH


def _resumes(group: _Group, kind: BlockKind) -> bool:
    """Whether a group after a list of references is text again: a finished sentence that no entry looks like."""
    text = group.first
    if kind is BlockKind.LINK_LIST or _ENTRY.match(text) or _BULLET.match(text) or _BIBLIOGRAPHIC.search(text):
        return False
    return group.is_running and len(text.split()) >= 8 and text[:1].isalpha()  # noqa: PLR2004 - shorter lines may be titles of works


def _body(lines: Sequence[_Line], section: str, kind: BlockKind) -> Iterator[Block]:
    """Blocks of lines without a heading among them: one wrapped paragraph, list items, entries, or a paragraph a line."""
    if not lines:
        return
    if kind is not BlockKind.PARAGRAPH:
        yield from (Block(kind, line.start, line.end, section) for line in lines)
    elif _is_reference_run(lines):
        yield from (Block(BlockKind.REFERENCE_LIST, line.start, line.end, section) for line in lines)
    elif any(_BULLET.match(line.text) for line in lines) or _is_numbered(lines):
        yield from _items(lines, section)
    elif _is_wrapped(lines):
        yield Block(BlockKind.PARAGRAPH, lines[0].start, lines[-1].end, section)
    else:
        yield from (Block(BlockKind.PARAGRAPH, line.start, line.end, section) for line in lines)


def _items(lines: Sequence[_Line], section: str) -> Iterator[Block]:
    """List items without their bullets; a line without one goes on with the item before it, or is a paragraph when it is the first."""
    numbered = _is_numbered(lines)
    items: list[Block] = []
    for line in lines:
        bullet = _BULLET.match(line.text) or (_NUMBERED.match(line.text) if numbered else None)
        if bullet:
            items.append(Block(BlockKind.LIST_ITEM, line.start + bullet.end(), line.end, section))
        elif items and items[-1].kind is BlockKind.LIST_ITEM and line.text[:1].islower():
            items[-1] = replace(items[-1], end=line.end)
        else:
            items.append(Block(BlockKind.PARAGRAPH, line.start, line.end, section))
    yield from items


def _is_numbered(lines: Sequence[_Line]) -> bool:
    """Whether lines count up (`1.` `2.`), so that their numbers are no text; "12. May was cold." alone is a sentence."""
    numbers = [int(found[1]) for line in lines if (found := _NUMBERED.match(line.text))]
    return numbers[:1] == [1] or any(b == a + 1 for a, b in pairwise(numbers))


def _is_reference_run(lines: Sequence[_Line]) -> bool:
    """Whether lines without a heading are entries of a reference list: numbered, counting up, and most of them look like a work."""
    entries = [found for line in lines if (found := _ENTRY.match(line.text))]
    numbers = [int(n) for found in entries if (n := found[1] or found[2] or "").isdecimal()]
    if len(entries) < len(lines) or any(b <= a for a, b in pairwise(numbers)):
        return False
    if len(lines) == 1:
        rest = lines[0].text[entries[0].end() :]
        return bool(_URL.match(rest)) and " " not in rest.strip()
    works = sum(bool(_BIBLIOGRAPHIC.search(line.text[found.end() :])) for line, found in zip(lines, entries, strict=True))
    return works >= 0.6 * len(lines)


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Whether line ends are only where the paper ended: each next word would not have fitted, and some break falls inside a sentence."""
    width = max(len(line.text) for line in lines)
    if len(lines) == 1 or not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return len(lines) == 1
    goes_on = [b.text[:1].islower() for _, b in pairwise(lines)]
    if not any(goes_on) and len(lines) == 2:  # noqa: PLR2004
        return False
    full = all(len(a.text) + 1 + len(b.text.split(maxsplit=1)[0]) > width - 2 for a, b in pairwise(lines))
    unfinished = any(not _STOPPED.search(line.text) for line in lines[:-1])
    return (full and unfinished) or sum(goes_on) * 2 > len(goes_on)


def _references(text: str, blocks: Sequence[Block]) -> tuple[Reference, ...]:
    """The entries of the reference lists: label as printed or else counted, text without its label, first URL."""
    references: dict[str, Reference] = {}
    for block in blocks:
        if block.kind is not BlockKind.REFERENCE_LIST:
            continue
        printed = text[block.start : block.end]
        entry = _ENTRY.match(printed)
        label = (entry[1] or entry[2] or "") if entry else ""
        words = printed[entry.end() :].removeprefix("^").strip() if entry else printed
        url = found[0].rstrip(".,;)") if (found := _URL.search(words)) else ""
        label = label or str(len(references) + 1)
        references.setdefault(label, Reference(label, words, url))
    return tuple(references.values())
