"""JSON-LD of schema.org in a page: the node that the page is about, as fields of a CSL-JSON item.

Scripts that are no JSON are passed over. Of several works the page is about the one that has its address; where none has, and they are not one,
it is a list of works, and about none of them.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from verify.sources.bibliography.dates import parse_date
from verify.sources.bibliography.items import Item
from verify.sources.bibliography.names import byline, person

_TYPES = {
    "ScholarlyArticle": "article-journal",
    "MedicalScholarlyArticle": "article-journal",
    "Thesis": "thesis",
    "Report": "report",
    "Book": "book",
    "Audiobook": "book",
    "Chapter": "chapter",
    "Dataset": "dataset",
    "Legislation": "legislation",
    "SoftwareSourceCode": "software",
    "NewsArticle": "article-newspaper",
    "ReportageNewsArticle": "article-newspaper",
    "AnalysisNewsArticle": "article-newspaper",
    "BackgroundNewsArticle": "article-newspaper",
    "OpinionNewsArticle": "article-newspaper",
    "ReviewNewsArticle": "article-newspaper",
    "AskPublicNewsArticle": "article-newspaper",
    "LiveBlogPosting": "post-weblog",
    "BlogPosting": "post-weblog",
    "SocialMediaPosting": "post",
    "DiscussionForumPosting": "post",
    "TechArticle": "webpage",
    "Article": "webpage",
    "PodcastEpisode": "broadcast",
    "RadioEpisode": "broadcast",
    "TVEpisode": "broadcast",
}
"""schema.org's types of works and CSL's, the more telling first: a page that is a Report and an Article is a report."""
_RANKS = {name: rank for rank, name in enumerate(_TYPES)}
_MOST_NODES, _MOST_OF_A_LIST, _DEEPEST = 2000, 5000, 6
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}(?:\.\d{1,9}){0,4}/\S+)", re.IGNORECASE)
_WRAPPED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)?(.*?)(?:-->|(?://\s*)?\]\]>)?\s*", re.DOTALL)

Node = Mapping[str, Any]


def of_json_ld(scripts: Iterable[str], url: str) -> Item:
    """Read the work that a page at an address is about; empty where it says of none."""
    nodes = [node for script in scripts for node in _nodes(_parsed(script))][:_MOST_NODES]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    works = sorted((node for node in nodes if _rank(node) < len(_RANKS)), key=_rank)
    works = [work for work in works if _rank(work) == _rank(works[0])]
    here = [work for work in works if url and _is_at(work, url)]
    about = here[0] if here else works[0] if len(works) == 1 else None
    return _item(about, by_id) if about else {}


def _parsed(script: str) -> object:
    found = _WRAPPED.fullmatch(script)
    try:
        return json.loads(found[1] if found else script, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(found: object, depth: int = 0) -> Iterator[Node]:
    """The nodes that stand for themselves: at the top, in lists and in graphs."""
    if isinstance(found, list) and depth < _DEEPEST:
        for held in found[:_MOST_OF_A_LIST]:
            yield from _nodes(held, depth + 1)
    elif isinstance(found, dict):
        yield found
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(found.get(name), list | dict) and depth < _DEEPEST:
                yield from _nodes(found[name], depth + 1)


def _types(node: Node) -> list[str]:
    types = node.get("@type")
    return [str(name).rpartition("/")[2].rpartition("#")[2] for name in (types if isinstance(types, list) else [types])[:_DEEPEST]]


def _rank(node: Node) -> int:
    return min((_RANKS.get(name, len(_RANKS)) for name in _types(node)), default=len(_RANKS))


def _is_at(node: Node, url: str) -> bool:
    page = node.get("mainEntityOfPage")
    named = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return any(isinstance(name, str) and _bare(name) == _bare(url) for name in named)


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/").lower()


def _item(node: Node, by_id: Mapping[str, Node]) -> Item:
    name = min(_types(node), key=lambda name: _RANKS.get(name, len(_RANKS)))
    around = list(_around(node, by_id))
    pages = [_words(node.get(part)) for part in ("pageStart", "pageEnd")]
    return {
        "type": _TYPES[name],
        "title": _words(node.get("headline")) or _words(node.get("name")),
        "author": _people(node.get("author") or node.get("creator"), by_id),
        "editor": _people(node.get("editor"), by_id),
        "issued": parse_date(_words(node.get("datePublished"))),
        "container-title": _container(around),
        "volume": _in_any("volumeNumber", node, *around),
        "issue": _in_any("issueNumber", node, *around),
        "page": _words(node.get("pagination")) or "-".join(filter(None, pages)),
        "publisher": _name_of(_whole(node.get("publisher"), by_id)),
        "DOI": next(filter(None, map(_doi, _identifiers(node))), ""),
        "ISBN": _words(node.get("isbn")),
        "ISSN": _in_any("issn", *around),
        "edition": _words(node.get("bookEdition")),
        "number": _words(node.get("reportNumber")),
        "number-of-pages": _words(node.get("numberOfPages")),
        "language": _language(node.get("inLanguage")),
        "abstract": _words(node.get("abstract")),
        "keyword": ", ".join(filter(None, map(_words, _listed(node.get("keywords"))))),
    }


def _around(node: Node, by_id: Mapping[str, Node]) -> Iterator[Node]:
    """What a work is part of, and what that is part of: an issue, a volume, a journal."""
    for _ in range(_DEEPEST):
        held = _whole(next(iter(_listed(node.get("isPartOf"))), None), by_id)
        if not isinstance(held, dict):
            return
        yield held
        node = held


def _container(around: Iterable[Node]) -> str:
    named = [_name_of(node) for node in around if not {"PublicationIssue", "PublicationVolume", "WebPage"} & set(_types(node))]
    return next(filter(None, reversed(named)), "")


def _in_any(name: str, *nodes: Node) -> str:
    return next((words for node in nodes if (words := _words(node.get(name)))), "")


def _people(value: object, by_id: Mapping[str, Node]) -> list[dict[str, str]]:
    return [name for one in _listed(value) for name in _person(_whole(one, by_id))]


def _person(value: object) -> list[dict[str, str]]:
    if not isinstance(value, dict):
        return byline(_words(value))
    family, given = _words(value.get("familyName")), _words(value.get("givenName"))
    if family:
        return [person(family, given)]
    name = _name_of(value)
    if {"Organization", "NewsMediaOrganization", "CollegeOrUniversity", "GovernmentOrganization"} & set(_types(value)):
        return [{"literal": name}] if name else []
    return byline(name)


def _whole(value: object, by_id: Mapping[str, Node]) -> object:
    """A node that is only pointed at, itself."""
    if isinstance(value, list):
        value = next(iter(value), None)
    pointed = by_id.get(str(value.get("@id"))) if isinstance(value, dict) and "name" not in value else None
    return pointed or value


def _name_of(value: object) -> str:
    return _words(value.get("name")) if isinstance(value, dict) else _words(value)


def _identifiers(node: Node) -> Iterator[str]:
    for name in ("identifier", "sameAs", "doi", "@id", "url"):
        for value in _listed(node.get(name)):
            yield _words(value.get("value") if isinstance(value, dict) else value)


def _doi(written: str) -> str:
    found = _DOI.fullmatch(written)
    return found[1] if found else ""


def _language(value: object) -> str:
    written = _words(value.get("alternateName") or value.get("name")) if isinstance(value, dict) else _words(value)
    return written.replace("_", "-") if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", written) else ""


def _listed(value: object) -> list[Any]:
    return value[:_MOST_OF_A_LIST] if isinstance(value, list) else [] if value is None else [value]


def _words(value: object) -> str:
    """Text on one line; references to characters, that some write into JSON too, put in."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(html.unescape(str(value)).split())
