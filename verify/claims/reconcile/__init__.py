"""Which claims of a new reading are the ones that the ledger holds, so that what people did to a claim stays with it.

A wrong answer is worse than none: work that is lost is missed, work that hangs on another claim is believed. So each step pairs only what can
be nothing else, and what one step pairs tells the next ones where to look:

1. The same text is the same claim, wherever it moved. Like sentences are told apart by their neighbours; those that came back after they were gone
   are found here too, after those that are present.
2. The same words with other signs or capitals: as by text, but `updated`.
3. One claim that became several, or several that became one: the whole holds most of each part and nothing else explains them. The part most like
   the whole goes on as the claim; the others are related to it.
4. A claim that was edited. Words are weighed by how few sentences of the document have them, so that a template that a list repeats says little and
   the name in it says much. A pair has to share more than it differs by, and clearly more than either shares with any other sentence, also with
   those that have their pair already: what is as much like its siblings is only cut from the same cloth. Its place, between two sentences that
   are paired, lowers the bar, and settles the one case that words cannot: a sentence in its old place in which just a number is another. Elsewhere,
   a sentence with another number is another sentence, and so it is anywhere if none of its numbers and names are the same.
5. What was gone and is now back almost word for word.

Steps 1, 3 and 4 are taken again until nothing changes. What is left is gone, and new; where something left might be the other but nothing settles
it, they are related as `alike`, so that a person sees both. A sentence is only ever compared with those few that share its rarest words or its
place, so time grows with the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from verify.model import BaselineState, Claim, RelationKind

from .exact import left_alike, pair_alike
from .likeness import Likeness, Side
from .near import Edges, numbers_only, pair_again, pair_near
from .pairs import Pairs, in_order
from .parts import merges, splits

_ROUNDS = 6
_MOST_ALIKE = 3
_ALIKE = 0.5
_ALMOST = 0.99
_REVIVED = 0.9


class Held(NamedTuple):
    """A claim of the ledger. `absent`: it is not in the last reading."""

    id: int
    claim: Claim
    absent: bool


@dataclass(frozen=True, slots=True)
class Match:
    """What a claim of the new reading is: the held claim `id`, which was `before`, or a new one.

    `similarity` is 1.0 for the same text, less for what was edited, 0.0 for what is new. `returned`: it was absent. `moved`: it does not stand in
    the order that the others kept.
    """

    claim: Claim
    id: int | None
    state: BaselineState
    before: Claim | None = None
    similarity: float = 0.0
    returned: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Ties the held claim `id` to the match at `index`.

    `split`: that one is new and a part of the claim, which goes on as another part. `merged`: the claim is gone into that one, which goes on as
    another claim. `alike`: the claim is gone and that one is new; they may be the same, and nothing settles it.
    """

    kind: RelationKind
    id: int
    index: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One match a claim of the new reading, in its order; the ids that were present and are no more; and what ties the two beyond that."""

    matches: tuple[Match, ...]
    gone: tuple[int, ...]
    relations: tuple[Relation, ...] = ()

    @property
    def carried(self) -> tuple[tuple[int | None, Claim], ...]:
        """Each claim of the new reading with the id that it keeps, None for a new one."""
        return tuple((match.id, match.claim) for match in self.matches)

    @property
    def new(self) -> int:
        """How many claims the ledger did not hold."""
        return sum(match.id is None for match in self.matches)


def reconcile(held: Sequence[tuple[int, Claim, bool]], claims: Sequence[Claim]) -> Reconciliation:
    """Match the claims held, (id, claim, absent), in document order, with those of a new reading."""
    present = [Held(*one) for one in held if not one[2]]
    away = [Held(*one) for one in held if one[2]]
    journey = _Journey(present, away, claims)
    journey.run()
    gone = tuple(one.id for one, pair in zip(present, journey.pairs.of_old, strict=True) if pair is None)
    return Reconciliation(tuple(journey.matches()), gone, tuple(journey.relations))


class _Journey:
    """The steps, and what they have found. `pairs` are of claims that are present, `back` of those that were away."""

    def __init__(self, present: Sequence[Held], away: Sequence[Held], claims: Sequence[Claim]) -> None:
        self.present, self.away, self.claims = present, away, claims
        self.old, self.new, self.lost = _side(one.claim for one in present), _side(claims), _side(one.claim for one in away)
        self.pairs, self.back = Pairs(len(present), len(claims)), Pairs(len(away), len(claims))
        self.relations: list[Relation] = []
        self.alike: dict[tuple[int, int], float] = {}

    def run(self) -> None:
        """Take the steps; those that compare words only where something is left on both sides."""
        pair_alike(self.old.texts, self.new.texts, self.pairs)
        self._hide()
        pair_alike(self.lost.texts, self.new.texts, self.back)
        self._hide()
        if self._is_open(self.pairs):
            pair_alike(_signless(self.old, self.pairs.free_old()), _signless(self.new, self.pairs.free_new()), self.pairs)
        present = Likeness(self.old, self.new, self.pairs) if self._is_open(self.pairs) else None
        if present:
            self._pair_edited(present)
        self._hide()
        if self._is_open(self.back):
            present = present or Likeness(self.old, self.new, self.pairs)
            pair_again(Likeness(self.lost, self.new, self.back), self.back, present)
        self._relate(RelationKind.ALIKE, self.away, left_alike(self.lost.texts, self.new.texts, self.back))

    def _hide(self) -> None:
        """What is found among those present is not looked for among those away, and the other way round."""
        self.back.aside_new.update(self.pairs.aside_new, (new for _, new in self.pairs))
        self.pairs.aside_new.update(new for _, new in self.back)

    @staticmethod
    def _is_open(pairs: Pairs) -> bool:
        return bool(pairs.free_old() and pairs.free_new())

    def _pair_edited(self, likeness: Likeness) -> None:
        edges = Edges(likeness, self.pairs)
        for _ in range(_ROUNDS):
            known = len(self.pairs)
            self._follow_parts(likeness, edges)
            pair_near(likeness, edges, self.pairs)
            pair_alike(self.old.texts, self.new.texts, self.pairs)
            if len(self.pairs) == known:
                break
            edges = Edges(likeness, self.pairs)
        self.alike = {(i, j): likeness.score(i, j) for i, j in self.pairs if self.old.texts[i] != self.new.texts[j]}
        self._relate(
            RelationKind.ALIKE,
            self.present,
            dict.fromkeys((*left_alike(self.old.texts, self.new.texts, self.pairs), *_left_near(likeness, edges, self.pairs))),
        )

    def _follow_parts(self, likeness: Likeness, edges: Edges) -> None:
        """Of every sentence that was split, and of every one that was made of several, let one part be the claim and relate the others to it."""
        for split in splits(likeness, edges, self.pairs):
            self.pairs.join(split.whole, split.main)
            self.pairs.aside_new.update(split.others)
            self._relate(RelationKind.SPLIT, self.present, ((split.whole, part) for part in split.others))
        for merged in merges(likeness, edges, self.pairs):
            self.pairs.join(merged.main, merged.whole)
            self.pairs.aside_old.update(merged.others)
            self._relate(RelationKind.MERGED, self.present, ((part, merged.whole) for part in merged.others))

    def _relate(self, kind: RelationKind, held: Sequence[Held], related: Iterable[tuple[int, int]]) -> None:
        self.relations.extend(Relation(kind, held[i].id, j) for i, j in related)

    def matches(self) -> Iterator[Match]:
        """What each claim of the new reading turned out to be."""
        staying = {new for _, new in in_order([*self.pairs])}
        for j, claim in enumerate(self.claims):
            i, lost = self.pairs.of_new[j], self.back.of_new[j]
            if i is not None:
                yield self._match(claim, self.present[i], self.alike.get((i, j), _ALMOST), moved=j not in staying)
            elif lost is not None:
                yield self._match(claim, self.away[lost], _REVIVED, returned=True)
            else:
                yield Match(claim, None, BaselineState.NEW)

    @staticmethod
    def _match(claim: Claim, held: Held, alike: float, *, moved: bool = False, returned: bool = False) -> Match:
        if held.claim.text == claim.text:
            return Match(claim, held.id, BaselineState.UNCHANGED, held.claim, 1.0, returned, moved)
        return Match(claim, held.id, BaselineState.UPDATED, held.claim, min(alike, _ALMOST), returned, moved)


def _side(claims: Iterable[Claim]) -> Side:
    return Side([claim.text for claim in claims])


def _signless(side: Side, free: Iterable[int]) -> list[tuple[str, ...] | None]:
    """The words of the free ones, without case and punctuation; None for the others, and where there are none."""
    keys: list[tuple[str, ...] | None] = [None] * len(side.texts)
    for position in free:
        keys[position] = side.words(position).order or None
    return keys


def _left_near(likeness: Likeness, edges: Edges, pairs: Pairs) -> Iterator[tuple[int, int]]:
    """The free ones that are alike, or are each other's twins but for a number: to each old one the few most like it."""
    for i in sorted(edges.of_old):
        near = [j for score, j in edges.of_old[i] if pairs.is_free(i, j) and (score >= _ALIKE or numbers_only(likeness, i, j))]
        yield from ((i, j) for j in near[:_MOST_ALIKE])
