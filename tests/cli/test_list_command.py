"""`verify list`: what needs a person, in document order, and why."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata

import pytest

HARD_TEXT = """The Hard Page

The first sentence is plain.[1] 首先，这座城市的居民在清晨听到了远处传来的炮声，随后街道上的灯光全部熄灭了。[2] The third one follows.

غادر الرئيس دمشق في الساعات الأولى من صباح الثامن من ديسمبر على متن طائرة متجهة إلى القاعدة الروسية على الساحل.[3]

A 100% rise of under_scored words was İstanbul'da noted in the STRASSE report.[4] See https://example.org/a/very/long/address/without/any/place/to/break/it/at/all/so/that/it/has/to/be/folded.[5]

One here has no marker at all. Another one has none.[citation needed]
"""


@pytest.fixture
def hard(verify, desk):
    """A document of many scripts is in the ledger."""
    (desk / "hard.txt").write_text(HARD_TEXT, encoding="utf-8")
    assert verify("ingest", "hard.txt").code == 0


def width(line: str) -> int:
    """Columns that a line takes: two for a wide character, none for a mark that stands on another (UAX 11)."""
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


def ids(run) -> list[int]:
    return [claim["id"] for claim in run.data["claims"]]


@pytest.mark.usefixtures("held_seed")
def test_seed_needs_a_person_everywhere(verify):
    """All eighteen claims are listed in document order, each with its reasons."""
    run = verify("list", "--json")
    reasons = {claim["id"]: claim["reasons"] for claim in run.data["claims"]}

    assert list(range(1, 19)) == ids(run)
    assert ["tagged", "unverified"] == reasons[2]
    assert ["uncited", "unverified"] == reasons[13] == reasons[17]
    assert {("no source", "unverified")} == {tuple(r) for n, r in reasons.items() if n not in (2, 13, 17)}
    assert "18 claims seen: 18 shown\n" == run.err


@pytest.mark.usefixtures("held_seed")
def test_table_of_the_seed(verify):
    """Id, numbers, reason, status and the beginning of the text stand in one row, cut on a word."""
    lines = [line.rstrip() for line in verify("list").out.splitlines()]

    assert "id   cites   why                  status       next          claim" == lines[0]
    assert " 1   18      no source            unverified   find source   In Southern Syria, the opposition" in lines
    assert " 2   -       tagged: citation     unverified   find source   Between the end of the ceasefire and" in lines
    assert "15   25 7    no source            unverified   find source   The Telegram account of the Syrian" in lines
    assert all(line.endswith("…") for line in lines if "subsequently" in line)


@pytest.mark.usefixtures("held_seed")
def test_reasons_follow_the_work(verify):
    """A source, a decision, a flag and a changed text each leave their reason, or take one away."""
    verify("attach", ":25", "https://example.org/25")
    verify("decide", "1", "6", "verified")
    verify("flag", "6", "--reason", "look again")
    reasons = {claim["id"]: claim["reasons"] for claim in verify("list", "--json").data["claims"]}

    assert 1 not in reasons
    assert ["flagged", "no source"] == reasons[6]
    assert [["unverified"]] * 3 == [reasons[n] for n in (5, 14, 15)]
    assert "1 left out as settled by a decision (--all shows them)" in verify("list").err


FILTERS = [
    (["--status", "verified"], [4]),
    (["--status", "verified", "--status", "disputed"], [4, 5]),
    (["--status", "unverified", "--limit", "3"], [1, 2, 3]),
    (["--status", "Not-a-claim"], []),
    (["--flag", "citation needed"], [2]),
    (["--flag", "review"], [6]),
    (["--flag", "who"], []),
    (["--citation", "25"], [14, 15]),
    (["--citation", "[25]", "--all"], [5, 14, 15]),
    (["--citation", "2"], []),
    (["--uncited"], [13, 17]),
    (["--search", "damascus", "--limit", "2"], [7, 8]),
    (["--search", "HTS LEADER"], [2]),
    (["--document", "fall-of-damascus-2024", "--after", "15"], [16, 17, 18]),
    (["--after", "18"], []),
    (["--section", "History"], []),
]


@pytest.mark.parametrize(("options", "expected"), FILTERS, ids=lambda v: " ".join(v) if v and isinstance(v[0], str) else "")
@pytest.mark.usefixtures("held_seed")
def test_filters(verify, options, expected):
    """Each filter narrows the list; a status asked for shows settled claims too."""
    verify("decide", "4", "verified")
    verify("decide", "5", "disputed")
    verify("flag", "6", "--reason", "look again")
    run = verify("list", "--json", *options)

    assert (0, expected) == (run.code, ids(run))
    assert "that match the filters seen" in run.err


def test_section_is_named_whatever_its_case(verify, desk):
    """A heading is a section's name."""
    (desk / "page.txt").write_text(
        "The Page\n\n== Early life ==\n\nHe was born in May of that year.[1] He left.\n\n== Career ==\n\nHe was made a judge in 1901.[2]\n"
    )
    verify("ingest", "page.txt")

    assert ["He was made a judge in 1901."] == [c["text"] for c in verify("list", "--json", "--section", "CAREER").data["claims"]]
    assert [2] == [len(verify("list", "--json", "--section", "early life").data["claims"])]


