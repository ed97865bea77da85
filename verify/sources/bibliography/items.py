"""CSL-JSON items: whatever a file, a page or a service gives is brought into the form of the schema, and nothing of it is lost.

The names are those of the schema (`schema.py`). Numbers become text and dates numbers, so that one work has one
form; what the schema has no name for, or a value of another shape than it asks for, is kept under `custom`.
"""

import re
from collections.abc import Iterable, Mapping
from math import isfinite

from verify.errors import InvalidIdentifierError
from verify.model import Identifier, SourceKind
from verify.sources.identifiers import identify

from .dates import date_of, first_day
from .names import family_of, means_others, name_of
from .schema import BY_LOWER_NAME, CROSSREF_TYPES, DATES, NAMES, TYPES, named

Item = dict[str, object]

WHOLE_BOOKS = frozenset({"book", "collection", "pamphlet", "classic", "thesis", "report", "document", "musical_score", "map"})
"""What an ISBN names as a whole. A chapter's item has the ISBN of its book, which would make all chapters of it one work."""

_CROSSREF_DATES = ("issued", "published", "published-print", "published-online", "posted", "created")
_CROSSREF_KEPT = named(
    "publisher issue DOI page volume language abstract author editor translator chair URL ISBN ISSN source edition-number publisher-location"
)
_DEEPEST = 12
_KEY = re.compile(r"[^\W_]+")
_ARXIV_NUMBER = re.compile(r"arxiv:\s?\S+", re.IGNORECASE)
_ISBN_PARTS = re.compile(r"[,;/]|\s(?=97[89])|\((?:print|electronic|online|e?book|hbk|pbk|hardcover|paperback|pdf|set)\)", re.IGNORECASE)


def item_of(given: Mapping[str, object]) -> Item:
    """Bring an item into the form of the schema. One in Crossref's own form (lists of titles) is read as such, and only what CSL has is kept."""
    given = _from_crossref(given) if is_crossref(given) else given
    given = {_cleaned(str(name)): storable(value) for name, value in given.items()}
    kind = str(given.get("type") or "document")
    item: Item = {"id": text_of(given.get("id")), "type": kind if kind in TYPES else CROSSREF_TYPES.get(kind, "document")}
    custom: Item = {"type": kind} if kind not in TYPES and kind not in CROSSREF_TYPES else {}
    for name, value in given.items():
        if name not in ("id", "type", "custom"):
            _put(item, custom, name, value)
    if isinstance(own := given.get("custom"), Mapping):
        custom |= own
    return {**item, "custom": custom} if custom else item


