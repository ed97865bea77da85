"""The program is told to end, or is killed: it ends soon, with one line and the exit code of the signal; what it acknowledged is there, and nothing
that is half-written."""

import contextlib
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest_plugins = ["postgres_server"]

PROGRAM = [sys.executable, "-m", "verify"]
SOON = 5
"""Seconds in which it has to end."""
SIGNALS = [
    pytest.param(signal.SIGINT, b"verify: interrupted; nothing was half-written\n", id="SIGINT"),
    pytest.param(signal.SIGTERM, b"verify: ended by SIGTERM; nothing was half-written\n", id="SIGTERM"),
]
PDF_PAGES = 150


def text(claims: int) -> str:
    return "".join(f"Claim number {n} of this long page is about one thing or another.[{n % 90 + 1}]\n\n" for n in range(1, claims + 1))


def pdf() -> bytes:
    """A file that its reader is busy with for seconds: pages full of lines."""
    lines = "".join(f"(Line {n} of a page is about one thing or another, and it ends here.) Tj T* " for n in range(70))
    page = f"BT /F1 8 Tf 10 TL 40 760 Td {lines} ET".encode()
    kids = " ".join(f"{n} 0 R" for n in range(5, 5 + PDF_PAGES))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {PDF_PAGES} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
    ] + [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"] * PDF_PAGES
    body, places = b"%PDF-1.4\n", []
    for number, made in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, made)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


