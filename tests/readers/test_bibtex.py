"""BibTeX files: what is whole is read, what is broken is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.readers.bibtex import author_of, parse, read_beside, reference

SIGNS = st.sampled_from(
    ["@", "@book{", "@string{", "@comment{", "{", "}", '"', "#", "=", ",", "a", "title", " ", "\n", "\\", "1999", "(", ")", "é", " and "]
)


def only(text):
    (entry,), remarks = parse(text)

    assert () == remarks
    return reference(entry)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{A plain title}", "A plain title"),
        ('"A {B}raced title"', "A Braced title"),
        ('{{\\"U}ber Stra{\\ss}en}', "Über Straßen"),
        ("{\\'Elan -- na{\\\"\\i}ve \\& {\\v S}koda}", "Élan – naïve & Škoda"),
        ("{On $x^2$ and \\emph{more}}", "On x^2 and more"),
        ('"One " # two # " three"', "One zwei three"),
        ("2020", "2020"),
        ("{Folded\n   over lines}", "Folded over lines"),
        ("{Mail me @ home, 5 = 5}", "Mail me @ home, 5 = 5"),
    ],
)
def test_values(field, expected):
    """Braces, quotation marks, numbers, named strings joined with `#`, and LaTeX's characters."""
    found = only(f"@string{{two = {{zwei}}}}\n@book{{key, title = {field}, year = 2020}}")

    assert expected == found.csl["title"]


def test_entry_is_a_reference_with_csl():
    found = only(
        "@Article{steen2020,\n author = {Steen, Maria and Jan van der Moll and {The Mill Trust}},\n title = {A mill},\n journal = {Mills},\n"
        " volume = 3, number = {2}, pages = {10--20}, year = 2020, month = mar,\n doi = {10.1234/mill\\_3}, url = {https://mill.example/a%20b\\_c}\n}"
    )

    assert "steen2020" == found.label
    assert ("10.1234/mill_3", "https://mill.example/a%20b_c") == (found.doi, found.url)
    assert "article-journal" == found.csl["type"]
    assert {"date-parts": [[2020, 3]]} == found.csl["issued"]
    assert [
        {"family": "Steen", "given": "Maria"},
        {"family": "van der Moll", "given": "Jan"},
        {"literal": "The Mill Trust"},
    ] == found.csl["author"]
    assert "Steen et al." == author_of(found)
    assert found.text.startswith("Steen, Maria; van der Moll, Jan; The Mill Trust (2020). A mill. Mills, 3(2), pp. 10–20.")


def test_biblatex_fields():
    found = only(
        "@online{a, title={T}, date={2021-05-06}, urldate={2022-01-02}, url={https://a.example}, eprint={2101.00001}, eprinttype={arXiv}}"
    )

    assert ("https://a.example", "2022-01-02", "2101.00001") == (found.url, found.accessed, found.arxiv)
    assert {"date-parts": [[2021, 5, 6]]} == found.csl["issued"]


def test_what_is_no_entry_is_passed_over():
    entries, remarks = parse("Text @ sign\n@comment{a{b}c}\n@preamble{x}\n% @book{c}\n@misc(paren, title={P})\n@misc{brace, title={B}}\n")

    assert ["c", "paren", "brace"] == [entry.key for entry in entries]
    assert () == remarks


def test_broken_entries_are_named_and_the_rest_is_kept():
    """An entry that never closes ends before the next one."""
    entries, remarks = parse(
        '@book{one, title={One}}\n@book{two, title={Two, year=1999\n@book{, title={None}}\n@book{four, title="Four}\n\n@book{five, title={Five}}'
    )

    assert ["one", "two", "four", "five"] == [entry.key for entry in entries]
    assert (
        "line 2: the entry 'two' is broken; what could be read of it is kept",
        "line 3: the entry is broken and left out",
    ) == tuple(remark for remark in remarks if "four" not in remark)


def test_first_entry_of_a_key_counts():
    entries, _ = parse("@book{a, title={First}}\n@book{a, title={Second}}")

    assert ["First"] == [entry.fields["title"] for entry in entries]


@pytest.mark.parametrize("name", ["../refs", "/etc/passwd", "a\x00b", "lost"])
def test_only_files_beside_the_document_are_opened(tmp_path, name):
    (tmp_path / "refs.bib").write_text("@book{out, title={Outside}}")
    (tmp_path / "paper").mkdir()
    found, remarks = read_beside([name], str(tmp_path / "paper" / "a.tex"))

    assert {} == found
    assert 1 == len(remarks)
    assert "was not read" in remarks[0]


def test_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "refs.bib").write_text("@book{out, title={Outside}}")
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "refs.bib").symlink_to(tmp_path / "refs.bib")

    assert {} == read_beside(["refs"], str(tmp_path / "paper" / "a.tex"))[0]


@given(st.lists(SIGNS, max_size=60).map("".join))
def test_any_text_is_parsed(text):
    entries, _ = parse(text)

    assert [entry.key for entry in entries] == [reference(entry).label for entry in entries]


@pytest.mark.parametrize("sign", ["@a{", "@a{b,", "{", "@a{b}", "@a{b,c=", "a=", "a", "@", '"', "#"])
def test_long_runs_are_parsed(sign):
    entries, _ = parse(f"@book{{first, title={{One}}}} {sign * (100_000 // len(sign))}")

    assert "first" == entries[0].key


def test_strings_of_strings_do_not_explode():
    """Each line of these makes the one before a hundred times longer; the sixth would have 10 GB."""
    lines = ["@string{a0 = {0123456789}}", *(f"@string{{a{n + 1} = {' # '.join([f'a{n}'] * 100)}}}" for n in range(6))]
    entries, _ = parse("\n".join([*lines, "@book{b, title = a6, year = 2020}"]))

    assert ["b"] == [entry.key for entry in entries]
    assert len(entries[0].fields["title"]) < 1_000_000
