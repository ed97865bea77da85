"""Dumps of a wiki: what a page is, packings, what breaks off, what is refused."""

import bz2
import gzip
import io
import lzma

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import ReadError
from verify.readers.mediawiki_xml import Page, Passed, page_draft, pages

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="de">'
    "<siteinfo><sitename>Wiki</sitename><base>https://wiki.example/wiki/Main_Page</base></siteinfo>"
)


def element(title, text, *, ns=0, number=1, extra=""):
    return (
        f"<page><title>{title}</title><ns>{ns}</ns><id>{number}</id>{extra}<revision><id>{number + 100}</id><parentid>7</parentid>"
        f"<timestamp>2020-05-01T10:00:00Z</timestamp><contributor><username>Roe</username><id>5</id></contributor>"
        f'<text bytes="9" xml:space="preserve">{text}</text><sha1>x</sha1></revision></page>'
    )


def dump(*elements):
    return (HEAD + "".join(elements) + "</mediawiki>").encode()


def from_bytes(data, **options):
    return list(pages(io.BytesIO(data), **options))


def failure(data, **options):
    """The titles of the pages that were whole, and what is said of the rest."""
    whole = []
    with pytest.raises(ReadError) as caught:
        whole.extend(page.title for page in pages(io.BytesIO(data), **options))
    return whole, str(caught.value)


MILL = dump(element("Mill &amp; wheel", "The mill burned.&lt;ref&gt;Roe.&lt;/ref&gt;"))
THREE = dump(*(element(f"Mill {n}", "It stands. " * 50, number=n) for n in (1, 2, 3)))


def test_a_page_has_its_title_ids_time_text_and_address():
    """The address is that of the revision, so that it stays what was read."""
    expected = Page(
        title="Mill & wheel",
        page_id=1,
        revision_id=101,
        timestamp="2020-05-01T10:00:00Z",
        text="The mill burned.<ref>Roe.</ref>",
        url="https://wiki.example/wiki/Mill_%26_wheel?oldid=101",
        namespace=0,
        language="de",
    )

    assert [expected] == from_bytes(MILL)


def test_a_page_is_read_as_wikitext_with_its_title_and_language():
    """One reader serves a page and a dump."""
    (page,) = from_bytes(MILL)
    draft = page_draft(page)

    assert ("Mill & wheel", "de", "wikitext") == (draft.title, draft.language, draft.format)
    assert [("The mill burned.", ("1",))] == [(claim.text, claim.citation_labels) for claim in extract(draft).claims]


@pytest.mark.parametrize("pack", [bytes, bz2.compress, gzip.compress, lzma.compress], ids=["plain", "bz2", "gz", "xz"])
def test_packings_are_told_by_their_first_bytes(pack):
    """Plain or packed, from a stream or by its path."""
    assert ["Mill 1", "Mill 2", "Mill 3"] == [page.title for page in from_bytes(pack(THREE))]


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, lzma.compress], ids=["bz2", "gz", "xz"])
def test_streams_that_follow_one_another_are_one(pack):
    """Multistream dumps are many packed streams in one file."""
    packed = b"".join(pack(THREE[at : at + 500]) for at in range(0, len(THREE), 500))

    assert 3 == len(from_bytes(packed))


def test_a_dump_is_read_by_its_path(tmp_path):
    """A path is opened, and closed when the pages are read."""
    (tmp_path / "dump.xml.bz2").write_bytes(bz2.compress(THREE))

    assert 3 == len(list(pages(tmp_path / "dump.xml.bz2")))


def test_a_missing_file_is_said():
    """One line, no traceback."""
    with pytest.raises(ReadError, match="cannot be read"):
        list(pages("no/such/dump.xml"))


def test_redirects_and_other_namespaces_are_passed_over_and_counted():
    """Articles only, unless others are asked for."""
    data = dump(
        element("Mill", "It stands."),
        element("Mills", "#REDIRECT [[Mill]]", extra='<redirect title="Mill" />'),
        element("Wheel", "#redirect [[Mill]]"),
        element("Talk:Mill", "Does it?", ns=1),
    )
    passed = Passed()

    assert ["Mill"] == [page.title for page in from_bytes(data, passed=passed)]
    assert Passed(redirects=2, other_namespaces=1) == passed
    assert ["Mill", "Talk:Mill"] == [page.title for page in from_bytes(data, namespaces=frozenset({0, 1}))]


