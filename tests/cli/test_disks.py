"""Disks that fail: full, read-only, spoilt, and the clock that goes backwards. One to three clear lines, a sound database, and it works afterwards."""

import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from disks import mounted

PROGRAM = [sys.executable, "-m", "verify"]
FILLER = "filler"


def text(claims: int) -> str:
    return "".join(f"Claim number {n} of this long page is about one thing or another.[{n % 90 + 1}]\n\n" for n in range(1, claims + 1))


class Desk:
    """A folder on a small disk; where no disk can be mounted, one in which no file may grow beyond a page."""

    def __init__(self, folder: Path, *, is_disk: bool) -> None:
        self.folder, self._is_disk, self._is_full = folder, is_disk, False

    def fill(self, left: int) -> None:
        """Leave so many bytes."""
        self._is_full = True
        if self._is_disk:
            usage = shutil.disk_usage(self.folder)
            (self.folder / FILLER).write_bytes(bytes(max(0, usage.free - left)))

    def clear(self) -> None:
        self._is_full = False
        (self.folder / FILLER).unlink(missing_ok=True)

    def run(self, *arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
        limit = (
            {} if self._is_disk or not self._is_full else {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))}
        )
        command = [
            PROGRAM[0],
            "-B",
            *PROGRAM[1:],
            *map(str, arguments),
        ]  # else Python keeps half of a module's bytecode, for all to choke on
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60, **limit, **options)  # type: ignore[call-overload]

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name != FILLER and not path.name.startswith("verify.db-"))


@pytest.fixture
def small(tmp_path: Path, sample: Path, sample_ledger: Path) -> Iterator[Desk]:
    """A small disk with the sample's ledger on it, and what else the commands of these tests read."""
    with mounted(tmp_path / "disk", "8m") as way:
        desk = Desk(tmp_path / "disk", is_disk=way is not None)
        shutil.copy(sample_ledger, desk.folder / "verify.db")
        shutil.copy(sample / "fall-of-damascus.txt", desk.folder)
        (desk.folder / "large.txt").write_text(text(1500))
        (desk.folder / "source.txt").write_text("A source.\n" * 20_000)
        assert desk.run("export", "-o", "all.jsonl").returncode == 0
        yield desk


DEEDS = [
    ["ingest", "large.txt"],
    ["decide", "3", "verified"],
    ["attach", "1", "source.txt"],
    ["next"],
    ["export", "-o", "copy.jsonl"],
    ["--db", "new.db", "import", "all.jsonl"],
    ["db", "copy", "new.db"],
    ["db", "backup", "new.db"],
    ["report", "-o", "new.html"],
]


@pytest.mark.parametrize("left", [0, 60_000], ids=["no room", "little room"])
def test_full_disk(small, left):
    """Each command that writes is told that there is no room, one that reads still reads; nothing half-written stays, and afterwards all works."""
    before, head = small.names(), small.run("trail", "head").stdout
    small.fill(left)
    reads = [small.run(*arguments) for arguments in (["list", "--json"], ["show", "1"], ["trail", "verify"])]
    for arguments in DEEDS:
        run = small.run(*arguments)
        if run.returncode == 0:  # little room was enough: once more without any
            assert left
            small.fill(0)
            continue

        assert (3, 1, 3) == (run.returncode, min(1, len(run.stderr.splitlines())), max(3, len(run.stderr.splitlines()))), run
        assert "Traceback" not in run.stderr
        assert any(words in run.stderr for words in ("disk is full", "no space left", "the disk refused", "file too large")), run.stderr
        assert before == small.names() or small.run("trail", "head").stdout != head
    small.clear()

    assert [0, 0, 0] == [run.returncode for run in reads]
    assert 14 == len(json.loads(reads[0].stdout)["claims"])
    assert [0, 0] == [small.run(*arguments).returncode for arguments in (["db", "check"], ["trail", "verify"])]
    assert [0] * 4 == [small.run(*arguments).returncode for arguments in DEEDS[:4]]


def test_no_room_for_the_first_ledger(small):
    """There is none then, and none of it."""
    (small.folder / "verify.db").unlink()
    before = small.names()
    small.fill(20_000)
    run = small.run("ingest", "fall-of-damascus.txt")
    again = small.run("list")
    small.clear()

    assert (3, 3) == (run.returncode, again.returncode)
    assert "verify.db" in run.stderr
    assert "no ledger at verify.db yet" in again.stderr
    assert set(small.names()) <= {*before, "verify.db"}
    assert 0 == small.run("ingest", "fall-of-damascus.txt").returncode


