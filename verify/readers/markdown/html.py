"""The HTML that stands in Markdown as blocks of its own: tags off, the text of each block kept with its kind.

It is scanned from front to back once; what opens and is never closed swallows the rest, as in a browser. A page of HTML has a reader of its own.
"""

import re
from collections.abc import Iterator
from html import unescape

from verify.model import BlockKind

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
_BLOCKS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary"), BlockKind.HEADING),
    **dict.fromkeys(("p", "div", "section", "article", "details", "dl", "ul", "ol", "center", "hr", "body"), BlockKind.PARAGRAPH),
    **dict.fromkeys(("li", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("table", "tr"), BlockKind.TABLE),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.CODE,
}
_UNSEEN = frozenset({"script", "style", "template", "head"})
_SPACED = frozenset({"td", "th", "br"})


def html_blocks(html: str) -> Iterator[tuple[BlockKind, str]]:
    """Give the kind and the text of each block."""
    kind, pieces, rows = BlockKind.PARAGRAPH, list[str](), 0
    for part in _parts(html):
        if isinstance(part, str):
            pieces.append(part)
            continue
        closes, name = part
        rows += (-1 if closes else 1) if name == "table" else 0
        if name in _SPACED:
            pieces.append(" | " if name != "br" and "".join(pieces[-1:]).strip() else "\n")
        if name in _BLOCKS:
            yield kind, unescape("".join(pieces)).strip()
            pieces = []
            kind = BlockKind.TABLE if rows > 0 else BlockKind.PARAGRAPH if closes else _BLOCKS[name]
    yield kind, unescape("".join(pieces)).strip()


def _parts(html: str) -> Iterator[str | tuple[bool, str]]:
    """Text, and tags as (whether it closes, name)."""
    at = 0
    while (start := html.find("<", at)) >= 0:
        yield html[at:start]
        tag = _TAG.match(html, start)
        if html.startswith("<!--", start):
            end = html.find("-->", start)
            at = end + 3
        elif tag is None:
            yield "<"
            at = end = start + 1
        else:
            name = tag[2].lower()
            end = at = tag.end()
            if name in _UNSEEN and not tag[1]:
                closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, at)
                end = at = closing.start() if closing else -1
            yield bool(tag[1]), name
        if end < 0:
            return
    yield html[at:]
