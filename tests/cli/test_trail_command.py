"""`verify trail`: the record is listed, shown, verified, signed and exported; whatever was changed from outside ends with exit code 1."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from verify.store import open_ledger

HEAD = r"\d+:sha256:[0-9a-f]{64}"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    """Where the ledger of `worked` is kept for the next test."""
    return tmp_path_factory.mktemp("worked") / "verify.db"


@pytest.fixture
def worked(verify, held_sample, sample, made_once) -> Path:
    """The sample document with a source, a decision and two flags, one of them resolved."""
    if made_once.exists():
        return Path(shutil.copy(made_once, held_sample))
    verify("attach", ":7", sample / "sources" / "southern-groups.txt", "--quote", "they entered the city of Daraa")
    verify("decide", "2", "verified", "--note", "read it")
    verify("flag", "9", "--reason", "=who saw it?", "--as", "bea")
    verify("flag", "8", "--reason", "odd")
    verify("unflag", "9", "--note", "asked")
    shutil.copy(held_sample, made_once)
    return held_sample


def tamper(ledger: Path, *statements: str) -> None:
    """Change a ledger as anybody can who has the file."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            other.execute(statement)


@pytest.mark.usefixtures("worked")
def test_list_is_what_trail_does(verify):
    """With and without the word, and with its options."""
    named, bare = verify("trail", "list"), verify("trail")

    assert (0, named.out, named.err) == (bare.code, bare.out, bare.err)
    assert re.fullmatch(rf"6 entries shown; head {HEAD}\n", bare.err)
    assert ["1", "2"] == [found[1] for found in re.finditer(r"^ +(\d+) +20", verify("trail", "--limit", "2").out, re.MULTILINE)]
    assert [4, 6] == [entry["sequence"] for entry in verify("trail", "--claim", "9", "-f", "jsonl").objects]
    assert [5, 6] == [entry["sequence"] for entry in verify("trail", "list", "--after", "4", "-f", "jsonl").objects]
    assert verify("trail", "--help").out.startswith("Usage: verify trail [OPTIONS] COMMAND")
    assert 2 == verify("trail", "nonsense").code


@pytest.mark.usefixtures("worked")
def test_show_is_one_entry(verify):
    """Who, when, what; which rows it wrote and what was in them before; its hash and whether it fits."""
    out = verify("trail", "show", "6").out

    assert out.startswith("Entry 6 of 6 · flag.resolved\n")
    assert re.search(r"^  \d{4}-\d\d-\d\dT[\d:.]+Z by ann, on claim:9$", out, re.MULTILINE)
    assert "\nFacts\n  claim: 9\n" in out
    changed = re.search(r"^  flags \d+, changed since entry 4\n((?:    .*\n)+)", out, re.MULTILINE)
    assert changed
    assert ["resolution:  -> asked", "resolved_by:  -> ann"] == [
        line.strip() for line in changed[1].splitlines() if "resolved_at" not in line
    ]
    assert re.search(r"\nHash\n  sha256:[0-9a-f]{64} \(fits\)\n  after sha256:[0-9a-f]{64}\n$", out)


@pytest.mark.usefixtures("worked")
def test_show_of_a_reading(verify):
    """What was sealed, and what is told by hash alone."""
    out = verify("trail", "show", "1").out

    assert "\n  documents 1, added\n    id: 1\n    name: fall-of-damascus\n" in out
    assert re.search(r"^  claims:1: rows 14 \(1-14\), sha256 [0-9a-f]{64}$", out, re.MULTILINE)
    assert out.endswith("\n  after none\n")


