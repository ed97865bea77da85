"""A local file becomes its bytes, their hash and the text that a reader sees."""

import io
import os
import zipfile
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import ReadError
from verify.model import sha256_of
from verify.sources.locators import Locator, locator_at
from verify.sources.snapshot import SCAN, TOO_THIN, UNREADABLE, read_snapshot, read_with_text, text_of, title_of

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
        ("a.pdf", b"%PDF-1.7", "a.pdf: is damaged or no PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a.png: looks like a PNG image, not like text; what can be read are text, HTML, PDF, DOCX"),
        ("a.docx", b"PK\x03\x04word/document.xml", "a.docx: is damaged or cut short"),
        ("a.xml", b"<?xml version='1.0'?><rss/>", "a.xml: this looks like XML of a kind that no reader is there for"),
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


WORDS = "The river rose in the spring and fell again in the summer, as it had done in every year that anyone in the old town could still remember."


def pdf_of(*pages):
    """A PDF of these pages, each one line at a time."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        content = "\n".join(f"BT 72 {700 - 14 * at} Td /F1 12 Tf ({line}) Tj ET" for at, line in enumerate(lines))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    body = "%PDF-1.7\n" + "".join(f"{number} 0 obj\n{thing}\nendobj\n" for number, thing in enumerate(objects, 1))
    return f"{body}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n0\n%%EOF\n".encode()


def lines_of(text):
    """As many words to a line as a page has room for."""
    words = text.split()
    return [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)]


def docx_of(*paragraphs):
    """A DOCX; what begins with "#" is a heading."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    level = "<w:pPr><w:outlineLvl w:val='0'/></w:pPr>"
    body = "".join(f"<w:p>{level if text.startswith('#') else ''}<w:r><w:t>{text.lstrip('# ')}</w:t></w:r></w:p>" for text in paragraphs)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {w}><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def place_of(text, words):
    return locator_at(text.locators, text.full.index(words))


def test_a_pdf_has_pages():
    text = text_of(pdf_of(lines_of(WORDS), ["Second page."], ["Third page."]), "application/pdf", "https://example.org/a.pdf?download=1")

    assert ("application/pdf", "", "") == (text.media_type, text.no_text, text.why)
    assert ["p. 1", "p. 2", "p. 3"] == [place_of(text, words) for words in ("The river", "Second page", "Third page")]
    assert WORDS in " ".join(text.full.split())


def test_a_scan_is_told_from_what_cannot_be_read():
    scan = text_of(pdf_of([], []), "application/pdf", "a.pdf")
    broken = text_of(b"%PDF-1.7 broken", "application/pdf", "a.pdf")

    assert (SCAN, "", True) == (scan.no_text, scan.full, "may be a scan" in scan.why)
    assert (UNREADABLE, True) == (broken.no_text, "is damaged" in broken.why)


def test_a_document_has_sections():
    text = text_of(docx_of("Before.", "# The river", WORDS, "# The mill", "Two mills stood."), "", "a.docx")

    assert ["", "The river", "The river", "The mill"] == [place_of(text, words) for words in ("Before", "The river", "spring", "Two mills")]
    assert ((0, len(text.full)),) == text.main


