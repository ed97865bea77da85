"""A visit to a source: what a fetch brought is read, laid beside what is held, and kept.

What came is a new state of the source only where its text is another one. A page that came without a text to check against (a login, a notice, a
scan) never takes the place of a text that is held. Where the text did change, the quotes kept from the source are looked for in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from verify.errors import ReadError
from verify.model import Snapshot, Source, SourceKind
from verify.readers.limits import SECONDS
from verify.sources.completion import NOTHING, completed, item_of_text
from verify.sources.exchange import Exchange, Failure, FetchOutcome, FetchRequest, Hop
from verify.sources.liveness import Attempt, Liveness, Standing, attempt_of, liveness_of
from verify.sources.places import address_of
from verify.sources.snapshot import UNREADABLE, SnapshotText, snapshot_of, text_of
from verify.store import Connection, fetches, sources
from verify.store.fetches import Visit
from verify.terminal import one_line

from .deadline import deadline
from .quotes import Rechecked, look_again

_NEVER_FETCHED = "never fetched"
NOT_ATTACHED = {
    SourceKind.URL: _NEVER_FETCHED,
    SourceKind.DOI: _NEVER_FETCHED,
    SourceKind.ARXIV: _NEVER_FETCHED,
    SourceKind.ISBN: "a book, not attached as a file",
    SourceKind.OFFLINE: "offline, not attached as a file",
}
"""Why there is no text of a source before the first visit, and without a file, by kind."""
_REACHED = frozenset({Liveness.ALIVE, Liveness.REDIRECTED, Liveness.MOVED})
LONGEST_TITLE = 1000
"""Characters of a title that is taken from a page."""


class Change(StrEnum):
    """What a visit changed: a first text, another text, nothing, or nothing because what came is no text to check against."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NO_TEXT = "no text"


@dataclass(frozen=True, slots=True)
class Brought:
    """What a fetch brought, read. `origin` is where the bytes came from, as it is kept with them; `text` is None where nothing came that is the
    source; `item` is what that says of itself."""

    outcome: FetchOutcome
    origin: str
    attempt: Attempt | None = None
    text: SnapshotText | None = None
    item: Mapping[str, object] = field(default_factory=dict)

    @property
    def was_asked(self) -> bool:
        """Whether the source itself was asked, so that there is something to keep."""
        return self.attempt is not None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a visit. `source` is as it is held now; `snapshot` its latest state where that came now, or was seen again; `why` says why what
    came is no text to check against; `quotes` are those that were looked for again."""

    source: Source
    change: Change
    visit: Visit
    standing: Standing | None
    snapshot: Snapshot | None = None
    why: str = ""
    quotes: tuple[Rechecked, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """What the trail says of it."""
        return {
            "source": self.source.canonical,
            "asked": self.visit.asked,
            "status": self.visit.status,
            "change": str(self.change),
            "why": self.why,
            "liveness": str(self.standing.liveness) if self.standing else "",
            "snapshot_sha256": self.snapshot.sha256 if self.snapshot else "",
            "quotes": {str(each.evidence.id): str(each.recheck.match) for each in self.quotes},
        }


def read_outcome(outcome: FetchOutcome, origin: str = "") -> Brought:
    """Read what a fetch brought, within the time that any document gets. Raises nothing for what cannot be read: its text says why."""
    origin, attempt = origin or outcome.request.url, attempt_of(outcome)
    if outcome.body is None or outcome.exchange is None or attempt is None or attempt.not_found:
        return Brought(outcome, origin, attempt)
    text = _text(outcome.body, outcome.exchange)
    return Brought(outcome, origin, attempt, text, {} if text.no_text else _item(outcome.body, text, outcome.exchange.url))


def _text(body: bytes, exchange: Exchange) -> SnapshotText:
    media_type = exchange.headers.get("content-type", "")
    try:
        with deadline(SECONDS, hint=""):
            return text_of(body, media_type, exchange.url)
    except ReadError as error:
        return SnapshotText(one_line(media_type.partition(";")[0]), no_text=UNREADABLE, why=str(error))


def _item(body: bytes, text: SnapshotText, url: str) -> Mapping[str, object]:
    try:
        with deadline(SECONDS):
            return item_of_text(body, text, url)
    except ReadError:
        return NOTHING


def keep(connection: Connection, source: Source, brought: Brought, at: datetime) -> Kept:
    """Keep a visit to a source, the text that came, and what it says of itself where nothing is known. The event is the caller's."""
    before = fetches.visits_to(connection, [source.id])[source.id]
    visit = _visit(source.id, brought)
    standing = standing_of(source, [*before, visit])
    why = _why_no_text(brought, standing if visit.asked == address_asked(source) else None)
    latest = sources.latest_snapshot(connection, source.id)
    change, snapshot = _put(connection, source, brought, latest, why, _confirmed(before, visit))
    renewed = change in (Change.NEW, Change.CHANGED)
    kept = fetches.add_visit(connection, replace(visit, snapshot_id=snapshot.id if snapshot else None))
    after = _described(connection, source, brought, change, why)
    quotes = look_again(connection, source.id, snapshot, at) if snapshot and latest and renewed else ()
    held = replace(after, snapshot_sha256=snapshot.sha256 if snapshot else source.snapshot_sha256)
    shown = (why or after.no_text_why) if change is Change.NO_TEXT else ""
    return Kept(held, change, replace(visit, id=kept), standing, snapshot, shown, quotes)


