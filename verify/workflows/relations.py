"""Claims that became others: what people did on a claim follows it to both sides of a split or a merger, where a person looks at it again.

Runs in `ingest`'s transaction. A decision that follows was made on other words, and so is stale on its new side; nothing is taken from the old one.
"""

from collections.abc import Collection, Sequence

from verify.model import Dossier, Flag, FlagOrigin, RelationKind
from verify.store import Connection, claims, decisions, readings, sources


def follow_relations(connection: Connection, revision_id: int, related: Sequence[tuple[RelationKind, int, int]]) -> None:
    """Keep what claims of a revision are to those before, (kind, the claim that stands, the other one), and let work follow a split or a merger.

    Claims that are only alike get nothing: which is which is for a person to say. Nor does a relation that another reading of the revision found
    already: what people did there since is theirs.
    """
    fresh = readings.write_relations(connection, revision_id, related)
    became = [(claim_id, other_id) for kind, claim_id, other_id in fresh if kind is not RelationKind.ALIKE]
    worked = _worked_on(connection, {other_id for _, other_id in became})
    for claim_id, other_id in became:
        if other_id in worked:
            _carry(connection, worked[other_id], claim_id)


def _worked_on(connection: Connection, claim_ids: Collection[int]) -> dict[int, Dossier]:
    """Those of many claims on which people did what follows them: a few queries for all, as most were never touched."""
    if not claim_ids:
        return {}
    held = claims.iter_dossiers(connection, claims.ClaimQuery(claim_ids=tuple(claim_ids), absent=None))
    return {each.id: each for each in held if each.decisions or _flags_of_persons(each) or any(not link.label for link in each.links)}


def _carry(connection: Connection, before: Dossier, to_claim: int) -> None:
    """Let decision, sources, quotes and persons' flags of one claim follow to another; a decision only where that has none of its own."""
    after = claims.dossier(connection, to_claim)
    if after is None:
        return
    if not after.decisions:
        decisions.carry_decision(connection, before.id, to_claim)
    sources.carry_links(connection, before.id, to_claim)
    held = {(flag.name, flag.reason) for flag in after.open_flags}
    for flag in _flags_of_persons(before):
        if (flag.name, flag.reason) not in held:
            decisions.raise_flag(connection, to_claim, name=flag.name, reason=flag.reason, reviewer=flag.reviewer, at=flag.raised_at)


def _flags_of_persons(dossier: Dossier) -> list[Flag]:
    return [flag for flag in dossier.open_flags if flag.origin is FlagOrigin.PERSON]
