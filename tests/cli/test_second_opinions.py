"""Two reviewers on one claim: second opinions, disputes and their settling, and looking blind."""

import pytest

pytestmark = pytest.mark.usefixtures("held_sample")


@pytest.fixture
def first(verify, held_sample):  # noqa: ARG001 - one after the other
    """Ann has verified claims 1 and 2."""
    assert verify("decide", 1, 2, "verified", "--as", "ann").code == 0


@pytest.fixture
def dispute(verify, first):  # noqa: ARG001 - one after the other
    """And bob says otherwise of claim 1."""
    assert verify("decide", 1, "failed_verification", "--second", "--as", "bob", "--note", "page 3 says otherwise").code == 0


def shown(verify, claim=1, *options):
    return verify("show", claim, "--json", *options).data


def listed(verify, *options):
    return [claim["id"] for claim in verify("list", "--json", *options).data["claims"]]


@pytest.mark.usefixtures("first")
def test_second_opinion_that_agrees(verify, events):
    """It stands beside the first, changes nothing, and no further one is asked for."""
    before = listed(verify, "--needs-second")
    run = verify("decide", 1, "verified", "--second", "--as", "bob")

    assert ([1, 2], [2]) == (before, listed(verify, "--needs-second"))
    assert "claim 1: verified -> verified, by bob\n" == run.out
    assert ("verified", False, False, []) == tuple(shown(verify)[key] for key in ("status", "disagreement", "needs_second", "reasons"))
    assert "second opinion on 1: verified" in verify("show", 1).out
    assert ["decision.made", "decision.made", "decision.seconded"] == [event.action for event in events()][1:]


@pytest.mark.usefixtures("dispute")
def test_second_opinion_that_differs(verify):
    """The claim is disputed, and back on the list with the reason."""
    claim = shown(verify)
    row = next(line for line in verify("list").out.splitlines() if line.split()[:1] == ["1"])

    assert ("disputed", True, False) == tuple(claim[key] for key in ("status", "disagreement", "needs_second"))
    assert "reviewers disagree" in claim["reasons"]
    assert "disputed" in row
    assert [("ann", "verified"), ("bob", "failed_verification")] == [(d["reviewer"], d["status"]) for d in claim["decisions"]]
    assert "second opinion on 1: failed verification - page 3 says otherwise" in verify("show", 1).out


@pytest.mark.usefixtures("first")
def test_what_the_second_says_is_told(verify):
    """Where the claim's status is another than the opinion, both are printed."""
    run = verify("decide", 1, "unverifiable", "--second", "--as", "bob", "--note", "no source is left")

    assert "claim 1: verified -> disputed, by bob (bob says unverifiable)\n" == run.out


@pytest.mark.usefixtures("dispute")
def test_third_opinion(verify):
    """Any number of reviewers may look; one who differs is enough for a dispute."""
    run = verify("decide", 1, "verified", "--second", "--as", "carl")

    assert "claim 1: disputed -> disputed, by carl (carl says verified)\n" == run.out
    assert 3 == len(shown(verify)["decisions"])


@pytest.mark.usefixtures("dispute")
def test_settling(verify, events):
    """Anybody may, with a note; then it is decided, and needs no further look."""
    run = verify("decide", 1, "partially_verified", "--adjudicate", "--note", "both are right in part", "--as", "carl")
    claim = shown(verify)

    assert "claim 1: disputed -> partially_verified, by carl\n" == run.out
    assert ("partially_verified", False, False, []) == tuple(claim[key] for key in ("status", "disagreement", "needs_second", "reasons"))
    assert "settles the dispute on 1: partially verified - both are right in part" in " ".join(verify("show", 1).out.split())
    assert [2] == listed(verify, "--needs-second")
    assert "decision.settled" == events()[-1].action


REFUSED = [
    (["decide", "3", "verified", "--second"], "nobody decided on claim 3 yet: leave --second out"),
    (["decide", "2", "disputed", "--second"], "ann has decided on claim 2 already: a second opinion is another reviewer's (--as NAME)"),
    (["decide", "1", "verified", "--second", "--as", "bob"], "bob has decided on claim 1 already"),
    (["decide", "2", "1", "verified", "--second", "--as", "bob"], "bob has decided on claim 1 already"),
    (
        ["decide", "1", "verified"],
        "reviewers disagree on claim 1 (ann: verified, bob: failed_verification): settle it with --adjudicate and --note TEXT",
    ),
    (["decide", "2", "1", "verified", "--as", "carl"], "reviewers disagree on claim 1"),
    (["decide", "1", "verified", "--adjudicate"], "to settle a dispute takes a reason: add --note TEXT"),
    (["decide", "1", "verified", "--adjudicate", "--note", " "], "to settle a dispute takes a reason: add --note TEXT"),
    (["decide", "2", "verified", "--adjudicate", "--note", "x"], "there is no dispute on claim 2 to settle: leave --adjudicate out"),
    (["decide", "3", "verified", "--adjudicate", "--note", "x"], "there is no dispute on claim 3 to settle: leave --adjudicate out"),
    (["decide", "1", "verified", "--second", "--adjudicate", "--note", "x"], "--second gives an opinion, --adjudicate settles between two"),
    (["decide", "2", "unverifiable", "--second", "--as", "bob"], "unverifiable needs its reason: add --note TEXT"),
]


