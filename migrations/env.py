"""Runs the migrations: on the connection that `verify` hands over, else on the database of `-x db=`, VERIFY_DB or alembic.ini.

Either way a run is one transaction, so that a step that fails leaves nothing behind. Batch mode is not used: on SQLite it rebuilds a table and
silently drops the triggers that keep it append-only.
"""

import os
from datetime import UTC, datetime

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SetColumnComment, SetTableComment

from verify.store import ddl, schema
from verify.store.engines import for_writing, target_of
from verify.store.faults import in_words
from verify.store.ledger import reached
from verify.store.sealing import columns_held, seal_ledger


def _address() -> str:
    return (
        context.get_x_argument(as_dictionary=True).get("db")
        or os.environ.get("VERIFY_DB")
        or context.config.get_main_option("sqlalchemy.url")
    )


def _is_declared(_thing: object, name: str | None, *_rest: object) -> bool:
    """Leave to `ddl` what is written there, so that a new revision does not drop it."""
    return name not in ddl.PARTIAL_INDEXES


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=schema.metadata, include_object=_is_declared)
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "postgresql" and context.get_context().get_current_revision() == schema.HEAD:
        _comment(connection)


def _comment(connection: Connection) -> None:
    """Say in the database what each table and column is for; words that change need no migration."""
    for table in schema.metadata.sorted_tables:
        connection.execute(SetTableComment(table))
        for column in table.columns:
            connection.execute(SetColumnComment(column))


def _run_offline(address: str) -> None:
    dialect = "sqlite" if target_of(address).path is not None else "postgresql"
    context.configure(dialect_name=dialect, target_metadata=schema.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _run_offline(_address())
elif handed_over := context.config.attributes.get("connection"):
    _run(handed_over)
else:
    place = target_of(_address())
    with reached(place, create=True) as (engine, version), in_words(place.name, place.path), for_writing(engine) as opened, opened.begin():
        before = columns_held(opened)
        _run(opened)
        if version is not None and version != schema.HEAD and context.get_context().get_current_revision() == schema.HEAD:
            seal_ledger(opened, version, before, at=datetime.now(UTC))
