"""A rich audit to report on: the seed's shape with decisions, stale and absent claims, flags, evidence and references, all made by hand."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from verify.model import (
    Assessment,
    Audit,
    Citation,
    Claim,
    CleanupTag,
    Cue,
    CueKind,
    Decision,
    Document,
    Dossier,
    Evidence,
    Flag,
    FlagOrigin,
    GroundedWord,
    Grounding,
    KeptAssessment,
    Layout,
    MarkKind,
    OrphanMarker,
    Passage,
    QuoteMatch,
    Reference,
    Revision,
    Source,
    SourceKind,
    SourceLink,
    Status,
    TextQuote,
    TrailHead,
    Verdict,
    sha256_of,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FIRST_CLAUSE = "As the columns came down the coast road,"


def claim_of(ordinal: int, text: str, labels: tuple[str, ...] = (), **more: object) -> Claim:
    """A claim that stands alone in its paragraph, each of its labels covering all of it."""
    start = ordinal * 1000
    citations = tuple(Citation(label, start, start + len(label) + 2, 0, len(text)) for label in labels)
    fields = {"paragraph_start": start, "paragraph_end": start + len(text), "citations": citations} | more
    return Claim(ordinal, text, start, start + len(text), **fields)


def decided(claim: Claim, status: Status, number: int, note: str = "", **more: object) -> Decision:
    """A decision that stands on the claim as it is, `number` hours after noon."""
    when = NOON + timedelta(hours=number)
    fields = {"text_sha256": sha256_of(claim.text), "citation_labels": claim.citation_labels} | more
    return Decision(number, status, "Ada Reviewer", note, when, **fields)


def audit_of(dossiers: tuple[Dossier, ...], **more: object) -> Audit:
    """An audit of these dossiers, with nothing else in it unless given."""
    revision = Revision(1, 1, 2, "ab" * 32, "text", "utf-8", Layout.LEADING, "12 of 14 markers open a paragraph.", "The text.", NOON)
    fields = {"orphans": (), "references": (), "absent": (), "revision": revision} | more
    document = Document(1, "harbour", "The harbour strike", "/home/ada/texts/harbour.txt")
    return Audit(document=document, dossiers=dossiers, head=TrailHead(12, "sha256:" + "cd" * 32, NOON), generated_at=NOON, **fields)


def _sources() -> tuple[Source, Source, Source]:
    return (
        Source(1, SourceKind.URL, "https://example.org/news?id=7&page=2", "Dockers walk out", no_text_why="never fetched"),
        Source(2, SourceKind.DOI, "doi:10.1000/xyz<123>", "Wages on the waterfront"),
        Source(
            3, SourceKind.OFFLINE, "offline:interview-with-the-harbour-master", "Interview with the harbour master", no_text_why="offline"
        ),
    )


def _dossiers() -> tuple[Dossier, ...]:
    news, paper, interview = _sources()
    ids = itertools.count(101)
    quote = TextQuote("some 4,200 men stayed at home", "On that Monday ", ", the company wrote", 120, 149, QuoteMatch.NORMALISED)
    evidence = Evidence(1, 1, quote, "ef" * 32, "p. 14", "Ada Reviewer", NOON)
    two_parts = claim_of(
        3, f"{FIRST_CLAUSE} the Dockers' Union was said to close in from the north, after it had taken the sheds.", ("43", "42")
    )
    first, last = two_parts.citations
    two_parts = replace(
        two_parts, citations=(replace(first, covers_end=len(FIRST_CLAUSE)), replace(last, covers_start=len(FIRST_CLAUSE) + 1))
    )
    claims = (
        claim_of(1, "The strike began on 4 March 1911, when some 4,200 men stayed at home.", ("18",)),
        claim_of(
            2, "The shipping companies had paid a third less than in the ports of the north.", tags=(CleanupTag("citation needed", 1, 2),)
        ),
        two_parts,
        claim_of(4, "The sheds were empty by the evening.", covered=True, section="The walk-out"),
        claim_of(5, "The mayor called it the quietest day in forty years.", ("18", "25"), section="The walk-out", paragraph_start=4000),
        claim_of(6, "Two ships were turned away, and one of them sank on its way home.", ("7",), section="The walk-out"),
        claim_of(7, "Historians differ about what the harbour master knew.", ("25",), section="Afterwards"),
        claim_of(8, "What a day it was!", section="Afterwards"),
        claim_of(9, "The minutes of the union were burnt.", ("30",), section="Afterwards"),
        claim_of(10, "Wages rose by a tenth before the summer.", ("25",), section="Afterwards"),
        claim_of(11, "قال رئيس الميناء إن الإضراب انتهى في أبريل.", ("31",), section="Afterwards"),
        claim_of(12, "Nobody was ever tried.", section="Afterwards"),
    )
    tag = Flag(1, FlagOrigin.TAG, "citation needed", "", "", NOON)
    own = Flag(2, FlagOrigin.PERSON, "review", "the ship's name differs in both papers", "Ben", NOON)
    closed = replace(own, id=3, reason="date?", resolved_by="Ada Reviewer", resolved_at=NOON, resolution="the paper has it")
    held = SourceLink(1, paper, "18", "ch. 2", "the second edition", "Ada Reviewer", NOON, (evidence,))
    bare = SourceLink(2, news, "25", "", "", "Ben", NOON)
    own_link = SourceLink(3, interview, "", "tape 2", "", "Ben", NOON)
    failed = decided(claims[5], Status.FAILED_VERIFICATION, 3, "The paper names no second ship.")
    stale = decided(claims[9], Status.VERIFIED, 6, text_sha256="00" * 32)
    taken_back = (decided(claims[2], Status.DISPUTED, 8), decided(claims[2], Status.UNVERIFIED, 9, undoes=8))
    rest = (
        {"links": (held,), "decisions": (decided(claims[0], Status.VERIFIED, 1),)},
        {"flags": (tag,)},
        {"decisions": taken_back, "flags": (closed,)},
        {},
        {"links": (held, bare), "decisions": (decided(claims[4], Status.PARTIALLY_VERIFIED, 2, "The day, not the forty years."),)},
        {"flags": (own,), "decisions": (decided(claims[5], Status.DISPUTED, 20), failed)},
        {"links": (bare, own_link), "decisions": (decided(claims[6], Status.DISPUTED, 4),)},
        {"decisions": (decided(claims[7], Status.NOT_A_CLAIM, 5),)},
        {"decisions": (decided(claims[8], Status.UNVERIFIABLE, 7, "No copy is left."),)},
        {"links": (bare,), "decisions": (stale,)},
        {},
        {},
    )
    return tuple(Dossier(next(ids), "harbour", claim, **more) for claim, more in zip(claims, rest, strict=True))


def _said(verdict: Verdict, score: float, passages: tuple[Passage, ...], **more: object) -> Assessment:
    return Assessment("embedded", "1", verdict, score, passages, **more)


def _assessed(claim: Claim, link: SourceLink, said: Assessment, **more: object) -> KeptAssessment:
    """An assessment of the whole claim against a source as it is."""
    fields = {"text_sha256": sha256_of(claim.text), "start": 0, "end": len(claim.text)} | more
    return KeptAssessment(1, (link.source.canonical,), (link.source.snapshot_sha256,), assessment=said, assessed_at=NOON, **fields)


@pytest.fixture(scope="session")
def assessed_audit() -> Audit:
    """An audit of claims that a machine looked at: a likely problem, words found word for word in a part, what was assessed on another text, one
    that found nothing, one with sources and no text, one that nobody asked."""
    paper = Source(2, SourceKind.DOI, "doi:10.1000/xyz", "Wages on the waterfront", snapshot_sha256="ef" * 32)
    news = Source(1, SourceKind.URL, "https://example.org/news", "Dockers walk out", no_text_why="never fetched")
    held, bare = SourceLink(1, paper, "18", "", "", "Ada", NOON), SourceLink(2, news, "25", "", "", "Ben", NOON)
    passage = Passage("The strike began on 4 May 1911.", "… ", " Some men", 10, 41, 0.75, "p. 14", paper.canonical)
    begun = claim_of(1, "The strike began on 4 March 1911.", ("18",))
    part = claim_of(2, f"{FIRST_CLAUSE} the sheds were empty.", ("18",))
    part = replace(part, citations=(replace(part.citations[0], covers_end=len(FIRST_CLAUSE)),))
    changed, unfound, textless, unasked = (claim_of(n, f"Claim {n}.", ("25" if n == 5 else "18",)) for n in range(3, 7))
    cue = Cue(CueKind.DATE, 20, 32, "4 March 1911", "4 May 1911", 0)
    words = (GroundedWord(4, 10, Grounding.SUPPORTED), GroundedWord(11, 16, Grounding.WEAK), GroundedWord(22, 27, Grounding.ABSENT))
    problem = _said(Verdict.CONTRADICTED, 0.08, (passage,), cues=(cue,), words=words, why="likely problem: date")
    verbatim = _said(Verdict.SUPPORTED, 0.98, (passage,), verbatim=True, why="the claim's words stand in the source as they are")
    nothing = _said(Verdict.NOT_FOUND, 0.0, (), why="no passage shares a word with the claim")
    kept = (
        {"links": (held,), "assessments": (_assessed(begun, held, problem),)},
        {"links": (held,), "assessments": (_assessed(part, held, verbatim, end=len(FIRST_CLAUSE)),)},
        {"links": (held,), "assessments": (_assessed(changed, held, verbatim, text_sha256="00" * 32),)},
        {"links": (held,), "assessments": (_assessed(unfound, held, nothing),)},
        {"links": (bare,)},
        {"links": (held,)},
    )
    claims = (begun, part, changed, unfound, textless, unasked)
    return audit_of(tuple(Dossier(100 + n, "harbour", claim, **more) for n, (claim, more) in enumerate(zip(claims, kept, strict=True), 1)))


@pytest.fixture(scope="session")
def make_claim() -> Callable[..., Claim]:
    """Build a claim: ordinal, text, labels, and any other field."""
    return claim_of


@pytest.fixture(scope="session")
def make_audit() -> Callable[..., Audit]:
    """Build an audit: dossiers, and any other field."""
    return audit_of


@pytest.fixture(scope="session")
def rich_audit() -> Audit:
    """An audit with something in every part of a report."""
    gone = claim_of(5, "The strike was broken by soldiers.", ("18",))
    absent = Dossier(90, "harbour", gone, decisions=(decided(gone, Status.VERIFIED, 10),), absent=True)
    skipped = {"title": 1, "heading": 2, "reference list": 1}
    return replace(
        base := audit_of(_dossiers()),
        revision=replace(base.revision, skipped=skipped),
        absent=(absent,),
        orphans=(OrphanMarker(9, 13, "[99]", MarkKind.CITATION, ("99",), "no sentence stands after it"),),
        references=(
            Reference("18", "Smith, J. Wages on the waterfront. 1912.", "https://doi.org/10.1000/xyz"),
            Reference("25", "Harbour Gazette, 5 March 1911."),
            Reference("77", "A book that nobody cites.", "ftp://example.org/book"),
        ),
    )
