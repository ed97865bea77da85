"""Which claims of a new reading are the ones that the ledger holds: by their exact text, wherever they moved.

Two like sentences are told apart by their neighbours: by both, else by the one that stayed, unless the other speaks for another claim. Where
that does not settle which is which, nothing is re-attached: the old ones are gone and the new ones are new, and a person sees both.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify.model import Claim

_Key = tuple[str, ...] | None


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
    new = [claim.text for claim in claims]
    for absent in (False, True):
        ids = [claim_id for claim_id, _, was_absent in held if was_absent is absent]
        old = [claim.text for _, claim, was_absent in held if was_absent is absent]
        kept |= _pairs(_with_neighbours(old), _with_neighbours(new), ids, kept)
        before = _pairs(_after_another(old), _after_another(new), ids, kept)
        after = _pairs(_before_another(old), _before_another(new), ids, kept)
        kept |= _uncontested(before, after)
        kept |= _pairs(_alone(old), _alone(new), ids, kept)
    carried = tuple((kept.get(index), claim) for index, claim in enumerate(claims))
    found = set(kept.values())
    return Reconciliation(carried, tuple(claim_id for claim_id, _, absent in held if not absent and claim_id not in found))


def _pairs(old_keys: Sequence[_Key], new_keys: Sequence[_Key], ids: Sequence[int], kept: Mapping[int, int]) -> dict[int, int]:
    """Pair what is not kept yet under equal keys, in order, where both sides hold equally many. A key that is None pairs with nothing."""
    taken = set(kept.values())
    old, new = defaultdict(list), defaultdict(list)
    for claim_id, key in zip(ids, old_keys, strict=True):
        if key and claim_id not in taken:
            old[key].append(claim_id)
    for index, key in enumerate(new_keys):
        if key and index not in kept:
            new[key].append(index)
    return {i: n for key, indexes in new.items() if len(indexes) == len(old[key]) for i, n in zip(indexes, old[key], strict=True)}


def _uncontested(before: Mapping[int, int], after: Mapping[int, int]) -> dict[int, int]:
    """The pairs of either side that the other side does not give to another claim."""
    pairs = {*before.items(), *after.items()}
    indexes, ids = Counter(index for index, _ in pairs), Counter(claim_id for _, claim_id in pairs)
    return {index: claim_id for index, claim_id in pairs if indexes[index] == ids[claim_id] == 1}


def _with_neighbours(texts: Sequence[str]) -> list[_Key]:
    framed = ["", *texts, ""]
    return [(framed[i], framed[i + 1], framed[i + 2]) for i in range(len(texts))]


def _after_another(texts: Sequence[str]) -> list[_Key]:
    return [tuple(texts[i - 1 : i + 1]) if i else None for i in range(len(texts))]


def _before_another(texts: Sequence[str]) -> list[_Key]:
    return [tuple(texts[i : i + 2]) if i + 1 < len(texts) else None for i in range(len(texts))]


def _alone(texts: Sequence[str]) -> list[_Key]:
    return [(text,) for text in texts]
