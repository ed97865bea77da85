"""The care of a ledger: upgrade it, see its version, check that it is sound, keep a copy."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, select

from verify.errors import LedgerError
from verify.model import MarkKind, Status, status_of
from verify.terminal import one_line

from . import schema
from .engines import Target, for_reading, for_writing, target_of
from .faults import in_words
from .ledger import accept, no_ledger, reached, schema_version
from .migrate import upgrade_to_head
from .rows import decision_of, labels_text
from .schema import citations, claims, decisions


@contextmanager
def _opened(target: str | Path, *, write: bool = False) -> Iterator[tuple[Connection, Target, str]]:
    """A transaction on a ledger of any version, with that version."""
    place = target_of(target)
    connected = for_writing if write else for_reading
    with reached(place) as (engine, version):
        if version is None:
            raise no_ledger(place)
        with in_words(place.name, place.path), connected(engine) as connection, connection.begin():
            yield connection, place, schema_version(connection, place) or ""


def current(target: str | Path) -> tuple[str, str]:
    """Give the schema's revision of a ledger, and the one that this program knows. Raises LedgerError when there is none."""
    with _opened(target) as (_, _, version):
        return version, schema.HEAD


def upgrade(target: str | Path) -> tuple[str, str]:
    """Bring a ledger to the newest schema, all steps or none; give the revision before and after. Refuses one that is newer than we know."""
    place = target_of(target)
    with reached(place) as (_, version):
        accept(version, place, older=True)
    with _opened(target, write=True) as (connection, _, version):
        if version != schema.HEAD:
            upgrade_to_head(connection)
        return version, schema.HEAD


def check(target: str | Path) -> list[str]:
    """Look whether a ledger is sound; give what is not, a line each: none is a sound one.

    The file and its keys are checked by SQLite itself, and what is derived (status, citation numbers) is derived again.
    """
    with _opened(target) as (connection, place, version):
        accept(version, place)
        return [*_file_findings(connection), *_status_findings(connection), *_label_findings(connection)]


def backup(target: str | Path, to: Path) -> None:
    """Copy a ledger to a new file, as it is at one moment, while others go on writing. Never overwrites; leaves nothing half-written."""
    to = to.absolute()
    if os.path.lexists(to):
        raise LedgerError(f"{one_line(str(to))} is there already: name another file")
    if not to.parent.is_dir():
        raise LedgerError(f"there is no folder {one_line(str(to.parent))}")
    with _opened(target) as (connection, place, _):
        if place.path is None:
            raise LedgerError("a PostgreSQL ledger is copied with its own tool: pg_dump")
        driver: Any = connection.connection.dbapi_connection
        _copy(driver, to)


def _copy(driver: sqlite3.Connection, to: Path) -> None:
    with in_words(str(to), to), _scratch_beside(to) as scratch:
        with closing(sqlite3.connect(scratch)) as copy:
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
        with scratch.open("rb") as written:
            os.fsync(written.fileno())
        try:
            os.link(scratch, to)  # unlike a rename, it refuses to overwrite
        except FileExistsError:
            raise LedgerError(f"{one_line(str(to))} is there already: name another file") from None
        except OSError:
            scratch.rename(to)  # a file system without hard links


@contextmanager
def _scratch_beside(to: Path) -> Iterator[Path]:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{to.name[:100]}.", suffix=".part", dir=to.parent)
    except OSError as error:
        raise LedgerError(f"{one_line(str(to))} cannot be written: {(error.strerror or 'the system refused').lower()}") from error
    os.close(handle)
    scratch = Path(name)
    try:
        yield scratch
    finally:
        for left in (scratch, Path(f"{name}-journal"), Path(f"{name}-wal"), Path(f"{name}-shm")):
            left.unlink(missing_ok=True)


def _file_findings(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"the file is damaged: {one_line(line)}"
    for table, rowid, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"{table} row {rowid} points at a row of {parent} that is not there"


def _status_findings(connection: Connection) -> Iterator[str]:
    """A claim's status is what its decisions say."""
    query = select(decisions, claims.c.status.label("projected")).join(claims).order_by(decisions.c.claim_id, decisions.c.id)
    by_claim: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        by_claim.setdefault(row.claim_id, []).append(row)
    for claim_id, rows in by_claim.items():
        said = status_of(decision_of(row) for row in rows)
        if rows[0].projected != said:
            yield f"claim {claim_id} has status {rows[0].projected}, but its decisions say {said}"
    decided = select(decisions.c.claim_id).where(decisions.c.claim_id == claims.c.id).correlate(claims).exists()
    bare = select(claims.c.id, claims.c.status).where(claims.c.status != str(Status.UNVERIFIED), ~decided).order_by(claims.c.id)
    for row in connection.execute(bare):
        yield f"claim {row.id} has status {row.status}, but nobody decided on it"


def _label_findings(connection: Connection) -> Iterator[str]:
    """A claim's citation numbers are those of its citations, each once, in printed order."""
    cited = and_(citations.c.claim_id == claims.c.id, citations.c.kind == str(MarkKind.CITATION))
    query = select(claims.c.id, claims.c.citation_labels, citations.c.label).outerjoin(citations, cited)
    labels: dict[str, None] = {}
    last: Any = None
    for row in connection.execute(query.order_by(claims.c.id, citations.c.ordinal)):
        if last is not None and row.id != last.id:
            yield from _label_finding(last, labels)
            labels = {}
        if row.label is not None:
            labels[row.label] = None
        last = row
    if last is not None:
        yield from _label_finding(last, labels)


def _label_finding(claim: Any, labels: dict[str, None]) -> Iterator[str]:
    if claim.citation_labels != labels_text(list(labels)):
        yield f"claim {claim.id} lists citations {one_line(claim.citation_labels)}, but has {one_line(labels_text(list(labels)))}"