def text_of(value: object) -> str:
    """Text, a number, or a list with one text, on one line of characters that can be stored; empty for anything else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    written = str(value) if not isinstance(value, float) or not value.is_integer() else str(int(value))
    return " ".join(_cleaned(written).split())


def storable(value: object, depth: int = 0) -> object:
    """A value as JSON and any database can hold it: no broken characters, no endless numbers, no depth that no item has."""
    if isinstance(value, str):
        return _cleaned(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if value is None or isinstance(value, int):
        return value
    if depth >= _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {_cleaned(str(name)): storable(held, depth + 1) for name, held in value.items()}
    return [storable(held, depth + 1) for held in value] if isinstance(value, Iterable) else _cleaned(str(value))


def key_of(item: Mapping[str, object]) -> str:
    """A key to cite an item by where it has none: "smith2020"; "entry" where it names neither a person, nor a title."""
    authors = item.get("author") or item.get("editor")
    first = family_of(authors[0]) if isinstance(authors, list) and authors else ""
    words = _KEY.findall(first or text_of(item.get("title")))
    year = first_day(item.get("issued"))[:1]
    return f"{words[0].lower() if words else 'entry'}{year[0] if year else ''}"


def unnamed_roles(item: Mapping[str, object]) -> frozenset[str]:
    """The roles of which an item names only some ("and others"), as `item_of` keeps them."""
    custom = item.get("custom")
    roles = custom.get("et-al") if isinstance(custom, Mapping) else None
    return frozenset(map(str, roles)) if isinstance(roles, list) else frozenset()


def identifiers_of_item(csl: Mapping[str, object]) -> tuple[Identifier, ...]:
    """Every name that an item gives its work: DOI, arXiv, ISBN of a whole book, PubMed and web address, in this order. Faulty ones are left out."""
    number, url = text_of(csl.get("number")), text_of(csl.get("URL"))
    archive = text_of(csl.get("archive_location")) if text_of(csl.get("archive")).lower() == "arxiv" else ""
    isbns = _ISBN_PARTS.split(text_of(csl.get("ISBN"))) if csl.get("type", "book") in WHOLE_BOOKS else []
    pmid, pmcid = text_of(csl.get("PMID")), text_of(csl.get("PMCID")).upper().removeprefix("PMC")
    typed = (
        f"doi:{doi}" if (doi := _bare_doi(text_of(csl.get("DOI")))) else "",
        number if _ARXIV_NUMBER.fullmatch(number) else "",
        f"arxiv:{archive.lower().removeprefix('arxiv:').strip()}" if archive else "",
        *(f"isbn:{isbn.strip()}" for isbn in isbns if isbn.strip()),
        f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else "",
        f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{pmcid}/" if pmcid.isdecimal() else "",
        url if url.lower().startswith(("http://", "https://")) else "",
    )
    found = {identifier.canonical: identifier for name in typed if (identifier := _identified(name))}
    return tuple(found.values())


def identifier_of_item(csl: Mapping[str, object]) -> Identifier | None:
    """The name that a source of this item goes by, None where the item gives none that holds."""
    return next(iter(identifiers_of_item(csl)), None)


def is_crossref(given: Mapping[str, object]) -> bool:
    """Whether an item is a work as Crossref's REST API gives it."""
    return isinstance(given.get("title"), list) or given.get("type") in CROSSREF_TYPES


def _put(item: Item, custom: Item, name: str, value: object) -> None:
    """Put a value where the schema wants it, in its form; under `custom` where it has no place for it."""
    known = name if name in BY_LOWER_NAME.values() else BY_LOWER_NAME.get(name.lower(), "")
    if known in NAMES:
        people = [person for held in (value if isinstance(value, list) else [value]) if (person := name_of(held))]
        listed = [person for person in people if not means_others(str(person.get("literal", "")))]
        if len(listed) < len(people):
            custom["et-al"] = [*_listed(custom.get("et-al")), known]
        kept: object = listed
    elif known in DATES:
        kept = date_of(value)
    elif known:
        kept = text_of(value)
    elif name == "categories" and isinstance(value, list):
        known, kept = name, [text for held in value if (text := text_of(held))]
    else:
        kept = None
    if known and kept:
        item[known] = kept
    elif value not in (None, "", [], {}):
        custom[name] = value


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _from_crossref(work: Mapping[str, object]) -> Item:
    given: Item = {name: value for name, value in work.items() if name in _CROSSREF_KEPT}
    for name in ("ISBN", "ISSN"):
        if isinstance(several := work.get(name), list):
            given[name] = ", ".join(filter(None, map(text_of, several)))
    for name, source in (("title", "title"), ("container-title", "container-title"), ("container-title-short", "short-container-title")):
        listed = work.get(source)
        given[name] = text_of(listed[:1]) if isinstance(listed, list) else text_of(listed)
    event = work.get("event")
    given["event-title"] = text_of(event.get("name")) if isinstance(event, Mapping) else ""
    given["number"] = text_of(work.get("article-number"))
    given["edition"], given["publisher-place"] = text_of(given.pop("edition-number", "")), text_of(given.pop("publisher-location", ""))
    given["issued"] = next((date for name in _CROSSREF_DATES if (date := date_of(work.get(name)))), {})
    return {"id": work.get("DOI", ""), "type": work.get("type", ""), **{name: value for name, value in given.items() if value}}


def _identified(name: str) -> Identifier | None:
    try:
        found = identify(name) if name else None
    except InvalidIdentifierError:
        return None
    return found if found and found.kind in (SourceKind.DOI, SourceKind.ARXIV, SourceKind.ISBN, SourceKind.URL) else None


def _bare_doi(doi: str) -> str:
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi, flags=re.IGNORECASE)


def _cleaned(text: str) -> str:
    return text if text.isprintable() else "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")
