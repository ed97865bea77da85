"""OpenDocument texts (ODT), as LibreOffice writes them: one XML of paragraphs with everything inline, notes and comments among it.

Read as DOCX is: changes accepted, comments and hidden text left out, notes by the marks that they print, and the citations of Zotero, Mendeley
and the program's own bibliography with what they know of the works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar
from xml.etree.ElementTree import Element

from verify.errors import ReadError
from verify.model import BlockKind, Draft

from .archive import Archive, child, value
from .citation_codes import CitedWork, is_bibliography, item_of, works_of
from .confined import run_confined
from .docx.styles import PLAIN, Style, named_style
from .manuscript import CitedMark, Manuscript, NoteMark, Paragraph, Piece, draft_of, raised

if TYPE_CHECKING:
    from . import Options

_ENCRYPTED = b"encryption-data"
_LONGEST_CHAIN = 20
_MOST_SPACES = 100
_UNSEEN = frozenset(
    {
        *("text:tracked-changes", "text:hidden-text", "text:hidden-paragraph", "text:ruby-text", "text:note-citation", "office:forms"),
        *(
            "text:sequence-decls",
            "text:variable-decls",
            "text:user-field-decls",
            "draw:object",
            "draw:object-ole",
            "text:index-title-template",
        ),
    }
)
_WHITE = re.compile(r"[ \t\r\n]+")
_SOFT_HYPHEN = "\u00ad"
_BOOKMARK_CODE = "ZOTERO_BREF_"
_BOLD_WEIGHT = 600


def read(content: bytes, options: Options) -> Draft:
    """Read an ODT in a child process. Raises ReadError for what is none, is damaged, encrypted or out of bounds."""
    return run_confined(f"{__name__}:parse", content, seconds=options.seconds, memory=options.memory)


def parse(data: bytes) -> Draft:
    """Read an ODT here, without limits of time and memory; for the child."""
    if not data.startswith(b"PK\x03\x04"):
        raise ReadError("is no ODT: it does not start as a zip archive does")
    archive = Archive(data)
    if _ENCRYPTED in archive.read("META-INF/manifest.xml"):
        raise ReadError("is encrypted: save it without a password, then read it")
    content = archive.tree("content.xml")
    body = child(content, "office:body/office:text")
    if body is None:
        raise ReadError("is no ODT: its archive holds no text of a word processor's")
    meta = child(archive.tree("meta.xml"), "office:meta")
    text = _Text(_looks_of(archive.tree("styles.xml"), content), _bookmarks(meta))
    text.walk(body)
    title = child(meta, "dc:title") if meta is not None else None
    remarks = [f"{text.comments} comment{'' if text.comments == 1 else 's'} left out"] if text.comments else []
    if (changed := child(body, "text:tracked-changes")) is not None:
        remarks.append(f"{len(changed)} tracked change{'' if len(changed) == 1 else 's'} read as accepted")
    return draft_of(Manuscript(text.paragraphs(), text.notes, (title.text or "") if title is not None else "", remarks))


def _looks_of(*roots: Element) -> dict[str, Element]:
    """Every style by its name, the document's own before the common ones."""
    styles = (style for root in roots for element in root for style in element if style.tag == "style:style")
    return {style.get("style:name", ""): style for style in styles}


def _bookmarks(meta: Element | None) -> dict[str, str]:
    """Zotero's codes where it keeps them in bookmarks: cut into properties, joined by the bookmark's name."""
    pieces: dict[str, dict[int, str]] = {}
    for entry in meta if meta is not None else ():
        name, _, nth = entry.get("meta:name", "").rpartition("_")
        if name.startswith(_BOOKMARK_CODE) and nth.isdecimal():
            pieces.setdefault(name, {})[int(nth)] = entry.text or ""
    return {name: "".join(code[nth] for nth in sorted(code)) for name, code in pieces.items()}


