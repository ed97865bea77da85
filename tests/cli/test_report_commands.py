"""`verify report`, `audit`, `trail` and `db`: what is handed on, and what keeps it honest."""

import csv
import io
import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from verify.model import Event
from verify.store import schema
from verify.store.columns import canonical_json
from verify.store.trail import event_hash

FORMATS = ("html", "markdown", "json", "jsonl", "csv")


@pytest.fixture
def worked(verify, held_sample, sample):
    """The sample with its sources, two decisions and a flag."""
    for command in (
        ("attach", "--manifest", sample / "sources.csv"),
        ("decide", "1", "2", "verified"),
        ("decide", "6", "failed_verification", "--note", "the source says 2,000"),
        ("flag", "9", "--reason", "who saw it?"),
    ):
        assert verify(*command).code == 0
    return held_sample


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.usefixtures("worked")
def test_report_in_each_format(verify, form):
    """Every claim is in it, every format opens with what it is, and the same ledger gives the same bytes."""
    run, again = verify("report", "--format", form), verify("report", "--format", form)

    assert (0, run.out) == (run.code, again.out)
    assert "14 claims reported: 3 decided, 11 not looked at\n" == run.err
    for words in ("motorway that joined the capital", "No foreign airline landed", "the source says 2,000"):
        assert words in run.out


@pytest.mark.usefixtures("worked")
def test_report_for_programs(verify):
    """JSON, JSON lines and CSV parse, carry the schema version and the trail head, and agree on every status."""
    document = verify("report", "-f", "json").data
    lines = verify("report", "-f", "jsonl").objects
    rows = list(csv.DictReader(io.StringIO(verify("report", "-f", "csv").out)))
    statuses = [row["status"] for row in rows]
    listed = verify("list", "--all", "--json").data["claims"]
    head = verify("trail", "list").err.split("head ")[1].strip()

    assert ["verified", "verified"] + ["unverified"] * 3 + ["failed_verification"] + ["unverified"] * 8 == statuses
    assert statuses == [claim["status"] for claim in listed]
    assert statuses == [claim["status"] for claim in document["claims"]]
    assert statuses == [line["status"] for line in lines if "status" in line]
    assert document["schema_version"] == lines[0]["schema_version"] == rows[0]["schema_version"]
    assert head == f"{document['trail_head']['sequence']}:{document['trail_head']['hash']}" == rows[0]["trail_head"]
    assert (14, 12, 1, 3, 11, 14) == tuple(
        document["coverage"][key] for key in ("claims", "cited", "uncited", "decided", "not_looked_at", "claims")
    )


@pytest.mark.parametrize(
    ("name", "opens"),
    [
        ("a.html", "<!doctype html>"),
        ("a.HTM", "<!doctype html>"),
        ("a.md", "# "),
        ("a.json", "{"),
        ("a.jsonl", "{"),
        ("a.csv", "schema_version,"),
    ],
)
@pytest.mark.usefixtures("worked")
def test_suffix_decides_the_format(verify, desk, name, opens):
    """As does `--format`, which wins; a report names its file on stderr, and stdout stays empty."""
    run = verify("report", "-o", name)
    verify("report", "-o", name, "--format", "csv")

    assert (0, "") == (run.code, run.out)
    assert run.err.endswith(f"; written to {name}\n")
    assert (desk / name).read_text(encoding="utf-8").startswith("schema_version,")
    verify("report", "-o", name)
    assert (desk / name).read_text(encoding="utf-8").lower().startswith(opens)


@pytest.mark.usefixtures("worked")
def test_report_to_stdout_is_markdown(verify):
    """What a person can read without a browser."""
    assert verify("report").out == verify("report", "-f", "markdown").out
    assert verify("report").out.startswith("# ")


