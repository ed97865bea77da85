"""Flag and unflag: a person's own reason to review a claim, and its settling."""

from collections.abc import Sequence

from verify.errors import UsageError
from verify.model import Flag, FlagOrigin
from verify.store import Ledger, decisions, trail

from .clock import now
from .decide import held_dossier

REVIEW = "review"
"""Name of a flag that a person raises without naming a cleanup tag."""


def flag(ledger: Ledger, claim_ids: Sequence[int], *, reason: str, reviewer: str, name: str = REVIEW) -> list[Flag]:
    """Raise a flag on claims, all or none. Raises UsageError for an empty reason or an unknown claim."""
    if not reason.strip():
        raise UsageError("a flag needs its reason: add --reason TEXT")
    raised, at = [], now()
    with ledger.write() as connection:
        for claim_id in dict.fromkeys(claim_ids):
            held_dossier(connection, claim_id)
            new = decisions.raise_flag(connection, claim_id, name=name, reason=reason, reviewer=reviewer, at=at)
            trail.append(
                connection,
                at=at,
                reviewer=reviewer,
                action="claim.flagged",
                subject=f"claim:{claim_id}",
                payload={"claim": claim_id, "flag": new.id, "name": name, "reason": reason},
            )
            raised.append(new)
    return raised


def unflag(ledger: Ledger, claim_id: int, *, reviewer: str, name: str = "", note: str = "") -> list[Flag]:
    """Resolve a claim's open flags: those that persons raised, or, with `name`, those of that name, a tag's among them.

    Raises UsageError where none is open. The flags stay in the ledger as resolved.
    """
    at = now()
    with ledger.write() as connection:
        dossier = held_dossier(connection, claim_id)
        chosen = [f for f in dossier.open_flags if (f.name == name if name else f.origin is FlagOrigin.PERSON)]
        if not chosen:
            held = ", ".join(sorted({f.name for f in dossier.open_flags}))
            hint = f"; open: {held} (name it with --flag)" if held else ""
            raise UsageError(f"claim {claim_id} has no such open flag{hint}")
        resolved = decisions.resolve_flags(connection, claim_id, ids=[f.id for f in chosen], reviewer=reviewer, at=at, resolution=note)
        trail.append(
            connection,
            at=at,
            reviewer=reviewer,
            action="flag.resolved",
            subject=f"claim:{claim_id}",
            payload={"claim": claim_id, "flags": [f.id for f in chosen], "names": [f.name for f in chosen], "note": note},
        )
        return resolved
