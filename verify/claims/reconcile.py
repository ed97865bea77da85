"""Which claims of a new reading are the ones that the ledger holds: by their exact text, wherever they moved.

Two like sentences are told apart by their neighbours. Where that does not settle which is which, nothing is re-attached: the old ones are gone
and the new ones are new, and a person sees both.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.model import Claim


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`carried` pairs each claim of the new reading with the id it keeps, None for a new one; `gone` are the ids that it lacks."""

    carried: tuple[tuple[int | None, Claim], ...]
    gone: tuple[int, ...]

    @property
    def new(self) -> int:
        """How many claims the ledger did not hold."""
        return sum(claim_id is None for claim_id, _ in self.carried)


def reconcile(held: Sequence[tuple[int, Claim, bool]], claims: Sequence[Claim]) -> Reconciliation:
    """Match the claims held, (id, claim, absent), in document order, with those of a new reading.

    Present ones are matched before absent ones, which come back when their text does.
    """
    kept: dict[int, int] = {}  # index in `claims` -> id
    for absent in (False, True):
        old = [(claim_id, claim.text) for claim_id, claim, was_absent in held if was_absent is absent]
        for key in (_with_neighbours, _alone):
            _match(key([text for _, text in old]), key([c.text for c in claims]), [claim_id for claim_id, _ in old], kept)
    carried = tuple((kept.get(index), claim) for index, claim in enumerate(claims))
    found = set(kept.values())
    return Reconciliation(carried, tuple(claim_id for claim_id, _, absent in held if not absent and claim_id not in found))


def _match(old_keys: Iterable[tuple[str, ...]], new_keys: Iterable[tuple[str, ...]], ids: Sequence[int], kept: dict[int, int]) -> None:
    """Pair what is left under equal keys, in order, where both sides hold equally many."""
    taken = set(kept.values())
    old, new = defaultdict(list), defaultdict(list)
    for index, key in enumerate(old_keys):
        if ids[index] not in taken:
            old[key].append(ids[index])
    for index, key in enumerate(new_keys):
        if index not in kept:
            new[key].append(index)
    for key, indexes in new.items():
        if len(indexes) == len(old.get(key, ())):
            kept.update(zip(indexes, old[key], strict=True))


def _with_neighbours(texts: Sequence[str]) -> list[tuple[str, ...]]:
    framed = ["", *texts, ""]
    return [(framed[i], framed[i + 1], framed[i + 2]) for i in range(len(texts))]


def _alone(texts: Sequence[str]) -> list[tuple[str, ...]]:
    return [(text,) for text in texts]
