"""What the machine points at, in plain words: verdicts, cues, the claim's words as they are held up, what comes next. The same in every report.

It only suggests. So a verdict is "words found" and never "supported", and what a machine has not seen is told as that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verify.model import (
    Assessment,
    Audit,
    Cue,
    CueKind,
    Dossier,
    Grounding,
    KeptAssessment,
    NextAction,
    SourceLink,
    Verdict,
    grounds_of,
    no_text_of,
    outdated_why,
    sha256_of,
)

SHOWN = 3
"""Passages of an assessment that a report prints at most; the JSON has all."""

VERDICT_WORDS = {
    Verdict.CONTRADICTED: "likely problem",
    Verdict.PARTIALLY_SUPPORTED: "needs reading",
    Verdict.SUPPORTED: "words found",
    Verdict.NOT_FOUND: "not found",
    Verdict.NO_TEXT: "no text",
}
"""The verdicts as people read them, the most urgent first."""

VERBATIM = "words found, word for word"

VERDICT_MEANS = {
    Verdict.CONTRADICTED: "a passage says nearly the same, with something else in one place",
    Verdict.PARTIALLY_SUPPORTED: "passages speak of it, and not of all of it",
    Verdict.SUPPORTED: "passages have its words; whether they say the same is for a reader to see",
    Verdict.NOT_FOUND: "no passage speaks of it",
    Verdict.NO_TEXT: "there was no text to look in",
}

NEXT_WORDS = {
    NextAction.SETTLE_DISPUTE: "reviewers disagree: settle it, and say why",
    NextAction.REVIEW_AGAIN: "a decision stands that has to be looked at again",
    NextAction.FIX_NUMBER: "compare the numbers: claim and source give different ones",
    NextAction.FIX_DATE: "compare the dates: claim and source give different ones",
    NextAction.CHECK_NAME: "compare the names: claim and source do not give the same, or not in the same role",
    NextAction.SPLIT_CLAIM: "a part of it is held up and a part is not: split it, or find a source for the rest",
    NextAction.READ_PASSAGE: "read the passages that were found",
    NextAction.DECIDE: "what there is to read is there: decide",
    NextAction.ASSESS: "let the machine look first: verify assess",
    NextAction.FETCH: "its source has an address and no text: fetch it, or attach a saved copy",
    NextAction.FIND_COPY: "its source cannot be had at its address: find another copy",
    NextAction.PROVIDE_TEXT: "its source is not online: provide its text, or quote it in a note",
    NextAction.FIND_SOURCE: "find a source that speaks of it",
    NextAction.SEE_CITATION: "see whether the later citation of its paragraph holds for it too",
    NextAction.NOTHING: "nothing is to be done",
}
"""What comes next, in a line."""

_KINDS = {CueKind.ROLE: "who did what", CueKind.MISSING: "missing word"}
_TOLD_BY_WHY = (CueKind.NEGATION, CueKind.ROLE)

LEGEND = "[absent] {weak}: words of the claim that no passage has, or only in part"
"""What the marks of `marked` mean."""

_MARKS = {Grounding.ABSENT: ("[", "]"), Grounding.WEAK: ("{", "}")}


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a claim that are held up alike; None for those that were not looked at (small words, signs, what the citation does not cover)."""

    text: str
    grounding: Grounding | None


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """How often a verdict stands, on claims as they are, and of how many claims; "no text" also counts those of which no source has one."""

    verdict: Verdict
    assessments: int
    claims: int


@dataclass(frozen=True, slots=True)
class Pointed:
    """What the machine points at in a document. `outdated` counts assessments made on another text, `unassessed` the claims with a text that was not
    read yet."""

    lines: tuple[VerdictLine, ...]
    problems: tuple[Dossier, ...]
    outdated: int
    unassessed: int


def pointed_at(audit: Audit) -> Pointed | None:
    """Count what the machine says of an audit's claims, those with likely problems apart; None where nothing was assessed."""
    if not any(dossier.assessments for dossier in audit.dossiers):
        return None
    current = {dossier.id: dossier.current_assessments for dossier in audit.dossiers}
    textless = sum(bool(dossier.links and no_text_of(dossier)) for dossier in audit.dossiers)
    lines = []
    for verdict in VERDICT_WORDS:
        counts = [sum(kept.assessment.verdict is verdict for kept in held) for held in current.values()]
        lines.append(VerdictLine(verdict, sum(counts), sum(map(bool, counts)) + (textless if verdict is Verdict.NO_TEXT else 0)))
    outdated = sum(len(dossier.assessments) - len(current[dossier.id]) for dossier in audit.dossiers)
    unassessed = sum(bool(grounds_of(dossier)) and not current[dossier.id] for dossier in audit.dossiers)
    return Pointed(tuple(lines), tuple(d for d in audit.dossiers if d.likely_problems), outdated, unassessed)


def rest_words(pointed: Pointed) -> Iterator[str]:
    """Say what the counts leave out."""
    if pointed.outdated:
        yield f"Not counted: {_counted(pointed.outdated, 'assessment was', 'assessments were')} made on another text."
    if pointed.unassessed:
        yield f"Not assessed yet: {_counted(pointed.unassessed, 'claim has', 'claims have')} a source with text (verify assess)."


