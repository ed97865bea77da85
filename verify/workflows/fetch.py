"""Fetch: get the texts of sources from the web, several hosts at once, and keep each as it comes.

Every visit is kept in a transaction of its own, with its event, so that a batch that is stopped has kept what was done, and the next one goes on. A
batch in which nothing at all answered says more of this machine's network than of the sources: then no visit is kept.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from verify.errors import UsageError
from verify.model import Source
from verify.sources.archives import AVAILABILITY, archived_copy, closest_copy
from verify.sources.exchange import Failure, FetchOutcome, FetchRequest
from verify.sources.fetch import Fetcher, FetchError, Limits
from verify.sources.politeness import Politeness
from verify.sources.rounds import fetch_many, fetch_one
from verify.store import Connection, Ledger, fetches, sources, trail
from verify.store.fetches import Visit
from verify.terminal import one_line

from .clock import now
from .gather import Network
from .naming import named_source
from .targets import named_document
from .visits import Brought, Change, Kept, address_asked, keep, read_outcome, request_for

_SILENT = frozenset({Failure.NO_NAME, Failure.RESOLVER, Failure.CONNECT, Failure.TLS, Failure.TIMEOUT})
"""What a machine without a network meets."""
_NOTHING_ANSWERED = "nothing answered, so no visit is kept: is this machine online?"
_NO_COPY_SOUGHT = frozenset({Failure.REFUSED, Failure.TOO_LARGE})


class Selection(StrEnum):
    """Which sources to fetch: those that were never asked, those that brought no text, those that were asked before, or all."""

    NEW = "new"
    UNAVAILABLE = "unavailable"
    VISITED = "visited"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Manner:
    """How to fetch: with what, how politely, with how many visits at once, and where to ask for copies of pages in an archive."""

    fetcher: Fetcher
    politeness: Politeness = field(default_factory=Politeness)
    workers: int = 8
    availability: str = AVAILABILITY


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source to fetch, and what to ask for."""

    source: Source
    request: FetchRequest


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a source. `kept` is None where no visit was kept, and `remark` says why; `archive` is the address of the copy that was asked
    for, "" for the source's own."""

    source: Source
    kept: Kept | None = None
    remark: str = ""
    archive: str = ""


def manner_of(
    network: Network,
    *,
    delay: float = 1.0,
    workers: int = 8,
    seconds: float = 30.0,
    max_bytes: int = 20 * 2**20,
    ignore_robots: bool = False,
) -> Manner:
    """How to fetch by what the user set. Raises UsageError where the network is not to be used."""
    if network.offline:
        raise UsageError("--offline (or the setting offline) keeps the network out: nothing is fetched")
    fetcher = Fetcher(contact=network.contact, allowed=network.allowed, limits=Limits(seconds, max_bytes))
    return Manner(fetcher, Politeness(delay=delay, ignore_robots=ignore_robots), workers)


def select(
    connection: Connection,
    selection: Selection,
    *,
    names: Sequence[str] = (),
    document: str = "",
    older_than: timedelta = timedelta(0),
) -> list[Wanted]:
    """Give the sources to fetch: those named, whatever the selection says; else those of a document, or of the ledger, that it takes and that were
    not asked for `older_than`. A source that was taken off everything is left alone.

    Raises UsageError for a source or a document that is not held, and for a named source that has no address.
    """
    if names:
        chosen = [named_source(connection, name) for name in names]
        if without := [source for source in chosen if not address_asked(source)]:
            raise UsageError(f"{one_line(without[0].canonical)} has no address to fetch: attach a file with --snapshot, or a URL")
        visits = fetches.visits_to(connection, [source.id for source in chosen])
        return [_wanted(connection, source, visits[source.id]) for source in {source.id: source for source in chosen}.values()]
    held = [source for source, _ in sources.all_sources(connection) if address_asked(source)]
    if document:
        serving = sources.sources_serving(connection, named_document(connection, document).id)
        held = [source for source in held if source.id in serving]
    gone, visits, until = sources.taken_off(connection), fetches.visits_to(connection), now() - older_than
    return [
        _wanted(connection, source, visits[source.id])
        for source in held
        if source.id not in gone
        and _is_selected(source, visits[source.id], selection)
        and (not older_than or all(visit.at <= until for visit in visits[source.id]))
    ]


def _is_selected(source: Source, visits: Sequence[Visit], selection: Selection) -> bool:
    match selection:
        case Selection.NEW:
            return not visits and not source.snapshot_sha256
        case Selection.UNAVAILABLE:
            return bool(visits) and bool(source.no_text_why)
        case Selection.VISITED:
            return bool(visits)
        case _:
            return True


def _wanted(connection: Connection, source: Source, visits: Sequence[Visit]) -> Wanted:
    latest = sources.latest_snapshot_id(connection, source.id) if visits else None
    return Wanted(source, request_for(source, visits, latest))


