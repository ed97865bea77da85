"""The command line: the group, its commands by name, and the one place where errors become lines and exit codes.

A command's module is imported when the command runs; `--help` and `--version` read only the table below, so they stay quick.
"""

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import FrameType

import click

from verify.errors import FAILED, INTERRUPTED, USAGE, VerifyError

JOURNEYS: dict[str, dict[str, str]] = {
    "Start here": {
        "audit": "Ingest documents and write their audit report, in one.",
    },
    "Read": {
        "ingest": "Read documents and keep their claims in the ledger.",
        "extract": "Print the claims of a document; touch no database.",
        "diff": "Show what changed between two revisions of a document.",
        "documents": "List the documents held, with how far each has come.",
    },
    "Review": {
        "list": "List the claims that need a person, each with the reason.",
        "show": "Show everything held on one claim.",
        "tags": "List the cleanup tags that are known, and what each asks for.",
        "flag": "Flag claims for review, with a reason.",
        "unflag": "Resolve a claim's flags.",
    },
    "Support": {
        "attach": "Attach a source, and its quote, to a claim or a citation number.",
        "detach": "Take a source off a claim or a citation number again.",
        "assess": "Let the machine compare claims with their sources' texts.",
        "sources": "List the sources held, look after them, bring them in and out.",
        "fetch": "Fetch the texts of sources from the web.",
    },
    "Queue": {
        "next": "Hand yourself the most urgent claim that nobody else holds.",
        "assign": "Give claims to a reviewer.",
        "skip": "Pass claims over: you are not handed them again.",
        "release": "Give claims back that you hold.",
    },
    "Decide": {
        "decide": "Record your decision on claims.",
        "undo": "Take the last decision back, as an entry of its own.",
    },
    "Report": {
        "report": "Write the audit report of a document.",
        "trail": "Read the record of everything that was written.",
    },
    "Keep": {
        "db": "Look after the database: path, upgrade, current, check, backup, copy.",
        "export": "Write the whole ledger as JSON Lines.",
        "import": "Make a ledger of exported JSON Lines.",
    },
}
"""Every command by name, with its one-line help, in the order in which a newcomer meets them."""

_COMMANDS = {name: text for group in JOURNEYS.values() for name, text in group.items()}
_MODULES = {
    **dict.fromkeys(("next", "assign", "skip", "release"), "queue"),
    **dict.fromkeys(("export", "import"), "transfer"),
    "audit": "report",
    "unflag": "flag",
    "detach": "attach",
    "undo": "decide",
    "list": "listing",
}

_QUIET_COLLECTOR = 50_000
"""Objects between two runs of the cycle collector. Importing makes many that stay: at Python's 700, a tenth of the start-up goes into
looking at them again and again."""

_BY_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a program."""


class _Verify(click.Group):
    """The group: it finds a command by importing its module, and lists commands by journey without importing any."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; in it the command is called NAME_command."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"{__name__}.{_MODULES.get(cmd_name, cmd_name)}")
        return _with_shared_options(getattr(module, f"{cmd_name}_command"))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the command that was probably meant, where there is none of that name."""
        if args and args[0] not in _COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {near[0]!r}?" if near else "; `verify --help` lists them"))
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by journey."""
        for journey, commands in JOURNEYS.items():
            with formatter.section(journey):
                formatter.write_dl(list(commands.items()), col_max=12)


