"""`verify documents`: what is held, and how far it has come."""

import json
from dataclasses import asdict

import click

from verify.model import SCHEMA_VERSION

from .context import App, pass_app
from .coverage import counted
from .output import write
from .table import Column, table


@click.command("documents")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", help="How to print it.")
@pass_app
def documents_command(app: App, form: str) -> None:
    """List the documents held: claims, decided, needing review, revision, marker layout, origin."""
    from verify.reports.rows import instant
    from verify.store import documents

    with app.reading() as connection:
        held = documents.document_overview(connection)
    rows = [
        {
            **{k: v for k, v in asdict(d).items() if k not in ("document", "ingested_at")},
            **asdict(d.document),
            "ingested_at": instant(d.ingested_at),
        }
        for d in held
    ]
    if form == "table":
        columns = (
            Column("name"),
            Column("claims", right=True),
            Column("decided", right=True),
            Column("to review", right=True),
            Column("markers"),
            Column("title"),
        )
        write(
            table(
                columns, [(d.document.name, str(d.claims), str(d.decided), str(d.needing_review), d.layout, d.document.title) for d in held]
            )
        )
    elif form == "jsonl":
        write(json.dumps({"schema_version": SCHEMA_VERSION, **row}) + "\n" for row in rows)
    else:
        write([json.dumps({"schema_version": SCHEMA_VERSION, "documents": rows}, indent=2), "\n"])
    claims = sum(d.claims for d in held)
    decided = sum(d.decided for d in held)
    app.say(f"{counted(len(held), 'document')}, {counted(claims, 'claim')}: {decided} decided, {claims - decided} not looked at")
