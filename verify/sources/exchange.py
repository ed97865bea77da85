"""The nouns of fetching: what is asked for, what came of it, and the facts of the exchange that are kept with the bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

KEPT_HEADERS = (
    "content-type",
    "content-length",
    "content-language",
    "content-disposition",
    "etag",
    "last-modified",
    "date",
    "server",
    "retry-after",
    "memento-datetime",
)
"""The headers of an answer that matter later: what it is, whether it changed, when it was made, and by whom."""

NOT_MODIFIED = 304


class Failure(StrEnum):
    """Why a request brought no text: the kinds that are told apart later. The words are for people."""

    NO_NAME = "no such host"
    RESOLVER = "host name not resolved"
    REFUSED = "address refused"
    CONNECT = "no connection"
    TLS = "no secure connection"
    TIMEOUT = "too slow"
    TOO_LARGE = "too large"
    INCOMPLETE = "incomplete"
    PROTOCOL = "no proper answer"
    REDIRECTS = "too many redirects"
    ROBOTS = "robots.txt says no"
    STATUS = "error status"
    NOT_ASKED = "not asked in this run"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed: the address that answered with it, its status, and where it led."""

    url: str
    status: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A URL that is wanted. `etag` and `last_modified`, as an earlier answer gave them, make it conditional: what did not change is not sent
    again. `source_id` is the caller's own number for it and comes back with the outcome."""

    url: str
    etag: str = ""
    last_modified: str = ""
    source_id: int = 0

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, 13.1); what no header can hold is left out."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}


@dataclass(frozen=True, slots=True)
class Exchange:
    """The facts of an answer, kept with what was stored. `url` is where the last redirect led; `headers` are those of `KEPT_HEADERS`, by their
    names in lower case; `elapsed_ms` is spent on the network, without waiting between requests; `sha256` and `length` (bytes) are of the
    body after decompression, empty and 0 where none was read."""

    asked: str
    url: str
    status: int
    retrieved_at: datetime
    redirects: tuple[Hop, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    elapsed_ms: int = 0
    sha256: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What came of a request at a time. `body` is there only when it is the whole of what was asked for; `failure` and `error` (one line for
    people) say why it is not. Without an answer there is no `exchange`. `is_online` says that something had answered in its batch by then, if only a
    robots.txt: what did not answer is then away by itself."""

    request: FetchRequest
    at: datetime
    exchange: Exchange | None = None
    body: bytes | None = None
    failure: Failure | None = None
    error: str = ""
    is_online: bool = False

    @property
    def is_not_modified(self) -> bool:
        """Whether the server said that what the caller holds is still what it has."""
        return self.failure is None and self.exchange is not None and self.exchange.status == NOT_MODIFIED
