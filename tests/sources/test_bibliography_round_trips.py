"""What an item says is the same after it was written as BibTeX or RIS and read again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.sources.bibliography import BIBLIOGRAPHIES, item_of
from verify.sources.bibliography.latex import latex, latex_title, words
from verify.sources.bibliography.schema import TYPES

PIECES = st.sampled_from(
    [
        *(
            "a",
            "B",
            "c",
            "É",
            "ß",
            "{",
            "}",
            "\\",
            "$",
            "%",
            "&",
            "#",
            "_",
            "~",
            "^",
            "-",
            "'",
            "`",
            '"',
            "?",
            "!",
            "<",
            ">",
            ",",
            ";",
            ":",
            ".",
            "@",
            "=",
        ),
        *(
            " ",
            "NASA",
            "iPhone",
            "$x^2$",
            "--",
            "---",
            "\\'e",
            " and ",
            "''",
            "``",
            "{}",
            "日本",
            "d'A",
            "\\alpha",
            "1",
            "20",
            "TY  - ",
            "ER  - ",
            "@book{",
        ),
    ]
)
TEXT = st.lists(PIECES, min_size=1, max_size=12).map(lambda pieces: " ".join("".join(pieces).split())).filter(bool)
WORD = st.text(st.sampled_from("abcdeéöß"), min_size=1, max_size=6)
NAME = WORD.map(str.capitalize).filter(lambda name: name[0].isupper())
NAMES = st.lists(NAME, min_size=1, max_size=2).map(" ".join)
PARTICLE = st.sampled_from(["van", "von der", "de la", "d'", "al-"])
PARTICLES = {"non-dropping-particle": PARTICLE, "suffix": st.just("Jr."), "dropping-particle": st.sampled_from(["van", "de la"])}
PERSON = st.one_of(
    st.fixed_dictionaries({"family": NAMES, "given": NAMES}, optional=PARTICLES),
    st.fixed_dictionaries({"family": NAME}, optional={"non-dropping-particle": PARTICLE}),  # of several words it is read as a body
)
BODY = st.fixed_dictionaries(
    {"literal": st.sampled_from(["World Health Organization", "Barnes and Noble", "A, B and C", "NASA", "{Odd} & Sons"])}
)
YEAR, MONTH, DAY = st.integers(-500, 2100).filter(bool), st.integers(1, 12), st.integers(1, 28)
PARTS = st.one_of(st.tuples(YEAR), st.tuples(YEAR, MONTH), st.tuples(YEAR, MONTH, DAY)).map(list)
DATE = st.one_of(
    st.fixed_dictionaries({"date-parts": st.lists(PARTS, min_size=1, max_size=2)}, optional={"circa": st.just(True)}),
    st.fixed_dictionaries({"date-parts": st.lists(st.tuples(YEAR).map(list), min_size=1, max_size=1), "season": st.integers(1, 4)}),
    st.fixed_dictionaries({"literal": st.sampled_from(["n.d.", "in press", "forthcoming"])}),
)
PAGE = st.sampled_from(["10", "10-20", "e123", "A-12", "xii-xv", "10-20, 25", "S1-S9"])
ITEM = st.fixed_dictionaries(
    {"id": st.from_regex(r"[a-z]{1,8}[0-9]{4}[a-z]?", fullmatch=True), "type": st.sampled_from(sorted(TYPES)), "title": TEXT},
    optional={
        "author": st.lists(st.one_of(PERSON, BODY), min_size=1, max_size=3),
        "editor": st.lists(PERSON, min_size=1, max_size=2),
        "translator": st.lists(PERSON, min_size=1, max_size=2),
        "issued": DATE,
        "accessed": DATE,
        "page": PAGE,
        "DOI": st.sampled_from(["10.1234/a_b", "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"]),
        "ISBN": st.just("978-3-16-148410-0"),
        "ISSN": st.just("1234-5678"),
        "URL": st.sampled_from(["https://a.example/~b/c_d?e=%20f&g#h", "https://a.example/x;y"]),
        "PMID": st.just("12345678"),
        "language": st.sampled_from(["en", "de-AT"]),
        "keyword": st.sampled_from(["mills", "mills, wind", "mills, wind power"]),
        **dict.fromkeys(
            (
                "container-title",
                "collection-title",
                "publisher",
                "publisher-place",
                "volume",
                "issue",
                "edition",
                "abstract",
                "note",
                "genre",
                "title-short",
            ),
            TEXT,
        ),
        "number": st.sampled_from(["7", "R-12", "arXiv:2101.00001"]),
        "number-of-volumes": st.just("3"),
    },
)


def through(name, item):
    kind = BIBLIOGRAPHIES[name]
    found = kind.read(kind.write([item]).encode())

    assert () == found.broken
    (entry,) = found.entries
    return entry.csl


@pytest.mark.parametrize("name", ["csl", "bibtex", "ris"])
@given(item=ITEM)
def test_an_item_is_the_same_again(name, item):
    """Types, titles, names with all their parts, dates of every kind, numbers and identifiers."""
    assert item == through(name, item)


@settings(max_examples=50)
@given(ITEM)
def test_from_one_format_to_the_other_and_back(item):
    assert item == through("bibtex", through("ris", through("bibtex", item)))


@settings(max_examples=30)
@given(st.lists(ITEM, max_size=4), st.sampled_from([*BIBLIOGRAPHIES]))
def test_items_stay_apart_and_in_order(items, name):
    kind = BIBLIOGRAPHIES[name]
    found = kind.read(kind.write(items).encode()).entries if items else ()

    assert items == [entry.csl for entry in found]


@given(TEXT)
def test_words_survive_latex(text):
    """Signs that mean something to LaTeX, ligatures and formulas, in titles with braces around capitals too."""
    assert text == words(latex(text))
    assert text == words(latex_title(text))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("The NASA story of McDonald", "The {NASA} story of {McDonald}"),
        ("50 % of $5 & #1", r"50 \% of \$5 \& \#1"),
        ("On $x_1^2$ and $5", r"On $x_1^2$ and \$5"),
        ("a--b", "a-{}-b"),
        ("C:\\temp~1 {x}", r"C:\textbackslash{}temp\textasciitilde{}1 \textbraceleft{}x\textbraceright{}"),
    ],
)
def test_titles_as_latex(title, written):
    assert written == latex_title(title)
    assert title == words(written)


def test_bibtex_as_written():
    """What both BibTeX and biblatex read, and the day, which only biblatex does, beside it."""
    item = {
        "id": "smith 2020,a",
        "type": "article-journal",
        "title": "A mill",
        "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}, {"literal": "The Mill Trust"}],
        "container-title": "Mills",
        "issued": {"date-parts": [[2020, 3, 5]]},
        "page": "10-20",
        "issue": 2,
        "custom": {"groups": "mine", "et-al": ["author"], "Not A Field": "x"},
    }
    expected = """\
