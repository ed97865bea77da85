"""From the blocks of Markdown to those of a draft: what is text, what is a list of references, and what only looks like a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verify.model import BlockKind
from verify.readers.building import DraftText
from verify.readers.headings import HATNOTE, REFERENCE_HEADINGS, SIDE_HEADINGS, section_name

from .citations import Run
from .html import html_blocks
from .inline import Links, addresses_of, runs_of, text_of, write
from .references import Entries, is_entry, is_entry_run

if TYPE_CHECKING:
    from markdown_it.token import Token

    from .syntax import Syntax

_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_TASK = re.compile(r"\[[ xX]\]\s+")
_ALERT = re.compile(r"\[!\w+\][+-]?[ \t]*(?:\n|$)")
_FINISHED = re.compile(r"[.!?…。！？][\"'”’)\]\d^]*$")
_LEAD_IN = re.compile(r"([^:：\n]{1,40})(?:[:：]\s*|\n)")
_STARTS_AS_ENTRY = re.compile(r"\[|<?https?://|\d{1,3}[.)]\s")
_LONGEST_HEADING = 120
_FEWEST_WORDS = 8
"""A finished line of fewer words after a list of sources may be the title of a work."""
_PSEUDO = 7
"""The level of a heading that is only a bold or lonely line: below all real ones."""
_KINDS = {"blockquote": BlockKind.QUOTE, "list_item": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM}
_SOURCES = {"fence": BlockKind.CODE, "code_block": BlockKind.CODE, "math_block": BlockKind.FORMULA}
_BREAKS = ("softbreak", "hardbreak")


class Walk:
    """One walk through the tokens of a document. `title` is the one that its front matter gives, or else its first heading of level 1."""

    def __init__(self, syntax: Syntax, links: Links, title: str = "") -> None:
        self.draft = DraftText()
        self.title = title
        self.entries = Entries()
        self._syntax = syntax
        self._links = links
        self._inert = replace(links, inert=True)
        self._titled = False
        self._open: list[str] = []
        self._ordinals: list[int] = []
        self._held: list[tuple[list[str], list[str]]] = []  # texts and addresses of the entries that are open
        self._footnote = ""
        self._level = 0
        self._row: list[list[Run]] = []
        self._side: BlockKind | None = None
        self._side_level = 0
        self._section = ""  # the one that a list of sources under a lonely line stands in

    def read(self, tokens: Sequence[Token]) -> None:
        """Write the blocks; then the inline notes, as a list; and gather what the links and their definitions add to the references."""
        for at, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, tokens[at + 2 : at + 5])
            elif token.type in _SOURCES:
                self._block(_SOURCES[token.type], token.content)
            elif token.type == "html_block":
                self._html(token.content)
            elif token.nesting > 0:
                self._enter(token)
            elif token.nesting < 0:
                self._leave(token.type.removesuffix("_close"))
        self._inline_notes()
        self._linked()

    def _linked(self) -> None:
        for label, (text, url) in self._links.cited.items():
            self.entries.add(label, text if text.strip("[]^ ") != label else url, [url])
        for label, (url, title) in self._syntax.definitions.items():
            if label.isdecimal():
                self.entries.add(label, f"{title} {url}", [url])

    def _enter(self, token: Token) -> None:
        name = token.type.removesuffix("_open")
        self._open.append(name)
        if name == "ordered_list":
            self._ordinals.append(int(token.attrs.get("start", 1)) - 1)
        elif name == "bullet_list":
            self._ordinals.append(-1)
        elif name == "list_item":
            self._ordinals[-1] += self._ordinals[-1] >= 0
            self._held.append(([], []))
        elif name == "footnote_reference":
            self._footnote = str(token.meta["label"])
            self._held.append(([], []))
        elif name == "heading":
            self._level = int(token.tag[1]) if token.markup != "-" else -2
        elif name == "tr":
            self._row = []

    def _leave(self, name: str) -> None:
        self._open.pop()
        if name in ("ordered_list", "bullet_list"):
            self._ordinals.pop()
        elif name == "list_item":
            texts, urls = self._held.pop()
            if texts:
                self.entries.add_printed(" ".join(texts), urls, max(self._ordinals[-1], 0))
        elif name == "footnote_reference":
            texts, urls = self._held.pop()
            self.entries.add(self._footnote, " ".join(texts), urls)
            self._footnote = ""
        elif name == "tr" and self._row:
            self.draft.open(BlockKind.TABLE)
            for at, runs in enumerate(self._row):
                self.draft.write(" | " if at else "")
                write(self.draft, runs)

    def _inline(self, token: Token, following: Sequence[Token]) -> None:
        children = self._syntax.inline(token.content)
        parent = self._open[-1]
        if self._footnote:
            self._entry_block(children)
        elif parent in ("td", "th"):
            self._row.append(runs_of(children, self._links))
        elif parent == "dt":
            section = self.draft.section
            self._block(BlockKind.HEADING, runs_of(children, self._links))
            self.draft.close()
            self.draft.section = section
        elif parent == "heading" and not (self._level < 0 and _FINISHED.search(token.content)):
            self._heading(runs_of(children, self._links), abs(self._level))
        else:
            self._paragraph(children, following)

    def _heading(self, runs: list[Run], level: int, *, listing: bool = True) -> None:
        """Write a heading; `listing`: it may be the name of a list of references or links."""
        self.draft.close()
        self._section = self.draft.section
        if runs:
            runs[-1] = replace(runs[-1], text=_ATTRIBUTES.sub("", runs[-1].text))
        words = " ".join(text_of(runs).split())
        name = section_name(words)
        if level <= self._side_level or not self._side:
            self._side_level = level
            self._side = BlockKind.REFERENCE_LIST if name in REFERENCE_HEADINGS else BlockKind.LINK_LIST if name in SIDE_HEADINGS else None
            self._side = self._side if listing else None
        first = level == 1 and not self._titled and not self._side
        if first and self.title in ("", words):
            self.title, self._titled = words, True
            self._block(BlockKind.TITLE, runs)
        else:
            self._titled |= first
            self._block(BlockKind.HEADING, runs)

    def _paragraph(self, children: list[Token], following: Sequence[Token]) -> None:
        kind = next((_KINDS[name] for name in reversed(self._open) if name in _KINDS), BlockKind.PARAGRAPH)
        words = text_of(runs_of(children, self._inert)).strip()
        if self._side and self._side_level == _PSEUDO and (_is_bold_line(words, children) or self._resumes(words, kind)):
            self.draft.close()
            self._side, self.draft.section = None, self._section
        lead_in = _LEAD_IN.match(words)
        if self._side:
            self._entry_block(children)
        elif kind is BlockKind.PARAGRAPH and (_announces(words, following) or _is_bold_line(words, children)):
            self._heading(runs_of(children, self._links), _PSEUDO, listing=_announces(words, following))
        elif kind is BlockKind.PARAGRAPH and lead_in and self._leads_in(lead_in, words, children):
            self._entry_block(children, skipped=lead_in[1])
        elif kind is BlockKind.PARAGRAPH and is_entry_run(words.split("\n")):
            self._entry_block(children)
        elif HATNOTE.match(words):
            self._block(BlockKind.HATNOTE, runs_of(children, self._links))
        else:
            self._block(kind, _without_box(runs_of(children, self._links), kind))

    def _resumes(self, words: str, kind: BlockKind) -> bool:
        """Whether text goes on after a list of sources that only a lonely line announced."""
        long = len(words.split()) >= _FEWEST_WORDS
        return kind is BlockKind.PARAGRAPH and long and bool(_FINISHED.search(words)) and not is_entry(words)

    def _leads_in(self, lead_in: re.Match[str], words: str, children: Sequence[Token]) -> bool:
        """Whether a paragraph is a list of sources that begins on the line of its name: "Sources: https://...", "References" and lines of entries."""
        rest = words[lead_in.end() :]
        if section_name(lead_in[1]) not in REFERENCE_HEADINGS or not rest:
            return False
        return is_entry_run(rest.split("\n")) or bool(_STARTS_AS_ENTRY.match(rest)) or bool(addresses_of(children[:4]))

    def _entry_block(self, children: Sequence[Token], skipped: str = "") -> None:
        """Write entries of a list of references: those of the open list item or footnote, or one a line where each line has a label."""
        kind = self._side or BlockKind.REFERENCE_LIST
        lines = list(_lines(children)) if not self._held else []
        printed = [text_of(runs_of(line, self._inert)).strip() for line in lines]
        if skipped:
            printed[0] = printed[0].removeprefix(skipped).lstrip(":： ")
        parts = lines if lines and is_entry_run(filter(None, printed)) else [children]
        for at, part in enumerate(parts):
            runs = runs_of(part, self._inert)
            self._block(kind, runs)
            if kind is not BlockKind.REFERENCE_LIST:
                continue
            if self._held:
                self._held[-1][0].append(text_of(runs))
                self._held[-1][1].extend(addresses_of(part))
            else:
                self.entries.add_printed(printed[at] if len(parts) > 1 else " ".join(printed), addresses_of(part))

    def _html(self, html: str) -> None:
        for kind, text in html_blocks(html):
            if kind is BlockKind.HEADING and text:
                self._heading([Run(text)], 2)
            elif text:
                self._block(self._side if self._side and kind.holds_claims else kind, text)

    def _inline_notes(self) -> None:
        self._syntax.reading.within_note = True
        for label, source in self._syntax.reading.inline_notes:
            children = self._syntax.inline(source)
            runs = runs_of(children, self._inert)
            self._block(BlockKind.REFERENCE_LIST, runs)
            self.entries.add(label, text_of(runs), addresses_of(children))

    def _block(self, kind: BlockKind, content: str | list[Run]) -> None:
        self.draft.open(kind)
        if isinstance(content, str):
            self.draft.write(content.strip("\n"))
        else:
            write(self.draft, content)


def _announces(words: str, following: Sequence[Token]) -> bool:
    """Whether a lonely line is the name of a list of references, which a list or an entry follows."""
    if len(words) > _LONGEST_HEADING or section_name(words) not in REFERENCE_HEADINGS:
        return False
    return any(t.type.endswith("list_open") or (t.type == "inline" and _STARTS_AS_ENTRY.match(t.content)) for t in following)


def _is_bold_line(words: str, children: Sequence[Token]) -> bool:
    """Whether a paragraph is a heading in all but syntax: one bold line that is no finished sentence."""
    if not words or len(words) > _LONGEST_HEADING or "\n" in words or _FINISHED.search(words):
        return False
    printed = [t.type for t in children if t.content or t.type.startswith("strong")]
    return printed[:1] == ["strong_open"] and printed[-1:] == ["strong_close"] and printed.count("strong_open") == 1


def _lines(children: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each line of a paragraph."""
    line: list[Token] = []
    for token in children:
        if token.type in _BREAKS:
            yield line
            line = []
        else:
            line.append(token)
    yield line


def _without_box(runs: list[Run], kind: BlockKind) -> list[Run]:
    """Take the box of a task or the kind of an alert off the start of an item or a quotation."""
    pattern = {BlockKind.LIST_ITEM: _TASK, BlockKind.QUOTE: _ALERT}.get(kind)
    found = pattern.match(runs[0].text) if pattern and runs and not runs[0].kind else None
    return [replace(runs[0], text=runs[0].text[found.end() :]), *runs[1:]] if found else runs
