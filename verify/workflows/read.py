"""Read: from a file to its claims, without a ledger. What cannot be read is told in one line, with its place in front."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verify.claims.extract import extract
from verify.errors import ReadError, VerifyError
from verify.model import Draft, Extraction, Layout, sha256_of, unmatched
from verify.readers import Options, is_binary, read
from verify.readers.limits import MEMORY, SECONDS
from verify.terminal import one_line

from .deadline import deadline

_SHOWN = 5
MAX_TEXT = 16 * 2**20
"""Size at which a text is refused unless the user raises it: a book is 2 MB; so many bytes of plain text take 10 s and 360 MB to read."""
MAX_BINARY = 64 * 2**20
"""The same for formats whose files are mostly pictures; what is parsed of them has limits of its own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for: the reader's format, encoding and language, the marker layout, the document's name. Empty means: find out."""

    format: str = ""
    encoding: str = ""
    language: str = ""
    layout: Layout | None = None
    name: str = ""
    max_bytes: int = 0
    links: bool = False
    selector: str = ""
    seconds: float = SECONDS
    memory: int = MEMORY


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read, before the ledger sees it. `revision_id` is what the place it came from calls this state, where it has a name."""

    origin: str
    sha256: str
    draft: Draft
    extraction: Extraction
    asked: Wish
    revision_id: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to tell of the reading: the reader's own remarks, and what does not fit between the text and its reference list."""
        missing, unused = unmatched(self.extraction.claims, self.draft.references)
        found = ((missing, "cited without an entry in the reference list"), (unused, "in the reference list and cited by no claim"))
        return (*self.draft.remarks, *(f"{_some(labels)}: {what}" for labels, what in found if labels))


def _some(labels: Sequence[str]) -> str:
    shown = ", ".join(f"[{one_line(label)}]" for label in labels[:_SHOWN])
    return f"{shown} and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else shown


def read_document(place: str, data: bytes, wish: Wish) -> Reading:
    """Read and extract. `place` is a path, or `-`; it stands in front of every complaint."""
    options = Options(place, links=wish.links, selector=wish.selector, seconds=wish.seconds, memory=wish.memory)
    try:
        with deadline(wish.seconds):
            draft = read(data, format=wish.format, encoding=wish.encoding, language=wish.language, options=options)
            extraction = extract(draft, wish.layout)
    except VerifyError as error:
        error.args = (f"{_shown(place)}: {error}",)
        raise
    return Reading(origin_of(place), sha256_of(data), draft, extraction, wish)


def origin_of(place: str | Path) -> str:
    r"""Where something was read from, as the ledger keeps it: `-`, or the path resolved; bytes of it that are no UTF-8 are spelled `\xff`."""
    path = str(place) if str(place) == "-" else str(Path(place).resolve())
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_bytes(place: str, max_bytes: int = 0) -> bytes:
    """Read a file, or standard input for `-`. Raises ReadError saying what it is instead, or that it is larger than `max_bytes` (0: as its
    format has it).
    """
    path, most = Path(place), max_bytes or MAX_BINARY
    try:
        if place == "-":
            if sys.stdin is None:
                raise ReadError("standard input is closed")
            data = sys.stdin.buffer.read(most + 1)
        elif path.is_dir():
            raise ReadError(f"{_shown(place)} is a folder; name the files in it")
        else:
            with path.open("rb") as file:
                data = file.read(most + 1)
    except FileNotFoundError as error:
        raise ReadError(f"{_shown(place)}: no such file") from error
    except (OSError, ValueError) as error:
        raise ReadError(f"{_shown(place)}: {one_line(getattr(error, 'strerror', None) or str(error)).lower()}") from error
    limit = max_bytes or (MAX_BINARY if is_binary(data, place) else MAX_TEXT)
    if len(data) > limit:
        raise ReadError(f"{_shown(place)} is larger than {round(limit / 2**20, 3):g} MB; raise the limit with --max-size")
    return data


def _shown(place: str) -> str:
    return "standard input" if place == "-" else one_line(place)
