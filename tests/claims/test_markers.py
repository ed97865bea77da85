"""The markers that a text prints, as marks: kind, labels, offsets."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.markers import marks_between, printed_marks, without
from verify.model import Mark, MarkKind

CITATION, NOTE, TAG, EDIT = MarkKind.CITATION, MarkKind.NOTE, MarkKind.TAG, MarkKind.EDIT
TABLE = [
    ("x [1] y", [(CITATION, ("1",))]),
    ("x [1][2] y", [(CITATION, ("1",)), (CITATION, ("2",))]),
    ("x [1–3, 7] y", [(CITATION, ("1", "2", "3", "7"))]),
    ("x [2,2] y", [(CITATION, ("2",))]),
    ("x.[a] y.[b]", [(NOTE, ("a",)), (NOTE, ("b",))]),
    ("x.[aa]", [(NOTE, ("aa",))]),
    ("x.[note 12]", [(NOTE, ("note 12",))]),
    ("x.[Anm. 1]", [(NOTE, ("Anm. 1",))]),
    ("x.[citation needed]", [(TAG, ("citation needed",))]),
    ("History[edit]", [(EDIT, ())]),
    ("x.［１］", [(CITATION, ("1",))]),
    ("x.【1】", [(CITATION, ("1",))]),
    ("word¹", [(CITATION, ("1",))]),
    ("word.¹²", [(CITATION, ("12",))]),
    ("[]", []),
    ("[ ]", []),
    ("[x", []),
    ("x]", []),
    ("[[1]]", [(CITATION, ("1",))]),
    ("[1,]", []),
    ("[-1]", []),
    ("[+1]", []),
    ("[1.5]", []),
    ("[1/2]", []),
    ("[00]", []),
    ("[1][…]", [(CITATION, ("1",))]),
    ("array[3-]", []),
    ("[¹]", []),
    ("¹", []),
    ("x[b] only", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_printed_marks(text, expected):
    """What is a marker and what is none."""
    assert expected == [(mark.kind, mark.labels) for mark in printed_marks(text)]


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(alphabet="[]【】［］0123,–- ab¹²:†^.\n", max_size=60)))
def test_marks_are_ordered_and_hold_labels(text):
    """Marks stand in order without overlap, inside the text, and all but edit links say something."""
    marks = printed_marks(text)

    for mark in marks:
        assert 0 <= mark.start < mark.end <= len(text)
        assert mark.labels or mark.kind is EDIT
    for before, after in pairwise(marks):
        assert before.end <= after.start


def test_marks_between():
    """Those that begin in the stretch, its start included and its end not."""
    marks = [Mark(at, at + 3, CITATION, (str(at),)) for at in (0, 5, 10)]

    assert [marks[1]] == marks_between(marks, 5, 10)
    assert marks == marks_between(marks, 0, 11)
    assert [] == marks_between(marks, 6, 10)


def test_without():
    """The text that is left when marks are taken off."""
    text = "The lamp[1] was lit.[2]"

    assert "The lamp was lit." == without(text, printed_marks(text))
    assert text == without(text, [])
