"""`verify sources`: the list, one source, bibliographies in and out, and what stands where."""

import json

import pytest
from small_pdf import pdf_of
from small_site import page, serving_site

BIB = "@article{smith2020, author = {Smith, Jane}, title = {On rain}, year = 2020, doi = {10.1000/rain}}\n@book{open, title = {No end\n"


@pytest.fixture
def site(monkeypatch):
    monkeypatch.delenv("VERIFY_OFFLINE")
    monkeypatch.setenv("VERIFY_ALLOW_HOSTS", "127.0.0.1")
    monkeypatch.setenv("VERIFY_FETCH_DELAY", "0")
    with serving_site() as pages:
        pages.put("/flood", page())
        yield pages


@pytest.mark.usefixtures("held_seed")
def test_list_is_what_sources_alone_does(verify):
    """With its options, and those of `verify`."""
    verify("attach", ":18", "https://example.org/a")
    runs = [
        verify("sources"),
        verify("sources", "list"),
        verify("sources", "list", "-d", "fall-of-damascus-2024"),
        verify("sources", "--db", "verify.db"),
    ]
    data = [verify("sources", "--format", "json").data, verify("sources", "list", "--json").data]

    assert 1 == len({(run.code, run.out, run.err) for run in runs})
    assert data[0] == data[1]
    assert "1 source: the text of 0 is held, of 1 not\n" == runs[0].err
    assert (None, "", None, "never fetched") == tuple(
        data[0]["sources"][0][name] for name in ("liveness", "key", "visited_at", "no_text_why")
    )


@pytest.mark.usefixtures("held_seed")
def test_list_of_a_document(verify, desk):
    """Only what holds up its claims."""
    (desk / "other.txt").write_text("Another text cites it.[77]\n")
    verify("ingest", "other.txt")
    verify("attach", ":77", "https://example.org/b")
    verify("attach", ":18", "https://example.org/a")

    assert ["https://example.org/b"] == [s["canonical"] for s in verify("sources", "list", "-d", "other", "--json").data["sources"]]
    assert (2, True) == (verify("sources", "-d", "x").code, "there is no document 'x'" in verify("sources", "-d", "x").err)


@pytest.mark.usefixtures("held_seed")
def test_unknown_command(verify):
    run = verify("sources", "lst")

    assert (2, True) == (run.code, "No such command 'lst'" in run.err)


@pytest.mark.usefixtures("held_seed")
def test_reach_is_shown_in_the_list(verify, site):
    """How each can be reached, and since when."""
    verify("attach", ":18", f"{site.url}/flood")
    verify("attach", ":18", f"{site.url}/gone")
    rows = {s["canonical"].rpartition("/")[2]: s for s in verify("sources", "--json").data["sources"]}

    assert ("alive", "soft_failure") == (rows["flood"]["liveness"], rows["gone"]["liveness"])
    assert rows["gone"]["no_text_why"].startswith("soft failure: answered 404")
    assert rows["gone"]["visited_at"] == rows["gone"]["liveness_since"]


@pytest.mark.usefixtures("held_seed")
def test_show(verify, site):
    """Everything held on one source, for people and for programs; by id, by any spelling."""
    verify("attach", ":18", f"{site.url}/flood", "--quote", "nine days")
    run, data = verify("sources", "show", f"{site.url}/flood#x"), verify("sources", "show", "1", "--json").data

    assert "Source 1 · url · The flood" == run.out.splitlines()[0]
    assert "  Text: held, 131 characters" in run.out.splitlines()
    assert "  claim 1: nine days (exact, The river)" in run.out.splitlines()
    assert f"{site.url}/flood: answered 200" in run.out
    assert (1, 1, "alive", [1]) == (len(data["states"]), len(data["visits"]), data["liveness"], [claim["id"] for claim in data["claims"]])
    assert (2, True) == (verify("sources", "show", "7").code, "no source '7' is held" in verify("sources", "show", "7").err)


def test_add(verify, desk):
    """Before any document is held; a file with its text, a DOI with what a file of works says of it."""
    (desk / "works.bib").write_text("@article{x, doi = {10.1000/rain}, title = {On rain}, year = 2020}\n@article{y, doi={10.1/lost}")
    (desk / "paper.pdf").write_bytes(pdf_of(["The mill", "It stood still for a year and a day."], "/Title (The mill) /Author (Ann Doe)"))
    doi = verify("sources", "add", "10.1000/rain", "--doi", "works.bib")
    again = verify("sources", "add", "doi:10.1000/RAIN")
    pdf = verify("sources", "add", "paper.pdf")
    rows = verify("sources", "--json").data["sources"]

    assert "[1] On rain: added\n" == doi.out
    assert "its text is not here yet: never fetched" in doi.err.splitlines()
    assert any("works.bib, line 2: y" in line for line in doi.err.splitlines())
    assert ("[1] On rain: was held already\n", "[2] The mill: added\n") == (again.out, pdf.out)
    assert ("article-journal", [{"family": "Doe", "given": "Ann"}]) == (rows[0]["csl"]["type"], rows[1]["csl"]["author"])
    assert (2, True) == (verify("sources", "add", "x").code, "names no source" in verify("sources", "add", "x").err)
    assert 2 == verify("sources", "add", "10.1/x", "--doi", "missing.bib").code


