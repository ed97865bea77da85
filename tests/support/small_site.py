"""A site on loopback whose pages a test sets, and how to fetch from it without waiting."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loopback import Loopback, send, serving

from verify.sources.fetch import Fetcher, Limits
from verify.sources.politeness import Politeness
from verify.workflows.fetch import Manner

HOSTS = frozenset({"127.0.0.1", "127.0.0.2", "127.0.0.3", "localhost"})
HASTY = Manner(Fetcher(allowed=HOSTS, limits=Limits(seconds=5, max_bytes=2**20)), Politeness(delay=0, first_wait=0.005, tries=1))
WORDS = "It rained in the north for nine days, and the river left its bed twice before the bridges of the old town gave way to it. "
_PAGE = "<html><head><title>The flood</title>{head}</head><body><article><h2>The river</h2><p>{words}</p></article></body></html>"


def page(words: str = WORDS, head: str = "") -> bytes:
    """A page of these words under a heading, "The river"."""
    return _PAGE.format(words=words, head=head).encode()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """Pages by path: (body, status, headers); what is not set is not there."""

    def __init__(self, server: Loopback) -> None:
        self.url = server.url
        self.server = server
        self.pages: dict[str, tuple[bytes, int, dict[str, str]]] = {}

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [path for path in self.server.paths if path != "/robots.txt"]

    def put(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Let a path answer so from now on."""
        self.pages[path] = body, status, {"Content_Type": "text/html; charset=utf-8", **headers}


@contextmanager
def serving_site() -> Iterator[Site]:
    """Serve a site until the block ends."""
    held: list[Site] = []

    def answer(handler: Any) -> None:
        body, status, headers = held[0].pages.get(handler.path, (b"", 404, {}))
        etag = headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            body, status = b"", 304
        send(handler, body, status, **headers)

    with serving(answer) as server:
        held.append(Site(server))
        yield held[0]
