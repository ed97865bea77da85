"""The program as a process: pipes, closed streams, what may not be read or written, and the exit codes that a shell sees."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "verify"]


def many(count: int) -> str:
    """A document of so many claims."""
    return "".join(f"Claim number {n} of this long page is about one thing or another.[{n % 90 + 1}]\n\n" for n in range(1, count + 1))


@pytest.fixture
def large(verify, desk):
    """A ledger whose listing is far larger than a pipe holds."""
    (desk / "large.txt").write_text(many(3000))
    assert verify("ingest", "large.txt").code == 0


def uncached() -> dict[str, str]:
    """An environment in which Python keeps no bytecode: of a file that may not grow it would keep half, for all to choke on."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def integrity(ledger: Path) -> list[str]:
    with sqlite3.connect(ledger) as connection:
        return [row[0] for row in connection.execute("PRAGMA integrity_check")]


def test_module_and_script_are_one(process):
    """`python -m verify` ends with the code of the command."""
    assert [0, 2, 2, 3] == [process(*arguments).returncode for arguments in (["--version"], [], ["nonsense"], ["list"])]
    assert process("--version").stdout.startswith(b"verify ")


CLOSED = [
    ["list", "--json"],
    ["list"],
    ["report", "-f", "html"],
    ["report"],
    ["export"],
    ["trail", "export"],
    ["next"],
    ["--help"],
    ["list", "--help"],
    ["db", "path"],
    ["decide", "1", "verified"],
]


@pytest.mark.parametrize("arguments", CLOSED, ids=" ".join)
@pytest.mark.usefixtures("held_sample")
def test_reader_that_went_away(process, arguments):
    """One line, and exit code 3: the output is not whole."""
    theirs, ours = os.pipe()
    os.close(theirs)
    try:
        done = process(*arguments, stdout=ours)
    finally:
        os.close(ours)

    assert 3 == done.returncode
    assert b"verify: the reader of the output went away before all was written" == done.stderr.splitlines()[-1]
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3


@pytest.mark.usefixtures("large", "desk")
def test_reader_that_goes_away_half_way():
    """As with `head`, which closes the pipe when it has enough."""
    with subprocess.Popen([*PROGRAM, "list", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        assert b"schema_version" in ran.stdout.read(1000)
        ran.stdout.close()
        told = ran.stderr.read()

    assert (3, b"verify: the reader of the output went away before all was written\n") == (ran.returncode, told)


@pytest.mark.parametrize("arguments", [*CLOSED, ["extract", "-"]], ids=" ".join)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")  # noqa: PTH110
@pytest.mark.usefixtures("held_sample")
def test_output_to_a_full_disk(process, arguments):
    """Said once, with the reason that the system gives."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = process(*arguments, stdout=full, input=b"It is so.[1]\n")

    assert 3 == done.returncode
    assert b"verify: could not write the output: no space left on device" == done.stderr.splitlines()[-1]
    assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("held_sample")
def test_write_stands_though_its_reader_went_away(verify, process):
    """What was committed before the output broke is kept, once."""
    theirs, ours = os.pipe()
    os.close(theirs)
    process("decide", "1", "verified", stdout=ours)
    os.close(ours)

    assert ["verified"] == [d["status"] for d in verify("show", "1", "--json").data["decisions"]]


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.usefixtures("desk")
def test_closed_streams(held_sample, closing):
    """A stream that the caller closed takes nothing, and breaks nothing."""
    done = subprocess.run(["sh", "-c", f'"{sys.executable}" -m verify decide 1 verified {closing}'], capture_output=True, check=False)

    assert 0 == done.returncode
    assert b"Traceback" not in done.stderr
    assert ["ok"] == integrity(held_sample)


def test_closed_standard_input(desk):
    """There is nothing to ingest."""
    done = subprocess.run(["sh", "-c", f'"{sys.executable}" -m verify ingest - <&-'], capture_output=True, check=False)

    assert (3, b"verify: standard input is closed\n") == (done.returncode, done.stderr)
    assert [] == list(desk.iterdir())


def test_disk_without_room_for_the_ledger(process, held_sample, verify, desk):
    """A file that may not grow is as a full disk: told, and the ledger is what it was."""
    (desk / "large.txt").write_text(many(3000))
    room = held_sample.stat().st_size + 20_000
    done = process("ingest", "large.txt", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)), env=uncached())

    assert 3 == done.returncode
    assert b"Traceback" not in done.stderr
    assert b"nothing was written to verify.db" in done.stderr
    assert ["fall-of-damascus"] == [d["name"] for d in verify("documents", "-f", "json").data["documents"]]
    assert 1 == len(verify("trail", "list", "-f", "jsonl").objects)


@pytest.mark.usefixtures("held_sample")
def test_disk_without_room_for_a_report(process, desk):
    """The report that stood there stays, and no part of the new one is left."""
    (desk / "a.html").write_text("the old one")
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)), "env": uncached()}
    done = process("report", "-o", "a.html", **limit)

    assert (3, b"verify: a.html could not be written: file too large\n") == (done.returncode, done.stderr)
    assert "the old one" == (desk / "a.html").read_text()
    assert ["a.html", "verify.db"] == sorted(p.name for p in desk.iterdir() if not p.name.startswith("verify.db-"))


@pytest.fixture
def unprivileged(desk):
    """Run a command line as somebody whom file permissions bind: root gives its powers up for it."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] if os.geteuid() == 0 else []
    if drop and not shutil.which("setpriv"):
        pytest.skip("permissions do not bind root")

    def run(*arguments):
        return subprocess.run([*drop, *PROGRAM, *arguments], cwd=desk, capture_output=True, check=False, timeout=60)

    return run


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o555), (0o444, 0o755), (0o644, 0o555)])
def test_database_that_we_may_not_write(unprivileged, held_sample, file, folder):
    """It can be read; a write is refused in one line, and changes nothing."""
    before = held_sample.read_bytes()
    held_sample.chmod(file)
    held_sample.parent.chmod(folder)
    try:
        read, written = unprivileged("list", "--json"), unprivileged("decide", "1", "verified")
    finally:
        held_sample.parent.chmod(0o755)

    assert (0, 14) == (read.returncode, len(json.loads(read.stdout)["claims"]))
    assert (3, b"verify: verify.db cannot be written: the file or its folder is read-only for you\n") == (
        written.returncode,
        written.stderr,
    )
    assert before == held_sample.read_bytes()


