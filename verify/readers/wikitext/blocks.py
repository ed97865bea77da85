"""From the lines of expanded wikitext to the blocks of a draft: headings, paragraphs, list items, quotations, tables, galleries.

What a line is, is said by how it begins. Lists of references and of links are known by their headings; a section whose paragraphs carry footnotes
is text all the same, for "Literature" or "Sources" may be what an article is about.
"""

import re
from collections.abc import Sequence

from verify.model import BlockKind, MarkKind
from verify.readers.building import DraftText
from verify.readers.citation_templates import Work
from verify.readers.headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name

from .footnotes import kind_of
from .inline import printed
from .page import Aside, Formula, InText, Literal, Page, Pages, Tagged, Thing, Use
from .signs import BLOCK, MARKED, STAND_IN

_LIST_SIGNS = "*#:;"
_NO_PARAGRAPH = frozenset(f"{_LIST_SIGNS}=|!{{ ")
_CELLS = re.compile(r"\|\||!!")
_TABLE = re.compile(r"\s*\{\|")
_PRINTED = (Use, Tagged, InText, Literal, Formula, Work)


def write_blocks(text: str, page: Page, draft: DraftText) -> None:
    """Write a page's expanded text, its footnotes numbered already, into a draft."""
    _Writer(page, draft).write(text.split("\n"))


