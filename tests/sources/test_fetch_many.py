"""Many fetches at once: who is asked when, what is told of it, and how it ends."""

import socket
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from loopback import send, send_raw, serving

from verify.model import sha256_of
from verify.sources.exchange import Exchange, Failure, FetchOutcome, FetchRequest, Hop
from verify.sources.fetch import Fetcher, Limits
from verify.sources.politeness import Politeness
from verify.sources.rounds import fetch_many, fetch_one

NOW = datetime(2024, 12, 8, 12, tzinfo=UTC)
HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
FETCHER = Fetcher(allowed=frozenset({*HOSTS, "localhost"}), limits=Limits(seconds=5, max_bytes=2**20))
HASTY = Politeness(delay=0.0, first_wait=0.005)


def outcomes_of(urls, *, fetcher=FETCHER, politeness=HASTY, **options):
    """Fetch, and give each outcome by its URL."""
    done = []
    wanted = [url if isinstance(url, FetchRequest) else FetchRequest(url) for url in urls]
    fetch_many(wanted, fetcher, politeness=politeness, on_done=done.append, now=lambda: NOW, jitter=lambda: 0.0, **options)
    return {outcome.request.url: outcome for outcome in done}


def outcome_of(url, **options):
    return next(iter(outcomes_of([url], **options).values()))


def without_robots(answer):
    """Answer pages as `answer` does; there is no robots.txt."""
    return lambda h: send(h, b"", 404) if h.path == "/robots.txt" else answer(h)


def test_an_outcome_has_the_bytes_and_the_facts():
    def answer(handler):
        if handler.path == "/a":
            send(handler, b"", 301, Location="/b")
        else:
            send(handler, b"hello", Content_Type="text/plain", ETag='"x"', Set_Cookie="a=b")

    with serving(without_robots(answer)) as server:
        request = FetchRequest(f"{server.url}/a", source_id=7)
        outcome = outcome_of(request)

    exchange = outcome.exchange
    assert (request, NOW, b"hello", None, "") == (outcome.request, outcome.at, outcome.body, outcome.failure, outcome.error)
    assert (f"{server.url}/a", f"{server.url}/b", 200) == (exchange.asked, exchange.url, exchange.status)
    assert (Hop(f"{server.url}/a", 301, f"{server.url}/b"),) == exchange.redirects
    assert (NOW, sha256_of(b"hello"), 5) == (exchange.retrieved_at, exchange.sha256, exchange.length)
    assert ("text/plain", '"x"', "5") == tuple(exchange.headers[name] for name in ("content-type", "etag", "content-length"))
    assert "set-cookie" not in exchange.headers
    assert exchange.elapsed_ms >= 0


def test_an_empty_page_is_a_whole_one():
    with serving(without_robots(lambda h: send(h, b""))) as server:
        outcome = outcome_of(server.url)

    assert (b"", sha256_of(b""), 0, None) == (outcome.body, outcome.exchange.sha256, outcome.exchange.length, outcome.failure)


def test_what_did_not_change_is_not_sent_again():
    def answer(handler):
        same = handler.headers["If-None-Match"] == '"x"' or handler.headers["If-Modified-Since"] == "yesterday"
        send_raw(handler, b"HTTP/1.1 304 Not Modified\r\n\r\n") if same else send(handler, b"new")

    with serving(without_robots(answer)) as server:
        wanted = [
            FetchRequest(f"{server.url}/etag", etag='"x"'),
            FetchRequest(f"{server.url}/date", last_modified="yesterday"),
            FetchRequest(f"{server.url}/other", etag='"y"'),
            FetchRequest(f"{server.url}/broken", etag='"x"\r\nX-Evil: 1', last_modified="gestern für immer"),
        ]
        done = outcomes_of(wanted)

    assert [True, True, False, False] == [done[request.url].is_not_modified for request in wanted]
    assert [None, None, b"new", b"new"] == [done[request.url].body for request in wanted]
    assert [None] * 4 == [done[request.url].failure for request in wanted]


@pytest.mark.parametrize("status", [204, 302, 400, 401, 402, 403, 404, 410, 418, 451, 500, 999])
def test_only_a_page_that_came_has_a_body(status):
    with serving(without_robots(lambda h: send(h, b"words", status))) as server:
        outcome = outcome_of(server.url)

    assert (None, Failure.STATUS, f"answered {status}", status) == (outcome.body, outcome.failure, outcome.error, outcome.exchange.status)


def test_one_request_at_a_time_to_a_host_and_several_hosts_at_once():
    together = threading.Barrier(len(HOSTS))

    def answer(handler):
        if handler.path == "/0":
            together.wait(10)  # passes only when every host is being asked
        send(handler, b"here")

    with ExitStack() as stack:
        servers = [stack.enter_context(serving(without_robots(answer), host=host)) for host in HOSTS]
        done = outcomes_of([f"{server.url}/{i}" for i in range(4) for server in servers])

    assert [b"here"] * 16 == [outcome.body for outcome in done.values()]
    assert [1] * 4 == [server.most_at_once for server in servers]
    assert [["/robots.txt", "/0", "/1", "/2", "/3"]] * 4 == [server.paths for server in servers]


