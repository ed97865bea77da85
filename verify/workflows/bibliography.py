"""Import and export bibliographies: every entry becomes a source, found again by its key wherever a document cites it.

A broken entry is told and kept as it is written. The works of a file are linked to documents that cite them by key, those ingested later too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from verify.errors import ReadError, VerifyError
from verify.model import Identifier, Source
from verify.sources.bibliography import (
    BIBLIOGRAPHIES,
    BrokenEntry,
    Entries,
    bibliography_named,
    identifier_of_item,
    key_of,
    read_bibliography,
)
from verify.sources.bibliography.dates import first_day
from verify.sources.bibliography.items import text_of
from verify.sources.bibliography.names import family_of
from verify.sources.completion import completed
from verify.sources.identifiers import csl_of, identify
from verify.sources.works import Works
from verify.store import Connection, Ledger, bibliography, documents, fetches, sources, trail
from verify.store.bibliography import BibliographyEntry
from verify.terminal import one_line

from .clock import now
from .deadline import deadline
from .gather import Network
from .read import origin_of, read_bytes
from .references import attach_references
from .targets import named_document
from .visits import NOT_ATTACHED, exchange_of

FORMATS = tuple(BIBLIOGRAPHIES)
"""The formats by name."""
_MAX_BYTES = 256 * 2**20
_SECONDS = 120.0
_LONGEST_WORDS = 600
_WITH_BODY = frozenset({200, 203})


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: how many entries are new, changed and unchanged, how many sources are new, how many links of documents changed, and what
    could not be read. `doubled` are keys that several entries have; `remarks` are the reader's."""

    origin: str
    counts: Mapping[str, int]
    new_sources: int
    linked: int
    broken: tuple[BrokenEntry, ...]
    doubled: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """An entry with the source that it names."""

    key: str
    raw: str
    csl: Mapping[str, object]
    source: Source


def import_bibliography(ledger: Ledger, path: Path, *, reviewer: str, format: str = "", works: Works | None = None) -> Imported:  # noqa: A002 - as the option
    """Import a file; `works` is asked for what entries with a DOI leave out. Raises ReadError for what is no bibliography, VerifyError where `works`
    cannot be asked."""
    data = read_bytes(str(path), _MAX_BYTES)
    try:
        with deadline(_SECONDS, hint=""):
            found = read_bibliography(data, name=path.name, format=format)
    except ReadError as error:
        raise ReadError(f"{one_line(str(path))}: {error}") from error
    named = [_named(entry.key, entry.raw, entry.csl, works) for entry in found.entries]
    with ledger.write() as connection:
        return _import(connection, origin_of(path), found, named, reviewer)


def _import(connection: Connection, origin: str, found: Entries, named: Sequence[_Named], reviewer: str) -> Imported:
    at = now()
    wanted: dict[str, Source] = {}
    for entry in named:
        wanted.setdefault(entry.source.canonical, entry.source)
    held = sources.sources_named(connection, wanted)
    fuller = [_filled(source, wanted[name]) for name, source in held.items()]
    better = [source for source in fuller if source != held[source.canonical]]
    sources.describe_sources(connection, better)
    ids = sources.put_sources(connection, wanted.values())
    rows = [_row(each.key, ids[each.source.canonical], each.csl, each.raw, "", origin, reviewer, at) for each in named]
    rows += [_row(each.key, None, {}, each.raw, each.why, origin, reviewer, at) for each in found.broken]
    counts = bibliography.put_entries(connection, rows)
    linked = _link_documents(connection, {entry.key for entry in named}, at)
    done = Imported(origin, counts, len(wanted) - len(held), linked, found.broken, found.doubled, found.remarks)
    if counts["new"] or counts["changed"] or better or done.new_sources or linked:
        trail.append(
            connection, at=at, reviewer=reviewer, action="bibliography.imported", subject=f"bibliography:{origin}", payload=_facts(done)
        )
    return done


def _facts(done: Imported) -> dict[str, object]:
    return {
        "file": done.origin,
        "entries": dict(done.counts),
        "new_sources": done.new_sources,
        "linked": done.linked,
        "broken": len(done.broken),
    }