@pytest.mark.parametrize(("arguments", "told"), REFUSED, ids=[" ".join(arguments) for arguments, _ in REFUSED])
@pytest.mark.usefixtures("dispute")
def test_opinions_that_do_not_fit(verify, events, arguments, told):
    """Told in one line, and nothing is written, on no claim of several."""
    before = len(events())
    run = verify(*arguments)

    assert (2, "", before) == (run.code, run.out, len(events()))
    assert told in run.err


def test_second_opinion_on_a_stale_decision(verify, sample):
    """There is nothing left to agree with: it takes a new decision, which stands on what is there now."""
    source = str(sample / "sources" / "southern-groups.txt")
    verify("attach", 5, source)
    verify("decide", 5, "verified", "--as", "ann")
    verify("detach", 5, source)
    refused = verify("decide", 5, "verified", "--second", "--as", "bob")
    listed_before = listed(verify, "--needs-second")
    anew = verify("decide", 5, "verified", "--as", "bob")

    assert 2 == refused.code
    assert refused.err.startswith("verify: the decision on claim 5 is stale (a source was taken off (sha256:")
    assert refused.err.endswith("): decide anew, without --second\n")
    assert ([], 0, [5]) == (listed_before, anew.code, listed(verify, "--needs-second"))


@pytest.mark.usefixtures("dispute")
def test_undo_goes_back_step_by_step(verify):
    """A settlement taken back leaves the dispute, a second opinion the first; a first taken back takes its second with it."""
    verify("decide", 1, "not_a_claim", "--adjudicate", "--note", "it asserts nothing", "--as", "carl")
    steps = [shown(verify)["status"]]
    for _ in range(2):
        verify("undo", 1)
        steps.append(shown(verify)["status"])
    verify("decide", 1, "disputed", "--second", "--as", "bob")
    both = shown(verify)["status"]
    verify("undo", 1)
    verify("undo", 1)

    assert ["not_a_claim", "disputed", "verified"] == steps
    assert ("disputed", "unverified") == (both, shown(verify)["status"])
    assert 0 == verify("db", "check").code
    assert 0 == verify("trail", "verify").code


@pytest.mark.usefixtures("dispute")
def test_blind_show(verify):
    """Neither what others decided nor that they did, in words and as JSON, until one's own opinion stands."""
    blind = verify("show", 1, "--blind", "--as", "carl")
    data = shown(verify, 1, "--blind", "--as", "carl")

    assert "Claim 1 · unverified · " in blind.out
    assert "ann" not in blind.out.replace("another", "")
    assert "bob" not in blind.out
    assert "blind: what others decided is hidden until your own decision stands" in blind.err
    assert "decision" not in blind.err.replace("your own decision", "")
    assert ("unverified", [], False, False) == tuple(data[key] for key in ("status", "decisions", "disagreement", "needs_second"))
    assert [] == [event for event in data["history"] if event["action"].startswith("decision")]
    verify("decide", 1, "verified", "--second", "--as", "carl")
    assert shown(verify) == shown(verify, 1, "--blind", "--as", "carl")
    assert shown(verify) == shown(verify, 1, "--blind", "--as", "bob")


@pytest.mark.usefixtures("dispute")
def test_blind_list(verify):
    """What others settled is on the list of whoever looks blind, as if nobody had; one's own is not."""
    carls = {claim["id"]: claim for claim in verify("list", "--json", "--blind", "--as", "carl").data["claims"]}
    anns = listed(verify, "--blind", "--as", "ann")

    assert {"unverified"} == {claim["status"] for claim in carls.values()}
    assert set(range(1, 15)) == set(carls)
    assert ([1, *range(3, 15)], [*range(3, 15)]) == (anns, [n for n in listed(verify, "--as", "ann") if n != 1])
    assert [[], [2]] == [listed(verify, "--status", "verified", "--blind", "--as", who) for who in ("carl", "ann")]
    assert [2] == listed(verify, "--needs-second", "--blind", "--as", "carl")
    assert "disagree" not in verify("list", "--blind", "--as", "carl").out


@pytest.mark.usefixtures("first")
def test_blind_second_opinion_from_the_queue(verify):
    """Handed out, looked at and decided on without a glimpse of the first."""
    handed = verify("next", "--second", "--blind", "--json", "--as", "bob").data
    decided = verify("decide", handed["id"], "verified", "--second", "--as", "bob")

    assert (1, "unverified", [], "bob") == tuple(handed[key] for key in ("id", "status", "decisions", "leased_to"))
    assert 0 == decided.code
    assert "leased_to" not in shown(verify)
