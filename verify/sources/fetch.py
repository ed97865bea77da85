"""The only file that opens a socket: GET, and POST to services, over http and https, to public addresses, within a deadline and a size.

A host is resolved once, every address it has is checked, and the connection goes to the checked address, again at each redirect: a name that
changes its answer in between gains nothing. No cookies, no proxies of the environment, no other schemes. What comes back is whole or an error.
"""

import queue
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

import httpcore2
import httpx2

from verify import __version__
from verify.errors import VerifyError
from verify.terminal import one_line

from .addresses import is_public, is_web_port, shown
from .encodings import ACCEPTED, BrokenOffError, PackingError, unpacked
from .exchange import NOT_MODIFIED, Failure, Hop
from .politeness import retry_after

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK, _PARTIAL, _ERRORS = 200, 206, 300
_LARGEST_ERROR_PAGE = 2**20
_SLICE = 0.25
"""Seconds after which a wait looks whether it is still wanted."""
_NONE: Mapping[str, str] = MappingProxyType({})


class FetchError(VerifyError):
    """A web address could not be fetched; nothing of it was kept. `failure` is its kind."""

    def __init__(self, words: str, failure: Failure = Failure.PROTOCOL) -> None:
        super().__init__(words)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one GET may take: seconds on the wall clock from first to last, and bytes of the body, before and after decompression."""

    seconds: float = 30.0
    max_bytes: int = 20 * 2**20


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer from `url`; `headers` by their names in lower case. `target` is where it redirects, made whole, "" where it does not;
    `redirects` are those that were followed before. A redirect's body is not read, and an error page's only as far as it comes."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    target: str = ""
    redirects: tuple[Hop, ...] = ()

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait; None where it does not say."""
        return retry_after(self.headers.get("retry-after", ""), now=datetime.now(UTC))


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

    def get(self, url: str, params: Mapping[str, str] | None = None, *, headers: Mapping[str, str] = _NONE) -> Response:
        """Fetch, following redirects. Raises FetchError for a refused address, a failure, a body too long or an answer too slow."""
        deadline = Deadline(self.limits.seconds)
        asked = _with_query(url, params) if params else url
        passed: list[Hop] = []
        while len(passed) <= MOST_REDIRECTS:
            response = self._visit(asked, headers, deadline)
            if not response.target:
                return replace(response, redirects=tuple(passed))
            passed.append(Hop(response.url, response.status, response.target))
            asked = response.target
        raise too_many_redirects(url)

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str] = _NONE) -> Response:
        """Send a body to a service and give its answer, whatever its status; redirects are not followed. Raises FetchError as `get` does."""
        return self._visit(url, headers, Deadline(self.limits.seconds), body)

    def visit(
        self, url: str, *, headers: Mapping[str, str] = _NONE, seconds: float | None = None, stop: threading.Event | None = None
    ) -> Response:
        """Fetch without following a redirect, within `seconds` (else the limits' own), until `stop` is set. Raises FetchError as `get` does."""
        return self._visit(url, headers, Deadline(self.limits.seconds if seconds is None else seconds, stop))

    def _visit(self, url: str, headers: Mapping[str, str], deadline: "Deadline", sent: bytes | None = None) -> Response:
        try:
            asked = _checked(url)
            backend = _GuardedBackend(self.allowed, deadline)
            with httpcore2.ConnectionPool(ssl_context=_tls() if asked.scheme == "https" else None, network_backend=backend) as pool:
                return self._answer(pool, asked, headers, deadline, sent)
        except FetchError as error:
            error.args = (f"{shown(url)}: {error}",)
            raise

    def _answer(
        self, pool: httpcore2.ConnectionPool, url: httpx2.URL, headers: Mapping[str, str], deadline: "Deadline", sent: bytes | None
    ) -> Response:
        ours = {"Accept": "*/*", "Accept-Encoding": ACCEPTED, "User-Agent": _ascii(self.user_agent), "Connection": "close", **headers}
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        host = [("Host", url.netloc.decode("ascii")), *([] if sent is None else [("Content-Length", str(len(sent)))])]
        with (
            _failures(Failure.CONNECT, Failure.PROTOCOL, self.limits),
            pool.stream("GET" if sent is None else "POST", target, headers=[*host, *ours.items()], content=sent) as answer,
        ):
            held = _headers(answer.headers)
            self._refuse_by_head(answer.status, held, conditional=bool(headers))
            place = str(url.copy_with(fragment=None))
            led = _target(place, held["location"]) if answer.status in _REDIRECTS and held.get("location") else ""
            body = b"" if led else self._body(answer, held, deadline)
            return Response(place, answer.status, held, body, led)

    def _refuse_by_head(self, status: int, headers: Mapping[str, str], *, conditional: bool) -> None:
        if status < _OK or (status == NOT_MODIFIED and not conditional):
            raise FetchError(f"answered {status} to a plain request")
        if status == _PARTIAL:
            raise FetchError("sent a part, and the whole was asked for", Failure.INCOMPLETE)
        length = headers.get("content-length", "")
        if status < _ERRORS and length.isascii() and length.isdecimal() and int(length[:18]) > self.limits.max_bytes:
            raise self._too_large()

    def _body(self, answer: httpcore2.Response, headers: Mapping[str, str], deadline: "Deadline") -> bytes:
        """The whole body of what was asked for; of an error page, whose status is what counts, as much as comes."""
        coding = headers.get("content-encoding", "")
        if answer.status < _ERRORS:
            with _failures(Failure.INCOMPLETE, Failure.INCOMPLETE, self.limits):
                return b"".join(self._pieces(answer, coding, deadline, self.limits.max_bytes))
        pieces: list[bytes] = []
        try:
            with _failures(Failure.INCOMPLETE, Failure.INCOMPLETE, self.limits):
                pieces.extend(self._pieces(answer, coding, deadline, min(_LARGEST_ERROR_PAGE, self.limits.max_bytes)))
        except FetchError as error:
            if error.failure is Failure.STOPPED:
                raise
        return b"".join(pieces)

    def _pieces(self, answer: httpcore2.Response, coding: str, deadline: "Deadline", most: int) -> Iterator[bytes]:
        """The body as it is unpacked, counted before and after: a bomb is large after, and thousands of empty members are before."""
        for piece in self._counted(unpacked(self._counted(answer.iter_stream(), most), coding), most):
            deadline.left()
            yield piece

    def _counted(self, pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
        length = 0
        for piece in pieces:
            length += len(piece)
            if length > most:
                raise self._too_large()
            yield piece

    def _too_large(self) -> FetchError:
        return FetchError(f"larger than {self.limits.max_bytes / 2**20:g} MB", Failure.TOO_LARGE)


class Deadline:
    """When an answer has to be there, and whether it is still wanted."""

    def __init__(self, seconds: float, stop: threading.Event | None = None) -> None:
        self._end = time.monotonic() + seconds
        self._stop = stop

    def left(self) -> float:
        """Seconds left. Raises what httpcore2 raises for a wait that is over, FetchError where the answer is not wanted any more."""
        if self._stop is not None and self._stop.is_set():
            raise FetchError("stopped", Failure.STOPPED)
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left

    def slice(self) -> float:
        """Seconds for which to wait before looking again."""
        return min(self.left(), _SLICE)


@contextmanager
def _failures(cut: Failure, nonsense: Failure, limits: Limits) -> Iterator[None]:
    """Turn what goes wrong on the network into a FetchError: a connection that breaks is `cut`, what is no HTTP is `nonsense`."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise FetchError(f"no complete answer within {limits.seconds:g} s", Failure.TIMEOUT) from error
    except PackingError as error:
        raise FetchError(str(error), Failure.INCOMPLETE if isinstance(error, BrokenOffError) else Failure.PROTOCOL) from error
    except httpcore2.ProtocolError as error:
        gone = "disconnected" in str(error)  # httpcore2's word for a server that closes the connection instead of answering
        raise FetchError(_words(error), cut if gone else nonsense) from error
    except httpcore2.NetworkError as error:
        raise FetchError(_words(error), cut) from error


def _words(error: Exception) -> str:
    return one_line(str(error)[:200]) or type(error).__name__


def too_many_redirects(url: str) -> FetchError:
    """The error of a URL that redirects for ever."""
    return FetchError(f"{shown(url)}: more than {MOST_REDIRECTS} redirects", Failure.REDIRECTS)


@cache
def _tls() -> Any:
    """The certificates of the system; reading them takes 30 ms, so once."""
    return httpx2.create_ssl_context(trust_env=False)


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _with_query(url: str, params: Mapping[str, str]) -> str:
    try:
        return str(httpx2.URL(url, params=dict(params)))
    except httpx2.InvalidURL:
        return url  # refused, with its reason, when it is asked


def _checked(url: str) -> httpx2.URL:
    """The address as the connection will take it apart: one parser for the check and for the use. Raises FetchError for what is not fetched."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError("is no web address", Failure.REFUSED) from error
    if parsed.scheme not in ("http", "https") or not parsed.raw_host:
        raise FetchError("only http and https addresses are fetched", Failure.REFUSED)
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise FetchError("an address with a user name or password in it is not fetched", Failure.REFUSED)
    if parsed.port is not None and not is_web_port(parsed.port):
        raise FetchError(f"port {parsed.port} is none that web pages are fetched from", Failure.REFUSED)
    return parsed


def place_of(url: str) -> tuple[str, str]:
    """The origin of an address (scheme, host and port), and its host. Raises FetchError for what is not fetched."""
    try:
        parsed = _checked(url)
    except FetchError as error:
        error.args = (f"{shown(url)}: {error}",)
        raise
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}", parsed.host


