"""From the characters that a PDF draws to stretches of text on a line. A PDF knows no words, lines or spaces: only glyphs at places, in the order
in which they were drawn, which within a line is the order of reading."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from verify.readers.manuscript import raised

_RAISED_BY = 0.15
_SMALLER_BY = 0.92
"""A character set so much higher and so much smaller than its line, in parts of the line's size, is a superscript."""
_SAME_LINE = 0.6
_APART = 1.5
"""A gap so wide, in parts of the size, parts columns; justified words stay closer."""
_WORD_GAP = 0.18
_LINE_ENDS = (10, 13)
_SPACE, _BEYOND_ASCII, _LAST = 0x20, 0x7F, 0x10FFFF
_UPRIGHT = 0.1
_BOLD = 600
_LEAST_SHARE = 6
"""The size of a line is the largest that one in so many of its characters has."""
_LABEL_GAP = 4
_LONGEST_LABEL = 7
_LONGEST_NAME = 128
LABEL = re.compile(r"\s*(?:\[\w{1,6}\]|\(\w{1,4}\)|\d{1,4}[.)]?|[A-Za-z]{1,4}[.)]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|[•‣◦–·▪●○■*-])\s*")
"""What stands before a hanging entry or item, and belongs to its line however wide the gap."""
_HYPHENS = "\x02\ufffe\u00ad"
"""What PDFium gives for a hyphen at a line's end, and what typesetters set there."""
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " ", **dict.fromkeys(_HYPHENS, "-")}
)
_UNMAPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd\ufffe\uffff]")


