"""What goes into a ledger comes out of it: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DBAPIError

from verify.errors import UsageError
from verify.model import (
    Citation,
    Claim,
    CleanupTag,
    Draft,
    Extraction,
    FlagOrigin,
    Identifier,
    Layout,
    MarkKind,
    OrphanMarker,
    QuoteMatch,
    Reason,
    Reference,
    Snapshot,
    SourceKind,
    Status,
    TextQuote,
    TrailHead,
    sha256_of,
)
from verify.store import Connection, Ledger, claims, decisions, documents, sources, trail
from verify.store.claims import ClaimQuery

TEXT = "Rebels entered Ürümqi.[1][2]:5 İzmir fell 100% [a] later.[citation needed] 𝕏 under_scored it."
CLAIMS = (
    Claim(1, "Rebels entered Ürümqi.", 0, 22, 0, 97, "Opening", (Citation("1", 22, 25, 0, 22), Citation("2", 25, 30, 0, 22, locator="5"))),
    Claim(
        2,
        "İzmir fell 100% later.",
        31,
        58,
        0,
        97,
        "Opening",
        (Citation("a", 47, 50, 0, 15, MarkKind.NOTE),),
        (CleanupTag("citation needed", 58, 75, "[citation needed]", "May 2024", "who says?"),),
        covered=False,
    ),
    Claim(3, "𝕏 under_scored it.", 76, 94, 0, 97, "Aftermath", (Citation("1", 94, 97, 0, 18),)),
    Claim(4, "Nobody knows.", 98, 111, 98, 111, "Aftermath", covered=True),
)
REFERENCES = (Reference("1", "Smith, 2024", "https://example.org/1"), Reference("2", "Jones, 2023"), Reference("1", "a second 1"))
ORPHANS = (OrphanMarker(111, 114, "[9]", MarkKind.CITATION, ("9",), "it stands after the last sentence"),)


def _extraction(read: tuple[Claim, ...] = CLAIMS, layout: Layout = Layout.TRAILING) -> Extraction:
    return Extraction(layout, "most markers follow a full stop", read, ORPHANS, {"table": 2, "title": 1})


def _ingest(connection: Connection, at: datetime, name: str = "report", read: tuple[Claim, ...] = CLAIMS) -> int:
    document = documents.add_document(connection, name=name, title="A report", origin=f"/texts/{name}.txt")
    draft = Draft(TEXT, (), "A report", references=REFERENCES)
    revision = documents.add_revision(connection, document.id, draft=draft, extraction=_extraction(read), sha256=f"hash of {name}", at=at)
    claims.write_reading(connection, document.id, revision.id, [(None, claim) for claim in read], [], at=at)
    return document.id


@pytest.fixture
def held(any_ledger: Ledger, noon: datetime) -> tuple[Ledger, int]:
    """A ledger with one document, and that document's id."""
    with any_ledger.write() as connection:
        return any_ledger, _ingest(connection, noon)


def _texts(ledger: Ledger, **query) -> list[str]:
    with ledger.read() as connection:
        return [each.claim.text for each in claims.dossiers(connection, ClaimQuery(**query))]


def test_document_comes_back(held, noon: datetime):
    """Under its name, its origin, and its bytes; with its revision, references and orphan markers as they were read."""
    ledger, document_id = held
    with ledger.read() as connection:
        document = documents.document_named(connection, "report")
        revision = documents.current_revision(connection, document_id)

        assert document is not None
        assert (document_id, "report", "A report", "/texts/report.txt") == (document.id, document.name, document.title, document.origin)
        assert document == documents.document_from(connection, "/texts/report.txt")
        assert [document] == documents.document_with_bytes(connection, "hash of report")
        assert [document] == documents.all_documents(connection)
        assert (TEXT, 1, Layout.TRAILING, noon, {"table": 2, "title": 1}) == (
            revision.text,
            revision.sequence,
            revision.layout,
            revision.ingested_at,
            revision.skipped,
        )
        assert ORPHANS == documents.orphan_markers(connection, revision.id)
        assert REFERENCES[:2] == documents.references(connection, document_id)


