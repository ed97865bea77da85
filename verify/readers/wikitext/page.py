"""What one page of wikitext holds while it is read, and the stand-ins that keep its footnotes, tags and formulas out of the way of text.

A footnote, a cleanup tag, the words of a `<nowiki>` must pass through every later step untouched, in their place. So each is put aside under a
number, and a stand-in of control characters (which no XML can hold, and which are taken out of every source first) goes through in its stead.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from verify.model import BlockKind
from verify.readers.citation_templates import Work

from .footnotes import Footnotes
from .inline import marked_down, printed
from .signs import BAR, BLOCK, GONE, MARKED, STAND_IN

_MARKUP = re.compile(f"[\\[<&{{{MARKED}{BAR}{BLOCK}{GONE}]|''|__")
_BLOCK_LINE = re.compile(rf"\n?{BLOCK}/?\w+\n?|{GONE}")


class Use(NamedTuple):
    """A footnote's number, where it is printed."""

    group: str
    name: str
    locator: str = ""


class Pages(NamedTuple):
    """Pages printed after the number before it."""

    locator: str


class Tagged(NamedTuple):
    """A cleanup tag by its canonical name and as it is printed, without brackets."""

    name: str
    printed: str
    date: str
    reason: str


class Literal(NamedTuple):
    """Words that are no markup, whatever they look like."""

    text: str


class Formula(NamedTuple):
    """A formula, as it is printed."""

    text: str


class Aside(NamedTuple):
    """A block that stands beside the text it is written in: a caption, a box, a note that points elsewhere, a sample of code."""

    kind: BlockKind
    text: str


class InText(NamedTuple):
    """An author and a year in the running text. `anchor` names the work."""

    printed: str
    label: str
    anchor: str
    locator: str


class Short(NamedTuple):
    """A work named in short ("Smith 2005, p. 4"); `anchor` names the full entry."""

    text: str
    anchor: str


Thing = Use | Pages | Tagged | Literal | Formula | Aside | InText | Short | Work


_MARKS = (Use, Pages, Tagged, Aside, InText)


class Page:
    """A page under way: what stands aside, its footnotes, and the works that its full entries describe, by anchor."""

    def __init__(self, title: str = "", language: str = "") -> None:
        self.title = title
        self.language = language
        self.footnotes = Footnotes()
        self.works: dict[str, Work] = {}
        self.cited: dict[str, str] = {}
        self._things: list[Thing] = []
        self._stand_ins: dict[Thing, str] = {}

    def aside(self, thing: Thing) -> str:
        """Put a thing aside and give its stand-in."""
        self._things.append(thing)
        return f"\x02{len(self._things) - 1}\x03"

    def beside(self, kind: BlockKind, text: str) -> str:
        """Put a block aside that stands beside the text it is written in."""
        return self.aside(Aside(kind, _BLOCK_LINE.sub(" ", marked_down(text.replace(BAR, "|")))))

    def same(self, thing: Use | Literal) -> str:
        """As `aside`, with one stand-in for equal things."""
        held = self._stand_ins.get(thing)
        if held is None:
            held = self._stand_ins[thing] = self.aside(thing)
        return held

    def literal(self, text: str) -> str:
        """Give a stand-in for words that no later step may take for markup."""
        return self.same(Literal(text))

    def thing(self, number: str) -> Thing:
        """Give what a stand-in's number stands for."""
        return self._things[int(number)]

    def things_in(self, text: str) -> Iterator[Thing]:
        """Give what stands in a text, in its order."""
        return map(self.thing, STAND_IN.findall(text))

    def marks_of(self, text: str) -> str:
        """Only the stand-ins of a text's footnotes, tags and asides."""
        if MARKED not in text:
            return ""
        return "".join(found[0] for found in STAND_IN.finditer(text) if isinstance(self.thing(found[1]), _MARKS))

    def plain(self, text: str) -> str:
        """What a reader sees of a text that is no block: its markup gone, what stands aside printed, white space single."""
        if not _MARKUP.search(text):
            return " ".join(text.split())
        pieces = STAND_IN.split(_BLOCK_LINE.sub(" ", marked_down(text.replace(BAR, "|").strip())))
        words = "".join(self._printed(self.thing(piece)) if place % 2 else printed(piece) for place, piece in enumerate(pieces))
        return " ".join(words.split())

    def _printed(self, thing: Thing) -> str:
        if isinstance(thing, Use):
            label = self.footnotes.label(thing.group, thing.name)
            return f"[{label}]" if label else ""
        if isinstance(thing, Tagged | InText):
            return f"[{thing.printed}]" if isinstance(thing, Tagged) else thing.printed
        return "" if isinstance(thing, Pages | Aside) else thing.text

    def number(self, text: str) -> None:
        """Give the footnotes of a text their numbers, in the order of their first use; those inside a note before the note, as MediaWiki does."""
        walks: list[tuple[Iterator[Thing], Use | None]] = [(self.things_in(text), None)]
        while walks:
            things, note = walks[-1]
            thing = next(things, None)
            if isinstance(thing, Use):
                if self.footnotes.is_new(thing.group, thing.name):
                    if MARKED in (text := self.footnotes.read_text(thing.group, thing.name)):
                        walks.append((self.things_in(text), thing))
                    else:
                        self.footnotes.number(thing.group, thing.name)
            elif isinstance(thing, Aside):
                walks.append((self.things_in(thing.text), None))
            elif isinstance(thing, InText):
                self.cited.setdefault(thing.label, thing.anchor)
            elif thing is None:
                walks.pop()
                if note:
                    self.footnotes.number(note.group, note.name)
