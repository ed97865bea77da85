"""Is this word of the claim held up by the passages? A probability for each term, by small trees trained on words that people marked.

A word counts for more where the claim's other words stand around it: "1998" somewhere on the page says little, "1998" beside the film's name much.
"""

from math import log, log1p

from .claims import ClaimText, Term
from .hits import KIN, Hits
from .picking import Found
from .source import SourceText
from .table import Trees, trees

TERM = (
    "first", "three", "any", "share", "near", "wide", "local", "weight", "name", "number", "adverb", "tense", "place", "last", "before", "after",
    "cover_three", "cover_first", "spread", "title", "context", "terms", "elsewhere", "kin", "light", "passages",
)  # fmt: skip
NEAR, WIDE, REACH = 4, 10, 24
"""Words of the passage to either side in which the claim's other words are looked for, and how far in the claim those may stand."""

HELD = 0.35
"""The probability from which on a word counts as held up at all."""


def ground(claim: ClaimText, source: SourceText, found: Hits, picked: list[Found]) -> list[float]:
    """The probability that the passages hold up each term, in the order of the claim's terms."""
    model: Trees = trees("grounding.json", "terms")
    return [model.probability(row) for row in term_rows(claim, source, found, picked)]


def term_rows(claim: ClaimText, source: SourceText, found: Hits, picked: list[Found]) -> list[tuple[float, ...]]:
    """The features of every term, in the order of `TERM`."""
    numbers = [f.number for f in picked]
    strengths = [[places[n].strength if n in places else 0.0 for n in numbers] for places in found]
    weights = [term.weight for term in claim.terms]
    covers = [sum(s[k] * w for s, w in zip(strengths, weights, strict=True)) / claim.total for k in range(len(numbers))]
    three = [max(s[:3], default=0.0) for s in strengths]
    cover_three = sum(s * w for s, w in zip(three, weights, strict=True)) / claim.total
    relative = [f.probability / picked[0].probability for f in picked]
    size, passages = len(claim.terms), float(min(8, len(source.spans)))
    rows: list[tuple[float, ...]] = []
    for i, term in enumerate(claim.terms):
        own = strengths[i]
        best = max(own, default=0.0)
        rows.append((
            own[0] if own else 0.0,
            three[i],
            best,
            max((s * r for s, r in zip(own, relative, strict=True)), default=0.0),
            _around(i, claim.terms, found, numbers, NEAR),
            _around(i, claim.terms, found, numbers[:3], WIDE),
            max((s * c for s, c in zip(own, covers, strict=True)), default=0.0),
            term.weight,
            float(term.name),
            float(term.form.number),
            float(term.form.folded.endswith("ly")),
            float(term.form.folded.endswith(("ed", "ing"))),
            i / size,
            float(i == size - 1),
            three[i - 1] if i else 0.5,
            three[i + 1] if i + 1 < size else 0.5,
            cover_three,
            covers[0] if covers else 0.0,
            log1p(len(found[i])),
            float(term.form.root in claim.title),
            float(term.form.root in claim.context),
            log(size),
            float(bool(found[i]) and not best),
            float(0 < best <= KIN),
            float(term.light),
            passages,
        ))  # fmt: skip
    return rows


def _around(i: int, terms: list[Term], found: Hits, numbers: list[int], width: int) -> float:
    """The best share of the claim's other terms, the nearer in the claim the more, that stand within `width` words of term `i` in one passage."""
    others = [j for j in range(max(0, i - REACH), min(len(terms), i + REACH + 1)) if j != i]
    shares = [(j, terms[j].weight / (1 + abs(i - j))) for j in others]
    total = sum(share for _, share in shares) or 1.0
    best = 0.0
    for n in numbers:
        if n not in found[i]:
            continue
        beside = [(share, found[j][n].at) for j, share in shares if n in found[j]]
        for x in found[i][n].at[:4]:
            near = sum(share for share, at in beside if any(-width <= y - x <= width for y in at[:6]))
            best = max(best, found[i][n].strength * near / total)
    return best
