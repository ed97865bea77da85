"""HTML: Wikipedia's skins and Parsoid's output, footnotes as word processors and site software write them, answers saved from chats, any page.

The page is parsed as browsers parse it, its notes and their markers are found first, then its document is walked once in reading order
(`html_walk`). Where a page names its markers, nothing printed is taken for one; a wiki always does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verify.errors import ReadError
from verify.model import Block, BlockKind, Draft
from verify.readers.headings import HATNOTE

from .main import Main, main_of
from .marks import joined
from .notes import find_notes
from .tree import Element, Page, parse
from .walk import Walk

if TYPE_CHECKING:
    from verify.readers import Options

_LONGEST_HATNOTE = 300
_SITE = re.compile(r"\s+[-–—|·•]\s+[^-–—|·•]{1,60}$")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=-|$)", re.IGNORECASE)


def read(content: str, options: Options) -> Draft:
    """Read a page. `options.selector` takes the parts that it matches, `options.links` makes every link to another page a citation.

    Raises UsageError for a selector that is none; ReadError where it matches nothing, where nothing shows, or where parsing would explode.
    """
    page = parse(content, options.selector)
    main = main_of(page, options.selector)
    notes = find_notes(page.body)
    walk = Walk(main, notes, links=options.links)
    if not options.selector and (heading := _heading_outside(page, main)):
        walk.read_title(heading)
    for part in main.parts:
        walk.read(part)
    walk.read_notes()
    text, blocks = walk.draft.finish()
    if not text:
        raise ReadError("shows no text: a page that its scripts build has to be saved as it looks when they ran")
    return Draft(
        text=text,
        blocks=tuple(_finished(text, blocks, is_wiki=main.is_wiki)),
        title=walk.title or _SITE.sub("", page.title),
        language=_language(page, main),
        references=walk.entries.finish(),
        remarks=(*([main.remark] if main.remark else []), *walk.entries.remarks),
        names_markers=walk.names_markers,
    )


def _language(page: Page, main: Main) -> str:
    """The language that a wiki says it is in. Other software, and "en" everywhere, say what nobody set: the text itself tells better."""
    found = _LANGUAGE.match(page.language) if main.is_wiki else None
    return found[0].lower() if found and found[0].lower() != "en" else ""


def _heading_outside(page: Page, main: Main) -> Element | None:
    """The heading of the page, where it stands outside of the part that was taken and says what the window's title says."""
    if any(element.tag == "h1" for part in main.parts for element in part.elements):
        return None
    headings = (element for element in page.body.elements if element.tag == "h1")
    return next((h for h in headings if (words := h.text()) and (main.is_wiki or _is_title(words, page.title))), None)


def _is_title(words: str, title: str) -> bool:
    """Whether a heading is the page's own and not the site's name, which stands in the title of the window as well."""
    return not title or title.startswith(words) or (words in title and 2 * len(words) >= len(title))


def _finished(text: str, blocks: Sequence[Block], *, is_wiki: bool) -> list[Block]:
    """Join the markers that are printed as one; find the lines of a wiki that point to other pages and do not say so in their markup."""
    finished = []
    for block in blocks:
        words = text[block.start : block.end]
        block = replace(block, marks=joined(text, block.marks)) if block.marks else block  # noqa: PLW2901 - the same block, its marks joined
        if is_wiki and block.kind.holds_claims and len(words) <= _LONGEST_HATNOTE and HATNOTE.match(words):
            block = replace(block, kind=BlockKind.HATNOTE)  # noqa: PLW2901
        finished.append(block)
    return finished
