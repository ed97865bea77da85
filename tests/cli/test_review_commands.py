"""`verify show`, `flag`, `unflag`, `decide` and `undo`: one claim, what is held on it, and what people say of it."""

import re
import subprocess

import pytest

from verify.model import Status


def status_of(verify, claim: int) -> str:
    return verify("show", claim, "--json").data["status"]


@pytest.mark.usefixtures("held_sample")
def test_show_is_the_whole_dossier(verify, sample):
    """Text, paragraph, citations with the words each covers, flags, sources, evidence, decisions and history stand on one page."""
    source = sample / "sources" / "southern-groups.txt"
    quote = "On 6 December they entered the city of Daraa without much of a fight"
    verify("attach", ":7", source, "--quote", quote, "--title", "Notes on the southern groups", "--locator", "line 4", "--note", "thin")
    verify("attach", "7", "https://example.org/adra")
    verify("flag", "7", "--reason", "two claims in one", "--as", "bea")
    verify("decide", "7", "partially_verified", "--note", "first half only", "--as", "carl")
    out = verify("show", "7").out

    for expected in (
        "Claim 7 · partially verified · fall-of-damascus, sentence 7",
        "Needs a person: flagged",
        "  As the southern columns came up to the ring road,[7] another force was seen near Adra,[9] where",
        "  [7] covers: As the southern columns came up to the ring road,",
        "  [9] covers: another force was seen near Adra,",
        "  review (bea, ",
        "): two claims in one",
        "  Notes on the southern groups -",
        "attached through [7] by",
        "    at line 4",
        "    thin",
        "  https://example.org/adra, attached to this claim by ann, ",
        "    its text is not held: never fetched",
        " carl: partially verified - first half only",
    ):
        assert expected in out
    assert f"“{quote}” (line 4) - exact at 237-305 of " in " ".join(out.split())
    assert ["Paragraph", "Citations", "Flags", "Sources", "Decisions", "History"] == re.findall(r"^[A-Z][a-z]+$", out, re.MULTILINE)
    assert ["source.attached", "source.attached", "claim.flagged", "decision.made"] == re.findall(
        r"^  \d+\. .*: (\S+\.\S+)$", out, re.MULTILINE
    )


@pytest.mark.usefixtures("held_sample")
def test_show_as_json(verify, sample):
    """The same, for programs: the covered words by offset, the selectors of the quote, and the trail's entries on the claim."""
    verify("attach", ":7", sample / "sources" / "southern-groups.txt", "--quote", "they entered the city of Daraa")
    verify("decide", "7", "verified")
    run = verify("show", "7", "--json")
    shown = run.data

    assert ("1", 7, "verified", ["7", "9"]) == (shown["schema_version"], shown["id"], shown["status"], shown["citations"])
    assert ["As the southern columns came up to the ring road,", "another force was seen near Adra,"] == [
        shown["text"][m["covers"]["start"] : m["covers"]["end"]] for m in shown["markers"]
    ]
    assert shown["paragraph_text"].startswith("As the southern columns came up to the ring road,[7] another")
    assert "they entered the city of Daraa" == shown["links"][0]["evidence"][0]["selectors"][0]["exact"]
    assert ["source.attached", "decision.made"] == [event["action"] for event in shown["history"]]
    assert verify("show", "7", "-f", "json").out == run.out
    assert "1 claim seen; 1 source, 1 quote, 1 decision held on it\n" == run.err


@pytest.mark.usefixtures("held_seed")
def test_show_says_what_is_not_there(verify):
    """A claim without citations says so, one that is covered says by what; a tag is named as found in the text."""
    assert "Citations\n  none\n" in verify("show", "13").out
    assert "citation needed (found in the text)" in verify("show", "2").out
    assert "  [20] covers: the whole claim\n  [21] covers: the whole claim\n" in verify("show", "4").out


def test_show_of_a_covered_claim_and_of_a_gone_one(verify, desk):
    """Both stay what they were, and say what became of them."""
    (desk / "page.txt").write_text("The first goes on. The second ends it.[1]\n")
    verify("ingest", "page.txt")
    covered = verify("show", "1").out
    verify("decide", "1", "verified")
    (desk / "page.txt").write_text("The second ends it.[1]\n")
    verify("ingest", "page.txt")
    gone = verify("show", "1").out

    assert "none of its own; a later citation of its paragraph follows it" in covered
    assert "It is gone from the document; this is what it said." in gone
    assert "stale: it is gone from the document since the last decision" in gone
    assert "revision.ingested" in gone


