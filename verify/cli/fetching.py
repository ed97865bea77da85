"""What the commands share that fetch: their options, how a visit is told, and the bar that shows how far a batch has come."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from verify.terminal import one_line

from .context import App

if TYPE_CHECKING:
    from verify.workflows.fetch import Fetched, Manner
    from verify.workflows.quotes import Rechecked
    from verify.workflows.visits import Kept

_LONGEST_DELAY, _MOST_WORKERS, _LONGEST, _LARGEST = 3600, 64, 600, 1000


def fetching_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how to fetch."""
    for option in reversed(
        (
            click.option("--delay", type=click.FloatRange(0, _LONGEST_DELAY), metavar="S", help="Seconds between requests to a host. [1]"),
            click.option("--workers", type=click.IntRange(1, _MOST_WORKERS), metavar="N", help="Hosts asked at once. [8]"),
            click.option("--ignore-robots", is_flag=True, help="Do not ask for robots.txt: only where its owner lets you."),
            click.option("--no-progress", is_flag=True, help="Show no progress bar."),
        )
    ):
        command = option(command)
    return command


def manner(app: App, *, delay: float | None = None, workers: int | None = None, ignore_robots: bool = False) -> "Manner":
    """How to fetch: by the options, else by what is set. Raises UsageError where the network is not to be used."""
    from verify.workflows.fetch import manner_of

    settings = app.settings
    return manner_of(
        app.network,
        delay=settings.number("fetch_delay", least=0, most=_LONGEST_DELAY) if delay is None else delay,
        workers=int(settings.number("fetch_workers", least=1, most=_MOST_WORKERS)) if workers is None else workers,
        seconds=settings.number("fetch_seconds", least=0.1, most=_LONGEST),
        max_bytes=int(settings.number("fetch_megabytes", least=0.001, most=_LARGEST) * 2**20),
        ignore_robots=ignore_robots,
    )


def visit_line(done: "Fetched") -> str:
    """What became of a source, on a line."""
    source = done.source
    name = f"[{source.id}] {one_line(source.title or source.canonical)}"
    if done.kept is None:
        return f"{name}: not fetched: {one_line(done.remark)}"
    copy = f" (an archive's copy, {one_line(done.archive)})" if done.archive else ""
    return f"{name}: {kept_words(done.kept)}{copy}"


def kept_words(kept: "Kept") -> str:
    """What a visit changed, in words."""
    size = f", {len(kept.snapshot.text):,} characters" if kept.snapshot and kept.change in ("new", "changed") else ""
    why = f": {one_line(kept.why)}" if kept.why else ""
    held = "; the text held stays" if kept.change == "no text" and not kept.source.no_text_why and kept.source.snapshot_sha256 else ""
    return f"{_CHANGES[kept.change]}{size}{why}{held}"


_CHANGES = {"new": "text kept", "changed": "changed, new text kept", "unchanged": "unchanged", "no text": "no text"}


def rechecked_lines(rechecked: "Rechecked", claim_ids: tuple[int, ...] = ()) -> Iterator[str]:
    """How a quote stands in the new text of its source: a line for one that still stands, with what differs for others."""
    claims = f" (claim {', '.join(map(str, claim_ids))})" if claim_ids else ""
    if rechecked.check.is_clean:
        yield f"  quote{claims} still stands ({rechecked.recheck.match}): {one_line(rechecked.evidence.quote.exact)}"
        return
    yield f"  quote{claims} no longer stands as it was kept: {one_line(rechecked.evidence.quote.exact)}"
    yield from (f"    {line}" for line in rechecked.told.splitlines())


@contextmanager
def bar(app: App, total: int, *, hidden: bool) -> Iterator[Callable[[str], None]]:
    """Show how far a batch has come, on stderr and only on a terminal. Gives what is to be called with a line for each that is done."""
    if hidden or app.quiet or not sys.stderr.isatty():
        yield click.echo
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as shown:
        task = shown.add_task("fetching", total=total)

        def advance(line: str) -> None:
            """Tell of one, and move the bar."""
            shown.advance(task)
            if sys.stdout.isatty():
                console.print(line, markup=False, highlight=False, soft_wrap=True)
            else:
                click.echo(line)

        yield advance