def fetch(
    ledger: Ledger,
    wanted: Sequence[Wanted],
    manner: Manner,
    *,
    reviewer: str,
    on_done: Callable[[Fetched], None],
    archived: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Fetch, keep each result as it comes, and tell `on_done` of it. With `archived`, the Internet Archive is asked for a copy of what brought no
    text, and the copy's text is kept with the copy's address.

    What `on_done` raises, and Ctrl-C, end it; what was kept by then stays. Raises LedgerError where the ledger cannot be written.
    """
    batch = _Batch(ledger, reviewer, on_done, {each.source.id: each.source for each in wanted})
    stop = stop or threading.Event()
    _run(batch, [each.request for each in wanted], manner, stop)
    batch.end()
    if archived and batch.answered and not stop.is_set():
        _run(batch, _copies(batch, manner, stop), manner, stop)


def fetch_alone(ledger: Ledger, source: Source, manner: Manner) -> tuple[Brought | None, str]:
    """Ask for the text of one source and read it; nothing is kept yet. Gives a remark instead where there is nothing to keep: it has no address, was
    not asked, or nothing answered at all."""
    if not address_asked(source):
        return None, ""
    with ledger.read() as connection:
        wanted = _wanted(connection, source, fetches.visits_to(connection, [source.id])[source.id])
    outcome = fetch_one(wanted.request, manner.fetcher, politeness=manner.politeness, now=now)
    if outcome is None or (outcome.failure in _SILENT and not outcome.is_online):
        return None, f"{outcome.error}; {_NOTHING_ANSWERED}" if outcome else "it was stopped"
    brought = read_outcome(outcome)
    return (brought, "") if brought.was_asked else (None, outcome.error)


def _run(batch: "_Batch", requests: Iterable[FetchRequest], manner: Manner, stop: threading.Event) -> None:
    fetch_many(requests, manner.fetcher, politeness=manner.politeness, on_done=batch.take, now=now, workers=manner.workers, stop=stop)


class _Batch:
    """A batch under way: what came before anything answered waits, for it may be this machine that has no network."""

    def __init__(self, ledger: Ledger, reviewer: str, on_done: Callable[[Fetched], None], held: Mapping[int, Source]) -> None:
        self.answered = False
        self.without_text: list[Source] = []
        self.archives: dict[int, str] = {}
        self._ledger, self._reviewer, self._on_done, self._held = ledger, reviewer, on_done, held
        self._waiting: list[FetchOutcome] = []

    def take(self, outcome: FetchOutcome) -> None:
        """Take an outcome as it comes."""
        if outcome.is_online and not self.answered:
            self.answered = True
            self._keep_waiting()
        if outcome.failure in _SILENT and not self.answered:
            self._waiting.append(outcome)
        else:
            self._keep(outcome)

    def end(self) -> None:
        """Tell of what nothing is kept of, as nothing answered."""
        for outcome in self._waiting:
            self.tell(outcome.request.source_id, f"{outcome.error}; {_NOTHING_ANSWERED}")
        self._waiting = []

    def tell(self, source_id: int, remark: str) -> None:
        """Tell of a source of which nothing was kept."""
        self._on_done(Fetched(self._held[source_id], None, remark, self.archives.get(source_id, "")))

    def _keep_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for outcome in waiting:
            self._keep(outcome)

    def _keep(self, outcome: FetchOutcome) -> None:
        source_id, archive = outcome.request.source_id, self.archives.get(outcome.request.source_id, "")
        brought = read_outcome(outcome, archive)
        if not brought.was_asked:
            self.tell(source_id, outcome.error)
            return
        with self._ledger.write() as connection:
            at = now()
            source = sources.source_with_id(connection, source_id) or self._held[source_id]
            kept = keep(connection, source, brought, at)
            payload = kept.facts | ({"archive": archive} if archive else {})
            trail.append(
                connection, at=at, reviewer=self._reviewer, action="source.fetched", subject=f"source:{source_id}", payload=payload
            )
        if brought.text is None and kept.change is Change.NO_TEXT and kept.source.no_text_why and outcome.failure not in _NO_COPY_SOUGHT:
            self.without_text.append(kept.source)
        self._on_done(Fetched(kept.source, kept, archive=archive))


def _copies(batch: _Batch, manner: Manner, stop: threading.Event) -> list[FetchRequest]:
    """What to ask an archive for: its copies of what brought no text."""
    requests = []
    for place, source in enumerate(batch.without_text):
        address = address_asked(source)
        if archived_copy(address):
            continue
        if place and stop.wait(manner.politeness.delay):
            break
        try:
            copy = closest_copy(address, manner.fetcher, service=manner.availability)
        except FetchError as error:
            batch.tell(source.id, f"the archive was asked for a copy: {error}")
            continue
        if copy is None:
            batch.tell(source.id, "the archive has no copy")
            continue
        batch.archives[source.id] = copy.url
        requests.append(FetchRequest(copy.raw_url, source_id=source.id))
    return requests
