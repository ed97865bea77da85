"""Sentences that were split and sentences that were merged: a whole in one reading, its parts one after the other in the other reading."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from .likeness import Likeness, Weighed
from .near import Edges, best_other
from .pairs import Pairs

_FIRST = 2
"""So many of the sentences that are most like a whole may be its largest part."""
_INSIDE = 0.6
"""How much of a part has to stand in the whole."""
_TOGETHER = 0.7
"""How alike the whole and its parts together have to be."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The position of a whole in its reading; in the other one, that of the part which is most like it and those of the others."""

    whole: int
    main: int
    others: tuple[int, ...]


def splits(likeness: Likeness, edges: Edges, pairs: Pairs) -> Iterator[Parts]:
    """Old sentences of which the new reading has two or more parts. Whoever takes them sets them aside before asking on."""
    return _Search(likeness.old, likeness.new, edges.of_old, edges.of_new, pairs.is_free).found()


def merges(likeness: Likeness, edges: Edges, pairs: Pairs) -> Iterator[Parts]:
    """New sentences that are made of two or more old ones."""
    return _Search(likeness.new, likeness.old, edges.of_new, edges.of_old, lambda new, old: pairs.is_free(old, new)).found()


@dataclass(frozen=True, slots=True)
class _Search:
    """The side on which wholes are looked for, that of their parts, what is alike, and whether (whole, part) are free."""

    wholes: Weighed
    parts: Weighed
    of_whole: Mapping[int, list[tuple[float, int]]]
    of_part: Mapping[int, list[tuple[float, int]]]
    is_free: Callable[[int, int], bool]

    def found(self) -> Iterator[Parts]:
        """Every whole that has parts, in order."""
        for whole in sorted(self.of_whole):
            parts = self._parts_of(whole)
            if len(parts) > 1 and self._together(parts, whole) >= _TOGETHER:
                alike = {part: score for score, part in self.of_whole[whole]}
                main = max(parts, key=lambda part: alike.get(part, 0.0))
                yield Parts(whole, main, tuple(sorted({*parts} - {main})))

    def _parts_of(self, whole: int) -> list[int]:
        """The part that is most like the whole, and those before and after it that consist of what it leaves."""
        words = self.wholes.words(whole)
        first = next((part for _, part in self.of_whole[whole][:_FIRST] if self._is_part(part, whole, words.distinct)), -1)
        if first < 0 or not (self._is_free(whole, first - 1) or self._is_free(whole, first + 1)):
            return []
        parts = [first]
        left = Counter(words.order)
        self._take_out(first, left)
        for step in (1, -1):
            at = first + step
            while self._is_free(whole, at) and self._is_part(at, whole, left.keys()):
                parts.append(at)
                self._take_out(at, left)
                at += step
        return parts

    def _take_out(self, part: int, left: Counter[str]) -> None:
        """Take the words of a part out of what is left, each as often as it has them."""
        for word in self.parts.words(part).order:
            if left[word] > 1:
                left[word] -= 1
            else:
                left.pop(word, None)

    def _is_free(self, whole: int, part: int) -> bool:
        return 0 <= part < len(self.parts.texts) and self.is_free(whole, part)

    def _is_part(self, part: int, whole: int, left: AbstractSet[str]) -> bool:
        """Whether it consists mostly of what is left of the whole, not of small words alone, and is less like any other sentence."""
        shared = self.parts.words(part).distinct & left
        inside = self.parts.lexicon.total(shared) / max(self.parts.total(part), 1e-9)
        if inside < _INSIDE or not self.is_free(whole, part) or inside <= best_other(self.of_part.get(part, []), whole):
            return False
        return not self.parts.lexicon.small.issuperset(shared)

    def _together(self, parts: list[int], whole: int) -> float:
        """How alike the whole is to all its parts."""
        words, all_parts = self.wholes.words(whole).distinct, frozenset[str]().union(*(self.parts.words(part).distinct for part in parts))
        weigh = self.parts.lexicon.total
        return 2 * weigh(words & all_parts) / (weigh(words) + weigh(all_parts))
