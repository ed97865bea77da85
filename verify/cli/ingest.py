"""`verify ingest`: documents into the ledger."""

from typing import TYPE_CHECKING, Any

import click

from verify.errors import FAILED, UsageError, VerifyError
from verify.terminal import one_line, printable

from .context import App, pass_app
from .coverage import counted, extraction_line
from .reading import reading_options, say_layout, say_remarks, wish_of

if TYPE_CHECKING:
    from verify.workflows.ingest import Ingested


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as", "name", default="", metavar="NAME", help="Hold it under this name; a name that is held takes a new revision. [from the file]"
)
@reading_options
@click.option("--reviewer", metavar="REVIEWER", help="Who writes this. [as in decide --as]")
@pass_app
def ingest_command(app: App, files: tuple[str, ...], name: str, reviewer: str | None, **options: Any) -> int:
    """Read FILE ("-" for standard input) and keep its claims, with their citation numbers and cleanup tags, in the ledger.

    The same bytes again are "unchanged". A new revision keeps the work on every claim whose text still stands. Files that cannot be read are
    told and left out; the others are ingested, all in one transaction.
    """
    done, failed = ingested(app, files, name, reviewer, options)
    for result in done:
        say_layout(app, result.extraction, result.document.name if len(files) > 1 else "")
        click.echo(_line(result))
        app.say(extraction_line(result.extraction))
    return FAILED if failed else 0


def ingested(app: App, files: tuple[str, ...], name: str, reviewer: str | None, options: dict[str, Any]) -> "tuple[list[Ingested], int]":
    """Read and ingest files; give what became of them, and how many could not be read. One file alone that cannot be read raises."""
    if name and len(files) > 1:
        raise UsageError("--as names one document; give one file with it")
    from verify.workflows.ingest import check_name, ingest
    from verify.workflows.read import read_bytes, read_document

    check_name(name)  # before a database is made for nothing
    wish, readings, failed = wish_of(app, options, name), [], 0
    for file in files:
        try:
            readings.append(read_document(file, read_bytes(file, wish.max_bytes), wish))
        except VerifyError as error:
            if len(files) == 1:
                raise
            failed += 1
            click.echo(printable(f"verify: {error}"), err=True)
    for reading in readings:
        say_remarks(app, reading, reading.origin if len(files) > 1 else "")
    if not readings:
        return [], failed
    with app.ledger(create=True) as ledger:
        return ingest(ledger, readings, reviewer=app.reviewer(reviewer)), failed


def _line(result: "Ingested") -> str:
    counts = ", ".join(f"{n} {state}" for state, n in result.counts.items())
    return (
        f"{one_line(result.document.name)}: {result.what}, {counted(len(result.extraction.claims), 'claim')} ({counts or 'none'}), "
        f"revision {result.revision.sequence}, markers {result.revision.layout}"
    )
