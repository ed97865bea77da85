"""WARC files, read back by the library that web archives read them with."""

import builtins
import io
from datetime import UTC, datetime, timedelta

import pytest

from verify.errors import UsageError
from verify.model import sha256_of
from verify.sources.exchange import Exchange, Hop
from verify.sources.warc import Capture, write_warc

warcio = pytest.importorskip("warcio.archiveiterator", reason="the extra `warc` is not installed")

AT = datetime(2024, 12, 8, 12, 0, 1, tzinfo=UTC)
URL = "https://example.org/a?b=c"


def capture(body=b"hello", status=200, *, url=URL, at=AT, redirects=(), **headers):
    kept = {name.replace("_", "-"): value for name, value in headers.items()}
    exchange = Exchange(url, url, status, at, redirects, kept, 5, sha256_of(body), len(body))
    return Capture(exchange, body)


def written(*captures, **options):
    stream = io.BytesIO()
    count = write_warc(stream, captures, software="verify-claims/1 (x)", written_at=AT, **options)
    return stream.getvalue(), count


def records_of(data):
    """Every record with its type, its fields, its HTTP head and its payload; a digest that does not fit raises."""
    found = []
    for record in warcio.ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        payload = record.content_stream().read()
        found.append((record.rec_type, record.rec_headers, record.http_headers, payload))
    return found


def fields(records, kind, name):
    return [headers.get_header(name) for found, headers, *_ in records if found == kind]


def test_an_exchange_is_a_response_and_a_request():
    data, count = written(capture(content_type="text/plain", content_length="3"))
    records = records_of(data)
    (_, info, _, about), (_, answer, head, payload), (_, asked, request, _) = records

    assert (["warcinfo", "response", "request"], 3) == ([kind for kind, *_ in records], count)
    assert ("WARC/1.1", "2024-12-08T12:00:01Z") == (info.protocol, answer.get_header("WARC-Date"))
    assert (URL, b"hello") == (answer.get_header("WARC-Target-URI"), payload)
    assert ("200", "text/plain", "5") == (head.get_statuscode(), head.get_header("content-type"), head.get_header("content-length"))
    assert answer.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert answer.get_header("WARC-Record-ID") == asked.get_header("WARC-Concurrent-To")
    assert ("GET", "/a?b=c HTTP/1.1") == (request.protocol, request.statusline)
    assert ("example.org", "verify-claims/1 (x)") == (request.get_header("Host"), request.get_header("User-Agent"))
    assert b"software: verify-claims/1 (x)\r\n" in about


def test_redirects_come_before_the_answer_that_they_led_to():
    hops = (Hop("http://example.org/old", 301, URL), Hop(URL, 302, f"{URL}&d"))
    records = records_of(written(capture(redirects=hops))[0])

    assert ["http://example.org/old", URL, URL] == fields(records, "response", "WARC-Target-URI")
    assert [("301", URL), ("302", f"{URL}&d"), ("200", None)] == [
        (head.get_statuscode(), head.get_header("Location")) for kind, _, head, _ in records if kind == "response"
    ]


def test_a_body_that_stands_already_is_referred_to():
    later = AT + timedelta(days=1)
    records = records_of(written(capture(), capture(url="https://mirror.example/"), capture(at=later), capture(b"other", at=later))[0])

    assert [b"hello", b"other"] == [payload for kind, *_, payload in records if kind == "response"]
    assert [URL] * 2 == fields(records, "revisit", "WARC-Refers-To-Target-URI")
    assert ["2024-12-08T12:00:01Z"] * 2 == fields(records, "revisit", "WARC-Refers-To-Date")
    assert all(profile.endswith("/1.1/revisit/identical-payload-digest") for profile in fields(records, "revisit", "WARC-Profile"))
    assert fields(records, "revisit", "WARC-Payload-Digest") == [fields(records, "response", "WARC-Payload-Digest")[0]] * 2


def test_what_was_not_modified_refers_to_what_it_was():
    records = records_of(written(capture(), capture(b"", 304, at=AT + timedelta(days=9)))[0])

    assert ["http://netpreserve.org/warc/1.1/revisit/server-not-modified"] == fields(records, "revisit", "WARC-Profile")
    assert [URL] == fields(records, "revisit", "WARC-Refers-To-Target-URI")


def test_not_modified_since_what_is_not_in_the_file_is_an_answer_of_its_own():
    assert ["warcinfo", "response", "request"] == [kind for kind, *_ in records_of(written(capture(b"", 304))[0])]


def test_error_pages_have_no_body_to_refer_to():
    records = records_of(written(capture(b"", 404), capture(b"", 404, url="https://example.org/z"))[0])

    assert ["404", "404"] == [head.get_statuscode() for kind, _, head, _ in records if kind == "response"]


def test_the_same_exchanges_are_the_same_bytes():
    captures = (capture(), capture(b"two", url="https://example.org/2"))

    assert written(*captures) == written(*captures)
    assert written(*captures, compress=False) == written(*captures, compress=False)


def test_every_record_has_its_own_identifier():
    records = records_of(written(*[capture(bytes([i])) for i in range(5)], *[capture()] * 3)[0])
    ids = [headers.get_header("WARC-Record-ID") for _, headers, *_ in records]

    assert len(ids) == len(set(ids)) == 17


def test_uncompressed_is_readable_as_text():
    data, _ = written(capture(), compress=False, filename="sources.warc")

    assert data.startswith(b"WARC/1.1\r\n")
    assert b"WARC-Filename: sources.warc\r\n" in data
    assert b"HTTP/1.1 200 OK\r\n" in data


def test_nothing_but_the_first_record():
    data, count = written()

    assert (1, ["warcinfo"]) == (count, [kind for kind, *_ in records_of(data)])


@pytest.mark.parametrize("body", [b"", bytes(range(256)) * 300, b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"\r\n\r\n" * 99])
def test_any_body_comes_back(body):
    records = records_of(written(capture(body), capture(b"after", url="https://example.org/2"))[0])

    assert [body, b"after"] == [payload for kind, *_, payload in records if kind == "response"]


def test_no_header_begins_another():
    evil = "text/plain\r\nWARC-Type: evil\r\n\r\nbody"
    records = records_of(written(capture(content_type=evil), capture(url="https://example.org/\r\nX-Evil: 1"))[0])

    assert ["warcinfo", "response", "request"] == [kind for kind, *_ in records][:3]
    assert not any(headers.get_header("X-Evil") for _, headers, *_ in records)
    assert evil.replace("\r\n", "  ") == records[1][2].get_header("content-type")


def test_a_missing_library_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("warcio"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'verify-claims\[warc\]'"):
        written()
