"""Copies of pages in web archives: what an archive's address holds, and whether the Internet Archive has a copy.

An archive's address is kept whole: it names a copy at a time, and the address inside it is another source. What is taken out of it here is for
looking, never in its place.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from verify.terminal import one_line

from .addresses import shown

if TYPE_CHECKING:  # the network's libraries, which the reading of an address does without
    from .fetch import Fetcher

AVAILABILITY = "https://archive.org/wayback/available"
"""The Internet Archive's own look-up (archive.org/help/wayback_api.php)."""

_WAYBACK = "Wayback Machine"
_SERVICES = {
    **dict.fromkeys(
        ("web.archive.org", "www.web.archive.org", "web-beta.archive.org", "wayback.archive.org", "liveweb.archive.org"), _WAYBACK
    ),
    **dict.fromkeys(("archive.org", "www.archive.org"), _WAYBACK),
    **{f"archive.{ending}": "archive.today" for ending in ("today", "ph", "is", "li", "vn", "fo", "md")},
    **dict.fromkeys(("perma.cc", "www.perma.cc"), "Perma.cc"),
    **dict.fromkeys(("webcitation.org", "www.webcitation.org"), "WebCite"),
    **dict.fromkeys(("ghostarchive.org", "www.ghostarchive.org"), "Ghostarchive"),
    "wayback.archive-it.org": "Archive-It",
    "webarchive.loc.gov": "Library of Congress",
    "webarchive.nationalarchives.gov.uk": "UK Government Web Archive",
    "www.webarchive.org.uk": "UK Web Archive",
    "arquivo.pt": "Arquivo.pt",
}
_WEB_ADDRESS = re.compile(r"https?:/{1,2}(?=[^/])", re.IGNORECASE)
_TIMED = re.compile(
    r"/(?:[\w.-]+/){0,4}?(?P<time>\d{4,14}|\d{4}\.\d\d\.\d\d-\d{6})(?P<flag>[a-z]{2}_)?\*?/(?P<held>https?:/.+|[\w-]+(?:\.[\w-]+)+(?:[:/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_UNTIMED = re.compile(r"/(?:[\w.-]+/){0,4}?\*?/?(?P<held>https?:/{1,2}[^/].*)", re.IGNORECASE | re.DOTALL)
_COPY = {
    "archive.today": re.compile(r"/(?:o/)?[A-Za-z0-9]{4,8}"),
    "Perma.cc": re.compile(r"/[A-Z0-9]{2,4}(?:-[A-Z0-9]{2,4}){1,3}", re.IGNORECASE),
    "WebCite": re.compile(r"/(?:[A-Za-z0-9]{8,10}|query|getfile\.php)"),
    "Ghostarchive": re.compile(r"/(?:archive|varchive)/[\w-]+"),
}
_FULL_TIME = 14
_DIGITS = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """A copy of a page in an archive, by its whole address. `inner_url` is the page's own address and `archived_at` the time of the copy, in UTC;
    "" and None where the archive's address does not say."""

    service: str
    url: str
    inner_url: str = ""
    archived_at: datetime | None = None

    @property
    def raw_url(self) -> str:
        """Where the Wayback Machine gives the bytes as they were, without its own banner; other archives have no such place."""
        found = _TIMED.fullmatch(_path(self.url)) if self.service == _WAYBACK else None
        if found is None:
            return self.url
        at = self.url.index(f"/{found['time']}{found['flag'] or ''}") + 1 + len(found["time"])
        return f"{self.url[:at]}id_{self.url[at + len(found['flag'] or '') :]}"


def archived_copy(url: str) -> ArchivedCopy | None:
    """Tell what copy an address names; None for what is no archive's."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
    except ValueError:
        return None
    service = _SERVICES.get(host, "") if parts.scheme in ("http", "https") else ""
    if not service or (service == _WAYBACK and not parts.path.startswith(("/web/", "/http"))):
        return None
    path = _path(url)
    if timed := _TIMED.fullmatch(path):
        return ArchivedCopy(service, url, _address(timed["held"]), _time(timed["time"]))
    if untimed := _UNTIMED.fullmatch(path):
        return ArchivedCopy(service, url, _address(untimed["held"]))
    named = service in _COPY and _COPY[service].fullmatch(parts.path.rstrip("/"))
    return ArchivedCopy(service, url, _address(parse_qs(parts.query).get("url", [""])[0])) if named else None


def closest_copy(url: str, fetcher: "Fetcher", *, near: datetime | None = None, service: str = AVAILABILITY) -> ArchivedCopy | None:
    """Ask the Internet Archive for its copy of a page, the one closest to a time, else the newest; None where it has none that came whole.

    Raises FetchError where it does not answer, or not as it is documented.
    """
    from .fetch import FetchError

    asked = {"url": url} | ({"timestamp": near.astimezone(UTC).strftime(_DIGITS)} if near else {})
    response = fetcher.get(service, asked)
    if response.status != 200:  # noqa: PLR2004
        raise FetchError(f"{shown(service)} answered {response.status}")
    try:
        closest: Any = json.loads(response.body)["archived_snapshots"].get("closest")
        available, status, place = (closest["available"], str(closest["status"]), closest["url"]) if closest else (False, "", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FetchError(f"{shown(service)} did not answer as the availability API does") from error
    if available is not True or not status.startswith("2"):
        return None
    copy = archived_copy(_secure(place)) if isinstance(place, str) else None
    if copy is None or copy.service != _WAYBACK or copy.archived_at is None:
        raise FetchError(f"{shown(service)} named no copy of its own: {one_line(str(place))[:100]}")
    return copy


def _secure(url: str) -> str:
    """The same copy under https: the API still names it under http."""
    return re.sub(r"(?i)^http:", "https:", url, count=1)


def _path(url: str) -> str:
    """All after the host, query and fragment with it: they belong to the address inside."""
    return "/" + url.partition("://")[2].partition("/")[2]


def _address(held: str) -> str:
    """The address inside an archive's, made whole: a scheme that was left out, and the slash that some servers fold."""
    found = _WEB_ADDRESS.match(held)
    if found:
        return f"{found[0].rstrip('/').lower()}//{held[found.end() :]}"
    return f"http://{held}" if held else ""


def _time(digits: str) -> datetime | None:
    """The time of a copy; what its address leaves out is the earliest that it can be."""
    digits = "".join(filter(str.isdigit, digits))
    full = digits + "00000101000000"[len(digits) :] if len(digits) % 2 == 0 else ""
    try:
        return datetime.strptime(full[:_FULL_TIME], _DIGITS).replace(tzinfo=UTC)
    except ValueError:
        return None
