"""Plain and pasted text: paragraphs, wrapped lines, lists, headings as Wikipedia prints them or without `[edit]`, lists of references.

A text says nothing of its structure, so it is guessed from the shape of lines and of the whole: where one heading has its `[edit]`, no line
without it is one; where every paragraph is a single sentence (a pasted list of claims), a short line is a claim and not a heading.
Markers are left where they stand: `claims.markers` finds them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from verify.model import Block, BlockKind, Draft

from .headings import HATNOTE, REFERENCE_HEADINGS, SIDE_HEADINGS, section_name
from .references import printed_references

_EDIT = re.compile(
    r"\[ ?(?:edit|bearbeiten|modifier|editar|modifica|bewerken|edytuj|править|ред\.|编辑|編集|편집|عدل|עריכה)[^\[\]]{0,60}\]$",
    re.IGNORECASE,
)
_MARKUP_HEADING = re.compile(r"(={2,6})\s*(\S.*?)\s*\1|#{1,6}\s+(\S.*?)\s*#*")
_UNDERLINE = re.compile("={3,}|-{3,}|~{3,}")
_BULLET = re.compile(r"(?:[-*•–‣◦·▪●○■]|\(?(?:[a-z]|[ivx]{1,5})\)|[ivx]{1,5}\.(?=\s+[A-Z]))\s+(?=\S)")
_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_ENTRY = re.compile(r"(?:\[\^?(\w{1,12})\]:?|(\d{1,4})[.):]|\^)\s*(?=\S)")
_LEADING_MARKERS = re.compile(r"(?:\[[^\[\]]{1,40}\]\s*)+")
_MARKERS_BACKWARDS = re.compile(r"(?:(?:\][^\[\]]{1,40}\[|】[^【】]{1,40}【|[¹²³⁴-⁹⁰]+)\s*)+")
"""Matched against a line turned round: searched for from the front, a long run of markers would be walked from each of its members."""
_STOPPED = re.compile(r"[.!?:;,…。！？：；।॥؟۔։][\"'”’»)\]）」』]*$")
_INNER_STOP = re.compile(r"[a-zà-ÿ0-9)\]\"”][.!?][\"'”’»)]*\s+[\"'“‘«(]?[A-ZÀ-Þ]|[。！？]\s*\S")
_QUOTED = re.compile(r"(?:>\s?)+(?=\S)")
_URL = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+")
_BIBLIOGRAPHIC = re.compile(
    r"https?://|www\.|\bdoi\b|\b10\.\d{4,9}/|\bISBN\b|\bISSN\b|\(\d{4}[a-z]?\)|\(\d{4}-\d\d|\bretrieved\b|\baccessed\b|\bpp?\. ?\d|\bvol\. ?\d"
    r"|\b\d{1,2} \w+ (?:19|20)\d\d\b|\b(?:1[5-9]|20)\d\d;\s?\d|;\s?(?:1[5-9]|20)\d\d\.$|^\W*[^\W\d_][\w'’-]+, (?:[A-Z]\.|[A-Z]\w+\b)",
    re.IGNORECASE,
)
_FEWEST_CLAIMS = 4
_LONGEST_HEADING = 100
_LONGEST_TITLE = 200
_MOST_HEADING_WORDS = 12
_WIDEST_WRAP = 132
"""Text wrapped by programs and mail is at most this wide; longer lines are paragraphs of their own."""
_NARROWEST_WRAP = 50
_NARROWEST_COLUMN = 36
"""Lines between the two may come from a printed column; only where all are full and one goes on in the next are they taken for one."""
_ITEM_END = re.compile(r"[.!?:;…]$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it. `edited`: its edit link stands on the line below, as newer pages of Wikipedia are copied."""

    start: int
    end: int
    text: str
    indent: int = 0
    edited: bool = False


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
        return not (_STOPPED.search(text) or _is_marked(text) or _BULLET.match(text) or _shape(text) or _URL.search(text))

    @property
    def is_running(self) -> bool:
        """Ends as a sentence does."""
        return bool(_STOPPED.search(_unmarked(self.lines[-1].text)))


def _unmarked(line: str) -> str:
    """A line without the markers at its end."""
    found = _MARKERS_BACKWARDS.match(line[::-1])
    return line[: -found.end()] if found else line


def _is_marked(line: str) -> bool:
    """Whether a line opens or ends with something in brackets."""
    return bool(_LEADING_MARKERS.match(line) or _MARKERS_BACKWARDS.match(line[::-1]))


