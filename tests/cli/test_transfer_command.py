"""`verify export`, `import`, `db copy` and `db backup`, as their users meet them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from verify.cli import main

pytest_plugins = ["postgres_server"]

PROGRAM = [sys.executable, "-m", "verify"]


def ledgers(desk: Path) -> list[str]:
    """What a transfer could leave behind."""
    return sorted(path.name for path in desk.iterdir() if ".db" in path.name)


@pytest.fixture(scope="module")
def worked_on(sample_ledger, tmp_path_factory) -> tuple[Path, str]:
    """A folder with the sample's ledger, some work on it, and its export; and its head."""
    folder = tmp_path_factory.mktemp("worked")
    shutil.copy(sample_ledger, folder / "verify.db")
    ledger = ["--db", str(folder / "verify.db")]
    for command in (["decide", "1", "2", "verified", "--as", "ann"], ["next", "--as", "ann"], ["export", "-o", str(folder / "all.jsonl")]):
        assert main([*ledger, "-q", *command]) == 0
    return folder, json.loads((folder / "all.jsonl").read_text().partition("\n")[0])["head"]


@pytest.fixture
def exported(worked_on, desk) -> str:
    """That ledger and its export stand in this folder; gives its head."""
    folder, head = worked_on
    for name in ("verify.db", "all.jsonl"):
        shutil.copy(folder / name, desk)
    return head


def test_export_and_import(verify, desk, exported):
    """The same ledger with the same head, by file, by pipe, and on PostgreSQL; each says which head."""
    told = verify("export").err
    runs = [
        verify("--db", "file.db", "import", "all.jsonl"),
        verify("--db", "pipe.db", "import", "-", stdin=(desk / "all.jsonl").read_bytes()),
    ]

    assert f"exported; head {exported}\n" == told
    assert [(0, f"imported; head {exported}\n", "")] * 2 == [(run.code, run.out, run.err) for run in runs]
    for name in ("file.db", "pipe.db"):
        assert (desk / "all.jsonl").read_text() == verify("--db", name, "export").out
        assert verify("list", "--json").out == verify("--db", name, "list", "--json").out
        assert 0 == verify("--db", name, "trail", "verify", "--expect-head", exported).code


@pytest.mark.postgres
def test_copy_and_backup_on_postgresql(verify, desk, exported, postgres_target):
    """There with `db copy`, back with `db backup`; the address is never told with its password."""
    there = verify("db", "copy", postgres_target)
    again = verify("db", "copy", postgres_target)
    back = verify("--db", postgres_target, "db", "backup", "back.db")
    shown = verify("--db", postgres_target, "db", "path").out.strip()

    assert [(0, f"copied; head {exported}\n"), (0, "copied to back.db\n")] == [(run.code, run.out) for run in (there, back)]
    assert (3, f"verify: {shown} holds a ledger already: name an empty place\n") == (again.code, again.err)
    assert "***" in shown
    assert (desk / "all.jsonl").read_text() == verify("--db", "back.db", "export").out


def test_copy_to_a_file(verify, desk, exported):
    """As a new file of the usual permissions, whole in itself, with nothing beside it."""
    run = verify("db", "copy", "copy.db")
    (desk / "plain").touch()

    assert (0, f"copied; head {exported}\n") == (run.code, run.out)
    assert ["copy.db", "verify.db"] == [name for name in ledgers(desk) if "verify.db-" not in name]
    assert (desk / "plain").stat().st_mode == (desk / "copy.db").stat().st_mode
    assert 0 == verify("--db", "copy.db", "decide", 3, "verified").code


REFUSED = [
    (["import", "all.jsonl"], 3, "verify: verify.db holds a ledger already: name an empty place\n"),
    (["--db", "new.db", "import", "nowhere.jsonl"], 3, "verify: nowhere.jsonl: no such file or directory\n"),
    (["--db", "new.db", "import", "."], 3, "verify: .: is a directory\n"),
    (
        ["--db", "new.db", "import", "verify.db"],
        3,
        "verify: verify.db: it is no UTF-8 text, so no exported ledger\n",
    ),
    (["--db", "new.db", "import", "/dev/zero"], 3, "verify: /dev/zero: line 1: this is no exported ledger (`verify export` makes one)\n"),
    (["--db", "new.db", "import", "-"], 3, "verify: standard input: line 1: this is no exported ledger (`verify export` makes one)\n"),
    (["--db", "new.db", "import", "half.jsonl"], 3, "verify: half.jsonl: line 9: the export was cut off in this line\n"),
    (
        ["--db", "new.db", "import", "edited.jsonl"],
        3,
        "verify: the trail does not fit the rows: documents 1 was changed since event 1: title\n",
    ),
    (["--db", "new.db", "import", "broken.jsonl"], 3, "verify: broken.jsonl: line 5: Expecting "),
    (["--db", "no/such/new.db", "import", "all.jsonl"], 3, "no folder"),
    (["--db", "mysql://x/y", "import", "all.jsonl"], 3, "verify: a ledger is an SQLite file or a PostgreSQL database, not mysql\n"),
    (["db", "copy", "mysql://x/y"], 3, "verify: a ledger is an SQLite file or a PostgreSQL database, not mysql\n"),
    (["db", "copy", "verify.db"], 3, "verify: verify.db holds a ledger already: name an empty place\n"),
    (
        ["db", "copy", "postgresql://nobody:secret@127.0.0.1:9/x"],
        3,
        "verify: the server of postgresql://nobody:***@127.0.0.1:9/x cannot be reached",
    ),
    (["db", "backup", "verify.db"], 3, "is there already: name another file"),
    (["--db", "none.db", "export"], 3, "verify: no ledger at none.db yet"),
    (["--db", "none.db", "db", "copy", "new.db"], 3, "verify: no ledger at none.db yet"),
    (["import"], 2, "Missing argument 'FILE|-'"),
]


