"""A ledger of an older schema keeps all that it holds when it is upgraded, on either database."""

from __future__ import annotations

from datetime import datetime

import pytest
from alembic import command

from verify.model import Evidence, QuoteMatch, Reference, Source, SourceKind, SourceLink, TextQuote
from verify.store import documents, engines, ledger, maintenance, migrate, open_ledger, schema, sources

_ROWS = """
INSERT INTO documents (id, name, title, origin) VALUES (1, 'weather', '', '-')
INSERT INTO revisions (id, document_id, sequence, sha256, origin_revision, format, encoding, layout, layout_why, text, skipped, ingested_at)
  VALUES (1, 1, 1, 'ab', '', 'text', 'utf-8', 'trailing', '', '', '{}', '2024-12-08T12:00:00.123456Z')
INSERT INTO claims (id, document_id, revision_id, first_revision_id, ordinal, section, text, text_sha256, start_offset, end_offset, paragraph_start,
  paragraph_end, covered, citation_labels, status, absent) VALUES (1, 1, 1, 1, 1, '', 'It rained.', 'cd', 0, 10, 0, 10, false, '[]', 'unverified', false)
INSERT INTO document_references (document_id, ordinal, label, text, url) VALUES (1, 2, '2', 'Brown. It''s wet.', '')
INSERT INTO document_references (document_id, ordinal, label, text, url) VALUES (1, 1, '1', 'Adams.', 'https://a.example/')
INSERT INTO sources (id, kind, canonical, title, csl, no_text_why) VALUES (1, 'url', 'https://a.example/', 'Rain', '{}', 'not fetched')
INSERT INTO snapshots (id, source_id, sha256, media_type, content, text, origin, retrieved_at)
  VALUES (1, 1, 'ef', 'text/plain', '', 'It did rain.', '', '2024-12-08T12:00:00.123456Z')
INSERT INTO source_links (id, document_id, claim_id, label, source_id, locator, note, reviewer, attached_at, detached_at, detached_by)
  VALUES (3, 1, NULL, '1', 1, 'p. 4', 'once', 'ada', '2024-12-08T12:00:00.123456Z', '2024-12-08T12:00:00.123456Z', 'bob')
INSERT INTO source_links (id, document_id, claim_id, label, source_id, locator, note, reviewer, attached_at, detached_at, detached_by)
  VALUES (7, 1, NULL, '1', 1, 'p. 5', 'again', 'ada', '2024-12-08T12:00:00.123456Z', NULL, '')
INSERT INTO source_links (id, document_id, claim_id, label, source_id, locator, note, reviewer, attached_at, detached_at, detached_by)
  VALUES (9, 1, 1, NULL, 1, '', '', 'bob', '2024-12-08T12:00:00.123456Z', NULL, '')
INSERT INTO evidence (id, link_id, snapshot_id, exact, prefix, suffix, start_offset, end_offset, quote_match, locator, reviewer, added_at)
  VALUES (5, 7, 1, 'did rain', 'It ', '.', 3, 11, 'exact', 'p. 5', 'ada', '2024-12-08T12:00:00.123456Z')
"""
"""What the first schema could hold of references and links, in statements that both databases know."""


@pytest.fixture
def first_schema(any_target: str) -> str:
    """A ledger of the first schema, with rows in every table that the second one makes anew."""
    place = engines.target_of(any_target)
    with ledger.reached(place, create=True) as (engine, _), engines.for_writing(engine) as connection, connection.begin():
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in _ROWS.strip().replace("\n  ", " ").split("\n"):
            connection.exec_driver_sql(statement)
    return any_target


def test_references_and_links_are_kept(first_schema: str, noon: datetime):
    """Rows keep their ids and values; what the first schema did not know is empty, and every link was made by a person."""
    source = Source(1, SourceKind.URL, "https://a.example/", "Rain", {}, "not fetched")
    quote = TextQuote("did rain", "It ", ".", 3, 11, QuoteMatch.EXACT)

    assert ("0001", schema.HEAD) == maintenance.upgrade(first_schema)
    with open_ledger(first_schema) as opened, opened.read() as connection:
        assert (Reference("1", "Adams.", "https://a.example/"), Reference("2", "Brown. It's wet.")) == documents.references(connection, 1)
        expected = [
            SourceLink(7, source, "1", "p. 5", "again", "ada", noon, (Evidence(5, 7, quote, "ef", "p. 5", "ada", noon),)),
            SourceLink(9, source, "", "", "", "bob", noon),
        ]
        assert expected == sources.links_of_document(connection, 1)
        rows = connection.exec_driver_sql("SELECT id, origin, detached_by FROM source_links ORDER BY id").all()
        assert [(3, "person", "bob"), (7, "person", ""), (9, "person", "")] == [tuple(row) for row in rows]
        assert [("Rain",)] == [tuple(row) for row in connection.exec_driver_sql("SELECT sources FROM claim_overview")]


def test_upgraded_ledger_is_sound(first_schema: str, noon: datetime):
    """Its keys hold, and point at the new tables: what is written after the upgrade is found."""
    maintenance.upgrade(first_schema)
    with open_ledger(first_schema) as opened, opened.write() as connection:
        link_id, new = sources.link(connection, document_id=1, label="2", source_id=1, reviewer="ada", at=noon)
        quote = TextQuote("It", "", " did", 0, 2)
        _, kept = sources.add_evidence(connection, link_id, 1, quote, "", "ada", noon)
        again = sources.link(connection, document_id=1, label="2", source_id=1, reviewer="ada", at=noon)

    assert (True, True, (link_id, False)) == (new, kept, again)
    assert [] == maintenance.check(first_schema)
