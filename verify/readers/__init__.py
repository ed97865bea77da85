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

from .author_year import author_year_marks
from .decode import Decoded
from .limits import MEMORY, SECONDS


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may ask of a reader; each takes what concerns it. `place` is the file's path, for what lies beside it; "" when unknown.
    `seconds` and `memory` (bytes) bound what is parsed in a child process."""

    place: str = ""
    links: bool = False
    selector: str = ""
    seconds: float = SECONDS
    memory: int = MEMORY


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the module here that reads it, whether it wants bytes, the suffixes of its files, what its content starts with, and the function
    that decodes it (by the rules of the format, where it has its own)."""

    module: str
    binary: bool = False
    suffixes: tuple[str, ...] = ()
    starts: re.Pattern[bytes] | None = None
    decoder: tuple[str, str] = ("decode", "decode")


READERS: dict[str, Format] = {
    "text": Format("plaintext", suffixes=(".txt", ".text")),
    "markdown": Format("markdown.reader", suffixes=(".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd")),
    "html": Format(
        "html.reader",
        decoder=("html.bytes", "decode_page"),
        suffixes=(".html", ".htm", ".xhtml"),
        starts=re.compile(
            rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
        ),
    ),
    "latex": Format(
        "latex.reader", suffixes=(".tex", ".latex", ".ltx"), starts=re.compile(rb"(?:\s|%[^\n]*\n)*\\document(?:class|style)\b")
    ),
    "docx": Format(
        "docx.reader", binary=True, suffixes=(".docx", ".docm", ".dotx"), starts=re.compile(rb"PK\x03\x04.*?word/\w+\.xml", re.DOTALL)
    ),
    "odt": Format(
        "odt",
        binary=True,
        suffixes=(".odt", ".ott"),
        starts=re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.text", re.DOTALL),
    ),
    "pdf": Format("pdf.reader", binary=True, suffixes=(".pdf",), starts=re.compile(rb"\s*%PDF-\d")),
    "wikitext": Format("wikitext.reader", suffixes=(".wikitext", ".wiki", ".mediawiki")),
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
    form = READERS[name]
    reader: Callable[[Any, Options], Draft] = import_module(f"{__name__}.{form.module}").read
    if form.binary:
        draft = author_year_marks(reader(data, options))
        return replace(draft, format=name, language=language or draft.language)
    decoder: Callable[..., Decoded] = getattr(import_module(f"{__name__}.{form.decoder[0]}"), form.decoder[1])
    decoded = decoder(data, encoding=encoding)
    draft = author_year_marks(reader(decoded.text, options))
    remarks = (*decoded.remarks, *draft.remarks)
    return replace(draft, format=name, encoding=decoded.encoding, language=language or draft.language, remarks=remarks)


def is_binary(data: bytes, place: str = "") -> bool:
    """Whether bytes look like a format that is no text on disk."""
    try:
        return READERS[format_of(data, place)].binary
    except ReadError:
        return False


def format_of(data: bytes, place: str = "") -> str:
    """Name the format of bytes by how they start, else by the suffix of their file, else "text". Raises ReadError for markup without a reader."""
    head = data[:_LOOKED_AT]
    if head.startswith(b"PK\x03\x04"):
        head += data[-_LOOKED_AT:]  # a zip archive lists its contents at its end
    for name, form in READERS.items():
        if form.starts and form.starts.match(head):
            return name
    if _MARKUP.match(head):
        raise ReadError(
            "this looks like XML of a kind that no reader is there for;\nsave it as text, HTML or DOCX, or force it with --from text"
        )
    suffix = PurePath(place).suffix.lower()
    return next((name for name, form in READERS.items() if suffix in form.suffixes), "text")
