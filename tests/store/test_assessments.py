"""What the machine said of claims: kept beside what it said before, never changed, and found again by SQL as by the rules of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from verify.model import (
    Assessment,
    Citation,
    Claim,
    Cue,
    CueKind,
    Dossier,
    GroundedWord,
    Grounding,
    Identifier,
    KeptAssessment,
    Passage,
    Snapshot,
    Source,
    SourceKind,
    Status,
    Verdict,
    sha256_of,
)
from verify.store import Connection, Ledger, assessments, claims, decisions, journal, readings, replay, schema, sources
from verify.store.assessments import HeldText, Made, NewAssessment
from verify.store.claims import ClaimQuery

NOON = datetime(2024, 12, 8, 12, tzinfo=UTC)
TEXT = "It did rain.\nIt did not snow."
CLAIMS = (
    Claim(1, "It rained.", 0, 10, 0, 60, citations=(Citation("1", 10, 13, 0, 10), Citation("2", 13, 16, 0, 10))),
    Claim(2, "It snowed.", 17, 27, 0, 60, citations=(Citation("1", 27, 30, 0, 10),)),
    Claim(3, "It froze.", 61, 70, 61, 90),
)
POURED = replace(CLAIMS[0], text="It poured.")
PASSAGE = Passage("It did rain.", "", "\nIt", 0, 12, 0.75, "p. 1")
SAYS = Assessment(
    scorer="embedded",
    version="1",
    verdict=Verdict.SUPPORTED,
    score=0.9,
    passages=(PASSAGE,),
    cues=(Cue(CueKind.MISSING, 3, 9, "rained", "", 0, "no passage has this word"),),
    words=(GroundedWord(3, 9, Grounding.WEAK),),
    why="words found",
    cost={"tokens": 12},
)
NOTHING = Assessment("embedded", "1", Verdict.NOT_FOUND, 0.0, why="no passage shares a word with the claim")


@dataclass
class Desk:
    """A ledger in the midst of a write. Claims are meant by their ordinals, sources by a letter; each has a state for every year."""

    connection: Connection
    name: str
    document_id: int
    revision_id: int
    claims: Sequence[int]
    references: dict[str, int]

    def source(self, letter: str) -> Source:
        named = Identifier(SourceKind.URL, f"https://{letter}.example/{self.document_id}", "")
        return sources.put_source(self.connection, named, title=letter)[0]

    def show(self, letter: str, year: int = 2024, text: str = TEXT) -> None:
        sha256 = f"{ord(letter):032}{year:032}"
        taken = Snapshot(0, sha256, "text/plain", b"", text, "", datetime(year, 1, 1, tzinfo=UTC), ((0, 12, "p. 1"),))
        sources.put_snapshot(self.connection, self.source(letter).id, taken)

    def attach(self, letter: str, label: str) -> None:
        sources.link(
            self.connection,
            document_id=self.document_id,
            reference_id=self.references[label],
            source_id=self.source(letter).id,
            reviewer="ada",
            at=NOON,
        )

    def detach(self, label: str) -> None:
        held = sources.links_of_target(self.connection, reference_id=self.references[label])
        sources.unlink(self.connection, [link.id for link in held], "ada", NOON)

    def assess(self, claim: int, letters: str, said: Assessment = SAYS, hours: int = 0) -> KeptAssessment:
        read = tuple(self.source(letter) for letter in letters)
        text = self.dossier(claim).claim.text
        ids = tuple(assessments.text_of(self.connection, source.id, source.snapshot_sha256).snapshot_id for source in read)
        placed = replace(said, passages=tuple(replace(passage, source=read[-1].canonical) for passage in said.passages))
        new = NewAssessment(self.claims[claim - 1], read, ids, sha256_of(text), 0, len(text), placed)
        (kept,) = assessments.add_assessments(self.connection, [new], NOON + timedelta(hours=hours))
        return kept

    def read(self, *read: Claim) -> None:
        placed = [(self.claims[claim.ordinal - 1], claim) for claim in read]
        readings.write_reading(self.connection, self.document_id, self.revision_id, placed, (), references=self.references, at=NOON)

    def dossier(self, claim: int) -> Dossier:
        found = claims.dossier(self.connection, self.claims[claim - 1])
        assert found is not None
        return found

    def found(self, **query: bool) -> list[int]:
        """The ordinals of the claims of a query."""
        return [each.claim.ordinal for each in claims.iter_dossiers(self.connection, ClaimQuery(document=self.name, **query))]


_NAMES = (f"document {n}" for n in count(1))


def _desk(connection: Connection, take: Callable) -> Desk:
    name = next(_NAMES)
    taken = take(connection, CLAIMS, name=name)
    desk = Desk(connection, name, taken.document_id, taken.revision_id, taken.claims, taken.references)
    for letter, label in ("a1", "b2"):
        desk.show(letter)
        desk.attach(letter, label)
    return desk


@pytest.fixture
def desk(lasting_ledger: Ledger, writing, take) -> Iterator[Desk]:
    """At work on a document of its own: source a stands behind number 1, b behind number 2."""
    with writing(lasting_ledger) as connection:
        yield _desk(connection, take)


def test_an_assessment_comes_back_as_it_was(desk: Desk):
    """Its sources by name, the hashes of what was read, the words, every part of what was said."""
    kept = desk.assess(1, "ab")
    a, b = desk.source("a"), desk.source("b")

    assert (kept,) == desk.dossier(1).assessments
    assert ((a.canonical, b.canonical), (a.snapshot_sha256, b.snapshot_sha256)) == (kept.sources, kept.snapshots)
    assert replace(SAYS, passages=(replace(PASSAGE, source=b.canonical),)) == kept.assessment
    assert (0, 10, sha256_of("It rained."), NOON) == (kept.start, kept.end, kept.text_sha256, kept.assessed_at)


def test_one_that_found_nothing_has_no_passage(desk: Desk):
    kept = desk.assess(2, "a", NOTHING)

    assert ((kept,), NOTHING) == (desk.dossier(2).assessments, kept.assessment)


def test_the_last_of_each_set_of_sources_is_given(desk: Desk):
    """One source, another, and both together; whichever scorer came last. What it said before is kept."""
    desk.assess(1, "a", NOTHING)
    held = [desk.assess(1, "b"), desk.assess(1, "ab"), desk.assess(1, "a", replace(SAYS, scorer="other"))]

    assert tuple(held) == desk.dossier(1).assessments
    rows = desk.connection.exec_driver_sql(f"SELECT count(*) FROM assessments WHERE claim_id = {desk.claims[0]}").scalar()  # noqa: S608
    assert 4 == rows


def test_what_the_last_ones_of_a_scorer_were_made_on(desk: Desk):
    """A scorer is asked for its own."""
    desk.assess(1, "a")
    kept = desk.assess(1, "a", replace(SAYS, version="2"))
    desk.assess(1, "a", replace(SAYS, scorer="other"))
    made = assessments.last_made(desk.connection, desk.claims, "embedded")

    assert {desk.claims[0]: [Made(kept.sources, kept.snapshots, kept.text_sha256, 0, 10, "2")]} == dict(made)
    assert {} == dict(assessments.last_made(desk.connection, desk.claims, "nobody"))


def test_the_text_of_a_snapshot(desk: Desk):
    """That of the state named, also when another came since."""
    before = desk.source("a")
    desk.show("a", 2025, "It snowed.")
    old, new = (assessments.text_of(desk.connection, before.id, each.snapshot_sha256) for each in (before, desk.source("a")))

    assert HeldText(old.snapshot_id, TEXT, ((0, 12, "p. 1"),)) == old
    assert ("It snowed.", True) == (new.text, new.snapshot_id > old.snapshot_id)


def test_surroundings_are_the_sentences_of_the_paragraph(desk: Desk):
    """Those of the claim's own paragraph, itself among them, and of no other document."""
    found = assessments.surroundings(desk.connection, desk.name, [(1, 0), (2, 0), (3, 61)])

    assert {1: "It rained. It snowed.", 2: "It rained. It snowed.", 3: "It froze."} == found


