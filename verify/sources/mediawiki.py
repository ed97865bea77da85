"""A page of a wiki through its MediaWiki API: the wikitext of the newest revision, or of the one that is asked for.

The etiquette of the API holds (mediawiki.org/wiki/API:Etiquette): a User-Agent with a contact, `maxlag`, one request at a time, and no shorter
wait than the server asks for.
"""

import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from verify.errors import UsageError
from verify.terminal import one_line

from .fetch import Fetcher, FetchError, Response

_MAX_LAG = "5"
_MOST_TRIES = 4
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_PAGE = re.compile(r"(?P<root>.*?)/wiki/(?P<title>[^?#]+)")
_SCRIPT = re.compile(r"(?P<root>.*?)/(?:index|api)\.php$")
_OLD_ID = re.compile(r"(?P<title>.+)@(?P<oldid>\d{1,12})")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where a page is: the wiki's scheme and host, its title, and the revision asked for ("" for the newest)."""

    site: str
    title: str
    revision_id: str = ""

    @property
    def url(self) -> str:
        """The page's own address, without a revision."""
        from urllib.parse import quote

        return f"{self.site}/wiki/{quote(self.title.replace(' ', '_'), safe=':/(),!*@')}"


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page's wikitext and what the wiki says of it. `timestamp` is ISO 8601."""

    title: str
    revision_id: str
    timestamp: str
    url: str
    text: str


def page_address(url: str) -> PageAddress:
    """Read the address of a page: `…/wiki/Title`, `…/wiki/Title@oldid`, `…/index.php?title=Title&oldid=N`. Raises UsageError for others."""
    parts = urlsplit(url.strip())
    site, query = f"{parts.scheme}://{parts.netloc}", parse_qs(parts.query)
    page, script = _PAGE.fullmatch(parts.path), _SCRIPT.fullmatch(parts.path)
    oldid = query.get("oldid", [""])[0]
    if page and parts.netloc:
        title = unquote(page["title"])
        old = _OLD_ID.fullmatch(title)
        title, oldid = (old["title"], old["oldid"]) if old else (title, oldid)
        return PageAddress(site, title.replace("_", " "), oldid)
    if script and parts.netloc and "title" in query:
        return PageAddress(site, query["title"][0].replace("_", " "), oldid)
    raise UsageError(f"{one_line(url)} is no address of a wiki page; it looks like https://en.wikipedia.org/wiki/Title, or Title@oldid")


def fetch_page(address: PageAddress, fetcher: Fetcher, *, sleep: Any = time.sleep) -> WikiPage:
    """Ask the wiki's API for a page. Raises FetchError for a missing page or revision, and for a server that stays too busy."""
    asked = {"revids": address.revision_id} if address.revision_id else {"titles": address.title, "redirects": "1"}
    query = {
        "action": "query",
        "prop": "revisions",
        "rvprop": "ids|timestamp|content",
        "rvslots": "main",
        "format": "json",
        "formatversion": "2",
        "maxlag": _MAX_LAG,
        **asked,
    }
    answer = _asked(f"{address.site}/w/api.php", query, fetcher, sleep)
    return _page_of(answer, address)


def _asked(api: str, query: dict[str, str], fetcher: Fetcher, sleep: Any) -> dict[str, Any]:
    """Ask until the wiki answers, waiting as long as it says when it is lagged or busy."""
    for tried in range(1, _MOST_TRIES + 1):
        response = fetcher.get(api, query)
        answer = _json(response)
        code = answer.get("error", {}).get("code", "") if isinstance(answer.get("error"), dict) else ""
        if response.status == 200 and not code:  # noqa: PLR2004
            return answer
        if code != "maxlag" and response.status not in (429, 503):
            said = one_line(str(answer.get("error", {}).get("info", "") if code else f"status {response.status}"))
            raise FetchError(f"{one_line(api)} answered: {said}")
        wait = response.retry_after or _SHORTEST_WAIT * 2**tried
        if tried < _MOST_TRIES and wait <= _LONGEST_WAIT:
            sleep(max(wait, _SHORTEST_WAIT))
        elif wait > _LONGEST_WAIT:
            raise FetchError(f"{one_line(api)} is busy and asks to wait {wait:.0f} s; try again then")
    raise FetchError(f"{one_line(api)} is too busy; {_MOST_TRIES} requests were put off")


def _json(response: Response) -> dict[str, Any]:
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return answer
    if response.status in (429, 503):
        return {}
    raise FetchError(f"{one_line(response.url)} does not answer as a MediaWiki API does (status {response.status})")


def _page_of(answer: dict[str, Any], address: PageAddress) -> WikiPage:
    query = answer.get("query", {})
    if "badrevids" in query:
        raise FetchError(f"{address.site} has no revision {address.revision_id}")
    try:
        page = query["pages"][0]
        if page.get("missing") or page.get("invalid"):
            raise FetchError(f"{address.site} has no page {one_line(address.title)!r}")
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"]
        title, number, timestamp = str(page["title"]), str(revision["revid"]), str(revision.get("timestamp", ""))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise FetchError(f"{address.site} answered without the text of {one_line(address.title)!r}") from error
    return WikiPage(title, number, timestamp, PageAddress(address.site, title).url, str(text))
