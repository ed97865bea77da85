"""Fetching: what is reached, what is refused, and what a hostile server can do."""

import gzip
import time

import pytest
from loopback import send, serving

from verify.sources import fetch as fetching
from verify.sources.addresses import is_public
from verify.sources.fetch import Fetcher, FetchError, Limits

LOCAL = frozenset({"127.0.0.1", "localhost"})


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *(
            (hidden, False)
            for hidden in ("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.31.255.255", "192.168.1.1", "169.254.169.254")
        ),
        *(
            (hidden, False)
            for hidden in ("100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.9", "224.0.0.1", "255.255.255.255", "240.0.0.1")
        ),
        *(
            (hidden, False)
            for hidden in ("::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::")
        ),
        *((hidden, False) for hidden in ("2001:db8::1", "2001::1", "::127.0.0.1", "not an address", "")),
    ],
)
def test_only_public_addresses_are_reached(address, public):
    assert is_public(address) is public


def test_a_page_is_fetched_with_its_facts():
    with serving(lambda h: send(h, b"hello", Content_Type="text/plain", X_Kind="Page")) as server:
        response = Fetcher(contact="ops@example.org", allowed=LOCAL).get(f"{server.url}/a", {"q": "x y"})

    assert (response.status, response.body, response.headers["x-kind"]) == (200, b"hello", "Page")
    assert server.asked[0].path == "/a?q=x+y"
    assert "ops@example.org" in server.asked[0].headers["user-agent"]
    assert "cookie" not in server.asked[0].headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_this_machine_is_reached(host):
    with serving(lambda h: send(h, b"secret")) as server:
        port = server.url.rpartition(":")[2]

        with pytest.raises(FetchError):
            Fetcher(limits=Limits(seconds=5)).get(f"http://{host}:{port}/")
    assert server.asked == []


def test_a_redirect_is_checked_again():
    """The first host is allowed, the one it leads to is not."""
    with (
        serving(lambda h: send(h, b"secret")) as inner,
        serving(lambda h: send(h, b"", 302, Location=inner.url.replace("127.0.0.1", "localhost"))) as outer,
        pytest.raises(FetchError, match="not a public address"),
    ):
        Fetcher(allowed=frozenset({"127.0.0.1"})).get(outer.url)

    assert (len(outer.asked), inner.asked) == (1, [])


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch):
    """One look-up serves the check and the connection."""
    asked = []

    def rebinding(host, port, **_):
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.215.14" if len(asked) == 1 else "127.0.0.1", port))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", rebinding)
    backend = fetching._GuardedBackend(frozenset(), time.monotonic() + 1)
    reached = []
    monkeypatch.setattr(backend, "_plain", type("Plain", (), {"connect_tcp": lambda _s, host, *_: reached.append(host) or object()})())
    backend.connect_tcp("rebind.example", 80)

    assert (asked, reached) == (["rebind.example"], ["93.184.215.14"])


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "http://", "gopher://x/", "http://user:secret@example.org/", "data:,x"]
)
def test_other_addresses_are_refused_in_one_line(url):
    with pytest.raises(FetchError) as told:
        Fetcher().get(url)

    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)


def test_redirects_end():
    with serving(lambda h: send(h, b"", 302, Location=h.path + "x")) as server, pytest.raises(FetchError, match="more than 5 redirects"):
        Fetcher(allowed=LOCAL).get(server.url + "/a")


def test_a_body_is_capped_after_decompression():
    bomb = gzip.compress(b"0" * 5_000_000)
    with serving(lambda h: send(h, bomb, Content_Encoding="gzip")) as server, pytest.raises(FetchError, match="larger than 1 MB"):
        Fetcher(allowed=LOCAL, limits=Limits(max_bytes=2**20)).get(server.url)


def test_a_server_that_drips_is_left_at_the_deadline():
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(0.1)

    started = time.monotonic()
    with serving(drip) as server, pytest.raises(FetchError, match=r"no complete answer within 0\.5 s"):
        Fetcher(allowed=LOCAL, limits=Limits(seconds=0.5)).get(server.url)
    assert time.monotonic() - started < 5  # it would drip for ten seconds


def test_a_truncated_body_is_not_an_answer():
    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"only this")

    with serving(cut) as server, pytest.raises(FetchError):
        Fetcher(allowed=LOCAL, limits=Limits(seconds=5)).get(server.url)
