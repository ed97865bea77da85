"""`verify db`: look after the database."""

from pathlib import Path

import click

from verify.errors import FOUND
from verify.terminal import one_line, printable

from .context import App, pass_app
from .coverage import counted


@click.group("db")
def db_command() -> None:
    """Look after the database that holds the ledger."""


@db_command.command("path")
@pass_app
def path(app: App) -> None:
    """Print where the ledger is: its file, or the address of its database without the password."""
    from verify.store.engines import target_of

    place = target_of(app.db)
    click.echo(printable(str(place.path or place.name), keep=""))


@db_command.command("upgrade")
@pass_app
def upgrade(app: App) -> None:
    """Bring the database to this program's schema, all or nothing."""
    from verify.store import maintenance
    from verify.workflows.clock import now

    before, after = maintenance.upgrade(app.db, at=now())
    click.echo(f"already at {after}" if before == after else f"upgraded from {before or 'nothing'} to {after}")


@db_command.command("current")
@pass_app
def current(app: App) -> None:
    """Print the database's schema revision, and whether it is this program's."""
    from verify.store import maintenance

    held, head = maintenance.current(app.db)
    click.echo(f"{held} (head)" if held == head else f"{held or 'none'}; this program's is {head}: run `verify db upgrade`")


@db_command.command("check")
@pass_app
def check(app: App) -> int:
    """Check the file, its references and what is derived in it. Exit code 1 where something does not fit."""
    from verify.store import maintenance

    findings = maintenance.check(app.db)
    for finding in findings:
        click.echo(one_line(finding))
    app.say("the database is sound" if not findings else f"{counted(len(findings), 'finding')}")
    return FOUND if findings else 0


@db_command.command("backup")
@click.argument("to", type=click.Path(path_type=Path, readable=False))
@pass_app
def backup(app: App, to: Path) -> None:
    """Copy the database to the file TO, consistent while others write; an existing file is never overwritten."""
    from verify.store import maintenance

    maintenance.backup(app.db, to)
    click.echo(f"copied to {one_line(str(to))}")


@db_command.command("copy")
@click.argument("to", metavar="TO")
@pass_app
def copy(app: App, to: str) -> None:
    """Copy the ledger to an empty place, the trail with it: TO is a SQLite file or a postgresql:// address."""
    from verify.store.transfer import copy_ledger

    head = copy_ledger(app.db, to)
    click.echo(f"copied; head {head.sequence}:{head.hash}")
