"""The care of a ledger: its check notices what does not fit, its copy is whole."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from verify.errors import LedgerError
from verify.model import Citation, Claim, Draft, Extraction, Layout, MarkKind, Status
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
def held(any_ledger: Ledger, noon: datetime) -> Ledger:
    """A ledger with two claims, the first of them decided on."""
    with any_ledger.write() as connection:
        document = documents.add_document(connection, name="weather", title="", origin="-")
        extraction = Extraction(Layout.TRAILING, "", CLAIMS)
        revision = documents.add_revision(connection, document.id, draft=Draft("", ()), extraction=extraction, sha256="", at=noon)
        claims.write_reading(connection, document.id, revision.id, [(None, claim) for claim in CLAIMS], [], at=noon)
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
        other.execute("INSERT INTO document_references VALUES (99, 1, '1', '', '', '', '', '', '', '', '', '', '{}')")

    assert ["document_references row 1 points at a row of documents that is not there"] == maintenance.check(ledger.name)


def test_backup_is_the_ledger(ledger: Ledger, tmp_path: Path, noon: datetime):
    """One file, sound, with everything in it."""
    with ledger.write() as connection:
        trail.append(connection, at=noon, reviewer="ada", action="note", subject="s", payload={})
    (tmp_path / "copies").mkdir()
    maintenance.backup(ledger.name, tmp_path / "copies" / "copy.db")

    assert ["copy.db"] == [path.name for path in (tmp_path / "copies").iterdir()]
    assert [] == maintenance.check(tmp_path / "copies" / "copy.db")
    with open_ledger(tmp_path / "copies" / "copy.db") as copy, copy.read() as connection, ledger.read() as other:
        assert trail.events(other) == trail.events(connection)


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
def test_backup_of_postgresql_is_its_own_affair(postgres_target: str, tmp_path: Path):
    with open_ledger(postgres_target, create=True), pytest.raises(LedgerError, match="pg_dump"):
        maintenance.backup(postgres_target, tmp_path / "copy.db")

    assert [] == list(tmp_path.iterdir())
