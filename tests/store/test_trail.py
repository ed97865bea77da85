"""The trail is a chain, it takes down every row that is written, and what was said is only ever added to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from verify.errors import LedgerError, UsageError
from verify.model import Claim, Event, SourceKind, Status, TrailHead
from verify.model import Identifier as Named
from verify.store import Ledger, claims, decisions, documents, journal, open_ledger, queue, replay, schema, sources, trail
from verify.store.journal import row_hash

NOON = datetime(2024, 12, 8, 12, 0, 0, 123456, tzinfo=UTC)
RAIN = Claim(1, "It rained.", 0, 10, 0, 10)


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


@pytest.mark.parametrize("payload", [{"a": float("nan")}, {"a": float("inf")}, {"a": {1}}, {"a": NOON}, {"rows": {}}, {"seals": 1}])
def test_payload_is_json(ledger: Ledger, payload: dict):
    """What JSON has not is a bug, and so are facts called like the parts that tell of rows; neither leaves an event."""
    with pytest.raises((TypeError, ValueError)), ledger.write() as connection:
        trail.append(connection, at=NOON, reviewer="", action="", subject="", payload=payload)
    with ledger.read() as connection:
        assert 0 == trail.head(connection).sequence


def test_head_is_spelled_and_read(ledger: Ledger):
    """As "sequence:hash", the empty trail as "0:"; anything else is refused with the form that was wanted."""
    (event,) = _append(ledger, "s")
    with ledger.read() as connection:
        head = trail.head(connection)

    assert f"1:{event.hash}" == trail.head_text(head)
    assert (TrailHead(1, event.hash), TrailHead(0, "")) == (trail.head_of(f" 1:{event.hash}\n"), trail.head_of("0:"))
    for wrong in (
        "",
        "1",
        "1:",
        "0",
        f":{event.hash}",
        f"01:{event.hash}",
        f"1:{event.hash[:-1]}",
        f"1:md5:{'0' * 64}",
        f"-1:{event.hash}",
    ):
        with pytest.raises(UsageError, match="is no head of a trail"):
            trail.head_of(wrong)


def test_changes_without_an_event_are_kept_by_nobody(any_ledger: Ledger):
    """The transaction fails, and leaves nothing."""
    with pytest.raises(RuntimeError, match="without an event"), any_ledger.write() as connection:
        documents.add_document(connection, name="a", title="", origin="-")

    with any_ledger.read() as connection:
        assert [] == documents.all_documents(connection)


def _facts(ledger: Ledger) -> dict:
    with ledger.read() as connection:
        return json.loads(trail.events(connection)[-1].payload)


def test_event_spells_rows_out(any_ledger: Ledger, writing):
    """Every column of each, as it stands then: a time as the ledger has it, a yes or no as such, bytes and long text by length and hash."""
    long, content = "ä" * 1001, b"\x00\xff"
    with writing(any_ledger) as connection:
        source, _ = sources.put_source(connection, Named(SourceKind.URL, "https://a.example/", ""), title="x" * 1000)
        row = {"source_id": source.id, "sha256": "ab", "media_type": "", "content": content, "text": long, "origin": ""}
        journal.insert_row(connection, schema.snapshots, {**row, "retrieved_at": NOON})
    told = _facts(any_ledger)["rows"]

    assert {"1": {"canonical": "https://a.example/", "csl": "{}", "id": 1, "kind": "url", "no_text_why": "", "title": "x" * 1000}} == told[
        "sources"
    ]
    spelled = {
        **row,
        "id": 1,
        "retrieved_at": "2024-12-08T12:00:00.123456Z",
        "content": {"bytes": 2, "sha256": hashlib.sha256(content).hexdigest()},
        "text": {"characters": 1001, "sha256": hashlib.sha256(long.encode()).hexdigest()},
    }
    assert {**told["snapshots"]["1"], **spelled} == told["snapshots"]["1"]
    assert schema.snapshots.c.keys() == sorted(told["snapshots"]["1"], key=schema.snapshots.c.keys().index)


def test_no_two_values_are_spelled_alike():
    """Else one could take the place of the other unseen: a text that reads like the spelling of a longer one, bytes like text, a number like a yes."""
    long = "x" * 1001
    values = [long, long.encode(), json.dumps(journal.spelled(long)), "", b"", None, 0, "0", float("inf"), "inf", float("-inf"), 0.5]

    assert len(values) == len({json.dumps(journal.spelled(value)) for value in values})


def test_event_keeps_the_hashes_of_many_rows(any_ledger: Ledger, writing, take):
    """More than fifty of one table are told by hash; a row that was changed twice as it stands at the end."""
    with writing(any_ledger) as connection:
        (claim,) = take(connection, [RAIN]).claims
    with writing(any_ledger) as connection:
        for n in range(51):
            decisions.raise_flag(connection, claim, reason=str(n), reviewer="ada", at=NOON)
        decisions.resolve_flags(connection, claim, ids=[1], reviewer="bob", at=NOON, resolution="seen")
    facts = _facts(any_ledger)
    with any_ledger.read() as connection:
        first = connection.execute(schema.flags.select().where(schema.flags.c.id == 1)).one()

    assert "rows" not in facts
    assert {str(n) for n in range(1, 52)} == facts["hashes"]["flags"].keys()
    assert row_hash("flags", journal.spelled_row(schema.flags, first._mapping)) == facts["hashes"]["flags"]["1"]
    assert "seen" == first.resolution


def test_event_tells_what_was_removed(any_ledger: Ledger, writing, take):
    """By key, colons between its columns; a row that came and went leaves only that it went."""
    with writing(any_ledger) as connection:
        (claim,) = take(connection, [RAIN]).claims
        queue.skip(connection, claim, "ada:b", at=NOON)
    with writing(any_ledger) as connection:
        queue.take(connection, claim, "ada", at=NOON, until=NOON)
        queue.end_leases(connection, [claim])
        queue.end_skips(connection, [claim], "ada:b")

    assert {"leases": ["1"], "skips": ["1:ada:b"]} == _facts(any_ledger)["removed"]
    with any_ledger.read() as connection:
        assert () == replay.verify(connection).misfits


def test_reading_is_sealed(any_ledger: Ledger, writing, take):
    """One digest over the claims of a document, whatever their number."""
    rows = [replace(RAIN, ordinal=n, text=f"It rained {n} times.") for n in range(1, 301)]
    with writing(any_ledger) as connection:
        take(connection, rows)
    seals = _facts(any_ledger)["seals"]

    assert {"claims:1", "references:1", "orphans:1"} == seals.keys()
    assert (300, "1-300", 1200) == (seals["claims:1"]["count"], seals["claims:1"]["numbers"], len(seals["claims:1"]["checks"]))
    assert {"count": 0, "numbers": "", "sha256": hashlib.sha256(b"").hexdigest(), "checks": ""} == seals["orphans:1"]


def test_spoilt_entry_is_named(ledger: Ledger):
    """Whoever reads it as an event is told where to look; no traceback."""
    _append(ledger, "s")
    with ledger.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql("UPDATE events SET at = 'yesterday'")
    with pytest.raises(LedgerError, match="entry 1 of the trail was spoilt"), ledger.read() as connection:
        trail.head(connection)


CHANGES = [
    "UPDATE events SET payload = '{}'",
    "UPDATE events SET sequence = 7",
    "DELETE FROM events",
    "DELETE FROM events WHERE sequence = 1",
    "UPDATE decisions SET status = 'disputed'",
    "DELETE FROM decisions",
    "UPDATE decision_texts SET snapshot_id = 2",
    "DELETE FROM decision_texts",
]
SQLITE_CHANGES = [
    "INSERT OR REPLACE INTO events SELECT sequence, at, 'eve', action, subject, payload, previous_hash, hash FROM events",
    "INSERT OR REPLACE INTO decision_texts SELECT decision_id, source_id, 2 FROM decision_texts",
    "UPDATE OR IGNORE decisions SET note = 'x'",
]
POSTGRES_CHANGES = ["TRUNCATE events", "TRUNCATE decisions CASCADE"]


def _refuses(ledger: Ledger, statement: str, writing, take) -> None:
    with writing(ledger) as connection:
        (claim,) = take(connection, [RAIN]).claims
        source, _ = sources.put_source(connection, Named(SourceKind.URL, "https://a.example/", ""))
        row = {"source_id": source.id, "media_type": "", "content": b"", "text": "", "origin": "", "retrieved_at": NOON}
        journal.insert_rows(connection, schema.snapshots, ({**row, "sha256": sha256} for sha256 in "ab"))
        sources.link(connection, document_id=1, claim_id=claim, source_id=source.id, reviewer="ada", at=NOON)
        decisions.add_decision(connection, claim, status=Status.VERIFIED, reviewer="ada", at=NOON)

    with pytest.raises(DBAPIError, match="append-only"), ledger.write() as connection:
        connection.exec_driver_sql(statement)
    with ledger.read() as connection:
        assert 1 == trail.head(connection).sequence
        assert () == replay.verify(connection).misfits


@pytest.mark.parametrize("statement", CHANGES)
def test_what_was_said_stays(any_ledger: Ledger, statement: str, writing, take):
    """The database itself refuses to change or delete an event or a decision, whoever asks."""
    _refuses(any_ledger, statement, writing, take)


@pytest.mark.parametrize("statement", SQLITE_CHANGES)
def test_what_was_said_is_not_replaced(ledger: Ledger, statement: str, writing, take):
    """SQLite's REPLACE deletes without asking the trigger on DELETE."""
    _refuses(ledger, statement, writing, take)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", POSTGRES_CHANGES)
