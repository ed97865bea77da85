"""What a page, a PDF or a look-up says of a work fills in what is not known of it, and changes nothing that is.

Metadata are claims of whoever made them: what a person typed, or a bibliography says, goes before what a page says of itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .bibliography.items import Item, text_of
from .metadata import of_html, of_pdf
from .snapshot import TYPES, SnapshotText

_UNTOLD = frozenset({"", "document", "webpage"})
"""Types that say no more than that there is a work."""
_NEVER_TAKEN = frozenset({"id", "type", "custom"})
_FIRST_PAGE = "p. 1"
_HEAD = 20_000
_LARGEST, _LONGEST = 1_000_000, 2000
"""Characters of an item, and of a value in one that is larger than that."""
_NAMING = ("id", "type", "title", "URL", "DOI")
NOTHING: Mapping[str, object] = MappingProxyType({})


def item_of_text(content: bytes, text: SnapshotText, url: str = "") -> Item:
    """Read what a source says of itself as a CSL-JSON item: of a page its metadata, of a PDF its properties and its first page; {} of others."""
    if text.media_type == TYPES["html"]:
        return _bounded(of_html(content, url))
    return _bounded(of_pdf(text.information, first_page(text))) if text.media_type == TYPES["pdf"] else {}


def _bounded(item: Item) -> Item:
    """An item of no more than an item may be: of one that is larger, what names the work."""
    if len(str(item)) <= _LARGEST:
        return item
    return {name: text_of(item[name])[:_LONGEST] for name in _NAMING if item.get(name)}


def first_page(text: SnapshotText) -> str:
    """The text of the first page, where there are pages; else its beginning."""
    first = next((each for each in text.locators if each.name == _FIRST_PAGE), None)
    return (text.full[first.start : first.end] if first else text.full)[:_HEAD]


def completed(held: Mapping[str, object], said: Mapping[str, object]) -> Item:
    """Give the item that is held, with what another says of the same work where it says nothing itself. Its id stays; its type gives way only
    where it told none."""
    filled: Item = {name: value for name, value in said.items() if value and name not in _NEVER_TAKEN}
    kind = text_of(held.get("type"))
    better = text_of(said.get("type"))
    return {
        **filled,
        **{name: value for name, value in held.items() if value},
        "type": better if kind in _UNTOLD and better else kind or "document",
    }