@pytest.mark.parametrize(
    ("data", "media_type", "place", "taken"),
    [
        (f"# Rivers\n\n## The river\n\n{WORDS}", "text/markdown", "", "text/markdown"),
        (f"# Rivers\n\n## The river\n\n{WORDS}", "text/plain; charset=utf-8", "https://example.org/raw/README.md?x=1#y", "text/markdown"),
        (f"\\documentclass{{article}}\\begin{{document}}\\section{{The river}}{WORDS}\\end{{document}}", "text/plain", "", "text/x-tex"),
        (f"== The river ==\n{WORDS}", "text/x-wiki", "", "text/x-wiki"),
        (f"<h2>The river</h2><p>{WORDS}", "text/html", "", "text/html"),
        (f"<!DOCTYPE html><h2>The river</h2><p>{WORDS}", "application/pdf", "https://example.org/a.pdf", "text/html"),
        (f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><h2>The river</h2><p>{WORDS}</p></html>", "", "", "text/html"),
        (f"<?xml version='1.0'?><?x?><!-- c --><!DOCTYPE html><h2>The river</h2>{WORDS}", "application/xhtml+xml", "", "text/html"),
    ],
)
def test_what_bytes_are_is_said_by_themselves_then_by_the_server_then_by_the_name(data, media_type, place, taken):
    text = text_of(data.encode(), media_type, place)

    assert (taken, "", "The river") == (text.media_type, text.no_text, place_of(text, "spring"))


def test_a_page_labelled_as_something_else_is_read_as_what_it_is():
    text = text_of(pdf_of(lines_of(WORDS)), "text/html; charset=utf-8", "https://example.org/page.html")

    assert ("application/pdf", "p. 1") == (text.media_type, place_of(text, "river"))


@pytest.mark.parametrize(
    ("encoding", "media_type"),
    [
        ("cp1251", "text/html; charset=windows-1251"),
        ("cp1251", 'text/html;charset="Windows-1251"; x=y'),
        ("koi8_r", "TEXT/HTML; CHARSET=KOI8-R"),
        ("utf-8", "text/html; charset=iso-8859-5x"),
        ("utf-8-sig", "text/html; charset=koi8-r"),
        ("utf-8", "text/html; charset=ascii"),
        ("utf-8", "text/html; charset=utf-16"),
        ("utf-8", "text/html"),
        ("utf-16", "text/html; charset=utf-8"),
    ],
)
def test_the_server_names_the_character_set_unless_it_cannot_be(encoding, media_type):
    russian = "Река поднялась весной и опустилась летом, как и каждый год, который ещё помнили в старом городе."

    assert russian == text_of(f"<p>{russian}".encode(encoding), media_type, "").full


def test_latin1_of_a_server_is_what_browsers_take_it_for():
    assert "“q”" in text_of(f"“q” {WORDS}".encode("cp1252"), "text/plain; charset=ISO-8859-1", "").full


@pytest.mark.parametrize(
    ("data", "media_type", "why"),
    [
        (b"", "text/html", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "looks like a PNG image"),
        (b"PK\x03\x04 something", "application/zip", "looks like a zip archive"),
        (b"\x1f\x8bgzip", "text/html", "looks like gzip-compressed data"),
        (b"<?xml version='1.0'?><rss></rss>", "application/rss+xml", "XML of a kind that no reader is there for"),
        (b"<script>build()</script>", "text/html", "shows no text"),
        (b"<b>" * 200_000, "text/html", "nests elements too deeply"),
        (b"\0" * 100, "", "looks binary"),
    ],
)
def test_what_cannot_be_read_has_a_reason_in_one_line(data, media_type, why):
    text = text_of(data, media_type, "https://example.org/../../etc/passwd")

    assert (UNREADABLE, "", True) == (text.no_text, text.full, why in text.why)
    assert "\n" not in text.why


@pytest.mark.parametrize(
    ("words", "no_text"),
    [
        ("We value your privacy. Accept all", TOO_THIN),
        (WORDS, ""),
        ("川は春に増水し、夏に再び減った。古い町の人々はそれを覚えている。", ""),
    ],
)
def test_a_page_of_a_few_words_is_too_thin(words, no_text):
    text = text_of(f"<title>A</title><p>{words}".encode(), "text/html", "")

    assert (no_text, words, "A") == (text.no_text, text.full, text.title)
    assert ("shows only" in text.why) is bool(no_text)


def test_a_short_file_was_chosen_by_a_person(tmp_path):
    (tmp_path / "a.txt").write_text("He fled.", encoding="utf-8")
    snapshot, text = read_with_text(tmp_path / "a.txt", retrieved_at=NOW)

    assert ("He fled.", TOO_THIN) == (snapshot.text, text.no_text)


def test_files_of_other_formats_are_snapshots_too(read):
    snapshot = read("a.docx", docx_of("# The river", WORDS))

    assert ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", f"The river\n\n{WORDS}") == (
        snapshot.media_type,
        snapshot.text,
    )
    assert title_of(snapshot) == text_of(snapshot.content, snapshot.media_type, "").title
    assert "Rivers" == title_of(read("a.md", f"---\ntitle: Rivers\n---\n\n{WORDS}".encode()))


