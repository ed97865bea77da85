"""The schema in words, for people who open a ledger with sqlite3, psql or Datasette: `python -m verify.store.describe > docs/schema.md`."""

# ruff: noqa: S608 - the query is an example for people

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite

from . import ddl, schema

_HEAD = f"""# What a ledger holds

Generated from the schema by `python -m verify.store.describe`; revision {schema.HEAD}.

A ledger is one SQLite file (`PRAGMA application_id` is {schema.APPLICATION_ID:#x}) or one PostgreSQL database, with the same tables.
Times are UTC: on SQLite as text, `2024-12-08T05:00:00.000000Z`. Offsets count code points, the end exclusive. Lists and objects are JSON text.
Read it with whatever you like; write through `verify`, which keeps the trail. Types are given as SQLite / PostgreSQL where they differ.

## The view `{ddl.VIEW}`

{ddl.VIEW_COMMENT}

```sql
-- What needs a person, in the order of the text
SELECT claim_id, citation_numbers, flags, status, text
FROM {ddl.VIEW}
WHERE document = 'fall-of-damascus-2024' AND NOT absent AND (status = 'unverified' OR stale OR flags <> '')
ORDER BY ordinal;
```
"""


def schema_markdown() -> str:
    """Give docs/schema.md: the view, then every table, each column with its type and what it is for."""
    view = _table(("column", "what it is"), ddl.VIEW_COLUMNS.items())
    tables = "\n".join(_section(table) for table in schema.metadata.tables.values() if table.name not in schema.WORDS)
    words = "\n".join(_word_section(schema.metadata.tables[name]) for name in schema.WORDS)
    return f"{_HEAD}\n{view}\n## Tables\n\n{tables}\n## Words\n\nEach word that a value is chosen from, one row a word.\n\n{words}"


def _section(table: Table) -> str:
    held = " Rows are never changed or deleted: triggers refuse it." if table.name in schema.APPEND_ONLY else ""
    rows = ((f"`{column.name}`", _type(column), column.comment or "") for column in table.columns)
    return f"### `{table.name}`\n\n{table.comment}{held}\n\n{_table(('column', 'type', 'what it is'), rows)}"


def _word_section(table: Table) -> str:
    rows = ((f"`{word}`", meaning) for word, meaning in schema.WORDS[table.name].items())
    return f"### `{table.name}`\n\n{table.comment}\n\n{_table(('name', 'meaning'), rows)}"


def _type(column: Column[object]) -> str:
    names = dict.fromkeys(column.type.compile(dialect=dialect.dialect()).lower() for dialect in (sqlite, postgresql))
    marks = ["key"] if column.primary_key else []
    marks += [f"→ `{key.column.table.name}`" for key in column.foreign_keys]
    marks += ["may be empty"] if column.nullable else []
    return ", ".join([" / ".join(names), *marks])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"{line}\n" for line in _lines(head, rows))


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.stdout.write(schema_markdown())
