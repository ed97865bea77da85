"""A manifest is read as a whole, and its faults are told with their places."""

import json
from pathlib import Path

import pytest

from verify.errors import ReadError, UsageError
from verify.model import Identifier, SourceKind
from verify.sources.identifiers import identify
from verify.sources.manifest import ManifestRow, read_manifest, resolve_file

CSV = """\
citation,source,quote,locator
:18,https://example.com/a,"He fled, she said: ""go"",
and went",p. 3

[19],10.1000/x,,
"""
TSV = """\
Citation\tSource\tQuote\tLocator
:18\thttps://example.com/a\t"He fled, she said: ""go"",
and went"\tp. 3

[19]\t10.1000/x
"""
TOML = """\
# for the article
[[source]]
citation = ":18"
source = "https://example.com/a"
quote = '''He fled, she said: "go",
and went'''
locator = "p. 3"

[[source]] # the second
citation = 19
source = "10.1000/x"
"""
ROWS = [
    {"citation": "(18)", "source": "https://example.com/a", "quote": 'He fled, she said: "go",\nand went', "locator": "p. 3"},
    {"citation": 19, "source": "10.1000/x", "quote": None},
]

INLINE = f"source = [{{citation = 18, source = 'https://example.com/a', quote = {json.dumps(ROWS[0]['quote'])}, locator = 'p. 3'}}, {{citation = '19', source = '10.1000/x'}}]"


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("m.csv", CSV, (":2", ":5")),
        ("m.csv", CSV.replace("\n", "\r\n"), (":2", ":5")),
        ("m.csv", "\ufeff\n" + CSV, (":3", ":6")),
        ("m.tsv", TSV, (":2", ":5")),
        ("m.toml", TOML, (":2", ":9")),
        ("list", TOML, (":2", ":9")),
        ("m.toml", INLINE, (", entry 1", ", entry 2")),
        ("m.json", json.dumps(ROWS), (", entry 1", ", entry 2")),
        ("list", json.dumps({"sources": ROWS}), (", entry 1", ", entry 2")),
    ],
)
def test_the_three_formats_say_the_same(tmp_path, name, text, places):
    path = tmp_path / name
    path.write_text(text, newline="", encoding="utf-8")
    first = ManifestRow("18", "https://example.com/a", 'He fled, she said: "go",\nand went', "p. 3", where=name + places[0])

    assert (first, ManifestRow("19", "10.1000/x", where=name + places[1])) == read_manifest(path)


def test_every_column_arrives(tmp_path):
    columns = ["citation", "source", "quote", "locator", "title", "note", "reference", "claim"]
    (tmp_path / "m.csv").write_text(";".join(columns) + ";\n" + ";".join(f" {c}-1 " for c in columns) + ";\n")

    assert (ManifestRow(*(f"{c}-1" for c in columns), where="m.csv:2"),) == read_manifest(tmp_path / "m.csv")


def test_two_quotes_from_one_source_are_two_rows(tmp_path):
    (tmp_path / "m.csv").write_text("citation,source,quote\n1,a.txt,one\n1,a.txt,two\n")

    assert ["one", "two"] == [row.quote for row in read_manifest(tmp_path / "m.csv")]


COLUMNS = "the columns are citation, source, quote, locator, title, note, reference, claim"
TAKES = 'it takes a list of objects, or {"sources": [...]}'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("m.csv", "citation,source\n1,a,b\n,x\n18\n1,2\n:1,2\n", "m.csv:2: has more cells than the header: a cell that holds the delimiter needs quotes\nm.csv:3: has no citation\nm.csv:4: has no source (1 more)"),
        ("m.csv", "citation,source\n1,a\n[1],a\n", "m.csv:3: says the same as m.csv:2"),
        ("m.csv", "citation,source\n1 2,a\n", 'm.csv:2: citation "1 2" is not one number or key'),
        ("m.csv", "citation,url\n1,a\n", f'm.csv: line 1, the header, has no column source and names unknown columns: "url"; {COLUMNS}'),
        ("m.csv", "\ncitation,source,source\n1,a,b\n", f"m.csv: line 2, the header, names the column source twice; {COLUMNS}"),
        ("m.csv", 'citation,source\n1,b\n"18,a\n', "m.csv: line 3: unexpected end of data"),
        ("m.csv", "citation,source\n", "m.csv: lists no sources"),
        ("m.csv", f"citation,source\n1,{'a' * 200_000}\n", "m.csv: line 2: field larger than field limit (131072)"),
        ("m.toml", "[[source]]\ncitation = 1\n\n[[source]]\nsource = 'a'\npage = 3\n", f'm.toml:1: has no source\nm.toml:4: has no citation\nm.toml:4: unknown column "page"; {COLUMNS}'),
        ("m.toml", "a = \n", "m.toml: Invalid value (at line 1, column 5)"),
        ("m.toml", "a = 1\n", "m.toml: holds no list of sources: it takes [[source]] tables"),
        ("m.json", '[{"citation": true, "source": ["x"]}]', "m.json, entry 1: citation is not text\nm.json, entry 1: source is not text"),
        ("m.json", '[{"citation": "1", "source": "a\\ud800"}, {"citation": "1", "source": "a\\u0000"}]', "m.json, entry 1: source is not text\nm.json, entry 2: source is not text"),
        ("m.json", '[{"citation": 1, "source": "a", "\\u001b[2J": 1}]', f'm.json, entry 1: unknown column "\\x1b[2J"; {COLUMNS}'),
        ("m.json", '{"sources": []}', "m.json: lists no sources"),
        ("m.json", "[1]", f"m.json: holds no list of sources: {TAKES}"),
        ("m.json", '"text"', f"m.json: holds no list of sources: {TAKES}"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_places_three_at_most(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as caught:
        read_manifest(tmp_path / name)

    assert message == str(caught.value)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '[{"citation": ' + "9" * 10_000 + "}]"])
def test_broken_json_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(UsageError, match=r"^m\.json: \S") as caught:
        read_manifest(tmp_path / "m.json")

    assert 1 == len(str(caught.value).splitlines())


def test_a_manifest_that_cannot_be_read_is_told_by_its_path(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "binary.csv").write_bytes(b"%PDF-1.7")
    told = []
    for name in ("missing.csv", "", "empty.csv", "binary.csv"):
        with pytest.raises(ReadError) as caught:
            read_manifest(tmp_path / name)
        told.append(str(caught.value).removeprefix(str(tmp_path)))

    assert [
        "/missing.csv: cannot be read (No such file or directory)",
        ": cannot be read (Is a directory)",
        "/empty.csv: is empty: there is no text in it",
        "/binary.csv: looks like a PDF, not like text",
    ] == told


def test_a_file_is_looked_for_beside_the_manifest():
    assert Path("/lists/sources/a.txt") == resolve_file(identify("sources/a.txt"), Path("/lists/m.csv"))
    assert Path("/lists/b.txt") == resolve_file(identify("/lists/b.txt"), Path("/lists/m.csv"))


@pytest.mark.parametrize("name", ["../b.txt", "/b.txt", "sources/../../b.txt", "link/b.txt", "loop/b.txt"])
def test_a_file_outside_of_the_folder_is_not_attached(tmp_path, name):
    """A list from elsewhere names no file that is not beside it."""
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "link").symlink_to(tmp_path)
    (lists / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match="is not in the folder of the manifest"):
        resolve_file(identify(name), lists / "m.csv")


def test_only_files_are_looked_for():
    with pytest.raises(ValueError, match="not a file"):
        resolve_file(Identifier(SourceKind.DOI, "doi:10.1000/x", "10.1000/x"), Path("m.csv"))
