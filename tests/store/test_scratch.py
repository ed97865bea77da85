"""What a verification holds: next to nothing in memory, a file without a name on disk, and seals that are small."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tampering import NOON

from verify.model import Event
from verify.store import Ledger, chain, replay, schema, trail
from verify.store.columns import canonical_json
from verify.store.scratch import Difference, Told, key_of, scratch
from verify.store.seals import first_difference, is_seal, seal_of


def _bulk(ledger: Ledger, number: int) -> None:
    """Events without rows, each with a payload of two thousand characters."""
    with ledger.write() as connection:
        last, rows = "", []
        for n in range(1, number + 1):
            event = Event(n, NOON, "ada", "noted", "test", canonical_json({"note": f"{n} " + "x" * 2000}), last, "")
            last = trail.event_hash(event)
            rows.append(dict(zip(chain.Stored._fields, astuple(replace(event, hash=last)), strict=True)))
        connection.execute(schema.events.insert(), rows)


def test_long_trail_takes_no_memory(ledger: Ledger):
    """Twelve megabytes of events are read without ever being held."""
    _bulk(ledger, 6000)
    with ledger.read() as connection:
        replay.verify(connection)
        tracemalloc.start()
        found = replay.verify(connection)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (6000, ()) == (found.events, found.misfits)
    assert peak < 4_000_000


def _scratching(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that fills a scratch database in a folder; its own process, as SQLite asks for the folder but once."""
    environment = {**os.environ, "SQLITE_TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    filled = (
        "import os, resource, signal\nfrom pathlib import Path\nfrom verify.store.scratch import *\n"
        "def fill(told):\n    for n in range(150): told.tell(Told(0, n * 2000 + place, bytes(100), n) for place in range(2000))\n"
    )
    command = [sys.executable, "-c", filled + program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are only listed on Linux")
@pytest.mark.parametrize("signal", ["SIGINT", "SIGKILL"])
def test_what_is_compared_stands_on_disk_without_a_name(tmp_path: Path, signal: str):
    """A million rows do not fit into memory, and nothing is left of the file, however the program ends: it never had a name."""
    program = (
        "with scratch() as told:\n    fill(told)\n"
        "    for path in Path('/proc/self/fd').iterdir():\n        print(os.path.realpath(path), flush=True)\n"
        f"    os.kill(os.getpid(), signal.{signal})\n    signal.pause()\n"
    )
    done = _scratching(tmp_path, program)

    assert any(line.startswith(str(tmp_path)) for line in done.stdout.splitlines())
    assert done.returncode
    assert [] == list(tmp_path.iterdir())


def test_no_room_is_told_in_words(tmp_path: Path):
    """In lines that say which file, not the ledger, ran out of it."""
    program = "resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))\nwith scratch() as told: fill(told)\n"
    *_, error, hint = _scratching(tmp_path, program).stderr.splitlines()

    assert error.startswith("verify.errors.LedgerError: the disk refused, so nothing was written to the temporary file of the comparison")
    assert "is there room for it, and no limit on the size of files?" == hint


def _told(*keys: object) -> list[Told]:
    return [Told(1, key, b"a", n) for n, key in enumerate(keys, 1)]


def test_rows_are_compared_with_what_was_told_last():
    """By table: changed, added, gone, and added again though it was removed."""
    with scratch() as told:
        told.tell([*_told(1, 2, "3:ann"), Told(2, 9, b"a", 4), Told(1, 2, b"b", 5), Told(1, 4, None, 6)])

        assert [] == list(told.differences(1, [(1, b"a"), (2, b"b"), ("3:ann", b"a")]))
        assert [Difference(2, 5, "changed"), Difference(7, None, "added"), Difference(1, 1, "gone")] == list(
            told.differences(1, [(2, b"a"), ("3:ann", b"a"), (7, b"a")])
        )
        assert [Difference(4, 6, "added")] == list(told.differences(1, [(1, b"a"), (2, b"b"), ("3:ann", b"a"), (4, b"a")]))
        assert [Difference(9, 4, "gone")] == list(told.differences(2, []))
        assert [] == list(told.differences(3, []))


@pytest.mark.parametrize(
    ("text", "key"), [("7", 7), ("07", "07"), ("0", "0"), ("-7", "-7"), ("٧", "٧"), ("", ""), ("1:2", "1:2"), ("9" * 19, "9" * 19)]
)
def test_keys_that_are_numbers_are_kept_as_such(text: str, key: object):
    """Only where they are spelled as the program spells them."""
    assert (key, type(key)) == (key_of(text), type(key_of(text)))


def test_seal_is_small_and_names_its_rows():
    """Numbers as runs, four digits a row, and a digest; numbers that are none count as 0."""
    sealed = seal_of([(1, "a"), (2, "b"), (3, "c"), (7, "d"), (9, "e"), (10, "f"), ("x", "g"), (-3, "h"), (None, "i")])

    assert (9, "1-3,7,9-10,0,0,0", 36) == (sealed["count"], sealed["numbers"], len(sealed["checks"]))
    assert is_seal(sealed)


NUMBERS = st.lists(st.integers(1, 400), max_size=40, unique=True).map(sorted)


@settings(max_examples=200)
@given(NUMBERS, st.integers(1, 400), st.booleans())
def test_difference_of_seals_is_the_row(numbers: list[int], place: int, stays: bool):
    """Changed, gone or added: the row that is another one."""
    rows = {n: f"row {n}" for n in numbers}
    other = {n: row for n, row in rows.items() if n != place}
    what = "is gone" if place in rows and not stays else "was changed" if place in rows else "was added"
    if what != "is gone":
        other[place] = "another"
    held, found = seal_of(rows.items()), seal_of(sorted(other.items()))

    assert held != found
    assert f"row {place} {what}" == first_difference(held, found)
    assert is_seal(held)