@contextlib.contextmanager
def started(*arguments: object, **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A command line in a process of its own that is ready to be told to end, and is gone when the block ends."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*PROGRAM, *map(str, arguments)], **{**streams, **options}) as ran:  # type: ignore[call-overload]
        try:
            while ran.poll() is None and not heeds(ran.pid):
                time.sleep(0.005)
            yield ran
        finally:
            ran.kill()


def heeds(pid: int) -> bool:
    """Whether a process has said what it does at SIGTERM."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
    return False


def sleeps(pid: int) -> bool:
    """Whether a process waits for something, three times in a row."""
    for _ in range(3):
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            return False
        time.sleep(0.02)
    return True


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so, a minute at most."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ended(ran: "subprocess.Popen[bytes]", number: signal.Signals) -> tuple[int | None, bytes]:
    """Tell a process to end, and give how it did, without reading what it wrote so far: it must not wait for that."""
    ran.send_signal(number)
    ran.wait(timeout=SOON)
    assert ran.stderr is not None
    return ran.returncode, ran.stderr.read()


@pytest.fixture
def large(verify, desk) -> Path:
    """A ledger whose listing is far larger than a pipe holds."""
    (desk / "large.txt").write_text(text(2000))
    assert verify("ingest", "large.txt").code == 0
    return desk / "verify.db"


@pytest.mark.parametrize("arguments", [["extract", "-"], ["ingest", "-"], ["audit", "-", "-o", "a.html"]], ids=" ".join)
@pytest.mark.parametrize(("number", "told"), SIGNALS)
def test_while_it_reads(desk, arguments, number, told):
    """One line, no database and no report."""
    with started(*arguments, stdin=subprocess.PIPE) as ran:
        assert ran.stdin is not None
        ran.stdin.write(b"It is so.[1]\n" * 100_000)  # more than a pipe holds: when this returns, it has begun to read
        ran.stdin.flush()
        until(lambda: sleeps(ran.pid))

        assert (128 + number, told) == ended(ran, number)
    assert [] == list(desk.iterdir())


@pytest.mark.parametrize(("number", "told"), SIGNALS)
def test_while_a_child_reads_a_pdf(desk, number, told):
    """The child ends with it."""
    (desk / "long.pdf").write_bytes(pdf())
    with started("ingest", "long.pdf") as ran:
        until(lambda: children(ran.pid))
        [child] = children(ran.pid)

        assert (128 + number, told) == ended(ran, number)
        until(lambda: not Path(f"/proc/{child}").exists())
    assert ["long.pdf"] == [path.name for path in desk.iterdir()]


@pytest.mark.parametrize("arguments", [["list", "--json"], ["export"], ["report", "-f", "html"], ["trail", "export"]], ids=" ".join)
@pytest.mark.parametrize(("number", "told"), SIGNALS)
@pytest.mark.usefixtures("large")
def test_while_it_writes_to_who_does_not_read(verify, arguments, number, told):
    """It waits for a reader who looked at the first bytes and left the rest; what is left does not hold it up."""
    if arguments == ["trail", "export"]:
        for _ in range(3):
            verify("flag", *range(1, 200), "--reason", "long " * 100)
    with started(*arguments) as ran:
        assert ran.stdout is not None
        assert ran.stdout.read(10)
        until(lambda: sleeps(ran.pid))

        assert (128 + number, told) == ended(ran, number)
    assert 0 == verify("db", "check").code


@pytest.fixture(params=["a writer", "a writer without a log", "a reader", pytest.param("postgresql", marks=pytest.mark.postgres)])
def locked(request, verify, held_sample, monkeypatch) -> Iterator[list[str]]:
    """A command that waits for a lock which another program holds."""
    if request.param == "postgresql":
        import psycopg

        from verify.store.engines import _WRITER_LOCK

        target = request.getfixturevalue("postgres_target")
        assert verify("db", "copy", target).code == 0
        monkeypatch.setenv("VERIFY_DB", target)
        with psycopg.connect(target, autocommit=True) as other:
            other.execute(f"SELECT pg_advisory_lock({_WRITER_LOCK})")
            yield ["decide", "1", "verified"]
            other.execute(f"SELECT pg_advisory_unlock({_WRITER_LOCK})")
        return
    with contextlib.closing(sqlite3.connect(held_sample, isolation_level=None)) as other:
        if request.param != "a writer":
            other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE" if request.param == "a reader" else "BEGIN IMMEDIATE")
        yield ["list"] if request.param == "a reader" else ["decide", "1", "verified"]
        other.execute("ROLLBACK")


@pytest.mark.parametrize(("number", "told"), SIGNALS)
def test_while_it_waits_for_a_lock(locked, number, told):
    """It is heard at once, and not when the lock is free or the half minute over."""
    with started(*locked) as ran:
        with contextlib.suppress(subprocess.TimeoutExpired):
            ran.wait(timeout=1)  # long enough to meet the lock; where it was not, the next line says the same

        assert (128 + number, told) == ended(ran, number)


DEEDS = [
    ["ingest", "other.txt"],
    ["--db", "new.db", "import", "all.jsonl"],
    ["db", "copy", "new.db"],
    ["db", "backup", "new.db"],
    ["export", "-o", "new.jsonl"],
    ["report", "-o", "new.html"],
]


@pytest.mark.parametrize("arguments", DEEDS, ids=" ".join)
def test_at_any_moment(verify, large, desk, arguments):
    """Whatever it is at: it ends soon, leaves no file that is not whole, and the ledger as it was; afterwards it does what it was to do."""
    (desk / "other.txt").write_text(text(1500))
    verify("export", "-o", "all.jsonl")
    before = sorted(path.name for path in desk.iterdir())
    for number, share in ((signal.SIGINT, 0.1), (signal.SIGTERM, 0.4), (signal.SIGINT, 0.8), (signal.SIGTERM, 1.3)):
        with started(*arguments) as ran:
            with contextlib.suppress(subprocess.TimeoutExpired):
                ran.wait(timeout=share)
            code, told = ended(ran, number)
        if code in (0, -number):
            break  # it had done its work, and was told on its way out or too late

        assert code == 128 + number, told
        assert told.endswith(b"; nothing was half-written\n")
        assert b"Traceback" not in told
        if sorted(path.name for path in desk.iterdir()) != before:
            break  # it was told when all was done
        assert _names(verify) in (["large"], ["large", "other"])
    assert 0 == verify(*arguments).code or "already" in verify(*arguments).err
    assert 0 == verify("trail", "verify").code
    assert ["ok"] == integrity(large)


def _names(verify) -> list[str]:
    return [document["name"] for document in verify("documents", "-f", "json").data["documents"]]


def integrity(ledger: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")]


@pytest.mark.usefixtures("held_sample")
def test_who_insists_is_heard_at_once(desk):
    """A second signal ends it there and then; what it was at is not half-written either."""
    (desk / "large.txt").write_text(text(5000))
    with started("ingest", "large.txt") as ran:
        ran.send_signal(signal.SIGTERM)
        ran.send_signal(signal.SIGTERM)

        assert ran.wait(timeout=SOON) in (143, -signal.SIGTERM)
    assert ["ok"] == integrity(desk / "verify.db")


@pytest.mark.usefixtures("large")
def test_terminal_that_goes_away(verify):
    """A hang-up ends it as any signal does, but for a program that was started not to care."""
    with started("export") as ran:
        assert (129, b"verify: ended by SIGHUP; nothing was half-written\n") == ended(ran, signal.SIGHUP)
    with started("export", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) as ran:
        ran.send_signal(signal.SIGHUP)
        out, told = ran.communicate(timeout=60)

    assert (0, verify("export").out.encode()) == (ran.returncode, out)
    assert told.startswith(b"exported; head ")


DECIDER = """
import sys
from verify.cli import main
for claim in range(int(sys.argv[1]), 200):
    if main(["-q", "decide", str(claim), "verified", "--note", f"note {claim}"]):
        sys.exit("failed")
"""
"""Decides on one claim after the other, and says so after each."""


def test_killed_at_any_moment(verify, desk, any_target, monkeypatch):
    """Again and again, without a chance to clean up: an ingest is there whole or not at all, every decision that was told is there, the database is
    sound, the trail unbroken, and what is run again comes to the same."""
    monkeypatch.setenv("VERIFY_DB", any_target)
    (desk / "page.txt").write_text(text(210))
    (desk / "large.txt").write_text(text(1000))
    verify("--db", "other.db", "ingest", "page.txt", "large.txt")
    assert verify("ingest", "page.txt").code == 0
    dice, decided = random.Random(18), 0  # noqa: S311 - moments, not secrets
    for n in range(5 if "://" in any_target else 15):
        if n % 2:
            with started("ingest", "large.txt") as ran:
                _kill_after(ran, dice.uniform(0, 0.8))
        else:
            with subprocess.Popen([sys.executable, "-c", DECIDER, str(decided + 1)], stdout=subprocess.PIPE) as stream:
                told = _kill_after(stream, dice.uniform(0, 0.4), said=stream.stdout.readline() if stream.stdout else b"")
            decided = max(_decided(verify))
            assert 0 < told <= decided

        assert _names(verify) in (["page"], ["page", "large"])
        assert list(range(1, decided + 1)) == _decided(verify)
        assert ("", 0) == (verify("db", "check").out, verify("trail", "verify").code)
    verify("ingest", "large.txt")
    assert _texts(verify("--db", "other.db", "list", "-d", "large", "--json")) == _texts(verify("list", "-d", "large", "--json"))
    assert 0 == verify("trail", "verify").code


def _kill_after(ran: "subprocess.Popen[bytes]", seconds: float, said: bytes = b"") -> int:
    """Kill a process after some time; give the last claim on which it said that it decided."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        ran.wait(timeout=seconds)
    ran.kill()
    told = (said + ran.communicate()[0]).decode()
    decided = [line for line in told.splitlines(keepends=True) if line.startswith("claim ") and line.endswith("\n")]
    return int(decided[-1].split()[1].rstrip(":")) if decided else 0


def _decided(verify) -> list[int]:
    return [claim["id"] for claim in verify("list", "-d", "page", "--status", "verified", "--json").data["claims"]]


def _texts(run) -> list[str]:
    return [json.dumps({key: value for key, value in claim.items() if key != "id"}) for claim in run.data["claims"]]
