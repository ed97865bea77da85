"""`verify ingest` and `verify extract`: from a document to its claims, as point 1 of the first issue describes it."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


def gold(path: Path) -> list[tuple]:
    """The expected claims: text, citations, flags, notes."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["text"], row["citations"], row["flags"], row["notes"]) for row in rows]


def said(claims: list[dict]) -> list[tuple]:
    return [(claim["text"], claim["citations"], claim["flags"], claim["notes"]) for claim in claims]


def dump(database: Path) -> list[str]:
    """Everything that a database holds, as SQL."""
    with sqlite3.connect(database) as connection:
        return list(connection.iterdump())


COVERAGE = "18 claims: 15 cited (19 citations), 0 covered, 2 uncited, 1 tagged; skipped: 1 title; 0 orphan markers"


def test_seed_gives_eighteen_claims(verify, seed):
    """One line of result on stdout; the layout, why, and the other reading on stderr, and coverage last."""
    run = verify("ingest", seed)

    assert (0, "fall-of-damascus-2024: new, 18 claims (18 new), revision 1, markers leading\n") == (run.code, run.out)
    assert [
        "markers: leading (16 of 18 paragraphs open with a marker, 0 end with one); --markers trailing is the other reading",
        COVERAGE,
    ] == run.err.splitlines()


@pytest.mark.usefixtures("seed", "held_seed")
def test_claims_of_the_seed_are_the_expected_ones(verify, shared):
    """Text, citations and tags of every claim, read back from the ledger, in document order; the title is none and its year no citation."""
    claims = verify("list", "--all", "--json").data["claims"]

    assert gold(shared / "data" / "extraction" / "seed.leading_own.goldclaims.jsonl") == said(claims)
    assert list(range(1, 19)) == [claim["ordinal"] for claim in claims]
    assert 15 == sum(bool(claim["citations"]) for claim in claims)
    assert 19 == sum(len(claim["citations"]) for claim in claims)
    assert [["citation needed"]] == [claim["flags"] for claim in claims if claim["flags"]]
    assert [13, 17] == [claim["ordinal"] for claim in claims if "uncited" in claim["reasons"]]
    assert [] == [claim for claim in claims if "2024" in claim["citations"] or claim["text"].startswith("Fall of")]


def test_claims_of_the_seed_read_the_other_way(verify, seed, shared):
    """`--markers trailing` gives the other expected claims, and says that it was asked for."""
    run = verify("ingest", seed, "--markers", "trailing")
    claims = verify("list", "--all", "--json").data["claims"]

    assert gold(shared / "data" / "extraction" / "seed.leading_prev.goldclaims.jsonl") == said(claims)
    assert "markers: trailing (as asked); --markers leading is the other reading" in run.err.splitlines()
    assert "1 orphan marker" in run.err


@pytest.mark.usefixtures("held_seed")
def test_offsets_give_back_the_printed_words(verify, seed):
    """`start` and `end` of each claim cut it out of the file, markers within."""
    text = seed.read_text(encoding="utf-8")
    claims = verify("list", "--all", "--json").data["claims"]

    assert [c["text"] for c in claims] == [re.sub(r"\[\d+\]", "", text[c["start"] : c["end"]]) for c in claims]


def test_same_file_again_is_unchanged(verify, seed, held_seed):
    """It says so, ends with 0, and leaves every row as it was."""
    before = dump(held_seed)
    run = verify("ingest", seed)

    assert (0, "fall-of-damascus-2024: unchanged, 18 claims (18 unchanged), revision 1, markers leading\n") == (run.code, run.out)
    assert COVERAGE == run.err.splitlines()[-1]
    assert before == dump(held_seed)


def test_same_bytes_at_another_place_are_unchanged(verify, seed, held_seed, desk):
    """A copy of a held document is that document, unless it is given a name of its own."""
    copy = desk / "copy.txt"
    copy.write_bytes(seed.read_bytes())
    before = dump(held_seed)
    run = verify("ingest", copy)

    assert run.out.startswith("fall-of-damascus-2024: unchanged")
    assert before == dump(held_seed)
    assert verify("ingest", copy, "--as", "second").out.startswith("second: new, 18 claims (18 new)")


