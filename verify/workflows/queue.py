"""The queue: who looks at which claim next. A claim is leased for a time, so that nobody else is handed it; it may be given to somebody, or passed
over. A decision ends the lease of whoever made it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from verify.errors import UsageError
from verify.model import Dossier
from verify.store import Connection, Ledger, claims, queue, trail
from verify.store.queue import URGENCIES, Assignment, Lease
from verify.terminal import one_line

from .clock import now
from .decide import held_dossier
from .targets import named_document

WEIGHTS: Mapping[str, float] = {
    "tagged": 64,
    "flagged": 64,
    "contradicted": 32,
    "disagreement": 16,
    "uncited": 8,
    "stale": 4,
    "covered": 1,
}
"""What makes a claim urgent, each word worth more than all after it: tagged first, then contradicted, uncited, stale; of equals the oldest."""

_DURATION = re.compile(r"(\d{1,6}) ?(s|m|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Handed:
    """A claim that was handed out: its dossier, and the lease on it."""

    dossier: Dossier
    lease: Lease


def duration(text: str) -> timedelta:
    """Read "30m", "2h", "1d" or "45s". Raises UsageError for anything else, and for no time at all."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise UsageError(f"{one_line(text)!r} is no duration: write 45s, 30m, 2h or 1d")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def weights_of(text: str) -> dict[str, float]:
    """Read weights as settings have them, "tagged=64, stale=100", over those that hold otherwise. Raises UsageError for an unknown word."""
    weights = dict(WEIGHTS)
    for part in filter(None, (part.strip() for part in text.split(","))):
        word, _, number = (piece.strip() for piece in part.partition("="))
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if word not in URGENCIES or not 0 <= value < float("inf"):
            raise UsageError(f"{one_line(part)!r} is no weight of the queue; they are: {', '.join(f'{w}=NUMBER' for w in URGENCIES)}")
        weights[word] = value
    return weights


def hand_out(
    ledger: Ledger, *, reviewer: str, lease: timedelta, weights: Mapping[str, float], document: str = "", second: bool = False
) -> Handed | None:
    """Lease the most urgent claim that nobody else holds to a reviewer; the one they hold already comes first. None where nothing is left."""
    at = now()
    with ledger.write() as connection:
        if document:
            named_document(connection, document)
        chosen = queue.most_urgent(connection, reviewer, at=at, weights=weights, document=document, second=second)
        if not chosen:
            return None
        taken = queue.take(connection, chosen[0], reviewer, at=at, until=at + lease)
        if taken is None:
            raise RuntimeError(f"claim {chosen[0]} was free, and its lease was not")
        trail.append(
            connection,
            at=at,
            reviewer=reviewer,
            action="claim.leased",
            subject=f"claim:{taken.claim_id}",
            payload={"claim": taken.claim_id},
        )
        return Handed(held_dossier(connection, taken.claim_id), taken)


def upcoming(
    connection: Connection, *, reviewer: str, weights: Mapping[str, float], limit: int, document: str = "", second: bool = False
) -> list[Dossier]:
    """Give the claims that a reviewer would be handed, most urgent first, without leasing any."""
    if document:
        named_document(connection, document)
    ids = queue.most_urgent(connection, reviewer, at=now(), weights=weights, document=document, second=second, limit=limit)
    held = {dossier.id: dossier for dossier in claims.dossiers(connection, claims.ClaimQuery(claim_ids=tuple(ids)))} if ids else {}
    return [held[claim_id] for claim_id in ids]


def assign(ledger: Ledger, claim_ids: Sequence[int], *, to: str, reviewer: str, note: str = "") -> list[int]:
    """Give claims to a reviewer, in place of whoever had them, also one that they passed over. All or none; raises UsageError for an unknown claim."""
    if not to.strip():
        raise UsageError("an assignment needs a reviewer: --to NAME")
    at = now()
    with ledger.write() as connection:
        for claim_id in dict.fromkeys(claim_ids):
            held_dossier(connection, claim_id)
            queue.assign(connection, claim_id, to, by=reviewer, at=at, note=note)
            queue.end_skips(connection, [claim_id], to)
            payload = {"claim": claim_id, "to": to, "note": note}
            trail.append(connection, at=at, reviewer=reviewer, action="claim.assigned", subject=f"claim:{claim_id}", payload=payload)
    return list(dict.fromkeys(claim_ids))


def skip(ledger: Ledger, claim_ids: Sequence[int], *, reviewer: str, reason: str = "") -> list[int]:
    """Pass claims over: the reviewer's leases and assignments of them end, and they are not handed to them again. Raises UsageError for an unknown claim."""
    at, chosen = now(), list(dict.fromkeys(claim_ids))
    with ledger.write() as connection:
        for claim_id in chosen:
            held_dossier(connection, claim_id)
            queue.end_leases(connection, [claim_id], reviewer)
            queue.end_assignments(connection, [claim_id], reviewer)
            queue.skip(connection, claim_id, reviewer, at=at, reason=reason)
            payload = {"claim": claim_id, "reason": reason}
            trail.append(connection, at=at, reviewer=reviewer, action="claim.skipped", subject=f"claim:{claim_id}", payload=payload)
    return chosen


def release(ledger: Ledger, claim_ids: Sequence[int], *, reviewer: str, whose: str = "") -> list[int]:
    """Give claims back to everybody: leases, assignments and passes of a reviewer, one's own unless another is named, end. Without ids, all that the
    reviewer holds. Gives the claims that were held; raises UsageError where a claim named was not."""
    at, holder = now(), whose or reviewer
    with ledger.write() as connection:
        chosen = list(dict.fromkeys(claim_ids)) or queue.leased_by(connection, holder)
        held = sorted(set().union(*(end(connection, chosen, holder) for end in (queue.end_leases, queue.end_assignments, queue.end_skips))))
        if missing := [str(claim_id) for claim_id in chosen if claim_id not in held]:
            raise UsageError(f"{one_line(holder)} does not hold claim {', '.join(missing)}; --whose NAME releases another reviewer's")
        if held:
            payload = {"claims": held, "whose": holder}
            trail.append(connection, at=at, reviewer=reviewer, action="claims.released", subject="queue", payload=payload)
        return held


def holders(connection: Connection, claim_id: int) -> tuple[Lease | None, Assignment | None]:
    """Who has a claim now: the lease on it that still runs, and to whom it was given."""
    return queue.lease_on(connection, claim_id, at=now()), queue.assignment_of(connection, claim_id)
