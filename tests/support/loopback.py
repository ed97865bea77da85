"""A server on loopback that answers as a test tells it to, and keeps what it was asked."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    path: str
    headers: dict[str, str]


@dataclass
class Loopback:
    """`url` is where it listens; `most_at_once` is how many requests it was answering at the same time."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]


Answer = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def send_raw(handler: BaseHTTPRequestHandler, *pieces: bytes) -> None:
    """Write bytes as they are, with no head of our own, and close the connection."""
    for piece in pieces:
        handler.wfile.write(piece)
        handler.wfile.flush()
    handler.close_connection = True


class _Server6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def serving(answer: Answer, *, host: str = "127.0.0.1") -> Iterator[Loopback]:
    """Serve on an address of loopback until the block ends; `answer` gets each request's handler."""
    lock = threading.Lock()
    answering = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal answering
            with lock:
                answering += 1
                server.most_at_once = max(server.most_at_once, answering)
                server.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
            try:
                with suppress(BrokenPipeError, ConnectionResetError):  # the client goes away, as some tests want it to
                    answer(self)
            finally:
                with lock:
                    answering -= 1

        do_POST = do_GET  # noqa: N815 - the name that the base class calls

        def log_message(self, *_: object) -> None:
            pass

    listening = (_Server6 if ":" in host else ThreadingHTTPServer)((host, 0), Handler)
    listening.daemon_threads = True
    server = Loopback(f"http://{f'[{host}]' if ':' in host else host}:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
