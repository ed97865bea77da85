"""`verify flag` and `verify unflag`."""

import click

from verify.terminal import one_line

from .context import App, pass_app, reviewer_option
from .coverage import ledger_line


@click.command("flag")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("-r", "--reason", required=True, metavar="TEXT", help="Why it needs review.")
@reviewer_option
@pass_app
def flag_command(app: App, claims: tuple[str, ...], reason: str, reviewer: str | None) -> None:
    """Flag each CLAIM (an id) for review. A flagged claim is listed even where a decision settles it."""
    from verify.workflows.flag import flag
    from verify.workflows.targets import claim_number

    ids = [claim_number(claim) for claim in claims]
    with app.ledger() as ledger:
        for claim_id, raised in zip(dict.fromkeys(ids), flag(ledger, ids, reason=reason, reviewer=app.reviewer(reviewer)), strict=True):
            click.echo(f"claim {claim_id} flagged by {one_line(raised.reviewer)}: {one_line(raised.reason)}")
        with ledger.read() as connection:
            app.say(ledger_line(connection))


@click.command("unflag")
@click.argument("claim")
@click.option("--flag", "name", default="", metavar="NAME", help='Resolve the flags of this name, a tag\'s as well, as "citation needed".')
@click.option("--note", default="", metavar="TEXT", help="How it was settled.")
@reviewer_option
@pass_app
def unflag_command(app: App, claim: str, name: str, note: str, reviewer: str | None) -> None:
    """Resolve the flags that persons raised on CLAIM, or those of one name. They stay on record as resolved."""
    from verify.workflows.flag import unflag
    from verify.workflows.targets import claim_number

    claim_id = claim_number(claim)
    with app.ledger() as ledger:
        resolved = unflag(ledger, claim_id, reviewer=app.reviewer(reviewer), name=name, note=note)
        click.echo(f"claim {claim_id}: resolved {', '.join(one_line(f.name) for f in resolved)}")
        with ledger.read() as connection:
            app.say(ledger_line(connection))