@pytest.fixture
def read_only(tmp_path: Path, sample_ledger: Path) -> Iterator[Callable[..., "subprocess.CompletedProcess[str]"]]:
    """Run a command line on a disk that cannot be written; where none can be mounted, in a folder that cannot, and as somebody whom that binds."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] if os.geteuid() == 0 else []
    with mounted(tmp_path / "disk", "4m") as way:
        folder = tmp_path / "disk"
        shutil.copy(sample_ledger, folder / "verify.db")

        def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
            if way is not None:
                subprocess.run([*way, "mount", "-o", "remount,ro", folder], check=True)
            else:
                folder.chmod(0o555)
            before = [] if way is not None else drop
            return subprocess.run(
                [*before, *PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False, timeout=60
            )

        run.folder = folder  # type: ignore[attr-defined]
        yield run
        folder.chmod(0o755) if way is None else None


def test_read_only_disk(read_only):
    """It is read, with or without a log of SQLite's beside it; a write is refused in one line."""
    runs = [
        read_only(*arguments)
        for arguments in (["list", "--json"], ["show", "1"], ["report"], ["export"], ["trail", "verify"], ["db", "check"])
    ]
    writes = [read_only(*arguments) for arguments in (["decide", "1", "verified"], ["next"])]
    others = [read_only(*arguments) for arguments in (["db", "backup", "b.db"], ["db", "copy", "b.db"], ["report", "-o", "a.html"])]

    assert [0] * 6 == [run.returncode for run in runs], runs
    assert [(3, "verify: verify.db cannot be written: the file or its folder is read-only for you\n")] * 2 == [
        (run.returncode, run.stderr) for run in writes
    ]
    for run in others:
        assert (3, 1) == (run.returncode, len(run.stderr.splitlines())), run
        assert "read-only file system" in run.stderr or "permission denied" in run.stderr


def test_log_on_a_read_only_disk(read_only, desk, sample_ledger):
    """What stands in it cannot be read there: that is said, and what helps; nothing is passed over."""
    shutil.copy(sample_ledger, desk / "verify.db")
    with closing(sqlite3.connect(desk / "verify.db", isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM claims").fetchone()
        subprocess.run([*PROGRAM, "decide", "1", "verified"], check=True, capture_output=True)
        for name in ("verify.db", "verify.db-wal"):  # as they stand when everybody was killed
            shutil.copy(desk / name, read_only.folder / name)
    run = read_only("list")

    assert (3, "") == (run.returncode, run.stdout)
    assert "verify: verify.db cannot be read here: its folder is read-only, and verify.db-wal holds writes not yet in it\n" in run.stderr
    assert "copy both files to a folder of yours" in run.stderr


READS = ["list --all --json", "show 1", "report -f json", "export", "trail verify", "db check", "next --peek 3", "documents"]


def test_spoilt_anywhere(verify, held_sample, desk):
    """Whatever bytes of the file are spoilt: every command does what it is to do, or says in one to three lines that it is damaged."""
    verify("attach", ":3", "note:a book")
    verify("decide", 1, 2, "verified")
    verify("decide", 1, "disputed", "--second", "--as", "bob")
    whole, dice = held_sample.read_bytes(), random.Random(4)  # noqa: S311 - places, not secrets
    words = (b"verified", b"citation", b"leading", b'["', b"2026-", b"sha256", b"CREATE", b"claims")
    for n in range(30):
        spoilt = bytearray(whole)
        if n % 3 == 0:
            for _ in range(100):
                spoilt[dice.randrange(len(whole))] = dice.randrange(256)
        elif n % 3 == 1:
            at = dice.randrange(len(whole))
            spoilt[at : at + 600] = bytes(len(spoilt[at : at + 600]))
        else:
            spoilt[max(0, whole.find(dice.choice(words), dice.randrange(len(whole))))] = dice.choice([0, 0x41, 0xFF])
        held_sample.write_bytes(spoilt)
        for command in (*READS, "decide 3 verified"):
            run = verify(*command.split())

            assert run.code in (0, 1, 3) or (run.code == 2 and "there is no claim" in run.err), (n, command, run.err)
            assert run.code != 3 or 1 <= len(run.err.splitlines()) <= 3, (n, command, run.err)
        for path in desk.iterdir():
            path.unlink()


class Backwards:
    """Stands in for the class `datetime` in the house's only clock, which goes back an hour whenever somebody looks."""

    at = datetime(2031, 5, 4, 12, tzinfo=UTC)

    def now(self, _zone: object) -> datetime:
        self.at -= timedelta(hours=1)
        return self.at


@pytest.mark.usefixtures("held_sample")
def test_clock_that_goes_backwards(verify, sample, monkeypatch):
    """What was done later stands later, whatever its time says: the order is that of the trail, which stays whole."""
    monkeypatch.setattr("verify.workflows.clock.datetime", Backwards())
    deeds = [
        ["decide", 1, "verified"],
        ["decide", 1, "disputed"],
        ["flag", 2, "--reason", "odd"],
        ["attach", 3, sample / "sources" / "northern-front.txt"],
        ["next"],
        ["decide", 4, "not_a_claim"],
        ["undo"],
        ["ingest", sample / "fall-of-damascus-revised.txt", "--as", "fall-of-damascus"],
        ["unflag", 2],
    ]
    codes = [verify(*deed).code for deed in deeds]
    events = verify("trail", "list", "-f", "jsonl").objects
    claim = verify("show", 1, "--json").data

    assert [0] * len(deeds) == codes
    assert list(range(1, len(deeds) + 2)) == [event["sequence"] for event in events]
    assert sorted((event["at"] for event in events[1:]), reverse=True) == [event["at"] for event in events[1:]]
    assert ["verified", "disputed"] == [decision["status"] for decision in claim["decisions"]]
    assert "disputed" == claim["status"]
    assert [0, 0] == [verify("trail", "verify").code, verify("db", "check").code]