@pytest.mark.usefixtures("held_seed")
def test_other_layout_is_another_reading_of_the_same_revision(verify, seed):
    """Decisions and sources stay with their claims; a decision is stale where the citations changed. Back again, nothing is stale."""
    verify("attach", ":25", "https://example.org/25")
    verify("decide", "5", "verified")
    verify("decide", "13", "disputed")
    again = verify("ingest", seed, "--markers", "trailing")
    turned = {claim["id"]: claim for claim in verify("list", "--all", "--json").data["claims"]}
    unasked = verify("ingest", seed)
    verify("ingest", seed, "--markers", "leading")
    back = {claim["id"]: claim for claim in verify("list", "--all", "--json").data["claims"]}

    assert "fall-of-damascus-2024: read again, 18 claims (18 unchanged), revision 1, markers trailing\n" == again.out
    assert ("verified", True, ["27"]) == (turned[5]["status"], turned[5]["stale"], turned[5]["citations"])
    assert [4, 13, 14] == [n for n, claim in turned.items() if claim["sources"] == ["https://example.org/25"]]
    assert "fall-of-damascus-2024: unchanged, 18 claims (18 unchanged), revision 1, markers trailing\n" == unasked.out
    assert "markers: trailing (as asked)" in unasked.err
    assert {"verified": False, "disputed": False} == {back[n]["status"]: back[n]["stale"] for n in (5, 13)}
    assert [5, 14, 15] == [n for n, claim in back.items() if claim["sources"]]


def test_changed_file_is_a_new_revision(verify, desk):
    """Claims keep their ids and decisions by their text, moved or not; what is gone is absent, what is new is new."""
    page = desk / "page.txt"
    page.write_text("First stands.[1] Second goes.[2] Third moves.[3]\n")
    verify("ingest", page)
    verify("decide", "1", "2", "3", "verified")
    page.write_text("Third moves.[3] Fourth is new.[4] First stands.[9]\n")
    run = verify("ingest", page)
    claims = {c["text"]: c for c in verify("list", "--all", "--json").data["claims"]}
    gone = verify("list", "--absent", "--json").data["claims"]

    assert "page: new revision, 3 claims (1 new, 2 unchanged, 1 absent), revision 2, markers trailing\n" == run.out
    assert {"Third moves.": 3, "Fourth is new.": 4, "First stands.": 1} == {text: c["id"] for text, c in claims.items()}
    assert {"Third moves.": False, "Fourth is new.": False, "First stands.": True} == {text: c["stale"] for text, c in claims.items()}
    assert [(2, "Second goes.", "verified", True)] == [(c["id"], c["text"], c["status"], c["absent"]) for c in gone]


def test_claim_that_comes_back_is_the_same_claim(verify, desk):
    """A text that was gone and returns has its decision again."""
    page = desk / "page.txt"
    for text in ("It stays.[1] It goes.[2]\n", "It stays.[1]\n", "It stays.[1] It goes.[2]\n"):
        page.write_text(text)
        verify("ingest", page)
        if text.endswith("goes.[2]\n"):
            verify("decide", "2", "verified")

    assert [(1, False), (2, False)] == [(c["id"], c["absent"]) for c in verify("list", "--all", "--json").data["claims"]]


def test_several_files_one_of_them_bad(verify, desk):
    """The bad one is told and left out, the others are ingested; the exit code says that not all went well."""
    (desk / "a.txt").write_text("One claim.[1]\n")
    (desk / "b.txt").write_bytes("Größe zählt hier.[1] Das Öl fließt überall.\n".encode("cp1252"))
    run = verify("ingest", "a.txt", "missing.txt", "b.txt")

    assert 3 == run.code
    assert ["a: new, 1 claim (1 new)", "b: new, 2 claims (2 new)"] == [line.split(", revision")[0] for line in run.out.splitlines()]
    assert "verify: missing.txt: no such file" in run.err.splitlines()
    assert f"{desk / 'b.txt'}: not utf-8; read as cp1252, a guess from its bytes; --encoding overrides" in run.err.splitlines()
    assert "a: markers: trailing (0 of 1 paragraphs open with a marker, 1 end with one); --markers leading is the other reading" in run.err


def test_all_files_bad(verify, desk):
    """Nothing is made, not even the database."""
    run = verify("ingest", "missing.txt", "gone.txt")

    assert (3, "") == (run.code, run.out)
    assert ["verify: missing.txt: no such file", "verify: gone.txt: no such file"] == run.err.splitlines()
    assert [] == list(desk.iterdir())


