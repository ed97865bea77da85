"""What a document's own reference list brings into the ledger: entries with all that they name, sources by the bulk, and links of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from verify.model import Draft, Extraction, Identifier, Layout, Reference, Snapshot, Source, SourceKind, TextQuote
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


@pytest.fixture
def held(any_ledger: Ledger, noon: datetime) -> Ledger:
    """A ledger with one document and two sources."""
    with any_ledger.write() as connection:
        document = documents.add_document(connection, name="weather", title="", origin="-")
        extraction = Extraction(Layout.TRAILING, "", ())
        documents.add_revision(connection, document.id, draft=Draft("", (), references=(FULL,)), extraction=extraction, sha256="", at=noon)
        sources.put_sources(connection, [Source(0, SourceKind.DOI, "doi:10.1/a", ""), Source(0, SourceKind.DOI, "doi:10.1/b", "")])
    return any_ledger


def links(connection: Connection) -> list[tuple[str, str, str]]:
    return [(link.label, link.source.canonical, link.reviewer) for link in sources.links_of_document(connection, 1)]


def test_reference_comes_back(held: Ledger):
    with held.read() as connection:
        assert (FULL,) == documents.references(connection, 1)


def test_references_are_replaced(held: Ledger):
    """Of two with one label the first is kept."""
    with held.write() as connection:
        documents.write_references(connection, 1, [Reference("2", "B"), Reference("1", "A"), Reference("2", "C")])

        assert (Reference("2", "B"), Reference("1", "A")) == documents.references(connection, 1)


def test_sources_by_the_bulk(held: Ledger):
    """New ones are stored; of those that are held only what was empty is filled; each is given by its name, however often it was asked for."""
    with held.write() as connection:
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


def test_links_follow_the_list(held: Ledger, noon: datetime):
    """What is no longer named is detached, what is newly named attached, the rest stays as it is."""
    with held.write() as connection:
        first = sources.link_references(connection, 1, [("1", 1), ("2", 1), ("1", 1)], noon)
        again = sources.link_references(connection, 1, [("2", 1), ("1", 1)], noon)
        changed = sources.link_references(connection, 1, [("1", 2), ("2", 1)], noon + timedelta(days=1))

        assert [(2, 0), (0, 0), (1, 1)] == [first, again, changed]
        assert [("2", "doi:10.1/a", ""), ("1", "doi:10.1/b", "")] == links(connection)


def test_links_of_persons_are_left_alone(held: Ledger, noon: datetime):
    """Also where the document names the same source."""
    with held.write() as connection:
        sources.link(connection, document_id=1, label="1", source_id=1, reviewer="ada", at=noon)
        named = sources.link_references(connection, 1, [("1", 1)], noon)
        emptied = sources.link_references(connection, 1, [], noon)

        assert [(0, 0), (0, 0)] == [named, emptied]
        assert [("1", "doi:10.1/a", "ada")] == links(connection)


def test_person_takes_over_a_link(held: Ledger, noon: datetime):
    """Whoever attaches what the document names, keeps it when the document names it no longer, with the quotes kept for it."""
    with held.write() as connection:
        sources.link_references(connection, 1, [("1", 1)], noon)
        before = sources.links_of_document(connection, 1)[0]
        taken = sources.link(connection, document_id=1, label="1", source_id=1, locator="p. 4", reviewer="ada", at=noon)
        again = sources.link(connection, document_id=1, label="1", source_id=1, reviewer="bob", at=noon)
        sources.link_references(connection, 1, [], noon)

        assert [(before.id, True), (before.id, False)] == [taken, again]
        assert [("1", "doi:10.1/a", "ada")] == links(connection)
        assert "p. 4" == sources.links_of_document(connection, 1)[0].locator


def test_what_a_person_took_off_stays_off(held: Ledger, noon: datetime):
    """The document does not attach it again; another one may."""
    with held.write() as connection:
        sources.link_references(connection, 1, [("1", 1)], noon)
        sources.unlink(connection, [sources.links_of_document(connection, 1)[0].id], "ada", noon)
        again = sources.link_references(connection, 1, [("1", 1), ("1", 2)], noon)

        assert (1, 0) == again
        assert [("1", "doi:10.1/b", "")] == links(connection)


def test_quotes_stay_with_a_detached_link(held: Ledger, noon: datetime):
    """A link that the document drops is kept with its evidence, and is no longer shown."""
    with held.write() as connection:
        sources.link_references(connection, 1, [("1", 1)], noon)
        link = sources.links_of_document(connection, 1)[0]
        snapshot = sources.put_snapshot(connection, 1, Snapshot(0, "ef", "text/plain", b"", "It did rain.", "", noon))
        sources.add_evidence(connection, link.id, snapshot.id, TextQuote("did rain", "It ", ".", 3, 11), "", "ada", noon)
        sources.link_references(connection, 1, [], noon)
        kept = connection.exec_driver_sql("SELECT count(*) FROM evidence").scalar()

        assert ([], 1) == (links(connection), kept)
