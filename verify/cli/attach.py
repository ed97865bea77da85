"""`verify attach` and `verify detach`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.errors import UsageError
from verify.terminal import one_line

from .bibliography import opened_works
from .context import App, document_option, pass_app, reviewer_option
from .coverage import counted, ledger_line
from .fetching import kept_words, manner, rechecked_lines

if TYPE_CHECKING:
    from verify.workflows.attach import Attached, AttachedQuote


@click.command("attach")
@click.argument("target", required=False)
@click.argument("source", required=False)
@click.option(
    "--quote", "quotes", multiple=True, metavar="TEXT", help="The words that support the claim; they must stand in the source's text."
)
@click.option(
    "--locator", default="", metavar="PLACE", help="Where in the source: a page, a section, a time. [of a quote: where it is found]"
)
@click.option("--title", default="", metavar="TEXT", help="What the source is called.")
@click.option("--note", default="", metavar="TEXT", help="Your words on it.")
@click.option("--snapshot", default="", metavar="FILE", help="A saved copy of the source to keep and to find the quote in.")
@click.option("--accept-altered", is_flag=True, help="Keep a quote that says something else than its source; --note says why.")
@click.option("--no-fetch", is_flag=True, help="Do not ask a web address for its text.")
@click.option("--doi", "works", default="", metavar="WHERE", help="Look a DOI up in a file, a folder or a plug-in.")
@click.option(
    "--manifest", type=click.Path(path_type=Path, readable=False), metavar="FILE", help="Attach a list (CSV, TOML or JSON), all or nothing."
)
@click.option(
    "--library",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Match the files of a folder to the references of a document by what they hold.",
)
@click.option("--yes", is_flag=True, help="With --library: attach all that is proposed and not ambiguous.")
@document_option
@reviewer_option
@pass_app
def attach_command(
    app: App,
    target: str | None,
    source: str | None,
    manifest: Path | None,
    library: Path | None,
    yes: bool,
    no_fetch: bool,
    works: str,
    document: str,
    reviewer: str | None,
    **options: Any,
) -> None:
    """Attach SOURCE to TARGET.

    TARGET is a claim id, or a citation number as :25 (or NAME:25 where several documents are held), and then serves every claim that cites it.
    SOURCE is a URL, DOI, ISBN, arXiv id, a file (text, HTML, PDF, DOCX), or words that describe an offline source. The text of a web address is
    fetched and kept; where it cannot be had, the source is attached all the same.

    A manifest has the columns citation and source, and optionally quote, locator, title, note, reference (the document's own text for that
    number) and claim (words of a claim that cites it); the last two guard against a renumbered document. It names files of its own folder and
    below, and fetches nothing: `verify fetch` does.

    A library is a folder of files. Each that is known for what a reference cites (by identifier, title, authors, year) is proposed with the
    reasons, and attached once you say so; files that are attached already are passed over.
    """
    alone = manifest or library
    if (manifest and library) or (alone and (target or source or works or any(options.values()))):
        raise UsageError("--manifest and --library bring their own targets and sources; give one of them alone")
    if not alone and not (target and source):
        raise UsageError("give a TARGET and a SOURCE, or --manifest FILE; `verify attach --help` shows how")
    if yes and not library:
        raise UsageError("--yes goes with --library DIR")
    if library:
        from .library import attach_library

        attach_library(app, library, document, reviewer, yes=yes)
        return
    _attach(app, target or "", source or "", manifest, document, reviewer, fetches=not no_fetch, works=works, options=options)


def _attach(
    app: App,
    target: str,
    source: str,
    manifest: Path | None,
    document: str,
    reviewer: str | None,
    *,
    fetches: bool,
    works: str,
    options: dict[str, Any],
) -> None:
    from verify.workflows.attach import Attachment, attach, attach_all

    asked = opened_works(app, works)
    with app.ledger() as ledger:
        who = app.reviewer(reviewer)
        if manifest:
            done = attach_all(ledger, manifest, reviewer=who, document=document)
        else:
            how = manner(app) if fetches and not app.network.offline else None
            wish = Attachment(target, source, **options)
            done = [attach(ledger, wish, reviewer=who, document=document, manner=how, works=asked)]
        for attached in done:
            print_attached(app, attached)
        with ledger.read() as connection:
            app.say(ledger_line(connection))


def print_attached(app: App, done: "Attached") -> None:
    """Tell what was attached to what, with the quotes as they were found."""
    name = one_line(done.source.title or done.source.canonical)
    served = counted(len(done.target.claim_ids), "claim")
    what = "attached to" if "link" in done.added else f"{' and '.join(done.added)} added for" if done.added else "was attached already to"
    click.echo(f"{name} {what} {one_line(str(done.target))}: it serves {served} ({', '.join(map(str, done.target.claim_ids))})")
    for quote in done.quotes:
        for line in _quote_lines(quote):
            click.echo(line)
    for rechecked in done.rechecked:
        for line in rechecked_lines(rechecked):
            click.echo(line)
    if done.visit:
        app.say(f"asked {one_line(done.visit.visit.asked)}: {kept_words(done.visit)}")
    elif done.source.no_text_why:
        app.say(f"its text is not here yet: {one_line(done.source.no_text_why)}")
    app.say(*done.remarks)


def _quote_lines(found: "AttachedQuote") -> Iterator[str]:
    quote = found.quote
    place = f", {one_line(found.locator)}" if found.locator else ""
    yield f"  quote found ({quote.match}) at {quote.start}-{quote.end}{place}: {one_line(quote.exact)}"
    yield from (f"    {line}" for line in found.differing)


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