def test_same_file_twice_in_one_command(verify, desk):
    """The second reading finds the first."""
    (desk / "a.txt").write_text("One claim.[1]\n")

    assert ["new", "unchanged"] == [line.split()[1].rstrip(",") for line in verify("ingest", "a.txt", "a.txt").out.splitlines()]


def test_standard_input(verify):
    """`-` is named by its title, else `stdin`; another text under the same title is another document."""
    first = verify("ingest", "-", stdin=b"The Title\n\nA sentence stands here.[1]\n")
    again = verify("ingest", "-", stdin=b"The Title\n\nA sentence stands here.[1]\n")
    other = verify("ingest", "-", stdin=b"The Title\n\nAnother sentence stands here.[1]\n")
    bare = verify("ingest", "-", stdin=b"Only a sentence stands here.[1]\n")
    named = verify("ingest", "-", "--as", "the-title", stdin=b"The Title\n\nIt was edited since.[1]\n")

    assert ["the-title: new", "the-title: unchanged", "the-title-2: new", "stdin: new", "the-title: new revision"] == [
        run.out.split(",")[0] for run in (first, again, other, bare, named)
    ]


def test_name_of_a_document(verify, desk):
    """`--as` names it; a name that is held takes a new revision."""
    (desk / "a.txt").write_text("One claim.[1]\n")
    (desk / "b.txt").write_text("One claim.[1] Two claims.[2]\n")

    assert "report: new, 1 claim" in verify("ingest", "a.txt", "--as", "report").out
    assert "report: new revision, 2 claims (1 new, 1 unchanged), revision 2" in verify("ingest", "b.txt", "--as", "report").out
    assert ["report"] == [d["name"] for d in verify("documents", "--format", "json").data["documents"]]


@pytest.mark.parametrize("name", ["a:b", " blank", "\x1b[31m", "two\nlines", "\u202eevil", "x" * 81, " "])
def test_names_that_no_document_can_have(verify, desk, name):
    """A colon would make `NAME:25` ambiguous, the others cannot be typed or seen."""
    (desk / "a.txt").write_text("One claim.[1]\n")
    run = verify("ingest", "a.txt", "--as", name)

    assert (2, "") == (run.code, run.out)
    assert "a document cannot be called" in run.err
    assert ["a.txt"] == [path.name for path in desk.iterdir()]


def test_encoding_is_detected_and_said(verify, desk):
    """A guess is told; `--encoding` overrides it."""
    (desk / "a.txt").write_bytes("Der König fährt über die Brücke.[1] Die Straße ist groß.[2]\n".encode("cp1252"))
    guessed = verify("extract", "a.txt", "--json")
    named = verify("extract", "a.txt", "--json", "--encoding", "latin-1")
    wrong = verify("extract", "a.txt", "--json", "--encoding", "utf-8")

    assert "not utf-8; read as cp1252, a guess from its bytes; --encoding overrides" == guessed.err.splitlines()[0]
    assert ["Der König fährt über die Brücke.", "Die Straße ist groß."] == [c["text"] for c in guessed.objects]
    assert guessed.objects == named.objects
    assert "read as" not in named.err
    assert (3, "verify: a.txt: is not utf-8: byte 5 does not fit (invalid start byte)\n") == (wrong.code, wrong.err)


def test_held_file_can_be_read_again_in_another_encoding(verify, desk):
    """A wrong guess is mended with `--encoding`; after that the plain command leaves the reading as it was asked for."""
    (desk / "a.txt").write_bytes("Zażółć gęślą jaźń ósmego dnia.[1] Cisza trwała długo.[2]\n".encode("iso8859_2"))
    verify("ingest", "a.txt", "--encoding", "latin-1")
    mended = verify("ingest", "a.txt", "--encoding", "iso8859-2")
    twice = verify("ingest", "a.txt", "--encoding", "iso8859-2")
    plain = verify("ingest", "a.txt")

    assert "a: new revision, " in mended.out
    assert ["unchanged", "unchanged"] == [run.out.split()[1].rstrip(",") for run in (twice, plain)]
    assert "Zażółć gęślą jaźń ósmego dnia." == verify("list", "--json").data["claims"][0]["text"]


