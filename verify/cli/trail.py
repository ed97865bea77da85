"""`verify trail`: the record of everything that was written."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.errors import FOUND, UsageError
from verify.model import SCHEMA_VERSION, TrailHead
from verify.terminal import one_line

from .context import App, pass_app
from .coverage import counted
from .entry import entry_json, entry_lines, entry_row
from .output import output_option, write
from .table import Column, cut, table

if TYPE_CHECKING:
    from verify.store.chain import Stored
    from verify.store.replay import Misfit, Verification
    from verify.workflows.signing import SignedHead

_FIELDS = ("schema_version", "sequence", "at", "reviewer", "action", "subject", "payload", "previous_hash", "hash")


class _Trail(click.Group):
    """The group, which lists where no other of its commands is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments as those of `list`, unless they open with a command or ask for help."""
        listing = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, ["list", *args] if listing else args)


@click.group("trail", cls=_Trail)
def trail_command() -> None:
    """Read and verify the record of everything that was written: who, when, what, each entry chained to the one before by its hash.

    Without a command it lists the entries.
    """


@trail_command.command("list")
@click.option("--after", type=click.IntRange(0), default=0, metavar="SEQUENCE", help="Entries after this one.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many entries.")
@click.option("--claim", type=click.IntRange(1), metavar="ID", help="Entries about this claim alone.")
@click.option("-f", "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", help="How to print them.")
@pass_app
def list_trail(app: App, after: int, limit: int | None, claim: int | None, form: str) -> None:
    """List the entries, oldest first."""
    from verify.reports.streams import json_lines
    from verify.store import chain, trail

    with app.reading() as connection:
        shown = _Counted(chain.stored(connection, after=after, limit=limit, subject=f"claim:{claim}" if claim else ""))
        if form == "jsonl":
            write(json_lines(entry_row(event) for event in shown))
        elif rows := [_cells(event) for event in shown]:
            columns = (
                Column("seq", right=True, whole=True),
                Column("when", whole=True),
                Column("who", most=16),
                Column("action", style="bold"),
                Column("subject"),
                Column("what"),
            )
            write(table(columns, rows))
        sequence, last_hash, _ = chain.last_of(connection)
    app.say(f"{counted(shown.number, 'entry')} shown; head {trail.head_text(TrailHead(sequence, last_hash or 'none'))}")


@trail_command.command("show")
@click.argument("sequence", type=click.IntRange(1), metavar="SEQ")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_app
def show_entry(app: App, sequence: int, as_json: bool) -> None:
    """Show entry SEQ: who did what when, what changed in which row, and its hash."""
    from verify.store import chain

    with app.reading() as connection:
        last = chain.last_of(connection)[0]
        event = chain.stored_event(connection, sequence) if sequence <= last else None
        if event is None:
            raise UsageError(f"there is no entry {sequence}; " + (f"the trail ends with entry {last}" if last else "the trail is empty"))
        write([entry_json(connection, event)] if as_json else (f"{line}\n" for line in entry_lines(connection, event, last)))


@trail_command.command("verify")
@click.option("--expect-head", default="", metavar="SEQ:HASH", help="A head of before, from a report or `head`: it must still be there.")
@click.option("--signed-head", type=click.Path(path_type=Path, readable=False), metavar="FILE", help="A head of before that was signed.")
@click.option(
    "--allowed-signers", type=click.Path(path_type=Path, readable=False), metavar="FILE", help="Whose signatures count (ssh-keygen(1))."
)
@click.option("--signer", default="", metavar="IDENTITY", help="Who must have signed; else anybody whom the file allows.")
@click.option("--all", "everything", is_flag=True, help="List up to 100 misfits, not the first alone.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@pass_app
def verify_trail(
    app: App, expect_head: str, signed_head: Path | None, allowed_signers: Path | None, signer: str, everything: bool, as_json: bool
) -> int:
    """Derive the chain again, and compare what it tells with every row. Names the first entry or row that does not fit; exit code 1 then.

    That an older copy was put back, or the trail cut off with all that it told of, shows only against a head that was kept elsewhere:
    --expect-head, --signed-head.
    """
    from verify.store import replay, trail

    expected = [trail.head_of(expect_head)] if expect_head else []
    signed = _signed(signed_head, allowed_signers, signer)
    if signed and not signed.fault:
        expected.append(signed.head)
    with app.reading() as connection:
        found = replay.verify(connection, expect=expected, most=replay.MOST if everything else 1)
    misfits = [*([replay.Misfit(f"{one_line(str(signed_head))}: {signed.fault}")] if signed and signed.fault else []), *found.misfits]
    left_out = _left_out(found, expected=bool(expected))
    if as_json:
        from verify.reports.escape import json_text

        write([json_text(_verification(found, misfits, left_out, signed)) + "\n"])
    else:
        _tell(app, found, misfits, left_out, signed)
    return FOUND if misfits else 0


@trail_command.command("head")
@click.option("--sign-with", type=click.Path(path_type=Path, readable=False), metavar="KEY", help="Sign it with this SSH key.")
@output_option
@pass_app
def print_head(app: App, sign_with: Path | None, output: str) -> None:
    """Print the head of the trail, SEQ:HASH. Kept elsewhere, it shows later whether anything before it was changed, or an older copy put back.

    With --sign-with it is a statement that a person can read, with a signature of OpenSSH's.
    """
    from verify.store import trail

    with app.reading() as connection:
        head = trail.head(connection)
    if sign_with is None:
        write([trail.head_text(head) + "\n"], output)
        return
    from verify.workflows.signing import sign_head

    write([sign_head(head, sign_with)], output)


@trail_command.command("export")
@click.option("-f", "--format", "form", type=click.Choice(["jsonl", "json", "csv"]), default="jsonl", help="How to write them.")
@output_option
@pass_app
def export_trail(app: App, form: str, output: str) -> None:
    """Write all entries, oldest first, with what each tells of rows."""
    from verify.reports.streams import csv_lines, json_lines, json_object
    from verify.store import chain

    with app.reading() as connection:
        shown = _Counted(chain.stored(connection))
        rows = (entry_row(event) for event in shown)
        if form == "csv":
            write(csv_lines(_FIELDS, ({**entry_row(event), "payload": str(event.payload)} for event in shown)), output)
        elif form == "json":
            sequence, last_hash, _ = chain.last_of(connection)
            fields = {"schema_version": SCHEMA_VERSION, "head": {"sequence": sequence, "hash": last_hash}}
            write(json_object(fields, {"events": rows}), output)
        else:
            write(json_lines(rows), output)
    app.say(f"{counted(shown.number, 'entry')} written")


class _Counted:
    """Events, counted while they pass."""

    def __init__(self, events: Iterator["Stored"]) -> None:
        self._events = events
        self.number = 0

    def __iter__(self) -> Iterator["Stored"]:
        for event in self._events:
            self.number += 1
            yield event


def _cells(event: "Stored") -> tuple[str, ...]:
    from verify.store.chain import facts_of

    facts = facts_of(event)
    what = ", ".join(
        f"{key} {one_line(str(facts[key]))}"
        for key in ("document", "status", "before", "target", "source", "names", "reason", "note", "claims")
        if facts.get(key)
    )
    when = str(event.at)[:16].replace("T", " ")
    return str(event.sequence), when, str(event.reviewer), str(event.action), str(event.subject), cut(what, 160)


def _signed(path: Path | None, allowed: Path | None, signer: str) -> "SignedHead | None":
    """Check a signed head, where one is given."""
    if path is None:
        if allowed or signer:
            raise UsageError("--allowed-signers and --signer go with --signed-head FILE")
        return None
    if allowed is None:
        raise UsageError("whose signature counts? name the file with --allowed-signers (ssh-keygen(1) describes it)")
    from verify.workflows.signing import signed_head

    return signed_head(path, allowed, signer)


def _left_out(found: "Verification", *, expected: bool) -> list[str]:
    """What the verification did not look at, in words."""
    from verify.store.replay import NOT_LOOKED_AT

    left_out = list(NOT_LOOKED_AT)
    if not expected:
        left_out.insert(0, "whether an older copy was put back: only a head that was kept elsewhere tells (--expect-head, --signed-head)")
    if not found.chain_fits:
        left_out.insert(0, "the rows: the chain has to fit first")
    elif not found.complete:
        left_out.insert(0, "what comes after the first misfit (--all goes on)" if len(found.misfits) == 1 else "what comes after these")
    return left_out


def _tell(app: App, found: "Verification", misfits: list["Misfit"], left_out: list[str], signed: "SignedHead | None") -> None:
    from verify.store.trail import head_text

    for misfit in misfits:
        click.echo(one_line(misfit.message))
    summary = f"trail: {counted(found.events, 'event')}, head {one_line(head_text(found.head))}"
    if misfits:
        app.say(f"{summary}, {counted(len(misfits), 'misfit')}")
    else:
        click.echo(f"{summary}, every row fits")
    if signed and not signed.fault:
        app.say(f"head {signed.head.sequence} was signed by {one_line(signed.signer)} ({signed.key})")
    app.say("not looked at:", *(f"  {line}" for line in left_out))


def _verification(found: "Verification", misfits: list["Misfit"], left_out: list[str], signed: "SignedHead | None") -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "fits": not misfits,
        "events": found.events,
        "rows": found.rows,
        "head": {"sequence": found.head.sequence, "hash": found.head.hash},
        "signed": {"sequence": signed.head.sequence, "signer": signed.signer, "key": signed.key, "fault": signed.fault} if signed else None,
        "misfits": [
            {"message": m.message, "event": m.event or None, "table": m.table, "key": m.key, "columns": list(m.columns)} for m in misfits
        ],
        "not_looked_at": left_out,
    }
