"""`verify next`, `assign`, `skip` and `release`, as their users meet them."""

import re

import pytest

pytestmark = pytest.mark.usefixtures("held_sample")

TAGGED, UNCITED = 4, 9
"""The two claims of the sample that come before the others, in this order."""


def next_id(verify, *options):
    run = verify("next", "--json", *options)
    assert run.code == 0
    return run.data["id"] if run.out else None


def test_next_shows_the_claim_and_whose_it_is(verify):
    """As `show` does, with the lease on it; on stderr until when, and what to do with it."""
    run = verify("next", "--lease", "2h")
    lines = run.out.splitlines()

    assert (0, "Claim 4 · unverified · fall-of-damascus, sentence 4") == (run.code, lines[0])
    assert "  Needs a person: tagged, unverified" in lines
    assert re.search(r"^  Held by ann until \d{4}-\d\d-\d\d \d\d:\d\d$", run.out, re.MULTILINE)
    assert re.fullmatch(r"claim 4 is yours until \d{4}-\d\d-\d\d \d\d:\d\d UTC, ann: decide, skip or release it\n", run.err)
    assert run.out == verify("show", 4).out


def test_next_as_json(verify):
    """What `show --json` prints, with who has it until when."""
    handed = verify("next", "--json").data

    assert (TAGGED, "ann", "1") == (handed["id"], handed["leased_to"], handed["schema_version"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", handed["leased_until"])
    assert verify("show", TAGGED, "--json").data == handed


def test_next_again_is_the_same_until_it_is_done(verify):
    """A decision, a skip and a release each let go of it; the last gives it to others and, after them, to oneself again."""
    assert [TAGGED, TAGGED] == [next_id(verify), next_id(verify)]
    verify("decide", TAGGED, "verified")
    assert UNCITED == next_id(verify)
    verify("skip", UNCITED)
    assert 1 == next_id(verify)
    verify("release")
    assert [1, UNCITED] == [next_id(verify), next_id(verify, "--as", "bob")]
    assert "Held by" not in verify("show", TAGGED).out


def test_peek(verify):
    """The next so many, in order and without a lease, as a table and as JSON."""
    table = verify("next", "--peek", 3)
    data = verify("next", "--peek", 3, "--json").data

    assert [TAGGED, UNCITED, 1] == [claim["id"] for claim in data["claims"]]
    assert [TAGGED, UNCITED, 1] == [int(n) for n in re.findall(r"^ {1,2}(\d+) ", table.out, re.MULTILINE)]
    assert "3 claims would be handed to ann, in this order\n" == table.err
    assert 1 == len(verify("trail", "list", "-f", "jsonl").objects)
    assert "would be handed to bob" in verify("next", "--peek", 1, "--as", "bob").err


def test_nothing_left(verify):
    """Said on stderr; nothing stands on stdout, and it is no failure."""
    verify("decide", *range(1, 15), "verified")
    runs = [verify("next"), verify("next", "--json"), verify("next", "--second")]
    peek = verify("next", "--peek", 2)

    assert [(0, "")] * 3 == [(run.code, run.out) for run in runs]
    assert "nothing is left that you could be handed: every claim is settled, is held by others, or was passed over by you\n" == runs[0].err
    assert "every claim has a second opinion, is your own, is held by others, or was passed over by you" in runs[2].err
    assert (0, "", "0 claims would be handed to ann, in this order\n") == (peek.code, peek.out, peek.err)


def test_assigned_claim(verify):
    """It is the assignee's next, nobody else's, and `show` says so."""
    run = verify("assign", 12, 3, "--to", " bob ", "--note", "you know banks")

    assert (0, "claims 12, 3 assigned to bob\n") == (run.code, run.out)
    assert "  Assigned to bob by ann: you know banks\n" in verify("show", 12).out
    assert ("bob", "ann") == tuple(verify("show", 3, "--json").data[key] for key in ("assigned_to", "assigned_by"))
    assert [3, 3, TAGGED] == [next_id(verify, "--as", "bob"), next_id(verify, "--as", "bob"), next_id(verify)]
    assert not {3, 12} & {claim["id"] for claim in verify("next", "--peek", 20, "--json").data["claims"]}


def test_skip_and_release_say_what_they_did(verify):
    """By number, and without one for all that is leased."""
    next_id(verify)
    skipped = verify("skip", TAGGED, "#1", "--reason", "my own words")
    released = verify("release", 1)
    nothing = verify("release")
    next_id(verify, "--as", "bob")
    others = verify("release", "--whose", "bob")

    assert ["claims 4, 1 passed over\n", "claim 1 released\n", "no claim was held\n", "claim 4 released\n"] == [
        run.out for run in (skipped, released, nothing, others)
    ]
    assert ["claim.leased", "claim.skipped", "claim.skipped", "claims.released", "claim.leased", "claims.released"] == [
        event["action"] for event in verify("trail", "list", "--after", 1, "-f", "jsonl").objects
    ]
    assert 0 == verify("trail", "verify").code


@pytest.mark.parametrize("how", ["environment", "file"])
def test_weights_come_from_the_settings(verify, desk, monkeypatch, how):
    if how == "environment":
        monkeypatch.setenv("VERIFY_QUEUE", "tagged=0, uncited=1")
    else:
        (desk / "verify.toml").write_text('queue = "tagged=0, uncited=1"\n')

    assert UNCITED == next_id(verify)


REFUSED = [
    (["next", "--lease", "soon"], "'soon' is no duration: write 45s, 30m, 2h or 1d"),
    (["next", "--lease", "0m"], "'0m' is no duration"),
    (["next", "--peek", "0"], "0 is not in the range x>=1"),
    (["next", "-d", "no such"], "there is no document 'no such'; held: fall-of-damascus"),
    (["next", "--peek", "1", "-d", "no such"], "there is no document 'no such'"),
    (["assign", "1"], "Missing option '--to'"),
    (["assign", "1", "--to", " "], "an assignment needs a reviewer: --to NAME"),
    (["assign", "1", "99", "--to", "bob"], "there is no claim 99; `verify list --all` shows the ids"),
    (["assign", ":3", "--to", "bob"], "':3' is no claim id"),
    (["skip", "99"], "there is no claim 99"),
    (["skip", "99999999999999999"], "there is no claim 99999999999999999"),
    (["skip"], "Missing argument 'CLAIM...'"),
    (["release", "1"], "ann does not hold claim 1; --whose NAME releases another reviewer's"),
    (["release", "99999999999999999"], "ann does not hold claim 99999999999999999"),
]


@pytest.mark.parametrize(("arguments", "told"), REFUSED, ids=[" ".join(arguments) for arguments, _ in REFUSED])
def test_what_makes_no_sense(verify, events, arguments, told):
    """One to three lines, exit code 2, and nothing is written."""
    run = verify(*arguments)

    assert (2, "") == (run.code, run.out)
    assert told in run.err
    assert len(run.err.splitlines()) <= 3
    assert 1 == len(events())


def test_weights_that_make_no_sense(verify, monkeypatch):
    monkeypatch.setenv("VERIFY_QUEUE", "urgent=1")
    run = verify("next")

    assert (2, "") == (run.code, run.out)
    assert run.err.startswith("verify: 'urgent=1' is no weight of the queue; they are: tagged=NUMBER, flagged=NUMBER, ")


def test_without_a_ledger(verify, desk):
    """As every command that reads."""
    (desk / "verify.db").unlink()
    for arguments in (["next"], ["next", "--peek", 1], ["assign", 1, "--to", "bob"], ["skip", 1], ["release"]):
        run = verify(*arguments)

        assert (3, "", "verify: no ledger at verify.db yet: `verify ingest FILE` makes one\n") == (run.code, run.out, run.err)


def test_names_of_reviewers_are_text(verify):
    """What would steer a terminal is spelled out, wherever a name is shown."""
    verify("assign", 1, "--to", "\x1b[31mbob\u202e", "--note", "\x1b]0;x\x07")
    out = verify("show", 1).out + verify("next", "--as", "\x1b[31mbob\u202e").err

    assert not set("\x1b\x07\u202e") & set(out)
