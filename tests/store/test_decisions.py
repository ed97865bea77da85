"""What people decide, what it stands on, and when it no longer stands: the rules of the model, which SQL keeps too, on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.model import (
    Citation,
    Claim,
    CleanupTag,
    Decision,
    Dossier,
    Identifier,
    MarkKind,
    Reference,
    Snapshot,
    SourceKind,
    Status,
    TextQuote,
    stale_why,
    standing_decisions,
)
from verify.store import Connection, Ledger, claims, decisions, documents, readings, sources
from verify.store.claims import ClaimQuery

NOON = datetime(2024, 12, 8, 12, tzinfo=UTC)
CLAIMS = (
    Claim(1, "It rained.", 0, 10, 0, 30, citations=(Citation("1", 10, 13, 0, 10), Citation("2", 13, 16, 0, 10))),
    Claim(
        2,
        "It snowed.",
        17,
        27,
        0,
        30,
        citations=(Citation("a", 27, 30, 0, 10, MarkKind.NOTE),),
        tags=(CleanupTag("dubious", 27, 36, "[dubious]"),),
    ),
    Claim(3, "It froze.", 31, 40, 31, 60, citations=(Citation("1", 40, 43, 0, 9),)),
    Claim(4, "It thawed.", 44, 54, 31, 60, covered=True),
)
FIRST = CLAIMS[0]
POURED = replace(FIRST, text="It poured.")
RENUMBERED = replace(FIRST, citations=tuple(replace(each, label={"1": "7", "2": "8"}[each.label]) for each in FIRST.citations))


def _page(number: int, year: int = 2024) -> Snapshot:
    """What a source looked like in a year."""
    return Snapshot(0, f"{number:064}", "text/plain", b"", "It did rain.", "", datetime(year, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Desk:
    """A ledger in the midst of a write, with what people do there in few words. Claims are meant by their ordinals, decisions count from `before`."""

    connection: Connection
    name: str
    document_id: int
    revision_id: int
    claims: Sequence[int]
    references: dict[str, int]
    before: int

    def source(self, what: str) -> int:
        identifier = Identifier(SourceKind.URL, f"https://example.org/{self.name}/{what}", "")
        return sources.put_source(self.connection, identifier, title=f"A {what}")[0].id

    def show(self, what: str, snapshot: Snapshot) -> None:
        """A source has another text."""
        sources.put_snapshot(self.connection, self.source(what), snapshot)

    def attach(self, what: str, *, claim: int = 0, label: str = "") -> int:
        target = {"reference_id": self.references[label]} if label else {"claim_id": self.claims[claim - 1]}
        common = {"document_id": self.document_id, "source_id": self.source(what), "reviewer": "ada", "at": NOON}
        return sources.link(self.connection, **common, **target)[0]

    def detach(self, what: str) -> None:
        """Take a source off wherever it is attached."""
        links = sources.links_of_document(self.connection, self.document_id)
        sources.unlink(self.connection, [link.id for link in links if link.source.id == self.source(what)], "ada", NOON)

    def detach_label(self, label: str) -> None:
        links = sources.links_of_target(self.connection, reference_id=self.references[label])
        sources.unlink(self.connection, [link.id for link in links], "ada", NOON)

    def decide(self, claim: int, status: Status = Status.VERIFIED, reviewer: str = "ada", **role: int) -> Decision:
        return decisions.add_decision(self.connection, self.claims[claim - 1], status=status, reviewer=reviewer, at=NOON, **role)

    def undo(self, claim: int, decision_id: int) -> Decision:
        return decisions.undo_decision(self.connection, self.claims[claim - 1], decision_id, reviewer="ada", at=NOON)

    def read(self, *read: Claim, gone: Sequence[int] = (), references: dict[str, int] | None = None) -> None:
        """Read some claims anew; each stays itself."""
        placed = [(self.claims[claim.ordinal - 1], claim) for claim in read]
        left, cited = [self.claims[n - 1] for n in gone], references or self.references
        readings.write_reading(self.connection, self.document_id, self.revision_id, placed, left, references=cited, at=NOON)

    def dossier(self, claim: int) -> Dossier:
        found = claims.dossier(self.connection, self.claims[claim - 1])
        assert found is not None
        return found

    def agree(self) -> None:
        """What SQL says of each claim, and of them all, is what the rules of the model say of their dossiers."""
        dossiers = claims.dossiers(self.connection, ClaimQuery(document=self.name, absent=None))
        columns = "v.claim_id, v.citation_numbers, v.flags, v.status, v.stale, v.sources, c.status AS kept"
        query = f"SELECT {columns} FROM claim_overview v JOIN claims c ON c.id = v.claim_id WHERE c.document_id = {self.document_id}"  # noqa: S608
        seen = {row.claim_id: row for row in self.connection.exec_driver_sql(query)}
        [overview] = [each for each in documents.document_overview(self.connection) if each.document.id == self.document_id]
        standing = [each for each in dossiers if not each.absent]

        assert set(seen) == {each.id for each in dossiers}
        for each in dossiers:
            row = seen[each.id]
            assert (str(each.status), str(each.status), each.stale) == (row.status, row.kept, bool(row.stale))
            assert (", ".join(each.claim.citation_labels), ", ".join(flag.name for flag in each.open_flags)) == (
                row.citation_numbers,
                row.flags,
            )
            assert sorted(link.source.title for link in each.links) == sorted(filter(None, row.sources.split("; ")))
        assert sum(bool(each.reasons) for each in standing) == overview.needing_review
        assert sum(each.status is not Status.UNVERIFIED for each in standing) == overview.decided
        assert len(standing) == overview.claims


def _desk(connection: Connection, name: str, take) -> Desk:
    """Two sources: the page of reference 1, with a text, and a book of claim 1's own, without one."""
    taken = take(connection, CLAIMS, name=name, listed=[Reference("1", "Smith"), Reference("2", "Jones")])
    last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM decisions").scalar_one()
    desk = Desk(connection, name, taken.document_id, taken.revision_id, taken.claims, taken.references, last)
    desk.show("page", _page(1))
    desk.attach("page", label="1")
    desk.attach("book", claim=1)
    return desk