CLOSED_TO_US = [
    (["ingest", "closed.txt"], 3, b"verify: closed.txt: permission denied\n"),
    (["attach", "1", "./closed.txt"], 3, b"ermission denied"),
    (["attach", "--manifest", "closed.txt"], 3, b"ermission denied"),
    (["--db", "closed.txt", "list"], 3, b"verify: closed.txt cannot be opened"),
    (["-c", "closed.txt", "list"], 2, b"verify: cannot read the settings in closed.txt: permission denied\n"),
    (["report", "-o", "shut/a.html"], 3, b"verify: shut/a.html could not be written: permission denied\n"),
    (["db", "backup", "shut/a.db"], 3, b"permission denied"),
    (["--db", "shut/a.db", "ingest", "open.txt"], 3, b"verify: shut/a.db cannot be opened"),
]


@pytest.mark.usefixtures("held_sample")
@pytest.mark.parametrize(("arguments", "code", "says"), CLOSED_TO_US, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_what_is_closed_to_us(unprivileged, desk, arguments, code, says):
    """A file that we may not read, a folder that we may not write in: told as that, in one to three lines."""
    (desk / "open.txt").write_text("It is so.[1]\n")
    (desk / "closed.txt").write_text("It is so.[1]\n")
    (desk / "closed.txt").chmod(0)
    (desk / "shut").mkdir(mode=0o555)
    done = unprivileged(*arguments)

    assert (code, b"") == (done.returncode, done.stdout)
    assert says in done.stderr
    assert b"Traceback" not in done.stderr
    assert [] == list((desk / "shut").iterdir())


def test_gone_working_folder(desk):
    """A folder that was deleted under the user is told as that."""
    gone = desk / "gone"
    gone.mkdir()
    script = f'cd "{gone}" && rmdir "{gone}" && "{sys.executable}" -P -m verify list'
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=False)

    assert (3, b"verify: the folder that you are in is gone: change to another one\n") == (done.returncode, done.stderr)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.usefixtures("verify")
def test_terminals_of_other_encodings(process, desk, monkeypatch, encoding):
    """What a terminal cannot show is spelled out, never an error."""
    (desk / "a.txt").write_text("Дамаск пал – 8 декабря.[1]\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    runs = [
        process(*arguments)
        for arguments in (["ingest", "a.txt"], ["list"], ["show", "1"], ["list", "--json"], ["report"], ["tags", "-l", "ru"])
    ]

    assert [0] * len(runs) == [run.returncode for run in runs]
    assert json.loads(runs[3].stdout.decode(encoding))["claims"][0]["text"]
    assert all(b"Traceback" not in run.stderr for run in runs)


@pytest.mark.usefixtures("held_sample")
def test_report_file_is_utf8_whatever_the_terminal(process, desk, monkeypatch):
    """A file is for others."""
    process("flag", "1", "--reason", "Дамаск")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = process("report", "-o", "a.md")

    assert 0 == done.returncode
    assert "Дамаск" in (desk / "a.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("held_sample")
def test_new_report_has_the_usual_permissions(process, desk):
    """As any other file that the user makes."""
    process("report", "-o", "a.html")
    (desk / "plain").touch()

    assert (desk / "plain").stat().st_mode == (desk / "a.html").stat().st_mode
