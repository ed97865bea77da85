"""Which passages of a source speak of a claim: every passage that shares a word is weighed alone, and the best are picked one by one.

What weighs: covered words (the rarer the more, in English at large and in this source), names and figures, neighbours in the claim that are
neighbours in the passage, the passages around it, and words of the claim's title and paragraph, which stand for its pronouns.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import log, log1p, sqrt

from .claims import ClaimText, Term
from .hits import KIN, Hit, Hits
from .picking import Found, pick
from .source import SourceText
from .table import logistic

CANDIDATES = 20

ALONE = (
    "cover", "local", "names", "numbers", "title", "context", "pairs", "before", "after", "density", "length", "short", "rank", "gain", "place", "size",
    "window", "wide", "plain", "rarest", "phrases", "same", "product", "titled", "sentence", "best_window",
)  # fmt: skip
"""The features of a passage weighed alone."""

_LIGHT = 0.3
_BESIDE, _ABOUT = (1, 0.6), (3, 0.4)
"""How far a window reaches to either side, and what a word there counts against one in the passage."""


def find_passages(claim: ClaimText, source: SourceText, found: Hits) -> list[Found]:
    """The passages picked, in the order picked; empty where none shares a word with the claim."""
    rows = alone_rows(claim, source, found)
    model = logistic("search.json", "alone")
    return pick(claim, found, {number: model.logit(row) for number, row in rows.items()}, logistic("search.json", "picked")) if rows else []


def alone_rows(claim: ClaimText, source: SourceText, found: Hits) -> dict[int, tuple[float, ...]]:
    """The candidates by number, the most promising first, with their features in the order of `ALONE`."""
    weighing = _Weighing(claim, source, found)
    chosen = weighing.candidates()
    gains = weighing.gains(chosen)
    windows = {n: weighing.window(n, *_BESIDE) for n in chosen}
    widest = max(windows.values(), default=1.0)
    return {
        n: (*weighing.own(n), log1p(rank), gains[n], *weighing.placed(n), *weighing.more(n, windows[n]), windows[n] / widest)
        for rank, n in enumerate(chosen)
    }


class _Weighing:
    """A claim's words weighed in all passages of a source that have one. `local` and `product` count how rare a word is in this source."""

    def __init__(self, claim: ClaimText, source: SourceText, found: Hits) -> None:
        self.claim, self.source, self.found = claim, source, found
        self.terms = list({t.form.stem: (t, places) for t, places in zip(claim.terms, found, strict=True)}.values())
        self.total = sum(term.weight for term, _ in self.terms) or 1.0
        self.cover, self.local, self.product = (defaultdict[int, float](float) for _ in range(3))
        for term, places in self.terms:
            self._weigh(term, places)
        self.best, self.nearest, self.most = (max(by.values(), default=0.0) or 1.0 for by in (self.cover, self.local, self.product))
        self.names = [places for term, places in self.terms if term.name]
        self.figures = [places for term, places in self.terms if term.form.number]
        stems = [word.form.stem for word in claim.words]
        self.stems, self.phrases = set(stems), set(pairwise(stems))

    def _weigh(self, term: Term, places: dict[int, Hit]) -> None:
        rarity = self.source.rarity(term.form.root)
        for number, hit in places.items():
            self.cover[number] += term.weight * hit.strength
            self.local[number] += rarity if hit.strength > KIN else 0.0
            self.product[number] += term.weight * rarity * hit.strength

    def candidates(self) -> list[int]:
        """The passages worth a closer look, the most promising first."""

        def promise(n: int) -> tuple[float, int]:
            beside = max(self.cover.get(n - 1, 0.0), self.cover.get(n + 1, 0.0))
            return (self.cover[n] + 0.3 * beside * self.cover[n] / self.best) / self.best + self.local[n] / self.nearest, -n

        return sorted(self.cover, key=promise, reverse=True)[:CANDIDATES]

    def gains(self, chosen: Sequence[int]) -> dict[int, float]:
        """What each candidate covers that no better one covers, as a share of the claim."""
        left, gains = dict(enumerate(self.terms)), {}
        for number in chosen:
            new = [i for i, (_, places) in left.items() if number in places]
            gains[number] = sum(left.pop(i)[0].weight for i in new) / self.total
        return gains

    def own(self, n: int) -> tuple[float, ...]:
        """What the passage itself has of the claim and its surroundings."""
        length = max(1, len(self.source.forms[n]))
        return (
            self.cover[n] / self.best,
            self.local[n] / self.nearest,
            _share(self.names, n),
            _share(self.figures, n),
            self._titled(n),
            min(3.0, sum(n in self.source.places.get(root, ()) for root in self.claim.context) / sqrt(length)),
            self._pairs(n) / max(1, len(self.found) - 1),
            self.cover.get(n - 1, 0.0) / self.total,
            self.cover.get(n + 1, 0.0) / self.total,
            self.cover[n] / (sqrt(length) + 2) / self.best,
            log(length),
            min(length, 40) / 40,
        )

    def placed(self, n: int) -> tuple[float, float]:
        """Where the passage stands, 0..1, and how long the source is."""
        many = len(self.source.spans)
        return n / many, min(log(many), 5.0)

    def more(self, n: int, window: float) -> tuple[float, ...]:
        """What is told by the passages around it, by light words, rare words, whole phrases."""
        stems = [form.stem for form in self.source.forms[n]]
        have = [(t, places[n]) for t, places in self.terms if n in places]
        return (
            window,
            self.window(n, *_ABOUT),
            sum(t.weight * hit.strength * (_LIGHT if t.light else 1.0) for t, hit in have) / self.total,
            max((min(self.source.rarity(t.form.root), t.weight) for t, _ in have), default=0.0),
            len(self.phrases.intersection(pairwise(stems))) / max(1, len(self.claim.words)),
            len(self.stems.intersection(stems)) / max(1, len(self.stems)),
            self.product[n] / self.most,
            max(self._titled(n - 1), self._titled(n - 2)),
            float(self.source.passage(n).endswith((".", "!", "?", '"', "\u201d"))),
        )

    def window(self, n: int, reach: int, share: float) -> float:
        """The claim's cover by the passage and those around it, which count for less."""
        around = [m for m in range(n - reach, n + reach + 1) if m != n]
        total = 0.0
        for term, places in self.terms:
            inside = places[n].strength if n in places else 0.0
            outside = share * max((places[m].strength for m in around if m in places), default=0.0) if inside < share else 0.0
            total += term.weight * max(inside, outside)
        return total / self.total

    def _titled(self, n: int) -> float:
        return sum(n in self.source.places.get(root, ()) for root in self.claim.title) / max(1, len(self.claim.title))

    def _pairs(self, n: int) -> int:
        """Neighbours in the claim that are neighbours in the passage too, at most three words apart."""
        pairs = 0
        for one, other in pairwise(self.found):
            if n in one and n in other:
                pairs += any(0 < abs(i - j) <= 3 for i in one[n].at[:4] for j in other[n].at[:4])  # noqa: PLR2004
        return pairs


def _share(places: Sequence[dict[int, Hit]], number: int) -> float:
    return sum(number in p for p in places) / len(places) if places else 0.0
