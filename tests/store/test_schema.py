"""The schema that migrations make is the one that is declared, on either database.

On SQLite a key that came with an added column stands beside it, and one of a new table after its columns; so tables are compared clause by clause,
all else word for word.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select

from verify.model import FlagOrigin, Layout, MarkKind, QuoteMatch, RelationKind, SourceKind, Status, Verdict
from verify.store import Ledger, ddl, describe, migrate, open_ledger, schema


def _flat(sql: str | None) -> str:
    return re.sub(r"\s+", " ", sql or "").strip()


def _sqlite_things(path: Path) -> dict[tuple[str, str], object]:
    """Every table with its clauses, every index, view and trigger with the statement that made it."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'").fetchall()
    return {(kind, name): _clauses(_flat(sql)) if kind == "table" else _flat(sql) for kind, name, sql in rows}


def _clauses(table: str) -> tuple[list[str], list[str], str]:
    """The columns of a table in their order, its constraints in any, and what comes after them."""
    before, _, rest = table.partition("(")
    body, _, after = rest.rpartition(")")
    columns, constraints = [], [before]
    for clause in _parted(body):
        column, constraint, key = clause.partition(" CONSTRAINT ")
        if clause.startswith("CONSTRAINT "):
            constraints.append(clause)
            continue
        columns.append(column)
        if constraint:
            constraints.append(f"CONSTRAINT {key}".replace(" REFERENCES", f" FOREIGN KEY({column.split()[0]}) REFERENCES"))
    return columns, sorted(constraints), after


def _parted(body: str) -> list[str]:
    """Cut where a comma stands outside of parentheses."""
    depth, parts = 0, [""]
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


_POSTGRES_THINGS = """
SELECT 'column', table_name || '.' || column_name || ' ' || ordinal_position, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'comment', c.relname || '.' || d.objsubid, d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
  WHERE d.classoid = 'pg_class'::regclass AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def _postgres_things(target: str) -> set[tuple[str, str, str]]:
    import psycopg

    with psycopg.connect(target) as connection:
        rows = connection.execute(_POSTGRES_THINGS).fetchall()
    return {(kind, name, _flat(text)) for kind, name, text in rows if "alembic_version" not in name}


def test_migrated_is_declared_on_sqlite(ledger: Ledger, tmp_path: Path):
    """Columns, keys, checks, indexes, view and triggers are the same."""
    declared = tmp_path / "declared.db"
    schema.metadata.create_all(create_engine(f"sqlite:///{declared}"))
    made, migrated = _sqlite_things(declared), _sqlite_things(ledger.path)
    kinds = [kind for kind, _ in made]
    columns, constraints, _ = migrated["table", "claims"]

    assert made == migrated
    assert "reference_ids TEXT DEFAULT '[]' NOT NULL" == columns[-2]
    assert "CONSTRAINT fk_claims_changed_revision_id FOREIGN KEY(changed_revision_id) REFERENCES revisions (id)" in constraints
    expected = {"table": len(schema.metadata.tables), "view": 1, "trigger": 3 * len(schema.APPEND_ONLY)}
    assert expected == {kind: kinds.count(kind) for kind in expected}


@pytest.mark.postgres
def test_migrated_is_declared_on_postgresql(new_postgres: Callable[[], str], postgres_target: str):
    """Columns, comments, constraints, indexes, view, triggers and their function are the same."""
    declared = new_postgres()
    engine = create_engine(declared.replace("postgresql:", "postgresql+psycopg:"))
    schema.metadata.create_all(engine)
    engine.dispose()
    with open_ledger(postgres_target, create=True):
        pass
    things = _postgres_things(postgres_target)
    kinds = {kind for kind, _, _ in things}

    assert _postgres_things(declared) == things
    assert kinds == {"column", "comment", "constraint", "index", "view", "trigger", "function"}


def test_autogenerate_finds_nothing_to_do(any_ledger: Ledger):
    """Alembic's own comparison agrees, so that the next `alembic revision --autogenerate` starts clean."""
    with any_ledger.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": lambda _thing, name, *_: name not in ddl.PARTIAL_INDEXES})

        assert [] == compare_metadata(context, schema.metadata)


def test_head_is_alembics_head():
    assert [schema.HEAD] == ScriptDirectory(str(migrate.migrations_folder())).get_heads()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("statuses", Status),
        ("layouts", Layout),
        ("marker_kinds", MarkKind),
        ("source_kinds", SourceKind),
        ("flag_origins", FlagOrigin),
        ("relation_kinds", RelationKind),
        ("quote_matches", QuoteMatch),
        ("verdicts", Verdict),
    ],
)
def test_words_are_those_of_the_model(ledger: Ledger, table: str, words: type[StrEnum]):
    """A word that the model gains and the ledger does not know would be refused by a foreign key, in a user's hands."""
    with ledger.read() as connection:
        held = {row.name: row.meaning for row in connection.execute(select(schema.metadata.tables[table]))}

    assert dict(schema.WORDS[table]) == held
    assert [str(word) for word in words] == list(schema.WORDS[table])


def test_everything_is_described():
    tables = schema.metadata.tables.values()
    bare = [f"{table.name}.{column.name}" for table in tables for column in table.columns if not column.comment]

    assert [] == bare + [table.name for table in tables if not table.comment]


def test_view_has_the_columns_described(any_ledger: Ledger):
    with any_ledger.read() as connection:
        columns = connection.exec_driver_sql("SELECT * FROM claim_overview").keys()

    assert list(ddl.VIEW_COLUMNS) == list(columns)


def test_schema_page_is_current():
    """`python -m verify.store.describe > docs/schema.md` was run after the last change."""
    page = Path(__file__).parents[2] / "docs" / "schema.md"

    assert describe.schema_markdown() == page.read_text("utf-8")


def test_example_query_of_the_page_runs(any_ledger: Ledger):
    query = re.findall(r"```sql\n(.*?)```", describe.schema_markdown(), re.DOTALL)[0]
    with any_ledger.read() as connection:
        rows = connection.exec_driver_sql(query).all()

    assert [] == rows


def test_ledger_is_marked_and_durable(ledger: Ledger):
    """The file says whose it is, keeps a write-ahead log, and every connection enforces keys and waits for the disk."""
    pragmas = ("application_id", "journal_mode", "foreign_keys", "synchronous", "busy_timeout")
    with ledger.read() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}

    expected = {"application_id": 0x76726679, "journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30_000}
    assert expected == found
