"""What a hostile server can send: nothing of it is kept unless it is whole, and none of it takes more than was allowed."""

import gzip
import threading
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import send, send_raw, serving

from verify.sources.encodings import BrokenOffError, PackingError, unpacked
from verify.sources.exchange import Failure
from verify.sources.fetch import Fetcher, FetchError, Limits

LOCAL = frozenset({"127.0.0.1"})
OK = b"HTTP/1.1 200 OK\r\n"
SMALL = Fetcher(allowed=LOCAL, limits=Limits(seconds=5, max_bytes=2**20))
QUICK = Fetcher(allowed=LOCAL, limits=Limits(seconds=0.15))


def fetched(answer, fetcher=SMALL, **asked):
    with serving(answer) as server:
        return fetcher.get(server.url, **asked)


def told(answer, fetcher=SMALL, **asked):
    with pytest.raises(FetchError) as caught:
        fetched(answer, fetcher, **asked)
    return caught.value


def endless(handler, piece=b"x" * 2**16):
    send_raw(handler, OK + b"\r\n")
    while True:
        handler.wfile.write(piece)


def drip(handler, head=OK + b"Content-Length: 1000\r\n\r\n", piece=b"."):
    send_raw(handler, head)
    for _ in range(100):
        send_raw(handler, piece)
        time.sleep(0.1)


def flood(handler):
    """Interim answers without end."""
    while True:
        send_raw(handler, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)


BOMB = b"0" * 5_000_000


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(BOMB), "gzip"),
        (gzip.compress(BOMB), "x-gzip"),
        (zlib.compress(BOMB), "deflate"),
        (zlib.compress(BOMB)[2:-4], "deflate"),
        (gzip.compress(gzip.compress(BOMB)), "gzip, gzip"),
        (gzip.compress(b"0" * 300_000) * 5, "gzip"),
        (gzip.compress(b"") * 60_000, "gzip"),
        (BOMB, "identity"),
    ],
    ids=["gzip", "x-gzip", "deflate", "raw deflate", "twice", "five members", "empty members", "plain"],
)
def test_a_body_is_capped_before_and_after_decompression(body, coding):
    error = told(lambda h: send(h, body, Content_Encoding=coding))

    assert (Failure.TOO_LARGE, True) == (error.failure, "larger than 1 MB" in str(error))


def test_a_body_that_says_that_it_is_too_large_is_not_read():
    begun = threading.Event()

    def answer(handler):
        send_raw(handler, OK + b"Content-Length: 99999999999999999999\r\n\r\n")
        begun.wait(5)

    error = told(answer)
    begun.set()

    assert Failure.TOO_LARGE is error.failure


def test_an_endless_body_is_left_at_the_cap():
    assert Failure.TOO_LARGE is told(endless).failure


