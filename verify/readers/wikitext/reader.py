"""Wikitext: a page of a MediaWiki as its readers see it, every footnote, cleanup tag and citation template named.

Four steps, each once over the page: footnotes and verbatim stretches are put aside; templates and links are expanded from the inside out; markup
inside lines is taken out; lines become blocks. Footnotes get their numbers in the order in which they stand in the expanded text, which is how
MediaWiki counts them. The page's own templates are not at hand, so what they print is what `templates.json` knows of them.
"""

import re

from verify.model import BlockKind, Draft, Reference
from verify.readers import Options
from verify.readers.building import DraftText
from verify.readers.citation_templates import Work
from verify.readers.references import reference_of
from verify.terminal import one_line

from .blocks import write_blocks
from .inline import addresses_in, marked_down
from .page import Page, Short
from .scanner import expand, expanded
from .signs import STAND_IN, TAKEN_OUT

_REDIRECT = re.compile(r"\s*#[^\W\d_]{3,40}\s*:?\s*\[\[([^\[\]|]{1,300})", re.IGNORECASE)


def read(content: str, _options: Options) -> Draft:
    """Read a page of wikitext. Never fails: what nothing closes stays as it stands."""
    return wikitext_draft(content)


def wikitext_draft(source: str, *, title: str = "", language: str = "") -> Draft:
    """Make a draft of a page's wikitext; `title` and `language` (of the wiki) are what its dump or its address say of it."""
    if target := redirect_target(source):
        return Draft(
            "",
            (),
            title=title,
            format="wikitext",
            language=language,
            names_markers=True,
            remarks=(f"is a redirect to {one_line(target)}: it holds no text",),
        )
    if any(sign in source for sign in TAKEN_OUT):
        source = source.translate(dict.fromkeys(map(ord, TAKEN_OUT)))
    page = Page(title, language)
    text = marked_down(expand(source.replace("\r\n", "\n"), page))
    page.number(text)
    draft = DraftText()
    if title:
        draft.open(BlockKind.TITLE)
        draft.write(title)
    write_blocks(text, page, draft)
    printed, blocks = draft.finish()
    return Draft(printed, blocks, title=title, format="wikitext", language=language, references=_references(page), names_markers=True)


def redirect_target(source: str) -> str:
    """The page that a redirect leads to; empty for a page with a text of its own."""
    found = _REDIRECT.match(source) if "#" in source[:40] else None
    return found[1].strip() if found else ""


def _references(page: Page) -> tuple[Reference, ...]:
    """The entries of all footnotes that have a number, then those of the works that the text cites by author and year.

    What an entry says is expanded only here, which may number more of them: notes inside notes.
    """
    texts: list[tuple[str, str]] = []
    while waiting := page.footnotes.numbered(len(texts)):
        for group, name in waiting:
            text, raw = page.footnotes.note(group, name)
            if raw:
                text = expanded(text, page)
                page.number(text)
            texts.append((page.footnotes.label(group, name), text))
    entries = [_entry(page, label, text) for label, text in texts if text]
    cited = ((label, page.works.get(anchor)) for label, anchor in page.cited.items())
    return (*entries, *(reference_of(label, work.text, urls=work.urls, csl=work.csl) for label, work in cited if work))


def _entry(page: Page, label: str, text: str) -> Reference:
    """Read an entry: its words, its addresses in their order, and the item of the first work that it names in full or in short."""
    urls: list[str] = []
    items: list[dict[str, object]] = []
    for place, piece in enumerate(STAND_IN.split(text)):
        thing = page.thing(piece) if place % 2 else None
        if isinstance(thing, Work):
            urls += thing.urls
            items.append(thing.csl)
        elif isinstance(thing, Short) and (work := page.works.get(thing.anchor)):
            urls += work.urls
            items.append({name: value for name, value in work.csl.items() if name != "page"})
        elif thing is None:
            urls += addresses_in(piece)
    return reference_of(label, page.plain(marked_down(text, addresses=True)), urls=urls, csl=items[0] if items else None)
