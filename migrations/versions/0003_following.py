"""Follow references and claims through revisions, and keep what a decision stands on; queues, second opinions.

A citation number is only what a reference is called in one revision: references get ids, and citations, links and decisions point at those. On
SQLite the tables whose shape changes are made anew beside the old ones, as in 0002; those that only gain columns, and have others pointing at
them, gain them in place. The triggers that keep decisions append-only stand aside while their new columns are filled.
"""

# ruff: noqa: S608 - every word of these statements is ours

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateIndex, CreateTable

revision = "0003"
down_revision = "0002"
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

_KINDS = (
    ("split", "the claim is a part of the other one, which was split"),
    ("merged", "the other one was merged into the claim"),
    ("alike", "the claim may be the other one, but nothing settles it"),
)
_COUNTED = ("documents", "revisions", "sources", "snapshots", "source_links", "evidence", "flags", "decisions")
"""Tables whose ids PostgreSQL counted so far; from now on the one writer does."""


def _text(*names):
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _number(*names):
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _ids(name):
    return sa.Column(name, sa.Text, nullable=False, server_default="[]")


def _time(name, *, nullable=False):
    return sa.Column(name, _TIME, nullable=nullable)


def _to(name, table, *, nullable=False, key=False):
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable, primary_key=key, autoincrement=False)


def _id():
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


for _name in ("documents", "claims", "sources", "snapshots", "revisions", "decisions"):
    sa.Table(_name, _META, _id())
for _name in ("quote_matches", "link_origins"):
    sa.Table(_name, _META, sa.Column("name", sa.Text, primary_key=True))

_RELATION_KINDS = sa.Table(
    "relation_kinds", _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("meaning", sa.Text, nullable=False)
)

_REFERENCES = sa.Table(
    "document_references",
    _META,
    _id(),
    _to("document_id", "documents"),
    *_number("ordinal"),
    *_text("label", "text", "url", "doi", "isbn", "pmid", "arxiv", "archive_url", "accessed", "page", "csl"),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("absent", sa.Boolean, nullable=False),
    sa.Index(None, "document_id", "label"),
)

_LINKS = sa.Table(
    "source_links",
    _META,
    _id(),
    _to("document_id", "documents"),
    _to("claim_id", "claims", nullable=True),
    _to("source_id", "sources"),
    *_text("locator", "note", "reviewer"),
    _time("attached_at"),
    _time("detached_at", nullable=True),
    *_text("detached_by"),
    sa.Column("origin", sa.Text, sa.ForeignKey("link_origins.name"), nullable=False),
    _to("reference_id", "document_references", nullable=True),
    sa.CheckConstraint("(claim_id IS NULL) <> (reference_id IS NULL)", name="one_target"),
    sa.Index(None, "source_id"),
)

_EVIDENCE = sa.Table(
    "evidence",
    _META,
    _id(),
    _to("link_id", "source_links"),
    _to("snapshot_id", "snapshots"),
    *_text("exact", "prefix", "suffix"),
    *_number("start_offset", "end_offset"),
    sa.Column("quote_match", sa.Text, sa.ForeignKey("quote_matches.name"), nullable=False),
    *_text("locator", "reviewer"),
    _time("added_at"),
    sa.UniqueConstraint("link_id", "snapshot_id", "start_offset", "end_offset"),
)

_NEW = (
    sa.Table(
        "decision_texts",
        _META,
        _to("decision_id", "decisions", key=True),
        _to("source_id", "sources", key=True),
        _to("snapshot_id", "snapshots"),
    ),
    sa.Table(
        "appearances",
        _META,
        _to("revision_id", "revisions", key=True),
        _to("claim_id", "claims", key=True),
        *_number("ordinal"),
        *_text("section", "text"),
        *_number("start_offset", "end_offset"),
        sa.Column("covered", sa.Boolean, nullable=False),
        *_text("citation_labels", "reference_ids"),
    ),
    sa.Table(
        "claim_relations",
        _META,
        _to("revision_id", "revisions", key=True),
        _to("claim_id", "claims", key=True),
        _to("other_id", "claims", key=True),
        sa.Column("kind", sa.Text, sa.ForeignKey("relation_kinds.name"), nullable=False),
        sa.Index(None, "claim_id"),
        sa.Index(None, "other_id"),
    ),
    sa.Table("leases", _META, _to("claim_id", "claims", key=True), *_text("reviewer"), _time("leased_at"), _time("expires_at")),
    sa.Table(
        "assignments",
        _META,
        _to("claim_id", "claims", key=True),
        *_text("reviewer", "assigned_by"),
        _time("assigned_at"),
        *_text("note"),
    ),
    sa.Table(
        "skips",
        _META,
        _to("claim_id", "claims", key=True),
        sa.Column("reviewer", sa.Text, primary_key=True),
        *_text("reason"),
        _time("skipped_at"),
    ),
)

