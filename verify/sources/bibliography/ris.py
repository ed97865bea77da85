"""RIS: lines of a tag and a value, from `TY` to `ER`, as Reference Manager defined them in 2001 and EndNote in 2011.

The tags are read by hand: rispy 0.10 drops a last entry without its `ER`, makes one work of two where an `ER` is missing between them, and cuts
addresses at semicolons. A value goes on in the lines below it that have no tag.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verify.readers.decode import decode

from .dates import date_of, edtf, first_day, literal, parse_date
from .entries import BrokenEntry, Entries, Entry
from .items import Item, item_of, key_of, text_of, unnamed_roles
from .names import list_form, listed
from .schema import TYPES, named

_START = re.compile(r"^TY(?: {2}|(?P<short> ))-(?:[ \t]|$)", re.MULTILINE)
_TAG = re.compile(r"([A-Z][A-Z0-9]) {2}-(?: (.*)|\s*$)")
_SHORT_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*$)")
"""As pages show it, where two spaces became one; a line "US - China" of a file in the right form is no tag."""
_DATE = re.compile(r"(-?\d{1,6})(?:/(\d{0,2})(?:/(\d{0,2})(?:/(.*))?)?)?")
_PAGES = re.compile(r"([^\s,;‐-―-]+)\s?[‐-―-]{1,2}\s?([^\s,;‐-―-]+)")
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]")
_PMID = re.compile(r"(?:PMID:?\s*)?(\d{1,9})", re.IGNORECASE)
_KEYWORDS = re.compile(r"\s*;\s*")
_COMMAS = re.compile(r"\s*,\s*")

_TYPES = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "ABST": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "INPR": "article",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "CONF": "book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "CPAPER": "paper-conference",
    "THES": "thesis",
    "RPRT": "report",
    "GOVDOC": "report",
    "ELEC": "webpage",
    "WEB": "webpage",
    "BLOG": "post-weblog",
    "ICOMM": "personal_communication",
    "PCOMM": "personal_communication",
    "DATA": "dataset",
    "AGGR": "dataset",
    "DBASE": "dataset",
    "COMP": "software",
    "PAT": "patent",
    "STAND": "standard",
    "MAP": "map",
    "MPCT": "motion_picture",
    "VIDEO": "motion_picture",
    "SOUND": "song",
    "MUSIC": "musical_score",
    "PAMP": "pamphlet",
    "UNPB": "manuscript",
    "MANSCPT": "manuscript",
    "ENCYC": "entry-encyclopedia",
    "DICT": "entry-dictionary",
    "BILL": "bill",
    "UNBILL": "bill",
    "CASE": "legal_case",
    "STAT": "legislation",
    "LEGAL": "regulation",
    "HEAR": "hearing",
    "ART": "graphic",
    "FIGURE": "figure",
    "CHART": "figure",
    "ADVS": "broadcast",
    "CLSWK": "classic",
    "ANCIENT": "classic",
    "JFULL": "periodical",
    "SER": "collection",
    "SLIDE": "speech",
    "GEN": "document",
}
_WRITTEN_TYPES = {csl: kind for kind, csl in reversed(_TYPES.items())}
_ANY = "GEN"
"""The type of works that have none; which one it is in CSL is written as the type of work (M3)."""
_FIELDS = {
    "title": ("TI", "T1", "CT"),
    "title-short": ("ST",),
    "container-title": ("T2", "JF", "JO", "BT"),
    "container-title-short": ("J2", "JA", "J1"),
    "collection-title": ("T3",),
    "original-title": ("OP",),
    "reviewed-title": ("RI",),
    "volume": ("VL",),
    "number-of-volumes": ("NV",),
    "issue": ("IS", "CP"),
    "section": ("SE",),
    "edition": ("ET",),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "DOI": ("DO", "DI"),
    "URL": ("UR",),
    "language": ("LA",),
    "abstract": ("AB", "N2"),
    "number": ("M1",),
    "genre": ("M3",),
    "call-number": ("CN",),
    "source": ("DB",),
    "archive": ("DP",),
    "archive_location": ("AV",),
    "annote": ("RN",),
    "PMCID": ("C2",),
}
"""CSL's variable and its tags: the first value of the first tag that has one; the tag that is written stands first."""
_PEOPLE = {"author": ("AU", "A1"), "editor": ("A2", "ED"), "collection-editor": ("A3",), "translator": ("A4",)}
_READ_APART = named("TY ER ID SP EP SN AN PY Y1 DA Y2 KW N1 AU A1 A2 ED A3 A4")
_BOOKS = ("book", "collection")
_CUSTOM_TAG = re.compile(r"[A-Z][A-Z0-9]")


