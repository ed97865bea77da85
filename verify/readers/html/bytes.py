"""The bytes of a page to its text: by byte-order mark, else in the encoding that the page declares, else as any text."""

import codecs
import re

from verify.errors import ReadError, UsageError
from verify.readers.decode import Decoded, decode

_CHARSET = re.compile(
    rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]+)|^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([a-z0-9_:.-]+)", re.IGNORECASE
)
_PRESCAN = 2**10
"""How far browsers look for a declaration (WHATWG HTML 13.2.3.2)."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
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


def decode_page(content: bytes, *, encoding: str = "") -> Decoded:
    """Read a page as text, in `encoding` when the user names one. A declaration that is unknown or does not fit is passed over.

    Raises what `decode` raises.
    """
    declared = _CHARSET.search(content[:_PRESCAN])
    if encoding or declared is None or content.startswith(_MARKS):
        return decode(content, encoding=encoding)
    try:
        name = codecs.lookup((declared[1] or declared[2]).decode("ascii")).name
        return decode(content, encoding=_AS_BROWSERS_READ.get(name, name))
    except (LookupError, UsageError, ReadError):
        return decode(content)
