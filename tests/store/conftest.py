"""Ledgers to test on: an SQLite file in a folder of the test's own, and a database of its own on PostgreSQL (see `postgres_server`).

`writing` and `take` are how tests write to them, as workflows do.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

import pytest

from verify.model import Claim, Draft, Extraction, Layout, OrphanMarker, Reference
from verify.store import Connection, Ledger, documents, open_ledger, readings, trail

pytest.register_assert_rewrite("postgres_server")  # other rooms load it as a plugin, and pytest minds what was imported before

from postgres_server import DATABASES, any_target, new_postgres, new_target, postgres_server, postgres_target, sqlite_target  # noqa: E402

FIXTURES = (any_target, new_postgres, new_target, postgres_server, postgres_target, sqlite_target)
"""Fixtures of that plugin, for this room's tests."""

NOON = datetime(2024, 12, 8, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """A moment with microseconds, so that one that is cut off shows."""
    return NOON


@pytest.fixture(scope="session")
def writing() -> Callable[[Ledger], AbstractContextManager[Connection]]:
    """A block that writes, with one event at its end that tells of all that it changed: without one, the ledger keeps nothing."""

    @contextmanager
    def written(ledger: Ledger) -> Iterator[Connection]:
        with ledger.write() as connection:
            yield connection
            trail.append(connection, at=NOON, reviewer="ada", action="test.written", subject="test", payload={})

    return written


@dataclass(frozen=True)
class Taken:
    """What a reading wrote: its document, its revision, its claims in their order, and the reference of each label."""

    document_id: int
    revision_id: int
    claims: list[int]
    references: dict[str, int]


@pytest.fixture(scope="session")
def take() -> Callable[..., Taken]:
    """Read claims into a ledger, as a new document or as the next revision of the one that has that name."""
    return _take


def _take(
    connection: Connection,
    read: Sequence[Claim],
    *,
    name: str = "report",
    text: str = "",
    listed: Sequence[Reference] = (),
    orphans: Sequence[OrphanMarker] = (),
    ids: Sequence[int | None] = (),
    gone: Sequence[int] = (),
    known: Mapping[str, int] | None = None,
    at: datetime = NOON,
) -> Taken:
    """`ids` are those that the first claims keep, `known` the references that labels stand for already."""
    document = documents.document_named(connection, name)
    if document is None:
        document = documents.add_document(connection, name=name, title="A report", origin=f"/texts/{name}.txt")
    else:
        readings.keep_appearances(connection, document.id, documents.current_revision(connection, document.id).id)
    extraction = Extraction(Layout.TRAILING, "most markers follow a full stop", tuple(read), tuple(orphans), {"table": 2, "title": 1})
    draft = Draft(text, (), "A report", references=tuple(listed))
    revision = documents.add_revision(connection, document.id, draft=draft, extraction=extraction, sha256=f"hash of {name}", at=at)
    labels = {reference.label for reference in listed}
    cited = dict.fromkeys(label for claim in read for label in claim.citation_labels)
    entries = [*listed, *(Reference(label, "") for label in cited if label not in labels)]
    numbered = [((known or {}).get(entry.label), entry, entry.label in labels) for entry in entries]
    references = documents.write_references(connection, document.id, numbered)
    placed = list(zip_longest(ids, read))
    claims = readings.write_reading(connection, document.id, revision.id, placed, gone, references=references, at=at)
    return Taken(document.id, revision.id, claims, references)


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger with nothing in it, made once, to be copied: an SQLite file."""
    return _empty(str(tmp_path_factory.mktemp("empty") / "verify.db"))


@pytest.fixture(scope="session")
def empty_postgres(new_postgres: Callable[..., str]) -> str:
    """The same on PostgreSQL."""
    return _empty(new_postgres())


def _empty(target: str) -> str:
    with open_ledger(target, create=True):
        return target


@pytest.fixture
def ledger(sqlite_target: str, empty_ledger: str) -> Iterator[Ledger]:
    """A new ledger in an SQLite file."""
    with open_ledger(shutil.copy(empty_ledger, sqlite_target)) as opened:
        yield opened


@pytest.fixture
def any_ledger(any_target: str, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A new ledger, on either database."""
    if "://" in any_target:
        _fill(any_target, request.getfixturevalue("empty_postgres"))
    else:
        shutil.copy(request.getfixturevalue("empty_ledger"), any_target)
    with open_ledger(any_target) as opened:
        yield opened


def _fill(target: str, copied: str) -> None:
    """Make an empty database anew, as a copy of another one."""
    import psycopg

    server, _, name = target.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {copied.rpartition('/')[2]}")


@pytest.fixture(scope="module", params=DATABASES)
def lasting_ledger(request: pytest.FixtureRequest, new_target: Callable[..., str]) -> Iterator[Ledger]:
    """A ledger that the tests of a module, or all examples of a property, share, on either database."""
    with open_ledger(new_target(request.param), create=True) as opened:
        yield opened
