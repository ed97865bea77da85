"""One request on its way: through redirects and tries to its outcome, step by step, so that whoever takes the steps decides when to wait.

No step waits, and none asks the network: a step takes what the last visit brought and says what comes next.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from verify.model import sha256_of

from .exchange import KEPT_HEADERS, NOT_MODIFIED, Exchange, Failure, FetchOutcome, FetchRequest, Hop
from .fetch import MOST_REDIRECTS, FetchError, Response, too_many_redirects
from .politeness import RETRIED_STATUSES, Politeness, retry_after

_TRIED_AGAIN = frozenset({Failure.CONNECT, Failure.RESOLVER, Failure.INCOMPLETE})
_WITH_BODY = frozenset({200, 203})


@dataclass(slots=True)
class Errand:
    """A request, the URL to visit next, and what it cost so far. `left` is what remains of its seconds: visits and waits for another try count,
    waiting in line does not. `wait` is for how long its host wants to be left alone before the next visit. `robots_of` is the origin (scheme, host
    and port) whose robots.txt it asks for, "" for a page."""

    request: FetchRequest
    left: float
    url: str = ""
    robots_of: str = ""
    hops: list[Hop] = field(default_factory=list)
    tried: int = 0
    network: float = 0.0
    wait: float = 0.0

    def __post_init__(self) -> None:
        self.url = self.url or self.request.url

    def take(
        self,
        brought: Response | FetchError,
        seconds: float,
        at: datetime,
        politeness: Politeness,
        jitter: Callable[[], float] = random.random,
    ) -> FetchOutcome | None:
        """Take what a visit of so many seconds brought at a time. Gives the outcome, or None where `url` is to be visited after `wait`."""
        self.network += seconds
        self.left -= seconds
        self.wait = 0.0
        if isinstance(brought, Response) and brought.target:
            return self._redirected(brought, at)
        self.tried += 1
        wait = self._wait(brought, at, politeness, jitter)
        if self.tried < politeness.tries and wait is not None and wait < self.left:
            self.wait = wait
            self.left -= wait
            return None
        return self.failed(brought, at) if isinstance(brought, FetchError) else self._answered(brought, at)

    def failed(self, error: FetchError, at: datetime) -> FetchOutcome:
        """The outcome of an errand that brought no answer."""
        return FetchOutcome(self.request, at, failure=error.failure, error=str(error))

    def _redirected(self, brought: Response, at: datetime) -> FetchOutcome | None:
        self.hops.append(Hop(brought.url, brought.status, brought.target))
        if len(self.hops) > MOST_REDIRECTS:
            return replace(self.failed(too_many_redirects(self.request.url), at), exchange=self._exchange(brought, at))
        self.url, self.tried = brought.target, 0
        return None

    def _wait(self, brought: Response | FetchError, at: datetime, politeness: Politeness, jitter: Callable[[], float]) -> float | None:
        """Seconds before another try, never fewer than the server asks for; None where another try would bring the same."""
        backoff = politeness.backoff(self.tried, jitter)
        if isinstance(brought, FetchError):
            return backoff if brought.failure in _TRIED_AGAIN else None
        asked = asked_to_wait(brought, at)
        return max(backoff, asked or 0.0) if brought.status in RETRIED_STATUSES else None

    def _answered(self, brought: Response, at: datetime) -> FetchOutcome:
        exchange = self._exchange(brought, at)
        if brought.status in _WITH_BODY:
            return FetchOutcome(self.request, at, exchange, brought.body)
        if brought.status == NOT_MODIFIED:
            return FetchOutcome(self.request, at, exchange)
        return FetchOutcome(self.request, at, exchange, failure=Failure.STATUS, error=f"answered {brought.status}")

    def _exchange(self, brought: Response, at: datetime) -> Exchange:
        return Exchange(
            asked=self.request.url,
            url=brought.url,
            status=brought.status,
            retrieved_at=at,
            redirects=tuple(self.hops),
            headers={name: brought.headers[name] for name in KEPT_HEADERS if name in brought.headers},
            elapsed_ms=round(self.network * 1000),
            sha256=sha256_of(brought.body) if brought.body or brought.status in _WITH_BODY else "",
            length=len(brought.body),
        )


def asked_to_wait(brought: Response, at: datetime) -> float | None:
    """Seconds that a server asks to wait before anything else is asked of it; None where it does not."""
    return retry_after(brought.headers.get("retry-after", ""), now=at.astimezone(UTC)) if brought.status in RETRIED_STATUSES else None
