"""The places where a source does not say what a claim says, as cues that a person can look at.

A passage of nearly the same words is compared word by word. Else only what stands out is named: denials, names and words that no passage has,
hedges. Numbers, dates and units are compared by a part of their own, before and without any score.
"""

from collections.abc import Iterable, Iterator

from verify.model.assessment import Cue, CueKind

from .differences import differing, kind_of
from .figures import agreed, figure_cues
from .grounding import HELD
from .hedges import hedges, hedging
from .hits import cover
from .reading import Reading
from .words import Word

_ALTERING = frozenset({CueKind.NUMBER, CueKind.DATE, CueKind.UNIT, CueKind.NAME, CueKind.ROLE, CueKind.NEGATION})

_DENIABLE = 0.5
"""The cover that the first passage must reach before a lone negation is held against the claim: else it speaks of something else."""
_MOST_MISSING = 6


def cues(reading: Reading) -> tuple[Cue, ...]:
    """All cues of a reading, in the order of the claim's words; one cue for each place and kind."""
    told = [*(differing(reading) if reading.close else _loose(reading)), *_hedged(reading)]
    return tuple(sorted({(c.kind, c.start): c for c in told}.values(), key=lambda c: (c.start, c.end)))


def altering(reading: Reading, told: Iterable[Cue]) -> list[Cue]:
    """The cues that keep a claim from being called supported.

    Where a passage says nearly the same words, a hedge in between counts as well; a name that is merely left out there does not: it stands in the
    sentence before, or is a forename. Of the 34 such claims of FeverSymmetric and WiCE, 27 are supported; of the 86 with something else in its
    place, 23.
    """
    if not reading.close:
        return [cue for cue in told if cue.kind in _ALTERING]
    between = any(hedging(word) for difference in reading.alignment.differences for word in difference.found)
    return [
        cue
        for cue in told
        if (cue.kind in _ALTERING and (cue.kind is not CueKind.NAME or cue.found)) or (cue.kind is CueKind.HEDGE and between)
    ]


def as_told(reading: Reading, found: Iterable[Cue]) -> tuple[Cue, ...]:
    """The cues as a person reads them: a number that is a part of a date, or of an amount with its unit, is told as the whole that differs, so that
    "8 December" against "7 December" is a date and not the number 8. What a verdict and a score are made of are the words one by one."""
    wholes = [cue for cue in figure_cues(reading.figures, reading.nearest) if cue.found and cue.kind is not CueKind.NUMBER]

    def told(cue: Cue) -> Cue:
        holding = (whole for whole in wholes if whole.start <= cue.start < whole.end)
        return next(holding, cue) if cue.kind is CueKind.NUMBER else cue

    return tuple(dict.fromkeys(map(told, found)))


def _loose(reading: Reading) -> Iterator[Cue]:
    """What stands out where the source speaks in other words."""
    yield from _denials(reading)
    yield from figure_cues(reading.figures, reading.nearest)
    for said in _unheld(reading):
        kind = kind_of(said[0])
        yield reading.cue(kind, said, [], _WHY.get(kind, "no passage has this word"))


_WHY = {CueKind.NAME: "no passage has this name", CueKind.NUMBER: "no passage has this number", CueKind.DATE: "no passage has this date"}


def _denials(reading: Reading) -> Iterator[Cue]:
    denied, claim = reading.denial, reading.claim
    if cover(claim, reading.found, [reading.picked[0].number]) < _DENIABLE:
        return
    for word in denied.said:
        yield reading.cue(CueKind.NEGATION, [word], [], "the claim denies; the passage does not", reading.nearest)
    for word in denied.found[:1]:
        yield reading.cue(CueKind.NEGATION, [], [word], "the passage denies; the claim does not", reading.nearest)
    for word, facing in denied.opposites:
        yield reading.cue(CueKind.NEGATION, [word], [facing], "the passage says the opposite", reading.nearest)


def _hedged(reading: Reading) -> Iterator[Cue]:
    """The first word by which the passage holds back and the claim does not."""
    passage = reading.source.words(reading.picked[reading.nearest].number)
    for word in hedges(reading.claim.words, passage)[:1]:
        yield reading.cue(CueKind.HEDGE, [], [word], "the passage holds back; the claim does not", reading.nearest)


def _unheld(reading: Reading) -> Iterable[list[Word]]:
    """The claim's words that no picked passage has, names that stand side by side together; light words are left out."""
    picked = [f.number for f in reading.picked]
    words = {word.start: word for word in reading.claim.words}
    groups: list[list[Word]] = []
    last = -2
    for i, (term, places, ground) in enumerate(zip(reading.claim.terms, reading.found, reading.grounds, strict=True)):
        if term.light or ground >= HELD or any(n in places for n in picked) or term.form.root in reading.claim.title:
            continue
        if agreed(reading.figures, term.start):
            continue
        if term.name and last == i - 1 and groups and kind_of(groups[-1][-1]) is CueKind.NAME:
            groups[-1].append(words[term.start])
        else:
            groups.append([words[term.start]])
        last = i
    return groups[:_MOST_MISSING]
