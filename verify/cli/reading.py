"""The options that say how a document is read, the same for `ingest`, `extract` and `audit`."""

from collections.abc import Callable
from typing import Any

import click

from verify.errors import UsageError
from verify.model import Extraction, Layout
from verify.readers import READERS
from verify.readers.limits import MEMORY, SECONDS
from verify.terminal import one_line
from verify.workflows.gather import DUMP
from verify.workflows.read import Reading, Wish

from .context import App

_POSITIVE = click.FloatRange(0, min_open=True)
_OTHER = {Layout.TRAILING: Layout.LEADING, Layout.LEADING: Layout.TRAILING}


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a document is read."""
    for option in reversed(
        (
            click.option("--from", "format", type=click.Choice([*READERS, DUMP]), help="The format of the input. [found out]"),
            click.option(
                "--markers",
                type=click.Choice(["auto", *map(str, Layout)]),
                help="Which way markers point: at the words before (trailing), or, opening a paragraph, at the sentence after (leading).",
            ),
            click.option("--encoding", default="", metavar="NAME", help="The input's encoding. [found out]"),
            click.option("--language", default="", metavar="CODE", help="The input's language, as en or de. [found out]"),
            click.option(
                "--max-size",
                type=_POSITIVE,
                metavar="MB",
                help="Refuse larger files. [16; 64 for DOCX, ODT and PDF]",
            ),
            click.option("--links", is_flag=True, help="Take the links of HTML and Markdown for citations."),
            click.option("--selector", default="", metavar="CSS", help="Read only this part of an HTML page."),
            click.option("--max-seconds", type=_POSITIVE, default=SECONDS, metavar="S", help="Time for one document. [20]"),
            click.option(
                "--max-memory", type=_POSITIVE, default=MEMORY / 2**20, metavar="MB", help="Memory for a DOCX, ODT or PDF file. [500]"
            ),
        )
    ):
        command = option(command)
    return command


def wish_of(app: App, options: dict[str, Any], name: str = "") -> Wish:
    """What the options ask for, over what is set."""
    markers = options["markers"] or app.settings.markers
    if markers not in ("auto", *Layout):
        raise UsageError(f"the setting markers = {one_line(markers)!r} is none of: auto, {', '.join(Layout)}")
    return Wish(
        format=options["format"] or "",
        encoding=options["encoding"],
        language=options["language"] or app.settings.language,
        layout=None if markers == "auto" else Layout(markers),
        name=name,
        max_bytes=int((options["max_size"] or 0) * 2**20),
        links=options["links"],
        selector=options["selector"],
        seconds=options["max_seconds"],
        memory=int(options["max_memory"] * 2**20),
    )


def say_remarks(app: App, reading: Reading, name: str = "") -> None:
    """Tell what the reader had to do; `name` stands in front where several documents are read."""
    app.say(*(_about(name, remark) for remark in reading.remarks))


def say_layout(app: App, extraction: Extraction, name: str = "") -> None:
    """Tell the marker layout that was taken, and why; with `--verbose` each orphan."""
    layout = extraction.layout
    if any(c.citations or c.tags for c in extraction.claims):
        app.say(_about(name, f"markers: {layout} ({extraction.layout_why}); --markers {_OTHER[layout]} is the other reading"))
    app.detail(*(_about(name, f"orphan marker {one_line(o.printed)}: {o.why}") for o in extraction.orphans))


def _about(name: str, line: str) -> str:
    return f"{one_line(name)}: {line}" if name else line
