"""The Markdown that is understood: CommonMark with tables, footnotes, definition lists and formulas, and the markers of a text before all links.

markdown-it resolves `[1][2]` as a link where `[2]: https://...` stands below; in a text with citations it is two markers. So markers are taken
first. Its time grows with the square of open brackets, so brackets that close nothing, or lie too deep, are hidden from it where they are many.
"""

import re
from collections import deque
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkLabel
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from verify.errors import ReadError

from .citations import Run, citation_group, keys_in, narrative, note_mark

DEEPEST = 100
"""Levels of quotations and lists within each other; a list takes two."""
_MOST_CHARACTERS, _MOST_LINES, _MOST_BRACKETS = 20_000_000, 300_000, 300_000
"""A long book has a tenth of that; more would take longer than a reader may."""
_MOST_NOTES = 10_000
_PIECE = 8_000
"""Characters of a paragraph that are handed over at once: what grows with the square grows with this one's."""
_FEW = 4
"""Brackets that may stay open, or lie within each other, before they are hidden."""
_LONGEST_LINK = 1_000
"""Characters after which an open bracket counts as never closed."""

_FOOTNOTE = re.compile(r"\[\^([^\s\[\]^]{1,80})(?:\^\](?:\[\d{1,4}\])?|\])(?!\(|\]\()")
_PRINTED = re.compile(r"\[\d{1,3}(?:\s?[,;–—-]\s?\d{1,3}){0,40}\](?!\(|\]\()")
_RAISED = re.compile(r"(\^|~)([^\s^~\[\]]{1,20})\1(?![~^])")
_HIDDEN = str.maketrans({"\ufdd0": "[", "\ufdd1": "]"})
_RESERVED = re.compile("[\ufdd0-\ufdd3]")
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_SUPERSCRIPT = str.maketrans("0123456789-–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_NUMERIC = re.compile(r"\d[\d,–-]*")


@dataclass
class Reading:
    """What is known of a document before its lines are read: keys cited in brackets, names of authors by key, footnotes by label, numbers in use."""

    bracketed: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    inline_notes: list[tuple[str, str]] = field(default_factory=list)  # label, source
    within_note: bool = False
    taken: set[int] = field(default_factory=set)

    def next_free(self) -> str:
        """The first number that no marker of the document has."""
        while self._reached in self.taken:
            self._reached += 1
        self.taken.add(self._reached)
        return str(self._reached)

    _reached: int = 1


class Syntax:
    """The parser, with what it knows of one document."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._env: MutableMapping[str, Any] = {"reading": self.reading}
        self._parser = _parser()

    def blocks(self, text: str) -> list[Token]:
        """The blocks of a text, as markdown-it's flat tokens. Raises ReadError for nesting that markdown-it would drop without a word, and size."""
        if len(text) > _MOST_CHARACTERS or text.count("\n") > _MOST_LINES or text.count("[") > _MOST_BRACKETS:
            raise ReadError(
                f"this Markdown is too large: up to {_MOST_CHARACTERS:,} characters, {_MOST_LINES:,} lines and {_MOST_BRACKETS:,} brackets"
                " are read; part it, or read it with --from text"
            )
        tokens = self._parser.parse(without_reserved(text), self._env)
        if any(token.level >= DEEPEST - 1 for token in tokens):
            raise ReadError(
                f"this Markdown lays quotations and lists more than {DEEPEST // 2} deep within each other; read it with --from text"
            )
        return tokens

    @property
    def definitions(self) -> dict[str, tuple[str, str]]:
        """Link definitions `[1]: https://... "Title"`: label in capitals -> address, title."""
        return {label: (entry["href"], entry["title"]) for label, entry in self._env.get("references", {}).items()}

    def inline(self, content: str) -> list[Token]:
        """The inline tokens of one block; a long one is parsed in pieces, cut between words."""
        tokens: list[Token] = []
        for piece in _pieces(content):
            children: list[Token] = []
            self._parser.inline.parse(_calmed(piece), self._parser, self._env, children)
            tokens.extend(children)
        return tokens


def without_reserved(text: str) -> str:
    """Drop the four noncharacters that stand for brackets and links while a text is read."""
    return _RESERVED.sub("", text)


def revealed(text: str) -> str:
    """Put back the brackets that were hidden from the parser."""
    return text.translate(_HIDDEN)


def superscript(text: str) -> str:
    """A raised number as its superscript digits, so that its place tells whether it is a marker or a power; other text as it is."""
    return text.translate(_SUPERSCRIPT) if _NUMERIC.fullmatch(text) else text


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        """Keep addresses as they are written."""
        return url


def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"maxNesting": DEEPEST, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    footnote_plugin(parser, inline=False, move_to_end=False)
    deflist_plugin(parser)
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    parser.disable(["inline", "footnote_ref", "text_join"])
    parser.inline.ruler.before("link", "marker", partial(_pushed, "[", _bracketed))
    parser.inline.ruler.before("link", "inline_note", _inline_note)
    parser.inline.ruler.before("link", "narrative", partial(_pushed, "@", _narrated))
    parser.inline.ruler.before("strikethrough", "raised", _raised)
    return parser


def _pieces(content: str) -> list[str]:
    pieces, at = [], 0
    while len(content) - at > _PIECE:
        window = at + _PIECE
        cut = max(content.rfind(". ", at, window), content.rfind("\n", at, window)) + 1
        cut = cut if cut > at + _PIECE // 2 else content.rfind(" ", at, window) + 1
        cut = cut if cut > at else window
        pieces.append(content[at:cut])
        at = cut
    return [*pieces, content[at:]]


def _calmed(piece: str) -> str:
    """Hide the brackets that close nothing or lie deep, where there are more than a few of them; they would not make links."""
    opened: deque[int] = deque()
    hidden: list[int] = []
    deepest = 0
    for found in _BRACKET.finditer(piece):
        while opened and found.start() - opened[0] > _LONGEST_LINK:
            hidden.append(opened.popleft())
        if found[0] == "[":
            opened.append(found.start())
            deepest = max(deepest, len(opened))
        if len(opened) > _FEW and len(found[0]) == 1:
            hidden.append(found.start())
        if found[0] == "]" and opened:
            opened.pop()
    if deepest <= _FEW:
        return piece
    characters = list(piece)
    for at in (*hidden, *opened):
        characters[at] = "\ufdd0" if piece[at] == "[" else "\ufdd1"
    return "".join(characters)


_Reader = Callable[[StateInline, Reading], tuple[list[Run], int] | None]


def _pushed(opening: str, reader: _Reader, state: StateInline, silent: bool) -> bool:
    """An inline rule that pushes a token of runs. It is silent while markdown-it looks for a bracket's end: markers may stand in a link."""
    found = None if silent or state.src[state.pos] != opening else reader(state, state.env["reading"])
    if found is None:
        return False
    state.push("runs", "", 0).meta["runs"] = found[0]
    state.pos = found[1]
    return True


def _bracketed(state: StateInline, reading: Reading) -> tuple[list[Run], int] | None:
    text, at, end = state.src, state.pos, state.posMax
    if found := _FOOTNOTE.match(text, at, end):
        return [note_mark(found[1], reading.notes, keys_in(reading.footnotes.get(found[1], "")))], found.end()
    if found := _PRINTED.match(text, at, end):
        return [Run(found[0])], found.end()
    return citation_group(text, at, end)


def _narrated(state: StateInline, reading: Reading) -> tuple[list[Run], int] | None:
    found = narrative(state.src, state.pos, state.posMax, reading.bracketed, reading.names)
    hyphen = found and state.pending.endswith("-") and not state.pending[:-1][-1:].isalnum()
    if hyphen:  # `-@key` alone leaves the author out
        state.pending = state.pending[:-1]
    return found


def _inline_note(state: StateInline, silent: bool) -> bool:
    """`^[text]`: a footnote where it is cited; it takes the first number that is free."""
    reading: Reading = state.env["reading"]
    if silent or reading.within_note or not state.src.startswith("^[", state.pos, state.posMax):
        return False
    end = parseLinkLabel(state, state.pos + 1)
    if end < 0 or len(reading.inline_notes) >= _MOST_NOTES:
        return False
    label = reading.next_free()
    source = state.src[state.pos + 2 : end]
    reading.inline_notes.append((label, source))
    state.push("runs", "", 0).meta["runs"] = [note_mark(label, frozenset(), keys_in(source))]
    state.pos = end + 1
    return True


def _raised(state: StateInline, silent: bool) -> bool:
    """`x^2^` and `H~2~O`, as pandoc writes them."""
    found = None if silent or state.src[state.pos] not in "^~" else _RAISED.match(state.src, state.pos, state.posMax)
    if not found or state.src[state.pos - 1 : state.pos] == found[1]:
        return False
    state.push("text", "", 0).content = superscript(found[2]) if found[1] == "^" else found[2]
    state.pos = found.end()
    return True
