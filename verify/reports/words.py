"""The plain words of the reports: what a status, a reason, a count or a skipped block is called, the same in HTML and in Markdown.

A claim without a decision is "not looked at" and never anything that could be read as "passed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from verify.model import (
    Audit,
    BlockKind,
    ClaimRelation,
    Coverage,
    Decision,
    Dossier,
    Flag,
    FlagOrigin,
    Layout,
    Reason,
    RelationKind,
    Source,
    SourceKind,
    Status,
    stale_why,
)

from .suggestions import problem_words

STATUS_WORDS = {status: str(status).replace("_", " ") for status in Status} | {Status.UNVERIFIED: "not looked at"}

STATUS_MEANS = {
    Status.VERIFIED: "A person read a source and found that it supports the claim.",
    Status.PARTIALLY_VERIFIED: "A person found support for a part of the claim; the note says for which.",
    Status.FAILED_VERIFICATION: "A person read the cited source, and it does not support the claim.",
    Status.DISPUTED: "Sources, or people, differ about the claim.",
    Status.UNVERIFIABLE: "A person could not check the claim; the note says why.",
    Status.NOT_A_CLAIM: "A person found that the sentence asserts nothing that a source could support.",
    Status.UNVERIFIED: "No decision stands. It says nothing about the claim, neither for nor against it.",
}

LAYOUT_MEANS = {
    Layout.TRAILING: "a marker belongs to the words before it",
    Layout.LEADING: "a marker that opens a paragraph belongs to the sentence after it",
}

COLOPHON = (
    "Every sentence of the text is a claim, cited or not. Statuses and evidence were given by people, whose names stand beside them.",
    "No program decided on a claim. The report records what supports a claim, and leaves to its reader what to believe.",
    "Where a program compared a claim with the text of a source, it says where to look: a likely problem, a passage to read, words that were found.",
    "A claim is covered when it has no marker of its own and a later one follows in its paragraph: a person must see whether it holds for both.",
    "A decision is stale when the claim, or what it cites, has changed since: nobody has looked at the claim as it stands now.",
    "The trail head names the last entry of the ledger's trail. Who keeps it can later check that nothing before it was changed or removed.",
)
"""How to read a report, a paragraph each."""

_SKIPPED_WHY = {
    BlockKind.TITLE: "names the document",
    BlockKind.HEADING: "names a section",
    BlockKind.TABLE: "its cells are no sentences",
    BlockKind.CAPTION: "describes a picture or a table",
    BlockKind.HATNOTE: "points to other pages",
    BlockKind.FORMULA: "a formula is no sentence",
    BlockKind.CODE: "code is no sentence",
    BlockKind.REFERENCE_LIST: "read as references, below",
    BlockKind.LINK_LIST: "points elsewhere",
}


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One line of the coverage table. `share` is of the claims, empty where it makes no sense."""

    name: str
    label: str
    count: int
    share: str


_COVERAGE_LABELS = {
    "cited": "cite a source by a marker of their own",
    "covered": "have no marker, but a later one in their paragraph",
    "uncited": "cite nothing, and neither a tag nor a later citation speaks for them",
    "tagged": "carry a cleanup tag in the text",
    "flagged": "were flagged by a person, and the flag is open",
    "with_source": "have a source attached",
    "with_text": "have a source whose text is held",
    "with_evidence": "have a quote from a source kept as evidence",
    "decided": "were decided by a person",
    "stale": "were decided, and changed since (stale)",
    "not_looked_at": "were not looked at",
}


def counted(count: int, noun: str, plural: str = "") -> str:
    """Give "1 claim" or "1,200 claims"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """Give a share in whole percent. Only nothing is "0 %" and only all is "100 %", so that a rest is never rounded away."""
    if not whole:
        return "–"
    if 0 < part * 100 < whole:
        return "< 1 %"
    if 0 < (whole - part) * 100 < whole:
        return "> 99 %"
    return f"{(part * 200 + whole) // (whole * 2)} %"


def summary(audit: Audit) -> str:
    """Say in a sentence or two how much was looked at."""
    coverage = audit.coverage
    if not coverage.claims:
        return "No claims were found in this document: nothing was checked."
    sentence = f"{counted(coverage.claims, 'claim')}: {coverage.decided:,} decided, {coverage.not_looked_at:,} not looked at."
    if coverage.stale:
        verb = "is stale: what it stood on" if coverage.stale == 1 else "are stale: what they stood on"
        sentence += f" {counted(coverage.stale, 'decision')} {verb} has changed."
    return sentence


def coverage_lines(coverage: Coverage) -> Iterator[CoverageLine]:
    """Give every count of the coverage with its words, claims first and markers without a sentence last."""
    yield CoverageLine("claims", "claims found", coverage.claims, "")
    for name, label in _COVERAGE_LABELS.items():
        count = getattr(coverage, name)
        yield CoverageLine(name, label, count, share(count, coverage.claims))
    yield CoverageLine("orphan_markers", "markers that found no sentence", coverage.orphan_markers, "")


def skipped_why(kind: str) -> str:
    """Say why blocks of a kind hold no claims."""
    return _SKIPPED_WHY.get(BlockKind(kind), "holds no claims") if kind in set(BlockKind) else "holds no claims"


def reason_words(dossier: Dossier, reason: Reason) -> str:
    """Say why a claim needs a person, with what is known: the tag, the flag, what changed, the numbers without a source."""
    return _REASON_WORDS[reason](dossier)


def flag_words(flag: Flag) -> str:
    """Say what a flag says: its name, unless it is a person's own with a reason, and the reason."""
    if flag.origin is FlagOrigin.PERSON and flag.reason:
        return flag.reason
    return f"{flag.name}: {flag.reason}" if flag.reason else flag.name


