"""What a person means by a SOURCE that is held: its id, its canonical name, its key in a bibliography, or any spelling of its name."""

from contextlib import suppress
from pathlib import Path

from verify.errors import InvalidIdentifierError, UsageError
from verify.model import Identifier, Snapshot, Source, SourceKind
from verify.sources.identifiers import identify
from verify.sources.snapshot import read_snapshot
from verify.store import Connection, bibliography, sources
from verify.terminal import one_line

from .clock import now

_LONGEST_ID = 10
_SHOWN = 200


def named_source(connection: Connection, text: str) -> Source:
    """Find the source that a person means. Raises UsageError where none is held, ReadError for a file that cannot be read."""
    name = text.strip()
    found = _with_id(connection, name.removeprefix("#")) or sources.source_named(connection, name) or _with_key(connection, name)
    if found is None and (identifier := _identified(name)):
        found = sources.source_named(connection, identifier.canonical)
    if found is None:
        raise UsageError(f"no source {one_line(name[:_SHOWN])!r} is held; `verify sources` lists them with their ids")
    return found


def file_identifier(snapshot: Snapshot) -> Identifier:
    """The identifier of a file: the hash of its bytes."""
    return Identifier(SourceKind.FILE, f"sha256:{snapshot.sha256}", snapshot.origin)


def _with_id(connection: Connection, digits: str) -> Source | None:
    is_id = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_ID
    return sources.source_with_id(connection, int(digits)) if is_id else None


def _with_key(connection: Connection, key: str) -> Source | None:
    source_id = bibliography.sources_by_key(connection, [key]).get(key)
    return sources.source_with_id(connection, source_id) if source_id else None


def _identified(name: str) -> Identifier | None:
    with suppress(InvalidIdentifierError):
        identifier = identify(name)
        is_file = identifier.kind is SourceKind.FILE
        return file_identifier(read_snapshot(Path(identifier.value), retrieved_at=now())) if is_file else identifier
    return None
