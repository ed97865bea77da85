"""Web addresses as they stand in printed text: where each ends, whether it is an archive's copy of another, what identifier it resolves.

Printed addresses are followed by the punctuation of their sentence, stand in brackets, and break at the ends of lines; the rules are those of
RFC 3986, appendix C, made careful: a bracket ends an address only when it closes none of the address's own, as Wikipedia's have pairs.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])https?://[^\s<>\"“”„«»。，、；「」『』【】《》|\\^`{}]+|(?<![\w@./-])www\.[^\s<>\"“”„«»。，、；「」『』【】《》|\\^`{}]+",
    re.IGNORECASE,
)
_ANGLED = re.compile(r"<(?:URL:)?\s{0,9}((?:https?://|www\.)[^<>]{1,3000})>", re.IGNORECASE)
_BROKEN_LINE = re.compile(r"[ \t\r]*\n\s*")
_BREAKS_AFTER, _BREAKS_BEFORE = "-_=&?%#~", "/?&=#%_"
_GOES_ON = re.compile(r"[^\s<>\"]*[/=&%_?#]|[\w-]+\.(?:html?|php|pdf|aspx?|xml|txt)\b", re.IGNORECASE)
_ENDS = ".,;:!?'’‘*_…"
_PAIRS = {")": "(", "]": "[", "）": "（"}

_COPY = re.compile(
    r"/\d{4}[\d.-]{0,16}(?:[a-z]{2}_)?\*?/((?:https?(?::|%3A)(?:/|%2F){1,2}|www\.)\S+|[\w-]+(?:\.[\w-]+)+(?:/\S*)?)$", re.IGNORECASE
)
"""Memento's form of an address: a time of up to 14 digits, then the address that was copied (as the Wayback Machine's, RFC 7089)."""
_WAYBACK = re.compile(r"(?:web\.|wayback\.|www\.)?archive\.org/(?:web/|\d{4})|wayback\.archive-it\.org/")
_ARCHIVE = re.compile(
    r"archive\.(?:today|is|ph|li|vn|md|fo)|webcitation\.org|perma\.cc|ghostarchive\.org|freezepage\.com|megalodon\.jp|archive\.wikiwix\.com"
    r"|webarchive\.(?:nationalarchives\.gov\.uk|org\.uk|loc\.gov)|arquivo\.pt|timetravel\.mementoweb\.org|swap\.stanford\.edu|wayback\.vefsafn\.is"
)
_DOI_HOSTS = ("doi.org", "dx.doi.org")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/\S+")
_ARXIV = re.compile(r"/(?:abs|pdf|html)/((?:\d{4}\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?)(?:\.pdf)?/?", re.IGNORECASE)
_PUBMED = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})/?(?:[?#]|$)")
_BOOK = re.compile(r"/(?:Special:BookSources/|isbn/)([\dXx-]{10,17})/?", re.IGNORECASE)
_PAGE = re.compile(r"https?://[^/]{0,300}[.:]|[^/]+/.", re.IGNORECASE)
"""What names a page: a host alone, without its scheme, is as often the name of a publisher."""
_LONGEST = 2000
"""No server promises to take a longer address (RFC 9110, 4.1, asks for 8000 octets at least; common software stops at 2000)."""


def addresses_in(text: str) -> tuple[list[str], str]:
    """Give the addresses printed in a text, in their order, and the text without them."""
    text = _ANGLED.sub(lambda found: f"<{_BROKEN_LINE.sub('', found[1])}>", _mended(text))
    found: list[str] = []
    rest: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = _ended(match[0])
        if len(address) > _LONGEST or not _PAGE.match(address):
            continue
        rest += text[at : match.start()], " "
        at = match.start() + len(address)
        found.append(address if address[0] in "hH" else f"http://{address}")
    return found, "".join((*rest, text[at:]))


def is_archive(url: str) -> bool:
    """Whether an address is an archive's, of a copy made at a time."""
    parts = _split(url)
    if parts is None:
        return False
    host, rest = parts
    copied = _COPY.search(rest)
    return bool(_ARCHIVE.fullmatch(host) or _WAYBACK.match(host + rest) or (copied and copied[1].lower().startswith("http")))


def archived_in(url: str) -> str:
    """The address whose copy an archive's address shows; empty where it does not say."""
    parts = _split(url)
    if parts is None:
        return ""
    if found := _COPY.search(parts[1]):
        return _repaired(found[1])
    asked = parse_qs(parts[1].partition("?")[2])
    return _repaired(asked["url"][0]) if "url" in asked else ""


def resolved(url: str) -> Iterator[tuple[str, str]]:
    """What an address resolves, where it does no more than that: ("doi", ...), ("arxiv", ...), ("pmid", ...) or ("isbn", ...)."""
    parts = _split(url)
    if parts is None:
        return
    host, rest = parts
    if host in _DOI_HOSTS and (doi := _DOI.fullmatch(unquote(re.split("[?#]", rest[1:], maxsplit=1)[0]))):
        yield "doi", doi[0]
    elif host in ("arxiv.org", "export.arxiv.org") and (paper := _ARXIV.match(rest)):
        yield "arxiv", paper[1]
    elif pubmed := _PUBMED.match(host + rest):
        yield "pmid", pubmed[1]
    elif book := _BOOK.search(rest):
        yield "isbn", book[1]


def _split(url: str) -> tuple[str, str] | None:
    """The host of a web address, without www, and what follows it; None for what is no web address."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return (host, url[url.index(parts.netloc) + len(parts.netloc) :]) if host and parts.scheme in ("http", "https") else None


def _repaired(address: str) -> str:
    """An address out of another one: percent-encoded, with one slash of two, or without its scheme."""
    if re.match("https?%3A", address, re.IGNORECASE):
        address = unquote(address)
    scheme, colon, rest = address.partition(":/")
    return f"{scheme}://{rest.lstrip('/')}" if colon and scheme.lower() in ("http", "https") else f"http://{address}"


def _mended(text: str) -> str:
    """Join an address that breaks at the end of a line, where what follows can hardly be words."""
    pieces: list[str] = []
    last = ""
    for line in text.split("\n"):
        words = line.split() or [""]
        if last and words[0] and len(last) < _LONGEST and _goes_on(last, words[0]):
            pieces += pieces.pop().rstrip(), line.lstrip()
            last = last + words[0] if len(words) == 1 else words[-1]
        else:
            pieces += "\n", line
            last = words[-1]
    return "".join(pieces[1:])


def _goes_on(last: str, first: str) -> bool:
    if not ("://" in last or last.startswith("www.")) or first.startswith(("http", "www.")) or last[-1] in ">)]":
        return False
    return last[-1] in _BREAKS_AFTER or first[0] in _BREAKS_BEFORE or (last[-1] in "/." and bool(_GOES_ON.match(first)))


def _ended(address: str) -> str:
    """Cut an address where its sentence goes on, and the punctuation of it."""
    return balanced(address, _PAIRS).rstrip(_ENDS + "([（")


def balanced(text: str, pairs: Mapping[str, str]) -> str:
    """Cut a text at the first bracket that closes none of its own; `pairs` are opening brackets by closing ones."""
    opened: list[str] = []
    for at, sign in enumerate(text):
        if sign in pairs.values():
            opened.append(sign)
        elif sign in pairs and (not opened or opened.pop() != pairs[sign]):
            return text[:at]
    return text
