"""`verify export` and `verify import`: a whole ledger as JSON Lines, and back."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from verify.errors import ReadError
from verify.terminal import one_line

from .context import App, pass_app
from .output import output_option, write


@click.command("export")
@output_option
@pass_app
def export_command(app: App, output: str) -> None:
    """Write the whole ledger as JSON Lines: every row of every table, sources' bytes and the trail included.

    `verify --db NEW import FILE` makes the same ledger of it, with the same head, on SQLite or PostgreSQL.
    """
    from verify.store import trail
    from verify.store.transfer import export_lines

    with app.reading() as connection:
        write(export_lines(connection), output)
        head = trail.head(connection)
    app.say(f"exported; head {trail.head_text(head)}")


@click.command("import")
@click.argument("file", metavar="FILE|-")
@pass_app
def import_command(app: App, file: str) -> None:
    """Make a ledger of FILE, which `verify export` wrote, where there is none yet (--db names the place).

    The trail is checked against the rows before anything is kept. "-" is standard input.
    """
    from verify.store import trail
    from verify.store.transfer import import_lines

    with _opened(file) as lines:
        head = import_lines(lines, app.db)
    click.echo(f"imported; head {trail.head_text(head)}")


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    """Open a file of lines, or standard input, whatever encoding the terminal has. Raises ReadError, with the file's name before what it says."""
    name = "standard input" if file == "-" else one_line(file)
    try:
        with _stream(file) as lines:
            yield lines
    except ReadError as error:
        error.args = (f"{name}: {error}",)
        raise
    except OSError as error:
        raise ReadError(f"{name}: {(error.strerror or 'cannot be read').lower()}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{name}: it is no UTF-8 text, so no exported ledger") from error


def _stream(file: str) -> TextIO:
    if file != "-":
        return Path(file).open(encoding="utf-8", newline="\n")
    if sys.stdin is None:
        raise ReadError("it is closed")
    return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n")
