"""Lay the words of a quote beside those of a passage.

Words whose loose forms are equal are matched first (by rapidfuzz, in C++). What is left between them is small; there the pairing is taken that
costs least: a word for a word, a word for its parts, a word left out or put in. What stands before the first word of the quote and after its last
one belongs to the surroundings and is dropped.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .relations import Grade, Reader
from .tokens import Token

_MOST_PAIRS = 64
_HELD = 3
_ASTRAY = 2
"""Words that may be left out beside a single word at an end of the quote, for it to be taken for a part of the passage."""
_COST = {Grade.SAME: 0.0, Grade.NEAR: 0.2}
_OTHER = 0.9
_LEFT_OUT = {Grade.NEAR: 0.4, Grade.ALTERED: 0.8}
_PUT_IN = {Grade.NEAR: 0.4, Grade.ALTERED: 0.95}
_SHAPES = ((1, 1), (0, 1), (1, 0), (1, 2), (2, 1), (1, 3), (3, 1))


class Step(NamedTuple):
    """Words of the quote and of the text that stand for each other; one side is empty where a word is left out or put in."""

    quoted: tuple[Token, ...]
    printed: tuple[Token, ...]
    grade: Grade


class _Side(NamedTuple):
    """A stretch of the words of one side; `next` sees beyond its end."""

    words: Sequence[Token]
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def taken(self, at: int, count: int) -> tuple[Token, ...]:
        """Give `count` words from the stretch's word number `at` on."""
        return tuple(self.words[self.start + at : self.start + at + count])

    def after(self, at: int) -> Token | None:
        """Give the word after the stretch's word number `at`."""
        following = self.start + at + 1
        return self.words[following] if following < len(self.words) else None


def align(quoted: Sequence[Token], printed: Sequence[Token], reader: Reader) -> list[Step]:
    """Give the steps from the first word of the quote to its last, in order."""
    steps: list[Step] = []
    blocks = _blocks(quoted, printed)
    for number, (same, q_start, q_end, p_start, p_end) in enumerate(blocks):
        if same:
            pairs = zip(quoted[q_start:q_end], printed[p_start:p_end], strict=True)
            steps += [Step((one,), (other,), reader.relation(one, other)) for one, other in pairs]
        else:
            free = number == 0, number == len(blocks) - 1
            steps += _between(_Side(quoted, q_start, q_end), _Side(printed, p_start, p_end), reader, free)
    return _trimmed(steps)


def _blocks(quoted: Sequence[Token], printed: Sequence[Token]) -> list[tuple[bool, int, int, int, int]]:
    """Give the stretches that are alike and those that are not, in turn; the outermost runs stand as near to the others as they can."""
    from rapidfuzz.distance import Indel

    one, other = [token.form.loose for token in quoted], [token.form.loose for token in printed]
    runs = [_Run(block.a, block.b, block.size) for block in Indel.opcodes(one, other).as_matching_blocks() if block.size]
    runs = _without_stray(_gathered(runs, other), len(one), len(other))
    blocks: list[tuple[bool, int, int, int, int]] = []
    q_at = p_at = 0
    for q_start, p_start, size in [*runs, _Run(len(one), len(other), 0)]:
        if q_start > q_at or p_start > p_at:
            blocks.append((False, q_at, q_start, p_at, p_start))
        if size:
            blocks.append((True, q_start, q_start + size, p_start, p_start + size))
        q_at, p_at = q_start + size, p_start + size
    return blocks


class _Run(NamedTuple):
    """Words that follow each other on both sides and are alike."""

    quoted: int
    printed: int
    size: int


def _gathered(runs: list[_Run], printed: list[str]) -> list[_Run]:
    """Move every run towards one of the longest, to the nearest place where the same words stand, so that they lie closest together.

    A quote is one passage, not scattered words: a run at one of its ends that stays far away is there by chance, and is let go.
    """
    longest = sorted(range(len(runs)), key=lambda number: -runs[number].size)[:_HELD]
    ways = [_gathered_about(runs, held, printed) for held in longest]
    return min(ways, key=lambda way: (-sum(run.size for run in way), way[-1].printed - way[0].printed), default=[])


def _gathered_about(runs: list[_Run], held: int, printed: list[str]) -> list[_Run]:
    before, after = [runs[held]], [runs[held]]
    for run in reversed(runs[:held]):
        before.append(_moved(run, range(before[-1].printed - run.size, run.printed, -1), printed))
    for run in runs[held + 1 :]:
        after.append(_moved(run, range(after[-1].printed + after[-1].size, run.printed), printed))
    while len(before) > 1 and _left_out(before[-1], before[-2]) > _may_be_left_out(before):
        before.pop()
    while len(after) > 1 and _left_out(after[-2], after[-1]) > _may_be_left_out(after):
        after.pop()
    return [*reversed(before), *after[1:]]


def _may_be_left_out(runs: list[_Run]) -> int:
    """Give how many words may be left out between the last run and those before it, for both to be of one passage."""
    return _ASTRAY * min(runs[-1].size, sum(run.size for run in runs[:-1]))


