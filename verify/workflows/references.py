"""References become sources: each entry of a document's list that names a work by an identifier is a source of the claims that cite its number.

Runs in `ingest`'s transaction. What the list names now is compared with what it named before, so that a re-reading attaches what is new and
detaches what is gone; what persons attached, or took off, stays theirs.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from verify.errors import InvalidIdentifierError
from verify.model import Document, Identifier, Reference, Source, SourceKind, sha256_of
from verify.sources.identifiers import csl_of, identify
from verify.store import Connection, sources

from .attach import NOT_ATTACHED

_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_NAMED = frozenset({SourceKind.URL, SourceKind.DOI, SourceKind.ARXIV, SourceKind.ISBN})


@dataclass(frozen=True, slots=True)
class Listed:
    """A document's list as sources: how many entries name one, how many only something malformed, and a hex sha256 over label and name of each."""

    sources: int
    malformed: int
    sha256: str

    @property
    def facts(self) -> dict[str, object]:
        """What the trail says of it."""
        return {"sources": self.sources, "malformed_references": self.malformed, "sources_sha256": self.sha256}


def attach_references(connection: Connection, document: Document, references: Iterable[Reference], *, at: datetime) -> Listed:
    """Link the source that each entry of a document's list names to its label, with the document as its origin. Of entries with one label the
    first counts, as in `documents.write_references`."""
    entries: dict[str, Reference] = {}
    for reference in references:
        entries.setdefault(reference.label, reference)
    found = {reference.label: (reference, identifier) for reference in entries.values() if (identifier := identifier_of(reference))}
    ids = sources.put_sources(connection, (_source(reference, identifier) for reference, identifier in found.values()))
    named = {(label, ids[identifier.canonical]): None for label, (_, identifier) in found.items()}
    sources.link_references(connection, document.id, named, at)
    lines = (json.dumps([label, identifier.canonical], ensure_ascii=False) for label, (_, identifier) in found.items())
    malformed = sum(reference.label not in found and any(_spelled(reference)) for reference in entries.values())
    return Listed(len(found), malformed, sha256_of("\n".join(lines)))


def identifier_of(reference: Reference) -> Identifier | None:
    """The identifier of an entry: its DOI before its arXiv id, ISBN, PMID, address and archived copy; None where it has none that is well-formed."""
    for spelled in _spelled(reference):
        try:
            identifier = identify(spelled)
        except InvalidIdentifierError:
            continue
        if identifier.kind in _NAMED:
            return identifier
    return None


def _spelled(reference: Reference) -> Iterator[str]:
    """What an entry names a work by, as a person would type it, the surest first."""
    if reference.doi:
        yield f"doi:{reference.doi}"
    if reference.arxiv:
        yield f"arXiv:{reference.arxiv}"
    if reference.isbn:
        yield f"isbn:{reference.isbn}"
    if reference.pmid:
        yield _PUBMED.format(reference.pmid)
    yield from filter(None, (reference.url, reference.archive_url))


def _source(reference: Reference, identifier: Identifier) -> Source:
    title = reference.csl.get("title")
    title = title if isinstance(title, str) else ""
    item = {**csl_of(identifier, title), **reference.csl, "id": identifier.canonical}
    return Source(0, identifier.kind, identifier.canonical, title, item, NOT_ATTACHED.get(identifier.kind, ""))