_ADDED = (
    ("claims", _ids("reference_ids")),
    ("claims", _to("changed_revision_id", "revisions", nullable=True)),
    ("citations", _to("reference_id", "document_references", nullable=True)),
    ("decisions", _ids("reference_ids")),
    ("decisions", _ids("evidence_ids")),
    ("decisions", _to("seconds", "decisions", nullable=True)),
    ("decisions", _to("settles", "decisions", nullable=True)),
    ("decisions", _to("carried_from", "decisions", nullable=True)),
)

_INDEXES = (
    "CREATE INDEX ix_citations_reference_id ON citations (reference_id)",
    "CREATE UNIQUE INDEX uq_source_links_claim ON source_links (claim_id, source_id) WHERE detached_at IS NULL",
    "CREATE UNIQUE INDEX uq_source_links_reference ON source_links (reference_id, source_id) WHERE detached_at IS NULL",
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
      t.snapshot_id <> (SELECT n.id FROM snapshots n WHERE n.source_id = t.source_id ORDER BY n.retrieved_at DESC, n.id DESC LIMIT 1)
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

_IMPLIED = """
INSERT INTO document_references
  (id, document_id, ordinal, label, text, url, doi, isbn, pmid, arxiv, archive_url, accessed, page, csl, listed, absent)
SELECT (SELECT coalesce(max(id), 0) FROM document_references) + row_number() OVER (ORDER BY n.document_id, n.label), n.document_id,
  coalesce(m.ordinal, 0) + row_number() OVER (PARTITION BY n.document_id ORDER BY n.label),
  n.label, '', '', '', '', '', '', '', '', '', '{{}}', {no}, n.cited = 0
FROM (
  SELECT u.document_id, u.label, max(u.cited) AS cited FROM (
    SELECT c.document_id, x.label, CASE WHEN c.absent THEN 0 ELSE 1 END AS cited
      FROM citations x JOIN claims c ON c.id = x.claim_id WHERE x.kind = 'citation'
    UNION ALL SELECT document_id, label, 0 FROM source_links_before WHERE label IS NOT NULL
    UNION ALL SELECT c.document_id, {label}, 0 FROM decisions k JOIN claims c ON c.id = k.claim_id, {labels}
  ) u
  WHERE NOT EXISTS (SELECT 1 FROM document_references r WHERE r.document_id = u.document_id AND r.label = u.label)
  GROUP BY u.document_id, u.label
) n LEFT JOIN (SELECT document_id, max(ordinal) AS ordinal FROM document_references GROUP BY document_id) m ON m.document_id = n.document_id
"""
"""Numbers that are cited, or were attached to or decided on, without an entry in the list."""

_CITED = {
    "sqlite": """coalesce((SELECT '[' || group_concat(id, ',') || ']' FROM (
        SELECT r.id FROM json_each({labels}) j JOIN document_references r ON r.label = j.value WHERE r.document_id = {document} ORDER BY j.key)),
      '[]')""",
    "postgresql": """coalesce((SELECT '[' || string_agg(r.id::text, ',' ORDER BY j.place) || ']'
      FROM json_array_elements_text({labels}::json) WITH ORDINALITY AS j(label, place) JOIN document_references r ON r.label = j.label
      WHERE r.document_id = {document}), '[]')""",
}
"""The references of a JSON list of labels, as a JSON list of ids."""


def upgrade():
    """Give references ids, and let everything that went by label go by those."""
    dialect = op.get_context().dialect.name
    op.execute("DROP VIEW claim_overview")
    op.execute(CreateTable(_RELATION_KINDS))
    op.bulk_insert(_RELATION_KINDS, [{"name": name, "meaning": meaning} for name, meaning in _KINDS])
    for name in ("document_references", "source_links", "evidence"):
        op.execute(f"CREATE TABLE {name}_before AS SELECT * FROM {name}")
    for name in ("evidence", "source_links", "document_references"):
        op.execute(f"DROP TABLE {name}")
    _make(_REFERENCES)
    _fill_references(dialect)
    for table, column in _ADDED:
        _add(dialect, table, column)
    _fill_links()
    with _changeable_decisions(dialect):
        _point_at_references(dialect)
    for table in _NEW:
        _make(table)
    for statement in (*_INDEXES, _SQLITE_VIEW if dialect == "sqlite" else _POSTGRESQL_VIEW, *_append_only(dialect, "decision_texts")):
        op.execute(sa.text(statement.replace(":", r"\:")))
    for name in ("document_references", "source_links", "evidence"):
        op.execute(f"DROP TABLE {name}_before")
    if dialect == "postgresql":
        for name in _COUNTED:
            op.execute(f"ALTER TABLE {name} ALTER COLUMN id DROP DEFAULT")
            op.execute(f"DROP SEQUENCE IF EXISTS {name}_id_seq")


def _make(table):
    op.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: index.name):
        op.execute(CreateIndex(index))