def test_surroundings_of_a_text_without_paragraphs_are_near(any_ledger: Ledger, writing, take):
    """So that ten thousand sentences in one paragraph do not cost their square."""
    rows = [Claim(n, f"Sentence {n}.", n, n + 1, 0, 9999) for n in range(1, 101)]
    with writing(any_ledger) as connection:
        take(connection, rows)
        found = assessments.surroundings(connection, "report", [(50, 0), (1, 0)])

    assert " ".join(f"Sentence {n}." for n in range(40, 61)) == found[50]
    assert " ".join(f"Sentence {n}." for n in range(1, 12)) == found[1]


@pytest.mark.parametrize("verdict", [Verdict.SUPPORTED, Verdict.PARTIALLY_SUPPORTED, Verdict.CONTRADICTED])
def test_the_schema_refuses_a_verdict_without_a_passage(any_ledger: Ledger, take, verdict: Verdict):
    with pytest.raises(DBAPIError, match="verdict_has_passage"), any_ledger.write() as connection:
        _desk(connection, take).assess(1, "a", replace(SAYS, verdict=verdict, passages=()))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments SET score = 1",
        "DELETE FROM assessments",
        "UPDATE assessment_texts SET snapshot_id = 1",
        "DELETE FROM assessment_texts",
    ],
)
def test_nothing_of_it_is_ever_changed(any_ledger: Ledger, writing, take, statement: str):
    """The database itself refuses it."""
    with writing(any_ledger) as connection:
        _desk(connection, take).assess(1, "a")
    with pytest.raises(DBAPIError, match="append-only"), any_ledger.write() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO assessment_texts SELECT assessment_id, source_id, 2 FROM assessment_texts",
        "UPDATE OR IGNORE assessments SET why = 'x'",
    ],
)
def test_nothing_of_it_is_replaced(ledger: Ledger, writing, take, statement: str):
    """SQLite's REPLACE deletes without asking the trigger on DELETE."""
    with writing(ledger) as connection:
        _desk(connection, take).assess(1, "a")
    with pytest.raises(DBAPIError, match="append-only"), ledger.write() as connection:
        connection.exec_driver_sql(statement)


