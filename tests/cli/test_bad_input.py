"""What a user can get wrong: one to three clear lines on stderr, the right exit code, no traceback, and nothing half-written."""

import os
import shlex
import sqlite3
import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "cli" / "bad_input.toml").read_text(encoding="utf-8"))["case"]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the lock files that SQLite keeps beside a database."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_bad_input_is_answered(verify, desk, request, case):
    """Each mistake of the table is told in words that say what to do, and changes no file."""
    if case.get("ledger"):
        request.getfixturevalue("held_sample")
    for name in case.get("folders", ()):
        (desk / name).mkdir()
    for name, text in case.get("files", {}).items():
        (desk / name).write_text(text, encoding="utf-8")
    for name, digits in case.get("bytes", {}).items():
        (desk / name).write_bytes(bytes.fromhex(digits))
    before = contents(desk)
    run = verify(*shlex.split(case["arguments"]))
    lines = run.err.splitlines()

    assert (case["code"], "") == (run.code, run.out)
    assert case["says"] in run.err
    assert case.get("never", "Traceback") not in run.err
    assert 1 <= len([line for line in lines if not line.startswith("markers: ")]) <= 3
    assert "verify: " in run.err
    assert before == contents(desk)


@pytest.mark.parametrize("opening", ["<?xml version='1.0'?><note>", "\n <?xml version='1.0'?>\n<rss>", "<mediawiki>"])
def test_unknown_markup_is_refused_as_a_document(verify, desk, opening):
    """Its tags would be taken for text; `--from text` forces it."""
    (desk / "a.txt").write_text(f"{opening}<p>It is so.[1]</p>")
    run = verify("ingest", "a.txt")

    assert 3 == run.code
    assert "a.txt: this looks like XML" in run.err
    assert 0 == verify("ingest", "a.txt", "--from", "text").code


def test_utf_16_is_read_by_its_mark(verify, desk):
    """The byte-order mark says it all."""
    (desk / "a.txt").write_bytes("Größe zählt.[1]".encode("utf-16"))
    run = verify("extract", "a.txt", "--json")

    assert (0, ["Größe zählt."]) == (run.code, [claim["text"] for claim in run.objects])


def test_foreign_database_is_not_touched(verify, desk):
    """Another program's database is refused for reading and for writing, byte for byte as it was."""
    with sqlite3.connect(desk / "foreign.db") as connection:
        connection.execute("CREATE TABLE claims (id INTEGER PRIMARY KEY, text)")
        connection.execute("INSERT INTO claims VALUES (1, 'theirs')")
    connection.close()
    (desk / "a.txt").write_text("It is so.[1]\n")
    before = contents(desk)
    for command in ("list", "ingest a.txt", "decide 1 verified", "db upgrade", "db check", "db backup b.db"):
        run = verify("--db", "foreign.db", *command.split())

        assert (command, 3) == (command, run.code)
        assert "verify: foreign.db is the database of another program: it was not touched" in run.err
    assert before == contents(desk)


@pytest.mark.usefixtures("sample")
def test_damaged_database(verify, held_sample):
    """Every command says that it is damaged, and none makes it worse."""
    whole = held_sample.read_bytes()
    held_sample.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    before = held_sample.read_bytes()
    for command in ("list", "show 1", "report", "decide 1 verified", "documents", "sources"):
        run = verify(*command.split())

        assert (command, 3, "") == (command, run.code, run.out)
        assert "verify.db is damaged" in run.err
    assert before == held_sample.read_bytes()


def test_cut_off_database(verify, held_sample):
    """Half a file is no ledger."""
    held_sample.write_bytes(held_sample.read_bytes()[:10_000])
    run = verify("list")

    assert 3 == run.code
    assert "damaged" in run.err


def test_empty_file_as_a_database(verify, desk):
    """It holds nothing, so a reader finds no ledger, and the first ingest makes one in it."""
    (desk / "verify.db").touch()
    (desk / "a.txt").write_text("It is so.[1]\n")

    assert "no ledger at verify.db yet" in verify("list").err
    assert 0 == verify("ingest", "a.txt").code
    assert 0 == verify("list").code


@pytest.mark.usefixtures("held_sample")
def test_reports_leave_nothing_behind_when_they_fail(verify, desk, monkeypatch):
    """A report that breaks off half-way leaves the file that stood there, and no part of itself."""
    (desk / "a.html").write_text("the old one")

    def breaks_off(*_: object):
        yield "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("verify.reports.render", breaks_off)
    run = verify("report", "-o", "a.html")

    assert (3, "verify: a.html could not be written: no space left on device\n") == (run.code, run.err)
    assert {"a.html", "verify.db"} == set(contents(desk))
    assert "the old one" == (desk / "a.html").read_text()


