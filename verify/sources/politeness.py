"""How to behave towards servers: robots.txt (RFC 9309), how long to wait between requests, and when to try again. Pure rules, no waiting here."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, unquote_to_bytes, urlsplit

ROBOT = "verify-claims"
"""What a robots.txt calls us (RFC 9309, 2.2.1): letters, hyphens and underscores only."""

MAX_ROBOTS_BYTES = 500 * 2**10
"""So much of a robots.txt is read, as RFC 9309, 2.5 asks at least; the rest is passed over."""

RETRIED_STATUSES = frozenset({429, 502, 503, 504})

_LINE = re.compile(r"[ \t]*([A-Za-z-]+)[ \t]*:[ \t]*([^#]*)")
_PRODUCT = re.compile(r"[A-Za-z_-]+")
_SAFE = "%/?:@!$&'()*+,;=~[]"
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Politeness:
    """How a batch behaves: seconds between two requests to a host, the most that a robots.txt may make of them, whether robots.txt is asked at
    all, how often a request is tried, and the first wait before another try in seconds, doubled each time."""

    delay: float = 1.0
    longest_delay: float = 10.0
    ignore_robots: bool = False
    tries: int = 3
    first_wait: float = 1.0

    def delay_of(self, robots: "Robots") -> float:
        """Seconds between two requests to a host with these robots rules."""
        return max(self.delay, min(robots.crawl_delay, self.longest_delay))

    def backoff(self, tried: int, jitter: Callable[[], float] = random.random) -> float:
        """Seconds to wait after `tried` failures in a row: doubled each time, of which a random half, so that not all come back at once."""
        return self.first_wait * 2.0 ** (tried - 1) * (0.5 + jitter() / 2)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says to us: path patterns with whether they allow, and seconds between requests (0 where it does not say)."""

    rules: tuple[tuple[str, bool], ...] = ()
    crawl_delay: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether a URL may be fetched: the longest pattern that matches decides, the kinder of two as long; none forbids nothing."""
        parts = urlsplit(url)
        path = _canonical(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/")
        if path == "/robots.txt":
            return True
        longest = max(((len(pattern), allow) for pattern, allow in self.rules if _matches(pattern, path)), default=(0, True))
        return longest[1]


ALLOWS_ALL = Robots()
"""For a host whose robots.txt is not there: any 4xx (RFC 9309, 2.3.1.3)."""


def robots_of(data: bytes, robot: str = ROBOT) -> Robots:
    """Read a robots.txt. All groups that name `robot` count as one; where none does, those for `*`. Lines that are none are passed over."""
    text = data[:MAX_ROBOTS_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    ours: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    named = False
    for agents, lines in _groups(text):
        if robot.lower() in agents:
            named = True
            ours.extend(lines)
        elif "*" in agents:
            others.extend(lines)
    lines = ours if named else others
    rules = tuple((_canonical(value), field == "allow") for field, value in lines if field != "crawl-delay" and value)
    return Robots(rules, max((_seconds(value) for field, value in lines if field == "crawl-delay"), default=0.0))


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """The groups of a file: whom each names, in lower case, and its rules as (field, value)."""
    agents: set[str] = set()
    lines: list[tuple[str, str]] = []
    for field, value in _fields(text):
        if field == "user-agent":
            if lines:
                yield agents, lines
                agents, lines = set(), []
            product = _PRODUCT.match(value)
            agents.add("*" if value.startswith("*") else product[0].lower() if product else "")
        elif agents and field in ("allow", "disallow", "crawl-delay"):
            lines.append((field, value))
    if agents:
        yield agents, lines


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"\r\n|\r|\n", text):
        if found := _LINE.match(line):
            yield found[1].lower(), found[2].strip()


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < float("inf") else 0.0


def _canonical(path: str) -> str:
    """One spelling for a path and a pattern: escapes of what needs none undone, the others in capitals, what lies beyond ASCII escaped."""

    def spelled(escape: re.Match[str]) -> str:
        character = unquote_to_bytes(escape[0]).decode("latin-1")
        return character if character in _UNRESERVED else escape[0].upper()

    return quote(_ESCAPE.sub(spelled, path), safe=_SAFE)


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches from the start of a path. `*` stands for anything, `$` at its end for the end; the first fit of each piece is
    as good as any, so that no pattern takes more than one walk."""
    anchored = pattern.endswith("$")
    first, *pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    if not pieces:
        return not anchored or path == first
    at = len(first)
    for piece in pieces[:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = pieces[-1]
    return len(path) - len(last) >= at and path.endswith(last) if anchored else path.find(last, at) >= 0


def retry_after(value: str, *, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks to wait (RFC 9110, 10.2.3), by a number or a date; None where it does not say."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now.timestamp())
    except (ValueError, OverflowError, OSError):
        return None
