"""What every command shares: the settings, the ledger, who is at work, and the talk on stderr."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.errors import VerifyError
from verify.settings import Settings, load_settings, reviewer_name
from verify.terminal import printable

if TYPE_CHECKING:  # the ledger's room imports sqlalchemy, which `extract` and `--help` do without
    from verify.store import Connection, Ledger
    from verify.workflows.gather import Network


class App:
    """One run of the program. Settings are read when a command first asks for them."""

    def __init__(self, *, db: str | None, config: Path | None, offline: bool, quiet: bool, verbose: bool) -> None:
        self._db = db
        self._config = config
        self.offline = offline
        self.quiet = quiet
        self.verbose = verbose

    def override(self, name: str, value: Any) -> None:
        """Take an option that stands after the command over the one before it."""
        setattr(self, f"_{name}" if name in ("db", "config") else name, value)

    @cached_property
    def settings(self) -> Settings:
        """What the files and the environment set."""
        try:
            folder = Path.cwd()
        except FileNotFoundError as error:
            raise VerifyError("the folder that you are in is gone: change to another one") from error
        return load_settings(folder, config=self._config)

    @property
    def db(self) -> str:
        """The ledger's path or URL."""
        return self._db or self.settings.db

    @contextmanager
    def ledger(self, *, create: bool = False) -> Iterator["Ledger"]:
        """Open the ledger; make it where `create` is set and there is none."""
        from verify.store import open_ledger

        with open_ledger(self.db, create=create) as ledger:
            yield ledger

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """Open the ledger to read in it."""
        with self.ledger() as ledger, ledger.read() as connection:
            yield connection

    @property
    def network(self) -> "Network":
        """How the network may be used."""
        from verify.workflows.gather import Network

        allowed = (host.strip() for host in self.settings.allow_hosts.split(","))
        offline = self.offline or self.settings.is_offline
        return Network(offline, self.settings.contact, frozenset(host for host in allowed if host))

    def reviewer(self, named: str | None) -> str:
        """Who is at work."""
        return reviewer_name(self.settings, named or "")

    def say(self, *lines: str) -> None:
        """Talk: lines on stderr, unless the user asked for quiet."""
        if not self.quiet:
            for line in lines:
                click.echo(printable(line), err=True)

    def detail(self, *lines: str) -> None:
        """Talk that only `--verbose` wants to hear."""
        if self.verbose:
            self.say(*lines)


pass_app: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(App)


def colours() -> bool:
    """Whether stdout may carry colour: a terminal, and nobody said no (no-color.org)."""
    return os.isatty(1) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def reviewer_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--as REVIEWER` to a command that writes."""
    return click.option(
        "--as", "reviewer", metavar="REVIEWER", help="Who writes this. [VERIFY_REVIEWER, else git's user.name, else the system's user]"
    )(command)


def blind_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--blind` to a command that shows claims."""
    return click.option(
        "--blind", is_flag=True, help="Hide what others decided on a claim, and what the machine says, until you have decided on it."
    )(command)


def document_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--document NAME`."""
    return click.option("-d", "--document", default="", metavar="NAME", help="The document, where several are held.")(command)
