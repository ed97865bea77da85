"""The bytes of a source become a snapshot: the bytes, their hash, and the text that a reader would see.

The text is what quotes are searched in and what evidence points into, so it is made once, by one rule, and stored with the bytes. What bytes are
is decided by how they begin, for servers and file names say many things; then by what the server said; then by the name.
"""

import codecs
import re
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from verify.errors import ReadError, UsageError
from verify.model import Snapshot, sha256_of
from verify.readers import Options, format_of, read
from verify.readers.decode import BinaryDataError, Decoded, decode
from verify.readers.html.bytes import decode_page
from verify.terminal import one_line, printable

from .locators import Locator, locators_of, main_of
from .page_text import page_text, page_title

MAX_BYTES = 64 * 2**20

TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "markdown": "text/markdown",
    "latex": "text/x-tex",
    "wikitext": "text/x-wiki",
}
"""The media type that a snapshot of each format is stored with."""

_ALSO = {
    "application/xhtml+xml": "html",
    "application/x-pdf": "pdf",
    "text/x-markdown": "markdown",
    "application/x-tex": "latex",
    "application/x-latex": "latex",
    "text/x-latex": "latex",
}
_FORMATS = {media_type: name for name, media_type in TYPES.items() if name != "text"} | _ALSO
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_AS_BROWSERS_READ = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
"""What servers say by default, and browsers take for the wider set (WHATWG Encoding Standard)."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SCAN = "holds no"
"""How the reader of PDF begins what it says of pages without text."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
"""A word, or a letter of a script that parts no words: Thai, Lao, Burmese, Khmer, Chinese, Japanese."""
_FEWEST_WORDS = 25

UNREADABLE, SCAN, TOO_THIN = "unreadable", "scan", "too thin"


@dataclass(frozen=True, slots=True)
class SnapshotText:
    """The text of a source. `full` is all that it shows; `main` the spans of it (code points, end exclusive) that are the document itself, without
    menus or reference lists; `locators` name pages or sections; `title` is its own, and `information` what its file says of it beside the text.

    `no_text` is a word for why there is none to check against: "unreadable", "scan" or "too thin" (a few words, as a page for consent or a login
    has; they are in `full` all the same), and `why` says it in a line.
    """

    media_type: str
    full: str = ""
    main: tuple[tuple[int, int], ...] = ()
    locators: tuple[Locator, ...] = ()
    title: str = ""
    no_text: str = ""
    why: str = ""
    information: Mapping[str, str] = field(default_factory=dict)


def text_of(data: bytes, media_type: str, place: str) -> SnapshotText:
    """Read the text of a source's bytes. `media_type` is what the server said, its parameters with it, or ""; `place` a path or URL, of which only
    the suffix is looked at.

    Raises nothing for bytes that cannot be read: `no_text` and `why` say so.
    """
    try:
        name = _format(data, media_type, place)
    except ReadError as error:
        return SnapshotText(_essence(media_type), no_text=UNREADABLE, why=_why(error))
    try:
        text = _READERS.get(name, _drafted)(data, media_type, name)
    except ReadError as error:
        why = SCAN if name == "pdf" and str(error).startswith(_SCAN) else UNREADABLE
        return SnapshotText(TYPES[name], no_text=why, why=_why(error))
    words = sum(1 for _ in islice(_WORD.finditer(text.full), _FEWEST_WORDS))
    return text if words == _FEWEST_WORDS else replace(text, no_text=TOO_THIN, why=f"shows only {words} words")


def read_snapshot(path: Path, *, retrieved_at: datetime, max_bytes: int = MAX_BYTES) -> Snapshot:
    """Read a file as it stands now; `id` is 0, `origin` the resolved path.

    Raises `ReadError`, the path in front, for what is missing, no file, unreadable, larger than `max_bytes`, binary or without text.
    """
    return read_with_text(path, retrieved_at=retrieved_at, max_bytes=max_bytes)[0]


