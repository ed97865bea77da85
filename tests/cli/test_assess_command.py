"""`verify assess` on a ledger, and what `list`, `show` and the report then say: the machine points, a person decides."""

import json
import re

import pytest

PROBLEM = "3: likely problem (0.09) against [4] Northern front, a chronology: the claim says “8 December”, the passage “7 December” (date)"
ESCAPE = "\x1b[31m\u202eevil\x1b[0m"


@pytest.fixture
def attached(held_sample, verify, sample):
    """The sample with all its sources attached."""
    assert verify("attach", "--manifest", sample / "sources.csv").code == 0
    return held_sample


@pytest.fixture
def assessed(attached, verify):
    """The same after a first `assess`."""
    assert verify("assess").code == 0
    return attached


@pytest.mark.usefixtures("attached")
def test_the_sample_is_assessed(verify):
    """A line an assessment; what was looked at, what it suggests and what was left out is told on stderr, and never that anything is verified."""
    run = verify("assess")

    assert (run.code, len(run.out.splitlines())) == (0, 10)
    assert PROBLEM in run.out.splitlines()
    assert [
        "9 claims with a source's text looked at: 10 assessments made, 0 unchanged",
        "it suggests: 1 likely problem, 2 needs reading, 7 words found; a person decides (verify show ID, verify decide ID)",
        "5 claims left out: no text of a source is held; `verify list` says what comes next for each",
    ] == run.err.splitlines()
    assert re.search(r"(?i)\bverified\b|\bsupported\b|\btrue\b|\bfalse\b", run.out + run.err) is None


@pytest.mark.usefixtures("assessed")
def test_again_only_where_something_changed(verify):
    """`--all` asks all the same, of what is named."""
    again = verify("assess")

    assert (again.code, again.out) == (0, "")
    assert (
        again.err.splitlines()[0] == "9 claims with a source's text looked at: 0 assessments made, 10 unchanged (--all assesses them again)"
    )
    assert [line.split(":")[0] for line in verify("assess", "--all", "3", ":7").out.splitlines()] == ["3", "5", "7", "7"]


@pytest.mark.usefixtures("attached")
def test_json_is_an_object_an_assessment(verify):
    """As in `show` and the reports, with the claim that it is of."""
    row, *others = verify("assess", "--json", "3", "7").objects
    shown = verify("show", "3", "--json").data

    assert ("1", "fall-of-damascus", 3, shown["text"]) == (row["schema_version"], row["document"], row["claim"], row["text"])
    assert shown["assessments"] == [{key: row[key] for key in shown["assessments"][0]}]
    assert ("contradicted", "likely problem", "date") == (row["verdict"], row["says"], row["cues"][0]["kind"])
    assert [(each["assessed"]["start"], each["assessed"]["end"]) for each in others] == [(0, 49), (50, 83)]


@pytest.mark.usefixtures("assessed")
def test_list_says_what_comes_next(verify):
    """A column of the table, a key of the JSON; `--likely-problem` narrows to what the machine points at."""
    claims = verify("list", "--json").data["claims"]
    run = verify("list", "--likely-problem")

    assert {3: "fix date", 4: "find source", 6: "fix number", 8: "decide", 13: "fetch", 14: "provide text"}.items() <= {
        claim["id"]: claim["next_action"] for claim in claims
    }.items()
    assert ["likely problem", "unverified"] == claims[2]["reasons"]
    assert [3] == [claim["id"] for claim in verify("list", "--likely-problem", "--json").data["claims"]]
    assert re.search(r"^ 3 .*likely problem .*fix date ", run.out, re.MULTILINE)
    assert run.err.startswith("1 claim that match the filters seen: 1 shown")


@pytest.mark.usefixtures("assessed")
def test_show_says_why(verify):
    """The verdict, its cue, the claim's words in brackets, the passage and the legend; what comes next stands at the top."""
    out = " ".join(verify("show", "3").out.split())

    assert "Needs a person: likely problem, unverified Next: fix date (compare the dates: claim and source give different ones)" in out
    assert (
        "What the machine points at (it suggests; a person decides) likely problem (0.09) against [4] Northern front, a chronology; embedded 1,"
        in out
    )
    assert (
        "the claim says “8 December”, the passage “7 December” (date) Homs went in the night before [8] December, and with it the motorway that "
        "joined the capital to the ports. “Homs goes in the night before 7 December, and with it the motorway that joins the capital to the ports.”"
    ) in out
    assert "[absent] {weak}: words of the claim that no passage has, or only in part" in out
    assert "assessed are the words that the citation covers: another force was seen near Adra," in " ".join(verify("show", "7").out.split())


@pytest.mark.usefixtures("assessed")
def test_show_in_colours(verify, monkeypatch):
    """Words are coloured and underlined, not bracketed, and no line is longer for it."""
    monkeypatch.setattr("verify.cli.machine.colours", lambda: True)
    out = verify("show", "3").out

    assert "\x1b[31m\x1b[1m\x1b[4m8\x1b[0m" in out
    assert "[8]" not in out
    assert "words: \x1b[32mheld up by a passage\x1b[0m, \x1b[33m\x1b[4mweak\x1b[0m, \x1b[31m\x1b[1m\x1b[4mabsent\x1b[0m" in out
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in out.splitlines()) <= 100
    assert "Homs went in the night before 8 December, and with it the motorway" in re.sub(r"\x1b\[\d+m", "", out)