_NAMES = (f"document {n}" for n in count(1))


@pytest.fixture
def desk(lasting_ledger: Ledger, writing, take) -> Iterator[Desk]:
    """At work on a document of its own with four claims and two references."""
    with writing(lasting_ledger) as connection:
        yield _desk(connection, next(_NAMES), take)


def test_decisions_and_undo(desk: Desk):
    """A decision supersedes; an undo brings back what held before, with what that stood on, and the last one standing is found."""
    first = desk.decide(1, Status.DISPUTED)
    second = desk.decide(1, Status.VERIFIED)
    other = desk.decide(3, Status.NOT_A_CLAIM)
    undo = desk.undo(1, second.id)
    found = desk.dossier(1)
    lasts = [decisions.last_decision(desk.connection), *(decisions.last_decision(desk.connection, n) for n in desk.claims[:2])]
    bare = desk.undo(1, first.id)

    assert ((first, second, undo), Status.DISPUTED) == (found.decisions, found.status)
    assert [(desk.claims[2], other), (desk.claims[0], first), None] == lasts
    assert replace(first, id=undo.id, undoes=second.id) == undo
    assert Decision(bare.id, Status.UNVERIFIED, "ada", "", NOON, "", (), undoes=first.id) == bare
    assert None is decisions.last_decision(desk.connection, desk.claims[0])


@pytest.mark.parametrize(("claim", "undoes"), [(1, 99), (3, 1), (1, 2)])
def test_undo_of_what_does_not_stand(desk: Desk, claim: int, undoes: int):
    """Another claim's decision, an unknown one, an undo itself: refused, and nothing is written."""
    desk.undo(1, desk.decide(1).id)
    desk.decide(1, Status.DISPUTED)

    with pytest.raises(ValueError, match=f"no decision {desk.before + undoes} stands"):
        desk.undo(claim, desk.before + undoes)
    assert (3, 0) == (len(desk.dossier(1).decisions), len(desk.dossier(3).decisions))


def test_decision_on_no_claim(desk: Desk):
    with pytest.raises(ValueError, match="no claim 99"):
        decisions.add_decision(desk.connection, 99, status=Status.VERIFIED, reviewer="ada", at=NOON)


