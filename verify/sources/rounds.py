"""Many fetches at once: several hosts at a time, one request at a time to each, with the pause that it asks for.

One thread decides (the caller's), the others only visit. A host's errands stand in line; the hosts whose pause is over are served first come,
first served. Whoever redirects to another host, or is to be tried again, goes back into a line. An outcome is handed over as soon as it is there,
so that a batch that is stopped has kept all that was done.
"""

import heapq
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from queue import Empty, SimpleQueue

from .addresses import shown
from .errand import Errand, asked_to_wait
from .exchange import Failure, FetchOutcome, FetchRequest
from .fetch import Fetcher, FetchError, Response, place_of
from .politeness import ALLOWS_ALL, ROBOT, Politeness, Robots, robots_of

_MOST_SILENT = 3
"""Requests in a row to which a host gave no answer at all: then it is left alone for this run, for each costs its whole time."""
_SILENT = frozenset({Failure.CONNECT, Failure.TIMEOUT, Failure.TLS})
_SLICE = 0.1
_SECONDS_TO_LEAVE = 1.0
_TOO_MANY_REQUESTS = 429


def fetch_many(
    wanted: Iterable[FetchRequest],
    fetcher: Fetcher,
    *,
    politeness: Politeness,
    on_done: Callable[[FetchOutcome], None],
    now: Callable[[], datetime],
    workers: int = 8,
    stop: threading.Event | None = None,
    jitter: Callable[[], float] = random.random,
) -> None:
    """Fetch all that is wanted; `on_done` gets each outcome in the calling thread, in the order in which they come.

    Returns when all is done, or soon after `stop` is set; what was not done by then brings no outcome. What `on_done` raises ends it as well.
    """
    rounds = _Rounds(fetcher, politeness, on_done, now, jitter)
    for request in wanted:
        rounds.add(Errand(request, fetcher.limits.seconds))
    crew = _Crew(fetcher, max(1, workers))
    try:
        rounds.go(crew, stop or threading.Event())
    finally:
        crew.leave()


def fetch_one(
    request: FetchRequest, fetcher: Fetcher, *, politeness: Politeness, now: Callable[[], datetime], stop: threading.Event | None = None
) -> FetchOutcome | None:
    """Fetch one URL by the same rules; None when it was stopped."""
    done: list[FetchOutcome] = []
    fetch_many([request], fetcher, politeness=politeness, on_done=done.append, now=now, workers=1, stop=stop)
    return done[0] if done else None


@dataclass(slots=True)
class _Host:
    """A host and its line. `free_at` is on the monotonic clock; `closed` says why nothing more is asked of it in this run."""

    line: deque[Errand] = field(default_factory=deque)
    delay: float = 0.0
    free_at: float = 0.0
    is_busy: bool = False
    is_due: bool = False
    silent: int = 0
    closed: FetchError | None = None


_Brought = Response | FetchError | BaseException


class _Crew:
    """Threads that visit what they are given. They are daemons: one that a server holds up does not hold up the end of the program."""

    def __init__(self, fetcher: Fetcher, workers: int) -> None:
        self.free = workers
        self.results: SimpleQueue[tuple[_Host, Errand, _Brought, float]] = SimpleQueue()
        self._fetcher = fetcher
        self._tasks: SimpleQueue[tuple[_Host, Errand] | None] = SimpleQueue()
        self._halt = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True, name=f"fetch-{i}") for i in range(workers)]
        for thread in self._threads:
            thread.start()

    def give(self, host: _Host, errand: Errand) -> None:
        """Have an errand visited; what it brings comes into `results`."""
        self.free -= 1
        self._tasks.put((host, errand))

    def leave(self) -> None:
        """End the threads; those that cannot end within a second are left behind."""
        self._halt.set()
        for _ in self._threads:
            self._tasks.put(None)
        end = time.monotonic() + _SECONDS_TO_LEAVE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None and not self._halt.is_set():
            host, errand = task
            started = time.monotonic()
            brought: _Brought
            try:
                brought = self._fetcher.visit(errand.url, headers=errand.request.conditions, seconds=errand.left, stop=self._halt)
            except FetchError as error:
                brought = error
            except BaseException as bug:  # noqa: BLE001 - raised again where the caller sees it
                brought = bug
            self.results.put((host, errand, brought, time.monotonic() - started))