def test_import_and_export(verify, desk):
    """Told, linked by key, and out again; a broken entry is told with its line."""
    (desk / "paper.md").write_text("It rained for days [@smith2020]. It froze [@other].\n")
    (desk / "refs.bib").write_text(BIB)
    verify("ingest", "paper.md")
    run, again = verify("sources", "import", "refs.bib"), verify("sources", "import", "refs.bib")
    exported = verify("sources", "export", "-f", "bibtex", "-d", "paper")
    to_file = verify("sources", "export", "-o", "out.json")

    assert "refs.bib: 2 entries (2 new), 1 new source, 1 link of documents changed\n" == run.out
    assert "line 2: the entry open is broken and kept as it is: its braces do not close before the next entry" in run.err.splitlines()
    assert "refs.bib: 2 entries (2 unchanged), 0 new sources, 0 links of documents changed\n" == again.out
    assert ["On rain"] == [link["source"]["title"] for link in verify("show", 1, "--json").data["links"]]
    assert "@article{smith2020," in exported.out
    assert (0, "") == (to_file.code, to_file.out)
    assert ["smith2020"] == [item["id"] for item in json.loads((desk / "out.json").read_text())]
    assert "smith2020" == verify("sources", "show", "smith2020", "--json").data["key"]


def test_import_goes_on_after_a_bad_file(verify, desk):
    """One alone that cannot be read is an error; of several it is told, and the exit code says so."""
    (desk / "refs.bib").write_text(BIB)
    (desk / "bad\x1b[2J.bib").write_bytes(b"\0\1\2\3" * 100)
    run = verify("sources", "import", "bad\x1b[2J.bib", "missing.ris", "refs.bib")
    alone = verify("sources", "import", "missing.ris")

    assert (3, 1) == (run.code, len(run.out.splitlines()))
    assert r"bad\x1b[2J.bib: " in run.err
    assert (3, "", "verify: missing.ris: no such file\n") == (alone.code, alone.out, alone.err)


@pytest.mark.usefixtures("held_seed")
def test_warc(verify, site, desk):
    """A file that is there whole, with what was fetched."""
    nothing = verify("sources", "export", "--warc", "out.warc.gz")
    verify("attach", ":18", f"{site.url}/flood")
    run = verify("sources", "export", "--warc", "out.warc.gz")

    assert (3, "verify: nothing was fetched yet: `verify fetch` does\n") == (nothing.code, nothing.err)
    assert (0, "3 records written to out.warc.gz\n") == (run.code, run.err)
    assert (desk / "out.warc.gz").read_bytes().startswith(b"\x1f\x8b")
    assert 2 == verify("sources", "export", "--warc", "a", "-o", "b").code


@pytest.mark.usefixtures("held_seed")
def test_relink(verify, site):
    """The new address stands where the old one stood; quotes go along where they stand there too."""
    site.put(
        "/moved", page("It rained in the north for nine days, and then for one more, and nobody in the old town had seen the like of it.")
    )
    verify("attach", ":18", f"{site.url}/flood", "--quote", "for nine days", "--quote", "left its bed twice")
    run = verify("sources", "relink", "1", f"{site.url}/moved")

    assert "The flood stands for The flood: 1 link, 1 quote gone along" == run.out.splitlines()[0]
    assert "  quote left behind: left its bed twice" == run.out.splitlines()[1]
    assert [f"{site.url}/moved"] == [link["source"]["canonical"] for link in verify("show", 1, "--json").data["links"]]


LIBRARY = """It rained for nine days.[1] The river rose.[2]

References

1. Smith, J. (2020). The rains of the northern valleys. Oslo.
2. Roe, R. (1999). Rivers that leave their beds in spring. Oslo.
"""


@pytest.fixture
def library(verify, desk):
    (desk / "flood.txt").write_text(LIBRARY)
    verify("ingest", "flood.txt")
    (desk / "files").mkdir()
    words = "It goes on with words that are there to make it long enough for a page. " * 3
    (desk / "files" / "b.txt").write_text(f"Rivers that leave their beds in spring\nR. Roe, 1999\n\n{words}")
    (desk / "files" / "\x1b[2Ja.txt").write_text("x")


@pytest.mark.usefixtures("library")
def test_library_is_listed_and_attached(verify):
    """Without a terminal and --yes it is only shown; again, nothing is left to do."""
    listed = verify("attach", "--library", "files")
    done = verify("attach", "--library", "files", "--yes")
    again = verify("attach", "--library", "files", "--yes")

    assert 0 == listed.code
    assert all(word in listed.out for word in ("[2]", "b.txt", "year 1999", "Rivers that leave"))
    assert (
        "nothing was attached: --yes attaches what is not ambiguous, and on a terminal you are asked one by one" in listed.err.splitlines()
    )
    assert "attached to flood:2: it serves 1 claim (2)" in done.out
    assert ("", "2 files: 0 matched, 1 attached already") == (again.out, again.err.splitlines()[0])
    assert "\x1b" not in listed.out + listed.err


@pytest.mark.usefixtures("library")
def test_library_asks_one_by_one_on_a_terminal(verify, monkeypatch):
    """Yes attaches, anything else does not."""
    monkeypatch.setattr("verify.cli.library._has_terminal", lambda: True)
    no = verify("attach", "--library", "files", stdin=b"n\n")
    yes = verify("attach", "--library", "files", stdin=b"y\n")

    assert ("0 of 1 match attached", "1 of 1 match attached") == tuple(run.err.splitlines()[-2].rpartition(": ")[2] for run in (no, yes))
    assert "attached to flood:2" in yes.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--library", "files", ":1", "x"), "bring their own targets"),
        (("--library", "files", "--manifest", "a.csv"), "give one of them alone"),
        (("--yes", ":1", "x"), "--yes goes with --library"),
        (("--library", "missing"), "missing is no folder"),
    ],
)
@pytest.mark.usefixtures("library")
def test_library_is_given_alone(verify, arguments, says):
    run = verify("attach", *arguments)

    assert run.code in (2, 3)
    assert says in run.err
