"""The entries of a page's reference lists: label, words and links, without the ways back to the text.

A short footnote ("Smith 2020, p. 5") that leads to the full entry of its work elsewhere in the page is read together with it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from verify.model import Reference
from verify.readers.references import entry_label, reference_of

from .notes import Notes, block_of, names_external
from .tree import Element
from .words import BACK_CLASSES, BLOCK_CLASSES, BLOCK_TAGS

_LEFT_OF_BACKLINKS = re.compile(r"^(?:\[\s*\]|\(\s*\)|[\s.:,^↑↩])+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_WORK = re.compile(r"CITEREF|ref-|bib", re.IGNORECASE)
_LONGEST = 10_000
_SERVICES = frozenset(("Google Scholar", "CAS", "ADS", "MathSciNet", "MATH", "ISI", "Scopus", "Web of Science", "Search in Google Scholar"))
"""What journals put behind an entry: where to search for the work, not where it stands."""


@dataclass(slots=True)
class Entry:
    """An entry under way: its label, the words and the addresses found so far, and the ids that its links in the page lead to."""

    label: str = ""
    pieces: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    leads_to: list[str] = field(default_factory=list)

    @property
    def printed(self) -> str:
        """Its words behind its label, as lists print them."""
        return f"{self.label}. {self.words}" if self.label else self.words

    @property
    def words(self) -> str:
        """Its text without the label that it may print itself."""
        label, words = entry_label(self.text)
        return words if label and label == self.label else self.text

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return _LEFT_OF_BACKLINKS.sub("", " ".join("".join(self.pieces).translate(_INVISIBLE).split()))[:_LONGEST]


def entries_in(scope: Element, notes: Notes) -> Iterator[Entry]:
    """Give the notes that begin in `scope`, which holds nothing else."""
    entry: Entry | None = None
    for node in _shown(scope, notes):
        if isinstance(node, Element) and id(node) in notes.starts:
            if entry:
                yield entry
            entry = Entry(notes.starts[id(node)])
        if entry and not (isinstance(node, Element) and id(node) in notes.back):
            _add(entry, node, notes)
    if entry:
        yield entry


def entry_of(element: Element, notes: Notes, label: str = "") -> Entry:
    """Read an element as one entry."""
    entry = Entry(label)
    for node in _shown(element, notes):
        _add(entry, node, notes)
    return entry


def is_external(link: Element, notes: Notes) -> bool:
    """Whether a link leads to another page. Where a page names its external links by class, as MediaWiki does, only those do: in saved pages
    all the others have full addresses as well."""
    if not link.attributes.get("href", "").strip().lower().startswith(("http://", "https://", "//")):
        return False
    return not notes.names_external or names_external(link)


def _work(entry: Entry, notes: Notes) -> Element | None:
    """The entry of the work that a short one leads to."""
    goals = (notes.by_id[target] for target in entry.leads_to if target in notes.by_id and _WORK.match(target))
    return next((block_of(goal) for goal in goals if id(goal) not in notes.starts), None)


def _shown(scope: Element, notes: Notes) -> Iterator[Element | str]:
    """The elements and strings of an entry in document order, without back-links; a block's end is a space."""
    waiting: list[Element | str] = [scope]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Element):
            if id(node) in notes.back and id(node) in notes.starts:
                yield node
            if id(node) in notes.back or not BACK_CLASSES.isdisjoint(name.lower() for name in node.classes):
                continue
            if _is_block(node):
                waiting.append(" ")
            waiting.extend(reversed(node.children))
        yield node


def _add(entry: Entry, node: Element | str, notes: Notes) -> None:
    if isinstance(node, str):
        entry.pieces.append(node)
    elif node.tag == "a":
        href = node.attributes.get("href", "").strip()
        if is_external(node, notes) and node.text(20) not in _SERVICES:
            entry.urls.append(href)
        elif "#" in href:
            entry.leads_to.append(href.partition("#")[2])
    elif _is_block(node):
        entry.pieces.append(" ")


