"""`verify extract`: claims of one document on stdout, no database."""

from pathlib import Path
from typing import Any

import click

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
def extract_command(app: App, file: str, as_json: bool, output: str, **options: Any) -> None:
    """Print the claims of FILE ("-" for standard input) in document order; touch no database.

    A line holds the claim's ordinal, its citation numbers and tags in brackets, and its text.
    """
    from verify.reports.escape import json_text
    from verify.reports.rows import claim_row
    from verify.terminal import one_line
    from verify.workflows.read import read_bytes, read_document

    wish = wish_of(app, options)
    reading = read_document(file, read_bytes(file, wish.max_bytes), wish)
    name = "-" if file == "-" else Path(file).name
    say_remarks(app, reading)
    say_layout(app, reading.extraction)
    if as_json:
        write((json_text(claim_row(claim, name)) + "\n" for claim in reading.extraction.claims), output)
    else:
        write(
            (
                f"{c.ordinal}. {''.join(f'[{m}]' for m in (*c.citation_labels, *c.note_labels, *c.tag_names))}"
                f"{' ' if c.citations or c.tags else ''}{one_line(c.text)}\n"
                for c in reading.extraction.claims
            ),
            output,
        )
    app.say(extraction_line(reading.extraction))
