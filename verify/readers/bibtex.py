"""BibTeX and biblatex files: entries to references with CSL-JSON. What is broken is named, and the rest kept.

An entry ends where its braces close. One that never closes would swallow all that follow, so it ends before the next line that begins one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from verify.model import Reference
from verify.terminal import one_line

from .latex.text import plain
from .references import reference_of

ENTRY = re.compile(r"@\s*([a-zA-Z]+)\s*([{(])")
_NEXT_ENTRY = re.compile(r"^[ \t]*@\s*[a-zA-Z]+\s*[{(]", re.MULTILINE)
_EDGE = re.compile(r"\\.|[{}()]", re.DOTALL)
KEY = re.compile(r"\s*([^\s,={}\"#%]+)\s*(?:,|$)")
_NAME = re.compile(r"(?<![\w:.+/-])([a-zA-Z][\w:.+/-]{0,60})\s*=\s*")
_JOIN = re.compile(r"\s*#\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_STRING_END = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AND = re.compile(" and ", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_BYTES = 50_000_000
_MOST_PARTS = 1000
_GROWTH, _LEAST_GROWTH = 10, 100_000
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "proceedings": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "online": "webpage",
    "www": "webpage",
    "electronic": "webpage",
    "unpublished": "manuscript",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
}
_FIELDS = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("address", "location"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages",),
    "edition": ("edition",),
    "DOI": ("doi",),
    "URL": ("url",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMID": ("pmid",),
    "note": ("note",),
    "language": ("langid", "language"),
}
_RAW = frozenset({"url", "doi", "eprint", "file"})
_ADDRESS_ESCAPE = re.compile(r"\\([%_&#~{}$])|\\url\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands: its type and the names of its fields in lower case, the values in LaTeX, strings put in."""

    kind: str
    key: str
    fields: Mapping[str, str]


def parse(text: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Give the entries of a file in order, and a remark for each that could not be read to its end. A key's first entry counts."""
    entries: dict[str, Entry] = {}
    remarks: list[str] = []
    strings = Strings(text)
    for kind, body, closed, line in bodies(text):
        if kind in ("comment", "preamble"):
            continue
        if kind == "string":
            strings.update(fields_of(body, strings))
            continue
        key = KEY.match(body)
        if not key or not closed:
            named = f" {one_line(key[1][:80])!r}" if key else ""
            remarks.append(f"line {line}: the entry{named} is broken" + ("; what could be read of it is kept" if key else " and left out"))
        if key:
            entries.setdefault(key[1], Entry(kind, key[1], fields_of(body[key.end() :], strings)))
    return tuple(entries.values()), tuple(remarks)


def growth(text: str) -> int:
    """How many characters a file may gain by what its entries name: strings of strings could make it endless."""
    return _GROWTH * len(text) + _LEAST_GROWTH


class Strings(dict[str, str]):
    """A file's named strings, the months among them. They are put in as long as the file grows by no more than it may."""

    def __init__(self, text: str) -> None:
        super().__init__(zip(_MONTHS, _MONTHS, strict=True))
        self._left = growth(text)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override] # of strings alone, and always with a default
        """Give what a name stands for, the default for what is no name or would be too much."""
        value = super().get(name, default)
        self._left -= len(value)
        return value if self._left > 0 else default


def reference(entry: Entry) -> Reference:
    """An entry as a reference: its key is the label, its text the fields as a list of references would print them."""
    values = {name: _value(name, value) for name, value in entry.fields.items()}
    csl: dict[str, object] = {"id": entry.key, "type": _TYPES.get(entry.kind, "document")}
    for name, sources in _FIELDS.items():
        if found := next((values[source] for source in sources if values.get(source)), ""):
            csl[name] = found
    for name in ("author", "editor"):
        if people := [_person(person) for person in _AND.split(" ".join(entry.fields.get(name, "").split())) if person]:
            csl[name] = people
    if issued := _DATE.match(values.get("date") or values.get("year", "")):
        csl["issued"] = {"date-parts": [_date_parts(issued, values.get("month", ""))]}
    if seen := values.get("urldate", ""):
        csl["accessed"] = {"raw": seen}
    addresses = [values[name] for name in ("url", "howpublished", "note") if values.get(name, "").startswith("http")]
    return reference_of(entry.key, _printed(csl, values), urls=addresses[:1], csl=csl)


def read_beside(names: Sequence[str], place: str) -> tuple[dict[str, Reference], list[str]]:
    """Read the bibliographies that a document at `place` names: references by key, and remarks on what is missing or broken.

    Only files in the document's folder and below are opened: a document is not to choose what is read elsewhere.
    """
    found: dict[str, Reference] = {}
    remarks: list[str] = []
    for name in names:
        printed = one_line(name)
        path = _path(name, place)
        if path is None:
            remarks.append(f"the bibliography {printed} was not read: it is not a .bib file beside the document")
            continue
        try:
            data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
        except OSError:
            remarks.append(f"the bibliography {printed} was not read: no such file beside the document")
            continue
        entries, broken = parse(data.decode("utf-8", "replace"))
        remarks.extend(f"{printed}, {remark}" for remark in broken)
        for entry in entries:
            found.setdefault(entry.key, reference(entry))
    return found, remarks


def author_of(reference: Reference) -> str:
    """The authors as a sentence names them: "Smith", "Smith and Doe", "Smith et al."; "" where none is known."""
    people = reference.csl.get("author") or reference.csl.get("editor")
    names = [str(person.get("family") or person.get("literal") or "") for person in people] if isinstance(people, list) else []
    return f"{names[0]} et al." if len(names) > 2 else " and ".join(names)  # noqa: PLR2004


