"""`verify show`: the whole dossier of one claim."""

import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from verify.model import Decision, Dossier, Event, SourceLink, blinded, stale_why
from verify.reports.words import relation_words
from verify.terminal import one_line

from .context import App, blind_option, colours, pass_app, reviewer_option
from .coverage import counted
from .machine import assessment_lines, next_line
from .output import write

if TYPE_CHECKING:
    from verify.store import Connection
    from verify.store.queue import Assignment, Lease


_HIDDEN = ("decision.", "claims.assessed")
"""Events that a reviewer does not see who judges unswayed."""


@click.command("show")
@click.argument("claim")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@blind_option
@reviewer_option
@pass_app
def show_command(app: App, claim: str, form: str, blind: bool, reviewer: str | None) -> None:
    """Show everything held on CLAIM (an id, from `verify list`).

    Its text in its paragraph, the words that each citation covers, what it read before, flags, sources, evidence, what the machine points at,
    decisions and history.
    """
    from verify.workflows.decide import held_dossier
    from verify.workflows.targets import claim_number

    with app.reading() as connection:
        dossier = held_dossier(connection, claim_number(claim))
        who = app.reviewer(reviewer) if blind else None
        write((claim_json if form == "json" else claim_lines)(connection, dossier, who))
    if who and blinded(dossier, who) is not dossier:
        app.say("blind: what others decided is hidden until your own decision stands, and so is what the machine says")
    held = (counted(len(dossier.links), "source"), counted(len(dossier.evidence), "quote"))
    decided = () if who else (counted(len(dossier.decisions), "decision"),)
    app.say(f"1 claim seen; {', '.join((*held, *decided))} held on it")


def claim_lines(connection: "Connection", dossier: Dossier, blind_for: str | None) -> Iterator[str]:
    """Give the dossier of a claim as lines for a terminal; `blind_for` names the reviewer who does not look at what others decided."""
    shown = _shown(connection, dossier, blind_for)
    return (line + "\n" for line in _lines(shown))


