"""Make the ledger: tables, their words, append-only triggers, the view, and the mark of our files.

Names no table of `verify.store.schema`: that one moves on, a migration stays as it was.
"""

# ruff: noqa: S608 - every word of these statements is ours

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable

revision = "0001"
down_revision = None
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

_WORDS = {
    "statuses": (
        ("unverified", "nobody has decided yet"),
        ("verified", "its sources support it"),
        ("partially_verified", "its sources support a part of it"),
        ("failed_verification", "its sources do not support it"),
        ("disputed", "sources or reviewers disagree"),
        ("unverifiable", "it cannot be checked; the note says why"),
        ("not_a_claim", "it asserts nothing"),
    ),
    "layouts": (
        ("trailing", "a marker belongs to the words before it"),
        ("leading", "a marker that opens a paragraph belongs to the sentence after it"),
    ),
    "marker_kinds": (
        ("citation", "cites a reference"),
        ("note", "points at an explanatory note"),
        ("tag", "asks for cleanup"),
        ("page", "prints a page number"),
        ("edit", "prints an edit link"),
    ),
    "source_kinds": (
        ("url", "a web address"),
        ("doi", "a Digital Object Identifier"),
        ("isbn", "an International Standard Book Number"),
        ("arxiv", "an arXiv identifier"),
        ("file", "a local file, named by its sha256"),
        ("offline", "a work described in words"),
    ),
    "flag_origins": (
        ("tag", "printed in the text"),
        ("person", "raised by a reviewer"),
    ),
    "quote_matches": (
        ("exact", "found letter by letter"),
        ("normalised", "found once case, spaces, quotation marks and dashes were set aside"),
    ),
}

for _name in _WORDS:
    sa.Table(_name, _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("meaning", sa.Text, nullable=False))


def _id():
    return sa.Column("id", sa.Integer, primary_key=True)


def _key(name, *to):
    return sa.Column(name, sa.Integer, *to, primary_key=True, autoincrement=False)


def _text(*names):
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names):
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _time(name, *, nullable=False):
    return sa.Column(name, _TIME, nullable=nullable)


def _yes_no(name):
    return sa.Column(name, sa.Boolean, nullable=False)


def _word(name, table):
    return sa.Column(name, sa.Text, sa.ForeignKey(f"{table}.name"), nullable=False)


def _to(name, table, *, nullable=False):
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


sa.Table("documents", _META, _id(), *_text("name", "title", "origin"), sa.UniqueConstraint("name"), sa.Index(None, "origin"))

sa.Table(
    "revisions",
    _META,
    _id(),
    _to("document_id", "documents"),
    *_number("sequence"),
    *_text("sha256", "origin_revision", "format", "encoding"),
    _word("layout", "layouts"),
    *_text("layout_why", "text", "skipped"),
    _time("ingested_at"),
    sa.UniqueConstraint("document_id", "sequence"),
    sa.Index(None, "sha256"),
)

sa.Table(
    "claims",
    _META,
    _key("id"),
    _to("document_id", "documents"),
    _to("revision_id", "revisions"),
    _to("first_revision_id", "revisions"),
    *_number("ordinal"),
    *_text("section", "text", "text_sha256"),
    *_number("start_offset", "end_offset", "paragraph_start", "paragraph_end"),
    _yes_no("covered"),
    *_text("citation_labels"),
    _word("status", "statuses"),
    _yes_no("absent"),
    sa.Index(None, "document_id", "ordinal"),
    sa.Index(None, "document_id", "status"),
)

sa.Table(
    "citations",
    _META,
    _key("claim_id", sa.ForeignKey("claims.id")),
    _key("ordinal"),
    *_text("label"),
    _word("kind", "marker_kinds"),
    *_number("start_offset", "end_offset", "covers_start", "covers_end"),
    *_text("locator"),
    sa.Index(None, "label"),
)

sa.Table(
    "orphan_markers",
    _META,
    _key("revision_id", sa.ForeignKey("revisions.id")),
    _key("ordinal"),
    *_number("start_offset", "end_offset"),
    *_text("printed"),
    _word("kind", "marker_kinds"),
    *_text("labels", "why"),
)

sa.Table(
    "document_references",
    _META,
    _to("document_id", "documents"),
    *_number("ordinal"),
    *_text("label", "text", "url"),
    sa.UniqueConstraint("document_id", "label"),
)

sa.Table(
    "sources",
    _META,
    _id(),
    _word("kind", "source_kinds"),
    *_text("canonical", "title", "csl", "no_text_why"),
    sa.UniqueConstraint("canonical"),
)

sa.Table(
    "snapshots",
    _META,
    _id(),
    _to("source_id", "sources"),
    *_text("sha256", "media_type"),
    sa.Column("content", sa.LargeBinary, nullable=False),
    *_text("text", "origin"),
    _time("retrieved_at"),
    sa.UniqueConstraint("source_id", "sha256"),
)

