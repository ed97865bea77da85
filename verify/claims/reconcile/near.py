"""When a sentence that was edited is still the same claim.

It has to share more with one sentence of the old reading than the two have of their own, the more so the less its place speaks for it, and clearly
more than with any other: any that is still looking for its pair, and any lookalike that has one. What has other numbers and another name is about
something else. Where it differs from the old sentence in its place by a number alone, the place settles it.

The figures were chosen on chains of revisions of the articles that `tests/benchmarks/revisions.py` calls `development`, so that no sentence there
goes on as another one; between two values that find about as many, the stricter one was taken.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from .likeness import Likeness
from .pairs import Pairs
from .places import Place, Places

SURPLUS = {Place.SAME: 0.5, Place.BESIDE: 1.25, Place.ELSEWHERE: 2.0}
"""By how much what they share has to outweigh what each has of its own, in words of a single sentence."""
SHARE = {Place.SAME: 0.5, Place.BESIDE: 0.5, Place.ELSEWHERE: 0.7}
"""And how alike they have to be."""
_MARGIN = {Place.SAME: 0.1, Place.BESIDE: 0.1, Place.ELSEWHERE: 0.15}
"""By how much any other has to be less alike,"""
_TIMES = {Place.SAME: 2, Place.BESIDE: 2, Place.ELSEWHERE: 3}
"""or, where there is little room for that, how many times as unlike."""
_REVIVED = 0.9
"""How alike what was gone has to be to come back in other words."""
_LEAST = 0.35
"""Below it two sentences are not alike at all."""


class Edges:
    """Which free sentences are alike at all, from both sides, the most alike first."""

    def __init__(self, likeness: Likeness, pairs: Pairs, may_be: Callable[[int, int], bool] = lambda _old, _new: True) -> None:
        """`may_be` says which (old, new) are worth a look."""
        self.places = Places(pairs)
        self.of_new: dict[int, list[tuple[float, int]]] = {}
        self.of_old: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for j in pairs.free_new():
            here = {i for i in self.places.near(j) if may_be(i, j)}
            there = {i for i in likeness.candidates(j) if pairs.is_free(i, j) and may_be(i, j)}
            found = [
                (score, i)
                for i in here | there
                if (score := likeness.score(i, j)) >= _LEAST or (i in here and numbers_only(likeness, i, j))
            ]
            self.of_new[j] = sorted(found, reverse=True)
            for score, i in found:
                self.of_old[i].append((score, j))
        for others in self.of_old.values():
            others.sort(reverse=True)

    def __iter__(self) -> Iterator[tuple[float, int, int]]:
        """Each as (how alike, old, new)."""
        return ((score, i, j) for j, found in self.of_new.items() for score, i in found)

    def rival(self, old: int, new: int) -> float:
        """How alike the next best is that either of them could have."""
        return max(best_other(self.of_new[new], old), best_other(self.of_old[old], new))


def best_other(found: list[tuple[float, int]], but: int) -> float:
    """How alike the best of them is, leaving one out."""
    return next((score for score, position in found if position != but), 0.0)


def pair_near(likeness: Likeness, edges: Edges, pairs: Pairs) -> None:
    """Pair what is surely the same though edited, the surest first; then what its place makes sure."""
    sure = [(score, i, j) for score, i, j in edges if pairs.is_free(i, j) and _is_sure(score, i, j, likeness, edges)]
    placed = [(score, i, j) for score, i, j in edges if pairs.is_free(i, j) and _is_placed(i, j, likeness, edges)]
    for _, i, j in (*sorted(sure, reverse=True), *placed):
        if pairs.is_free(i, j):
            pairs.join(i, j)


def pair_again(likeness: Likeness, pairs: Pairs, present: Likeness) -> None:
    """Pair free sentences with those that were gone and are very much like them, with the same numbers, and like no other, present or not."""
    edges = Edges(likeness, pairs)
    for score, i, j in [*edges]:
        known = max((present.score(other, j) for other in present.candidates(j)), default=0.0)
        if (
            pairs.is_free(i, j)
            and score >= _REVIVED
            and _is_sure(score, i, j, likeness, edges, Place.ELSEWHERE)
            and likeness.old.words(i).numbers == likeness.new.words(j).numbers
            and _is_clear(score, known, Place.ELSEWHERE)
        ):
            pairs.join(i, j)


def _is_sure(score: float, old: int, new: int, likeness: Likeness, edges: Edges, place: Place | None = None) -> bool:
    place = edges.places.place(old, new) if place is None else place
    return (
        score >= SHARE[place]
        and _surplus(score, old, new, likeness) >= SURPLUS[place]
        and _is_clear(score, edges.rival(old, new), place)
        and not _is_about_another(old, new, likeness)
        and (place is not Place.ELSEWHERE or _has_no_other(old, new, likeness))
        and _is_clear(score, likeness.lookalike(old, new), place)
    )


def _surplus(score: float, old: int, new: int, likeness: Likeness) -> float:
    """By how much what they share outweighs what each has of its own."""
    return (2 * score - 1) * (likeness.old.total(old) + likeness.new.total(new)) / 2


def _is_clear(score: float, other: float, place: Place) -> bool:
    """Whether the other is less alike by a margin, or, where there is little room for one, several times as unlike."""
    return score - other >= _MARGIN[place] or 1 - other >= max(_TIMES[place] * (1 - score), 0.01)


def _has_no_other(old: int, new: int, likeness: Likeness) -> bool:
    """Whether the numbers of the one are among those of the other, and the names too."""
    a, b = likeness.old.words(old), likeness.new.words(new)
    return _is_among(frozenset(a.numbers), frozenset(b.numbers)) and _is_among(a.names, b.names)


def _is_among(some: frozenset[str], others: frozenset[str]) -> bool:
    return some <= others or others <= some


def _is_about_another(old: int, new: int, likeness: Likeness) -> bool:
    """Whether both have numbers, none of them the same, and names, none of them the same. The first word is a name where it differs and is none
    of the document's small words."""
    a, b = likeness.old.words(old), likeness.new.words(new)
    if not a.numbers or not b.numbers or {*a.numbers} & {*b.numbers} or a.names & b.names:
        return False
    renamed = a.opening != b.opening and not {a.opening, b.opening} & likeness.lexicon.small
    return renamed or bool(a.names and b.names)


def numbers_only(likeness: Likeness, old: int, new: int) -> bool:
    """Whether they differ in numbers alone: the only one, or no more than half of several."""
    a, b = likeness.old.words(old), likeness.new.words(new)
    if a.masked != b.masked or a.order == b.order or not any(a.masked):
        return False
    kept = sum(one == other for one, other in zip(a.numbers, b.numbers, strict=True))
    return len(a.numbers) == 1 or 2 * kept >= len(a.numbers)


def _is_placed(old: int, new: int, likeness: Likeness, edges: Edges) -> bool:
    """Whether they differ in numbers alone, and no other sentence of their gap is such a twin of either."""
    return numbers_only(likeness, old, new) and any(
        not any(i != old and numbers_only(likeness, i, new) for i in olds)
        and not any(j != new and numbers_only(likeness, old, j) for j in news)
        for olds, news in edges.places.around(old, new)
    )
