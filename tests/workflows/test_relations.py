"""What people did on a claim follows it to what it became: to both sides of a split, and from both sides of a merger."""

import pytest

from verify.model import RelationKind, Status
from verify.store import claims, documents, trail
from verify.workflows.attach import Attachment, attach
from verify.workflows.clock import now
from verify.workflows.decide import Role, decide, undo
from verify.workflows.flag import flag, unflag
from verify.workflows.relations import follow_relations

SPLIT, MERGED, ALIKE = RelationKind


@pytest.fixture
def page(ledger, take, tmp_path):
    """Four claims; the first has a decision, a source of its own with a quote, one through its number, and a flag."""
    take("It rained all day.[1] It snowed at night.[2] It froze.[1] It thawed.\n", name="page")
    (tmp_path / "saved.txt").write_text("It did rain in May.")
    attach(ledger, Attachment("1", str(tmp_path / "saved.txt"), quotes=("rain in May",), title="Notes"), reviewer="ann")
    attach(ledger, Attachment(":1", "https://example.org/a"), reviewer="ann")
    decide(ledger, [1], Status.VERIFIED, reviewer="ann", note="read")
    flag(ledger, [1], reason="odd", reviewer="bea")


@pytest.fixture
def follow(ledger):
    """Let claims become others in the current revision; give the dossiers of all claims."""

    def followed(*related):
        with ledger.write() as connection:
            revision = documents.current_revision(connection, 1)
            follow_relations(connection, revision.id, related)
            trail.append(connection, at=now(), reviewer="ann", action="test.written", subject="test", payload={})
            return {each.id: each for each in claims.dossiers(connection, claims.ClaimQuery(absent=None))}

    return followed


def _work(dossier):
    """What people did on a claim, in short: decisions, own sources with their quotes, and open flags of persons."""
    said = [(d.status, d.reviewer, d.note, d.carried_from) for d in dossier.decisions]
    own = [(link.source.title, link.reviewer, [quote.quote.exact for quote in link.evidence]) for link in dossier.links if not link.label]
    return said, own, [(f.reason, f.reviewer) for f in dossier.open_flags]


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("kind", [SPLIT, MERGED])
def test_work_follows(follow, kind):
    """All of it, as it was made and by whom; the decision is stale there, and nothing is taken from the claim that it was made on."""
    found = follow((kind, 4, 1))
    own, flags = [("Notes", "ann", ["rain in May"])], [("odd", "bea")]

    assert ([(Status.VERIFIED, "ann", "read", None)], own, flags) == _work(found[1])
    assert ([(Status.VERIFIED, "ann", "read", 1)], own, flags) == _work(found[4])
    assert (Status.VERIFIED, True, Status.VERIFIED, False) == (found[4].status, found[4].stale, found[1].status, found[1].stale)
    assert ([(kind, 4, 1, 1)],) * 2 == tuple([(r.kind, r.claim_id, r.other_id, r.sequence) for r in found[n].relations] for n in (1, 4))
    assert ([], [], []) == _work(found[2])


@pytest.mark.usefixtures("page")
def test_likeness_moves_nothing(follow):
    """It is told on both sides; which is which is for a person to say."""
    found = follow((ALIKE, 4, 1))

    assert ([], [], []) == _work(found[4])
    assert (ALIKE,) == tuple(r.kind for r in found[4].relations) == tuple(r.kind for r in found[1].relations)


@pytest.mark.usefixtures("page")
def test_once_is_enough(follow):
    """A relation that is found again, by another reading of the same revision, brings nothing twice."""
    once = follow((SPLIT, 4, 1))

    assert _work(once[4]) == _work(follow((SPLIT, 4, 1))[4])


@pytest.mark.usefixtures("page")
def test_a_relation_found_again_does_not_undo_a_person(ledger, follow):
    """What somebody took back or resolved on the new side stays so, when the same revision is read again."""
    follow((SPLIT, 4, 1))
    undo(ledger, reviewer="cyd", claim_id=4)
    unflag(ledger, 4, reviewer="cyd")
    found = follow((SPLIT, 4, 1))

    assert (Status.UNVERIFIED, ()) == (found[4].status, found[4].open_flags)


@pytest.mark.usefixtures("page")
def test_own_decision_is_not_replaced(ledger, follow):
    """A claim that was decided on keeps what was said of it; sources and flags come all the same."""
    decide(ledger, [4], Status.NOT_A_CLAIM, reviewer="cyd")
    found = follow((MERGED, 4, 1))

    assert [(Status.NOT_A_CLAIM, "cyd", "", None)] == _work(found[4])[0]
    assert _work(found[1])[1:] == _work(found[4])[1:]


@pytest.mark.usefixtures("page")
def test_merger_of_two(ledger, follow, tmp_path):
    """One decision comes, of the first that has one; the sources of both."""
    (tmp_path / "other.txt").write_text("Snow.")
    attach(ledger, Attachment("2", str(tmp_path / "other.txt"), title="Other"), reviewer="ann")
    decide(ledger, [2], Status.DISPUTED, reviewer="bea")
    found = follow((MERGED, 4, 3), (MERGED, 4, 1), (MERGED, 4, 2))

    assert [(Status.VERIFIED, 1)] == [(d.status, d.carried_from) for d in found[4].decisions]
    assert ["Notes", "Other"] == [link.source.title for link in found[4].links]


@pytest.mark.usefixtures("page")
def test_second_opinions_follow(ledger, follow):
    """A dispute is one on both sides, until it is settled there."""
    decide(ledger, [1], Status.FAILED_VERIFICATION, reviewer="bea", role=Role.SECOND)
    found = follow((SPLIT, 4, 1))

    assert (Status.DISPUTED, Status.DISPUTED, True) == (found[1].status, found[4].status, found[4].disagreement)
    [settled] = decide(ledger, [4], Status.VERIFIED, reviewer="cyd", note="read both", role=Role.SETTLING)
    assert (Status.DISPUTED, Status.VERIFIED) == (settled.before, settled.after)