@article{smith2020a,
  author = {van der Berg, Jan and {The Mill Trust} and others},
  title = {A mill},
  year = {2020},
  month = mar,
  date = {2020-03-05},
  number = {2},
  journal = {Mills},
  pages = {10--20},
  groups = {mine},
}
"""

    assert expected == BIBLIOGRAPHIES["bibtex"].write([item])


def test_ris_as_written():
    item = {
        "id": "a",
        "type": "article-newspaper",
        "title": "A\nTY  - BOOK",
        "author": [{"family": "King", "given": "Martin", "suffix": "Jr."}, {"literal": "Health, Labour"}, {"family": "Plato"}],
        "issued": {"date-parts": [[2020, 3], [2020, 5]]},
        "page": "10–20",
        "PMID": "123",
        "custom": {"C1": "own", "AD": ["Here", "There"], "note": "left out"},
    }
    expected = """\
TY  - NEWS
ID  - a
AU  - King, Martin, Jr.
AU  - Health,, Labour
AU  - Plato,
PY  - 2020
DA  - 2020/03//2020-03/2020-05
TI  - A TY - BOOK
SP  - 10
EP  - 20
AN  - PMID:123
C1  - own
AD  - Here
AD  - There
ER  - 
"""  # noqa: W291 - the line that ends an entry has a space at its end

    assert expected == BIBLIOGRAPHIES["ris"].write([item])


@pytest.mark.parametrize("name", ["csl", "bibtex", "ris"])
def test_that_there_are_others_is_kept(name):
    item = item_of({"id": "a", "type": "book", "author": ["Doe, Jane", "et al."]})

    assert {"author": [{"family": "Doe", "given": "Jane"}], "custom": {"et-al": ["author"]}} == {
        part: item[part] for part in ("author", "custom")
    }
    assert item == through(name, item)


def test_what_a_format_of_others_had_comes_back():
    """Fields that CSL has no name for go through it and back."""
    text = "@book{a,\n  title = {T},\n  groups = {mine},\n  file = {a.pdf},\n}\n"
    found = BIBLIOGRAPHIES["bibtex"].read(text.encode()).entries[0].csl

    assert text == BIBLIOGRAPHIES["bibtex"].write([found])


def test_csl_keeps_to_the_schema():
    """Fields of somebody's own go under `custom`, so that others' programs take the file."""
    assert (
        '[\n  {\n    "id": "a",\n    "type": "book",\n    "custom": {\n      "mine": [\n        1\n      ]\n    }\n  }\n]\n'
        == BIBLIOGRAPHIES["csl"].write([{"id": "a", "type": "book", "mine": [1]}])
    )


def test_nothing_to_write():
    assert ["", "", "[]\n"] == [BIBLIOGRAPHIES[name].write([]) for name in ("bibtex", "ris", "csl")]
    assert {"id": "", "type": "document"} == item_of({})