@pytest.mark.usefixtures("held_seed")
def test_flag_and_unflag(verify):
    """A person's flag lists a settled claim again; resolved, it stays on record with the note."""
    verify("decide", "1", "verified")
    raised = verify("flag", "1", "3", "1", "--reason", "odd  number", "--as", "bea")
    listed = verify("list", "--flag", "review", "--json").data["claims"]
    resolved = verify("unflag", "1", "--note", "looked it up")
    again = verify("unflag", "1")

    assert "claim 1 flagged by bea: odd number\nclaim 3 flagged by bea: odd number\n" == raised.out
    assert [(1, ["flagged", "no source"]), (3, ["flagged", "no source", "unverified"])] == [(c["id"], c["reasons"]) for c in listed]
    assert "claim 1: resolved review\n" == resolved.out
    assert re.search(r"review \(bea, .*\): odd number - resolved .* by ann: looked it up", " ".join(verify("show", "1").out.split()))
    assert (2, "verify: claim 1 has no such open flag\n") == (again.code, again.err)


@pytest.mark.usefixtures("held_seed")
def test_tag_is_resolved_by_its_name(verify):
    """`--flag` names a tag; without it only persons' flags are meant, and the open ones are named."""
    unnamed = verify("unflag", "2")
    named = verify("unflag", "2", "--flag", "citation needed", "--note", "found one")

    assert (2, "verify: claim 2 has no such open flag; open: citation needed (name it with --flag)\n") == (unnamed.code, unnamed.err)
    assert "claim 2: resolved citation needed\n" == named.out
    assert ["unverified"] == verify("show", "2", "--json").data["reasons"]


def test_tag_that_stays_resolved_when_the_file_is_read_again(verify, desk):
    """A person's word on a tag outlives a new revision; a tag that leaves the text is resolved by that."""
    page = desk / "page.txt"
    page.write_text("It is so.[citation needed] It was so.[citation needed] More.[1]\n")
    verify("ingest", page)
    verify("unflag", "1", "--flag", "citation needed")
    page.write_text("It is so.[citation needed] It was so. More.[1] Even more.[2]\n")
    verify("ingest", page)

    assert [[], [], [], []] == [claim["flags"] for claim in verify("list", "--all", "--json").data["claims"]]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.UNVERIFIED])
@pytest.mark.usefixtures("held_seed")
def test_every_status_can_be_decided(verify, status):
    """Each is stored and shown; hyphens and case do not matter."""
    spelled = status.replace("_", "-").title()
    run = verify("decide", "3", spelled, "--note", "because")

    assert f"claim 3: unverified -> {status}, by ann\n" == run.out
    assert "18 claims in 1 document: 1 decided, 17 not looked at\n" == run.err
    assert status == status_of(verify, 3)
    assert [3] == [claim["id"] for claim in verify("list", "--status", status, "--json").data["claims"]]


@pytest.mark.usefixtures("held_seed")
def test_unverifiable_needs_its_note(verify, events):
    """Without one it is refused, and nothing is written."""
    bare, blank = verify("decide", "3", "unverifiable"), verify("decide", "3", "unverifiable", "--note", "  ")

    assert [(2, "verify: unverifiable needs its reason: add --note TEXT\n")] * 2 == [(r.code, r.err) for r in (bare, blank)]
    assert ("unverified", 1) == (status_of(verify, 3), len(events()))


@pytest.mark.usefixtures("held_seed")
def test_unverified_is_no_decision(verify):
    """It is where a claim starts; the message names the way back."""
    assert "verify: unverified is where a claim starts; `verify undo` takes a decision back\n" == verify("decide", "3", "unverified").err


@pytest.mark.usefixtures("held_seed")
def test_near_misses_of_a_status_are_named(verify):
    """The one that was probably meant stands first."""
    run = verify("decide", "3", "verifed")

    assert 2 == run.code
    assert run.err.startswith("verify: unknown status 'verifed'; did you mean verified? there are: verified, partially_verified,")


@pytest.mark.usefixtures("held_seed")
def test_several_claims_at_once_all_or_none(verify, events):
    """One unknown id among them, and nothing is decided; an id named twice is decided once."""
    refused = verify("decide", "1", "2", "99", "verified")
    taken = verify("decide", "1", "2", "1", "#3", "verified")

    assert (2, "verify: there is no claim 99; `verify list --all` shows the ids\n", "") == (refused.code, refused.err, refused.out)
    assert [f"claim {n}: unverified -> verified, by ann" for n in (1, 2, 3)] == taken.out.splitlines()
    assert 1 + 3 == len(events())