def test_what_is_not_there_is_none(any_ledger: Ledger):
    with any_ledger.read() as connection:
        found = (
            documents.document_named(connection, "x"),
            documents.document_from(connection, "x"),
            claims.dossier(connection, 1),
            claims.dossier(connection, 10**30),
            claims.dossier(connection, -1),
            decisions.last_decision(connection),
            sources.latest_snapshot(connection, 1),
        )
        empty = (documents.document_with_bytes(connection, "x"), documents.document_overview(connection), sources.all_sources(connection))

        assert (None,) * 7 == found
        assert ([], [], []) == empty
        assert "" == claims.paragraph_of(connection, 10**30)
        assert TrailHead(0, "") == trail.head(connection)


def test_claims_come_back(held):
    """Citations, notes, tags, offsets and all: as values equal to those that went in."""
    ledger, document_id = held
    with ledger.read() as connection:
        found = claims.held_claims(connection, document_id)
        dossiers = claims.dossiers(connection, ClaimQuery())

    assert [(n, claim, False) for n, claim in enumerate(CLAIMS, 1)] == found
    assert list(CLAIMS) == [each.claim for each in dossiers]
    assert ["report"] * 4 == [each.document for each in dossiers]
    assert [FlagOrigin.TAG] == [flag.origin for each in dossiers for flag in each.flags]


@pytest.mark.parametrize(
    ("query", "ordinals"),
    [
        ({}, [1, 2, 3, 4]),
        ({"document": "report"}, [1, 2, 3, 4]),
        ({"document": "Report"}, []),
        ({"claim_ids": (3, 1, 99, 10**30, -5)}, [1, 3]),
        ({"status": (Status.UNVERIFIED, Status.DISPUTED)}, [1, 2, 3, 4]),
        ({"status": (Status.VERIFIED,)}, []),
        ({"flag": "citation needed"}, [2]),
        ({"flag": "dubious"}, []),
        ({"citation": "1"}, [1, 3]),
        ({"citation": "a"}, []),  # a note, not a citation
        ({"section": "aftermath"}, [3, 4]),
        ({"uncited": True}, []),  # the second has a tag that says so already, the fourth is covered
        ({"search": "ÜRÜMQI"}, [1]),
        ({"search": "0%"}, [2]),
        ({"search": "r_s"}, [3]),
        ({"search": "e_t"}, []),
        ({"search": "%"}, [2]),
        ({"search": "𝕏"}, [3]),
        ({"search": "' OR 1=1 --"}, []),
        ({"absent": True}, []),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"after": 2}, [3, 4]),
        ({"after": 2, "limit": 1, "section": "Aftermath"}, [3]),
        ({"after": 4}, []),
    ],
)
def test_query_narrows(held, query: dict, ordinals: list[int]):
    ledger, _ = held

    assert [CLAIMS[n - 1].text for n in ordinals] == _texts(ledger, **query)


@pytest.mark.parametrize("after", [5, 0, -1, 10**30])
def test_after_an_unknown_claim(held, after: int):
    ledger, _ = held

    with pytest.raises(UsageError, match=rf"no claim {after} "):
        _texts(ledger, after=after)


def test_documents_are_listed_one_after_the_other(held, noon: datetime):
    """The order is document, then place, also across the batches in which claims are read."""
    ledger, _ = held
    many = tuple(replace(CLAIMS[3], ordinal=n, text=f"Number {n}.") for n in range(1, 701))
    with ledger.write() as connection:
        _ingest(connection, noon, "second", many)
    texts = _texts(ledger)

    assert [claim.text for claim in (*CLAIMS, *many)] == texts
    assert texts[300:600] == _texts(ledger, after=300, limit=300)


