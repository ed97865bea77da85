"""`verify sources`: what is held as support."""

import click

from verify.model import SCHEMA_VERSION

from .context import App, pass_app
from .coverage import counted
from .output import write
from .table import Column, table


@click.command("sources")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print them.")
@pass_app
def sources_command(app: App, form: str) -> None:
    """List the sources held, how many claims each holds up, and whether its text is here."""
    from verify.store import sources

    with app.reading() as connection:
        held = sources.all_sources(connection)
    if form == "json":
        from verify.reports.escape import json_text

        rows = [
            {
                "id": s.id,
                "kind": str(s.kind),
                "canonical": s.canonical,
                "title": s.title,
                "no_text_why": s.no_text_why,
                "csl": dict(s.csl),
                "claims": n,
            }
            for s, n in held
        ]
        write([json_text({"schema_version": SCHEMA_VERSION, "sources": rows}), "\n"])
    elif held:
        columns = (Column("id", right=True), Column("kind"), Column("claims", right=True), Column("text"), Column("source"))
        write(table(columns, [(str(s.id), s.kind, str(n), s.no_text_why or "held", f"{s.title} {s.canonical}".strip()) for s, n in held]))
    without = sum(bool(s.no_text_why) for s, _ in held)
    app.say(f"{counted(len(held), 'source')}: the text of {len(held) - without} is held, of {without} not")
