"""Passages picked one by one, where what those before them say already counts less: a claim of two halves needs two passages."""

from collections.abc import Sequence
from typing import NamedTuple

from .claims import ClaimText
from .hits import Hits
from .table import Logistic

MOST = 8
"""Passages picked at most. Gold sets of WiCE have up to 16 sentences, half of them three or fewer."""

PICKED = ("alone", "gain", "share", "repeats", "next", "near", "first", "second", "late", "left", "behind", "cover")
"""The features of a passage given those picked before."""

_TRAINED = 4
"""Picks that training looks at."""


class Found(NamedTuple):
    """A passage by its number, with the probability that a reader would take it as evidence."""

    number: int
    probability: float


def pick(claim: ClaimText, found: Hits, alone: dict[int, float], model: Logistic) -> list[Found]:
    """Pick the likeliest passage, again and again. `alone` holds the log odds of each when it is weighed alone."""
    state = _Picking(claim, found, alone)
    picked: list[Found] = []
    while state.left and len(picked) < MOST:
        logit, number = max((model.logit(state.row(n)), -n) for n in state.left)
        picked.append(Found(-number, model.as_probability(logit)))
        state.take(-number)
    return picked


def picking_rows(claim: ClaimText, found: Hits, alone: dict[int, float]) -> list[tuple[int, tuple[float, ...]]]:
    """What training sees: at each pick, every passage left with its features in the order of `PICKED`."""
    state = _Picking(claim, found, alone)
    rows: list[tuple[int, tuple[float, ...]]] = []
    while state.left and len(state.taken) < _TRAINED:
        left = {n: state.row(n) for n in state.left}
        rows += left.items()
        state.take(max(left, key=lambda n: alone[n] + 3 * left[n][1]))
    return rows


class _Picking:
    """What is picked so far, and how much of the claim it covers. Strengths are kept as shares of the claim's weight."""

    def __init__(self, claim: ClaimText, found: Hits, alone: dict[int, float]) -> None:
        self.alone, self.top = alone, max(alone.values(), default=0.0)
        self.left = list(alone)
        self.taken: list[int] = []
        shares = [term.weight / claim.total for term in claim.terms]
        self.strengths = {n: _weighed(shares, found, n) for n in alone}
        self.cover = {n: sum(strength for _, strength in held) for n, held in self.strengths.items()}
        self.covered = [0.0] * len(found)
        self.uncovered = 1.0

    def row(self, n: int) -> tuple[float, ...]:
        """The features of picking `n` now."""
        covered, cover, many = self.covered, self.cover[n], len(self.taken)
        gain = sum(strength - covered[i] for i, strength in self.strengths[n] if strength > covered[i])
        apart = min((abs(n - m) for m in self.taken), default=99)
        return (
            self.alone[n],
            gain,
            gain / self.uncovered if self.uncovered > 0.01 else 0.0,  # noqa: PLR2004 - nothing is left to gain
            1 - gain / cover if cover else 1.0,
            float(apart == 1),
            float(apart == 2),  # noqa: PLR2004
            float(many == 0),
            float(many == 1),
            float(many > 2),  # noqa: PLR2004
            self.uncovered,
            self.alone[n] - self.top,
            cover,
        )

    def take(self, n: int) -> None:
        """Count `n` among the picked."""
        self.left.remove(n)
        self.taken.append(n)
        for i, strength in self.strengths[n]:
            self.covered[i] = max(self.covered[i], strength)
        self.uncovered = 1 - sum(self.covered)


def _weighed(shares: Sequence[float], found: Hits, n: int) -> list[tuple[int, float]]:
    """The terms that a passage has, by index, each with what it covers of the claim."""
    return [(i, share * places[n].strength) for i, (share, places) in enumerate(zip(shares, found, strict=True)) if n in places]
