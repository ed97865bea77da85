"""The chain of the trail: an event that was changed, deleted, swapped or copied is named, and so is a payload that no event can have."""

# ruff: noqa: S608 - attackers put statements together

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tampering import NOON, attacked, chain_again, events_of, fill, messages, other_value, rewrite_history

from verify.model import Claim, TrailHead
from verify.store import Connection, Ledger, chain, decisions, open_ledger, replay, schema, trail


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, take: Callable) -> Iterator[Ledger]:
    """A ledger of ten events; attacks on it are taken back."""
    with open_ledger(tmp_path_factory.mktemp("held") / "verify.db", create=True) as ledger:
        fill(ledger, take)
        yield ledger


@pytest.mark.parametrize("field", chain.Stored._fields)
def test_any_column_of_any_event_shows(held: Ledger, field: str):
    """And the first event that does not fit is the one that was changed, or the gap that it left."""
    for event in events_of(held):
        change = f"UPDATE events SET {field} = {other_value(schema.events.c[field])} WHERE sequence = {event.sequence}"
        first = attacked(held, change).misfits[0]

        if field == "sequence" and event.sequence == 10:
            assert first.message == "event 10 is missing: the trail goes on with event 1010"
        assert f"event {event.sequence} " in first.message


LAST = "(SELECT max(sequence) FROM events)"
HEAD = f"(SELECT hash FROM events WHERE sequence = {LAST})"
REST = "at, reviewer, action, subject, payload"


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["DELETE FROM events WHERE sequence = 1"], "event 1 is missing: the trail goes on with event 2"),
        (["DELETE FROM events WHERE sequence = 5"], "event 5 is missing: the trail goes on with event 6"),
        (["DELETE FROM events WHERE sequence IN (4, 5)"], "event 4 is missing: the trail goes on with event 6"),
        (
            ["DELETE FROM events WHERE sequence = 1", "UPDATE events SET sequence = sequence - 1"],
            "event 1 does not follow the start of the trail",
        ),
        (
            ["DELETE FROM events WHERE sequence = 5", "UPDATE events SET sequence = sequence - 1 WHERE sequence > 5"],
            "event 5 does not follow event 4",
        ),
        (
            [f"UPDATE events SET sequence = {new} WHERE sequence = {old}" for old, new in ((4, 99), (5, 4), (99, 5))],
            "event 4 does not follow event 3",
        ),
        (
            [f"INSERT INTO events SELECT {LAST} + 1, {REST}, previous_hash, hash FROM events WHERE sequence = 4"],
            "event 11 does not follow event 10",
        ),
        (
            [f"INSERT INTO events SELECT {LAST} + 1, {REST}, {HEAD}, hash FROM events WHERE sequence = 4"],
            "event 11 was changed: its hash does not fit",
        ),
        (["UPDATE events SET sequence = 0 WHERE sequence = 1"], "event 0 stands before the first"),
        (["UPDATE events SET hash = 'md5:0' WHERE sequence = 3"], "event 3 has a hash of an unknown algorithm: md5"),
        (["UPDATE events SET hash = '' WHERE sequence = 3"], "event 3 has a hash of an unknown algorithm: "),
        (["UPDATE events SET reviewer = CAST(x'ff' AS TEXT) WHERE sequence = 3"], "event 3 was changed: it holds what no event can"),
        (["UPDATE events SET reviewer = x'ff' WHERE sequence = 3"], "event 3 was changed: its reviewer is no text"),
    ],
)
def test_broken_chain_is_named(held: Ledger, statements: list[str], message: str):
    """Deleted, the gap closed, swapped, copied, another algorithm, no text: the first event that does not fit. Rows are not compared then."""
    found = attacked(held, *statements)

    assert found.misfits[0].message.startswith(message)
    assert (False, 0) == (found.chain_fits, found.rows)


@pytest.mark.parametrize(
    ("kept", "message"), [(0, "documents 1 was added: no event tells of it"), (8, "revisions 2 was added: no event tells of it")]
)
def test_trail_that_was_cut_off_shows_in_the_rows(held: Ledger, kept: int, message: str):
    """The chain that is left fits, but it does not tell of what stands."""
    found = attacked(held, f"DELETE FROM events WHERE sequence > {kept}")

    assert (True, message) == (found.chain_fits, found.misfits[0].message)


