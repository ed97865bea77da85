"""`verify fetch`, which is `verify sources fetch` as well, and `verify sources refresh`: the texts of sources, from the web."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from verify.errors import FAILED, UsageError
from verify.model import SCHEMA_VERSION
from verify.terminal import one_line

from .context import App, document_option, pass_app, reviewer_option
from .coverage import counted
from .fetching import bar, fetching_options, manner, rechecked_lines, visit_line

if TYPE_CHECKING:
    from verify.store import Ledger
    from verify.workflows.fetch import Fetched, Manner, Wanted


@click.command("fetch")
@click.argument("names", nargs=-1, metavar="[SOURCE...]")
@click.option(
    "--only",
    type=click.Choice(["new", "unavailable"]),
    default="new",
    help="Which: those never asked (new, unless you say otherwise), or those that were asked and brought no text.",
)
@click.option("--all", "everything", is_flag=True, help="Every source that has an address.")
@click.option("--archived", is_flag=True, help="Take the Internet Archive's copy of what brings no text.")
@fetching_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each.")
@document_option
@reviewer_option
@pass_app
def fetch_command(
    app: App,
    names: tuple[str, ...],
    only: str,
    everything: bool,
    archived: bool,
    as_json: bool,
    no_progress: bool,
    document: str,
    reviewer: str | None,
    **how: Any,
) -> int:
    """Fetch the texts of sources, and keep each with the facts of its visit.

    SOURCE is an id, a name as `verify sources` prints it, or any spelling of it; without any, all are fetched that have an address and were never
    asked. Several hosts are asked at once, each politely and as its robots.txt allows. Each text is kept as it comes: stop when you like, the same
    command goes on. What brings no text says why, and is tried again with --only unavailable.
    """
    from verify.workflows.fetch import Selection, select

    if names and (everything or only != "new"):
        raise UsageError("name sources, or say which with --only or --all")
    chosen = Selection.ALL if everything else Selection(only)
    asking = manner(app, **how)
    with app.ledger() as ledger:
        with ledger.read() as connection:
            wanted = select(connection, chosen, names=names, document=document)
        done = _fetched(app, ledger, wanted, asking, app.reviewer(reviewer), archived=archived, hidden=no_progress, line=_told(as_json))
    app.say(_summary(done, wanted))
    return FAILED if wanted and all(each.kept is None for each in done) else 0


@click.command("refresh")
@click.argument("names", nargs=-1, metavar="[SOURCE...]")
@click.option("--older-than", default="0d", metavar="AGE", help="Only what was last asked so long ago, as 30d, 12h or 2w.")
@fetching_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each.")
@document_option
@reviewer_option
@pass_app
def refresh_command(
    app: App,
    names: tuple[str, ...],
    older_than: str,
    as_json: bool,
    no_progress: bool,
    document: str,
    reviewer: str | None,
    **how: Any,
) -> int:
    """Ask sources again that were asked before, and say what their changes do to your work.

    What did not change is only noted as seen. A changed text is kept beside the old one: its quotes are looked for again, and decisions that stood on
    the old text are stale until you decide anew. `verify sources show SOURCE --diff` shows the words that changed.
    """
    from verify.workflows.fetch import Selection, select
    from verify.workflows.refresh import age_of

    asking = manner(app, **how)
    with app.ledger() as ledger:
        with ledger.read() as connection:
            wanted = select(connection, Selection.VISITED, names=names, document=document, older_than=age_of(older_than))
        done = _fetched(app, ledger, wanted, asking, app.reviewer(reviewer), archived=False, hidden=no_progress, line=_told(as_json))
        if not as_json:
            for each in done:
                for line in _consequences(ledger, each):
                    click.echo(line)
    app.say(_summary(done, wanted))
    return FAILED if wanted and all(each.kept is None for each in done) else 0


def _fetched(
    app: App,
    ledger: "Ledger",
    wanted: "Sequence[Wanted]",
    asking: "Manner",
    who: str,
    *,
    archived: bool,
    hidden: bool,
    line: "Callable[[Fetched], str]",
) -> "list[Fetched]":
    """Fetch, telling of each as it comes; an interruption says what was done by then."""
    from verify.workflows.fetch import fetch

    done: list[Fetched] = []
    try:
        with bar(app, len(wanted), hidden=hidden) as tell:

            def take(fetched: "Fetched") -> None:
                """Keep one for the summary, and tell of it."""
                done.append(fetched)
                tell(line(fetched))

            fetch(ledger, wanted, asking, reviewer=who, on_done=take, archived=archived)
    except KeyboardInterrupt:
        app.say(f"stopped: {len(done)} of {counted(len(wanted), 'source')} done and kept; the same command goes on with the rest")
        raise
    return done


def _told(as_json: bool) -> "Callable[[Fetched], str]":
    return _json_line if as_json else visit_line


def _json_line(done: "Fetched") -> str:
    from verify.reports.escape import json_text
    from verify.reports.rows import instant

    source, kept = done.source, done.kept
    facts: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "id": source.id, "canonical": source.canonical, "title": source.title}
    if kept is None:
        return json_text({**facts, "change": None, "why": done.remark, "archive": done.archive})
    quotes = [
        {"exact": each.evidence.quote.exact, "match": str(each.recheck.match), "printed": each.recheck.printed} for each in kept.quotes
    ]
    standing = kept.standing
    return json_text(
        {
            **facts,
            "change": str(kept.change),
            "why": kept.why,
            "archive": done.archive,
            "asked": kept.visit.asked,
            "reached": kept.visit.reached,
            "status": kept.visit.status,
            "fetched_at": instant(kept.visit.at),
            "liveness": str(standing.liveness) if standing else None,
            "snapshot_sha256": kept.snapshot.sha256 if kept.snapshot else "",
            "no_text_why": source.no_text_why,
            "quotes": quotes,
        }
    )


def _consequences(ledger: "Ledger", done: "Fetched") -> Iterator[str]:
    """What a changed text does to the claims that its source holds up."""
    if done.kept is None or done.kept.change != "changed":
        return
    from verify.workflows.refresh import latest_of, touched

    with ledger.read() as connection:
        found = touched(connection, latest_of(connection, done.source))
    yield f"[{done.source.id}] {one_line(done.source.title or done.source.canonical)} has changed; `verify sources show {done.source.id} --diff` shows how"
    for each in found:
        if each.stale:
            yield f"  claim {each.dossier.id} is stale ({each.dossier.status}): {one_line(each.dossier.claim.text)}"
    for quote in done.kept.quotes:
        claim_ids = tuple(each.dossier.id for each in found if any(link.id == quote.evidence.link_id for link in each.dossier.links))
        yield from rechecked_lines(quote, claim_ids)


def _summary(done: "Sequence[Fetched]", wanted: "Sequence[Wanted]") -> str:
    counts = Counter(str(each.kept.change) if each.kept else "not fetched" for each in done)
    told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    return f"{counted(len(wanted), 'source')} to fetch" + (f": {told}" if told else "")
