"""Visits to sources, as they were made: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from verify.model import Identifier, Snapshot, SourceKind
from verify.store import Ledger, fetches, sources
from verify.store.fetches import Visit

URL = Identifier(SourceKind.URL, "https://example.org/1", "")
OTHER = Identifier(SourceKind.URL, "https://example.org/2", "")


def visit(source_id: int, at: datetime, **facts) -> Visit:
    return Visit(source_id, at, "https://example.org/1", **facts)


@pytest.fixture
def page(noon: datetime) -> Snapshot:
    return Snapshot(0, "ab" * 32, "text/plain", b"\x00body", "A text.", "https://example.org/1", noon)


def test_visits_come_back_whole(any_ledger: Ledger, writing, noon: datetime, page: Snapshot):
    """With every hop and header, by source, oldest first."""
    with writing(any_ledger) as connection:
        one, other = (sources.put_source(connection, identifier)[0].id for identifier in (URL, OTHER))
        snapshot = sources.put_snapshot(connection, one, page)
        made = [
            visit(one, noon, failure="no_name", error="example.org has no address"),
            visit(
                one,
                noon + timedelta(days=1),
                reached="https://example.org/új",
                status=200,
                redirects=(("https://example.org/1", 301, "/új"),),
                headers={"etag": '"x\x1b"', "content-type": "text/plain"},
                elapsed_ms=17,
                is_free=False,
                sha256=page.sha256,
                snapshot_id=snapshot.id,
            ),
            visit(other, noon, status=200, not_found='the page is titled "Not found"', is_free=True),
        ]
        ids = [fetches.add_visit(connection, each) for each in made]
        stored = [replace(each, id=id_) for each, id_ in zip(made, ids, strict=True)]

        assert {one: stored[:2], other: stored[2:]} == fetches.visits_to(connection)
        assert {other: stored[2:]} == fetches.visits_to(connection, [other])
        assert {} == fetches.visits_to(connection, [])


def test_bodies_are_those_that_came(any_ledger: Ledger, writing, noon: datetime, page: Snapshot):
    """Of an unchanged page, an error page and of other bytes with the same text none is held; who was not reached answered nothing."""
    with writing(any_ledger) as connection:
        one = sources.put_source(connection, URL)[0].id
        held = sources.put_snapshot(connection, one, page).id
        for facts in (
            {"status": 200, "sha256": page.sha256, "snapshot_id": held},
            {"status": 304, "snapshot_id": held},
            {"status": 404, "sha256": "cd" * 32},
            {"status": 200, "sha256": "ef" * 32, "snapshot_id": held},
            {"failure": "timeout"},
        ):
            fetches.add_visit(connection, visit(one, noon, **facts))

        assert [(200, b"\x00body"), (304, b""), (404, b""), (200, b"")] == [
            (each.status, body) for each, body in fetches.captured(connection, [one])
        ]
        assert [] == list(fetches.captured(connection, [99]))


@pytest.mark.parametrize("statement", ["UPDATE fetches SET status = 200", "DELETE FROM fetches"])
def test_visits_are_only_ever_added(any_ledger: Ledger, writing, noon: datetime, statement: str):
    with writing(any_ledger) as connection:
        fetches.add_visit(connection, visit(sources.put_source(connection, URL)[0].id, noon, status=404))
    with pytest.raises(DBAPIError, match="append-only"), any_ledger.write() as connection:
        connection.exec_driver_sql(statement)
