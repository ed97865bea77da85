"""`verify sources`: what is held as support, where it comes from, and how it can be reached."""

import click

from verify.model import SCHEMA_VERSION
from verify.terminal import one_line

from .bibliography import export_command, import_command, opened_works
from .context import App, document_option, pass_app, reviewer_option
from .coverage import counted
from .fetch import fetch_command, refresh_command
from .fetching import kept_words, manner
from .output import write


class _Listing(click.Group):
    """A group that lists where no command is named: `verify sources -f json` is `verify sources list -f json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `list` in front of options that are not the group's own."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("sources", cls=_Listing)
def sources_command() -> None:
    """List the sources held, look after them, and bring them in and out. Without a command: list."""


@sources_command.command("list")
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print them.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@document_option
@pass_app
def list_command(app: App, form: str, document: str) -> None:
    """List the sources held, how many claims each holds up, whether its text is here, and how it can be reached."""
    from verify.workflows.overview import overview

    from .source_view import line_row, list_lines

    with app.reading() as connection:
        held = overview(connection, document)
    if form == "json":
        from verify.reports.escape import json_text

        write([json_text({"schema_version": SCHEMA_VERSION, "sources": [line_row(each) for each in held]}), "\n"])
    elif held:
        write(list_lines(held))
    without = sum(bool(each.source.no_text_why) for each in held)
    app.say(f"{counted(len(held), 'source')}: the text of {len(held) - without} is held, of {without} not")


@sources_command.command("show")
@click.argument("source")
@click.option("--diff", is_flag=True, help="Show the words that changed between its last two states.")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@pass_app
def show_command(app: App, source: str, diff: bool, form: str) -> None:
    """Show everything held on SOURCE (an id, a name, a key): its states, the visits to it, and the quotes kept from it.

    With --diff, [-words-] went and {+words+} came.
    """
    from verify.workflows.overview import source_view

    from .source_view import view_json, view_lines

    with app.reading() as connection:
        view = source_view(connection, source, diff=diff)
    write((view_json if form == "json" else view_lines)(view))


@sources_command.command("add")
@click.argument("source")
@click.option("--title", default="", metavar="TEXT", help="What it is called.")
@click.option("--snapshot", default="", metavar="FILE", help="A saved copy of it to keep.")
@click.option("--doi", "works", default="", metavar="WHERE", help="Look its DOI up in a file, a folder or a plug-in.")
@reviewer_option
@pass_app
def add_command(app: App, source: str, title: str, snapshot: str, works: str, reviewer: str | None) -> None:
    """Add SOURCE (as in `verify attach`) before anything cites it."""
    from verify.workflows.add import add_source

    asked = opened_works(app, works)
    with app.ledger(create=True) as ledger:
        done = add_source(ledger, source, reviewer=app.reviewer(reviewer), title=title, snapshot=snapshot, works=asked)
    what = "added" if "source" in done.added else f"{' and '.join(done.added)} added" if done.added else "was held already"
    click.echo(f"[{done.source.id}] {one_line(done.source.title or done.source.canonical)}: {what}")
    if done.source.no_text_why:
        app.say(f"its text is not here yet: {one_line(done.source.no_text_why)}")


@sources_command.command("relink")
@click.argument("source")
@click.argument("new")
@click.option("--title", default="", metavar="TEXT", help="What the new source is called.")
@click.option("--snapshot", default="", metavar="FILE", help="A saved copy of the new source to keep.")
@click.option("--no-fetch", is_flag=True, help="Do not ask a web address for its text.")
@reviewer_option
@pass_app
def relink_command(app: App, source: str, new: str, title: str, snapshot: str, no_fetch: bool, reviewer: str | None) -> None:
    """Let NEW stand wherever SOURCE stands now, as when a page has moved.

    SOURCE is kept, with its texts. Its quotes go along where they stand in the text of NEW as well, the others are told; decisions that stood on the
    old text are stale.
    """
    from verify.workflows.relink import relink

    how = None if no_fetch or app.network.offline else manner(app)
    with app.ledger() as ledger:
        done = relink(ledger, source, new, reviewer=app.reviewer(reviewer), title=title, snapshot=snapshot, manner=how)
    old, now = (one_line(each.title or each.canonical) for each in (done.old, done.new))
    click.echo(f"{now} stands for {old}: {counted(done.links, 'link')}, {counted(len(done.carried), 'quote')} gone along")
    for quote, why in done.left:
        click.echo(f"  quote left behind: {one_line(quote.quote.exact)}")
        for line in why.splitlines():
            click.echo(f"    {line}")
    if done.visit:
        app.say(f"asked {one_line(done.visit.visit.asked)}: {kept_words(done.visit)}")
    app.say(*done.remarks)


for _command in (import_command, export_command, fetch_command, refresh_command):
    sources_command.add_command(_command)
