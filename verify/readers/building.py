"""Building a draft from a format that has structure: blocks are written one after another, and a marker is named where it is printed.

The draft's text is what a reader of the document sees, blocks parted by a blank line, with the markers standing in it as printed; so offsets
mean the same in every format.
"""

from verify.model import Block, BlockKind, Mark, MarkKind

_BETWEEN = "\n\n"


class DraftText:
    """A text under way, with its blocks. A block without a visible character leaves nothing behind."""

    def __init__(self) -> None:
        self.section = ""
        self._done: list[str] = []
        self._blocks: list[Block] = []
        self._start = 0
        self._kind: BlockKind | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []

    @property
    def is_open(self) -> bool:
        """Whether a block is being written."""
        return self._kind is not None

    def open(self, kind: BlockKind) -> None:
        """Begin a block, ending the one before."""
        self.close()
        self._kind = kind

    def write(self, text: str) -> None:
        """Add printed text to the open block."""
        self._pieces.append(text)
        self._length += len(text)

    def mark(self, printed: str, kind: MarkKind, *labels: str, locator: str = "", date: str = "", reason: str = "") -> None:
        """Add a marker as it is printed, and say what it is. For a tag, `labels` is its canonical name."""
        start = self._start + self._length
        self.write(printed)
        self._marks.append(Mark(start, start + len(printed), kind, labels, locator, date, reason))

    def close(self) -> None:
        """End the open block, if there is one. A heading names the section of what follows."""
        text = "".join(self._pieces)
        if self._kind is not None and text.strip():
            if self._kind is BlockKind.HEADING:
                self.section = " ".join(text.split())
            self._blocks.append(Block(self._kind, self._start, self._start + len(text), self.section, tuple(self._marks)))
            self._done.append(text)
            self._start += len(text) + len(_BETWEEN)
        self._kind, self._pieces, self._length, self._marks = None, [], 0, []

    def finish(self) -> tuple[str, tuple[Block, ...]]:
        """End the text; give it with its blocks."""
        self.close()
        return _BETWEEN.join(self._done), tuple(self._blocks)
