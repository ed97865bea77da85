"""What reference managers hide in word processors' files beside a printed citation: Zotero, Mendeley, EndNote, Citavi and Word itself.

Each writes a code of its own into a field, a content control, a bookmark or the name of a reference mark; all come out as the works cited, each
a CSL-JSON item. A code that cannot be read is no error: what is printed still stands in the text.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from verify.errors import ReadError

from .archive import child, xml_tree

_LONGEST_CODE = 4 * 2**20
_MOST_WORKS = 500
_BIBLIOGRAPHY = re.compile(
    r"\s*(?:ADDIN\s+)?(?:ZOTERO_BIBL|Mendeley Bibliography|EN\.REFLIST|CitaviBibliography|MENDELEY_BIBLIOGRAPHY|BIBLIOGRAPHY\b)"
)
_WORD = re.compile(r"\s*CITATION\s+(\S.*)", re.DOTALL)
_WORD_PART = re.compile(r'\\([a-z])\s+("[^"]*"|[^\s\\"]+)|([^\s\\"]+)')
_BASE64 = re.compile(r"(?:MENDELEY_CITATION_v\d+_|CitaviPlaceholder\{?)\s*([A-Za-z0-9+/=\s]{8,})")
_MEANINGLESS_ID = re.compile(r"\d*|ITEM-\d+|[0-9a-f-]{32,}|.*[/:\s].*", re.IGNORECASE | re.DOTALL)
"""Numbers of rows in somebody's library, Mendeley's counter that starts again in every citation, UUIDs and addresses."""
_NOT_OF_A_KEY = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work as a reference manager cites it: `identity` is the same wherever the document cites it, `csl` its CSL-JSON item, `key` the name
    that its user gave it, `locator` the place cited."""

    identity: str
    csl: Mapping[str, object] = field(default_factory=dict)
    key: str = ""
    locator: str = ""


def is_bibliography(code: str) -> bool:
    """Whether a code makes the list of the works cited."""
    return bool(_BIBLIOGRAPHY.match(code))


def works_of(code: str, sources: Mapping[str, CitedWork] | None = None) -> tuple[CitedWork, ...]:
    """The works that a code cites; none where it is no citation. `sources` are those that Word keeps beside the text, by their tags."""
    if len(code) > _LONGEST_CODE:
        return ()
    if "CSL_CITATION" in code:
        return _csl_works(_json(code[code.find("{") :]))
    if "<EndNote>" in code:
        return _endnote_works(code[code.index("<EndNote>") : code.rfind("</EndNote>") + len("</EndNote>")])
    if packed := _BASE64.search(code):
        return _packed_works(packed[1])
    if named := _WORD.match(code):
        return tuple(_word_works(named[1], sources or {}))[:_MOST_WORKS]
    return ()


def unpacked(data: str) -> str:
    """The code that EndNote packs in base64 beside a field; "" where it is none."""
    try:
        return base64.b64decode("".join(data.split()), validate=True).decode("utf-8", "replace").replace("\0", "")
    except (binascii.Error, ValueError):
        return ""


def key_of(work: CitedWork) -> str:
    """What to call a work: the key that its user gave it, or its first author with the year ("Smith2013")."""
    if work.key:
        return work.key
    names = _names(work.csl)
    author = _NOT_OF_A_KEY.sub("", names[0].partition(",")[0]) if names else ""
    title = _NOT_OF_A_KEY.sub("", _words(work.csl, "title").partition(" ")[0])
    return (author or title) + (_year(work.csl) or ("" if author or title else "work"))


def described(csl: Mapping[str, object]) -> str:
    """A CSL item in words, where the document prints no entry for it."""
    authors = "; ".join(_names(csl)[:20])
    year = _year(csl)
    where = ", ".join(filter(None, (_words(csl, "container-title"), _words(csl, "volume"), _words(csl, "publisher"), _words(csl, "page"))))
    doi = _words(csl, "DOI")
    pieces = (
        f"{authors} ({year})" if year else authors,
        _words(csl, "title"),
        where,
        f"https://doi.org/{doi}" if doi else _words(csl, "URL"),
    )
    return ". ".join(piece for piece in pieces if piece)


def word_sources(root: Element) -> dict[str, CitedWork]:
    """The works of Word's own list of sources (`b:Sources`), by their tags."""
    return {tag: CitedWork(tag, _word_item(source), tag) for source in root.iter("b:Source") if (tag := _of(source, "b:Tag"))}


def _json(text: str) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _csl_works(code: Any) -> tuple[CitedWork, ...]:
    """Works of a CSL citation, as Zotero, Mendeley and others of their family write it."""
    items = code.get("citationItems") if isinstance(code, dict) else None
    works = (_csl_work(item) for item in items[:_MOST_WORKS] if isinstance(item, dict)) if isinstance(items, list) else ()
    return tuple(work for work in works if work.identity)


def _csl_work(item: Mapping[str, Any]) -> CitedWork:
    data = item.get("itemData")
    csl = {str(name): value for name, value in data.items()} if isinstance(data, dict) else {}
    uris = item.get("uris") or item.get("uri")
    uri = str(uris[0]) if isinstance(uris, list) and uris else ""
    own = str(csl.get("id") or item.get("id") or "")
    key = _words(csl, "citation-key") or ("" if _MEANINGLESS_ID.fullmatch(own) else own)
    return CitedWork(uri or own or described(csl), csl, key, _words(item, "locator"))


