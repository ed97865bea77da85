"""Decide and undo: a person's status for claims. A decision supersedes the one before and never overwrites it; an undo is an entry of its own.

A second opinion stands beside the first decision; where the two differ, the claim is disputed until somebody settles it, and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from verify.errors import UsageError
from verify.model import Decision, Dossier, Status, stale_why, status_of
from verify.store import Connection, Ledger, claims, decisions, queue, trail
from verify.terminal import one_line

from .clock import now


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim's decision, and the status that it had before and has now."""

    claim_id: int
    decision: Decision
    before: Status
    after: Status


class Role(StrEnum):
    """What a decision is to those before: the first or a new one, a second opinion, or the settling of a dispute."""

    FIRST = "first"
    SECOND = "second"
    SETTLING = "settling"


_ACTIONS = {Role.FIRST: "decision.made", Role.SECOND: "decision.seconded", Role.SETTLING: "decision.settled"}


def status_named(text: str) -> Status:
    """Read a status, also with spaces or hyphens. Raises UsageError naming the near or all ones; `unverified` is what `undo` is for."""
    word = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if word in set(Status) - {Status.UNVERIFIED}:
        return Status(word)
    if word == Status.UNVERIFIED:
        raise UsageError("unverified is where a claim starts; `verify undo` takes a decision back")
    near = get_close_matches(word, [str(s) for s in Status if s is not Status.UNVERIFIED], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f"unknown status {one_line(text)!r}; {hint}there are: {', '.join(s for s in Status if s is not Status.UNVERIFIED)}")


def decide(
    ledger: Ledger, claim_ids: Sequence[int], status: Status, *, reviewer: str, note: str = "", role: Role = Role.FIRST
) -> list[Decided]:
    """Record a status for claims, all or none. Raises UsageError for an unknown claim, for `unverifiable` and a settlement without a note, and
    where the role does not fit what was decided before."""
    if status is Status.UNVERIFIABLE and not note.strip():
        raise UsageError("unverifiable needs its reason: add --note TEXT")
    if role is Role.SETTLING and not note.strip():
        raise UsageError("to settle a dispute takes a reason: add --note TEXT")
    with ledger.write() as connection:
        held = [held_dossier(connection, claim_id) for claim_id in dict.fromkeys(claim_ids)]
        for dossier in held:
            _check_role(dossier, role, reviewer)
        return [_decide(connection, dossier, status, reviewer, note, role) for dossier in held]


def undo(ledger: Ledger, *, reviewer: str, claim_id: int | None = None, note: str = "") -> Decided:
    """Take back the last decision that stands, of one claim or of the ledger. Raises UsageError where none does."""
    with ledger.write() as connection:
        if claim_id is not None:
            held_dossier(connection, claim_id)
        last = decisions.last_decision(connection, claim_id)
        if last is None:
            raise UsageError("there is no decision to take back" + (f" on claim {claim_id}" if claim_id is not None else ""))
        return _undo(connection, *last, reviewer, note)


def held_dossier(connection: Connection, claim_id: int) -> Dossier:
    """The dossier of a claim. Raises UsageError where there is no such claim."""
    dossier = claims.dossier(connection, claim_id)
    if dossier is None:
        raise UsageError(f"there is no claim {claim_id}; `verify list --all` shows the ids")
    return dossier


def _check_role(dossier: Dossier, role: Role, reviewer: str) -> None:
    """Refuse an opinion that does not fit: a second one without a first, on one's own, or on one that is stale; a settlement without a dispute;
    and a plain decision over one."""
    first, claim = dossier.first_opinion, f"claim {dossier.id}"
    if role is Role.SECOND:
        if first is None:
            raise UsageError(f"nobody decided on {claim} yet: leave --second out")
        if dossier.stale:
            raise UsageError(f"the decision on {claim} is stale ({stale_why(dossier)}): decide anew, without --second")
        if reviewer in {decision.reviewer for decision in (first, *dossier.second_opinions)}:
            raise UsageError(f"{one_line(reviewer)} has decided on {claim} already: a second opinion is another reviewer's (--as NAME)")
    elif role is Role.SETTLING and not dossier.disagreement:
        raise UsageError(f"there is no dispute on {claim} to settle: leave --adjudicate out")
    elif role is Role.FIRST and dossier.disagreement:
        raise UsageError(f"reviewers disagree on {claim} ({_opinions(dossier)}): settle it with --adjudicate and --note TEXT")


def _opinions(dossier: Dossier) -> str:
    first = dossier.first_opinion
    return ", ".join(f"{one_line(d.reviewer)}: {d.status}" for d in (*([first] if first else ()), *dossier.second_opinions))


def _decide(connection: Connection, dossier: Dossier, status: Status, reviewer: str, note: str, role: Role) -> Decided:
    at, first = now(), dossier.first_opinion
    seconds = first.id if first and role is Role.SECOND else None
    settles = first.id if first and role is Role.SETTLING else None
    decision = decisions.add_decision(
        connection, dossier.id, status=status, reviewer=reviewer, note=note, at=at, seconds=seconds, settles=settles
    )
    after = status_of((*dossier.decisions, decision))
    queue.end_leases(connection, [dossier.id], reviewer)
    queue.end_assignments(connection, [dossier.id], reviewer)
    payload = {
        "claim": dossier.id,
        "decision": decision.id,
        "status": str(status),
        "before": str(dossier.status),
        "after": str(after),
        "note": note,
    }
    trail.append(connection, at=at, reviewer=reviewer, action=_ACTIONS[role], subject=f"claim:{dossier.id}", payload=payload)
    return Decided(dossier.id, decision, dossier.status, after)


def _undo(connection: Connection, claim_id: int, taken_back: Decision, reviewer: str, note: str) -> Decided:
    at = now()
    entry = decisions.undo_decision(connection, claim_id, taken_back.id, reviewer=reviewer, note=note, at=at)
    payload = {
        "claim": claim_id,
        "decision": entry.id,
        "undoes": taken_back.id,
        "status": str(entry.status),
        "before": str(taken_back.status),
        "note": note,
    }
    trail.append(connection, at=at, reviewer=reviewer, action="decision.undone", subject=f"claim:{claim_id}", payload=payload)
    return Decided(claim_id, entry, taken_back.status, entry.status)
