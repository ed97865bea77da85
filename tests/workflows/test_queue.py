"""The queue: the most urgent claim that nobody else holds, leased for a time, given to somebody, or passed over; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.errors import UsageError
from verify.model import Dossier, Reason, Status
from verify.store import Ledger, claims, maintenance, open_ledger, trail
from verify.store.replay import verify
from verify.workflows import queue
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.decide import Role, decide, undo
from verify.workflows.flag import flag, unflag
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish, read_document

pytest_plugins = ["postgres_server"]

PLAIN, UNCITED, TAGGED, COVERED, CITED, FLAGGED, STALE, DISAGREED, SETTLED = range(1, 10)
TEXT = """The bridge was opened in May.[1]

It cost four million pounds.

The mayor opened it himself.[citation needed]

Nobody was hurt at the works. Two cranes had been hired.[2]

A ship hit it in June.[3]

The toll was lifted in 1990.[4]

The tower is on the list of monuments.[5]

It spans two hundred metres.[6]
"""
MINUTES = timedelta(minutes=1)


class Clock:
    """Stands in for the class `datetime` in the house's only clock; it goes on when it is told to."""

    at = datetime(2024, 12, 8, 12, tzinfo=UTC)

    def now(self, _zone: object) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("verify.workflows.clock.datetime", made)
    return made


def take(ledger: Ledger, text: str, name: str = "bridge") -> None:
    ingest(ledger, [read_document("-", text.encode(), Wish(name=name))], reviewer="ann")