def test_decision_says_what_it_stands_on(desk: Desk):
    """The text's hash, the references in printed order, the quotes held, and the latest text of every source that has one."""
    link = desk.dossier(1).links[0]
    snapshot = sources.latest_snapshot(desk.connection, link.source.id)
    assert snapshot is not None
    desk.show("page", _page(2, 2025))
    evidence, _ = sources.add_evidence(desk.connection, link.id, snapshot.id, TextQuote("rain", "did ", ".", 7, 11), "", "ada", NOON)
    made, bare = desk.decide(1), desk.decide(4)

    assert ((made,), (bare,)) == (desk.dossier(1).decisions, desk.dossier(4).decisions)
    assert (("1", "2"), (desk.references["1"], desk.references["2"])) == (made.citation_labels, made.reference_ids)
    assert ((evidence,), ((f"https://example.org/{desk.name}/page", _page(2).sha256),)) == (made.evidence_ids, made.texts)
    assert ((), (), (), ()) == (bare.citation_labels, bare.reference_ids, bare.evidence_ids, bare.texts)


def _swapped(desk: Desk) -> dict[str, int]:
    return {"1": desk.references["2"], "2": desk.references["1"]}


OFF = "a source was taken off (https://example.org/{}/page)"
OTHER_TEXT = "the text of a source changed (A page)"
RULES: dict[str, tuple[list[Callable[[Desk], object]], str]] = {
    "nothing": ([], ""),
    "a newer text": ([lambda desk: desk.show("page", _page(2, 2025))], OTHER_TEXT),
    "another text of the same moment": ([lambda desk: desk.show("page", _page(2))], OTHER_TEXT),
    "the same text again": ([lambda desk: desk.show("page", _page(1))], ""),
    "an earlier text": ([lambda desk: desk.show("page", _page(2, 2023))], ""),
    "a first text": ([lambda desk: desk.show("book", _page(2))], ""),
    "the source taken off": ([lambda desk: desk.detach("page")], OFF),
    "a source without a text taken off": ([lambda desk: desk.detach("book")], ""),
    "off, and on again": ([lambda desk: desk.detach("page"), lambda desk: desk.attach("page", label="1")], ""),
    "off, but on the claim alone": ([lambda desk: desk.attach("page", claim=1), lambda desk: desk.detach_label("1")], ""),
    "off, but on its other number": ([lambda desk: desk.attach("page", label="2"), lambda desk: desk.detach_label("1")], ""),
    "off, but on another claim": ([lambda desk: desk.attach("page", claim=3), lambda desk: desk.detach_label("1")], OFF),
    "a source added": ([lambda desk: desk.attach("film", claim=1), lambda desk: desk.show("film", _page(3))], ""),
    "other words": ([lambda desk: desk.read(POURED)], "its text changed"),
    "other words, and back": ([lambda desk: desk.read(POURED), lambda desk: desk.read(FIRST)], ""),
    "the same references by other numbers": (
        [lambda desk: desk.read(RENUMBERED, references={"7": desk.references["1"], "8": desk.references["2"]})],
        "",
    ),
    "other references by the same numbers": ([lambda desk: desk.read(FIRST, references=_swapped(desk))], "its citations changed"),
    "another order": ([lambda desk: desk.read(replace(FIRST, citations=FIRST.citations[::-1]))], "its citations changed"),
    "a number twice": ([lambda desk: desk.read(replace(FIRST, citations=FIRST.citations * 2))], ""),
    "no citation of the page": (
        [lambda desk: desk.read(replace(FIRST, citations=FIRST.citations[1:]))],
        f"its citations changed and {OFF}",
    ),
    "another place": ([lambda desk: desk.read(replace(FIRST, start=90, end=100, section="Later"))], ""),
    "gone": ([lambda desk: desk.read(gone=[1])], "it is gone from the document"),
    "gone, and back": ([lambda desk: desk.read(gone=[1]), lambda desk: desk.read(FIRST)], ""),
    "decided on anew": ([lambda desk: desk.show("page", _page(2, 2025)), lambda desk: desk.decide(1, Status.DISPUTED)], ""),
    "decided on anew, and that undone": (
        [lambda desk: desk.show("page", _page(2, 2025)), lambda desk: desk.undo(1, desk.decide(1).id)],
        OTHER_TEXT,
    ),
    "all undone": ([lambda desk: desk.read(POURED), lambda desk: desk.undo(1, desk.before + 1)], ""),
}
"""What happens after a decision on claim 1, and why it is stale then."""


