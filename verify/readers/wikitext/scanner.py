"""From wikitext to the text that it prints, in steps that each go once over the page: footnotes and verbatim stretches are put aside, plain links
become their words, templates and links that hold others are expanded from the inside out.

Nothing here goes back: an opening that nothing closes stays as it stands, so the time grows with the length of the page and not with what is wrong
with it.
"""

import re
from operator import itemgetter

from verify.model import BlockKind

from .footnotes import attributes_of
from .lists import namespaces
from .page import Aside, Formula, Page, Use
from .signs import BAR, EMPTIED, GONE
from .templates import expand_template

_DEEPEST = 100
"""Templates inside templates, links inside links; MediaWiki expands 100 levels at most. Deeper markup is left out."""
_VERBATIM = "nowiki|pre|math|chem|ce|syntaxhighlight|source|score|timeline|graph|hiero|templatedata|templatestyles|mapframe|maplink|imagemap|inputbox|categorytree|includeonly"
_SET_ASIDE = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+(?:-->)?+|<(?:ref(?=[\s/>])(?P<ref>[^<>]*+)>|/ref\s*+(?P<end>>)"
    rf"|references\b(?P<list>[^<>]*+)>|/references\s*+(?P<end_list>>)|(?P<verbatim>{_VERBATIM})\b(?P<rest>[^<>]*+)>)",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"\s*(?:thumb(?:nail)?|frame(?:d|less)?|border|left|right|cent(?:er|re)|none|upright|mini|links|rechts|zentriert|vignette|gauche|droite|\d*x?\d+ ?px"
    r"|[a-z-]{2,12} ?= ?[^=\x02]{0,200}|)\s*",
    re.IGNORECASE,
)
"""What the arguments of a picture say of its place and size."""
_PLAIN_LINK = re.compile(r"\[\[(?:[^\[\]{}|<>\n:]++\|)?+([^\[\]{}|<>\n:]++)\]\]")
_WORDS = itemgetter(1)
_NESTING = re.compile(r"\{\{\{[^{}]*+\}\}\}|\{\{|\}\}|\[\[|\]\]")
_GONE = re.compile(rf"{GONE}[ ,;/{GONE}]*+(\)?)")
_LANGUAGE_LINK = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10}){0,2}|simple")
_NO_LANGUAGES = frozenset({"mw", "doi", "voy", "wmf", "rfc", "irc", "mail", "hdl", "ip"})
_SIMPLE_FORMULA = re.compile(r"[\w\s=+\-*/().,<>]{1,60}")
_UNPRINTED = frozenset(
    {
        "templatedata",
        "templatestyles",
        "inputbox",
        "categorytree",
        "includeonly",
        "mapframe",
        "maplink",
        "imagemap",
        "graph",
        "timeline",
        "score",
    }
)
_CODE = frozenset({"pre", "syntaxhighlight", "source"})


def expand(source: str, page: Page) -> str:
    """Give the text of a page's wikitext, its footnotes, tags and asides put aside on `page`."""
    return expanded(set_aside(source, page), page)


def expanded(text: str, page: Page) -> str:
    """As `expand`, for text whose footnotes are put aside already."""
    if "[[" in text:
        text = _PLAIN_LINK.sub(_WORDS, text)
    if "{{" in text or "[[" in text:
        text = _Nesting(page).text(text)
    if GONE in text:
        text = _without_gone(text)
    return text.replace(BAR, "|") if BAR in text else text


def _without_gone(text: str) -> str:
    """Close up where templates printed nothing: brackets that held nothing else go, and in others the commas that parted it."""
    pieces: list[str] = []
    at = 0
    for found in _GONE.finditer(text):
        before = text[at : found.start()]
        bare = before.rstrip(" ,;/")
        if bare.endswith("("):
            pieces.append(bare[:-1].rstrip(" ") if found[1] else bare)
        elif found[1]:
            pieces += bare, ")"
        else:
            pieces += before, found[0].replace(GONE, "")
        at = found.end()
    return "".join((*pieces, text[at:]))


def set_aside(source: str, page: Page) -> str:
    """Put aside what later steps must not read: comments go, footnotes and verbatim stretches leave a stand-in, definitions in a list of
    references leave nothing."""
    return _SettingAside(source, page).text() if "<" in source else source


