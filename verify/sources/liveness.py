"""Whether a source can still be reached, with a memory: one failed visit does not kill a link, and a page that refuses robots is not gone.

What a visit was, is judged by its status, by what the page says of itself, and by the kind of failure. What stands, is judged over all visits:
dead is only what was gone (404, 410, no such host) on three different days with no sign of life in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import takewhile

from .exchange import Failure, FetchOutcome

DAYS_TO_DIE = 3
_OK, _REDIRECTS = 200, 300
_NOT_MODIFIED, _PAYMENT = 304, 402
_GONE = frozenset({404, 410})
_BLOCKED = frozenset({401, 403, 429, 451})
_PERMANENT = frozenset({301, 308})


class Liveness(StrEnum):
    """How a source can be reached: as it is, by a redirect of today, at a new address for good, for money, not by us, perhaps, or no more."""

    ALIVE = "alive"
    REDIRECTED = "redirected"
    MOVED = "moved"
    PAYWALLED = "paywalled"
    BLOCKED = "blocked"
    SOFT_FAILURE = "soft_failure"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one visit says of liveness. `status` is 0 where none came; `redirects` are the statuses on the way to `reached`; `not_found` says why a
    page that came is not the one asked for; `is_free` is what the page says of itself (None: nothing)."""

    at: datetime
    status: int = 0
    failure: Failure | None = None
    redirects: tuple[int, ...] = ()
    reached: str = ""
    not_found: str = ""
    is_free: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands after all attempts. `since` is when that began; `failures_days` counts the different days (UTC) on which it was gone, since the
    last sign of life; three make it dead."""

    liveness: Liveness
    since: datetime
    why: str
    failures_days: int = 0


def attempt_of(outcome: FetchOutcome) -> Attempt | None:
    """What a fetch says of liveness; None where the source itself was not asked."""
    if outcome.failure in (Failure.NOT_ASKED, Failure.STOPPED):
        return None
    exchange = outcome.exchange
    if exchange is None:
        return Attempt(outcome.at, failure=outcome.failure)
    from .page_signs import not_found_why, signs_of

    signs = signs_of(outcome.body or b"", exchange.headers.get("content-type", ""))
    return Attempt(
        at=outcome.at,
        status=exchange.status,
        failure=outcome.failure,
        redirects=tuple(hop.status for hop in exchange.redirects),
        reached=exchange.url,
        not_found=not_found_why(signs.title, exchange.asked, exchange.url) if outcome.body is not None else "",
        is_free=signs.is_free,
    )


def liveness_of(attempts: Sequence[Attempt]) -> Standing | None:
    """What stands after all attempts, in whatever order they are given; None before the first."""
    newest_first = sorted(attempts, key=lambda a: a.at, reverse=True)
    if not newest_first:
        return None
    gone = [a for a in takewhile(lambda a: not _shows_life(a), newest_first) if _is_gone(a)]
    days = len({_day(a) for a in gone})
    last = newest_first[0]
    if days >= DAYS_TO_DIE:
        return Standing(Liveness.DEAD, gone[-1].at, f"{_words(gone[0])}, on {days} days since {_day(gone[-1])}", days)
    liveness = _liveness_of_one(last)
    since = list(takewhile(lambda a: _liveness_of_one(a) is liveness, newest_first))[-1].at
    counted = f" ({days} of the {DAYS_TO_DIE} days that make it dead)" if days and liveness is Liveness.SOFT_FAILURE else ""
    return Standing(liveness, since, f"{_words(last)}{counted}", days)


def _liveness_of_one(attempt: Attempt) -> Liveness:
    """What one attempt alone says. By itself none is dead."""
    if attempt.status == _PAYMENT or (_came(attempt) and attempt.is_free is False):
        return Liveness.PAYWALLED
    if attempt.status in _BLOCKED or attempt.failure is Failure.ROBOTS:
        return Liveness.BLOCKED
    if not _came(attempt):
        return Liveness.SOFT_FAILURE
    if attempt.redirects:
        return Liveness.MOVED if _PERMANENT.issuperset(attempt.redirects) else Liveness.REDIRECTED
    return Liveness.ALIVE


def _came(attempt: Attempt) -> bool:
    """Whether what was asked for came; what is too large to be kept did, and went on coming."""
    if attempt.failure is not None:
        return attempt.failure is Failure.TOO_LARGE
    return not attempt.not_found and (_OK <= attempt.status < _REDIRECTS or attempt.status == _NOT_MODIFIED)


def _shows_life(attempt: Attempt) -> bool:
    """Whether an attempt shows that the source is there. A refusal and a failure of the network show nothing, either way."""
    return _liveness_of_one(attempt) not in (Liveness.BLOCKED, Liveness.SOFT_FAILURE)


def _is_gone(attempt: Attempt) -> bool:
    return attempt.status in _GONE or attempt.failure is Failure.NO_NAME


def _day(attempt: Attempt) -> date:
    return attempt.at.astimezone(UTC).date()


def _words(attempt: Attempt) -> str:
    """What happened, in words."""
    if attempt.not_found:
        return f"answered {attempt.status}, but {attempt.not_found}"
    if attempt.failure not in (None, Failure.STATUS):
        return str(attempt.failure)
    if attempt.redirects and _OK <= attempt.status < _REDIRECTS:
        return f"redirects to {attempt.reached}"
    if attempt.is_free is False:
        return "says of itself that it is not free to read"
    return f"answered {attempt.status}"
