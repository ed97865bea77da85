"""What an event states of rows and seals, read from its payload."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from .columns import canonical_json
from .journal import in_bytes
from .scratch import Told, ToldSeal, key_of
from .seals import KINDS, is_seal

SECTIONS = ("rows", "hashes", "removed", "seals")
"""The parts of a payload that state what was written; all others are facts for people."""
_DIGEST = 32


def told_rows(facts: Mapping[str, Any], sequence: int, places: Mapping[str, int]) -> Iterator[Told]:
    """Give what an event states of single rows; `places` are the tables that have any. Raises ValueError, in words, for what no event states."""
    if "rows" in facts:
        for name, place, held in _by_table(facts["rows"], places):
            for key, row in held.items():
                yield Told(place, key_of(key), row_digest(name, row), sequence)
    if "hashes" in facts:
        for _, place, held in _by_table(facts["hashes"], places):
            for key, digest in held.items():
                yield Told(place, key_of(key), _digest(digest), sequence)
    if "removed" in facts:
        gone = {name: dict.fromkeys(map(_text, keys)) for name, keys in _mapping(facts["removed"]).items()}
        for _, place, held in _by_table(gone, places):
            yield from (Told(place, key_of(key), None, sequence) for key in held)


def told_seals(facts: Mapping[str, Any], sequence: int) -> Iterator[ToldSeal]:
    """Give the seals that an event keeps, by kind and scope. Raises ValueError, in words, for what is none."""
    for name, held in _mapping(facts.get("seals", {})).items():
        kind, _, number = name.partition(":")
        scope = key_of(number)
        if kind not in KINDS or not isinstance(scope, int) or not is_seal(held):
            raise ValueError("it keeps a seal that no event keeps")
        yield ToldSeal(kind, scope, held["count"], held["sha256"], sequence)


def row_digest(name: str, row: Any) -> bytes:
    """Give the sha256 of a row as events spell it."""
    return hashlib.sha256(in_bytes(canonical_json([name, row]))).digest()


def _by_table(section: Any, places: Mapping[str, int]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for name, held in _mapping(section).items():
        if name not in places:
            raise ValueError(f"it tells of single rows of {name[:40]}, which has none")
        yield name, places[name], _mapping(held)


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it tells of rows as no event does")  # noqa: TRY004 - whatever a payload holds, it is the value that is wrong
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it tells of rows as no event does")  # noqa: TRY004 - as above
    return value


def _digest(text: Any) -> bytes:
    digest = bytes.fromhex(text) if isinstance(text, str) else b""
    if len(digest) != _DIGEST:
        raise ValueError("it has a hash of a row that is none")
    return digest