def _target(url: str, location: str) -> str:
    """Where a redirect leads. Raises FetchError for what is no address."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchError("redirects to what is no web address") from error


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by name; those given twice joined as a list (RFC 9110, 5.3), but of addresses the first, since no list is one."""
    held: dict[str, str] = {}
    for key, value in raw:
        name, text = key.decode("latin-1").lower(), _text(value)
        held[name] = f"{held[name]}, {text}" if name in held and name != "location" else held.get(name, text)
    return held


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class _GuardedBackend(httpcore2.NetworkBackend):
    """Connects to the address that was checked, and gives every wait no longer than the deadline leaves."""

    def __init__(self, allowed: frozenset[str], deadline: Deadline) -> None:
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
        """Resolve, check every address, connect to the first that answers. Raises FetchError where one is not public, or none is there."""
        addresses = _resolved(host, port, self._deadline)
        if host not in self._allowed and (hidden := [a for a in addresses if not is_public(a)]):
            raise FetchError(f"{one_line(host)} leads to {hidden[0]}, which is not a public address", Failure.REFUSED)
        failure: Exception = httpcore2.ConnectError("no address")
        for tried, address in enumerate(addresses):
            share = self._deadline.left() / (len(addresses) - tried)  # an address that is not heard leaves time for the next
            try:
                stream = self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


