"""PDF: lines, columns and pages put together, running heads and notes apart, and files made to do harm. The PDFs are made here."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import ReadError
from verify.model import Layout, MarkKind
from verify.readers import Options, format_of, read
from verify.readers.pdf import reader as pdf

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "pdf" / "cases.toml").read_text(encoding="utf-8"))["case"]
HIGH = re.compile(r"\^([^^]*)\^")


def drawn(line):
    """The operators that draw a line of a case."""
    left, base, size, words = line.split(maxsplit=3)
    font, points = ("F2", float(size[:-1])) if size.endswith("b") else ("F1", float(size))
    operators = [f"BT {left} {base} Td"]
    for at, piece in enumerate(HIGH.split(words)):
        escaped = piece.replace("(", "\\(").replace(")", "\\)")
        operators.append(f"/{font} {points * (0.6 if at % 2 else 1)} Tf {points * 0.4 if at % 2 else 0} Ts ({escaped}) Tj")
    return " ".join((*operators, "ET"))


def pdf_of(pages, *, info="", trailer=""):
    """A PDF of these pages; `info` is what its properties hold, `trailer` what else its trailer does."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    for number, page in enumerate(pages):
        content = "\n".join(drawn(line) for line in page.strip().splitlines() if line.strip())
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {7 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    body, places = "%PDF-1.7\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{thing}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    ending = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{ending}".encode("latin-1")


PLAIN = "72 700 12 The river rose in spring."


def printed(claim):
    notes = f" | {', '.join(claim.note_labels)}" if claim.note_labels else ""
    return f"{claim.text} | {', '.join(claim.citation_labels)}{notes}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case):
    """What the case file says is what is read."""
    draft = pdf.parse(pdf_of(case["pages"]))
    pages = [mark for block in draft.blocks for mark in block.marks if mark.kind is MarkKind.PAGE]
    read_as = {
        "text": draft.text,
        "title": draft.title,
        "kinds": [str(block.kind) for block in draft.blocks],
        "claims": [printed(claim) for claim in extract(draft, Layout.TRAILING).claims],
        "references": [" ".join(filter(None, (f"{r.label}: {r.text}", r.url))) for r in draft.references],
        "begins": [
            [mark.labels[0], draft.text[mark.start :][: len(words)]]
            for mark, (_, words) in zip(pages, case.get("begins", []), strict=False)
        ],
    }
    expected = {name: case[name] for name in read_as if name in case}

    assert expected == {name: read_as[name] for name in expected}


@pytest.mark.parametrize(
    ("given_title", "title"),
    [("Rivers of the north", "Rivers of the north"), ("paper_final.docx", "The mill"), ("", "The mill"), ("untitled", "The mill")],
)
def test_the_title_is_the_property_unless_it_is_a_file_name(given_title, title):
    data = pdf_of([f"72 740 20 The mill\n{PLAIN} It fell again in the summer."], info=f"/Title ({given_title})")

    assert title == pdf.parse(data).title


def test_what_it_says_of_itself_comes_along():
    """The entries that name a work, from the child as well; half a character costs only its own entry."""
    data = pdf_of([PLAIN], info="/Title (The mill) /Author (A. Smith) /Subject <FEFFD800> /Producer (x) /CreationDate (D:20200102)")

    assert {"Title": "The mill", "Author": "A. Smith", "CreationDate": "D:20200102"} == read(data).information


def test_it_is_known_by_its_content_and_read_in_a_child():
    data = pdf_of([PLAIN])

    assert ("pdf", "pdf", "The river rose in spring.") == (format_of(data, "unnamed"), read(data).format, read(data).text)


def test_pages_without_text_are_told():
    assert "1 page without text (a scan or a figure): 2" in pdf.parse(pdf_of([PLAIN, ""])).remarks


HOSTILE = {
    "empty": (b"", "damaged or no PDF"),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 10, "damaged or no PDF"),
    "a scan": (pdf_of(["", ""]), "holds no text: its 2 pages may be a scan"),
    "a scan with page numbers": (pdf_of(["300 30 9 1", "300 30 9 2"]), "may be a scan"),
    "encrypted": (
        pdf_of(
            [PLAIN],
            trailer=f"/ID [<{'00' * 16}> <{'00' * 16}>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>",
        ),
        "is encrypted",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_said_in_one_line(name):
    data, why = HOSTILE[name]
    with pytest.raises(ReadError) as caught:
        pdf.parse(data)

    assert why in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_a_page_tree_that_holds_itself_ends():
    data = pdf_of([PLAIN]).replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(ReadError):
        pdf.read(data, Options(seconds=10))


def test_more_pages_than_the_time_allows_are_not_read():
    data = pdf_of(
        ["\n".join(f"72 {left} 10 The river rose in the spring of that year, and fell again." for left in range(50, 750, 10))] * 1000
    )
    with pytest.raises(ReadError, match="took too long"):
        pdf.read(data, Options(seconds=1))


WORDS = st.text("abcdefgh.()[]123,-^ ", min_size=1, max_size=60).filter(str.strip)
LINES = st.builds(
    lambda x, y, size, bold, words: f"{x} {y} {size}{bold} {words}",
    st.integers(-100, 700),
    st.integers(-100, 900),
    st.sampled_from([6, 9, 12, 24]),
    st.sampled_from(["", "b"]),
    WORDS,
)


@given(st.lists(st.lists(LINES, max_size=25).map("\n".join), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_lines_anywhere_are_some_text(pages):
    """Blocks lie in the text in order, and claims' offsets give back the printed characters."""
    try:
        draft = pdf.parse(pdf_of(pages))
    except ReadError:
        return
    for claim in extract(draft).claims:
        characters = iter(draft.text[claim.start : claim.end])
        assert all(character in characters for character in claim.text if not character.isspace())
    for block in draft.blocks:
        assert draft.text[block.start : block.end].strip()
        assert all(block.start <= mark.start <= mark.end <= block.end for mark in block.marks)


@given(st.binary(min_size=1, max_size=12), st.integers(0, 10_000), st.booleans())
@settings(max_examples=12, deadline=None)
def test_damage_is_refused_or_read(noise, at, cut):
    """Bytes overwritten or cut off raise ReadError or give a draft, and nothing else; in a child, for a parser may crash."""
    whole = pdf_of(CASES[5]["pages"])
    at %= len(whole)
    data = whole[:at] if cut else whole[:at] + noise + whole[at + len(noise) :]
    try:
        draft = pdf.read(data, Options())
    except ReadError:
        return

    assert all(draft.text[block.start : block.end].strip() for block in draft.blocks)
