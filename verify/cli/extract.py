"""`verify extract`: claims of one document on stdout, no database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from verify.errors import FAILED
from verify.terminal import one_line, printable
from verify.workflows.gather import Failure, Passage, gather
from verify.workflows.read import Reading, Wish

from .context import App, pass_app
from .coverage import extraction_line
from .output import output_option, write
from .reading import reading_options, say_layout, say_remarks, wish_of


@click.command("extract")
@click.argument("file")
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a claim instead of lines to read.")
@output_option
@pass_app
def extract_command(app: App, file: str, as_json: bool, output: str, **options: Any) -> int:
    """Print the claims of FILE ("-" for standard input) in document order; touch no database.

    A line holds the claim's ordinal, its citation numbers and tags in brackets, and its text.
    """
    failures: list[Failure] = []
    readings = _readings(app, file, wish_of(app, options), failures)
    write((line for reading in readings for line in _lines(reading, as_json=as_json)), output)
    return FAILED if failures else 0


def _readings(app: App, file: str, wish: Wish, failures: list[Failure]) -> Iterator[Reading]:
    """Give each document that FILE holds, telling how it was read; what of a folder cannot be read is told and kept in `failures`."""
    for item in gather([file], wish, app.network):
        if isinstance(item, Failure):
            if item.place == file:
                raise item.error
            failures.append(item)
            click.echo(printable(f"verify: {item.error}"), err=True)
            continue
        if isinstance(item, Passage):
            app.say(item.remark)
            continue
        say_remarks(app, item)
        say_layout(app, item.extraction)
        yield item
        app.say(extraction_line(item.extraction))


def _lines(reading: Reading, *, as_json: bool) -> Iterator[str]:
    from verify.reports.escape import json_text
    from verify.reports.rows import claim_row

    name = reading.origin if "://" in reading.origin else Path(reading.origin).name
    for claim in reading.extraction.claims:
        if as_json:
            yield json_text(claim_row(claim, name)) + "\n"
        else:
            marks = "".join(f"[{mark}]" for mark in (*claim.citation_labels, *claim.note_labels, *claim.tag_names))
            yield one_line(f"{claim.ordinal}. {marks} {claim.text}") + "\n"
