"""The rack of readers: bytes to a draft, one file a format, one line here to register it.

A reader's module has a plain function `read`: from the decoded text for formats that are text on disk, from the bytes for the others. What a
file is, is decided by its content, then by its name, or said by the user (`--from`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePath
from typing import Any

from verify.errors import ReadError, UsageError
from verify.model import Draft

from .decode import decode


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a reader; each takes what concerns it. `place` is the file's path, for what lies beside it; "" when unknown."""

    place: str = ""
    links: bool = False
    selector: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module here that reads it, whether it wants bytes, the suffixes of its files, and what its content starts with."""

    module: str
    binary: bool = False
    suffixes: tuple[str, ...] = ()
    starts: re.Pattern[bytes] | None = None


READERS: dict[str, Format] = {
    "text": Format("plaintext", suffixes=(".txt", ".text")),
}
"""Every format by the name that `--from` takes."""

_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html\b|<\?xml\b|<mediawiki\b)", re.IGNORECASE)
_LOOKED_AT = 4096


def read(data: bytes, *, format: str = "", encoding: str = "", language: str = "", options: Options | None = None) -> Draft:  # noqa: A002 - the option's own name
    """Read a document's bytes. `format` is a key of `READERS`; empty means find out.

    Raises UsageError for an unknown format or encoding, ReadError for bytes that are no text, or of a format that has no reader yet.
    """
    options = options or Options()
    name = format or format_of(data, options.place)
    if name not in READERS:
        raise UsageError(f"unknown format {name!r}; --from takes: {', '.join(READERS)}")
    reader: Callable[[Any, Options], Draft] = import_module(f"{__name__}.{READERS[name].module}").read
    if READERS[name].binary:
        return replace(reader(data, options), format=name, language=language)
    decoded = decode(data, encoding=encoding)
    draft = reader(decoded.text, options)
    remarks = (*decoded.remarks, *draft.remarks)
    return replace(draft, format=name, encoding=decoded.encoding, language=language or draft.language, remarks=remarks)


def format_of(data: bytes, place: str = "") -> str:
    """Name the format of bytes by how they start, else by the suffix of their file, else "text". Raises ReadError for markup without a reader."""
    head = data[:_LOOKED_AT]
    for name, form in READERS.items():
        if form.starts and form.starts.match(head):
            return name
    if _MARKUP.match(head):
        raise ReadError(
            "this looks like HTML or XML, which this version does not read as a document yet;\n"
            "copy the text out of the page and save it, or force it with --from text"
        )
    suffix = PurePath(place).suffix.lower()
    return next((name for name, form in READERS.items() if suffix in form.suffixes), "text")
