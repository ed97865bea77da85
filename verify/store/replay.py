"""The trail is verified here: its chain is derived again, and what its events tell of the rows is compared with the rows that stand.

Nothing is held in memory but an event or a few rows at a time. What the database has is read as it is, so that whatever was spoilt behind our back
is a misfit, with its name, and no mistake of the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select

from verify.model import TrailHead
from verify.terminal import one_line

from . import chain, schema
from .columns import canonical_json
from .derived import derived_findings
from .journal import raw
from .schema import citations, claims, documents, revisions
from .scratch import Difference, Scratch, ToldSeal, scratch
from .seals import KINDS, Kind, first_difference, seal_of
from .statements import row_digest, told_rows, told_seals

MOST = 100
"""Misfits that are listed at most."""

NOT_LOOKED_AT = (
    "the mark of the schema's version, indexes, triggers and views",
    "tables and columns of others in the same database",
)
"""What a verification leaves out, in words."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """An event or a row that does not fit, in words; `event` is the event itself or the one that tells of the row, 0 where none does. `columns`
    are those that differ, where the event spells the row out."""

    message: str
    event: int = 0
    table: str = ""
    key: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found. Where the chain does not fit, rows were not compared with it; `complete` is False where it stopped because no more
    misfits were asked for. `rows` counts the rows and seals that were compared."""

    head: TrailHead
    events: int
    rows: int
    misfits: tuple[Misfit, ...]
    chain_fits: bool
    complete: bool


def verify(connection: Connection, *, expect: TrailHead | Iterable[TrailHead] = (), most: int = 1) -> Verification:
    """Derive the trail again and compare the rows with it; give the first misfits, at most `most`.

    `expect` are heads of before: their events must still be there. A longer trail fits. Raises LedgerError where there is no room to compare.
    """
    heads = (expect,) if isinstance(expect, TrailHead) else tuple(expect)
    sequence, last_hash, _ = chain.last_of(connection)
    with chain.leniently(connection), scratch() as told:
        replay = _Replay(connection, told, heads, most)
        found = tuple(islice(replay.misfits(), most))
    head = TrailHead(sequence, last_hash)
    return Verification(head, chain.count_of(connection), replay.rows, found, replay.chain_fits, replay.complete)


def row_tables(metadata: MetaData) -> tuple[Table, ...]:
    """Give the tables whose rows events tell of one by one: all but the words, the trail itself, and what is sealed."""
    sealed = {table.name for kind in KINDS.values() for table in kind.tables}
    return tuple(table for name, table in metadata.tables.items() if name not in schema.WORDS and name != "events" and name not in sealed)