def _endnote_works(xml: str) -> tuple[CitedWork, ...]:
    try:
        root = xml_tree(xml.encode("utf-8", "replace"))
    except ReadError:
        return ()
    works = ((cite, _endnote_item(cite)) for cite in list(root.iter("Cite"))[:_MOST_WORKS])
    return tuple(CitedWork(_of(cite, "RecNum") or described(csl), csl, "", _of(cite, "Pages")) for cite, csl in works)


def _endnote_item(cite: Element) -> dict[str, object]:
    record = found if (found := child(cite, "record")) is not None else cite
    names = [_text(author) for author in record.iter("author")] or [_of(cite, "Author")]
    return item_of(
        author=[_person(name) for name in names if name],
        year=_of(record, "dates/year") or _of(cite, "Year"),
        title=_of(record, "titles/title"),
        container=_of(record, "titles/secondary-title"),
        volume=_of(record, "volume"),
        issue=_of(record, "number"),
        page=_of(record, "pages"),
        publisher=_of(record, "publisher"),
        DOI=_of(record, "electronic-resource-num"),
        ISBN=_of(record, "isbn"),
        URL=_of(record, "urls/related-urls/url"),
    )


def _word_works(parts: str, sources: Mapping[str, CitedWork]) -> Iterator[CitedWork]:
    r"""Works of Word's own field: `Smi13 \\p 23 \\l 1033 \\m Lee19`."""
    tags: list[tuple[str, str]] = []
    for found in _WORD_PART.finditer(parts):
        switch, value = found[1], (found[2] or "").strip('"')
        if found[3] or switch == "m":
            tags.append((found[3] or value, ""))
        elif switch == "p" and tags:
            tags[-1] = (tags[-1][0], value)
    for tag, page in tags:
        yield CitedWork(tag, sources[tag].csl if tag in sources else {}, tag, page)


def _word_item(source: Element) -> dict[str, object]:
    names = child(source, "b:Author/b:Author/b:NameList")
    people = [person for person in names if person.tag == "b:Person"] if names is not None else []
    return item_of(
        author=[{"family": _of(person, "b:Last"), "given": _of(person, "b:First")} for person in people]
        or [{"literal": name} for name in [_of(source, "b:Author/b:Author/b:Corporate")] if name],
        year=_of(source, "b:Year"),
        title=_of(source, "b:Title"),
        container=_of(source, "b:JournalName") or _of(source, "b:BookTitle") or _of(source, "b:InternetSiteTitle"),
        volume=_of(source, "b:Volume"),
        issue=_of(source, "b:Issue"),
        page=_of(source, "b:Pages"),
        publisher=_of(source, "b:Publisher"),
        DOI=_of(source, "b:DOI"),
        ISBN=_of(source, "b:StandardNumber"),
        URL=_of(source, "b:URL"),
    )


def _packed_works(packed: str) -> tuple[CitedWork, ...]:
    """Works of JSON in base64: Citavi's entries, or Mendeley's CSL items."""
    code = _json(unpacked(packed))
    if not isinstance(code, dict) or not isinstance(code.get("Entries"), list):
        return _csl_works(code)
    entries = [entry for entry in code["Entries"][:_MOST_WORKS] if isinstance(entry, dict)]
    works = ((entry, entry["Reference"]) for entry in entries if isinstance(entry.get("Reference"), dict))
    return tuple(
        CitedWork(_words(work, "Id") or _words(entry, "ReferenceId"), _citavi_item(work), _words(work, "CitationKey"))
        for entry, work in works
    )


def _citavi_item(work: Mapping[str, Any]) -> dict[str, object]:
    authors = work.get("Authors")
    people = [author for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []
    journal = work.get("Periodical")
    return item_of(
        author=[{"family": _words(person, "LastName"), "given": _words(person, "FirstName")} for person in people],
        year=_words(work, "Year"),
        title=_words(work, "Title"),
        container=_words(journal, "Name") if isinstance(journal, dict) else "",
        volume=_words(work, "Volume"),
        DOI=_words(work, "Doi"),
        ISBN=_words(work, "Isbn"),
        URL=_words(work, "OnlineAddress"),
    )


def item_of(*, author: Sequence[Mapping[str, str]], year: str, title: str, container: str, **fields: str) -> dict[str, object]:
    """A CSL item of what is known; what is empty is left out."""
    issued = {"date-parts": [[int(year)]]} if year.isdecimal() else {"literal": year} if year else None
    item = {"author": list(author), "issued": issued, "title": title, "container-title": container, **fields}
    return {name: value for name, value in item.items() if value}


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": name.strip()}


def _names(csl: Mapping[str, object]) -> list[str]:
    """The authors of an item, or its editors, each "Family, Given"."""
    people = csl.get("author") or csl.get("editor")
    listed = [person for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    names = (", ".join(filter(None, (_words(p, "family"), _words(p, "given")))) or _words(p, "literal") for p in listed)
    return [name for name in names if name]


def _year(csl: Mapping[str, object]) -> str:
    issued = csl.get("issued")
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return str(parts[0][0])
    found = re.search(r"\d{4}", _words(issued, "literal") or _words(issued, "raw"))
    return found[0] if found else ""


def _words(fields: Mapping[str, Any], name: str) -> str:
    """A field that is one line of text or a number; "" where it is anything else."""
    value = fields.get(name)
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def _of(element: Element, path: str) -> str:
    found = child(element, path)
    return _text(found) if found is not None else ""


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
