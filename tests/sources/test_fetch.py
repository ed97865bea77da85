"""Fetching: what is reached, what is refused, and what is told of it."""

import socket
import threading

import pytest
from loopback import send, send_raw, serving

from verify.sources import fetch as fetching
from verify.sources.addresses import is_public, is_web_port, shown
from verify.sources.exchange import Failure
from verify.sources.fetch import Deadline, Fetcher, FetchError, Limits, place_of

LOCAL = frozenset({"127.0.0.1", "localhost"})
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
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
        *((hidden, False) for hidden in ("2001:db8::1", "2001::1", "::127.0.0.1", "64:ff9b:1::a00:1", "168.63.129.16", "fd00:ec2::254")),
        *((hidden, False) for hidden in ("not an address", "", "0x7f.0.0.1", "2130706433", "127.1", "0177.0.0.1")),
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


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "127.0.0.1.",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0",
        ),
        *("017700000001", "127.0x0.0.1", "127。0。0。1", "１２７.0.0.1", "①②⑦.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%00.example.org"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]", "[::1%lo]", "[::127.0.0.1]"),
        *(
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::1]",
            "[fe80::1%25lo]",
            "loc\u00adalhost",
            "ⓛocalhost",
            "localhost\u3002",
        ),
    ],
)
def test_no_spelling_of_this_machine_is_reached(host):
    with serving(lambda h: send(h, b"secret")) as server:
        port = server.url.rpartition(":")[2]

        with pytest.raises(FetchError) as told:
            Fetcher(limits=Limits(seconds=5)).get(f"http://{host}:{port}/")
    assert server.asked == []
    assert told.value.failure in (Failure.REFUSED, Failure.NO_NAME, Failure.RESOLVER)