@pytest.mark.parametrize(
    "answer",
    [
        drip,
        lambda h: drip(h, b"", b"H"),
        lambda h: drip(h, OK, b"X-A: b\r\n"),
        lambda h: drip(h, OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
        lambda h: drip(h, OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
        lambda _: time.sleep(3),
        flood,
    ],
    ids=["body", "status line", "headers", "chunks", "packed", "silence", "interim answers"],
)
def test_a_server_that_drips_is_left_at_the_deadline(answer):
    error = told(answer, QUICK)

    assert (Failure.TIMEOUT, True) == (error.failure, "no complete answer within 0.15 s" in str(error))


def test_the_deadline_is_one_for_all_redirects():
    def answer(handler):
        time.sleep(0.1)
        send(handler, b"", 302, Location=handler.path + "x")

    assert Failure.TIMEOUT is told(answer, QUICK).failure


@pytest.mark.parametrize(
    "pieces",
    [
        (OK + b"Content-Length: 1000\r\n\r\nonly this",),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",),
        (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello" * 99)[:-9],),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\n" + gzip.compress(b"hello" * 99)[:12],),
        (OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"hello" * 99)[:-2],),
        (OK + b"Content-Encoding: gzip\r\n\r\n\x1f",),
        (b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/10\r\nContent-Length: 5\r\n\r\nhello",),
    ],
    ids=["length", "chunks", "chunk", "gzip", "gzip of the length said", "deflate", "one byte", "a part"],
)
def test_a_truncated_body_is_not_an_answer(pieces):
    assert Failure.INCOMPLETE is told(lambda h: send_raw(h, *pieces)).failure


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((OK + b"Content-Encoding: gzip\r\n\r\nplain text",), "says that it is packed with gzip, and is not"),
        ((OK + b"Content-Encoding: br\r\n\r\n\x0b\x02\x80hello\x03",), "is packed with br, which was not asked for"),
        ((OK + b"Content-Encoding: gzip, zstd\r\n\r\nx",), "is packed with zstd"),
        ((OK + b"Content-Encoding: gzip,gzip,gzip\r\n\r\nx",), "is packed 3 times over"),
        ((OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",), "conflicting Content-Length"),
        ((OK + b"Content-Length: -5\r\n\r\nhello",), "bad Content-Length"),
        ((OK + b"X-Long: " + b"a" * 2**20 + b"\r\n\r\n",), "Receive buffer too long"),
        ((OK + b"X-A: b\r\n" * 200_000,), "Receive buffer too long"),
        ((b"SSH-2.0-OpenSSH_9.6\r\n\r\n",), "illegal status line"),
        ((b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",), "without a pending proposal"),
        ((b"HTTP/1.1 304 Not Modified\r\n\r\n",), "answered 304 to a plain request"),
        ((b"HTTP/1.1 200 OK\r\nX\x00Y: z\r\n\r\n",), "illegal header line"),
    ],
    ids=["no gzip", "br", "zstd", "thrice", "two lengths", "no length", "1 MB header", "header flood", "ssh", "101", "304", "nul"],
)
def test_nonsense_is_told_in_one_line(pieces, words):
    error = told(lambda h: send_raw(h, *pieces))

    assert (Failure.PROTOCOL, True) == (error.failure, words in str(error))
    assert "\n" not in str(error)


def test_a_server_that_hangs_up_did_not_answer():
    assert Failure.CONNECT is told(send_raw).failure


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((b"HTTP/1.0 200 OK\r\n\r\nold but ", b"whole"), b"old but whole"),
        ((OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"a") + gzip.compress(b"b"),), b"ab"),
        ((OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"a") + b"\0\0\0",), b"a"),
        ((OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"z" * 99)[2:-4],), b"z" * 99),
        ((OK + b"Content-Encoding: utf-8\r\n\r\nplain",), b"plain"),
        ((OK + b"Content-Encoding: none\r\nContent-Length: 0\r\n\r\n",), b""),
        ((OK + b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",), b""),
        ((OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n",), b"abc"),
        ((b"HTTP/1.1 103 Early Hints\r\n\r\n", OK + b"Content-Length: 2\r\n\r\nok"), b"ok"),
    ],
    ids=["HTTP/1.0", "two members", "padding", "raw deflate", "a charset", "none", "nothing packed", "chunks", "interim"],
)
def test_odd_but_whole(pieces, body):
    assert body == fetched(lambda h: send_raw(h, *pieces)).body


@pytest.mark.parametrize(
    "answer",
    [
        lambda h: send_raw(h, b"HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\ncut"),
        lambda h: send_raw(h, b"HTTP/1.1 404 Not Found\r\nContent-Encoding: br\r\n\r\nx"),
        lambda h: send(h, b"x" * 3_000_000, 404),
    ],
    ids=["cut", "packed", "large"],
)
def test_the_status_of_an_error_page_counts_even_if_the_page_is_broken(answer):
    assert 404 == fetched(answer).status


def test_what_follows_a_redirect_is_not_read():
    """Its body has no end."""

    def answer(handler):
        if handler.path == "/":
            send_raw(handler, b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n")
            drip(handler, b"")
        else:
            send(handler, b"here")

    assert b"here" == fetched(answer).body


def test_a_redirect_without_a_place_is_an_answer():
    assert (302, "") == ((response := fetched(lambda h: send(h, b"", 302))).status, response.target)


def test_not_modified_is_an_answer_to_a_condition():
    def answer(handler):
        send_raw(
            handler, b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n' if handler.headers["If-None-Match"] == '"a"' else OK + b"\r\nnew"
        )

    assert (304, b"") == ((same := fetched(answer, headers={"If-None-Match": '"a"'})).status, same.body)
    assert (200, b"new") == ((other := fetched(answer, headers={"If-None-Match": '"b"'})).status, other.body)


def test_a_fetch_is_stopped_while_it_waits():
    stop = threading.Event()

    def answer(_):
        stop.set()
        time.sleep(3)

    with serving(answer) as server, pytest.raises(FetchError, match="stopped") as caught:
        Fetcher(allowed=LOCAL).visit(server.url, stop=stop)

    assert Failure.STOPPED is caught.value.failure


def test_by_default_a_url_may_take_thirty_seconds_and_twenty_megabytes():
    assert (30, 20 * 2**20) == (Limits().seconds, Limits().max_bytes) == (Fetcher().limits.seconds, Fetcher().limits.max_bytes)


@given(st.lists(st.binary(max_size=200), max_size=5), st.sampled_from(["gzip", "deflate"]), st.integers(1, 50))
def test_what_was_packed_is_unpacked_however_it_was_cut(members, coding, size):
    whole = b"".join(members)
    packed = b"".join(map(gzip.compress, members)) if coding == "gzip" else zlib.compress(whole)
    chunks = [packed[i : i + size] for i in range(0, len(packed), size)]

    assert whole == b"".join(unpacked(chunks, coding))


@given(st.binary(min_size=1, max_size=300), st.sampled_from([gzip.compress, zlib.compress]), st.data())
def test_no_beginning_of_what_was_packed_passes_for_it(content, pack, data):
    packed = pack(content)
    cut = data.draw(st.integers(1, len(packed) - 1))

    with pytest.raises(BrokenOffError):
        list(unpacked([packed[:cut]], "gzip" if pack is gzip.compress else "deflate"))


@given(st.lists(st.binary(max_size=50), max_size=5), st.text(st.sampled_from("gzipbrdeflat, "), max_size=20))
def test_noise_is_unpacked_or_refused(chunks, coding):
    try:
        pieces = list(unpacked(chunks, coding))
    except PackingError:
        pieces = []

    assert all(len(piece) <= 2**16 for piece in pieces)
