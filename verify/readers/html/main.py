"""Which part of a page is the document: MediaWiki's content, an article, or the cluster with most of the text; and what in it is left out.

Text in links counts for nothing here, since navigation is links and articles are not. A name such as "comments" or "sidebar" leaves a part out
only if it has not most of the text: themes give such names to the whole body as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from verify.errors import ReadError
from verify.model import BlockKind
from verify.terminal import printable

from .tree import Element, Page
from .words import (
    ASIDE_TOKENS,
    CONTAINERS,
    HEADINGS,
    KIND_OF_CLASS,
    LEFT_OUT_CLASSES,
    LEFT_OUT_IDS,
    LEFT_OUT_ROLES,
    LEFT_OUT_TAGS,
)

_TOO_MUCH_TO_LEAVE_OUT = 0.4
_CLUSTER = 0.9
_ARTICLE = 0.25
_WORTH_A_REMARK = 0.9
_LARGEST_FORM = 500
_QUOTED = 60
_NEVER_ASIDE = frozenset(("p", "li", "a", "span", "h1", "article", "main"))
_WIKI_IDS = ("mw-content-text", "bodyContent")


@dataclass(frozen=True, slots=True)
class Main:
    """The parts of a page that are its document, in their order; `left_out` are `id()`s of elements in them that are not."""

    parts: tuple[Element, ...]
    left_out: frozenset[int]
    is_wiki: bool = False
    remark: str = ""
    weights: Mapping[int, int] = field(default_factory=dict)

    def weight(self, element: Element) -> int:
        """The number of characters outside links in an element."""
        return self.weights.get(id(element), 0)

    def is_most(self, element: Element) -> bool:
        """Whether an element has most of the document's text."""
        return 2 * self.weight(element) > sum(map(self.weight, self.parts))

    def is_link_list(self, element: Element) -> bool:
        """Whether a list is nothing but links. In a wiki every name is a link, so there it is no sign."""
        items = sum(isinstance(child, Element) and child.tag == "li" for child in element.children)
        return not self.is_wiki and items > 1 and self.weight(element) * 10 <= len(element.text())


def main_of(page: Page, selector: str = "") -> Main:
    """Choose the document of a page. Raises ReadError where `selector` matches nothing that shows."""
    is_wiki = _is_wiki(page)
    weights = _weights(page.body, frozenset())
    if selector:
        parts = tuple(_outermost_picked(page.body))
        if not any(part.text(1) for part in parts):
            raise ReadError(
                f"nothing that shows in this page matches {printable(selector[:_QUOTED])}; see the page's source for its elements"
            )
        return Main(parts, _left_out(page.body, {}, is_wiki=True), is_wiki, weights=weights)
    left_out = _left_out(page.body, weights, is_wiki=is_wiki)
    kept = _weights(page.body, left_out)
    part = _wiki_content(page.body, kept) if is_wiki else _article(page.body, kept)
    if not part.text(1):
        raise ReadError("shows no text: a page that its scripts build has to be saved as it looks when they ran")
    share = kept[id(part)] / (weights[id(page.body)] or 1)
    remark = "" if is_wiki or share > _WORTH_A_REMARK else _remark(part, share)
    return Main((part,), left_out, is_wiki, remark, weights)


def _remark(part: Element, share: float) -> str:
    name = f"{part.tag}#{part.id}" if part.id else part.tag
    return f"took <{printable(name[:60])}> as the document, {share:.0%} of the page's words outside links; --selector takes another part"


def _outermost_picked(body: Element) -> Iterator[Element]:
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if element.picked:
            yield element
        else:
            waiting.extend(child for child in reversed(element.children) if isinstance(child, Element))


def _is_wiki(page: Page) -> bool:
    if page.generator.lower().startswith("mediawiki"):
        return True
    return any("mw-parser-output" in e.classes or "data-mw-section-id" in e.attributes or e.id in _WIKI_IDS for e in page.body.elements)