def test_chain_made_anew_shows_in_the_rows(held: Ledger):
    """Whoever edits a payload and derives every hash again has told of other rows than those that stand."""

    def edit(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE events SET payload = replace(payload, 'twice', 'thrice')")
        chain_again(connection)

    assert ["decisions 1 was changed since event 4: note"] == messages(attacked(held, then=edit))


def test_history_that_was_rewritten_whole_shows_against_a_head(held: Ledger):
    """Rows, payloads and every hash: nothing in the ledger tells, but a head that was kept elsewhere does."""
    event = events_of(held)[6]
    head = TrailHead(event.sequence, event.hash)
    [against] = messages(attacked(held, then=rewrite_history, expect=(head,)))

    assert () == attacked(held, then=rewrite_history).misfits
    assert against.startswith("event 7 is another one than expected: its hash is sha256:")
    assert () == attacked(held, expect=(head,)).misfits


def test_older_copy_shows_against_a_head(any_ledger: Ledger, take: Callable, writing: Callable):
    """It lacks the event; a longer trail has it still. So does a trail of which another one took its place."""
    with writing(any_ledger) as connection:
        take(connection, [Claim(1, "It rained.", 0, 10, 0, 10)])
    heads = []
    for _ in range(2):
        with any_ledger.read() as connection:
            heads.append(trail.head(connection))
        with writing(any_ledger) as connection:
            decisions.raise_flag(connection, 1, reviewer="ada", at=NOON)
    with any_ledger.read() as connection:
        assert () == replay.verify(connection, expect=heads).misfits
        ahead = replay.verify(connection, expect=TrailHead(9, heads[0].hash))
        other = replay.verify(connection, expect=TrailHead(2, heads[0].hash))

    assert ["event 9 is expected, but the trail ends with event 3: it was cut off, or an older copy put back"] == messages(ahead)
    assert [f"event 2 is another one than expected: its hash is {heads[1].hash}"] == messages(other)


UNCANONICAL = "event 3 was changed: its payload is no canonical JSON object"
IMPOSSIBLE = "event 3 was changed: it holds what no event can"
TELLS = "event 3 tells what no event does: "
NO_ROWS = f"{TELLS}it tells of rows as no event does"
NO_HASH = f"{TELLS}it has a hash of a row that is none"
NO_SEAL = f"{TELLS}it keeps a seal that no event keeps"


def _seal(name: str = "claims:1", **changed: object) -> str:
    parts = {"checks": '""', "count": "0", "numbers": '""', "sha256": '""', **changed}
    return f'{{"seals":{{"{name}":{{' + ",".join(f'"{key}":{value}' for key, value in parts.items()) + "}}}"


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ("[]", UNCANONICAL),
        ("7", UNCANONICAL),
        ('{"a": 1}', UNCANONICAL),
        ('{"b":1,"a":1}', UNCANONICAL),
        ('{"a":1,"a":1}', UNCANONICAL),
        ('{"a":"\\u00e4"}', UNCANONICAL),
        ('{"a":"\\ud800"}', UNCANONICAL),
        ('{"a":1.50}', UNCANONICAL),
        ("{", IMPOSSIBLE),
        ("", IMPOSSIBLE),
        ('{"a":NaN}', IMPOSSIBLE),
        ('{"a":1e999}', IMPOSSIBLE),
        ('{"a":' + "9" * 5000 + "}", IMPOSSIBLE),
        ("[" * 100_000, IMPOSSIBLE),
        ('{"rows":1}', NO_ROWS),
        ('{"rows":{"flags":[]}}', NO_ROWS),
        ('{"rows":{"claims":{"1":{}}}}', f"{TELLS}it tells of single rows of claims, which has none"),
        ('{"hashes":{"omens":{}}}', f"{TELLS}it tells of single rows of omens, which has none"),
        ('{"hashes":{"flags":{"1":"ab"}}}', NO_HASH),
        ('{"hashes":{"flags":{"1":7}}}', NO_HASH),
        ('{"removed":{"flags":7}}', TELLS),
        ('{"removed":{"flags":[7]}}', NO_ROWS),
        ('{"removed":[]}', NO_ROWS),
        ('{"seals":[]}', NO_ROWS),
        ('{"seals":{"claims:1":{}}}', NO_SEAL),
        ('{"seals":{"claims:1":7}}', NO_SEAL),
        (_seal("omens:1"), NO_SEAL),
        (_seal("claims:x"), NO_SEAL),
        (_seal("claims"), NO_SEAL),
        (_seal(count="true"), NO_SEAL),
        (_seal(numbers='"1-"'), NO_SEAL),
        (_seal(numbers='"' + "1" * 50 + '"'), NO_SEAL),
    ],
)
def test_payload_that_no_event_has_is_named(held: Ledger, payload: str, message: str):
    """Though every hash was derived again: it is a misfit, whatever it holds, and no traceback."""

    def put(connection: Connection) -> None:
        connection.execute(schema.events.update().where(schema.events.c.sequence == 3).values(payload=payload))
        chain_again(connection)

    found = attacked(held, then=put)

    assert found.misfits[0].message.startswith(message)
    assert (3, False) == (found.misfits[0].event, found.chain_fits)


