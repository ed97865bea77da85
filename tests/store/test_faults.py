"""Processes that are killed, and disks that fail: nothing is lost, nothing half-written, and it is said in words.

Each child is a process of its own. Children that must not be root give that up after their imports, as root is refused nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from disks import mounted

import verify
from verify.errors import LedgerError
from verify.store import documents, maintenance, open_ledger, trail

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(verify.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
HEAD = """
import os, sys, time, resource
from datetime import datetime, UTC
from verify.errors import LedgerError
from verify.store import open_ledger, documents, maintenance, trail
NOW = datetime(2024, 12, 8, tzinfo=UTC)
target = sys.argv[1]
def append(connection, subject="s"):
    return trail.append(connection, at=NOW, reviewer="ada", action="note", subject=subject, payload={})
"""
UNPRIVILEGED = """
import alembic.command, tempfile, warnings
with tempfile.TemporaryDirectory() as folder, open_ledger(folder + "/verify.db", create=True) as ledger, ledger.write() as connection:
    append(connection)  # whatever is imported late is imported now, while its files can still be read
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
"""
TRY = """
try:
    with open_ledger(target, create={create}) as ledger:
        with ledger.read() as connection:
            print("read", trail.head(connection).sequence)
        with ledger.write() as connection:
            print("wrote", append(connection).sequence)
except LedgerError as error:
    print("refused", error)
"""


def _child(code: str, target: object, **options) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HEAD + code, str(target)]
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def _said(child: subprocess.Popen[str]) -> str:
    """What a child printed; it must not have printed a traceback."""
    output, errors = child.communicate(timeout=120)

    assert (0, "") == (child.returncode, errors)
    return output.strip()


def test_two_who_create_at_once(any_target: str):
    """Both succeed, on one ledger."""
    code = "print('ready', flush=True); sys.stdin.readline()\nwith open_ledger(target, create=True) as l, l.write() as c: append(c)"
    children = [_child(code, any_target, stdin=subprocess.PIPE) for _ in range(3)]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()

    assert [""] * 3 == [_said(child) for child in children]
    with open_ledger(any_target) as ledger, ledger.read() as connection:
        assert 3 == trail.head(connection).sequence
    assert [] == maintenance.check(any_target)


@pytest.mark.parametrize("moment", ["in a write", "after a write"])
def test_killed(tmp_path: Path, moment: str):
    """What was acknowledged is there; what was not leaves nothing; the ledger is sound and goes on."""
    code = """
with open_ledger(target, create=True) as ledger:
    with ledger.write() as c:
        append(c)
    with ledger.write() as c:
        for n in range(3000):
            documents.add_document(c, name=f"d{n}", title="x" * 500, origin="-")
            append(c)
        if sys.stdin.readline().strip() == "in a write":
            print("ready", flush=True); time.sleep(60)
    print("ready", flush=True); time.sleep(60)
"""
    path = tmp_path / "verify.db"
    with _child(code, path, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{moment}\n")
        child.stdin.flush()
        said = child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.communicate()
    expected = (1, 0) if moment == "in a write" else (3001, 3000)

    assert "ready\n" == said
    assert [] == maintenance.check(path)
    with open_ledger(path) as ledger, ledger.write() as connection:
        assert expected == (trail.head(connection).sequence, len(documents.all_documents(connection)))


def test_killed_while_creating(tmp_path: Path):
    """The next one makes the ledger as if nothing had been."""
    code = """
import verify.store.ledger as ledger_module
make = ledger_module.upgrade_to_head
def half(connection):
    make(connection)
    os.kill(os.getpid(), 9)
