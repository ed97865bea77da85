"""Citation templates (`{{cite web|…}}`, `{{Internetquelle}}`, `{{Ouvrage}}` ...) to a CSL-JSON item and to the sentence they print.

Names of templates and of their parameters are data (`citation_templates.json`): a parameter means the same in every language that has it, so one
table serves all. The sentence follows the order of English Wikipedia's Citation Style 1, which the others resemble; the item's fields and types
are those of CSL 1.0.2 (https://docs.citationstyles.org).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from .wikitext.arguments import arguments, listed
from .wikitext.short_notes import anchor_of

_DIGITS = re.compile(r"-?\d+(?=$|-)")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_YEAR_OF_WORK = re.compile(r"(?<!\d)\d{4}[a-z]?(?!\w)")
_LONGEST_NAME = 60
_MOST_NAMES = 200
"""Papers of large collaborations list thousands of authors; nobody prints them."""
_OWN_TITLE = frozenset({"book", "motion_picture", "map", "thesis", "report", "song"})
"""Works that stand for themselves: their titles are printed without quotation marks."""
_PARTS = frozenset({"article-journal", "article-newspaper", "article-magazine", "chapter", "entry-encyclopedia", "paper-conference"})


class Work(NamedTuple):
    """A full entry: the sentence it prints, its CSL-JSON item, its addresses (the live one first), and the anchor that short notes use."""

    text: str
    csl: dict[str, object]
    urls: tuple[str, ...]
    anchor: str


class _Name(NamedTuple):
    family: str
    given: str

    @property
    def csl(self) -> dict[str, str]:
        return {"family": self.family, "given": self.given} if self.given else {"literal": self.family}

    @property
    def text(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


@cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = json.loads(files("verify.readers").joinpath("citation_templates.json").read_text(encoding="utf-8"))
    return tables


@cache
def _types() -> Mapping[str, str]:
    return {name: kind for kind, names in _tables()["types"].items() for name in names}


@cache
def _fields() -> Mapping[str, str]:
    return {name: field for field, names in _tables()["fields"].items() for name in names}


def type_of(name: str) -> str:
    """The CSL type of what a template describes, by its folded name; empty for a template that is not listed."""
    return _types().get(name, "")


def may_cite(name: str) -> bool:
    """Whether a template that is not listed is a citation template by how its name begins."""
    return name.startswith(tuple(_tables()["prefixes"]))


@lru_cache(maxsize=4096)
def _field(parameter: str) -> tuple[str, int]:
    """What we call a parameter, and the number it has ("last2", "author2-last"), else 1; ("", 0) for one that is not known."""
    fields = _fields()
    if parameter in fields:
        return fields[parameter], 1
    if len(parameter) > _LONGEST_NAME:
        return "", 0
    digits = _DIGITS.search(parameter)
    field = fields.get(_DIGITS.sub("", parameter).strip(), "") if digits else ""
    return (field, int(digits[0].lstrip("-"))) if field and digits else ("", 0)


def work_of(kind: str, written: str, plain: Callable[[str], str]) -> Work:
    """Read a citation template's arguments; `plain` makes a value what a reader sees of it."""
    fields: dict[str, str] = {}
    named: dict[tuple[str, int], str] = {}
    values = arguments(written)
    for parameter, value in values.items():
        field, number = _field(parameter)
        if not value or not field:
            continue
        if field in _OF_PEOPLE:
            named[field, number] = plain(value)
        elif number == 1:
            fields.setdefault(field, plain(value))
    authors = _people(named, "last", "first", "author")
    editors = _people(named, "editor-last", "editor-first", "editor")
    kind = _narrowed(kind, fields)
    urls = tuple(_address(fields[key]) for key in ("url", "chapter-url", "archive-url") if key in fields)
    csl = _item(kind, fields, authors, editors)
    words = _sentence(kind, fields, authors, editors) or " ".join(plain(value) for value in listed(values))
    return Work(words, csl, urls, _anchor(fields, authors or editors))


_OF_PEOPLE = frozenset({"last", "first", "author", "editor-last", "editor-first", "editor", "translator"})


def _people(named: Mapping[tuple[str, int], str], last: str, first: str, whole: str) -> list[_Name]:
    """Authors or editors in their order: surname and given name, or a name as a whole."""
    numbers = sorted({number for field, number in named if field in (last, whole)})[:_MOST_NAMES]
    people = []
    for number in numbers:
        family = named.get((last, number), "") or named.get((whole, number), "")
        people.append(_Name(family, named.get((first, number), "")))
    return people


def _narrowed(kind: str, fields: Mapping[str, str]) -> str:
    """What a template for works of any kind describes, by the fields it has."""
    if kind == "book" and "chapter" in fields:
        return "chapter"
    if kind != "document":
        return kind
    if "isbn" in fields or "chapter" in fields:
        return "chapter" if "chapter" in fields or "container" in fields else "book"
    if "container" in fields:
        return "article-journal" if {"volume", "issue", "doi"} & fields.keys() else "article-newspaper" if "date" in fields else "article"
    return "book" if "publisher" in fields and "url" not in fields else "webpage" if "url" in fields else "document"


def _address(value: str) -> str:
    return value.strip("[]<> ")