class _Text:
    """A text under way."""

    def __init__(self, looks: Mapping[str, Element], bookmarks: Mapping[str, str]) -> None:
        self.notes: dict[str, Paragraph] = {}
        self.comments = 0
        self._looks, self._bookmarks = looks, bookmarks
        self._done: list[Paragraph] = []
        self._boxes: list[Paragraph] = []
        self._open: Paragraph | None = None
        self._citing: list[tuple[str, tuple[CitedWork, ...], list[str]]] = []
        self._around: list[BlockKind] = []
        self._plain = 0
        self._looks_now: list[str] = []

    def paragraphs(self) -> list[Paragraph]:
        """Give the paragraphs read so far."""
        return self._done

    def walk(self, parent: Element) -> None:
        """Read what stands in an element: its words only where a paragraph is open."""
        self._write(parent.text)
        for element in parent:
            if element.tag not in _UNSEEN and not element.tag.startswith("?"):
                self._readers.get(element.tag, _Text.walk)(self, element)
            self._write(element.tail)

    def _paragraph(self, element: Element) -> None:
        """A paragraph; one inside another (in a note, a box) is read apart, and the outer one goes on after it."""
        outer = (self._open, self._boxes, self._plain, self._looks_now, self._citing)
        style, name = self._style(element), element.get("text:style-name", "")
        self._open, self._boxes, self._plain, self._looks_now, self._citing = Paragraph(), [], 0, [name], []
        self._open.kind, self._open.level = style.kind, style.level
        for kind in self._around:
            if self._open.kind is BlockKind.PARAGRAPH or kind is not BlockKind.LIST_ITEM:
                self._open.kind = kind
        self._open.numbered = BlockKind.LIST_ITEM in self._around
        self._open.listed = BlockKind.REFERENCE_LIST in self._around
        if not self._is_hidden(name):
            self.walk(element)
        while self._citing:
            self._cite()
        self._open.bold = self._plain == 0 and bool(self._open.text.strip())
        self._done.extend((self._open, *self._boxes))
        self._open, self._boxes, self._plain, self._looks_now, self._citing = outer

    def _style(self, element: Element) -> Style:
        if element.tag == "text:h":
            level = element.get("text:outline-level", "1")
            return Style(BlockKind.HEADING, int(level) if level.isdecimal() else 1)
        for look in self._chain(element.get("text:style-name", "")):
            named = named_style(look.get("style:display-name", "") or look.get("style:name", ""))
            level = look.get("style:default-outline-level", "")
            if named is not PLAIN or level.isdecimal():
                return named if named is not PLAIN else Style(BlockKind.HEADING, int(level))
        return named_style(element.get("text:style-name", ""))

    def _chain(self, name: str) -> list[Element]:
        """A style, the one that it is based on, and so on."""
        chain: list[Element] = []
        while (look := self._looks.get(name)) is not None and len(chain) < _LONGEST_CHAIN:
            chain.append(look)
            name = look.get("style:parent-style-name", "")
        return chain

    def _set(self, attribute: str, *names: str) -> str:
        """What the innermost of these styles that says so says of the text."""
        for name in reversed(names):
            for look in self._chain(name):
                if said := value(look, "style:text-properties", attribute):
                    return said
        return ""

    def _is_hidden(self, *names: str) -> bool:
        return self._set("text:display", *names) == "none"

    def _write(self, printed: str | None) -> None:
        if not printed or self._open is None or self._is_hidden(*self._looks_now):
            return
        text = _WHITE.sub(" ", printed).replace(_SOFT_HYPHEN, "")
        if self._set("style:text-position", *self._looks_now).startswith(("super", *"123456789")):
            text = raised(text)
        weight = self._set("fo:font-weight", *self._looks_now)
        if not (weight == "bold" or (weight.isdecimal() and int(weight) >= _BOLD_WEIGHT)):
            self._plain += len(text.strip())
        self._add(text)

    def _add(self, piece: Piece) -> None:
        if self._citing and isinstance(piece, str):
            self._citing[-1][2].append(piece)
        elif self._open is not None:
            self._open.pieces.append(piece)

    def _span(self, element: Element) -> None:
        self._looks_now.append(element.get("text:style-name", ""))
        self.walk(element)
        self._looks_now.pop()

    def _spaces(self, element: Element) -> None:
        count = element.get("text:c", "1")
        self._add(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() and len(count) < _LONGEST_CHAIN else 1))

    def _link(self, element: Element) -> None:
        if self._open is not None and (address := element.get("xlink:href", "")):
            self._open.urls.append(address)
        self.walk(element)

    def _note(self, element: Element) -> None:
        """A note: named as it is printed; where foot- and endnotes are called alike, the later one says what it is."""
        citation, body = child(element, "text:note-citation"), child(element, "text:note-body")
        if self._open is None or body is None:
            return
        kind = element.get("text:note-class", "footnote")
        name = ("".join(citation.itertext()).strip() if citation is not None else "") or str(len(self.notes) + 1)
        name = name if name not in self.notes else f"{kind} {name}"
        name = name if name not in self.notes else f"{kind} {len(self.notes) + 1}"
        self._add(NoteMark(name))
        self.notes[name] = note = Paragraph()
        for paragraph in self._apart(body):
            note.pieces.extend((*([" "] if note.pieces else []), *(p for p in paragraph.pieces if not isinstance(p, NoteMark))))
            note.urls.extend(paragraph.urls)

    def _apart(self, element: Element) -> list[Paragraph]:
        """Read an element's paragraphs away from the text."""
        outer, around = self._done, self._around
        self._done, self._around = [], []
        outer_open, self._open = self._open, None
        self.walk(element)
        inside, self._done, self._around, self._open = self._done, outer, around, outer_open
        return inside

    def _box(self, element: Element) -> None:
        """A text box: its paragraphs follow the one that it is anchored in."""
        boxed = self._apart(element)
        (self._boxes if self._open is not None else self._done).extend(boxed)

    def _table(self, element: Element) -> None:
        """A table: a block a row, cells parted by tabs. One with a single cell is a frame around text."""
        rows = [[cell for cell in row if cell.tag == "table:table-cell"] for row in element.iter("table:table-row")]
        if sum(map(len, rows)) == 1:
            self._box(next(cell for row in rows for cell in row))
            return
        for row in rows:
            line = Paragraph(BlockKind.TABLE)
            for at, cell in enumerate(row):
                pieces = (piece for paragraph in self._apart(cell) for piece in (*paragraph.pieces, " "))
                line.pieces.extend((*(["\t"] if at else []), *pieces))
            self._done.append(line)

    def _within(self, kind: BlockKind) -> Callable[[Element], None]:
        def walk(element: Element) -> None:
            self._around.append(kind)
            self.walk(element)
            self._around.pop()

        return walk

    def _list(self, element: Element) -> None:
        self._within(BlockKind.LIST_ITEM)(element)

    def _index(self, element: Element) -> None:
        self._within(BlockKind.REFERENCE_LIST if element.tag == "text:bibliography" else BlockKind.LINK_LIST)(element)

    def _index_title(self, element: Element) -> None:
        self._within(BlockKind.HEADING)(element)

    def _section(self, element: Element) -> None:
        """A section; Zotero and Mendeley write their bibliography into one of a telling name."""
        if is_bibliography(element.get("text:name", "").removeprefix("ADDIN")):
            self._within(BlockKind.REFERENCE_LIST)(element)
        else:
            self.walk(element)

    def _open_citation(self, element: Element) -> None:
        name = element.get("text:name", "")
        if works := works_of(self._bookmarks.get(name, name)):
            self._citing.append((name, works, []))

    def _close_citation(self, element: Element) -> None:
        if self._citing and self._citing[-1][0] == element.get("text:name", ""):
            self._cite()

    def _cite(self) -> None:
        """Write the innermost citation that is open."""
        _, works, printed = self._citing.pop()
        if text := "".join(printed):
            self._add(CitedMark(text, works) if not self._citing else text)

    def _own_citation(self, element: Element) -> None:
        """A citation of the program's own bibliography."""
        key, printed = element.get("text:identifier", ""), "".join(element.itertext())
        if not key or not printed:
            self._write(printed)
            return
        given = {name: element.get(f"text:{name.lower()}", "") for name in ("volume", "pages", "publisher", "ISBN", "URL")}
        author = element.get("text:author", "")
        csl = item_of(
            author=[{"literal": author}] if author else [],
            year=element.get("text:year", ""),
            title=element.get("text:title", ""),
            container=element.get("text:journal", "") or element.get("text:booktitle", ""),
            page=given.pop("pages"),
            **given,
        )
        self._add(CitedMark(printed, (CitedWork(key, csl, key),)))

    def _comment(self, _: Element) -> None:
        self.comments += 1

    def _tab(self, _: Element) -> None:
        self._add("\t")

    def _line_break(self, _: Element) -> None:
        self._add("\n")

    _readers: ClassVar[dict[str, Callable[[_Text, Element], None]]] = {
        **dict.fromkeys(("text:p", "text:h"), _paragraph),
        **dict.fromkeys(("text:list", "text:numbered-paragraph"), _list),
        **dict.fromkeys(
            ("text:bibliography", "text:table-of-content", "text:alphabetical-index", "text:illustration-index", "text:table-index"), _index
        ),
        **dict.fromkeys(("text:reference-mark-start", "text:bookmark-start"), _open_citation),
        **dict.fromkeys(("text:reference-mark-end", "text:bookmark-end"), _close_citation),
        "text:span": _span,
        "text:a": _link,
        "text:s": _spaces,
        "text:tab": _tab,
        "text:line-break": _line_break,
        "text:note": _note,
        "text:section": _section,
        "text:index-title": _index_title,
        "text:bibliography-mark": _own_citation,
        "draw:text-box": _box,
        "table:table": _table,
        "office:annotation": _comment,
    }
    """How elements are read that are not just walked into."""