def _moved(run: _Run, places: range, printed: list[str]) -> _Run:
    words = printed[run.printed : run.printed + run.size]
    return run._replace(printed=next((at for at in places if printed[at : at + run.size] == words), run.printed))


def _without_stray(runs: list[_Run], quoted: int, printed: int) -> list[_Run]:
    """Let single words go that stand between differences: they are as likely to be there by chance, and the pairing finds them again."""
    kept: list[_Run] = []
    for run, following in pairwise([*runs, _Run(quoted, printed, 0)]):
        last = kept[-1] if kept else _Run(0, 0, 0)
        q_end, p_end = last.quoted + last.size, last.printed + last.size
        differs_before = run.quoted > q_end or (kept and run.printed > p_end)
        differs_after = following.quoted > run.quoted + 1 or (following.size and following.printed > run.printed + 1)
        few = (following.quoted - q_end) * (following.printed - p_end) <= _MOST_PAIRS
        if run.size > 1 or len(runs) == 1 or not (differs_before and differs_after and few):
            kept.append(run)
    return kept


def _left_out(one: _Run, other: _Run) -> int:
    """Count the words between two runs that are printed and have none of the quote's beside them."""
    return (other.printed - one.printed - one.size) - (other.quoted - one.quoted - one.size)


def _between(quoted: _Side, printed: _Side, reader: Reader, free: tuple[bool, bool]) -> list[Step]:
    """Pair what no equal forms hold together. `free` says whether printed words cost nothing before and after it."""
    if not len(quoted) or not len(printed) or len(quoted) * len(printed) > _MOST_PAIRS:
        return _apart(quoted, printed, reader)
    return _Pairing(quoted, printed, reader, free).steps()


def _apart(quoted: _Side, printed: _Side, reader: Reader) -> list[Step]:
    """One side only, or too much of both to pair: each word on its own."""
    put_in = [Step((token,), (), reader.put_in(token, quoted.after(at))) for at, token in enumerate(quoted.taken(0, len(quoted)))]
    left_out = [Step((), (token,), reader.left_out(token, printed.after(at))) for at, token in enumerate(printed.taken(0, len(printed)))]
    return put_in + left_out


class _Pairing:
    """The cheapest way through the words of both sides, found backwards from their ends."""

    def __init__(self, quoted: _Side, printed: _Side, reader: Reader, free: tuple[bool, bool]) -> None:
        self.quoted, self.printed, self.reader = quoted, printed, reader
        self.free_before, self.free_after = free
        self.end = len(quoted), len(printed)
        self.best: dict[tuple[int, int], tuple[float, Grade, tuple[int, int]]] = {self.end: (0.0, Grade.SAME, (0, 0))}
        for i in range(len(quoted), -1, -1):
            for j in range(len(printed), -1, -1):
                if (i, j) != self.end:
                    self.best[i, j] = min(self._ways(i, j))

    def _ways(self, i: int, j: int) -> Iterator[tuple[float, Grade, tuple[int, int]]]:
        """Give what each shape of step would cost from here to the end, its grade and the shape."""
        for m, n in _SHAPES:
            if i + m <= self.end[0] and j + n <= self.end[1]:
                grade = self._grade(i, j, m, n)
                if grade is not None:
                    yield self._cost(i, j, (m, n), grade) + self.best[i + m, j + n][0], grade, (m, n)

    def _grade(self, i: int, j: int, m: int, n: int) -> Grade | None:
        """Grade a step; None for words that are not the parts of one."""
        quoted, printed = self.quoted.taken(i, m), self.printed.taken(j, n)
        if (m, n) == (1, 1):
            return self.reader.relation(quoted[0], printed[0])
        if m == 0:
            return self.reader.left_out(printed[0], self.printed.after(j))
        if n == 0:
            return self.reader.put_in(quoted[0], self.quoted.after(i))
        return self.reader.joined(quoted, printed)

    def _cost(self, i: int, j: int, shape: tuple[int, int], grade: Grade) -> float:
        if shape == (0, 1) and ((i == 0 and self.free_before) or (i == self.end[0] and self.free_after)):
            return 0.0
        if 0 in shape:
            return (_PUT_IN if shape[0] else _LEFT_OUT)[grade]
        if grade is not Grade.ALTERED:
            return _COST[grade]
        return _OTHER - _alike(self.quoted.taken(i, 1)[0].form.loose, self.printed.taken(j, 1)[0].form.loose) / 20

    def steps(self) -> list[Step]:
        """Walk the cheapest way."""
        steps: list[Step] = []
        i = j = 0
        while (i, j) != self.end:
            _, grade, (m, n) = self.best[i, j]
            steps.append(Step(self.quoted.taken(i, m), self.printed.taken(j, n), grade))
            i, j = i + m, j + n
        return steps


@lru_cache(maxsize=2**12)
def _alike(one: str, other: str) -> float:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other)


def _trimmed(steps: list[Step]) -> list[Step]:
    """Drop the printed words before the quote's first and after its last."""
    held = [at for at, step in enumerate(steps) if step.quoted]
    return steps[held[0] : held[-1] + 1] if held else []
