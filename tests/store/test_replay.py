"""Whatever is changed in a row behind the program's back shows, in any column of any table. And nothing shows where nothing was changed."""

# ruff: noqa: S608 - attackers put statements together

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.exc import IntegrityError
from tampering import another_row, attacked, events_of, fill, messages, other_value, rewrite_history

from verify.errors import LedgerError
from verify.model import TrailHead
from verify.store import Connection, Ledger, chain, open_ledger, replay, schema
from verify.store.columns import UtcTime
from verify.store.replay import row_tables
from verify.store.seals import KINDS


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, take: Callable) -> Iterator[Ledger]:
    """A ledger with rows in every table, in an SQLite file; attacks on it are taken back."""
    with open_ledger(tmp_path_factory.mktemp("held") / "verify.db", create=True) as ledger:
        fill(ledger, take)
        yield ledger


@pytest.fixture(scope="module")
def held_elsewhere(new_postgres: Callable[[], str], take: Callable) -> Iterator[Ledger]:
    """The same on PostgreSQL."""
    with open_ledger(new_postgres(), create=True) as ledger:
        fill(ledger, take)
        yield ledger


def _is_clean(ledger: Ledger) -> None:
    with ledger.read() as connection:
        found = replay.verify(connection, most=replay.MOST)
        events = list(chain.stored(connection))

    assert () == found.misfits
    assert (True, True, len(events)) == (found.chain_fits, found.complete, found.events)
    assert TrailHead(len(events), events[-1].hash) == found.head
    assert found.rows > 80


def test_untouched_ledger_fits(held: Ledger):
    _is_clean(held)


@pytest.mark.postgres
def test_untouched_ledger_fits_elsewhere(held_elsewhere: Ledger):
    _is_clean(held_elsewhere)


def test_empty_ledger_fits(any_ledger: Ledger):
    with any_ledger.read() as connection:
        found = replay.verify(connection, expect=TrailHead(0, ""))

    assert ((), TrailHead(0, ""), 0) == (found.misfits, found.head, found.events)


def test_every_table_is_looked_at(held: Ledger):
    """A table that is added is covered row by row until somebody seals it; and stands in what these tests attack."""
    more = MetaData()
    for table in schema.metadata.tables.values():
        table.to_metadata(more)
    Table("omens", more, Column("id", Integer, primary_key=True))
    sealed = [table.name for kind in KINDS.values() for table in kind.tables]
    by_row = [table.name for table in row_tables(schema.metadata)]

    assert [*by_row, "omens"] == [table.name for table in row_tables(more)]
    assert sorted([*by_row, *sealed, *schema.WORDS, "events"]) == sorted(schema.metadata.tables)
    with held.read() as connection:
        assert [] == [name for name in schema.metadata.tables if not connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()]


COLUMNS = [(table.name, column.name) for table in schema.metadata.tables.values() for column in table.columns]
COVERED = {table.name: kind.tables[0].name for kind in KINDS.values() for table in kind.tables}
"""What stands for a sealed table in what is said of it: citations are sealed with their claims."""


def _spoilt(column: Column) -> str:
    """SQL for a value that the ledger never has there: bytes that are no text, text for bytes, text for a number."""
    if isinstance(column.type, Text | UtcTime):
        return "CAST(x'ff' AS TEXT)"
    return f"CAST({column.name} AS TEXT)" if isinstance(column.type, LargeBinary) else "'many'"


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column}" for table, column in COLUMNS])
def test_changed_column_shows(held: Ledger, table: str, column: str):
    """In any column, another value or one that is none: as a misfit that names its table, or its event, and never a traceback."""
    declared = schema.metadata.tables[table].c[column]
    shown = 0
    for value in (other_value(declared), _spoilt(declared)):
        try:
            found = attacked(held, f"UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})")
        except (IntegrityError, LedgerError):
            continue  # SQLite itself refuses: no key of its own can be text
        named = {misfit.table or "events" for misfit in found.misfits}
        assert COVERED.get(table, table) in named or (table, column) == ("citations", "claim_id"), f"{column} = {value}"
        shown += 1

    assert shown


ROWS = [name for name in schema.metadata.tables if name != "events"]


