"""How far a long run has come: one line on a terminal's stderr that is written over and gone at the end. Anywhere else, nothing."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .context import App

_SECONDS = 0.2
_ERASED = "\r\x1b[K"


class Progress:
    """Counts what was done of a whole, and shows it a few times a second at most."""

    def __init__(self, whole: int, noun: str, *, shown: bool) -> None:
        self._whole, self._noun, self._shown = whole, noun, shown
        self._done = 0
        self._next = time.monotonic() + _SECONDS
        self._stands = False

    def __call__(self, done: int) -> None:
        """Hear that so many more were done."""
        self._done += done
        if self._shown and (at := time.monotonic()) >= self._next:
            self._next, self._stands = at + _SECONDS, True
            self._write(f"{_ERASED}{self._done:,} of {self._whole:,} {self._noun}s")

    def clear(self) -> None:
        """Make room for a line of something else."""
        if self._stands:
            self._write(_ERASED)
            self._stands = False

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


@contextmanager
def progress(app: App, whole: int, noun: str) -> Iterator[Progress]:
    """Show progress while a block runs, where stderr is a terminal and the user did not ask for quiet."""
    shown = not app.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    held = Progress(whole, noun, shown=shown)
    try:
        yield held
    finally:
        held.clear()