def test_what_is_changed_behind_our_back_shows(ledger: Ledger, writing, take):
    """In either table."""
    with writing(ledger) as connection:
        _desk(connection, take).assess(1, "ab")
    with ledger.read() as connection:
        assert () == replay.verify(connection).misfits
    with ledger.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER assessments_no_update")
        connection.exec_driver_sql("DROP TRIGGER assessment_texts_no_update")
        connection.exec_driver_sql("UPDATE assessments SET score = 0.1")
        connection.exec_driver_sql("UPDATE assessment_texts SET snapshot_id = 2")
    with ledger.read() as connection:
        misfits = replay.verify(connection, most=9).misfits

    assert [("assessments", "1"), ("assessment_texts", "1:1")] == [(each.table, each.key) for each in misfits]


def test_claims_with_a_text_to_read(desk: Desk):
    """By any source that has one; a reason why there is none counts against what is held."""
    assert [1, 2] == desk.found(readable=True)
    desk.detach("1")
    assert [1] == desk.found(readable=True)
    sources.put_snapshot(
        desk.connection, desk.source("b").id, Snapshot(0, "f" * 64, "text/html", b"", "Log in", "", NOON), no_text_why="too thin"
    )
    assert [] == desk.found(readable=True)


def test_counting_is_listing(desk: Desk):
    for query in (
        ClaimQuery(document=desk.name),
        ClaimQuery(document=desk.name, readable=True),
        ClaimQuery(claim_ids=(desk.claims[0], 999)),
    ):
        assert len(claims.dossiers(desk.connection, query)) == claims.count(desk.connection, query)


_PROBLEM = replace(SAYS, verdict=Verdict.CONTRADICTED)
_STEPS = st.one_of(
    st.tuples(
        st.just("assess"), st.sampled_from([1, 2]), st.sampled_from(["a", "b", "ab", "ba"]), st.sampled_from([SAYS, _PROBLEM, NOTHING])
    ),
    st.tuples(st.just("show"), st.sampled_from("ab"), st.sampled_from([2023, 2024, 2025])),
    st.tuples(st.just("read"), st.sampled_from([CLAIMS[0], POURED])),
    st.tuples(st.just("detach"), st.sampled_from("12")),
    st.tuples(st.just("attach"), st.sampled_from("ab"), st.sampled_from("12")),
    st.tuples(st.just("decide"), st.sampled_from([1, 2])),
)


@given(steps=st.lists(_STEPS, max_size=8))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_finds_the_likely_problems_that_the_model_finds(lasting_ledger: Ledger, writing, take, steps: list[tuple]):
    """Whatever was assessed, shown, read, attached and detached in whatever order."""
    with writing(lasting_ledger) as connection:
        desk = _desk(connection, take)
        for name, *arguments in steps:
            if name == "decide":
                decisions.add_decision(connection, desk.claims[arguments[0] - 1], status=Status.VERIFIED, reviewer="ada", at=NOON)
            else:
                getattr(desk, name)(*arguments)

        every = claims.dossiers(connection, ClaimQuery(document=desk.name))
        assert [each.claim.ordinal for each in every if each.likely_problems] == desk.found(contradicted=True)


def test_rows_go_with_their_events(any_ledger: Ledger, take):
    """As every write: without an event of the trail nothing is kept."""
    with pytest.raises(RuntimeError, match="changes without an event"), any_ledger.write() as connection:
        _desk(connection, take).assess(1, "a")
    with any_ledger.read() as connection:
        assert 0 == journal.next_id(connection, schema.assessments) - 1