class _SettingAside:
    """One pass over a source; `_ref` and `_list` are where in the pieces a footnote or a list of references was opened."""

    def __init__(self, source: str, page: Page) -> None:
        self._source = source
        self._page = page
        self._pieces: list[str] = []
        self._ref: tuple[int, str] | None = None
        self._list: int | None = None
        self._endless: set[str] = set()
        self._again: dict[str, str] = {}

    def text(self) -> str:
        """Give the text that is left."""
        at: int | None = 0
        while at is not None:
            at = self._walk(at)
        text = "".join(self._pieces)
        return text.replace(f"{EMPTIED}\n", "") if EMPTIED in text else text

    def _walk(self, at: int) -> int | None:
        """Go on from an offset; give the end of the next verbatim stretch, in which nothing is looked for, or None at the end of the source."""
        source, pieces = self._source, self._pieces
        for found in _SET_ASIDE.finditer(source, at):
            start = found.start()
            if start > at:
                pieces.append(source[at:start])
            at = found.end()
            which = found.lastgroup
            if which == "ref":
                self._open_ref(found["ref"])
            elif which == "end":
                self._close_ref()
            elif which is None:
                pieces.append(self._comment(start, at))
            elif which == "rest":
                return self._verbatim(found["verbatim"].lower(), found["rest"], at)
            else:
                self._references(found["list"])
        pieces.append(source[at:])
        return None

    def _comment(self, start: int, end: int) -> str:
        """A line that holds nothing but comments goes whole, as if it had not been there."""
        before = self._source[max(0, start - 1) : start]
        return EMPTIED if before in ("\n", "") and self._source.startswith("\n", end) else ""

    def _open_ref(self, written: str) -> None:
        if self._ref:
            self._abandon(*self._ref)
            self._ref = None
        if not written.endswith("/") and not written.rstrip().endswith("/"):
            self._ref = len(self._pieces), written
            return
        if (stand_in := self._again.get(written)) is None:
            attributes = attributes_of(written.rstrip()[:-1])
            use = Use(attributes.group, attributes.name, attributes.details)
            stand_in = self._again[written] = self._page.same(use) if use.name else ""
        self._pieces.append(stand_in)

    def _abandon(self, at: int, written: str) -> None:
        """A footnote that nothing closes: what follows it is text; where it has a name, it was meant as one more use of it."""
        attributes = attributes_of(written)
        if attributes.name:
            self._pieces.insert(at, self._page.same(Use(attributes.group, attributes.name)))

    def _close_ref(self) -> None:
        if not self._ref:
            return
        (at, written), self._ref = self._ref, None
        content = self._pieces.pop().strip() if at == len(self._pieces) - 1 else "".join(self._pieces[at:]).strip()
        del self._pieces[at:]
        notes = self._page.footnotes
        if not written:
            self._pieces.append(self._page.aside(Use("", notes.define("", "", content, raw=True))))
            return
        attributes = attributes_of(written)
        if attributes.follows:
            notes.add(attributes.group, attributes.follows, content)
        elif attributes.extends:
            self._pieces.append(self._page.same(Use(attributes.group, attributes.extends, content if len(content) <= 60 else "")))  # noqa: PLR2004 - a place in a work, not a work
        else:
            name = notes.define(attributes.group, attributes.name, content, raw=True)
            self._pieces.append(self._page.same(Use(attributes.group, name, attributes.details)))

    def _references(self, written: str | None) -> None:
        """`<references>` opens a list of definitions, which is printed elsewhere; `<references />` holds none."""
        if written is not None:
            self._list = None if written.rstrip().endswith("/") else len(self._pieces)
        elif self._list is not None:
            del self._pieces[self._list :]
            self._list = None

    def _verbatim(self, name: str, written: str, at: int) -> int:
        """Put a stretch aside that is no wikitext, and give where it ends."""
        if written.rstrip().endswith("/"):
            self._pieces.append(self._page.literal(""))
            return at
        closing = None if name in self._endless else re.compile(rf"</{name}\s*+>", re.IGNORECASE).search(self._source, at)
        if closing is None:
            self._endless.add(name)
            return at
        self._pieces.append(_printed_verbatim(name, self._source[at : closing.start()], self._page))
        return closing.end()