@pytest.mark.usefixtures("held_sample")
def test_bug_keeps_its_traceback(verify, monkeypatch):
    """What the user cannot mend is not dressed up."""
    monkeypatch.setattr("verify.store.documents.document_overview", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        verify("documents")


HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eevil\u2066 \x9b2J \u200f \ufeff"
FORBIDDEN = set("\x1b\x07\x9b\u202e\u2066\u200f\ufeff\x00\r")


@pytest.fixture
def hostile(desk) -> Path:
    """A document whose name, title, text and tags try to write on the terminal."""
    page = desk / f"{HOSTILE.replace(chr(0), '')}\nsecond line.txt"
    page.write_text(
        f"{HOSTILE} Title\n\nA claim {HOSTILE} stands here.[1] <script>alert(1)</script> is so.[citation needed]\n", encoding="utf-8"
    )
    return page


@pytest.mark.usefixtures("desk")
def test_hostile_text_never_reaches_the_terminal_raw(verify, hostile):
    """Names, texts, notes and reasons are shown with their hidden characters made visible, on stdout and on stderr."""
    runs = [verify("-v", "ingest", hostile), verify("ingest", hostile)]
    commands = [
        ("attach", "1", f"https://example.org/{chr(0x202E)}a", "--note", HOSTILE, "--title", HOSTILE, "--locator", HOSTILE),
        ("attach", ":1", "note: a b", "--title", HOSTILE),
        ("attach", ":1", "note: a b", "--title", HOSTILE + "2", "--note", HOSTILE),
        ("flag", "1", "--reason", HOSTILE, "--as", HOSTILE),
        ("unflag", "1", "--note", HOSTILE),
        ("decide", "1", "unverifiable", "--note", HOSTILE, "--as", HOSTILE),
        ("show", "1"),
        ("show", "2"),
        ("list",),
        ("list", "--all", "-f", "csv"),
        ("list", "--all", "-f", "markdown"),
        ("list", "--all", "-f", "json"),
        ("documents",),
        ("documents", "-f", "json"),
        ("sources",),
        ("sources", "-f", "json"),
        ("trail", "list"),
        ("trail", "list", "-f", "jsonl"),
        ("report",),
        ("report", "-f", "html"),
        ("audit", hostile),
        ("undo", "1", "--as", HOSTILE),
        ("extract", hostile),
        ("extract", "--json", hostile),
        ("detach", ":1"),
    ]
    runs += [verify(*command) for command in commands]

    assert [0] * len(runs) == [run.code for run in runs]
    assert [] == [command for command, run in zip(commands, runs[2:], strict=True) if FORBIDDEN & set(run.out + run.err)]
    assert set() == FORBIDDEN & set(runs[0].out + runs[0].err + runs[1].out)
    assert r"A claim \x1b[31mred\x1b]0;title\x07 \u202eevil\u2066 \x9b2J \u200f \ufeff stands here." in verify("extract", hostile).out


@pytest.mark.usefixtures("held_sample")
def test_hostile_arguments_are_quoted_visibly(verify, hostile):
    """So is what stands in an error message."""
    commands = [
        ("extract", f"{HOSTILE}.gone"),
        ("ingest", hostile, "--as", HOSTILE),
        ("ingest", hostile, "gone" + HOSTILE),
        (HOSTILE,),
        ("list", "--status", HOSTILE),
        ("list", "--document", HOSTILE),
        ("list", "--format", HOSTILE),
        ("list", HOSTILE),
        ("list", f"--{HOSTILE}"),
        ("show", HOSTILE),
        ("decide", "1", HOSTILE),
        ("attach", HOSTILE, "note: a b"),
        ("attach", f":{HOSTILE}", "note: a b"),
        ("attach", f"{HOSTILE}:4", "note: a b"),
        ("attach", "1", HOSTILE),
        ("attach", "1", f"https://example.org/a b{HOSTILE}"),
        ("attach", "--manifest", f"{HOSTILE}.csv"),
        ("attach", "1", "note: a b", "--snapshot", f"{HOSTILE}.html"),
        ("tags", HOSTILE),
        ("tags", "-l", HOSTILE),
        ("--db", HOSTILE, "list"),
        ("-c", HOSTILE, "list"),
        ("report", "-o", f"gone/{HOSTILE}"),
        ("report", "-d", HOSTILE),
        ("extract", hostile, "--encoding", HOSTILE),
        ("db", "backup", f"gone/{HOSTILE}"),
        ("db", HOSTILE),
    ]
    runs = [verify(*command) for command in commands]

    assert {2, 3} == {run.code for run in runs}
    assert [] == [command for command, run in zip(commands, runs, strict=True) if FORBIDDEN & set(run.out + run.err)]


def test_db_path_of_a_hostile_name(verify):
    """What a project's file may set is shown, not run."""
    run = verify("--db", "\x1b[2J.db", "db", "path")

    assert run.out.endswith("/\\x1b[2J.db\n")


def test_names_in_a_ledger_of_somebody_else(verify, held_sample):
    """A name that we would have refused is shown harmlessly all the same."""
    with sqlite3.connect(held_sample) as connection:
        connection.execute("UPDATE documents SET name = ?, title = ?, origin = ?", [HOSTILE.strip()] * 3)
    connection.close()
    runs = [
        verify(*c.split())
        for c in ("show 1", "list", "documents", "report", "attach :4 10.1000/1", "detach :4", "detach :4", "show 1", "report -d x")
    ]

    assert [0, 0, 0, 0, 0, 0, 2, 0, 2] == [run.code for run in runs]
    assert [] == [run for run in runs if FORBIDDEN & set(run.out + run.err)]


def test_file_name_that_is_no_utf8(verify, desk):
    """It is ingested, found again, and shown with its odd bytes spelled out."""
    name = os.fsdecode(b"odd-\xff-name.txt")
    (desk / name).write_text("It is so.[1]\n")
    first, second = verify("ingest", name), verify("ingest", name)
    origin = verify("documents", "-f", "json").data["documents"][0]["origin"]

    assert ["odd-xff-name: new", "odd-xff-name: unchanged"] == [run.out.split(",")[0] for run in (first, second)]
    assert f"{desk}/odd-\\xff-name.txt" == origin
    assert 0 == verify("report", "-f", "html").code


@pytest.mark.parametrize("option", ["--note", "--as"])
@pytest.mark.usefixtures("held_sample")
def test_argument_that_is_no_utf8(verify, events, option):
    """It cannot be stored, so nothing is."""
    run = verify("decide", "1", "verified", option, os.fsdecode(b"odd \xff"))

    assert 3 == run.code
    assert 1 == len(run.err.splitlines()) == len(events())


def test_formulas_of_a_document_are_guarded_in_csv(verify, desk):
    """A cell that a spreadsheet would run has an apostrophe before it."""
    (desk / "a.txt").write_text("=1+1 is what it says.[1]\n\n@SUM(A1) is another.[2]\n\n- item one is here.[3]\n")
    verify("ingest", "a.txt")
    cells = [line.split(",")[4].strip('"') for line in verify("list", "-f", "csv").out.splitlines()[1:]]

    assert ["'=1+1 is what it says.", "'@SUM(A1) is another."] == cells[:2]


def test_one_very_long_line(verify, desk):
    """Twenty megabytes without a break are refused until the user raises the limit; then they are read, and what is listed of them is short."""
    (desk / "a.txt").write_text("word " * 4_000_000 + "end.[1]\n")
    refused = verify("ingest", "a.txt")
    run = verify("ingest", "a.txt", "--max-size", "64")
    listed = verify("list")

    assert (3, "verify: a.txt is larger than 16 MB; raise the limit with --max-size\n") == (refused.code, refused.err)
    assert (0, "a: new, 1 claim (1 new), revision 1, markers trailing\n") == (run.code, run.out)
    assert len(listed.out) < 2000
    assert 20_000_004 == len(verify("list", "--json").data["claims"][0]["text"])


def test_two_hundred_thousand_markers(verify, desk):
    """On one claim are read in one go; so are twenty thousand claims with one each."""
    (desk / "one.txt").write_text("It is so" + "[1]" * 200_000 + ".\n")
    (desk / "each.txt").write_text("It is so here.[1] " * 20_000 + "\n")
    one = verify("extract", "one.txt", "--json")
    each = verify("extract", "each.txt")

    assert (0, [["1"]]) == (one.code, [claim["citations"] for claim in one.objects])
    assert "1 claim: 1 cited (1 citation)" in one.err
    assert "20000 claims: 20000 cited (20000 citations), 0 covered" in each.err


def test_open_brackets_without_end(verify, desk):
    """No amount of them is a marker, or takes long."""
    (desk / "a.txt").write_text("[" * 200_000 + " it is so.[1]\n")
    claims = verify("extract", "a.txt", "--json").objects

    assert [["1"]] == [claim["citations"] for claim in claims]


def test_cases_are_told_apart():
    """Every case of the table has a name of its own."""
    names = [case["name"] for case in CASES]

    assert len(names) == len(set(names))