def test_nul_characters_are_dropped_and_counted(verify, desk):
    """They are said, and are in no claim."""
    (desk / "a.txt").write_bytes(b"One\0 claim.[1] Two \0claims.[2]\n")
    run = verify("ingest", "a.txt")

    assert "2 NUL characters dropped" in run.err.splitlines()
    assert ["One claim.", "Two claims."] == [c["text"] for c in verify("list", "--json").data["claims"]]


def test_extract_prints_lines_to_read(verify, seed, desk):
    """Ordinal, markers, text; no database is made."""
    run = verify("extract", seed)
    lines = run.out.splitlines()

    assert (0, 18) == (run.code, len(lines))
    assert lines[0].startswith("1. [18] In Southern Syria, the opposition")
    assert lines[1].startswith("2. [citation needed] Between the end")
    assert lines[3].startswith("4. [20][21] In contrast")
    assert lines[12].startswith("13. At 10:30 pm,")
    assert COVERAGE == run.err.splitlines()[-1]
    assert [] == list(desk.iterdir())


@pytest.mark.parametrize(("markers", "expected"), [("leading", "leading_own"), ("trailing", "leading_prev"), ("auto", "leading_own")])
def test_extract_prints_json_lines(verify, seed, shared, markers, expected):
    """One object a claim, with the keys that it has everywhere but for those that need a ledger."""
    run = verify("extract", "--json", "--markers", markers, seed)

    assert gold(shared / "data" / "extraction" / f"seed.{expected}.goldclaims.jsonl") == said(run.objects)
    assert ["document", "ordinal", "text", "citations", "notes", "flags", "covered", "section", "start", "end", "markers"] == list(
        run.objects[0]
    )


def test_extract_to_a_file(verify, seed, desk):
    """`-o` takes what stdout would."""
    run = verify("extract", seed, "--json", "-o", "claims.jsonl")

    assert "" == run.out
    assert verify("extract", seed, "--json").out == (desk / "claims.jsonl").read_text(encoding="utf-8")


def test_verbose_tells_orphan_markers(verify, seed):
    """Each marker that found no sentence is named, with the reason."""
    run = verify("-v", "extract", "--markers", "trailing", seed)

    assert "orphan marker [18]: no sentence stands before it" in run.err.splitlines()


def test_quiet_says_nothing_but_errors(verify, seed):
    """`-q`, before the command and after it."""
    assert ["", ""] == [verify("-q", "ingest", seed).err, verify("ingest", "-q", seed).err]
    assert "verify: nope: no such file\n" == verify("-q", "ingest", "nope").err


def test_too_large_a_file_is_refused(verify, desk):
    """`--max-size` is the limit, in MB."""
    (desk / "a.txt").write_text("A sentence. " * 1000)
    run = verify("extract", "a.txt", "--max-size", "0.01")

    assert (3, "verify: a.txt is larger than 0.01 MB; raise the limit with --max-size\n") == (run.code, run.err)
    assert 0 == verify("extract", "a.txt", "--max-size", "0.02").code


LIGHT = {
    "--help": {"sqlalchemy", "alembic", "jinja2", "rich", "sentencex"},
    "--version": {"sqlalchemy", "alembic", "jinja2", "rich", "sentencex"},
    "extract --help": {"sqlalchemy", "alembic", "jinja2", "rich"},
    "extract SEED": {"sqlalchemy", "alembic", "jinja2", "rich"},
    "extract --json SEED": {"sqlalchemy", "alembic", "jinja2", "rich"},
    "list": {"alembic", "jinja2", "sentencex"},
    "show 1": {"alembic", "jinja2"},
    "decide 1 verified": {"alembic", "jinja2"},
}


@pytest.mark.parametrize("line", LIGHT)
@pytest.mark.usefixtures("held_seed")
def test_commands_load_only_what_they_need(line, seed):
    """Heavy libraries stay out of the commands that do without."""
    probe = "import sys; from verify.cli import main; code = main(sys.argv[1:]); print(code, *sys.modules, file=sys.stderr)"
    arguments = [str(seed) if word == "SEED" else word for word in line.split()]
    done = subprocess.run([sys.executable, "-c", probe, *arguments], capture_output=True, text=True, check=True)
    code, *modules = done.stderr.splitlines()[-1].split()

    assert "0" == code
    assert set() == LIGHT[line] & set(modules)