@pytest.mark.parametrize("what", RULES)
def test_stale(desk: Desk, what: str):
    """By the rule of the model, in the view and in the counts of documents alike."""
    happens, why = RULES[what]
    desk.decide(1)
    for step in happens:
        step(desk)
    asked = ClaimQuery(document=desk.name, stale=True, absent=None)
    narrowed = [each.id for each in claims.iter_dossiers(desk.connection, asked) if each.stale]

    assert why.format(desk.name) == stale_why(desk.dossier(1))
    assert ([desk.claims[0]] if why else []) == narrowed
    desk.agree()


V, F, D = Status.VERIFIED, Status.FAILED_VERIFICATION, Status.DISPUTED
OPINIONS: dict[str, tuple[list[tuple[str, Status | int]], Status, int, tuple[int, ...], bool]] = {
    "nobody": ([], Status.UNVERIFIED, 0, (), False),
    "one": ([("first", V)], V, 1, (), True),
    "two agree": ([("first", V), ("second", V)], V, 1, (2,), False),
    "two differ": ([("first", V), ("second", F)], D, 1, (2,), False),
    "three, and one differs": ([("first", V), ("second", V), ("second", F)], D, 1, (2, 3), False),
    "both say disputed": ([("first", D), ("second", D)], D, 1, (2,), False),
    "settled for the second": ([("first", V), ("second", F), ("settles", F)], F, 3, (), False),
    "settled for neither": ([("first", V), ("second", F), ("settles", Status.NOT_A_CLAIM)], Status.NOT_A_CLAIM, 3, (), False),
    "settlement undone": ([("first", V), ("second", F), ("settles", F), ("undo", 3)], D, 1, (2,), False),
    "settled, and then the first undone": ([("first", V), ("second", F), ("settles", F), ("undo", 1)], F, 3, (), False),
    "settled, and seconded": ([("first", V), ("second", F), ("settles", F), ("second", V)], D, 3, (4,), False),
    "the second undone": ([("first", V), ("second", F), ("undo", 2)], V, 1, (), True),
    "the first undone": ([("first", V), ("second", F), ("undo", 1)], Status.UNVERIFIED, 0, (), False),
    "the first undone, one before it": ([("first", F), ("first", V), ("second", D), ("undo", 2)], F, 1, (), True),
    "decided anew": ([("first", V), ("second", F), ("first", F)], F, 3, (), True),
    "decided anew, and that undone": ([("first", V), ("second", F), ("first", V), ("undo", 3)], D, 1, (2,), False),
}
"""What is done, one decision after the other; the status then, the opinion that holds, those on it, and whether one is missing."""


@pytest.mark.parametrize("what", OPINIONS)
def test_second_opinions(desk: Desk, what: str):
    """They stand beside the first and with it; where they differ the claim is disputed until it is settled or decided on anew."""
    steps, status, first, seconds, missing = OPINIONS[what]
    for role, said in steps:
        _say(desk, 1, role, said)
    found, last = desk.dossier(1), decisions.last_decision(desk.connection, desk.claims[0])

    assert status is found.status
    assert (seconds[-1] if seconds else first) == (last[1].id - desk.before if last else 0)
    assert [first, *seconds] == [each.id - desk.before if each else 0 for each in (found.first_opinion, *found.second_opinions)]
    assert (missing, False) == (found.needs_second, found.stale)
    assert (status is D and len({each.status for each in standing_decisions(found.decisions)}) > 1) == found.disagreement
    desk.agree()


def _say(desk: Desk, claim: int, role: str, said: Status | int) -> None:
    """Decide on a claim, give a second opinion, settle the dispute, or undo one of those that stand; where there is nothing to say it of, nothing."""
    dossier = desk.dossier(claim)
    first, standing = dossier.first_opinion, standing_decisions(dossier.decisions)
    if role == "first":
        desk.decide(claim, Status(said))
    elif role == "undo" and standing:
        meant = [each.id for each in standing if each.id == desk.before + int(said)]
        desk.undo(claim, *(meant or [standing[int(said) % len(standing)].id]))
    elif role in ("second", "settles") and first:
        desk.decide(claim, Status(said), reviewer="bob", **{"seconds" if role == "second" else "settles": first.id})


def test_a_stale_decision_needs_no_second_opinion(desk: Desk):
    """It needs a first one: the second would be of something else."""
    desk.decide(1)
    desk.read(POURED)

    assert (True, False) == (desk.dossier(1).stale, desk.dossier(1).needs_second)