@pytest.mark.parametrize("table", ROWS)
def test_removed_row_shows(held: Ledger, table: str):
    found = attacked(held, f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")

    assert COVERED.get(table, table) in {misfit.table for misfit in found.misfits}


@pytest.mark.parametrize("table", ROWS)
def test_added_row_shows(held: Ledger, table: str):
    found = attacked(held, another_row(schema.metadata.tables[table]))

    assert {table, COVERED.get(table, table)} & {misfit.table for misfit in found.misfits}


def test_changed_column_is_named(held: Ledger):
    """Where the event spells the row out; where it keeps a hash, the row and the event."""
    found = attacked(held, "UPDATE flags SET reason = 'x', resolved_by = 'y' WHERE id IN (2, 5)")
    first = found.misfits[0]

    assert ["flags 2 was changed since event 7: reason, resolved_by", "flags 5 was changed since event 6"] == messages(found)
    assert (7, "flags", "2", ("reason", "resolved_by")) == (first.event, first.table, first.key, first.columns)


def test_spelling_does_not_take_the_place_of_what_it_spells(held: Ledger):
    """Bytes are told by their hash: a text that reads like what is told of them is another value all the same."""

    def respell(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE snapshots SET content = ?", (json.dumps({"bytes": 10, "sha256": "ab"}),))

    assert ["snapshots 1 was changed since event 2: content"] == messages(attacked(held, then=respell))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE claims SET text = 'It hailed.' WHERE id = 1", "claims of document 1 (report): row 1 was changed since event 9"),
        ("DELETE FROM claims WHERE id = 3", "claims of document 1 (report): row 3 is gone since event 9"),
        ("UPDATE claims SET id = 9 WHERE id = 3", "claims of document 1 (report): row 3 is gone since event 9"),
        ("UPDATE claims SET id = -9 WHERE id = 3", "claims of document 1 (report): row 0 was added since event 9"),
        ("DELETE FROM citations WHERE ordinal = 2", "claims of document 1 (report): row 1 was changed since event 9"),
        ("UPDATE claims SET document_id = 7 WHERE id = 3", "claims of document 1 (report): row 3 is gone since event 9"),
        ("UPDATE claims SET document_id = 7 WHERE id = 3", "claims of document 7 were added: no event seals them"),
        ("UPDATE claims SET document_id = 'x' WHERE id = 3", "claims of document x were added: no event seals them"),
        ("UPDATE citations SET claim_id = 99 WHERE claim_id = 1", "citations 99:1 was added: there is no such claim"),
        ("DELETE FROM orphan_markers", "orphan markers of revision 1 (report): row 1 is gone since event 1"),
        ("UPDATE appearances SET text = '' WHERE claim_id = 2", "appearances of revision 1 (report): row 2 was changed since event 9"),
        ("UPDATE claims SET status = 'verified' WHERE id = 2", "claim 2 has status verified, but nobody decided on it"),
        ("UPDATE claims SET status = CAST(x'ff' AS TEXT) WHERE id = 1", r"claim 1 has status \udcff, but its decisions say disputed"),
        (
            "UPDATE decisions SET status = 'proven' WHERE id = 1",
            "claim 1 has a decision that cannot be read: 'proven' is not a valid Status",
        ),
        ("UPDATE statuses SET meaning = 'x' WHERE name = 'verified'", "statuses verified was changed: meaning"),
        ("INSERT INTO statuses VALUES ('proven', 'x')", "statuses proven was added"),
        ("DELETE FROM statuses WHERE name = 'verified'", "statuses verified is gone"),
        ("DELETE FROM skips", "skips 1:eve:x is gone, though event 8 tells of it"),
        ("INSERT INTO leases SELECT 2, reviewer, leased_at, expires_at FROM leases", "leases 2 was added: event 8 removed it"),
        ("UPDATE documents SET id = 7", "documents 7 was added: no event tells of it"),
        ("UPDATE documents SET name = 'a' || char(27) || 'b'", "documents 1 was changed since event 1: name"),
        (
            "INSERT INTO decision_texts SELECT decision_id, 2, snapshot_id FROM decision_texts WHERE decision_id = 1",
            "decision_texts 1:2 was added: no event tells of it",
        ),
    ],
)
def test_misfit_says_what_is_wrong(held: Ledger, change: str, message: str):
    """Table, row and document, and the event that tells otherwise."""
    assert message in messages(attacked(held, change))