@pytest.fixture(scope="module")
def bridge(database: str, new_target: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where there is a ledger with a claim of every urgency, to be copied."""
    target, tolls = new_target(database), tmp_path_factory.mktemp("sources") / "tolls.txt"
    tolls.write_text("The toll was lifted in 1990, on a Sunday.\n")
    with pytest.MonkeyPatch.context() as patch, open_ledger(target, create=True) as ledger:
        patch.setattr("verify.workflows.clock.datetime", Clock())
        take(ledger, TEXT)
        flag(ledger, [FLAGGED], reason="which ship?", reviewer="ann")
        attach(ledger, Attachment(str(STALE), str(tolls)), reviewer="ann")
        decide(ledger, [STALE, DISAGREED, SETTLED], Status.VERIFIED, reviewer="ann")
        detach(ledger, str(STALE), str(tolls), reviewer="ann")
        decide(ledger, [DISAGREED], Status.DISPUTED, reviewer="bob", role=Role.SECOND)
    return target


@pytest.fixture
def ledger(bridge: str, database: str, new_target: Callable[..., str], clock: Clock) -> Iterator[Ledger]:  # noqa: ARG001 - the clock goes first
    """A claim of every urgency, on either database."""
    with open_ledger(new_target(database, bridge)) as opened:
        yield opened


@pytest.fixture
def hand(ledger: Ledger) -> Callable[..., int | None]:
    """Ask for the next claim; gives its id."""

    def asked(reviewer: str, *, minutes: int = 30, weights: str = "", **options) -> int | None:
        weighed = queue.weights_of(weights)
        handed = queue.hand_out(ledger, reviewer=reviewer, lease=minutes * MINUTES, weights=weighed, **options)
        return handed.dossier.id if handed else None

    return asked


def upcoming(ledger: Ledger, reviewer: str, *, weights: str = "", **options) -> list[int]:
    with ledger.read() as connection:
        found = queue.upcoming(connection, reviewer=reviewer, weights=queue.weights_of(weights), limit=20, **options)
    return [dossier.id for dossier in found]


def actions(ledger: Ledger, prefix: str) -> list[str]:
    with ledger.read() as connection:
        return [f"{event.action} {event.subject}" for event in trail.events(connection) if event.action.startswith(prefix)]


def fits(ledger: Ledger) -> list[str]:
    with ledger.read() as connection:
        return [misfit.message for misfit in verify(connection, most=9).misfits]


def test_most_urgent_first(ledger):
    """Tagged, flagged, disputed, uncited, stale, covered, then the oldest; what is settled is not handed out at all."""
    assert [TAGGED, FLAGGED, DISAGREED, UNCITED, STALE, COVERED, PLAIN, CITED] == upcoming(ledger, "carl")


@pytest.mark.parametrize(
    ("weights", "first"),
    [
        ("stale=100", [STALE, TAGGED]),
        ("covered=100, uncited=99.5", [COVERED, UNCITED]),
        ("tagged=0,flagged=0", [DISAGREED, UNCITED, STALE, COVERED, PLAIN]),
        (" , flagged = 65 ,", [FLAGGED, TAGGED]),
        ("tagged=0, flagged=0, disagreement=0, uncited=0, stale=0, covered=0", [PLAIN, UNCITED, TAGGED, COVERED, CITED, FLAGGED, STALE]),
    ],
)
def test_weights_are_the_users(ledger, weights, first):
    """As the setting `queue` has them; equals come by age."""
    assert first == upcoming(ledger, "carl", weights=weights)[: len(first)]


@pytest.mark.parametrize("text", ["tagged", "tagged=", "tagged=high", "tagged=-1", "tagged=nan", "tagged=inf", "new=4", "=4", "tagged=1=2"])
def test_what_is_no_weight(text):
    with pytest.raises(UsageError, match="is no weight of the queue; they are: tagged=NUMBER"):
        queue.weights_of(f"stale=1, {text}")


@pytest.mark.parametrize(
    ("text", "expected"), [("45s", timedelta(seconds=45)), (" 30M ", 30 * MINUTES), ("2 h", 120 * MINUTES), ("1d", timedelta(1))]
)
def test_duration(text, expected):
    assert expected == queue.duration(text)


@pytest.mark.parametrize("text", ["", "30", "m", "0m", "-5m", "1.5h", "1w", "9999999s", "1h30m", "١m"])
def test_what_is_no_duration(text):
    with pytest.raises(UsageError, match="is no duration: write 45s, 30m, 2h or 1d"):
        queue.duration(text)


def test_two_reviewers_are_never_handed_the_same(ledger, hand):
    """Each goes on from where the other is, and whoever asks again is handed what they hold."""
    assert [TAGGED, FLAGGED, TAGGED, FLAGGED, DISAGREED] == [hand("carl"), hand("dora"), hand("carl"), hand("dora"), hand("eve")]
    assert [FLAGGED, UNCITED] == upcoming(ledger, "dora")[:2]
    assert ["claim.leased claim:3", "claim.leased claim:6", "claim.leased claim:3"] == actions(ledger, "claim.leased")[:3]


def test_all_are_handed_out_once(hand):
    """When nothing is left, nothing is handed out, and nothing is written."""
    assert {*range(1, 9), None} == {hand(f"reviewer {n}") for n in range(9)}


def test_lease_runs_out(ledger, hand, clock):
    """To the second, and then anybody may have the claim; the one who had it too, if nobody took it."""
    assert TAGGED == hand("carl", minutes=10)
    clock.at += 10 * MINUTES - timedelta(microseconds=1)
    assert FLAGGED == hand("dora", minutes=1)
    clock.at += timedelta(microseconds=1)
    assert TAGGED == hand("eve")
    assert DISAGREED == hand("carl")
    with ledger.read() as connection:
        lease, _ = queue.holders(connection, TAGGED)
        assert queue.Lease(TAGGED, "eve", clock.at, clock.at + 30 * MINUTES) == lease
        clock.at += 30 * MINUTES
        assert (None, None) == queue.holders(connection, TAGGED)


def test_asking_again_prolongs_the_lease(hand, clock):
    hand("carl", minutes=10)
    clock.at += 9 * MINUTES
    hand("carl", minutes=10)
    clock.at += 9 * MINUTES

    assert FLAGGED == hand("dora")


def test_clock_that_goes_backwards_gives_nothing_away(ledger, hand, clock):
    """A lease taken on a clock that was ahead still runs."""
    hand("carl")
    clock.at -= timedelta(days=1)

    assert FLAGGED == hand("dora")
    assert [] == fits(ledger)


def test_decision_ends_the_lease_and_the_assignment_of_its_maker(ledger, hand):
    """Another one's lease it leaves alone: they may still be reading."""
    queue.assign(ledger, [TAGGED], to="carl", reviewer="ann")
    hand("carl")
    hand("dora")
    decide(ledger, [TAGGED, FLAGGED], Status.VERIFIED, reviewer="carl")
    with ledger.read() as connection:
        carls, doras = queue.holders(connection, TAGGED), queue.holders(connection, FLAGGED)

    assert ((None, None), "dora") == (carls, doras[0].reviewer if doras[0] else "")
    assert TAGGED in upcoming(ledger, "eve", second=True)
    assert [] == fits(ledger)


def test_second_opinions_have_a_queue_of_their_own(ledger, hand):
    """What one other reviewer decided on, and nobody has looked at since: not one's own, not what is stale, disputed or seconded."""
    decide(ledger, [PLAIN], Status.VERIFIED, reviewer="bob")

    assert ([PLAIN], [SETTLED], [PLAIN, SETTLED]) == tuple(upcoming(ledger, who, second=True) for who in ("ann", "bob", "carl"))
    assert [SETTLED, PLAIN, None] == [hand(who, second=True) for who in ("bob", "ann", "carl")]
    decide(ledger, [PLAIN], Status.VERIFIED, reviewer="ann", role=Role.SECOND)
    assert None is hand("carl", second=True)


def test_assigned_claims_come_first_and_to_nobody_else(ledger, hand):
    """Also one that was passed over: whoever assigns it wants it looked at."""
    queue.skip(ledger, [CITED], reviewer="dora")
    queue.assign(ledger, [CITED, PLAIN, CITED], to="dora", reviewer="ann", note="you know cranes")

    assert [PLAIN, CITED, TAGGED] == upcoming(ledger, "dora")[:3]
    assert {PLAIN, CITED}.isdisjoint(upcoming(ledger, "carl"))
    queue.assign(ledger, [PLAIN], to="carl", reviewer="bob")
    assert [PLAIN, CITED] == [hand("carl"), hand("dora")]
    with ledger.read() as connection:
        assert ("carl", "bob", "") == tuple(getattr(queue.holders(connection, PLAIN)[1], f) for f in ("reviewer", "assigned_by", "note"))
    assert 3 == len(actions(ledger, "claim.assigned"))
    assert [] == fits(ledger)


def test_leased_claim_that_is_assigned_waits_for_the_lease(ledger, hand, clock):
    """Nobody's work is taken from under their hands."""
    hand("carl", minutes=10)
    queue.assign(ledger, [TAGGED], to="dora", reviewer="ann")

    assert FLAGGED == hand("dora")
    queue.release(ledger, [FLAGGED], reviewer="dora")
    clock.at += 10 * MINUTES
    assert TAGGED == hand("dora")
    assert FLAGGED == hand("carl")


def test_what_is_passed_over_goes_to_others(ledger, hand):
    hand("carl")
    queue.assign(ledger, [UNCITED], to="carl", reviewer="ann")

    assert [TAGGED, UNCITED] == queue.skip(ledger, [TAGGED, UNCITED, TAGGED], reviewer="carl", reason="my own bridge")
    assert [FLAGGED, TAGGED] == [hand("carl"), hand("dora")]
    assert UNCITED in upcoming(ledger, "eve")
    assert {TAGGED, UNCITED}.isdisjoint(upcoming(ledger, "carl"))
    queue.skip(ledger, [TAGGED], reviewer="carl", reason="really")
    assert [] == fits(ledger)


def test_release(ledger, hand, clock):
    """What one holds, by lease, by assignment or passed over, by its number; without one, all that one has leased, be it run out."""
    hand("carl")
    queue.assign(ledger, [PLAIN], to="carl", reviewer="ann")
    queue.skip(ledger, [CITED], reviewer="carl")

    assert [PLAIN, CITED] == queue.release(ledger, [CITED, PLAIN, PLAIN], reviewer="carl")
    clock.at += timedelta(hours=1)
    assert [TAGGED] == queue.release(ledger, [], reviewer="carl")
    assert [] == queue.release(ledger, [], reviewer="carl")
    assert ["claims.released queue"] * 2 == actions(ledger, "claims.released")
    assert TAGGED == hand("dora")
    assert [] == fits(ledger)


def test_release_of_what_is_not_held(ledger, hand):
    """Neither a claim that is free nor another one's; nothing is released then. Another's is released by name."""
    hand("carl")
    hand("dora")
    with pytest.raises(UsageError, match=r"carl does not hold claim 6, 1; --whose NAME releases another reviewer's"):
        queue.release(ledger, [TAGGED, FLAGGED, PLAIN], reviewer="carl")

    assert [TAGGED] == upcoming(ledger, "carl")[:1]
    assert [FLAGGED] == queue.release(ledger, [FLAGGED], reviewer="carl", whose="dora")
    assert FLAGGED == hand("eve")


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (lambda ledger: queue.assign(ledger, [PLAIN, 99], to="dora", reviewer="ann"), "there is no claim 99; `verify list --all`"),
        (lambda ledger: queue.skip(ledger, [PLAIN, 99], reviewer="ann"), "there is no claim 99"),
        (lambda ledger: queue.release(ledger, [99], reviewer="ann"), "ann does not hold claim 99"),
        (lambda ledger: upcoming(ledger, "ann", document="no such"), "there is no document 'no such'; held: bridge"),
        (
            lambda ledger: queue.hand_out(ledger, reviewer="ann", lease=MINUTES, weights=queue.WEIGHTS, document="no such"),
            "there is no document 'no such'; held: bridge",
        ),
    ],
)
def test_unknown_claims_and_documents(ledger, deed, told):
    """All or nothing."""
    with pytest.raises(UsageError, match=told):
        deed(ledger)

    assert [] == [*actions(ledger, "claim.assigned"), *actions(ledger, "claim.skipped"), *actions(ledger, "claim.leased")]