def test_no_more_workers_than_asked_for():
    lock, at_once, most = threading.Lock(), 0, 0

    def answer(handler):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with lock:
            at_once -= 1
        send(handler, b"")

    with ExitStack() as stack:
        servers = [stack.enter_context(serving(answer, host=host)) for host in HOSTS]
        outcomes_of([server.url for server in servers], workers=2)

    assert most <= 2


def test_there_is_a_pause_between_two_requests_to_a_host():
    came = []
    with serving(without_robots(lambda h: came.append(time.monotonic()) or send(h, b""))) as server:
        outcomes_of([f"{server.url}/{i}" for i in range(3)], politeness=Politeness(delay=0.15))

    assert all(after - before >= 0.15 for before, after in pairwise(came))


def test_a_crawl_delay_makes_the_pause_longer():
    came = []

    def answer(handler):
        if handler.path == "/robots.txt":
            send(handler, b"User-agent: *\nCrawl-delay: 600")
        else:
            came.append(time.monotonic())
            send(handler, b"")

    with serving(answer) as server:
        outcomes_of([f"{server.url}/{i}" for i in range(2)], politeness=Politeness(delay=0.0, longest_delay=0.2))

    assert came[1] - came[0] >= 0.2


def test_robots_are_asked_once_a_host_and_obeyed():
    def answer(handler):
        send(handler, b"User-agent: *\nDisallow: /private" if handler.path == "/robots.txt" else b"page")

    with serving(answer) as server:
        done = outcomes_of([f"{server.url}{path}" for path in ("/private/a", "/b", "/c", "/private/d")])

    assert ["/robots.txt", "/b", "/c"] == server.paths
    assert [None, b"page", b"page", None] == [done[f"{server.url}{path}"].body for path in ("/private/a", "/b", "/c", "/private/d")]
    refused = done[f"{server.url}/private/a"]
    assert (Failure.ROBOTS, None) == (refused.failure, refused.exchange)
    assert "does not let verify-claims fetch it" in refused.error


def test_robots_are_passed_over_when_the_user_says_so():
    with serving(lambda h: send(h, b"page")) as server:
        outcome = outcome_of(server.url, politeness=Politeness(delay=0.0, ignore_robots=True))

    assert (["/"], b"page") == (server.paths, outcome.body)


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [
        (lambda h: send(h, b"User-agent: *\nDisallow: /", 404), True),
        (lambda h: send(h, b"", 403), True),
        (lambda h: send(h, b"", 204), True),
        (lambda h: send(h, b"", 302, Location=h.path + "x"), True),
        (lambda h: send(h, b"", 500), False),
        (lambda h: send(h, b"", 503), False),
        (lambda h: send(h, b"", 429), False),
        (lambda h: send_raw(h, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut"), False),
        (lambda h: send(h, b"\xff\xfe\x00User-agent: *"), True),
    ],
    ids=["404", "403", "204", "redirects for ever", "500", "503", "429", "cut", "noise"],
)
def test_a_host_without_robots_allows_and_one_in_trouble_forbids(robots, fetched):
    with serving(lambda h: robots(h) if h.path.startswith("/robots.txt") else send(h, b"page")) as server:
        outcome = outcome_of(f"{server.url}/a")

    assert fetched is (outcome.body == b"page") is ("/a" in server.paths)
    assert fetched or outcome.failure in (Failure.NOT_ASKED, Failure.INCOMPLETE)


def test_robots_may_be_elsewhere():
    def elsewhere(handler):
        send(handler, b"User-agent: *\nDisallow: /", 200 if handler.path == "/real" else 404)

    with serving(elsewhere, host=HOSTS[1]) as other, serving(lambda h: send(h, b"", 301, Location=f"{other.url}/real")) as server:
        outcome = outcome_of(f"{server.url}/a")

    assert (Failure.ROBOTS, ["/robots.txt"], ["/real"]) == (outcome.failure, server.paths, other.paths)


def test_a_redirect_to_another_host_is_asked_of_its_robots():
    forbidding = b"User-agent: *\nDisallow: /secret"
    with (
        serving(lambda h: send(h, forbidding if h.path == "/robots.txt" else b"page"), host=HOSTS[1]) as other,
        serving(without_robots(lambda h: send(h, b"", 302, Location=f"{other.url}{h.path}"))) as server,
    ):
        done = outcomes_of([f"{server.url}/secret", f"{server.url}/open"])

    assert (Failure.ROBOTS, b"page") == (done[f"{server.url}/secret"].failure, done[f"{server.url}/open"].body)
    assert ["/robots.txt", "/open"] == other.paths


def test_a_redirect_to_a_hidden_address_is_refused():
    with (
        serving(lambda h: send(h, b"secret"), host=HOSTS[1]) as inner,
        serving(without_robots(lambda h: send(h, b"", 302, Location=inner.url))) as server,
    ):
        outcome = outcome_of(server.url, fetcher=Fetcher(allowed=frozenset({HOSTS[0]})))

    assert (Failure.REFUSED, None, []) == (outcome.failure, outcome.body, inner.asked)


def test_redirects_end():
    with serving(without_robots(lambda h: send(h, b"", 302, Location=h.path + "x"))) as server:
        outcome = outcome_of(f"{server.url}/a")

    assert (Failure.REDIRECTS, 6) == (outcome.failure, len(server.paths) - 1)
    assert "more than 5 redirects" in outcome.error


def faltering(*answers):
    """Answer with each in turn, for ever with the last."""
    left = list(answers)

    def answer(handler):
        next_one = left.pop(0) if len(left) > 1 else left[0]
        next_one(handler)

    return without_robots(answer)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda h: send(h, b"", 503),
        lambda h: send(h, b"", 502),
        lambda h: send(h, b"", 504),
        lambda h: send(h, b"", 429, Retry_After="0"),
        send_raw,
        lambda h: send_raw(h, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut"),
    ],
    ids=["503", "502", "504", "429", "hangs up", "cut"],
)
def test_trouble_that_passes_is_sat_out(trouble):
    with serving(faltering(trouble, trouble, lambda h: send(h, b"at last"))) as server:
        outcome = outcome_of(f"{server.url}/a")

    assert (b"at last", None, 4) == (outcome.body, outcome.failure, len(server.asked))


