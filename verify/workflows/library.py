"""A folder of files matched to the references of a document by what they hold: proposed with the reasons, attached once a person says so.

Each file that is accepted is attached in a transaction of its own, and files that are attached already are passed over, so that a folder can be
worked through in several sittings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.errors import ReadError
from verify.model import Document, Source, SourceLink, sha256_of
from verify.readers import READERS
from verify.readers.limits import SECONDS
from verify.sources.completion import completed, first_page, item_of_text
from verify.sources.library import LibraryFile, Wanted, propose
from verify.sources.snapshot import MAX_BYTES, read_with_text
from verify.store import Connection, Ledger, claims, documents, snapshots, sources
from verify.terminal import one_line

from .attach import Attached, Attachment, attach
from .clock import now
from .deadline import deadline
from .targets import only_document

_SUFFIXES = frozenset(suffix for form in READERS.values() for suffix in form.suffixes)


@dataclass(frozen=True, slots=True)
class Match:
    """That a file is what a reference cites: a score from 0 to 1, and the reasons; `ambiguous`: another file or reference is as good. `source` is the
    source that the reference names already, if any."""

    path: Path
    name: str
    document: str
    label: str
    cited: str
    score: float
    reasons: tuple[str, ...]
    ambiguous: bool
    source: Source | None


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder holds for a document: the matches, best first; how many files were looked at and how many are attached already; and the files
    that could not be read, each with the reason."""

    document: str
    matches: tuple[Match, ...]
    files: int
    attached: int
    unread: tuple[tuple[str, str], ...]


def match_library(ledger: Ledger, folder: Path, *, document: str = "", on_read: Callable[[str], None] = lambda _: None) -> Library:
    """Match the files of a folder, and of those below it, to what a document cites and no text is held of; `on_read` is told of each file. Nothing is
    written.

    Raises ReadError for what is no folder, UsageError for a document that is not held.
    """
    if not folder.is_dir():
        raise ReadError(f"{one_line(str(folder))} is no folder")
    with ledger.read() as connection:
        chosen = only_document(connection, document)
        wanted = list(_wanted(connection, chosen))
    paths = dict(_files(folder))
    hashes = {name: _hash(path) for name, path in paths.items()}
    with ledger.read() as connection:
        held = snapshots.held_hashes(connection, hashes.values())
    read: list[LibraryFile] = []
    unread: list[tuple[str, str]] = []
    for name, path in paths.items():
        if hashes[name] in held:
            continue
        on_read(name)
        try:
            read.append(_read(name, path))
        except ReadError as error:
            unread.append((name, str(error)))
    by_label = {item.key: (item, source) for item, source in wanted}
    matches = tuple(
        Match(
            paths[each.file.name],
            each.file.name,
            chosen.name,
            each.key,
            by_label[each.key][0].text,
            each.score,
            each.reasons,
            each.ambiguous,
            by_label[each.key][1],
        )
        for each in propose(read, [item for item, _ in wanted])
    )
    return Library(chosen.name, matches, len(paths), sum(sha256 in held for sha256 in hashes.values()), tuple(unread))


def accept(ledger: Ledger, match: Match, *, reviewer: str) -> Attached:
    """Attach a matched file: as the copy of the source that its reference names, else as a source by itself. Raises ReadError where it is gone."""
    path = str(match.path.absolute())
    named = match.source.canonical if match.source else ""
    wish = Attachment(f"{match.document}:{match.label}", named or path, snapshot=path if named else "")
    return attach(ledger, wish, reviewer=reviewer)


def _wanted(connection: Connection, document: Document) -> Iterator[tuple[Wanted, Source | None]]:
    """The references of a document that a claim cites and no text is held of, as far as something is known of them."""
    links: defaultdict[str, list[SourceLink]] = defaultdict(list)
    for link in sources.links_of_document(connection, document.id):
        links[link.label].append(link)
    for _, reference, absent in documents.held_references(connection, document.id):
        linked = [link.source for link in links[reference.label]]
        has_text = any(source.snapshot_sha256 and not source.no_text_why for source in linked)
        if absent or has_text or not claims.claims_citing(connection, document.id, reference.label):
            continue
        source = linked[0] if linked else None
        item = completed(reference.csl, source.csl) if source else dict(reference.csl)
        if item or reference.text:
            yield Wanted(reference.label, item, reference.text), source


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder that some reader may read, by their names in it; hidden ones and links are left out: a link may lead anywhere."""
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        if path.suffix.lower() in _SUFFIXES and not any(part.startswith(".") for part in within.parts) and _is_own(path, folder):
            yield str(within), path


def _is_own(path: Path, folder: Path) -> bool:
    """Whether a file is one itself, in folders that are ones themselves."""
    inside = [path, *(parent for parent in path.parents if parent.is_relative_to(folder) and parent != folder)]
    return path.is_file() and not any(part.is_symlink() for part in inside)


def _hash(path: Path) -> str:
    """The hash of a file; "" for one that cannot be read, or is too large to be a source."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        return ""
    return sha256_of(content) if len(content) <= MAX_BYTES else ""


def _read(name: str, path: Path) -> LibraryFile:
    with deadline(SECONDS, hint=""):
        snapshot, text = read_with_text(path, retrieved_at=now())
        return LibraryFile(name, snapshot.sha256, item_of_text(snapshot.content, text), first_page(text))
