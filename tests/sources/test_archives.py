"""Addresses of archives are kept whole and taken apart for looking; the availability API is asked on loopback."""

import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import send, serving

from verify.sources.archives import archived_copy, closest_copy
from verify.sources.fetch import Fetcher, FetchError, Limits
from verify.sources.identifiers import identify

FETCHER = Fetcher(allowed=frozenset({"127.0.0.1"}), limits=Limits(seconds=5))
WAYBACK, TODAY = "Wayback Machine", "archive.today"
NOON = datetime(2020, 1, 2, 12, 30, 45, tzinfo=UTC)
PAGE = "http://example.org/a?b=c"


@pytest.mark.parametrize(
    ("url", "service", "inner", "at"),
    [
        (f"https://web.archive.org/web/20200102123045/{PAGE}", WAYBACK, PAGE, NOON),
        (f"http://web.archive.org/web/20200102123045id_/{PAGE}", WAYBACK, PAGE, NOON),
        (f"https://web.archive.org/web/20200102123045if_/{PAGE}", WAYBACK, PAGE, NOON),
        (f"https://www.web.archive.org/web/20200102123045/{PAGE}", WAYBACK, PAGE, NOON),
        (f"https://wayback.archive.org/web/20200102123045/{PAGE}", WAYBACK, PAGE, NOON),
        (f"http://archive.org/web/20200102123045/{PAGE}", WAYBACK, PAGE, NOON),
        ("https://web.archive.org/web/20200102123045/http:/example.org/a", WAYBACK, "http://example.org/a", NOON),
        ("https://web.archive.org/web/20200102123045/HTTPS://Example.org/A", WAYBACK, "https://Example.org/A", NOON),
        ("https://web.archive.org/web/20200102123045/example.org/a", WAYBACK, "http://example.org/a", NOON),
        ("https://web.archive.org/web/20200102123045/http://example.org/a#part", WAYBACK, "http://example.org/a#part", NOON),
        ("https://web.archive.org/web/2020/http://example.org", WAYBACK, "http://example.org", datetime(2020, 1, 1, tzinfo=UTC)),
        ("https://web.archive.org/web/202003/http://example.org", WAYBACK, "http://example.org", datetime(2020, 3, 1, tzinfo=UTC)),
        ("https://web.archive.org/web/2020*/http://example.org", WAYBACK, "http://example.org", datetime(2020, 1, 1, tzinfo=UTC)),
        ("https://web.archive.org/web/20209999123045/http://example.org", WAYBACK, "http://example.org", None),
        ("https://web.archive.org/web/20200/http://example.org", WAYBACK, "http://example.org", None),
        ("https://web.archive.org/web/*/http://example.org/a", WAYBACK, "http://example.org/a", None),
        ("https://web.archive.org/web/http://example.org/a", WAYBACK, "http://example.org/a", None),
        (
            "https://web.archive.org/web/20200102123045/https://web.archive.org/web/2019/http://e.org",
            WAYBACK,
            "https://web.archive.org/web/2019/http://e.org",
            NOON,
        ),
        ("https://archive.today/20200102123045/https://example.org/a", TODAY, "https://example.org/a", NOON),
        ("https://archive.is/2020.01.02-123045/https://example.org/a", TODAY, "https://example.org/a", NOON),
        ("https://archive.ph/newest/https://example.org/a", TODAY, "https://example.org/a", None),
        ("https://archive.ph/https://example.org/a", TODAY, "https://example.org/a", None),
        ("https://archive.ph/AbC1d", TODAY, "", None),
        ("https://archive.li/o/AbC1d/https://example.org/a", TODAY, "https://example.org/a", None),
        ("https://perma.cc/AB12-CD34", "Perma.cc", "", None),
        ("https://www.webcitation.org/5kbMYyxhD?url=http://example.org/a", "WebCite", "http://example.org/a", None),
        ("https://www.webcitation.org/5kbMYyxhD", "WebCite", "", None),
        ("https://ghostarchive.org/archive/AbC1d", "Ghostarchive", "", None),
        ("https://wayback.archive-it.org/1234/20200102123045/http://example.org", "Archive-It", "http://example.org", NOON),
        ("https://webarchive.loc.gov/all/20200102123045/http://example.org", "Library of Congress", "http://example.org", NOON),
        ("https://arquivo.pt/wayback/20200102123045/http://example.org", "Arquivo.pt", "http://example.org", NOON),
        ("https://www.webarchive.org.uk/wayback/archive/20200102123045/http://example.org", "UK Web Archive", "http://example.org", NOON),
    ],
)
def test_what_an_archives_address_holds(url, service, inner, at):
    copy = archived_copy(url)

    assert (service, url, inner, at) == (copy.service, copy.url, copy.inner_url, copy.archived_at)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://example.org/web/2020/http://a.org",
            "https://archive.org/details/abook",
            "https://web.archive.org/",
            "https://archive.org/web/",
        ),
        *(
            "https://web.archive.org/save/http://example.org",
            "https://web.archive.org/web/2020/",
            "https://archive.today/",
            "https://perma.cc/about",
        ),
        *(
            "ftp://web.archive.org/web/2020/http://a.org",
            "https://web.archive.org.evil.example/web/2020/http://a.org",
            "http://[bad",
            "",
            "archive.ph",
        ),
    ],
)
def test_other_addresses_are_no_archives(url):
    assert archived_copy(url) is None


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        (
            "https://web.archive.org/web/20200102123045/http://e.org/2020/a",
            "https://web.archive.org/web/20200102123045id_/http://e.org/2020/a",
        ),
        ("https://web.archive.org/web/20200102123045if_/http://e.org", "https://web.archive.org/web/20200102123045id_/http://e.org"),
        ("https://web.archive.org/web/20200102123045id_/http://e.org", "https://web.archive.org/web/20200102123045id_/http://e.org"),
        ("https://archive.ph/20200102123045/http://e.org", "https://archive.ph/20200102123045/http://e.org"),
        ("https://web.archive.org/web/http://e.org", "https://web.archive.org/web/http://e.org"),
    ],
)
def test_the_bytes_as_they_were(url, raw):
    assert raw == archived_copy(url).raw_url


