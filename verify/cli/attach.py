"""`verify attach` and `verify detach`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.errors import UsageError
from verify.terminal import one_line

from .context import App, document_option, pass_app, reviewer_option
from .coverage import counted, ledger_line

if TYPE_CHECKING:
    from verify.workflows.attach import Attached


@click.command("attach")
@click.argument("target", required=False)
@click.argument("source", required=False)
@click.option("--quote", default="", metavar="TEXT", help="The words that support the claim; they must stand in the source's text.")
@click.option("--locator", default="", metavar="PLACE", help="Where in the source: a page, a section, a time.")
@click.option("--title", default="", metavar="TEXT", help="What the source is called.")
@click.option("--note", default="", metavar="TEXT", help="Your words on it.")
@click.option("--snapshot", default="", metavar="FILE", help="A saved copy of the source (text or HTML) to keep and to find the quote in.")
@click.option(
    "--manifest", type=click.Path(path_type=Path, readable=False), metavar="FILE", help="Attach a list (CSV, TOML or JSON), all or nothing."
)
@document_option
@reviewer_option
@pass_app
def attach_command(
    app: App, target: str | None, source: str | None, manifest: Path | None, document: str, reviewer: str | None, **options: Any
) -> None:
    """Attach SOURCE to TARGET.

    TARGET is a claim id, or a citation number as :25 (or NAME:25 where several documents are held), and then serves every claim that cites it.
    SOURCE is a URL, DOI, ISBN, arXiv id, a text or HTML file, or words that describe an offline source.

    A manifest has the columns citation and source, and optionally quote, locator, title, note, reference (the document's own text for that
    number) and claim (words of a claim that cites it); the last two guard against a renumbered document.
    """
    from verify.workflows.attach import Attachment, attach, attach_all

    if manifest and (target or source or any(options.values())):
        raise UsageError("--manifest brings its own targets and sources; give it alone")
    if not manifest and not (target and source):
        raise UsageError("give a TARGET and a SOURCE, or --manifest FILE; `verify attach --help` shows how")
    with app.ledger() as ledger:
        who = app.reviewer(reviewer)
        if manifest:
            done = attach_all(ledger, manifest, reviewer=who, document=document)
        else:
            done = [attach(ledger, Attachment(target=target or "", source=source or "", **options), reviewer=who, document=document)]
        for attached in done:
            _print(app, attached)
        with ledger.read() as connection:
            app.say(ledger_line(connection))


def _print(app: App, done: "Attached") -> None:
    name = one_line(done.source.title or done.source.canonical)
    served = counted(len(done.target.claim_ids), "claim")
    what = "attached to" if "link" in done.added else f"{' and '.join(done.added)} added for" if done.added else "was attached already to"
    click.echo(f"{name} {what} {one_line(str(done.target))}: it serves {served} ({', '.join(map(str, done.target.claim_ids))})")
    if done.quote:
        click.echo(f"  quote found ({done.quote.match}) at {done.quote.start}-{done.quote.end}: {one_line(done.quote.exact)}")
    if done.source.no_text_why:
        app.say(f"its text is not here yet: {done.source.no_text_why}")
    app.say(*done.remarks)


@click.command("detach")
@click.argument("target")
@click.argument("source", required=False, default="")
@document_option
@reviewer_option
@pass_app
def detach_command(app: App, target: str, source: str, document: str, reviewer: str | None) -> None:
    """Take SOURCE off TARGET again, or all its sources where none is named. The ledger keeps that they were attached."""
    from verify.workflows.attach import detach

    with app.ledger() as ledger:
        found, taken = detach(ledger, target, source, reviewer=app.reviewer(reviewer), document=document)
        for gone in taken:
            click.echo(f"{one_line(gone.title or gone.canonical)} detached from {one_line(str(found))}")
        with ledger.read() as connection:
            app.say(ledger_line(connection))
