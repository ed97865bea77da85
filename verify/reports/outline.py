"""The parts of a report, taken out of an audit once and in order: paragraphs, what needs review first, sources and references with their claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from verify.model import Audit, Dossier, Reason, Reference, Source, unmatched

_URGENCY = {reason: rank for rank, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The claims of one paragraph. `heading` is its section where that begins here, else empty."""

    heading: str
    dossiers: tuple[Dossier, ...]


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A source, how many quotes of it are kept, and the claims that it holds up, in document order."""

    source: Source
    dossiers: tuple[Dossier, ...]
    quotes: int


@dataclass(frozen=True, slots=True)
class CitedReference:
    """The document's own entry for a number, and the claims that cite it; none where nobody does."""

    reference: Reference
    dossiers: tuple[Dossier, ...]


def paragraphs(dossiers: Iterable[Dossier]) -> Iterator[Paragraph]:
    """Give the claims in document order, paragraph by paragraph."""
    section = ""
    for (title, _), group in groupby(dossiers, key=lambda d: (d.claim.section, d.claim.paragraph_start)):
        yield Paragraph(title if title != section else "", tuple(group))
        section = title


def review_first(audit: Audit) -> list[Dossier]:
    """Give the claims that need a person, most urgent reason first (the order of `Reason`), then in document order."""
    ranked = ((reasons, d) for d in audit.dossiers if (reasons := d.reasons))
    return [d for _, d in sorted(ranked, key=lambda pair: min(_URGENCY[r] for r in pair[0]))]


def held_up(audit: Audit) -> list[HeldUp]:
    """Give the sources of an audit in the order in which its text needs them, each once."""
    claims: dict[int, dict[int, Dossier]] = {}
    sources: dict[int, Source] = {}
    quotes: dict[int, set[int]] = {}
    for dossier in (*audit.dossiers, *audit.absent):
        for link in dossier.links:
            sources.setdefault(link.source.id, link.source)
            claims.setdefault(link.source.id, {})[dossier.id] = dossier
            quotes.setdefault(link.source.id, set()).update(e.id for e in link.evidence)
    return [HeldUp(source, tuple(claims[key].values()), len(quotes[key])) for key, source in sources.items()]


def missing_entries(audit: Audit) -> list[tuple[str, tuple[Dossier, ...]]]:
    """Give the labels that the claims cite and the document's reference list lacks, each with its claims; none where it has no list."""
    missing, _ = unmatched((d.claim for d in audit.dossiers), audit.references)
    bearing = _bearing(audit)
    return [(label, tuple(bearing[label])) for label in missing]


def cited_references(audit: Audit) -> list[CitedReference]:
    """Give the reference list in its own order, each entry with the claims that bear its label, be it a number or a note."""
    bearing = _bearing(audit)
    return [CitedReference(r, tuple(bearing.get(r.label, ()))) for r in audit.references]


def _bearing(audit: Audit) -> dict[str, list[Dossier]]:
    """The claims by the labels that they bear, in document order."""
    bearing: dict[str, list[Dossier]] = {}
    for dossier in audit.dossiers:
        for label in dict.fromkeys(citation.label for citation in dossier.claim.citations):
            bearing.setdefault(label, []).append(dossier)
    return bearing
