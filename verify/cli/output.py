"""Where data goes: stdout, or a file that is there whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from verify.errors import UsageError, VerifyError
from verify.terminal import one_line


def write(pieces: Iterable[str], output: str = "-") -> None:
    """Write pieces of text to stdout ("-") or to a file. A file appears under its name only when all of it was written."""
    if output == "-":
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    else:
        write_bytes(_encoded(pieces), output)


def write_bytes(pieces: Iterable[bytes], output: str) -> None:
    """Write pieces to a file, which appears under its name only when all of it was written."""
    target = Path(output)
    if target.is_dir():
        raise UsageError(f"{one_line(output)} is a folder; name a file in it")
    try:
        _write_file(pieces, target)
    except OSError as error:
        raise VerifyError(f"{one_line(output)} could not be written: {one_line((error.strerror or str(error)).lower())}") from error


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.encode("utf-8", "backslashreplace")


def _write_file(pieces: Iterable[bytes], target: Path) -> None:
    if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced by a file
        with target.open("wb", buffering=0) as device:
            for piece in pieces:
                device.write(piece)
        return
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `-o/--output FILE|-`."""
    return click.option("-o", "--output", default="-", metavar="FILE|-", help="Write to a file instead of stdout.")(command)
