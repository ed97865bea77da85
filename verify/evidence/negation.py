"""Words that deny: where the claim has one and the passage that speaks of it has not, or the other way round; and words set against each other.

The list goes from "not" to verbs that say a thing did not come to pass. Beside English it has the plain negations of a few neighbours.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .words import Form, Word, listed, opposed


class Denial(NamedTuple):
    """Words that deny in the claim, and in the passage near what both say; opposites are pairs of one word in each."""

    said: list[Word]
    found: list[Word]
    opposites: list[tuple[Word, Word]]


def negates(form: Form) -> bool:
    """Whether the word denies what it stands with."""
    return form.folded in listed("negators") or form.folded.endswith("n't")


def denial(claim: Sequence[Word], passage: Sequence[Word]) -> Denial:
    """Compare a claim with the passage that speaks of it. What both deny cancels out; so do words that both have."""
    stems = {word.form.stem for word in passage}
    mine = {word.form.stem for word in claim}
    said = [w for w in claim if _denies(w.form) and w.form.stem not in stems]
    found = [w for i, w in enumerate(passage) if negates(w.form) and _touches(passage[i + 1 : i + 5], mine)]
    balanced = any(_denies(w.form) for w in claim) and bool(found)
    return Denial(
        said=[] if balanced else said,
        found=[] if balanced or said else found,
        opposites=list(_opposites(claim, passage, stems, mine)),
    )


def _denies(form: Form) -> bool:
    return negates(form) or form.folded in listed("undone")


def _touches(following: Iterable[Word], stems: set[str]) -> bool:
    return any(not word.form.stop and word.form.stem in stems for word in following)


def _opposites(claim: Sequence[Word], passage: Sequence[Word], stems: set[str], mine: set[str]) -> Iterable[tuple[Word, Word]]:
    """A word of the claim that the passage has only as its opposite."""
    for word in claim:
        if word.form.stem not in stems:
            facing = next((other for other in passage if other.form.stem not in mine and opposed(word.form, other.form)), None)
            if facing:
                yield word, facing
