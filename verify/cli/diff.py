"""`verify diff`: what became of the claims of a document between two revisions."""

from collections.abc import Iterator
from typing import Any

import click

from verify.errors import FOUND
from verify.model import BaselineState, ClaimChange, Comparison, Wording
from verify.reports.comparison import COMPARISONS, SIGNS, marked, remarks, render_comparison, shown, summary
from verify.terminal import one_line

from .context import App, colours, pass_app
from .output import output_option, write

_STYLES: dict[Wording, dict[str, Any]] = {
    Wording.REMOVED: {"fg": "red", "strikethrough": True},
    Wording.ADDED: {"fg": "green"},
    Wording.KEPT: {},
}
_COLOURS = {BaselineState.NEW: "green", BaselineState.ABSENT: "red", BaselineState.UPDATED: "yellow", BaselineState.UNCHANGED: None}


@click.command("diff", context_settings={"ignore_unknown_options": True})
@click.argument("document")
@click.argument("revisions", nargs=-1, metavar="[REV [REV]]")
@click.option("--all", "everything", is_flag=True, help="Also claims that stayed as they were.")
@click.option("--stat", is_flag=True, help="Only count.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something changed.")
@click.option("-f", "--format", "form", type=click.Choice(list(COMPARISONS)), default="text", help="How to print it.")
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@output_option
@pass_app
def diff_command(
    app: App, document: str, revisions: tuple[str, ...], everything: bool, stat: bool, exit_code: bool, form: str, output: str
) -> int:
    """Show what changed in DOCUMENT, claim by claim, with the words marked.

    REV is the number of a revision, or -1 for the one before the current. One REV is compared with the current revision; without any, the last
    two are. A claim is + new, ~ updated, - absent; [-words-] went and {+words+} came.
    """
    from verify.workflows.diff import diff

    most = 2
    if len(revisions) > most:
        raise click.UsageError("two revisions at most: verify diff DOCUMENT [REV [REV]]")
    with app.reading() as connection:
        comparison = diff(connection, document, *revisions)
    if not stat:
        coloured = form == "text" and output == "-" and colours()
        write(coloured_lines(comparison, everything) if coloured else render_comparison(form, comparison, everything=everything), output)
    app.say(summary(comparison))
    return FOUND if exit_code and shown(comparison) else 0


def coloured_lines(comparison: Comparison, everything: bool) -> Iterator[str]:
    """Lay a comparison out for a terminal with colours."""
    for change in shown(comparison, everything=everything):
        sign = click.style(SIGNS[change.state], fg=_COLOURS[change.state], bold=True)
        name = f"[{change.standing.claim_id}]" if change.standing.claim_id > 0 else "[new]"
        yield f"{sign} {click.style(name, bold=True)} {_words(change)}\n"
        yield from (f"    {click.style(one_line(remark), dim=True)}\n" for remark in remarks(change))


def _words(change: ClaimChange) -> str:
    if not change.words:
        return click.style(one_line(marked(change)), fg=_COLOURS[change.state])
    pieces = []
    for word in change.words:
        blank = (word.text[:1].isspace(), word.text[-1:].isspace() and word.text.strip() != "")
        text = one_line(word.text)
        pieces.append((" " if blank[0] else "") + click.style(text.strip(), **_STYLES[word.kind]) + (" " if blank[1] else ""))
    return "".join(pieces)