SEARCHES = [
    ("100%", ["A 100% rise"]),
    ("%", ["A 100% rise"]),
    ("under_scored", ["A 100% rise"]),
    ("underXscored", []),
    ("straße", ["A 100% rise"]),
    ("清晨", ["首先，这座城市"]),
    ("الرئيس", ["غادر الرئيس"]),
    ("'da", ["A 100% rise"]),
    ("\\", []),
    ("", ["The first s", "首先，这座城市", "The third o", "غادر الرئيس", "A 100% rise", "See https:/", "One here ha", "Another one"]),
]


@pytest.mark.parametrize(("words", "expected"), SEARCHES)
@pytest.mark.usefixtures("hard")
def test_search_takes_words_as_they_are(verify, words, expected):
    """% and _ mean themselves, and case does not count in any script."""
    found = [claim["text"] for claim in verify("list", "--json", "--search", words).data["claims"]]

    assert len(expected) == len(found)
    assert all(text.startswith(beginning) for text, beginning in zip(found, expected, strict=True))


@pytest.mark.usefixtures("hard")
def test_pages_cover_everything_once(verify, seed):
    """`--limit` and `--after`, followed as the last line says, give what one call gives, over several documents."""
    verify("ingest", seed)
    verify("decide", "2", "5", "12", "verified")
    whole = ids(verify("list", "--json"))
    pages, after = [], []
    while True:
        run = verify("list", "--json", "--limit", "4", *after)
        pages.append(ids(run))
        go_on = re.search(r"stopped at --limit, go on with (--after) (\d+)", run.err)
        if go_on is None:
            break
        after = list(go_on.groups())

    assert 23 == len(whole)
    assert whole == [claim for page in pages for claim in page]
    assert [4] * (len(pages) - 1) == [len(page) for page in pages[:-1]]


@pytest.mark.usefixtures("held_seed")
def test_formats_hold_the_same_claims(verify):
    """JSON, JSON lines, CSV and Markdown parse, name their schema, and agree."""
    claims = verify("list", "--format", "json").data
    lines = verify("list", "--format", "jsonl").objects
    rows = list(csv.DictReader(io.StringIO(verify("list", "--format", "csv").out)))
    markdown = verify("list", "--format", "markdown").out.splitlines()

    assert {claims["schema_version"]} == {line["schema_version"] for line in lines} == {row["schema_version"] for row in rows}
    assert [c["text"] for c in claims["claims"]] == [line["text"] for line in lines] == [row["text"] for row in rows]
    assert [c["citations"] for c in claims["claims"]] == [row["citations"].split("; ") if row["citations"] else [] for row in rows]
    assert 18 + 2 == len(markdown)
    assert markdown[0].startswith("| id | document | claim |")
    assert "no source" in markdown[2]


@pytest.mark.usefixtures("held_seed")
def test_list_of_nothing(verify):
    """No claim is an empty table, an empty list, and 0 on the last line."""
    runs = {form: verify("list", "--search", "nowhere", "-f", form) for form in ("table", "json", "jsonl", "csv", "markdown")}

    assert "" == runs["table"].out == runs["jsonl"].out
    assert [] == runs["json"].data["claims"]
    assert [1, 2] == [len(runs[form].out.splitlines()) for form in ("csv", "markdown")]
    assert {"0 claims that match the filters seen: 0 shown\n"} == {run.err for run in runs.values()}


@pytest.mark.usefixtures("held_seed")
def test_output_to_a_file(verify, desk):
    """`-o` takes what stdout would, in any format."""
    for form in ("table", "csv"):
        verify("list", "-f", form, "-o", "out")

        assert verify("list", "-f", form).out == (desk / "out").read_bytes().decode("utf-8")


@pytest.mark.parametrize("columns", [40, 60, 100, 200])
@pytest.mark.usefixtures("hard")
def test_table_fits_the_terminal(verify, seed, monkeypatch, columns):
    """No line is wider than the terminal, whatever the script, and no claim is lost; with several documents and long names too."""
    monkeypatch.setenv("COLUMNS", str(columns))
    verify("ingest", seed, "--as", "a-name-that-is-far-longer-than-any-column-of-a-terminal-could-hold-" + "x" * 12)
    tables = [verify("list").out, verify("list", "--document", "hard").out, verify("documents").out, verify("trail", "list").out]

    assert [] == [line for table in tables for line in table.splitlines() if width(line) > columns]
    assert list(range(1, 27)) == [int(n) for n in re.findall(r"^ {0,1}(\d+) ", tables[0], re.MULTILINE)]
    assert "首先" in tables[0]
    assert "غادر" in tables[0]