class _Replay:
    """One verification. What it counts and finds out on its way is read when it has ended."""

    def __init__(self, connection: Connection, told: Scratch, expect: Iterable[TrailHead], most: int) -> None:
        self.chain_fits, self.complete, self.rows = True, False, 0
        self._connection, self._told, self._expect, self._most = connection, told, expect, most
        self._tables = row_tables(schema.metadata)

    def misfits(self) -> Iterator[Misfit]:
        """Give what does not fit: in the chain, or else in the rows."""
        yield from self._chain()
        if self.chain_fits:
            for place, table in enumerate(self._tables):
                yield from self._rows(place, table)
            for name, kind in KINDS.items():
                yield from self._seals(name, kind)
            yield from _lost_citations(self._connection)
            yield from _words(self._connection)
            yield from (Misfit(finding, table="claims") for finding in derived_findings(self._connection))
        self.complete = True

    def _chain(self) -> Iterator[Misfit]:
        """Derive the chain, and keep what its events tell of rows."""
        places = {table.name: place for place, table in enumerate(self._tables)}
        expected, last = list(self._expect), 0
        for event, facts, fault in chain.derived(self._connection):
            last, why = event.sequence, fault or self._tell(facts, event.sequence, places)
            if why:
                self.chain_fits = False
                yield Misfit(why, last)
            for head in [head for head in expected if head.sequence == last]:
                expected.remove(head)
                if head.hash != event.hash:
                    yield Misfit(f"event {last} is another one than expected: its hash is {one_line(str(event.hash))}", last)
        for head in expected:
            if head.sequence:
                ending = f"ends with event {last}" if last else "is empty"
                yield Misfit(f"event {head.sequence} is expected, but the trail {ending}: it was cut off, or an older copy put back")

    def _tell(self, facts: dict[str, Any], sequence: int, places: dict[str, int]) -> str:
        """Keep what an event tells; say what is wrong with it, or nothing."""
        try:
            self._told.tell(told_rows(facts, sequence, places))
            for sealed in told_seals(facts, sequence):
                self._told.seal(sealed)
        except (ValueError, TypeError) as error:
            return f"event {sequence} tells what no event does: {one_line(str(error))}"
        return ""

    def _rows(self, place: int, table: Table) -> Iterator[Misfit]:
        """Compare the rows of a table with what was told of them."""
        found = list(islice(self._told.differences(place, self._digests(table)), self._most))
        changed = {each.key for each in found if each.what == "changed"}
        standing = {key: row for key, row in chain.rows_of(self._connection, table) if key in changed} if changed else {}
        for each in found:
            yield self._misfit(table, each, standing.get(each.key))

    def _digests(self, table: Table) -> Iterator[tuple[Any, bytes]]:
        for key, row in chain.rows_of(self._connection, table):
            self.rows += 1
            yield key, row_digest(table.name, row)

    def _misfit(self, table: Table, found: Difference, row: dict[str, Any] | None) -> Misfit:
        key, sequence = one_line(str(found.key)), found.sequence or 0
        columns: tuple[str, ...] = ()
        match found.what:
            case "gone":
                why = f"is gone, though event {sequence} tells of it"
            case "added":
                why = f"was added: event {sequence} removed it" if sequence else "was added: no event tells of it"
            case _:
                told = self._statement(sequence, "rows").get(table.name, {}).get(str(found.key))
                if told is not None and row is not None:
                    columns = tuple(name for name in row if canonical_json(row[name]) != canonical_json(told.get(name)))
                why = f"was changed since event {sequence}" + (f": {', '.join(columns)}" if columns else "")
        return Misfit(f"{table.name} {key} {why}", sequence, table.name, key, columns)

    def _seals(self, name: str, kind: Kind) -> Iterator[Misfit]:
        """Compare what is sealed with the last seals of it. What has rows and no seal was written behind our back."""
        query = select(*raw(kind.scope)).distinct().order_by(kind.scope)
        standing = dict.fromkeys(row[0] for row in self._connection.execute(query))
        for told in self._told.seals(name):
            if told.scope in standing or told.rows:
                yield from self._sealed(kind, told)
            standing.pop(told.scope, None)
        for scope in standing:
            where, table = _place_of(self._connection, kind, scope), kind.tables[0].name
            yield Misfit(f"{kind.words} of {where} were added: no event seals them", table=table, key=one_line(str(scope)))

    def _sealed(self, kind: Kind, told: ToldSeal) -> Iterator[Misfit]:
        found = seal_of(kind.lines(self._connection, told.scope))
        self.rows += found["count"]
        if (found["count"], found["sha256"]) == (told.rows, told.sha256):
            return
        held = self._statement(told.sequence, "seals")[f"{told.kind}:{told.scope}"]
        where = f"{kind.words} of {_place_of(self._connection, kind, told.scope)}"
        difference = f"{where}: {first_difference(held, found)} since event {told.sequence}"
        yield Misfit(difference, told.sequence, kind.tables[0].name, str(told.scope))

    def _statement(self, sequence: int, section: str) -> dict[str, Any]:
        """Read again what an event tells, for those few of which more than a hash is wanted."""
        event = chain.stored_event(self._connection, sequence)
        return dict(json.loads(event.payload).get(section, {})) if event else {}


def _place_of(connection: Connection, kind: Kind, scope: Any) -> str:
    """Name the document or revision that a seal is of."""
    of_document = kind.scope.name == "document_id"
    query = select(*raw(documents.c.name))
    if not of_document:
        query = query.join(revisions)
    named = (
        connection.execute(query.where((documents if of_document else revisions).c.id == scope)).first() if isinstance(scope, int) else None
    )
    name = f" ({one_line(str(named[0]))})" if named else ""
    return f"{'document' if of_document else 'revision'} {one_line(str(scope))}{name}"


def _lost_citations(connection: Connection) -> Iterator[Misfit]:
    """Citations of no claim: no seal covers those."""
    lost = select(*raw(citations.c.claim_id, citations.c.ordinal)).where(citations.c.claim_id.not_in(select(claims.c.id)))
    for claim_id, ordinal in connection.execute(lost.order_by(citations.c.claim_id, citations.c.ordinal)):
        key = one_line(f"{claim_id}:{ordinal}")
        yield Misfit(f"citations {key} was added: there is no such claim", table="citations", key=key)


def _words(connection: Connection) -> Iterator[Misfit]:
    """The small tables of words hold what the schema says, and nothing else."""
    for name, words in schema.WORDS.items():
        table = schema.metadata.tables[name]
        standing = {row[0]: row[1] for row in connection.execute(select(*raw(*table.columns)))}
        for word in dict.fromkeys((*words, *standing)):
            if word in words and standing.get(word) == words[word]:
                continue
            what = "is gone" if word not in standing else "was changed: meaning" if word in words else "was added"
            yield Misfit(f"{name} {one_line(str(word))} {what}", table=name, key=one_line(str(word)))
