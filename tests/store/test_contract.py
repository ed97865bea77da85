"""What goes into a ledger comes out of it: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from verify.errors import UsageError
from verify.model import (
    Citation,
    Claim,
    CleanupTag,
    Draft,
    Extraction,
    FlagOrigin,
    Layout,
    MarkKind,
    OrphanMarker,
    Reference,
    Status,
    TrailHead,
)
from verify.store import Ledger, claims, decisions, documents, readings, sources, trail
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
REFERENCES = (Reference("1", "Smith, 2024", "https://example.org/1"), Reference("2", "Jones, 2023"))
ORPHANS = (OrphanMarker(111, 114, "[9]", MarkKind.CITATION, ("9",), "it stands after the last sentence"),)


@pytest.fixture
def held(any_ledger: Ledger, writing, take) -> tuple[Ledger, int]:
    """A ledger with one document, and that document's id."""
    with writing(any_ledger) as connection:
        return any_ledger, take(connection, CLAIMS, text=TEXT, listed=REFERENCES, orphans=ORPHANS).document_id


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
        assert REFERENCES == documents.references(connection, document_id)


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


def test_documents_are_listed_one_after_the_other(held, writing, take):
    """The order is document, then place, also across the batches in which claims are read."""
    ledger, _ = held
    many = tuple(replace(CLAIMS[3], ordinal=n, text=f"Number {n}.") for n in range(1, 701))
    with writing(ledger) as connection:
        take(connection, many, name="second")
    texts = _texts(ledger)

    assert [claim.text for claim in (*CLAIMS, *many)] == texts
    assert texts[300:600] == _texts(ledger, after=300, limit=300)


def test_rereading_keeps_claims(held, writing, take):
    """Claims carried over keep their id and flags; new ones come in, gone ones stay as absent and return as themselves."""
    ledger, document_id = held
    moved = replace(CLAIMS[1], ordinal=1, text="İzmir fell 90% later.", citations=(), tags=(replace(CLAIMS[1].tags[0], start=9, end=26),))
    new = replace(CLAIMS[3], ordinal=2, text="A newcomer.")
    with writing(ledger) as connection:
        taken = take(connection, [moved, new], ids=[2], gone=[1, 3, 4], listed=REFERENCES[1:])
        found = claims.held_claims(connection, document_id)
        flags = claims.dossiers(connection, ClaimQuery(claim_ids=(2,)))[0].flags
        references = documents.references(connection, document_id)
        citing = claims.claims_citing(connection, document_id, "1")
        sequence = documents.current_revision(connection, document_id).sequence

    assert [2, 5] == taken.claims
    assert {1: (CLAIMS[0], True), 2: (moved, False), 3: (CLAIMS[2], True), 4: (CLAIMS[3], True), 5: (new, False)} == {
        claim_id: (claim, absent) for claim_id, claim, absent in found
    }
    assert [True] == [flag.is_open for flag in flags]
    assert (2, REFERENCES[1:], []) == (sequence, references, citing)
    assert [moved.text, new.text] == _texts(ledger)
    assert [CLAIMS[0].text, CLAIMS[2].text, CLAIMS[3].text] == _texts(ledger, absent=True)
    with writing(ledger) as connection:
        take(connection, CLAIMS, ids=[1, 2, 3, 4], gone=[5])
    assert [claim.text for claim in CLAIMS] == _texts(ledger)


def test_bytes_of_an_older_revision_are_not_the_current_ones(held, writing, noon: datetime):
    """A text may go back to an earlier state; that is a revision like any other."""
    ledger, document_id = held
    found = []
    with writing(ledger) as connection:
        for sha256 in ("changed", "hash of report"):
            extraction = Extraction(Layout.TRAILING, "", ())
            documents.add_revision(connection, document_id, draft=Draft("", ()), extraction=extraction, sha256=sha256, at=noon)
            found.append([each.name for each in documents.document_with_bytes(connection, "hash of report")])

    assert [[], ["report"]] == found


def test_other_layout_is_the_same_revision(held, writing):
    ledger, document_id = held
    with writing(ledger) as connection:
        revision = documents.current_revision(connection, document_id)
        other = Extraction(Layout.LEADING, "asked for", (), (), {"title": 1})
        reread = documents.reread_revision(connection, revision.id, other)

        assert reread == documents.current_revision(connection, document_id)
        assert replace(revision, layout=Layout.LEADING, layout_why="asked for", skipped={"title": 1}) == reread
        assert () == documents.orphan_markers(connection, revision.id)


def test_revisions_by_their_number(held, writing, take):
    """Each as it was read; a number that none has gives none, however large."""
    ledger, document_id = held
    with writing(ledger) as connection:
        take(connection, CLAIMS, ids=[1, 2, 3, 4], text="another text")
        found = [documents.revision_numbered(connection, document_id, n) for n in (1, 2, 3, 0, -1, 10**30)]
        other = documents.revision_numbered(connection, document_id + 1, 1)
        current = documents.current_revision(connection, document_id)

    assert [TEXT, "another text"] == [revision.text for revision in found[:2]]
    assert current == found[1]
    assert [None] * 5 == [*found[2:], other]


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
def test_tags_follow_the_text(any_ledger: Ledger, writing, take, noon: datetime, printed, expected):
    """A tag raises one flag as long as it is printed; what a person resolved stays resolved; the claim has the tags that are printed now."""
    with writing(any_ledger) as connection:
        taken = take(connection, [replace(CLAIMS[3], tags=tuple(_tag(name, 9) for name in printed[0]))])
        for step in printed[1:]:
            if step == "unflag":
                decisions.resolve_flags(connection, 1, names=["who"], reviewer="ada", at=noon, resolution="seen to")
                continue
            claim = replace(CLAIMS[3], tags=tuple(_tag(name, 20 + n) for n, name in enumerate(step)))
            readings.write_reading(connection, taken.document_id, taken.revision_id, [(1, claim)], [], references={}, at=noon)
        found = claims.dossier(connection, 1)

    assert found is not None
    assert expected == [(flag.name, "open" if flag.is_open else flag.resolution) for flag in found.flags]
    assert claim.tags == found.claim.tags


def test_flags_of_persons(held, writing, noon: datetime):
    """Several may be open at once; they are resolved by name, by id, or all."""
    ledger, _ = held
    with writing(ledger) as connection:
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