def test_first_misfit_ends_it_unless_more_are_asked_for(held: Ledger):
    """It stops there, and says so; as many are listed as were asked for."""
    changes = ("UPDATE flags SET reason = 'x'", "UPDATE documents SET title = 'x'")
    one, two, many = (attacked(held, *changes, most=most) for most in (1, 2, replay.MOST))

    assert ["documents 1 was changed since event 1: title"] == messages(one)
    assert [*messages(one), "flags 1 was changed since event 1: reason"] == messages(two)
    assert (62, True, False) == (len(many.misfits), many.complete, one.complete)


ELSEWHERE = [
    ("UPDATE events SET reviewer = 'eve' WHERE sequence = 3", "event 3 was changed: its hash does not fit"),
    ("UPDATE events SET at = at + interval '1 microsecond' WHERE sequence = 3", "event 3 was changed: its hash does not fit"),
    ("UPDATE events SET at = 'infinity' WHERE sequence = 3", "event 3 was changed: its hash does not fit"),
    ("DELETE FROM events WHERE sequence = 1", "event 1 is missing"),
    ("DELETE FROM events WHERE sequence = 6", "event 6 is missing"),
    ("DELETE FROM events WHERE sequence > 8", "revisions 2 was added"),
    ("TRUNCATE events", "documents 1 was added"),
    ("UPDATE documents SET title = 'x'", "documents 1 was changed since event 1: title"),
    ("UPDATE snapshots SET content = content || '\\x00'", "snapshots 1 was changed since event 2: content"),
    ("UPDATE decisions SET decided_at = 'infinity' WHERE id = 1", "decisions 1 was changed since event 4: decided_at"),
    ("UPDATE decisions SET decided_at = '0044-03-15 12:00:00+00 BC' WHERE id = 1", "decisions 1 was changed since event 4: decided_at"),
    ("UPDATE decisions SET decided_at = '20240-12-08 12:00:00+00' WHERE id = 1", "decisions 1 was changed since event 4: decided_at"),
    ("UPDATE source_links SET detached_at = 'infinity' WHERE id = 1", "source_links 1 was changed since event 2: detached_at"),
    ("UPDATE source_links SET detached_at = NULL WHERE id = 2", "source_links 2 was changed since event 3: detached_at"),
    ("UPDATE flags SET in_text = NOT in_text WHERE id = 2", "flags 2 was changed since event 7: in_text"),
    ("UPDATE evidence SET exact = 'x'", "evidence 1 was changed since event 2: exact"),
    ("DELETE FROM leases", "leases 1 is gone, though event 8 tells of it"),
    ("UPDATE skips SET reviewer = 'bob'", "skips 1:bob was added: no event tells of it"),
    ("UPDATE claims SET covered = NOT covered WHERE id = 3", "claims of document 1 (report): row 3 was changed since event 9"),
    (
        "UPDATE citations SET label = '7' WHERE claim_id = 1 AND ordinal = 1",
        "claims of document 1 (report): row 1 was changed since event 9",
    ),
    ("UPDATE claims SET status = 'disputed' WHERE id = 2", "claim 2 has status disputed, but nobody decided on it"),
    (
        "UPDATE document_references SET absent = NOT absent WHERE id = 2",
        "references of document 1 (report): row 2 was changed since event 9",
    ),
    ("UPDATE claim_relations SET kind = 'merged'", "relations of claims of revision 2 (report): row 4 was changed since event 9"),
    ("INSERT INTO statuses VALUES ('proven', 'x')", "statuses proven was added"),
]


@pytest.mark.postgres
@pytest.mark.parametrize(("change", "message"), ELSEWHERE)
def test_changes_show_on_postgresql(held_elsewhere: Ledger, change: str, message: str):
    """Though nothing refused them: keys and triggers stood aside. A time that Python has not is a misfit like any other."""
    assert messages(attacked(held_elsewhere, change))[0].startswith(message)


@pytest.mark.postgres
def test_rewritten_history_shows_on_postgresql(held_elsewhere: Ledger):
    """Only against a head that was kept elsewhere: rows, payloads and hashes all fit again."""
    head = events_of(held_elsewhere)[6]

    assert () == attacked(held_elsewhere, then=rewrite_history).misfits
    assert attacked(held_elsewhere, then=rewrite_history, expect=(TrailHead(head.sequence, head.hash),)).misfits


@pytest.mark.postgres
def test_both_databases_tell_the_same(held: Ledger, held_elsewhere: Ledger):
    """What was done alike has the same events, and so the same head, on either."""
    assert events_of(held) == events_of(held_elsewhere)