def verdict_words(assessment: Assessment) -> str:
    """Say a verdict; a claim that stands word for word in a source is told apart, as the one safe high tier."""
    return VERBATIM if assessment.verbatim and assessment.verdict is Verdict.SUPPORTED else VERDICT_WORDS[assessment.verdict]


def cue_words(cue: Cue) -> str:
    """Say a cue: 'the claim says “1982”, the passage “1998” (date)'."""
    kind = _KINDS.get(cue.kind, str(cue.kind))
    said = f"the claim says “{cue.said}”" if cue.said else ""
    if cue.said and cue.found:
        return f"{said}, the passage “{cue.found}” ({kind})"
    if cue.kind in _TOLD_BY_WHY and cue.why:
        words = cue.said or cue.found
        return f"{cue.why}{f': “{words}”' if words else ''} ({kind})"
    if cue.said:
        return f"{said}, {'the passage does not' if cue.passage >= 0 else 'no passage does'} ({kind})"
    return f"the passage says “{cue.found}”, the claim does not ({kind})" if cue.found else f"{cue.why} ({kind})"


def problem_words(dossier: Dossier) -> str:
    """Say of a claim what its first likely problem is: the cue that names both sides, where there is one."""
    told = [kept.assessment for kept in dossier.likely_problems]
    cues = [cue for assessment in told for cue in assessment.cues]
    cue = next((cue for cue in cues if cue.said and cue.found), cues[0] if cues else None)
    return cue_words(cue) if cue else next((assessment.why for assessment in told), "")


def why_words(assessment: Assessment) -> str:
    """Say why a verdict was given where its cues do not say it already."""
    pointing = assessment.cues and assessment.verdict in (Verdict.CONTRADICTED, Verdict.PARTIALLY_SUPPORTED)
    if pointing and assessment.why.startswith(VERDICT_WORDS[Verdict.CONTRADICTED]):
        return ""
    return assessment.why.removeprefix(f"{VERDICT_WORDS[assessment.verdict]}: ")


def outdated_words(dossier: Dossier, kept: KeptAssessment) -> str:
    """Say that an assessment was made on another text, and on which; empty where it holds for what is there now."""
    why = outdated_why(dossier, kept)
    return f"assessed on another text: {why} since" if why else ""


def assessed_links(dossier: Dossier, kept: KeptAssessment) -> tuple[SourceLink, ...]:
    """Give the links of the sources that an assessment read, those that still hold, each source once."""
    links = {link.source.canonical: link for link in reversed(dossier.links)}
    return tuple(links[source] for source in kept.sources if source in links)


def source_words(dossier: Dossier, kept: KeptAssessment) -> str:
    """Name the sources that an assessment read: "[9] At the frontier", or several of a group of citations together."""
    links = {link.source.canonical: link for link in assessed_links(dossier, kept)}
    names = [_link_words(links[source]) if source in links else source for source in kept.sources]
    return f"{', '.join(names)}{' together' if len(names) > 1 else ''}"


def runs(dossier: Dossier, kept: KeptAssessment) -> list[Run]:
    """Cut a claim into runs of words that are held up alike; words side by side are one run. None where the claim read otherwise then."""
    text = dossier.claim.text
    if kept.text_sha256 != sha256_of(text):
        return []
    found: list[Run] = []
    at = 0
    for start, end, grounding in _joined(text, kept):
        if at < start:
            found.append(Run(text[at:start], None))
        found.append(Run(text[start:end], grounding))
        at = end
    return [*found, Run(text[at:], None)] if at < len(text) else found


def marked(found: Iterable[Run]) -> str:
    """Give the words of a claim with brackets around what is absent or weak; `LEGEND` says which."""
    return "".join(f"{before}{run.text}{after}" for run in found for before, after in [_marks(run)])


def lacking(found: Sequence[Run]) -> Iterator[str]:
    """Name the words that are absent, and those that are weak, for who cannot see marks."""
    for grounding in (Grounding.ABSENT, Grounding.WEAK):
        if words := [run.text for run in found if run.grounding is grounding]:
            yield f"{grounding}: {', '.join(f'“{word}”' for word in words)}"


def covered_words(dossier: Dossier, kept: KeptAssessment) -> str:
    """Give the words that were assessed, empty where they are the whole claim or it read otherwise then."""
    text = dossier.claim.text
    if kept.text_sha256 != sha256_of(text) or (kept.start, kept.end) == (0, len(text)):
        return ""
    return text[kept.start : kept.end].strip()


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _link_words(link: SourceLink) -> str:
    name = link.source.title or link.source.canonical
    return f"[{link.label}] {name}" if link.label else name


def _marks(run: Run) -> tuple[str, str]:
    return _MARKS.get(run.grounding, ("", "")) if run.grounding else ("", "")


def _joined(text: str, kept: KeptAssessment) -> Iterator[tuple[int, int, Grounding]]:
    """The words of an assessment in their order, those side by side that are held up alike as one."""
    held: tuple[int, int, Grounding] | None = None
    for word in sorted(kept.assessment.words, key=lambda word: word.start):
        if held and word.start < held[1]:
            continue
        if held and held[2] is word.grounding and text[held[1] : word.start].isspace():
            held = (held[0], word.end, word.grounding)
            continue
        if held:
            yield held
        held = (word.start, word.end, word.grounding)
    if held:
        yield held
