"""Fetching, bibliographies, quotes checked again, assessments.

Columns are added in place, with a default for the rows that are there. The schema itself refuses a verdict without a passage.
"""

# ruff: noqa: S608 - every word of these statements is ours

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

_META = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_MATCHES = (
    ("near", "found but for slips of the pen that change no sense"),
    ("altered", "a number, a date, a name, a negation or a telling word differs; a person accepted it"),
    ("not_found", "it does not stand there"),
)
_VERDICTS = (
    ("supported", "the words of the claim were found"),
    ("partially_supported", "some of them were"),
    ("contradicted", "the source says something else in their place"),
    ("not_found", "the source does not speak of it"),
    ("no_text", "there was no text to look in"),
)


def _text(*names):
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names):
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _added(name, start):
    return sa.Column(name, sa.Text, nullable=False, server_default=start)


def _time(name, *, nullable=False):
    return sa.Column(name, _TIME, nullable=nullable)


def _to(name, table, *, nullable=False, key=False):
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable, primary_key=key, autoincrement=False)


def _word(name, table):
    return sa.Column(name, sa.Text, sa.ForeignKey(f"{table}.name"), nullable=False)


def _id():
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


for _name in ("claims", "sources", "snapshots", "evidence"):
    sa.Table(_name, _META, _id())

_QUOTE_MATCHES = sa.Table(
    "quote_matches", _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("meaning", sa.Text, nullable=False)
)
_VERDICT_WORDS = sa.Table("verdicts", _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("meaning", sa.Text, nullable=False))

_NEW = (
    sa.Table(
        "quote_checks",
        _META,
        _to("evidence_id", "evidence", key=True),
        _to("snapshot_id", "snapshots", key=True),
        _word("quote_match", "quote_matches"),
        *_number("start_offset", "end_offset"),
        *_text("printed"),
        _time("checked_at"),
    ),
    sa.Table(
        "fetches",
        _META,
        _id(),
        _to("source_id", "sources"),
        _time("fetched_at"),
        *_text("asked", "reached"),
        *_number("status"),
        *_text("redirects", "headers"),
        *_number("elapsed_ms"),
        *_text("failure", "error", "not_found", "is_free", "sha256"),
        _to("snapshot_id", "snapshots", nullable=True),
        sa.Index(None, "source_id"),
    ),
    sa.Table(
        "bibliography_entries",
        _META,
        _id(),
        *_text("key"),
        _to("source_id", "sources", nullable=True),
        *_text("csl", "raw", "why_broken", "origin", "reviewer"),
        _time("imported_at"),
        sa.Index(None, "key"),
    ),
    sa.Table(
        "assessments",
        _META,
        _id(),
        _to("claim_id", "claims"),
        *_text("source_ids", "text_sha256"),
        *_number("start_offset", "end_offset"),
        *_text("scorer", "version"),
        _word("verdict", "verdicts"),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("verbatim", sa.Boolean, nullable=False),
        *_text("why", "passages", "cues", "words", "cost"),
        _time("assessed_at"),
        sa.CheckConstraint("verdict IN ('not_found', 'no_text') OR passages <> '[]'", name="verdict_has_passage"),
        sa.Index(None, "claim_id"),
    ),
    sa.Table(
        "assessment_texts",
        _META,
        _to("assessment_id", "assessments", key=True),
        _to("source_id", "sources", key=True),
        _to("snapshot_id", "snapshots"),
    ),
)

_ADDED = (
    ("snapshots", _added("locators", "[]")),
    ("snapshots", _added("main", "[]")),
    ("snapshots", _time("last_seen_at", nullable=True)),
    ("evidence", _added("differences", "[]")),
    ("evidence", _added("note", "")),
)

_VIEW = """
CREATE VIEW claim_overview AS
SELECT
  d.name AS document,
  c.id AS claim_id,
  c.ordinal AS ordinal,
  c.section AS section,
  c.text AS text,
  {citation_numbers} AS citation_numbers,
  {flags} AS flags,
  c.status AS status,
  coalesce(k.text_sha256 <> ''
    AND (k.text_sha256 <> c.text_sha256 OR k.reference_ids <> c.reference_ids OR c.absent OR EXISTS (
    SELECT 1 FROM decision_texts t WHERE t.decision_id = k.id AND (
      t.snapshot_id <> (SELECT n.id FROM snapshots n WHERE n.source_id = t.source_id
        ORDER BY coalesce(n.last_seen_at, n.retrieved_at) DESC, n.id DESC LIMIT 1)
      OR NOT EXISTS (SELECT 1 FROM source_links l WHERE l.source_id = t.source_id AND l.detached_at IS NULL
        AND (l.claim_id = c.id OR l.reference_id IN (SELECT n.reference_id FROM citations n WHERE n.claim_id = c.id AND n.kind = 'citation')))))),
    {no}) AS stale,
  c.absent AS absent,
  {sources} AS sources
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


def upgrade():
    """Make the new tables, add the new columns, and let the view know which snapshot is the latest now."""
    dialect = op.get_context().dialect.name
    op.execute("DROP VIEW claim_overview")
    op.execute(CreateTable(_VERDICT_WORDS))
    for table, words in ((_VERDICT_WORDS, _VERDICTS), (_QUOTE_MATCHES, _MATCHES)):
        op.bulk_insert(table, [{"name": name, "meaning": meaning} for name, meaning in words])
    for name, column in _ADDED:
        op.add_column(name, column)
    for table in _NEW:
        op.execute(CreateTable(table))
        for index in table.indexes:
            op.execute(CreateIndex(index))
    for name, key in (("fetches", ["id"]), ("assessments", ["id"]), ("assessment_texts", ["assessment_id", "source_id"])):
        for statement in _append_only(dialect, name, key):
            op.execute(statement)
    op.execute(sa.text((_SQLITE_VIEW if dialect == "sqlite" else _POSTGRESQL_VIEW).replace(":", r"\:")))


def _append_only(dialect, table, key):
    """The triggers that keep a table append-only; `key` are the columns of its primary key."""
    if dialect == "postgresql":
        yield f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        return
    refusal = f"SELECT RAISE(ABORT, '{table} are append-only');"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refusal} END"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refusal} END"
    same = " AND ".join(f"{name} = NEW.{name}" for name in key)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refusal} END"


def downgrade():
    raise NotImplementedError("what was fetched, imported and assessed would be lost: restore the copy that was made before the upgrade")
