"""One entry of the trail, for people and for programs: who did what when, and what changed in which row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verify.model import SCHEMA_VERSION
from verify.reports.escape import json_text
from verify.terminal import one_line

from .context import colours
from .table import cut

if TYPE_CHECKING:
    from verify.store import Connection
    from verify.store.chain import Stored

_COMPARED = 20
"""Rows of an entry that are compared with what was told of them before: an entry with more is a reading, in which all is new."""
_VALUE = 200
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What an entry tells of a row. `since` is the entry that told of it before: 0 where none did, None where it was not looked for."""

    table: str
    key: str
    row: dict[str, Any] | None
    since: int | None = None
    before: dict[str, Any] | None = None

    @property
    def what(self) -> str:
        """What became of the row, in words."""
        if self.row is None:
            return "removed"
        if self.since is None:
            return "written"
        return f"changed since entry {self.since}" if self.since else "added"

    @property
    def columns(self) -> dict[str, list[Any]]:
        """The columns that changed, each as [before, after]; of an added row all of them, as [after]."""
        if self.row is None:
            return {}
        if self.before is None:
            return {name: [value] for name, value in self.row.items()}
        return {name: [self.before.get(name), value] for name, value in self.row.items() if self.before.get(name) != value}


def entry_row(event: "Stored") -> dict[str, Any]:
    """Give an entry for programs, with its time as the hash covers it, so that the chain can be derived from what is printed. A payload that was
    spoilt is given as its text."""
    from verify.store.chain import facts_of

    values = {name: value if isinstance(value, str | int) else repr(value) for name, value in event._asdict().items()}
    return {"schema_version": SCHEMA_VERSION, **values, "payload": facts_of(event) or values["payload"]}


def entry_json(connection: "Connection", event: "Stored") -> str:
    """Give an entry as JSON, with what changed in which row, and whether its hash fits."""
    changes = [
        {"table": each.table, "key": each.key, "what": each.what, "since": each.since, "columns": each.columns}
        for each in _changes(connection, event)
    ]
    return json_text({**entry_row(event), "hash_fits": _hash_fits(event), "changes": changes}) + "\n"


def entry_lines(connection: "Connection", event: "Stored", last: int) -> Iterator[str]:
    """Give an entry as lines for a terminal; `last` is the number of the last one."""
    from verify.store.chain import facts_of
    from verify.store.statements import SECTIONS

    facts = facts_of(event)
    yield _heading(f"Entry {event.sequence} of {last} · {_shown(event.action)}")
    yield f"  {_shown(event.at)} by {_shown(event.reviewer)}, on {_shown(event.subject)}"
    yield from _part("Facts", [f"  {_shown(name)}: {_shown(value)}" for name, value in facts.items() if name not in SECTIONS])
    yield from _part("Rows", [line for change in _changes(connection, event) for line in _row_lines(change)])
    yield from _part("Rows by hash", list(_counted(facts.get("hashes"))))
    yield from _part("Seals", list(_seals(facts.get("seals"))))
    fits = "fits" if _hash_fits(event) else "does not fit: `verify trail verify` says more"
    yield from _part("Hash", [f"  {_shown(event.hash)} ({fits})", f"  after {_shown(event.previous_hash) or 'none'}"])


def _changes(connection: "Connection", event: "Stored") -> list[_Change]:
    """The rows that an entry spells out or removes, compared with what was told of them before."""
    from verify.store.chain import facts_of, statements_before

    facts = facts_of(event)
    rows = [_Change(table, key, row) for table, held in _mapping(facts.get("rows")) for key, row in _mapping(held) if isinstance(row, dict)]
    gone = [_Change(table, str(key), None) for table, keys in _mapping(facts.get("removed")) if isinstance(keys, list) for key in keys]
    if len(rows) > _COMPARED:
        return [*rows, *gone]
    before = statements_before(connection, event.sequence, [(each.table, each.key) for each in rows]) if rows else {}
    compared = [_Change(each.table, each.key, each.row, *before.get((each.table, each.key), (0, None))) for each in rows]
    return [*compared, *gone]


def _row_lines(change: _Change) -> Iterator[str]:
    yield f"  {_shown(change.table)} {_shown(change.key)}, {change.what}"
    for name, values in change.columns.items():
        yield f"    {_shown(name)}: {' -> '.join(_shown(value) for value in values)}"


def _counted(hashes: Any) -> Iterator[str]:
    for table, held in _mapping(hashes):
        if isinstance(held, dict) and held:
            yield f"  {_shown(table)}: {len(held)}, from {_shown(next(iter(held)))}"


def _seals(seals: Any) -> Iterator[str]:
    for name, held in _mapping(seals):
        if isinstance(held, dict):
            numbers = f" ({_shown(held.get('numbers'))})" if held.get("numbers") else ""
            yield f"  {_shown(name)}: rows {_shown(held.get('count'))}{numbers}, sha256 {_shown(held.get('sha256'))}"


def _mapping(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _hash_fits(event: "Stored") -> bool:
    from verify.store.chain import hash_of

    try:
        return event.hash == hash_of(event)
    except (ValueError, TypeError):
        return False


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield _heading(title)
        yield from lines


def _heading(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colours() else text


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    return cut(one_line(text), _VALUE)
