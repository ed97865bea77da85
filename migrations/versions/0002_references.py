"""Keep what a reference names (DOI, ISBN, PMID, arXiv id, archived copy, access date, page, CSL item), and say of a link who made it.

On SQLite the tables are made anew beside the old ones: it can neither add a column that points at another table and is never empty, nor one
without a default. So is `evidence`, though nothing in it changes: its key would go on pointing at the old links. None of the three has triggers.
"""

# ruff: noqa: S608 - every word of these statements is ours

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateTable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ORIGINS = (("person", "attached by a reviewer"), ("document", "named by the document's own reference list"))
_OF_REFERENCES = {"doi": "", "isbn": "", "pmid": "", "arxiv": "", "archive_url": "", "accessed": "", "page": "", "csl": "{}"}
_INDEXES = (
    "CREATE INDEX ix_source_links_source_id ON source_links (source_id)",
    "CREATE UNIQUE INDEX uq_source_links_claim ON source_links (claim_id, source_id) WHERE detached_at IS NULL",
    "CREATE UNIQUE INDEX uq_source_links_label ON source_links (document_id, label, source_id) WHERE detached_at IS NULL",
)
"""Those of SQLite, which go with their tables."""

_META = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(*names):
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _to(name, table, *, nullable=False):
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=nullable)


for _name in ("documents", "claims", "sources", "snapshots"):
    sa.Table(_name, _META, sa.Column("id", sa.Integer, primary_key=True))

sa.Table("quote_matches", _META, sa.Column("name", sa.Text, primary_key=True))

_LINK_ORIGINS = sa.Table("link_origins", _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("meaning", sa.Text, nullable=False))
_ORIGIN = sa.Column("origin", sa.Text, sa.ForeignKey("link_origins.name"), nullable=False)

_REFERENCES = sa.Table(
    "document_references",
    _META,
    _to("document_id", "documents"),
    sa.Column("ordinal", sa.Integer, nullable=False),
    *_text("label", "text", "url", *_OF_REFERENCES),
    sa.UniqueConstraint("document_id", "label"),
)

_LINKS = sa.Table(
    "source_links",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    _to("document_id", "documents"),
    _to("claim_id", "claims", nullable=True),
    sa.Column("label", sa.Text),
    _to("source_id", "sources"),
    *_text("locator", "note", "reviewer"),
    sa.Column("attached_at", sa.Text, nullable=False),
    sa.Column("detached_at", sa.Text, nullable=True),
    *_text("detached_by"),
    _ORIGIN,
    sa.CheckConstraint("(claim_id IS NULL) <> (label IS NULL)", name="one_target"),
)

_EVIDENCE = sa.Table(
    "evidence",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    _to("link_id", "source_links"),
    _to("snapshot_id", "snapshots"),
    *_text("exact", "prefix", "suffix"),
    sa.Column("start_offset", sa.Integer, nullable=False),
    sa.Column("end_offset", sa.Integer, nullable=False),
    sa.Column("quote_match", sa.Text, sa.ForeignKey("quote_matches.name"), nullable=False),
    *_text("locator", "reviewer", "added_at"),
    sa.UniqueConstraint("link_id", "snapshot_id", "start_offset", "end_offset"),
)


def upgrade():
    """Let references keep what they name, and links say where they come from."""
    op.execute(CreateTable(_LINK_ORIGINS))
    op.bulk_insert(_LINK_ORIGINS, [{"name": name, "meaning": meaning} for name, meaning in _ORIGINS])
    if op.get_context().dialect.name == "sqlite":
        for table, added in ((_REFERENCES, _OF_REFERENCES), (_LINKS, {"origin": "person"}), (_EVIDENCE, {})):
            _make_anew(table, added)
        for name in ("evidence", "source_links", "document_references"):
            op.execute(f"DROP TABLE {name}_before")
        for statement in _INDEXES:
            op.execute(statement)
    else:
        for name, value in _OF_REFERENCES.items():
            _add("document_references", name, value)
        _add("source_links", "origin", "person")
        op.create_foreign_key("fk_source_links_origin", "source_links", "link_origins", ["origin"], ["name"])


def _make_anew(table, added):
    """Make a table with more columns, and copy the rows. The old form of the rename leaves the view as it is; keys it makes follow, though."""
    name = table.name
    op.execute("PRAGMA legacy_alter_table = ON")
    op.execute(f"ALTER TABLE {name} RENAME TO {name}_before")
    op.execute("PRAGMA legacy_alter_table = OFF")
    op.execute(CreateTable(table))
    kept = [column.name for column in table.columns if column.name not in added]
    values = [*kept, *(f"'{value}'" for value in added.values())]
    op.execute(f"INSERT INTO {name} ({', '.join((*kept, *added))}) SELECT {', '.join(values)} FROM {name}_before ORDER BY rowid")


def _add(table, name, value):
    """Add a column that is never empty; the default is only for the rows that are there."""
    op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=value))
    op.alter_column(table, name, server_default=None)


def downgrade():
    raise NotImplementedError("what references name would be lost: restore the copy that was made before the upgrade")
