"""Claims, dossiers and what goes with them as JSON values: the same keys in `extract`, `list`, `show` and every report.

Light on purpose (standard library and model), because `verify extract` and `verify list` start with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from verify.model import (
    SCHEMA_VERSION,
    Audit,
    Citation,
    Claim,
    Coverage,
    Cue,
    Decision,
    Dossier,
    Evidence,
    Flag,
    KeptAssessment,
    OrphanMarker,
    Passage,
    Reference,
    Source,
    SourceLink,
    TextQuote,
    TrailHead,
    next_action_of,
    no_text_of,
    outdated_why,
    sha256_of,
    stale_why,
    standing_decisions,
)

from .suggestions import cue_words, verdict_words
from .words import origin_name

Row = dict[str, Any]


def instant(when: datetime) -> str:
    """Give a time as UTC ISO 8601 to the second: "2026-03-01T09:30:00Z". One without a zone is UTC, as the ledger keeps them."""
    zoned = when if when.tzinfo else when.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def head_text(head: TrailHead) -> str:
    """Give the trail head as "sequence:hash", which `verify trail` takes back."""
    return f"{head.sequence}:{head.hash}"


def claim_row(claim: Claim, document: str) -> Row:
    """Give a claim as `extract` prints it. `markers` say which words each label covers; `flags` are the canonical names of its cleanup tags; offsets are code points of the text."""
    return {
        "document": document,
        "ordinal": claim.ordinal,
        "text": claim.text,
        "citations": list(claim.citation_labels),
        "notes": list(claim.note_labels),
        "flags": list(claim.tag_names),
        "covered": claim.covered,
        "section": claim.section,
        "start": claim.start,
        "end": claim.end,
        "markers": [_marker_row(citation, claim) for citation in claim.citations],
    }


def dossier_row(dossier: Dossier) -> Row:
    """Give a claim as `list` prints it: `claim_row` with its id, its open flags, and what the ledger says of it. `next_action` is one of the words of
    `NextAction`. Each of its sources has its origin at the same place of `source_origins`: "person" where one attached it, be it named by the
    document too."""
    origins: dict[str, str] = {}
    for link in dossier.links:
        origins[link.source.canonical] = max(origins.get(link.source.canonical, ""), link_origin(link))  # "person" is the later word
    return {
        "id": dossier.id,
        **claim_row(dossier.claim, dossier.document),
        "flags": list(dict.fromkeys(f.name for f in dossier.open_flags)),
        "status": str(dossier.status),
        "stale": dossier.stale,
        "state": str(dossier.state),
        "reasons": [str(r) for r in dossier.reasons],
        "next_action": str(next_action_of(dossier)),
        "sources": list(origins),
        "source_origins": list(origins.values()),
        "absent": dossier.absent,
    }


def dossier_detail(dossier: Dossier) -> Row:
    """Give a claim as `show` and the reports print it: `dossier_row` and, beside it, everything that the ledger holds on the claim."""
    claim = dossier.claim
    standing = {d.id for d in standing_decisions(dossier.decisions)}
    return {
        **dossier_row(dossier),
        "stale_why": stale_why(dossier),
        "disagreement": dossier.disagreement,
        "needs_second": dossier.needs_second,
        "relations": [asdict(relation) for relation in dossier.relations],
        "text_sha256": sha256_of(claim.text),
        "paragraph": {"start": claim.paragraph_start, "end": claim.paragraph_end},
        "tags": [asdict(t) for t in claim.tags],
        "links": [_link_row(link) for link in dossier.links],
        "flag_history": [_flag_row(f) for f in dossier.flags],
        "no_text_why": no_text_of(dossier),
        "assessments": [assessment_row(dossier, kept) for kept in dossier.assessments],
        "decisions": [_decision_row(d, d.id in standing) for d in dossier.decisions],
    }


def assessment_row(dossier: Dossier, kept: KeptAssessment) -> Row:
    """Give what the machine says of a claim against a source, or against those of a group of citations, which `sources` and `snapshots` name in
    cited order. `verdict` is the word of the model, `says` the one for people. `assessed` are the words that were read, offsets in the claim's text,
    as in `words` and `cues`. `outdated` is why it no longer holds for what is there, empty where it does. A passage has its source, its locator
    and both selectors, offsets in the text of that source's snapshot; a cue names its passage by its place, -1 for none."""
    held = kept.assessment
    return {
        "id": kept.id,
        "sources": list(kept.sources),
        "snapshots": list(kept.snapshots),
        "assessed": {"start": kept.start, "end": kept.end, "text_sha256": kept.text_sha256},
        "verdict": str(held.verdict),
        "says": verdict_words(held),
        "score": held.score,
        "verbatim": held.verbatim,
        "why": held.why,
        "outdated": outdated_why(dossier, kept),
        "passages": [_passage_row(passage) for passage in held.passages],
        "cues": [_cue_row(cue) for cue in held.cues],
        "words": [{"start": w.start, "end": w.end, "grounding": str(w.grounding)} for w in held.words],
        "scorer": held.scorer,
        "version": held.version,
        "cost": dict(held.cost),
        "assessed_at": instant(kept.assessed_at),
    }


def source_row(source: Source, claim_ids: list[int]) -> Row:
    """Give a source with the ids of the claims that it holds up. `no_text_why` is empty when its text is held."""
    return {**_source_row(source), "csl": dict(source.csl), "claims": claim_ids}