class _Rounds:
    """The state of a batch: hosts with their lines, what their robots.txt say, and who waits to hear it."""

    def __init__(
        self,
        fetcher: Fetcher,
        politeness: Politeness,
        on_done: Callable[[FetchOutcome], None],
        now: Callable[[], datetime],
        jitter: Callable[[], float],
    ) -> None:
        self._fetcher, self._politeness, self._on_done, self._now, self._jitter = fetcher, politeness, on_done, now, jitter
        self._hosts: dict[str, _Host] = {}
        self._due: list[tuple[float, int, _Host]] = []
        self._order = count()
        self._robots: dict[str, Robots | FetchError] = {}
        self._parked: dict[str, list[Errand]] = {}
        self._open = 0
        self._online = False

    def add(self, errand: Errand) -> None:
        """Take an errand on."""
        self._open += 1
        self._line_up(errand)

    def go(self, crew: _Crew, stop: threading.Event) -> None:
        """See all errands through, until `stop` is set; what is there by then is handed over."""
        while self._open and not stop.is_set():
            self._hand_out(crew)
            if not self._open:
                break
            try:
                result = crew.results.get(timeout=self._pause(crew))
            except Empty:
                continue
            self._take(crew, *result)
        while not crew.results.empty():
            self._take(crew, *crew.results.get())

    def _pause(self, crew: _Crew) -> float:
        if not self._due or not crew.free:
            return _SLICE
        return min(max(0.0, self._due[0][0] - time.monotonic()), _SLICE)

    def _line_up(self, errand: Errand, *, first: bool = False) -> None:
        """Put an errand into the line of its host; one that is not fetched at all is done with."""
        try:
            _, name = place_of(errand.url)
        except FetchError as error:
            self._done(errand, errand.failed(error, self._now()))
            return
        host = self._hosts.setdefault(name, _Host(delay=self._politeness.delay))
        if first:
            host.line.appendleft(errand)
        else:
            host.line.append(errand)
        self._schedule(host)

    def _schedule(self, host: _Host) -> None:
        if host.line and not host.is_busy and not host.is_due:
            host.is_due = True
            heapq.heappush(self._due, (host.free_at, next(self._order), host))

    def _hand_out(self, crew: _Crew) -> None:
        """Give the crew what may be visited now."""
        while crew.free and self._due and self._due[0][0] <= time.monotonic():
            host = heapq.heappop(self._due)[2]
            host.is_due = False
            errand = host.line.popleft()
            if host.closed:
                self._done(errand, errand.failed(host.closed, self._now()))
            elif self._may(host, errand):
                host.is_busy = True
                crew.give(host, errand)
            self._schedule(host)

    def _may(self, host: _Host, errand: Errand) -> bool:
        """Whether an errand may be visited now. Where its robots.txt is not known, that is asked for first; where it forbids, it is done with."""
        if errand.robots_of or self._politeness.ignore_robots:
            return True
        origin, _ = place_of(errand.url)
        robots = self._robots.get(origin)
        if robots is None:
            if origin not in self._parked:
                self._parked[origin] = []
                host.line.appendleft(Errand(FetchRequest(f"{origin}/robots.txt"), self._fetcher.limits.seconds, robots_of=origin))
            self._parked[origin].append(errand)
            return False
        if isinstance(robots, Robots) and robots.allows(errand.url):
            return True
        refusal = robots if isinstance(robots, FetchError) else None
        refusal = refusal or FetchError(f"{shown(errand.url)}: the robots.txt of its host does not let {ROBOT} fetch it", Failure.ROBOTS)
        self._done(errand, errand.failed(refusal, self._now()))
        return False

    def _take(self, crew: _Crew, host: _Host, errand: Errand, brought: _Brought, seconds: float) -> None:
        """Take what a visit brought: to the next step of its errand, or to its end."""
        crew.free += 1
        host.is_busy = False
        if not isinstance(brought, Response | FetchError):
            raise brought
        at = self._now()
        if isinstance(brought, FetchError) and brought.failure is Failure.STOPPED:
            return
        self._online = self._online or isinstance(brought, Response)
        outcome = errand.take(brought, seconds, at, self._politeness, self._jitter)
        self._remember(host, brought, at, ended=outcome is not None)
        host.free_at = time.monotonic() + max(errand.wait, 0.0 if errand.robots_of else host.delay)
        if outcome is None:
            self._line_up(errand, first=True)
        else:
            self._done(errand, outcome)
        self._schedule(host)

    def _remember(self, host: _Host, brought: Response | FetchError, at: datetime, *, ended: bool) -> None:
        """Close a host that asks to be left alone for longer than a request may take, or that does not answer at all."""
        if isinstance(brought, Response):
            host.silent = 0
            asked = asked_to_wait(brought, at) or 0.0
            if asked > self._fetcher.limits.seconds:
                words = f"{shown(brought.url)}: its host asked to wait {asked:.0f} s; nothing more is asked of it in this run"
                host.closed = FetchError(words, Failure.NOT_ASKED)
        elif ended and brought.failure in _SILENT:
            host.silent += 1
            if host.silent == _MOST_SILENT:
                words = f"{brought}; nothing more is asked of this host in this run, for it did not answer {_MOST_SILENT} times"
                host.closed = FetchError(words, Failure.NOT_ASKED)

    def _done(self, errand: Errand, outcome: FetchOutcome) -> None:
        if errand.robots_of:
            self._learn(errand.robots_of, outcome)
        else:
            self._open -= 1
            self._on_done(replace(outcome, is_online=self._online))

    def _learn(self, origin: str, outcome: FetchOutcome) -> None:
        """Keep what a robots.txt says, and let those that waited for it go on."""
        robots = _robots_in(outcome)
        self._robots[origin] = robots
        _, name = place_of(origin)
        host = self._hosts[name]
        if isinstance(robots, Robots):
            host.delay = max(host.delay, self._politeness.delay_of(robots))
        host.line.extendleft(reversed(self._parked.pop(origin, [])))
        self._schedule(host)


def _robots_in(outcome: FetchOutcome) -> Robots | FetchError:
    """What the answer for a robots.txt says (RFC 9309, 2.3.1): its rules; nothing, where there is none; all is forbidden, where it cannot be had.
    "Too many requests" is no sign that there is none."""
    if outcome.body is not None:
        return robots_of(outcome.body)
    if outcome.failure is Failure.REDIRECTS:
        return ALLOWS_ALL
    status = outcome.exchange.status if outcome.exchange else 0
    if status and status < 500 and status != _TOO_MANY_REQUESTS:  # noqa: PLR2004 - the class of the server's own errors
        return ALLOWS_ALL
    if status:
        return FetchError(f"{shown(outcome.request.url)} answered {status}, so nothing is fetched from there now", Failure.NOT_ASKED)
    return FetchError(outcome.error, outcome.failure or Failure.NOT_ASKED)
