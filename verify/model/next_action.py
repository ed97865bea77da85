"""What can be assessed of a claim, and what comes next for it: one action for every claim, a pure rule on its dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from .assessment import Assessment, CueKind, Grounding, KeptAssessment, Verdict
from .ledger import Dossier, Source, SourceLink
from .text import Citation, Claim
from .vocabulary import FlagOrigin, MarkKind, SourceKind, Status

Words = tuple[int, int]
"""A stretch of a claim's text: start and end."""

CLAUSE = 4
"""Words from which on the words that a citation covers make a clause of their own, and absent words in a row make one that is missing. A name or a
date before a marker ("Damascus,[43] the ...") has fewer, and says nothing without the rest of its sentence."""
LONGEST = 5_000
"""Code points of a claim that are assessed at most: what is longer is no sentence, and would take minutes."""
STRONG = 0.8
"""The score from which on a passage is strong enough to decide on; below it there is still something to read."""
_TOUCHING = 3
"""Characters between two markers at most that are printed side by side: "], ["."""
_NEEDS_COPY = ("dead", "paywalled", "blocked", "unreadable", "scan", "too thin", "too large", "no copy")
"""How the reasons begin for which a source's address brings no text, so that another copy is wanted."""


class NextAction(StrEnum):
    """What comes next for a claim."""

    SETTLE_DISPUTE = "settle dispute"
    REVIEW_AGAIN = "review again"
    FIX_NUMBER = "fix number"
    FIX_DATE = "fix date"
    CHECK_NAME = "check name"
    SPLIT_CLAIM = "split claim"
    READ_PASSAGE = "read passage"
    DECIDE = "decide"
    ASSESS = "assess"
    FETCH = "fetch"
    FIND_COPY = "find another copy"
    PROVIDE_TEXT = "provide text"
    FIND_SOURCE = "find source"
    SEE_CITATION = "see later citation"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Ground:
    """What an assessment is made on: one source with text, or those of a group of adjacent citations, and the words `start`..`end` of the claim.
    `cited_for` are the words that the citations stand for, each once; empty where a source is attached to the claim itself."""

    sources: tuple[Source, ...]
    start: int
    end: int
    cited_for: tuple[Words, ...] = ()

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[str, ...], int, int]:
        """What tells it from others: its sources by their canonical names, their snapshots, the words."""
        return tuple(s.canonical for s in self.sources), tuple(s.snapshot_sha256 for s in self.sources), self.start, self.end


def grounds_of(dossier: Dossier) -> tuple[Ground, ...]:
    """Give what can be assessed: each source with text alone, then each group of citations printed side by side, on their texts together.

    A source answers for the words that its citation covers, where these make a clause of their own ("As X advanced,[43] Y was reported": 43 need
    not speak of Y); otherwise, and where it is cited at several places or attached to the claim itself, for the whole claim.
    """
    claim = dossier.claim
    cited = [c for c in claim.citations if c.kind is MarkKind.CITATION]
    readable = [link for link in dossier.links if has_text(link.source)]
    alone = {link.source.canonical: link.source for link in readable}
    grounds = [_ground(claim, (source,), _labels(readable, source), cited) for source in alone.values()]
    for group in _groups(cited):
        labels = {citation.label for citation in group}
        together = {link.source.canonical: link.source for link in readable if link.label in labels}
        if len(together) > 1:
            grounds.append(_ground(claim, tuple(together.values()), labels, group))
    return tuple(grounds)


def has_text(source: Source) -> bool:
    """Whether a text of a source is held."""
    return bool(source.snapshot_sha256) and not source.no_text_why


def covers_part(claim: Claim, start: int, end: int) -> bool:
    """Whether words of a claim stand outside of a stretch of it."""
    return any(c.isalnum() for c in (*claim.text[:start], *claim.text[end:]))


