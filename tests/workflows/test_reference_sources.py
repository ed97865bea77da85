"""A document that brings its own reference list: what becomes of its entries at ingest, at re-ingest, and beside what persons do."""

import json

import pytest

from verify.model import Layout, Reference, sha256_of
from verify.store import claims, documents, sources, trail
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.references import identifier_of

BODY = "The Tower\n\nIt was tall.[1] It fell.[2] Nobody wept.[3]\n\nReferences\n\n"
ONE = "1. Adams, A. The Tower. https://doi.org/10.1000/tower\n"
TWO = "2. Brown, B. The Fall. https://b.example/fall?utm_source=x\n"
THREE = "3. Clark, C., in conversation.\n"


def held(ledger):
    """What holds in the only document: label, source, and who attached it."""
    with ledger.read() as connection:
        return [(link.label, link.source.canonical, link.reviewer) for link in sources.links_of_document(connection, 1)]


def links(ledger):
    """The links that hold, by their ids."""
    with ledger.read() as connection:
        return [link.id for link in sources.links_of_document(connection, 1)]


def last_facts(ledger):
    with ledger.read() as connection:
        return json.loads(trail.events(connection)[-1].payload)


ADAMS = ("1", "doi:10.1000/tower", "")
BROWN = ("2", "https://b.example/fall", "")


def test_entries_become_sources(ledger, take):
    """Each entry with an identifier, under its canonical name, without its text; the event tells how many, and which, in a digest."""
    take(BODY + ONE + TWO + THREE)
    with ledger.read() as connection:
        stored = {source.canonical: (source.no_text_why, claims) for source, claims in sources.all_sources(connection)}
    facts = last_facts(ledger)

    assert [ADAMS, BROWN] == held(ledger)
    reason = "never fetched"
    assert {"doi:10.1000/tower": (reason, 1), "https://b.example/fall": (reason, 1)} == stored
    assert (2, 0) == (facts["sources"], facts["malformed_references"])
    assert sha256_of('["1", "doi:10.1000/tower"]\n["2", "https://b.example/fall"]') == facts["sources_sha256"]


def test_malformed_identifiers_are_counted(ledger, take):
    """An ISBN with a digit wrong names no book; nothing is stored for it, and the ingest goes on."""
    take(BODY + ONE + "2. Brown, B. The Fall. ISBN 978-0-306-40615-8.\n" + THREE)

    assert [ADAMS] == held(ledger)
    assert (1, 1) == (last_facts(ledger)["sources"], last_facts(ledger)["malformed_references"])


@pytest.mark.parametrize("after", [ONE + "2. Brown, B. The Fall. doi:10.1000/fall\n", ONE + "2. Brown, B. The Fall, in conversation.\n"])
def test_new_revision_moves_what_changed(ledger, take, after):
    """An entry that names another work, or none, lets go of the one it named; the others stay as they are."""
    take(BODY + ONE + TWO + THREE, name="tower")
    take(BODY + after + THREE, name="tower")

    expected = [ADAMS, ("2", "doi:10.1000/fall", "")] if "doi" in after.splitlines()[1] else [ADAMS]
    assert expected == held(ledger)


def test_references_keep_their_sources_under_other_numbers(ledger, take):
    """A renumbered list is the same list: the links are the same, by their new numbers, and the claims are served as before."""
    take(BODY + ONE + TWO + THREE, name="tower")
    before = links(ledger)
    renumbered = BODY.replace("[1]", "[x]").replace("[2]", "[1]").replace("[x]", "[2]")
    take(renumbered + "1. Brown, B. The Fall. https://b.example/fall\n2. Adams, A. The Tower. doi:10.1000/tower\n" + THREE, name="tower")
    with ledger.read() as connection:
        served = [[link.source.canonical for link in each.links] for each in claims.dossiers(connection, claims.ClaimQuery())]

    assert [("2", *ADAMS[1:]), ("1", *BROWN[1:])] == held(ledger)
    assert before == links(ledger)
    assert [["doi:10.1000/tower"], ["https://b.example/fall"], []] == served


def test_same_again_changes_nothing(ledger, take):
    take(BODY + ONE + TWO, name="tower")
    before = held(ledger)
    again = take(BODY + ONE + TWO, name="tower")

    assert ("unchanged", before) == (again.what, held(ledger))