def test_assignment_to_nobody(ledger):
    with pytest.raises(UsageError, match="an assignment needs a reviewer: --to NAME"):
        queue.assign(ledger, [PLAIN], to=" ", reviewer="ann")


def test_one_document(ledger, hand):
    """Only its claims; what one holds of another document stays held."""
    take(ledger, "It rained.[citation needed] It snowed.\n", name="weather")

    assert [TAGGED, 10] == [hand("carl", document="bridge"), hand("carl", document="weather")]
    assert [10, 11] == upcoming(ledger, "carl", document="weather")
    assert [TAGGED, 10, FLAGGED] == upcoming(ledger, "carl")[:3]


def test_empty_queue(any_target):
    with open_ledger(any_target, create=True) as ledger:
        assert None is queue.hand_out(ledger, reviewer="ann", lease=MINUTES, weights=queue.WEIGHTS)
        assert ([], []) == (upcoming(ledger, "ann"), upcoming(ledger, "ann", second=True))


WHO = st.sampled_from(["ann", "bob", "carl"])
CLAIM = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(st.just("next"), WHO, st.booleans()),
    st.tuples(st.sampled_from(["skip", "release", "decide", "second", "undo", "flag", "unflag", "untag"]), WHO, CLAIM),
    st.tuples(st.just("assign"), WHO, CLAIM, WHO),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)