def test_seal_over_more_rows_than_there_can_be_takes_no_time(held: Ledger):
    """It is compared row by row, and so only as far as there are rows."""

    def put(connection: Connection) -> None:
        payload = _seal(count="1", numbers='"1-999999999999999999"')
        connection.execute(schema.events.update().where(schema.events.c.sequence == 9).values(payload=payload))
        chain_again(connection)

    assert "claims of document 1 (report): row 1 was changed since event 9" in messages(attacked(held, then=put))


@pytest.mark.parametrize(
    "at",
    [
        "2024-12-08T12:00:00Z",
        "2024-12-08T12:00:00.123456+00:00",
        "2024-12-08 12:00:00.123456Z",
        "2024-13-08T12:00:00.123456Z",
        "2024-12-08T24:00:00.000000Z",
        "٢024-12-08T12:00:00.123456Z",
        "",
        "now",
    ],
)
def test_time_that_no_event_has_is_named(held: Ledger, at: str):
    """A time is spelled in one way only, so that whoever derives the hash of what is exported gets the same."""

    def put(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE events SET at = ? WHERE sequence = 3", (at,))
        chain_again(connection)

    assert "event 3 was changed: its time is not spelled as times are" == messages(attacked(held, then=put))[0]


def test_what_was_told_before_of_rows(any_ledger: Ledger, take: Callable):
    """The last event before that tells of a row, with the row where it spells it out."""
    fill(any_ledger, take)
    with any_ledger.read() as connection:
        found = chain.statements_before(
            connection, 9, [("flags", "2"), ("flags", "1"), ("leases", "2"), ("documents", "1"), ("flags", "99")]
        )
        earlier = chain.statements_before(connection, 7, [("flags", "2")])

    assert {("flags", "2"): 7, ("flags", "1"): 1, ("leases", "2"): 8, ("documents", "1"): 1} == {
        row: event for row, (event, _) in found.items()
    }
    assert ("settled", None) == (found["flags", "2"][1]["resolution"], found["leases", "2"][1])
    assert {("flags", "2"): (6, None)} == earlier


@pytest.mark.postgres
def test_trail_comes_from_the_server_a_little_at_a_time(postgres_target: str, take: Callable):
    """Through a cursor that the server keeps: else the driver would hold all of it. One that is not read to its end is closed."""
    with open_ledger(postgres_target, create=True) as ledger:
        fill(ledger, take)
        with ledger.read() as connection:
            events = chain.stored(connection)
            first = next(events)
            open_then = connection.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar()
            events.close()
            open_now = connection.exec_driver_sql("SELECT count(*) FROM pg_cursors").scalar()

    assert (1, 1, 0) == (first.sequence, open_then, open_now)
