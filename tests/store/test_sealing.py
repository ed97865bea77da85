"""A ledger that comes from an older schema is sealed as it stands: from there on everything in it is covered by the trail."""

# ruff: noqa: S608 - statements for both databases

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from alembic import command
from tampering import NOON, attacked, events_of, messages

from verify.model import Event
from verify.store import Connection, engines, ledger, maintenance, migrate, open_ledger, replay, schema, trail
from verify.store.columns import canonical_json

TIME = "2024-12-08T12:00:00.123456Z"
ROWS = f"""
INSERT INTO documents (id, name, title, origin) VALUES (1, 'weather', '', '-'), (4, 'news', '', '-')
INSERT INTO revisions (id, document_id, sequence, sha256, origin_revision, format, encoding, layout, layout_why, text, skipped, ingested_at)
  VALUES (1, 1, 1, 'ab', '', 'text', 'utf-8', 'trailing', '', '', '{{}}', '{TIME}'), (2, 1, 2, 'cd', '', 'text', 'utf-8', 'trailing', '', '', '{{}}', '{TIME}')
INSERT INTO claims (id, document_id, revision_id, first_revision_id, ordinal, section, text, text_sha256, start_offset, end_offset, paragraph_start,
  paragraph_end, covered, citation_labels, status, absent)
  VALUES (1, 1, 2, 1, 1, '', 'It rained.', 'cd', 0, 10, 0, 10, false, '["1"]', 'verified', false)
INSERT INTO citations (claim_id, ordinal, label, kind, start_offset, end_offset, covers_start, covers_end, locator)
  VALUES (1, 1, '1', 'citation', 10, 13, 0, 10, '')
INSERT INTO orphan_markers (revision_id, ordinal, start_offset, end_offset, printed, kind, labels, why) VALUES (1, 1, 7, 9, '[9]', 'citation', '["9"]', '')
INSERT INTO sources (id, kind, canonical, title, csl, no_text_why) VALUES (1, 'url', 'https://a.example/', 'Rain', '{{}}', '')
INSERT INTO snapshots (id, source_id, sha256, media_type, content, text, origin, retrieved_at) VALUES (1, 1, 'ef', 'text/plain', '', 'It did rain.', '', '{TIME}')
INSERT INTO decisions (id, claim_id, status, reviewer, note, decided_at, text_sha256, citation_labels, undoes) VALUES (1, 1, 'verified', 'ada', '', '{TIME}', 'cd', '["1"]', NULL)
"""
"""What a ledger of the schemas before the first covered one held, in statements that both databases know."""
FLAGS = 1100


def _statements() -> Iterable[str]:
    yield from ROWS.strip().replace("\n  ", " ").split("\n")
    flags = ", ".join(
        f"({n}, 1, 'person', 'review', '{n}', 'ada', false, '', 0, 0, '', '{TIME}', '', NULL, '')" for n in range(1, FLAGS + 1)
    )
    columns = "id, claim_id, origin, name, reason, reviewer, in_text, printed, start_offset, end_offset, tag_date, raised_at, resolved_by, resolved_at, resolution"
    yield f"INSERT INTO flags ({columns}) VALUES {flags}"


def _made(target: str, revision: str, statements: Iterable[str], *payloads: dict) -> str:
    """A ledger of an older schema, with events whose chain fits."""
    place = engines.target_of(target)
    with ledger.reached(place, create=True) as (engine, _), engines.for_writing(engine) as connection, connection.begin():
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.exec_driver_sql(statement)
        _write_events(connection, payloads)
    return target


def _write_events(connection: Connection, payloads: Iterable[dict]) -> None:
    last = ""
    for sequence, payload in enumerate(payloads, 1):
        event = Event(sequence, NOON, "ada", "done", "document:1", canonical_json(payload), last, "")
        last = trail.event_hash(event)
        values = (sequence, NOON, event.reviewer, event.action, event.subject, event.payload, event.previous_hash, last)
        connection.execute(schema.events.insert().values(dict(zip(schema.events.c.keys(), values, strict=True))))


@pytest.fixture
def upgraded(any_target: str) -> str:
    """A ledger of the second schema, upgraded."""
    _made(any_target, "0002", _statements(), {"claims": 1}, {"claims": [1]})

    assert ("0002", schema.HEAD) == maintenance.upgrade(any_target, at=NOON)
    return any_target


def test_upgraded_ledger_fits(upgraded: str):
    """Its old events are in the chain, and everything that stands is told of."""
    with open_ledger(upgraded) as opened, opened.read() as connection:
        found = replay.verify(connection, most=replay.MOST)

    assert () == found.misfits
    assert found.rows > FLAGS