SENTENCES = ("It is so.[1]", "It was so.", "It will be so.[who?]", "It may be so.", "It can be so.[2]", "It must be so.[citation needed]")
URGENT = {
    Reason.TAGGED: "tagged",
    Reason.FLAGGED: "flagged",
    Reason.DISAGREEMENT: "disagreement",
    Reason.UNCITED: "uncited",
    Reason.STALE: "stale",
    Reason.COVERED: "covered",
}


class Office:
    """People at work on one document; who holds what is kept a second time here, by the rules in words."""

    def __init__(self, ledger: Ledger, clock: Clock, name: str) -> None:
        self.ledger, self.clock, self.name = ledger, clock, name
        self.leases: dict[int, tuple[str, datetime]] = {}
        self.given: dict[int, str] = {}
        self.passed: set[tuple[int, str]] = set()
        take(ledger, "\n\n".join(SENTENCES), name=name)
        self.ids = [dossier.id for dossier in self.dossiers()]

    def dossiers(self) -> list[Dossier]:
        with self.ledger.read() as connection:
            return claims.dossiers(connection, claims.ClaimQuery(document=self.name))

    def wait(self, minutes: int) -> None:
        self.clock.at += minutes * MINUTES

    def next(self, who: str, second: bool) -> None:
        """Hand out, and look whether it is what the model's rules on dossiers say."""
        free = [d for d in self.dossiers() if wanted(d, who, second) and self.is_free(d.id, who)]
        expected = min(free, key=lambda d: (self.rank(d.id, who), -urgency(d), d.id)).id if free else None
        handed = queue.hand_out(self.ledger, reviewer=who, lease=30 * MINUTES, weights=queue.WEIGHTS, document=self.name, second=second)
        assert expected == (handed.dossier.id if handed else None)
        if handed:
            self.leases[handed.dossier.id] = (who, self.clock.at + 30 * MINUTES)

    def is_free(self, claim: int, who: str) -> bool:
        holder, until = self.leases.get(claim, (who, self.clock.at))
        return (holder == who or until <= self.clock.at) and self.given.get(claim, who) == who and (claim, who) not in self.passed

    def rank(self, claim: int, who: str) -> int:
        holder, until = self.leases.get(claim, ("", self.clock.at))
        return 0 if holder == who and until > self.clock.at else 1 if self.given.get(claim) == who else 2

    def assign(self, who: str, place: int, to: str) -> None:
        queue.assign(self.ledger, [self.ids[place]], to=to, reviewer=who)
        self.given[self.ids[place]] = to
        self.passed.discard((self.ids[place], to))

    def skip(self, who: str, place: int) -> None:
        queue.skip(self.ledger, [self.ids[place]], reviewer=who)
        self.let_go(self.ids[place], who)
        self.passed.add((self.ids[place], who))

    def release(self, who: str, place: int) -> None:
        claim = self.ids[place]
        held = self.leases.get(claim, ("",))[0] == who or self.given.get(claim) == who or (claim, who) in self.passed
        assert held == unless_refused(queue.release, self.ledger, [claim], reviewer=who)
        self.let_go(claim, who)
        self.passed.discard((claim, who))

    def decide(self, who: str, place: int, status: Status = Status.VERIFIED, role: Role = Role.FIRST) -> None:
        if unless_refused(decide, self.ledger, [self.ids[place]], status, reviewer=who, role=role):
            self.let_go(self.ids[place], who)

    def second(self, who: str, place: int) -> None:
        self.decide(who, place, Status.DISPUTED, Role.SECOND)

    def undo(self, who: str, place: int) -> None:
        unless_refused(undo, self.ledger, reviewer=who, claim_id=self.ids[place])

    def flag(self, who: str, place: int) -> None:
        flag(self.ledger, [self.ids[place]], reason="why?", reviewer=who)

    def unflag(self, who: str, place: int, name: str = "") -> None:
        unless_refused(unflag, self.ledger, self.ids[place], reviewer=who, name=name)

    def untag(self, who: str, place: int) -> None:
        self.unflag(who, place, "citation needed")

    def let_go(self, claim: int, who: str) -> None:
        if self.leases.get(claim, ("",))[0] == who:
            del self.leases[claim]
        if self.given.get(claim) == who:
            del self.given[claim]


def wanted(dossier: Dossier, who: str, second: bool) -> bool:
    if second:
        return dossier.needs_second and dossier.first_opinion is not None and dossier.first_opinion.reviewer != who
    return bool(dossier.reasons)


def urgency(dossier: Dossier) -> float:
    return sum(queue.WEIGHTS[URGENT[reason]] for reason in dossier.reasons if reason in URGENT)


def unless_refused(deed: Callable[..., object], *arguments: object, **options: object) -> bool:
    try:
        deed(*arguments, **options)
    except UsageError:
        return False
    return True


def test_queue_is_what_the_rules_say(database: str, new_target: Callable[..., str], clock: Clock):
    """Whatever people do in whatever order: SQL hands out what the model's rules on dossiers name, and the trail fits the rows."""
    target, numbers = new_target(database), count(1)
    with open_ledger(target, create=True) as ledger:

        @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(STEP, max_size=15))
        def holds(steps) -> None:
            office = Office(ledger, clock, f"text {next(numbers)}")
            for deed, *how in steps:
                getattr(office, deed)(*how)

        holds()
        assert [] == fits(ledger)
    assert [] == maintenance.check(target)
