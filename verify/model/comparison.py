"""Two revisions of a document, claim by claim: what stayed, changed, moved, came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .ledger import ClaimRelation, Document, Revision
from .vocabulary import BaselineState


class Wording(StrEnum):
    """What became of a stretch of words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class WordChange:
    """A stretch of a claim's words between two revisions: what is kept or removed makes up the old text, what is kept or added the new one."""

    kind: Wording
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim as it stands in one revision. `claim_id` is negative for one that the ledger does not hold yet."""

    claim_id: int
    ordinal: int
    section: str
    text: str
    citation_labels: tuple[str, ...]
    reference_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim in two revisions: `before` is None for a new one, `after` for one that is gone. `words` mark what changed in its text; `moved` says
    that it stands in another place among those that stayed; `recited`, that it cites other references; `decided`, that work was done on it."""

    state: BaselineState
    before: Standing | None
    after: Standing | None
    words: tuple[WordChange, ...] = ()
    moved: bool = False
    recited: bool = False
    decided: bool = False
    relations: tuple[ClaimRelation, ...] = ()

    @property
    def standing(self) -> Standing:
        """The claim as it stands now, or last stood."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a change has a claim on one side at least
        return found

    @property
    def renumbered(self) -> bool:
        """Its citation numbers changed, though the references that it cites did not."""
        both = self.before is not None and self.after is not None
        return both and not self.recited and self.before.citation_labels != self.after.citation_labels  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions of a document, in the order of the later one; claims that are gone stand where they stood. `after` is None for a reading that
    was not kept."""

    document: Document
    before: Revision | None
    after: Revision | None
    changes: tuple[ClaimChange, ...]

    @property
    def counts(self) -> Mapping[BaselineState, int]:
        """How many claims are new, unchanged, updated and absent."""
        found = Counter(change.state for change in self.changes)
        return {state: found[state] for state in BaselineState}

    @property
    def moved(self) -> int:
        """How many claims moved."""
        return sum(change.moved for change in self.changes)