def test_another_layout_keeps_the_links(ledger, take):
    """A new reading of the same bytes has the same list."""
    take(BODY + ONE + TWO, name="tower")
    again = take(BODY + ONE + TWO, name="tower", layout=Layout.LEADING)

    assert ("read again", [ADAMS, BROWN]) == (again.what, held(ledger))


def test_persons_links_outlive_the_list(ledger, take):
    """Whoever attached the same source, or another, keeps it when the list names it no longer."""
    take(BODY + ONE + TWO + THREE, name="tower")
    attach(ledger, Attachment(target=":1", source="10.1000/tower"), reviewer="bea")
    attach(ledger, Attachment(target=":2", source="https://other.example/"), reviewer="bea")
    take(BODY + "1. Adams, A., in conversation.\n2. Brown, B., in conversation.\n" + THREE, name="tower")

    assert [("1", "doi:10.1000/tower", "bea"), ("2", "https://other.example/", "bea")] == held(ledger)


def test_what_a_person_detached_stays_off(ledger, take):
    """A later revision that names it still does not attach it again."""
    take(BODY + ONE + TWO + THREE, name="tower")
    detach(ledger, ":2", "https://b.example/fall", reviewer="bea")
    take(BODY.replace("tall", "very tall") + ONE + TWO + THREE, name="tower")

    assert [ADAMS] == held(ledger)


def test_one_source_of_two_documents(ledger, take):
    """Two documents that name one work share its source, however each wrote it."""
    take(BODY + ONE, name="a")
    take(BODY + "1. Adams. The Tower. DOI: 10.1000/TOWER.\n", name="b")
    with ledger.read() as connection:
        assert [("doi:10.1000/tower", 2)] == [(source.canonical, claims) for source, claims in sources.all_sources(connection)]


def test_first_of_two_with_one_label_counts(ledger, take):
    """A citation of that label cannot tell them apart; the second is no reference and no source."""
    take(BODY + ONE + "1. Brown, B. The Fall. https://b.example/fall\n" + THREE)
    with ledger.read() as connection:
        listed = [(reference.label, reference.doi) for reference in documents.references(connection, 1)]

    assert ([("1", "10.1000/tower"), ("3", "")], [ADAMS]) == (listed, held(ledger))


def test_author_year_list(ledger, take):
    """The labels of a list without numbers are its authors and years, and link as numbers do."""
    take("The Tower\n\nIt was tall (Adams 2020).\n\nReferences\n\nAdams, A. (2020). The Tower. https://doi.org/10.1000/tower\n")
    with ledger.read() as connection:
        labels = [reference.label for reference in documents.references(connection, 1)]

    assert (["Adams 2020"], [("Adams 2020", "doi:10.1000/tower", "")]) == (labels, held(ledger))


IDENTIFIED = [
    (Reference("1", "", url="https://a.example/", doi="10.1000/x", arxiv="2106.01234", isbn="0-8044-2957-X", pmid="1"), "doi:10.1000/x"),
    (Reference("1", "", url="https://a.example/", arxiv="2106.01234v2", isbn="0-8044-2957-X", pmid="1"), "arxiv:2106.01234"),
    (Reference("1", "", url="https://a.example/", isbn="0-8044-2957-X", pmid="1"), "isbn:9780804429573"),
    (Reference("1", "", url="https://a.example/", pmid="1"), "https://pubmed.ncbi.nlm.nih.gov/1/"),
    (Reference("1", "", url="https://a.example/", archive_url="https://archive.ph/x"), "https://a.example/"),
    (Reference("1", "", archive_url="https://archive.ph/x"), "https://archive.ph/x"),
    (Reference("1", "", doi="10.1/x", url="https://a.example/"), "https://a.example/"),
    (Reference("1", "", doi="10.48550/arXiv.2106.01234"), "arxiv:2106.01234"),
    (Reference("1", "", url="https://doi.org/10.1000/x"), "doi:10.1000/x"),
    (Reference("1", "", url="https://user:secret@a.example/"), None),
    (Reference("1", "", url="ftp://a.example/"), None),
    (Reference("1", "", url="note: a.example"), None),
    (Reference("1", "", url="/etc/passwd"), None),
    (Reference("1", "", url="https://a.example/\x00"), None),
    (Reference("1", "Adams 2020"), None),
]


@pytest.mark.parametrize(("reference", "canonical"), IDENTIFIED)
def test_identifier(reference, canonical):
    """The surest well-formed one; never a file or free text, whatever a document writes for an address."""
    identifier = identifier_of(reference)

    assert canonical == (identifier.canonical if identifier else None)
