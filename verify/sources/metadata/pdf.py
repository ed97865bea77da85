"""A PDF as a CSL-JSON item: what its document information says, and the identifiers that its first page prints of itself.

Document information is written by programs as often as by people, so that file names and names of programs in it are passed over. A DOI is the
work's own when the first page prints no other; an arXiv id when it is stamped on the margin, as arXiv does, or stands at the head.
"""

import re
from collections.abc import Mapping

from verify.readers.addresses import balanced
from verify.sources.bibliography.dates import parse_date
from verify.sources.bibliography.items import Item, identifier_of_item, item_of, key_of
from verify.sources.bibliography.names import byline, list_form

_NO_TITLE = re.compile(
    r"untitled.*|(?:microsoft word|microsoft powerpoint|powerpoint|layout|slide) .*|.*\.(?:docx?|tex|dvi|pdf|html?|indd|odt|qxd|rtf|ps|eps|pages)"
    r"|(?:document|title|template|article|paper|manuscript|main)\s?\d*|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:admin(?:istrator)?|user|owner|author|unknown|anonymous|default|root|windows.*|microsoft.*|hp|dell|[^\w]*|\S+@\S+)", re.IGNORECASE
)
_DOI = re.compile(r"(?:\bdoi\.org/|(?<![\w./]))(10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"“”„«»<>。，、；]+)", re.IGNORECASE)
_ARXIV = r"(?<![\w.])arxiv:\s?(\d{4}\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?"
_STAMP = re.compile(rf"{_ARXIV}\s{{1,3}}\[[a-z-]{{2,10}}(?:\.[a-z-]{{2,8}})?\]\s{{1,3}}(\d{{1,2}} [a-z]{{3}} \d{{4}})", re.IGNORECASE)
_AT_HEAD = re.compile(_ARXIV, re.IGNORECASE)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")
_ISBN = re.compile(r"(?<![A-Za-z])ISBN(?:-1[03])?[:\s]{0,3}(97[89][\d -]{10,14}|[\d-]{9,12}[\dXx])(?!\w)")
_HEAD, _FIRST_PAGE = 300, 20_000
_PAIRS = {")": "(", "]": "[", ">": "<", "}": "{"}


def of_pdf(info: Mapping[str, str], first_page_text: str) -> Item:
    """Read what a PDF says of itself: `info` is its document information ("Title", "Author", "CreationDate", "Subject", "doi" ...), in any case.

    The date is that on which the file was made, so it is marked `circa`; arXiv's stamp says its own.
    """
    said = {name.lower(): " ".join(value.split()) for name, value in info.items() if isinstance(value, str)}
    page = first_page_text[:_FIRST_PAGE]
    stamp = _STAMP.search(page)
    paper = stamp or _AT_HEAD.search(page[:_HEAD])
    doi = _own_doi(said, page)
    isbn = _ISBN.search(page)
    item: Item = {
        "type": "article" if paper else "document",
        "title": _title(said.get("title", "")),
        "author": _authors(said.get("author", "")),
        "issued": parse_date(stamp[2]) if stamp else _made(said),
        "number": f"arXiv:{paper[1]}" if paper else "",
        "DOI": doi,
        "ISBN": isbn[1].strip() if isbn and not doi and not paper else "",
        "keyword": said.get("keywords", ""),
    }
    whole = item_of({name: value for name, value in item.items() if value})
    identifier = identifier_of_item(whole)
    return {**whole, "id": identifier.canonical if identifier else key_of(whole)}


def _title(given: str) -> str:
    return "" if _NO_TITLE.fullmatch(given) else given


def _authors(given: str) -> list[dict[str, str]]:
    return [name for name in byline(given) if not _NO_AUTHOR.fullmatch(list_form(name))]


def _own_doi(said: Mapping[str, str], page: str) -> str:
    given = next((found for name in ("doi", "wps-articledoi", "identifier", "subject") if (found := _dois(said.get(name, "")))), [])
    printed = _dois(page)
    return given[0] if given else printed[0] if len(printed) == 1 else ""


def _dois(text: str) -> list[str]:
    """The DOIs that a text prints, each once, however it is spelled."""
    found = (balanced(doi, _PAIRS).rstrip(".,;:!?'’*_([{<") for doi in _DOI.findall(text))
    return list({doi.lower(): doi for doi in found}.values())


def _made(said: Mapping[str, str]) -> dict[str, object]:
    found = _DATE.match(said.get("creationdate", ""))
    date = parse_date("-".join(part for part in found.groups() if part)) if found else {}
    return {**date, "circa": True} if date else {}
