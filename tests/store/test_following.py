"""A document's next revision: references and claims stay themselves, and how they stood is kept, on either database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from verify.model import BaselineState, Citation, Claim, ClaimRelation, Identifier, MarkKind, Reference, RelationKind, SourceKind, Status
from verify.store import Ledger, claims, decisions, documents, readings, sources
from verify.store.claims import ClaimQuery

SMITH, JONES = Reference("1", "Smith, Rain."), Reference("2", "Jones, Snow.")
CLAIMS = (
    Claim(1, "It rained.", 0, 10, 0, 30, "Opening", (Citation("1", 10, 13, 0, 10), Citation("2", 13, 16, 0, 10))),
    Claim(2, "It snowed.", 17, 27, 0, 30, "Opening", (Citation("2", 27, 30, 0, 10),)),
    Claim(3, "It thawed.", 31, 41, 31, 41, covered=True),
)
SWAPPED = {"1": "2", "2": "1"}


def _renumbered(claim: Claim, numbers: dict[str, str]) -> Claim:
    return replace(claim, citations=tuple(replace(each, label=numbers[each.label]) for each in claim.citations))


@pytest.fixture
def held(any_ledger: Ledger, writing, take):
    """A ledger with one document of three claims and two references, and what its reading wrote."""
    with writing(any_ledger) as connection:
        return any_ledger, take(connection, CLAIMS, listed=[SMITH, JONES])


def test_renumbered_references_stay_themselves(held, writing, take, noon: datetime):
    """Two entries change places: sources, decisions and targets follow the entries, not their numbers; what claims cite has not changed."""
    ledger, before = held
    smith, jones = before.references["1"], before.references["2"]
    with writing(ledger) as connection:
        source, _ = sources.put_source(connection, Identifier(SourceKind.URL, "https://example.org/", ""), title="Rain")
        common = {"document_id": before.document_id, "source_id": source.id, "reviewer": "ada", "at": noon}
        link, _ = sources.link(connection, **common, reference_id=smith)
        decisions.add_decision(connection, 1, status=Status.VERIFIED, reviewer="ada", at=noon)
        listed = [replace(JONES, label="1"), replace(SMITH, label="2")]
        read = [_renumbered(claim, SWAPPED) for claim in CLAIMS]
        after = take(connection, read, ids=[1, 2, 3], listed=listed, known={"2": smith, "1": jones})
        dossiers = claims.dossiers(connection, ClaimQuery())

        assert {"1": jones, "2": smith} == after.references
        assert [1, 2, 3] == after.claims == [each.id for each in dossiers]
        assert [("2", "1"), ("1",), ()] == [each.claim.citation_labels for each in dossiers]
        assert [(smith, jones), (jones,), ()] == [each.reference_ids for each in dossiers]
        assert [BaselineState.UNCHANGED] * 3 == [each.state for each in dossiers]
        assert [[(link, "2")], [], []] == [[(held.id, held.label) for held in each.links] for each in dossiers]
        assert (False, Status.VERIFIED) == (dossiers[0].stale, dossiers[0].status)
        assert [(source.title, 1)] == [(held.title, count) for held, count in sources.all_sources(connection)]
        assert [jones, smith, None] == [documents.reference_cited_as(connection, before.document_id, label) for label in ("1", "2", "3")]
        assert [[1, 2], [1]] == [claims.claims_citing(connection, before.document_id, label) for label in ("1", "2")]


def test_a_number_that_goes_to_another_reference(held, writing, take, noon: datetime):
    """The claim that cites it cites something else now: it is updated, the source stays behind, and the decision is stale."""
    ledger, before = held
    with writing(ledger) as connection:
        source, _ = sources.put_source(connection, Identifier(SourceKind.URL, "https://example.org/", ""))
        common = {"document_id": before.document_id, "source_id": source.id, "reviewer": "ada", "at": noon}
        sources.link(connection, **common, reference_id=before.references["2"])
        decisions.add_decision(connection, 2, status=Status.VERIFIED, reviewer="ada", at=noon)
        after = take(connection, CLAIMS, ids=[1, 2, 3], listed=[SMITH, Reference("2", "Other")], known={"1": before.references["1"]})
        found = [claims.dossier(connection, n) for n in (2, 3)]

        assert before.references["2"] not in after.references.values()
        assert [BaselineState.UPDATED, BaselineState.UNCHANGED] == [each.state for each in found if each]
        assert ((), True) == (found[0].links, found[0].stale)
        assert [(source.canonical, "2")] == [
            (link.source.canonical, link.label) for link in sources.links_of_document(connection, before.document_id)
        ]


def test_reference_that_is_only_cited(held, writing, take):
    """A number without an entry stands for a reference all the same; a later entry for it is that reference, and so is the number alone again."""
    ledger, before = held
    with writing(ledger) as connection:
        cited = take(connection, CLAIMS, name="bare")
        listed = take(connection, CLAIMS, name="bare", ids=cited.claims, listed=[SMITH, JONES], known=cited.references)
        listed_then = documents.references(connection, cited.document_id)
        again = take(connection, CLAIMS, name="bare", ids=cited.claims, known=cited.references)
        found = documents.held_references(connection, cited.document_id)
        unused = [documents.loose_ends(connection, name) for name in ("bare", "report")]

    assert cited.references == listed.references == again.references
    assert not set(before.references.values()) & set(cited.references.values())
    assert (SMITH, JONES) == listed_then
    assert [(cited.references[n], Reference(n, ""), False) for n in ("1", "2")] == found
    assert [(0, 0), (0, 0)] == unused


def test_notes_need_no_reference(any_ledger: Ledger, writing, take):
    """A note's name stands for one only where the list has an entry of that name."""
    notes = (Citation("a", 10, 13, 0, 10, MarkKind.NOTE), Citation("b", 13, 16, 0, 10, MarkKind.NOTE))
    with writing(any_ledger) as connection:
        taken = take(connection, [replace(CLAIMS[0], citations=notes)], listed=[Reference("b", "A remark.")])
        stored = connection.exec_driver_sql("SELECT label, reference_id FROM citations ORDER BY ordinal").all()
        found = claims.dossier(connection, 1)

    assert [("a", None), ("b", taken.references["b"])] == [tuple(row) for row in stored]
    assert found is not None
    assert ((), notes) == (found.reference_ids, found.claim.citations)


