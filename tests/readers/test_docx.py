"""DOCX: text as it is seen, notes, the codes of reference managers, and files made to do harm."""

import io
import tomllib
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import ReadError
from verify.model import BlockKind, Layout, MarkKind
from verify.readers import Options, format_of, read
from verify.readers.docx import reader as docx

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "docx" / "cases.toml").read_text(encoding="utf-8"))["case"]
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
)
PLAIN = "<w:p><w:r><w:t>It rose.</w:t></w:r></w:p>"


def docx_of(body=PLAIN, **given):
    """A DOCX of this body; `given` are its other parts by short names, `raw` parts by their paths."""
    relations = "".join(
        f'<Relationship Id={quoteattr(name)} Target={quoteattr(target)} TargetMode="External"/>'
        for name, target in given.get("links", {}).items()
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {W}>{given.get('styles', '')}</w:styles>",
        "word/settings.xml": f"<w:settings {W}>{given.get('settings', '')}</w:settings>",
        "word/footnotes.xml": f"<w:footnotes {W}>{given.get('footnotes', '')}</w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {W}>{given.get('endnotes', '')}</w:endnotes>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        "customXml/item1.xml": f"<b:Sources {W}>{given.get('sources', '')}</b:Sources>",
        "docProps/custom.xml": f"<Properties {W}>{given.get('custom', '')}</Properties>",
        **given.get("raw", {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def printed(claim):
    """A claim as the cases write it."""
    notes = f" | {', '.join(claim.note_labels)}" if claim.note_labels else ""
    return f"{claim.text} | {', '.join(claim.citation_labels)}{notes}"


def shown(reference):
    """A reference as the cases write it: label, words, address, DOI."""
    doi = f"doi {reference.doi}" if reference.doi else ""
    url = "" if doi else reference.url
    return " ".join(filter(None, (f"{reference.label}: {reference.text}", url, doi)))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case):
    """What the case file says is what is read."""
    draft = docx.parse(docx_of(**{name: case[name] for name in case if name not in ("name", "text", "claims")}))
    extraction = extract(draft, Layout.TRAILING)
    read_as = {
        "text": draft.text,
        "kinds": [str(block.kind) for block in draft.blocks],
        "claims": [printed(claim) for claim in extraction.claims],
        "references": [shown(reference) for reference in draft.references],
        "remarks": list(draft.remarks),
        "tags": [name for claim in extraction.claims for name in claim.tag_names],
        "locators": [mark.locator for block in draft.blocks for mark in block.marks if mark.locator],
    }
    expected = {name: case[name] for name in read_as if name in case}

    assert expected == {name: read_as[name] for name in expected}


def test_the_title_is_the_paragraph_set_as_one_else_the_property():
    styles = '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    core = '<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A property</dc:title></p>'
    titled = '<w:p><w:pPr><w:pStyle w:val="Titel"/></w:pPr><w:r><w:t>The river</w:t></w:r></w:p>'
    with_both = docx.parse(docx_of(titled + PLAIN, styles=styles, raw={"docProps/core.xml": core}))

    assert ("The river", BlockKind.TITLE) == (with_both.title, with_both.blocks[0].kind)
    assert docx.parse(docx_of(raw={"docProps/core.xml": core})).title == "A property"


def test_the_fields_of_a_reference_manager_come_along():
    code = '{"citationItems":[{"uris":["u"],"itemData":{"title":"Rivers","DOI":"10.5555/r","type":"book"}}]}'
    body = f"<w:p><w:fldSimple w:instr={quoteattr('ADDIN ZOTERO_ITEM CSL_CITATION ' + code)}><w:r><w:t>[1]</w:t></w:r></w:fldSimple></w:p>"
    [reference] = docx.parse(docx_of(PLAIN + body)).references

    assert ("10.5555/r", {"title": "Rivers", "DOI": "10.5555/r", "type": "book"}) == (reference.doi, reference.csl)


def test_strict_ooxml_is_read_alike():
    strict = docx_of(
        raw={
            "word/document.xml": f"<x:document xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main'><x:body>{PLAIN.replace('w:', 'x:')}</x:body></x:document>"
        }
    )

    assert docx.parse(strict).text == "It rose."


def test_the_main_part_is_the_one_that_the_archive_names():
    rels = '<R xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Type="x/officeDocument" Target="/word/document2.xml"/></R>'
    moved = docx_of(
        raw={
            "_rels/.rels": rels,
            "word/document2.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>Here.</w:t></w:r></w:p></w:body></w:document>",
        }
    )

    assert docx.parse(moved).text == "Here."


def test_it_is_known_by_its_content_and_read_in_a_child():
    data = docx_of()

    assert ("docx", "docx", "It rose.") == (format_of(data, "unnamed"), read(data).format, read(data).text)


HOSTILE = {
    "empty": (b"", "is no DOCX"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "of before 2007 or has a password"),
    "cut short": (docx_of()[:-300], "damaged or cut short"),
    "another archive": (docx_of(raw={})[:4] + b"x" * 100, "damaged or cut short"),
    "no text": (docx_of(raw={"word/document.xml": f"<w:document {W}/>"}), "no body"),
    "XML that breaks off": (docx_of(raw={"word/document.xml": f"<w:document {W}><w:body>"}), "its XML breaks off"),
    "XML in an encoding nobody has": (docx_of(raw={"word/document.xml": "<?xml version='1.0' encoding='utf-99'?><a/>"}), "damaged"),
    "entities": (docx_of(raw={"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "document type"),
    "an external DTD": (docx_of(raw={"word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}), "document type"),
    "10,000 elements deep": (docx_of("<w:p>" * 10_000 + "</w:p>" * 10_000), "more than 256 deep"),
    "a zip bomb": (docx_of(" " * 30_000_000), "zip bomb"),
    "too large a part": (docx_of(raw={"word/document.xml": bytes(129 * 2**20)}), "too large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_said_in_one_line(name):
    data, why = HOSTILE[name]
    with pytest.raises(ReadError) as caught:
        docx.parse(data)

    assert why in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_too_many_files_in_the_archive_are_refused_unread():
    with pytest.raises(ReadError, match="more than 20000 files"):
        docx.parse(b"PK\x03\x04" + b"PK\x01\x02" * 20_001)


def test_an_encrypted_part_is_said_to_be():
    data = bytearray(docx_of())
    for at in range(len(data)):
        if data[at : at + 4] in (b"PK\x01\x02", b"PK\x03\x04"):
            data[at + (8 if data[at + 2] == 1 else 6)] |= 1
    with pytest.raises(ReadError, match="encrypted"):
        docx.parse(bytes(data))


def test_a_file_larger_than_the_limit_is_refused_before_a_child_is_started():
    with pytest.raises(ReadError, match="too large: 200 MB"):
        docx.read(bytes(200 * 2**20), Options(memory=300 * 2**20))


def test_a_thousand_works_find_their_entries():
    cited = (
        """<w:p><w:fldSimple w:instr='ADDIN CSL_CITATION {"citationItems":[{"uris":["u/%d"],"itemData":{"title":"Rivers of the year %d"}}]}'>"""
        "<w:r><w:t>(%d)</w:t></w:r></w:fldSimple></w:p>"
    )
    listed = "<w:p><w:r><w:t>Lee. Rivers of the year %d. A press.</w:t></w:r></w:p>"
    numbers = range(100, 1000)
    body = (
        "".join(cited % (n, n, n) for n in numbers) + "<w:p><w:r><w:t>References</w:t></w:r></w:p>" + "".join(listed % n for n in numbers)
    )
    references = docx.parse(docx_of(body)).references

    assert [(str(n), f"Lee. Rivers of the year {n}. A press.") for n in numbers] == [(r.label, r.text) for r in references]


PIECES = st.sampled_from(
    [
        "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>It rose. </w:t>", "<w:t>[1]</w:t>", '<w:footnoteReference w:id="1"/>', "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>",
        "<w:tc>", "</w:tc>", '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="separate"/>', '<w:fldChar w:fldCharType="end"/>', "<w:sdt>", "</w:sdt>",
        '<w:instrText> ADDIN CSL_CITATION {"citationItems":[{"id":3}]}</w:instrText>', "<w:txbxContent>", "</w:txbxContent>", '<w:sym w:char="zz"/>',
        "<w:instrText> CITATION a \\m b </w:instrText>", '<w:bookmarkStart w:id="1" w:name="n"/>', "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", "<m:t>x</m:t>",
    ]
)  # fmt: skip


def balanced(pieces):
    """Pieces of XML with what they open closed, and what they close alone left out."""
    out, opened = [], []
    for piece in pieces:
        if piece.startswith("</"):
            if opened and opened[-1] == piece[2:-1]:
                opened.pop()
                out.append(piece)
        else:
            out.append(piece)
            if "</" not in piece and not piece.endswith("/>"):
                opened.append(piece[1:-1])
    return "".join((*out, *(f"</{name}>" for name in reversed(opened))))


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_order_of_elements_is_some_text(pieces):
    """Claims' offsets give back the printed words, white space and markers aside."""
    draft = docx.parse(docx_of(balanced(pieces), footnotes='<w:footnote w:id="1"><w:p><w:r><w:t>Below.</w:t></w:r></w:p></w:footnote>'))
    for claim in extract(draft).claims:
        printed_words = iter(draft.text[claim.start : claim.end])
        assert all(character in printed_words for character in claim.text if not character.isspace())
    for block in draft.blocks:
        for mark in block.marks:
            assert block.start <= mark.start <= mark.end <= block.end


@given(st.binary(max_size=12), st.integers(0, 10_000), st.booleans())
@settings(max_examples=150, deadline=None)
def test_damage_is_refused_or_read(noise, at, cut):
    """Bytes overwritten or cut off raise ReadError or give a draft, and nothing else."""
    whole = docx_of(CASES[3]["body"], footnotes=CASES[3]["footnotes"])
    at %= len(whole)
    data = whole[:at] if cut else whole[:at] + noise + whole[at + len(noise) :]
    try:
        draft = docx.parse(data)
    except ReadError:
        return

    assert all(draft.text[block.start : block.end].strip() for block in draft.blocks)


@pytest.mark.parametrize(
    ("name", "claims", "labels"),
    [("notes", 2, ["1", "i"]), ("link_in_notes", 1, ["1"]), ("zotero_citations", 3, ["Smith2013", "Boer2016", "Bellomo2016"])],
)
def test_real_files(shared, name, claims, labels):
    """Files that Word and Zotero wrote: every note and work cited is a reference, and every citation has one."""
    draft = read((shared / "data" / "formats" / f"{name}.docx").read_bytes())
    cited = {label for block in draft.blocks for mark in block.marks if mark.kind is MarkKind.CITATION for label in mark.labels}

    assert (claims, labels) == (len(extract(draft).claims), [reference.label for reference in draft.references])
    assert cited == set(labels)
