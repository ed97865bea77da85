"""A local file becomes a snapshot: its bytes, their hash and the text that a reader would see.

The text is what quotes are searched in and what evidence points into, so it is made once, by one rule, and stored with the bytes. A page's text
is what it shows: block elements end lines, white space is folded, and what never shows (scripts, styles, templates) is not in it.
"""

import codecs
import re
import stat
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from verify.errors import ReadError, UsageError
from verify.model import Snapshot, sha256_of
from verify.readers.decode import BinaryDataError, Decoded, decode
from verify.terminal import printable

MAX_BYTES = 64 * 2**20

_HTML = "text/html"
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_META_CHARSET = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]+)", re.IGNORECASE)
_SNIFFED = 2**12
_PRESCAN = 2**10  # how far browsers look for a declaration (WHATWG HTML 13.2.3.2)
_AS_BROWSERS_READ = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""Declared names mean these on the web (WHATWG Encoding Standard, and HTML 13.2.3.2 for UTF-16, which cannot declare itself)."""

_HIDDEN = ["head", "script", "style", "template", "noscript", "noframes", "iframe", "title"]
_BLOCKS = (
    "address,article,aside,blockquote,body,br,button,caption,center,dd,details,dialog,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,"
    "h1,h2,h3,h4,h5,h6,header,hgroup,hr,legend,li,main,menu,nav,ol,option,p,pre,section,select,summary,table,td,textarea,th,tr,ul"
)
_LINE_END = "\x1e"  # a record separator, which a page has no use for

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_NOT_NESTING = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
        *("dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
_MOST_STEPS = 10**9
_MOST_COPIES = 3 * 10**6


def read_snapshot(path: Path, *, retrieved_at: datetime, max_bytes: int = MAX_BYTES) -> Snapshot:
    """Read a text or HTML file as it stands now; `id` is 0, `origin` the resolved path.

    Raises `ReadError`, the path in front, for what is missing, no file, unreadable, larger than `max_bytes`, binary or without text.
    """
    name = printable(str(path), keep="")
    content = _content(path, name, max_bytes)
    media_type = _HTML if _is_html(path, content) else "text/plain"
    try:
        text = _page_text(_decoded_page(content).text) if media_type == _HTML else decode(content).text
    except BinaryDataError as error:
        raise ReadError(f"{name}: {error}\nonly text and HTML files can be read as sources yet") from error
    except ReadError as error:
        raise ReadError(f"{name}: {error}") from error
    return Snapshot(0, sha256_of(content), media_type, content, text, str(path.resolve()), retrieved_at)


def title_of(snapshot: Snapshot) -> str:
    """Give the title that a page has, or its first heading; empty for plain text, which has none of its own."""
    if snapshot.media_type != _HTML:
        return ""
    page = _parsed(_decoded_page(snapshot.content).text)
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


def _decoded_page(content: bytes) -> Decoded:
    """By byte-order mark, else as declared, else as any text. A declaration that is unknown or does not fit is passed over."""
    declared = _META_CHARSET.search(content[:_PRESCAN])
    if declared is None or content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(content)
    name = declared[1].decode("ascii")
    try:
        name = codecs.lookup(name).name
        return decode(content, encoding=_AS_BROWSERS_READ.get(name, name))
    except (LookupError, UsageError, ReadError):
        return decode(content)


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
    _refuse_explosive(html)
    return LexborHTMLParser(html.replace(_LINE_END, ""))


def _refuse_explosive(html: str) -> None:
    """Refuse what HTML's own algorithm spends quadratic time or memory on.

    A tag may walk all elements that are open, and a paragraph opens anew every formatting element that was left open before it: 37 kB of
    unclosed <b> and <p> make 4 million elements (measured).
    """
    open_now, most, tags = [0, 0], [0, 0], 0
    for tag in _TAG.finditer(html):
        tags += 1
        name = tag[2].lower()
        if name in _NOT_NESTING:
            continue
        kind = name in _FORMATTING
        open_now[kind] = max(open_now[kind] + (-1 if tag[1] else 1), 0)
        most[kind] = max(most[kind], open_now[kind])
    if sum(most) * tags > _MOST_STEPS or most[True] * tags > _MOST_COPIES:
        raise ReadError(f"nests elements too deeply to be read ({sum(most):,} open at once)")
