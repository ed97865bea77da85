"""A document that brings its own reference list, as its user meets it: told at ingest, shown beside the claim, in lists and reports."""

import pytest

TEXT = (
    "The Tower\n\nIt was tall.[1] It fell.[9]\n\nReferences\n\n"
    "1. Adams, A. The Tower. https://doi.org/10.1000/tower\n2. Brown, B. The Fall. ISBN 978-0-306-40615-7\n"
)


@pytest.fixture
def tower(verify, desk):
    """The text, ingested."""
    (desk / "tower.txt").write_text(TEXT, "utf-8")
    return verify("ingest", "tower.txt")


def test_ingest_tells_what_does_not_fit(tower):
    """Numbers without an entry, and entries without a number."""
    assert "[9]: cited without an entry in the reference list\n" in tower.err
    assert "[2]: in the reference list and cited by no claim\n" in tower.err


@pytest.mark.usefixtures("tower")
def test_show_says_who_named_the_source(verify):
    """The document first; a person who attaches the same takes it over."""
    before = verify("show", "1").out
    attached = verify("attach", ":1", "10.1000/tower")

    assert "doi:10.1000/tower, named by the document's own reference [1], " in " ".join(before.split())
    assert 0 == attached.code
    assert "doi:10.1000/tower, attached through [1] by ann, " in " ".join(verify("show", "1").out.split())
    assert ["person"] == [link["origin"] for link in verify("show", "1", "--json").data["links"]]


@pytest.mark.usefixtures("tower")
def test_list_gives_the_origin_of_each_source(verify):
    claims = verify("list", "--json").data["claims"]

    assert [(["doi:10.1000/tower"], ["document"]), ([], [])] == [(c["sources"], c["source_origins"]) for c in claims]
    assert ["unverified", "no source, unverified"] == [", ".join(c["reasons"]) for c in claims]


@pytest.mark.usefixtures("tower")
def test_sources_hold_what_the_list_names(verify):
    """An entry that nobody cites is a source too: it holds up no claim."""
    held = verify("sources", "--format", "json").data["sources"]

    assert [("doi:10.1000/tower", 1), ("isbn:9780306406157", 0)] == [(source["canonical"], source["claims"]) for source in held]