def test_a_source_names_no_files_to_be_read_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.bib").write_text("@book{a, title={Secret}}", encoding="utf-8")
    text = text_of(f"---\nbibliography: secret.bib\n---\n\n{WORDS} [@a]".encode(), "text/markdown", str(tmp_path / "a.md"))

    assert "Secret" not in text.full


SITE = f"""<!DOCTYPE html><title>The river - News</title>
<nav><a href=/>Home</a> <a href=/s>Sport</a></nav>
<article><h1>The river</h1><p>{WORDS}</p><aside class=related>Read also: mills</aside><h2>The mill</h2><p>Two <b>mills</b> stood; {WORDS}</p></article>
<div class=sidebar><h3>Most read</h3><p>Ten ways to cook fish</p></div><footer>Imprint</footer>"""


def main_text(text):
    return [text.full[start:end] for start, end in text.main]


def test_the_document_of_a_page_is_told_from_what_stands_around_it():
    text = text_of(SITE.encode(), "text/html", "")

    assert ["Home Sport", "The river", WORDS] == text.full.split("\n")[:3]
    assert [f"The river\n{WORDS}", f"The mill\nTwo mills stood; {WORDS}"] == main_text(text)
    assert all(words in text.full for words in ("Read also: mills", "Most read", "Ten ways to cook fish", "Imprint"))


def test_headings_of_a_page_are_its_locators():
    text = text_of(SITE.encode(), "text/html", "")

    assert ["", "The river", "The mill", "", ""] == [
        place_of(text, words) for words in ("Home", "spring", "Two mills", "Ten ways", "Imprint")
    ]


def test_a_heading_is_named_on_one_line():
    text = text_of(f"<h2>The <i>river</i><br>  of\x1b[2J the\nnorth</h2><p>{WORDS}".encode(), "text/html", "")

    assert "The river of\\x1b[2J the north" == place_of(text, "spring")


@pytest.mark.parametrize("page", [f"<p>{WORDS}", f"<div>{'<div>' * 400}{WORDS}", f"<nav>{WORDS}</nav>"], ids=["plain", "deep", "menu"])
def test_a_page_whose_document_is_not_known_is_one_as_a_whole(page):
    text = text_of(page.encode(), "text/html", "")

    assert ((0, len(text.full)),) == text.main


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<nav>", "</nav>", "<h2>", "</h2>", "<b>", "x ", " y", "\n", "z", "<aside>", "</aside>", "<br>"])
    )
)
def test_spans_and_locators_of_any_page_are_in_order(soup):
    text = text_of(("<p>begin " + "".join(soup)).encode(), "text/html", "")
    spans = [*text.main, (len(text.full), len(text.full))]

    assert all(0 <= a < b <= c for (a, b), (c, _) in pairwise(spans))
    assert all(a.end <= b.start for a, b in pairwise(text.locators))
    assert all(part == part.strip() for part in main_text(text))


def test_a_locator_is_looked_up_by_its_place():
    locators = (Locator(2, 4, "a"), Locator(4, 5, "b"), Locator(9, 12, "c"))

    assert ["", "", "a", "a", "b", "", "", "c", "c", ""] == [locator_at(locators, at) for at in (0, 1, 2, 3, 4, 5, 8, 9, 11, 12)]
    assert "" == locator_at((), 0)