def no_text_of(dossier: Dossier) -> str:
    """Why nothing of a claim can be assessed, in words; empty where something can."""
    if any(has_text(link.source) for link in dossier.links):
        return ""
    if not dossier.links:
        return "no source is attached"
    return "; ".join(dict.fromkeys(link.source.no_text_why or "its text is not held" for link in dossier.links))


def next_action_of(dossier: Dossier) -> NextAction:
    """Say what comes next: what people disagree on or must look at again, then what the machine points at, then what is missing."""
    if dossier.absent:
        return NextAction.NOTHING
    if dossier.disagreement:
        return NextAction.SETTLE_DISPUTE
    if dossier.status is Status.UNVERIFIED:
        return _of_undecided(dossier)
    flagged = any(flag.origin is FlagOrigin.PERSON for flag in dossier.open_flags)
    return NextAction.REVIEW_AGAIN if dossier.stale or flagged else NextAction.NOTHING


def _of_undecided(dossier: Dossier) -> NextAction:
    if dossier.likely_problems:
        return _mending(dossier)
    if not dossier.links:
        return NextAction.SEE_CITATION if dossier.claim.covered else NextAction.FIND_SOURCE
    action = _of_texts(dossier)
    return NextAction.DECIDE if dossier.evidence and action not in _WHATEVER_IS_QUOTED else action


_WHATEVER_IS_QUOTED = (NextAction.SPLIT_CLAIM, NextAction.FIX_NUMBER, NextAction.FIX_DATE)
"""What comes before a decision even where a person has kept a quote."""


def _labels(links: Iterable[SourceLink], source: Source) -> set[str]:
    return {link.label for link in links if link.source.canonical == source.canonical}


def _ground(claim: Claim, sources: tuple[Source, ...], labels: set[str], cited: Sequence[Citation]) -> Ground:
    """The ground of sources that are cited by these labels; an empty label is the claim's own."""
    covered = () if "" in labels else tuple(dict.fromkeys((c.covers_start, c.covers_end) for c in cited if c.label in labels))
    start, end = 0, len(claim.text)
    if len(covered) == 1 and covers_part(claim, *covered[0]) and len(claim.text[slice(*covered[0])].split()) >= CLAUSE:
        start, end = covered[0]
    return Ground(sources, start, min(end, start + LONGEST), covered)


def _groups(cited: Sequence[Citation]) -> Iterator[list[Citation]]:
    """The citations that are printed side by side and cover the same words, two or more at a time."""
    apart = 0
    numbered = [(0, cited[0])] if cited else []
    for before, citation in pairwise(cited):
        same = (before.covers_start, before.covers_end) == (citation.covers_start, citation.covers_end)
        apart += not same or citation.start > before.end + _TOUCHING
        numbered.append((apart, citation))
    for _, group in groupby(numbered, lambda pair: pair[0]):
        side_by_side = [citation for _, citation in group]
        if len(side_by_side) > 1:
            yield side_by_side


_MENDS = {
    CueKind.NUMBER: NextAction.FIX_NUMBER,
    CueKind.UNIT: NextAction.FIX_NUMBER,
    CueKind.DATE: NextAction.FIX_DATE,
    CueKind.NAME: NextAction.CHECK_NAME,
    CueKind.ROLE: NextAction.CHECK_NAME,
}
_FIGURES = {kind: action for kind, action in _MENDS.items() if action is not NextAction.CHECK_NAME}
"""What passages in other words can still be held against: a name that they do not have may stand in the sentence before."""


def _mending(dossier: Dossier) -> NextAction:
    """What the first cue of a likely problem asks for; where another source supports the same words, a person has to read both."""
    problem = dossier.likely_problems[0]
    words = (problem.start, problem.end)
    others = [kept for kept in dossier.current_assessments if (kept.start, kept.end) == words]
    if any(kept.assessment.verdict is Verdict.SUPPORTED for kept in others):
        return NextAction.READ_PASSAGE
    return _mend(problem.assessment, _MENDS) or NextAction.READ_PASSAGE