def test_one_hidden_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    both = [(2, 1, 6, "", (PUBLIC, 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: both)

    with pytest.raises(FetchError, match=r"leads to 10\.0\.0\.1, which is not a public address"):
        Fetcher().get("http://two.example/")


def test_a_redirect_is_checked_again():
    """The first host is allowed, the one it leads to is not."""
    with (
        serving(lambda h: send(h, b"secret")) as inner,
        serving(lambda h: send(h, b"", 302, Location=inner.url.replace("127.0.0.1", "localhost"))) as outer,
        pytest.raises(FetchError, match="not a public address"),
    ):
        Fetcher(allowed=frozenset({"127.0.0.1"})).get(outer.url)

    assert (len(outer.asked), inner.asked) == (1, [])


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:text/plain,x",
        "http://u:secret@127.0.0.1/",
        "http://[::1",
        "//127.0.0.1:22/",
        "gopher:x",
    ],
)
def test_a_redirect_leads_nowhere_else(target):
    with serving(lambda h: send(h, b"", 302, Location=target)) as server, pytest.raises(FetchError) as told:
        Fetcher(allowed=LOCAL).get(server.url)

    assert len(server.asked) == 1
    assert "secret" not in str(told.value)


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch):
    """One look-up serves the check and the connection."""
    asked = []

    def rebinding(host, port, **_):
        asked.append(host)
        return [(2, 1, 6, "", (PUBLIC if len(asked) == 1 else "127.0.0.1", port))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", rebinding)
    backend = fetching._GuardedBackend(frozenset(), Deadline(1))
    reached = []
    monkeypatch.setattr(backend, "_plain", type("Plain", (), {"connect_tcp": lambda _s, host, *_: reached.append(host) or object()})())
    backend.connect_tcp("rebind.example", 80)

    assert (asked, reached) == (["rebind.example"], [PUBLIC])


def test_a_name_is_looked_up_anew_at_each_redirect(monkeypatch):
    """An answer that was public for the first request and is not for the second is refused at the second."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host, *rest, **kwargs):
        if host != "rebind.example":
            return real(host, *rest, **kwargs)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", *rest, **kwargs)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    with serving(lambda h: send(h, b"", 302, Location="/again")) as server:
        port = server.url.rpartition(":")[2]

        with pytest.raises(FetchError, match=r"leads to 10\.0\.0\.1"):
            Fetcher().get(f"http://rebind.example:{port}/")
    assert server.paths == ["/"]


@pytest.mark.parametrize(
    ("trouble", "failure", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Failure.NO_NAME, "lost.example has no address"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), Failure.RESOLVER, "could not be looked up"),
        (UnicodeError("label too long"), Failure.NO_NAME, "has no address"),
        (None, Failure.NO_NAME, "has no address"),
    ],
    ids=["none", "temporary", "no label", "empty"],
)
def test_a_name_without_an_address_is_told_from_a_resolver_in_trouble(monkeypatch, trouble, failure, words):
    def resolve(*_, **__):
        if trouble:
            raise trouble
        return []

    monkeypatch.setattr(fetching.socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match=words) as told:
        Fetcher().get("http://lost.example/")

    assert told.value.failure is failure


def test_a_resolver_that_hangs_is_left_at_the_deadline(monkeypatch):
    hanging = threading.Event()
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: hanging.wait(60) and [])
    try:
        with pytest.raises(FetchError, match=r"no complete answer within 0\.3 s") as told:
            Fetcher(limits=Limits(seconds=0.3)).get("http://slow.example/")
    finally:
        hanging.set()

    assert told.value.failure is Failure.TIMEOUT


def test_an_address_that_is_not_heard_leaves_time_for_the_next(monkeypatch):
    """Nothing listens on the first of two addresses of a host."""
    with serving(lambda h: send(h, b"here")) as server:
        port = int(server.url.rpartition(":")[2])
        both = [(2, 1, 6, "", ("127.0.0.9", port)), (2, 1, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(fetching.socket, "getaddrinfo", _once_for("two.example", both))

        assert Fetcher(allowed=frozenset({"two.example"})).get(f"http://two.example:{port}/").body == b"here"


def _once_for(name, answer):
    real = socket.getaddrinfo
    return lambda host, *rest, **kwargs: answer if host == name else real(host, *rest, **kwargs)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://example.org/",
            "http://",
            "gopher://x/",
            "data:,x",
            "",
            "example.org",
            "//example.org/",
            "http:/x",
            "javascript:x",
        ),
        *(
            "http://[::1",
            "http://example.org:99999999/",
            "http://example.org:-1/",
            "http://a\x00b/",
            "http://example.org/\n",
            "http://[fe80::1%25x/",
        ),
        *(
            "http://user:secret@example.org/",
            "http://secret@example.org/",
            "ftp://user:secret@example.org/",
            "http://u:secret@[::1",
            "//u:secret@x/",
        ),
        *(
            "http:\\\\user:secret@example.org/",
            "http://user:secret@example.org:99999999/",
            "http://example.org\\@secret@evil/",
            "HTTP://U:secret@E/",
        ),
        "https://" + "a" * 70_000,
    ],
)
def test_other_addresses_are_refused_in_one_line(url):
    with pytest.raises(FetchError) as told:
        Fetcher().get(url)

    assert told.value.failure is Failure.REFUSED
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
    assert len(str(told.value)) < 400


@pytest.mark.parametrize("port", [0, 22, 25, 6667, 65536])
def test_ports_of_other_services_are_refused(port):
    with pytest.raises(FetchError, match=f"port {port} is none"):
        Fetcher(allowed=LOCAL).get(f"http://127.0.0.1:{port}/")

    assert not is_web_port(port)


def test_the_ports_of_the_web_are_not():
    assert all(is_web_port(port) for port in (80, 443, 8000, 8080, 8443, 65535))


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://example.org/a?token=x#y", "https://example.org/a"),
        ("https://u:p@example.org/a@b", "https://…@example.org/a@b"),
        ("https://u:p@q@example.org/", "https://…@example.org/"),
        ("https://u:p?q@example.org/", "https://…@example.org/"),
        ("https://u:p#q@example.org/", "https://…@example.org/"),
        ("http:\\\\u:p@example.org/", "http:\\\\…@example.org/"),
        ("http://example.org\\@p@evil/", "http://…@evil/"),
        ("//u:p@host", "//…@host"),
        ("u:p@host", "u:…@host"),
        ("https://example.org/@a", "https://example.org/@a"),
        ("http://example.org/\x1b[2J\u202e", "http://example.org/\\x1b[2J\\u202e"),
        ("x" * 300, "x" * 200 + "…"),
    ],
)
def test_an_address_in_a_message_keeps_its_secrets(url, printed):
    assert printed == shown(url)


def test_origin_and_host_come_from_the_parser_that_connects():
    assert ("http://xn--bcher-kva.example:8080", "bücher.example") == place_of("HTTP://Bücher.example:8080/a?b#c")
    assert ("https://[::1]", "::1") == place_of("https://[::1]:443/")


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 on this machine")
def test_an_address_of_version_6_is_reached_when_it_is_allowed():
    with serving(lambda h: send(h, b"six"), host="::1") as server:
        assert b"six" == Fetcher(allowed=frozenset({"::1"})).get(f"{server.url}/a").body

        with pytest.raises(FetchError, match="leads to ::1, which is not a public address"):
            Fetcher(allowed=LOCAL).get(server.url)
    assert [server.url.removeprefix("http://")] == [asked.headers["host"] for asked in server.asked]


def test_redirects_are_followed_and_kept():
    def answer(handler):
        if handler.path == "/end":
            send(handler, b"here")
        else:
            send(handler, b"", 301 if handler.path == "/a" else 302, Location="/b" if handler.path == "/a" else "end#part")

    with serving(answer) as server:
        response = Fetcher(allowed=LOCAL).get(f"{server.url}/a")

    assert (f"{server.url}/end", b"here") == (response.url, response.body)
    assert [("/a", 301, "/b"), ("/b", 302, "/end#part")] == [
        (hop.url.removeprefix(server.url), hop.status, hop.target.removeprefix(server.url)) for hop in response.redirects
    ]


@pytest.mark.parametrize("location", [lambda h: h.path + "x", lambda h: h.path], ids=["ever new", "itself"])
def test_redirects_end(location):
    with (
        serving(lambda h: send(h, b"", 302, Location=location(h))) as server,
        pytest.raises(FetchError, match="more than 5 redirects") as told,
    ):
        Fetcher(allowed=LOCAL).get(server.url + "/a")

    assert (6, Failure.REDIRECTS) == (len(server.asked), told.value.failure)


def test_no_cookie_is_carried_to_the_next_request():
    def answer(handler):
        if handler.path == "/a":
            send(handler, b"", 302, Location="/b", Set_Cookie="session=1; Path=/")
        else:
            send(handler, b"")

    with serving(answer) as server:
        Fetcher(allowed=LOCAL).get(f"{server.url}/a")

    assert ["/a", "/b"] == server.paths
    assert not any("cookie" in asked.headers for asked in server.asked)


def test_the_environment_sends_us_through_no_proxy(monkeypatch):
    with serving(lambda h: send(h, b"proxied")) as proxy, serving(lambda h: send(h, b"direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)

        assert b"direct" == Fetcher(allowed=LOCAL).get(server.url).body
    assert proxy.asked == []


def test_no_secure_connection_is_told_as_such():
    with serving(lambda h: send(h, b"plain")) as server, pytest.raises(FetchError, match="no secure connection") as told:
        Fetcher(allowed=LOCAL, limits=Limits(seconds=5)).get(server.url.replace("http", "https"))

    assert told.value.failure is Failure.TLS


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(FetchError) as told:
        Fetcher(allowed=LOCAL, limits=Limits(seconds=5)).get(f"http://127.0.0.1:{port}/")

    assert told.value.failure is Failure.CONNECT


def test_headers_are_told_by_lower_case_names_and_those_given_twice_are_joined():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nVary: a\r\nvary: b\r\nX-Name: caf\xe9\r\nX-Other: caf\xc3\xa9\r\n\r\n"
    with serving(lambda h: send_raw(h, head)) as server:
        headers = Fetcher(allowed=LOCAL).get(server.url).headers

    assert ("a, b", "café", "café") == (headers["vary"], headers["x-name"], headers["x-other"])


def test_a_contact_in_any_script_fits_a_header():
    with serving(lambda h: send(h, b"")) as server:
        Fetcher(contact="Łukasz", allowed=LOCAL).get(server.url)

    assert "\\u0141ukasz" in server.asked[0].headers["user-agent"]
