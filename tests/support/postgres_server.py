"""A PostgreSQL server on loopback that the tests start, and empty databases on it: a plugin of pytest's, for every room that needs one.

Without PostgreSQL's programs a test skips; on CI it fails, for half of the promise would not be tested. It asserts nothing: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
_LANGUAGE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=de-DE")
"""Texts are sorted as in a dictionary, as on most servers and not as SQLite does: an order that is not asked for shows."""
_ROOM = 2**30
_OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c timezone=Asia/Kathmandu"
"""A time zone that nobody expects: a time that is not read as UTC shows."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server without a database name; it ends with the session."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="verify-postgres-", dir=_quick_place()))
    owner = _owner(folder)
    password = secrets.token_hex(16)
    port = _free_port()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)

    def run(binary: str, *arguments: str | Path) -> None:
        subprocess.run([binaries / binary, *arguments], user=owner, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    data = str(folder / "data")
    words = ("-U", "verify", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "-E", "UTF8", *_LANGUAGE, "-N")
    run("initdb", "-D", data, *words)
    run("pg_ctl", "-D", data, "-l", folder / "log", "-o", f"-p {port} {_OPTIONS}", "-w", "-t", "60", "start")
    try:
        yield f"postgresql://verify:{password}@127.0.0.1:{port}"
    finally:
        with suppress(subprocess.CalledProcessError):
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> Callable[..., str]:
    """Make a database, empty or a copy of the one at an address, and give its address."""
    import psycopg

    numbers = count(1)

    def made(copied: str = "") -> str:
        name = f"ledger_of_its_own_{next(numbers)}"
        template = f" TEMPLATE {copied.rpartition('/')[2]}" if copied else ""
        with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{template}")
        return f"{postgres_server}/{name}"

    return made


@pytest.fixture(params=DATABASES, scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Each of the databases in turn, by its name."""
    return str(request.param)


@pytest.fixture(scope="session")
def new_target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Give where a ledger can be made on a database, or was made by copying the one at another place."""

    def made(database: str, copied: str = "") -> str:
        if database == "postgresql":
            return str(request.getfixturevalue("new_postgres")(copied))
        place = tmp_path_factory.mktemp("ledger") / "verify.db"
        return str(shutil.copy(copied, place) if copied else place)

    return made


@pytest.fixture
def postgres_target(new_postgres: Callable[..., str]) -> str:
    """An empty database of its own."""
    return new_postgres()


@pytest.fixture
def sqlite_target(tmp_path: Path) -> str:
    """The name of a file that is not there yet."""
    return str(tmp_path / "verify.db")


@pytest.fixture(params=DATABASES)
def any_target(request: pytest.FixtureRequest) -> str:
    """Where a ledger can be made, on either database."""
    return request.getfixturevalue("sqlite_target" if request.param == "sqlite" else "postgres_target")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path))).parent
    if os.environ.get("CI"):
        pytest.fail("PostgreSQL is not installed, and CI must test on it")
    pytest.skip("PostgreSQL is not installed")


def _quick_place() -> Path | None:
    """Where files are quickest, as a database is thousands of them: in memory, if there is room."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


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
