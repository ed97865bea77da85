"""RACK: bibliographies, from bytes to entries as CSL-JSON items, and back. To add a format: one module, one line here, one test file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from verify.errors import ReadError, UsageError
from verify.readers.decode import decode
from verify.terminal import one_line

from . import bibtex, csl, ris
from .entries import BrokenEntry, Entries, Entry
from .items import identifier_of_item, identifiers_of_item, item_of, key_of

__all__ = [
    "BIBLIOGRAPHIES",
    "Bibliography",
    "BrokenEntry",
    "Entries",
    "Entry",
    "bibliography_named",
    "identifier_of_item",
    "identifiers_of_item",
    "item_of",
    "key_of",
    "read_bibliography",
]
_SNIFFED = 2**20


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A format: the suffixes of its files, how it is read and written, and where it begins in a text (-1: it is not there)."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes], Entries]
    write: Callable[[Sequence[Mapping[str, object]]], str]
    looks_like: Callable[[str], int]


BIBLIOGRAPHIES: Mapping[str, Bibliography] = MappingProxyType(
    {
        "csl": Bibliography("csl", (".json", ".jsonl", ".ndjson"), csl.read, csl.write, csl.looks_like),
        "bibtex": Bibliography("bibtex", (".bib", ".bibtex"), bibtex.read, bibtex.write, bibtex.looks_like),
        "ris": Bibliography("ris", (".ris",), ris.read, ris.write, ris.looks_like),
    }
)


def bibliography_named(name: str) -> Bibliography:
    """The format of that name. Raises UsageError for a name that no format has."""
    if name not in BIBLIOGRAPHIES:
        raise UsageError(f"unknown bibliography format {one_line(name)}: choose from {', '.join(BIBLIOGRAPHIES)}")
    return BIBLIOGRAPHIES[name]


def read_bibliography(data: bytes, *, name: str = "", format: str = "") -> Entries:  # noqa: A002 - as the option that names it
    """Read a bibliography in the format that is named, else in the one that it looks like, else in that of its file's suffix.

    Raises UsageError for a format that is not known, ReadError for what is no text or no bibliography.
    """
    found = bibliography_named(format) if format else _looked_like(data) or _of_suffix(name)
    if found is None:
        raise ReadError(f"is no bibliography: it looks like none of {', '.join(BIBLIOGRAPHIES)}; name its format if it is one of them")
    return found.read(data)


def _looked_like(data: bytes) -> Bibliography | None:
    """The format that begins first in the text."""
    text = decode(data[:_SNIFFED]).text
    starts = {start: kind for kind in BIBLIOGRAPHIES.values() if (start := kind.looks_like(text)) >= 0}
    return starts[min(starts)] if starts else None


def _of_suffix(name: str) -> Bibliography | None:
    suffix = PurePath(name).suffix.lower()
    return next((kind for kind in BIBLIOGRAPHIES.values() if suffix in kind.suffixes), None)
