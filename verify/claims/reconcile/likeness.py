"""How alike two sentences are, by the words that they share and what those say; and which are worth comparing at all."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import inf

from .pairs import Pairs
from .words import Lexicon, Words, words_of

_MOST_HITS = 30
"""So many sentences are looked up for one, by its rarest words first; a word that more have leads to none."""
_MOST_CANDIDATES, _FEWEST_VOTES = 4, 0.4
"""And so many of them are compared, of those with at least this part of what the best one shares."""
_WORTH_A_LOOK = 0.3
"""Below it the order of the words is not looked at."""
_LONG = 400
"""Nor is it in sentences of more words than this, for that takes their product."""
_ASTRAY = 0.5
"""What a shared word counts that stands in another order."""
_SLIP, _SLIP_LETTERS, _SLIP_RATIO, _SLIPS = 0.6, 5, 80.0, 8
"""What a word counts that is nearly shared; from how many letters on, how alike (rapidfuzz, of 100), and how many of them are looked at."""
_NEIGHBOURS = (-1, 1)


class Side:
    """The sentences of one reading, taken apart when they are asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._words: list[Words | None] = [None] * len(texts)

    def words(self, at: int) -> Words:
        """The words of the sentence at a position."""
        known = self._words[at]
        if known is None:
            known = self._words[at] = words_of(self.texts[at])
        return known


class Weighed:
    """The sentences of one reading, with what their words weigh."""

    def __init__(self, side: Side, lexicon: Lexicon) -> None:
        self.texts, self.words, self.lexicon = side.texts, side.words, lexicon
        self._totals: list[float | None] = [None] * len(side.texts)

    def total(self, at: int) -> float:
        """What the words of the sentence at a position weigh together."""
        known = self._totals[at]
        if known is None:
            known = self._totals[at] = self.lexicon.total(self.words(at).distinct)
        return known


class Likeness:
    """Compares sentences of an old reading, by their positions, with those of a new one.

    The score is the share of their weight that they have in common: twice what the shared words weigh by what all words of both weigh, from 0
    to 1. What stands in another order counts half, and words that differ only by a slip or an ending a little more. A sentence is compared with
    those few that share its rarest words.
    """

    def __init__(self, old: Side, new: Side, pairs: Pairs) -> None:
        from rapidfuzz.distance import LCSseq
        from rapidfuzz.fuzz import ratio

        self._common, self._ratio = LCSseq.opcodes, ratio
        self._scores: dict[int, float] = {}
        self._candidates: dict[int, list[int]] = {}
        self.lexicon, self._index = _learnt(old, new, pairs)
        self.old, self.new = Weighed(old, self.lexicon), Weighed(new, self.lexicon)

    def candidates(self, new: int) -> list[int]:
        """The old positions, paired ones too, that share the rarest words of a new sentence; the most alike first."""
        known = self._candidates.get(new)
        if known is None:
            known = self._candidates[new] = self._look_up(new)
        return known

    def _look_up(self, new: int) -> list[int]:
        index, hits = self._index, 0
        votes: defaultdict[int, float] = defaultdict(float)
        for length, word in sorted((len(index[word]), word) for word in self.new.words(new).distinct if word in index):
            hits += length
            if hits > _MOST_HITS:
                break
            weight = self.lexicon[word]
            for old in index[word]:
                votes[old] += weight
        texts, length = self.old.texts, len(self.new.texts[new])
        alike = {old: vote / (len(texts[old]) + length) for old, vote in votes.items()}  # else a text that has every word comes first
        least = max(alike.values(), default=0.0) * _FEWEST_VOTES
        return sorted((old for old, vote in alike.items() if vote >= least), key=lambda old: (-alike[old], old))[:_MOST_CANDIDATES]

    def score(self, old: int, new: int) -> float:
        """How alike the two are."""
        pair = old * len(self.new.texts) + new
        known = self._scores.get(pair)
        if known is None:
            known = self._scores[pair] = self._score(old, new)
        return known

    def _score(self, old: int, new: int) -> float:
        weight = self.old.total(old) + self.new.total(new)
        a, b = self.old.words(old), self.new.words(new)
        if not weight:
            return 0.0
        shared = self.lexicon.total(a.distinct & b.distinct)
        if 2 * shared >= _WORTH_A_LOOK * weight and max(len(a.order), len(b.order)) <= _LONG and a.order != b.order:
            in_order = self.lexicon.total(self._in_order(a.order, b.order))
            shared = in_order + _ASTRAY * (shared - in_order) + _SLIP * self._slips(a.distinct, b.distinct)
        return 2 * shared / weight

    def _in_order(self, a: Sequence[str], b: Sequence[str]) -> set[str]:
        """The words that two sentences share in the same order: a longest common subsequence."""
        return {word for code in self._common(a, b) if code.tag == "equal" for word in a[code.src_start : code.src_end]}

    def _slips(self, a: frozenset[str], b: frozenset[str]) -> float:
        """What those words weigh that the one has and the other has nearly, with the same first letter. No number is nearly another."""
        others = _own_words(b, a)
        found = 0.0
        for word in _own_words(a, b) if others else ():
            like = max((other for other in others if other[0] == word[0]), key=lambda other: self._ratio(word, other), default="")
            if like and self._ratio(word, like) >= _SLIP_RATIO:
                others.remove(like)
                found += min(self.lexicon[word], self.lexicon[like])
        return found

    def lookalike(self, old: int, new: int) -> float:
        """How alike the new sentence is to the old one's neighbours, and to whatever else its words lead to: as much would be just the manner
        in which the document's sentences are made."""
        others = {*self.candidates(new), *(old + step for step in _NEIGHBOURS if 0 <= old + step < len(self.old.texts))} - {old}
        text = self.old.texts[old]
        return max((self.score(other, new) for other in others if self.old.texts[other] != text), default=-inf)


def _learnt(old: Side, new: Side, pairs: Pairs) -> tuple[Lexicon, dict[str, list[int]]]:
    """Count in how many sentences each word stands, one that both readings have counting once; and where the rarer ones stand in the old one."""
    paired, free_old, free_new = Counter[str](), Counter[str](), Counter[str]()
    printed: set[str] = set()
    distinct: list[frozenset[str]] = []
    for i, pair in enumerate(pairs.of_old):
        words = words_of(old.texts[i]) if pair is not None else old.words(i)  # what has its pair is seldom asked for again
        printed.update(words.printed)
        distinct.append(words.distinct)
        (free_old if pair is None else paired).update(words.distinct)
    for j in pairs.free_new():
        printed.update(new.words(j).printed)
        free_new.update(new.words(j).distinct)
    leading = {word for word in free_new if 0 < paired[word] + free_old[word] <= _MOST_HITS}
    index: defaultdict[str, list[int]] = defaultdict(list)
    for i, words_there in enumerate(distinct):
        for word in leading & words_there:
            index[word].append(i)
    return Lexicon(max(len(old.texts), len(new.texts)), paired + (free_old | free_new), printed), dict(index)


def _own_words(a: frozenset[str], b: frozenset[str]) -> list[str]:
    """The first few words of a sentence, by the alphabet, that the other has not and that are long enough to be slips."""
    return sorted(word for word in a - b if len(word) >= _SLIP_LETTERS and not word[0].isdigit())[:_SLIPS]
