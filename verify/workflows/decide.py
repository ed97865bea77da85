"""Decide and undo: a person's status for claims. A decision supersedes the one before and never overwrites it; an undo is an entry of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from verify.errors import UsageError
from verify.model import Decision, Dossier, Status, sha256_of
from verify.store import Connection, Ledger, claims, decisions, trail
from verify.terminal import one_line

from .clock import now


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim's decision, and the status that it had before."""

    claim_id: int
    decision: Decision
    before: Status


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


def decide(ledger: Ledger, claim_ids: Sequence[int], status: Status, *, reviewer: str, note: str = "") -> list[Decided]:
    """Record a status for claims, all or none. Raises UsageError for an unknown claim, and for `unverifiable` without a note."""
    if status is Status.UNVERIFIABLE and not note.strip():
        raise UsageError("unverifiable needs its reason: add --note TEXT")
    with ledger.write() as connection:
        return [_decide(connection, held_dossier(connection, claim_id), status, reviewer, note) for claim_id in dict.fromkeys(claim_ids)]


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


def _decide(connection: Connection, dossier: Dossier, status: Status, reviewer: str, note: str) -> Decided:
    at = now()
    decision = decisions.add_decision(connection, dossier.id, status=status, reviewer=reviewer, note=note, at=at)
    payload = {
        "claim": dossier.id,
        "decision": decision.id,
        "status": str(status),
        "before": str(dossier.status),
        "note": note,
        "text_sha256": sha256_of(dossier.claim.text),
        "citation_labels": list(dossier.claim.citation_labels),
        "evidence": [e.id for e in dossier.evidence],
    }
    trail.append(connection, at=at, reviewer=reviewer, action="decision.made", subject=f"claim:{dossier.id}", payload=payload)
    return Decided(dossier.id, decision, dossier.status)


def _undo(connection: Connection, claim_id: int, taken_back: Decision, reviewer: str, note: str) -> Decided:
    at = now()
    entry = decisions.add_decision(connection, claim_id, reviewer=reviewer, note=note, at=at, undoes=taken_back.id)
    payload = {
        "claim": claim_id,
        "decision": entry.id,
        "undoes": taken_back.id,
        "status": str(entry.status),
        "before": str(taken_back.status),
        "note": note,
    }
    trail.append(connection, at=at, reviewer=reviewer, action="decision.undone", subject=f"claim:{claim_id}", payload=payload)
    return Decided(claim_id, entry, taken_back.status)
