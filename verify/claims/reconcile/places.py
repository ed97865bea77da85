"""Where what is not paired yet stands: between which two sentences that are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum

from .pairs import Pairs, in_order

_NARROW = 64
"""So many pairs may a gap allow, old sentences times new ones, to count as a place."""
_BESIDE = 3
"""So near to a sentence that is paired is beside it."""


class Place(IntEnum):
    """How much speaks for a new sentence standing where an old one stood."""

    ELSEWHERE = 0
    """The sentences around the one are not those around the other."""
    BESIDE = 1
    """They share the sentence before, or the one after, or the gap that they stand in is a wide one."""
    SAME = 2
    """They stand in the same narrow gap between two sentences, or between one and the end of the document."""


class _Frame:
    """The gaps between some pairs. A gap is named by the new positions of the pairs around it, -1 and the length where there is none."""

    def __init__(self, pairs: Pairs, anchors: Sequence[tuple[int, int]]) -> None:
        ends = (-1, len(pairs.of_new))
        self.old_of = {new: old for old, new in anchors} | {ends[0]: -1, ends[1]: len(pairs.of_old)}
        self.old = dict(_gaps(pairs.free_old(), sorted(anchors), ends))
        self.new = dict(_gaps(pairs.free_new(), [(new, new) for _, new in anchors], ends))
        self.old_in, self.new_in = _members(self.old), _members(self.new)

    def place(self, old: int, new: int) -> Place:
        """What speaks for the place of the one being that of the other."""
        (left, right), gap = self.new[new], self.old[old]
        if (left, right) == gap:
            return Place.SAME if self.is_narrow(gap) else Place.BESIDE
        after = gap[0] == left and new - left <= _BESIDE and old - self.old_of[left] <= _BESIDE
        before = gap[1] == right and right - new <= _BESIDE and self.old_of[right] - old <= _BESIDE
        return Place.BESIDE if after or before else Place.ELSEWHERE

    def is_narrow(self, gap: tuple[int, int]) -> bool:
        return len(self.old_in[gap]) * len(self.new_in[gap]) <= _NARROW

    def near(self, new: int) -> Iterator[int]:
        """The old positions in the gap that a new one stands in, if it is narrow, and those beside its edges."""
        left, right = gap = self.new[new]
        if gap in self.old_in and self.is_narrow(gap):
            yield from self.old_in[gap]
        if new - left <= _BESIDE:
            yield from (i for i in range(self.old_of[left] + 1, self.old_of[left] + 1 + _BESIDE) if i in self.old)
        if right - new <= _BESIDE:
            yield from (i for i in range(self.old_of[right] - _BESIDE, self.old_of[right]) if i in self.old)


class Places:
    """The places of what has no pair yet, told twice: by all pairs, so that a paragraph that moved takes its places along, and by those alone
    that did not move, so that a sentence that moved in between hides none."""

    def __init__(self, pairs: Pairs) -> None:
        anchors = list(pairs)
        staying = in_order(anchors)
        self._frames = [_Frame(pairs, anchors)]
        if len(staying) < len(anchors):
            self._frames.append(_Frame(pairs, staying))

    def place(self, old: int, new: int) -> Place:
        """How much speaks for `new` standing where `old` stood."""
        return max(frame.place(old, new) for frame in self._frames)

    def near(self, new: int) -> set[int]:
        """The old positions that may be looked at for the place of a new one alone: a bounded number."""
        return {old for frame in self._frames for old in frame.near(new)}

    def around(self, old: int, new: int) -> list[tuple[list[int], list[int]]]:
        """The narrow gaps, old positions and new ones, in which both stand."""
        return [
            (frame.old_in[gap], frame.new_in[gap])
            for frame in self._frames
            if (gap := frame.old[old]) == frame.new[new] and frame.is_narrow(gap)
        ]


def _gaps(free: Sequence[int], anchors: Sequence[tuple[int, int]], ends: tuple[int, int]) -> Iterator[tuple[int, tuple[int, int]]]:
    """The gap of each free position; anchors, (position, name), in the order of positions, as the free ones are."""
    at, left = 0, ends[0]
    for position in free:
        while at < len(anchors) and anchors[at][0] < position:
            left = anchors[at][1]
            at += 1
        yield position, (left, anchors[at][1] if at < len(anchors) else ends[1])


def _members(gaps: dict[int, tuple[int, int]]) -> defaultdict[tuple[int, int], list[int]]:
    members: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for position, gap in gaps.items():
        members[gap].append(position)
    return members