class _Writer:
    """Lines on their way into blocks. `_kind` is what paragraphs of the section are, `_open` what the open block is; the depths count what is open around them."""

    def __init__(self, page: Page, draft: DraftText) -> None:
        self._page = page
        self._draft = draft
        self._kind = BlockKind.PARAGRAPH
        self._open: BlockKind | None = None
        self._level = 0
        self._table = 0
        self._quote = 0
        self._gallery = False
        self._asides: list[Aside] = []

    def write(self, lines: Sequence[str]) -> None:
        """Write all lines and end the last block."""
        for at, line in enumerate(lines):
            first = line[:1]
            if first == BLOCK:
                self._turn(line[1:])
            elif first == "=" and (heading := _heading(line)):
                self._head(*heading, lines, at + 1)
            elif self._table:
                self._row(line)
            elif self._gallery:
                self._picture(line)
            elif not first or line.isspace():
                self._end()
            elif first in _LIST_SIGNS:
                self._item(line)
            elif first in "{|-":
                self._ruled(line)
            elif first == " " and not self._quote:
                self._indented(line)
            else:
                self._paragraph(line)
        self._end()

    def _begin(self, kind: BlockKind) -> None:
        self._end()
        self._draft.open(kind)
        self._open = kind

    def _end(self) -> None:
        """Let no line join the open block, which the next one ends; then write what stands beside it."""
        self._open = None
        while self._asides:
            asides, self._asides = self._asides, []
            for aside in asides:
                self._draft.open(aside.kind)
                self._text(aside.text)

    def _turn(self, name: str) -> None:
        """A line of a block tag: what opens or closes."""
        self._end()
        step = -1 if name.startswith("/") else 1
        if name.endswith("quote"):
            self._quote = max(0, self._quote + step)
        elif name.endswith("table"):
            self._table = max(0, self._table + step)
            if self._table:
                self._begin(BlockKind.TABLE)
        else:
            self._gallery = step > 0

    def _head(self, level: int, words: str, lines: Sequence[str], following: int) -> None:
        """A heading ends whatever was left open, and says what its section holds; those below it hold the same."""
        self._end()
        self._table = self._quote = 0
        self._gallery = False
        if self._kind is BlockKind.PARAGRAPH or level <= self._level:
            name = section_name(self._page.plain(words))
            kind = (
                BlockKind.REFERENCE_LIST
                if name in REFERENCE_HEADINGS
                else BlockKind.LINK_LIST
                if name in SIDE_HEADINGS
                else BlockKind.PARAGRAPH
            )
            if kind is BlockKind.REFERENCE_LIST and self._is_text(level, lines, following):
                kind = BlockKind.PARAGRAPH
            self._kind, self._level = kind, level
        self._line(words, BlockKind.HEADING)
        self._end()

    def _is_text(self, level: int, lines: Sequence[str], at: int) -> bool:
        """Whether a paragraph of the section that begins here cites a footnote."""
        for line in lines[at:]:
            if line[:1] == "=" and (heading := _heading(line)) and heading[0] <= level:
                return False
            if MARKED in line and line[:1] not in _NO_PARAGRAPH and any(isinstance(thing, Use) for thing in self._page.things_in(line)):
                return True
        return False

    def _paragraph(self, line: str) -> None:
        self._line(line, BlockKind.QUOTE if self._quote and self._kind is BlockKind.PARAGRAPH else self._kind, joins=True)

    def _item(self, line: str) -> None:
        """An item of a list; the term of a definition stands as a caption over what is said of it."""
        words = line.lstrip(_LIST_SIGNS)
        signs = line[: len(line) - len(words)]
        in_text = self._kind is BlockKind.PARAGRAPH
        if signs[-1] == ":" and _TABLE.match(words):
            self._ruled(words.lstrip())
            return
        if signs[-1] == ";":
            term, _, words = words.partition(" : ")
            self._line(term, BlockKind.CAPTION if in_text else self._kind)
        if words:
            self._line(words, BlockKind.LIST_ITEM if in_text else self._kind)
        self._end()

    def _ruled(self, line: str) -> None:
        """A table begins, or a stray row of one stands alone; four hyphens are a rule."""
        if line.startswith("{|"):
            self._table = 1
            self._begin(BlockKind.TABLE)
        elif line.startswith("----"):
            self._end()
            if rest := line.lstrip("-").strip():
                self._paragraph(rest)
        elif line.startswith("|"):
            self._line(line.strip("|}+- "), BlockKind.TABLE)
            self._end()
        else:
            self._paragraph(line)

    def _row(self, line: str) -> None:
        """A line of a table: its cells parted by tabs, what styles them gone."""
        line = line.strip()
        if line.startswith("{|"):
            self._table += 1
        elif line.startswith("|}"):
            self._table -= 1
            if not self._table:
                self._end()
        elif line and not line.startswith("|-"):
            cells = _CELLS.split(line[1:].removeprefix("+")) if line[0] in "|!" else [line]
            self._draft.write("\n")
            for at, cell in enumerate(cells):
                self._text(f"\t{_unstyled(cell)}" if at else _unstyled(cell))

    def _picture(self, line: str) -> None:
        """A line of a gallery: the picture's name, then its caption."""
        caption = line.partition("|")[2].rpartition("|")[2].strip()
        if caption:
            self._line(caption, BlockKind.CAPTION)
            self._end()

    def _indented(self, line: str) -> None:
        """A line that begins with a space is printed as it stands, as code is; one that cites a footnote was indented by mistake."""
        if self._kind is not BlockKind.PARAGRAPH or MARKED in line:
            self._paragraph(line)
        else:
            self._line(line, BlockKind.CODE, joins=True)

    def _line(self, line: str, kind: BlockKind, *, joins: bool = False) -> None:
        """Write a line into a block of a kind, into the open one where it `joins` it. What stands beside the text is written before or after."""
        line = line.rstrip() if kind is BlockKind.CODE else line.strip()
        pieces = STAND_IN.split(line)
        things = [self._page.thing(number) for number in pieces[1::2]]
        if things:
            if (
                self._set_beside(things, joins=joins)
                and not any(map(str.strip, pieces[::2]))
                and not any(isinstance(t, _PRINTED) for t in things)
            ):
                self._end()
                return
            kind = BlockKind.FORMULA if _is_formula(pieces, things) else kind
        if joins and self._open is kind:
            self._draft.write("\n")
        else:
            self._begin(kind)
        self._pieces(pieces, things)

    def _set_beside(self, things: Sequence[Thing], *, joins: bool) -> bool:
        """Keep the asides of a line until its block ends, or write them now where the line begins one."""
        asides = [thing for thing in things if isinstance(thing, Aside)]
        self._asides.extend(asides)
        if asides and not (joins and self._open):
            self._end()
        return bool(asides)

    def _text(self, text: str) -> None:
        """Write words and what stands in for them into a block that has no others beside it."""
        pieces = STAND_IN.split(text) if MARKED in text else [text]
        self._pieces(pieces, [self._page.thing(number) for number in pieces[1::2]], inside=True)

    def _pieces(self, pieces: Sequence[str], things: Sequence[Thing], *, inside: bool = False) -> None:
        """Write words (every second piece) and the things between them; asides only `inside` a block that has no others beside it."""
        last = len(things) - 1
        for at, thing in enumerate(things):
            if pieces[2 * at]:
                self._draft.write(printed(pieces[2 * at]))
            following = things[at + 1] if at < last and not pieces[2 * at + 2] else None
            self._thing(thing, following.locator if isinstance(following, Pages) else "", inside=inside)
        if pieces[-1]:
            self._draft.write(printed(pieces[-1]))

    def _thing(self, thing: Thing, place: str, *, inside: bool) -> None:
        if isinstance(thing, Use):
            self._use(thing, place)
        elif isinstance(thing, Tagged):
            self._draft.mark(f"[{thing.printed}]", MarkKind.TAG, thing.name, date=thing.date, reason=thing.reason)
        elif isinstance(thing, InText):
            kind = MarkKind.CITATION if thing.anchor else MarkKind.NOTE
            self._draft.mark(thing.printed, kind, thing.label, locator=thing.locator)
        elif isinstance(thing, Aside):
            if inside:
                self._text(thing.text)
        elif not isinstance(thing, Pages):
            self._draft.write(thing.text)

    def _use(self, use: Use, place: str) -> None:
        """A footnote's marker, with the pages printed after it."""
        label = self._page.footnotes.label(use.group, use.name)
        locator = self._page.plain(use.locator) if use.locator else place
        self._draft.mark(f"[{label}]:{locator}" if locator else f"[{label}]", kind_of(use.group), label, locator=locator)


def _is_formula(pieces: Sequence[str], things: Sequence[Thing]) -> bool:
    """Whether a line is nothing but a displayed formula, with its punctuation."""
    return all(isinstance(thing, Formula) for thing in things) and not "".join(pieces[::2]).strip(" .,;:")


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a heading line: as many signs as both of its ends have, six at most."""
    bare = STAND_IN.sub("", line).rstrip() if line[-1:] == "\x03" else line.rstrip()
    if len(bare) < 3 or bare[-1] != "=":  # noqa: PLR2004 - "=x="
        return None
    line = line.rstrip()
    level = min(len(line) - len(line.lstrip("=")), len(bare) - len(bare.rstrip("=")), 6)
    words = bare[level:-level].strip() if 2 * level < len(bare) else ""
    return (level, words) if words else None


def _unstyled(cell: str) -> str:
    """A cell without its attributes, which stand before a single bar."""
    before, bar, rest = cell.partition("|")
    return (rest if bar and MARKED not in before and "[[" not in before else cell).strip()