def test_what_was_said_is_not_cut_off(postgres_target: str, statement: str, writing, take):
    """PostgreSQL's TRUNCATE asks no trigger of rows."""
    with open_ledger(postgres_target, create=True) as ledger:
        _refuses(ledger, statement, writing, take)


STEPS = st.lists(st.one_of(st.sampled_from(Status), st.just("undo"), st.integers(0, 9)), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_status_is_what_the_decisions_say(ledger: Ledger, steps: list, writing, take):
    """After any sequence of decisions and undos (of the last one, or of any that stands) the column, the view and the trail agree."""
    standing: list = []
    with writing(ledger) as connection:
        (claim_id,) = take(connection, [RAIN], name=f"document {len(documents.all_documents(connection))}").claims
        for step in steps:
            common = {"reviewer": "ada", "at": NOON}
            if isinstance(step, Status):
                standing.append(decisions.add_decision(connection, claim_id, status=step, **common))
            elif standing:
                taken = standing.pop(-1 if step == "undo" else step % len(standing))
                decisions.undo_decision(connection, claim_id, taken.id, **common)
    expected = standing[-1].status if standing else Status.UNVERIFIED
    with ledger.read() as connection:
        found = claims.dossier(connection, claim_id)
        seen = connection.exec_driver_sql("SELECT status, stale FROM claim_overview WHERE claim_id = ?", (claim_id,)).one()
        column = [each.id for each in claims.dossiers(connection, claims.ClaimQuery(status=(expected,), claim_ids=(claim_id,)))]
        last = decisions.last_decision(connection, claim_id)

        assert () == replay.verify(connection).misfits
    assert found is not None
    assert (expected, [claim_id], (str(expected), 0)) == (found.status, column, tuple(seen))
    assert ((claim_id, standing[-1]) if standing else None) == last
