"""CSL-JSON: a list of items, one item, `{"items": [...]}`, one a line (JSON Lines), and Crossref's works in any of these.

Items are read one by one, so that a fault in one costs only that one: after it, reading goes on where a line begins the next.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from verify.readers.decode import decode
from verify.terminal import one_line

from .entries import BrokenEntry, Entries, Entry
from .items import item_of, key_of

_BETWEEN = re.compile(r"[\s,\[\]]*")
_ITEM_LINE = re.compile(
    r"^([ \t]*+)\[?[ \t]*+(?:\}?[ \t]*+,[ \t]*+)?(?=\{(?!\s*+\"(?:family|given|literal|name|sequence|date-parts|raw|season)\"))",
    re.MULTILINE,
)
"""A line that opens an object which is no name and no date."""
_LISTS = ("items", "references", "message")
_DEEPEST_LIST = 3
_TEXTS_SHOWN = 200


def read(data: bytes) -> Entries:
    """Read the items of a file. Raises ReadError for what is no text."""
    decoded = decode(data)
    entries: list[Entry] = []
    broken: list[BrokenEntry] = []
    line = counted = 0
    for start, raw, found, why in _values(decoded.text):
        line += decoded.text.count("\n", counted, start)
        counted = start
        if why:
            broken.append(BrokenEntry("", line + 1, raw, why))
            continue
        for value, written in _items(found, raw):
            if isinstance(value, Mapping) and value:
                item = item_of(value)
                item["id"] = item["id"] or key_of(item)
                entries.append(Entry(str(item["id"]), item, written))
            else:
                broken.append(BrokenEntry("", line + 1, written, "it is no object with the fields of an item"))
    return Entries(tuple(entries), tuple(broken), decoded.remarks)


def write(items: Sequence[Mapping[str, object]]) -> str:
    """Write items as a list, each in the form of the schema."""
    return json.dumps([item_of(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def looks_like(text: str) -> int:
    """Where JSON begins in a text that is nothing else, -1 where it does not."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    return start if text[start : start + 1] in ("[", "{") else -1


def _values(text: str) -> Iterator[tuple[int, str, object, str]]:
    """The JSON values of a text: where each begins, as it is written, what it says, and what is wrong with it."""
    for at, raw, found, why in _decoded(text, 0):
        if why:
            for start, end in _chunks(text, at):
                yield from _decoded(text[start:end], start)
            return
        yield at, raw, found, why


def _decoded(text: str, offset: int) -> Iterator[tuple[int, str, object, str]]:
    """The values of a text that stands at an offset, up to a faulty one, which goes to its end."""
    decoder = json.JSONDecoder()
    at, end = _after(text, 0), len(text)
    while at < len(text):
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield at + offset, text[at:].rstrip(", \t\n"), None, f"it is no JSON: {_said(error)}"
            return
        yield at + offset, text[at:end], found, ""
        at = _after(text, end)


def _said(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return one_line((error.msg if isinstance(error, json.JSONDecodeError) else str(error))[:_TEXTS_SHOWN])


def _chunks(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text from a place on, each from one line that begins an item to the next: the least indented that open an object."""
    every = [(len(found[1].expandtabs()), found.end()) for found in _ITEM_LINE.finditer(text, at)]
    least = min((indent for indent, start in every if start > at), default=0)
    starts = [at, *(start for indent, start in every if indent <= least and start > at), len(text)]
    return pairwise(starts)


def _after(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _items(found: object, raw: str, depth: int = 0) -> Iterator[tuple[object, str]]:
    """A value's items, each as it is written: itself, or those of the list in it."""
    if isinstance(found, Mapping) and depth < _DEEPEST_LIST and "title" not in found:
        held = next((found[name] for name in _LISTS if isinstance(found.get(name), list | dict)), None)
        if held is not None:
            for value in held if isinstance(held, list) else [held]:
                yield from _items(value, json.dumps(value, ensure_ascii=False), depth + 1)
            return
    yield found, raw
