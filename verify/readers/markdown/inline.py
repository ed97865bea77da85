"""From the inline tokens of Markdown to printed text and markers; and which links are citations.

A link is part of its sentence. It is a citation where its text is a marker (`[1](https://...)`, `[[1]](#cite_note-1)`), where it stands alone in
parentheses, as language models put their sources (`([Reuters](https://...))`), or where the user asks for it: then its number is printed after it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from verify.model import MarkKind
from verify.readers.building import DraftText
from verify.tags import tag_printed

from .citations import Run
from .syntax import Syntax, revealed, superscript

_LINK, _MARK = "\ufdd2", "\ufdd3"
"""What stands for a link and for a marker while the text around them is looked at."""
_ASIDE = re.compile(rf"[(\[]\s?(?:{_LINK}(?:\s?[,;|·]?\s?(?={_LINK})|\s?(?=[)\]])))+[)\]]|[{_LINK}{_MARK}]")
_PAGE = re.compile(r":((?:\d+|[ivxlc]+)(?:[–-]\d+)?(?:,\d+(?:[–-]\d+)?){0,9})(?![\w:])")
_BRACKETED_NUMBER = re.compile(r"\[\^?(\d{1,4})\^?\]")
_BARE_NUMBER = re.compile(r"\^?(\d{1,3})\^?")
_RAISED_NUMBER = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBERED_LINK = re.compile(r"\[(?:<sup>)?1(?:</sup>)?\]\(")
_NUMBER = re.compile(r"\[\^?(\d{1,4})\b")
_LISTED = re.compile(r"^[ \t]*(?:[-*][ \t]+)?\[?\^?(\d{1,4})[\].)]{1,2}:?[ \t]+<?(https?://[^\s<>]+)", re.MULTILINE)
_TAGS = re.compile(r"<(/?)(sup|br)\b", re.IGNORECASE)
_ENDS_A_PHRASE = frozenset('.,;:!?)"”»…。！？')


@dataclass
class Links:
    """The links of a document that are citations: address -> label, label -> (title, address)."""

    next_free: Callable[[], str]
    every: bool = False
    inert: bool = False  # in lists of references, where a link is no citation unless its text is a number
    numbered: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    cited: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, syntax: Syntax, *, every: bool) -> "Links":
        """What a text tells before it is read: numbers in use, and those that its link definitions and lists give to addresses."""
        syntax.reading.taken = {int(found) for found in _NUMBER.findall(text)}
        listed = [(found[1], found[2].rstrip(".,;)")) for found in _LISTED.finditer(text)]
        numbers = [*((label, url) for label, (url, _) in syntax.definitions.items() if label.isdecimal()), *listed]
        return cls(
            syntax.reading.next_free,
            every=every,
            numbered=_NUMBERED_LINK.search(text) is not None,
            labels={url: label for label, url in reversed(numbers)},
        )

    def label(self, run: Run) -> str:
        """The number of a link's address: the one its definition has, or the next free one."""
        if run.url not in self.labels:
            self.labels[run.url] = self.next_free()
        return self.cite(self.labels[run.url], run)

    def cite(self, label: str, run: Run) -> str:
        """Note that a link cites its address under a label."""
        if _is_web(run.url):
            self.cited.setdefault(label, (run.text, run.url))
        return label


def runs_of(tokens: Iterable[Token], links: Links) -> list[Run]:
    """The printed text of a block with its markers; links that cite nothing are text."""
    runs = [replace(run, text=revealed(run.text)) for run in _printed(tokens)]
    skeleton = "".join(_MARK if run.kind else _LINK if run.url else run.text for run in runs)
    queue = (run for run in runs if run.kind or run.url)
    return list(_with_links(skeleton, queue, links))


def text_of(runs: Iterable[Run]) -> str:
    """Printed text, markers included."""
    return "".join(run.text for run in runs)


def addresses_of(tokens: Iterable[Token]) -> list[str]:
    """The web addresses that a block links to."""
    return [url for token in tokens if token.type == "link_open" and _is_web(url := str(token.attrs.get("href", "")))]


def write(draft: DraftText, runs: Iterable[Run]) -> None:
    """Print runs into the open block."""
    for run in runs:
        if run.kind:
            draft.mark(run.text, run.kind, *run.labels, locator=run.locator)
        else:
            draft.write(run.text)