@pytest.mark.usefixtures("exported")
@pytest.mark.parametrize(("arguments", "code", "told"), REFUSED, ids=[" ".join(arguments) for arguments, _, _ in REFUSED])
def test_what_cannot_be_moved(verify, desk, arguments, code, told):
    """One to three clear lines, and no file that was not there."""
    lines = (desk / "all.jsonl").read_text().splitlines(keepends=True)
    (desk / "half.jsonl").write_text("".join(lines[:9])[:-20])
    (desk / "edited.jsonl").write_text("".join(lines).replace("Damascus Changes Hands", "Damascus Changes Sides", 1))
    (desk / "broken.jsonl").write_text("".join([*lines[:4], "oops\n", *lines[4:]]))
    before = ledgers(desk)
    run = verify(*arguments)

    assert (code, "") == (run.code, run.out)
    assert told in run.err
    assert "secret" not in run.err
    assert 1 <= len(run.err.splitlines()) <= 3
    assert before == ledgers(desk)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
@pytest.mark.usefixtures("exported")
def test_terminals_of_other_encodings(process, desk, monkeypatch, encoding):
    """An export is plain, and an import reads what an export wrote, whatever the terminal's letters are."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    written = process("export", "-o", "-").stdout.decode(encoding).encode()
    run = process("--db", "new.db", "import", "-", input=written)

    assert (desk / "all.jsonl").read_bytes() == written
    assert (0, b"") == (run.returncode, run.stderr)


def test_closed_standard_input(desk):
    """There is nothing to import."""
    done = subprocess.run(["sh", "-c", f'"{sys.executable}" -m verify import - <&-'], capture_output=True, check=False)

    assert (3, b"verify: standard input: it is closed\n") == (done.returncode, done.stderr)
    assert [] == list(desk.iterdir())


@pytest.mark.usefixtures("exported")
def test_export_to_who_went_away(process):
    """One line, and exit code 3: what was written is not whole."""
    theirs, ours = os.pipe()
    os.close(theirs)
    done = process("export", stdout=ours)
    os.close(ours)

    assert (3, b"verify: the reader of the output went away before all was written\n") == (done.returncode, done.stderr)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request) -> str:
    """Where a ledger is to come."""
    return "new.db" if request.param == "sqlite" else request.getfixturevalue("postgres_target")


def test_killed_while_it_imports(verify, desk, place):
    """At any moment: there is no ledger or the whole one, and what is not there goes in afterwards."""
    (desk / "large.txt").write_text("".join(f"Claim number {n} is about one thing or another.[{n % 90}]\n\n" for n in range(1, 1501)))
    verify("ingest", "large.txt")
    verify("export", "-o", "all.jsonl")
    head, whole = verify("trail", "head").out, (desk / "all.jsonl").read_text()
    command = [*PROGRAM, "--db", place, "import", "all.jsonl"]
    began = time.monotonic()
    assert 0 == subprocess.run([*PROGRAM, "--db", "timed.db", "import", "all.jsonl"], check=False, capture_output=True).returncode
    length, kept = time.monotonic() - began, False
    for n in range(1, 6):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
            try:
                told = ran.communicate(timeout=length * n / 5)[0]
            except subprocess.TimeoutExpired:
                ran.send_signal(signal.SIGKILL)
                told = ran.communicate()[0]
        run = verify("--db", place, "trail", "head")
        kept = kept or run.code == 0

        assert (0, head) == (run.code, run.out) if kept else run.err.startswith("verify: no ledger at ")
        assert kept or not told
    if not kept:
        assert 0 == verify("--db", place, "import", "all.jsonl").code
    assert whole == verify("--db", place, "export").out
    assert json.loads(whole.splitlines()[-1])["rows"] > 1500
    assert 0 == verify("--db", place, "db", "check").code
