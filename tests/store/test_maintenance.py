"""The care of a ledger: its check notices what does not fit, its copy is whole."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from verify.errors import LedgerError
from verify.model import Citation, Claim, MarkKind, Status
from verify.store import Ledger, claims, decisions, documents, maintenance, open_ledger, trail

CLAIMS = (
    Claim(
        1,
        "It rained.",
        0,
        10,
        0,
        10,
        citations=(Citation("7", 0, 0, 0, 0), Citation("b", 0, 0, 0, 0, MarkKind.NOTE), Citation("7", 0, 0, 0, 0)),
    ),
    Claim(2, "It snowed.", 11, 21, 0, 21),
)


@pytest.fixture
def held(any_ledger: Ledger, writing, take, noon: datetime) -> Ledger:
    """A ledger with two claims, the first of them decided on."""
    with writing(any_ledger) as connection:
        take(connection, CLAIMS, name="weather")
        decisions.add_decision(connection, 1, status=Status.DISPUTED, reviewer="ada", at=noon)
    return any_ledger


def test_sound(held: Ledger, any_target: str):
    with held.read():
        assert [] == maintenance.check(any_target)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE claims SET status = 'verified' WHERE id = 1", "claim 1 has status verified, but its decisions say disputed"),
        ("UPDATE claims SET status = 'verified' WHERE id = 2", "claim 2 has status verified, but nobody decided on it"),
        ("UPDATE claims SET citation_labels = '[]' WHERE id = 1", 'claim 1 lists citations [], but has ["7"]'),
        ("DELETE FROM citations", 'claim 1 lists citations ["7"], but has []'),
        ("UPDATE claims SET citation_labels = '[\"8\"]' WHERE id = 2", 'claim 2 lists citations ["8"], but has []'),
    ],
)
def test_check_notices(held: Ledger, any_target: str, change: str, finding: str):
    """A derived column that was changed behind our back."""
    with held.write() as connection:
        connection.exec_driver_sql(change)

    assert [finding] == maintenance.check(any_target)


def test_check_notices_a_key_to_nowhere(ledger: Ledger):
    with closing(sqlite3.connect(ledger.name, isolation_level=None)) as other:
        other.execute("INSERT INTO document_references VALUES (7, 99, 1, '1', '', '', '', '', '', '', '', '', '', '{}', 1, 0)")

    assert ["document_references row 7 points at a row of documents that is not there"] == maintenance.check(ledger.name)


def test_backup_is_the_ledger(held: Ledger, any_target: str, tmp_path: Path):
    """One SQLite file, sound, with everything in it and the same head, whichever database it comes from."""
    (tmp_path / "copies").mkdir()
    maintenance.backup(any_target, tmp_path / "copies" / "copy.db")

    assert ["copy.db"] == [path.name for path in (tmp_path / "copies").iterdir()]
    assert [] == maintenance.check(tmp_path / "copies" / "copy.db")
    with open_ledger(tmp_path / "copies" / "copy.db") as copy, copy.read() as connection, held.read() as other:
        assert trail.events(other) == trail.events(connection)
        assert claims.dossiers(other, claims.ClaimQuery()) == claims.dossiers(connection, claims.ClaimQuery())


def test_backup_while_others_write(ledger: Ledger, tmp_path: Path, noon: datetime):
    """It holds the ledger as it was between two writes: every event has its document."""
    stop = threading.Event()

    def write() -> None:
        for n in range(10_000):
            if stop.is_set():
                return
            with ledger.write() as connection:
                documents.add_document(connection, name=str(n), title="", origin="-")
                trail.append(connection, at=noon, reviewer="", action="", subject=str(n), payload={})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            maintenance.backup(ledger.name, tmp_path / f"copy {n}.db")
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        with open_ledger(tmp_path / f"copy {n}.db") as copy, copy.read() as connection:
            assert trail.head(connection).sequence == len(documents.all_documents(connection))


@pytest.mark.parametrize(
    ("to", "words"), [("verify.db", "is there already"), ("there", "is there already"), ("no/such/copy.db", "no folder")]
)
def test_backup_overwrites_nothing(ledger: Ledger, tmp_path: Path, to: str, words: str):
    (tmp_path / "there").symlink_to("nowhere")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(LedgerError, match=words):
        maintenance.backup(ledger.name, tmp_path / to)

    assert before == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.postgres
def test_backup_of_another_schema_is_left_to_postgresql(postgres_target: str, tmp_path: Path):
    """Row by row only what this program knows can be copied."""
    import psycopg

    with open_ledger(postgres_target, create=True), psycopg.connect(postgres_target) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(LedgerError, match=r"another schema \(0001\): pg_dump copies it"):
        maintenance.backup(postgres_target, tmp_path / "copy.db")

    assert [] == list(tmp_path.iterdir())
