"""A web page as a CSL-JSON item.

Each field is taken from the first of these that has it, as those who fill them in take care in this order: `citation_*` elements (made for Google
Scholar, by publishers of research), JSON-LD of schema.org, Dublin Core and PRISM, Open Graph, and what every page has: title, author, language.
"""

import re
from urllib.parse import unquote, urljoin, urlsplit

from verify.errors import ReadError
from verify.readers.addresses import resolved
from verify.readers.html.bytes import decode_page
from verify.sources.bibliography.dates import parse_date
from verify.sources.bibliography.items import Item, identifier_of_item, item_of, key_of
from verify.sources.bibliography.names import byline, one_name

from .json_ld import of_json_ld
from .signs import Signs, signs_in

_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}(?:\.\d{1,9}){0,4}/\S+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_SITES = frozenset({"webpage", "article-newspaper", "article-magazine", "post", "post-weblog"})
"""What has the site that it stands on for its container."""
_TITLE_END = re.compile(r"\s*(?:[|·•»:]|\s[-–—])\s*$")
_CITATION_TYPES = {
    "citation_journal_title": "article-journal",
    "citation_conference_title": "paper-conference",
    "citation_conference": "paper-conference",
    "citation_inbook_title": "chapter",
    "citation_book_title": "chapter",
    "citation_dissertation_institution": "thesis",
    "citation_technical_report_institution": "report",
    "citation_technical_report_number": "report",
    "citation_patent_number": "patent",
    "citation_arxiv_id": "article",
    "citation_isbn": "book",
}
_GRAPH_TYPES = {"book": "book", "books.book": "book", "video.movie": "motion_picture", "music.song": "song"}
_MOST_AUTHORS = 5000


def of_html(data: bytes | str, url: str = "") -> Item:
    """Read what a page says of itself; `url` is where it was fetched from. A page that says nothing is a `webpage` at its address.

    The `id` is the canonical name of what it names, else its address, else a key from author, title and year. Raises nothing: what cannot be
    read says nothing.
    """
    try:
        signs = signs_in(decode_page(data).text if isinstance(data, bytes) else data)
    except ReadError:
        signs = Signs()
    site = signs.first("og:site_name", "application-name")
    item: Item = {}
    own = _address(signs, url)
    for said in (_citation(signs), of_json_ld(signs.scripts, own), _dublin_core(signs), _open_graph(signs), _plain(signs)):
        for name, value in said.items():
            if value:
                item.setdefault(name, value)
    item.setdefault("type", "webpage")
    if item["type"] in _SITES:
        item.setdefault("container-title", site or (item.get("publisher", "") if item["type"] == "article-newspaper" else ""))
    if site and isinstance(title := item.get("title"), str):
        item["title"] = _without_site(title, site)
    item["URL"] = own
    return _named({name: value for name, value in item.items() if value})


def _language(written: str) -> str:
    """A language as BCP 47 writes it; empty for what is none."""
    return written.replace("_", "-") if _LANGUAGE.fullmatch(written) else ""


def _doi(written: str) -> str:
    """The DOI that a field holds, empty where it holds none."""
    found = _DOI.fullmatch(unquote(written.strip()))
    return found[1] if found else next((value for kind, value in resolved(written.strip()) if kind == "doi"), "")


def _named(item: Item) -> Item:
    whole = item_of(item)
    identifier = identifier_of_item(whole)
    return {**whole, "id": identifier.canonical if identifier else key_of(whole)}


def _citation(signs: Signs) -> Item:
    first, last = signs.first("citation_firstpage"), signs.first("citation_lastpage")
    paper = signs.first("citation_arxiv_id")
    type_sign = next((name for name in _CITATION_TYPES if signs.first(name)), "")
    item: Item = {
        "type": _CITATION_TYPES.get(type_sign, ""),
        "title": signs.first("citation_title"),
        "author": _persons(signs.all("citation_author") or signs.first("citation_authors").split(";")),
        "editor": _persons(signs.all("citation_editor")),
        "issued": _date(
            signs, "citation_publication_date", "citation_cover_date", "citation_date", "citation_online_date", "citation_year"
        ),
        "container-title": signs.first(*(name for name in _CITATION_TYPES if name.endswith(("_title", "_conference")))),
        "container-title-short": signs.first("citation_journal_abbrev"),
        "collection-title": signs.first("citation_series_title"),
        "volume": signs.first("citation_volume"),
        "issue": signs.first("citation_issue"),
        "page": f"{first}-{last}" if first and last and first != last else first,
        "DOI": _doi(signs.first("citation_doi")),
        "ISSN": signs.first("citation_issn"),
        "ISBN": signs.first("citation_isbn"),
        "PMID": signs.first("citation_pmid"),
        "number": f"arXiv:{paper}" if paper else signs.first("citation_technical_report_number", "citation_patent_number"),
        "publisher": signs.first(
            "citation_publisher", "citation_dissertation_institution", "citation_technical_report_institution", "citation_institution"
        ),
        "language": _language(signs.first("citation_language")),
        "abstract": signs.first("citation_abstract"),
        "keyword": ", ".join(signs.all("citation_keywords", "citation_keyword")),
    }
    return item


