"""Tables: rows of data, or a frame to lay out a page in."""

from collections.abc import Iterator

from verify.model import BlockKind

from .main import Main
from .tree import Element

_LONG_CELL, _MOST = 400, 0.5
_LINE, _NEARLY_ALL = 60, 0.9
"""A cell of so many characters with so much of its table's text is no datum: half of it in a long one, nearly all in one of a line."""
_LAYOUT_CLASSES = frozenset(("multicol", "col-begin", "cquote", "footnotes_table", "footnote-reference-container"))


def is_layout(table: Element, kind: BlockKind, main: Main) -> bool:
    """Whether a table only lays out what is in it: it says so, it is a quotation or a list by its class, a table stands in a cell,
    or one cell has most of its text. In a wiki the last two are no signs: its pages are not laid out in tables, and its tables have long cells.
    """
    if table.attributes.get("role") in ("presentation", "none") or not _LAYOUT_CLASSES.isdisjoint(table.classes):
        return True
    if kind in (BlockKind.QUOTE, BlockKind.REFERENCE_LIST):
        return True
    if main.is_wiki or kind is BlockKind.TABLE:
        return False
    cells = [cell for row in rows_of(table) for cell in row.children if isinstance(cell, Element)]
    if any(child.tag == "table" for cell in cells for child in cell.children if isinstance(child, Element)):
        return True
    largest = max((main.weight(cell) for cell in cells), default=0)
    share = largest / (main.weight(table) or 1)
    return (largest >= _LONG_CELL and share >= _MOST) or (largest >= _LINE and share >= _NEARLY_ALL)


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table and its caption; not those of tables in it."""
    for child in table.children:
        if isinstance(child, Element):
            if child.tag in ("tr", "caption"):
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from rows_of(child)
