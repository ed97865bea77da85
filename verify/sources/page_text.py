"""The text of a web page: all that it shows, a line for each block; which stretches of it are the document itself; and its headings.

Quotes are searched in the whole, since what a rule takes for a sidebar may be the very sentence that is cited; passages are looked for in the
document first. Which part of a page that is, is decided by the reader of HTML (`verify.readers.html.main`), so that a page is one document
whether it is read for its claims or as a source.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from verify.errors import ReadError
from verify.readers.html.guard import refuse_explosive
from verify.readers.html.main import main_of
from verify.readers.html.tree import Element, parse

from .locators import Locator, running

_HIDDEN = ["head", "script", "style", "template", "noscript", "noframes", "iframe", "title"]
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "br",
            "button",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
            "dir",
            "div",
        ),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr"),
        *("legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "td", "textarea"),
        *("th", "tr", "ul"),
    )
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_String = tuple[str, str, str]
"""A string of a page, the tag of the element that holds it, and that element's class."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page shows: `full`, a line for each block; `main`, the spans of it (code points, end exclusive) that are the document; its headings;
    its title, or its first heading."""

    full: str
    main: tuple[tuple[int, int], ...]
    locators: tuple[Locator, ...]
    title: str


def page_text(html: str) -> PageText:
    """Read what a page shows. Raises ReadError for one that shows nothing, or on which parsing would explode."""
    from selectolax.lexbor import LexborHTMLParser

    writing = _Writing(deque(_document(html)))
    page = LexborHTMLParser(html)
    title = _title(page)
    page.strip_tags(_HIDDEN)
    if page.root is not None:
        writing.write(page.root)
    if not writing.lines:
        raise ReadError("shows no text: a page that its scripts build has to be saved as it looks when they ran")
    full = "\n".join(writing.lines)
    if writing.document or not writing.main:  # not found again, as in a page nested too deeply: then no part is known to be the document
        return PageText(full, ((0, len(full)),), (), title)
    return PageText(full, tuple(writing.main), running(sorted(writing.headings), writing.main[-1][1]), title)


def page_title(html: str) -> str:
    """The title that a page has, or its first heading; "" for none."""
    from selectolax.lexbor import LexborHTMLParser

    refuse_explosive(html)
    return _title(LexborHTMLParser(html))


def _title(page: Any) -> str:
    found = page.css_first("head title") or page.css_first("h1")
    return " ".join(found.text().split()) if found else ""


def _document(html: str) -> Iterator[_String]:
    """The strings of a page's document, in their order; none where it has no document."""
    page = parse(html)
    try:
        main = main_of(page)
    except ReadError:
        return
    for part in main.parts:
        waiting: list[tuple[Element, Element | str]] = [(part, part)]
        while waiting:
            holder, node = waiting.pop()
            if isinstance(node, Element):
                if id(node) not in main.left_out:
                    waiting.extend((node, child) for child in reversed(node.children))
            elif node.strip():
                yield node, holder.tag, holder.attributes.get("class", "")


@dataclass(slots=True)
class _Writing:
    """A page's text under way. `document` holds the strings of its document that are still to come: they come again in the same order, among
    others, so each is known by its words and by the element that holds it."""

    document: deque[_String]
    lines: list[str] = field(default_factory=list)
    main: list[tuple[int, int]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    _length: int = 0
    _pieces: list[str] = field(default_factory=list)
    _space: bool = False
    _in_main: bool = False
    _opened: list[tuple[int, str, int, int]] = field(default_factory=list)

    def write(self, root: Any) -> None:
        """Write all that an element shows."""
        for node in root.traverse(include_text=True):
            above = node.parent.mem_id if self._opened else 0
            while self._opened and self._opened[-1][0] != above:
                self._close()
            if node.is_text_node:
                self._add(node)
            elif node.is_element_node:
                if node.tag in _BLOCKS:
                    self._end_line()
                self._opened.append((node.mem_id, node.tag, self._length, len(self.lines)))
        while self._opened:
            self._close()
        self._end_line()

    def _close(self) -> None:
        """End the innermost element; a heading of the document is kept with the place where it begins."""
        _, tag, start, line = self._opened.pop()
        if tag in _BLOCKS:
            self._end_line()
        if tag in _HEADINGS and self.main and self.main[-1][1] > start:
            self.headings.append((start, " ".join(self.lines[line:])))

    def _end_line(self) -> None:
        if self._pieces:
            self.lines.append("".join(self._pieces))
            self._pieces = []
            self._length += 1
        self._space = False

    def _add(self, node: Any) -> None:
        """Write a string, its white space folded, and say whether it is of the document."""
        text: str = node.text_content
        words = " ".join(text.split())
        if not words:
            self._space = self._space or bool(text)
            return
        if self._pieces and (self._space or text[0].isspace()):
            self._pieces.append(" ")
            self._length += 1
        self._pieces.append(words)
        start, self._length = self._length, self._length + len(words)
        self._space = text[-1].isspace()
        is_main = self._is_next(text, node.parent)
        if is_main and self._in_main:
            self.main[-1] = (self.main[-1][0], self._length)
        elif is_main:
            self.main.append((start, self._length))
        self._in_main = is_main

    def _is_next(self, text: str, parent: Any) -> bool:
        if not self.document or self.document[0] != (text, parent.tag, parent.attributes.get("class") or ""):
            return False
        self.document.popleft()
        return True
