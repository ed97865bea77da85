"""Two revisions side by side: what stayed, changed, moved, came and went, each claim once."""

from hypothesis import given
from hypothesis import strategies as st

from verify.claims.compare import compare
from verify.model import BaselineState, ClaimRelation, RelationKind, Standing, Wording

NEW, UNCHANGED, UPDATED, ABSENT = BaselineState


def standing(claim_id, ordinal, text, labels=("1",), references=(1,)):
    return Standing(claim_id, ordinal, "", text, labels, references)


def document(*texts):
    return [standing(int(text[0]), n, text) for n, text in enumerate(texts, 1)]


def told(changes):
    return [(change.state.value, change.standing.text, change.moved) for change in changes]


def test_every_kind_of_change():
    """In the order of the later revision; what is gone follows the claim that it stood behind."""
    before = document("1 one", "2 two", "3 three", "4 four", "5 five")
    after = document("1 one", "6 six", "3 three, more", "5 five", "4 four")

    assert told(compare(before, after)) == [
        ("unchanged", "1 one", False),
        ("absent", "2 two", False),
        ("new", "6 six", False),
        ("updated", "3 three, more", False),
        ("unchanged", "5 five", True),
        ("unchanged", "4 four", False),
    ]


def test_what_was_at_the_head_is_gone_at_the_head():
    assert told(compare(document("1 one", "2 two"), document("2 two"))) == [("absent", "1 one", False), ("unchanged", "2 two", False)]


def test_words_are_marked_only_where_they_changed():
    (same, changed) = compare(document("1 one", "2 about 3,500 men"), document("1 one", "2 about 2,000 men"))

    assert same.words == ()
    assert [(w.kind, w.text.strip()) for w in changed.words if w.kind is not Wording.KEPT] == [
        (Wording.REMOVED, "3,500"),
        (Wording.ADDED, "2,000"),
    ]


def test_other_references_are_a_change_and_other_numbers_are_not():
    before = [standing(1, 1, "one", ("1",), (7,)), standing(2, 2, "two", ("2",), (8,))]
    after = [standing(1, 1, "one", ("2",), (7,)), standing(2, 2, "two", ("2",), (9,))]
    (renumbered, recited) = compare(before, after)

    assert (renumbered.state, renumbered.renumbered, renumbered.recited) == (UNCHANGED, True, False)
    assert (recited.state, recited.renumbered, recited.recited) == (UPDATED, False, True)


def test_relations_and_decisions_stand_with_both_claims():
    split = ClaimRelation(RelationKind.SPLIT, 2, 1, 2)
    (whole, part) = compare(document("1 one and two"), document("1 one", "2 two"), [split], frozenset({1}))

    assert (whole.relations, part.relations) == ((split,), (split,))
    assert (whole.decided, part.decided) == (True, False)


def test_nothing_against_nothing():
    assert compare([], []) == ()


@given(st.lists(st.integers(1, 40), unique=True), st.lists(st.integers(1, 40), unique=True))
def test_every_claim_comes_once(held, read):
    """Whatever is laid beside whatever; what stayed and did not move is in the order of both."""
    before = [standing(claim_id, n, str(claim_id)) for n, claim_id in enumerate(held, 1)]
    after = [standing(claim_id, n, str(claim_id)) for n, claim_id in enumerate(read, 1)]
    changes = compare(before, after)

    assert sorted(change.standing.claim_id for change in changes) == sorted({*held, *read})
    assert [change.standing.claim_id for change in changes if change.after] == read
    assert {change.standing.claim_id for change in changes if change.state is ABSENT} == {*held} - {*read}
    assert {change.standing.claim_id for change in changes if change.state is NEW} == {*read} - {*held}
    still = [change.before.ordinal for change in changes if change.before and change.after and not change.moved]
    assert still == sorted(still)