def _with_shared_options(command: click.Command) -> click.Command:
    """Let the options of `verify` stand after the command as well, where people put them; help shows them once, before it."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _with_shared_options(child)
    elif not any(option.name == "db" for option in command.params):
        command.params.extend(
            click.Option(
                option.opts, is_flag=option.is_flag, type=option.type, help=option.help, hidden=True, expose_value=False, callback=_override
            )
            for option in _verify.params
            if isinstance(option, click.Option) and option.expose_value
        )
    return command


def _override(ctx: click.Context, option: click.Parameter, value: object) -> None:
    if value and option.name:
        ctx.obj.override(option.name, value)


def _print_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from verify import __version__

        click.echo(f"verify {__version__}")
        ctx.exit()


@click.group(
    cls=_Verify,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Data goes to stdout, talk to stderr. Exit codes: 0 done, 2 wrong usage or settings, 3 could not do it, 130 interrupted.",
)
@click.option("--db", metavar="PATH|URL", help="The ledger: a SQLite file or a database URL. [VERIFY_DB, else verify.db]")
@click.option(
    "-c", "--config", type=click.Path(path_type=Path, readable=False), help="Read settings from this file instead of those found."
)
@click.option("--offline", is_flag=True, help="Use no network.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version.")
@click.pass_context
def _verify(ctx: click.Context, db: str | None, config: Path | None, offline: bool, quiet: bool, verbose: bool) -> None:
    """Keep the books on what a text says and on what holds it up.

    verify turns every sentence of a document into a claim with its citation numbers and cleanup tags, keeps it with a verification status, and
    helps you to work through what nobody has checked. Start with: verify audit FILE
    """
    from .context import App

    ctx.obj = App(db=db, config=config, offline=offline, quiet=quiet, verbose=verbose)


def application() -> click.Group:
    """Give the group itself, for what walks its commands: the page of commands, the tests."""
    return _verify


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit code. What the user can mend is one to three lines on stderr; a bug keeps its traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: what is said there goes nowhere, and no file of ours takes its number
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as we run
        elif hasattr(stream := getattr(sys, name), "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except (VerifyError, click.ClickException, click.Abort, KeyboardInterrupt, OSError) as error:
        lines, code = _told(error)
        with suppress(OSError):  # stderr may be the pipe that was closed
            click.echo(lines, err=True)
    return code


def _run(arguments: list[str]) -> int:
    """Run the command that the arguments name. Not by click's own `main`, which ends a closed pipe with 1: that means findings."""
    try:
        with _verify.make_context("verify", arguments) as ctx:
            code = _verify.invoke(ctx)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return code if isinstance(code, int) else 0


def _told(error: BaseException) -> tuple[str, int]:
    """The lines and the exit code that an error ends with."""
    from verify.terminal import printable

    match error:
        case VerifyError():
            told = printable(str(error)), error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message(), USAGE
        case click.ClickException():
            told = printable(_usage_lines(error)), USAGE
        case BrokenPipeError():
            _silence_stdout()
            told = "the reader of the output went away before all was written", FAILED
        case OSError():
            _silence_stdout()
            told = _system_line(error), FAILED
        case _Ended() if error.number != signal.SIGINT:
            told = f"ended by {error}; nothing was half-written", _BY_SIGNAL + error.number
        case _:
            told = "interrupted; nothing was half-written", INTERRUPTED
    return f"verify: {told[0]}", told[1]


class _Ended(KeyboardInterrupt):
    """A signal asked the program to end; `str()` is its name. Not Python's own, which may end us by the signal again though it was heard."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


def _heed(number: int, _frame: FrameType | None) -> None:
    """End once, in good order; whoever insists with another signal ends us at once."""
    for heeded in _heeded():
        signal.signal(heeded, signal.SIG_DFL)
    raise _Ended(signal.Signals(number))


def _heeded() -> Iterator[signal.Signals]:
    return (signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__)


def run() -> int:
    """Be the program: `main` in a process of its own, which spends no time on looking for garbage that ends with it."""
    gc.set_threshold(_QUIET_COLLECTOR)
    for heeded in _heeded():
        if signal.getsignal(heeded) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(heeded, _heed)
    code = main()
    if code > _BY_SIGNAL:  # a pipe that nobody reads would hold us up with what is left to write
        _lose_stdout()
    gc.freeze()  # else the interpreter looks at every object once more on its way out: a fifth of the time of a short command
    return code


def _usage_lines(error: click.ClickException) -> str:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"\n`{ctx.command_path} --help` shows how it is used" if ctx else ""
    return error.format_message() + hint


def _system_line(error: OSError) -> str:
    from verify.terminal import one_line

    place = f"{one_line(str(error.filename))}: " if error.filename else "could not write the output: "
    return place + one_line((error.strerror or str(error)).lower())


def _silence_stdout() -> None:
    """Where stdout cannot take what is left, let the interpreter's last flush go nowhere: it would complain a second time."""
    try:
        sys.stdout.flush()
    except OSError:
        _lose_stdout()


def _lose_stdout() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
