"""Entries of bibliographies and their keys: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from verify.model import Citation, Claim, Identifier, Reference, SourceKind
from verify.store import Ledger, bibliography, sources
from verify.store.bibliography import BibliographyEntry

CLAIMS = (Claim(1, "It rained.", 0, 10, 0, 30, citations=(Citation("smith2020", 10, 20, 0, 10), Citation("7", 20, 23, 0, 10))),)


@pytest.fixture
def entry(noon: datetime):
    def made(key: str, source_id: int | None, raw: str = "", origin: str = "/refs.bib", at: datetime = noon) -> BibliographyEntry:
        why = "" if source_id else "its braces do not close"
        return BibliographyEntry(key, source_id, {"id": key}, raw or f"@book{{{key}}}", why, origin, "ada", at)

    return made


@pytest.fixture
def two(any_ledger: Ledger, writing) -> tuple[Ledger, int, int]:
    """A ledger with two sources."""
    with writing(any_ledger) as connection:
        names = (Identifier(SourceKind.DOI, f"doi:10.1/{c}", "") for c in "ab")
        return any_ledger, *(sources.put_source(connection, name)[0].id for name in names)


def test_entries_are_kept_as_they_are(two, writing, entry):
    """Also a broken one without a key, and two of one key."""
    ledger, a, b = two
    listed = [entry("smith2020", a), entry("", None, "@book{"), entry("smith2020", b, "@misc{smith2020}")]
    with writing(ledger) as connection:
        counts = bibliography.put_entries(connection, listed)

        assert {"new": 3, "changed": 0, "unchanged": 0} == counts
        assert listed == bibliography.all_entries(connection)
        assert {"smith2020": a} == bibliography.sources_by_key(connection, ["smith2020", "", "other"])
        assert {a: "smith2020", b: "smith2020"} == bibliography.keys_of(connection, [a, b])


def test_same_file_again_changes_what_changed(two, writing, entry, noon: datetime):
    """The entry that was mended takes the place of the broken one; the others stay with the time of their import."""
    ledger, a, b = two
    later = noon + timedelta(days=1)
    with writing(ledger) as connection:
        bibliography.put_entries(connection, [entry("one", a), entry("two", None, "@book{two,")])
        again = [replace(entry("one", a), imported_at=later), entry("two", b, at=later), entry("three", b, at=later)]
        counts = bibliography.put_entries(connection, again)

        assert {"new": 1, "changed": 1, "unchanged": 1} == counts
        assert [("one", noon), ("two", later), ("three", later)] == [(e.key, e.imported_at) for e in bibliography.all_entries(connection)]
        assert {"one": a, "two": b} == bibliography.sources_by_key(connection, ["one", "two"])


def test_last_import_of_a_key_counts(two, writing, entry, noon: datetime):
    """Two files may use one key for two works."""
    ledger, a, b = two
    with writing(ledger) as connection:
        bibliography.put_entries(connection, [entry("smith2020", b, origin="/new.bib", at=noon + timedelta(days=1))])
        bibliography.put_entries(connection, [entry("smith2020", a, origin="/old.bib")])

        assert {"smith2020": b} == bibliography.sources_by_key(connection, ["smith2020"])


def test_documents_that_cite_a_key(two, writing, take):
    """Whether they list it or not, as long as they do."""
    ledger, _, _ = two
    with writing(ledger) as connection:
        take(connection, CLAIMS, name="paper", listed=[Reference("listed", "Smith")])
        take(connection, (), name="other")

        names = {
            keys: [document.name for document in bibliography.documents_citing(connection, keys)]
            for keys in (("smith2020",), ("listed", "smith2020"), ("x",), ())
        }
        assert {("smith2020",): ["paper"], ("listed", "smith2020"): ["paper"], ("x",): [], (): []} == names
        take(connection, (), name="paper")
        assert [] == bibliography.documents_citing(connection, ["smith2020"])
