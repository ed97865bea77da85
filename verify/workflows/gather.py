"""Gather: from what a user names - files, folders, standard input, dumps, addresses of wiki pages - to readings, one after another.

What cannot be read does not stop the rest: it comes as a `Failure` in its place. A dump's pages are read one by one, so that a whole wiki fits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.claims.extract import extract
from verify.errors import ReadError, UsageError, VerifyError
from verify.model import sha256_of
from verify.readers import READERS
from verify.terminal import one_line

from .deadline import deadline
from .read import Reading, Wish, origin_of, read_bytes, read_document

DUMP = "mediawiki-xml"
"""The format of a MediaWiki dump, which holds many documents; `--from` takes it beside the readers' names."""
_DUMP_ENDINGS = (".xml", ".xml.bz2", ".xml.gz", ".xml.xz")
_DUMP_STARTS = b"<mediawiki"


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that was named, or found in a folder, and could not be read. `error` says why in one line, the place in front."""

    place: str
    error: VerifyError


@dataclass(frozen=True, slots=True)
class Passage:
    """A remark on what was named as a whole: what of a dump holds no document."""

    remark: str


@dataclass(frozen=True, slots=True)
class Network:
    """How the network may be used: not at all when `offline`; `contact` stands in the User-Agent; `allowed` hosts need no public address."""

    offline: bool = False
    contact: str = ""
    allowed: frozenset[str] = frozenset()


def gather(places: Iterable[str], wish: Wish, network: Network | None = None) -> Iterator[Reading | Failure | Passage]:
    """Read everything named, in its order; a folder's files by name, hidden ones left out."""
    for place in places:
        try:
            yield from _from_place(place, wish, network or Network())
        except VerifyError as error:
            yield Failure(place, error)


def _from_place(place: str, wish: Wish, network: Network) -> Iterator[Reading | Failure | Passage]:
    if place.startswith(("http://", "https://")):
        yield _page_of_wiki(place, wish, network)
    elif place != "-" and Path(place).is_dir():
        yield from _folder(Path(place), wish, network)
    elif wish.format == DUMP or (not wish.format and _is_dump(place)):
        yield from _dump(place, wish)
    else:
        yield read_document(place, read_bytes(place, wish.max_bytes), wish)


def _folder(folder: Path, wish: Wish, network: Network) -> Iterator[Reading | Failure | Passage]:
    """Every file below that a reader is registered for, by name; a folder without one is told."""
    known = {suffix for form in READERS.values() for suffix in form.suffixes}
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and (path.suffix.lower() in known or path.name.endswith(_DUMP_ENDINGS))
    ]
    if not found:
        raise ReadError(f"{one_line(str(folder))}: no file in it has a suffix that a reader is there for")
    yield from gather(map(str, found), wish, network)


def _is_dump(place: str) -> bool:
    if place == "-" or not place.lower().endswith(_DUMP_ENDINGS):
        return False
    if not place.lower().endswith(".xml"):
        return True
    try:
        with Path(place).open("rb") as file:
            return _DUMP_STARTS in file.read(1000)
    except OSError:
        return False  # reading it will say why


def _dump(place: str, wish: Wish) -> Iterator[Reading | Failure | Passage]:
    """Every page of a dump, under the page's own address, so that a later dump brings new revisions of the same documents."""
    from verify.readers.mediawiki_xml import Passed, pages

    passed = Passed()
    try:
        for page in pages(place, passed=passed):
            origin = page.url.partition("?")[0] or f"{origin_of(place)}#{page.title}"
            try:
                reading = _wikitext(origin, page.title, page.text, str(page.revision_id), wish, page.language)
            except VerifyError as error:
                yield Failure(f"{place}#{page.title}", error)
            else:
                yield reading
    except VerifyError as error:
        error.args = (f"{one_line(place)}: {error}",)
        raise
    yield Passage(f"{one_line(place)}: passed over {passed.redirects} redirects and {passed.other_namespaces} pages outside of articles")


def _page_of_wiki(url: str, wish: Wish, network: Network) -> Reading:
    if network.offline:
        raise UsageError(f"{one_line(url)}: --offline keeps the network out; save the page and ingest the file")
    from verify.sources.fetch import Fetcher
    from verify.sources.mediawiki import fetch_page, page_address

    page = fetch_page(page_address(url), Fetcher(contact=network.contact, allowed=network.allowed))
    return _wikitext(page.url, page.title, page.text, page.revision_id, wish)


def _wikitext(origin: str, title: str, text: str, revision_id: str, wish: Wish, language: str = "") -> Reading:
    """Read a page's wikitext within the time that the wish allows; `language` is the wiki's own, where it is known."""
    from verify.readers.wikitext.reader import wikitext_draft

    try:
        with deadline(wish.seconds):
            draft = wikitext_draft(text, title=title, language=wish.language or language)
            extraction = extract(draft, wish.layout)
    except VerifyError as error:
        error.args = (f"{one_line(title)}: {error}",)
        raise
    return Reading(origin, sha256_of(text), draft, extraction, wish, revision_id)
