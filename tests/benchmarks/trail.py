"""How long `verify trail verify` takes on a ledger of a million events, and how much memory, beside what it cannot be faster than: reading every
event with `sqlite3` and hashing its payload with `hashlib`. Run it with `python tests/benchmarks/trail.py [--events N]`.

The events are those of people at work (two flags raised, one resolved, two decisions made, and again), with the rows that they tell of, written in
bulk with a valid chain. Both readers are processes of their own, and run in turn.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from verify.model import CleanupTag, Decision, Event, FlagOrigin, Status
from verify.store import Connection, Ledger, open_ledger, trail
from verify.store.columns import canonical_json
from verify.store.journal import spelled_row
from verify.store.rows import decision_values, event_values, flag_values
from verify.store.schema import claims, decisions, flags

CLAIMS = 5_000
CYCLE = 5
BATCH = 2_000
ROUNDS = 3
START = datetime(2024, 12, 8, 5, 0, 0, 123456, tzinfo=UTC)
PEER = """
import hashlib, sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT sequence, at, reviewer, action, subject, payload, previous_hash, hash FROM events"):
    hashlib.sha256(row[5].encode()).hexdigest()
"""

LAUNCHER = """
import os, sys, time
started = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""

Write = tuple[str, str, Any, dict[str, Any], dict[str, Any]]
"""An event to be: action, subject, table, row, facts."""


def work(held: list[Any]) -> Iterator[list[Write]]:
    """What people do, a cycle at a time, each on another claim."""
    numbers = count(1)
    for n in count():
        claim = held[n * 7 % len(held)]
        at = START + timedelta(seconds=n)
        first, second, third, fourth = (next(numbers) for _ in range(4))
        subject = f"claim:{claim.id}"
        tag = CleanupTag("review", 0, 0, reason="which base, and who saw it?")
        raised = [{"id": i, **flag_values(claim.id, FlagOrigin.PERSON, tag, "ada", at)} for i in (first, second)]
        resolved = {**raised[0], "resolved_by": "bob", "resolved_at": at, "resolution": "looked it up"}
        entry = Decision(0, Status.VERIFIED, "ada", "read at the source", at, claim.text_sha256, ())
        decided = [{"id": i, **decision_values(claim.id, e)} for i, e in ((third, entry), (fourth, replace(entry, status=Status.DISPUTED)))]
        facts = {"claim": claim.id, "flag": first, "name": "review", "reason": tag.reason}
        made = {"claim": claim.id, "status": "verified", "before": "unverified", "note": entry.note, "text_sha256": claim.text_sha256}
        yield [
            *(("claim.flagged", subject, flags, row, facts) for row in raised),
            ("flag.resolved", subject, flags, resolved, {"claim": claim.id, "flags": [first], "note": "looked it up"}),
            *(("decision.made", subject, decisions, row, made) for row in decided),
        ]


def fill(connection: Connection, number: int) -> None:
    """Write events and their rows, chained to the last one that is there."""
    held = connection.execute(select(claims)).all()
    head = trail.head(connection)
    sequence, last_hash = head.sequence, head.hash
    cycles = islice(work(list(held)), number // CYCLE)
    while batch := list(islice(cycles, BATCH // CYCLE)):
        events = []
        for action, subject, table, row, facts in (write for cycle in batch for write in cycle):
            sequence += 1
            stated = {"rows": {table.name: {str(row["id"]): spelled_row(table, row)}}}
            event = Event(sequence, START, "ada", action, subject, canonical_json({**facts, **stated}), last_hash, "")
            event = replace(event, hash=trail.event_hash(event))
            last_hash = event.hash
            events.append(event_values(event))
        connection.execute(insert(trail.event_table), events)
        for table, places in ((flags, (2, 1)), (decisions, (3, 4))):
            connection.execute(insert(table), [cycle[place][3] for cycle in batch for place in places])
    status = update(claims).where(claims.c.id == bindparam("claim")).values(status=str(Status.DISPUTED))
    connection.execute(status, [{"claim": held[n * 7 % len(held)].id} for n in range(min(number // CYCLE, len(held)))])


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of the processor, peak memory in MB, and what was printed."""

    seconds: float
    cpu: float
    peak: float
    printed: str


def measured(command: list[str]) -> Run:
    """Run a command. A small process of its own starts it: the peak that the system counts is never below that of whoever started it."""
    done = subprocess.run([sys.executable, "-S", "-c", LAUNCHER, *command], stdout=subprocess.PIPE, text=True, check=False)
    *printed, measures = done.stdout.splitlines()
    seconds, cpu, kilobytes = map(float, measures.split())
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}")
    return Run(seconds, cpu, kilobytes / 1024, "\n".join(printed))


def made(ledger: Ledger, number: int) -> float:
    started = time.perf_counter()
    with ledger.write() as connection:
        fill(connection, number)
    return time.perf_counter() - started


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, document = Path(folder) / "verify.db", Path(folder) / "report.txt"
        document.write_text("\n\n".join(" ".join(f"Sentence {n}{m} says so.[{m + 1}]" for m in range(10)) for n in range(CLAIMS // 10)))
        verify = [sys.executable, "-m", "verify", "--db", str(path)]
        subprocess.run([*verify, "-q", "ingest", str(document)], check=True, stdout=subprocess.DEVNULL)
        with open_ledger(path) as ledger:
            print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
            print(f"written in {made(ledger, number):.0f} s; the ledger has {path.stat().st_size / 2**20:.0f} MB")
        runs: dict[str, list[Run]] = {"verify": [], "peer": []}
        for _ in range(ROUNDS):
            runs["peer"].append(measured([sys.executable, "-c", PEER, str(path)]))
            runs["verify"].append(measured([*verify, "-q", "trail", "verify"]))
    print(runs["verify"][0].printed)
    for name, taken in runs.items():
        seconds, cpu = statistics.median(run.seconds for run in taken), statistics.median(run.cpu for run in taken)
        each = f"{seconds / number * 1e6:6.1f} µs an event, {cpu / number * 1e6:6.1f} of the processor"
        print(f"{name:8s}{seconds:7.1f} s {each} {number / seconds:10,.0f} events/s  peak {max(run.peak for run in taken):4.0f} MB")
    ratio = statistics.median(run.cpu for run in runs["verify"]) / statistics.median(run.cpu for run in runs["peer"])
    print(f"verify takes {ratio:.1f} times the processor of its peer; median of {ROUNDS} rounds")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000, metavar="N")
    main(options.parse_args().events)
