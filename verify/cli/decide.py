"""`verify decide` and `verify undo`."""

import click

from verify.terminal import one_line

from .context import App, pass_app, reviewer_option
from .coverage import ledger_line


@click.command("decide")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.argument("status")
@click.option("--note", default="", metavar="TEXT", help="Why, or what for; needed for unverifiable.")
@click.option("--second", is_flag=True, help="Give a second opinion beside another reviewer's decision.")
@click.option("--adjudicate", is_flag=True, help="Settle a dispute between reviewers; needs a note.")
@reviewer_option
@pass_app
def decide_command(app: App, claims: tuple[str, ...], status: str, note: str, second: bool, adjudicate: bool, reviewer: str | None) -> None:
    """Record your decision on each CLAIM (an id).

    STATUS is one of: verified, partially_verified, failed_verification, disputed, unverifiable (needs a note), not_a_claim. A decision
    supersedes the one before it; all of them stay on record. It keeps the text, the citations and the sources' texts that it stands on, and is
    stale once one of them changes.

    A second opinion (--second) is another reviewer's and stands beside the first. Where they differ the claim is disputed until somebody settles
    it (--adjudicate --note TEXT).
    """
    from verify.workflows.decide import Role, decide, status_named
    from verify.workflows.targets import claim_number

    if second and adjudicate:
        raise click.UsageError("--second gives an opinion, --adjudicate settles between two: choose one")
    role = Role.SECOND if second else Role.SETTLING if adjudicate else Role.FIRST
    wanted, ids = status_named(status), [claim_number(claim) for claim in claims]
    with app.ledger() as ledger:
        for done in decide(ledger, ids, wanted, reviewer=app.reviewer(reviewer), note=note, role=role):
            said = "" if done.decision.status is done.after else f" ({one_line(done.decision.reviewer)} says {done.decision.status})"
            click.echo(f"claim {done.claim_id}: {done.before} -> {done.after}, by {one_line(done.decision.reviewer)}{said}")
        with ledger.read() as connection:
            app.say(ledger_line(connection))


@click.command("undo")
@click.argument("claim", required=False)
@click.option("--note", default="", metavar="TEXT", help="Why it is taken back.")
@reviewer_option
@pass_app
def undo_command(app: App, claim: str | None, note: str, reviewer: str | None) -> None:
    """Take back the last decision that stands, of CLAIM (an id) or of the whole ledger. Both stay on record."""
    from verify.workflows.decide import undo
    from verify.workflows.targets import claim_number

    with app.ledger() as ledger:
        done = undo(ledger, reviewer=app.reviewer(reviewer), claim_id=claim_number(claim) if claim else None, note=note)
        click.echo(f"claim {done.claim_id}: {done.before} taken back, now {done.decision.status}, by {one_line(done.decision.reviewer)}")
        with ledger.read() as connection:
            app.say(ledger_line(connection))
