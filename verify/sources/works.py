"""Works by DOI, from what looks them up: here files that a person has (bibliographies, Crossref's records), elsewhere a service.

What looks up is a plug-in, so that `--doi` works without a network and with any of them. An entry point of the group `verify.works` names a function
from the words behind its name ("crossref:me@example.org" gives it "me@example.org") to an object with `find`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

from verify.errors import InvalidIdentifierError, ReadError, UsageError, VerifyError
from verify.terminal import one_line, printable

from .bibliography import BIBLIOGRAPHIES, BrokenEntry, read_bibliography
from .bibliography.items import Item, item_of
from .identifiers import identify

ENTRY_POINTS = "verify.works"

_LINED = frozenset({".jsonl", ".ndjson"})
_SUFFIXES = frozenset(suffix for kind in BIBLIOGRAPHIES.values() for suffix in kind.suffixes)
_MOST_BYTES = 256 * 2**20
"""Of a file that is read as a whole; lines of JSON are read one by one."""
_LONGEST_LINE = 32 * 2**20
_MOST_FAULTS = 1000


@runtime_checkable
class Works(Protocol):
    """What finds works by DOI. Raises kin of VerifyError where it cannot be asked; that it knows no such work is None."""

    def find(self, doi: str) -> Mapping[str, object] | None:
        """Give the CSL-JSON item of a DOI, however it is written."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry of a file that could not be read."""

    path: Path
    entry: BrokenEntry


@dataclass(slots=True)
class WorkIndex:
    """Works of files by DOI; of two with one DOI the first is found. Records of JSON Lines stay in their files until they are asked for.

    `faults` are the entries that could not be read, the first thousand of them.
    """

    faults: list[Fault] = field(default_factory=list, init=False)
    _held: dict[str, Item | tuple[Path, int]] = field(default_factory=dict, init=False)

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "WorkIndex":
        """Read files, and the bibliographies in folders and below; what cannot be read of a folder is a fault. Raises ReadError for a file
        that is named and cannot be read."""
        index = cls()
        for path in paths:
            if not path.is_dir():
                index._add(path)
                continue
            for file in _files(path):
                try:
                    index._add(file)
                except ReadError as error:
                    index._fail(file, [BrokenEntry("", 0, "", str(error))])
        return index

    def __len__(self) -> int:
        return len(self._held)

    def find(self, doi: str) -> Mapping[str, object] | None:
        """Give the CSL-JSON item of a DOI, None where no file has it. Raises ReadError when its file went away or changed."""
        key = _key(doi)
        held = self._held.get(key)
        return _record(*held, key) if isinstance(held, tuple) else held

    def _add(self, path: Path) -> None:
        if path.suffix.lower() in _LINED or _is_lined(path):
            self._add_lines(path)
            return
        data = _content(path)
        try:
            found = read_bibliography(data, name=path.name)
        except ReadError as error:
            raise ReadError(f"{_shown(path)}: {error}") from error
        for entry in found.entries:
            if key := _key(str(entry.csl.get("DOI", ""))):
                self._held.setdefault(key, dict(entry.csl))
        self._fail(path, found.broken)

    def _add_lines(self, path: Path) -> None:
        for number, (at, line) in enumerate(_lines(path), 1):
            work, why = _work(line)
            if key := _key(str(work.get("DOI", ""))):
                self._held.setdefault(key, (path, at))
            elif why:
                self._fail(path, [BrokenEntry("", number, line[:1000].decode("utf-8", "replace"), why)])

    def _fail(self, path: Path, broken: Iterable[BrokenEntry]) -> None:
        self.faults += [Fault(path, entry) for entry in broken][: max(_MOST_FAULTS - len(self.faults), 0)]


def open_works(named: str) -> Works:
    """Open what looks up works: a file or folder by its path, or a plug-in by its name and, behind a colon, what it asks for.

    Raises UsageError for what is neither, VerifyError for a plug-in that cannot be loaded.
    """
    name, _, asked = named.partition(":")
    plug_ins = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    path = Path(named)
    if name in plug_ins and not path.exists():
        try:
            opened: Callable[[str], Works] = plug_ins[name].load()
        except Exception as error:  # whatever a stranger's module does when it is imported
            raise VerifyError(f"the plug-in {one_line(name)} cannot be loaded: {one_line(str(error))}") from error
        return opened(asked)
    if not path.exists():
        known = f", or one of the plug-ins {', '.join(sorted(plug_ins))}" if plug_ins else ""
        raise UsageError(f"{one_line(named)}: no such file; name a file or folder of CSL-JSON, BibTeX, RIS or JSON Lines{known}")
    return WorkIndex.load([path])


def _record(path: Path, at: int, key: str) -> Item:
    """The record at a place of a file of lines."""
    try:
        with path.open("rb") as file:
            file.seek(at)
            work, _ = _work(file.readline(_LONGEST_LINE))
    except OSError as error:
        raise ReadError(f"{_shown(path)}: cannot be read ({error.strerror})") from error
    item = item_of(work)
    if _key(str(item.get("DOI", ""))) != key:
        raise ReadError(f"{_shown(path)}: has changed since it was read; start again")
    return item


def _key(doi: str) -> str:
    """The name by which a DOI is compared (arXiv's DOIs name their papers); empty for what is none."""
    written = doi.strip()
    try:
        found = identify(written if written.lower().startswith(("doi:", "http")) else f"doi:{written}") if written else None
    except InvalidIdentifierError:
        return ""
    return found.canonical if found and found.canonical.startswith(("doi:", "arxiv:")) else ""


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file() and not file.is_symlink())


def _is_lined(path: Path) -> bool:
    """Whether a file's first line is a record by itself, and not all there is."""
    if path.suffix.lower() != ".json":
        return False
    lines = _lines(path)
    first = next(lines, (0, b""))[1]
    return first.lstrip().startswith(b"{") and bool(_work(first)[0]) and next(lines, None) is not None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that hold anything, and the byte that each begins at. A line that is too long is cut."""
    try:
        with path.open("rb") as file:
            at = 0
            while line := file.readline(_LONGEST_LINE):
                if line.strip():
                    yield at, line
                at += len(line)
    except OSError as error:
        raise ReadError(f"{_shown(path)}: cannot be read ({error.strerror})") from error


def _work(line: bytes) -> tuple[Mapping[str, object], str]:
    """A record of a line, Crossref's `message` around it taken off; and what is wrong with it."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return {}, f"it is no JSON: {one_line(str(error))[:200]}"
    if isinstance(found, dict) and isinstance(found.get("message"), dict):
        found = found["message"]
    return (found, "") if isinstance(found, dict) else ({}, "it is no object with the fields of an item")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ReadError(f"{_shown(path)}: cannot be read ({error.strerror})") from error
    if len(data) > _MOST_BYTES:
        raise ReadError(f"{_shown(path)}: is larger than {_MOST_BYTES:,} bytes; as JSON Lines (.jsonl) it is read line by line")
    return data


def _shown(path: Path) -> str:
    return printable(str(path), keep="")