def _dublin_core(signs: Signs) -> Item:
    named = signs.all("dc.identifier", "dc.identifier.doi") + signs.all("prism.doi")
    first, last = signs.first("prism.startingpage"), signs.first("prism.endingpage")
    return {
        "title": signs.first("dc.title"),
        "author": _persons(signs.all("dc.creator", "dc.creator.personalname")),
        "issued": _date(signs, "dc.issued", "dc.date.issued", "prism.publicationdate", "dc.date", "dc.date.created"),
        "container-title": signs.first("prism.publicationname", "dc.ispartof", "dc.relation.ispartof"),
        "volume": signs.first("prism.volume"),
        "issue": signs.first("prism.number"),
        "page": f"{first}-{last}" if first and last else first,
        "publisher": signs.first("dc.publisher"),
        "DOI": next(filter(None, map(_doi, named)), ""),
        "ISSN": signs.first("prism.issn"),
        "language": _language(signs.first("dc.language")),
    }


def _open_graph(signs: Signs) -> Item:
    authors = [name for name in signs.all("article:author", "book:author") if not name.lower().startswith("http")]
    return {
        "type": _GRAPH_TYPES.get(signs.first("og:type"), ""),
        "title": signs.first("og:title", "twitter:title"),
        "author": _people(authors),
        "issued": _date(signs, "article:published_time", "book:release_date", "og:article:published_time"),
        "ISBN": signs.first("book:isbn"),
        "language": _language(signs.first("og:locale")),
    }


def _plain(signs: Signs) -> Item:
    return {
        "title": signs.title,
        "author": _people(signs.all("author", "byl", "parsely-author")),
        "issued": _date(signs, "date", "pubdate", "publish-date", "parsely-pub-date", "datepublished"),
        "language": _language(signs.language),
    }


def _people(printed: list[str]) -> list[dict[str, str]]:
    return [name for one in printed[:_MOST_AUTHORS] for name in byline(one)]


def _persons(printed: list[str]) -> list[dict[str, str]]:
    """One name in each, "Smith, John" or "John Smith"; or several in one, with semicolons."""
    listed = printed[0].split(";") if len(printed) == 1 else printed
    return [name for one in listed[:_MOST_AUTHORS] if (name := one_name(one))]


def _date(signs: Signs, *names: str) -> dict[str, object]:
    return next((date for name in names if (date := parse_date(signs.first(name)))), {})


def _without_site(title: str, site: str) -> str:
    """A title without the name of the site, that pages put behind it."""
    cut = title[: len(title) - len(site)] if title.lower().endswith(site.lower()) else ""
    return _TITLE_END.sub("", cut) if _TITLE_END.search(cut) else title


def _address(signs: Signs, url: str) -> str:
    """The address that a page calls its own, where it is one of the same host; else where it was fetched from.

    A front page named by every page of its site is a mistake that is often made, and an address elsewhere would make a page another's.
    """
    try:
        own = urljoin(url, signs.canonical or signs.first("og:url"))
        parts, fetched = urlsplit(own), urlsplit(url)
        same = not url or _host(parts.hostname) == _host(fetched.hostname)
    except ValueError:
        return url
    whole = parts.scheme in ("http", "https") and parts.hostname
    front = parts.path in ("", "/") and not parts.query and fetched.path not in ("", "/")
    return own if whole and same and not (url and front) else url


def _host(name: str | None) -> str:
    return (name or "").lower().removeprefix("www.").removeprefix("m.")
