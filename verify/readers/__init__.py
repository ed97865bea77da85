"""The rack of readers: bytes to a draft, one file a format, one line here to register it.

A reader is a plain function `read(text) -> Draft` for the formats that are text on disk. What a file is, is decided by its content, or said
by the user (`--from`).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from verify.errors import ReadError, UsageError
from verify.model import Draft

from .decode import decode

READERS: dict[str, str] = {"text": "plaintext"}
"""Name of a format -> the module of this package that reads it."""

_MARKUP = re.compile(r"\s*(?:<!doctype html|<html\b|<\?xml\b|<mediawiki\b)", re.IGNORECASE)


def read(data: bytes, *, format: str = "", encoding: str = "", language: str = "") -> Draft:  # noqa: A002 - the option's own name
    """Read a document's bytes. `format` is a key of `READERS`; empty means find out.

    Raises UsageError for an unknown format or encoding, ReadError for bytes that are no text, or of a format that has no reader yet.
    """
    if format and format not in READERS:
        raise UsageError(f"unknown format {format!r}; --from takes: {', '.join(READERS)}")
    decoded = decode(data, encoding=encoding)
    if not format and _MARKUP.match(decoded.text[:1000]):
        raise ReadError(
            "this looks like HTML or XML, which this version does not read as a document yet;\n"
            "copy the text out of the page and save it, or force it with --from text"
        )
    module = READERS[format or "text"]
    reader: Callable[[str], Draft] = import_module(f"{__name__}.{module}").read
    draft = reader(decoded.text)
    return replace(draft, format=format or "text", encoding=decoded.encoding, language=language, remarks=(*decoded.remarks, *draft.remarks))
