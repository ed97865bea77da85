"""The trail is a chain, decisions and events are only ever added, and a status is what the decisions say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from verify.model import Claim, Draft, Event, Extraction, Layout, Status
from verify.store import Ledger, claims, decisions, documents, maintenance, open_ledger, trail

NOON = datetime(2024, 12, 8, 12, 0, 0, 123456, tzinfo=UTC)


def _append(ledger: Ledger, *subjects: str) -> list[Event]:
    with ledger.write() as connection:
        return [
            trail.append(connection, at=NOON, reviewer="Åsa", action="decide", subject=subject, payload={"z": 1, "a": [None, "„ü”", True]})
            for subject in subjects
        ]


def test_events_are_chained(any_ledger: Ledger):
    """Each names the hash of the one before; the head is the last; they come back as they were written."""
    written = _append(any_ledger, "claim 1", "claim 2", "claim 1")
    with any_ledger.read() as connection:
        head = trail.head(connection)

        assert written == trail.events(connection)
        assert [1, 2, 3] == [event.sequence for event in written]
        assert ["", written[0].hash, written[1].hash] == [event.previous_hash for event in written]
        assert (3, written[2].hash, NOON) == (head.sequence, head.hash, head.at)
        assert written[1:2] == trail.events(connection, after=1, limit=1)
        assert [written[2]] == trail.events(connection, after=1, subject="claim 1")


def test_hash_can_be_derived_by_hand(ledger: Ledger):
    """From the fields alone, with nothing of ours but the rule in the docstring."""
    first, second = _append(ledger, "claim 1", 'claim "2"')
    spelled = (
        '[2,"2024-12-08T12:00:00.123456Z","Åsa","decide","claim \\"2\\"",'
        + json.dumps(second.payload, ensure_ascii=False)
        + f',"{first.hash}"]'
    )

    assert '{"a":[null,"„ü”",true],"z":1}' == second.payload
    assert "sha256:" + hashlib.sha256(spelled.encode()).hexdigest() == second.hash


@pytest.mark.parametrize("name", [field.name for field in fields(Event) if field.name != "hash"])
def test_hash_covers_every_field(ledger: Ledger, name: str):
    (event,) = _append(ledger, "claim 1")
    other = {"sequence": 2, "at": NOON.replace(microsecond=123457)}.get(name, "other")

    assert event.hash != trail.event_hash(replace(event, **{name: other}))


@pytest.mark.parametrize("payload", [{"a": float("nan")}, {"a": float("inf")}, {"a": {1}}, {"a": NOON}])
def test_payload_is_json(ledger: Ledger, payload: dict):
    """What JSON has not is a bug, and leaves no event."""
    with pytest.raises((TypeError, ValueError)), ledger.write() as connection:
        trail.append(connection, at=NOON, reviewer="", action="", subject="", payload=payload)
    with ledger.read() as connection:
        assert 0 == trail.head(connection).sequence


def _claim(ledger: Ledger, name: str) -> int:
    claim = Claim(1, "It rained.", 0, 10, 0, 10)
    with ledger.write() as connection:
        document = documents.add_document(connection, name=name, title="", origin="-")
        extraction = Extraction(Layout.TRAILING, "", (claim,))
        revision = documents.add_revision(
            connection, document.id, draft=Draft("It rained.", ()), extraction=extraction, sha256=name, at=NOON
        )
        claims.write_reading(connection, document.id, revision.id, [(None, claim)], [], at=NOON)
        return claims.held_claims(connection, document.id)[0][0]


CHANGES = [
    "UPDATE events SET payload = '{}'",
    "UPDATE events SET sequence = 7",
    "DELETE FROM events",
    "DELETE FROM events WHERE sequence = 1",
    "UPDATE decisions SET status = 'disputed'",
    "DELETE FROM decisions",
]
SQLITE_CHANGES = [
    "INSERT OR REPLACE INTO events SELECT sequence, at, 'eve', action, subject, payload, previous_hash, hash FROM events",
    "REPLACE INTO decisions SELECT id, claim_id, 'disputed', reviewer, note, decided_at, text_sha256, citation_labels, undoes FROM decisions",
    "UPDATE OR IGNORE decisions SET note = 'x'",
]
POSTGRES_CHANGES = ["TRUNCATE events", "TRUNCATE decisions CASCADE"]


def _refuses(ledger: Ledger, statement: str) -> None:
    claim_id = _claim(ledger, "a")
    _append(ledger, "claim 1")
    with ledger.write() as connection:
        decisions.add_decision(connection, claim_id, status=Status.VERIFIED, reviewer="ada", at=NOON)

    with pytest.raises(DBAPIError, match="append-only"), ledger.write() as connection:
        connection.exec_driver_sql(statement)
    with ledger.read() as connection:
        assert 1 == trail.head(connection).sequence
        assert [Status.VERIFIED] == [each.status for each in claims.dossiers(connection, claims.ClaimQuery())[0].decisions]


@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_said_stays(any_ledger: Ledger, statement: str):
    """The database itself refuses to change or delete an event or a decision, whoever asks."""
    _refuses(any_ledger, statement)


@pytest.mark.parametrize("statement", SQLITE_CHANGES)
def test_what_was_said_is_not_replaced(ledger: Ledger, statement: str):
    """SQLite's REPLACE deletes without asking the trigger on DELETE."""
    _refuses(ledger, statement)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", POSTGRES_CHANGES)
def test_what_was_said_is_not_cut_off(postgres_target: str, statement: str):
    """PostgreSQL's TRUNCATE asks no trigger of rows."""
    with open_ledger(postgres_target, create=True) as ledger:
        _refuses(ledger, statement)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with open_ledger(tmp_path_factory.mktemp("shared") / "verify.db", create=True) as opened:
        yield opened


STEPS = st.lists(st.one_of(st.sampled_from(Status), st.just("undo"), st.integers(0, 9)), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_status_is_what_the_decisions_say(shared: Ledger, steps: list):
    """After any sequence of decisions and undos (of the last one, or of any that stands) the column, the view and the replay agree."""
    with shared.read() as connection:
        number = len(documents.all_documents(connection))
    claim_id = _claim(shared, f"document {number}")
    standing: list = []
    with shared.write() as connection:
        for step in steps:
            common = {"reviewer": "ada", "at": NOON}
            if isinstance(step, Status):
                standing.append(decisions.add_decision(connection, claim_id, status=step, **common))
            elif standing:
                taken = standing.pop(-1 if step == "undo" else step % len(standing))
                decisions.add_decision(connection, claim_id, undoes=taken.id, **common)
    expected = standing[-1].status if standing else Status.UNVERIFIED
    with shared.read() as connection:
        found = claims.dossier(connection, claim_id)
        seen = connection.exec_driver_sql("SELECT status, stale FROM claim_overview WHERE claim_id = ?", (claim_id,)).one()
        column = [each.id for each in claims.dossiers(connection, claims.ClaimQuery(status=(expected,), claim_ids=(claim_id,)))]
        last = decisions.last_decision(connection, claim_id)

    assert found is not None
    assert (expected, [claim_id], (str(expected), 0)) == (found.status, column, tuple(seen))
    assert ((claim_id, standing[-1]) if standing else None) == last
    assert [] == maintenance.check(shared.name)
