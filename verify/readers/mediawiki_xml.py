"""Dumps of a whole wiki in MediaWiki's export format (https://www.mediawiki.org/xml/export-0.11.xsd), plain or packed with bzip2, gzip or xz.

A dump is read as a stream: a page is given as soon as it is whole, and memory holds one page at a time. Expat reads the XML; a document type, and so
every entity, is refused. A dump that breaks off gives the pages that were whole, then says where it broke.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import quote
from xml.parsers import expat

from verify.errors import ReadError
from verify.model import Draft
from verify.terminal import one_line

from .wikitext.reader import redirect_target, wikitext_draft

ARTICLES = frozenset({0})
LARGEST_PAGE = 64 * 2**20
"""Characters of one page's text; MediaWiki takes 2 MB of wikitext at most (`$wgMaxArticleSize`)."""
LARGEST_DUMP = 2**40
"""Bytes of XML; the whole English Wikipedia's articles are some 100 GB."""
MOST_GROWTH = 200
"""Times that a dump may grow when unpacked. Real ones grow 3 to 60 times, the worst that gzip can be made to do is 1030, bzip2 millions."""
_GROWS_FREELY = 64 * 2**20
_CHUNK = 2**18
_DEEPEST = 64
_KEPT = {
    ("mediawiki", "siteinfo", "sitename"): "site",
    ("mediawiki", "siteinfo", "base"): "base",
    ("mediawiki", "page", "title"): "title",
    ("mediawiki", "page", "ns"): "ns",
    ("mediawiki", "page", "id"): "id",
    ("mediawiki", "page", "revision", "id"): "revision",
    ("mediawiki", "page", "revision", "timestamp"): "timestamp",
    ("mediawiki", "page", "revision", "text"): "text",
}
"""The elements whose words are kept, by their path."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a dump at its last revision there. `text` is wikitext, `timestamp` as the dump has it (ISO 8601, UTC), `url` that of the revision."""

    title: str
    page_id: int
    revision_id: int
    timestamp: str
    text: str
    url: str
    namespace: int = 0
    language: str = ""


@dataclass(slots=True)
class Passed:
    """What `pages` passed over, counted as it goes."""

    redirects: int = 0
    other_namespaces: int = 0


class _Unpacker(Protocol):
    """What bz2, lzma and zlib share, once wrapped: some bytes in, at most so many out; what is left over waits inside."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Unpack."""


def pages(
    source: str | PathLike[str] | IO[bytes],
    *,
    namespaces: frozenset[int] = ARTICLES,
    passed: Passed | None = None,
    largest_page: int = LARGEST_PAGE,
    largest_dump: int = LARGEST_DUMP,
    most_growth: int = MOST_GROWTH,
) -> Iterator[Page]:
    """Give the pages of a dump in its order, redirects and other namespaces passed over (and counted in `passed`).

    `source` is a path or a stream of bytes. Sizes are characters of a page's text, and bytes of unpacked XML. Raises ReadError, after the last page that
    was whole, for a dump that breaks off, is damaged, is none, has a document type, or grows beyond the limits.
    """
    passed = passed if passed is not None else Passed()
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(source).open("rb")) if isinstance(source, str | PathLike) else source
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror}") from None
        walk = _Walk(largest_page)
        for chunk in _unpacked(stream, largest_dump, most_growth):
            yield from _wanted(walk.feed(chunk), namespaces, passed)
        yield from _wanted(walk.finish(), namespaces, passed)


def page_draft(page: Page) -> Draft:
    """Read a page's wikitext into a draft with its title."""
    return wikitext_draft(page.text, title=page.title, language=page.language)


def _wanted(found: Iterator[Page | None], namespaces: frozenset[int], passed: Passed) -> Iterator[Page]:
    for page in found:
        if page is None or redirect_target(page.text):
            passed.redirects += 1
        elif page.namespace not in namespaces:
            passed.other_namespaces += 1
        else:
            yield page


def _unpacked(stream: IO[bytes], largest: int, most_growth: int) -> Iterator[bytes]:
    """Give the XML in pieces, unpacked by what its first bytes say it is packed with."""
    head = stream.read(_CHUNK)
    if not head:
        raise ReadError("is empty")
    open_unpacker = next((opener for magic, opener in _PACKINGS.items() if head.startswith(magic)), None)
    size = 0
    for taken, piece in _stored(stream, head) if open_unpacker is None else _inflated(stream, head, open_unpacker):
        size += len(piece)
        if size > largest:
            raise ReadError(f"is too large: more than {largest} bytes of XML; a larger limit takes it")
        if size > max(_GROWS_FREELY, most_growth * taken):
            raise ReadError(f"looks like a decompression bomb: it unpacks to more than {most_growth} times its size")
        yield piece


def _stored(stream: IO[bytes], head: bytes) -> Iterator[tuple[int, bytes]]:
    taken = 0
    while head:
        taken += len(head)
        yield taken, head
        head = stream.read(_CHUNK)