def _fill_references(dialect):
    """Number the entries in their order, and add those that are cited without one."""
    kept = "document_id, ordinal, label, text, url, doi, isbn, pmid, arxiv, archive_url, accessed, page, csl"
    yes, no = ("1", "0") if dialect == "sqlite" else ("true", "false")
    op.execute(
        f"INSERT INTO document_references (id, {kept}, listed, absent) "
        f"SELECT row_number() OVER (ORDER BY document_id, ordinal), {kept}, {yes}, {no} FROM document_references_before"
    )
    label, labels = ("j.value", "json_each(k.citation_labels) j")
    if dialect == "postgresql":
        label, labels = ("j.label", "json_array_elements_text(k.citation_labels\\:\\:json) AS j(label)")
    op.execute(sa.text(_IMPLIED.format(no=no, label=label, labels=labels)))


def _add(dialect, table, column):
    """Add a column. On SQLite its key has to stand in the statement itself."""
    key = next(iter(column.foreign_keys), None)
    if dialect != "sqlite" or key is None:
        op.add_column(table, column)
        return
    other = key.target_fullname.partition(".")[0]
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column.name} INTEGER CONSTRAINT fk_{table}_{column.name} REFERENCES {other} (id)")


def _fill_links():
    kept = "id, document_id, claim_id, source_id, locator, note, reviewer, attached_at, detached_at, detached_by, origin"
    _make(_LINKS)
    op.execute(
        f"INSERT INTO source_links ({kept}, reference_id) SELECT {kept}, (SELECT r.id FROM document_references r "
        "WHERE r.document_id = l.document_id AND r.label = l.label) FROM source_links_before l ORDER BY l.id"
    )
    _make(_EVIDENCE)
    names = ", ".join(column.name for column in _EVIDENCE.columns)
    op.execute(f"INSERT INTO evidence ({names}) SELECT {names} FROM evidence_before ORDER BY id")


def _point_at_references(dialect):
    """Let citations, claims and decisions name the references that their labels stand for."""
    op.execute(
        "UPDATE citations SET reference_id = (SELECT r.id FROM document_references r JOIN claims c ON c.document_id = r.document_id "
        "WHERE c.id = citations.claim_id AND r.label = citations.label)"
    )
    cited = _CITED[dialect].replace(":", r"\:")
    op.execute(sa.text("UPDATE claims SET reference_ids = " + cited.format(labels="claims.citation_labels", document="claims.document_id")))
    document = "(SELECT c.document_id FROM claims c WHERE c.id = decisions.claim_id)"
    op.execute(sa.text("UPDATE decisions SET reference_ids = " + cited.format(labels="decisions.citation_labels", document=document)))


@contextmanager
def _changeable_decisions(dialect):
    """Let the triggers of `decisions` stand aside."""
    if dialect == "postgresql":
        op.execute("ALTER TABLE decisions DISABLE TRIGGER USER")
        yield
        op.execute("ALTER TABLE decisions ENABLE TRIGGER USER")
        return
    for what in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER decisions_no_{what}")
    yield
    for statement in _append_only(dialect, "decisions"):
        op.execute(statement)


def _append_only(dialect, table):
    """The triggers that keep a table append-only."""
    if dialect == "postgresql":
        yield f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        yield f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        return
    same = {"decisions": "id = NEW.id", "decision_texts": "decision_id = NEW.decision_id AND source_id = NEW.source_id"}[table]
    refusal = f"SELECT RAISE(ABORT, '{table} are append-only');"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refusal} END"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refusal} END"
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refusal} END"


def downgrade():
    raise NotImplementedError("what was followed, decided on and queued would be lost: restore the copy that was made before the upgrade")