@pytest.mark.usefixtures("assessed")
def test_a_decision_settles_it(verify):
    """Then it is on no list; the machine's word stays beside it, and comes back when the decision is stale."""
    verify("decide", "3", "disputed", "--note", "the chronology has the night before")

    assert verify("list", "--likely-problem", "--json").data["claims"] == []
    assert [3] == [claim["id"] for claim in verify("list", "--likely-problem", "--all", "--json").data["claims"]]
    assert "likely problem" in verify("show", "3").out


@pytest.mark.usefixtures("assessed")
def test_blind_hides_what_the_machine_says(verify):
    """Neither words nor scores nor that it was asked, until one's own decision stands."""
    blind = verify("show", "3", "--blind")
    data = verify("show", "3", "--blind", "--json").data

    assert re.search(r"machine|likely|assess|7 December", blind.out) is None
    assert ([], "decide", ["unverified"]) == (data["assessments"], data["next_action"], data["reasons"])
    assert {event["action"] for event in data["history"]} == {"source.attached"}
    assert "and so is what the machine says" in blind.err
    assert verify("list", "--blind", "--likely-problem").code == 2
    assert "--likely-problem is what the machine says" in verify("list", "--blind", "--likely-problem").err
    assert all("likely problem" not in claim["reasons"] for claim in verify("list", "--blind", "--json").data["claims"])


@pytest.mark.usefixtures("assessed")
def test_the_report_carries_it(verify):
    """As Markdown and as JSON; the walk of a beginner ends here."""
    verify("decide", "3", "failed_verification", "--note", "the chronology has the night before 7 December")
    report = verify("report").out
    held = json.loads(verify("report", "-f", "json").out)

    assert "| likely problem | a passage says nearly the same, with something else in one place | 1 | 1 |" in report
    assert "**failed verification**" in report
    assert "Machine: **likely problem** (0.09)" in report
    assert ["fix number"] == [claim["next_action"] for claim in held["claims"] if claim["id"] == 6]
    assert verify("trail", "verify").code == 0


@pytest.mark.usefixtures("assessed")
def test_a_text_that_changed_is_told(verify, sample, desk):
    """The assessment stays and says that it was made on another text, until the next one."""
    text = (sample / "fall-of-damascus.txt").read_text(encoding="utf-8")
    (desk / "fall-of-damascus.txt").write_text(text.replace("before 8 December", "before 7 December"), encoding="utf-8")
    verify("ingest", desk / "fall-of-damascus.txt", "--as", "fall-of-damascus")
    shown = " ".join(verify("show", "3").out.split())
    again = verify("assess")

    assert "assessed on another text: the claim read otherwise since" in shown
    assert ["3"] == [line.split(":")[0] for line in again.out.splitlines()]
    assert "likely problem" not in again.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "there is no document 'nothing', and it is no claim id; `verify documents` lists the names"),
        (["99"], "there is no claim 99"),
        (["--scorer", "nobody"], "there is no scorer 'nobody'; there are: embedded"),
        (["--pairs", "x", "3"], "--pairs reads a file, and no claims of the ledger"),
        (["--limit", "0"], "0 is not in the range x>=1"),
    ],
)
@pytest.mark.usefixtures("held_sample")
def test_wrong_usage(verify, arguments, told):
    run = verify("assess", *arguments)

    assert (run.code, run.out) == (2, "")
    assert told in run.err


def test_without_a_ledger(verify):
    assert verify("assess").code == 3


@pytest.mark.usefixtures("held_sample")
def test_nothing_to_assess(verify, events):
    """No source has a text yet: told, and no event is written."""
    run = verify("assess")

    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines()[-1].startswith("14 claims left out: no text of a source is held")
    assert ["document.ingested"] == [event.action for event in events()]


@pytest.mark.usefixtures("attached")
def test_several_documents_are_named_or_all(verify, desk):
    (desk / "other.txt").write_text("It rained.[1]\n", encoding="utf-8")
    verify("ingest", desk / "other.txt")

    assert "2 documents are held; name one" in verify("assess").err
    assert len(verify("assess", "--every-document").out.splitlines()) == 10
    assert verify("assess", "other").err.splitlines()[-1].startswith("1 claim left out")


@pytest.mark.usefixtures("attached")
def test_a_limit(verify):
    run = verify("assess", "--limit", "2")

    assert ["1", "2"] == [line.split(":")[0] for line in run.out.splitlines()]
    assert run.err.splitlines()[-1] == "7 claims not looked at: stopped at --limit"
    assert [PROBLEM] == verify("assess", "--limit", "1").out.splitlines()


def test_hostile_texts_reach_no_terminal(verify, desk):
    """Neither those of the document nor those of the source, in any of the three commands."""
    (desk / "d.txt").write_text(f"The bridge {ESCAPE} was opened in 1982.[1]\n", encoding="utf-8")
    (desk / "s.txt").write_text(f"The bridge {ESCAPE} was opened in 1998.\n", encoding="utf-8")
    verify("ingest", desk / "d.txt")
    verify("attach", ":1", desk / "s.txt", "--title", f"Title {ESCAPE}")
    runs = [verify("assess"), verify("show", "1"), verify("list"), verify("list", "--likely-problem")]

    assert "likely problem" in runs[0].out
    assert [] == [c for run in runs for c in run.out + run.err if c in "\x1b\u202e"]
    assert "\\x1b[31m\\u202eevil" in runs[1].out
