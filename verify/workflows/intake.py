"""A source on its way into the ledger: identified, its file read or its address asked, what it says of itself taken down; then put."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from verify.errors import UsageError
from verify.model import Identifier, Snapshot, Source, SourceKind
from verify.readers.limits import SECONDS
from verify.sources.completion import NOTHING, completed, item_of_text
from verify.sources.identifiers import csl_of, identify
from verify.sources.manifest import resolve_file
from verify.sources.snapshot import read_with_text
from verify.sources.works import Works
from verify.store import Connection, Ledger, sources
from verify.terminal import one_line

from .clock import now
from .deadline import deadline
from .fetch import Manner, fetch_alone
from .naming import file_identifier
from .quotes import Rechecked, look_again
from .read import origin_of
from .visits import LONGEST_TITLE, NOT_ATTACHED, Brought, Change, Kept, keep


@dataclass(frozen=True, slots=True)
class Incoming:
    """A source as it comes: its name, its title, the bytes and the text of its file, what that or a look-up says of it (`item`), or what its address
    brought. `remarks` say what was tried in vain."""

    identifier: Identifier
    title: str = ""
    snapshot: Snapshot | None = None
    item: Mapping[str, object] = field(default_factory=dict)
    brought: Brought | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A source as the ledger holds it from now on: its latest text if any, whether the source and the text are new, what came of its visit, and the
    earlier quotes that were looked for in the new text."""

    source: Source
    snapshot: Snapshot | None
    is_new: bool
    new_text: bool = False
    visit: Kept | None = None
    rechecked: tuple[Rechecked, ...] = ()


def incoming(source: str, *, title: str = "", snapshot: str = "", manifest: Path | None = None, works: Works | None = None) -> Incoming:
    """Identify a source and read its file, or the saved copy of it; a manifest's files are looked for beside it, and `works` is asked about a DOI.

    Raises UsageError for what is no source, ReadError for a file that cannot be read.
    """
    identifier = identify(source)
    path = Path(snapshot) if snapshot else None
    if identifier.kind is SourceKind.FILE:
        if snapshot:
            raise UsageError(f"{one_line(source)} is a file, and so its own copy: leave --snapshot out")
        path = resolve_file(identifier, manifest) if manifest else Path(identifier.value)
    known = (works.find(identifier.value) if works and identifier.kind is SourceKind.DOI else None) or NOTHING
    described = identifier.value if identifier.kind is SourceKind.OFFLINE else ""
    if path is None:
        return Incoming(identifier, title or str(known.get("title") or "") or described, item=known)
    with deadline(SECONDS, hint=""):
        kept, text = read_with_text(path, retrieved_at=now())
        said = item_of_text(kept.content, text, identifier.canonical if identifier.kind is SourceKind.URL else "")
    item = completed(known, said) if known and said else known or said
    kept = replace(kept, origin=origin_of(path))
    if identifier.kind is SourceKind.FILE:
        identifier = file_identifier(kept)
    own = one_line(str(item.get("title") or text.title))[:LONGEST_TITLE]
    return Incoming(identifier, title or own or described, kept, item)


def asked(ledger: Ledger, coming: Incoming, manner: Manner) -> Incoming:
    """Ask the address of a source that comes without a file for its text, where none is held."""
    identifier = coming.identifier
    with ledger.read() as connection:
        held = sources.source_named(connection, identifier.canonical) or Source(0, identifier.kind, identifier.canonical, "")
    if coming.snapshot or (held.snapshot_sha256 and not held.no_text_why):
        return coming
    brought, remark = fetch_alone(ledger, held, manner)
    return replace(coming, brought=brought, remarks=(remark,) if remark else ())


def put(connection: Connection, coming: Incoming, at: datetime) -> Held:
    """Put a source with what came of it, and give it as it is held from now on. The event is the caller's."""
    identifier, came = coming.identifier, coming.snapshot
    held, is_new = sources.put_source(
        connection,
        identifier,
        title=coming.title,
        csl=csl_of(identifier, coming.title),
        no_text_why="" if came else NOT_ATTACHED.get(identifier.kind, ""),
    )
    source = replace(held, csl=completed(held.csl, coming.item), no_text_why="" if came else held.no_text_why)
    if source != held:
        sources.describe_sources(connection, [source])
    if came:
        snapshot = sources.put_snapshot(connection, source.id, came)
        new_text = came.retrieved_at in (snapshot.retrieved_at, snapshot.last_seen_at)
        rechecked = look_again(connection, source.id, snapshot, at) if new_text else ()
        return Held(replace(source, snapshot_sha256=snapshot.sha256), snapshot, is_new, new_text, None, rechecked)
    if coming.brought is None:
        return Held(source, sources.latest_snapshot(connection, source.id), is_new)
    visit = keep(connection, source, coming.brought, at)
    latest = sources.latest_snapshot(connection, source.id)
    return Held(visit.source, latest, is_new, visit.change in (Change.NEW, Change.CHANGED), visit, visit.quotes)
