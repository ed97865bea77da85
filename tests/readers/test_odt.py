"""ODT: text as it is seen, notes, citations, and files made to do harm."""

import io
import tomllib
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import ReadError
from verify.model import Layout
from verify.readers import format_of, odt, read

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "odt" / "cases.toml").read_text(encoding="utf-8"))["case"]
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    (
        *(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style", "meta")),
        f'xmlns:draw="{OASIS}:drawing:1.0" xmlns:fo="{OASIS}:xsl-fo-compatible:1.0"',
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    )
)
PLAIN = "<text:p>It rose.</text:p>"


def odt_of(body=PLAIN, *, automatic="", styles="", meta="", **raw):
    """An ODT of this body; `raw` are parts by their names."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {SPACES}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {SPACES}><office:styles>{styles}</office:styles></office:document-styles>",
        "meta.xml": f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
        **raw,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file.getvalue()


def shown(reference):
    return " ".join(filter(None, (f"{reference.label}: {reference.text}", reference.url)))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case):
    """What the case file says is what is read."""
    given_parts = {name: case[name] for name in ("body", "automatic", "styles", "meta") if name in case}
    draft = odt.parse(odt_of(**given_parts))
    read_as = {
        "text": draft.text,
        "title": draft.title,
        "kinds": [str(block.kind) for block in draft.blocks],
        "claims": [f"{claim.text} | {', '.join(claim.citation_labels)}" for claim in extract(draft, Layout.TRAILING).claims],
        "references": [shown(reference) for reference in draft.references],
        "remarks": list(draft.remarks),
    }
    expected = {name: case[name] for name in read_as if name in case}

    assert expected == {name: read_as[name] for name in expected}


def test_it_is_known_by_its_content_and_read_in_a_child():
    data = odt_of()

    assert ("odt", "odt", "It rose.") == (format_of(data, "unnamed"), read(data).format, read(data).text)


HOSTILE = {
    "empty": (b"", "is no ODT"),
    "cut short": (odt_of()[:-200], "damaged or cut short"),
    "a table of figures": (
        odt_of(**{"content.xml": f"<office:document-content {SPACES}><office:body/></office:document-content>"}),
        "is no ODT",
    ),
    "encrypted": (odt_of(**{"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": "noise"}), "encrypted"),
    "entities": (odt_of(**{"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "document type"),
    "10,000 elements deep": (odt_of("<text:span>" * 10_000 + "</text:span>" * 10_000), "more than 256 deep"),
    "a zip bomb": (odt_of(" " * 30_000_000), "zip bomb"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_said_in_one_line(name):
    data, why = HOSTILE[name]
    with pytest.raises(ReadError) as caught:
        odt.parse(data)

    assert why in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_billion_spaces_in_one_element_are_few():
    assert len(odt.parse(odt_of('<text:p>a<text:s text:c="1000000000"/>b</text:p>')).text) < 1000


@given(st.binary(max_size=12), st.integers(0, 10_000), st.booleans())
@settings(max_examples=150, deadline=None)
def test_damage_is_refused_or_read(noise, at, cut):
    """Bytes overwritten or cut off raise ReadError or give a draft, and nothing else."""
    whole = odt_of(CASES[1]["body"])
    at %= len(whole)
    data = whole[:at] if cut else whole[:at] + noise + whole[at + len(noise) :]
    try:
        draft = odt.parse(data)
    except ReadError:
        return

    assert all(draft.text[block.start : block.end].strip() for block in draft.blocks)


NAMES = (
    "text:p",
    "text:span",
    "text:note",
    "text:note-body",
    "text:list",
    "table:table",
    "table:table-row",
    "table:table-cell",
    "draw:text-box",
    "text:bibliography-mark",
    "text:section",
)
TREES = st.recursive(
    st.sampled_from(["It rose. ", "[1]", '<text:reference-mark-start text:name="JSON CSL_CITATION {}"/>', '<text:s text:c="x"/>']),
    lambda inner: st.builds(
        lambda name, children: f"<{name}>{''.join(children)}</{name}>", st.sampled_from(NAMES), st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@given(st.lists(TREES, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_nesting_of_elements_is_some_text(trees):
    """Claims' offsets give back the printed characters, in order."""
    draft = odt.parse(odt_of("".join(trees)))
    for claim in extract(draft).claims:
        printed = iter(draft.text[claim.start : claim.end])
        assert all(character in printed for character in claim.text if not character.isspace())
    assert [block.start for block in draft.blocks] == sorted(block.start for block in draft.blocks)


@pytest.mark.parametrize(("name", "label"), [("footnote", "1"), ("citation", "Ex")])
def test_real_files(shared, name, label):
    """Files that LibreOffice wrote: the mark is a citation of the one reference."""
    draft = read((shared / "data" / "formats" / f"{name}.odt").read_bytes())

    assert [[label]] == [list(claim.citation_labels) for claim in extract(draft).claims]
    assert [label] == [reference.label for reference in draft.references]