def _path(name: str, place: str) -> Path | None:
    relative = PurePath(name if name.lower().endswith(".bib") else f"{name}.bib")
    if not place or relative.is_absolute() or ".." in relative.parts or "\x00" in name:
        return None
    folder = Path(place).parent
    path = folder / relative
    return path if path.resolve().is_relative_to(folder.resolve()) else None


def bodies(text: str) -> Iterator[tuple[str, str, bool, int]]:
    """Each entry's type, what stands between its braces, whether they close, and its line."""
    at = line = counted = 0
    limit = -1
    while found := ENTRY.search(text, at):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if limit < found.end():
            following = _NEXT_ENTRY.search(text, found.end())
            limit = following.start() if following else len(text)
        end = _closing(text, found.end(), limit, found[2])
        closed = end >= 0
        yield found[1].lower(), text[found.end() : end if closed else limit], closed, line + 1
        at = end if closed else limit


def _closing(text: str, at: int, limit: int, opening: str) -> int:
    """Where the brace or parenthesis before `at` closes, -1 when it does not before `limit`."""
    closing = "}" if opening == "{" else ")"
    depth = 1 if opening == "{" else 0
    for found in _EDGE.finditer(text, at, limit):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        if found[0] == closing and depth <= 0:
            return found.start()
    return -1


def fields_of(body: str, strings: Mapping[str, str]) -> dict[str, str]:
    """The fields of an entry; a value may be joined from braces, quotation marks, numbers and named strings with `#`."""
    fields: dict[str, str] = {}
    at = 0
    while found := _NAME.search(body, at):
        parts: list[str] = []
        at = found.end()
        while len(parts) < _MOST_PARTS:
            part, at = _part(body, at, strings)
            parts.append(part)
            joined = _JOIN.match(body, at)
            if not joined:
                break
            at = joined.end()
        fields.setdefault(found[1].lower(), "".join(parts))
    return fields


def _part(body: str, at: int, strings: Mapping[str, str]) -> tuple[str, int]:
    """One part of a value, and where it ends."""
    if body.startswith("{", at):
        end = _closing(body, at + 1, len(body), "{")
        return (body[at + 1 : end], end + 1) if end >= 0 else (body[at + 1 :], len(body))
    if body.startswith('"', at):
        depth = 0
        for found in _STRING_END.finditer(body, at + 1):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if found[0] == '"' and depth <= 0:
                return body[at + 1 : found.start()], found.end()
        return body[at + 1 :], len(body)
    bare = _BARE.match(body, at)
    return (strings.get(bare[0].lower(), bare[0]), bare.end()) if bare else ("", at)


def _value(name: str, value: str) -> str:
    if name in _RAW:
        return _ADDRESS_ESCAPE.sub(lambda found: found[1] or found[2] or "", value).strip()
    return plain(value)


def _person(name: str) -> dict[str, str]:
    """A name as "Family, Given", "Given Family", "Given von Family" or "{Name of a body}"."""
    if name.startswith("{") and name.endswith("}"):
        return {"literal": plain(name)}
    name = plain(name)
    parts = [part.strip() for part in name.split(",")]
    if len(parts) > 1:
        return {"family": parts[0], "given": parts[-1]}
    words = name.split()
    small = next((at for at, word in enumerate(words[:-1]) if at and word[:1].islower()), len(words) - 1)
    return {"family": " ".join(words[small:]), "given": " ".join(words[:small])} if len(words) > 1 else {"literal": name.strip()}


def _date_parts(issued: re.Match[str], month: str) -> list[int]:
    named = month[:3].lower()
    number = issued[2] or (str(_MONTHS.index(named) + 1) if named in _MONTHS else month if month.isdecimal() else "")
    return [int(part) for part in (issued[1], number[:2], issued[3]) if part]


def _printed(csl: Mapping[str, object], values: Mapping[str, str]) -> str:
    """The entry as a line: authors, year, title, where it appeared, identifiers."""
    people = csl.get("author") or csl.get("editor")
    names = (
        [", ".join(filter(None, (p.get("family", p.get("literal", "")), p.get("given", "")))) for p in people]
        if isinstance(people, list)
        else []
    )
    year = values.get("year") or values.get("date", "")[:4]
    volume = str(csl.get("volume", "")) + (f"({csl['issue']})" if csl.get("issue") else "")
    pages = f"pp. {csl['page']}" if csl.get("page") else ""
    where = ", ".join(filter(None, map(str, (csl.get("container-title", ""), volume, pages))))
    doi = f"doi:{csl['DOI']}" if csl.get("DOI") else ""
    isbn = f"ISBN {csl['ISBN']}" if csl.get("ISBN") else ""
    eprint = (
        f"arXiv:{values['eprint']}"
        if values.get("eprint") and "arxiv" in values.get("archiveprefix", values.get("eprinttype", "")).lower()
        else ""
    )
    head = "; ".join(names) + (f" ({year})" if year else "")
    fields = (
        head.strip(),
        csl.get("title", ""),
        where,
        csl.get("publisher", ""),
        values.get("howpublished", ""),
        csl.get("note", ""),
        doi,
        isbn,
        eprint,
        csl.get("URL", ""),
    )
    return ". ".join(str(field).rstrip(".") for field in fields if field)