@pytest.mark.parametrize(
    "inner", ["http://example.org/a?utm_source=x&b=1", "https://user.example/%7Ea/../b//c?q=http://x/", "http://example.org"]
)
def test_an_archives_address_is_kept_whole_as_a_source(inner):
    url = f"https://web.archive.org/web/20200102123045/{inner}"

    assert inner.removeprefix("http://") in identify(url).canonical.replace("~", "%7E")
    assert NOON == archived_copy(identify(url).canonical).archived_at


@given(st.text(st.sampled_from("https://web.archive.org/20id_*.?#"), max_size=60))
def test_no_address_is_too_odd(text):
    copy = archived_copy("https://web.archive.org/web/" + text)

    assert copy is None or copy.raw_url.startswith("https://web.archive.org/web/")


def test_a_long_address_takes_no_longer():
    assert archived_copy("https://web.archive.org/web/" + "1/" * 50_000 + "a.b" * 50_000) is None


def available(**changes):
    closest = {
        "available": True,
        "url": f"http://web.archive.org/web/20200102123045/{PAGE}",
        "timestamp": "20200102123045",
        "status": "200",
    }
    return {"url": PAGE, "archived_snapshots": {"closest": closest | changes}}


def asked(answer, status=200, **options):
    """Ask a service that answers so; gives the copy, and what it was asked."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    with serving(lambda h: send(h, body, status)) as server:
        copy = closest_copy(PAGE, FETCHER, service=f"{server.url}/wayback/available", **options)
    return copy, {name: values[0] for name, values in parse_qs(urlsplit(server.asked[0].path).query).items()}


def test_the_closest_copy_is_given_under_https():
    copy, query = asked(available())

    assert (f"https://web.archive.org/web/20200102123045/{PAGE}", PAGE, NOON) == (copy.url, copy.inner_url, copy.archived_at)
    assert {"url": PAGE} == query


def test_a_time_is_asked_for_in_utc():
    east = NOON.astimezone(timezone(timedelta(hours=9)))

    assert "20200102123045" == asked(available(), near=east)[1]["timestamp"]


@pytest.mark.parametrize(
    "answer",
    [
        {"url": PAGE, "archived_snapshots": {}},
        {"archived_snapshots": {"closest": {}}},
        {"archived_snapshots": {"closest": None}},
        available(available=False),
        available(status="404"),
        available(status="302"),
    ],
)
def test_no_copy_that_came_whole(answer):
    assert asked(answer)[0] is None


@pytest.mark.parametrize(
    "answer",
    [
        *(
            b"",
            b"<html>",
            b"[]",
            b"null",
            b'{"archived_snapshots": []}',
            b'{"archived_snapshots": {"closest": 7}}',
            b'{"archived_snapshots": {"closest": []',
        ),
        *(b'{"a":' * 50_000, b'{"archived_snapshots": {"closest": {"available": true}}}'),
        *(available(url="http://10.0.0.1/"), available(url="https://web.archive.org.evil.example/web/2020/http://a"), available(url=7)),
        *(
            available(url="file:///etc/passwd"),
            available(url="https://archive.ph/AbC1d"),
            available(url="https://web.archive.org/web/http://e.org"),
        ),
        available(url="http://evil.example/\x1b[2J"),
    ],
)
def test_an_answer_of_another_kind_is_told(answer):
    with pytest.raises(FetchError) as told:
        asked(answer)

    assert str(told.value).isprintable()


@pytest.mark.parametrize("status", [429, 500, 404])
def test_a_service_in_trouble_is_told(status):
    with pytest.raises(FetchError, match=f"answered {status}"):
        asked(b"", status)
