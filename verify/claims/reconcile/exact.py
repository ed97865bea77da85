"""Like sentences find each other. Those that several are like are told apart by their neighbours, or not at all."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence

from .pairs import Pairs

_Keys = Sequence[Hashable]
"""What each sentence is known by; None is like nothing."""
_EDGE = ("edge",)
_ONE_NEIGHBOUR = 2


def pair_alike(old: _Keys, new: _Keys, pairs: Pairs) -> None:
    """Pair free sentences whose keys are equal.

    Told apart by both neighbours first; then by the one that stayed, unless the other speaks for another sentence; then taken by themselves.
    Where both sides hold equally many, the first is the first. A neighbour is known by its pair or, as long as it has none, by its key.
    """
    for find in (_by_both_neighbours, _by_one_neighbour, _by_themselves):
        groups = [*_groups(old, new, pairs)]
        if not groups:
            return
        around = _Around(old, new, pairs, [i for some, _ in groups for i in some], [j for _, others in groups for j in others])
        for i, j in find(around):
            pairs.join(i, j)


def left_alike(old: _Keys, new: _Keys, pairs: Pairs) -> Iterator[tuple[int, int]]:
    """The free ones with equal keys, each beside one that it may be: as many (old, new) as the longer side holds."""
    for some, others in _groups(old, new, pairs):
        for n in range(max(len(some), len(others))):
            yield some[min(n, len(some) - 1)], others[min(n, len(others) - 1)]


def _groups(old: _Keys, new: _Keys, pairs: Pairs) -> Iterator[tuple[list[int], list[int]]]:
    """The free positions, old and new, under each key that both sides have."""
    under: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i in pairs.free_old():
        if old[i] is not None:
            under[old[i]].append(i)
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for j in pairs.free_new():
        if new[j] in under:
            found[new[j]].append(j)
    return ((under[key], positions) for key, positions in found.items())


class _Around:
    """The sentences that are looked at, each as (what stands before it, its key, what stands after it), with its position."""

    def __init__(self, old: _Keys, new: _Keys, pairs: Pairs, olds: Sequence[int], news: Sequence[int]) -> None:
        self.old = [((_known(old, pairs.of_old, i - 1), old[i], _known(old, pairs.of_old, i + 1)), i) for i in olds]
        names = [None if pair is None else j for j, pair in enumerate(pairs.of_new)]
        self.new = [((_known(new, names, j - 1), new[j], _known(new, names, j + 1)), j) for j in news]

    def equally_many(self, part: slice) -> list[tuple[int, int]]:
        """The pairs of positions under a part of that which both sides have equally often. The edge of a document is no neighbour on its own."""
        under_old, under_new = _under(self.old, part), _under(self.new, part)
        return [
            pair
            for key, news in under_new.items()
            if len(under_old.get(key, ())) == len(news)
            for pair in zip(under_old[key], news, strict=True)
        ]


def _by_both_neighbours(around: _Around) -> list[tuple[int, int]]:
    return around.equally_many(slice(None))


def _by_one_neighbour(around: _Around) -> list[tuple[int, int]]:
    """What the neighbour on one side speaks for, and the other one not against."""
    found = {*around.equally_many(slice(2)), *around.equally_many(slice(1, None))}
    olds, news = Counter(i for i, _ in found), Counter(j for _, j in found)
    return [(i, j) for i, j in found if olds[i] == news[j] == 1]


def _by_themselves(around: _Around) -> list[tuple[int, int]]:
    return around.equally_many(slice(1, 2))


def _under(keyed: Sequence[tuple[tuple[Hashable, ...], int]], part: slice) -> dict[tuple[Hashable, ...], list[int]]:
    under: defaultdict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for around, position in keyed:
        key = around[part]
        if len(key) != _ONE_NEIGHBOUR or _EDGE not in key:
            under[key].append(position)
    return under


def _known(keys: _Keys, pair_of: Sequence[int | None], at: int) -> Hashable:
    """What a neighbour is known by: the new position of its pair, else its key."""
    if not 0 <= at < len(keys):
        return _EDGE
    pair = pair_of[at]
    return keys[at] if pair is None else pair
