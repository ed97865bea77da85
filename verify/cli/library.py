"""`verify attach --library`: what the files of a folder are, proposed, and attached once the user says so."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verify.errors import VerifyError
from verify.terminal import one_line, printable

from .context import App
from .coverage import counted, ledger_line
from .output import write
from .table import Column, cut, table

if TYPE_CHECKING:
    from verify.store import Ledger
    from verify.workflows.library import Library, Match

_CITED = 60


def attach_library(app: App, folder: Path, document: str, reviewer: str | None, *, yes: bool) -> None:
    """Match the files of a folder to what a document cites, show the matches, and attach those that are accepted."""
    from verify.workflows.library import match_library

    with app.ledger() as ledger:
        found = match_library(ledger, folder, document=document, on_read=lambda name: app.detail(f"reading {name}"))
        _show(app, found)
        chosen = _chosen(app, found, yes=yes)
        done = _accept(app, ledger, chosen, app.reviewer(reviewer)) if chosen else 0
        app.say(f"{done} of {len(found.matches)} {'match' if len(found.matches) == 1 else 'matches'} attached")
        with ledger.read() as connection:
            app.say(ledger_line(connection))


def _show(app: App, found: "Library") -> None:
    columns = (Column("cited as"), Column("sure", right=True), Column("file"), Column("because"), Column("cited work"))
    if found.matches:
        rows = [
            (
                f"[{match.label}]",
                f"{match.score:.0%}",
                match.name,
                ("another is as good; " if match.ambiguous else "") + ", ".join(match.reasons),
                cut(one_line(match.cited or (match.source.title if match.source else "")), _CITED),
            )
            for match in found.matches
        ]
        write(table(columns, rows))
    app.say(*(f"{one_line(name)}: not read: {why}" for name, why in found.unread))
    app.say(f"{counted(found.files, 'file')}: {len(found.matches)} matched, {found.attached} attached already")


def _chosen(app: App, found: "Library", *, yes: bool) -> "list[Match]":
    """Those that the user accepts: all that are clear with --yes, else one by one on a terminal."""
    if yes:
        return [match for match in found.matches if not match.ambiguous]
    if not found.matches:
        return []
    if not _has_terminal():
        app.say("nothing was attached: --yes attaches what is not ambiguous, and on a terminal you are asked one by one")
        return []
    return [match for match in found.matches if _asked(match)]


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _asked(match: "Match") -> bool:
    return click.confirm(f"attach {one_line(match.name)} to {one_line(f'{match.document}:{match.label}')}?", default=False, err=True)


def _accept(app: App, ledger: "Ledger", chosen: "list[Match]", who: str) -> int:
    """Attach one after another, each for itself: one that cannot be attached is told. Gives how many were."""
    from verify.workflows.library import accept

    from .attach import print_attached

    done = 0
    for match in chosen:
        try:
            print_attached(app, accept(ledger, match, reviewer=who))
            done += 1
        except VerifyError as error:
            click.echo(printable(f"verify: {one_line(match.name)}: {error}"), err=True)
    return done
