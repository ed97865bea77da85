"""The parts of a page that speak of it: meta elements, JSON-LD, title, language and canonical address; as they stand, none believed yet."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from verify.errors import ReadError
from verify.readers.html.guard import refuse_explosive

_HEAD = 500_000
"""Where a page that cannot be parsed as a whole is cut: what says anything of it is before that."""
_BODY = re.compile(r"<(?:body|p|div|h1|main|article|section)[\s>]", re.IGNORECASE)
_MOST_METAS, _LONGEST_META = 10_000, 20_000
_MOST_SCRIPTS, _LONGEST_SCRIPT = 50, 4_000_000
_PREFIXES = (("bepress_citation_", "citation_"), ("dcterms.", "dc."), ("dcterms:", "dc."), ("dc:", "dc."), ("prism:", "prism."))


@dataclass(frozen=True, slots=True)
class Signs:
    """A page's own words on itself. `metas` are names, in lower case, and contents, in their order; `scripts` the JSON-LD, unparsed."""

    metas: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    canonical: str = ""

    def all(self, *names: str) -> list[str]:
        """Every content of the first of the names that has one."""
        return next((found for name in names if (found := [content for meta, content in self.metas if meta == name])), [])

    def first(self, *names: str) -> str:
        """The first content of the first of the names that has one."""
        return next(iter(self.all(*names)), "")


def signs_in(html: str) -> Signs:
    """Read a page's signs; of one that cannot be parsed as a whole, those of its beginning, or of what stands before its first words."""
    from selectolax.lexbor import LexborHTMLParser

    for part in (html, html[:_HEAD], _BODY.split(html[:_HEAD], maxsplit=1)[0]):
        try:
            refuse_explosive(part)
        except ReadError:
            continue
        page = LexborHTMLParser(part)
        return Signs(tuple(_metas(page)), tuple(_scripts(page)), _title(page), _attribute(page, "html", "lang"), _canonical(page))
    return Signs()


def _metas(page: Any) -> Iterator[tuple[str, str]]:
    for meta in page.css("meta")[:_MOST_METAS]:
        said = meta.attributes
        name, content = said.get("name") or said.get("property"), said.get("content")
        if name and content and (words := " ".join(content[:_LONGEST_META].split())):
            yield _spelled(name.strip().lower()), words


def _spelled(name: str) -> str:
    for prefix, usual in _PREFIXES:
        if name.startswith(prefix):
            return usual + name.removeprefix(prefix)
    return name


def _scripts(page: Any) -> Iterable[str]:
    texts = (script.text() or "" for script in page.css('script[type="application/ld+json" i]')[:_MOST_SCRIPTS])
    return (text for text in texts if len(text) <= _LONGEST_SCRIPT)


def _title(page: Any) -> str:
    found = page.css_first("head title")
    return " ".join(found.text()[:_LONGEST_META].split()) if found else ""


def _attribute(page: Any, selector: str, name: str) -> str:
    found = page.css_first(selector)
    return (found.attributes.get(name) or "").strip()[:_LONGEST_META] if found else ""


def _canonical(page: Any) -> str:
    return _attribute(page, 'link[rel="canonical" i]', "href")