@pytest.mark.usefixtures("worked")
def test_show_as_json(verify):
    """The same for programs: each column that changed as [before, after], of a new row as [after]."""
    shown = verify("trail", "show", "6", "--json").data
    added = verify("trail", "show", "4", "--json").data["changes"]

    assert ("1", 6, "flag.resolved", True) == (shown["schema_version"], shown["sequence"], shown["action"], shown["hash_fits"])
    [change] = shown["changes"]
    assert ("flags", "changed since entry 4", 4) == (change["table"], change["what"], change["since"])
    assert {"resolution": ["", "asked"], "resolved_by": ["", "ann"]}.items() <= change["columns"].items()
    assert {"resolution", "resolved_at", "resolved_by"} == change["columns"].keys()
    assert ("added", 0, ["=who saw it?"]) == (added[0]["what"], added[0]["since"], added[0]["columns"]["reason"])


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("number", ["7", "99999999999999999999999"])
def test_show_of_no_entry(verify, number):
    run = verify("trail", "show", number)

    assert (2, f"verify: there is no entry {number}; the trail ends with entry 6\n") == (run.code, run.err)


@pytest.mark.usefixtures("worked")
def test_verify_of_an_untouched_ledger(verify):
    """One line on stdout; what was not looked at on stderr."""
    run = verify("trail", "verify")

    assert 0 == run.code
    assert re.fullmatch(rf"trail: 6 events, head {HEAD}, every row fits\n", run.out)
    assert "whether an older copy was put back" in run.err
    assert "" == verify("-q", "trail", "verify").err


