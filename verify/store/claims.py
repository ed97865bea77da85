"""Claims: a reading of a document is written here, and claims are looked up here with all that is held on them.

Half a million claims go in and come out in batches, each with a fixed number of queries, never one a claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, delete, func, insert, select, tuple_, update

from verify.errors import UsageError
from verify.model import Citation, Claim, CleanupTag, Decision, Dossier, Flag, FlagOrigin, MarkKind, Status

from .rows import (
    among,
    batches,
    citation_of,
    citation_values,
    claim_of,
    claim_values,
    decision_of,
    flag_of,
    flag_values,
    tag_of,
    tag_values,
)
from .schema import LONGEST_ID, citations, claims, decisions, documents, flags, revisions
from .sources import links_serving

_WRITE_BATCH = 5000
_READ_BATCH = 250
_GONE = "no longer in the text"
_ORDER = (claims.c.document_id, claims.c.ordinal, claims.c.id)


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """Which claims to give; whatever is left empty does not narrow. They come by document, then by their place in it.

    `flag` is the name of an open flag, `citation` a citation number, `section` a heading whatever its case, `search` words of the claim's text
    whatever their case. `absent` False leaves out the claims that are gone from the document, True gives only those, None gives both.
    `after` is the id of the claim that the list goes on after.
    """

    document: str = ""
    claim_ids: tuple[int, ...] = ()
    status: tuple[Status, ...] = ()
    flag: str = ""
    citation: str = ""
    section: str = ""
    uncited: bool = False
    search: str = ""
    absent: bool | None = False
    after: int | None = None
    limit: int | None = None


def write_reading(
    connection: Connection,
    document_id: int,
    revision_id: int,
    carried: Sequence[tuple[int | None, Claim]],
    gone: Sequence[int],
    *,
    at: datetime,
) -> None:
    """Write what a reading of a revision asserts: claims with an id stay themselves, those without are new, `gone` are kept as absent.

    A new tag raises a flag; a flag whose tag is no longer printed is resolved, unless somebody did so before. A claim that is gone stays
    as it last stood, its flags too.
    """
    next_id = (connection.scalar(select(func.max(claims.c.id))) or 0) + 1
    placed = []
    for known_id, claim in carried:
        placed.append((next_id if known_id is None else known_id, claim))
        next_id += known_id is None
    kept = {known_id for known_id, _ in carried if known_id is not None}
    tags_held = _tags_in_text(connection, document_id) if kept else {}
    for batch in batches(placed, _WRITE_BATCH):
        _write_claims(connection, document_id, revision_id, batch, kept)
        _write_tags(connection, batch, tags_held, at)
    if gone:
        leave = update(claims).where(claims.c.id == bindparam("gone_id")).values(absent=True)
        connection.execute(leave, [{"gone_id": claim_id} for claim_id in gone])


def held_claims(connection: Connection, document_id: int) -> list[tuple[int, Claim, bool]]:
    """Give every claim of a document, gone ones too, as (id, claim, absent), in document order."""
    rows = connection.execute(select(claims).where(claims.c.document_id == document_id).order_by(*_ORDER)).all()
    cited = _citations(connection, claims.c.document_id == document_id)
    tags = _tags_in_text(connection, document_id)
    return [(row.id, claim_of(row, cited[row.id], [tag_of(tag) for tag in tags.get(row.id, ())]), row.absent) for row in rows]


def dossiers(connection: Connection, query: ClaimQuery) -> list[Dossier]:
    """Give the claims of a query with all that is held on them. Raises UsageError for an `after` that names no claim."""
    return list(iter_dossiers(connection, query))


def iter_dossiers(connection: Connection, query: ClaimQuery) -> Iterator[Dossier]:
    """Give them one by one, reading a batch at a time: whoever stops early has not read the rest."""
    left, last = query.limit, _place_of(connection, query.after)
    while left is None or left > 0:
        size = _READ_BATCH if left is None else min(left, _READ_BATCH)
        rows = connection.execute(_select(connection, query, last).limit(size)).all()
        yield from _filled(connection, rows)
        if len(rows) < size:
            return
        last = (rows[-1].document_id, rows[-1].ordinal, rows[-1].id)
        left = None if left is None else left - size


def dossier(connection: Connection, claim_id: int) -> Dossier | None:
    """Give one claim with all that is held on it, gone or not."""
    return next(iter_dossiers(connection, ClaimQuery(claim_ids=(claim_id,), absent=None)), None)


def claims_citing(connection: Connection, document_id: int, label: str) -> list[int]:
    """Give the ids of the claims that stand in a document and cite that number, in document order."""
    query = select(claims.c.id).where(claims.c.document_id == document_id, ~claims.c.absent, _cites(label)).order_by(*_ORDER)
    return list(connection.scalars(query))


def paragraph_of(connection: Connection, claim_id: int) -> str:
    """Give the paragraph around a claim as printed in the revision in which it stands; empty for an unknown claim."""
    length = claims.c.paragraph_end - claims.c.paragraph_start
    printed = func.substr(revisions.c.text, claims.c.paragraph_start + 1, length)
    query = select(printed).join_from(claims, revisions, revisions.c.id == claims.c.revision_id).where(claims.c.id == claim_id)
    return (connection.scalar(query) or "") if 0 < claim_id <= LONGEST_ID else ""


def _write_claims(connection: Connection, document_id: int, revision_id: int, batch: list[tuple[int, Claim]], kept: set[int]) -> None:
    known, fresh = [], []
    for claim_id, claim in batch:
        values = claim_values(claim, revision_id)
        if claim_id in kept:
            known.append({"known_id": claim_id, **values})
        else:
            own = {"id": claim_id, "document_id": document_id, "first_revision_id": revision_id, "status": str(Status.UNVERIFIED)}
            fresh.append({**own, **values})
    if known:
        columns: dict[str, Any] = {name: bindparam(name) for name in known[0] if name != "known_id"}
        connection.execute(update(claims).where(claims.c.id == bindparam("known_id")).values(columns), known)
        connection.execute(
            delete(citations).where(citations.c.claim_id == bindparam("known_id")), [{"known_id": row["known_id"]} for row in known]
        )
    if fresh:
        connection.execute(insert(claims), fresh)
    rows = [citation_values(claim_id, n, citation) for claim_id, claim in batch for n, citation in enumerate(claim.citations, 1)]
    if rows:
        connection.execute(insert(citations), rows)


def _write_tags(connection: Connection, batch: list[tuple[int, Claim]], held: dict[int, list[Row[Any]]], at: datetime) -> None:
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
                moved.append({"flag_id": match.id, **tag_values(tag)})
        ended += [{"flag_id": row.id} for row in left]
    if fresh:
        connection.execute(insert(flags), fresh)
    this = flags.c.id == bindparam("flag_id")
    if moved:
        connection.execute(update(flags).where(this).values({name: bindparam(name) for name in moved[0] if name != "flag_id"}), moved)
    if ended:
        connection.execute(update(flags).where(this, flags.c.resolved_at.is_(None)).values(resolved_at=at, resolution=_GONE), ended)
        connection.execute(update(flags).where(this).values(in_text=False), ended)


def _tags_in_text(connection: Connection, document_id: int) -> dict[int, list[Row[Any]]]:
    query = (
        select(flags).join(claims).where(claims.c.document_id == document_id, flags.c.in_text).order_by(flags.c.start_offset, flags.c.id)
    )
    return _by_claim(connection, query)


def _citations(connection: Connection, condition: ColumnElement[bool]) -> defaultdict[int, list[Citation]]:
    query = select(citations).join(claims).where(condition).order_by(citations.c.claim_id, citations.c.ordinal)
    found: defaultdict[int, list[Citation]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.claim_id].append(citation_of(row))
    return found


def _by_claim(connection: Connection, query: Select[Any]) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.claim_id].append(row)
    return found


def _place_of(connection: Connection, claim_id: int | None) -> tuple[int, int, int] | None:
    """The place of a claim in the order of lists."""
    if claim_id is None:
        return None
    row = connection.execute(select(*_ORDER).where(claims.c.id == claim_id)).one_or_none() if 0 < claim_id <= LONGEST_ID else None
    if row is None:
        raise UsageError(f"there is no claim {claim_id} to go on after")
    return (row.document_id, row.ordinal, row.id)


def _select(connection: Connection, query: ClaimQuery, last: tuple[int, int, int] | None) -> Select[Any]:
    statement = select(claims, documents.c.name.label("document")).join(documents).order_by(*_ORDER)
    statement = statement.where(*_conditions(connection, query))
    return statement if last is None else statement.where(tuple_(*_ORDER) > last)


def _conditions(connection: Connection, query: ClaimQuery) -> Iterator[ColumnElement[bool]]:
    if query.absent is not None:
        yield claims.c.absent.is_(True) if query.absent else ~claims.c.absent
    if query.document:
        yield documents.c.name == query.document
    if query.claim_ids:
        yield among(connection, claims.c.id, (claim_id for claim_id in query.claim_ids if 0 < claim_id <= LONGEST_ID))
    if query.status:
        yield claims.c.status.in_([str(status) for status in query.status])
    if query.flag:
        named = select(flags.c.id).where(flags.c.claim_id == claims.c.id, flags.c.name == query.flag, flags.c.resolved_at.is_(None))
        yield named.correlate(claims).exists()
    if query.citation:
        yield _cites(query.citation)
    if query.section:
        yield _folded(connection, claims.c.section) == _fold(connection, query.section)
    if query.uncited:
        tagged = select(flags.c.id).where(flags.c.claim_id == claims.c.id, flags.c.in_text)
        yield claims.c.citation_labels == "[]"
        yield ~claims.c.covered
        yield ~tagged.correlate(claims).exists()
    if query.search:
        # Not LIKE, to which % and _ mean more than themselves.
        place = func.instr if connection.dialect.name == "sqlite" else func.strpos
        yield place(_folded(connection, claims.c.text), _fold(connection, query.search)) > 0


def _folded(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """A column without regard to case: by Python's rule on SQLite, which knows ASCII only (see `engines`), by the server's on PostgreSQL."""
    return func.casefold(column) if connection.dialect.name == "sqlite" else func.lower(column)


def _fold(connection: Connection, words: str) -> ColumnElement[str] | str:
    return words.casefold() if connection.dialect.name == "sqlite" else func.lower(words)


def _cites(label: str) -> ColumnElement[bool]:
    cited = select(citations.c.label).where(
        citations.c.claim_id == claims.c.id, citations.c.label == label, citations.c.kind == str(MarkKind.CITATION)
    )
    return cited.correlate(claims).exists()


def _filled(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Dossier]:
    """Make dossiers of rows of claims: one query for each kind of thing that is held on them."""
    if not rows:
        return
    ids = [row.id for row in rows]
    cited = _citations(connection, among(connection, citations.c.claim_id, ids))
    flag_rows = _by_claim(connection, select(flags).where(among(connection, flags.c.claim_id, ids)).order_by(flags.c.id))
    decided = _by_claim(connection, select(decisions).where(among(connection, decisions.c.claim_id, ids)).order_by(decisions.c.id))
    found = [_dossier(row, cited[row.id], flag_rows[row.id], [decision_of(each) for each in decided[row.id]]) for row in rows]
    places = {each.id: (row.document_id, each.claim.citation_labels) for row, each in zip(rows, found, strict=True)}
    links = links_serving(connection, places)
    for each in found:
        yield replace(each, links=links.get(each.id, ()))


def _dossier(row: Row[Any], cited: list[Citation], flag_rows: list[Row[Any]], decided: list[Decision]) -> Dossier:
    printed: list[CleanupTag] = sorted((tag_of(flag) for flag in flag_rows if flag.in_text), key=lambda tag: tag.start)
    held: tuple[Flag, ...] = tuple(flag_of(flag) for flag in flag_rows)
    return Dossier(row.id, row.document, claim_of(row, cited, printed), flags=held, decisions=tuple(decided), absent=row.absent)
