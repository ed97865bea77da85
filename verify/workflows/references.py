"""References are followed through the revisions of a document, and become sources: each entry of its list that names a work by an identifier is a
source of the claims that cite it, and so is the work that an imported bibliography has under the key that is cited.

Runs in `ingest`'s transaction. A citation number stands for a reference, which keeps its id when the number changes; what is attached to it follows.
What the list names now is compared with what it named before, so that a re-reading attaches what is new and detaches what is gone; what persons
attached, or took off, stays theirs.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from verify.claims.follow import HeldReference, follow
from verify.errors import InvalidIdentifierError
from verify.model import Claim, Document, Draft, Identifier, Reference, Source, SourceKind, sha256_of
from verify.sources.identifiers import csl_of, identify
from verify.store import Connection, bibliography, documents, sources

from .visits import NOT_ATTACHED

_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_NAMED = frozenset({SourceKind.URL, SourceKind.DOI, SourceKind.ARXIV, SourceKind.ISBN})


@dataclass(frozen=True, slots=True)
class Listed:
    """A document's list as sources: how many entries name one, how many only something malformed, and a hex sha256 over label and name of each;
    `changed` links were made or ended."""

    sources: int
    malformed: int
    sha256: str
    changed: int = 0

    @property
    def facts(self) -> dict[str, object]:
        """What the trail says of it."""
        return {"sources": self.sources, "malformed_references": self.malformed, "sources_sha256": self.sha256}


def follow_references(connection: Connection, document: Document, draft: Draft, claims: Iterable[Claim]) -> dict[str, int]:
    """Write what the citation numbers of a reading stand for: the entries of its list, and numbers cited without one. Gives the ids by label."""
    entries = _followed(connection, document, draft, claims)
    return documents.write_references(connection, document.id, entries)


def known_references(connection: Connection, document: Document, draft: Draft, claims: Iterable[Claim]) -> dict[str, int | None]:
    """Give what the citation numbers of a reading would stand for, by label; None for a reference that the ledger does not hold. Writes nothing."""
    return {reference.label: held_id for held_id, reference, _ in _followed(connection, document, draft, claims)}


def _followed(
    connection: Connection, document: Document, draft: Draft, claims: Iterable[Claim]
) -> list[tuple[int | None, Reference, bool]]:
    """What a reading lists or cites, as (id of the held reference that it is, reference, whether the list has an entry for it)."""
    listed = entries_by_label(draft.references)
    cited = dict.fromkeys(label for claim in claims for label in claim.citation_labels)
    read = [*listed.values(), *(Reference(label, "") for label in cited if label not in listed)]
    held = [HeldReference(*row) for row in documents.held_references(connection, document.id)]
    return [(held_id, reference, reference.label in listed) for held_id, reference in zip(follow(held, read), read, strict=True)]


def entries_by_label(references: Iterable[Reference]) -> dict[str, Reference]:
    """The entries of a list by label. Of several with one label the first counts: a citation of that label cannot tell them apart."""
    entries: dict[str, Reference] = {}
    for reference in references:
        entries.setdefault(reference.label, reference)
    return entries


def attach_references(
    connection: Connection, document: Document, references: Iterable[Reference], reference_ids: Mapping[str, int], *, at: datetime
) -> Listed:
    """Link the sources that a document names to its references, with the document as their origin: what each entry of its list names, and what
    stands in an imported bibliography under the key by which it is cited. A number is no key."""
    entries = entries_by_label(references)
    found = {reference.label: (reference, identifier) for reference in entries.values() if (identifier := identifier_of(reference))}
    ids = sources.put_sources(connection, (_source(reference, identifier) for reference, identifier in found.values()))
    named = {(reference_ids[label], ids[identifier.canonical]): None for label, (_, identifier) in found.items()}
    keys = [label for label in reference_ids if not label.isdecimal()]
    named |= {(reference_ids[key], source_id): None for key, source_id in bibliography.sources_by_key(connection, keys).items()}
    changed = sum(sources.link_references(connection, document.id, named, at))
    lines = (json.dumps([label, identifier.canonical], ensure_ascii=False) for label, (_, identifier) in found.items())
    malformed = sum(reference.label not in found and any(_spelled(reference)) for reference in entries.values())
    return Listed(len(found), malformed, sha256_of("\n".join(lines)), changed)


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
