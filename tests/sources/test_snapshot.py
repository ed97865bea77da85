"""A local file becomes its bytes, their hash and the text that a reader sees."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import ReadError
from verify.model import sha256_of
from verify.sources.snapshot import read_snapshot, title_of

NOW = datetime(2024, 12, 8, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    """Write bytes under a name and read them as a snapshot."""

    def _read(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return read_snapshot(path, retrieved_at=NOW)

    return _read


def test_a_text_file_is_kept_as_it_is(read, tmp_path):
    content = b"Rebels entered.\r\nHe fled.\n"
    snapshot = read("a.txt", content)

    assert (0, sha256_of(content), "text/plain", content) == (snapshot.id, snapshot.sha256, snapshot.media_type, snapshot.content)
    assert ("Rebels entered.\nHe fled.\n", str((tmp_path / "a.txt").resolve()), NOW) == (
        snapshot.text,
        snapshot.origin,
        snapshot.retrieved_at,
    )
    assert title_of(snapshot) == ""


PAGE = b"""<!-- saved --><!DOCTYPE html><html><head><title> The  fall
&amp; after </title><style>p { color: red }</style></head><body>bare <p>One<br>two <b>bo</b>ld,
next&nbsp;line</p>tail<div>x<script>run("<p>no</p>")</script><p>y</div><table><tr><td>a<td>b</table><template>no</template>
<noscript>no</noscript><ul><li>q<!-- no --><li>r</ul><iframe>no</iframe>&lt;i&gt; &eacute;"""


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page", "page.txt"])
def test_the_text_of_a_page_is_what_it_shows_a_line_a_block(read, name):
    """A page is known by its name or by how it begins."""
    snapshot = read(name, PAGE)

    assert "text/html" == snapshot.media_type
    assert ["bare", "One", "two bold, next line", "tail", "x", "y", "a", "b", "q", "r", "<i> é"] == snapshot.text.split("\n")
    assert "The fall & after" == title_of(snapshot)


@pytest.mark.parametrize(
    ("page", "title"),
    [(b"<h1>A <i>heading</i></h1><p>x", "A heading"), (b"<p>x<svg><title>no</title></svg>", ""), (b"<title></title><h1>H</h1>", "")],
)
def test_a_page_without_a_title_goes_by_its_first_heading(read, page, title):
    assert title == title_of(read("a.html", page))


@pytest.mark.parametrize(
    "page",
    [
        "<meta charset=windows-1251><p>Привет, мир".encode("cp1251"),
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Привет, мир'.encode("koi8_r"),
        "<p>Привет, мир".encode("utf-16"),
        "\ufeff<meta charset=latin-1><p>Привет, мир".encode(),
        "<meta charset=klingon><p>Привет, мир".encode(),
        "<meta charset=iso-2022-jp><p>Привет, мир".encode(),
        "<meta charset=hex><p>Привет, мир".encode(),
        "<meta charset=utf-16><p>Привет, мир".encode(),
    ],
)
def test_a_page_is_read_by_its_mark_else_as_declared_else_as_it_looks(read, page):
    assert "Привет, мир" == read("a.html", page).text


def test_a_declared_latin1_is_what_browsers_take_it_for(read):
    assert "“q”" == read("a.html", "<meta charset=iso-8859-1><p>“q”".encode("cp1252")).text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"", "a.txt: is empty"),
        ("a.html", b"<html><script>build()</script>", "a.html: shows no text"),
        ("a.html", b"<p>&nbsp;<br>", "a.html: shows no text"),
        ("a.pdf", b"%PDF-1.7", "a.pdf: looks like a PDF, not like text\nonly text and HTML files can be read as sources yet"),
        ("a.html", b"<b>" * 10_000 + b"<p>" * 10_000 + b"x", "nests elements too deeply"),
        ("a.html", b"<div>" * 200_000 + b"x", "nests elements too deeply"),
    ],
)
def test_what_holds_no_text_is_refused_with_the_path_in_front(read, tmp_path, name, content, words):
    with pytest.raises(ReadError) as caught:
        read(name, content)

    assert str(caught.value).startswith(str(tmp_path))
    assert words in str(caught.value)


@pytest.mark.parametrize("tag", ["div", "span", "ul", "section", "blockquote", "svg"])
def test_ten_thousand_nested_elements_are_read(read, tag):
    assert "hello" == read("a.html", f"<{tag}>".encode() * 10_000 + b"hello").text


@given(st.text(st.sampled_from('<>/!-"= \n&;#30pbdivtable\x1eé'), max_size=80).filter(lambda soup: soup.count("\x1e") < 4))
def test_no_tag_soup_stops_the_reading(tmp_path_factory, soup):
    path = tmp_path_factory.getbasetemp() / "soup.html"
    path.write_text(f"<p>begin {soup}", encoding="utf-8")
    snapshot = read_snapshot(path, retrieved_at=NOW)

    assert snapshot.text.startswith("begin")
    assert all(line == " ".join(line.split()) != "" for line in snapshot.text.split("\n"))


def test_a_comment_storm_at_the_start_is_plain_text(read):
    """The pattern that knows a page by its beginning does not try every way to read a thousand comments."""
    assert "text/plain" == read("a.txt", b"<!-- a --> " * 1000 + b"x").media_type


def test_what_is_no_file_is_told(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 11)
    told = {}
    for name in ("folder", "pipe", "large", "missing\x1b[2J", "nul\0"):
        with pytest.raises(ReadError) as caught:
            read_snapshot(tmp_path / name, retrieved_at=NOW, max_bytes=10)
        told[name] = str(caught.value).removeprefix(f"{tmp_path}/")

    assert "folder: is a folder; name a file" == told["folder"]
    assert "pipe: is not a regular file; name a file" == told["pipe"]
    assert told["large"].startswith("large: is larger than 10 bytes")
    assert r"missing\x1b[2J: no such file" == told["missing\x1b[2J"]
    assert r"nul\x00: cannot be read (embedded null byte)" == told["nul\0"]
