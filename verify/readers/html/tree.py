"""A page as a tree of elements and strings: parsed as browsers parse, what never shows already gone, and no deeper than can be walked.

Lexbor follows HTML's own algorithm, so that unclosed and misnested tags stand where a browser puts them. That algorithm can be made to spend
quadratic time and memory, so pages on which it would are refused before.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from verify.errors import UsageError
from verify.terminal import printable

from .guard import refuse_explosive
from .words import DECORATION, UNSEEN_CLASSES, UNSEEN_TAGS

_DEEPEST = 150
"""What lies deeper is read as text of the element at this depth; browsers flatten too (Blink at 512)."""
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)(?![\w-])", re.IGNORECASE)
_QUOTED = 60


@dataclass(slots=True, eq=False)
class Element:
    """An element that shows; `children` are elements and strings in their order. `picked`: the user's selector matches it."""

    tag: str
    attributes: Mapping[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)
    picked: bool = False

    @property
    def id(self) -> str:
        """Its id; "" without one."""
        return self.attributes.get("id", "")

    @property
    def classes(self) -> frozenset[str]:
        """Its classes; none for nearly all elements, so that asking costs little."""
        value = self.attributes.get("class")
        return frozenset(value.split()) if value else _NO_CLASSES

    @property
    def up(self) -> "Iterator[Element]":
        """Itself and its ancestors, innermost first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    @property
    def elements(self) -> "Iterator[Element]":
        """Itself and all elements in it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))

    @property
    def strings(self) -> Iterator[str]:
        """All strings in it, in document order."""
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                yield node
            else:
                waiting.extend(reversed(node.children))

    def text(self, most: int = 0) -> str:
        """Its words with single spaces. With `most`, reading stops when there are more characters than that."""
        pieces: list[str] = []
        length = 0
        for piece in self.strings:
            pieces.append(piece)
            length += len(piece.strip())
            if most and length > most:
                break
        return " ".join("".join(pieces).split())


_NO_CLASSES: frozenset[str] = frozenset()
_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})
"""One for all elements without any, which are most."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its body, what its head says, and the words of its `lang`."""

    body: Element
    title: str = ""
    generator: str = ""
    language: str = ""


def parse(html: str, selector: str = "") -> Page:
    """Give the tree of a page; elements that `selector` (CSS) matches are `picked`.

    Raises ReadError for a page on which parsing would explode, UsageError for a selector that is none.
    """
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    refuse_explosive(html)
    page = LexborHTMLParser(html)
    try:
        picked = {node.mem_id for node in page.css(selector)} if selector else set[int]()
    except (SelectolaxError, ValueError) as error:
        raise UsageError(
            f"{printable(selector[:_QUOTED])} is no CSS selector; --selector takes one such as article, #content or div.post-body"
        ) from error
    title, generator = page.css_first("head title"), page.css_first("meta[name=generator]")
    return Page(
        body=_tree(page, picked),
        title=" ".join(title.text().split()) if title else "",
        generator=(generator.attributes.get("content") or "") if generator else "",
        language=((page.root.attributes.get("lang") or "") if page.root else ""),
    )


def _tree(page: object, picked: set[int]) -> Element:
    """Copy the parser's nodes. An open element with None for its own copy is not seen, and neither is what it holds."""
    root = Element("html", {})
    opened: list[tuple[int, Element | None, int]] = []  # a node's identity, its copy, its depth in the tree
    for node in page.root.traverse(include_text=True):  # type: ignore[attr-defined] # the parser's nodes are typed as Any
        above = node.parent.mem_id if opened else 0
        while opened and opened[-1][0] != above:
            opened.pop()
        holder, depth = (opened[-1][1], opened[-1][2]) if opened else (root, 0)
        if holder is None:
            if node.is_element_node:
                opened.append((node.mem_id, None, depth))
        elif node.is_text_node:
            holder.children.append(node.text_content)
        elif node.is_element_node:
            opened.append((node.mem_id, *_copied(node, holder, depth, picked)))
    return root


def _copied(node: object, holder: Element, depth: int, picked: set[int]) -> tuple[Element | None, int]:
    tag: str = node.tag  # type: ignore[attr-defined]
    if tag in UNSEEN_TAGS:
        return None, depth
    if depth >= _DEEPEST:
        holder.children.append(" ")
        return holder, depth
    given = node.attributes  # type: ignore[attr-defined]
    attributes = {name: value or "" for name, value in given.items()} if given else _NO_ATTRIBUTES
    element = Element(tag, attributes, holder, picked=node.mem_id in picked)  # type: ignore[attr-defined]
    if attributes and _is_hidden(element):
        return None, depth
    holder.children.append(element)
    return element, depth + 1


def _is_hidden(element: Element) -> bool:
    """Whether a reader does not see it. `hidden=until-found` (MobileFrontend's folded sections) opens at a click, so it counts as seen."""
    attributes = element.attributes
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    if "style" in attributes and _HIDDEN.search(attributes["style"]):
        return True
    if attributes.get("aria-hidden") == "true" and element.tag in DECORATION:
        return True
    return "class" in attributes and not UNSEEN_CLASSES.isdisjoint(element.classes)