sa.Table(
    "source_links",
    _META,
    _id(),
    _to("document_id", "documents"),
    _to("claim_id", "claims", nullable=True),
    sa.Column("label", sa.Text),
    _to("source_id", "sources"),
    *_text("locator", "note", "reviewer"),
    _time("attached_at"),
    _time("detached_at", nullable=True),
    *_text("detached_by"),
    sa.CheckConstraint("(claim_id IS NULL) <> (label IS NULL)", name="one_target"),
    sa.Index(None, "source_id"),
)

sa.Table(
    "evidence",
    _META,
    _id(),
    _to("link_id", "source_links"),
    _to("snapshot_id", "snapshots"),
    *_text("exact", "prefix", "suffix"),
    *_number("start_offset", "end_offset"),
    _word("quote_match", "quote_matches"),
    *_text("locator", "reviewer"),
    _time("added_at"),
    sa.UniqueConstraint("link_id", "snapshot_id", "start_offset", "end_offset"),
)

sa.Table(
    "flags",
    _META,
    _id(),
    _to("claim_id", "claims"),
    _word("origin", "flag_origins"),
    *_text("name", "reason", "reviewer"),
    _yes_no("in_text"),
    *_text("printed"),
    *_number("start_offset", "end_offset"),
    *_text("tag_date"),
    _time("raised_at"),
    *_text("resolved_by"),
    _time("resolved_at", nullable=True),
    *_text("resolution"),
    sa.Index(None, "claim_id"),
    sa.Index(None, "name"),
)

sa.Table(
    "decisions",
    _META,
    _id(),
    _to("claim_id", "claims"),
    _word("status", "statuses"),
    *_text("reviewer", "note"),
    _time("decided_at"),
    *_text("text_sha256", "citation_labels"),
    _to("undoes", "decisions", nullable=True),
    sa.UniqueConstraint("undoes"),
    sa.Index(None, "claim_id"),
)

sa.Table(
    "events",
    _META,
    _key("sequence"),
    _time("at"),
    *_text("reviewer", "action", "subject", "payload", "previous_hash", "hash"),
    sa.Index(None, "subject"),
)

_LINKS_HELD_ONCE = (
    "CREATE UNIQUE INDEX uq_source_links_claim ON source_links (claim_id, source_id) WHERE detached_at IS NULL",
    "CREATE UNIQUE INDEX uq_source_links_label ON source_links (document_id, label, source_id) WHERE detached_at IS NULL",
)

_OPEN_FLAGS = "SELECT f.id, f.name FROM flags f WHERE f.claim_id = c.id AND f.resolved_at IS NULL"

_SOURCES = """
    SELECT l.id, CASE WHEN s.title <> '' THEN s.title ELSE s.canonical END AS title
    FROM source_links l JOIN sources s ON s.id = l.source_id
    WHERE l.document_id = c.document_id AND l.detached_at IS NULL AND (l.claim_id = c.id OR l.label IN (
      SELECT n.label FROM citations n WHERE n.claim_id = c.id AND n.kind = 'citation'))"""

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
    AND (k.text_sha256 <> c.text_sha256 OR k.citation_labels <> c.citation_labels OR c.absent), {no}) AS stale,
  c.absent AS absent,
  {sources} AS sources
FROM claims c
JOIN documents d ON d.id = c.document_id
LEFT JOIN decisions k ON k.id = (SELECT max(e.id) FROM decisions e WHERE e.claim_id = c.id)
"""

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

_POSTGRESQL_REFUSAL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are append-only'; END $$
"""


def upgrade():
    """Make the ledger: tables, words, view, triggers, all or nothing."""
    for table in _META.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: index.name):
            op.execute(CreateIndex(index))
    for statement in _LINKS_HELD_ONCE:
        _execute(statement)
    for table, rows in _WORDS.items():
        op.bulk_insert(_META.tables[table], [{"name": name, "meaning": meaning} for name, meaning in rows])
    if op.get_context().dialect.name == "sqlite":
        _finish_sqlite()
    else:
        _finish_postgresql()


def _finish_sqlite():
    _execute(_SQLITE_VIEW)
    for table, key in (("decisions", "id"), ("events", "sequence")):
        refusal = f"SELECT RAISE(ABORT, '{table} are append-only');"
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        _execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refusal} END")
        _execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refusal} END")
        _execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refusal} END")
    _execute(f"PRAGMA application_id = {0x76726679}")


def _finish_postgresql():
    _execute(_POSTGRESQL_VIEW)
    _execute(_POSTGRESQL_REFUSAL)
    for table in ("decisions", "events"):
        row = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        _execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} {row}")
        _execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")


def _execute(statement):
    # A colon before a letter would be read as a parameter ("::json"); nothing here has one.
    op.execute(sa.text(statement.replace(":", r"\:")))


def downgrade():
    raise NotImplementedError("before the first schema there is nothing: keep the ledger, or remove its file yourself")