def test_trouble_that_stays_is_told():
    with serving(faltering(lambda h: send(h, b"", 503))) as server:
        outcome = outcome_of(f"{server.url}/a")

    assert (Failure.STATUS, "answered 503", 4) == (outcome.failure, outcome.error, len(server.asked))


@pytest.mark.parametrize("answer", [lambda h: send(h, b"", 500), lambda h: send(h, b"", 404), lambda h: send_raw(h, b"nonsense\r\n\r\n")])
def test_what_would_be_the_same_again_is_not_tried_again(answer):
    with serving(without_robots(answer)) as server:
        outcome_of(f"{server.url}/a")

    assert ["/robots.txt", "/a"] == server.paths


def test_a_server_is_given_the_time_that_it_asks_for():
    came = []

    def answer(handler):
        came.append(time.monotonic())
        send(handler, b"", 503, Retry_After="1") if len(came) == 1 else send(handler, b"here")

    with serving(without_robots(answer)) as server:
        assert b"here" == outcome_of(f"{server.url}/a").body

    assert came[1] - came[0] >= 1


def test_a_server_that_asks_for_a_day_is_left_alone():
    """Neither waited for nor asked again; other hosts go on."""
    with (
        serving(without_robots(lambda h: send(h, b"", 503, Retry_After="86400"))) as server,
        serving(without_robots(lambda h: send(h, b"here")), host=HOSTS[1]) as other,
    ):
        done = outcomes_of([f"{server.url}/a", f"{server.url}/b", f"{other.url}/c"])

    assert ["/robots.txt", "/a"] == server.paths
    assert (Failure.STATUS, 503) == ((asked := done[f"{server.url}/a"]).failure, asked.exchange.status)
    assert (Failure.NOT_ASKED, None) == ((not_asked := done[f"{server.url}/b"]).failure, not_asked.exchange)
    assert "asked to wait 86400 s" in not_asked.error
    assert b"here" == done[f"{other.url}/c"].body


def test_a_host_that_never_answers_is_given_up():
    """Each request to it costs all its time."""
    with serving(without_robots(lambda _: time.sleep(1))) as server:
        fetcher = Fetcher(allowed=FETCHER.allowed, limits=Limits(seconds=0.1))
        done = outcomes_of([f"{server.url}/{i}" for i in range(6)], fetcher=fetcher)

    assert [Failure.TIMEOUT] * 3 + [Failure.NOT_ASKED] * 3 == [outcome.failure for outcome in done.values()]
    assert "did not answer 3 times" in done[f"{server.url}/5"].error


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = outcome_of(f"http://127.0.0.1:{port}/")

    assert (Failure.CONNECT, None, None) == (outcome.failure, outcome.exchange, outcome.body)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://u:secret@127.0.0.1/", "http://[::1", "", "http://127.0.0.1:22/", "http://10.0.0.1/"]
)
def test_what_is_not_fetched_at_all_is_told_among_the_others(url):
    with serving(without_robots(lambda h: send(h, b"here"))) as server:
        done = outcomes_of([url, server.url])

    assert (Failure.REFUSED, b"here") == (done[url].failure, done[server.url].body)
    assert "secret" not in done[url].error


