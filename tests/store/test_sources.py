"""Sources, what they looked like, and what they hold up: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from verify.model import Citation, Claim, Identifier, MarkKind, QuoteMatch, Reference, Snapshot, SourceKind, Status, TextQuote, sha256_of
from verify.store import Ledger, claims, decisions, documents, quotes, snapshots, sources
from verify.store.claims import ClaimQuery
from verify.store.quotes import QuoteRecheck

CLAIMS = (
    Claim(1, "It rained.", 0, 10, 0, 30, citations=(Citation("1", 10, 13, 0, 10), Citation("2", 13, 16, 0, 10))),
    Claim(2, "It snowed.", 17, 27, 0, 30, citations=(Citation("a", 27, 30, 0, 10, MarkKind.NOTE),)),
    Claim(3, "It froze.", 31, 40, 31, 60, citations=(Citation("1", 40, 43, 0, 9),)),
    Claim(4, "It thawed.", 44, 54, 31, 60),
)
URL = Identifier(SourceKind.URL, "https://example.org/1", "https://example.org/1")
BOOK = Identifier(SourceKind.ISBN, "isbn:9780306406157", "0-306-40615-2")
PAGE = Snapshot(
    0,
    sha256_of(b"\x00page"),
    "text/html",
    b"\x00page",
    "The page says so.",
    "https://example.org/1",
    datetime(2024, 1, 1, tzinfo=UTC),
)
QUOTE = TextQuote("page says", "The ", " so.", 4, 13, QuoteMatch.NORMALISED)


@pytest.fixture
def held(any_ledger: Ledger, writing, take):
    """A ledger with one document, and what its reading wrote."""
    with writing(any_ledger) as connection:
        return any_ledger, take(connection, CLAIMS, listed=[Reference("a", "A note."), Reference("1", "Smith")])


def test_source_is_one_row_however_often_it_is_put(any_ledger: Ledger, writing):
    """A title given later fills an empty one, and changes none."""
    with writing(any_ledger) as connection:
        first, created = sources.put_source(connection, URL, no_text_why="never fetched")
        titled, again = sources.put_source(connection, URL, title="A page", csl={"type": "webpage"}, no_text_why="other")
        kept, _ = sources.put_source(connection, URL, title="Another title", csl={"type": "book"})

        assert (True, False) == (created, again)
        assert replace(first, title="A page", csl={"type": "webpage"}) == titled == kept
        assert [(titled, 0)] == sources.all_sources(connection)


def test_snapshot_is_stored_once(any_ledger: Ledger, writing):
    """Its bytes come back, the source has a text from then on, and the latest is the one that was retrieved last."""
    later = replace(PAGE, sha256="f" * 64, content=b"", text="", retrieved_at=PAGE.retrieved_at + timedelta(days=1))
    with writing(any_ledger) as connection:
        source, _ = sources.put_source(connection, URL, no_text_why="never fetched")
        stored = sources.put_snapshot(connection, source.id, PAGE)
        again = sources.put_snapshot(connection, source.id, PAGE)
        found = sources.latest_snapshot(connection, source.id)
        newer = sources.put_snapshot(connection, source.id, later)

        assert replace(PAGE, id=stored.id) == stored == again == found
        assert newer == sources.latest_snapshot(connection, source.id)
        assert "" == sources.all_sources(connection)[0][0].no_text_why


def test_source_says_what_its_latest_text_is(any_ledger: Ledger, writing):
    """Wherever it comes from: the one retrieved last, and of two retrieved at once the one stored last."""
    earlier, same_time = (replace(PAGE, sha256=c * 64, retrieved_at=PAGE.retrieved_at - timedelta(days=n)) for c, n in (("a", 1), ("b", 0)))
    with writing(any_ledger) as connection:
        source, _ = sources.put_source(connection, URL)
        seen = []
        for snapshot in (PAGE, earlier, same_time):
            sources.put_snapshot(connection, source.id, snapshot)
            listed, put = sources.all_sources(connection)[0][0], sources.put_source(connection, URL)[0]
            latest = sources.latest_snapshot(connection, source.id)
            assert latest is not None
            seen.append((listed.snapshot_sha256, put.snapshot_sha256, latest.sha256))

    assert "" == source.snapshot_sha256
    assert [(PAGE.sha256,) * 3, (PAGE.sha256,) * 3, ("b" * 64,) * 3] == seen


def test_page_that_changes_back_is_the_latest_again(any_ledger: Ledger, writing):
    """The earlier snapshot, not another one: it says when it was seen again, and that holds wherever the latest is asked for."""
    changed = replace(PAGE, sha256="b" * 64, text="It says otherwise.", retrieved_at=PAGE.retrieved_at + timedelta(days=1))
    with writing(any_ledger) as connection:
        source, _ = sources.put_source(connection, URL)
        first, second = (sources.put_snapshot(connection, source.id, each) for each in (PAGE, changed))
        back = sources.put_snapshot(connection, source.id, replace(PAGE, retrieved_at=PAGE.retrieved_at + timedelta(days=2)))
        held, states = sources.source_with_id(connection, source.id), snapshots.states_of(connection, source.id)
        sources.see_snapshot(connection, second.id, PAGE.retrieved_at + timedelta(days=3))
        latest = sources.latest_snapshot(connection, source.id)

    assert replace(first, last_seen_at=PAGE.retrieved_at + timedelta(days=2)) == back
    assert held is not None
    assert PAGE.sha256 == held.snapshot_sha256
    assert [(first.id, 5, 17), (second.id, 5, 18)] == [(state.id, state.length, state.characters) for state in states]
    assert [back.last_seen_at, None] == [state.last_seen_at for state in states]
    assert latest is not None
    assert (second.id, PAGE.retrieved_at + timedelta(days=3)) == (latest.id, latest.last_seen_at)


def test_decision_is_stale_by_the_latest_text(held, writing, noon: datetime):
    """In the model, in the view, and in the list alike: when the page changes, and no longer when it changes back."""
    ledger, taken = held
    changed = replace(PAGE, sha256="b" * 64, retrieved_at=noon + timedelta(days=1))
    seen = []
    with writing(ledger) as connection:
        source, _ = sources.put_source(connection, URL)
        sources.put_snapshot(connection, source.id, replace(PAGE, retrieved_at=noon))
        sources.link(connection, document_id=taken.document_id, claim_id=taken.claims[3], source_id=source.id, reviewer="ada", at=noon)
        decisions.add_decision(connection, taken.claims[3], status=Status.VERIFIED, reviewer="ada", at=noon)
        for snapshot in (None, changed, replace(PAGE, retrieved_at=noon + timedelta(days=2))):
            if snapshot:
                sources.put_snapshot(connection, source.id, snapshot)
            [dossier] = claims.dossiers(connection, ClaimQuery(claim_ids=(taken.claims[3],)))
            view = dict(connection.exec_driver_sql("SELECT claim_id, stale FROM claim_overview").all())
            seen.append((dossier.stale, bool(view[taken.claims[3]]), documents.document_overview(connection)[0].needing_review))

    assert [(False, False, 3), (True, True, 4), (False, False, 3)] == seen


def test_text_that_is_none_to_check_against(any_ledger: Ledger, writing):
    """A page may be kept, and be no text all the same; one that is comes later."""
    with writing(any_ledger) as connection:
        source, _ = sources.put_source(connection, URL, no_text_why="never fetched")
        sources.put_snapshot(connection, source.id, PAGE, no_text_why="too thin")
        thin = sources.source_named(connection, URL.canonical)
        sources.put_snapshot(connection, source.id, replace(PAGE, sha256="b" * 64, retrieved_at=PAGE.retrieved_at + timedelta(days=1)))
        whole = sources.source_named(connection, URL.canonical)

    assert thin is not None
    assert whole is not None
    assert ("too thin", PAGE.sha256) == (thin.no_text_why, thin.snapshot_sha256)
    assert ("", "b" * 64) == (whole.no_text_why, whole.snapshot_sha256)


def test_sources_are_found_by_what_names_them(any_ledger: Ledger, writing):
    with writing(any_ledger) as connection:
        url, _ = sources.put_source(connection, URL)
        book, _ = sources.put_source(connection, BOOK)
        sources.describe_sources(connection, [replace(book, title="A book", csl={"type": "book"}, no_text_why="offline")])
        found = sources.sources_named(connection, [URL.canonical, BOOK.canonical, "offline:x"])

        assert {URL.canonical: url, BOOK.canonical: replace(book, title="A book", csl={"type": "book"}, no_text_why="offline")} == found
        assert (url, None, None, None) == (
            sources.source_with_id(connection, url.id),
            sources.source_with_id(connection, 99),
            sources.source_with_id(connection, 10**20),
            sources.source_named(connection, "offline:x"),
        )


def test_what_a_source_is_linked_to(held, writing, noon: datetime):
    """Its links with their quotes, the claims it serves, and whether it was taken off everything."""
    ledger, taken = held
    with writing(ledger) as connection:
        page, book, loose = (
            sources.put_source(connection, identifier)[0] for identifier in (URL, BOOK, Identifier(SourceKind.DOI, "doi:10.1/x", "10.1/x"))
        )
        snapshot = sources.put_snapshot(connection, page.id, PAGE)
        common = {"document_id": taken.document_id, "reviewer": "ada", "at": noon}
        by_reference, _ = sources.link(connection, **common, reference_id=taken.references["1"], source_id=page.id, locator="p. 3")
        gone, _ = sources.link(connection, **common, claim_id=taken.claims[3], source_id=book.id)
        sources.add_evidence(connection, by_reference, snapshot.id, QUOTE, "p. 1", "ada", noon, "as the second edition has it")
        sources.unlink(connection, [gone], "ada", noon)
        [linked] = sources.links_of_source(connection, page.id)

        assert (by_reference, None, taken.references["1"], "p. 3") == (linked.id, linked.claim_id, linked.reference_id, linked.locator)
        assert [(QUOTE, "as the second edition has it")] == [(quote.quote, quote.note) for quote in linked.evidence]
        assert [] == sources.links_of_source(connection, book.id)
        assert ([taken.claims[0], taken.claims[2]], [], []) == tuple(
            sources.claims_served(connection, source.id) for source in (page, book, loose)
        )
        assert (frozenset({page.id}), frozenset({book.id})) == (
            sources.sources_serving(connection, taken.document_id),
            sources.taken_off(connection),
        )


def test_links_serve_the_claims_that_cite(held, writing, noon: datetime):
    """By reference every claim that cites it, by claim that one alone; in the order of the citations; with their evidence."""
    ledger, taken = held
    with writing(ledger) as connection:
        page, _ = sources.put_source(connection, URL, title="A page")
        book, _ = sources.put_source(connection, BOOK)
        snapshot = sources.put_snapshot(connection, page.id, PAGE)
        common = {"document_id": taken.document_id, "reviewer": "ada", "at": noon}
        own = sources.link(connection, **common, claim_id=1, source_id=book.id, locator="p. 7", note="from the library")
        by_reference = sources.link(connection, **common, reference_id=taken.references["1"], source_id=page.id)
        same = sources.link(connection, **common, reference_id=taken.references["1"], source_id=page.id)
        note = sources.link(connection, **common, reference_id=taken.references["a"], source_id=book.id)
        kept = sources.add_evidence(connection, by_reference[0], snapshot.id, QUOTE, "p. 1", "ada", noon)
        kept_again = sources.add_evidence(connection, by_reference[0], snapshot.id, QUOTE, "p. 1", "bob", noon)
    with ledger.read() as connection:
        by_claim = {each.id: each.links for each in claims.dossiers(connection, ClaimQuery())}
        counts = {source.title: held_up for source, held_up in sources.all_sources(connection)}
        target = sources.links_of_target(connection, reference_id=taken.references["1"])
        alone = sources.links_of_target(connection, claim_id=1)
        everything = sources.links_of_document(connection, taken.document_id)

    assert [(own[0], True), (by_reference[0], True), (by_reference[0], False)] == [own, by_reference, same]
    assert (True, False, kept[0]) == (kept[1], kept_again[1], kept_again[0])
    served = {n: [link.id for link in links] for n, links in by_claim.items()}
    assert {1: [by_reference[0], own[0]], 2: [], 3: [by_reference[0]], 4: []} == served
    assert [(QUOTE, PAGE.sha256, "p. 1", "ada", noon)] == [
        (each.quote, each.snapshot_sha256, each.locator, each.reviewer, each.added_at) for each in by_claim[1][0].evidence
    ]
    assert ("", "p. 7", "from the library", book) == (
        by_claim[1][1].label,
        by_claim[1][1].locator,
        by_claim[1][1].note,
        by_claim[1][1].source,
    )
    assert ("1", replace(page, snapshot_sha256=PAGE.sha256)) == (by_claim[1][0].label, by_claim[1][0].source)
    assert {"A page": 2, "": 1} == counts
    assert (list(by_claim[3]), [by_claim[1][1]]) == (target, alone)
    assert [own[0], by_reference[0], note[0]] == [link.id for link in everything]


def test_detached_link_serves_nobody_and_can_be_made_anew(held, writing, noon: datetime):
    ledger, taken = held
    with writing(ledger) as connection:
        source, _ = sources.put_source(connection, URL)
        common = {"document_id": taken.document_id, "reference_id": taken.references["1"], "source_id": source.id}
        first, _ = sources.link(connection, **common, reviewer="ada", at=noon)
        sources.unlink(connection, [first, 99], "bob", noon)
        none_left = claims.dossiers(connection, ClaimQuery(claim_ids=(1,)))[0].links
        second, created = sources.link(connection, **common, reviewer="ada", at=noon)
        served = claims.dossiers(connection, ClaimQuery(claim_ids=(1,)))[0].links

    assert ((), True, [second]) == (none_left, created, [link.id for link in served])
    assert first != second


def test_a_link_has_exactly_one_target(held, writing, noon: datetime):
    ledger, taken = held
    with writing(ledger) as connection:
        source, _ = sources.put_source(connection, URL)
    for target in ({}, {"claim_id": 1, "reference_id": taken.references["1"]}):
        with pytest.raises(DBAPIError, match="one_target"), writing(ledger) as connection:
            sources.link(connection, document_id=taken.document_id, source_id=source.id, reviewer="ada", at=noon, **target)


def test_links_go_to_other_claims_with_their_quotes(held, writing, noon: datetime):
    """As they were made, once; what goes by reference, or no longer holds, stays where it is, and nothing is taken from the first claim."""
    ledger, taken = held
    with writing(ledger) as connection:
        page, book, other = (
            sources.put_source(connection, identifier)[0] for identifier in (URL, BOOK, Identifier(SourceKind.DOI, "doi:10.1/x", "10.1/x"))
        )
        snapshot = sources.put_snapshot(connection, page.id, PAGE)
        common = {"document_id": taken.document_id, "at": noon}
        own, _ = sources.link(connection, **common, claim_id=1, source_id=page.id, locator="p. 7", note="hm", reviewer="bob")
        sources.add_evidence(connection, own, snapshot.id, QUOTE, "p. 1", "cyd", noon)
        sources.link(connection, **common, reference_id=taken.references["1"], source_id=book.id, reviewer="bob")
        gone, _ = sources.link(connection, **common, claim_id=1, source_id=other.id, reviewer="bob")
        sources.unlink(connection, [gone], "bob", noon)
        sources.carry_links(connection, 1, 4)
        sources.carry_links(connection, 1, 4)
        written = connection.exec_driver_sql("SELECT count(*) FROM source_links WHERE claim_id = 4").scalar()
        first, fourth = (claims.dossiers(connection, ClaimQuery(claim_ids=(n,)))[0] for n in (1, 4))

    assert [own] == [link.id for link in first.links if not link.label]
    assert 1 == written
    [carried] = fourth.links
    [kept] = carried.evidence
    assert carried.id != own
    assert replace(first.links[1], id=carried.id, evidence=carried.evidence) == carried
    assert replace(first.links[1].evidence[0], id=kept.id, link_id=carried.id) == kept


def test_checks_of_a_quote_go_with_it(held, writing, noon: datetime):
    """What was found out of a quote in a later text is known of the one that was carried to another claim."""
    ledger, taken = held
    with writing(ledger) as connection:
        page, _ = sources.put_source(connection, URL)
        first = sources.put_snapshot(connection, page.id, PAGE)
        later = sources.put_snapshot(connection, page.id, replace(PAGE, sha256="b" * 64, retrieved_at=noon))
        link, _ = sources.link(connection, document_id=taken.document_id, claim_id=1, source_id=page.id, reviewer="ada", at=noon)
        quote, _ = sources.add_evidence(connection, link, first.id, QUOTE, "", "ada", noon)
        check = QuoteRecheck(quote, later.id, QuoteMatch.ALTERED, 1, 3, "page said", noon)
        before = quotes.quotes_to_check(connection, page.id, later.id)
        quotes.add_checks(connection, [check])
        after = quotes.quotes_to_check(connection, page.id, later.id)
        sources.carry_links(connection, 1, 4)
        [own, carried] = quotes.quotes_of_source(connection, page.id)
        found = quotes.checks_in(connection, later.id, [own.id, carried.id])

    assert ([quote], []) == ([each.id for each in before], after)
    assert {quote: check, carried.id: replace(check, evidence_id=carried.id)} == found