@pytest.mark.usefixtures("held_seed")
def test_decision_supersedes_and_undo_takes_back(verify):
    """Every decision stays on record; an undo is an entry of its own, and is itself never undone."""
    verify("decide", "5", "verified", "--note", "page 3")
    verify("decide", "5", "disputed", "--note", "page 4 says otherwise", "--as", "bea")
    first = verify("undo", "5", "--note", "misread")
    after_one = status_of(verify, 5)
    second = verify("undo", "5")
    third = verify("undo", "5")
    decisions = verify("show", "5", "--json").data["decisions"]
    out = verify("show", "5").out

    assert "claim 5: disputed taken back, now verified, by ann\n" == first.out
    assert "verified" == after_one
    assert "claim 5: verified taken back, now unverified, by ann\n" == second.out
    assert (2, "verify: there is no decision to take back on claim 5\n") == (third.code, third.err)
    assert [("verified", None), ("disputed", None), ("verified", 2), ("unverified", 1)] == [(d["status"], d["undoes"]) for d in decisions]
    assert "bea: disputed - page 4 says otherwise" in out
    assert "ann: took decision 2 back, so again verified - misread" in out
    assert "unverified" == status_of(verify, 5)


@pytest.mark.usefixtures("held_seed")
def test_undo_of_the_ledger_takes_the_last_one(verify):
    """Without a claim the last decision anywhere goes, step by step back to none."""
    for claim, status in ((4, "verified"), (9, "disputed"), (4, "failed_verification")):
        verify("decide", claim, status)
    undone = [verify("undo") for _ in range(4)]

    assert [
        "claim 4: failed_verification taken back, now verified, by ann\n",
        "claim 9: disputed taken back, now unverified, by ann\n",
        "claim 4: verified taken back, now unverified, by ann\n",
        "",
    ] == [run.out for run in undone]
    assert [0, 0, 0, 2] == [run.code for run in undone]
    assert "verify: there is no decision to take back\n" == undone[-1].err


@pytest.mark.usefixtures("held_seed")
def test_undone_decision_can_be_made_again(verify):
    """After an undo a new decision stands."""
    for command in (("decide", "5", "verified"), ("undo",), ("decide", "5", "verified")):
        assert 0 == verify(*command).code

    assert "verified" == status_of(verify, 5)


def decided_by(verify, claim: int) -> str:
    return verify("show", claim, "--json").data["decisions"][-1]["reviewer"]


@pytest.mark.usefixtures("held_seed")
def test_reviewer_is_the_first_one_named(verify, desk, monkeypatch):
    """`--as`, then VERIFY_REVIEWER, then the project's setting, then git's user, then the system's; blanks name nobody."""
    verify("decide", "1", "verified", "--as", "  Bea   B. ")
    verify("decide", "2", "verified", "--as", "  ")
    monkeypatch.setenv("VERIFY_REVIEWER", " ")
    (desk / "verify.toml").write_text('reviewer = "Carl"\n')
    verify("decide", "3", "verified")
    (desk / "verify.toml").unlink()
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.name", "Dora Git"], check=True)
    monkeypatch.delenv("VERIFY_REVIEWER")
    verify("decide", "4", "verified")
    subprocess.run(["git", "config", "--unset", "user.name"], check=True)
    for key in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(key, "eve")
    verify("decide", "5", "verified")

    assert ["Bea B.", "ann", "Carl", "Dora Git", "eve"] == [decided_by(verify, n) for n in range(1, 6)]


def test_stale_decision_says_what_changed(verify, desk):
    """A decision on other citations is stale until it is made again."""
    (desk / "page.txt").write_text("It is so.[1] And so.[2]\n")
    verify("ingest", "page.txt")
    verify("decide", "1", "verified")
    (desk / "page.txt").write_text("It is so.[3] And so.[2]\n")
    verify("ingest", "page.txt")
    stale = verify("show", "1")
    verify("decide", "1", "verified")

    assert "Claim 1 · verified (stale) · page, sentence 1" in stale.out
    assert "  stale: its citations changed since the last decision" in stale.out
    assert "Needs a person: stale, no source" in stale.out
    assert [] == verify("list", "--json", "--status", "verified").data["claims"][0]["reasons"]
