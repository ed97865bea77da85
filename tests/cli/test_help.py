"""Every command and every option says what it is for, in the program itself."""

from collections.abc import Iterator

import click
import pytest

from verify import __version__
from verify.cli import JOURNEYS, application


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk the tree of commands."""
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as ctx:
            for name in command.list_commands(ctx):
                child = command.get_command(ctx, name)
                assert child is not None
                yield from commands(child, (*path, name))


TREE = dict(commands(application()))


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_command_has_help(verify, path):
    """It is printed on stdout, opens with how the command is used, and says in a sentence what it does."""
    long, short = verify(*path, "--help"), verify(*path, "-h")
    help_text = " ".join((TREE[path].help or "").split())

    assert (0, "") == (long.code, long.err)
    assert long.out.startswith("Usage: " + " ".join(("verify", *path)))
    assert long.out == short.out
    assert help_text[:1].isupper()
    assert "." in help_text


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_option_has_help(path):
    """All that are shown; the shared ones are shown once, by `verify --help`."""
    options = [p for p in TREE[path].params if isinstance(p, click.Option)]
    silent = [option.name for option in options if not option.hidden and not option.help]
    hidden = {option.name for option in options if option.hidden}

    assert [] == silent
    assert hidden <= {"db", "config", "offline", "quiet", "verbose"}


def test_commands_of_the_help_are_those_that_exist(verify):
    """The list of commands names each once, with a sentence."""
    listed = verify("--help").out
    names = [name for journey in JOURNEYS.values() for name in journey]

    assert len(names) == len(set(names)) == len([path for path in TREE if len(path) == 1])
    assert [] == [name for name in names if f"  {name} " not in listed]
    assert [] == [text for journey in JOURNEYS.values() for text in journey.values() if not (text[0].isupper() and text.endswith("."))]


def test_help_fits_a_terminal(verify):
    """Eighty columns, for every command."""
    wide = {path: max(map(len, verify(*path, "--help").out.splitlines())) for path in TREE}

    assert {} == {path: width for path, width in wide.items() if width > 80}


def test_version(verify):
    """`-V` and `--version` say the same."""
    assert [f"verify {__version__}\n"] * 2 == [verify(option).out for option in ("-V", "--version")]


def test_no_command_at_all(verify):
    """The help, on stderr, and exit code 2: nothing was done."""
    run = verify()

    assert (2, "") == (run.code, run.out)
    assert run.err.startswith("Usage: verify [OPTIONS] COMMAND [ARGS]...")
