"""Numbers without an entry, and entries without a number."""

import pytest

from verify.model import Citation, Claim, MarkKind, Reference, unmatched


def claim(*labels, notes=()):
    kinds = [*((label, MarkKind.CITATION) for label in labels), *((label, MarkKind.NOTE) for label in notes)]
    return Claim(1, "It fell.", 0, 8, 0, 8, citations=tuple(Citation(label, 8, 8, 0, 8, kind) for label, kind in kinds))


def entries(*labels):
    return [Reference(label, "Adams.") for label in labels]


CASES = [
    ([claim("1", "2"), claim("1")], entries("1", "2"), ((), ())),
    ([claim("2", "9", "1"), claim("7", "9")], entries("1", "2"), (("9", "7"), ())),
    ([claim("2")], entries("1", "2", "3"), ((), ("1", "3"))),
    ([claim("1", notes=("a", "b"))], entries("1", "a"), ((), ())),
    ([claim("1")], [], ((), ())),
    ([], entries("1"), ((), ("1",))),
    ([], [], ((), ())),
    ([claim("Adams 2011")], entries("Adams 2011", "Adams 2012"), ((), ("Adams 2012",))),
]


@pytest.mark.parametrize(("claims", "references", "expected"), CASES)
def test_unmatched(claims, references, expected):
    """Each label once, in its own order; notes need no entry, but use one; without a list nothing is missing."""
    assert expected == unmatched(claims, references)