@dataclass(slots=True)
class _Record:
    """An entry as it is written: its lines, and the values of its tags. `closed`: an `ER` ends it."""

    line: int
    lines: list[str] = field(default_factory=list)
    values: list[tuple[str, list[str]]] = field(default_factory=list)
    closed: bool = False

    def fields(self) -> dict[str, list[str]]:
        """The values by tag, those that go on over lines joined."""
        fields: dict[str, list[str]] = {}
        for tag, parts in self.values:
            if value := " ".join(" ".join(parts).split()):
                fields.setdefault(tag, []).append(value)
        return fields


def read(data: bytes) -> Entries:
    """Read the entries of a file. Raises ReadError for what is no text."""
    decoded = decode(data)
    entries: list[Entry] = []
    broken: list[BrokenEntry] = []
    taken: set[str] = set()
    for record in _records(decoded.text):
        fields, raw = record.fields(), "\n".join(record.lines).rstrip()
        item = _item(fields) if any(tag != "TY" for tag in fields) else {}
        why = "" if "TY" in fields and record.closed else _fault(fields)
        if item and not fields.get("ID"):
            item["id"] = _free(key_of(item), taken)
        if why:
            broken.append(BrokenEntry(str(item.get("id", "")), record.line, raw, why, item))
        else:
            item = item or {"id": _free("entry", taken), "type": _TYPES.get(fields["TY"][0].upper(), "document")}
            entries.append(Entry(str(item["id"]), item, raw))
    return Entries(tuple(entries), tuple(broken), decoded.remarks)


def write(items: Sequence[Mapping[str, object]]) -> str:
    """Write items as entries, one after the other. Roles that RIS has no tag for are left out."""
    return "\n".join(
        "".join(f"{tag}  - {' '.join(value.split())}\n" for tag, value in _lines(item_of(item)) if value or tag == "ER") for item in items
    )


def looks_like(text: str) -> int:
    """Where the first entry begins, -1 where there is none."""
    found = _START.search(text)
    return found.start() if found else -1


def _records(text: str) -> Iterator[_Record]:
    """The entries of a text; one ends where its `ER` does, or where the next begins. What stands between them is passed over, unless it has tags."""
    first = _START.search(text)
    tagged = _SHORT_TAG if first and first["short"] else _TAG
    record: _Record | None = None
    for number, line in enumerate(text.split("\n"), 1):
        found = tagged.fullmatch(line.rstrip())
        tag = found[1] if found else ""
        if record and (tag == "TY" or record.closed):
            yield record
            record = None
        if record is None and tag:
            record = _Record(number)
        if record is None or (tag == "ER" and not record.values):
            continue
        record.lines.append(line)
        if tag == "ER":
            record.closed = True
        elif found:
            record.values.append((tag, [found[2] or ""]))
        elif record.values:
            record.values[-1][1].append(line)
    if record and record.values:
        yield record


def _fault(fields: Mapping[str, Sequence[str]]) -> str:
    return "no ER line ends it" if "TY" in fields else "no TY line begins it"


def _free(key: str, taken: set[str]) -> str:
    """A key that no entry before has: "smith2020", "smith2020-2"."""
    free, count = key, 1
    while free in taken:
        count += 1
        free = f"{key}-{count}"
    taken.add(free)
    return free


def _item(fields: Mapping[str, list[str]]) -> Item:
    kind = _TYPES.get(fields.get("TY", [_ANY])[0].upper(), "document")
    if kind == "document" and (named_type := fields.get("M3", [""])[0]) in TYPES:
        kind, fields = named_type, {tag: values[tag == "M3" :] for tag, values in fields.items() if tag != "M3" or values[1:]}
    used: dict[str, str] = {}
    given: Item = {"id": "".join(fields.get("ID", [])[:1]), "type": kind}
    for name, tags in _FIELDS.items():
        for tag in [tag for tag in tags if tag in fields][:1]:
            given[name] = fields[tag][0]
            used[tag] = name
    if kind in _BOOKS and "collection-title" not in given and "T2" in used:
        given["collection-title"] = given.pop("container-title")  # a book's T2 is its series
    given |= {name: [listed(one) for tag in tags for one in fields.get(tag, [])] for name, tags in _PEOPLE.items()}
    given |= _numbers(fields, kind) | _dates(fields)
    given["keyword"] = _joined_keywords(fields.get("KW", []))
    given["note"] = " ".join(fields.get("N1", []))
    custom = {
        tag: rest if rest[1:] else rest[0] for tag, values in fields.items() if tag not in _READ_APART and (rest := values[tag in used :])
    }
    if "AN" in fields and "PMID" not in given:
        custom["AN"] = fields["AN"][0]
    return item_of({**{name: value for name, value in given.items() if value}, "custom": custom})


