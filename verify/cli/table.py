"""Tables that fit a terminal: rich lays them out, our escape makes every cell harmless."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verify.terminal import one_line

from .context import colours

_PIPED_WIDTH = 100
"""Width when stdout is no terminal and COLUMNS is not set: what a mail or a log shows without a scroll bar."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, a style for its cells on a colour terminal, the most characters it may take (0: as many as it needs), and
    whether its cells stay on one line."""

    name: str
    style: str = ""
    right: bool = False
    most: int = 0
    whole: bool = False


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lay rows of texts out under their headings; long cells wrap between words."""
    import io

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns
    laid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for column in columns:
        laid.add_column(
            column.name,
            style=column.style,
            justify="right" if column.right else "left",
            max_width=column.most or None,
            no_wrap=column.whole,
            overflow="fold",
        )
    for row in rows:
        laid.add_row(*(Text(one_line(cell)) for cell in row))
    console = Console(
        file=io.StringIO(), width=max(width, 40), force_terminal=colours(), no_color=not colours(), highlight=False, legacy_windows=False
    )
    with console.capture() as captured:
        console.print(laid)
    for line in captured.get().splitlines():
        yield line.rstrip() + "\n"


def cut(text: str, length: int) -> str:
    """Cut a text on a word, with "…" where something was left out."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head[: head.rfind(" ")] if " " in head[length // 2 :] else head).rstrip(" ,;:.") + "…"
