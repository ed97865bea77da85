"""What the ledger holds, and the pure rules on it: what the decisions say, what is stale, what needs a person, what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from .assessment import KeptAssessment, Verdict
from .text import Claim, OrphanMarker, Reference, sha256_of
from .vocabulary import BaselineState, FlagOrigin, Layout, QuoteMatch, Reason, RelationKind, SourceKind, Status


@dataclass(frozen=True, slots=True)
class Document:
    """A text under watch. `origin` is where it was read from (an absolute path, a URL, `-`)."""

    id: int
    name: str
    title: str
    origin: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a document, and how it was read. `sha256` is of the bytes as they came; `origin_revision` is what the place it was read from
    calls it (a wiki's revision id), where it has a name."""

    id: int
    document_id: int
    sequence: int
    sha256: str
    format: str
    encoding: str
    layout: Layout
    layout_why: str
    text: str
    ingested_at: datetime
    skipped: Mapping[str, int] = field(default_factory=dict)
    origin_revision: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A source's canonical name: "doi:10.1000/x", "isbn:978...", "https://...", "sha256:..." or "offline:...". `value` is for people."""

    kind: SourceKind
    canonical: str
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """A work that is cited. `csl` is its CSL-JSON item; `no_text_why` says why no text of it is held, empty when one is; `snapshot_sha256` is that
    of its latest snapshot, empty when there is none."""

    id: int
    kind: SourceKind
    canonical: str
    title: str
    csl: Mapping[str, object] = field(default_factory=dict)
    no_text_why: str = ""
    snapshot_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A source's bytes and text at a time. `id` is 0 until it is stored.

    `locators` name pages or headings as (start, end, name), `main` the parts of a page's text that are its own; offsets are code points of `text`.
    `last_seen_at` is when the same bytes came last, None where they came once.
    """

    id: int
    sha256: str
    media_type: str
    content: bytes
    text: str
    origin: str
    retrieved_at: datetime
    locators: tuple[tuple[int, int, str], ...] = ()
    main: tuple[tuple[int, int], ...] = ()
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextQuote:
    """A passage of a source's text: W3C TextQuoteSelector and TextPositionSelector in one, and how it was found. `differences` are what was quoted
    otherwise, as (kind, quoted, printed)."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    match: QuoteMatch = QuoteMatch.EXACT
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote kept as support, with the hash of the snapshot in which it stands. `note` says why one that is altered was accepted."""

    id: int
    link_id: int
    quote: TextQuote
    snapshot_sha256: str
    locator: str
    reviewer: str
    added_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source that holds up a claim: attached to it alone (`label` empty), or through a citation number that it cites."""

    id: int
    source: Source
    label: str
    locator: str
    note: str
    reviewer: str
    attached_at: datetime
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to review a claim. `name` is a tag's canonical name, or "review" for a person's own."""

    id: int
    origin: FlagOrigin
    name: str
    reason: str
    reviewer: str
    raised_at: datetime
    resolved_by: str = ""
    resolved_at: datetime | None = None
    resolution: str = ""

    @property
    def is_open(self) -> bool:
        """Nobody has resolved it yet."""
        return self.resolved_at is None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's status for a claim, and what it stood on: the claim's text, its references, the quotes held, and the texts of its sources, as
    (canonical name, sha256 of the snapshot).

    An undo is an entry of its own: `undoes` names the decision taken back, and `status` is the one that holds again. `seconds` names the decision
    of another reviewer on which this is a second opinion, `settles` the one whose dispute it settles, `carried_from` the one on a claim that this
    one was split from or merged with.
    """

    id: int
    status: Status
    reviewer: str
    note: str
    decided_at: datetime
    text_sha256: str
    citation_labels: tuple[str, ...]
    undoes: int | None = None
    reference_ids: tuple[int, ...] = ()
    evidence_ids: tuple[int, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    seconds: int | None = None
    settles: int | None = None
    carried_from: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRelation:
    """What a claim is to another of the revision before (`claim_id` stands in revision `sequence`, `other_id` in the one before)."""

    kind: RelationKind
    claim_id: int
    other_id: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the trail. `hash` is tagged with its algorithm and covers every other field."""

    sequence: int
    at: datetime
    reviewer: str
    action: str
    subject: str
    payload: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class TrailHead:
    """The last entry of the trail; sequence 0 and an empty hash before the first."""

    sequence: int
    hash: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A claim with all that the ledger holds on it. `assessments` are the last ones for each set of its sources; `blind` says that they, and what
    others decided, are withheld."""

    id: int
    document: str
    claim: Claim
    links: tuple[SourceLink, ...] = ()
    flags: tuple[Flag, ...] = ()
    decisions: tuple[Decision, ...] = ()
    absent: bool = False
    state: BaselineState = BaselineState.NEW
    reference_ids: tuple[int, ...] = ()
    relations: tuple[ClaimRelation, ...] = ()
    assessments: tuple[KeptAssessment, ...] = ()
    blind: bool = False

    @property
    def open_flags(self) -> tuple[Flag, ...]:
        """The flags that nobody resolved."""
        return tuple(f for f in self.flags if f.is_open)

    @property
    def status(self) -> Status:
        """What the decisions say."""
        return status_of(self.decisions)

    @property
    def stale(self) -> bool:
        """Whether the standing decision was made on another text, other citations or other texts of its sources."""
        return stale_why(self) != ""

    @property
    def first_opinion(self) -> Decision | None:
        """The decision that others give a second opinion on; None where nobody decided."""
        return opinions_of(self.decisions)[0]

    @property
    def second_opinions(self) -> tuple[Decision, ...]:
        """The second opinions that stand on it."""
        return opinions_of(self.decisions)[1]

    @property
    def disagreement(self) -> bool:
        """A second opinion differs from the first, and nobody has settled it."""
        first, seconds = opinions_of(self.decisions)
        return first is not None and any(second.status is not first.status for second in seconds)

    @property
    def needs_second(self) -> bool:
        """One reviewer decided, on what the claim still says, and nobody else has looked; a settled dispute needs no further look."""
        first, seconds = opinions_of(self.decisions)
        return first is not None and not seconds and first.settles is None and not self.stale

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it needs a person; empty when it does not."""
        return reasons_of(self)

    @property
    def current_assessments(self) -> tuple[KeptAssessment, ...]:
        """What the machine says of the claim and its sources as they are now."""
        return tuple(kept for kept in self.assessments if not outdated_why(self, kept))

    @property
    def likely_problems(self) -> tuple[KeptAssessment, ...]:
        """Those of them that point at something else in a source's text."""
        return tuple(kept for kept in self.current_assessments if kept.assessment.verdict is Verdict.CONTRADICTED)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every quote kept for it, in the order of its links."""
        return tuple(e for link in self.links for e in link.evidence)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document was looked at, in claims. `skipped` counts blocks that hold none, by kind."""

    claims: int
    cited: int
    covered: int
    uncited: int
    tagged: int
    flagged: int
    with_source: int
    with_text: int
    with_evidence: int
    decided: int
    stale: int
    orphan_markers: int
    by_status: Mapping[str, int]
    skipped: Mapping[str, int]

    @property
    def not_looked_at(self) -> int:
        """Claims without a standing decision."""
        return self.claims - self.decided


@dataclass(frozen=True, slots=True)
class Audit:
    """A document's dossiers, in document order, and all that a report prints. `generated_at` is fixed by the ledger, not by the clock."""

    document: Document
    revision: Revision
    dossiers: tuple[Dossier, ...]
    orphans: tuple[OrphanMarker, ...]
    references: tuple[Reference, ...]
    absent: tuple[Dossier, ...]
    head: TrailHead
    generated_at: datetime

    @property
    def coverage(self) -> Coverage:
        """What was looked at."""
        return coverage_of(self.dossiers, len(self.orphans), self.revision.skipped)


def standing_decisions(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Replay decisions in their order; an undo takes back the one it names, and a second opinion stands only while the first does. What is left,
    the last one standing at the end."""
    standing: list[Decision] = []
    for decision in decisions:
        if decision.undoes is None:
            standing.append(decision)
        else:
            standing = [d for d in standing if decision.undoes not in (d.id, d.seconds)]
    return tuple(standing)


def opinions_of(decisions: Iterable[Decision]) -> tuple[Decision | None, tuple[Decision, ...]]:
    """The decision that holds, and the second opinions on it, oldest first."""
    standing = standing_decisions(decisions)
    first = next((d for d in reversed(standing) if d.seconds is None), None)
    return first, tuple(d for d in standing if first is not None and d.seconds == first.id)


def status_of(decisions: Iterable[Decision]) -> Status:
    """The status that the decisions give: that of the last one, `disputed` where a second opinion on it differs, `unverified` when none stands."""
    first, seconds = opinions_of(decisions)
    if first is None:
        return Status.UNVERIFIED
    return first.status if all(second.status is first.status for second in seconds) else Status.DISPUTED


def stale_why(dossier: Dossier) -> str:
    """What changed under the standing decision, in words; empty when nothing did, or when there is no decision."""
    standing = standing_decisions(dossier.decisions)
    if not standing:
        return ""
    ground = standing[-1]
    changed = []
    if ground.text_sha256 != sha256_of(dossier.claim.text):
        changed.append("its text changed")
    if ground.reference_ids != dossier.reference_ids:
        changed.append("its citations changed")
    changed += _source_changes(ground, dossier.links)
    if dossier.absent:
        changed.append("it is gone from the document")
    return " and ".join(changed)


def outdated_why(dossier: Dossier, kept: KeptAssessment) -> str:
    """What changed since an assessment, in words; empty when it was made on the claim and on the texts of its sources as they are."""
    changed = ["the claim read otherwise"] if kept.text_sha256 != sha256_of(dossier.claim.text) else []
    held = {link.source.canonical: link.source.snapshot_sha256 for link in dossier.links}
    if any(held.get(source) not in (None, sha256) for source, sha256 in zip(kept.sources, kept.snapshots, strict=True)):
        changed.append("a source had another text")
    if any(source not in held for source in kept.sources):
        changed.append("a source was taken off")
    return " and ".join(changed)


def blinded(dossier: Dossier, reviewer: str) -> Dossier:
    """The dossier as a reviewer may see it who is to judge unswayed: without what others decided and what the machine says, until an own opinion
    stands."""
    first, seconds = opinions_of(dossier.decisions)
    own = any(decision.reviewer == reviewer for decision in (*([first] if first else ()), *seconds))
    return dossier if own else replace(dossier, decisions=(), assessments=(), blind=True)


def _source_changes(ground: Decision, links: Iterable[SourceLink]) -> list[str]:
    """What became of the texts that a decision stood on. A source that came later, or had no text, changes nothing of what was read."""
    held = {link.source.canonical: link.source for link in links}
    changed = []
    for canonical, sha256 in ground.texts:
        source = held.get(canonical)
        if source is None:
            changed.append(f"a source was taken off ({canonical})")
        elif source.snapshot_sha256 != sha256:
            changed.append(f"the text of a source changed ({source.title or canonical})")
    return changed


def reasons_of(dossier: Dossier) -> tuple[Reason, ...]:
    """Why a claim needs a person. A standing decision settles it, unless it is stale, another reviewer disagrees or somebody flagged the claim."""
    claim = dossier.claim
    decided = bool(standing_decisions(dossier.decisions)) and dossier.status is not Status.UNVERIFIED
    reasons = list(_reasons_whatever_decided(dossier, decided=decided))
    if decided and not reasons:
        return ()
    if any(f.origin is FlagOrigin.TAG for f in dossier.open_flags):
        reasons.insert(0, Reason.TAGGED)
    if claim.uncited:
        reasons.append(Reason.UNCITED)
    elif claim.covered:
        reasons.append(Reason.COVERED)
    if not dossier.links and claim.citation_labels:
        reasons.append(Reason.NO_SOURCE)
    if not decided:
        reasons.append(Reason.UNVERIFIED)
    return tuple(reasons)


def _reasons_whatever_decided(dossier: Dossier, *, decided: bool) -> Iterator[Reason]:
    """The reasons that a standing decision does not settle. What the machine points at is settled by one that is not stale."""
    if any(f.origin is FlagOrigin.PERSON for f in dossier.open_flags):
        yield Reason.FLAGGED
    if (not decided or dossier.stale) and dossier.likely_problems:
        yield Reason.CONTRADICTED
    if dossier.disagreement:
        yield Reason.DISAGREEMENT
    if dossier.stale:
        yield Reason.STALE


def coverage_of(dossiers: Iterable[Dossier], orphan_markers: int, skipped: Mapping[str, int]) -> Coverage:
    """Count what was looked at, over the claims that stand in the document."""
    held = [d for d in dossiers if not d.absent]
    by_status = {str(status): 0 for status in Status}
    for dossier in held:
        by_status[str(dossier.status)] += 1
    return Coverage(
        claims=len(held),
        cited=sum(bool(d.claim.citation_labels) for d in held),
        covered=sum(d.claim.covered for d in held),
        uncited=sum(d.claim.uncited for d in held),
        tagged=sum(bool(d.claim.tags) for d in held),
        flagged=sum(any(f.origin is FlagOrigin.PERSON for f in d.open_flags) for d in held),
        with_source=sum(bool(d.links) for d in held),
        with_text=sum(any(not link.source.no_text_why for link in d.links) for d in held),
        with_evidence=sum(bool(d.evidence) for d in held),
        decided=sum(d.status is not Status.UNVERIFIED for d in held),
        stale=sum(d.stale for d in held),
        orphan_markers=orphan_markers,
        by_status=by_status,
        skipped=dict(skipped),
    )
