"""What a reading of a revision asserts is written here: claims, their citations, the flags that its cleanup tags raise, and how it follows the
revision before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, literal, select, update

from verify.model import Claim, FlagOrigin, RelationKind, Status

from .claims import tags_in_text
from .journal import Values, change_rows, insert_rows, next_id
from .rows import batches, citation_values, claim_values, flag_values, list_text, tag_of, tag_values
from .schema import appearances, citations, claim_relations, claims, flags
from .seals import seal

_BATCH = 5000
_GONE = "no longer in the text"


def keep_appearances(connection: Connection, document_id: int, revision_id: int) -> None:
    """Keep how the claims of a document stand in its current revision, before the reading of the next one moves them."""
    columns = ("ordinal", "section", "text", "start_offset", "end_offset", "covered", "citation_labels", "reference_ids")
    standing = select(literal(revision_id), claims.c.id, *(claims.c[name] for name in columns))
    standing = standing.where(claims.c.document_id == document_id, ~claims.c.absent)
    connection.execute(insert(appearances).from_select(["revision_id", "claim_id", *columns], standing))
    seal(connection, "appearances", revision_id)


def write_reading(
    connection: Connection,
    document_id: int,
    revision_id: int,
    placed: Sequence[tuple[int | None, Claim]],
    gone: Sequence[int],
    *,
    references: Mapping[str, int],
    at: datetime,
) -> list[int]:
    """Write what a reading of a revision asserts: claims with an id stay themselves, those without are new, `gone` are kept as absent.

    `references` gives the reference of each label. A new tag raises a flag; a flag whose tag is no longer printed is resolved, unless somebody did
    so before. A claim that is gone stays as it last stood, its flags too. Gives the ids, in the order of `placed`.
    """
    fresh = iter(range(next_id(connection, claims), next_id(connection, claims) + len(placed)))
    numbered = [(next(fresh) if known_id is None else known_id, claim) for known_id, claim in placed]
    kept = {known_id for known_id, _ in placed if known_id is not None}
    held = _held(connection, document_id) if kept else {}
    tags_held = tags_in_text(connection, document_id) if kept else {}
    for batch in batches(numbered, _BATCH):
        rows = [_claim_row(claim_id, claim, revision_id, references, held) for claim_id, claim in batch]
        _write_claims(connection, document_id, revision_id, rows, kept)
        _write_citations(connection, batch, references)
        _write_tags(connection, batch, tags_held, at)
    if gone:
        leave = update(claims).where(claims.c.id == bindparam("gone_id")).values(absent=True)
        connection.execute(leave, [{"gone_id": claim_id} for claim_id in gone])
    seal(connection, "claims", document_id)
    return [claim_id for claim_id, _ in numbered]


def write_relations(
    connection: Connection, revision_id: int, related: Iterable[tuple[RelationKind, int, int]]
) -> list[tuple[RelationKind, int, int]]:
    """Write what claims of a revision are to those of the one before, (kind, the claim that stands, the other one), unless it is known already.
    Gives what was not."""
    held = connection.execute(select(claim_relations).where(claim_relations.c.revision_id == revision_id))
    known = {(row.claim_id, row.other_id) for row in held}
    named = {(claim_id, other_id): kind for kind, claim_id, other_id in related if (claim_id, other_id) not in known}
    rows = [
        {"revision_id": revision_id, "claim_id": claim_id, "other_id": other_id, "kind": str(kind)}
        for (claim_id, other_id), kind in named.items()
    ]
    for batch in batches(rows, _BATCH):
        connection.execute(insert(claim_relations), batch)
    seal(connection, "relations", revision_id)
    return [(kind, claim_id, other_id) for (claim_id, other_id), kind in named.items()]


def _held(connection: Connection, document_id: int) -> dict[int, Row[Any]]:
    """How the claims of a document stand before the reading."""
    query = select(*claims.c["id", "text", "reference_ids", "changed_revision_id"]).where(claims.c.document_id == document_id)
    return {row.id: row for row in connection.execute(query)}


def _claim_row(claim_id: int, claim: Claim, revision_id: int, references: Mapping[str, int], held: Mapping[int, Row[Any]]) -> Values:
    """A row of `claims` without what is a new claim's own. It changed in this revision if its words or its references did."""
    ids = [references[label] for label in claim.citation_labels]
    before = held.get(claim_id)
    same = before is not None and (before.text, before.reference_ids) == (claim.text, list_text(ids))
    changed = before.changed_revision_id if before is not None and same else revision_id if before is not None else None
    return {"id": claim_id, **claim_values(claim, revision_id, ids, changed)}


def _write_claims(connection: Connection, document_id: int, revision_id: int, rows: list[Values], kept: set[int]) -> None:
    known = [{"known_id": row["id"], **{k: v for k, v in row.items() if k != "id"}} for row in rows if row["id"] in kept]
    own = {"document_id": document_id, "first_revision_id": revision_id, "status": str(Status.UNVERIFIED)}
    fresh = [{**own, **row} for row in rows if row["id"] not in kept]
    if known:
        columns: dict[str, Any] = {name: bindparam(name) for name in known[0] if name != "known_id"}
        this = claims.c.id == bindparam("known_id")
        connection.execute(update(claims).where(this).values(columns), known)
        connection.execute(
            delete(citations).where(citations.c.claim_id == bindparam("known_id")), [{"known_id": row["known_id"]} for row in known]
        )
    if fresh:
        connection.execute(insert(claims), fresh)


def _write_citations(connection: Connection, batch: list[tuple[int, Claim]], references: Mapping[str, int]) -> None:
    rows = [
        citation_values(claim_id, n, citation, references.get(citation.label))
        for claim_id, claim in batch
        for n, citation in enumerate(claim.citations, 1)
    ]
    if rows:
        connection.execute(insert(citations), rows)


def _write_tags(connection: Connection, batch: list[tuple[int, Claim]], held: Mapping[int, list[Row[Any]]], at: datetime) -> None:
    """Match the tags printed now with those printed before, by name and in order, so that none is raised twice."""
    fresh, moved, ended = [], [], []
    for claim_id, claim in batch:
        left = list(held.get(claim_id, ()))
        for tag in claim.tags:
            match = next((row for row in left if row.name == tag.name), None)
            if match is None:
                fresh.append(flag_values(claim_id, FlagOrigin.TAG, tag, "", at))
                continue
            left.remove(match)
            if tag_of(match) != tag:
                moved.append({"id": match.id, **tag_values(tag)})
        ended += left
    insert_rows(connection, flags, fresh)
    change_rows(connection, flags, moved)
    change_rows(connection, flags, [{"id": row.id, **_ending(row, at)} for row in ended])


def _ending(flag: Row[Any], at: datetime) -> Values:
    """How a flag stands whose tag is no longer printed; one that somebody resolved before stays resolved by them."""
    if flag.resolved_at is not None:
        return {"in_text": False, "resolved_at": flag.resolved_at, "resolution": flag.resolution}
    return {"in_text": False, "resolved_at": at, "resolution": _GONE}