def _is_rule(line: str) -> bool:
    """Whether a line draws a rule or an ornament: two signs or more and no letter or digit."""
    return len(line) > 1 and not any(map(str.isalnum, line))


def _is_list_name(line: str) -> bool:
    """Whether a line is nothing but the name of a list of references or of links."""
    return len(line) <= _LONGEST_HEADING and section_name(line) in REFERENCE_HEADINGS | SIDE_HEADINGS and not line[0].islower()


def _shape(line: str) -> BlockKind | None:
    """What a line is by its own shape, where it is no plain text: quoted, a row of a table, or a note that points elsewhere."""
    if _QUOTED.match(line):
        return BlockKind.QUOTE
    if "\t" in line or (len(line) > 1 and line[0] == line[-1] == "|"):
        return BlockKind.TABLE
    return BlockKind.HATNOTE if HATNOTE.match(line) else None


def read(text: str, _options: object = None) -> Draft:
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
    return Draft(text=text, blocks=tuple(blocks), title=title.text if title else "", references=printed_references(text, blocks))


def _groups(text: str) -> list[_Group]:
    lines: list[_Line] = []
    at = 0
    for printed in text.split("\n"):
        words = printed.strip()
        start = at + len(printed) - len(printed.lstrip()) if words else at
        if _EDIT.fullmatch(words) and (above := _heading_above(lines)) is not None:
            lines[above] = replace(lines[above], edited=True)
            words = ""
        lines.append(_Line(start, start + len(words), words, start - at))
        at += len(printed) + 1
    return [_Group(tuple(group)) for filled, group in groupby(lines, key=lambda line: bool(line.text)) if filled]


def _heading_above(lines: Sequence[_Line]) -> int | None:
    """Which of the last two lines an edit link on a line of its own belongs to."""
    nearest = next((at for at in (len(lines) - 1, len(lines) - 2) if at >= 0 and lines[at].text), None)
    return nearest if nearest is not None and len(lines[nearest].text) <= _LONGEST_HEADING else None


def _with_headings(groups: list[_Group]) -> list[_Group]:
    """Find the headings that nothing marks: one or two short lines alone, and something after them. Three in a row are a list."""
    if any(line.edited or _EDIT.search(line.text) for group in groups for line in group.lines) or _is_claim_list(groups):
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
    """Set short unfinished lines apart from the finished ones that they stand among without a blank line between.

    From the name of a list of references or links on, short lines are entries of it.
    """
    listed = next((at for at, line in enumerate(group.lines) if _is_list_name(line.text)), len(group.lines))
    lines = [_Group((line,)) for line in group.lines[:listed]]
    runs = [(short, list(run)) for short, run in groupby(lines, key=lambda line: line.is_short_line and ": " not in line.first)]
    finished = all(line.is_running or _shape(line.first) for short, run in runs if not short for line in run)
    if len(runs) <= 1 or not finished or _is_wrapped(group.lines):
        return [group]
    parts = [part for short, run in runs for part in (run if short else [_Group(tuple(line.lines[0] for line in run))])]
    return [*parts, _Group(group.lines[listed:])] if listed < len(group.lines) else parts


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
    if len(groups[0].lines) > 1 and not _is_rule(groups[0].lines[1].text):
        return None
    if (
        _is_marked(first.text)
        or _shape(first.text)
        or _is_rule(first.text)
        or _STOPPED.search(first.text)
        or _BULLET.match(first.text)
        or section_name(first.text) in REFERENCE_HEADINGS
    ):
        return None
    follows = len(groups) > 1 or len(groups[0].lines) > 1
    return first if follows and len(first.text) <= _LONGEST_TITLE and not _MARKUP_HEADING.fullmatch(first.text) else None


def _blocks(groups: Sequence[_Group]) -> Iterator[Block]:
    """Walk the groups, keeping the section that each block stands in."""
    section, kind = "", BlockKind.PARAGRAPH
    for group in groups:
        if kind is not BlockKind.PARAGRAPH and _resumes(group, kind):
            section, kind = "", BlockKind.PARAGRAPH
        held: list[_Line] = []
        at = 0
        while at < len(group.lines):
            heading, used = _heading(group, at, kind)
            if not used:
                held.append(group.lines[at])
                at += 1
                continue
            yield from _body(held, section, kind)
            held = []
            if heading:
                section, kind = heading, _kind_under(heading)
                yield Block(BlockKind.HEADING, group.lines[at].start, group.lines[at].end, section)
            at += used
        yield from _body(held, section, kind)


