"""What the sources' new texts do to the work that was done on the old ones: which decisions are stale by them, and how their quotes stand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from verify.claims.wording import word_changes
from verify.errors import UsageError
from verify.model import Dossier, Source, WordChange, Wording, standing_decisions
from verify.store import Connection, claims, snapshots, sources
from verify.store.claims import ClaimQuery
from verify.store.snapshots import SnapshotFacts
from verify.terminal import one_line

_AGE = re.compile(r"(\d{1,5})\s*([hdw]?)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "": timedelta(days=1)}
_LONGEST = 2_000_000
_AROUND = 80
"""Characters that are given of what stayed, on either side of a change."""


@dataclass(frozen=True, slots=True)
class TextChanges:
    """What changed in the text of a source between two of its states, passage by passage."""

    before: SnapshotFacts
    after: SnapshotFacts
    passages: tuple[tuple[WordChange, ...], ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """A claim that a source holds up. `stale` says that its decision stood on another text of that source than the latest."""

    dossier: Dossier
    stale: bool


def touched(connection: Connection, source: Source) -> list[Touched]:
    """Give the claims that a source holds up, in the order of their documents."""
    served = sources.claims_served(connection, source.id)
    found = claims.dossiers(connection, ClaimQuery(claim_ids=tuple(served))) if served else []
    return [Touched(dossier, _is_stale_by(dossier, source)) for dossier in found]


def latest_of(connection: Connection, source: Source) -> Source:
    """The source as it is held now. Raises UsageError where it is not."""
    found = sources.source_with_id(connection, source.id)
    if found is None:
        raise UsageError(f"there is no source {source.id}")
    return found


def text_changes(connection: Connection, source: Source) -> TextChanges | None:
    """Give what changed in the text of a source between its latest state and the one before; None where it was seen in one state only. Of texts
    beyond two million characters the beginnings are compared."""
    states = snapshots.states_of(connection, source.id)[:2]
    if len(states) < 2:  # noqa: PLR2004 - a change has two sides
        return None
    after, before = (snapshots.text_of(connection, state.id)[:_LONGEST] for state in states)
    return TextChanges(states[1], states[0], tuple(_passages(word_changes(before, after))))


def _passages(changes: Iterable[WordChange]) -> Iterator[tuple[WordChange, ...]]:
    """The changed stretches of a text, each with a few words around it; those close together as one."""
    passage: list[WordChange] = []
    last: WordChange | None = None
    for change in changes:
        if change.kind is not Wording.KEPT:
            if not passage and last:
                passage.append(WordChange(Wording.KEPT, last.text[-_AROUND:]))
            passage.append(change)
        elif passage and len(change.text) > 2 * _AROUND:
            yield (*passage, WordChange(Wording.KEPT, change.text[:_AROUND]))
            passage = []
        elif passage:
            passage.append(change)
        last = change
    if passage:
        yield tuple(passage)


def age_of(text: str) -> timedelta:
    """Read an age: "30d", "12h", "2w", or a number of days. Raises UsageError for anything else."""
    found = _AGE.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"{one_line(text[:50])!r} is no age: write 30d, 12h or 2w")
    return int(found[1]) * _UNITS[found[2]]


def _is_stale_by(dossier: Dossier, source: Source) -> bool:
    standing = standing_decisions(dossier.decisions)
    texts = dict(standing[-1].texts) if standing else {}
    return texts.get(source.canonical, source.snapshot_sha256) != source.snapshot_sha256