def test_it_is_sealed_by_events_of_the_upgrade(upgraded: str):
    """One a document with its seals, then the single rows, a thousand at most an event: spelled out where they are few, by hash where many."""
    with open_ledger(upgraded) as opened:
        events = events_of(opened)[2:]
    facts = [json.loads(event.payload) for event in events]

    assert {("verify", "ledger.sealed", "ledger", TIME)} == {(e.reviewer, e.action, e.subject, e.at) for e in events}
    assert {("0002", schema.HEAD)} == {(f["from"], f["to"]) for f in facts}
    assert [1, 4] == [f["document"] for f in facts[:2]]
    assert {"claims:1", "references:1", "orphans:1", "orphans:2", "appearances:1", "appearances:2", "relations:1", "relations:2"} <= set(
        facts[0]["seals"]
    )
    assert {"claims:4", "references:4"} <= set(facts[1]["seals"])
    assert all(facts[2]["rows"][table] for table in ("documents", "revisions", "sources", "snapshots"))
    assert FLAGS == sum(len(f.get("hashes", {}).get("flags", {})) + len(f.get("rows", {}).get("flags", {})) for f in facts)
    stated = [sum(len(held) for part in ("rows", "hashes") for held in f.get(part, {}).values()) for f in facts[2:]]
    assert stated == [f["stated"] for f in facts[2:]]
    assert 1000 == stated[0] == max(stated)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE claims SET text = 'It hailed.'", "claims of document 1 (weather): row 1 was changed since event 3"),
        ("UPDATE citations SET label = '2'", "claims of document 1 (weather): row 1 was changed since event 3"),
        ("DELETE FROM orphan_markers", "orphan markers of revision 1 (weather): row 1 is gone since event 3"),
        ("UPDATE flags SET reason = 'x' WHERE id = 1099", "flags 1099 was changed since event 6"),
        ("UPDATE flags SET reason = 'x' WHERE id = 7", "flags 7 was changed since event 5"),
        ("UPDATE documents SET title = 'x' WHERE id = 4", "documents 4 was changed since event 5: title"),
        ("DELETE FROM sources", "sources 1 is gone, though event 5 tells of it"),
        ("UPDATE events SET payload = '{}' WHERE sequence = 1", "event 1 was changed: its hash does not fit"),
    ],
)
def test_changes_after_the_upgrade_show(upgraded: str, change: str, message: str):
    with open_ledger(upgraded) as opened:
        assert message == messages(attacked(opened, change))[0]


def test_upgrade_of_an_upgraded_ledger_adds_nothing(upgraded: str):
    with open_ledger(upgraded) as opened:
        before = events_of(opened)

        assert (schema.HEAD, schema.HEAD) == maintenance.upgrade(upgraded, at=NOON)
        assert before == events_of(opened)


def test_empty_ledger_needs_no_seal(any_target: str):
    _made(any_target, "0002", ())
    maintenance.upgrade(any_target, at=NOON)
    with open_ledger(any_target) as opened:
        assert [] == events_of(opened)


SOURCE = {"canonical": "https://a.example/", "csl": "{}", "id": 1, "kind": "url", "no_text_why": "", "title": "Rain"}
SNAPSHOT = {
    "content": {"bytes": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    "id": 1,
    "media_type": "text/plain",
    "origin": "",
    "retrieved_at": TIME,
    "sha256": "ef",
    "source_id": 1,
    "text": "It did rain.",
}


def test_only_what_the_upgrade_changed_is_stated_anew(any_target: str):
    """What was told of the others goes on to count: what was changed in them before the upgrade still shows after it."""
    content = "X''" if "://" not in any_target else "''"
    rows = [
        statement.replace("'text/plain', ''", f"'text/plain', {content}")
        for statement in ROWS.strip().split("\n")
        if " INTO s" in statement
    ]
    _made(any_target, "0003", rows, {"rows": {"sources": {"1": {**SOURCE, "title": "Snow"}}, "snapshots": {"1": SNAPSHOT}}})
    maintenance.upgrade(any_target, at=NOON)
    with open_ledger(any_target) as opened, opened.read() as connection:
        found = replay.verify(connection, most=replay.MOST)
        [first, sealed] = events_of(opened)

    assert ["sources 1 was changed since event 1: title"] == messages(found)
    assert ("0003", {"snapshots"}) == (json.loads(sealed.payload)["from"], set(json.loads(sealed.payload)["rows"]))
    assert 1 == first.sequence
