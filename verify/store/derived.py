"""What the ledger derives and no event covers, derived again: a claim's status from its decisions, its citation numbers from its citations.

Read as the database has it and a few rows at a time, so that neither a spoilt value nor a million claims are in the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, select

from verify.model import Decision, MarkKind, Status, status_of
from verify.terminal import one_line

from .journal import raw, streamed
from .rows import list_text
from .schema import citations, claims, decisions

_STREAM = 1000
_NO_TIME = datetime.fromtimestamp(0, UTC)


def derived_findings(connection: Connection) -> Iterator[str]:
    """Say what is not as it is derived, a line each."""
    yield from _status_findings(connection)
    yield from _undecided_findings(connection)
    yield from _label_findings(connection)


def _status_findings(connection: Connection) -> Iterator[str]:
    """A claim's status is what its decisions say."""
    columns = raw(*decisions.c["claim_id", "id", "status", "undoes", "seconds"], claims.c.status)
    query = select(*columns).select_from(decisions).join(claims).order_by(decisions.c.claim_id, decisions.c.id)
    for claim_id, rows in groupby(streamed(connection, query, _STREAM), lambda row: row[0]):
        past = list(rows)
        try:
            said = status_of(_entry(row) for row in past)
        except ValueError as error:
            yield f"claim {claim_id} has a decision that cannot be read: {one_line(str(error))}"
            continue
        if past[0][5] != said:
            yield f"claim {claim_id} has status {_shown(past[0][5])}, but its decisions say {said}"


def _entry(row: Sequence[Any]) -> Decision:
    """As much of a decision as its status needs. Raises ValueError for a status that is none."""
    _, id_, status, undoes, seconds, _ = row
    return Decision(id_, Status(status), "", "", _NO_TIME, "", (), undoes, seconds=seconds)


def _undecided_findings(connection: Connection) -> Iterator[str]:
    decided = select(decisions.c.claim_id).where(decisions.c.claim_id == claims.c.id).correlate(claims).exists()
    bare = select(*raw(claims.c.id, claims.c.status)).where(claims.c.status != str(Status.UNVERIFIED), ~decided)
    for claim_id, status in streamed(connection, bare.order_by(claims.c.id), _STREAM):
        yield f"claim {claim_id} has status {_shown(status)}, but nobody decided on it"


def _label_findings(connection: Connection) -> Iterator[str]:
    """A claim's citation numbers are those of its citations, each once, in printed order."""
    cited = and_(citations.c.claim_id == claims.c.id, citations.c.kind == str(MarkKind.CITATION))
    query = select(*raw(claims.c.id, claims.c.citation_labels, citations.c.label)).select_from(claims).outerjoin(citations, cited)
    rows = streamed(connection, query.order_by(claims.c.id, citations.c.ordinal), _STREAM)
    for (claim_id, listed), group in groupby(rows, lambda row: (row[0], row[1])):
        has = list_text([str(label) for label in dict.fromkeys(row[2] for row in group) if label is not None])
        if listed != has:
            yield f"claim {claim_id} lists citations {_shown(listed)}, but has {one_line(has)}"


def _shown(value: Any) -> str:
    return one_line(value if isinstance(value, str) else repr(value))
