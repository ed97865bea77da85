"""Where a claim's words stand in a source."""

from typing import NamedTuple

from .claims import ClaimText, Term
from .source import SourceText

SAME_ROOT, KIN = 0.85, 0.5
"""What a match by root or by kin is worth against one by stem, 1."""


class Hit(NamedTuple):
    """A term found in a passage: how surely it is the same word (0..1), and the indices of the passage's words."""

    strength: float
    at: tuple[int, ...]


Hits = list[dict[int, Hit]]
"""For each term of a claim, the passages that have it, by number."""


def hits(claim: ClaimText, source: SourceText) -> Hits:
    """Look every term up in the source's index. A term that the claim has twice is looked up once."""
    seen: dict[str, dict[int, Hit]] = {}
    for term in claim.terms:
        if term.form.stem not in seen:
            seen[term.form.stem] = _hits(term, source)
    return [seen[term.form.stem] for term in claim.terms]


def _hits(term: Term, source: SourceText) -> dict[int, Hit]:
    found: dict[int, Hit] = {}
    for number, at in source.places.get(term.form.root, {}).items():
        exact = tuple(i for i in at if source.forms[number][i].stem == term.form.stem)
        found[number] = Hit(1.0, exact) if exact else Hit(SAME_ROOT, tuple(at))
    for kin in sorted(term.form.kin):  # in one order, whatever the seed of Python's hashes
        for number, at in source.places.get(kin, {}).items():
            if number not in found:
                found[number] = Hit(KIN, tuple(at))
    return found


def cover(claim: ClaimText, found: Hits, numbers: list[int]) -> float:
    """The share of the claim's weight whose words stand in one of these passages, 0..1."""
    return sum(t.weight for t, places in zip(claim.terms, found, strict=True) if any(n in places for n in numbers)) / claim.total
