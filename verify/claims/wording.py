"""What changed between two wordings, word by word, as a person would mark it.

Words go whole, with the punctuation that sticks to them, so that no number is cut in two; scripts that put no spaces between words go by character.
A small word that stayed between two longer changes is marked with them: what became of a sentence has to be seen at a glance.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from verify.model import WordChange, Wording

from .reconcile.pairs import in_order
from .reconcile.words import UNSPACED

_TOKEN = re.compile(rf"(\s*)([{UNSPACED}]|[^\s{UNSPACED}]+|\Z)")
_MOST_CELLS = 4_000_000
_PHRASE = 3
_SMALL = 3
_ORDER = (Wording.KEPT, Wording.REMOVED, Wording.ADDED)

_Token = tuple[str, str]
"""White space, and the word after it."""
_Run = tuple[int, int, int]
"""Words that stayed: from where in the old text, from where in the new one, and how many."""


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """Mark what was kept, removed and added, in order. What is kept or removed makes up `before`, what is kept or added `after`, to the letter.

    Where both stand at one place, what was removed comes first. Texts too long to compare word by word are compared between phrases that each
    of them has but once.
    """
    old, new = _tokens(before), _tokens(after)
    runs = _kept([word for _, word in old], [word for _, word in new])
    return tuple(_joined(_changes(old, new, _readable(old, new, _grown(runs)))))


def _tokens(text: str) -> list[_Token]:
    return [(space, word) for space, word in _TOKEN.findall(text) if space or word]


def _kept(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    """The runs of words that two texts share in the same order: at both ends, and in between as many as can be."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    yield 0, 0, head
    yield from _kept_within(old, new, (head, len(old) - tail), (head, len(new) - tail))
    yield len(old) - tail, len(new) - tail, tail


def _kept_within(old: Sequence[str], new: Sequence[str], olds: tuple[int, int], news: tuple[int, int]) -> Iterator[_Run]:
    """The same between two places of each, found piece by piece where the whole is too long."""
    if _is_short(olds, news):
        yield from _longest(old, new, olds, news)
        return
    ends = [(olds[0] - 1, news[0] - 1), *_landmarks(old, new, olds, news), (olds[1], news[1])]
    for (i, j), (next_i, next_j) in pairwise(ends):
        if _is_short((i + 1, next_i), (j + 1, next_j)):
            yield from _longest(old, new, (i + 1, next_i), (j + 1, next_j))
        if next_i < olds[1]:
            yield next_i, next_j, 1


def _is_short(olds: tuple[int, int], news: tuple[int, int]) -> bool:
    return (olds[1] - olds[0]) * (news[1] - news[0]) <= _MOST_CELLS


def _longest(old: Sequence[str], new: Sequence[str], olds: tuple[int, int], news: tuple[int, int]) -> Iterator[_Run]:
    """A longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    if olds[0] < olds[1] and news[0] < news[1]:
        for code in LCSseq.opcodes(old[slice(*olds)], new[slice(*news)]):
            if code.tag == "equal":
                yield olds[0] + code.src_start, news[0] + code.dest_start, code.src_end - code.src_start


def _landmarks(old: Sequence[str], new: Sequence[str], olds: tuple[int, int], news: tuple[int, int]) -> list[tuple[int, int]]:
    """Where a few words stand one after the other that do so once in each text, as far as they kept their order."""
    phrases = _phrases(old, *olds), _phrases(new, *news)
    once = [{phrase for phrase, times in Counter(side).items() if times == 1} for side in phrases]
    places = {phrase: olds[0] + n for n, phrase in enumerate(phrases[0]) if phrase in once[0] and phrase in once[1]}
    return in_order([(places[phrase], news[0] + n) for n, phrase in enumerate(phrases[1]) if phrase in places])


def _phrases(words: Sequence[str], start: int, end: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[start + n : end] for n in range(_PHRASE)), strict=False))


def _grown(runs: Iterable[_Run]) -> list[_Run]:
    """Runs that touch in both texts are one."""
    grown: list[_Run] = []
    for i, j, length in runs:
        if grown and length and (grown[-1][0] + grown[-1][2], grown[-1][1] + grown[-1][2]) == (i, j):
            grown[-1] = (*grown[-1][:2], grown[-1][2] + length)
        elif length:
            grown.append((i, j, length))
    return grown


def _readable(old: Sequence[_Token], new: Sequence[_Token], runs: Sequence[_Run]) -> list[_Run]:
    """The runs without those that are only a small word between two longer changes."""
    ends = [(0, 0, 0), *runs, (len(old), len(new), 0)]
    between = [
        max(_letters(old[before[0] + before[2] : after[0]]), _letters(new[before[1] + before[2] : after[1]]))
        for before, after in pairwise(ends)
    ]
    return [
        (i, j, length)
        for (i, j, length), left, right in zip(runs, between, between[1:], strict=False)
        if not _is_small(old[i : i + length], min(left, right))
    ]


def _is_small(words: Sequence[_Token], than: int) -> bool:
    return _letters(words) <= min(_SMALL, than - 1) and not any(c.isdigit() for _, word in words for c in word)


def _letters(words: Iterable[_Token]) -> int:
    return sum(c.isalnum() for _, word in words for c in word)


def _changes(old: Sequence[_Token], new: Sequence[_Token], runs: Sequence[_Run]) -> Iterator[tuple[Wording, str]]:
    """Each run, and what stands before it in either text. White space that begins both sides of a change is kept."""
    i = j = 0
    for next_i, next_j, length in (*runs, (len(old), len(new), 0)):
        removed, added = _printed(old[i:next_i]), _printed(new[j:next_j])
        space = _shared_space(removed, added)
        yield Wording.KEPT, space
        yield Wording.REMOVED, removed[len(space) :]
        yield Wording.ADDED, added[len(space) :]
        i, j = next_i + length, next_j + length
        for (old_space, word), (new_space, _) in zip(old[next_i:i], new[next_j:j], strict=True):
            space = _shared_space(old_space, new_space)
            yield Wording.KEPT, space
            yield Wording.REMOVED, old_space[len(space) :]
            yield Wording.ADDED, new_space[len(space) :]
            yield Wording.KEPT, word


def _printed(tokens: Iterable[_Token]) -> str:
    return "".join(space + word for space, word in tokens)


def _shared_space(removed: str, added: str) -> str:
    """The white space that both begin with."""
    shared = 0
    for one, other in zip(removed, added, strict=False):
        if one != other or not one.isspace():
            break
        shared += 1
    return removed[:shared]


def _joined(changes: Iterable[tuple[Wording, str]]) -> Iterator[WordChange]:
    """Stretches of one kind as one, and of one change what was removed before what was added."""
    waiting: dict[Wording, list[str]] = {kind: [] for kind in _ORDER}
    for kind, text in changes:
        if text and kind is Wording.KEPT and (waiting[Wording.REMOVED] or waiting[Wording.ADDED]):
            yield from _taken(waiting)
        if text:
            waiting[kind].append(text)
    yield from _taken(waiting)


def _taken(waiting: dict[Wording, list[str]]) -> Iterator[WordChange]:
    """What waits, each kind as one stretch; then nothing waits."""
    for kind in _ORDER:
        if waiting[kind]:
            yield WordChange(kind, "".join(waiting[kind]))
            waiting[kind].clear()
