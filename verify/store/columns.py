"""How values are spelled in the ledger, and the kinds of columns its tables are made of.

Lists and objects are kept as canonical JSON text, so that equal values are equal texts on either database.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Dialect, ForeignKey, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
"""Made once: `json.dumps` would make one a call, and the trail spells four values an event."""


def canonical_json(value: Any) -> str:
    """One spelling for one value: sorted keys, no spaces, no NaN, letters of every script as they are."""
    return _CANONICAL.encode(value)


def utc_text(time: datetime) -> str:
    """A time as the ledger spells it, of one width so that texts sort as times do: "2024-12-08T05:00:00.000000Z".

    Raises ValueError for a time without a zone.
    """
    if time.tzinfo is None:
        raise ValueError(f"a time without a zone: {time!r}")
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class UtcTime(TypeDecorator[datetime]):
    """A moment, always in UTC: ISO 8601 text on SQLite, where people read it, `timestamptz` on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take text where the database has no time type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a time without a zone on either database."""
        if value is None:
            return None
        return utc_text(value) if dialect.name == "sqlite" else value.astimezone(UTC) if value.tzinfo else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give every time in UTC, whatever zone the server thinks in."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


def id_(comment: str) -> Column[int]:
    """An id, counted by the one writer on both databases alike: a bulk then knows its ids without asking, and a copied ledger keeps them."""
    return Column("id", Integer, primary_key=True, autoincrement=False, comment=comment)


def key(name: str, comment: str) -> Column[int]:
    """A whole number that is part of a key and points at no other table."""
    return Column(name, Integer, primary_key=True, autoincrement=False, comment=comment)


def text(name: str, comment: str) -> Column[str]:
    """Words; empty rather than missing."""
    return Column(name, Text, nullable=False, comment=comment)


def ids(name: str, comment: str) -> Column[str]:
    """A JSON list of ids; a ledger that gains the column starts with empty ones."""
    return added(name, "[]", comment)


def added(name: str, start: str, comment: str) -> Column[str]:
    """Words in a column that came later: rows that were there start with `start`."""
    return Column(name, Text, nullable=False, server_default=start, comment=comment)


def number(name: str, comment: str) -> Column[int]:
    """A whole number."""
    return Column(name, Integer, nullable=False, comment=comment)


def time(name: str, comment: str, *, nullable: bool = False) -> Column[datetime]:
    """A moment."""
    return Column(name, UtcTime, nullable=nullable, comment=comment)


def yes_no(name: str, comment: str) -> Column[bool]:
    """A yes or a no."""
    return Column(name, Boolean, nullable=False, comment=comment)


def word(name: str, table: str, comment: str) -> Column[str]:
    """A word of one of the small tables."""
    return Column(name, Text, ForeignKey(f"{table}.name"), nullable=False, comment=comment)


def to(name: str, table: str, comment: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """The id of a row of another table."""
    return Column(
        name, Integer, ForeignKey(f"{table}.id"), nullable=nullable, primary_key=primary_key, autoincrement=False, comment=comment
    )