def test_decision_follows_to_another_claim(desk: Desk):
    """As it was made, on the text as it was, and so stale; what it stood on comes along, and a later undo is its own affair."""
    made = desk.decide(1)
    carried = decisions.carry_decision(desk.connection, desk.claims[0], desk.claims[3])
    other = desk.dossier(4)

    assert carried is not None
    assert (replace(made, id=carried.id, carried_from=made.id),) == other.decisions == (carried,)
    assert (V, True) == (other.status, other.stale)
    desk.agree()
    desk.undo(4, carried.id)
    assert ((V, False), (Status.UNVERIFIED, False)) == tuple((each.status, each.stale) for each in (desk.dossier(1), desk.dossier(4)))
    desk.agree()


def test_dispute_follows_to_another_claim(desk: Desk):
    """Both opinions do: that they differ is not lost."""
    first = desk.decide(1, V)
    second = desk.decide(1, F, "bob", seconds=first.id)
    decisions.carry_decision(desk.connection, desk.claims[0], desk.claims[3])
    found = desk.dossier(4)

    assert (D, True, True) == (found.status, found.disagreement, found.stale)
    assert [("ada", V, first.id), ("bob", F, second.id)] == [(each.reviewer, each.status, each.carried_from) for each in found.decisions]
    desk.agree()


@pytest.mark.parametrize("undone", [False, True])
def test_no_decision_follows_where_none_stands(desk: Desk, undone: bool):
    if undone:
        desk.undo(1, desk.decide(1).id)

    assert None is decisions.carry_decision(desk.connection, desk.claims[0], desk.claims[3])
    assert () == desk.dossier(4).decisions


STEPS = st.one_of(
    st.tuples(st.sampled_from(["first", "first", "second", "settles"]), st.integers(1, 3), st.sampled_from(Status)),
    st.tuples(st.just("undo"), st.integers(1, 3), st.integers(0, 9)),
    st.tuples(st.just("show"), st.sampled_from(["page", "book"]), st.tuples(st.integers(1, 4), st.integers(2023, 2026))),
    st.tuples(st.sampled_from(["attach", "detach"]), st.sampled_from(["page", "book"]), st.sampled_from(["1", "2", 1, 3])),
    st.tuples(
        st.just("read"), st.integers(1, 3), st.sampled_from(["as it was", "other words", "other numbers", "other references", "gone"])
    ),
    st.tuples(st.sampled_from(["flag", "unflag"]), st.integers(1, 3), st.none()),
    st.tuples(st.just("carry"), st.integers(1, 3), st.integers(1, 3)),
)


def _step(desk: Desk, what: str, on: int | str, how: object) -> None:
    if what == "show":
        desk.show(str(on), _page(*how))
    elif what == "attach":
        desk.attach(str(on), **({"label": how} if isinstance(how, str) else {"claim": how}))
    elif what == "detach":
        desk.detach(str(on))
    elif what == "read":
        _reread(desk, CLAIMS[int(on) - 1], str(how))
    elif what == "flag":
        decisions.raise_flag(desk.connection, desk.claims[int(on) - 1], reviewer="ada", at=NOON)
    elif what == "unflag":
        decisions.resolve_flags(desk.connection, desk.claims[int(on) - 1], reviewer="ada", at=NOON)
    elif what == "carry":
        decisions.carry_decision(desk.connection, desk.claims[int(on) - 1], desk.claims[int(how) - 1])
    else:
        _say(desk, int(on), what, how)


def _reread(desk: Desk, claim: Claim, how: str) -> None:
    if how == "gone":
        desk.read(gone=[claim.ordinal])
    elif how == "other words":
        desk.read(replace(claim, text="It poured."))
    elif how == "other references":
        desk.read(claim, references=_swapped(desk))
    elif how == "other numbers":
        numbers = {"1": "7", "2": "8"}
        cited = tuple(replace(each, label=numbers.get(each.label, each.label)) for each in claim.citations)
        desk.read(replace(claim, citations=cited), references={numbers[label]: held for label, held in desk.references.items()})
    else:
        desk.read(claim)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=14))
def test_sql_keeps_the_rules(lasting_ledger: Ledger, writing, take, steps):
    """Whatever people do, and whatever becomes of texts and documents: the view, the counts and the derived column say what the model's rules say."""
    with writing(lasting_ledger) as connection:
        desk = _desk(connection, next(_NAMES), take)
        for step in steps:
            _step(desk, *step)
        desk.agree()