def _inflated(stream: IO[bytes], data: bytes, open_unpacker: Callable[[], _Unpacker]) -> Iterator[tuple[int, bytes]]:
    """Unpack streams that follow one another, as multistream dumps have them, with the bytes taken so far."""
    unpacker, taken = open_unpacker(), len(data)
    try:
        while data or not unpacker.needs_input:
            yield taken, unpacker.decompress(data, _CHUNK)
            data = b""
            if unpacker.eof:
                data = unpacker.unused_data.lstrip(b"\0") or stream.read(_CHUNK)
                taken += len(data) if not unpacker.unused_data else 0
                if not data:
                    return
                unpacker = open_unpacker()
            elif unpacker.needs_input:
                data = stream.read(_CHUNK)
                taken += len(data)
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
        raise ReadError(f"is damaged: it cannot be unpacked after byte {taken}") from None


class _Inflate:
    """zlib's object with the face of bz2's and lzma's."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(0, max_length))


def _open_xz() -> Any:
    return lzma.LZMADecompressor(memlimit=256 * 2**20)


_PACKINGS: dict[bytes, Callable[[], Any]] = {b"BZh": bz2.BZ2Decompressor, b"\x1f\x8b": _Inflate, b"\xfd7zXZ\0": _open_xz}


@dataclass(slots=True)
class _Fields:
    """What is known of the page that is being read."""

    words: dict[str, str] = field(default_factory=dict)
    redirect: bool = False


class _Walk:
    """Expat's events into pages. A page with several revisions is given with the last of them, as a current dump would have it."""

    def __init__(self, largest_page: int) -> None:
        self._largest = largest_page
        self._path: list[str] = []
        self._site: dict[str, str] = {}
        self._language = ""
        self._page = _Fields()
        self._words: list[str] | None = None
        self._length = 0
        self._done: list[Page | None] = []
        self._last = ""
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes) -> Iterator[Page | None]:
        """Read on, and give the pages that are whole now; None for each redirect."""
        return self._parse(chunk, final=False)

    def finish(self) -> Iterator[Page | None]:
        """Say that nothing follows."""
        return self._parse(b"", final=True)

    def _parse(self, chunk: bytes, *, final: bool) -> Iterator[Page | None]:
        failure = ""
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            failure = self._broken(error)
        except (LookupError, ValueError):  # an encoding that nobody knows, or that has more bytes to a character than expat takes
            failure = "is damaged: its XML is in an encoding that cannot be read"
        done, self._done = self._done, []
        yield from done
        if failure:
            raise ReadError(failure)

    def _broken(self, error: expat.ExpatError) -> str:
        """Where a dump breaks off or goes wrong, and after which page."""
        where = f"line {error.lineno}, byte {self._parser.ErrorByteIndex} of its XML"
        after = f'; the last whole page is "{one_line(self._last[:120])}"' if self._last else "; no page was whole"
        ends = error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        )
        return f"{'breaks off' if ends else 'is damaged'} at {where}{after}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) == 1 and name != "mediawiki":
            raise ReadError(f"is no dump of a wiki: its XML begins with <{one_line(name[:40])}>, not with <mediawiki>")
        if len(self._path) > _DEEPEST:
            raise ReadError(f"is no dump of a wiki: its elements nest more than {_DEEPEST} deep")
        if len(self._path) == 1:
            self._language = attributes.get("xml:lang", "")
        elif name == "page":
            self._page = _Fields()
        elif name == "revision":  # a text that was deleted leaves none behind, and not that of the revision before
            self._page.words.pop("text", None)
        elif name == "redirect":
            self._page.redirect = True
        self._words, self._length = ([], 0) if tuple(self._path) in _KEPT else (None, 0)

    def _data(self, words: str) -> None:
        if self._words is not None:
            self._words.append(words)
            self._length += len(words)
            if self._length > self._largest:
                raise ReadError(f"has a page of more than {self._largest} characters; a larger limit takes it")

    def _end(self, name: str) -> None:
        kept = _KEPT.get(tuple(self._path))
        if kept and self._words is not None:
            held = self._site if kept in ("site", "base") else self._page.words
            held[kept] = "".join(self._words)
        self._words = None
        self._path.pop()
        if name == "page" and len(self._path) == 1:
            self._last = self._page.words.get("title", "")
            self._done.append(None if self._page.redirect else self._whole(self._page.words))

    def _whole(self, words: dict[str, str]) -> Page:
        revision = _number(words.get("revision", ""))
        return Page(
            title=words.get("title", ""),
            page_id=_number(words.get("id", "")),
            revision_id=revision,
            timestamp=words.get("timestamp", ""),
            text=words.get("text", ""),
            url=_address(self._site.get("base", ""), words.get("title", ""), revision),
            namespace=_number(words.get("ns", "")),
            language=self._language,
        )


def _number(words: str) -> int:
    words = words.strip()
    return int(words) if words.removeprefix("-").isdecimal() and len(words) < 20 else 0  # noqa: PLR2004 - more digits than any id has


def _address(base: str, title: str, revision: int) -> str:
    """The address of a revision: the dump names that of its main page, beside which all others are."""
    folder, slash, _ = base.rpartition("/")
    if not slash or not base.startswith(("http://", "https://")):
        return ""
    address = f"{folder}/{quote(title.replace(' ', '_'), safe=':/()!,*@;')}"
    return f"{address}?oldid={revision}" if revision else address


def _refuse_doctype(*_: object) -> None:
    raise ReadError("declares a document type in its XML, which no dump has and bombs are made of; it is not read")