def _mend(assessment: Assessment, mends: Mapping[CueKind, NextAction]) -> NextAction | None:
    """What the first cue asks for that names one of these kinds."""
    return next((mends[cue.kind] for cue in assessment.cues if cue.kind in mends), None)


def _of_texts(dossier: Dossier) -> NextAction:
    """What comes next for a claim with sources, of which the machine points at no problem."""
    grounds = grounds_of(dossier)
    if not grounds:
        return _of_missing_texts(dossier) or NextAction.PROVIDE_TEXT
    if dossier.blind:
        return NextAction.DECIDE
    made = {(kept.sources, kept.start, kept.end): kept for kept in dossier.current_assessments}
    wanted = [made.get((ground.key[0], ground.start, ground.end)) for ground in grounds]
    assessed = [kept for kept in wanted if kept is not None]
    if len(assessed) < len(wanted):
        return NextAction.ASSESS
    return _of_verdicts(assessed) or _of_missing_texts(dossier) or _of_nothing_found(assessed)


def _of_missing_texts(dossier: Dossier) -> NextAction | None:
    """How a text could be had of the sources that have none; what costs least first."""
    ways = {_way_to(link.source) for link in dossier.links if not has_text(link.source)}
    return next((way for way in (NextAction.FETCH, NextAction.FIND_COPY, NextAction.PROVIDE_TEXT) if way in ways), None)


def _way_to(source: Source) -> NextAction:
    if source.kind in (SourceKind.ISBN, SourceKind.OFFLINE, SourceKind.FILE):
        return NextAction.PROVIDE_TEXT
    return NextAction.FIND_COPY if source.no_text_why.casefold().startswith(_NEEDS_COPY) else NextAction.FETCH


def _of_verdicts(made: Sequence[KeptAssessment]) -> NextAction | None:
    """What the verdicts ask for; None where nothing was found. Parts of a claim are judged each by the best that was found for it."""
    parts: dict[Words, Assessment] = {}
    for kept in made:
        words, held = (kept.start, kept.end), kept.assessment
        parts[words] = max(parts.get(words, held), held, key=_telling)
    best, least = max(parts.values(), key=_telling), min(parts.values(), key=_telling)
    if best.verdict not in (Verdict.SUPPORTED, Verdict.PARTIALLY_SUPPORTED):
        return None
    if least.verdict in (Verdict.NOT_FOUND, Verdict.CONTRADICTED):
        return NextAction.SPLIT_CLAIM
    if least.verdict is Verdict.PARTIALLY_SUPPORTED:
        return _mend(least, _FIGURES) or (NextAction.SPLIT_CLAIM if _lacks_clause(least) else NextAction.READ_PASSAGE)
    return NextAction.DECIDE if least.verbatim or least.score >= STRONG else NextAction.READ_PASSAGE


_TELLING = (Verdict.NO_TEXT, Verdict.NOT_FOUND, Verdict.CONTRADICTED, Verdict.PARTIALLY_SUPPORTED, Verdict.SUPPORTED)


def _telling(assessment: Assessment) -> tuple[int, float]:
    return _TELLING.index(assessment.verdict), assessment.score


def _lacks_clause(assessment: Assessment) -> bool:
    """Whether words in a row are absent that could be a claim of their own, while as many others are held up."""
    runs = [(grounding, len(list(words))) for grounding, words in groupby(assessment.words, lambda word: word.grounding)]
    absent = max((length for grounding, length in runs if grounding is Grounding.ABSENT), default=0)
    return absent >= CLAUSE and sum(length for grounding, length in runs if grounding is Grounding.SUPPORTED) >= CLAUSE


def _of_nothing_found(made: Sequence[KeptAssessment]) -> NextAction:
    """Every text was read, and none speaks of it: another source is wanted, or a text where there were no words in one."""
    wordless = all(kept.assessment.verdict is Verdict.NO_TEXT for kept in made)
    return NextAction.PROVIDE_TEXT if wordless else NextAction.FIND_SOURCE
