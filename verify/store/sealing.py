"""A ledger that comes from an older schema is sealed: events state its rows as they stand after the upgrade, so that the trail covers them from
there on. What happened to them before, no later event can tell; the first one of the upgrade says since when.

Only tables are stated whose rows no event covered, or whose columns the upgrade changed: elsewhere what was told before goes on to count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, inspect, select

from . import chain, schema, trail
from .journal import journal_of, kept
from .replay import row_tables
from .schema import documents, revisions
from .seals import KINDS, seal

ACTION = "ledger.sealed"
FIRST_COVERED = "0003"
"""The first schema whose events tell of rows."""
_ROWS = 1000
"""Rows that one event states at most."""


def columns_held(connection: Connection) -> dict[str, frozenset[str]]:
    """Give the names of the columns of every table that the database has."""
    inspector = inspect(connection)
    return {name: frozenset(column["name"] for column in inspector.get_columns(name)) for name in inspector.get_table_names()}


def seal_ledger(connection: Connection, version: str, before: Mapping[str, frozenset[str]], *, at: datetime) -> None:
    """State the rows that no event covers since the upgrade from `version`, when the tables had the columns `before`.

    An event a document keeps the seals of what was read of it; further ones state up to a thousand single rows each.
    """
    tables = schema.metadata.tables.values()
    uncovered = {t.name for t in tables if version < FIRST_COVERED or before.get(t.name) != frozenset(t.columns.keys())}
    facts = {"from": version, "to": schema.HEAD}
    with kept(connection):
        for document in _sealed_documents(connection, uncovered):
            _append(connection, {**facts, "document": document}, at)
        for stated in _stated_rows(connection, uncovered):
            _append(connection, {**facts, "stated": stated}, at)


def _sealed_documents(connection: Connection, uncovered: set[str]) -> Iterator[Any]:
    """Seal what was read of each document; give its id."""
    kinds = {name: kind for name, kind in KINDS.items() if uncovered & {table.name for table in kind.tables}}
    if not kinds:
        return
    for document_id in connection.scalars(select(documents.c.id).order_by(documents.c.id)).all():
        read = connection.scalars(select(revisions.c.id).where(revisions.c.document_id == document_id).order_by(revisions.c.id)).all()
        for name, kind in kinds.items():
            for scope in [document_id] if kind.scope.name == "document_id" else read:
                seal(connection, name, scope)
        yield document_id


def _stated_rows(connection: Connection, uncovered: set[str]) -> Iterator[int]:
    """Take single rows down; give how many, so often as an event is full."""
    count = 0
    for table in row_tables(schema.metadata):
        for key, row in chain.rows_of(connection, table) if table.name in uncovered else ():
            journal_of(connection).put(table.name, str(key), row)
            count += 1
            if count == _ROWS:
                yield count
                count = 0
    if count:
        yield count


def _append(connection: Connection, facts: dict[str, Any], at: datetime) -> None:
    trail.append(connection, at=at, reviewer="verify", action=ACTION, subject="ledger", payload=facts)