def test_rereading_keeps_claims(held, noon: datetime):
    """Claims carried over keep their id and flags; new ones come in, gone ones stay as absent and return as themselves."""
    ledger, document_id = held
    moved = replace(CLAIMS[1], ordinal=1, text="İzmir fell 90% later.", citations=(), tags=(replace(CLAIMS[1].tags[0], start=9, end=26),))
    new = replace(CLAIMS[3], ordinal=2, text="A newcomer.")
    with ledger.write() as connection:
        draft = Draft("another text", (), references=REFERENCES[1:2])
        revision = documents.add_revision(connection, document_id, draft=draft, extraction=_extraction(), sha256="2", at=noon)
        claims.write_reading(connection, document_id, revision.id, [(2, moved), (None, new)], [1, 3, 4], at=noon)
        found = claims.held_claims(connection, document_id)
        flags = claims.dossiers(connection, ClaimQuery(claim_ids=(2,)))[0].flags
        references = documents.references(connection, document_id)
        citing = claims.claims_citing(connection, document_id, "1")

    assert {1: (CLAIMS[0], True), 2: (moved, False), 3: (CLAIMS[2], True), 4: (CLAIMS[3], True), 5: (new, False)} == {
        claim_id: (claim, absent) for claim_id, claim, absent in found
    }
    assert [True] == [flag.is_open for flag in flags]
    assert (2, REFERENCES[1:2], []) == (revision.sequence, references, citing)
    assert [moved.text, new.text] == _texts(ledger)
    assert [CLAIMS[0].text, CLAIMS[2].text, CLAIMS[3].text] == _texts(ledger, absent=True)
    with ledger.write() as connection:
        claims.write_reading(connection, document_id, revision.id, [(n, claim) for n, claim in enumerate(CLAIMS, 1)], [5], at=noon)
    assert [claim.text for claim in CLAIMS] == _texts(ledger)


def test_bytes_of_an_older_revision_are_not_the_current_ones(held, noon: datetime):
    """A text may go back to an earlier state; that is a revision like any other."""
    ledger, document_id = held
    found = []
    with ledger.write() as connection:
        for sha256 in ("changed", "hash of report"):
            documents.add_revision(connection, document_id, draft=Draft("", ()), extraction=_extraction(()), sha256=sha256, at=noon)
            found.append([each.name for each in documents.document_with_bytes(connection, "hash of report")])

    assert [[], ["report"]] == found


def test_other_layout_is_the_same_revision(held):
    ledger, document_id = held
    with ledger.write() as connection:
        revision = documents.current_revision(connection, document_id)
        other = Extraction(Layout.LEADING, "asked for", (), (), {"title": 1})
        reread = documents.reread_revision(connection, revision.id, other)

        assert reread == documents.current_revision(connection, document_id)
        assert replace(revision, layout=Layout.LEADING, layout_why="asked for", skipped={"title": 1}) == reread
        assert () == documents.orphan_markers(connection, revision.id)


def _tag(name: str, start: int) -> CleanupTag:
    return CleanupTag(name, start, start + 5, f"[{name}]")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ([("dubious",), ("dubious",)], [("dubious", "open")]),
        ([("dubious",), ()], [("dubious", "no longer in the text")]),
        ([("dubious",), (), ()], [("dubious", "no longer in the text")]),
        ([("dubious",), (), ("dubious",)], [("dubious", "no longer in the text"), ("dubious", "open")]),
        ([("dubious", "dubious"), ("dubious",)], [("dubious", "open"), ("dubious", "no longer in the text")]),
        ([("who",), ("when", "who")], [("who", "open"), ("when", "open")]),
        ([("who",), "unflag", ("who",)], [("who", "seen to")]),
        ([("who",), "unflag", ()], [("who", "seen to")]),
        ([("who",), "unflag", (), ("who",)], [("who", "seen to"), ("who", "open")]),
    ],
)
def test_tags_follow_the_text(any_ledger: Ledger, noon: datetime, printed, expected):
    """A tag raises one flag as long as it is printed; what a person resolved stays resolved; the claim has the tags that are printed now."""
    with any_ledger.write() as connection:
        document_id = _ingest(connection, noon, read=(replace(CLAIMS[3], tags=tuple(_tag(name, 9) for name in printed[0])),))
        revision_id = documents.current_revision(connection, document_id).id
        for step in printed[1:]:
            if step == "unflag":
                decisions.resolve_flags(connection, 1, names=["who"], reviewer="ada", at=noon, resolution="seen to")
                continue
            claim = replace(CLAIMS[3], tags=tuple(_tag(name, 20 + n) for n, name in enumerate(step)))
            claims.write_reading(connection, document_id, revision_id, [(1, claim)], [], at=noon)
        found = claims.dossier(connection, 1)

    assert found is not None
    assert expected == [(flag.name, "open" if flag.is_open else flag.resolution) for flag in found.flags]
    assert claim.tags == found.claim.tags


URL = Identifier(SourceKind.URL, "https://example.org/1", "https://example.org/1")
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