def _printed(tokens: Iterable[Token]) -> Iterator[Run]:
    """Text, markers and links in order: emphasis, comments and images are off."""
    link: Run | None = None
    raised = False
    for token in tokens:
        if token.type == "html_inline":
            tag = _TAGS.match(token.content)
            raised = raised if not tag or tag[2].lower() == "br" else not tag[1]
        if token.type == "link_open":
            link = Run("", url=str(token.attrs.get("href", "")))
        elif token.type == "link_close" and link:
            yield link if link.url else Run(link.text)
            link = None
        elif link:
            link = replace(link, text=link.text + text_of(_runs(token, raised=raised)))
        else:
            yield from _runs(token, raised=raised)
    if link:
        yield Run(link.text)


def _runs(token: Token, *, raised: bool) -> Sequence[Run]:
    if token.type == "runs":
        return list(token.meta["runs"])
    if token.type in ("softbreak", "hardbreak"):
        return [Run("\n")]
    if token.type in ("math_inline", "math_inline_double"):
        return [Run(f"{token.markup}{token.content}{token.markup}")]
    if token.type == "html_inline":
        return [Run("\n")] if re.match(r"<br\b", token.content, re.IGNORECASE) else []
    if token.type in ("text", "text_special", "code_inline"):
        return [Run(superscript(token.content) if raised else token.content)]
    return []


def _with_links(skeleton: str, queue: Iterator[Run], links: Links) -> Iterator[Run]:
    """Walk the text with its markers and links in their places."""
    at = 0
    for found in _ASIDE.finditer(skeleton):
        if found.start() > at:
            yield Run(skeleton[at : found.start()])
        at = found.end()
        held = [next(queue) for _ in range(found[0].count(_LINK) + found[0].count(_MARK))]
        if len(found[0]) > 1:
            yield from _aside(found[0], held, links)
        elif held[0].kind:
            page = _PAGE.match(skeleton, at) if held[0].kind is MarkKind.CITATION else None
            at = page.end() if page else at
            yield replace(held[0], text=held[0].text + page[0], locator=page[1]) if page else held[0]
        else:
            yield from _link(held[0], skeleton[: found.start()][-1:], skeleton[at : at + 1], links)
    yield Run(skeleton[at:])


def _aside(printed: str, held: Sequence[Run], links: Links) -> Iterator[Run]:
    """Links alone between brackets: a marker each, where all of them lead to the web."""
    pieces = printed.split(_LINK)
    if links.inert or not all(_is_web(run.url) for run in held):
        yield Run("".join(piece + (run.text if run else "") for piece, run in zip(pieces, (*held, None), strict=True)))
        return
    for index, run in enumerate(held):
        closing = pieces[-1] if index == len(held) - 1 else ""
        label = _number(run.text, links) or links.label(run)
        yield Run(pieces[index] + run.text + closing, MarkKind.CITATION, (links.cite(label, run),))


def _link(run: Run, before: str, after: str, links: Links) -> Iterator[Run]:
    """A link in running text: a marker, a cleanup tag, a citation where the user wants links to be ones, or text."""
    words = run.text.strip()
    if number := _number(words, links):
        yield Run(run.text, MarkKind.CITATION, (links.cite(number, run),))
    elif (tag := tag_printed(words.strip("[] "))) and (words.startswith("[") or before in _ENDS_A_PHRASE or not after.isspace()):
        yield Run(run.text, MarkKind.TAG, (tag.name,))
    else:
        yield Run(run.text)
        if links.every and not links.inert and _is_web(run.url):
            label = links.label(run)
            yield Run(f"[{label}]", MarkKind.CITATION, (label,))


def _number(words: str, links: Links) -> str:
    """The citation number that a link's text is, "" where it is none. A bare number is one where the document has a link "1"."""
    if found := _BRACKETED_NUMBER.fullmatch(words):
        return found[1]
    if _RAISED_NUMBER.fullmatch(words):
        return words.translate(_RAISED)
    bare = _BARE_NUMBER.fullmatch(words) if links.numbered else None
    return bare[1] if bare else ""


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
