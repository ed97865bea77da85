"""A claim against a source: a verdict that only suggests, with its score, passages, cues and the claim's words one by one.

Rules stand above the score. A cue for a number, date, name, order of names or negation that differs keeps a claim from `supported` at any score;
where too little of a claim is found, it says so rather than guess. A claim whose own words stand in the source is the one safe high tier.
"""

import re
from collections.abc import Sequence

from verify.model.assessment import Assessment, Cue, CueKind, GroundedWord, Grounding, Passage, Verdict

from .claims import ClaimText
from .cues import altering, as_told, cues
from .features import claim_row
from .grounding import HELD
from .hits import cover
from .reading import Reading, read
from .source import SourceText
from .table import logistic
from .words import Word

NAME, VERSION = "embedded", "1"

SUPPORTED = 0.5
"""The score from which on a claim may be called supported: more likely than not."""
FOUND = 0.35
"""The share of a claim's weight that the passages must have for the source to speak of it at all."""
VERBATIM, DIFFERS = 0.98, 0.49
"""The least score of a claim that stands in a passage word for word, and the most of one that does but for a number, name or negation."""
SHOWN = 0.08
"""The probability from which on a passage is shown; the first always is."""
_SURE = 0.6
_DENYING = frozenset({CueKind.NEGATION, CueKind.ROLE})
_MARGIN = 32


def assess(claim: str, source: SourceText, *, title: str = "", section: str = "", context: str = "") -> Assessment:
    """Read `claim` against `source`. `title`, `section` and `context` are of the claim's own document and may resolve its pronouns."""
    if not any(source.forms):
        return Assessment(NAME, VERSION, Verdict.NO_TEXT, 0.0, why="the source has no words")
    text = ClaimText.of(claim, title=title, section=section, context=context)
    reading = read(text, source) if text.terms else None
    if reading is None:
        why = "no passage shares a word with the claim" if text.terms else "the claim has no words"
        return Assessment(NAME, VERSION, Verdict.NOT_FOUND, 0.0, words=_marks(text, []), why=why)
    return _assessment(reading)


def _assessment(reading: Reading) -> Assessment:
    found = cues(reading)
    altered = altering(reading, found)
    low, high = bounds(reading, altered)
    score = min(high, max(low, logistic("score.json", "claim").probability(claim_row(reading, len(altered)))))
    verdict, why = _verdict(reading, score, altered)
    return Assessment(
        scorer=NAME,
        version=VERSION,
        verdict=verdict,
        score=round(score, 4),
        passages=tuple(_passage(reading, rank) for rank in _shown(reading)),
        cues=as_told(reading, found),
        words=_marks(reading.claim, _groundings(reading, found)),
        verbatim=verbatim(reading),
        why=why,
    )


def bounds(reading: Reading, altered: Sequence[Cue]) -> tuple[float, float]:
    """The least and the most that the score may be: a passage with the claim's very words, or with one of them changed, outweighs the table."""
    if not reading.close:
        return 0.0, 1.0
    return (VERBATIM, 1.0) if verbatim(reading) else (0.0, DIFFERS if altered else 1.0)


def verbatim(reading: Reading) -> bool:
    """Whether the claim's words stand in one passage as they are, none between them, with the same signs on their figures."""
    aligned = reading.alignment
    if aligned.same < 1 or aligned.differences or len(reading.claim.words) < _SENTENCE:
        return False
    there = reading.source.words(aligned.number)[aligned.pairs[0][1] : aligned.pairs[-1][1] + 1]
    here = reading.claim.words
    return _signed(reading.claim.text, here) == _signed(reading.source.text, there)


_SENTENCE = 3
"""Words that a claim needs to stand for more than a name that anybody may have."""
_SIGNS = re.compile(r"[%\u2030$\u20ac\u00a3\u00a5\u20b9\u00b0+<>=\u00b1\u2212]|(?<!\w)-(?=\d)")


def _signed(text: str, words: Sequence[Word]) -> list[str]:
    """The signs of a stretch of text that make another figure: %, $, a minus. Signs of punctuation do not."""
    start, end = words[0].start, words[-1].end
    return _SIGNS.findall(text[max(0, start - 1) : end + 1])


def _verdict(reading: Reading, score: float, altered: Sequence[Cue]) -> tuple[Verdict, str]:
    """The verdict, with one line that says why."""
    covered = cover(reading.claim, reading.found, [f.number for f in reading.picked[:3]])
    if verbatim(reading):
        return Verdict.SUPPORTED, "the claim's words stand in the source as they are"
    if altered:
        cue = as_told(reading, altered)[0]
        told = "; ".join(
            f"{who} {what!r}" for who, what in ((f"likely problem: {cue.kind}", cue.said), ("the source has", cue.found)) if what
        )
        if reading.close and any(c.kind is not CueKind.HEDGE and (c.found or c.kind in _DENYING) for c in altered):
            return Verdict.CONTRADICTED, told
        return (Verdict.PARTIALLY_SUPPORTED, told) if covered >= FOUND else (Verdict.NOT_FOUND, f"{covered:.0%} of the claim found; {told}")
    if score >= SUPPORTED:
        return (
            Verdict.SUPPORTED,
            "a passage says nearly the same words" if reading.close else f"words found: {covered:.0%} of the claim by weight",
        )
    if covered >= FOUND:
        return Verdict.PARTIALLY_SUPPORTED, f"needs reading: {covered:.0%} of the claim found by weight"
    return Verdict.NOT_FOUND, f"{covered:.0%} of the claim found by weight"


def _shown(reading: Reading) -> list[int]:
    """The ranks of the passages to show: those that may be evidence, and the one that was compared with."""
    return [rank for rank, f in enumerate(reading.picked) if f.probability >= SHOWN or rank <= reading.nearest]


def _passage(reading: Reading, rank: int) -> Passage:
    picked, text = reading.picked[rank], reading.source.text
    start, end = reading.source.spans[picked.number]
    return Passage(
        text[start:end], text[max(0, start - _MARGIN) : start], text[end : end + _MARGIN], start, end, round(picked.probability, 4)
    )


def _groundings(reading: Reading, found: Sequence[Cue]) -> list[Grounding]:
    """A mark for each term. In a passage of nearly the same words only what a cue points at is in doubt."""
    pointed = [(cue.start, cue.end) for cue in found if cue.kind is not CueKind.HEDGE]
    picked = [f.number for f in reading.picked]
    marks = []
    for term, places, ground in zip(reading.claim.terms, reading.found, reading.grounds, strict=True):
        if any(start <= term.start < end for start, end in pointed):
            marks.append(Grounding.ABSENT)
        elif reading.close or (ground >= _SURE and places):
            marks.append(Grounding.SUPPORTED)
        else:
            marks.append(Grounding.WEAK if ground >= HELD or any(n in places for n in picked) else Grounding.ABSENT)
    return marks


def _marks(claim: ClaimText, groundings: Sequence[Grounding]) -> tuple[GroundedWord, ...]:
    told = groundings or [Grounding.ABSENT] * len(claim.terms)
    return tuple(GroundedWord(term.start, term.end, grounding) for term, grounding in zip(claim.terms, told, strict=True))
