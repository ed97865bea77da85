"""A database file that is there whole or not at all: it is written beside its place, and takes its name once all of it is on the disk."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from verify.errors import LedgerError
from verify.terminal import one_line

from .faults import in_words

_BESIDE = ("", "-journal", "-wal", "-shm")
"""What SQLite puts beside a file, by the end of its name."""


@contextmanager
def new_file(to: Path) -> Iterator[Path]:
    """Give the name of an empty file to make a database in; at the end of the block it takes the name `to`, in place of no other.

    Raises LedgerError where there is something of that name, now or then, or where nothing can be written; then, and on any failure, nothing is
    left behind.
    """
    if os.path.lexists(to):
        raise _taken(to)
    if not to.parent.is_dir():
        raise LedgerError(f"there is no folder {one_line(str(to.parent))}")
    with _in_words(to), _scratch_beside(to) as scratch:
        yield scratch
        with closing(sqlite3.connect(scratch)) as written:
            written.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
        _take_name(scratch, to)


@contextmanager
def _in_words(to: Path) -> Iterator[None]:
    try:
        with in_words(str(to), to):
            yield
    except OSError as error:
        raise LedgerError(f"{one_line(str(to))} cannot be written: {(error.strerror or 'the system refused').lower()}") from error


@contextmanager
def _scratch_beside(to: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{to.name[:100]}.", suffix=".part", dir=to.parent)
    os.close(handle)
    scratch = Path(name)
    try:
        yield scratch
    finally:
        for end in _BESIDE:
            Path(f"{name}{end}").unlink(missing_ok=True)


def _take_name(scratch: Path, to: Path) -> None:
    scratch.chmod(0o666 & ~_umask())
    _on_the_disk(scratch)
    try:
        os.link(scratch, to)  # unlike a rename, it refuses to overwrite
    except FileExistsError:
        raise _taken(to) from None
    except OSError:
        scratch.rename(to)  # a file system without hard links
    with suppress(OSError):  # where a folder cannot be told so
        _on_the_disk(to.parent)


def _on_the_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _taken(to: Path) -> LedgerError:
    return LedgerError(f"{one_line(str(to))} is there already: name another file")