def _resolved(host: str, port: int, deadline: Deadline) -> list[str]:
    """The addresses of a host. The system's resolver knows no deadline, so it is asked in a thread that nobody waits for any longer."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, answers), daemon=True, name="resolver").start()
    while True:
        with suppress(queue.Empty):
            answer = answers.get(timeout=deadline.slice())
            break
    if isinstance(answer, list) and answer:
        return answer
    again = isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN
    words = "the name of the host could not be looked up" if again else f"{one_line(host)} has no address"
    raise FetchError(words, Failure.RESOLVER if again else Failure.NO_NAME) from (answer if isinstance(answer, Exception) else None)


def _look_up(host: str, port: int, answers: "queue.SimpleQueue[list[str] | Exception]") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)))
    except (OSError, ValueError) as error:
        answers.put(error)


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every read and write ends at the deadline, so that a server that drips bytes gains no time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read within what is left of the deadline."""
        while True:
            span = self._deadline.slice()
            with suppress(httpcore2.ReadTimeout):
                return self._stream.read(max_bytes, span)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write within what is left of the deadline."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> httpcore2.NetworkStream:  # noqa: ARG002
        """Begin TLS within what is left of the deadline. Raises FetchError where the other side has none, or no certificate that holds."""
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore2.ConnectError as error:
            raise FetchError(f"no secure connection: {_words(error)}", Failure.TLS) from error
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore2 asks of the connection below."""
        return self._stream.get_extra_info(info)
