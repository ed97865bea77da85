"""Many processes on one ledger, on either database: nothing is lost, nothing is there twice, nobody is told that it is locked, readers never wait."""

import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from verify.store.engines import engine_of, target_of

pytest_plugins = ["postgres_server"]

PROGRAM = [sys.executable, "-m", "verify"]
HANDS = 16
DRIVER = """
import json, os, sys, traceback
from importlib import import_module
import psycopg, sqlalchemy.dialects.postgresql.psycopg
from verify.cli import main
for module in ("decide", "flag", "attach", "queue", "show", "listing", "report", "trail", "db", "transfer"):
    import_module(f"verify.cli.{module}")
for module in ("attach", "audit", "decide", "flag", "queue", "targets"):
    import_module(f"verify.workflows.{module}")

work = json.load(sys.stdin)
main(["-q", *(work[0][0][:2] if work[0][0][0] == "--db" else []), "list", "-o", os.devnull])
gate, keys = os.pipe()
for number, commands in enumerate(work):
    if os.fork() == 0:
        os.close(keys)
        for stream in (1, 2):
            os.dup2(os.open(f"said-{number}.txt", os.O_CREAT | os.O_WRONLY | os.O_APPEND), stream)
        os.read(gate, 1)  # which ends when the other end is closed
        try:
            for command in commands:
                print("ended with", main(command), flush=True)
        except BaseException:
            traceback.print_exc()
        os._exit(0)
os.close(keys)
for _ in work:
    os.wait()
"""
"""Processes that each work through a list of command lines. All have imported what they need, and begin at the same moment."""


def text(claims: int) -> str:
    return "".join(f"Claim number {n} is about one thing or another.[{n}]\n\n" for n in range(1, claims + 1))


@pytest.fixture
def held(verify, desk, any_target, monkeypatch) -> str:
    """A ledger of forty claims."""
    monkeypatch.setenv("VERIFY_DB", any_target)
    (desk / "page.txt").write_text(text(40))
    assert verify("ingest", "page.txt").code == 0
    return any_target


