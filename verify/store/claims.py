"""Claims are looked up here, with all that is held on them: half a million come in batches, each with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, tuple_

from verify.errors import UsageError
from verify.model import (
    BaselineState,
    Citation,
    Claim,
    ClaimRelation,
    CleanupTag,
    Decision,
    Dossier,
    Flag,
    MarkKind,
    RelationKind,
    Standing,
    Status,
)

from .assessments import assessments_on, contradicted, readable
from .decisions import decisions_on
from .rows import among, citation_of, claim_of, flag_of, ids_of, labels_of, tag_of
from .schema import LONGEST_ID, appearances, citations, claim_relations, claims, decisions, documents, flags, revisions
from .sources import links_serving

_READ_BATCH = 250
_ORDER = (claims.c.document_id, claims.c.ordinal, claims.c.id)


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """Which claims to give; whatever is left empty does not narrow. They come by document, then by their place in it.

    `flag` is the name of an open flag, `citation` a citation number, `section` a heading whatever its case, `search` words of the claim's text
    whatever their case. `readable` are claims with a source whose text is held. `stale` and `needs_second` only narrow to claims with a decision,
    `contradicted` to those of which the machine points at a problem: the model's rules on dossiers have the last word.
    `absent` False leaves out the claims that are gone from the document, True gives only those, None gives both.
    `after` is the id of the claim that the list goes on after.
    """

    document: str = ""
    claim_ids: tuple[int, ...] = ()
    status: tuple[Status, ...] = ()
    flag: str = ""
    citation: str = ""
    section: str = ""
    uncited: bool = False
    stale: bool = False
    needs_second: bool = False
    contradicted: bool = False
    readable: bool = False
    search: str = ""
    absent: bool | None = False
    after: int | None = None
    limit: int | None = None


def held_claims(connection: Connection, document_id: int) -> list[tuple[int, Claim, bool]]:
    """Give every claim of a document, gone ones too, as (id, claim, absent), in document order."""
    rows = connection.execute(select(claims).where(claims.c.document_id == document_id).order_by(*_ORDER)).all()
    cited = _citations(connection, claims.c.document_id == document_id)
    tags = tags_in_text(connection, document_id)
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


def count(connection: Connection, query: ClaimQuery) -> int:
    """Count the claims of a query; its `after` and `limit` are not looked at."""
    matching = select(func.count()).select_from(claims).join(documents).where(*_conditions(connection, query))
    return connection.scalar(matching) or 0


def claims_citing(connection: Connection, document_id: int, label: str) -> list[int]:
    """Give the ids of the claims that stand in a document and cite that number, in document order."""
    query = select(claims.c.id).where(claims.c.document_id == document_id, ~claims.c.absent, _cites(label)).order_by(*_ORDER)
    return list(connection.scalars(query))


def standings(connection: Connection, document_id: int, revision_id: int, *, current: bool) -> list[Standing]:
    """Give the claims of a document as they stand in its current revision, or stood in an earlier one, in document order."""
    if current:
        query = select(claims, claims.c.id.label("claim_id")).where(claims.c.document_id == document_id, ~claims.c.absent)
    else:
        query = select(appearances).where(appearances.c.revision_id == revision_id)
    return [
        Standing(r.claim_id, r.ordinal, r.section, r.text, labels_of(r.citation_labels), ids_of(r.reference_ids))
        for r in sorted(connection.execute(query), key=lambda row: (row.ordinal, row.claim_id))
    ]


def relations_between(connection: Connection, document_id: int, after: int, until: int) -> list[ClaimRelation]:
    """Give what claims of a document became in its revisions after one and until another, by their numbers."""
    query = select(claim_relations, revisions.c.sequence).join(revisions)
    within = (revisions.c.document_id == document_id, revisions.c.sequence > after, revisions.c.sequence <= until)
    return [
        _relation_of(row) for row in connection.execute(query.where(*within).order_by(revisions.c.sequence, claim_relations.c.claim_id))
    ]


def decided_in(connection: Connection, document_id: int) -> frozenset[int]:
    """Give the claims of a document with a status of their own."""
    query = select(claims.c.id).where(claims.c.document_id == document_id, claims.c.status != str(Status.UNVERIFIED))
    return frozenset(connection.scalars(query))


def earlier_wordings(connection: Connection, claim_id: int) -> list[tuple[int, str]]:
    """Give how a claim read in earlier revisions, where it then changed, as (number of the last revision that had it, text), oldest first."""
    query = select(revisions.c.sequence, appearances.c.text).select_from(appearances).join(revisions)
    rows = connection.execute(query.where(appearances.c.claim_id == claim_id).order_by(revisions.c.sequence)).all()
    now = connection.scalar(select(claims.c.text).where(claims.c.id == claim_id))
    later = [*(row.text for row in rows[1:]), now]
    return [(row.sequence, row.text) for row, then in zip(rows, later, strict=False) if row.text != then]


def paragraph_of(connection: Connection, claim_id: int) -> str:
    """Give the paragraph around a claim as printed in the revision in which it stands; empty for an unknown claim."""
    length = claims.c.paragraph_end - claims.c.paragraph_start
    printed = func.substr(revisions.c.text, claims.c.paragraph_start + 1, length)
    query = select(printed).join_from(claims, revisions, revisions.c.id == claims.c.revision_id).where(claims.c.id == claim_id)
    return (connection.scalar(query) or "") if 0 < claim_id <= LONGEST_ID else ""


def tags_in_text(connection: Connection, document_id: int) -> dict[int, list[Row[Any]]]:
    """Give the flags of a document whose tags its current reading prints, as rows by claim, in printed order. For this room only."""
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
    yield from _conditions_on_what_is_held(query)
    if query.citation:
        yield _cites(query.citation)
    if query.section:
        yield _folded(connection, claims.c.section) == _fold(connection, query.section)
    if query.search:
        # Not LIKE, to which % and _ mean more than themselves.
        place = func.instr if connection.dialect.name == "sqlite" else func.strpos
        yield place(_folded(connection, claims.c.text), _fold(connection, query.search)) > 0


def _conditions_on_what_is_held(query: ClaimQuery) -> Iterator[ColumnElement[bool]]:
    if query.flag:
        named = select(flags.c.id).where(flags.c.claim_id == claims.c.id, flags.c.name == query.flag, flags.c.resolved_at.is_(None))
        yield named.correlate(claims).exists()
    if query.uncited:
        tagged = select(flags.c.id).where(flags.c.claim_id == claims.c.id, flags.c.in_text)
        yield claims.c.citation_labels == "[]"
        yield ~claims.c.covered
        yield ~tagged.correlate(claims).exists()
    if query.stale or query.needs_second:
        decided = select(decisions.c.id).where(decisions.c.claim_id == claims.c.id)
        yield decided.correlate(claims).exists()
    if query.contradicted:
        yield contradicted()
    if query.readable:
        yield readable()


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
    decided = decisions_on(connection, ids)
    related = _relations(connection, ids)
    found = [_dossier(row, cited[row.id], flag_rows[row.id], decided[row.id], related[row.id]) for row in rows]
    links = links_serving(connection, {each.id: each.reference_ids for each in found})
    assessed = assessments_on(connection, ids)
    for each in found:
        yield replace(each, links=links.get(each.id, ()), assessments=tuple(assessed[each.id]))


def _relations(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[ClaimRelation]]:
    """What claims are to those of other revisions, on either side, oldest first."""
    either = among(connection, claim_relations.c.claim_id, ids) | among(connection, claim_relations.c.other_id, ids)
    query = select(claim_relations, revisions.c.sequence).join(revisions).where(either)
    found: defaultdict[int, list[ClaimRelation]] = defaultdict(list)
    for row in connection.execute(query.order_by(revisions.c.sequence, claim_relations.c.claim_id, claim_relations.c.other_id)):
        relation = _relation_of(row)
        for claim_id in {row.claim_id, row.other_id}:
            found[claim_id].append(relation)
    return found


def _relation_of(row: Row[Any]) -> ClaimRelation:
    return ClaimRelation(RelationKind(row.kind), row.claim_id, row.other_id, row.sequence)


def _dossier(
    row: Row[Any], cited: list[Citation], flag_rows: list[Row[Any]], decided: list[Decision], related: list[ClaimRelation]
) -> Dossier:
    printed: list[CleanupTag] = sorted((tag_of(flag) for flag in flag_rows if flag.in_text), key=lambda tag: tag.start)
    held: tuple[Flag, ...] = tuple(flag_of(flag) for flag in flag_rows)
    return Dossier(
        row.id,
        row.document,
        claim_of(row, cited, printed),
        flags=held,
        decisions=tuple(decided),
        absent=row.absent,
        state=_state(row),
        reference_ids=ids_of(row.reference_ids),
        relations=tuple(related),
    )


def _state(row: Row[Any]) -> BaselineState:
    """A claim against the revision before the one in which it stands."""
    if row.absent:
        return BaselineState.ABSENT
    if row.first_revision_id == row.revision_id:
        return BaselineState.NEW
    return BaselineState.UPDATED if row.changed_revision_id == row.revision_id else BaselineState.UNCHANGED