def reference_row(reference: Reference, claim_ids: list[int]) -> Row:
    """Give the document's own entry for a number with the ids of the claims that cite it."""
    return {**asdict(reference), "claims": claim_ids}


def missing_row(label: str, claim_ids: list[int]) -> Row:
    """Give a label that the document's reference list has no entry for, with the ids of the claims that cite it."""
    return {"label": label, "claims": claim_ids}


def link_origin(link: SourceLink) -> str:
    """Say who linked a source: "document" where its own reference list names it, for then there is no reviewer, else "person"."""
    return "person" if link.reviewer else "document"


def orphan_row(orphan: OrphanMarker) -> Row:
    """Give a marker that found no sentence."""
    return {
        "printed": orphan.printed,
        "marker": str(orphan.kind),
        "labels": list(orphan.labels),
        "start": orphan.start,
        "end": orphan.end,
        "why": orphan.why,
    }


def coverage_row(coverage: Coverage) -> Row:
    """Give every count of the coverage, in claims, and `not_looked_at`."""
    return {
        **{name: _plain(value) for name, value in asdict(coverage).items()},
        "not_looked_at": coverage.not_looked_at,
    }


def audit_row(audit: Audit) -> Row:
    """Give what an audit is of and what it stands on: document, revision, trail head, time. Neither text nor claims."""
    document, revision = audit.document, audit.revision
    return {
        "kind": "audit",
        "schema_version": SCHEMA_VERSION,
        "generator": _generator(),
        "generated_at": instant(audit.generated_at),
        "trail_head": {"sequence": audit.head.sequence, "hash": audit.head.hash},
        "document": {"id": document.id, "name": document.name, "title": document.title, "origin": origin_name(document.origin)},
        "revision": {
            "id": revision.id,
            "sequence": revision.sequence,
            "sha256": revision.sha256,
            "format": revision.format,
            "encoding": revision.encoding,
            "markers": str(revision.layout),
            "markers_why": revision.layout_why,
            "origin_revision": revision.origin_revision,
            "ingested_at": instant(revision.ingested_at),
        },
    }


def _generator() -> str:
    from verify import __version__

    return f"verify {__version__}"


def _plain(value: object) -> object:
    return dict(sorted(value.items())) if isinstance(value, Mapping) else value


def _marker_row(citation: Citation, claim: Claim) -> Row:
    return {
        "label": citation.label,
        "kind": str(citation.kind),
        "locator": citation.locator,
        "start": citation.start,
        "end": citation.end,
        "covers": {
            "start": citation.covers_start,
            "end": citation.covers_end,
            "text": claim.text[citation.covers_start : citation.covers_end],
        },
    }


def _source_row(source: Source) -> Row:
    return {
        "id": source.id,
        "identified_by": str(source.kind),
        "canonical": source.canonical,
        "title": source.title,
        "no_text_why": source.no_text_why,
    }


def _link_row(link: SourceLink) -> Row:
    return {
        "id": link.id,
        "source": _source_row(link.source),
        "origin": link_origin(link),
        "label": link.label,
        "locator": link.locator,
        "note": link.note,
        "reviewer": link.reviewer,
        "attached_at": instant(link.attached_at),
        "evidence": [_evidence_row(e) for e in link.evidence],
    }


def _evidence_row(evidence: Evidence) -> Row:
    """Give a quote with both selectors."""
    quote = evidence.quote
    return {
        "id": evidence.id,
        "snapshot_sha256": evidence.snapshot_sha256,
        "match": str(quote.match),
        "locator": evidence.locator,
        "reviewer": evidence.reviewer,
        "added_at": instant(evidence.added_at),
        "selectors": _selectors(quote),
    }


def _passage_row(passage: Passage) -> Row:
    return {"source": passage.source, "locator": passage.locator, "score": passage.score, "selectors": _selectors(passage)}


def _selectors(found: TextQuote | Passage) -> list[Row]:
    """The two selectors of the W3C Web Annotation model that find a stretch of a snapshot's text."""
    return [
        {"type": "TextQuoteSelector", "exact": found.exact, "prefix": found.prefix, "suffix": found.suffix},
        {"type": "TextPositionSelector", "start": found.start, "end": found.end},
    ]


def _cue_row(cue: Cue) -> Row:
    return {**asdict(cue), "kind": str(cue.kind), "says": cue_words(cue)}


def _flag_row(flag: Flag) -> Row:
    return {
        "id": flag.id,
        "origin": str(flag.origin),
        "name": flag.name,
        "reason": flag.reason,
        "reviewer": flag.reviewer,
        "raised_at": instant(flag.raised_at),
        "open": flag.is_open,
        "resolved_by": flag.resolved_by,
        "resolved_at": instant(flag.resolved_at) if flag.resolved_at else None,
        "resolution": flag.resolution,
    }


def _decision_row(decision: Decision, stands: bool) -> Row:
    return {
        "id": decision.id,
        "status": str(decision.status),
        "reviewer": decision.reviewer,
        "note": decision.note,
        "decided_at": instant(decision.decided_at),
        "text_sha256": decision.text_sha256,
        "citations": list(decision.citation_labels),
        "undoes": decision.undoes,
        "evidence": list(decision.evidence_ids),
        "texts": [{"source": canonical, "sha256": sha256} for canonical, sha256 in decision.texts],
        "seconds": decision.seconds,
        "settles": decision.settles,
        "carried_from": decision.carried_from,
        "stands": stands,
    }