STATES = [BaselineState.NEW, BaselineState.UNCHANGED, BaselineState.UPDATED, BaselineState.ABSENT]


def test_states_are_against_the_revision_before(held, writing, take):
    """A claim is new in its first revision, updated where its words or citations change, absent when it is gone, and itself when it is back."""
    ledger, _ = held
    seen = []

    def state(connection) -> None:
        found = claims.dossiers(connection, ClaimQuery(document="report", absent=None))
        seen.append({each.id: each.state for each in found})

    new, same, updated, absent = STATES
    edited = replace(CLAIMS[1], text="It snowed hard.")
    with writing(ledger) as connection:
        known = {"1": 1, "2": 2}
        state(connection)
        for read, ids, gone in (
            ([CLAIMS[0], edited], [1, 2], [3]),
            ([CLAIMS[0], edited, CLAIMS[2]], [1, 2, 3], []),
            ([replace(CLAIMS[0], citations=CLAIMS[0].citations[:1]), edited, CLAIMS[2]], [1, 2, 3], []),
            ([CLAIMS[0], replace(edited, start=50, section="Later"), replace(CLAIMS[2], text="It froze.")], [1, 2], [3]),
        ):
            take(connection, read, ids=ids, gone=gone, listed=[SMITH, JONES], known=known)
            state(connection)

    assert [
        {1: new, 2: new, 3: new},
        {1: same, 2: updated, 3: absent},
        {1: same, 2: same, 3: same},
        {1: updated, 2: same, 3: same},
        {1: updated, 2: same, 3: absent, 4: new},
    ] == seen


