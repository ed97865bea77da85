"""The references that a Markdown document brings: footnotes, lists under a heading for them, link definitions, links that cite, a `.bib` beside it.

A label keeps its first entry; what a later one adds is its address.
"""

import re
from collections.abc import Iterable, Mapping

from verify.model import Reference
from verify.readers.references import entry_label, reference_of

_WORK = re.compile(r"https?://|www\.|\bdoi\b|\b10\.\d{4,9}/|\bISBN\b|\b(?:1[5-9]|20)\d\d\b|\barxiv\b|\bpp?\. ?\d", re.IGNORECASE)
_LABELLED_LINE = re.compile(r"\[\^?[\w-]{1,40}\]:?\s|\d{1,3}[.)]\s")


class Entries:
    """Entries under way."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, list[str]]] = {}
        self._unlabelled: list[tuple[str, list[str]]] = []

    def add(self, label: str, text: str, urls: Iterable[str] = ()) -> None:
        """Add an entry under the label that is printed for it; "" where none is."""
        words = " ".join(text.split())
        if not words and not urls:
            return
        if not label:
            self._unlabelled.append((words, list(urls)))
        elif label in self._held:
            self._held[label][1].extend(urls)
        else:
            self._held[label] = (words, list(urls))

    def add_printed(self, text: str, urls: Iterable[str] = (), ordinal: int = 0) -> None:
        """Add an entry of a list; its label is the one printed before it, else its number in a numbered list."""
        own, words = entry_label(text) if not ordinal or text.lstrip().startswith("[") else ("", text)
        self.add(own or (str(ordinal) if ordinal else ""), words, urls)

    def finish(self, bibliography: Mapping[str, Reference], cited: Iterable[str]) -> tuple[Reference, ...]:
        """All references. Entries without labels are counted, where no other entry has one; of a bibliography only what is cited is printed."""
        if not self._held:
            self._held = {str(n): entry for n, entry in enumerate(self._unlabelled, 1)}
        own = [reference_of(label, text or urls[0], urls=urls) for label, (text, urls) in self._held.items()]
        return (*own, *(bibliography[key] for key in dict.fromkeys(cited) if key in bibliography and key not in self._held))


def is_entry(text: str) -> bool:
    """Whether a line looks like an entry of a reference list: it has a label before it, or names a work."""
    return bool(_LABELLED_LINE.match(text) or _WORK.search(text))


def is_entry_run(lines: Iterable[str]) -> bool:
    """Whether lines that no heading announces are entries: every one has a label before it, and most name a work."""
    listed = [line.strip() for line in lines if line.strip()]
    if not listed or not all(_LABELLED_LINE.match(line) for line in listed):
        return False
    return sum(bool(_WORK.search(line)) for line in listed) >= 0.6 * len(listed)