def _weights(body: Element, left_out: frozenset[int]) -> dict[int, int]:
    """The number of characters outside links in each element, what is left out not counted."""
    weights: dict[int, int] = {}
    order = list(_kept(body, left_out))
    for element in reversed(order):
        if element.tag == "a":
            weights[id(element)] = 0
            continue
        own = sum(len(c.strip()) if isinstance(c, str) else weights.get(id(c), 0) for c in element.children)
        weights[id(element)] = own
    return weights


def _kept(body: Element, left_out: frozenset[int]) -> Iterator[Element]:
    waiting = [body]
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(c for c in reversed(element.children) if isinstance(c, Element) and id(c) not in left_out)


def _left_out(body: Element, weights: dict[int, int], *, is_wiki: bool) -> frozenset[int]:
    """What belongs to the site and not to its document. In a wiki, and in what a selector took, only what names itself so for certain."""
    most = _TOO_MUCH_TO_LEAVE_OUT * weights.get(id(body), 0)
    found: set[int] = set()
    for element in body.elements:
        if element.tag in ("html", "body"):
            continue
        if (
            element.tag in LEFT_OUT_TAGS
            or (element.attributes and _names_itself_out(element))
            or ((is_wiki or weights.get(id(element), 0) <= most) and _is_aside(element, weights, is_wiki=is_wiki))
        ):
            found.add(id(element))
    return frozenset(found)


def _names_itself_out(element: Element) -> bool:
    if element.attributes.get("role") in LEFT_OUT_ROLES or element.id in LEFT_OUT_IDS:
        return not any(KIND_OF_CLASS.get(name) is BlockKind.HATNOTE for name in element.classes)
    return False


def _is_aside(element: Element, weights: Mapping[int, int], *, is_wiki: bool) -> bool:
    """Whether an element stands beside the document: by its tag, or by a word of its name."""
    tag = element.tag
    if element.attributes and not LEFT_OUT_CLASSES.isdisjoint(element.classes):
        return True
    if is_wiki or tag in _NEVER_ASIDE:
        return False
    if tag == "header":
        return not any(inner.tag in HEADINGS for inner in element.elements)
    if tag == "form":
        return weights.get(id(element), 0) <= _LARGEST_FORM
    names = f"{element.id} {element.attributes.get('class', '')}".lower().replace("_", " ").replace("-", " ")
    return tag in ("aside", "footer") or not ASIDE_TOKENS.isdisjoint(names.split())


def _wiki_content(body: Element, weights: dict[int, int]) -> Element:
    """MediaWiki's content: the parser's output with most text (notices have one too), else the element around it."""
    outputs = [e for e in body.elements if "mw-parser-output" in e.classes and id(e) in weights]
    if outputs:
        return max(outputs, key=lambda e: weights[id(e)])
    named = {e.id: e for e in body.elements if e.id in _WIKI_IDS}
    return next((named[name] for name in _WIKI_IDS if name in named), body)


def _article(body: Element, weights: dict[int, int]) -> Element:
    """The one article of a page, else the smallest element with nearly all of the text."""
    total = weights[id(body)]
    articles = sorted(_named_articles(body, weights), key=lambda e: -weights[id(e)])
    sizes = [weights[id(e)] for e in articles[:2]] + [0, 0]
    if articles and sizes[0] >= _ARTICLE * total and sizes[1] <= sizes[0] / 2:
        return articles[0]
    part = next((e for e in body.elements if _is_main(e) and weights.get(id(e), 0) >= _ARTICLE * total), body)
    return _cluster(part, weights)


def _named_articles(body: Element, weights: dict[int, int]) -> Iterator[Element]:
    """The outermost articles: comments are articles within them."""
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if element.tag == "article" or element.attributes.get("itemprop") == "articleBody":
            if id(element) in weights:
                yield element
        else:
            waiting.extend(c for c in reversed(element.children) if isinstance(c, Element))


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.attributes.get("role") == "main"


def _cluster(part: Element, weights: dict[int, int]) -> Element:
    """Go down to the innermost container that still has nearly all of the text."""
    least = _CLUSTER * weights[id(part)]
    while True:
        inner = (c for c in part.children if isinstance(c, Element) and c.tag in CONTAINERS and weights.get(id(c), 0) >= least)
        found = next(inner, None)
        if found is None or not weights[id(found)]:
            return part
        part = found