def test_rereading_a_revision_makes_nothing_old(held, writing, noon: datetime):
    """The same revision read otherwise: claims that are new in it stay new, whatever they say now."""
    ledger, before = held
    edited = replace(CLAIMS[0], citations=())
    with writing(ledger) as connection:
        placed = [(1, edited), (2, CLAIMS[1]), (None, replace(CLAIMS[2], text="It froze."))]
        ids = readings.write_reading(connection, before.document_id, before.revision_id, placed, [3], references=before.references, at=noon)
        found = claims.dossiers(connection, ClaimQuery(absent=None))

    assert [1, 2, 4] == ids
    new, _, _, absent = STATES
    assert {1: new, 2: new, 3: absent, 4: new} == {each.id: each.state for each in found}


APPEARANCES = """
SELECT revision_id, claim_id, ordinal, section, text, start_offset, end_offset, covered, citation_labels, reference_ids
FROM appearances ORDER BY revision_id, claim_id
"""


def test_appearances_are_kept(held, writing, take):
    """How the claims stood in each revision that is no longer the current one; those that were gone by then stood nowhere."""
    ledger, before = held
    known = before.references
    moved = [replace(CLAIMS[1], ordinal=1, text="It hailed.", section="Later"), replace(CLAIMS[2], ordinal=2)]
    with writing(ledger) as connection:
        none_yet = connection.exec_driver_sql(APPEARANCES).all()
        second = take(connection, moved, ids=[2, 3], gone=[1], listed=[SMITH, JONES], known=known)
        take(connection, CLAIMS[:1], ids=[1], gone=[2, 3], listed=[SMITH, JONES], known=known)
        rows = [(*row[:7], bool(row.covered), *row[8:]) for row in connection.exec_driver_sql(APPEARANCES)]

    one, two = known["1"], known["2"]
    assert [] == none_yet
    assert [
        (before.revision_id, 1, 1, "Opening", "It rained.", 0, 10, False, '["1","2"]', f"[{one},{two}]"),
        (before.revision_id, 2, 2, "Opening", "It snowed.", 17, 27, False, '["2"]', f"[{two}]"),
        (before.revision_id, 3, 3, "", "It thawed.", 31, 41, True, "[]", "[]"),
        (second.revision_id, 2, 1, "Later", "It hailed.", 17, 27, False, '["2"]', f"[{two}]"),
        (second.revision_id, 3, 2, "", "It thawed.", 31, 41, True, "[]", "[]"),
    ] == rows


def test_relations_show_on_both_sides(held, writing, take):
    """Each with its kind and the number of the revision that it was found in, oldest first; one that is known already is not told anew."""
    ledger, before = held
    with writing(ledger) as connection:
        second = take(connection, [CLAIMS[0], replace(CLAIMS[1], text="It")], ids=[1], gone=[2, 3], known=before.references)
        related = [(RelationKind.SPLIT, 4, 2), (RelationKind.ALIKE, 4, 3)]
        readings.write_relations(connection, second.revision_id, related)
        readings.write_relations(connection, second.revision_id, [(RelationKind.MERGED, 4, 2), (RelationKind.MERGED, 1, 3)])
        third = take(connection, [CLAIMS[0]], ids=[1], gone=[4], known=before.references)
        readings.write_relations(connection, third.revision_id, [(RelationKind.MERGED, 1, 4)])
        found = {each.id: each.relations for each in claims.dossiers(connection, ClaimQuery(absent=None))}

    into, split = ClaimRelation(RelationKind.MERGED, 1, 3, 2), ClaimRelation(RelationKind.SPLIT, 4, 2, 2)
    alike, later = ClaimRelation(RelationKind.ALIKE, 4, 3, 2), ClaimRelation(RelationKind.MERGED, 1, 4, 3)
    assert {1: (into, later), 2: (split,), 3: (into, alike), 4: (split, alike, later)} == found
