"""The figures of a claim against the passages picked for it: the part for quantities, asked about this claim."""

from collections.abc import Sequence

from verify.model.assessment import Cue, CueKind

from .claims import ClaimText
from .picking import Found
from .quantities import Comparison, Kind, Outcome, compare_quantities, find_quantities
from .source import SourceText

DIFFERENT = frozenset({Outcome.DIFFERS, Outcome.UNIT_DIFFERS, Outcome.DIRECTION_DIFFERS})
_DATES = frozenset({Kind.YEAR, Kind.DATE, Kind.TIME_OF_DAY})


def compared(claim: ClaimText, source: SourceText, picked: Sequence[Found]) -> tuple[Comparison, ...]:
    """Compare each figure of the claim with the picked passages, as they follow each other in the source. All of a long source would take ten
    times as long, and its other figures speak of other things."""
    if not find_quantities(claim.text):
        return ()
    numbers = sorted(f.number for f in picked)
    return compare_quantities(claim.text, "\n".join(source.passage(n) for n in numbers))


def kind_of_quantity(comparison: Comparison) -> CueKind:
    """What a cue calls this figure."""
    if comparison.outcome is Outcome.UNIT_DIFFERS:
        return CueKind.UNIT
    return CueKind.DATE if comparison.quantity.kind in _DATES else CueKind.NUMBER


def figure_cues(comparisons: Sequence[Comparison], passage: int) -> list[Cue]:
    """A cue for each figure in whose place the passages have another; `passage` is the rank of the one to look at."""
    return [
        Cue(
            kind_of_quantity(c), c.quantity.start, c.quantity.end, c.quantity.text, c.match.text if c.match else "", passage,
            c.why or "the passage has another figure here",
        )
        for c in comparisons
        if c.outcome in DIFFERENT
    ]  # fmt: skip


def agreed(comparisons: Sequence[Comparison], start: int) -> bool:
    """Whether the word at `start` of the claim belongs to a figure that the passages have, in whatever print."""
    return any(c.outcome is Outcome.AGREES and c.quantity.start <= start < c.quantity.end for c in comparisons)