def test_source_is_one_row_however_often_it_is_put(any_ledger: Ledger):
    """A title given later fills an empty one, and changes none."""
    with any_ledger.write() as connection:
        first, created = sources.put_source(connection, URL, no_text_why="never fetched")
        titled, again = sources.put_source(connection, URL, title="A page", csl={"type": "webpage"}, no_text_why="other")
        kept, _ = sources.put_source(connection, URL, title="Another title", csl={"type": "book"})

        assert (True, False) == (created, again)
        assert replace(first, title="A page", csl={"type": "webpage"}) == titled == kept
        assert [(titled, 0)] == sources.all_sources(connection)


def test_snapshot_is_stored_once(any_ledger: Ledger):
    """Its bytes come back, the source has a text from then on, and the latest is the one that was retrieved last."""
    later = replace(PAGE, sha256="f" * 64, content=b"", text="", retrieved_at=PAGE.retrieved_at + timedelta(days=1))
    with any_ledger.write() as connection:
        source, _ = sources.put_source(connection, URL, no_text_why="never fetched")
        stored = sources.put_snapshot(connection, source.id, PAGE)
        again = sources.put_snapshot(connection, source.id, PAGE)
        found = sources.latest_snapshot(connection, source.id)
        newer = sources.put_snapshot(connection, source.id, later)

        assert replace(PAGE, id=stored.id) == stored == again == found
        assert newer == sources.latest_snapshot(connection, source.id)
        assert "" == sources.all_sources(connection)[0][0].no_text_why


def test_links_serve_the_claims_that_cite(held, noon: datetime):
    """By label every claim that cites it, by claim that one alone; in the order of the citations; with their evidence."""
    ledger, document_id = held
    with ledger.write() as connection:
        page, _ = sources.put_source(connection, URL, title="A page")
        book, _ = sources.put_source(connection, Identifier(SourceKind.ISBN, "isbn:9780306406157", "0-306-40615-2"))
        snapshot = sources.put_snapshot(connection, page.id, PAGE)
        common = {"document_id": document_id, "reviewer": "ada", "at": noon}
        own = sources.link(connection, **common, claim_id=1, source_id=book.id, locator="p. 7", note="from the library")
        by_label = sources.link(connection, **common, label="1", source_id=page.id)
        same = sources.link(connection, **common, label="1", source_id=page.id)
        note_label = sources.link(connection, **common, label="a", source_id=book.id)
        kept = sources.add_evidence(connection, by_label[0], snapshot.id, QUOTE, "p. 1", "ada", noon)
        kept_again = sources.add_evidence(connection, by_label[0], snapshot.id, QUOTE, "p. 1", "bob", noon)
    with ledger.read() as connection:
        by_claim = {each.id: each.links for each in claims.dossiers(connection, ClaimQuery())}
        counts = {source.title: held_up for source, held_up in sources.all_sources(connection)}
        target = sources.links_of_target(connection, document_id=document_id, label="1")
        everything = sources.links_of_document(connection, document_id)

    assert [(own[0], True), (by_label[0], True), (by_label[0], False)] == [own, by_label, same]
    assert (True, False, kept[0]) == (kept[1], kept_again[1], kept_again[0])
    assert {1: [by_label[0], own[0]], 2: [], 3: [by_label[0]], 4: []} == {n: [link.id for link in links] for n, links in by_claim.items()}
    assert [(QUOTE, PAGE.sha256, "p. 1", "ada", noon)] == [
        (each.quote, each.snapshot_sha256, each.locator, each.reviewer, each.added_at) for each in by_claim[1][0].evidence
    ]
    assert ("", "p. 7", "from the library", book) == (
        by_claim[1][1].label,
        by_claim[1][1].locator,
        by_claim[1][1].note,
        by_claim[1][1].source,
    )
    assert {"A page": 2, "": 1} == counts
    assert list(by_claim[3]) == target
    assert [own[0], by_label[0], note_label[0]] == [link.id for link in everything]


def test_detached_link_serves_nobody_and_can_be_made_anew(held, noon: datetime):
    ledger, document_id = held
    with ledger.write() as connection:
        source, _ = sources.put_source(connection, URL)
        common = {"document_id": document_id, "label": "1", "source_id": source.id, "reviewer": "ada", "at": noon}
        first, _ = sources.link(connection, **common)
        sources.unlink(connection, [first, 99], "bob", noon)
        none_left = claims.dossiers(connection, ClaimQuery(claim_ids=(1,)))[0].links
        second, created = sources.link(connection, **common)
        served = claims.dossiers(connection, ClaimQuery(claim_ids=(1,)))[0].links

    assert ((), True, [second]) == (none_left, created, [link.id for link in served])
    assert first != second


