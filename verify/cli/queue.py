"""`verify next`, `assign`, `skip` and `release`: who looks at which claim."""

import click

from verify.model import Dossier, blinded
from verify.terminal import one_line

from .context import App, blind_option, document_option, pass_app, reviewer_option
from .coverage import counted
from .output import write


@click.command("next")
@click.option("--lease", default="30m", show_default=True, metavar="TIME", help="How long it stays yours: 45s, 30m, 2h, 1d.")
@click.option("--second", is_flag=True, help="A claim that another reviewer decided on, for a second opinion.")
@click.option("--peek", type=click.IntRange(1), metavar="N", help="List the next N claims without taking any.")
@click.option("--json", "as_json", is_flag=True, help="Print the claim as JSON, with the lease; with --peek, the list.")
@blind_option
@document_option
@reviewer_option
@pass_app
def next_command(
    app: App, lease: str, second: bool, peek: int | None, as_json: bool, blind: bool, document: str, reviewer: str | None
) -> None:
    """Hand yourself the most urgent claim that nobody else holds, and show it.

    Urgent are first of all tagged and flagged claims, then contradicted, disputed, uncited and stale ones, then the oldest; the setting "queue"
    weighs them otherwise. Nobody else is handed the claim while your lease runs. A decision ends it; so do skip and release. Asked again before
    that, it gives the same claim.
    """
    from verify.workflows.queue import duration, hand_out, upcoming, weights_of

    who, weights = app.reviewer(reviewer), weights_of(app.settings.queue)
    if peek:
        with app.reading() as connection:
            dossiers = upcoming(connection, reviewer=who, weights=weights, limit=peek, document=document, second=second)
        _list(app, [blinded(dossier, who) if blind else dossier for dossier in dossiers], who, as_json=as_json)
        return
    with app.ledger() as ledger:
        handed = hand_out(ledger, reviewer=who, lease=duration(lease), weights=weights, document=document, second=second)
        if handed is None:
            done = "has a second opinion, is your own" if second else "is settled"
            app.say(f"nothing is left that you could be handed: every claim {done}, is held by others, or was passed over by you")
            return
        from .show import claim_json, claim_lines

        with ledger.read() as connection:
            printed = claim_json if as_json else claim_lines
            write(printed(connection, handed.dossier, who if blind else None))
    app.say(
        f"claim {handed.dossier.id} is yours until {handed.lease.expires_at:%Y-%m-%d %H:%M} UTC, {one_line(who)}: decide, skip or release it"
    )


def _list(app: App, dossiers: list[Dossier], who: str, *, as_json: bool) -> None:
    from verify.reports import render_list

    from .listing import claim_table

    write(render_list("json", dossiers) if as_json else claim_table(dossiers))
    app.say(f"{counted(len(dossiers), 'claim')} would be handed to {one_line(who)}, in this order")


@click.command("assign")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("--to", required=True, metavar="REVIEWER", help="Who is to decide on them.")
@click.option("--note", default="", metavar="TEXT", help="A remark for them.")
@reviewer_option
@pass_app
def assign_command(app: App, claims: tuple[str, ...], to: str, note: str, reviewer: str | None) -> None:
    """Give each CLAIM (an id) to a reviewer: `verify next` hands it to them before all others, and to nobody else."""
    from verify.workflows.queue import assign

    with app.ledger() as ledger:
        done = assign(ledger, _ids(claims), to=" ".join(to.split()), reviewer=app.reviewer(reviewer), note=note)
    click.echo(f"{_claims(done)} assigned to {one_line(to)}")


@click.command("skip")
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@click.option("--reason", default="", metavar="TEXT", help="Why you pass it over.")
@reviewer_option
@pass_app
def skip_command(app: App, claims: tuple[str, ...], reason: str, reviewer: str | None) -> None:
    """Pass each CLAIM (an id) over: your lease on it ends, and `verify next` hands it to others but not to you. `verify release` undoes it."""
    from verify.workflows.queue import skip

    with app.ledger() as ledger:
        done = skip(ledger, _ids(claims), reviewer=app.reviewer(reviewer), reason=reason)
    click.echo(f"{_claims(done)} passed over")


@click.command("release")
@click.argument("claims", nargs=-1, metavar="[CLAIM...]")
@click.option("--whose", default="", metavar="REVIEWER", help="Release what another reviewer holds.")
@reviewer_option
@pass_app
def release_command(app: App, claims: tuple[str, ...], whose: str, reviewer: str | None) -> None:
    """Give each CLAIM (an id) back to everybody: your leases, assignments and passes on it end. Without CLAIM, all that you have leased."""
    from verify.workflows.queue import release

    with app.ledger() as ledger:
        done = release(ledger, _ids(claims), reviewer=app.reviewer(reviewer), whose=whose)
    click.echo(f"{_claims(done)} released" if done else "no claim was held")


def _ids(claims: tuple[str, ...]) -> list[int]:
    from verify.workflows.targets import claim_number

    return [claim_number(claim) for claim in claims]


def _claims(ids: list[int]) -> str:
    return f"claim{'' if len(ids) == 1 else 's'} {', '.join(str(claim_id) for claim_id in ids)}"
