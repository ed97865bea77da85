"""What only SQL can say: partial indexes, the view for people, and the triggers that keep decisions and the trail append-only, on either database.

`create_all` of the schema's metadata makes them too, so that a declared ledger and a migrated one can be compared whole.
"""

# ruff: noqa: S608 - every word of these statements is ours

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, event

from .schema import APPEND_ONLY, metadata

PARTIAL_INDEXES: Mapping[str, str] = {
    "uq_source_links_claim": "source_links (claim_id, source_id) WHERE detached_at IS NULL",
    "uq_source_links_reference": "source_links (reference_id, source_id) WHERE detached_at IS NULL",
}
"""A source is linked once to a target while the link holds. An `Index` of SQLAlchemy with a WHERE would load the PostgreSQL dialect, and
cost every command 30 ms."""

VIEW = "claim_overview"
VIEW_COMMENT = "One row a claim, for people with sqlite3, psql or Datasette: what it says, what it cites, where it stands."
VIEW_COLUMNS: Mapping[str, str] = {
    "document": "Name of the document.",
    "claim_id": "Number of the claim, as commands take it.",
    "ordinal": "Its place in the document, from 1.",
    "section": "Heading that it stands under.",
    "text": "The sentence, without its markers.",
    "citation_numbers": "Citation numbers that it cites, in printed order, separated by commas.",
    "flags": "Names of its open flags, separated by commas.",
    "status": "What its decisions say.",
    "stale": "Whether its text, its citations or the text of a source changed, or it left the document, since the standing decision.",
    "absent": "Whether it no longer stands in the document.",
    "sources": "Its sources by title, or by canonical name where they have none, separated by semicolons.",
}

_OTHER_TEXT = """
    SELECT 1 FROM decision_texts t WHERE t.decision_id = k.id AND (
      t.snapshot_id <> (SELECT n.id FROM snapshots n WHERE n.source_id = t.source_id
        ORDER BY coalesce(n.last_seen_at, n.retrieved_at) DESC, n.id DESC LIMIT 1)
      OR NOT EXISTS (SELECT 1 FROM source_links l WHERE l.source_id = t.source_id AND l.detached_at IS NULL
        AND (l.claim_id = c.id OR l.reference_id IN (SELECT n.reference_id FROM citations n WHERE n.claim_id = c.id AND n.kind = 'citation'))))"""
"""A source has another text now than the decision stood on, or no longer holds up the claim: `stale_why` of the model, in SQL."""

_VIEW = f"""
CREATE VIEW claim_overview AS
SELECT
  d.name AS document,
  c.id AS claim_id,
  c.ordinal AS ordinal,
  c.section AS section,
  c.text AS text,
  {{citation_numbers}} AS citation_numbers,
  {{flags}} AS flags,
  c.status AS status,
  coalesce(k.text_sha256 <> ''
    AND (k.text_sha256 <> c.text_sha256 OR k.reference_ids <> c.reference_ids OR c.absent OR EXISTS ({_OTHER_TEXT})), {{no}}) AS stale,
  c.absent AS absent,
  {{sources}} AS sources
FROM claims c
JOIN documents d ON d.id = c.document_id
LEFT JOIN decisions k ON k.id = (SELECT max(e.id) FROM decisions e WHERE e.claim_id = c.id)
"""

_OPEN_FLAGS = "SELECT f.id, f.name FROM flags f WHERE f.claim_id = c.id AND f.resolved_at IS NULL"

_SOURCES = """
    SELECT l.id, CASE WHEN s.title <> '' THEN s.title ELSE s.canonical END AS title
    FROM source_links l JOIN sources s ON s.id = l.source_id
    WHERE l.detached_at IS NULL AND (l.claim_id = c.id OR l.reference_id IN (
      SELECT n.reference_id FROM citations n WHERE n.claim_id = c.id AND n.kind = 'citation'))"""

_SQLITE_VIEW = _VIEW.format(
    no="0",
    citation_numbers="coalesce((SELECT group_concat(value, ', ') FROM json_each(c.citation_labels)), '')",
    flags=f"coalesce((SELECT group_concat(name, ', ') FROM ({_OPEN_FLAGS} ORDER BY f.id)), '')",
    sources=f"coalesce((SELECT group_concat(title, '; ') FROM ({_SOURCES} ORDER BY l.id)), '')",
)

_POSTGRESQL_VIEW = _VIEW.format(
    no="false",
    citation_numbers="""coalesce((SELECT string_agg(j.label, ', ' ORDER BY j.place)
    FROM json_array_elements_text(c.citation_labels::json) WITH ORDINALITY AS j(label, place)), '')""",
    flags=f"coalesce((SELECT string_agg(o.name, ', ' ORDER BY o.id) FROM ({_OPEN_FLAGS}) o), '')",
    sources=f"coalesce((SELECT string_agg(o.title, '; ' ORDER BY o.id) FROM ({_SOURCES}) o), '')",
)


def _sqlite_triggers(table: str) -> Iterator[str]:
    refusal = f"SELECT RAISE(ABORT, '{table} are append-only');"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refusal} END"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refusal} END"
    # INSERT OR REPLACE deletes a row without firing the trigger on DELETE.
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in metadata.tables[table].primary_key.columns)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refusal} END"


_POSTGRESQL_REFUSAL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are append-only'; END $$
"""


def _postgresql_triggers(table: str) -> Iterator[str]:
    yield f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"


def statements(dialect: str) -> Iterator[str]:
    """Give the statements that make the partial indexes, the view and the triggers, for "sqlite" or "postgresql"."""
    for name, rest in PARTIAL_INDEXES.items():
        yield f"CREATE UNIQUE INDEX {name} ON {rest}"
    if dialect == "sqlite":
        yield _SQLITE_VIEW
        for table in APPEND_ONLY:
            yield from _sqlite_triggers(table)
    else:
        yield _POSTGRESQL_VIEW
        yield _POSTGRESQL_REFUSAL
        for table in APPEND_ONLY:
            yield from _postgresql_triggers(table)


@event.listens_for(metadata, "after_create")
def _create(_target: Any, connection: Connection, **_options: Any) -> None:
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
