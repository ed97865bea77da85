"""`verify ingest`: documents into the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from verify.errors import FAILED, NoLedgerError, UsageError
from verify.terminal import one_line, printable
from verify.workflows.gather import Failure, Passage
from verify.workflows.read import Reading

from .context import App, pass_app
from .coverage import counted, extraction_line
from .output import write
from .reading import reading_options, say_layout, say_remarks, wish_of

if TYPE_CHECKING:
    from verify.workflows.ingest import Ingested


_BATCH = 200
"""Documents a transaction: a folder is one, a wiki's dump many, so that it is not lost as a whole when its end is damaged."""


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as", "name", default="", metavar="NAME", help="Hold it under this name; a name that is held takes a new revision. [from the file]"
)
@reading_options
@click.option("--reviewer", metavar="REVIEWER", help="Who writes this. [as in decide --as]")
@click.option("--dry-run", is_flag=True, help="Show what would become of the claims held, and write nothing.")
@pass_app
def ingest_command(app: App, files: tuple[str, ...], name: str, reviewer: str | None, dry_run: bool, **options: Any) -> int:
    """Read FILE and keep its claims, with their citation numbers and cleanup tags, in the ledger.

    FILE is a file, a folder, a MediaWiki dump, "-" for standard input, or the address of a wiki page (https://en.wikipedia.org/wiki/Title, or
    Title@oldid). The same bytes again are "unchanged". A new revision keeps the work on its claims: wherever a sentence moved it stays the same
    claim; where its words or its sources changed, its decision is stale (`verify list --stale`, `verify diff`). What cannot be read is told and
    left out; the rest is ingested.
    """
    if dry_run:
        return _foresee(app, files, name, options)
    failed = 0
    for batch in ingested(app, files, name, reviewer, options):
        failed += batch.failed
        for result in batch.done:
            say_layout(app, result.extraction, result.document.name if batch.is_one_of_many else "")
            click.echo(_line(result))
            app.say(extraction_line(result.extraction))
    return FAILED if failed else 0


def _foresee(app: App, files: tuple[str, ...], name: str, options: dict[str, Any]) -> int:
    """Print what ingesting would do, document by document."""
    from verify.reports.comparison import render_comparison, summary
    from verify.workflows.diff import foresee
    from verify.workflows.gather import gather

    failed = 0
    for item in gather(files, wish_of(app, options, name), app.network):
        if isinstance(item, Failure):
            failed += 1
            click.echo(printable(f"verify: {item.error}"), err=True)
        elif isinstance(item, Reading):
            try:
                with app.reading() as connection:
                    comparison = foresee(connection, item)
            except NoLedgerError:
                comparison = foresee(None, item)
            if comparison.before:
                write(render_comparison("text", comparison))
            click.echo(f"{one_line(comparison.document.name)}: {summary(comparison)}; nothing was written")
    return FAILED if failed else 0


@dataclass(frozen=True)
class Batch:
    """Documents that were ingested in one transaction, and how many could not be read on the way."""

    done: "list[Ingested]"
    failed: int
    is_one_of_many: bool


def ingested(app: App, files: tuple[str, ...], name: str, reviewer: str | None, options: dict[str, Any]) -> Iterator[Batch]:
    """Read and ingest, a batch at a time. One file alone that cannot be read raises; of several, each is told."""
    if name and len(files) > 1:
        raise UsageError("--as names one document; give one file with it")
    from verify.workflows.gather import gather
    from verify.workflows.ingest import check_name, ingest

    check_name(name)  # before a database is made for nothing
    found = gather(files, wish_of(app, options, name), app.network)
    many = len(files) > 1
    while batch := list(islice(found, _BATCH)):
        readings = [item for item in batch if isinstance(item, Reading)]
        failures = [item for item in batch if isinstance(item, Failure)]
        many = many or len(batch) > 1
        if failures and not many:
            raise failures[0].error
        for failure in failures:
            click.echo(printable(f"verify: {failure.error}"), err=True)
        app.say(*(item.remark for item in batch if isinstance(item, Passage)))
        for reading in readings:
            say_remarks(app, reading, reading.origin if many else "")
        if name and many and readings:
            raise UsageError("--as names one document, and this holds several; leave it out")
        done = []
        if readings:
            with app.ledger(create=True) as ledger:
                done = ingest(ledger, readings, reviewer=app.reviewer(reviewer))
        yield Batch(done, len(failures), many)


def _line(result: "Ingested") -> str:
    counts = ", ".join(f"{n} {state}" for state, n in result.counts.items())
    return (
        f"{one_line(result.document.name)}: {result.what}, {counted(len(result.extraction.claims), 'claim')} ({counts or 'none'}), "
        f"revision {result.revision.sequence}, markers {result.revision.layout}"
    )