CHANGES = {
    "UPDATE flags SET reason = 'x' WHERE reason = 'odd'": r"flags \d+ was changed since event 5: reason",
    "UPDATE claims SET text = 'x' WHERE id = 4": r"claims of document 1 \(fall-of-damascus\): row 4 was changed since event 1",
    "UPDATE citations SET label = 'x' WHERE claim_id = 2": r"claims of document 1 \(fall-of-damascus\): row 2 was changed since event 1",
    "UPDATE snapshots SET content = x'00'": r"snapshots 1 was changed since event 2: content",
    "UPDATE decisions SET reviewer = 'eve'": r"decisions 1 was changed since event 3: reviewer",
    "DELETE FROM evidence": r"evidence 1 is gone, though event 2 tells of it",
    "UPDATE events SET reviewer = 'eve' WHERE sequence = 3": r"event 3 was changed: its hash does not fit",
    "DELETE FROM events WHERE sequence = 2": r"event 2 is missing: the trail goes on with event 3",
    "UPDATE claims SET text = CAST(x'ff' AS TEXT) WHERE id = 4": r"claims of document 1 .*: row 4 was changed since event 1",
    "UPDATE events SET at = 'soon' WHERE sequence = 3": r"event 3 was changed: its hash does not fit",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_from_outside_is_named(verify, worked, change):
    """The first event or row that does not fit, and exit code 1."""
    tamper(worked, change)
    run = verify("trail", "verify")

    assert 1 == run.code
    assert re.fullmatch(CHANGES[change] + "\n", run.out)
    assert re.search(rf"^trail: \d events, head {HEAD}, 1 misfit$", run.err, re.MULTILINE)


def test_all_misfits_are_listed_when_asked_for(verify, worked):
    """A hundred at most; without, the first alone, and that there may be more."""
    tamper(worked, "UPDATE flags SET name = 'x'", "UPDATE snapshots SET text = 'x'", "UPDATE claims SET status = 'disputed' WHERE id = 1")
    first, every = verify("trail", "verify"), verify("trail", "verify", "--all")

    assert first.out in every.out
    assert 1 == len(first.out.splitlines()) < len(every.out.splitlines())
    assert "what comes after the first misfit (--all goes on)" in first.err
    assert "what comes after" not in every.err
    assert "claim 1 has status disputed, but nobody decided on it" in every.out


def test_rows_are_not_compared_after_a_broken_chain(verify, worked):
    """And it says so."""
    tamper(worked, "DELETE FROM events WHERE sequence = 2", "UPDATE flags SET name = 'x'")
    run = verify("trail", "verify", "--all")

    assert "event 2 is missing: the trail goes on with event 3\n" == run.out
    assert "the rows: the chain has to fit first" in run.err


def test_verify_as_json(verify, worked):
    """What was found, for programs."""
    clean = verify("trail", "verify", "--json")
    tamper(worked, "UPDATE flags SET name = 'x' WHERE reason = 'odd'")
    found = verify("trail", "verify", "--json")

    assert (0, True, 6, [], "1") == (clean.code, *(clean.data[key] for key in ("fits", "events", "misfits", "schema_version")))
    assert clean.data["head"]["sequence"] == 6
    assert clean.data["rows"] > 30
    assert (1, False) == (found.code, found.data["fits"])
    [misfit] = found.data["misfits"]
    assert ("flags", 5, ["name"]) == (misfit["table"], misfit["event"], misfit["columns"])
    assert misfit["message"].startswith("flags ")


def test_spoilt_entries_are_shown_as_they_are(verify, worked):
    """Whoever was told that an entry does not fit looks at it next: nothing chokes on it, in any command."""
    tamper(
        worked,
        "UPDATE events SET at = CAST(x'ff' AS TEXT), payload = '{' WHERE sequence = 2",
        "UPDATE events SET reviewer = x'ff', payload = '[1]', hash = x'00' WHERE sequence = 3",
        'UPDATE events SET payload = \'{"rows":7,"hashes":{"flags":1},"removed":{"flags":3},"seals":{"x":1},"note":"\' || char(27) || \'"}\' WHERE sequence = 4',
    )
    commands = [["list"], ["list", "-f", "jsonl"], *(["show", n, *form] for n in (2, 3, 4) for form in ([], ["--json"]))]
    commands += [["export", "-f", form] for form in ("jsonl", "json", "csv")]

    for command in commands:
        run = verify("trail", *command)
        assert (0, True) == (run.code, "\x1b" not in run.out), command
    assert "(does not fit: `verify trail verify` says more)" in verify("trail", "show", "2").out
    assert 1 == verify("trail", "verify").code


@pytest.mark.usefixtures("worked")
def test_expected_head(verify):
    """The head of before is still there when the trail has grown; it is not in a copy from before it."""
    head = verify("trail", "head").out.strip()
    shutil.copy("verify.db", "older.db")
    verify("decide", "3", "verified")
    later = verify("trail", "head").out.strip()

    assert re.fullmatch(HEAD, head)
    assert 0 == verify("trail", "verify", "--expect-head", head).code
    assert "older copy" not in verify("trail", "verify", "--expect-head", head).err
    older = verify("--db", "older.db", "trail", "verify", "--expect-head", later)
    assert (1, "event 7 is expected, but the trail ends with event 6: it was cut off, or an older copy put back\n") == (
        older.code,
        older.out,
    )
    other = verify("trail", "verify", "--expect-head", f"6:sha256:{'0' * 64}")
    assert (1, f"event 6 is another one than expected: its hash is {head[2:]}\n") == (other.code, other.out)


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("text", ["6", "6:", "6:abc", ":sha256:", "x:y", "6:md5:0"])
def test_expected_head_must_be_one(verify, text):
    run = verify("trail", "verify", "--expect-head", text)

    assert (2, f"verify: '{text}' is no head of a trail: `verify trail head` prints one, SEQ:sha256:HASH\n") == (run.code, run.err)


@pytest.mark.usefixtures("worked")
def test_head_of_a_report_is_one_that_verify_takes(verify):
    """In whatever form the report is written."""
    head = verify("trail", "head").out.strip()
    for form in ("markdown", "html", "csv"):
        assert head in verify("report", "-f", form).out.replace("`", "")


@pytest.mark.usefixtures("worked")
def test_export_gives_the_chain(verify):
    """As JSON Lines, JSON and CSV: whoever has it derives every hash with nothing of ours."""
    lines = verify("trail", "export").objects
    whole = verify("trail", "export", "-f", "json").data
    rows = list(csv.DictReader(io.StringIO(verify("trail", "export", "-f", "csv").out)))
    last = ""
    for entry in lines:
        payload = json.dumps(entry["payload"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        fields = [entry["sequence"], entry["at"], entry["reviewer"], entry["action"], entry["subject"], payload, last]
        last = "sha256:" + hashlib.sha256(json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
        assert last == entry["hash"]

    assert lines == whole["events"]
    assert ("1", {"sequence": 6, "hash": last}) == (whole["schema_version"], whole["head"])
    for row in rows:
        fields = [int(row["sequence"]), *(row[name] for name in ("at", "reviewer", "action", "subject", "payload", "previous_hash"))]
        derived = hashlib.sha256(json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
        assert f"sha256:{derived}" == row["hash"]
    assert {"1"} == {entry["schema_version"] for entry in (*lines, *rows)}


@pytest.mark.usefixtures("worked")
def test_export_to_a_file(verify, desk):
    run = verify("trail", "export", "-o", "trail.jsonl")

    assert ("", "6 entries written\n") == (run.out, run.err)
    assert 6 == len((desk / "trail.jsonl").read_text().splitlines())


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Path:
    """Three SSH keys in a folder: ann's, eve's, and one with a passphrase; and a file that allows ann's."""
    if shutil.which("ssh-keygen") is None:
        if os.environ.get("CI"):
            pytest.fail("ssh-keygen is not installed, and CI must test signing")
        pytest.skip("ssh-keygen is not installed")
    folder = tmp_path_factory.mktemp("keys")
    for name, passphrase in (("ann", ""), ("eve", ""), ("locked", "secret")):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", folder / name], check=True)
    (folder / "signers").write_text(f"ann@example.org,a@example.org {(folder / 'ann.pub').read_text()}")
    (folder / "elsewhere").write_text(f'ann@example.org namespaces="git" {(folder / "ann.pub").read_text()}')
    return folder


@pytest.fixture
def signed(verify, worked, desk, keys) -> Callable[..., Path]:
    """Sign the head with somebody's key."""

    def sign(who: str = "ann") -> Path:
        assert worked
        run = verify("trail", "head", "--sign-with", keys / who, "-o", "head.txt")
        assert (0, "") == (run.code, run.err)
        return desk / "head.txt"

    return sign


def test_signed_head_can_be_read_and_checked_by_hand(verify, signed, keys):
    """Its first line is the head; what stands before the signature is what was signed, in OpenSSH's own form."""
    text = signed().read_text()
    statement, _, signature = text.partition("-----BEGIN SSH SIGNATURE-----")
    (keys / "signature").write_text(f"-----BEGIN SSH SIGNATURE-----{signature}")
    command = ["ssh-keygen", "-Y", "verify", "-n", "verify-trail", "-I", "a@example.org", "-f", keys / "signers", "-s", keys / "signature"]
    done = subprocess.run(command, input=statement, text=True, capture_output=True, check=False)

    assert f"verify-trail {verify('trail', 'head').out}" == text.splitlines(keepends=True)[0]
    assert "its entry 6, written at 20" in text
    assert signature.endswith("-----END SSH SIGNATURE-----\n")
    assert 0 == done.returncode, done.stderr


def test_signed_head_is_expected(verify, signed, keys):
    """By whoever is allowed to; the ledger may have grown since."""
    path = signed()
    verify("decide", "3", "verified")
    run = verify("trail", "verify", "--signed-head", path, "--allowed-signers", keys / "signers")
    named = verify("trail", "verify", "--signed-head", path, "--allowed-signers", keys / "signers", "--signer", "a@example.org", "--json")

    assert 0 == run.code
    assert re.search(r"^head 6 was signed by ann@example\.org \(ED25519 key SHA256:\S+\)$", run.err, re.MULTILINE)
    assert "older copy" not in run.err
    assert ("a@example.org", "", 6) == tuple(named.data["signed"][key] for key in ("signer", "fault", "sequence"))


def test_signed_head_shows_an_older_copy(verify, worked, signed, keys):
    """As any head does that was kept elsewhere."""
    shutil.copy(worked, "older.db")
    verify("decide", "3", "verified")
    path = signed()
    run = verify("--db", "older.db", "trail", "verify", "--signed-head", path, "--allowed-signers", keys / "signers")

    assert (1, "event 7 is expected, but the trail ends with event 6: it was cut off, or an older copy put back\n") == (run.code, run.out)


@pytest.mark.parametrize(
    ("who", "change", "options", "fault"),
    [
        ("eve", None, (), r"does not allow its signer \(ED25519 key SHA256:\S+\)"),
        ("ann", None, ("--signer", "eve@example.org"), r"does not allow its signer as eve@example\.org \(ED25519 key SHA256:\S+\)"),
        ("ann", ("entry 6", "entry 5"), (), "its signature does not fit: what was signed is something else"),
        ("ann", ("verify-trail 6", "verify-trail 5"), (), "its signature does not fit: what was signed is something else"),
        ("ann", ("\nU1NI", "\nU1NJ"), (), "its signature does not fit: what was signed is something else"),
    ],
)
def test_signature_that_does_not_count(verify, signed, keys, who, change, options, fault):
    """A stranger's, another one than was asked for, one on other words, a damaged one: a misfit, and the head is not believed."""
    path = signed(who)
    if change:
        path.write_text(path.read_text().replace(*change))
    run = verify("trail", "verify", "--signed-head", path, "--allowed-signers", keys / "signers", *options)

    assert 1 == run.code
    assert re.fullmatch(rf"\S+head\.txt: (\S+signers )?{fault}\n", run.out)
    assert "whether an older copy was put back" in run.err


def test_signature_for_another_purpose_does_not_count(verify, signed, keys):
    """An allowed key may be allowed for something else alone."""
    run = verify("trail", "verify", "--signed-head", signed(), "--allowed-signers", keys / "elsewhere")

    assert (1, True) == (run.code, "does not allow its signer" in run.out)


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("locked", "needs its passphrase, which is not asked for here:\nadd it to ssh-agent, and name its public half,"),
        ("none", "cannot be read: no such file or directory"),
        ("signers", "is no SSH key, or its public half,"),
        (".", "cannot be read: is a directory"),
    ],
)
def test_key_that_cannot_sign(verify, keys, key, words):
    """Says so at once, and waits for nobody."""
    run = verify("trail", "head", "--sign-with", keys / key)

    assert (3, "") == (run.code, run.out)
    assert words in run.err


@pytest.mark.usefixtures("keys")
def test_signing_needs_openssh(verify, signed, monkeypatch, desk):
    """Where it is missing, one line says so."""
    path = signed()
    monkeypatch.setenv("PATH", str(desk))
    line = "verify: there is no ssh-keygen here, which signs and checks: it comes with OpenSSH\n"
    for command in (("head", "--sign-with", path), ("verify", "--signed-head", path, "--allowed-signers", path)):
        run = verify("trail", *command)
        assert (3, line) == (run.code, run.err)


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--signed-head", "head.txt"), 2, "whose signature counts? name the file with --allowed-signers"),
        (("--allowed-signers", "signers"), 2, "--allowed-signers and --signer go with --signed-head FILE"),
        (("--signer", "ann"), 2, "--allowed-signers and --signer go with --signed-head FILE"),
        (("--signed-head", "none", "--allowed-signers", "signers"), 3, "none cannot be read: no such file or directory"),
        (
            ("--signed-head", "signers", "--allowed-signers", "signers"),
            3,
            "signers is no signed head: `verify trail head --sign-with KEY -o FILE`",
        ),
        (("--signed-head", "binary", "--allowed-signers", "signers"), 3, "binary is no signed head"),
    ],
)
def test_signed_head_that_is_none(verify, desk, options, code, words):
    """A file that is missing or something else, and half of what is needed."""
    (desk / "signers").write_text("nobody\n")
    (desk / "binary").write_bytes(b"\xff\x00" * 100)
    run = verify("trail", "verify", *options)

    assert (code, "") == (run.code, run.out)
    assert words in run.err


def test_empty_trail_has_no_head_to_sign(verify, desk, keys):
    """Nothing was written yet: its head is "0:", which every trail fits."""
    with open_ledger(desk / "verify.db", create=True):
        pass
    head, signed, shown = verify("trail", "head"), verify("trail", "head", "--sign-with", keys / "ann"), verify("trail", "show", "1")

    assert (0, "0:\n") == (head.code, head.out)
    assert 0 == verify("trail", "verify", "--expect-head", "0:").code
    assert (3, "verify: the trail is empty: there is no head to sign\n") == (signed.code, signed.err)
    assert (2, "verify: there is no entry 1; the trail is empty\n") == (shown.code, shown.err)
