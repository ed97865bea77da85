"""Two revisions laid side by side: which claims stayed, changed, moved, came and went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from verify.model import BaselineState, ClaimChange, ClaimRelation, Standing

from .reconcile.pairs import in_order
from .wording import word_changes


def compare(
    before: Sequence[Standing],
    after: Sequence[Standing],
    relations: Iterable[ClaimRelation] = (),
    decided: frozenset[int] = frozenset(),
) -> tuple[ClaimChange, ...]:
    """Give what became of the claims of one revision in another, in the order of the later one; a claim that is gone follows the one that it stood
    behind. `decided` are the ids of claims with a decision."""
    held = {standing.claim_id: standing for standing in before}
    stayed = [standing.claim_id for standing in after if standing.claim_id in held]
    still = in_order([(held[claim_id].ordinal, place) for place, claim_id in enumerate(stayed)])
    moved = set(stayed) - {stayed[place] for _, place in still}
    related = _by_claim(relations)
    gone = _gone_behind(before, {standing.claim_id for standing in after})
    changes = [_absent(standing, related, decided) for standing in gone.get(0, ())]
    for standing in after:
        then = held.get(standing.claim_id)
        changes.append(
            _change(then, standing, standing.claim_id in moved, related.get(standing.claim_id, ()), standing.claim_id in decided)
        )
        changes += [_absent(left, related, decided) for left in gone.get(standing.claim_id, ())]
    return tuple(changes)


def _change(before: Standing | None, after: Standing, moved: bool, relations: Iterable[ClaimRelation], decided: bool) -> ClaimChange:
    if before is None:
        return ClaimChange(BaselineState.NEW, None, after, relations=tuple(relations), decided=decided)
    recited = before.reference_ids != after.reference_ids
    same = before.text == after.text
    state = BaselineState.UNCHANGED if same and not recited else BaselineState.UPDATED
    words = () if same else word_changes(before.text, after.text)
    return ClaimChange(state, before, after, words, moved, recited, decided, tuple(relations))


def _absent(standing: Standing, related: Mapping[int, list[ClaimRelation]], decided: frozenset[int]) -> ClaimChange:
    relations = tuple(related.get(standing.claim_id, ()))
    return ClaimChange(BaselineState.ABSENT, standing, None, relations=relations, decided=standing.claim_id in decided)


def _by_claim(relations: Iterable[ClaimRelation]) -> dict[int, list[ClaimRelation]]:
    found: defaultdict[int, list[ClaimRelation]] = defaultdict(list)
    for relation in relations:
        for claim_id in {relation.claim_id, relation.other_id}:
            found[claim_id].append(relation)
    return found


def _gone_behind(before: Sequence[Standing], present: set[int]) -> dict[int, list[Standing]]:
    """The claims that are gone, by the last one before each that stayed; 0 for those at the head."""
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    last = 0
    for standing in before:
        if standing.claim_id in present:
            last = standing.claim_id
        else:
            found[last].append(standing)
    return found