ledger_module.upgrade_to_head = half
with open_ledger(target, create=True): pass
"""
    path = tmp_path / "verify.db"
    with _child(code, path) as child:
        child.communicate()

    assert -signal.SIGKILL == child.returncode
    with pytest.raises(LedgerError, match="no ledger at"), open_ledger(path):
        pass
    with open_ledger(path, create=True) as ledger, ledger.read() as connection:
        assert 0 == trail.head(connection).sequence


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that a child without privileges can reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="verify-test-"))
    folder.chmod(0o777)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


def _one_event(path: Path, at: datetime) -> None:
    with open_ledger(path, create=True) as ledger, ledger.write() as connection:
        trail.append(connection, at=at, reviewer="ada", action="note", subject="s", payload={})


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "said"),
    [
        (0o666, 0o777, "read 1\nwrote 2"),
        (0o444, 0o777, "read 1\nrefused {path} cannot be written: the file or its folder is read-only for you"),
        (0o444, 0o555, "read 1\nrefused {path} cannot be written: the file or its folder is read-only for you"),
        (0o666, 0o555, "read 1\nrefused {path} cannot be written: the file or its folder is read-only for you"),
        (0o000, 0o777, "refused {path} cannot be opened: you have no permission, or its folder does not let its lock files be made"),
        (0o666, 0o000, "refused {path} cannot be opened: permission denied"),
    ],
)
def test_read_only(shared_folder: Path, noon: datetime, file_mode: int, folder_mode: int, said: str):
    """A ledger that cannot be written can still be read, as long as it can be read at all; a write is refused in words."""
    path = shared_folder / "verify.db"
    _one_event(path, noon)
    path.chmod(file_mode)
    shared_folder.chmod(folder_mode)

    assert said.format(path=path) == _said(_child(UNPRIVILEGED + TRY.format(create=True), path))


def test_read_only_folder_with_a_log(shared_folder: Path, noon: datetime):
    """Writes that are still in the log cannot be read there, and are not passed over in silence."""
    path = shared_folder / "verify.db"
    _one_event(path, noon)
    kill = "l = open_ledger(target).__enter__()\nwith l.read() as r:\n  with l.write() as c: append(c)\n  os.kill(os.getpid(), 9)"
    with _child(kill, path) as child:
        child.communicate()
    (shared_folder / "verify.db-shm").unlink()
    shared_folder.chmod(0o555)
    said = _said(_child(UNPRIVILEGED + TRY.format(create=False), path))

    assert (
        f"refused {path} cannot be read here: its folder is read-only, and verify.db-wal holds writes not yet in it" == said.splitlines()[0]
    )
    shared_folder.chmod(0o777)
    with open_ledger(path) as ledger, ledger.read() as connection:
        assert 2 == trail.head(connection).sequence


def test_no_ledger_in_a_read_only_folder(shared_folder: Path):
    shared_folder.chmod(0o555)
    said = _said(_child(UNPRIVILEGED + TRY.format(create=True), shared_folder / "verify.db"))

    assert said.startswith("refused ")
    assert "you have no permission" in said
    assert [] == list(shared_folder.iterdir())


FILL = """
try:
    with open_ledger(target, create=True) as ledger:
        for n in range(100):
            with ledger.write() as c:
                for m in range(20):
                    documents.add_document(c, name=f"{n} {m}", title="x" * 5000, origin="-")
                append(c)
            print("kept", flush=True)
except LedgerError as error:
    print("refused", str(error).splitlines()[0])
"""
LIMIT = "resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"


@pytest.mark.parametrize("size", [0, 4096, 100_000, 300_000, 1_500_000])
def test_file_size_limit(tmp_path: Path, size: int):
    """At whatever point the disk refuses: what was acknowledged is there, the rest is not, and the ledger goes on afterwards."""
    path = tmp_path / "verify.db"
    *kept, last = _said(_child(LIMIT.format(size=size) + FILL, path)).splitlines()

    assert last.startswith(("refused the disk refused, so nothing was written", "refused the disk is full"))
    with open_ledger(path, create=True) as ledger, ledger.write() as connection:
        assert len(kept) == trail.head(connection).sequence
        assert len(kept) * 20 == len(documents.all_documents(connection))
    assert [] == maintenance.check(path)


def test_full_disk(tmp_path: Path):
    """A real one, of two megabytes; where none can be mounted, a limit on files stands in for it."""
    disk = tmp_path / "disk"
    with mounted(disk, "2m") as way:
        *kept, last = _said(_child(FILL if way is not None else LIMIT.format(size=1_000_000) + FILL, disk / "verify.db")).splitlines()
        findings = maintenance.check(disk / "verify.db")
        with open_ledger(disk / "verify.db") as ledger, ledger.read() as connection:
            found = trail.head(connection).sequence, len(documents.all_documents(connection))
        if way is not None:
            with pytest.raises(LedgerError, match="disk is full"):
                maintenance.backup(disk / "verify.db", disk / "copy.db")
        left = [path.name for path in disk.iterdir() if "copy" in path.name]

    assert last.startswith(
        f"refused the disk is full: nothing was written to {disk / 'verify.db'}" if way is not None else "refused the disk "
    )
    assert ([], len(kept), len(kept) * 20, []) == (findings, *found, left)
    assert kept
