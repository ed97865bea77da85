"""The audit in GitHub-flavoured Markdown, for wikis, pull requests and notes: the parts of the HTML report in the same order, compact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from verify import __version__
from verify.model import (
    SCHEMA_VERSION,
    Audit,
    Decision,
    Dossier,
    Evidence,
    KeptAssessment,
    NextAction,
    SourceLink,
    next_action_of,
    stale_why,
    standing_decisions,
)

from . import outline, suggestions, words
from .escape import markdown_text
from .rows import head_text, instant

REVIEW_LIMIT = 50


def render(audit: Audit) -> Iterator[str]:
    """Give the report in pieces."""
    for part in (_head, _coverage, _machine, _review, _text, _sources, _references, _orphans, _absent, _reading):
        yield from part(audit)


def _head(audit: Audit) -> Iterator[str]:
    document, revision = audit.document, audit.revision
    yield f"# Audit report: {markdown_text(document.title or document.name)}\n\n**{words.summary(audit)}**\n\n"
    facts = {
        "Document": f"{markdown_text(document.name)}, revision {revision.sequence}",
        "Read from": markdown_text(words.read_from(audit)),
        "SHA-256": _code(revision.sha256),
        "As of": instant(audit.generated_at),
        "Format": markdown_text(f"{revision.format}, {revision.encoding}"),
        "Markers": markdown_text(f"{revision.layout}: {words.LAYOUT_MEANS[revision.layout]}. {revision.layout_why}"),
        "Trail head": _code(head_text(audit.head)),
        "Made by": f"verify {__version__}, schema_version {SCHEMA_VERSION}",
    }
    yield from (f"- {name}: {value}\n" for name, value in facts.items())


def _coverage(audit: Audit) -> Iterator[str]:
    coverage = audit.coverage
    yield "\n## What was looked at\n\n| Status | Claims | Share |\n| --- | ---: | ---: |\n"
    for status, label in words.STATUS_WORDS.items():
        count = coverage.by_status[str(status)]
        yield f"| {label} | {count:,} | {words.share(count, coverage.claims)} |\n"
    yield "\n| Claims that … | Claims | Share |\n| --- | ---: | ---: |\n"
    yield from (f"| {line.label} | {line.count:,} | {line.share} |\n" for line in words.coverage_lines(coverage))
    if coverage.skipped:
        yield "\n| Blocks without claims | Blocks | Why |\n| --- | ---: | --- |\n"
    for kind, count in sorted(coverage.skipped.items()):
        yield f"| {markdown_text(kind)} | {count:,} | {words.skipped_why(kind)} |\n"


def _machine(audit: Audit) -> Iterator[str]:
    pointed = suggestions.pointed_at(audit)
    if pointed is None:
        return
    yield "\n## What the machine points at\n\nIt suggests; a person decides.\n\n| It says | That is | Assessments | Claims |\n| --- | --- | ---: | ---: |\n"
    for line in pointed.lines:
        says, means = suggestions.VERDICT_WORDS[line.verdict], suggestions.VERDICT_MEANS[line.verdict]
        yield f"| {says} | {means} | {line.assessments:,} | {line.claims:,} |\n"
    yield "".join(f"\n{sentence}\n" for sentence in suggestions.rest_words(pointed))
    yield "\n" if pointed.problems else ""
    for dossier in pointed.problems[:REVIEW_LIMIT]:
        said = f"{markdown_text(words.excerpt(dossier.claim.text, 120))} — {markdown_text(suggestions.problem_words(dossier))}"
        yield f"- Claim {dossier.claim.ordinal} (id {dossier.id}): {said}\n"


def _review(audit: Audit) -> Iterator[str]:
    first = outline.review_first(audit)
    yield f"\n## What needs review first\n\n{'' if first else 'No claim waits for a person.' if audit.dossiers else 'There is no claim to review.'}"
    for dossier in first[:REVIEW_LIMIT]:
        why = "; ".join(words.reason_words(dossier, r) for r in dossier.reasons)
        yield f"- Claim {dossier.claim.ordinal} (id {dossier.id}): {markdown_text(words.excerpt(dossier.claim.text, 120))} — {markdown_text(why)}\n"
    if len(first) > REVIEW_LIMIT:
        yield f"- and {len(first) - REVIEW_LIMIT:,} more, marked in the text below\n"


def _text(audit: Audit) -> Iterator[str]:
    yield "\n## The text, claim by claim\n"
    for paragraph in outline.paragraphs(audit.dossiers):
        yield f"\n### {markdown_text(paragraph.heading)}\n\n" if paragraph.heading else "\n"
        for dossier in paragraph.dossiers:
            yield from _claim(dossier)


def _claim(dossier: Dossier) -> Iterator[str]:
    claim = dossier.claim
    markers = words.labels_words((*claim.citation_labels, *claim.note_labels, *claim.tag_names))
    stale = f" (stale: {stale_why(dossier)})" if dossier.stale else ""
    said = f"{markdown_text(claim.text)} {markdown_text(markers)}".rstrip()
    action = next_action_of(dossier)
    following = "" if action is NextAction.NOTHING else f", next: {action}"
    yield f"- **{claim.ordinal}** {said} — **{words.STATUS_WORDS[dossier.status]}**{stale}{following}\n"
    for link in dossier.links:
        yield from _link(link)
    for kept in dossier.assessments:
        yield from _assessment(dossier, kept)
    for flag in dossier.flags:
        closed = "" if flag.is_open else f", resolved by {markdown_text(flag.resolved_by)}"
        yield f"  - Flag, {flag.origin}: {markdown_text(words.flag_words(flag))}{closed}\n"
    standing = {d.id for d in standing_decisions(dossier.decisions)}
    yield from (_decision(d, d.id in standing) for d in dossier.decisions)


def _link(link: SourceLink) -> Iterator[str]:
    held = f"text not held: {link.source.no_text_why}" if link.source.no_text_why else "text held"
    origin = "" if link.reviewer else "named by the document"
    yield f"  - Source: {_joined(link.source.title, link.source.canonical, link.locator, held, origin, link.note)}\n"
    yield from (_quote(e) for e in link.evidence)


def _assessment(dossier: Dossier, kept: KeptAssessment) -> Iterator[str]:
    held = kept.assessment
    why = _joined(suggestions.why_words(held), suggestions.outdated_words(dossier, kept), f"{held.scorer} {held.version}")
    against = markdown_text(suggestions.source_words(dossier, kept))
    yield f"  - Machine: **{suggestions.verdict_words(held)}** ({held.score:.2f}) against {against}: {why}\n"
    if part := suggestions.covered_words(dossier, kept):
        yield f"    - Assessed: “{markdown_text(part)}”, which the citation covers\n"
    yield from (f"    - Cue: {markdown_text(suggestions.cue_words(cue))}\n" for cue in held.cues)
    yield from (f"    - Words {markdown_text(words)}\n" for words in suggestions.lacking(suggestions.runs(dossier, kept)))
    for passage in held.passages[: suggestions.SHOWN]:
        place = _joined(passage.locator, f"characters {passage.start}–{passage.end}", passage.source if len(kept.sources) > 1 else "")
        yield f"    - Passage: “{markdown_text(passage.exact)}” ({place})\n"


def _quote(evidence: Evidence) -> str:
    exact = markdown_text(evidence.quote.exact)
    return f"    - Quote: “{exact}” ({_joined(evidence.locator, evidence.reviewer)}; sha256 {_code(evidence.snapshot_sha256)})\n"


def _decision(decision: Decision, stands: bool) -> str:
    note = f": {markdown_text(decision.note)}" if decision.note else ""
    past = "" if stands or decision.undoes is not None else " (taken back)"
    return f"  - {instant(decision.decided_at)} {markdown_text(decision.reviewer)}: {words.decision_words(decision)}{past}{note}\n"


def _sources(audit: Audit) -> Iterator[str]:
    held = outline.held_up(audit)
    yield f"\n## Sources\n\n{'' if held else 'No source is attached to any claim.'}"
    for item in held:
        text = f"text not held: {item.source.no_text_why}" if item.source.no_text_why else "text held"
        parts = _joined(item.source.title, item.source.canonical, text, words.counted(item.quotes, "quote"))
        yield f"- {parts} — claims {_ordinals(item.dossiers)}\n"


def _references(audit: Audit) -> Iterator[str]:
    if audit.references:
        yield "\n## References of the document\n\n"
    for cited in outline.cited_references(audit):
        by = f"claims {_ordinals(cited.dossiers)}" if cited.dossiers else "**nobody cites it**"
        yield f"- {markdown_text(f'[{cited.reference.label}] {cited.reference.text}')} {markdown_text(cited.reference.url)} — {by}\n"
    for label, citing in outline.missing_entries(audit):
        yield f"- {markdown_text(f'[{label}]')} **has no entry** — claims {_ordinals(citing)}\n"


def _orphans(audit: Audit) -> Iterator[str]:
    if audit.orphans:
        yield "\n## Markers that found no sentence\n\n"
    yield from (f"- {markdown_text(o.printed)} at character {o.start}: {markdown_text(o.why)}\n" for o in audit.orphans)


def _absent(audit: Audit) -> Iterator[str]:
    if audit.absent:
        yield "\n## Claims gone from the document\n\n"
    for dossier in audit.absent:
        yield from _claim(dossier)


def _reading(_: Audit) -> Iterator[str]:
    yield "\n## How to read this\n\n"
    yield from (f"- **{words.STATUS_WORDS[status]}**: {meaning}\n" for status, meaning in words.STATUS_MEANS.items())
    yield from (f"\n{paragraph}\n" for paragraph in words.COLOPHON)


def _joined(*texts: str) -> str:
    return ", ".join(markdown_text(t) for t in dict.fromkeys(texts) if t)


def _ordinals(dossiers: Iterable[Dossier]) -> str:
    return ", ".join("gone" if d.absent else str(d.claim.ordinal) for d in dossiers)


def _code(text: str) -> str:
    """Give a hash of ours as code; whatever else came in its place is escaped like any text."""
    return f"`{text}`" if text.replace(":", "").isalnum() else markdown_text(text)