def test_a_name_for_a_file_is_only_a_fact(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = 'attachment; filename="../../evil.sh"'
    with serving(without_robots(lambda h: send(h, b"x", Content_Disposition=named))) as server:
        outcome = outcome_of(f"{server.url}/../../../etc/passwd")

    assert named == outcome.exchange.headers["content-disposition"]
    assert [] == list(tmp_path.iterdir())
    assert "/etc/passwd" == server.paths[-1]


def test_outcomes_come_to_the_calling_thread_one_by_one():
    threads = []
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(without_robots(lambda h: send(h, b"")), host=host)) for host in HOSTS]
        wanted = [FetchRequest(server.url) for server in servers]
        fetch_many(
            wanted, FETCHER, politeness=HASTY, on_done=lambda _: threads.append(threading.current_thread()), now=lambda: NOW, workers=4
        )

    assert [threading.current_thread()] * 4 == threads


def test_a_stop_keeps_what_was_done_and_ends_soon():
    stop, done = threading.Event(), []

    def on_done(outcome: FetchOutcome) -> None:
        done.append(outcome)
        stop.set()

    def answer(handler):
        if handler.path != "/0":
            time.sleep(20)
        send(handler, b"here")

    started = time.monotonic()
    with serving(without_robots(answer)) as server:
        wanted = [FetchRequest(f"{server.url}/{i}") for i in range(9)]
        fetch_many(wanted, FETCHER, politeness=HASTY, on_done=on_done, now=lambda: NOW, stop=stop)

    assert [f"{server.url}/0"] == [outcome.request.url for outcome in done]
    assert time.monotonic() - started < 10  # one answer alone takes twenty


def test_an_interrupt_leaves_at_once():
    """As Ctrl-C does while a server keeps everybody waiting."""
    asked = threading.Event()

    def wait(_):
        asked.set()
        time.sleep(20)

    def interrupt(_):
        raise KeyboardInterrupt

    started = time.monotonic()
    with serving(without_robots(wait)) as slow, serving(without_robots(lambda h: asked.wait(20) and send(h, b"")), host=HOSTS[1]) as server:
        wanted = [FetchRequest(slow.url), FetchRequest(server.url)]
        with pytest.raises(KeyboardInterrupt):
            fetch_many(wanted, FETCHER, politeness=HASTY, on_done=interrupt, now=lambda: NOW)

    assert time.monotonic() - started < 10


def test_what_the_caller_raises_ends_the_batch():
    def full(_):
        raise OSError("disk full")

    with serving(without_robots(lambda h: send(h, b""))) as server, pytest.raises(OSError, match="disk full"):
        fetch_many([FetchRequest(server.url)] * 3, FETCHER, politeness=HASTY, on_done=full, now=lambda: NOW)


def test_a_bug_in_a_worker_is_not_swallowed(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(Fetcher, "visit", broken)
    with pytest.raises(ZeroDivisionError):
        outcomes_of(["http://127.0.0.1/"])


def test_nothing_wanted_is_done_at_once():
    assert {} == outcomes_of([])


def test_the_same_url_twice_is_fetched_twice():
    with serving(without_robots(lambda h: send(h, b"here"))) as server:
        done = []
        wanted = [FetchRequest(server.url, source_id=i) for i in (1, 2)]
        fetch_many(wanted, FETCHER, politeness=HASTY, on_done=done.append, now=lambda: NOW)

    assert {1, 2} == {outcome.request.source_id for outcome in done}


def test_one_alone():
    with serving(without_robots(lambda h: send(h, b"here"))) as server:
        outcome = fetch_one(FetchRequest(server.url), FETCHER, politeness=HASTY, now=lambda: NOW)
        stopped = threading.Event()
        stopped.set()

        assert fetch_one(FetchRequest(server.url), FETCHER, politeness=HASTY, now=lambda: NOW, stop=stopped) is None
    assert b"here" == outcome.body


def test_three_thousand_hosts_take_their_turn(monkeypatch):
    """Nothing in the bookkeeping looks through all hosts at every step."""

    def visit(_self, url, **_):
        from verify.sources.fetch import Response

        return Response(url, 404 if url.endswith("robots.txt") else 200, {}, b"")

    monkeypatch.setattr(Fetcher, "visit", visit)
    done = outcomes_of([f"http://host{i}.example/" for i in range(3_000)])

    assert 3_000 == sum(outcome.body == b"" for outcome in done.values())


def test_facts_without_an_answer_are_empty():
    assert ("", 0, (), {}) == ((e := Exchange("a", "b", 200, NOW)).sha256, e.length, e.redirects, e.headers)