def _numbers(fields: Mapping[str, list[str]], kind: str) -> Item:
    start, end = fields.get("SP", [""])[0], fields.get("EP", [""])[0]
    found: Item = {"page": f"{start}-{end}" if start and end and end != start else start or end}
    serials = fields.get("SN", [])
    books = [value for value in serials if _is_isbn(value, kind)]
    found["ISBN"], found["ISSN"] = ", ".join(books), ", ".join(value for value in serials if value not in books)
    accession = fields.get("AN", [""])[0]
    pmid = _PMID.fullmatch(accession)
    medline = accession.upper().startswith("PMID") or any(name in " ".join(fields.get("DB", [])).lower() for name in ("pubmed", "medline"))
    if pmid and medline:
        found["PMID"] = pmid[1]
    return found


def _is_isbn(value: str, kind: str) -> bool:
    """By its length: an ISSN has eight digits. Of anything else, books have ISBNs."""
    digits = re.sub(r"[^0-9Xx]", "", value)
    return len(digits) in (10, 13) or (not _ISSN.search(value) and kind in ("book", "chapter", "paper-conference"))


def _dates(fields: Mapping[str, list[str]]) -> Item:
    year, day = (_date(next((fields[tag][0] for tag in tags if tag in fields), "")) for tags in (("PY", "Y1"), ("DA",)))
    same = first_day(day)[:1] == first_day(year)[:1] or not first_day(year)
    return {"issued": day if day and same else year, "accessed": _date(fields.get("Y2", [""])[0])}


def _date(written: str) -> dict[str, object]:
    """Read "2020/03/05/what else is said": year, month and day, and behind them a season, or the date as EDTF where that says more."""
    found = _DATE.fullmatch(written.strip())
    if not found:
        return parse_date(written) or literal(written)
    said = parse_date(found[4] or "")
    if said:
        return said
    date = date_of({"date-parts": [[part for part in found.groups()[:3] if part]]})
    season = parse_date(f"{found[4]} {found[1]}") if found[4] else {}
    return {**date, "season": season["season"]} if "season" in season else date


def _joined_keywords(keywords: Sequence[str]) -> str:
    return ("; " if any("," in keyword for keyword in keywords) else ", ").join(keywords)


def _lines(item: Item) -> Iterator[tuple[str, str]]:
    """The tags of an entry and their values, in an order that programs expect."""
    csl = str(item["type"])
    kind = _WRITTEN_TYPES.get(csl, _ANY)
    yield "TY", kind
    yield "ID", str(item["id"]) or key_of(item)
    for name, tags in _PEOPLE.items():
        people = item.get(name)
        for person in people if isinstance(people, list) else []:
            yield tags[0], list_form(person)
        yield tags[0], "et al." if name in unnamed_roles(item) else ""
    yield from _date_lines(item)
    yield "M3", csl if kind == _ANY and (csl != "document" or item.get("genre") in TYPES) else ""
    for name, tags in _FIELDS.items():
        yield "BT" if name == "container-title" and csl in _BOOKS else tags[0], text_of(item.get(name))
    yield from _number_lines(item)
    yield from _rest_lines(item)
    yield "ER", ""


def _number_lines(item: Item) -> Iterator[tuple[str, str]]:
    page = text_of(item.get("page"))
    span = _PAGES.fullmatch(page)
    yield "SP", span[1] if span else page
    yield "EP", span[2] if span else ""
    yield "SN", text_of(item.get("ISBN"))
    yield "SN", text_of(item.get("ISSN"))
    yield "AN", f"PMID:{pmid}" if (pmid := text_of(item.get("PMID"))) else ""


def _rest_lines(item: Item) -> Iterator[tuple[str, str]]:
    keywords = text_of(item.get("keyword"))
    for keyword in (_KEYWORDS if ";" in keywords else _COMMAS).split(keywords):
        yield "KW", keyword
    yield "N1", text_of(item.get("note"))
    custom = item.get("custom")
    for tag, values in custom.items() if isinstance(custom, Mapping) else ():
        if _CUSTOM_TAG.fullmatch(tag) and tag not in _READ_APART - {"AN"}:
            for value in values if isinstance(values, list) else [values]:
                yield tag, text_of(value)


def _date_lines(item: Item) -> Iterator[tuple[str, str]]:
    issued = item.get("issued")
    day = first_day(issued)
    said = text_of(issued.get("literal") or issued.get("raw")) if isinstance(issued, Mapping) else ""
    yield "PY", f"{day[0]:04d}" if day else said
    yield "DA", _day_line(issued) if len(day) > 1 or edtf(issued) != "".join(f"{part:04d}" for part in day) else ""
    yield "Y2", _day_line(item.get("accessed"))


def _day_line(date: object) -> str:
    day = first_day(date)
    if not day:
        return text_of(date.get("literal") or date.get("raw")) if isinstance(date, Mapping) else ""
    parts = [f"{part:0{4 if not at else 2}d}" for at, part in enumerate(day)]
    whole = edtf(date)
    return "/".join([*parts, *[""] * (3 - len(parts)), whole if whole != "-".join(parts) else ""])