def test_a_link_has_exactly_one_target(held, noon: datetime):
    ledger, document_id = held
    with ledger.write() as connection:
        source, _ = sources.put_source(connection, URL)
    for target in ({}, {"claim_id": 1, "label": "1"}):
        with pytest.raises(DBAPIError, match="one_target"), ledger.write() as connection:
            sources.link(connection, document_id=document_id, source_id=source.id, reviewer="ada", at=noon, **target)


def test_flags_of_persons(held, noon: datetime):
    """Several may be open at once; they are resolved by name, by id, or all."""
    ledger, _ = held
    with ledger.write() as connection:
        raised = [decisions.raise_flag(connection, 2, name="review", reason=f"reason {n}", reviewer="ada", at=noon) for n in range(3)]
        first = decisions.resolve_flags(connection, 2, ids=[raised[0].id], reviewer="bob", at=noon, resolution="done")
        rest = decisions.resolve_flags(connection, 2, names=["review"], reviewer="bob", at=noon)
        nothing = decisions.resolve_flags(connection, 2, names=["review"], reviewer="bob", at=noon)
        tag = decisions.resolve_flags(connection, 2, reviewer="bob", at=noon)
        found = claims.dossier(connection, 2)

    assert [replace(raised[0], resolved_by="bob", resolved_at=noon, resolution="done")] == first
    assert ([raised[1].id, raised[2].id], [], ["citation needed"]) == ([f.id for f in rest], nothing, [f.name for f in tag])
    assert found is not None
    assert () == found.open_flags
    assert CLAIMS[1].tags == found.claim.tags


def test_decisions_and_undo(held, noon: datetime):
    """A decision supersedes; an undo brings back what held before, with what that stood on, and the last one standing is found."""
    ledger, _ = held
    with ledger.write() as connection:
        common = {"reviewer": "ada", "at": noon}
        first = decisions.add_decision(connection, 1, status=Status.DISPUTED, note="hm", **common)
        second = decisions.add_decision(connection, 1, status=Status.VERIFIED, **common)
        other = decisions.add_decision(connection, 3, status=Status.NOT_A_CLAIM, **common)
        undo = decisions.add_decision(connection, 1, undoes=second.id, **common)
        found = claims.dossier(connection, 1)
        lasts = [decisions.last_decision(connection), decisions.last_decision(connection, 1), decisions.last_decision(connection, 2)]
        bare = decisions.add_decision(connection, 1, undoes=first.id, **common)

        assert found is not None
        assert ((first, second, undo), Status.DISPUTED) == (found.decisions, found.status)
        assert [(3, other), (1, first), None] == lasts
        assert (Status.DISPUTED, first.text_sha256, ("1", "2")) == (undo.status, undo.text_sha256, undo.citation_labels)
        assert (Status.UNVERIFIED, "", ()) == (bare.status, bare.text_sha256, bare.citation_labels)
        assert None is decisions.last_decision(connection, 1)


@pytest.mark.parametrize(("claim_id", "undoes"), [(99, None), (1, 99), (3, 1), (1, 2)])
def test_undo_of_what_does_not_stand(held, noon: datetime, claim_id: int, undoes: int | None):
    """Another claim's decision, an unknown one, an undo itself: refused, and nothing is written."""
    ledger, _ = held
    with ledger.write() as connection:
        decisions.add_decision(connection, 1, status=Status.VERIFIED, reviewer="ada", at=noon)
        decisions.add_decision(connection, 1, undoes=1, reviewer="ada", at=noon)
        decisions.add_decision(connection, 1, status=Status.DISPUTED, reviewer="ada", at=noon)

    with pytest.raises(ValueError, match=r"no (claim|decision) 99?|no decision"), ledger.write() as connection:
        decisions.add_decision(connection, claim_id, undoes=undoes, reviewer="ada", at=noon)


def _overview(ledger: Ledger) -> list[tuple]:
    with ledger.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM claim_overview WHERE NOT absent ORDER BY document, ordinal").all()
    return [(row.claim_id, row.citation_numbers, row.flags, row.status, bool(row.stale), row.sources) for row in rows]


