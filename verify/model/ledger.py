"""What the ledger holds, and the pure rules on it: what the decisions say, what is stale, what needs a person, what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .text import Claim, OrphanMarker, Reference, sha256_of
from .vocabulary import FlagOrigin, Layout, QuoteMatch, Reason, SourceKind, Status


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
    """A work that is cited. `csl` is its CSL-JSON item; `no_text_why` says why no text of it is held, empty when one is."""

    id: int
    kind: SourceKind
    canonical: str
    title: str
    csl: Mapping[str, object] = field(default_factory=dict)
    no_text_why: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A source's bytes and text at a time. `id` is 0 until it is stored."""

    id: int
    sha256: str
    media_type: str
    content: bytes
    text: str
    origin: str
    retrieved_at: datetime


@dataclass(frozen=True, slots=True)
class TextQuote:
    """A passage of a source's text: W3C TextQuoteSelector and TextPositionSelector in one, and how it was found."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    match: QuoteMatch = QuoteMatch.EXACT


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote kept as support, with the hash of the snapshot in which it stands."""

    id: int
    link_id: int
    quote: TextQuote
    snapshot_sha256: str
    locator: str
    reviewer: str
    added_at: datetime


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
    """A person's status for a claim, and what it stood on. An undo is an entry of its own: `undoes` names the decision taken back, and
    `status` is the one that holds again."""

    id: int
    status: Status
    reviewer: str
    note: str
    decided_at: datetime
    text_sha256: str
    citation_labels: tuple[str, ...]
    undoes: int | None = None


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
    """A claim with all that the ledger holds on it."""

    id: int
    document: str
    claim: Claim
    links: tuple[SourceLink, ...] = ()
    flags: tuple[Flag, ...] = ()
    decisions: tuple[Decision, ...] = ()
    absent: bool = False

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
        """Whether the standing decision was made on another text or other citations."""
        return stale_why(self) != ""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it needs a person; empty when it does not."""
        return reasons_of(self)

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
    """Replay decisions in their order; an undo takes back the one it names. What is left, the last one standing at the end."""
    standing: list[Decision] = []
    for decision in decisions:
        if decision.undoes is None:
            standing.append(decision)
        else:
            standing = [d for d in standing if d.id != decision.undoes]
    return tuple(standing)


def status_of(decisions: Iterable[Decision]) -> Status:
    """The status that the decisions give: that of the last one standing, `unverified` when none is."""
    standing = standing_decisions(decisions)
    return standing[-1].status if standing else Status.UNVERIFIED


def stale_why(dossier: Dossier) -> str:
    """What changed under the standing decision, in words; empty when nothing did, or when there is no decision."""
    standing = standing_decisions(dossier.decisions)
    if not standing:
        return ""
    changed = []
    if standing[-1].text_sha256 != sha256_of(dossier.claim.text):
        changed.append("its text changed")
    if standing[-1].citation_labels != dossier.claim.citation_labels:
        changed.append("its citations changed")
    if dossier.absent:
        changed.append("it is gone from the document")
    return " and ".join(changed)


def reasons_of(dossier: Dossier) -> tuple[Reason, ...]:
    """Why a claim needs a person. A standing decision settles it, unless it is stale or somebody flagged the claim."""
    claim, reasons = dossier.claim, []
    open_flags = dossier.open_flags
    decided = bool(standing_decisions(dossier.decisions)) and dossier.status is not Status.UNVERIFIED
    if any(f.origin is FlagOrigin.PERSON for f in open_flags):
        reasons.append(Reason.FLAGGED)
    if dossier.stale:
        reasons.append(Reason.STALE)
    if decided and not reasons:
        return ()
    if any(f.origin is FlagOrigin.TAG for f in open_flags):
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
