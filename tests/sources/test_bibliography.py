"""Bibliographies: the cases of `tests/cases/bibliography` (their README says how they are written), which format a file is in, and hostile files."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_cases import cases_in

from verify.errors import ReadError, UsageError
from verify.sources.bibliography import BIBLIOGRAPHIES, identifier_of_item, identifiers_of_item, item_of, read_bibliography

CASES = Path(__file__).parents[1] / "cases" / "bibliography"
SIGNS = st.sampled_from(
    [
        *(
            "@book{",
            "@string{",
            "@comment{",
            "a,",
            "title",
            " = ",
            "{",
            "}",
            '"',
            "#",
            ",",
            "\\",
            " and ",
            "$",
            "\n",
            "(",
            ")",
            "crossref = {a}",
        ),
        *(
            "TY  - JOUR\n",
            "ER  - \n",
            "AU  - ",
            "PY  - ",
            "1999/13/40/",
            "KW  -",
            "[",
            "]",
            ":",
            '"id"',
            '"author"',
            "é",
            "\x00",
            "\ufeff",
            "null",
            "1e999",
        ),
    ]
)


def written(case):
    return "\n".join(case.parts["source"]).encode()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases_in(CASES, "source")])
def test_case(case):
    """What a case writes down is what is read, and nothing else."""
    found = read_bibliography(written(case), format=case.asked)
    expected = [line.split(" | ", 1) for line in case.lines("csl")]
    broken = [line.split(" | ", 2) for line in case.lines("broken")]

    assert [(key, {"id": key} | json.loads(csl)) for key, csl in expected] == [(entry.key, entry.csl) for entry in found.entries]
    assert [(int(line), key) for line, key, _ in broken] == [(entry.line, entry.key) for entry in found.broken]
    assert [] == [(why, entry.why) for (_, _, why), entry in zip(broken, found.broken, strict=True) if why not in entry.why]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases_in(CASES, "source")])
def test_case_is_told_by_its_content(case):
    assert read_bibliography(written(case)) == read_bibliography(written(case), name="anything.txt", format=case.asked)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases_in(CASES, "source")])
def test_nothing_of_a_case_is_lost(case):
    """Each entry, the broken ones too, is kept as it is written (nested JSON is written anew), and in the text in its order."""
    found = read_bibliography(written(case))
    pieces = [entry.raw for entry in found.entries] + [entry.raw for entry in found.broken]

    assert all(pieces)
    assert [] == [raw for raw in pieces if not raw.startswith("{") and raw not in written(case).decode()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases_in(CASES, "source")])
@pytest.mark.parametrize("damage", ["bom", "crlf", "cr"])
def test_line_ends_and_marks_change_nothing(case, damage):
    data = written(case)
    other = {"bom": b"\xef\xbb\xbf" + data, "crlf": data.replace(b"\n", b"\r\n"), "cr": data.replace(b"\n", b"\r")}[damage]

    assert [entry.csl for entry in read_bibliography(data).entries] == [entry.csl for entry in read_bibliography(other).entries]


def test_other_encodings_are_told():
    found = read_bibliography("@book{a, title = {Über die Mühle am Fluß}, author = {Müller, Jörg}}".encode("latin-1"))

    assert "Über die Mühle am Fluß" == found.entries[0].csl["title"]
    assert "guess" in found.remarks[0]


def test_two_of_one_key_are_told():
    found = read_bibliography(b"@book{a, title = {A}}\n@book{b, title = {B}}\n@book{a, title = {C}}")

    assert ("a",) == found.doubled
    assert ["A", "B", "C"] == [entry.csl["title"] for entry in found.entries]


def test_broken_entries_keep_what_could_be_read():
    found = read_bibliography(b"@book{two, title = {Two}, year = {1999\n@book{one, title = {One}}")

    assert "@book{two, title = {Two}, year = {1999" == found.broken[0].raw
    assert {"id": "two", "type": "book", "title": "Two", "issued": {"date-parts": [[1999]]}} == found.broken[0].csl


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"\n\n [ ]", "", ()),
        (b"@misc{a, title={x}, abstract={\nTY  - JOUR\nER  - \n}}", "", ("a",)),
        (b"TY  - JOUR\nAB  - says @book{b, title={B}}\nID  - r\nER  - ", "", ("r",)),
        (b"TI  - Lost\nER  - ", "x.RIS", ()),
        (b"nothing here", "refs.bib", ()),
    ],
)
def test_format_is_what_begins_first_then_the_suffix(data, name, expected):
    assert expected == tuple(entry.key for entry in read_bibliography(data, name=name).entries)


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "is empty"), (b" \n", "is empty"), (b"%PDF-1.7 x", "a PDF"), (b"Just prose.", "is no bibliography")]
)
def test_what_is_no_bibliography_is_refused_in_one_line(data, words):
    with pytest.raises(ReadError, match=words) as caught:
        read_bibliography(data, name="notes.txt")

    assert "\n" not in str(caught.value)


def test_unknown_format_is_refused():
    with pytest.raises(UsageError, match="choose from csl, bibtex, ris"):
        read_bibliography(b"x", format="marc")


@given(st.lists(SIGNS, max_size=60).map("".join), st.sampled_from([*BIBLIOGRAPHIES]))
def test_any_text_is_read_and_what_is_read_can_be_written(text, name):
    """Whatever stands in a file, its items keep to the schema, and each format can write them."""
    try:
        found = read_bibliography(text.encode(), format=name)
    except ReadError:
        return
    items = [entry.csl for entry in (*found.entries, *found.broken) if entry.csl]

    assert items == [item_of(item) for item in items]
    for kind in BIBLIOGRAPHIES.values():
        assert len(items) == len(kind.read(kind.write(items).encode()).entries if items else ())


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        *(
            ("bibtex", piece)
            for piece in ("@book{", "@book{a,", "@book{a}", "{", "}", '"', "#", "a={", "@book{a,b=\n", "@string{a=a#a}\n", "\\", " and ")
        ),
        *(("ris", piece) for piece in ("TY  - \n", "TY  - JOUR\n", "ER  - \n", "AU  - a\n", "A1  - ,,,,\n", "x\n", " ", "PY  - //\n")),
        *(("csl", piece) for piece in ("[", "{", '{"a":', '{"a":\n', '[1,\n{"id":', '"', '{"id":"x\n', "1", "\\", '{"a":[[],\n', "}{\n")),
    ],
)
def test_long_runs_are_read(name, piece):
    """Time grows with the length alone: twenty thousand pieces end soon."""
    kind = BIBLIOGRAPHIES[name]
    found = kind.read((piece * 20_000).encode()) if not piece.isspace() else kind.read((piece * 20_000 + "x").encode())

    assert len(found.entries) + len(found.broken) <= 20_001


def test_strings_of_strings_do_not_explode():
    """Each line of these makes the one before a hundred times longer; the sixth would have 10 GB."""
    lines = ["@string{a0 = {0123456789}}", *(f"@string{{a{n + 1} = {' # '.join([f'a{n}'] * 100)}}}" for n in range(6))]
    found = read_bibliography("\n".join([*lines, "@book{b, title = a6, year = 2020}"]).encode())

    assert ["b"] == [entry.key for entry in found.entries]
    assert len(str(found.entries[0].csl)) < 1_000_000


def test_what_is_inherited_does_not_explode():
    parent = "@book{p, abstract = {" + "word " * 50_000 + "}}\n"
    found = read_bibliography((parent + "".join(f"@inbook{{c{n}, crossref = p}}\n" for n in range(500))).encode())

    assert 501 == len(found.entries)
    assert sum(len(str(entry.csl)) for entry in found.entries) < 10_000_000


def test_a_huge_entry_is_read():
    found = read_bibliography(b"@book{a, abstract = {" + b"{x} " * 200_000 + b"}, year = 2020}")

    assert 399_999 == len(found.entries[0].csl["abstract"])


def test_a_deeply_nested_item_costs_only_itself():
    text = '[{"id": "a", "custom": ' + "[" * 100_000 + "\n,\n" + '{"id": "b", "type": "book"}]'

    assert ["b"] == [entry.key for entry in read_bibliography(text.encode()).entries]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"DOI": "https://doi.org/10.1000/AbC", "URL": "https://a.example/"}, "doi:10.1000/abc"),
        ({"DOI": "10.48550/arXiv.2101.00001"}, "arxiv:2101.00001"),
        ({"DOI": "not one", "ISBN": "978-3-16-148410-0 (print)", "type": "book"}, "isbn:9783161484100"),
        ({"ISBN": "0-306-40615-2, 978-3-16-148410-0", "type": "book"}, "isbn:9780306406157"),
        ({"ISBN": "978-3-16-148410-0", "type": "chapter"}, None),
        ({"ISBN": "978-3-16-148410-1", "type": "book", "PMID": "123"}, "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ({"number": "arXiv:math/0309136v2", "type": "article"}, "arxiv:math/0309136"),
        ({"archive": "arXiv", "archive_location": "2101.00001"}, "arxiv:2101.00001"),
        ({"URL": "http://arxiv.org/abs/2101.00001v3"}, "arxiv:2101.00001"),
        ({"PMCID": "PMC99"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC99/"),
        ({"URL": "https://user:secret@a.example/"}, None),
        ({"URL": "file:///etc/passwd"}, None),
        ({"title": "Nothing but words"}, None),
    ],
)
def test_an_item_names_its_work(item, expected):
    found = identifier_of_item(item)

    assert expected == (found.canonical if found else None)


def test_every_name_of_an_item_is_given():
    item = {"DOI": "10.1000/x", "ISBN": "0306406152", "URL": "https://a.example/", "type": "book"}

    assert ["doi:10.1000/x", "isbn:9780306406157", "https://a.example/"] == [found.canonical for found in identifiers_of_item(item)]


def test_items_hold_nothing_that_cannot_be_stored():
    item = item_of(
        {
            "id": "a\0",
            "title": "x\ud800y",
            "volume": 1e999,
            "deep": [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]],
            "issued": {"circa": 0, "season": "Fall"},
        }
    )

    assert "a" == item["id"]
    assert "xy" == item["title"]
    assert {"season": 3} == item["issued"]
    assert json.dumps(item, allow_nan=False).encode()
