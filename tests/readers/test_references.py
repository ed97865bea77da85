"""Reference entries: the cases of `tests/cases/references/entries.txt` (their README says how they are written), fields given by a format, lists in
a text, the gold set, and what holds for any entry."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.model import Reference
from verify.readers import read
from verify.readers.references import entry_label, reference_of

CASES = Path(__file__).parents[1] / "cases" / "references" / "entries.txt"
NAMED = ("label", "url", "doi", "isbn", "pmid", "arxiv", "archive_url", "accessed", "page")


def cases():
    for written in CASES.read_text(encoding="utf-8").split(">>> case ")[1:]:
        head, _, rest = written.partition(">>> entry\n")
        entry, _, names = rest.partition(">>> names\n")
        yield head.partition("\n")[0], entry.rstrip("\n"), dict(line.split(" ", 1) for line in names.splitlines() if line)


def named_by(reference):
    return {name: value for name in NAMED if (value := getattr(reference, name))}


@pytest.mark.parametrize(("entry", "expected"), [pytest.param(e, n, id=i) for i, e, n in cases()])
def test_entry(entry, expected):
    """What a case writes down is what its entry names, and nothing else."""
    label, text = entry_label(entry)
    reference = reference_of(label, text)
    words = expected.pop("text", reference.text)

    assert expected == named_by(reference)
    assert words == reference.text


def test_fields_of_a_format_go_before_the_words():
    """A citation template or a reference manager knows better than its printed words."""
    item = {
        "type": "article-journal",
        "DOI": "10.1000/right",
        "URL": "https://right.example/page",
        "ISBN": "978-0-306-40615-7",
        "PMID": 12345678,
        "page": "4-5",
        "accessed": {"date-parts": [[2020, 5, 3]]},
    }

    expected = Reference(
        "7",
        "Smith, p. 9, doi:10.1000/wrong",
        url="https://right.example/page",
        doi="10.1000/right",
        isbn="978-0-306-40615-7",
        pmid="12345678",
        accessed="2020-05-03",
        page="4-5",
        csl=item,
    )
    assert expected == reference_of("7", "Smith, p. 9, doi:10.1000/wrong", csl=item)


def test_malformed_fields_are_passed_over():
    """A field of another shape than CSL-JSON's is as good as none."""
    item = {"DOI": None, "URL": ["x"], "page": {"a": 1}, "accessed": {"date-parts": [2020]}, "ISBN": ""}

    assert {"label": "7", "page": "9"} == named_by(reference_of("7", "Smith, p. 9", csl=item))


def test_fields_that_no_database_holds_are_mended():
    """A file may say anything in a field: broken characters go, what is no number or endlessly deep is left empty."""
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    item = {"title": "A\0\ud800B", "volume": float("nan"), "author": [{"family": "Ng\udfff"}], "custom": deep, "keyword": ("a", 1, None)}
    csl = reference_of("7", "Ng.", csl=item).csl

    assert ("AB", None, [{"family": "Ng"}], ["a", 1, None]) == (csl["title"], csl["volume"], csl["author"], csl["keyword"])
    assert 12 == json.dumps(csl["custom"]).count("[")


def test_addresses_of_a_format():
    """Links count as addresses in their order; what leads nowhere on the web is none, a link without scheme is on the web."""
    urls = ("#cite_ref-1", "/wiki/Special", "mailto:a@b.example", "//a.example/x", "https://web.archive.org/web/2019/https://a.example/x")

    expected = {"label": "7", "url": "https://a.example/x", "archive_url": "https://web.archive.org/web/2019/https://a.example/x"}
    assert expected == named_by(reference_of("7", "Smith. The Tower.", urls=urls))


def test_lists_of_a_text():
    """Labels as printed, or counted; lines that an entry was wrapped into are joined, and an address over two of them."""
    text = (
        "The tower is tall.[1]\n\nReferences\n\n"
        "[1] Smith, A. The Tower, told for the first time\nin many years. https://a.example/long-\npath\n"
        "[2] Lee, B. Walking.\n\nFurther sources of it\n"
    )
    references = read(text.encode(), format="text").references

    assert ["1", "2"] == [reference.label for reference in references][:2]
    assert "Smith, A. The Tower, told for the first time in many years. https://a.example/long- path" == references[0].text
    assert "https://a.example/long-path" == references[0].url


def test_entries_without_labels_are_counted():
    text = "The tower is tall.[2]\n\nReferences\n\nSmith, A. The Tower.\nLee, B. Walking.\n"
    references = read(text.encode(), format="text").references

    assert [("1", "Smith, A. The Tower."), ("2", "Lee, B. Walking.")] == [(r.label, r.text) for r in references]


def test_addresses_of_the_gold_set(shared):
    """Every address that an entry of a real article prints is found, and none is made up."""
    expected, found = {}, {}
    for path in sorted((shared / "data" / "extraction").glob("*.refs.json")):
        gold = {label: e for label, e in json.loads(path.read_text(encoding="utf-8")).items() if e["text"]}
        draft = read(path.with_name(path.name.replace(".refs.json", ".trailing.txt")).read_bytes(), format="text")
        urls = {reference.label: reference.url for reference in draft.references}
        for label, entry in gold.items():
            expected[path.name, label] = entry["url"] if entry["url"] in entry["text"] else ""
            found[path.name, label] = urls.get(label)

    assert expected == found


PIECES = st.lists(
    st.sampled_from(
        [
            "https://",
            "www.",
            "a.example/",
            "(",
            ")",
            "[",
            "]",
            "<",
            ">",
            "10.1000/",
            "doi:",
            "ISBN",
            "978-0-306-40615-7",
            "PMID",
            "PMC",
            "12",
            ",",
            ".",
            ";",
            ":",
            "^",
            "a",
            "b",
            "p.",
            "pp.",
            "–",
            "S.",
            "Retrieved",
            "on",
            "3",
            "May",
            "2020",
            "\n",
            "arXiv:",
            "2106.01234",
            "web.archive.org/web/2019/",
            "第",
            "页",
            "年",
            "%3A",
            "?url=",
            "#",
            "18.",
            "[18]",
            "(18)",
            "↑",
            "1,0",
            "“",
            "x",
            "\u202e",
            "\x00",
            "�",
            "é",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(PIECES, st.text(max_size=200)))
def test_any_entry(printed):
    """Whatever is printed: nothing is raised, what is found stands in the entry, and reading it again finds the same."""
    label, text = entry_label(printed)
    reference = reference_of(label, text)

    assert reference == reference_of(label, text)
    assert all(
        found in " ".join(text.split()) or name == "doi"
        for name in ("isbn", "pmid", "accessed", "page")
        if (found := getattr(reference, name))
    )
    assert not any(c.isspace() for c in reference.url + reference.doi + reference.arxiv + reference.archive_url)
    assert "://" in (reference.url or "://")


@pytest.mark.parametrize(
    "piece", ["https://a.example/(", "10.1000/(", "1, ", "^ a b ", "ISBN 978-", "retrieved 3 May ", "<URL:http://", "https://a-\n", "b-\n"]
)
def test_huge_entry(piece):
    """A megabyte of one pattern is read like any other entry."""
    label, text = entry_label("https://a.example/-\n" + piece * (1_000_000 // len(piece)))

    assert label == reference_of(label, text).label