def test_view_says_what_the_dossiers_say(held, noon: datetime):
    """Numbers, open flags, status, staleness and sources: for people who come with SQL alone."""
    ledger, document_id = held
    with ledger.write() as connection:
        page, _ = sources.put_source(connection, URL, title="A page")
        book, _ = sources.put_source(connection, Identifier(SourceKind.OFFLINE, "offline:a book", "a book"))
        common = {"document_id": document_id, "reviewer": "ada", "at": noon}
        sources.link(connection, **common, label="1", source_id=page.id)
        sources.link(connection, **common, claim_id=1, source_id=book.id)
        decisions.add_decision(connection, 1, status=Status.VERIFIED, reviewer="ada", at=noon)
        decisions.add_decision(connection, 3, status=Status.DISPUTED, reviewer="ada", at=noon)
        decisions.raise_flag(connection, 2, reviewer="ada", at=noon)
        revision = documents.current_revision(connection, document_id)
        edited = [(1, replace(CLAIMS[0], text="Rebels left Ürümqi.")), *((n, CLAIMS[n - 1]) for n in (2, 3, 4))]
        claims.write_reading(connection, document_id, revision.id, edited, [], at=noon)
    with ledger.read() as connection:
        dossiers = claims.dossiers(connection, ClaimQuery())

    expected = [
        (1, "1, 2", "", "verified", True, "A page; offline:a book"),
        (2, "", "citation needed, review", "unverified", False, ""),
        (3, "1", "", "disputed", False, "A page"),
        (4, "", "", "unverified", False, ""),
    ]
    assert expected == _overview(ledger)
    assert expected == [
        (
            each.id,
            ", ".join(each.claim.citation_labels),
            ", ".join(flag.name for flag in each.open_flags),
            str(each.status),
            each.stale,
            "; ".join(link.source.title or link.source.canonical for link in each.links),
        )
        for each in dossiers
    ]


def test_overview_counts_what_needs_a_person(held, noon: datetime):
    """The counts of `documents` are those that the rule in the model gives claim by claim."""
    ledger, document_id = held
    with ledger.write() as connection:
        documents.add_document(connection, name="bare", title="", origin="-")
        _ingest(connection, noon, "empty", ())
        for claim_id in (1, 2, 3):
            decisions.add_decision(connection, claim_id, status=Status.VERIFIED, reviewer="ada", at=noon)
        decisions.raise_flag(connection, 3, reviewer="ada", at=noon)
        revision = documents.current_revision(connection, document_id)
        edited = [(1, replace(CLAIMS[0], citations=())), *((n, CLAIMS[n - 1]) for n in (2, 3, 4))]
        claims.write_reading(connection, document_id, revision.id, edited, [], at=noon)
        found = documents.document_overview(connection)
        reasons = [each.reasons for each in claims.dossiers(connection, ClaimQuery())]

    assert [("report", 4, 3, 3), ("empty", 0, 0, 0)] == [
        (each.document.name, each.claims, each.decided, each.needing_review) for each in found
    ]
    assert 3 == sum(bool(each) for each in reasons)
    assert ((), True) == (reasons[1], Reason.STALE in reasons[0])
    assert ("hash of report", "trailing", noon, 1) == (found[0].sha256, found[0].layout, found[0].ingested_at, found[0].sequence)


def test_paragraph_is_the_printed_one(held):
    """In code points, markers included."""
    ledger, _ = held
    with ledger.read() as connection:
        assert [TEXT[0:97], TEXT[98:111]] == [claims.paragraph_of(connection, claim_id) for claim_id in (3, 4)]


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))])
def test_times_are_moments(any_ledger: Ledger, noon: datetime, zone: timezone):
    """Whatever zone they come in and the server thinks in."""
    with any_ledger.write() as connection:
        trail.append(connection, at=noon.astimezone(zone), reviewer="", action="a", subject="s", payload={})
    with any_ledger.read() as connection:
        event = trail.events(connection)[0]

    assert (noon, timedelta(0)) == (event.at, event.at.utcoffset())
    assert event.hash == trail.event_hash(event) == trail.event_hash(replace(event, at=noon.astimezone(zone)))


def test_a_time_without_a_zone_is_a_bug(any_ledger: Ledger):
    with pytest.raises(Exception, match="without a zone"), any_ledger.write() as connection:
        decisions.raise_flag(connection, 1, reviewer="", at=datetime(2024, 1, 1))  # noqa: DTZ001
