"""Reading hostile files in a child process with limits, so that a parser that hangs, crashes or eats the machine takes only itself down.

The parent names a function and hands over bytes on stdin; the child sets its own limits before it looks at them, and answers with a draft as
JSON, never as pickles. What the child says on stderr is noise of parsers and is dropped. Limits of memory need `resource`, which
Windows lacks: there only the wall clock holds.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from tempfile import TemporaryFile
from typing import Any

from verify.errors import ReadError
from verify.model import Block, BlockKind, Draft, Mark, MarkKind, Reference

from .limits import MEMORY, SECONDS

_MEGABYTE = 2**20
_OPEN_FILES = 64
_OUT_OF_MEMORY = 77
"""The child's exit code when it has no room left even to say so."""
_ROOM_TO_COPY = 2
"""A file larger than its memory by this divisor cannot be read within it: the bytes and something made of them must fit."""
_ENVIRONMENT = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP")


def run_confined(function: str, data: bytes, *, seconds: float = SECONDS, memory: int = MEMORY) -> Draft:
    """Give what `function` ("package.module:name", from bytes to a Draft) makes of `data`, in a child with so much time and memory.

    Raises ReadError for what the function refuses, and for a file that is too large, takes too long, needs too much memory or crashes its
    parser; RuntimeError with the child's traceback for a bug.
    """
    if len(data) > memory // _ROOM_TO_COPY:
        raise ReadError(
            f"is too large: {_megabytes(len(data))}, and at most {_megabytes(memory // _ROOM_TO_COPY)} are read at the limit of memory"
        )
    command = [sys.executable, "-P", "-B", "-X", "utf8", "-m", __name__, function, str(len(data)), str(seconds), str(memory)]
    # A parser that a file has taken over finds no secrets in its environment, and `-P` keeps modules of the user's folder out.
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(os.path.abspath(path) for path in sys.path if path)  # noqa: PTH100 - sys.path holds strings
    with TemporaryFile() as answer:  # a file, since the limit on the size of files holds for it and none does for a pipe
        try:
            done = subprocess.run(
                command, input=data, stdout=answer, stderr=subprocess.DEVNULL, timeout=seconds, env=environment, check=False
            )
        except subprocess.TimeoutExpired:
            raise ReadError(_too_long(seconds)) from None
        answer.seek(0)
        return _answered(done.returncode, answer.read(), seconds, memory)


def _answered(code: int, answer: bytes, seconds: float, memory: int) -> Draft:
    """Read the child's answer, or say how it ended without one."""
    if code == _OUT_OF_MEMORY:
        raise ReadError(f"needs more memory than the {_megabytes(memory)} that one file may take")
    if code and -code in _signals("SIGXCPU", "SIGKILL"):
        raise ReadError(_too_long(seconds))
    try:
        said: dict[str, Any] = json.loads(answer) if not code else {}
    except ValueError:
        said = {}
    if refused := said.get("refused"):
        raise ReadError(refused)
    if bug := said.get("bug"):
        raise RuntimeError(f"a reader failed in its child process:\n{bug}")
    if "draft" not in said:
        raise ReadError(f"crashed its parser: it is damaged, made to do harm, or needs more than {_megabytes(memory)} of memory")
    return draft_from(said["draft"])


def _too_long(seconds: float) -> str:
    return f"took too long: it was not read within {seconds:g} seconds"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.0f} MB"


def _signals(*names: str) -> set[int]:
    import signal

    return {int(getattr(signal, name)) for name in names if hasattr(signal, name)}


def draft_from(fields: dict[str, Any]) -> Draft:
    """Make a draft of its fields, as `dataclasses.asdict` and JSON leave them."""
    blocks = (
        Block(**{**block, "kind": BlockKind(block["kind"]), "marks": tuple(_mark_from(mark) for mark in block["marks"])})
        for block in fields["blocks"]
    )
    references = (Reference(**reference) for reference in fields["references"])
    return Draft(**{**fields, "blocks": tuple(blocks), "references": tuple(references), "remarks": tuple(fields["remarks"])})


def _mark_from(fields: dict[str, Any]) -> Mark:
    return Mark(**{**fields, "kind": MarkKind(fields["kind"]), "labels": tuple(fields["labels"])})


def _limit(seconds: float, memory: int) -> None:
    """Bound this process. What a system cannot bound (macOS has no limit of address space) is left to the others."""
    try:
        import resource
    except ImportError:
        return
    cpu = int(seconds) + 1
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))


def main(function: str, size: str, seconds: str, memory: str) -> int:
    """Be the child: set the limits, read stdin, call the function, answer on stdout. Gives the exit code."""
    _limit(float(seconds), int(memory))
    try:
        said = _said(function, sys.stdin.buffer.read(int(size)))
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


def _said(function: str, data: bytes) -> dict[str, Any]:
    module, _, name = function.partition(":")
    try:
        return {"draft": asdict(getattr(import_module(module), name)(data))}
    except ReadError as error:
        return {"refused": str(error)}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a bug of ours, which crosses over with its traceback
        import traceback

        return {"bug": traceback.format_exc()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