def _heading(group: _Group, at: int, kind: BlockKind) -> tuple[str, int]:
    """Give the heading that a line is and how many lines it takes; ("", 1) for a rule, ("", 0) for text."""
    text = group.lines[at].text
    if _is_rule(text):
        return "", 1
    if len(text) > _LONGEST_TITLE:
        return "", 0
    markup = _MARKUP_HEADING.fullmatch(text)
    underlined = at + 1 < len(group.lines) and len(text) <= _LONGEST_HEADING and _UNDERLINE.fullmatch(group.lines[at + 1].text)
    edit = _EDIT.search(text)
    name = (markup[2] or markup[3]) if markup else text[: edit.start()] if edit else text
    begins = at == 0 or kind is not BlockKind.PARAGRAPH
    named = (begins and section_name(name) in REFERENCE_HEADINGS | SIDE_HEADINGS) or _is_list_name(text)
    if markup or edit or underlined or named or group.heading or group.lines[at].edited:
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
    """Blocks of lines without a heading among them: entries of the list that they stand in, rows of tables, hatnotes, or text."""
    if not lines:
        return
    if kind is not BlockKind.PARAGRAPH:
        yield from (Block(kind, line.start, line.end, section) for line in lines)
        return
    for shape, run in groupby(lines, key=lambda line: _shape(line.text)):
        held = list(run)
        if shape is BlockKind.QUOTE:
            yield from (replace(block, kind=shape) for block in _text([_unquoted(line) for line in held], section))
        elif shape is BlockKind.HATNOTE or (shape and not any(_STOPPED.search(_unmarked(line.text)) for line in held)):
            yield from (Block(shape, line.start, line.end, section) for line in held)
        else:
            yield from _text(held, section)


def _unquoted(line: _Line) -> _Line:
    """A line of a quotation without its `>`."""
    at = found.end() if (found := _QUOTED.match(line.text)) else 0
    return _Line(line.start + at, line.end, line.text[at:])


def _text(lines: Sequence[_Line], section: str) -> Iterator[Block]:
    """Blocks of lines that are text: entries that no heading announces, list items, one wrapped paragraph, or a paragraph a line."""
    if _is_reference_run(lines):
        yield from (Block(BlockKind.REFERENCE_LIST, line.start, line.end, section) for line in lines)
    elif any(_BULLET.match(line.text) for line in lines) or _is_numbered(lines):
        yield from _items(lines, section)
    elif _is_wrapped(lines):
        yield Block(BlockKind.PARAGRAPH, lines[0].start, lines[-1].end, section)
    else:
        yield from (Block(BlockKind.PARAGRAPH, line.start, line.end, section) for line in lines)


def _items(lines: Sequence[_Line], section: str) -> Iterator[Block]:
    """List items without their bullets; a line without one goes on with the item before it where it is indented or begins small."""
    numbered = _is_numbered(lines)
    items: list[Block] = []
    indent = 0
    for line in lines:
        bullet = _BULLET.match(line.text) or (_NUMBERED.match(line.text) if numbered else None)
        if bullet:
            indent = line.indent
            items.append(Block(BlockKind.LIST_ITEM, line.start + bullet.end(), line.end, section))
        elif items and items[-1].kind is BlockKind.LIST_ITEM and (line.text[0].islower() or line.indent > indent):
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
    if len(lines) == 1 or not _NARROWEST_COLUMN <= width <= _WIDEST_WRAP:
        return len(lines) == 1
    goes_on = [_goes_on(b.text) and not _ITEM_END.search(a.text) for a, b in pairwise(lines)]
    full = all(len(a.text) + 1 + len(b.text.split(maxsplit=1)[0]) > width - 2 for a, b in pairwise(lines))
    if not any(goes_on) and (len(lines) == 2 or width < _NARROWEST_WRAP):  # noqa: PLR2004
        return False
    unfinished = any(not _STOPPED.search(line.text) for line in lines[:-1])
    return (full and unfinished) or (width >= _NARROWEST_WRAP and sum(goes_on) * 2 > len(goes_on))


def _goes_on(line: str) -> bool:
    """Whether a line begins in the midst of a sentence: with a small letter, or a sign, behind any markers."""
    words = _LEADING_MARKERS.sub("", line, count=1)
    return words[:1].islower() or words[:1] in tuple(",;.)")
