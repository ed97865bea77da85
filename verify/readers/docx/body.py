"""The running text of a DOCX: its body, a note or a text box, walked element by element into the paragraphs of a manuscript."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from xml.etree.ElementTree import Element

from verify.model import BlockKind
from verify.readers.archive import child, value
from verify.readers.citation_codes import CitedWork, is_bibliography
from verify.readers.manuscript import CitedMark, Paragraph, Piece, raised

from .fields import Fields
from .notes import Notes
from .styles import PLAIN, Style, is_numbered, is_on, named_style, outline_level

_UNSEEN = frozenset(
    {"w:del", "w:moveFrom", "w:rPr", "w:pPr", "w:tblPr", "w:tblGrid", "w:sdtPr", "w:rt", "w:delText", "w:sectPr", "w:fldData"}
)
_PRINTED = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
_NOTE_CALLS = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_SOFT_HYPHEN = "\u00ad"
_GREEK = dict(zip("ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz", "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ", strict=True))
_SYMBOLS = {**_GREEK, "j": "φ", "±": "±", "£": "≤", "³": "≥", "´": "×", "·": "•", "°": "°", "¥": "∞", "¹": "≠", "»": "≈", "®": "→"}
"""What the font Symbol draws for a character; ornaments of other symbol fonts are left out."""
_PRIVATE = 0xF000


@dataclass(slots=True)
class Parts:
    """What the text refers to, and what is counted on the way."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    bookmarks: Mapping[str, str] = field(default_factory=dict)
    sources: dict[str, CitedWork] = field(default_factory=dict)
    notes: Notes = field(init=False)
    comments: int = 0
    changes: int = 0

    def remarks(self) -> Iterator[str]:
        """Lines for the user on what was left out."""
        if self.comments:
            yield f"{_several(self.comments, 'comment')} left out"
        if self.changes:
            yield f"{_several(self.changes, 'tracked change')} read as accepted"


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