def _printed_verbatim(name: str, content: str, page: Page) -> str:
    """What is printed for a stretch that is no wikitext: words as they stand, code, a formula, or nothing."""
    if name in _UNPRINTED:
        return ""
    if name == "nowiki":
        return page.literal(content)
    if name in _CODE:
        return page.aside(Aside(BlockKind.CODE, page.literal(content.strip("\n"))))
    words = " ".join(content.split())
    return page.aside(Formula(words if name in ("chem", "ce") or _SIMPLE_FORMULA.fullmatch(words) else "⟨formula⟩"))


class _Nesting:
    """Templates and links expanded from the inside out, in one pass with a stack of what is open; `_out` is what the innermost holds so far."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._stack: list[tuple[str, list[str]]] = []
        self._out: list[str] = []
        self._open = {"{{": 0, "[[": 0}
        self._too_deep = 0

    def text(self, source: str) -> str:
        """Give the text that is printed."""
        at = 0
        for found in _NESTING.finditer(source):
            start, sign = found.start(), found[0]
            if start > at and not self._too_deep:
                self._out.append(source[at:start])
            at = found.end()
            if sign in self._open:
                self._begin(sign)
            elif self._too_deep:
                self._too_deep -= sign in ("}}", "]]")
            elif sign == "}}" and self._open["{{"]:
                self._end_template()
            elif sign == "]]" and self._stack and self._stack[-1][0] == "[[":
                self._put(_link(self._end("[["), self._page))
            elif len(sign) == 2:  # noqa: PLR2004 - not a parameter of a template's own page, which no reader sees
                self._out.append(sign)
        if not self._too_deep:
            self._out.append(source[at:])
        while self._stack:
            self._leave_open()
        return "".join(self._out)

    def _begin(self, sign: str) -> None:
        if len(self._stack) >= _DEEPEST:
            self._too_deep += 1
            return
        self._stack.append((sign, self._out))
        self._out = []
        self._open[sign] += 1

    def _end_template(self) -> None:
        """End the innermost template; a link that is open inside it was no link."""
        while self._stack[-1][0] != "{{":
            self._leave_open()
        self._put(expand_template(self._end("{{"), self._page))

    def _end(self, sign: str) -> str:
        """Give what the innermost holds, and go on with what it stands in."""
        self._open[sign] -= 1
        content = self._out[0] if len(self._out) == 1 else "".join(self._out)
        self._out = self._stack.pop()[1]
        return content

    def _put(self, text: str) -> None:
        self._out.append(text.replace("|", BAR) if self._stack and "|" in text else text)

    def _leave_open(self) -> None:
        """Give what is open last back to what it stands in, as it stands."""
        sign, outer = self._stack.pop()
        self._open[sign] -= 1
        outer.append(sign)
        outer.extend(self._out)
        self._out = outer


def _link(content: str, page: Page) -> str:
    """What a link prints: its words, or else its target; of a file its caption, of a category or another language's page nothing."""
    target, bar, words = content.partition("|")
    prefix, colon, rest = target.partition(":")
    if colon and rest and prefix:
        kind = namespaces().get(prefix.replace("_", " ").strip().casefold())
        if kind == "category":
            return ""
        if kind == "file":
            return _caption(words, page)
        if _LANGUAGE_LINK.fullmatch(prefix) and prefix not in _NO_LANGUAGES:
            return ""
    if target.startswith(("http:", "https:", "//")):
        return f"[{content.replace('|', ' ')}]"
    if words:
        return words.rpartition("|")[2]
    return (rest or target) if bar else target.removeprefix(":").strip()


def _caption(words: str, page: Page) -> str:
    """A picture's caption stands beside the text: the last of its arguments that is no option, with any footnote of the others."""
    parts = words.split("|")
    at = next((at for at in reversed(range(len(parts))) if not _OPTION.fullmatch(parts[at])), -1)
    marks = "".join(page.marks_of(part) for place, part in enumerate(parts) if place != at)
    caption = (parts[at].strip() if at >= 0 else "") + marks
    return page.beside(BlockKind.CAPTION, caption) if caption else ""
