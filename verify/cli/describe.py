"""The page of all commands, `docs/commands.md`: made from the commands themselves, and checked by a test.

`python -m verify.cli.describe > docs/commands.md` writes it.
"""

import sys
from collections.abc import Iterator

import click

from . import JOURNEYS, application

_HEAD = """# Commands

Made from the program itself by `make docs`; edit the commands, not this page. Options that stand before the command (`--db`, `--config`,
`--quiet`, `--verbose`) are shown by `verify --help`.
"""


def commands_markdown() -> str:
    """Give the page: every command by journey, with its help, arguments and options."""
    group = application()
    parts = [_HEAD]
    with click.Context(group, info_name="verify") as root:
        for journey, names in JOURNEYS.items():
            parts.append(f"\n## {journey}\n")
            for name in names:
                command = group.get_command(root, name)
                assert command is not None  # noqa: S101 - the table names it
                parts.extend(_command(command, root, name))
    return "".join(parts)


def _command(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    with click.Context(command, info_name=name, parent=parent) as ctx:
        if isinstance(command, click.Group):
            yield f"\n### {ctx.command_path}\n\n{_paragraphs(command)}\n"
            for inner, child in sorted(command.commands.items()):
                yield from _command(child, ctx, inner)
            return
        usage = " ".join(command.collect_usage_pieces(ctx))
        yield f"\n### {ctx.command_path}\n\n```\n{ctx.command_path} {usage}\n```\n\n{_paragraphs(command)}\n"
        options = [record for p in command.params if isinstance(p, click.Option) and (record := p.get_help_record(ctx))]
        if options:
            yield "\n| option | |\n| --- | --- |\n"
            yield from (f"| `{_cell(spelling)}` | {_cell(text)} |\n" for spelling, text in options)


def _paragraphs(command: click.Command) -> str:
    lines = (command.help or "").splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(commands_markdown())
