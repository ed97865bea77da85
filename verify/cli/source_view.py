"""Sources for people and for programs: a list of them, and one with its states, the visits to it, the quotes kept from it, and its changes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from verify.model import SCHEMA_VERSION, WordChange, Wording
from verify.terminal import one_line

from .context import colours
from .table import Column, cut, table

if TYPE_CHECKING:
    from verify.store.fetches import Visit
    from verify.store.snapshots import SnapshotFacts
    from verify.workflows.overview import SourceLine, SourceView

_COLUMNS = (Column("id", right=True), Column("kind"), Column("claims", right=True), Column("text"), Column("reach"), Column("source"))
_VISITS = 10
_PASSAGES = 50
_LONGEST = 400
_MARKS = {Wording.REMOVED: ("[-", "-]", "red"), Wording.ADDED: ("{+", "+}", "green")}


def list_lines(held: "list[SourceLine]") -> Iterator[str]:
    """Give sources as a table."""
    rows = [
        (
            str(each.source.id),
            each.source.kind,
            str(each.claims),
            each.source.no_text_why or "held",
            each.reach,
            f"{each.source.title} {each.source.canonical}".strip(),
        )
        for each in held
    ]
    return table(_COLUMNS, rows)


def view_lines(view: "SourceView") -> Iterator[str]:
    """Give a source as lines for a terminal."""
    return (line + "\n" for line in _lines(view))


def _lines(view: "SourceView") -> Iterator[str]:
    source, standing = view.line.source, view.line.standing
    yield _heading(f"Source {source.id} · {source.kind} · {one_line(source.title) or 'without a title'}")
    yield f"  {one_line(source.canonical)}"
    if view.line.key:
        yield f"  Cited as {one_line(view.line.key)}"
    yield f"  Text: {one_line(source.no_text_why) or (f'held, {view.states[0].characters:,} characters' if view.states else 'none')}"
    if standing:
        yield f"  Reach: {view.line.reach} since {_when(standing.since)}: {one_line(standing.why)}"
    elif view.address:
        yield "  Reach: never asked; `verify fetch` asks"
    yield from _part("Claims", [_claim(view, n) for n in range(len(view.touched))])
    yield from _part("Quotes", [line for n in range(len(view.quotes)) for line in _quote(view, n)])
    yield from _part("States", [_state(state) for state in view.states])
    hidden = len(view.visits) - _VISITS
    older = [f"  {hidden} older visits"] if hidden > 0 else []
    yield from _part("Visits", [*older, *(_visit(visit) for visit in view.visits[-_VISITS:])])
    if view.changes:
        since = f"{_when(view.changes.before.retrieved_at)} and {_when(view.changes.after.retrieved_at)}"
        shown = [f"  {_marked(passage)}" for passage in view.changes.passages[:_PASSAGES]]
        more = len(view.changes.passages) - _PASSAGES
        yield from _part(f"Changed between {since}", [*shown, *([f"  and {more} more passages"] if more > 0 else [])] or ["  no words"])


def _claim(view: "SourceView", number: int) -> str:
    each = view.touched[number]
    stale = ", stale: its text has changed since" if each.stale else ""
    return f"  {each.dossier.id} ({str(each.dossier.status).replace('_', ' ')}{stale}): {cut(one_line(each.dossier.claim.text), _LONGEST)}"


def _quote(view: "SourceView", number: int) -> Iterator[str]:
    quote, check = view.quotes[number]
    claims = ", ".join(map(str, view.claims_of(quote)))
    place = f", {one_line(quote.locator)}" if quote.locator else ""
    yield f"  {f'claim {claims}: ' if claims else ''}{cut(one_line(quote.quote.exact), _LONGEST)} ({quote.quote.match}{place})"
    if check:
        printed = f": {cut(one_line(check.printed), _LONGEST)}" if check.printed and check.match != "exact" else ""
        yield f"    in the latest text: {str(check.match).replace('_', ' ')}{printed}"


def _state(state: "SnapshotFacts") -> str:
    again = f", seen again {_when(state.last_seen_at)}" if state.last_seen_at else ""
    size = f"{state.length:,} bytes, {state.characters:,} characters"
    return f"  {_when(state.retrieved_at)} {one_line(state.media_type)}, {size}, sha256 {state.sha256[:12]}, from {one_line(state.origin)}{again}"


def _visit(visit: "Visit") -> str:
    said = one_line(visit.error or visit.not_found) if visit.failure or visit.not_found else ""
    status = f"answered {visit.status}" if visit.status else "no answer"
    led = f", led to {one_line(visit.reached)}" if visit.redirects else ""
    return f"  {_when(visit.at)} {one_line(visit.asked)}: {status}{led}" + (f" ({said})" if said else "")


def _marked(passage: tuple[WordChange, ...]) -> str:
    pieces = []
    for change in passage:
        before, after, colour = _MARKS.get(change.kind, ("", "", ""))
        text = cut(one_line(change.text), _LONGEST)
        blank = " " if change.text[:1].isspace() else ""
        tail = " " if change.text[-1:].isspace() and text else ""
        pieces.append(blank + (click.style(text, fg=colour) if colour and colours() else f"{before}{text}{after}") + tail)
    return "…" + "".join(pieces).strip() + "…"


def view_json(view: "SourceView") -> Iterator[str]:
    """Give a source as one JSON object."""
    from verify.reports.escape import json_text

    facts: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **line_row(view.line),
        "address": view.address,
        "claims": [{"id": each.dossier.id, "status": str(each.dossier.status), "stale": each.stale} for each in view.touched],
        "quotes": [_quote_row(view, n) for n in range(len(view.quotes))],
        "states": [_state_row(state) for state in view.states],
        "visits": [_visit_row(visit) for visit in view.visits],
    }
    if view.changes:
        passages = [[{"kind": str(change.kind), "text": change.text} for change in passage] for passage in view.changes.passages]
        facts["changes"] = {"before": view.changes.before.sha256, "after": view.changes.after.sha256, "passages": passages}
    yield json_text(facts) + "\n"


def line_row(line: "SourceLine") -> dict[str, Any]:
    """Give a source of a list for programs."""
    from verify.reports.rows import instant

    source, standing = line.source, line.standing
    return {
        "id": source.id,
        "kind": str(source.kind),
        "canonical": source.canonical,
        "title": source.title,
        "no_text_why": source.no_text_why,
        "csl": dict(source.csl),
        "claims": line.claims,
        "key": line.key,
        "liveness": str(standing.liveness) if standing else None,
        "liveness_since": instant(standing.since) if standing else None,
        "liveness_why": standing.why if standing else "",
        "visited_at": instant(line.visited_at) if line.visited_at else None,
    }


def _quote_row(view: "SourceView", number: int) -> dict[str, Any]:
    quote, check = view.quotes[number]
    latest = {"match": str(check.match), "start": check.start, "end": check.end, "printed": check.printed} if check else None
    return {
        "claims": list(view.claims_of(quote)),
        "exact": quote.quote.exact,
        "match": str(quote.quote.match),
        "locator": quote.locator,
        "snapshot_sha256": quote.snapshot_sha256,
        "latest": latest,
    }


def _state_row(state: "SnapshotFacts") -> dict[str, Any]:
    from verify.reports.rows import instant

    return {
        "sha256": state.sha256,
        "media_type": state.media_type,
        "origin": state.origin,
        "retrieved_at": instant(state.retrieved_at),
        "last_seen_at": instant(state.last_seen_at) if state.last_seen_at else None,
        "bytes": state.length,
        "characters": state.characters,
    }


def _visit_row(visit: "Visit") -> dict[str, Any]:
    from verify.reports.rows import instant

    return {
        "at": instant(visit.at),
        "asked": visit.asked,
        "reached": visit.reached,
        "status": visit.status,
        "redirects": [list(hop) for hop in visit.redirects],
        "headers": dict(visit.headers),
        "failure": visit.failure,
        "error": visit.error,
        "not_found": visit.not_found,
    }


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield _heading(title)
        yield from lines


def _heading(text: str) -> str:
    return click.style(text, bold=True) if colours() else text


def _when(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