class Story:
    """A text under way. `targets` are the addresses that its part links to, by their ids."""

    def __init__(self, parts: Parts, targets: Mapping[str, str], *, within_note: bool = False) -> None:
        self._parts, self._targets, self._within_note = parts, targets, within_note
        self._done: list[Paragraph] = []
        self._boxes: list[Paragraph] = []
        self._open: Paragraph | None = None
        self._goes_on = False  # the mark that ended the last paragraph is deleted
        self._fields = Fields(parts.sources)
        self._bookmarks: dict[str, str] = {}
        self._listed = 0
        self._plain = 0  # visible characters of the open paragraph that are not bold
        self._rows: list[str] | None = None
        self._run: Element | None = None
        self._bold = False

    def paragraphs(self) -> list[Paragraph]:
        """End the text; give its paragraphs."""
        self._finish()
        return self._done

    def walk(self, parent: Element) -> None:
        """Read the children of an element."""
        for element in parent:
            self._read(element)

    def _read(self, element: Element) -> None:
        tag = element.tag
        if tag in _UNSEEN:
            self._parts.changes += tag in ("w:del", "w:moveFrom")
        elif tag in ("w:t", "m:t"):
            self._write(element.text or "")
        elif tag in _PRINTED:
            self._write(_PRINTED[tag])
        else:
            self._readers.get(tag, Story.walk)(self, element)

    def _paragraph(self, element: Element) -> None:
        properties = child(element, "w:pPr")
        if self._open is None or not self._goes_on:
            self._finish()
            self._start(properties)
        marks = child(properties, "w:rPr") if properties is not None else None
        self._goes_on = marks is not None and any(change.tag in ("w:del", "w:moveFrom") for change in marks)
        if self._fields.in_bibliography and self._open:
            self._open.listed = True
        self.walk(element)
        self._close_formula(element)
        if not self._goes_on:
            self._finish()

    def _start(self, properties: Element | None) -> None:
        identity = value(properties, "w:pStyle", "w:val") if properties is not None else ""
        style = self._parts.styles.get(identity) or named_style(identity)
        if style is PLAIN and (level := outline_level(properties)):
            style = Style(BlockKind.HEADING, level)
        numbered = is_numbered(properties, inherited=style.numbered)
        kind = BlockKind.LIST_ITEM if numbered and style.kind is BlockKind.PARAGRAPH else style.kind
        self._open = Paragraph(kind, level=style.level, numbered=numbered, listed=self._listed > 0)
        self._plain, self._bold = 0, style.bold

    def _finish(self) -> None:
        """End the open paragraph; the boxes anchored in it follow it."""
        if self._open is not None:
            self._open.bold = self._plain == 0 and bool(self._open.text.strip())
            self._done.append(self._open)
        self._done.extend(self._boxes)
        self._open, self._boxes, self._goes_on = None, [], False

    def _close_formula(self, element: Element) -> None:
        """A paragraph that holds nothing but a displayed formula is one."""
        shown = [inner.tag for inner in element if inner.tag not in ("w:pPr", "w:bookmarkStart", "w:bookmarkEnd", "w:proofErr")]
        if self._open and shown and set(shown) == {"m:oMathPara"}:
            self._open.kind = BlockKind.FORMULA

    def _run_of_text(self, run: Element) -> None:
        if is_on(child(run, "w:rPr"), "w:vanish"):
            for inner in run:
                if inner.tag in ("w:fldChar", "w:instrText"):  # the text is not seen, but fields begin and end in it
                    self._read(inner)
        elif calls := [inner for inner in run if inner.get("w:customMarkFollows", "0") not in ("0", "false", "off")]:
            self._call_note(calls[0], "".join(inner.text or "" for inner in run if inner.tag == "w:t").strip())
        else:
            before, self._run = self._run, run
            self.walk(run)
            self._run = before

    def _write(self, text: str) -> None:
        """Add text as the run sets it: raised digits as such, soft hyphens gone."""
        text = text.replace(_SOFT_HYPHEN, "")
        if not text or self._fields.in_code:
            return
        properties = child(self._run, "w:rPr") if self._run is not None else None
        if properties is not None and value(properties, "w:vertAlign", "w:val") == "superscript":
            text = raised(text)
        if not is_on(properties, "w:b", inherited=self._bold):
            self._plain += len(text.strip())
        self._add(text)

    def _add(self, piece: Piece) -> None:
        if isinstance(piece, str) and self._fields.takes(piece):
            return
        if self._open is None:
            self._start(None)
        if self._open is not None:
            self._open.pieces.append(piece)

    def _call_note(self, element: Element, custom: str = "") -> None:
        """A note's mark; `custom` is one that the author chose."""
        if self._within_note or self._fields.in_code:
            return
        kind = _NOTE_CALLS.get(element.tag, "")
        if mark := self._parts.notes.call(kind, element.get("w:id", ""), custom):
            self._add(mark)

    def _field_mark(self, element: Element) -> None:
        kind = element.get("w:fldCharType")
        if kind == "begin":
            packed = child(element, "w:fldData")
            self._fields.begin((packed.text or "") if packed is not None else "")
        elif kind == "separate":
            self._link(self._fields.separate())
            if self._fields.in_bibliography and self._open:
                self._open.listed = True
        elif kind == "end":
            self._put(self._fields.end())

    def _put(self, mark: str | CitedMark) -> None:
        """Write a citation that a field has printed."""
        if isinstance(mark, CitedMark):
            self._plain += len(mark.printed)
            self._add(mark)

    def _code(self, element: Element) -> None:
        self._fields.add_code(element.text or "")

    def _simple_field(self, element: Element) -> None:
        self._fields.open_citation(element.get("w:instr", ""))
        self.walk(element)
        self._put(self._fields.end())

    def _control(self, element: Element) -> None:
        """A content control: Mendeley keeps its citation in the tag; one that makes a bibliography lists works."""
        properties = child(element, "w:sdtPr")
        tag = value(properties, "w:tag", "w:val") if properties is not None else ""
        listed = is_bibliography(tag) or (properties is not None and child(properties, "w:bibliography") is not None)
        self._listed += listed
        if tag.startswith("MENDELEY_CITATION"):
            self._fields.open_citation(tag)
            self.walk(element)
            self._put(self._fields.end())
        else:
            self.walk(element)
        self._listed -= listed

    def _bookmark(self, element: Element) -> None:
        name = element.get("w:name", "")
        if code := self._parts.bookmarks.get(name):
            self._bookmarks[element.get("w:id", "")] = name
            self._fields.open_citation(code)

    def _bookmark_end(self, element: Element) -> None:
        if self._bookmarks.pop(element.get("w:id", ""), None):
            self._put(self._fields.end())

    def _hyperlink(self, element: Element) -> None:
        self._link(self._targets.get(element.get("r:id", ""), ""))
        self.walk(element)

    def _link(self, address: str) -> None:
        if address and self._open is not None:
            self._open.urls.append(address)

    def _symbol(self, element: Element) -> None:
        try:
            code = int(element.get("w:char", ""), 16)
        except ValueError:
            return
        if _PRIVATE <= code <= _PRIVATE + 0xFF:
            drawn = chr(code - _PRIVATE)
            self._write(
                _SYMBOLS.get(drawn, drawn if drawn.isascii() and drawn.isprintable() else "") if element.get("w:font") == "Symbol" else ""
            )
        elif 0 < code < 0xD800:  # noqa: PLR2004 - where surrogates begin
            self._write(chr(code))

    def _alternatives(self, element: Element) -> None:
        """The same drawing for several versions of Word: the first is read."""
        for inner in element:
            if inner.tag in ("mc:Choice", "mc:Fallback"):
                self.walk(inner)
                return

    def _box(self, element: Element) -> None:
        """A text box: paragraphs of their own, after the one that it is anchored in."""
        inside = Story(self._parts, self._targets, within_note=self._within_note)
        inside.walk(element)
        self._boxes.extend(inside.paragraphs())

    def _table(self, element: Element) -> None:
        """A table: a block a row, cells parted by tabs. One with a single cell is a frame around text."""
        rows = [row for row in _rows(element) if child(row, "w:trPr/w:del") is None]
        cells = [list(_parts_of(row, "w:tc")) for row in rows]
        if sum(map(len, cells)) == 1:
            self.walk(cells[0][0] if cells[0] else element)
            return
        self._finish()
        for row in cells:
            line = Paragraph(BlockKind.TABLE)
            for at, cell in enumerate(row):
                inside = Story(self._parts, self._targets, within_note=self._within_note)
                inside.walk(cell)
                line.pieces.extend(
                    (*(["\t"] if at else []), *(piece for paragraph in inside.paragraphs() for piece in (*paragraph.pieces, " ")))
                )
            self._done.append(line)

    def _comment(self, _: Element) -> None:
        self._parts.comments += 1

    def _insertion(self, element: Element) -> None:
        self._parts.changes += 1
        self.walk(element)

    _readers: ClassVar[dict[str, Callable[[Story, Element], None]]] = {
        **dict.fromkeys(_NOTE_CALLS, _call_note),
        "w:p": _paragraph,
        "w:r": _run_of_text,
        "w:fldChar": _field_mark,
        "w:instrText": _code,
        "w:fldSimple": _simple_field,
        "w:sdt": _control,
        "w:bookmarkStart": _bookmark,
        "w:bookmarkEnd": _bookmark_end,
        "w:hyperlink": _hyperlink,
        "w:sym": _symbol,
        "mc:AlternateContent": _alternatives,
        "w:txbxContent": _box,
        "w:tbl": _table,
        "w:commentReference": _comment,
        "w:ins": _insertion,
        "w:moveTo": _insertion,
    }
    """How elements are read that are not just walked into."""


def _parts_of(parent: Element, tag: str) -> Iterator[Element]:
    """The rows or cells of a table, those in content controls and custom XML among them."""
    for inner in parent:
        if inner.tag == tag:
            yield inner
        elif inner.tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins"):
            yield from _parts_of(inner, tag)


def _rows(table: Element) -> Iterator[Element]:
    return _parts_of(table, "w:tr")
