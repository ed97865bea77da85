"""Ledgers to test on: an SQLite file in a folder of the test's own, and a PostgreSQL database on a server that the tests start on loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from verify.store import Ledger, open_ledger

NOON = datetime(2024, 12, 8, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """A moment with microseconds, so that one that is cut off shows."""
    return NOON


@pytest.fixture
def sqlite_target(tmp_path: Path) -> str:
    return str(tmp_path / "verify.db")


@pytest.fixture
def ledger(sqlite_target: str) -> Iterator[Ledger]:
    """A new ledger in an SQLite file."""
    with open_ledger(sqlite_target, create=True) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_target(request: pytest.FixtureRequest) -> str:
    """Where a ledger can be made, on either database."""
    return request.getfixturevalue("sqlite_target" if request.param == "sqlite" else "postgres_target")


@pytest.fixture
def any_ledger(any_target: str) -> Iterator[Ledger]:
    """A new ledger, on either database."""
    with open_ledger(any_target, create=True) as opened:
        yield opened


@pytest.fixture
def postgres_target(postgres_server: str, database_names: Iterator[str]) -> str:
    """An empty database of its own."""
    import psycopg

    name = next(database_names)
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres_server}/{name}"


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"ledger_{n}" for n in count(1))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server without a database name; it ends with the session."""
    binaries = _postgres_binaries()
    folder = Path(tempfile.mkdtemp(prefix="verify-postgres-"))
    owner = _owner(folder)
    password = secrets.token_hex(16)
    port = _free_port()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)

    def run(binary: str, *arguments: str) -> None:
        subprocess.run([binaries / binary, *arguments], user=owner, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    words = ("-U", "verify", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    run("initdb", "-D", data, *words)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c timezone=Asia/Kathmandu"
    run("pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "-t", "60", "start")
    try:
        yield f"postgresql://verify:{password}@127.0.0.1:{port}"
    finally:
        with suppress(subprocess.CalledProcessError):
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path))).parent
    if os.environ.get("CI"):
        pytest.fail("PostgreSQL is not installed, and CI must test on it")
    pytest.skip("PostgreSQL is not installed")


def _owner(folder: Path) -> str | None:
    """Who runs the server: it refuses root, so that root lends the folder to another user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            shutil.chown(folder, pwd.getpwnam(name).pw_name)
            return name
    pytest.skip("there is no user whom PostgreSQL could run as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
