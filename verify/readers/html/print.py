"""Printed text under way: white space folded as browsers fold it, line breaks, markers in their places.

A single line break goes on with its block, unless a sentence ended before it or an item of a typed list begins after it; two of them end the
block. White space is held back until something follows it in the same block, so that no block ends in it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from verify.model import BlockKind, MarkKind
from verify.readers.building import DraftText

_WHITE = re.compile(r"[ \t\n\r\f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_STOPPED = re.compile(r"[.!?:;…。！？：；।॥؟۔։][\"'”’»)\]）」』]*$")
_ITEM = re.compile(r"(?:\(?\d{1,3}[.)]|[^\w\s\"'“‘«‹„¿¡(\[{$€£#@&%*/\\.,;:~<>=+|′″°§†‡…—–-]|[-–—*·])\s*\S")
_STRENGTH = ("", " ", "\t", "\n")
_REMEMBERED = 8


class Printer:
    """Writes blocks into `draft`. `tail` is the end of the last words, markers not counted."""

    def __init__(self) -> None:
        self.draft = DraftText()
        self.tail = ""
        self._pending = ""
        self._flat = 0

    @property
    def is_flat(self) -> bool:
        """Whether all that comes is one block."""
        return self._flat > 0

    def say(self, printed: str, kind: BlockKind) -> None:
        """Add printed text to the open block, or begin one of this kind with it."""
        words = _WHITE.sub(" ", printed.translate(_INVISIBLE))
        bare = words.strip(" ")
        if words[:1] == " ":
            self.space(" ")
        if not bare:
            return
        if self._pending == "\n" and (_STOPPED.search(self.tail) or _ITEM.match(bare)):
            self.end()
        self._begin(kind)
        self.draft.write(bare)
        self._pending = " " if words[-1] == " " else ""
        self.tail = bare[-_REMEMBERED:]

    def mark(
        self, printed: str, kind: BlockKind, mark: MarkKind, *labels: str, locator: str = "", date: str = "", reason: str = ""
    ) -> None:
        """Add a marker as it is printed, in the open block or in one of this kind."""
        if printed:
            self._begin(kind)
            self.draft.mark(printed, mark, *labels, locator=locator, date=date, reason=reason)

    def mark_behind(self, printed: str, kind: BlockKind, *labels: str) -> None:
        """Add a citation that nobody printed right behind the last word."""
        held, self._pending = self._pending, ""
        self.mark(printed, kind, MarkKind.CITATION, *labels)
        self._pending = held

    def space(self, white: str) -> None:
        """Put white space before what follows in the same block; of several the strongest stays."""
        if self.draft.is_open:
            self._pending = max(self._pending, white, key=_STRENGTH.index)

    def break_line(self) -> None:
        """Break the line, or end the block at the second break."""
        if self.is_flat:
            self.space(" ")
        elif self._pending == "\n":
            self.end()
        else:
            self.space("\n")

    def end(self) -> None:
        """End the open block."""
        self.draft.close()
        self._pending = self.tail = ""

    @contextmanager
    def one_block(self) -> Iterator[None]:
        """Keep all that is said meanwhile in one block."""
        self.end()
        self._flat += 1
        yield
        self._flat -= 1
        self.end()

    def whole(self, text: str, kind: BlockKind) -> None:
        """Write a block as it stands."""
        self.end()
        self.draft.open(kind)
        self.draft.write(text)
        self.end()

    def _begin(self, kind: BlockKind) -> None:
        if not self.draft.is_open:
            self.draft.open(kind)
        elif self._pending:
            self.draft.write(self._pending)
        self._pending = ""
