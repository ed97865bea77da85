"""`verify show`: the whole dossier of one claim."""

import shutil
import textwrap
from collections.abc import Iterator

import click

from verify.model import Dossier, Event, SourceLink, stale_why
from verify.terminal import one_line

from .context import App, colours, pass_app
from .coverage import counted
from .output import write


@click.command("show")
@click.argument("claim")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@pass_app
def show_command(app: App, claim: str, form: str) -> None:
    """Show everything held on CLAIM (an id, from `verify list`).

    Its text in its paragraph, the words that each citation covers, flags, sources, evidence, decisions and history.
    """
    from verify.store import claims
    from verify.workflows.audit import history_of
    from verify.workflows.decide import held_dossier
    from verify.workflows.targets import claim_number

    with app.reading() as connection:
        dossier = held_dossier(connection, claim_number(claim))
        paragraph = claims.paragraph_of(connection, dossier.id)
        history = history_of(connection, dossier)
    if form == "json":
        write(_json(dossier, paragraph, history))
    else:
        write(line + "\n" for line in _lines(dossier, paragraph, history))
    held = (counted(len(dossier.links), "source"), counted(len(dossier.evidence), "quote"), counted(len(dossier.decisions), "decision"))
    app.say(f"1 claim seen; {', '.join(held)} held on it")


def _json(dossier: Dossier, paragraph: str, history: list[Event]) -> Iterator[str]:
    import json

    from verify.model import SCHEMA_VERSION
    from verify.reports.escape import json_text
    from verify.reports.rows import dossier_detail, instant

    events = [
        {"sequence": e.sequence, "at": instant(e.at), "reviewer": e.reviewer, "action": e.action, "payload": json.loads(e.payload)}
        for e in history
    ]
    yield json_text({"schema_version": SCHEMA_VERSION, **dossier_detail(dossier), "paragraph_text": paragraph, "history": events}) + "\n"


def _lines(dossier: Dossier, paragraph: str, history: list[Event]) -> Iterator[str]:
    claim = dossier.claim
    where = f"{one_line(dossier.document)}, sentence {claim.ordinal}" + (f", section {one_line(claim.section)}" if claim.section else "")
    yield _heading(f"Claim {dossier.id} · {str(dossier.status).replace('_', ' ')}{' (stale)' if dossier.stale else ''} · {where}")
    yield from _wrapped(claim.text)
    if dossier.absent:
        yield "  It is gone from the document; this is what it said."
    if dossier.reasons:
        yield f"  Needs a person: {', '.join(dossier.reasons)}"
    yield from _part("Paragraph", [] if one_line(paragraph) == claim.text else list(_wrapped(paragraph)))
    yield from _part("Citations", list(_citations(dossier)))
    yield from _part("Flags", list(_flags(dossier)))
    yield from _part("Sources", [line for link in dossier.links for line in _source(link)])
    yield from _part("Decisions", list(_decisions(dossier)))
    yield from _part("History", [f"  {e.sequence}. {_when(e.at)} {one_line(e.reviewer)}: {e.action}" for e in history])


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
        what = f"took decision {d.undoes} back, so again {d.status}" if d.undoes else f"{d.status}"
        yield from _wrapped(f"{d.id}. {_when(d.decided_at)} {d.reviewer}: {what.replace('_', ' ')}{' - ' + d.note if d.note else ''}")
    if why := stale_why(dossier):
        yield f"  stale: {why} since the last decision"


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
