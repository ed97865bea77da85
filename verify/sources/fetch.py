"""The only file that opens a socket: GET over http and https, to public addresses, within a deadline and a size.

A host is resolved once, every address it has is checked, and the connection goes to the checked address, again at each redirect: a name that
changes its answer in between gains nothing. No cookies, no proxies of the environment, no other schemes.
"""

import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from verify import __version__
from verify.errors import VerifyError
from verify.terminal import one_line

from .addresses import is_public

_MOST_REDIRECTS = 5
_CHUNK = 65_536


class FetchError(VerifyError):
    """A web address could not be fetched; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one GET may take: seconds on the wall clock from first to last, and bytes of the body after decompression."""

    seconds: float = 30.0
    max_bytes: int = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer. `url` is where the last redirect led."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait (RFC 9110, 10.2.3); None where it does not say."""
        asked = self.headers.get("retry-after", "").strip()
        if asked.isascii() and asked.isdecimal():
            return float(asked[:9])
        try:
            return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches by GET. `contact` (a page or an address) stands in the User-Agent; `allowed` are hosts exempt from the address check."""

    contact: str = ""
    allowed: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=Limits)

    @property
    def user_agent(self) -> str:
        """Who asks, in the form that Wikimedia's policy wants: the tool, how to reach its user, the library."""
        return f"verify-claims/{__version__} ({self.contact or 'no contact given'}) httpx2/{httpx2.__version__}"

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Response:
        """Fetch, following redirects. Raises FetchError for a refused address, a failure, a body too long or an answer too slow."""
        deadline = time.monotonic() + self.limits.seconds
        asked = str(httpx2.URL(url, params=dict(params)) if params else url)
        with _client(self, deadline) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                response = self._get_once(client, asked, deadline)
                target = response.headers.get("location", "")
                if response.status not in (301, 302, 303, 307, 308) or not target:
                    return response
                asked = urljoin(asked, target)
        raise FetchError(f"{_place(url)}: more than {_MOST_REDIRECTS} redirects")

    def _get_once(self, client: httpx2.Client, url: str, deadline: float) -> Response:
        _check_address(url)
        try:
            with client.stream("GET", url) as answer:
                body = self._body(answer, url, deadline)
                return Response(url, answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, body)
        except httpx2.TimeoutException as error:
            raise FetchError(f"{_place(url)}: no complete answer within {self.limits.seconds:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            raise FetchError(f"{_place(url)}: {one_line(str(error)) or type(error).__name__}") from error

    def _body(self, answer: httpx2.Response, url: str, deadline: float) -> bytes:
        body = bytearray()
        for chunk in answer.iter_bytes(_CHUNK):
            body += chunk
            if len(body) > self.limits.max_bytes:
                raise FetchError(f"{_place(url)}: larger than {self.limits.max_bytes / 2**20:g} MB")
            if time.monotonic() > deadline:
                raise FetchError(f"{_place(url)}: no complete answer within {self.limits.seconds:g} s")
        return bytes(body)


def _place(url: str) -> str:
    """An address for a message: without its query, which is ours and long."""
    return one_line(url.partition("?")[0])


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"{_place(url)}: only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise FetchError("an address with a password in it is not fetched")


def _client(fetcher: Fetcher, deadline: float) -> httpx2.Client:
    transport = httpx2.HTTPTransport(trust_env=False)
    transport._pool = httpcore2.ConnectionPool(  # noqa: SLF001 - httpx2 has no public way to give a network backend
        ssl_context=httpx2.create_ssl_context(trust_env=False), network_backend=_GuardedBackend(fetcher.allowed, deadline)
    )
    headers = {"User-Agent": fetcher.user_agent, "Accept-Encoding": "gzip, deflate"}
    return httpx2.Client(transport=transport, headers=headers, trust_env=False, follow_redirects=False, timeout=fetcher.limits.seconds)


class _GuardedBackend(httpcore2.NetworkBackend):
    """Connects to the address that was checked, and gives every wait no longer than the deadline leaves."""

    def __init__(self, allowed: frozenset[str], deadline: float) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is shorter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve, check every address, connect to the first that answers. Raises httpcore2.ConnectError where one is not public."""
        addresses = _resolved(host, port)
        if host not in self._allowed and (hidden := [a for a in addresses if not is_public(a)]):
            raise httpcore2.ConnectError(f"{one_line(host)} leads to {hidden[0]}, which is not a public address")
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(address, port, self._left(), local_address, socket_options)
            except httpcore2.ConnectError as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure or httpcore2.ConnectError(f"{one_line(host)} has no address")

    def _left(self) -> float:
        return max(0.001, self._deadline - time.monotonic())


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{one_line(host)} has no address") from error
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every read and write ends at the deadline, so that a server that drips bytes gains no time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read within what is left of the deadline."""
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write within what is left of the deadline."""
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore2.NetworkStream:  # noqa: ARG002
        """Begin TLS within what is left of the deadline."""
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks of the connection below."""
        return self._stream.get_extra_info(info)
