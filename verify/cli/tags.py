"""`verify tags`: the cleanup tags that are known."""

from typing import TYPE_CHECKING

import click

from verify.errors import UsageError
from verify.model import SCHEMA_VERSION
from verify.terminal import one_line

from .context import App, pass_app
from .coverage import counted
from .output import write
from .table import Column, table

if TYPE_CHECKING:  # reads its vocabulary when it is first used
    from verify.tags import Tag


@click.command("tags")
@click.argument("name", required=False)
@click.option(
    "-l", "--language", default="", metavar="CODE", help="The forms of one language, as de or pt. `--language list` names them all."
)
@click.option("-f", "--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print them.")
@pass_app
def tags_command(app: App, name: str | None, language: str, form: str) -> None:
    """List the cleanup tags that are known: how they are printed, what they are about, and what an editor must do next.

    With NAME, as "citation needed", all that is known of one.
    """
    from verify import tags

    if language == "list":
        write([" ".join(tags.languages()), "\n"])
        return
    code = language or "en"
    if code not in tags.languages():
        raise UsageError(f"no tags are known in {one_line(language)!r}; there are: {' '.join(tags.languages())}")
    chosen = (tags.tag_named(name),) if name else tags.tags_in(code) if language else tags.all_tags()
    if form == "json":
        from verify.reports.escape import json_text

        write([json_text({"schema_version": SCHEMA_VERSION, "tags": [_row(t) for t in chosen]}), "\n"])
    else:
        columns = (Column("tag", style="bold"), Column(f"printed ({code})", style="cyan"), Column("category"), Column("next step"))
        write(table(columns, [(t.name, _printed(t, code), t.category, t.next_step) for t in chosen]))
    app.say(f"{counted(len(chosen), 'tag')} in {counted(len({code for t in chosen for code in t.forms}), 'language')}")


def _printed(tag: "Tag", language: str) -> str:
    forms = tag.forms.get(language)
    return ", ".join((forms.printed or forms.templates)[:3]) if forms else "-"


def _row(tag: "Tag") -> dict[str, object]:
    from dataclasses import asdict, fields

    return {
        **{field.name: getattr(tag, field.name) for field in fields(tag)},
        "forms": {code: asdict(forms) for code, forms in tag.forms.items()},
    }