def claim_json(connection: "Connection", dossier: Dossier, blind_for: str | None) -> Iterator[str]:
    """Give the dossier of a claim as one JSON object, with its paragraph, its history and who holds it."""
    import json

    from verify.model import SCHEMA_VERSION
    from verify.reports.escape import json_text
    from verify.reports.rows import dossier_detail, instant

    shown = _shown(connection, dossier, blind_for)
    events = [
        {"sequence": e.sequence, "at": instant(e.at), "reviewer": e.reviewer, "action": e.action, "payload": json.loads(e.payload)}
        for e in shown.history
    ]
    held = {"leased_to": shown.lease.reviewer, "leased_until": instant(shown.lease.expires_at)} if shown.lease else {}
    given = {"assigned_to": shown.assignment.reviewer, "assigned_by": shown.assignment.assigned_by} if shown.assignment else {}
    parts = {"paragraph_text": shown.paragraph, "readings": shown.readings, "history": events, **held, **given}
    yield json_text({"schema_version": SCHEMA_VERSION, **dossier_detail(shown.dossier), **parts}) + "\n"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a claim. `readings` are its earlier wordings, by revision."""

    dossier: Dossier
    paragraph: str
    history: list[Event]
    readings: list[dict[str, object]]
    lease: "Lease | None"
    assignment: "Assignment | None"


def _shown(connection: "Connection", dossier: Dossier, blind_for: str | None) -> _Shown:
    from verify.store import claims
    from verify.workflows.audit import history_of
    from verify.workflows.queue import holders

    history = history_of(connection, dossier)
    if blind_for is not None and (seen := blinded(dossier, blind_for)) is not dossier:
        dossier = seen
        history = [event for event in history if not event.action.startswith(_HIDDEN)]
    lease, assignment = holders(connection, dossier.id)
    readings = [{"revision": sequence, "text": text} for sequence, text in claims.earlier_wordings(connection, dossier.id)]
    return _Shown(dossier, claims.paragraph_of(connection, dossier.id), history, readings, lease, assignment)


def _lines(shown: _Shown) -> Iterator[str]:
    dossier, paragraph = shown.dossier, shown.paragraph
    claim = dossier.claim
    where = f"{one_line(dossier.document)}, sentence {claim.ordinal}" + (f", section {one_line(claim.section)}" if claim.section else "")
    yield _heading(f"Claim {dossier.id} · {str(dossier.status).replace('_', ' ')}{' (stale)' if dossier.stale else ''} · {where}")
    yield from _wrapped(claim.text)
    if dossier.absent:
        yield "  It is gone from the document; this is what it said."
    if dossier.reasons:
        yield f"  Needs a person: {', '.join(dossier.reasons)}"
    if following := next_line(dossier):
        yield from _wrapped(following)
    yield from _holders(shown)
    yield from _part(
        "Read before", [line for reading in shown.readings for line in _wrapped(f"revision {reading['revision']}: {reading['text']}")]
    )
    yield from _part("Related", [f"  {relation_words(relation, dossier.id)}" for relation in dossier.relations])
    yield from _part("Paragraph", [] if one_line(paragraph) == claim.text else list(_wrapped(paragraph)))
    yield from _part("Citations", list(_citations(dossier)))
    yield from _part("Flags", list(_flags(dossier)))
    yield from _part("Sources", [line for link in dossier.links for line in _source(link)])
    yield from _part("What the machine points at (it suggests; a person decides)", list(assessment_lines(dossier)))
    yield from _part("Decisions", list(_decisions(dossier)))
    yield from _part("History", [f"  {e.sequence}. {_when(e.at)} {one_line(e.reviewer)}: {e.action}" for e in shown.history])


def _holders(shown: _Shown) -> Iterator[str]:
    if shown.lease:
        yield f"  Held by {one_line(shown.lease.reviewer)} until {_when(shown.lease.expires_at)}"
    if shown.assignment:
        note = f": {one_line(shown.assignment.note)}" if shown.assignment.note else ""
        yield f"  Assigned to {one_line(shown.assignment.reviewer)} by {one_line(shown.assignment.assigned_by)}{note}"


def _citations(dossier: Dossier) -> Iterator[str]:
    for c in dossier.claim.citations:
        page = f" ({one_line(c.locator)})" if c.locator else ""
        words = dossier.claim.text[c.covers_start : c.covers_end]
        yield from _wrapped(f"[{c.label}]{page} covers: {'the whole claim' if words == dossier.claim.text else words}")
    if dossier.claim.covered:
        yield "  none of its own; a later citation of its paragraph follows it"
    elif not dossier.claim.citations:
        yield "  none"


def _flags(dossier: Dossier) -> Iterator[str]:
    for f in dossier.flags:
        who = "found in the text" if f.origin == "tag" else f"{one_line(f.reviewer)}, {_when(f.raised_at)}"
        done = (
            ""
            if f.resolved_at is None
            else f" - resolved {_when(f.resolved_at)} by {one_line(f.resolved_by)}" + (f": {f.resolution}" if f.resolution else "")
        )
        yield from _wrapped(f"{f.name} ({who}){': ' + f.reason if f.reason else ''}{done}")


def _source(link: SourceLink) -> Iterator[str]:
    source = link.source
    through = f"through [{one_line(link.label)}]" if link.label else "to this claim"
    title = f"{one_line(source.title)} - " if source.title else ""
    origin = (
        f"attached {through} by {link.reviewer}" if link.reviewer else f"named by the document's own reference [{one_line(link.label)}]"
    )
    yield from _wrapped(f"{title}{source.canonical}, {origin}, {_when(link.attached_at)}")
    for text in (
        f"at {link.locator}" if link.locator else "",
        link.note,
        f"its text is not held: {source.no_text_why}" if source.no_text_why else "",
    ):
        if text:
            yield from _wrapped(text, "    ")
    for e in link.evidence:
        place = f" ({one_line(e.locator)})" if e.locator else ""
        yield from _wrapped(
            f"“{e.quote.exact}”{place} - {e.quote.match} at {e.quote.start}-{e.quote.end} of {e.snapshot_sha256[:12]}", "    "
        )


def _decisions(dossier: Dossier) -> Iterator[str]:
    for d in dossier.decisions:
        what = f"took decision {d.undoes} back, so again {d.status}" if d.undoes else f"{_role(d)}{d.status}"
        yield from _wrapped(f"{d.id}. {_when(d.decided_at)} {d.reviewer}: {what.replace('_', ' ')}{' - ' + d.note if d.note else ''}")
    if why := stale_why(dossier):
        yield f"  stale: {why} since the last decision"


def _role(decision: Decision) -> str:
    if decision.seconds is not None:
        return f"second opinion on {decision.seconds}: "
    if decision.settles is not None:
        return f"settles the dispute on {decision.settles}: "
    return f"followed from decision {decision.carried_from}: " if decision.carried_from is not None else ""


def _part(name: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield _heading(name)
        yield from lines


def _heading(text: str) -> str:
    return click.style(text, bold=True) if colours() else text


def _wrapped(text: str, indent: str = "  ") -> Iterator[str]:
    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 110))
    yield from textwrap.wrap(one_line(text), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False) or [indent]


def _when(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
