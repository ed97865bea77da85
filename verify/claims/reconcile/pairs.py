"""Which sentence of the old reading is which of the new one, as it becomes known."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence


class Pairs:
    """Positions of the old reading paired with positions of the new one, each at most once.

    `aside_old` and `aside_new` are nobody's pair, and are looked at no more: what was merged into another, what was split off another.
    """

    def __init__(self, old: int, new: int) -> None:
        self.of_old: list[int | None] = [None] * old
        self.of_new: list[int | None] = [None] * new
        self.aside_old: set[int] = set()
        self.aside_new: set[int] = set()

    def join(self, old: int, new: int) -> None:
        """Say that they are the same claim."""
        self.of_old[old], self.of_new[new] = new, old

    def free_old(self) -> list[int]:
        """The positions of the old reading that may still find a pair."""
        return [i for i, pair in enumerate(self.of_old) if pair is None and i not in self.aside_old]

    def free_new(self) -> list[int]:
        """The positions of the new reading that may still find a pair."""
        return [j for j, pair in enumerate(self.of_new) if pair is None and j not in self.aside_new]

    def is_free(self, old: int, new: int) -> bool:
        """Whether neither has a pair, nor is set aside."""
        return self.of_old[old] is None and self.of_new[new] is None and old not in self.aside_old and new not in self.aside_new

    def __len__(self) -> int:
        return len(self.of_new) - self.of_new.count(None)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """The pairs (old, new), in the order of the new reading."""
        return ((old, new) for new, old in enumerate(self.of_new) if old is not None)


def in_order(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of the pairs, given in the order of the new reading, that stand in the order of the old one too: what did not move.

    It is the longest increasing subsequence of the old positions, by patience sorting: n log n.
    """
    ends: list[int] = []  # the old position that ends the best run of each length
    where: list[int] = []  # and its index in `pairs`
    before: list[int] = []
    for index, (old, _) in enumerate(pairs):
        length = bisect_left(ends, old)
        before.append(where[length - 1] if length else -1)
        ends[length : length + 1] = [old]
        where[length : length + 1] = [index]
    at, kept = where[-1] if where else -1, []
    while at >= 0:
        kept.append(pairs[at])
        at = before[at]
    return kept[::-1]
