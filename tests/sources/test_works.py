"""Works are found by DOI in files, however it is written, and by plug-ins of others."""

import json
import sys
from importlib.metadata import EntryPoint

import pytest

from verify.errors import ReadError, UsageError, VerifyError
from verify.sources import works
from verify.sources.works import WorkIndex, Works, open_works

LINES = [
    {"DOI": "10.1000/One", "type": "journal-article", "title": ["One"], "reference": [{"DOI": "10.1000/cited"}]},
    {"message": {"DOI": "10.1000/two", "type": "book-chapter", "title": ["Two"], "container-title": ["Book"]}},
    {"DOI": "10.1000/three", "type": "book", "title": "Three"},
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, LINES)) + "\n\n{broken\n")
    (tmp_path / "b.bib").write_text(
        "@article{b, doi = {10.1000/four\\_x}, title = {Four}}\n@article{c, title = {No DOI}}\n@article{d, doi={10.1000/lost}"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.RIS").write_text("TY  - JOUR\nDO  - https://doi.org/10.1000/FIVE\nTI  - Five\nER  - \n")
    (tmp_path / "d.json").write_text(
        '[{"id": "x", "DOI": "10.1000/one", "title": "Another one"}, {"id": "y", "DOI": "10.48550/arXiv.2101.00001"}]'
    )
    (tmp_path / "e.json").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("10.1000/six")
    return tmp_path


@pytest.mark.parametrize(
    ("doi", "title"),
    [
        *(
            (spelled, "One")
            for spelled in ("10.1000/one", "10.1000/ONE", "doi:10.1000/one", "https://doi.org/10.1000/One", " DOI: 10.1000/one. ")
        ),
        *(("10.1000/two", "Two"), ("10.1000/three", "Three"), ("10.1000/FOUR_X", "Four"), ("10.1000/five", "Five")),
        *((none, None) for none in ("10.1000/cited", "10.1000/lost", "10.1000/six", "", "not a DOI", "10.1000/", "https://a.example/")),
    ],
)
def test_a_doi_is_found_however_it_is_written(folder, doi, title):
    found = WorkIndex.load([folder]).find(doi)

    assert title == (found["title"] if found else None)


def test_items_are_csl(folder):
    assert {"id": "10.1000/two", "type": "chapter", "DOI": "10.1000/two", "title": "Two", "container-title": "Book"} == WorkIndex.load(
        [folder]
    ).find("10.1000/two")


def test_a_doi_of_arxiv_is_one(folder):
    assert "y" == WorkIndex.load([folder]).find("10.48550/ARXIV.2101.00001v2")["id"]


def test_what_cannot_be_read_of_a_folder_is_told(folder):
    index = WorkIndex.load([folder])

    assert 6 == len(index)
    assert [("a.jsonl", 4), ("b.bib", 3), ("e.json", 0)] == [(fault.path.name, fault.entry.line) for fault in index.faults]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("lost.bib", None, "no such file|No such file"), ("a.bib", b"", "is empty"), ("a.ris", b"%PDF-1.7", "a PDF")],
)
def test_a_file_that_is_named_must_be_read(tmp_path, name, data, words):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=words) as caught:
        WorkIndex.load([tmp_path / name])

    assert str(tmp_path / name) in str(caught.value)


def test_json_with_a_record_a_line_is_not_read_whole(tmp_path, monkeypatch):
    """A `.json` file may hold JSON Lines, too; only its lines are held in memory."""
    monkeypatch.setattr(works, "_MOST_BYTES", 10)
    (tmp_path / "a.json").write_text("\n".join(map(json.dumps, LINES)))
    (tmp_path / "b.json").write_text(json.dumps(LINES, indent=1))

    assert "Three" == WorkIndex.load([tmp_path / "a.json"]).find("10.1000/three")["title"]
    with pytest.raises(ReadError, match="is larger than 10 bytes"):
        WorkIndex.load([tmp_path / "b.json"])


def test_a_line_that_is_too_long_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(works, "_LONGEST_LINE", 100)
    (tmp_path / "a.jsonl").write_text(json.dumps(LINES[0] | {"abstract": "x" * 500}) + "\n" + json.dumps(LINES[2]) + "\n")
    index = WorkIndex.load([tmp_path])

    assert (None, "Three") == (index.find("10.1000/one"), index.find("10.1000/three")["title"])
    assert {"a.jsonl"} == {fault.path.name for fault in index.faults}


def test_a_file_that_changed_since_is_not_believed(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(LINES[0]) + "\n")
    index = WorkIndex.load([path])
    path.write_text(json.dumps(LINES[2]) + "\n")
    with pytest.raises(ReadError, match="has changed"):
        index.find("10.1000/one")
    path.unlink()
    with pytest.raises(ReadError, match="cannot be read"):
        index.find("10.1000/one")


def test_links_out_of_a_folder_are_not_followed(tmp_path):
    (tmp_path / "out.bib").write_text("@misc{a, doi = {10.1000/x}}")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "out.bib").symlink_to(tmp_path / "out.bib")

    assert 0 == len(WorkIndex.load([tmp_path / "in"]))


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"DOI":' * 10_000,
        '{"DOI": ' + "9" * 10_000 + "}",
        '{"DOI": ["10.1000/x"]}',
        '{"DOI": "10.1000/\\ud800"}',
        "null",
        '"x"',
    ],
)
def test_hostile_lines_are_passed_over(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(f"{line}\n{json.dumps(LINES[2])}\n")

    assert "Three" == WorkIndex.load([tmp_path]).find("10.1000/three")["title"]


class Service:
    """What a plug-in opens."""

    def __init__(self, asked):
        self.asked = asked

    def find(self, doi):
        return {"id": self.asked, "DOI": doi}


def plugged(monkeypatch, value):
    monkeypatch.setattr(works, "entry_points", lambda group: [EntryPoint("service", value, group)])


def test_plug_ins_are_opened_by_name(monkeypatch):
    monkeypatch.setitem(sys.modules, "a_plug_in", sys.modules[__name__])
    plugged(monkeypatch, "a_plug_in:Service")
    found = open_works("service:me@a.example")

    assert isinstance(found, Works)
    assert "me@a.example" == found.find("10.1/x")["id"]


def test_a_plug_in_that_fails_is_told_in_a_line(monkeypatch):
    plugged(monkeypatch, "no_such_module:Service")
    with pytest.raises(VerifyError, match=r"the plug-in service cannot be loaded: No module named 'no_such_module'"):
        open_works("service")


def test_files_are_opened_by_path(folder, monkeypatch):
    plugged(monkeypatch, "no_such_module:Service")

    assert "Five" == open_works(str(folder)).find("10.1000/five")["title"]
    with pytest.raises(UsageError, match=r"no such file.*or one of the plug-ins service"):
        open_works(str(folder / "lost.bib"))