def _link_documents(connection: Connection, keys: set[str], at: datetime) -> int:
    """Link the documents that cite by these keys anew. Gives how many links changed."""
    changed = 0
    for document in bibliography.documents_citing(connection, {key for key in keys if not key.isdecimal()}):
        ids = {reference.label: id_ for id_, reference, absent in documents.held_references(connection, document.id) if not absent}
        changed += attach_references(connection, document, documents.references(connection, document.id), ids, at=at).changed
    return changed


def _named(key: str, raw: str, csl: Mapping[str, object], works: Works | None) -> _Named:
    """An entry with the source that it names: by an identifier where it has one, else by its words."""
    doi = text_of(csl.get("DOI"))
    known = works.find(doi) if works and doi else None
    item = completed(csl, known) if known else dict(csl)
    identifier = identifier_of_item(item) or _in_words(item, key)
    title = one_line(text_of(item.get("title")))
    item = {**csl_of(identifier, title), **item, "id": identifier.canonical}
    return _Named(key, raw, csl, Source(0, identifier.kind, identifier.canonical, title, item, NOT_ATTACHED.get(identifier.kind, "")))


def _in_words(item: Mapping[str, object], key: str) -> Identifier:
    """Name a work that has no identifier as a list of references would: who, when, what, where; by its key where it says none of that."""
    people = item.get("author") or item.get("editor")
    names = ", ".join(filter(None, map(family_of, people))) if isinstance(people, list) else ""
    year = next(map(str, first_day(item.get("issued"))), "")
    title, container = text_of(item.get("title")), text_of(item.get("container-title"))
    words = ". ".join(filter(None, (f"{names} {year}".strip(), title, container))) if title else ""
    return identify(f"note: {one_line(words)[:_LONGEST_WORDS] or one_line(key)[:_LONGEST_WORDS] or 'an entry without a key'}")


def _filled(held: Source, wanted: Source) -> Source:
    return replace(held, title=held.title or wanted.title, csl=completed(held.csl, wanted.csl))


def _row(
    key: str, source_id: int | None, csl: Mapping[str, object], raw: str, why: str, origin: str, reviewer: str, at: datetime
) -> BibliographyEntry:
    return BibliographyEntry(key, source_id, csl, raw, why, origin, reviewer, at)


def export_items(connection: Connection, document: str = "") -> list[dict[str, object]]:
    """Give the sources of a document, or all, as CSL-JSON items, each under the key by which it is cited. Raises UsageError for a document that is
    not held."""
    chosen = _chosen(connection, document)
    keys = bibliography.keys_of(connection, [source.id for source in chosen])
    taken: Counter[str] = Counter()
    items = []
    for source in chosen:
        item = {**csl_of(Identifier(source.kind, source.canonical, source.canonical), source.title), **source.csl}
        key = keys.get(source.id) or key_of(item)
        taken[key] += 1
        items.append({**item, "id": key if taken[key] == 1 else f"{key}-{taken[key]}"})
    return items


def export_text(connection: Connection, form: str, document: str = "") -> str:
    """Write the sources of a document, or all, as a bibliography. Raises UsageError for an unknown format or document."""
    return bibliography_named(form).write(export_items(connection, document))


def export_warc(connection: Connection, stream: IO[bytes], network: Network, document: str = "", *, name: str = "") -> int:
    """Write what was fetched for a document, or for all, as a WARC file, packed. Gives the number of its records.

    Raises UsageError where the extra `warc` is not installed, VerifyError where nothing was fetched.
    """
    from verify.sources.fetch import Fetcher
    from verify.sources.warc import Capture, write_warc

    def captures() -> Iterator[Capture]:
        for visit, body in fetches.captured(connection, [source.id for source in _chosen(connection, document)]):
            if body or visit.status not in _WITH_BODY:
                yield Capture(exchange_of(visit), body)

    held = captures()
    first = next(held, None)
    if first is None:
        raise VerifyError("nothing was fetched yet: `verify fetch` does")
    together = (each for part in ([first], held) for each in part)
    return write_warc(stream, together, software=Fetcher(contact=network.contact).user_agent, written_at=now(), filename=name)


def _chosen(connection: Connection, document: str) -> list[Source]:
    held = [source for source, _ in sources.all_sources(connection)]
    if not document:
        return held
    serving = sources.sources_serving(connection, named_document(connection, document).id)
    return [source for source in held if source.id in serving]
