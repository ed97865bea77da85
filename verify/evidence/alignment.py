"""A claim laid beside the passage that says nearly the same words, and where the two part.

Where two thirds of a claim's words stand in one passage in the same order, the claim is a copy of it, reworded or altered: what differs can be read
word by word. Measured on the claims of WiCE: one supported claim in fifteen is as near to its page.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .claims import ClaimText
from .picking import Found
from .source import SourceText
from .words import Form, Word

CLOSE = 0.65
"""The share of a claim's words, in order, from which on a passage counts as saying nearly the same. Claims altered in two names keep .67."""


class Difference(NamedTuple):
    """The claim's words that the passage does not have here, and the passage's in their place; one of the two may be empty."""

    said: Sequence[Word]
    found: Sequence[Word]


class Alignment(NamedTuple):
    """The passage by its rank among those picked and its number; the share of the claim's words it has in order; where they part; which words of
    the claim are which of the passage, by index."""

    rank: int
    number: int
    same: float
    differences: list[Difference]
    pairs: list[tuple[int, int]]


def align(claim: ClaimText, source: SourceText, picked: Sequence[Found]) -> Alignment | None:
    """Lay the claim beside each passage and keep the nearest; None where nothing was picked or the claim has no words."""
    from rapidfuzz.distance import LCSseq

    said = [word.form.stem for word in claim.words]
    near = [(LCSseq.similarity(said, [form.stem for form in source.forms[f.number]]), -rank) for rank, f in enumerate(picked)]
    if not said or not near:
        return None
    best, rank = max(near)
    number = picked[-rank].number
    passage = source.words(number)
    blocks = _blocks(claim.words, passage)
    pairs = [pair for i, end, j, other in blocks for pair in zip(range(i, end), range(j, other), strict=True)]
    return Alignment(-rank, number, best / len(said), _differences(claim.words, passage, blocks), pairs)


Block = tuple[int, int, int, int]
"""Start and end of a stretch of words of the claim, then of the same stretch in the passage."""


def _blocks(said: Sequence[Word], found: Sequence[Word]) -> list[Block]:
    from rapidfuzz.distance import LCSseq

    opcodes = LCSseq.opcodes([w.form.stem for w in said], [w.form.stem for w in found])
    return [(o.src_start, o.src_end, o.dest_start, o.dest_end) for o in opcodes if o.tag == "equal"]


def _differences(said: Sequence[Word], found: Sequence[Word], blocks: Sequence[Block]) -> list[Difference]:
    """Where the two part, in order. What the passage says before the claim's first words and after its last is no difference."""
    differences = []
    i = j = 0
    for start, end, other, other_end in [*blocks, (len(said), len(said), len(found), len(found))]:
        outer = i == 0 or start == len(said)
        if start > i or (other > j and not outer):
            differences.append(Difference(said[i:start], _beside(found[j:other], start - i, first=i == 0, last=start == len(said))))
        i, j = end, other_end
    return differences


def _beside(found: Sequence[Word], many: int, *, first: bool, last: bool) -> Sequence[Word]:
    """Of the passage's words before or after all that both share, as many as the claim has there: the rest stands in the place of nothing."""
    if first and not last:
        return found[-many:] if many else []
    return found[:many] if last else found


_SHORTEST = 3


def alike(one: Form, other: Form) -> bool:
    """Whether one word may stand for the other: the same stem, root, or kin, or its short form ("Tim", "Timothy")."""
    if one.stem == other.stem or one.root == other.root or one.stem in other.kin or other.stem in one.kin:
        return True
    short, long = sorted((one.folded, other.folded), key=len)
    return len(short) >= _SHORTEST and long.startswith(short) and not one.number
