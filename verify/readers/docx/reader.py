"""Word documents (DOCX). The XML is read here and by no library: python-docx knows no notes, and mammoth drops the codes of fields, in which
Zotero, Mendeley and EndNote say what a printed citation cites; what both leave out is what this tool is for.

Read as a reader sees it with all changes accepted: insertions kept, deletions gone, comments, headers, footers and hidden text left out.
Macros and embedded files are never looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from verify.errors import ReadError
from verify.model import Draft
from verify.readers.archive import Archive, child, value
from verify.readers.citation_codes import word_sources
from verify.readers.confined import run_confined
from verify.readers.manuscript import Manuscript, draft_of

from .body import Parts, Story
from .notes import Notes
from .styles import styles_of

if TYPE_CHECKING:
    from verify.readers import Options

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_BOOKMARK_CODE = "ZOTERO_BREF_"


def read(content: bytes, options: Options) -> Draft:
    """Read a DOCX in a child process. Raises ReadError for what is none, is damaged, encrypted or out of bounds."""
    return run_confined(f"{__name__}:parse", content, seconds=options.seconds, memory=options.memory)


def parse(data: bytes) -> Draft:
    """Read a DOCX here, without limits of time and memory; for the child."""
    if data.startswith(_OLD_OFFICE):
        raise ReadError("is a Word file of before 2007 or has a password: save it as .docx without a password, then read it")
    if not data.startswith(_ZIP):
        raise ReadError("is no DOCX: it does not start as a zip archive does")
    archive = Archive(data)
    main = _main_part(archive)
    if main not in archive:
        raise ReadError("is no DOCX: its archive holds no text of Word's")
    parts = _parts(archive, main)
    body = child(archive.tree(main), "w:body")
    if body is None:
        raise ReadError("is no DOCX: its main part has no body")
    story = Story(parts, _targets(archive, main))
    story.walk(body)
    title = child(archive.tree("docProps/core.xml"), "dc:title")
    manuscript = Manuscript(
        story.paragraphs(), parts.notes.called(), (title.text or "") if title is not None else "", list(parts.remarks())
    )
    return draft_of(manuscript)


def _main_part(archive: Archive) -> str:
    """The part with the text, as the archive itself names it."""
    related = (r for r in archive.tree("_rels/.rels") if r.get("Type", "").endswith("/officeDocument"))
    return next((r.get("Target", "").lstrip("/") for r in related), "word/document.xml")


def _parts(archive: Archive, main: str) -> Parts:
    """What the text refers to: styles, notes, codes of citations. They lie in the folder of the main part under their usual names."""
    folder = main[: main.rfind("/") + 1]
    settings = archive.tree(f"{folder}settings.xml")
    parts = Parts(styles=styles_of(archive.tree(f"{folder}styles.xml")), bookmarks=_bookmarks(archive.tree("docProps/custom.xml")))
    for name in archive.names:
        if name.startswith("customXml/item") and name.endswith(".xml") and b"/bibliography" in archive.read(name):
            parts.sources.update(word_sources(archive.tree(name)))
    parts.notes = Notes(
        {kind: _notes(archive, folder, kind) for kind in ("footnote", "endnote")},
        {kind: value(settings, f"w:{kind}Pr/w:numFmt", "w:val") for kind in ("footnote", "endnote")},
        {kind: _targets(archive, f"{folder}{kind}s.xml") for kind in ("footnote", "endnote")},
        parts,
    )
    return parts


def _notes(archive: Archive, folder: str, kind: str) -> dict[str, Element]:
    """The notes of a kind, by their ids; separators are none."""
    root = archive.tree(f"{folder}{kind}s.xml")
    return {note.get("w:id", ""): note for note in root if note.get("w:type", "normal") == "normal"}


def _targets(archive: Archive, part: str) -> dict[str, str]:
    """The addresses that a part links to, by the ids of its relationships."""
    folder, _, name = part.rpartition("/")
    root = archive.tree(f"{folder}/_rels/{name}.rels")
    return {r.get("Id", ""): r.get("Target", "") for r in root if r.get("TargetMode") == "External"}


def _bookmarks(root: Element) -> dict[str, str]:
    """Zotero's codes where it keeps them in bookmarks: cut into properties `ZOTERO_BREF_x_1`, `_2` ..., joined by the bookmark's name."""
    pieces: dict[str, dict[int, str]] = {}
    for entry in root:
        name, _, nth = entry.get("name", "").rpartition("_")
        if name.startswith(_BOOKMARK_CODE) and nth.isdecimal():
            pieces.setdefault(name, {})[int(nth)] = "".join(entry.itertext())
    return {name: "".join(code[nth] for nth in sorted(code)) for name, code in pieces.items()}
