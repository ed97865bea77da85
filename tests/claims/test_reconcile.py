"""Claims of a new reading find the ones that the ledger holds: by exact text, told apart by their neighbours, never by guessing."""

from hypothesis import given
from hypothesis import strategies as st

from verify.claims.reconcile import reconcile
from verify.model import Claim


def claim(text, ordinal=1):
    return Claim(ordinal, text, 0, len(text), 0, len(text))


def held(*texts, absent=()):
    """What the ledger holds, with ids from 1; those in `absent` were missing from the last reading."""
    return [(number, claim(text), text in absent) for number, text in enumerate(texts, 1)]


def ids(reconciliation):
    return [claim_id for claim_id, _ in reconciliation.carried]


def matched(old, *texts):
    result = reconcile(old, [claim(text, ordinal) for ordinal, text in enumerate(texts, 1)])
    return ids(result), result.gone


def test_the_same_reading_again():
    """Every claim keeps its id."""
    assert ([1, 2, 3], ()) == matched(held("a", "b", "c"), "a", "b", "c")


def test_nothing_held():
    """A first reading is all new."""
    result = reconcile([], [claim("a"), claim("b")])

    assert ([None, None], (), 2) == (ids(result), result.gone, result.new)


def test_nothing_read():
    """A document without claims leaves none."""
    assert ([], (1, 2)) == matched(held("a", "b"))


def test_moved_claims_are_found():
    """A claim is itself wherever it moved."""
    assert ([3, 1, 2], ()) == matched(held("a", "b", "c"), "c", "a", "b")


def test_changed_claims_are_new():
    """Another wording is another claim here: the old one is gone, and a person sees both."""
    assert ([1, None, 3], (2,)) == matched(held("a", "b", "c"), "a", "B", "c")


def test_equal_sentences_are_told_apart_by_neighbours():
    """Like sentences that moved with their neighbours keep their own ids."""
    assert ([3, 4, 1, 2], ()) == matched(held("a", "same", "b", "same"), "b", "same", "a", "same")


def test_equal_sentences_in_equal_number_keep_their_order():
    """Where neighbours do not help but as many are there as before, the first is the first."""
    assert ([2, None, 4], (1, 3)) == matched(held("a", "same", "b", "same"), "same", "x", "same")


def test_an_added_double_leaves_both_open():
    """Two where one was, both among new neighbours: which is the old one cannot be known, so neither is."""
    assert ([None, None, None, None], (1, 2, 3)) == matched(held("a", "same", "b"), "x", "same", "same", "y")


def test_an_added_double_beside_old_neighbours():
    """The one that kept its neighbours is the old one; the added one is new."""
    assert ([1, 2, 3, None], ()) == matched(held("a", "same", "b"), "a", "same", "b", "same")


def test_a_removed_double():
    """One of two is left: it is the one that kept a neighbour."""
    assert ([2, 3, 4], (1,)) == matched(held("same", "same", "b", "c"), "same", "b", "c")


def test_neighbours_that_disagree_settle_nothing():
    """Where the claim before speaks for one and the claim after for the other, neither is re-attached."""
    assert ([1, None, 6], (2, 3, 4, 5)) == matched(held("a", "same", "x", "y", "same", "d"), "a", "same", "d")


def test_absent_claims_come_back():
    """A claim that was gone keeps its id when its words return; while it is away, it is not reported as gone again."""
    old = held("a", "b", "c", absent={"b"})

    assert ([1, 2, 3], ()) == matched(old, "a", "b", "c")
    assert ([1, 3], ()) == matched(old, "a", "c")


def test_present_claims_come_before_absent_ones():
    """Where a present and an absent claim have the same words, the present one is it."""
    old = [(1, claim("a"), True), (2, claim("a"), False)]

    assert ([2], ()) == matched(old, "a")


def test_a_second_one_wakes_the_absent_one():
    """With the present one matched by its neighbours, the absent one may return."""
    old = [(1, claim("x"), False), (2, claim("a"), False), (3, claim("a"), True)]

    assert ([1, 2, 3], ()) == matched(old, "x", "a", "a")


texts = st.lists(st.sampled_from("abcd"), max_size=8)
ledgers = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=8)


@given(ledgers, texts)
def test_what_always_holds(ledger, new):
    """Ids are carried once, to equal texts, in the order read; what was present is carried or gone, never both, never neither."""
    old = [(number, claim(text), absent) for number, (text, absent) in enumerate(ledger, 1)]
    read = [claim(text, ordinal) for ordinal, text in enumerate(new, 1)]
    result = reconcile(old, read)
    kept = [claim_id for claim_id in ids(result) if claim_id]
    present = {claim_id for claim_id, _, absent in old if not absent}

    assert read == [one for _, one in result.carried]
    assert len(set(kept)) == len(kept)
    assert all(ledger[claim_id - 1][0] == one.text for claim_id, one in result.carried if claim_id)
    assert present == set(result.gone) | (present & set(kept))
    assert not set(result.gone) & set(kept)
    assert len(read) - len(kept) == result.new


@given(st.lists(st.text(max_size=3), unique=True, max_size=8), st.randoms())
def test_distinct_claims_are_found_wherever_they_went(lines, random):
    """Where no two are alike, any shuffle carries every id to its own text."""
    order = random.sample(range(len(lines)), len(lines))

    assert ([n + 1 for n in order], ()) == matched(held(*lines), *(lines[n] for n in order))
