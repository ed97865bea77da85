"""BibTeX and biblatex: entries to CSL-JSON items and back.

Fields are read as biblatex means them, and as BibTeX does where it knows no others. What is written keeps to BibTeX's own fields where they are
enough, so that both programs read it; a field that neither has is written under the name that CSL has for it, and found again by it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from verify.readers.decode import decode

from .bibtex_entries import ENTRY_TYPES, Written, entries_in
from .bibtex_names import read_names, write_names
from .dates import MONTHS, edtf, first_day, literal, parse_date
from .entries import BrokenEntry, Entries, Entry
from .items import Item, item_of, key_of, text_of, unnamed_roles
from .latex import address, latex, latex_address, latex_title, words
from .schema import BY_LOWER_NAME, DATES, NAMES, TEXTS, TYPES, named

_ARTICLES = frozenset({"article-journal", "article-magazine", "article-newspaper", "review", "review-book", "periodical"})
_NUMBERED = frozenset(
    {"report", "patent", "standard", "legislation", "bill", "legal_case", "treaty", "document", "webpage", "dataset", "software"}
)
_FIELDS = {
    "container-title": ("journaltitle", "journal", "booktitle"),
    "container-title-short": ("shortjournal",),
    "title-short": ("shorttitle",),
    "collection-title": ("series",),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("location", "address"),
    "volume": ("volume",),
    "number-of-volumes": ("volumes",),
    "page": ("pages",),
    "number-of-pages": ("pagetotal",),
    "chapter-number": ("chapter",),
    "part": ("part",),
    "edition": ("edition",),
    "version": ("version",),
    "genre": ("type",),
    "event-title": ("eventtitle",),
    "event-place": ("venue",),
    "original-title": ("origtitle",),
    "original-publisher": ("origpublisher",),
    "original-publisher-place": ("origlocation",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid",),
    "language": ("langid", "language"),
    "abstract": ("abstract",),
    "annote": ("annote", "annotation"),
    "keyword": ("keywords", "keyword"),
    "note": ("note",),
    "call-number": ("library", "lccn"),
}
"""CSL's variable, and the fields that say it: the first of them that an entry has."""
_WRITTEN = {"container-title": "journal", "publisher-place": "address", "language": "language"}
"""Where the field that is read first is not the one that BibTeX knows."""
_PEOPLE = {"author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor"}
_DATE_FIELDS = {"accessed": "urldate", "event-date": "eventdate", "original-date": "origdate"}
_ADDRESSES = {"DOI": "doi", "URL": "url"}
_KINDS = {
    **{csl: kind for kind, csl in reversed(ENTRY_TYPES.items())},
    "chapter": "incollection",
    "thesis": "thesis",
    "report": "techreport",
    "article-magazine": "article",
    "article-newspaper": "article",
    "entry-encyclopedia": "inreference",
    "entry-dictionary": "inreference",
}
"""CSL's types and the entry that is written for each: the first that stands for it. An item of another type is a `misc` that says which."""
_SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
_CONTAINERS = {"article": "journal", "misc": "journal", "online": "journal", "periodical": "journal"}
_DEGREES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_PRINT_PUBLISHERS = {"thesis": "school", "phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_ARXIV = re.compile(r"arxiv:\s?(\S+)", re.IGNORECASE)
_PAGES = re.compile(r"(?<=\w)\s?[-‐-―]{1,3}\s?(?=\w)")
_FIELD_NAME = re.compile(r"[a-zA-Z][\w:.+/-]{0,60}")
_NOT_OF_KEYS = re.compile(r"[\s,={}\"#%~\\()']+")
_READ_APART = named(
    "title subtitle date year month day number issue eid eprint eprinttype archiveprefix entrysubtype howpublished crossref xdata xref"
) | frozenset(_ADDRESSES.values())
_ENTRY_START = re.compile(r"@\s*[a-zA-Z]+\s*[{(]")


def read(data: bytes) -> Entries:
    """Read the entries of a file. Raises ReadError for what is no text."""
    decoded = decode(data)
    entries: list[Entry] = []
    broken: list[BrokenEntry] = []
    for written in entries_in(decoded.text):
        item = _item(written) if written.fields else {}
        if written.why:
            broken.append(BrokenEntry(written.key, written.line, written.raw, written.why, item))
        else:
            entries.append(Entry(written.key, item or {"id": written.key, "type": ENTRY_TYPES.get(written.kind, "document")}, written.raw))
    return Entries(tuple(entries), tuple(broken), decoded.remarks)


def write(items: Sequence[Mapping[str, object]]) -> str:
    """Write items as entries. A key that BibTeX cannot have loses the characters that it may not have."""
    return "\n".join(map(_entry, items))


def looks_like(text: str) -> int:
    """Where the first entry begins, -1 where there is none."""
    found = _ENTRY_START.search(text)
    return found.start() if found else -1


def _item(written: Written) -> Item:
    fields = written.fields
    said = {name: text for name, value in fields.items() if (text := words(value))}
    kind = _kind(written.kind, said)
    given: Item = {"id": written.key, "type": kind, "title": ": ".join(said[name] for name in ("title", "subtitle") if name in said)}
    used = set(_READ_APART)
    for name, sources in _FIELDS.items():
        if source := next((source for source in sources if source in said), ""):
            given[name] = said[source]
            used.add(source)
    given |= {name: address(fields[source]) for name, source in _ADDRESSES.items() if source in fields}
    given |= _people(fields, used) | _numbers(kind, said, fields) | _dates(fields, said, used)
    given["genre"] = given.get("genre") or _DEGREES.get(written.kind, "")
    given["page"] = _PAGES.sub("-", text_of(given.get("page")))
    if not given.get("URL"):
        given["URL"] = next((found for name in ("howpublished", "note") if (found := _only_address(fields.get(name, "")))), "")
    unread = {name: text for name, text in said.items() if name not in used}
    if "howpublished" in said and not _only_address(fields["howpublished"]):
        unread["howpublished"] = said["howpublished"]
    return item_of({name: value for name, value in given.items() if value} | _unread(unread, given))


def _unread(unread: Mapping[str, str], given: Mapping[str, object]) -> Item:
    """Fields that BibTeX does not know: those that have a name of CSL, and the others as they are."""
    known = {csl: text for name, text in unread.items() if (csl := BY_LOWER_NAME.get(name, "")) in TEXTS and not given.get(csl)}
    return {**known, "custom": {name: text for name, text in unread.items() if BY_LOWER_NAME.get(name, "") not in known}}


def _kind(kind: str, said: Mapping[str, str]) -> str:
    subtype = said.get("entrysubtype", "")
    if subtype in TYPES or subtype in _SUBTYPES:
        return _SUBTYPES.get(subtype, subtype)
    if kind in ("misc", "unpublished") and _archive(said).lower() == "arxiv":
        return "article"
    return ENTRY_TYPES.get(kind, "document")


def _people(fields: Mapping[str, str], used: set[str]) -> Item:
    people: Item = {}
    for name in NAMES:
        source = _PEOPLE.get(name, name)
        if source in fields and (listed := read_names(fields[source])):
            people[name] = listed
            used.add(source)
    return people


def _numbers(kind: str, said: Mapping[str, str], fields: Mapping[str, str]) -> Item:
    """`number` is what its entry counts by: the issue of a journal, a report's or patent's own number, else the one in its series."""
    name = "issue" if kind in _ARTICLES else "number" if kind in _NUMBERED else "collection-number" if "series" in said else "number"
    found: Item = {name: said.get("number", "")}
    found |= {name: said[source] for name, source in (("issue", "issue"), ("number", "eid")) if source in said}
    eprint, archive = address(fields.get("eprint", "")), _archive(said)
    if eprint and archive.lower() == "arxiv":
        found["number"] = f"arXiv:{eprint.lower().removeprefix('arxiv:')}"
    elif eprint and archive.lower() in ("pubmed", "pmid"):
        found["PMID"] = eprint
    elif eprint:
        found |= {"archive": archive, "archive_location": eprint}
    return found


def _archive(said: Mapping[str, str]) -> str:
    return said.get("eprinttype") or said.get("archiveprefix", "")


def _dates(fields: Mapping[str, str], said: Mapping[str, str], used: set[str]) -> Item:
    dates: Item = {"issued": _issued(fields)}
    for name in DATES - {"issued"}:
        source = _DATE_FIELDS.get(name, name)
        if source in said:
            dates[name] = parse_date(address(fields[source])) or literal(said[source])
            used.add(source)
    return dates


def _issued(fields: Mapping[str, str]) -> dict[str, object]:
    year, month, day = (address(fields.get(name, "")) for name in ("year", "month", "day"))
    year = address(fields.get("date", "")) or year
    date = parse_date(year)
    if not date and year:
        return parse_date(f"{month} {year}") or literal(words(year))
    only_year = len(first_day(date)) == 1 and "season" not in date and date.get("date-parts") == [first_day(date)]
    return {**date, "date-parts": [[*first_day(date), *_month_and_day(month, day)]]} if only_year else date


def _month_and_day(month: str, day: str) -> list[int]:
    """Read "mar", "March", "3", "5 mar" and "mar 5" with the day, if one is said."""
    parts = re.findall(r"[a-zA-Z]+|\b\d{1,2}\b", f"{month} {day}")
    named = [MONTHS.index(part[:3].lower()) + 1 for part in parts if part[:3].lower() in MONTHS]
    numbers = [int(part) for part in parts if part.isdecimal()]
    ordered = (named + numbers)[:2]
    return ordered if ordered and 1 <= ordered[0] <= 12 else []  # noqa: PLR2004 - months


def _only_address(written: str) -> str:
    found = re.match(r"\s*(?:\\url\s*\{)?\s*(https?://[^\s{}\"]+)", written)
    return address(found[1]) if found else ""


def _entry(given: Mapping[str, object]) -> str:
    item = item_of(given)
    kind = _written_kind(item)
    key = _NOT_OF_KEYS.sub("", text_of(item.get("citation-key")) or str(item["id"])) or key_of(item)
    fields: dict[str, str] = {}
    for name, value in _written_fields(item, kind):
        if value:
            fields.setdefault(name, value)
    lines = (f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items())
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def _written_kind(item: Mapping[str, object]) -> str:
    kind = _KINDS.get(str(item["type"]), "misc")
    genre = text_of(item.get("genre")).lower()
    return "mastersthesis" if kind == "thesis" and "master" in genre else "phdthesis" if kind == "thesis" and "ph" in genre else kind


def _written_fields(item: Mapping[str, object], kind: str) -> Iterator[tuple[str, str]]:
    """The fields of an entry in the order in which they are read; of several with one name the first is written."""
    csl = str(item["type"])
    for name in ("author", "editor", *sorted((NAMES - {"author", "editor"}) & item.keys())):
        yield _PEOPLE.get(name, name), write_names(item.get(name), others=name in unnamed_roles(item))
    yield "title", latex_title(text_of(item.get("title")))
    yield from _written_dates(item)
    yield from _written_numbers(item, csl)
    for name in sorted(TEXTS & item.keys()):
        value = text_of(item.get(name))
        if name in ("title", "issue", "number", "collection-number", "archive", "archive_location") or not value:
            continue
        if name in _ADDRESSES:
            yield _ADDRESSES[name], latex_address(value)
        elif name == "page":
            yield "pages", _pages(value)
        elif name == "genre" and value == _DEGREES.get(kind):
            continue
        else:
            yield _field_of(name, kind), latex_title(value) if name.endswith("title") else latex(value)
    subtype = next((short for short, name in _SUBTYPES.items() if name == csl), csl)
    yield "entrysubtype", subtype if _kind(kind, dict(_written_numbers(item, csl))) != csl else ""
    yield from _written_custom(item)


def _field_of(name: str, kind: str) -> str:
    if name == "container-title":
        return _CONTAINERS.get(kind, "booktitle")
    if name == "publisher":
        return _PRINT_PUBLISHERS.get(kind, "publisher")
    return _WRITTEN.get(name) or (_FIELDS[name][0] if name in _FIELDS else name.lower())


def _pages(pages: str) -> str:
    """Pages with the dash that LaTeX prints between numbers; "A-12" may be one."""
    return latex(pages) if re.search(r"[^\W\d]-", pages) else re.sub(r"(?<=\d)-(?=\w)", "--", latex(pages))


def _written_dates(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    issued = item.get("issued")
    day, whole = first_day(issued), edtf(issued)
    if day:
        yield "year", f"{day[0]:04d}"
        yield "month", MONTHS[day[1] - 1] if len(day) > 1 else ""
        yield "date", whole if whole not in (f"{day[0]:04d}", "-".join(f"{part:02d}" for part in day[:2])) else ""
    elif isinstance(issued, Mapping):
        yield "year", latex(text_of(issued.get("literal") or issued.get("raw")))
    for name in sorted(DATES - {"issued"}):
        date = item.get(name)
        said = edtf(date) or (latex(text_of(date.get("literal") or date.get("raw"))) if isinstance(date, Mapping) else "")
        yield _DATE_FIELDS.get(name, name), said


def _written_numbers(item: Mapping[str, object], csl: str) -> Iterator[tuple[str, str]]:
    number, issue = text_of(item.get("number")), text_of(item.get("issue"))
    in_series = text_of(item.get("collection-number"))
    if paper := _ARXIV.fullmatch(number):
        yield "eprint", latex_address(paper[1])
        yield "archiveprefix", "arXiv"
    elif archived := text_of(item.get("archive_location")):
        yield "eprint", latex_address(archived)
        yield "eprinttype", latex(text_of(item.get("archive")))
    elif archive := text_of(item.get("archive")):
        yield "archive", latex(archive)
    counted = "" if paper else number
    yield ("number" if csl in _ARTICLES else "issue"), latex(issue)
    if csl in _ARTICLES:
        yield "eid", latex(counted)
        yield "collection-number", latex(in_series)
    elif csl in _NUMBERED or not item.get("collection-title"):
        yield "number", latex(counted)
        yield "collection-number", latex(in_series)
    else:
        yield "number", latex(in_series)
        yield "eid", latex(counted)


def _written_custom(item: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    custom = item.get("custom")
    for name, value in custom.items() if isinstance(custom, Mapping) else ():
        if _FIELD_NAME.fullmatch(name) and name == name.lower() and isinstance(value, str) and name not in _READ_APART - {"howpublished"}:
            yield name, latex(value)