def decision_words(decision: Decision) -> str:
    """Say what a decision says; an undo names the status that holds again."""
    words = STATUS_WORDS[decision.status]
    if decision.undoes is not None:
        return f"took a decision back; now {words}"
    if decision.seconds is not None:
        return f"second opinion: {words}"
    if decision.settles is not None:
        return f"settled the dispute: {words}"
    return f"{words}, on a claim that this one was part of or took in" if decision.carried_from is not None else words


def relation_words(relation: ClaimRelation, claim_id: int) -> str:
    """Say what a claim is to another one, seen from `claim_id`, which is one of the two."""
    here = relation.claim_id == claim_id
    other, revision = relation.other_id if here else relation.claim_id, f"in revision {relation.sequence}"
    words = {
        RelationKind.SPLIT: ("split from {}", "{} was split from it"),
        RelationKind.MERGED: ("took in {}", "merged into {}"),
        RelationKind.ALIKE: ("may be {}, which is gone: nothing settles it", "may be {}, which is new: nothing settles it"),
    }
    name = f"claim {other}" if other > 0 else "a new claim"
    return f"{words[relation.kind][0 if here else 1].format(name)}, {revision}"


def labels_words(labels: tuple[str, ...]) -> str:
    """Give citation numbers as printed: "[20][21]"."""
    return "".join(f"[{label}]" for label in labels)


def excerpt(text: str, limit: int = 240) -> str:
    """Give the beginning of a text, cut after a word, with an ellipsis when it was cut."""
    line = " ".join(text[: limit * 8].split())
    if len(line) <= limit and len(text) <= limit * 8:
        return line
    cut = line[:limit].rsplit(" ", 1)[0]
    return f"{cut} …"


def read_from(audit: Audit) -> str:
    """Say where a document was read from, with the number that the place gives to its revision, where it gives one."""
    number = audit.revision.origin_revision
    return origin_name(audit.document.origin) + (f", its revision {number}" if number else "")


def origin_name(origin: str) -> str:
    """Give the file name of an origin; a URL is given whole, and `-` is standard input.

    A report leaves the house: the folders of whoever made it are nobody's business.
    """
    if origin == "-":
        return "standard input"
    return origin if "://" in origin else origin.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def web_address(address: str) -> str:
    """Give an address that a reader may click, empty when it is not plainly http or https."""
    plain = address.isprintable() and not any(c in " <>\"'`" for c in address)
    return address if plain and address.lower().startswith(("http://", "https://")) else ""


def source_address(source: Source) -> str:
    """Give where a source can be opened: its URL, or the resolver's for a DOI or an arXiv id; empty when there is none."""
    value = source.canonical.partition(":")[2]
    if source.kind is SourceKind.DOI:
        return f"https://doi.org/{quote(value, safe='/', errors='replace')}"
    if source.kind is SourceKind.ARXIV:
        return f"https://arxiv.org/abs/{quote(value, safe='/', errors='replace')}"
    return web_address(source.canonical)


def _open_flags_words(dossier: Dossier, origin: FlagOrigin) -> str:
    return ", ".join(dict.fromkeys(flag_words(f) for f in dossier.open_flags if f.origin is origin))


def _opinions_words(dossier: Dossier) -> str:
    first = dossier.first_opinion
    opinions = (*([first] if first else ()), *dossier.second_opinions)
    return ", ".join(f"{decision.reviewer} says {STATUS_WORDS[decision.status].lower()}" for decision in opinions)


_REASON_WORDS: dict[Reason, Callable[[Dossier], str]] = {
    Reason.TAGGED: lambda d: f"tagged in the text: {_open_flags_words(d, FlagOrigin.TAG)}",
    Reason.FLAGGED: lambda d: f"flagged by a person: {_open_flags_words(d, FlagOrigin.PERSON)}",
    Reason.DISAGREEMENT: lambda d: f"reviewers disagree: {_opinions_words(d)}",
    Reason.CONTRADICTED: lambda d: f"likely problem: {problem_words(d)}",
    Reason.STALE: lambda d: f"its decision is stale: {stale_why(d)}",
    Reason.UNCITED: lambda _: "cites nothing",
    Reason.COVERED: lambda _: "covered only by a later citation of its paragraph",
    Reason.NO_SOURCE: lambda d: f"no source attached for {labels_words(d.claim.citation_labels)}",
    Reason.UNVERIFIED: lambda _: "not looked at",
}
