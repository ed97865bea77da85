"""Pages through the MediaWiki API, from a server on loopback that answers as the API does."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from loopback import send, serving

from verify.errors import UsageError
from verify.sources.fetch import Fetcher, FetchError, Limits
from verify.sources.mediawiki import PageAddress, fetch_page, page_address

FETCHER = Fetcher(contact="ops@example.org", allowed=frozenset({"127.0.0.1"}), limits=Limits(seconds=10))
TEXT = "The '''gate''' was open.<ref>A. Guard</ref>"


def wiki(handler):
    """One page with two revisions, as formatversion 2 gives them."""
    asked = {key: values[0] for key, values in parse_qs(urlsplit(handler.path).query).items()}
    held = {"11": "Old text.", "12": TEXT}
    number = asked.get("revids", "12" if asked.get("titles") == "The gate" else "")
    if "revids" in asked and number not in held:
        body = {"batchcomplete": True, "query": {"badrevids": {number: {"revid": int(number), "missing": True}}}}
    elif not number:
        body = {"batchcomplete": True, "query": {"pages": [{"ns": 0, "title": asked["titles"], "missing": True}]}}
    else:
        slots = {"main": {"contentmodel": "wikitext", "contentformat": "text/x-wiki", "content": held[number]}}
        revision = {"revid": int(number), "parentid": 0, "timestamp": "2025-05-03T10:00:00Z", "slots": slots}
        body = {"batchcomplete": True, "query": {"pages": [{"pageid": 7, "ns": 0, "title": "The gate", "revisions": [revision]}]}}
    send(handler, json.dumps(body).encode(), Content_Type="application/json")


@pytest.mark.parametrize(
    ("url", "title", "revision"),
    [
        ("https://en.wikipedia.org/wiki/Fall_of_Damascus_(2024)", "Fall of Damascus (2024)", ""),
        ("https://en.wikipedia.org/wiki/The_gate@12", "The gate", "12"),
        ("https://de.wikipedia.org/wiki/Stra%C3%9Fe#Geschichte", "Straße", ""),
        ("https://en.wikipedia.org/w/index.php?title=The_gate&oldid=12", "The gate", "12"),
        ("https://en.wikipedia.org/wiki/AC/DC", "AC/DC", ""),
    ],
)
def test_addresses_of_pages(url, title, revision):
    address = page_address(url)

    assert (address.title, address.revision_id) == (title, revision)


@pytest.mark.parametrize(
    "url", ["https://example.org/", "https://en.wikipedia.org/wiki/", "nonsense", "https://en.wikipedia.org/w/index.php"]
)
def test_other_addresses_say_what_one_looks_like(url):
    with pytest.raises(UsageError, match="Title@oldid"):
        page_address(url)


def test_the_newest_revision_and_an_old_one():
    with serving(wiki) as server:
        newest = fetch_page(PageAddress(server.url, "The gate"), FETCHER)
        old = fetch_page(PageAddress(server.url, "The gate", "11"), FETCHER)

    assert (newest.text, newest.revision_id, newest.timestamp, newest.title) == (TEXT, "12", "2025-05-03T10:00:00Z", "The gate")
    assert (old.text, old.revision_id) == ("Old text.", "11")
    assert newest.url == f"{server.url}/wiki/The_gate"


def test_the_etiquette_is_kept():
    with serving(wiki) as server:
        fetch_page(PageAddress(server.url, "The gate"), FETCHER)

    (asked,) = server.asked
    assert parse_qs(urlsplit(asked.path).query)["maxlag"] == ["5"]
    assert "ops@example.org" in asked.headers["user-agent"]


def test_a_lagged_wiki_is_waited_for_as_long_as_it_says():
    lagged = [{"error": {"code": "maxlag", "info": "Waiting for a database server: 7 seconds lagged", "lag": 7}}] * 2
    waits = []

    def answer(handler):
        if lagged:
            send(handler, json.dumps(lagged.pop()).encode(), 200, Retry_After="7")
        else:
            wiki(handler)

    with serving(answer) as server:
        page = fetch_page(PageAddress(server.url, "The gate"), FETCHER, sleep=waits.append)

    assert (page.revision_id, waits) == ("12", [7.0, 7.0])


@pytest.mark.parametrize(
    ("address", "told"),
    [(("No such page", ""), "has no page 'No such page'"), (("The gate", "99"), "has no revision 99")],
)
def test_what_is_missing_is_said(address, told):
    with serving(wiki) as server, pytest.raises(FetchError, match=told):
        fetch_page(PageAddress(server.url, *address), FETCHER)


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (503, b"busy", {"Retry_After": "86400"}, "asks to wait 86400 s"),
        (429, b"", {}, "too busy; 4 requests"),
        (200, b"<html>hello</html>", {}, "does not answer as a MediaWiki API does"),
        (200, b"[1]", {}, "does not answer as a MediaWiki API does"),
        (200, b'{"query": {"pages": [{"title": "x"}]}}', {}, "without the text"),
        (200, b'{"error": {"code": "readonly", "info": "locked\\u001b[2J"}}', {}, r"answered: locked\\x1b"),
        (200, b'{"a":' * 50_000, {}, "does not answer"),
        (404, b"{}", {}, "status 404"),
    ],
    ids=["wait a day", "too many", "html", "list", "no text", "error", "deep", "not found"],
)
def test_a_wiki_that_answers_wrongly(status, body, headers, told):
    with serving(lambda h: send(h, body, status, **headers)) as server, pytest.raises(FetchError, match=told):
        fetch_page(PageAddress(server.url, "The gate"), FETCHER, sleep=lambda _: None)
