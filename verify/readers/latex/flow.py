r"""The walk through LaTeX: from its tokens to the blocks of a draft.

It does not call itself for groups, so that no nesting exhausts it: what is inside an argument is put on a stack of spans to be read. Only
the texts of notes, titles and entries are read apart, and these at most three deep. What a command does stands in `latex_commands`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from verify.model import BlockKind, MarkKind
from verify.readers.building import DraftText
from verify.tags import tag_printed

from .names import CITES, KINDS, MATH, SETTINGS, UNPRINTED, UNSEEN, VERBATIM
from .scan import TOKEN, Source
from .text import ACCENT, LIGATURES, SIGNS, SYMBOLS, accented, plain

_DOLLAR = re.compile(r"(?:[^$\\]|\\[\s\S]){1,3000}\$")
_CLOSES_MATH = {r"\(": r"\\\)", r"\[": r"\\\]", "$$": r"\$\$"}
_LENGTH = re.compile(r"\*?(?:\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?")
_SETTING = re.compile(r"[^\s{}]{0,40}")
_DEEPEST = 3


@dataclass
class Found:
    """What a document tells beside its text. `names` are authors by key; `notes` and `entries` are label or key, text, addresses; `linked` is
    the label and the text of a link by its address."""

    links: bool = False
    title: str = ""
    names: dict[str, str] = field(default_factory=dict)
    cited: dict[str, None] = field(default_factory=dict)
    notes: list[tuple[str, str, list[str]]] = field(default_factory=list)
    entries: list[tuple[str, str, list[str]]] = field(default_factory=list)
    linked: dict[str, tuple[str, str]] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    macros: dict[str, str] = field(default_factory=dict)
    numbers: int = 0

    def next_number(self) -> str:
        """The next number of a note or a link."""
        self.numbers += 1
        return str(self.numbers)


@dataclass
class _Span:
    at: int
    end: int
    then: Callable[[], None] | None = None


class Flow:
    """One walk. `commands` are what the commands of a name do, and under "" what those of the `cite` family do; `keys` and `addresses` are those
    of this walk alone, for whoever reads a note or an entry apart."""

    def __init__(self, source: Source, found: Found, commands: Mapping[str, Command], depth: int = 0) -> None:
        self.draft = DraftText()
        self.source = source
        self.found = found
        self.depth = depth
        self.keys: dict[str, None] = {}
        self.addresses: list[str] = []
        self.side: BlockKind | None = None  # what a section of references or links makes of its text
        self.side_level = 0
        self._commands = commands
        self._text = source.text
        self._spans: list[_Span] = []
        self._environments: list[tuple[str, BlockKind, str]] = []  # name, kind, the section before it
        self._opened: Counter[str] = Counter()
        self._space = ""

    def walk(self, start: int, end: int) -> None:
        """Read a stretch of the text into the draft."""
        self._spans.append(_Span(start, end))
        while self._spans:
            span = self._spans[-1]
            token = TOKEN.match(self._text, span.at, span.end) if span.at < span.end else None
            if token is None:
                self._spans.pop()
                if span.then:
                    span.then()
                continue
            span.at = token.end()
            self._TOKENS[token.lastgroup or "text"](self, token)

    @property
    def at(self) -> int:
        """Where the next token is read; it only moves on."""
        return self._spans[-1].at

    @at.setter
    def at(self, at: int) -> None:
        self._spans[-1].at = max(self._spans[-1].at, at)

    @property
    def end(self) -> int:
        """Where the stretch ends that is being read."""
        return self._spans[-1].end

    @property
    def kind(self) -> BlockKind:
        """What a block that begins here is."""
        return self.side if self.side and self._around.holds_claims else self._around

    @property
    def _around(self) -> BlockKind:
        return self._environments[-1][1] if self._environments else BlockKind.PARAGRAPH

    @property
    def environment(self) -> str:
        """The name of the innermost environment."""
        return self._environments[-1][0] if self._environments else ""

    def write(self, text: str) -> None:
        """Print text; white space waits for what follows it, so that no block begins or ends with any."""
        if not self.draft.is_open:
            text, self._space = text.lstrip(), ""
            if not text:
                return
            self.draft.open(self.kind)
        words = text.rstrip()
        if words:
            self.draft.write(self._space + words)
        space = text[len(words) :] if words else self._space + text
        self._space = "\n" if "\n" in space else space[:1]

    def mark(self, printed: str, kind: MarkKind, *labels: str, locator: str = "") -> None:
        """Print a marker."""
        if not self.draft.is_open:
            self.draft.open(self.kind)
            self._space = ""
        self.draft.write(self._space)
        self._space = ""
        self.draft.mark(printed, kind, *labels, locator=locator)

    def inside(self, span: tuple[int, int], then: Callable[[], None]) -> None:
        """Read an argument next, and do something when it ends."""
        self.at = span[1] + 1
        self._spans.append(_Span(*span, then))

    def inside_as(self, kind: BlockKind, span: tuple[int, int], then: Callable[[], None]) -> None:
        """Read an argument as a block of its own."""
        self.draft.open(kind)
        self._space = ""
        self.inside(span, then)

    def apart(self, span: tuple[int, int]) -> tuple[str, Flow | None]:
        """The text of an argument, and the walk that read it apart; where that would be too deep, only its characters."""
        if self.depth >= _DEEPEST:
            return plain(self._text[slice(*span)]), None
        flow = Flow(self.source, self.found, self._commands, self.depth + 1)
        flow.walk(*span)
        return " ".join(flow.draft.finish()[0].split()), flow

    def block(self, kind: BlockKind, text: str) -> None:
        """Write a block that is no part of the flow, and keep the section."""
        section = self.draft.section
        self.draft.open(kind)
        self.draft.write(text.strip("\n"))
        self.draft.close()
        self.draft.section = section

    def arguments(self, count: int) -> list[str]:
        """The sources of the groups that follow, at most so many, with the options before and between them left out."""
        found: list[str] = []
        self.at = self.source.options(self.at)[1] if self._text.startswith("[", self.at) else self.at
        while len(found) < count and (span := self.source.group(self.at)):
            found.append(self._text[slice(*span)])
            self.at = self.source.options(span[1] + 1)[1] if len(found) < count else span[1] + 1
        return found

    def argument(self) -> tuple[int, int] | None:
        """Where the first argument stands, after the options."""
        return self.source.group(self.source.options(self.at)[1])

    def _comment(self, token: re.Match[str]) -> None:
        if token[0].endswith("\n") and self._text.startswith("\n", token.end()):
            self.draft.close()

    def _par(self, _token: re.Match[str]) -> None:
        self.draft.close()

    def _accent(self, token: re.Match[str]) -> None:
        found = ACCENT.match(token[0])
        self.write(accented(found) if found else "")

    def _group(self, _token: re.Match[str]) -> None:
        """A brace prints nothing."""

    def _plain(self, token: re.Match[str]) -> None:
        self.write(token[0])

    def _ligature(self, token: re.Match[str]) -> None:
        self.write(LIGATURES[token[0]])

    def _cell(self, _token: re.Match[str]) -> None:
        self.write(" | " if self.kind is BlockKind.TABLE else " ")

    def _bracket(self, token: re.Match[str]) -> None:
        tag = tag_printed(token["bracket"])
        if tag:
            self.mark(token[0], MarkKind.TAG, tag.name)
        else:
            self._spans[-1].at = token.start() + 1
            self.write("[")

    def _sign(self, token: re.Match[str]) -> None:
        sign = token["sign"]
        if sign == "\\":
            found = _LENGTH.match(self._text, token.end())
            self.at = found.end() if found else token.end()
            if self.kind is BlockKind.TABLE:
                self.draft.close()
                return
        self.write(SIGNS.get(sign, sign))

    def _math(self, token: re.Match[str]) -> None:
        """A formula: its source, in the sentence where one is under way."""
        if token[0] == "$":
            found = _DOLLAR.match(self._text, token.end(), self.end)
        else:
            found = self.source.find(_CLOSES_MATH[token[0]], token.end())
        if not found or found.end() > self.end:
            self.write("$" if token[0][0] == "$" else "")
            return
        self.at = found.end()
        self._formula(self._text[token.start() : found.end()], displayed=token[0] in (r"\[", "$$"))

    def _formula(self, source: str, *, displayed: bool) -> None:
        if displayed and not self.draft.is_open:
            self.block(BlockKind.FORMULA, source)
        else:
            self.write(" ".join(source.split()))

    def _begin(self, token: re.Match[str]) -> None:
        name = token["begin"].rstrip("*")
        whole = name in VERBATIM or name in MATH or name in UNSEEN
        ends = self.source.environment_end(token["begin"], token.end()) if whole else None
        if ends and ends[1] <= self.end:
            self.at = ends[1]
            source = self._text[token.end() : ends[0]]
            if name in MATH:
                self._formula(source.strip(), displayed=True)
            elif name in VERBATIM:
                self.draft.close()
                self.block(BlockKind.CODE, source)
            return
        self.draft.close()
        self._environments.append((name, KINDS.get(name, self._around), self.draft.section))
        self._opened[name] += 1
        self._settings(name)
        if name == "abstract":
            self.draft.section = "Abstract"

    def _settings(self, name: str) -> None:
        """Pass over the arguments of an environment; the title of a slide is a heading."""
        given = self.arguments(SETTINGS.get(name, 0))
        if name in ("frame", "block") and given:
            self.block(BlockKind.HEADING, plain(given[0]))
        inside = self.source.group(self.at) if name not in SETTINGS and self._text.startswith("{", self.at) else None
        if inside and _SETTING.fullmatch(self._text, *inside):
            self.at = inside[1] + 1

    def _end(self, token: re.Match[str]) -> None:
        name = token["end"].rstrip("*")
        self.draft.close()
        while self._opened[name] > 0:
            ended, _, section = self._environments.pop()
            self._opened[ended] -= 1
            if ended == "abstract":
                self.draft.section = section
            if ended == name:
                return

    def _word(self, token: re.Match[str]) -> None:
        name = token["word"].removesuffix("*")
        if name in self.found.macros:
            self.write(self.found.macros[name])
        elif name in self._commands:
            self._commands[name](self, name)
        elif name in SYMBOLS:
            self.at = self.source.space(token.end())
            self.write(SYMBOLS[name])
        elif CITES.fullmatch(name):
            self._commands[""](self, name)
        elif name in UNPRINTED:
            self.arguments(UNPRINTED[name])
        elif self._text.startswith("[", token.end()):
            options, after = self.source.options(token.end())
            self.at = after if options else token.end()

    _TOKENS: ClassVar[dict[str, Callable[[Flow, re.Match[str]], None]]] = {
        "comment": _comment,
        "par": _par,
        "accent": _accent,
        "begin": _begin,
        "end": _end,
        "word": _word,
        "math": _math,
        "sign": _sign,
        "ligature": _ligature,
        "group": _group,
        "cell": _cell,
        "bracket": _bracket,
        "text": _plain,
    }


Command = Callable[[Flow, str], None]
"""What a command does to the walk; it is given its own name."""