def _is_block(element: Element) -> bool:
    return element.tag in BLOCK_TAGS or element.tag == "br" or not BLOCK_CLASSES.isdisjoint(element.classes)


class Entries:
    """The references of a page under way. Notes go before what only stands in a list; a label keeps its first entry."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._of_notes: dict[str, Reference] = {}
        self._listed: dict[str, Reference] = {}
        self._unlabelled: list[Entry] = []
        self._doubled: set[str] = set()
        self._counted: Counter[int] = Counter()
        self._holders = {id(scope.parent) for scope in notes.scopes.values()}
        self._links: dict[str, str] = {}
        numbers = [int(label) for m in notes.markers.values() for label in m.labels if label.isdecimal()]
        self._last = max(numbers, default=0)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Lines for the user."""
        if not self._doubled:
            return ()
        names = ", ".join(sorted(self._doubled)[:5])
        return (f"more than one note is called {names}{' ...' if len(self._doubled) > 5 else ''}: the first is taken",)  # noqa: PLR2004

    def count(self, element: Element) -> int:
        """The number of an item of a numbered list; 0 for what is none. To be asked once for every item, in order."""
        if element.tag != "li" or element.parent is None or element.parent.tag != "ol":
            return 0
        key = id(element.parent)
        if key not in self._counted:
            self._counted[key] = _number(element.parent.attributes.get("start", ""), 1) - 1
        self._counted[key] = _number(element.attributes.get("value", ""), self._counted[key] + 1)
        return self._counted[key]

    def add_note(self, entry: Entry) -> Entry:
        """Add a note by the label of its markers."""
        reference = self._reference(entry)
        if self._of_notes.setdefault(entry.label, reference).text != reference.text:
            self._doubled.add(entry.label)
        return entry

    def add(self, element: Element, entry: Entry) -> Entry:
        """Add an entry of a list by the label that it prints, else by its number in the list; give it with that label."""
        ordinal = self.count(element)
        own, words = entry_label(entry.text)
        if not own and ordinal > 0 and (not self._notes.found or id(element.parent) in self._holders):
            own, words = str(ordinal), entry.text
        labelled = replace(entry, label=own, pieces=[words])
        if own:
            self._listed.setdefault(own, self._reference(labelled))
        elif words:
            self._unlabelled.append(labelled)
        return labelled

    def cite(self, url: str, words: str, labels: tuple[str, ...] = ()) -> str:
        """Make an address a reference, by the numbers that are printed for it or else by one of its own; the same address has the same."""
        if not labels and url not in self._links:
            self._last += 1
            self._links[url] = str(self._last)
        label = labels[0] if labels else self._links[url]
        if label not in self._listed:
            self._listed[label] = reference_of(label, " ".join(words.split()) or url, urls=[url])
        return label

    def finish(self) -> tuple[Reference, ...]:
        """All references. Entries without labels are counted where no other entry has one: then they are what the text cites."""
        found = {**self._listed, **self._of_notes}
        if not found:
            found = {str(n): self._reference(replace(entry, label=str(n))) for n, entry in enumerate(self._unlabelled, 1)}
        return tuple(found.values())

    def _reference(self, entry: Entry) -> Reference:
        """Make an entry a reference, with the work that it leads to when it names no address itself."""
        text, urls = entry.words, entry.urls
        work = None if urls else _work(entry, self._notes)
        if work is not None:
            full = entry_of(work, self._notes)
            text, urls = f"{text} = {full.text}"[:_LONGEST], full.urls
        return reference_of(entry.label, text, urls=urls)


def _number(printed: str, otherwise: int) -> int:
    """A small number of an attribute, as HTML writes it."""
    return int(printed) if printed.isascii() and printed.isdecimal() and len(printed) < 6 else otherwise  # noqa: PLR2004 - longer lists are none