def _anchor(fields: Mapping[str, str], people: list[_Name]) -> str:
    """What short notes point at: as the template says, else the surnames and the year."""
    own = fields.get("ref", "")
    if own.startswith("CITEREF"):
        return own.removeprefix("CITEREF")
    year = _YEAR_OF_WORK.search(fields.get("year", "")) or _YEAR_OF_WORK.search(fields.get("date", ""))
    return anchor_of([name.family for name in people], year[0]) if people and year else ""


_COPIED = {
    "publisher": "publisher",
    "place": "publisher-place",
    "volume": "volume",
    "issue": "issue",
    "page": "page",
    "edition": "edition",
    "isbn": "ISBN",
    "issn": "ISSN",
    "doi": "DOI",
    "pmid": "PMID",
    "pmc": "PMCID",
    "language": "language",
    "genre": "genre",
}
"""Fields that CSL has under a name of its own, unchanged."""


def _item(kind: str, fields: Mapping[str, str], authors: list[_Name], editors: list[_Name]) -> dict[str, object]:
    item: dict[str, object] = {"type": kind}
    title, container = fields.get("title", ""), fields.get("container", "")
    if "chapter" in fields:
        title, container = fields["chapter"], title or container
    item |= {name: value for name, value in (("title", title), ("container-title", container)) if value}
    if authors:
        item["author"] = [name.csl for name in authors]
    if editors:
        item["editor"] = [name.csl for name in editors]
    item |= {name: fields[field] for field, name in _COPIED.items() if field in fields}
    if url := fields.get("url") or fields.get("chapter-url"):
        item["URL"] = _address(url)
    if "series" in fields:
        item["collection-title"] = fields["series"]
    if issued := fields.get("date") or " ".join(filter(None, (fields.get("month"), fields.get("year")))):
        item["issued"] = _date(issued)
    if "access-date" in fields:
        item["accessed"] = _date(fields["access-date"])
    return item


def _date(words: str) -> dict[str, object]:
    """A CSL date: parts where it is written as ISO 8601 says, else the words themselves."""
    found = _ISO.fullmatch(words)
    return {"date-parts": [[int(part) for part in found.groups() if part]]} if found else {"raw": words}


def _sentence(kind: str, fields: Mapping[str, str], authors: list[_Name], editors: list[_Name]) -> str:
    """The entry as it is printed: who, when, what, where, and how it is identified."""
    parts = list(filter(None, (_who_and_when(fields, authors, editors), _what(kind, fields), *_where(kind, fields, bool(authors)))))
    parts += _identifiers(fields)
    if "archive-date" in fields or "archive-url" in fields:
        parts.append(
            f"Archived from the original on {fields['archive-date']}" if "archive-date" in fields else "Archived from the original"
        )
    if "access-date" in fields:
        parts.append(f"Retrieved {fields['access-date']}")
    if "quote" in fields:
        parts.append(f"“{fields['quote']}”")
    return " ".join(part if part[-1:] in ".?!”" else f"{part}." for part in parts)


def _who_and_when(fields: Mapping[str, str], authors: list[_Name], editors: list[_Name]) -> str:
    people = authors or editors
    who = "; ".join(name.text for name in people)
    if people and fields.get("et al"):
        who += " et al."
    if who and not authors:
        who += " (ed.)" if len(people) == 1 else " (eds.)"
    date = fields.get("date") or " ".join(filter(None, (fields.get("month"), fields.get("year"))))
    return f"{who} ({date})" if who and date else who


def _what(kind: str, fields: Mapping[str, str]) -> str:
    title, chapter = fields.get("title", ""), fields.get("chapter", "")
    if chapter:
        return f'"{chapter}". {title}' if title else f'"{chapter}"'
    return f'"{title}"' if title and kind not in _OWN_TITLE else title


def _where(kind: str, fields: Mapping[str, str], dated: bool) -> Iterator[str]:
    """Periodical or site, volume, issue and pages, series, edition, publisher; the date, where no author stood before it."""
    yield fields.get("container", "")
    yield fields.get("series", "")
    volume, issue, page = fields.get("volume", ""), fields.get("issue", ""), fields.get("page", "")
    in_periodical = kind in _PARTS and "container" in fields
    numbers = f"{volume} ({issue})" if volume and issue else volume or issue
    if in_periodical and numbers and page:
        yield f"{numbers}: {page}"
    elif numbers:
        yield numbers if in_periodical else f"Vol. {numbers}"
    if "edition" in fields:
        yield fields["edition"] if not fields["edition"].isdecimal() else f"Edition {fields['edition']}"
    yield ": ".join(filter(None, (fields.get("place"), fields.get("publisher"))))
    if not dated:
        yield fields.get("date") or " ".join(filter(None, (fields.get("month"), fields.get("year"))))
    if page and not (in_periodical and numbers):
        yield f"p. {page}" if page.isdecimal() else f"pp. {page}" if page[0].isdecimal() else page
    yield fields.get("at", "")


_IDENTIFIERS = {
    "isbn": "ISBN ",
    "issn": "ISSN ",
    "doi": "doi:",
    "pmid": "PMID ",
    "pmc": "PMC ",
    "arxiv": "arXiv:",
    "bibcode": "Bibcode:",
    "jstor": "JSTOR ",
    "oclc": "OCLC ",
    "hdl": "hdl:",
}


def _identifiers(fields: Mapping[str, str]) -> Iterator[str]:
    for field, before in _IDENTIFIERS.items():
        if value := fields.get(field):
            yield before + value.removeprefix("PMC" if field == "pmc" else before)
