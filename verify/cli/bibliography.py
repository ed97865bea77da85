"""`verify sources import` and `verify sources export`: bibliographies in and out, and what was fetched as a web archive."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify.errors import FAILED, UsageError, VerifyError
from verify.terminal import one_line, printable

from .context import App, document_option, pass_app, reviewer_option
from .coverage import counted
from .output import output_option, write, write_bytes

if TYPE_CHECKING:
    from verify.workflows.bibliography import Imported
    from verify.workflows.lookup import Works

_FORMATS = ["csl", "bibtex", "ris"]
_SHOWN = 20


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "form", type=click.Choice(_FORMATS), default=None, help="The format of the files. [found out]")
@click.option("--doi", "works", default="", metavar="WHERE", help="Complete entries by their DOI from a file, a folder or a plug-in.")
@reviewer_option
@pass_app
def import_command(app: App, files: tuple[str, ...], form: str | None, works: str, reviewer: str | None) -> int:
    r"""Import bibliographies: BibTeX, RIS, CSL-JSON.

    Every entry becomes a source. Documents that cite it by its key (\cite{smith2020}, [@smith2020]) have it as their source from then on, those that
    you ingest later too. The same file again changes only what was changed in it. A broken entry is told, and kept as it is written.
    """
    from verify.workflows.bibliography import import_bibliography

    asked = opened_works(app, works)
    failed = 0
    with app.ledger(create=True) as ledger:
        for file in files:
            try:
                done = import_bibliography(ledger, Path(file), reviewer=app.reviewer(reviewer), format=form or "", works=asked)
            except VerifyError as error:
                if len(files) == 1:
                    raise
                failed += 1
                click.echo(printable(f"verify: {error}"), err=True)
                continue
            click.echo(_line(file, done))
            app.say(*_remarks(done))
    return FAILED if failed else 0


def opened_works(app: App, named: str) -> "Works | None":
    """Open what looks up works, telling of the entries in it that cannot be read; None where none is named. Raises UsageError for what is none."""
    if not named:
        return None
    from verify.workflows.lookup import open_lookup

    works, faults = open_lookup(named)
    app.say(*faults[:_SHOWN], *([f"and {len(faults) - _SHOWN} more entries that cannot be read"] if len(faults) > _SHOWN else []))
    return works


def _line(file: str, done: "Imported") -> str:
    counts = ", ".join(f"{number} {what}" for what, number in done.counts.items() if number)
    total = sum(done.counts.values())
    entries = counted(total, "entry")
    sources, links = counted(done.new_sources, "new source"), counted(done.linked, "link")
    return f"{one_line(file)}: {entries} ({counts or 'none'}), {sources}, {links} of documents changed"


def _remarks(done: "Imported") -> Iterator[str]:
    yield from done.remarks
    for entry in done.broken[:_SHOWN]:
        yield f"line {entry.line}: the entry {one_line(entry.key[:80]) or 'without a key'} is broken and kept as it is: {one_line(entry.why)}"
    if len(done.broken) > _SHOWN:
        yield f"and {len(done.broken) - _SHOWN} more broken entries"
    if done.doubled:
        yield f"several entries have the same key, the first counts: {', '.join(map(one_line, done.doubled[:_SHOWN]))}"


@click.command("export")
@click.option("-f", "--format", "form", type=click.Choice(_FORMATS), default="csl", help="The format to write.")
@click.option("--warc", metavar="FILE", help="Write what was fetched as a packed WARC file instead (the extra `warc`).")
@document_option
@output_option
@pass_app
def export_command(app: App, form: str, warc: str | None, document: str, output: str) -> None:
    """Write the sources of a document, or all, as a bibliography, each under the key by which it is cited."""
    if warc and output != "-":
        raise UsageError("--warc names its own file; leave --output out")
    if warc:
        _write_warc(app, warc, document)
        return
    from verify.workflows.bibliography import export_text

    with app.reading() as connection:
        text = export_text(connection, form, document)
    on_terminal = output == "-" and sys.stdout.isatty()
    write([printable(text) if on_terminal else text], output)


def _write_warc(app: App, place: str, document: str) -> None:
    from tempfile import TemporaryFile

    from verify.workflows.bibliography import export_warc

    with app.reading() as connection, TemporaryFile() as packed:
        records = export_warc(connection, packed, app.network, document, name=Path(place).name)
        packed.seek(0)
        write_bytes(iter(lambda: packed.read(2**20), b""), place)
    app.say(f"{counted(records, 'record')} written to {one_line(place)}")