def test_of_several_revisions_the_last_counts():
    """A dump with history gives each page as it stood last; a text that was deleted is not that of the revision before."""
    older = "<revision><id>90</id><text>Old.</text></revision>"
    deleted = '<revision><id>999</id><text deleted="deleted" /></revision>'
    with_history = element("Mill", "New.", extra=older)
    data = dump(with_history, with_history.replace("</page>", deleted + "</page>"))

    assert [(101, "New."), (999, "")] == [(page.revision_id, page.text) for page in from_bytes(data)]


def test_a_dump_that_breaks_off_gives_what_was_whole_and_says_where():
    """Nothing that was whole is lost."""
    whole, said = failure(THREE[: THREE.index(b"Mill 3") + 200])

    assert ["Mill 1", "Mill 2"] == whole
    assert said.startswith("breaks off at line 1, byte ")
    assert 'the last whole page is "Mill 2"' in said


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, lzma.compress], ids=["bz2", "gz", "xz"])
def test_a_packed_dump_that_breaks_off_says_so(pack):
    """A download that stopped half way is no complete dump."""
    packed = pack(dump(*(element(f"Mill {n}", f"It burned {n**9} times.", number=n) for n in range(50))))
    _, said = failure(packed[: len(packed) // 2])

    assert said.startswith(("breaks off at line", "is damaged: it cannot be unpacked"))


DAMAGED = {
    "empty": (b"", "is empty"),
    "no XML": (b"The mill burned.", "is damaged at line 1"),
    "another document": (b"<html><body/></html>", "is no dump of a wiki: its XML begins with <html>"),
    "a document type": (b'<!DOCTYPE m [<!ENTITY a "b">]><mediawiki>&a;</mediawiki>', "declares a document type"),
    "an entity nobody declared": (b"<mediawiki><page><title>&a;</title></page></mediawiki>", "is damaged at line 1"),
    "a wrong end": (dump("<page></pag>"), "is damaged at line 1"),
    "no packing after all": (b"BZh9 no bzip2", "is damaged: it cannot be unpacked"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><mediawiki/>', "is damaged"),
    "nested elements": (b"<mediawiki>" + b"<a>" * 10_000, "nest more than 64 deep"),
}


@pytest.mark.parametrize(("data", "said"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_dump_is_refused_in_one_line(data, said):
    """What is wrong, and where."""
    _, message = failure(data)

    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, lzma.compress], ids=["bz2", "gz", "xz"])
def test_a_bomb_is_refused(pack):
    """What unpacks to hundreds of times its size is no dump."""
    _, said = failure(pack(HEAD.encode() + b" " * (80 * 2**20)))

    assert "decompression bomb" in said


def test_limits_can_be_set():
    """A page and a dump may be so large, and no larger."""
    assert "a page of more than 100 characters" in failure(THREE, largest_page=100)[1]
    assert "more than 1000 bytes of XML" in failure(THREE, largest_dump=1000)[1]


def test_hostile_titles_are_made_visible():
    """A title is quoted in a message only with its control and bidirectional characters spelt out."""
    _, said = failure(dump(element("Mill\u202e", "It stands."))[: -len("</mediawiki>")])

    assert '"Mill\\u202e"' in said


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.integers(0, len(THREE)), st.sampled_from([bytes, bz2.compress, gzip.compress]))
def test_a_dump_with_any_bytes_changed_is_read_or_refused(noise, at, pack):
    """Pages or one clear line, whatever was done to the file."""
    packed = pack(THREE)
    at = min(at, len(packed))
    said, titles = "", []
    try:
        titles.extend(page.title for page in pages(io.BytesIO(packed[:at] + noise + packed[at + len(noise) :])))
    except ReadError as error:
        said = str(error)

    assert "\n" not in said
    assert len(titles) == 3 or said or noise


def test_a_real_dump_is_read_whole(shared):
    """A sample of the English Wikipedia: every article, every redirect counted, every page readable."""
    passed = Passed()
    found = list(pages(shared / "data" / "formats" / "enwiki-2016-sample.xml.bz2", passed=passed))

    assert (97, 100) == (len(found), passed.redirects)
    assert all(page_draft(page).blocks for page in found[:20])
    assert "https://en.wikipedia.org/wiki/Anarchism?oldid=716551092" == found[0].url