def _put(
    connection: Connection, source: Source, brought: Brought, latest: Snapshot | None, why: str, confirmed: int | None
) -> tuple[Change, Snapshot | None]:
    """Store what came, where it is another text than the latest; give the state that came, or is still so."""
    outcome, text, at = brought.outcome, brought.text, brought.outcome.at
    has_text = latest is not None and not source.no_text_why
    if outcome.is_not_modified and latest and confirmed == latest.id:
        sources.see_snapshot(connection, latest.id, at)
        return Change.UNCHANGED if has_text else Change.NO_TEXT, latest
    if text is None or outcome.body is None:
        return Change.NO_TEXT, None
    came = snapshot_of(outcome.body, text, origin=brought.origin, retrieved_at=at)
    if latest and _is_same(came, latest) and bool(why) is bool(source.no_text_why):
        sources.see_snapshot(connection, latest.id, at)
        return Change.NO_TEXT if why else Change.UNCHANGED, latest
    if why and has_text:
        return Change.NO_TEXT, None
    snapshot = sources.put_snapshot(connection, source.id, came, no_text_why=why)
    return Change.NO_TEXT if why else Change.CHANGED if has_text else Change.NEW, snapshot


def _is_same(came: Snapshot, latest: Snapshot) -> bool:
    """Whether what came is the same bytes, or others with the same text, as a page has that counts its visitors."""
    return came.sha256 == latest.sha256 or (came.text != "" and (came.text, came.media_type) == (latest.text, latest.media_type))


def _confirmed(before: Sequence[Visit], visit: Visit) -> int | None:
    """The snapshot of which a server can say that it did not change: the one that its last answer brought."""
    return next((each.snapshot_id for each in reversed(before) if each.asked == visit.asked and each.snapshot_id), None)


def _described(connection: Connection, source: Source, brought: Brought, change: Change, why: str) -> Source:
    """The source with what the text says of itself, and with the reason why there is no text."""
    after = source
    if change in (Change.NEW, Change.CHANGED):
        said = {"title": brought.text.title, **brought.item} if brought.text else brought.item
        named = one_line(str(said.get("title") or ""))[:LONGEST_TITLE]
        item = completed(source.csl, said)
        after = replace(source, title=source.title or named, csl=item, no_text_why="")
    elif why and (source.no_text_why or not source.snapshot_sha256):
        after = replace(source, no_text_why=why)
    if after != source:
        sources.describe_sources(connection, [after])
    return after


def _why_no_text(brought: Brought, standing: Standing | None) -> str:
    """Why what came is no text to check against: empty where it is one, or where nothing changed. `standing` is None for an archive's copy, which says
    nothing of the source's own address."""
    outcome, text = brought.outcome, brought.text
    if outcome.is_not_modified:
        return ""
    if text and text.no_text:
        return f"{text.no_text}: {text.why}"
    if text:
        is_free = brought.attempt is None or brought.attempt.is_free is not False
        return "" if is_free else f"{Liveness.PAYWALLED}: the page says of itself that it is not free to read"
    if standing is None:
        return f"no copy: {outcome.failure or 'what came is not the page'}"
    return str(outcome.failure or "") if standing.liveness in _REACHED else f"{words_of(standing.liveness)}: {standing.why}"


def words_of(liveness: Liveness) -> str:
    """A liveness as people read it."""
    return str(liveness).replace("_", " ")


def address_asked(source: Source) -> str:
    """Where the text of a source is asked for; "" for one that has no address."""
    return address_of(source.kind, source.canonical)


def standing_of(source: Source, visits: Sequence[Visit]) -> Standing | None:
    """How a source can be reached, by all visits to its own address, given oldest first; None where it was never asked."""
    address = address_asked(source)
    newest_first = reversed(visits)  # of two at one time the one that was kept later counts
    return liveness_of([_attempt(visit) for visit in newest_first if visit.asked == address]) if address else None


def request_for(source: Source, visits: Sequence[Visit], latest_id: int | None) -> FetchRequest:
    """What to ask for a source's text: conditionally, where its last answer brought the latest of its snapshots."""
    address = address_asked(source)
    answered = [visit for visit in visits if visit.asked == address and visit.snapshot_id]
    if not answered or answered[-1].snapshot_id != latest_id:
        return FetchRequest(address, source_id=source.id)
    same = [visit.headers for visit in reversed(answered) if visit.snapshot_id == latest_id]
    etag, modified = (next((held[name] for held in same if held.get(name)), "") for name in ("etag", "last-modified"))
    return FetchRequest(address, etag, modified, source.id)


def exchange_of(visit: Visit) -> Exchange:
    """The facts of a visit that was answered."""
    redirects = tuple(Hop(*hop) for hop in visit.redirects)
    return Exchange(visit.asked, visit.reached, visit.status, visit.at, redirects, visit.headers, visit.elapsed_ms, visit.sha256)


def _visit(source_id: int, brought: Brought) -> Visit:
    outcome, attempt = brought.outcome, brought.attempt
    visit = Visit(
        source_id,
        outcome.at,
        outcome.request.url,
        failure=outcome.failure.name.lower() if outcome.failure else "",
        error=one_line(outcome.error),
        not_found=one_line(attempt.not_found) if attempt else "",
        is_free=attempt.is_free if attempt else None,
    )
    exchange = outcome.exchange
    if exchange is None:
        return visit
    return replace(
        visit,
        reached=exchange.url,
        status=exchange.status,
        redirects=tuple((hop.url, hop.status, hop.target) for hop in exchange.redirects),
        headers=exchange.headers,
        elapsed_ms=exchange.elapsed_ms,
        sha256=exchange.sha256,
    )


def _attempt(visit: Visit) -> Attempt:
    return Attempt(
        at=visit.at,
        status=visit.status,
        failure=Failure[visit.failure.upper()] if visit.failure else None,
        redirects=tuple(status for _, status, _ in visit.redirects),
        reached=visit.reached,
        not_found=visit.not_found,
        is_free=visit.is_free,
    )
