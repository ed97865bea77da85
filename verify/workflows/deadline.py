"""A limit of time on reading one document: a hostile text may be small and still cost minutes.

The alarm of the operating system interrupts our own Python; a single call into a library ends first. Where there is no alarm (Windows, threads),
there is no limit here, and the sizes alone protect.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from verify.errors import ReadError

_AGAIN = 0.2


@contextmanager
def deadline(seconds: float, hint: str = "; --max-seconds raises the limit") -> Iterator[None]:
    """Raise ReadError inside the block once `seconds` of wall-clock time are over; `hint` says what can be done."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise ReadError(f"takes longer than {seconds:g} s to read{hint}")

    before = signal.signal(signal.SIGALRM, over)
    # Again and again: Python drops what is raised while it destroys an object, and the next alarm then ends the block.
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
