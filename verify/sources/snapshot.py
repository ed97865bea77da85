"""A local file becomes a snapshot: its bytes, their hash and the text that a reader would see.

The text is what quotes are searched in and what evidence points into, so it is made once, by one rule, and stored with the bytes. A page's text
is what it shows: block elements end lines, white space is folded, and what never shows (scripts, styles, templates) is not in it.
"""

import re
import stat
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from verify.errors import ReadError
from verify.model import Snapshot, sha256_of
from verify.readers.decode import BinaryDataError, decode
from verify.readers.html.bytes import decode_page
from verify.readers.html.guard import refuse_explosive
from verify.terminal import printable

MAX_BYTES = 64 * 2**20

_HTML = "text/html"
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_SNIFFED = 2**12

_HIDDEN = ["head", "script", "style", "template", "noscript", "noframes", "iframe", "title"]
_BLOCKS = (
    "address,article,aside,blockquote,body,br,button,caption,center,dd,details,dialog,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,"
    "h1,h2,h3,h4,h5,h6,header,hgroup,hr,legend,li,main,menu,nav,ol,option,p,pre,section,select,summary,table,td,textarea,th,tr,ul"
)
_LINE_END = "\x1e"  # a record separator, which a page has no use for


def read_snapshot(path: Path, *, retrieved_at: datetime, max_bytes: int = MAX_BYTES) -> Snapshot:
    """Read a text or HTML file as it stands now; `id` is 0, `origin` the resolved path.

    Raises `ReadError`, the path in front, for what is missing, no file, unreadable, larger than `max_bytes`, binary or without text.
    """
    name = printable(str(path), keep="")
    content = _content(path, name, max_bytes)
    media_type = _HTML if _is_html(path, content) else "text/plain"
    try:
        text = _page_text(decode_page(content).text) if media_type == _HTML else decode(content).text
    except BinaryDataError as error:
        raise ReadError(f"{name}: {error}\nonly text and HTML files can be read as sources yet") from error
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from error
    return Snapshot(0, sha256_of(content), media_type, content, text, str(path.resolve()), retrieved_at)


def title_of(snapshot: Snapshot) -> str:
    """Give the title that a page has, or its first heading; empty for plain text, which has none of its own."""
    if snapshot.media_type != _HTML:
        return ""
    page = _parsed(decode_page(snapshot.content).text)
    found = page.css_first("head title") or page.css_first("h1")
    return " ".join(found.text().split()) if found else ""


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


def _is_html(path: Path, content: bytes) -> bool:
    return path.suffix.lower() in _HTML_SUFFIXES or _HTML_START.match(content[:_SNIFFED]) is not None


def _page_text(html: str) -> str:
    page = _parsed(html)
    page.strip_tags(_HIDDEN)
    for element in page.css(_BLOCKS):
        element.insert_before(_LINE_END)
        element.insert_after(_LINE_END)
    lines = (" ".join(line.split()) for line in page.root.text().split(_LINE_END)) if page.root else ()
    text = "\n".join(line for line in lines if line)
    if not text:
        raise ReadError("shows no text: a page that its scripts build has to be saved as it looks when they ran")
    return text


def _parsed(html: str) -> LexborHTMLParser:
    refuse_explosive(html)
    return LexborHTMLParser(html.replace(_LINE_END, ""))