@pytest.mark.usefixtures("held_seed")
def test_piped_table_is_a_hundred_wide(verify):
    """Where there is no terminal, lines stay readable in a mail."""
    assert 100 >= max(map(width, verify("list").out.splitlines())) > 90


def on_terminal(*arguments: str, **environment: str) -> str:
    """What a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    env = {**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm-256color", "COLUMNS": "80", **environment}
    with subprocess.Popen([sys.executable, "-m", "verify", *arguments], stdout=theirs, stdin=theirs, stderr=subprocess.PIPE, env=env):
        os.close(theirs)
        pieces = []
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how a terminal says that nobody writes any more
                break
            if not piece:
                break
            pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode("utf-8")


@pytest.mark.usefixtures("held_seed")
def test_colour_on_a_terminal_only(verify):
    """A terminal gets colour, unless NO_COLOR is set or it is a dumb one; a pipe never does."""
    coloured = on_terminal("list", "--limit", "2")
    plain = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]

    assert "\x1b[33m" in coloured
    assert plain == on_terminal("list", "--limit", "2", NO_COLOR="1").splitlines()
    assert plain == on_terminal("list", "--limit", "2", TERM="dumb").splitlines()
    assert "\x1b" in on_terminal("show", "1")
    assert "\x1b" not in verify("list").out + verify("show", "1").out


@pytest.mark.usefixtures("held_seed")
def test_json_is_one_object_with_the_keys_of_the_design(verify):
    """A claim has the same keys here as in `show` and the reports."""
    listed = verify("list", "--json").data["claims"][0]
    shown = verify("show", "1", "--json").data

    keys = ["id", "document", "ordinal", "text", "citations", "notes", "flags", "covered", "section", "start", "end", "markers"]
    assert [*keys, "status", "stale", "state", "reasons", "next_action", "sources", "source_origins", "absent"] == list(listed)
    assert listed == {key: shown[key] for key in listed}


@pytest.mark.usefixtures("hard")
def test_documents(verify, seed):
    """Every document with its claims, decided ones, and how it was read; table, JSON and JSON lines agree."""
    verify("ingest", seed)
    verify("decide", "1", "verified")
    rows = verify("documents", "--format", "json").data["documents"]
    run = verify("documents")

    assert [("hard", 8, 1, 7, "trailing", "The Hard Page"), ("fall-of-damascus-2024", 18, 0, 18, "leading", "Fall of Damascus (2024)")] == [
        (r["name"], r["claims"], r["decided"], r["needing_review"], r["layout"], r["title"]) for r in rows
    ]
    assert rows == [{k: v for k, v in row.items() if k != "schema_version"} for row in verify("documents", "-f", "jsonl").objects]
    assert "2 documents, 26 claims: 1 decided, 25 not looked at\n" == run.err
    assert all(name in run.out for name in ("hard", "fall-of-damascus-2024"))
    assert re.fullmatch(r"[0-9a-f]{64}", rows[0]["sha256"])


def test_tags(verify):
    """The vocabulary: all of it, one language, one tag; each says what an editor must do next."""
    everything = verify("tags", "--format", "json").data["tags"]
    german = verify("tags", "--language", "de")
    one = verify("tags", "citation needed", "-f", "json").data["tags"]
    languages = verify("tags", "--language", "list").out.split()

    assert len(everything) == len({tag["name"] for tag in everything}) > 50
    assert all(tag["next_step"] and tag["category"] and tag["forms"] for tag in everything)
    assert "Beleg" in german.out
    assert 60 <= len(languages) == len(set(languages))
    assert ["citation needed"] == [tag["name"] for tag in one]
    assert json.dumps(one, ensure_ascii=False).count("citation needed") >= 2


def test_loose_ends_are_told_under_the_list(verify, desk):
    """Markers that found no sentence, and references that no claim cites, are no claims: the list says that they are there."""
    page = "A page\n\n[9] It was open.[1] It fell.[1]\n\nReferences\n1. Smith, A. (2020). Gate.\n2. Doe, B. (2021). Wall.\n"
    (desk / "page.txt").write_text(page, encoding="utf-8")
    (desk / "tidy.txt").write_text("It is so.[1]\n", encoding="utf-8")
    verify("ingest", "page.txt", "--markers", "trailing")
    verify("ingest", "tidy.txt")

    assert "not in the list: 1 orphan marker and 1 uncited reference; `verify report` names them" in verify("list").err
    assert "not in the list" not in verify("list", "-d", "tidy").err
