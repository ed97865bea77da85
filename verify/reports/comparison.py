"""Two revisions of a document side by side, in the formats that `verify diff` prints: what changed, claim by claim, the words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from verify.errors import UsageError
from verify.model import SCHEMA_VERSION, BaselineState, ClaimChange, Comparison, Revision, Standing, Wording
from verify.terminal import one_line

from .escape import markdown_text
from .rows import instant
from .streams import json_object
from .words import counted, labels_words, relation_words

SIGNS: Mapping[BaselineState, str] = {
    BaselineState.NEW: "+",
    BaselineState.UPDATED: "~",
    BaselineState.ABSENT: "-",
    BaselineState.UNCHANGED: " ",
}
"""What stands in front of a claim, as in a patch; ~ is one that changed."""

_MARKS = {Wording.KEPT: ("", ""), Wording.REMOVED: ("[-", "-]"), Wording.ADDED: ("{+", "+}")}
"""How words are marked where there is no colour: the marks of `git diff --word-diff`."""


def render_comparison(form: str, comparison: Comparison, *, everything: bool = False) -> Iterator[str]:
    """Give a comparison in pieces; without `everything`, only what changed. Raises UsageError for a format that is not in the rack."""
    if form not in COMPARISONS:
        raise UsageError(f"There is no format {one_line(form)!r} for a comparison. Choose one of: {', '.join(COMPARISONS)}.")
    return COMPARISONS[form](comparison, shown(comparison, everything=everything))


def shown(comparison: Comparison, *, everything: bool = False) -> list[ClaimChange]:
    """The changes worth showing: all, or those that did not stay just as they were."""
    return [c for c in comparison.changes if everything or c.state is not BaselineState.UNCHANGED or c.moved or c.renumbered]


def summary(comparison: Comparison) -> str:
    """Say in one line what became of the claims."""
    counts = comparison.counts
    parts = [f"{counts[state]} {state}" for state in BaselineState if counts[state]]
    if comparison.moved:
        parts.append(f"{comparison.moved} moved")
    if stale := sum(change.decided and change.state is not BaselineState.UNCHANGED for change in comparison.changes):
        parts.append(f"{counted(stale, 'decision')} stale")
    return ", ".join(parts) or "no claims"


def remarks(change: ClaimChange) -> list[str]:
    """Say what is to know of a change beside its words."""
    said = []
    if change.moved:
        said.append("moved")
    if change.recited and change.before and change.after:
        said.append(f"cites {_cited(change.after)} instead of {_cited(change.before)}")
    if change.renumbered and change.before and change.after:
        said.append(f"{_cited(change.before)} renumbered {_cited(change.after)}")
    said += [relation_words(relation, change.standing.claim_id) for relation in change.relations]
    if change.decided and change.state is not BaselineState.UNCHANGED:
        said.append("its decision is stale")
    return said


def marked(change: ClaimChange) -> str:
    """Give the words of a claim, changed ones between marks."""
    if not change.words:
        return change.standing.text
    return "".join(f"{_MARKS[word.kind][0]}{word.text}{_MARKS[word.kind][1]}" for word in change.words)


def _as_text(comparison: Comparison, changes: Iterable[ClaimChange]) -> Iterator[str]:
    yield f"{_title(comparison)}\n"
    for change in changes:
        yield f"\n{SIGNS[change.state]} {_name(change)} {one_line(marked(change))}\n"
        yield from (f"    {one_line(remark)}\n" for remark in remarks(change))


def _as_markdown(comparison: Comparison, changes: Iterable[ClaimChange]) -> Iterator[str]:
    yield f"# {markdown_text(_title(comparison))}\n\n{summary(comparison)}\n\n"
    for change in changes:
        words = change.words
        text = "".join(_markdown_words(word.kind, word.text) for word in words) if words else markdown_text(change.standing.text)
        if not words and change.state is BaselineState.ABSENT:
            text = f"~~{text}~~"
        said = "".join(f"; {markdown_text(remark)}" for remark in remarks(change))
        yield f"- **{change.state}** {markdown_text(_name(change))} {text}{said}\n"


def _markdown_words(kind: Wording, text: str) -> str:
    """Mark words; blanks stay outside of the marks, where Markdown wants them."""
    words, sign = markdown_text(text.strip()), {Wording.KEPT: "", Wording.REMOVED: "~~", Wording.ADDED: "**"}[kind]
    before, after = " " if text[:1].isspace() else "", " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{sign}{words}{sign}{after}" if words else before


def _as_json(comparison: Comparison, changes: Iterable[ClaimChange]) -> Iterator[str]:
    fields = {
        "schema_version": SCHEMA_VERSION,
        "document": comparison.document.name,
        "before": _revision_row(comparison.before),
        "after": _revision_row(comparison.after),
        "counts": {str(state): n for state, n in comparison.counts.items()},
        "moved": comparison.moved,
    }
    return json_object(fields, {"changes": map(change_row, changes)})


def change_row(change: ClaimChange) -> dict[str, Any]:
    """Give a change as JSON values."""
    return {
        "id": change.standing.claim_id if change.standing.claim_id > 0 else None,
        "state": str(change.state),
        "moved": change.moved,
        "citations_changed": change.recited,
        "renumbered": change.renumbered,
        "decided": change.decided,
        "before": _standing_row(change.before),
        "after": _standing_row(change.after),
        "words": [{"kind": str(word.kind), "text": word.text} for word in change.words],
        "relations": [asdict(relation) for relation in change.relations],
        "remarks": remarks(change),
    }


def _as_html(comparison: Comparison, changes: Iterable[ClaimChange]) -> Iterator[str]:
    from .html import render_page

    return render_page(
        "comparison.html.j2",
        comparison=comparison,
        changes=changes,
        title=_title(comparison),
        summary=summary(comparison),
        remarks=remarks,
        name=_name,
    )


def _title(comparison: Comparison) -> str:
    before = f"revision {comparison.before.sequence}" if comparison.before else "nothing"
    after = f"revision {comparison.after.sequence}" if comparison.after else "this reading"
    return f"{one_line(comparison.document.name)}: {before} to {after}"


def _name(change: ClaimChange) -> str:
    return f"[{change.standing.claim_id}]" if change.standing.claim_id > 0 else "[new]"


def _cited(standing: Standing) -> str:
    return labels_words(standing.citation_labels) or "nothing"


def _standing_row(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "ordinal": standing.ordinal,
        "section": standing.section,
        "text": standing.text,
        "citations": list(standing.citation_labels),
    }


def _revision_row(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {"sequence": revision.sequence, "sha256": revision.sha256, "ingested_at": instant(revision.ingested_at)}


COMPARISONS: Mapping[str, Callable[[Comparison, Iterable[ClaimChange]], Iterator[str]]] = {
    "text": _as_text,
    "json": _as_json,
    "markdown": _as_markdown,
    "html": _as_html,
}
"""Name of a format -> the function that writes a comparison in it."""