def at_once(commands: Sequence[Sequence[object]]) -> list[tuple[int, str, str]]:
    """Run command lines in processes of their own, all at the same time; give how each ended."""
    running = [
        subprocess.Popen(
            [*PROGRAM, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        for command in commands
    ]
    told = [ran.communicate(timeout=100) for ran in running]
    return [(ran.returncode, *said) for ran, said in zip(running, told, strict=True)]


def driven(desk: Path, work: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """Let a process for each list of command lines work through it, all at the same time; give what each said on both streams."""
    subprocess.run([sys.executable, "-c", DRIVER], input=json.dumps(work), text=True, check=True, timeout=100)
    return [(desk / f"said-{number}.txt").read_text() for number in range(len(work))]


@pytest.mark.usefixtures("held")
def test_sixteen_write_at_once(verify, desk):
    """Decisions, flags, attachments, leases: every one that was acknowledged is there once, and the trail is one chain."""
    work = [
        [
            ["decide", str(n), "verified", "--as", f"r{n}", "--note", f"note {n}"],
            ["flag", "40", "--reason", f"reason {n}", "--as", f"r{n}"],
            ["attach", str(n + HANDS), "note:one book for all", "--as", f"r{n}"],
            ["next", "--as", f"r{n}"],
            ["decide", str(n), "failed_verification", "--as", f"r{n}"],
            ["undo", str(n), "--as", f"r{n}"],
        ]
        for n in range(1, HANDS + 1)
    ]
    said = driven(desk, work)
    events = verify("trail", "list", "-f", "jsonl").objects
    shown = [verify("show", n, "--json").data for n in range(1, HANDS + 1)]
    flags = verify("show", 40, "--json").data["flag_history"]
    source = verify("sources", "-f", "json").data["sources"]

    assert [["ended with 0"] * 6] * HANDS == [[line for line in each.splitlines() if line.startswith("ended with")] for each in said]
    assert not [each for each in said if "locked" in each or "Traceback" in each]
    assert list(range(1, 2 + 6 * HANDS)) == [event["sequence"] for event in events]
    assert {f"r{n}": 6 for n in range(1, HANDS + 1)} == Counter(event["reviewer"] for event in events[1:])
    assert [["verified", "failed_verification", "verified"]] * HANDS == [[d["status"] for d in each["decisions"]] for each in shown]
    assert {"verified"} == {each["status"] for each in shown}
    assert sorted(f"reason {n}" for n in range(1, HANDS + 1)) == sorted(flag["reason"] for flag in flags)
    assert [HANDS] == [each["claims"] for each in source]
    leased = [event["subject"] for event in events if event["action"] == "claim.leased"]
    assert (HANDS, HANDS) == (len(leased), len(set(leased)))
    assert ([], 0) == (_findings(verify), verify("trail", "verify").code)


def _findings(verify) -> list[str]:
    return [line for line in verify("db", "check").out.splitlines() if line]


@pytest.mark.usefixtures("held")
def test_sixteen_ask_for_the_next_claim(verify, desk):
    """Sixteen different ones are handed out."""
    said = driven(desk, [[["-q", "next", "--json", "--as", f"r{n}"]] for n in range(HANDS)])
    held = {claim["id"]: claim["leased_to"] for claim in (json.loads(each.splitlines()[0]) for each in said)}

    assert ["ended with 0"] * HANDS == [each.splitlines()[-1] for each in said]
    assert set(range(1, HANDS + 1)) == set(held)
    assert {f"r{n}" for n in range(HANDS)} == set(held.values())
    assert 0 == verify("trail", "verify").code


def test_four_ingest_one_document(verify, desk, any_target, monkeypatch):
    """Where there was no ledger: one makes it and holds the document, the others find both."""
    monkeypatch.setenv("VERIFY_DB", any_target)
    (desk / "page.txt").write_text(text(300))
    ran = at_once([["ingest", "page.txt"]] * 4)

    assert [0] * 4 == [code for code, _, _ in ran], ran
    assert {"page: new, 300 claims": 1, "page: unchanged, 300 claims": 3} == Counter(out.partition(" (")[0] for _, out, _ in ran)
    assert [("page", 300)] == [(d["name"], d["claims"]) for d in verify("documents", "-f", "json").data["documents"]]
    assert 1 == len(verify("trail", "list", "-f", "jsonl").objects)
    assert ([], 0) == (_findings(verify), verify("trail", "verify").code)


def test_four_upgrade_at_once(verify, any_target, monkeypatch):
    """One takes every step, the others find it taken; from the oldest schema on."""
    monkeypatch.setenv("VERIFY_DB", any_target)
    _make_old(any_target)
    before = verify("list")
    ran = at_once([["db", "upgrade"]] * 4)
    newest = verify("db", "current").out.removesuffix(" (head)\n")

    assert (3, True) == (before.code, "has an older schema (0001): run `verify db upgrade`" in before.err)
    assert [0] * 4 == [code for code, _, _ in ran], ran
    assert {f"upgraded from 0001 to {newest}\n": 1, f"already at {newest}\n": 3} == Counter(out for _, out, _ in ran)
    assert (0, []) == (verify("list").code, _findings(verify))
    assert 0 == verify("trail", "verify").code


def _make_old(target: str) -> None:
    """Make a ledger of the first schema."""
    from alembic import command

    from verify.store.migrate import _config

    place = target_of(target)
    engine = create_engine(f"sqlite:///{place.path}") if place.path else engine_of(place)
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


@contextmanager
def foreign_lock(target: str) -> Iterator[Callable[[], None]]:
    """Hold the lock of the one writer, as another program; gives what lets go of it."""
    if "://" in target:
        import psycopg

        from verify.store.engines import _WRITER_LOCK

        with psycopg.connect(target, autocommit=True) as other:
            other.execute(f"SELECT pg_advisory_lock({_WRITER_LOCK})")
            yield lambda: other.execute(f"SELECT pg_advisory_unlock({_WRITER_LOCK})") and None
    else:
        with closing(sqlite3.connect(target, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield lambda: other.execute("COMMIT") and None


@pytest.mark.postgres
def test_writers_wait_out_eight_seconds_and_readers_none(verify, desk, sqlite_target, postgres_target):
    """While another program holds the lock, every reader ends; the writer is still waiting then, and ends when it lets go."""
    (desk / "page.txt").write_text(text(5))
    targets = (sqlite_target, postgres_target)
    for target in targets:
        assert verify("--db", target, "ingest", "page.txt").code == 0
    with foreign_lock(sqlite_target) as first, foreign_lock(postgres_target) as second:
        until = time.monotonic() + 8
        writers = [
            subprocess.Popen(
                [*PROGRAM, "--db", target, "decide", "1", "verified"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for target in targets
        ]
        reading = [["list", "--json"], ["show", "1"], ["report"], ["trail", "verify"], ["db", "check"], ["export", "-o", "all.jsonl"]]
        readers = driven(desk, [[["--db", target, *command]] for target in targets for command in reading])
        waiting = [writer.poll() for writer in writers]
        time.sleep(max(0.0, until - time.monotonic()))
        late = [writer.poll() for writer in writers]
        first()
        second()
        told = [writer.communicate(timeout=60) for writer in writers]

    assert ["ended with 0"] * 12 == [each.splitlines()[-1] for each in readers]
    assert [None] * 4 == [*waiting, *late]
    assert [0, 0] == [writer.returncode for writer in writers], told
    assert {"claim 1: unverified -> verified, by ann\n"} == {out for out, _ in told}


def test_ledger_without_a_log(verify, desk):
    """A backup that is put in the ledger's place has no write-ahead log yet: whoever writes to it waits for a lock all the same."""
    (desk / "page.txt").write_text(text(5))
    verify("ingest", "page.txt")
    with closing(sqlite3.connect(desk / "verify.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
    with foreign_lock(str(desk / "verify.db")) as let_go:
        writer = subprocess.Popen([*PROGRAM, "decide", "1", "verified"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        reader = at_once([["list", "--json"]])
        waiting = writer.poll()
        let_go()
        told = writer.communicate(timeout=60)
    verify("decide", 2, "verified")
    with closing(sqlite3.connect(desk / "verify.db")) as other:
        left = other.execute("PRAGMA journal_mode").fetchone()[0]

    assert ([0], None, 0) == ([code for code, _, _ in reader], waiting, writer.returncode), told
    assert "wal" == left
    assert 0 == verify("trail", "verify").code


@pytest.mark.postgres
def test_server_that_cuts_the_connection(verify, desk, postgres_target):
    """While a writer waits: it is told in one line, and nothing of it is written."""
    (desk / "page.txt").write_text(text(5))
    verify("--db", postgres_target, "ingest", "page.txt")
    with (
        foreign_lock(postgres_target),
        subprocess.Popen(
            [*PROGRAM, "--db", postgres_target, "decide", "1", "verified"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as writer,
    ):
        import psycopg

        with psycopg.connect(postgres_target, autocommit=True) as other:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'"
            while writer.poll() is None and not other.execute(cut).fetchall():
                time.sleep(0.05)
        out, told = writer.communicate(timeout=60)

    assert (3, "", 1) == (writer.returncode, out, len(told.splitlines()))
    assert told.startswith("verify: the server of postgresql://verify:***@127.0.0.1:")
    assert "went away" in told
    assert 1 == len(verify("--db", postgres_target, "trail", "list", "-f", "jsonl").objects)