@dataclass(slots=True)
class Stretch:
    """Text on one line without a wide gap: its box in points from the page's lower left, baseline and size."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False


@dataclass(slots=True)
class _Glyph:
    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(slots=True)
class _Run:
    """Glyphs under way to a stretch; `first` and `last` are the places of two of them on the page, by which their font is asked for."""

    first: int
    last: int
    glyphs: list[_Glyph] = field(default_factory=list)

    def goes_on(self, glyph: _Glyph) -> bool:
        """Whether a glyph stands on this line, next to the last one (in a script written from the right, before it)."""
        last = self.glyphs[-1]
        size = max(last.size, glyph.size)
        if abs(glyph.base - last.base) > _SAME_LINE * size:
            return False
        gap = max(glyph.left - last.right, last.left - glyph.right)
        return gap < _APART * size or (gap < _LABEL_GAP * size and glyph.left > last.left and self._is_label)

    @property
    def _is_label(self) -> bool:
        return len(self.glyphs) <= _LONGEST_LABEL and bool(LABEL.fullmatch("".join(glyph.text for glyph in self.glyphs)))

    def stretch(self, *, bold: bool) -> Stretch | None:
        """Its text: spaces where the gaps are, raised digits as such; None where nothing is to be seen."""
        seen = [glyph for glyph in self.glyphs if glyph.text.strip()]
        if not seen:
            return None
        sizes = Counter(round(glyph.size, 1) for glyph in seen)
        size = max(each for each, count in sizes.items() if count * _LEAST_SHARE >= len(seen))  # markers may outnumber words
        base = _commonest(round(glyph.base, 1) for glyph in seen if abs(glyph.size - size) < size / 10)
        text = " ".join("".join(_printed(self.glyphs, size, base)).split())
        return Stretch(text, min(g.left for g in seen), max(g.right for g in seen), base, size, bold)


def _commonest(values: Iterable[float]) -> float:
    """The commonest value, the largest of those as common."""
    counts = Counter(values)
    return max(counts, key=lambda value: (counts[value], value))


def _printed(glyphs: list[_Glyph], size: float, base: float) -> Iterator[str]:
    """The words of glyphs, with spaces where there are gaps; what is set high in one go is digits or left as it is."""
    for is_high, run in groupby(glyphs, key=lambda g: g.base - base > _RAISED_BY * size and g.size < _SMALLER_BY * size):
        members = list(run)
        spaced = "".join(" " * (not is_high and _is_gap(a, b, size)) + b.text for a, b in pairwise([members[0], *members]))
        yield raised(spaced) if is_high else spaced


def _is_gap(before: _Glyph, glyph: _Glyph, size: float) -> bool:
    """Whether words part between two glyphs that have no space between them."""
    return bool(glyph.text.strip() and before.text.strip()) and glyph.left - before.right > _WORD_GAP * size


def stretches_of(page: Any) -> tuple[list[Stretch], int]:
    """The stretches of a page of pypdfium2's in the order in which they are drawn, and how many characters its fonts give no meaning for.

    Turned text (stamps in the margin) is left out.
    """
    text_page = page.get_textpage()
    try:
        runs, unmapped = _runs(text_page.raw, text_page.count_chars())
        found = [run.stretch(bold=_is_bold(text_page.raw, run.first) and _is_bold(text_page.raw, run.last)) for run in runs]
    finally:
        text_page.close()
    return [stretch for stretch in found if stretch and stretch.text], unmapped


def _runs(page: Any, count: int) -> tuple[list[_Run], int]:
    runs: list[_Run] = []
    unmapped = 0
    for at, glyph in _glyphs(page, count):
        if not glyph.text:
            unmapped += 1
            continue
        if not runs or not runs[-1].goes_on(glyph):
            if not glyph.text.strip():
                continue
            runs.append(_Run(at, at))
        runs[-1].glyphs.append(glyph)
        if glyph.text.strip():
            runs[-1].last = at
    return runs, unmapped


def _glyphs(page: Any, count: int) -> Iterator[tuple[int, _Glyph]]:
    """Every upright character with its place; one that its font gives no meaning for without text. PDFium's own line ends are passed over: the
    places say it better. What is asked for each character is kept to two calls, since a book has a million."""
    from pypdfium2.raw import FS_RECTF, FPDFText_GetLooseCharBox, FPDFText_GetUnicode, FPDFText_IsGenerated

    box = FS_RECTF()
    before: tuple[float, float] | None = None
    right = base = size = 0.0
    for at in range(count):
        code = FPDFText_GetUnicode(page, at)
        if code in _LINE_ENDS:
            continue
        if code == _SPACE and FPDFText_IsGenerated(page, at):
            yield at, _Glyph(" ", right, right, base, 0.0)
            continue
        FPDFText_GetLooseCharBox(page, at, box)
        if (box.bottom, box.top) != before:  # otherwise it stands on the same line in the same size
            before = (box.bottom, box.top)
            base, size = _set(page, at)
        if size:
            right = max(box.right, box.left)
            yield at, _Glyph(_text(code), box.left, right, base, size)


def _text(code: int) -> str:
    if _SPACE <= code < _BEYOND_ASCII:
        return chr(code)
    text = chr(code).translate(_LIGATURES) if code <= _LAST else ""
    return "" if _UNMAPPED.search(text) else text


def _set(page: Any, at: int) -> tuple[float, float]:
    """The baseline that a character stands on and the size in which it is drawn; 0 for turned text."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, at, x, y)
    return y.value, pdfium.FPDFText_GetFontSize(page, at) * _scale(page, at)


def _scale(page: Any, at: int) -> float:
    """How much larger a character is drawn than its font size says; 0 for turned text."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(page, at, matrix):
        return 1.0
    across, up = abs(matrix.b), abs(matrix.d)
    return 0.0 if across > _UPRIGHT * max(abs(matrix.a), 1e-6) else math.hypot(matrix.c, matrix.d) if up else 0.0


def _is_bold(page: Any, at: int) -> bool:
    """Whether a character's font is bold by its weight or by its name; many give no weight."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(page, at) >= _BOLD:
        return True
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    pdfium.FPDFText_GetFontInfo(page, at, name, len(name), ctypes.c_int())
    return any(word in name.value.lower() for word in (b"bold", b"black", b"heavy", b"cmbx", b"demi"))