@pytest.mark.usefixtures("worked")
def test_time_of_a_report(verify, monkeypatch):
    """It is that of the trail's last entry, unless SOURCE_DATE_EPOCH fixes it; nonsense there is refused."""
    last = verify("trail", "list", "-f", "jsonl").objects[-1]["at"]
    natural = verify("report", "-f", "json").data["generated_at"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1733644800")
    fixed = verify("report", "-f", "json").data["generated_at"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    refused = verify("report", "-f", "json")

    assert last[:19] == natural[:19]
    assert "2024-12-08T08:00:00Z" == fixed
    assert (2, "verify: SOURCE_DATE_EPOCH is not a number of seconds since 1970\n") == (refused.code, refused.err)


@pytest.mark.usefixtures("held_seed")
def test_report_of_one_of_several(verify, desk):
    """Where several are held, the document has to be named."""
    (desk / "other.txt").write_text("Another text.[1]\n")
    verify("ingest", "other.txt")
    refused = verify("report")

    assert (2, "verify: 2 documents are held; name one: fall-of-damascus-2024, other\n") == (refused.code, refused.err)
    assert "other" == verify("report", "-d", "other", "-f", "json").data["document"]["name"]


@pytest.mark.usefixtures("worked")
def test_report_replaces_a_file_whole(verify, desk):
    """What stood there is replaced; no other file is left."""
    (desk / "a.json").write_text("old" * 100_000)
    verify("report", "-o", "a.json")

    assert 14 == len(json.loads((desk / "a.json").read_text(encoding="utf-8"))["claims"])
    assert ["a.json", "verify.db"] == sorted(path.name for path in desk.iterdir())


def test_audit_is_ingest_and_report_in_one(verify, sample, desk):
    """One command from a file to a page; again it is unchanged, and the page has the same bytes."""
    first = verify("audit", sample / "fall-of-damascus.txt")
    page = (desk / "fall-of-damascus.audit.html").read_bytes()
    second = verify("audit", sample / "fall-of-damascus.txt")

    assert "fall-of-damascus: new, 14 claims; report: fall-of-damascus.audit.html\n" == first.out
    assert "fall-of-damascus: unchanged, 14 claims; report: fall-of-damascus.audit.html\n" == second.out
    assert any(line.startswith("markers: leading (12 of 14 paragraphs") for line in first.err.splitlines())
    assert any(line.startswith("14 claims: 12 cited (15 citations)") for line in first.err.splitlines())
    assert page.lower().startswith(b"<!doctype html>")
    assert page == (desk / "fall-of-damascus.audit.html").read_bytes()


def test_audit_to_stdout_and_in_a_format(verify, sample, desk):
    """`-o -` prints the report alone; `--format` names the file's suffix."""
    printed = verify("audit", sample / "fall-of-damascus.txt", "-o", "-", "-f", "json")
    filed = verify("audit", sample / "fall-of-damascus.txt", "-f", "markdown")

    assert 14 == len(printed.data["claims"])
    assert filed.out.endswith("report: fall-of-damascus.audit.md\n")
    assert (desk / "fall-of-damascus.audit.md").read_text(encoding="utf-8").startswith("# ")


def test_audit_of_several_files(verify, desk):
    """Each has its report; one that cannot be read is told, and one name for all is refused."""
    for name in ("a.txt", "b.txt"):
        (desk / name).write_text(f"A text called {name}.[1]\n")
    run = verify("audit", "a.txt", "gone.txt", "b.txt")
    refused = verify("audit", "a.txt", "b.txt", "-o", "one.html")

    assert 3 == run.code
    assert ["a: new, 1 claim; report: a.audit.html", "b: new, 1 claim; report: b.audit.html"] == run.out.splitlines()
    assert "verify: gone.txt: no such file" in run.err
    assert (2, "verify: -o names one report; give one file with it, or leave it out\n") == (refused.code, refused.err)
    assert not (desk / "one.html").exists()


def parsed(line: dict) -> Event:
    """An entry as `trail list` prints it, with its payload as it was hashed."""
    return Event(
        line["sequence"],
        datetime.strptime(line["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC),
        *(line[key] for key in ("reviewer", "action", "subject")),
        canonical_json(line["payload"]),
        line["previous_hash"],
        line["hash"],
    )


@pytest.mark.usefixtures("worked")
def test_trail_can_be_derived_from_what_is_printed(verify):
    """Every hash covers the entry's other fields and the hash before it."""
    printed = [parsed(line) for line in verify("trail", "list", "-f", "jsonl").objects]
    head = verify("trail", "list").err

    assert list(range(1, len(printed) + 1)) == [event.sequence for event in printed]
    assert [event.hash for event in printed] == [event_hash(event) for event in printed]
    assert [a.hash for a, _ in pairwise(printed)] == [b.previous_hash for _, b in pairwise(printed)]
    assert "" == printed[0].previous_hash
    assert f"{len(printed)} entries shown; head {len(printed)}:{printed[-1].hash}\n" == head


WRITES = [
    (("attach", ":7", "https://example.org/a"), 1),
    (("attach", "1", "note: somebody who knows"), 1),
    (("detach", ":7", "https://example.org/a"), 1),
    (("flag", "1", "2", "--reason", "odd"), 2),
    (("unflag", "1"), 1),
    (("decide", "1", "2", "3", "verified"), 3),
    (("undo",), 1),
    (("undo", "1"), 1),
]
READS = [
    "list",
    "list --all --json",
    "show 1",
    "documents",
    "sources",
    "tags",
    "report",
    "trail list",
    "db path",
    "db current",
    "db check",
    "db upgrade",
]


@pytest.mark.usefixtures("held_sample")
def test_every_write_is_an_event_and_no_read_is(verify, sample, events):
    """One entry a change, by whom it was done; reading, and reading the same document again, leaves none."""
    for command, more in WRITES:
        before = len(events())
        run = verify(*command, "--as", "bea")

        assert (command, 0, more) == (command, run.code, len(events()) - before)
        assert {"bea"} == {event.reviewer for event in events()[before:]}
    before = events()
    for command in READS:
        assert (command, 0) == (command, verify(*command.split()).code)
    assert 0 == verify("ingest", sample / "fall-of-damascus.txt").code
    assert before == events()


@pytest.mark.usefixtures("held_sample")
def test_failed_writes_leave_no_event(verify, events):
    """What was refused is not on record."""
    for command in (
        "decide 1 99 verified",
        "flag 99 -r x",
        "unflag 1",
        "attach :99 https://example.org",
        "detach :7",
        "undo",
        "decide 1 unverifiable",
    ):
        assert (command, 2) == (command, verify(*command.split()).code)

    assert 1 == len(events())


@pytest.mark.usefixtures("worked")
def test_trail_list_pages_and_narrows(verify):
    """`--after` and `--limit` page; `--claim` gives the entries about one claim."""
    whole = verify("trail", "list", "-f", "jsonl").objects
    page = verify("trail", "list", "-f", "jsonl", "--after", "3", "--limit", "4").objects
    claim = verify("trail", "list", "-f", "jsonl", "--claim", "6").objects

    assert whole[3:7] == page
    assert [("decision.made", "claim:6")] == [(line["action"], line["subject"]) for line in claim]
    assert "document.ingested" == whole[0]["action"]
    assert {"1"} == {line["schema_version"] for line in whole}


def test_db_path(verify, desk, monkeypatch):
    """The option wins over the environment, that over the project's file; no database need be there, and no password is printed."""
    bare = verify("db", "path").out
    (desk / "verify.toml").write_text('db = "from-file.db"\n')
    filed = verify("db", "path").out
    monkeypatch.setenv("VERIFY_DB", "from-environment.db")
    environment = verify("db", "path").out
    option = verify("--db", "from-option.db", "db", "path").out
    after = verify("db", "path", "--db", "after.db").out
    url = verify("--db", "postgresql://me:secret@localhost/claims", "db", "path").out

    assert [f"{desk}/{name}.db\n" for name in ("verify", "from-file", "from-environment", "from-option", "after")] == [
        bare,
        filed,
        environment,
        option,
        after,
    ]
    assert "postgresql://me:***@localhost/claims\n" == url


@pytest.mark.usefixtures("held_seed")
def test_db_current_and_upgrade(verify):
    """A new database is at the head; upgrading it does nothing."""
    assert f"{schema.HEAD} (head)\n" == verify("db", "current").out
    assert f"already at {schema.HEAD}\n" == verify("db", "upgrade").out


def test_database_of_a_newer_program(verify, held_seed):
    """It is refused by every command, and not touched."""
    with sqlite3.connect(held_seed) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = held_seed.read_bytes()
    runs = [verify("list"), verify("ingest", "-", stdin=b"It is so.[1]\n"), verify("db", "upgrade"), verify("undo")]

    assert [3] * 4 == [run.code for run in runs]
    assert all("a newer verify made it" in run.err for run in runs)
    assert before == held_seed.read_bytes()


def test_db_check(verify, held_seed):
    """A sound database has no finding; a status that no decision says is one, and the exit code tells."""
    sound = verify("db", "check")
    with sqlite3.connect(held_seed) as connection:
        connection.execute("UPDATE claims SET status = 'verified' WHERE id = 3")
    connection.close()
    unsound = verify("db", "check")

    assert (0, "", "the database is sound\n") == (sound.code, sound.out, sound.err)
    assert (1, "claim 3 has status verified, but nobody decided on it\n", "1 finding\n") == (unsound.code, unsound.out, unsound.err)


@pytest.mark.usefixtures("held_seed")
def test_db_backup(verify, desk):
    """The copy is a ledger of its own; what is there is never overwritten, and no folder is made."""
    made = verify("db", "backup", "copy.db")
    again = verify("db", "backup", "copy.db")
    lost = verify("db", "backup", "no/such/copy.db")

    assert (0, "copied to copy.db\n") == (made.code, made.out)
    assert verify("list", "--json").out == verify("--db", "copy.db", "list", "--json").out
    assert (3, 3) == (again.code, lost.code)
    assert "is there already: name another file" in again.err
    assert "there is no folder" in lost.err
    assert ["copy.db", "verify.db"] == sorted(path.name for path in desk.iterdir())


def test_backup_of_a_working_ledger_holds_what_was_committed(verify, held_seed, desk):
    """Also what still stands in the write-ahead log."""
    with sqlite3.connect(held_seed) as holder:
        holder.execute("PRAGMA journal_mode = WAL")
        verify("decide", "3", "verified")
        assert 0 == verify("db", "backup", "copy.db").code
        shutil.copy(desk / "copy.db", desk / "alone.db")
    holder.close()

    assert "verified" == verify("--db", "alone.db", "show", "3", "--json").data["status"]


@pytest.mark.usefixtures("held_sample")
def test_coverage_ends_every_command(verify, sample):
    """The last line on stderr says how many claims, documents, sources or entries were seen."""
    counted = re.compile(r"\d+ (claims?|documents?|sources?|tags?|entr(y|ies))\b")
    commands = [
        *READS[:8],
        "extract SAMPLE",
        "ingest SAMPLE",
        "audit SAMPLE",
        "attach 1 10.1000/1",
        "flag 1 -r x",
        "unflag 1",
        "decide 1 verified",
        "undo",
        "detach 1",
    ]
    last = {}
    for command in commands:
        run = verify(*(str(sample / "fall-of-damascus.txt") if word == "SAMPLE" else word for word in command.split()))

        assert (command, 0) == (command, run.code)
        last[command] = run.err.splitlines()[-1]
    assert [] == [command for command, line in last.items() if not counted.search(line)]
