"""`verify report`, and `verify audit`: ingest and report in one."""

from pathlib import Path
from typing import Any

import click

from verify.errors import FAILED, UsageError
from verify.reports import REPORTS
from verify.terminal import one_line

from .context import App, document_option, pass_app
from .coverage import counted, extraction_line
from .ingest import ingested
from .output import output_option, write
from .reading import reading_options, say_layout

_SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".json": "json", ".jsonl": "jsonl", ".csv": "csv"}


@click.command("report")
@document_option
@click.option(
    "-f", "--format", "form", type=click.Choice(list(REPORTS)), help="The report's format. [by the output's suffix, else markdown]"
)
@output_option
@pass_app
def report_command(app: App, document: str, form: str | None, output: str) -> None:
    """Write the audit report of a document: coverage, what needs review first, the text with each claim's dossier, sources.

    The same ledger gives the same bytes; SOURCE_DATE_EPOCH fixes the time that the report names.
    """
    _report(app, document, _format(form, output), output)


@click.command("audit")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--as", "name", default="", metavar="NAME", help="Hold the document under this name. [from the file]")
@reading_options
@click.option(
    "-f", "--format", "report_format", type=click.Choice(list(REPORTS)), help="The report's format. [by the output's suffix, else html]"
)
@click.option("-o", "--output", default="", metavar="FILE|-", help="Where the report goes. [NAME.audit.html beside you]")
@click.option("--reviewer", metavar="REVIEWER", help="Who writes this. [as in decide --as]")
@pass_app
def audit_command(
    app: App, files: tuple[str, ...], name: str, report_format: str | None, output: str, reviewer: str | None, **options: Any
) -> int:
    """Read each FILE into the ledger and write its audit report: the command to start with."""
    if output and len(files) > 1:
        raise UsageError("-o names one report; give one file with it, or leave it out")
    form = _format(report_format, output, otherwise="html")
    batches = list(ingested(app, files, name, reviewer, options))
    results = [result for batch in batches for result in batch.done]
    if output and len(results) > 1:
        raise UsageError(f"-o names one report, and {len(results)} documents were ingested; `verify report -d NAME -o FILE` writes each")
    for result in results:
        suffix = {"markdown": "md"}.get(form, form)
        place = output or f"{result.document.name}.audit.{suffix}"
        _report(app, result.document.name, form, place, quiet=True)
        say_layout(app, result.extraction, result.document.name if len(results) > 1 else "")
        app.say(extraction_line(result.extraction))
        if place != "-":
            click.echo(
                f"{one_line(result.document.name)}: {result.what}, {counted(len(result.extraction.claims), 'claim')}; report: {one_line(place)}"
            )
    return FAILED if any(batch.failed for batch in batches) else 0


def _format(form: str | None, output: str, otherwise: str = "markdown") -> str:
    return form or _SUFFIXES.get(Path(output).suffix.lower(), otherwise)


def _report(app: App, name: str, form: str, output: str, *, quiet: bool = False) -> None:
    from verify.reports import render
    from verify.workflows.audit import audit_of
    from verify.workflows.targets import only_document

    with app.reading() as connection:
        audit = audit_of(connection, only_document(connection, name))
    write(render(form, audit), output)
    if not quiet:
        seen = audit.coverage
        app.say(
            f"{counted(seen.claims, 'claim')} reported: {seen.decided} decided, {seen.not_looked_at} not looked at"
            + (f"; written to {one_line(output)}" if output != "-" else "")
        )
