"""From stretches of text at their places to lines in the order of reading: running heads and page numbers off, columns one after another."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from .lines import LABEL, Stretch

_MARGIN = 0.14
"""Running heads and feet stand in this part of the page's height at its top and bottom."""
_OUTERMOST = 3
_SAME_PLACE = 3.0
_FEWEST_REPEATS = 2
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:(?:page|seite|página|pagina|pág\.?|p\.|strona|стр\.?|第)\s?)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s?(?:of|von|de|sur|di|z|из|/)\s?\d{1,4})?(?:\s?[页頁])?\W{0,3}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_ONE_LINE = 0.35
_FEWEST_LINES = 4
_NARROWEST_COLUMN = 8.0
"""A column of text is at least so many times its size wide; what is narrower is the column of a table."""
_MOST_EDGES = 40
_MOST_CROSSING = 0.7
_DEEPEST = 4
_CELL_GAP = 2.2
_FEWEST_CELLS = 3


@dataclass(slots=True)
class Line:
    """A line of a column: its text, box, baseline and size in points, how many cells it has, and the column that it stands in."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    cells: int
    page: int
    column: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its number from 1, its height in points and its stretches."""

    number: int
    height: float
    stretches: Sequence[Stretch]


def lines_of(pages: Sequence[Page]) -> list[Line]:
    """Every line of a document in the order of reading; `column` counts through the document, from one column to the next."""
    lines: list[Line] = []
    furniture = _furniture(pages)
    count = 0
    for page in pages:
        kept = [s for s in page.stretches if id(s) not in furniture]
        for column in _columns(kept):
            count += 1
            for line in _lines(column, page.number):
                line.column = count
                lines.append(line)
    return lines


def _furniture(pages: Sequence[Page]) -> set[int]:
    """The stretches that belong to no text, by their ids: what repeats at the same place of several pages, numbers aside, and page numbers."""
    outer = [each for page in pages for each in _outer_rows(page)]
    places = Counter(key for row, _ in outer for key in {_key(s, shift) for s in row for shift in (0, 1)})
    found: set[int] = set()
    for row, at_edge in outer:
        numbered = at_edge and any(_PAGE_NUMBER.fullmatch(s.text) for s in (row[0], row[-1]))
        repeating = (s for s in row if numbered or max(places[_key(s, shift)] for shift in (0, 1)) >= _FEWEST_REPEATS)
        found.update(map(id, repeating))
    return found


def _key(stretch: Stretch, shift: int) -> tuple[str, int]:
    """A stretch by its words without numbers and its height; two rasters, half apart, so that close places fall together in one of them."""
    return _DIGITS.sub("#", stretch.text), int(stretch.base / _SAME_PLACE + shift / 2) * 2 + shift


def _outer_rows(page: Page) -> Iterator[tuple[list[Stretch], bool]]:
    """The outermost rows in the margins of a page, each with whether none is further out."""
    rows = [sorted(row, key=lambda s: s.left) for row in _rows(page.stretches)]
    edge = _MARGIN * page.height
    tops = [row for row in rows[:_OUTERMOST] if row[0].base > page.height - edge]
    feet = [row for row in rows[::-1][:_OUTERMOST] if row[0].base < edge]
    for side in (tops, feet):
        yield from ((row, at == 0) for at, row in enumerate(side) if len(rows) > 1)


def _rows(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Stretches by their baselines, from the top."""
    rows: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: -s.base):
        if rows and abs(rows[-1][0].base - stretch.base) < _ONE_LINE * max(stretch.size, rows[-1][0].size):
            rows[-1].append(stretch)
        else:
            rows.append([stretch])
    return rows


def _columns(stretches: Sequence[Stretch], depth: int = 0) -> Iterator[list[Stretch]]:
    """Part stretches into columns in the order of reading. What crosses the gutter (a title, an abstract) parts the page into bands."""
    gutter = _gutter(stretches) if depth < _DEEPEST else None
    if gutter is None:
        if stretches:
            yield list(stretches)
        return
    ordered = sorted(stretches, key=lambda s: -s.base)
    for crosses, band in groupby(ordered, key=lambda s: s.left < gutter - 2 and s.right > gutter - 1):
        members = list(band)
        if crosses:
            yield members
        else:
            yield from _columns([s for s in members if s.left < gutter - 2], depth + 1)
            yield from _columns([s for s in members if s.left >= gutter - 2], depth + 1)


def _gutter(stretches: Sequence[Stretch]) -> float | None:
    """Where a second column begins: an edge that many lines share, with lines of text on its both sides at the same heights; None without."""
    best: tuple[int, float] | None = None
    edges = Counter(round(s.left / 2) * 2 for s in stretches)
    for edge, _ in edges.most_common(_MOST_EDGES):
        right = [s for s in stretches if s.left >= edge - 2]
        left = [s for s in stretches if s.right <= edge - 1]
        crossing = len(stretches) - len(right) - len(left)
        if min(len(left), len(right)) < _FEWEST_LINES or crossing > _MOST_CROSSING * len(stretches) or not _are_columns(left, right):
            continue
        if best is None or (crossing, -edge) < (best[0], -best[1]):
            best = (crossing, float(edge))
    return best[1] if best else None


def _are_columns(left: Sequence[Stretch], right: Sequence[Stretch]) -> bool:
    """Whether both sides are wide enough for text and stand beside each other."""
    wide = all(median(s.right - s.left for s in side) >= _NARROWEST_COLUMN * median(s.size for s in side) for side in (left, right))
    low, high = min(s.base for s in right), max(s.base for s in right)
    return wide and sum(low <= s.base <= high for s in left) >= _FEWEST_LINES - 1


def _lines(column: Sequence[Stretch], page: int) -> Iterator[Line]:
    """The lines of a column, from its top. Stretches far apart on one line are cells."""
    for row in _rows(column):
        row.sort(key=lambda s: s.left)
        text, cells = row[0].text, 1
        for before, stretch in pairwise(row):
            is_cell = stretch.left - before.right > _CELL_GAP * stretch.size and not LABEL.fullmatch(text)
            cells += is_cell
            text += ("\t" if is_cell else " ") + stretch.text
        biggest = max(row, key=lambda s: len(s.text))
        yield Line(text, row[0].left, max(s.right for s in row), biggest.base, biggest.size, all(s.bold for s in row), cells, page)


def is_table_row(line: Line) -> bool:
    """Whether a line is a row of a table rather than text."""
    return line.cells >= _FEWEST_CELLS
