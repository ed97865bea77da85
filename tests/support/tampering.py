"""A ledger with something in every table, and what an attacker can do to it who has the file, or is the master of the server."""

# ruff: noqa: S608 - attackers put statements together

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, Table, func, select

from verify.model import (
    Citation,
    Claim,
    CleanupTag,
    Identifier,
    MarkKind,
    OrphanMarker,
    QuoteMatch,
    Reference,
    RelationKind,
    Snapshot,
    SourceKind,
    Status,
    TextQuote,
    TrailHead,
)
from verify.store import Connection, Ledger, chain, decisions, journal, queue, readings, replay, schema, sources, trail
from verify.store.columns import UtcTime
from verify.store.replay import Verification, row_tables

NOON = datetime(2024, 12, 8, 12, 0, 0, 123456, tzinfo=UTC)
URL = Identifier(SourceKind.URL, "https://a.example/", "")
BOOK = Identifier(SourceKind.ISBN, "isbn:9780000000002", "")
CLAIMS = (
    Claim(1, "It rained.", 0, 10, 0, 20, "Ürümqi", (Citation("1", 10, 13, 0, 10), Citation("2", 13, 16, 0, 10))),
    Claim(2, "It snowed.", 17, 27, 0, 40, tags=(CleanupTag("citation needed", 27, 44, "[citation needed]", "May 2024", "who says?"),)),
    Claim(3, "It cleared up.", 45, 59, 0, 60, citations=(Citation("a", 59, 62, 0, 14, MarkKind.NOTE, "p. 3"),), covered=True),
)
LISTED = (Reference("1", "Smith, 2024", "https://a.example/", csl={"title": "Rain"}), Reference("2", "Jones, 2023"))
ORPHANS = (OrphanMarker(70, 73, "[9]", MarkKind.CITATION, ("9",), "it stands after the last sentence"),)


class _UndoneError(Exception):
    """An attack is over, and all that it did is taken back."""


def fill(ledger: Ledger, take: Callable[..., Any]) -> None:
    """Write something into every table, an event each: a document in two revisions, sources with texts and quotes, flags, decisions, a queue."""
    with ledger.write() as connection:
        first = take(connection, CLAIMS, text="It rained.[1][2] ...", listed=LISTED, orphans=ORPHANS)
        _tell(connection, "ingested")
        _attach(connection, first.claims[0], first.references["1"])
        _review(connection, first.claims)
        _queue(connection, first.claims)
        edited = replace(CLAIMS[0], text="It rained a lot.")
        ids, gone = [first.claims[0], None], [first.claims[1]]
        second = take(connection, (edited, CLAIMS[2]), ids=ids, gone=gone, listed=LISTED, known=first.references)
        readings.write_relations(connection, second.revision_id, [(RelationKind.SPLIT, second.claims[1], first.claims[0])])
        _tell(connection, "ingested again")
        _fill_the_rest(connection)


def _tell(connection: Connection, action: str) -> None:
    trail.append(connection, at=NOON, reviewer="Åsa", action=action, subject="claim:1", payload={"what": action})


def _attach(connection: Connection, claim: int, reference: int) -> None:
    common = {"document_id": 1, "reviewer": "ada", "at": NOON}
    source, _ = sources.put_source(connection, URL, title="Rain", csl={"title": "Rain"})
    book, _ = sources.put_source(connection, BOOK, no_text_why="a book")
    kept = sources.put_snapshot(connection, source.id, Snapshot(0, "ab", "text/plain", b"It\xffrained.", "It rained.", "a.txt", NOON))
    link, _ = sources.link(connection, reference_id=reference, source_id=source.id, locator="p. 4", **common)
    alone, _ = sources.link(connection, claim_id=claim, source_id=book.id, **common)
    quote = TextQuote("It rained", "", ".", 0, 9, QuoteMatch.NORMALISED)
    sources.add_evidence(connection, link, kept.id, quote, locator="p. 4", reviewer="ada", at=NOON)
    _tell(connection, "attached")
    sources.unlink(connection, [alone], "bob", NOON)
    _tell(connection, "detached")


def _review(connection: Connection, claims: list[int]) -> None:
    opinion = decisions.add_decision(connection, claims[0], status=Status.VERIFIED, reviewer="ada", note="read it twice", at=NOON)
    _tell(connection, "decided")
    decisions.add_decision(connection, claims[0], status=Status.DISPUTED, reviewer="bob", at=NOON, seconds=opinion.id)
    undone = decisions.add_decision(connection, claims[2], status=Status.NOT_A_CLAIM, reviewer="bob", at=NOON)
    decisions.undo_decision(connection, claims[2], undone.id, reviewer="bob", note="no", at=NOON)
    _tell(connection, "seconded and undone")
    for n in range(60):
        decisions.raise_flag(connection, claims[0], name="review", reason=str(n), reviewer="ada", at=NOON)
    _tell(connection, "flagged")
    decisions.resolve_flags(connection, claims[0], ids=[2, 3], reviewer="bob", at=NOON, resolution="settled")
    _tell(connection, "resolved")