def read_with_text(path: Path, *, retrieved_at: datetime, max_bytes: int = MAX_BYTES) -> tuple[Snapshot, SnapshotText]:
    """Read a file as `read_snapshot` does, and give what was found in its text as well. A short text is no fault of a file: a person chose it."""
    name = printable(str(path), keep="")
    content = _content(path, name, max_bytes)
    text = text_of(content, "", path.name)
    if text.no_text not in ("", TOO_THIN):
        raise ReadError(f"{name}: {text.why}")
    return snapshot_of(content, text, origin=str(path.resolve()), retrieved_at=retrieved_at), text


def snapshot_of(content: bytes, text: SnapshotText, *, origin: str, retrieved_at: datetime) -> Snapshot:
    """Make the snapshot of bytes and the text that was read of them; `main` is left empty where all of it is the document."""
    locators = tuple((locator.start, locator.end, locator.name) for locator in text.locators)
    main = () if text.main == ((0, len(text.full)),) else text.main
    return Snapshot(0, sha256_of(content), text.media_type, content, text.full, origin, retrieved_at, locators, main)


def title_of(snapshot: Snapshot) -> str:
    """Give the title that a source has, or a page's first heading; empty for plain text, which has none of its own."""
    if snapshot.media_type == TYPES["html"]:
        return page_title(decode_page(snapshot.content).text)
    return "" if snapshot.media_type == TYPES["text"] else text_of(snapshot.content, snapshot.media_type, "").title


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _format(data: bytes, media_type: str, place: str) -> str:
    """The reader's name for what bytes are. Raises ReadError for markup that no reader is there for."""
    said = _FORMATS.get(_essence(media_type), "")
    try:
        name = format_of(data)
    except ReadError:
        if said == "html":
            return said  # XHTML that begins as any XML does
        raise
    if name == "text":
        name = said or format_of(data, urlsplit(place).path if "://" in place else place)
    return name


def _page(data: bytes, media_type: str, _name: str) -> SnapshotText:
    page = page_text(_decoded(data, media_type, decode_page).text)
    return SnapshotText(TYPES["html"], page.full, page.main, page.locators, page.title)


def _plain(data: bytes, media_type: str, _name: str) -> SnapshotText:
    full = _decoded(data, media_type, decode).text
    return SnapshotText(TYPES["text"], full, ((0, len(full)),))


def _drafted(data: bytes, _media_type: str, name: str) -> SnapshotText:
    """By the reader of the format. It learns no place, since what a source names is not to be read beside it."""
    draft = read(data, format=name, options=Options())
    if not draft.text.strip():
        raise ReadError("holds no text")
    return SnapshotText(TYPES[name], draft.text, main_of(draft), locators_of(draft), draft.title, information=draft.information)


def _decoded(data: bytes, media_type: str, decoder: Callable[..., Decoded]) -> Decoded:
    """The text of bytes in the character set that the server names, where it fits and no byte-order mark says another; else as they look."""
    named = _CHARSET.search(media_type)
    charset = named[1].lower() if named else ""
    if charset and not charset.startswith("utf-16") and not data.startswith(_MARKS):
        with suppress(UsageError, ReadError):
            return decoder(data, encoding=_AS_BROWSERS_READ.get(charset, charset))
    return decoder(data)


def _why(error: ReadError) -> str:
    known = "; what can be read are text, HTML, PDF, DOCX, ODT, Markdown, LaTeX and wikitext" if isinstance(error, BinaryDataError) else ""
    return f"{one_line(str(error))}{known}"


def _content(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(f"{name}: is {'a folder' if stat.S_ISDIR(status.st_mode) else 'not a regular file'}; name a file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise ReadError(f"{name}: no such file") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ReadError(f"{name}: cannot be read ({reason})") from error
    if len(content) > max_bytes:
        raise ReadError(f"{name}: is larger than {max_bytes:,} bytes; keep the part that matters in a file of its own")
    return content


_READERS = {"html": _page, "text": _plain}
