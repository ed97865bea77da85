"""What a document's own reference list brings into the ledger: entries with all that they name, sources by the bulk, and links of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from verify.model import Identifier, Reference, Snapshot, Source, SourceKind, TextQuote
from verify.store import Connection, Ledger, documents, sources

FULL = Reference(
    "1",
    "Adams, p. 4.",
    url="https://a.example/",
    doi="10.1000/x",
    isbn="978-0-306-40615-7",
    pmid="123",
    arxiv="2106.01234",
    archive_url="https://web.archive.org/web/2020/https://a.example/",
    accessed="3 May 2020",
    page="4–5",
    csl={"type": "book", "author": [{"family": "Adams"}], "title": "Ö"},
)
BARE = Reference("2", "Brown.")


@pytest.fixture
def held(any_ledger: Ledger, writing, take) -> Ledger:
    """A ledger with one document, two references of its list, 1 and 2 by label and by id, and two sources."""
    with writing(any_ledger) as connection:
        take(connection, [], listed=[FULL, BARE])
        sources.put_sources(connection, [Source(0, SourceKind.DOI, "doi:10.1/a", ""), Source(0, SourceKind.DOI, "doi:10.1/b", "")])
    return any_ledger


def links(connection: Connection) -> list[tuple[str, str, str]]:
    return [(link.label, link.source.canonical, link.reviewer) for link in sources.links_of_document(connection, 1)]


def test_reference_comes_back(held: Ledger):
    with held.read() as connection:
        assert (FULL, BARE) == documents.references(connection, 1)
        assert [(1, FULL, False), (2, BARE, False)] == documents.held_references(connection, 1)


def test_references_are_followed(held: Ledger, writing):
    """One that is known keeps its id, whatever it is called now; one that is not named is kept as gone, with what it last said."""
    with writing(held) as connection:
        ids = documents.write_references(connection, 1, [(None, Reference("1", "New"), True), (1, Reference("2", "Adams again"), True)])

        assert {"1": 3, "2": 1} == ids
        assert (Reference("1", "New"), Reference("2", "Adams again")) == documents.references(connection, 1)
        assert {1: (Reference("2", "Adams again"), False), 2: (BARE, True), 3: (Reference("1", "New"), False)} == {
            reference_id: (reference, absent) for reference_id, reference, absent in documents.held_references(connection, 1)
        }
        assert [3, 1, None] == [documents.reference_cited_as(connection, 1, label) for label in ("1", "2", "3")]


def test_reference_comes_back_as_itself(held: Ledger, writing):
    """What was gone and is listed again has its id again, and one that is only cited is no entry of the list."""
    with writing(held) as connection:
        documents.write_references(connection, 1, [(1, FULL, True)])
        gone = documents.reference_cited_as(connection, 1, "2")
        documents.write_references(connection, 1, [(1, FULL, True), (2, Reference("2", ""), False)])
        cited = documents.reference_cited_as(connection, 1, "2")
        listed = documents.references(connection, 1)
        documents.write_references(connection, 1, [(1, FULL, True), (2, BARE, True)])

        assert (None, 2, (FULL,)) == (gone, cited, listed)
        assert (FULL, BARE) == documents.references(connection, 1)


def test_sources_by_the_bulk(held: Ledger, writing):
    """New ones are stored; of those that are held only what was empty is filled; each is given by its name, however often it was asked for."""
    with writing(held) as connection:
        sources.put_source(connection, Identifier(SourceKind.DOI, "doi:10.1/b", "10.1/b"), title="B", csl={"type": "book"})
        named = ["doi:10.1/a", "doi:10.1/b", "doi:10.1/c", "doi:10.1/c"]
        ids = sources.put_sources(connection, [Source(0, SourceKind.DOI, name, "T", {"type": "article"}, "not fetched") for name in named])
        stored = [source for source, _ in sources.all_sources(connection)]

    a, b, c = (ids[name] for name in named[:3])
    expected = [
        Source(a, SourceKind.DOI, "doi:10.1/a", "T", {"type": "article"}, ""),
        Source(b, SourceKind.DOI, "doi:10.1/b", "B", {"type": "book"}, ""),
        Source(c, SourceKind.DOI, "doi:10.1/c", "T", {"type": "article"}, "not fetched"),
    ]
    assert expected == stored


def test_links_follow_the_list(held: Ledger, writing, noon: datetime):
    """What is no longer named is detached, what is newly named attached, the rest stays as it is."""
    with writing(held) as connection:
        first = sources.link_references(connection, 1, [(1, 1), (2, 1), (1, 1)], noon)
        again = sources.link_references(connection, 1, [(2, 1), (1, 1)], noon)
        changed = sources.link_references(connection, 1, [(1, 2), (2, 1)], noon + timedelta(days=1))

        assert [(2, 0), (0, 0), (1, 1)] == [first, again, changed]
        assert [("2", "doi:10.1/a", ""), ("1", "doi:10.1/b", "")] == links(connection)


def test_links_of_persons_are_left_alone(held: Ledger, writing, noon: datetime):
    """Also where the document names the same source."""
    with writing(held) as connection:
        sources.link(connection, document_id=1, reference_id=1, source_id=1, reviewer="ada", at=noon)
        named = sources.link_references(connection, 1, [(1, 1)], noon)
        emptied = sources.link_references(connection, 1, [], noon)

        assert [(0, 0), (0, 0)] == [named, emptied]
        assert [("1", "doi:10.1/a", "ada")] == links(connection)


def test_person_takes_over_a_link(held: Ledger, writing, noon: datetime):
    """Whoever attaches what the document names, keeps it when the document names it no longer, with the quotes kept for it."""
    with writing(held) as connection:
        sources.link_references(connection, 1, [(1, 1)], noon)
        before = sources.links_of_document(connection, 1)[0]
        taken = sources.link(connection, document_id=1, reference_id=1, source_id=1, locator="p. 4", reviewer="ada", at=noon)
        again = sources.link(connection, document_id=1, reference_id=1, source_id=1, reviewer="bob", at=noon)
        sources.link_references(connection, 1, [], noon)

        assert [(before.id, True), (before.id, False)] == [taken, again]
        assert [("1", "doi:10.1/a", "ada")] == links(connection)
        assert "p. 4" == sources.links_of_document(connection, 1)[0].locator


def test_what_a_person_took_off_stays_off(held: Ledger, writing, noon: datetime):
    """The document does not attach it again; another one may."""
    with writing(held) as connection:
        sources.link_references(connection, 1, [(1, 1)], noon)
        sources.unlink(connection, [sources.links_of_document(connection, 1)[0].id], "ada", noon)
        again = sources.link_references(connection, 1, [(1, 1), (1, 2)], noon)

        assert (1, 0) == again
        assert [("1", "doi:10.1/b", "")] == links(connection)


def test_quotes_stay_with_a_detached_link(held: Ledger, writing, noon: datetime):
    """A link that the document drops is kept with its evidence, and is no longer shown."""
    with writing(held) as connection:
        sources.link_references(connection, 1, [(1, 1)], noon)
        link = sources.links_of_document(connection, 1)[0]
        snapshot = sources.put_snapshot(connection, 1, Snapshot(0, "ef", "text/plain", b"", "It did rain.", "", noon))
        sources.add_evidence(connection, link.id, snapshot.id, TextQuote("did rain", "It ", ".", 3, 11), "", "ada", noon)
        sources.link_references(connection, 1, [], noon)
        kept = connection.exec_driver_sql("SELECT count(*) FROM evidence").scalar()

        assert ([], 1) == (links(connection), kept)
