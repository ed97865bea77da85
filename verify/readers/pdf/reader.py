"""PDF documents: text in the order of reading by pypdfium2 (PDFium, the parser of Chromium), laid out by our own rules.

A PDF says where glyphs stand and little else, so headings, paragraphs, notes and running heads are known by their looks. Raised digits come
out as such ("fell.¹²"), which `claims.markers` tells from "m²". The pages are kept as marks of kind PAGE without width, where each begins.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from verify.errors import ReadError
from verify.model import Draft
from verify.readers.confined import run_confined

from .layout import Page, lines_of
from .lines import stretches_of
from .parts import draft_of

if TYPE_CHECKING:
    from verify.readers import Options

_FEWEST_CHARACTERS = 8
"""Visible characters that a page must have to be text; a stamp or a page number on a scan has fewer."""
_MOST_UNMAPPED = 0.3
_NO_TITLE = re.compile(
    r"\s*|untitled.*|microsoft word.*|.*\.(?:docx?|tex|dvi|pdf|html?|indd|odt|qxd)|.*[\x00-\x1f].*|document\d*", re.IGNORECASE
)
_PASSWORD_ERROR = 4
_ENTRIES = ("Title", "Author", "Subject", "Keywords", "CreationDate", "doi", "WPS-ARTICLEDOI")
_LONGEST_ENTRY = 2000


def read(content: bytes, options: Options) -> Draft:
    """Read a PDF in a child process. Raises ReadError for what is none, is damaged, encrypted, a scan, or out of bounds."""
    return run_confined(f"{__name__}:parse", content, seconds=options.seconds, memory=options.memory)


def parse(data: bytes) -> Draft:
    """Read a PDF here, without limits of time and memory; for the child."""
    document = _opened(data)
    try:
        pages, unmapped, empty = _pages(document)
        information = _information(document)
    finally:
        document.close()
    seen = sum(len(stretch.text) for page in pages for stretch in page.stretches)
    if not seen or len(empty) == len(pages):
        raise ReadError(f"holds no text: its {_several(len(pages), 'page')} may be a scan; recognise the text (OCR) first, then read it")
    if unmapped > _MOST_UNMAPPED * (seen + unmapped):
        raise ReadError(
            "holds no readable text: its fonts do not say which letters they draw; recognise the text (OCR) first, then read it"
        )
    remarks = [_several(len(pages), "page")]
    if empty:
        remarks.append(f"{_several(len(empty), 'page')} without text (a scan or a figure): {', '.join(map(str, empty[:20]))}")
    if unmapped:
        remarks.append(f"{_several(unmapped, 'character')} that no font gives a meaning for left out")
    draft = draft_of(lines_of(pages))
    given = information.get("Title", "")
    title = draft.title if _NO_TITLE.fullmatch(given) else " ".join(given.split())
    return replace(draft, title=title, remarks=tuple(remarks), information=information)


def _information(document: Any) -> dict[str, str]:
    """What the file says of itself: the entries of its document information that name a work (PDF 32000-1, 14.3.3), and those of publishers."""
    said: dict[str, str] = {}
    for name in _ENTRIES:
        with suppress(UnicodeDecodeError):  # half a character
            said[name] = str(document.get_metadata_value(name))[:_LONGEST_ENTRY]
    return {name: value for name, value in said.items() if value}


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _opened(data: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == _PASSWORD_ERROR or "password" in str(error).lower():
            raise ReadError("is encrypted: save it without a password, then read it") from None
        raise ReadError("is damaged or no PDF: it cannot be opened") from None


def _pages(document: Any) -> tuple[list[Page], int, list[int]]:
    """The pages, how many of their characters have no meaning, and the numbers of those without text."""
    import pypdfium2

    pages: list[Page] = []
    empty: list[int] = []
    unmapped = 0
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            stretches, unknown = stretches_of(page)
            height = page.get_height()
            page.close()
        except pypdfium2.PdfiumError:
            stretches, unknown, height = [], 0, 0.0
        unmapped += unknown
        pages.append(Page(number, height, stretches))
        if sum(len(stretch.text) for stretch in stretches) + unknown < _FEWEST_CHARACTERS:
            empty.append(number)
    return pages, unmapped, empty
