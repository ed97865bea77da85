"""`verify trail`: the record of everything that was written."""

import json

import click

from verify.model import SCHEMA_VERSION, Event
from verify.terminal import one_line

from .context import App, pass_app
from .coverage import counted
from .output import write
from .table import Column, cut, table


@click.group("trail")
def trail_command() -> None:
    """Read the record of everything that was written: who, when, what, each entry chained to the one before by its hash."""


@trail_command.command("list")
@click.option("--after", type=click.IntRange(0), default=0, metavar="SEQUENCE", help="Entries after this one.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many entries.")
@click.option("--claim", type=click.IntRange(1), metavar="ID", help="Entries about this claim alone.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", help="How to print them.")
@pass_app
def list_trail(app: App, after: int, limit: int | None, claim: int | None, form: str) -> None:
    """List the entries, oldest first."""
    from verify.store import trail

    with app.reading() as connection:
        events = trail.events(connection, after=after, limit=limit, subject=f"claim:{claim}" if claim else "")
        head = trail.head(connection)
    if form == "jsonl":
        from verify.reports.escape import json_text

        write(json_text(_row(event)) + "\n" for event in events)
    elif events:
        columns = (
            Column("seq", right=True, whole=True),
            Column("when", whole=True),
            Column("who", most=16),
            Column("action", style="bold"),
            Column("subject"),
            Column("what"),
        )
        write(table(columns, [_cells(event) for event in events]))
    app.say(f"{counted(len(events), 'entry')} shown; head {head.sequence}:{head.hash or 'none'}")


def _row(event: Event) -> dict[str, object]:
    """Give an entry with its time as the hash covers it, so that the chain can be derived from what is printed."""
    from verify.store.schema import utc_text

    return {
        "schema_version": SCHEMA_VERSION,
        "sequence": event.sequence,
        "at": utc_text(event.at),
        "reviewer": event.reviewer,
        "action": event.action,
        "subject": event.subject,
        "payload": json.loads(event.payload),
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def _cells(event: Event) -> tuple[str, ...]:
    facts = json.loads(event.payload)
    what = ", ".join(
        f"{key} {one_line(str(facts[key]))}"
        for key in ("document", "status", "before", "target", "source", "names", "reason", "note", "claims")
        if facts.get(key)
    )
    return str(event.sequence), f"{event.at:%Y-%m-%d %H:%M}", event.reviewer, event.action, event.subject, cut(what, 160)
