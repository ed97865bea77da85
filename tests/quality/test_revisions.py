"""Floors under what is kept through revisions, on chains made of real articles that nothing was chosen on; lowering one is a visible, reasoned change.

Measured when the floors were set, at 5, 20 and 50 % of the sentences edited a revision: stayed 1.0, 1.0, .9994; edited 1.0, .981, .986; citations
1.0, .990, .997; no id on another sentence. `tests/benchmarks/revisions.py` measures more of them.
"""

import pytest
from revision_chains import HELD_OUT, measure
from revision_edits import EDITED, STAYED

from verify.readers import read

RATES = (5, 20, 50)
SEED = 101


@pytest.fixture(scope="module")
def tallies(shared):
    """How the chains of each rate came out."""
    folder = shared / "data" / "extraction"
    drafts = [(name, read((folder / f"{name}.trailing.txt").read_bytes(), format="text")) for name in HELD_OUT]
    return {rate: measure(drafts, rate, SEED) for rate in RATES}


@pytest.mark.parametrize("rate", RATES)
def test_what_stayed_keeps_its_id(tallies, rate):
    """Untouched and moved sentences are the claims that they were."""
    assert tallies[rate].share(*STAYED) >= 0.995
    assert sum(tallies[rate].seen[kind] for kind in STAYED) > 1500


@pytest.mark.parametrize("rate", RATES)
def test_what_was_edited_is_found(tallies, rate):
    """A sentence with other words, numbers or signs goes on as the claim that it was."""
    assert tallies[rate].share(*EDITED) >= 0.97
    assert sum(tallies[rate].seen[kind] for kind in EDITED) > 60


@pytest.mark.parametrize("rate", RATES)
def test_no_id_hangs_on_another_sentence(tallies, rate):
    """What was put in is new, what was taken out is gone, and neither is the other."""
    assert [] == tallies[rate].astray
    assert tallies[rate].share("inserted", "removed") >= 0.99
    assert tallies[rate].seen["inserted"] > 10


def test_splits_and_mergers_are_followed_to_both_sides(tallies):
    """Of all of them together, for there are few."""
    right = sum(tally.right[kind] for tally in tallies.values() for kind in ("split", "merged"))
    seen = sum(tally.seen[kind] for tally in tallies.values() for kind in ("split", "merged"))

    assert seen > 60
    assert right / seen >= 0.97


@pytest.mark.parametrize("rate", RATES)
def test_citations_follow_their_references(tallies, rate):
    """Whatever number they have now."""
    assert tallies[rate].share("citation") >= 0.985
    assert tallies[rate].seen["citation"] > 700


@pytest.mark.parametrize("rate", RATES)
def test_nearly_every_sentence_was_judged(tallies, rate):
    """What is not read as one claim is not judged, and must not hide what went wrong."""
    judged = sum(count for kind, count in tallies[rate].seen.items() if not kind.startswith(("reference", "citation")))

    assert tallies[rate].unread < judged * 0.06
