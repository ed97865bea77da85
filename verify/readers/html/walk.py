"""The walk through a page's document in reading order: blocks by tag, class or heading, markers named where they are printed."""

import re
from collections.abc import Mapping

from verify.model import BlockKind, MarkKind
from verify.readers.headings import REFERENCE_HEADINGS, SIDE_HEADINGS, section_name

from .entries import Entries, entries_in, entry_of, is_external
from .main import Main
from .marks import chip_url, numbered_link, page_of, tag_of
from .notes import Notes, label_of
from .print import Printer
from .tables import is_layout, rows_of
from .text import formula_of, holds_only_formula, looks_like_entry, raised
from .tree import Element
from .words import BLOCK_TAGS, HEADINGS, KIND_OF_CLASS, KIND_OF_ROLE, KIND_OF_TAG, TITLE_CLASSES

_PERMALINKS = frozenset(["¶", "#", "§", "🔗", "∞"])
_KEPT = (BlockKind.REFERENCE_LIST, BlockKind.LINK_LIST)
_LONGEST_LIST_NAME = 40
_UNITS = frozenset(("li", "dd", "dt", "tr"))


class Walk:
    """A walk under way. `draft` is the text so far, `entries` the references."""

    def __init__(self, main: Main, notes: Notes, *, links: bool = False) -> None:
        self.title = ""
        self.entries = Entries(notes)
        self._print = Printer()
        self.draft = self._print.draft
        self._main, self._notes, self._links = main, notes, links
        self.names_markers = main.is_wiki or notes.found
        self._listed: BlockKind | None = None  # what the section holds, where its heading says that it is a list
        self._level = 0
        self._seen: set[int] = set()

    def read(self, part: Element) -> None:
        """Read a part of the page."""
        self._element(part, BlockKind.PARAGRAPH)
        self._print.end()

    def read_title(self, heading: Element) -> None:
        """Read the heading of the page, which stands outside of its part."""
        self.title = heading.text()
        self._flatly(heading, BlockKind.TITLE)

    def read_notes(self) -> None:
        """Read the notes that stand outside of what was read."""
        for scope in self._notes.scopes.values():
            if id(scope) not in self._seen:
                self._notes_in(scope)

    def _element(self, element: Element, kind: BlockKind) -> None:
        if self._marker(element, kind) or id(element) in self._main.left_out:
            return
        if id(element) in self._notes.scopes:
            self._notes_in(element)
        elif element.tag == "br":
            self._print.break_line()
        elif formula := formula_of(element):
            self._print.say(formula, self._shown_as(kind))
        elif element.tag == "sup" and (power := raised(element, self._print.tail, marks=not self.names_markers)):
            self._print.say(power, self._shown_as(kind))
        elif element.tag == "a":
            self._link(element, kind)
        elif element.tag in BLOCK_TAGS:
            self._block(element, kind)
        else:
            self._children(element, kind)

    def _children(self, element: Element, kind: BlockKind) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._print.say(child, self._shown_as(kind))
            else:
                self._element(child, kind)

    def _block(self, element: Element, kind: BlockKind) -> None:
        if self._print.is_flat:
            self._print.space(" ")
            self._children(element, kind)
            self._print.space(" ")
            return
        self._print.end()
        kind = self._kind_of(element, kind)
        if level_of(element) and (kind.holds_claims or kind in _KEPT):
            self._heading(element)
        elif element.tag == "table" and not is_layout(element, kind, self._main):
            self._table(element)
        elif element.tag == "pre" and kind.holds_claims:
            self._code(element)
        elif self._shown_as(kind) is BlockKind.REFERENCE_LIST and self._is_one(element):
            if kind is BlockKind.REFERENCE_LIST or element.tag in _UNITS or self._is_entry(element):
                self._entry(element)
            else:
                self._running_text(element, kind)
        elif self._is_list_name(element, kind):
            self._heading(element)
        elif kind.holds_claims and holds_only_formula(element):
            self._flatly(element, BlockKind.FORMULA)
        elif element.tag == "dt":
            self._flatly(element, kind)
        else:
            self._children(element, kind)
        self._print.end()

    def _kind_of(self, element: Element, kind: BlockKind) -> BlockKind:
        """What the blocks of an element are. What holds no claims holds none in all its parts."""
        if not kind.holds_claims:
            return kind
        attributes = element.attributes
        if attributes:
            if (by_role := KIND_OF_ROLE.get(attributes.get("role", ""))) or (by_role := _asked(attributes)):
                return by_role
            if by_class := next((KIND_OF_CLASS[name] for name in sorted(element.classes) if name in KIND_OF_CLASS), None):
                return by_class
        if element.tag in ("ul", "ol") and self._main.is_link_list(element):
            return BlockKind.LINK_LIST
        return KIND_OF_TAG.get(element.tag, kind)

    def _shown_as(self, kind: BlockKind) -> BlockKind:
        """The kind of a block under the heading that it stands under."""
        return self._listed if self._listed and kind.holds_claims else kind

    def _heading(self, element: Element) -> None:
        """A heading ends the list of references that one of its own level or a deeper one announced."""
        name, level = element.text().rstrip("¶# "), level_of(element) or len(HEADINGS) + 1
        if not name:
            return
        if not self.title and (element.tag == "h1" or not TITLE_CLASSES.isdisjoint(element.classes)):
            self.title = name
            self._flatly(element, BlockKind.TITLE)
            return
        if not self._listed or level <= self._level:
            folded = section_name(name)
            self._listed = (
                BlockKind.REFERENCE_LIST if folded in REFERENCE_HEADINGS else BlockKind.LINK_LIST if folded in SIDE_HEADINGS else None
            )
            self._level = level
        self._flatly(element, BlockKind.HEADING)

    def _is_list_name(self, element: Element, kind: BlockKind) -> bool:
        """Whether a paragraph is a heading by what it says, or by the style that a word processor gave it."""
        if element.tag not in ("p", "dt", "div") or not kind.holds_claims:
            return False
        if not self.title and not TITLE_CLASSES.isdisjoint(element.classes):
            return True
        words = element.text(_LONGEST_LIST_NAME)
        if (
            not words
            or len(words) > _LONGEST_LIST_NAME
            or any(inner.tag in BLOCK_TAGS for inner in element.elements if inner is not element)
        ):
            return False
        return not words[0].islower() and section_name(words) in REFERENCE_HEADINGS | SIDE_HEADINGS

    def _table(self, table: Element) -> None:
        for row in rows_of(table):
            if row.tag == "caption":
                self._flatly(row, BlockKind.CAPTION)
                continue
            with self._print.one_block():
                for cell in row.children:
                    if isinstance(cell, Element):
                        self._print.space("\t")
                        self._element(cell, BlockKind.TABLE)

    def _code(self, element: Element) -> None:
        """Preformatted text: code, unless the page is nothing else, as a text file that a browser shows."""
        text = "".join(element.strings).strip("\n")
        if self._main.is_most(element):
            for paragraph in re.split(r"\n\s*\n", text):
                self._print.say(paragraph, BlockKind.PARAGRAPH)
                self._print.end()
            return
        self._print.whole(text, BlockKind.CODE)

    def _is_one(self, element: Element) -> bool:
        """Whether an element in a list of references is one item or one paragraph of it."""
        parts = _UNITS if element.tag in _UNITS else BLOCK_TAGS
        return not any(e.tag in parts for e in element.elements if e is not element)

    def _is_entry(self, element: Element) -> bool:
        """Whether a paragraph under a heading of references is an entry: in an article on a country, "Literature" heads running text."""
        return not any(id(e) in self._notes.markers for e in element.elements) and looks_like_entry(element.text())

    def _running_text(self, element: Element, kind: BlockKind) -> None:
        listed, self._listed = self._listed, None
        self._children(element, kind)
        self._print.end()
        self._listed = listed

    def _entry(self, element: Element) -> None:
        self._print.whole(self.entries.add(element, entry_of(element, self._notes)).printed, BlockKind.REFERENCE_LIST)

    def _notes_in(self, scope: Element) -> None:
        self._seen.add(id(scope))
        self.entries.count(scope)
        for entry in entries_in(scope, self._notes):
            self._print.whole(self.entries.add_note(entry).printed, BlockKind.REFERENCE_LIST)

    def _marker(self, element: Element, kind: BlockKind) -> bool:
        """Name the marker that an element is; False when it is none."""
        marker = self._notes.markers.get(id(element))
        if id(element) in self._notes.inline:
            self.entries.add_note(entry_of(element, self._notes, self._notes.inline[id(element)]))
            if marker:
                self._print.mark(f"[{marker.labels[0].partition(' ')[0]}]", self._shown_as(kind), marker.kind, *marker.labels)
        elif marker:
            self._print.mark(element.text(), self._shown_as(kind), marker.kind, *marker.labels)
        elif element.tag in BLOCK_TAGS:
            return False
        else:
            return self._named(element, kind)
        return True

    def _named(self, element: Element, kind: BlockKind) -> bool:
        """Name a marker that is no link to a note: a page, a tag, a reference without its link, a chip."""
        shown = self._shown_as(kind)
        if page := page_of(element):
            self._print.mark(element.text(), shown, MarkKind.PAGE, locator=page)
        elif seen := tag_of(element):
            tag = (seen.tag.name,) if seen.tag else ()
            self._print.mark(seen.printed, shown, MarkKind.TAG if tag else MarkKind.EDIT, *tag, date=seen.date, reason=seen.reason)
        elif element.tag == "sup" and "reference" in element.classes and (read := self._unlinked(element)):
            self._print.mark(element.text(), shown, read[0], *read[1])
        elif (url := chip_url(element)) and (words := element.text()):
            self._cite(words, kind, url, numbered_link(element))
        else:
            return False
        return True

    def _unlinked(self, element: Element) -> tuple[MarkKind, tuple[str, ...]] | None:
        return None if any(id(inner) in self._notes.markers for inner in element.elements) else label_of(element.text(30))

    def _cite(self, printed: str, kind: BlockKind, url: str, labels: tuple[str, ...], title: str = "") -> None:
        """Name a link to another page that is itself a marker."""
        self.names_markers = True
        own = self.entries.cite(url, title or printed, labels)
        self._print.mark(printed, self._shown_as(kind), MarkKind.CITATION, *(labels or (own,)))

    def _link(self, link: Element, kind: BlockKind) -> None:
        words, url, title = link.text(20), link.attributes.get("href", "").strip(), link.attributes.get("title", "")
        external = is_external(link, self._notes)
        if words in _PERMALINKS and not external:
            return
        if external and words and (labels := numbered_link(link)):
            self._cite(link.text(), kind, url, labels, title)
            return
        self._children(link, kind)
        if self._links and external and words and self._shown_as(kind).holds_claims:
            label = self.entries.cite(url, title or link.text())
            self._print.mark_behind(f"[{label}]", kind, label)

    def _flatly(self, element: Element, kind: BlockKind) -> None:
        """Read an element as one block, whatever is in it."""
        with self._print.one_block():
            self._children(element, kind)


def level_of(element: Element) -> int:
    """The level of a heading; 0 for what is none."""
    if element.tag in HEADINGS:
        return HEADINGS[element.tag]
    level = element.attributes.get("aria-level", "2")
    return HEADINGS.get(f"h{level}", 0) if element.attributes.get("role") == "heading" else 0


def _asked(attributes: Mapping[str, str]) -> BlockKind | None:
    """What a person asked a machine is no claim of its answer."""
    asked = attributes.get("data-message-author-role") == "user" or attributes.get("data-testid") == "user-message"
    return BlockKind.HATNOTE if asked else None