def _queue(connection: Connection, claims: list[int]) -> None:
    queue.take(connection, claims[0], "ada", at=NOON, until=NOON + timedelta(hours=1))
    queue.take(connection, claims[1], "bob", at=NOON, until=NOON + timedelta(hours=1))
    queue.end_leases(connection, [claims[1]])
    queue.assign(connection, claims[0], "bob", by="ada", at=NOON, note="please")
    queue.skip(connection, claims[0], "eve:x", at=NOON, reason="long")
    _tell(connection, "queued")


def _fill_the_rest(connection: Connection) -> None:
    """Put a row into every table of single rows that has none yet, whatever it is for: one that is added is attacked without anybody's doing."""
    for table in row_tables(schema.metadata):
        if not connection.scalar(select(func.count()).select_from(table)):
            journal.insert_row(connection, table, {column.name: _some(column) for column in table.columns})
    _tell(connection, "filled")


def _some(column: Column[Any]) -> Any:
    if column.foreign_keys:
        words = schema.WORDS.get(next(iter(column.foreign_keys)).column.table.name)
        return next(iter(words)) if words else 1
    kinds = {Boolean: True, Integer: 1, Float: 0.5, UtcTime: NOON, LargeBinary: b"x"}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), "x")


def lay_open(connection: Connection) -> None:
    """Let triggers and keys stand aside."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def attacked(
    ledger: Ledger,
    *statements: str,
    then: Callable[[Connection], object] | None = None,
    expect: tuple[TrailHead, ...] = (),
    most: int = replay.MOST,
) -> Verification:
    """Verify a ledger after statements, and after something else; then take all of it back."""
    found: list[Verification] = []
    with suppress(_UndoneError), ledger.write() as connection:
        lay_open(connection)
        for statement in statements:
            connection.exec_driver_sql(statement)
        if then:
            then(connection)
        found.append(replay.verify(connection, most=most, expect=expect))
        raise _UndoneError
    return found[0]


def chain_again(connection: Connection) -> None:
    """Do what an attacker does who knows the rule: derive every hash again, so that the chain fits."""
    last, events = "", schema.events
    for event in list(chain.stored(connection)):
        spelled = json.dumps([*event[:6], last], separators=(",", ":"), ensure_ascii=False)
        now = "sha256:" + hashlib.sha256(spelled.encode()).hexdigest()
        connection.execute(events.update().where(events.c.sequence == event.sequence).values(previous_hash=last, hash=now))
        last = now


def rewrite_history(connection: Connection) -> None:
    """Change what a reviewer noted, everywhere: in the row, in what the trail tells of it, and in every hash."""
    for table, column in ((schema.decisions, "note"), (schema.events, "payload")):
        changed = table.update().where(table.c[column].contains("twice")).values({column: func.replace(table.c[column], "twice", "thrice")})
        connection.execute(changed)
    chain_again(connection)


def messages(found: Verification) -> list[str]:
    """What does not fit, in words."""
    return [misfit.message for misfit in found.misfits]


def events_of(ledger: Ledger) -> list[chain.Stored]:
    """The events of a ledger as it has them."""
    with ledger.read() as connection:
        return list(chain.stored(connection))


def other_value(column: Column[Any]) -> str:
    """SQL for another value of the same kind."""
    name = column.name
    if isinstance(column.type, Boolean):
        return f"NOT {name}"
    if isinstance(column.type, Integer | Float):
        return f"coalesce({name} + 1000, 1000)"
    if isinstance(column.type, UtcTime):
        return f"CASE WHEN {name} = '2001-01-01T00:00:00.000000Z' THEN NULL ELSE '2001-01-01T00:00:00.000000Z' END"
    return f"CAST({name} || 'x' AS BLOB)" if isinstance(column.type, LargeBinary) else f"{name} || 'x'"


def another_row(table: Table) -> str:
    """SQL that adds another row like the last one."""
    keys, values = {column.name for column in table.primary_key.columns}, []
    for column in table.columns:
        if column.foreign_keys and column.name not in keys:
            values.append("NULL" if column.nullable else column.name)
        elif isinstance(column.type, Integer) and not isinstance(column.type, Boolean):
            values.append(f"{column.name} + 1000")
        else:
            values.append(column.name if isinstance(column.type, Boolean | Float | LargeBinary | UtcTime) else f"{column.name} || 'y'")
    return f"INSERT INTO {table.name} SELECT {', '.join(values)} FROM {table.name} WHERE rowid = (SELECT max(rowid) FROM {table.name})"
