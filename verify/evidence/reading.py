"""A claim read against a source: everything that the score, the cues and the verdict are made of, worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass

from verify.model.assessment import Cue, CueKind

from .alignment import CLOSE, Alignment, align
from .claims import ClaimText
from .figures import compared
from .grounding import ground
from .hits import Hits, hits
from .negation import Denial, denial
from .picking import Found
from .quantities import Comparison
from .search import find_passages
from .source import SourceText
from .words import Word

_ALIGNED = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The claim, the passages picked for it, and how they hold it up. `grounds` is a probability for each term."""

    claim: ClaimText
    source: SourceText
    found: Hits
    picked: list[Found]
    grounds: list[float]
    alignment: Alignment
    denial: Denial
    figures: tuple[Comparison, ...]

    @property
    def close(self) -> bool:
        """Whether a passage says nearly the same words."""
        return self.alignment.same >= CLOSE

    @property
    def nearest(self) -> int:
        """The rank, among those picked, of the passage to compare with: the one of nearly the same words, else the likeliest."""
        return self.alignment.rank if self.close else 0

    def cue(self, kind: CueKind, said: Sequence[Word], found: Sequence[Word], why: str, passage: int = -1) -> Cue:
        """Point at words of the claim (may be none) and at what stands in the source in their place (may be nothing)."""
        start, end = (said[0].start, said[-1].end) if said else (0, 0)
        there = self.source.text[found[0].start : found[-1].end] if found else ""
        return Cue(kind, start, end, self.claim.text[start:end], there, passage, why)


def read(claim: ClaimText, source: SourceText) -> Reading | None:
    """Read a claim against a source; None where no passage shares a word with it."""
    found = hits(claim, source)
    picked = find_passages(claim, source, found)
    alignment = align(claim, source, picked[:_ALIGNED])
    if alignment is None:
        return None
    return Reading(
        claim=claim,
        source=source,
        found=found,
        picked=picked,
        grounds=ground(claim, source, found, picked),
        alignment=alignment,
        denial=denial(claim.words, source.words(alignment.number if alignment.same >= CLOSE else picked[0].number)),
        figures=compared(claim, source, picked),
    )
