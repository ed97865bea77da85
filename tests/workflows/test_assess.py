"""`assess`: claims of a ledger read against the texts of their sources, kept batch by batch, and only where something changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from verify.errors import UsageError, VerifyError
from verify.evidence.scorers import scorer_named
from verify.model import (
    Assessment,
    Cue,
    CueKind,
    Dossier,
    GroundedWord,
    Grounding,
    NextAction,
    Passage,
    Snapshot,
    Verdict,
    next_action_of,
    no_text_of,
)
from verify.store import Ledger, claims, open_ledger, sources, trail
from verify.store.replay import verify
from verify.workflows import assess as journey
from verify.workflows import queue
from verify.workflows.assess import Batch, Wish, assess, scope_of
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish as Reading
from verify.workflows.read import read_document

pytest_plugins = ["postgres_server"]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = """The Halden bridge was opened in 1982.[1] It is four hundred metres long.[1][2]

As the works began in spring, many stood by,[1] and the mayor held a long speech.[2] Nobody was hurt.

The toll was lifted.[3]
"""
BRIDGE = "The Halden bridge was opened in 1998. It is four hundred metres long. Many stood by as the works began in spring."
SPEECH = "The mayor, Ingrid Solberg, held a long speech. The bridge is four hundred metres long."
OPENED, LONG, TWO_PARTS, UNHURT, TOLL = range(1, 6)


@dataclass
class Spy:
    """A scorer that writes down what it is asked, and says what it is told to, else what the embedded one says."""

    name: str = "spy"
    version: str = "1"
    asked: list[dict] = field(default_factory=list)
    says: Callable[[str, str], Assessment] | None = None

    def assess(self, claim, source, **around) -> Assessment:
        self.asked.append({"claim": claim, "text": source.text, **around})
        return self.says(claim, source.text) if self.says else scorer_named().assess(claim, source, **around)


@pytest.fixture
def report(ledger, take, tmp_path):
    """A document with two sources that have texts and one that has none."""
    take(TEXT, "report.txt")
    for label, name, text in (("1", "bridge.txt", BRIDGE), ("2", "speech.txt", SPEECH)):
        (tmp_path / name).write_text(text)
        attach(ledger, Attachment(f":{label}", str(tmp_path / name)), reviewer="ann")
    attach(ledger, Attachment(":3", "Interview with the mayor"), reviewer="ann")
    return ledger


def run(ledger: Ledger, *targets: object, scorer: object = None, **wish: object) -> list[Batch]:
    wanted = Wish(tuple(map(str, targets)), **wish)
    return list(assess(ledger, scope_of(ledger, wanted), wanted, scorer or Spy(), reviewer="bea"))


def made(batches: list[Batch]) -> list[tuple[int, int]]:
    """The claims of what was made, each with the number of its sources."""
    return [(each.dossier.id, len(each.kept.sources)) for batch in batches for each in batch.made]


def dossier(ledger: Ledger, claim: int) -> Dossier:
    with ledger.read() as connection:
        return claims.dossier(connection, claim)


def events(ledger: Ledger) -> list:
    with ledger.read() as connection:
        assert verify(connection).misfits == ()
        return [event for event in trail.events(connection) if event.action == "claims.assessed"]


def test_each_claim_is_read_against_each_source_and_each_group(report):
    """One after the other, then those side by side together; claims without a text are left out."""
    spy = Spy()
    batches = run(report, scorer=spy)

    assert made(batches) == [(OPENED, 1), (LONG, 1), (LONG, 1), (LONG, 2), (TWO_PARTS, 1), (TWO_PARTS, 1)]
    assert [asked["text"] for asked in spy.asked[1:4]] == [BRIDGE, SPEECH, f"{BRIDGE}\n\n{SPEECH}"]
    assert [(batch.looked_at, batch.unchanged) for batch in batches] == [(3, 0)]


def test_a_source_is_asked_for_the_words_that_its_citation_covers(report):
    """With the claim's own surroundings: title, section and the sentences of its paragraph."""
    spy = Spy()
    run(report, TWO_PARTS, scorer=spy)
    paragraph = "As the works began in spring, many stood by, and the mayor held a long speech. Nobody was hurt."

    assert [asked["claim"] for asked in spy.asked] == ["As the works began in spring, many stood by,", "and the mayor held a long speech."]
    assert {(asked["title"], asked["section"], asked["context"]) for asked in spy.asked} == {("", "", paragraph)}


def test_what_is_said_is_kept_where_it_belongs(report):
    """Offsets of the whole claim, passages in their own text with their source and both selectors, by the embedded scorer."""
    run(report, scorer=scorer_named())
    opened, parts = dossier(report, OPENED), dossier(report, TWO_PARTS)
    [problem] = opened.likely_problems
    [cue] = problem.assessment.cues
    [passage, *_] = problem.assessment.passages
    speech = parts.assessments[1]

    assert (cue.said, cue.found, opened.claim.text[cue.start : cue.end]) == ("1982", "1998", "1982")
    assert (passage.exact, BRIDGE[passage.start : passage.end], passage.source) == (
        *["The Halden bridge was opened in 1998."] * 2,
        problem.sources[0],
    )
    assert all(parts.claim.text[word.start : word.end] in "mayor held long speech" for word in speech.assessment.words)
    assert (speech.start, speech.end) == (45, 78)
    assert next_action_of(opened) is NextAction.FIX_DATE


def test_a_group_shows_passages_of_each_of_its_texts(report):
    run(report, LONG, scorer=scorer_named())
    together = dossier(report, LONG).assessments[-1]

    assert {passage.source for passage in together.assessment.passages} == set(together.sources)
    for passage in together.assessment.passages:
        text = BRIDGE if passage.source == together.sources[0] else SPEECH
        assert text[passage.start : passage.end] == passage.exact
        assert text.startswith(passage.exact + passage.suffix, passage.start)


def test_locators_come_from_the_source(ledger, take, tmp_path):
    take("The Halden bridge was opened in 1998.[1]")
    (tmp_path / "page.html").write_text(f"<h1>News</h1><p>Words about the town, and many of them.</p><h2>The opening</h2><p>{BRIDGE}</p>")
    attach(ledger, Attachment(":1", str(tmp_path / "page.html")), reviewer="ann")
    run(ledger, scorer=scorer_named())

    assert {p.locator for p in dossier(ledger, 1).assessments[0].assessment.passages if "1998" in p.exact} == {"The opening"}


def test_nothing_changed_is_nothing_asked(report):
    """And no event is written; `again` asks all the same, and what was said before is kept."""
    run(report)
    spy = Spy()
    unchanged = run(report, scorer=spy)

    assert (spy.asked, made(unchanged), [batch.unchanged for batch in unchanged], len(events(report))) == ([], [], [6], 1)
    assert len(made(run(report, scorer=spy, again=True))) == 6
    assert len(events(report)) == 2


@pytest.mark.parametrize(
    ("change", "asked_again"),
    [
        ("text", [(OPENED, 1)]),
        ("source", [(OPENED, 1), (LONG, 1), (LONG, 2), (TWO_PARTS, 1)]),
        ("version", [(OPENED, 1), (LONG, 1), (LONG, 1), (LONG, 2), (TWO_PARTS, 1), (TWO_PARTS, 1)]),
        ("scorer", [(OPENED, 1), (LONG, 1), (LONG, 1), (LONG, 2), (TWO_PARTS, 1), (TWO_PARTS, 1)]),
        ("citation", [(TWO_PARTS, 1), (TWO_PARTS, 1)]),
        ("detached", []),
    ],
)
def test_what_changed_is_asked_again(report, take, change, asked_again):
    """The claim's words, a source's text, the scorer, the words that a citation covers; nothing else."""
    run(report)
    spy = Spy()
    match change:
        case "text":
            take(TEXT.replace("was opened in 1982", "was built and opened in 1982"), "report.txt")
        case "source":
            with report.write() as connection:
                (source, _), *_ = sources.all_sources(connection)
                later = Snapshot(0, "f" * 64, "text/plain", b"", "Other words.", "", NOON.replace(year=2099))
                sources.put_snapshot(connection, source.id, later)
                trail.append(connection, at=NOON, reviewer="ann", action="source.fetched", subject="x", payload={})
        case "version":
            spy.version = "2"
        case "scorer":
            spy.name = "other"
        case "citation":
            take(
                TEXT.replace(
                    "many stood by,[1] and the mayor held a long speech.[2]", "many stood by, and the mayor[1] held a long speech.[2]"
                ),
                "report.txt",
            )
        case "detached":
            detach(report, ":2", "", reviewer="ann")
    before = len(spy.asked)

    assert made(run(report, scorer=spy)) == asked_again
    assert len(spy.asked) - before == len(asked_again)


def test_what_was_assessed_before_is_told_as_outdated(report, take):
    """It stays in the dossier until the claim is assessed again, and counts for nothing."""
    run(report, scorer=scorer_named())
    take(TEXT.replace("1982", "1983"), "report.txt")
    held = dossier(report, OPENED)

    assert ([k.assessment.verdict for k in held.assessments], held.current_assessments) == ([Verdict.CONTRADICTED], ())
    assert next_action_of(held) is NextAction.ASSESS


def test_the_queue_hands_out_likely_problems_first(report):
    """Before what cites nothing, as the weights say; not where the texts have changed since."""

    def order() -> list[int]:
        with report.read() as connection:
            return [each.id for each in queue.upcoming(connection, reviewer="ann", weights=queue.WEIGHTS, limit=9)]

    assert order() == [UNHURT, OPENED, LONG, TWO_PARTS, TOLL]
    run(report, scorer=scorer_named())
    assert order() == [OPENED, UNHURT, LONG, TWO_PARTS, TOLL]
    detach(report, ":1", "", reviewer="ann")
    assert order() == [UNHURT, OPENED, LONG, TWO_PARTS, TOLL]


def test_scopes(report, take):
    """Names of documents, ids of claims, citation numbers; without any the only document."""
    assert made(run(report, LONG, f"#{OPENED}")) == [(OPENED, 1), (LONG, 1), (LONG, 1), (LONG, 2)]
    assert made(run(report, ":2", again=True)) == [(LONG, 1), (LONG, 1), (LONG, 2), (TWO_PARTS, 1), (TWO_PARTS, 1)]
    take("Other words.", "other.txt")
    assert made(run(report, "other", "report")) == []
    with pytest.raises(UsageError, match="2 documents are held; name one"):
        run(report)
    assert scope_of(report, Wish(everywhere=True)).standing == 6


def test_a_scope_counts_what_is_left_out(report):
    scope = scope_of(report, Wish())

    assert (scope.standing, scope.readable) == (5, 3)
    assert no_text_of(dossier(report, TOLL)) == "offline, not attached as a file"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("nothing", "there is no document 'nothing', and it is no claim id"),
        ("99", "there is no claim 99"),
        (":9", "no claim cites"),
        ("99999999999999999999", "there is no document"),
    ],
)
def test_unknown_targets(report, target, told):
    with pytest.raises(UsageError, match=told):
        run(report, target)
    assert events(report) == []


def test_a_claim_that_is_gone(report, take):
    take("Other words.", "report.txt")

    with pytest.raises(UsageError, match="claim 1 is gone"):
        run(report, OPENED)
    assert made(run(report)) == []


def test_a_document_named_like_a_number(ledger, take, tmp_path):
    """The name comes first."""
    take("It rained.[1]\n\nIt snowed.[1]", "2.txt")
    (tmp_path / "s.txt").write_text("It rained and snowed.")
    attach(ledger, Attachment(":1", str(tmp_path / "s.txt")), reviewer="ann")

    assert made(run(ledger, "2")) == [(1, 1), (2, 1)]


def test_a_limit_stops_and_the_next_run_goes_on(report):
    assert made(run(report, limit=1)) == [(OPENED, 1)]
    assert made(run(report, limit=1)) == [(LONG, 1), (LONG, 1), (LONG, 2)]
    assert made(run(report, limit=5)) == [(TWO_PARTS, 1), (TWO_PARTS, 1)]


def test_batches_are_kept_one_by_one(report, monkeypatch):
    """Each with an event that names its claims and counts its verdicts; what is heard on the way is every claim looked at."""
    monkeypatch.setattr(journey, "BATCH", 2)
    heard: list[int] = []
    wish = Wish()
    batches = list(assess(report, scope_of(report, wish), wish, scorer_named(), reviewer="bea", tell=heard.append))
    facts = [json.loads(event.payload) for event in events(report)]

    assert [len(batch.made) for batch in batches] == [4, 2]
    assert [(fact["claims"], fact["scorer"]) for fact in facts] == [([OPENED, LONG], "embedded 1"), ([TWO_PARTS], "embedded 1")]
    assert facts[0]["verdicts"] == {"contradicted": 1, "supported": 3}
    assert {event.reviewer for event in events(report)} == {"bea"}
    assert heard == [1, 1, 1]


def test_documents_of_a_batch_have_an_event_each(ledger, take, tmp_path):
    """So that each document's history tells of it."""
    (tmp_path / "s.txt").write_text("It rained.")
    for name in ("one", "two"):
        take(f"It rained on day {name}.[1]", f"{name}.txt")
        attach(ledger, Attachment(f"{name}:1", str(tmp_path / "s.txt")), reviewer="ann")
    run(ledger, everywhere=True)

    assert [event.subject for event in events(ledger)] == ["document:1", "document:2"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, VerifyError, ValueError])
def test_what_was_assessed_before_a_stop_is_kept(report, stop):
    """Ctrl-C, a service that fails, a mistake in a scorer: the next run goes on behind it."""

    def fails(_claim, text):
        if text == SPEECH:
            raise stop("enough")
        return Assessment("x", "x", Verdict.NOT_FOUND, 0.0)

    with pytest.raises(stop):
        run(report, scorer=Spy(says=fails))
    [event] = events(report)

    assert json.loads(event.payload)["claims"] == [OPENED, LONG]
    assert made(run(report))[:2] == [(LONG, 1), (LONG, 2)]


def test_a_text_is_indexed_once_as_long_as_there_is_room(report, monkeypatch):
    """Those not asked for the longest are let go."""
    read: list[str] = []
    indexed = journey.SourceText.of

    class Counting:
        @staticmethod
        def of(text):
            read.append(text)
            return indexed(text)

    monkeypatch.setattr(journey, "SourceText", Counting)
    run(report)
    assert sorted(read) == sorted([BRIDGE, SPEECH])
    read.clear()
    monkeypatch.setattr(journey, "KEPT_TEXTS", len(BRIDGE))
    run(report, again=True)
    assert read == [BRIDGE, SPEECH, BRIDGE, SPEECH, BRIDGE, SPEECH]


GOOD = Passage("It is four hundred metres long.", "", "", 38, 69, 0.5)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9), "shows no passage"),
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9, (replace(GOOD, exact="It is 4 m long."),)), "does not stand in the text"),
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9, (replace(GOOD, start=-1),)), "does not stand in the text"),
        (Assessment("x", "1", Verdict.SUPPORTED, 1.1, (GOOD,)), "no probability"),
        (Assessment("x", "1", Verdict.SUPPORTED, float("nan"), (GOOD,)), "no probability"),
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9, (GOOD,), cost={"tokens": float("inf")}), "no number"),
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9, (GOOD,), (Cue(CueKind.NAME, 0, 2, "It", passage=1),)), "names a passage"),
        (Assessment("x", "1", Verdict.SUPPORTED, 0.9, (GOOD,), words=(GroundedWord(0, 999, Grounding.WEAK),)), "not the claim's"),
    ],
)
def test_a_scorer_that_breaks_its_promise(report, said, told):
    """Nothing of it is kept, and the user hears which scorer it was."""
    with pytest.raises(VerifyError, match=f"the scorer spy cannot be used: .*{told}"):
        run(report, LONG, scorer=Spy(says=lambda *_: said))
    assert events(report) == []


def test_what_a_scorer_says_is_cleaned_and_signed(report):
    """Its own name and version stand by it, and nothing that a database refuses."""
    said = Assessment("liar", "9", Verdict.SUPPORTED, 1, (GOOD,), (Cue(CueKind.NAME, 0, 2, "a\0b", "c\ud800", 0, "\0"),), why="\0why\udfff")
    run(report, LONG, scorer=Spy(says=lambda *_: said if _[1] == BRIDGE else Assessment("x", "1", Verdict.NO_TEXT, 0)))
    held = dossier(report, LONG).assessments[0].assessment

    assert (held.scorer, held.version, held.why, held.score) == ("spy", "1", "why?", 1.0)
    assert (held.cues[0].said, held.cues[0].found, held.cues[0].why) == ("ab", "c?", "")


def test_a_citation_of_a_few_words_is_remarked(ledger, take, tmp_path):
    """The sentence is read as a whole, and the line says what the source is cited for."""
    take("Halden,[1] a town by the sea, has a bridge.")
    (tmp_path / "s.txt").write_text("Halden is a town.")
    attach(ledger, Attachment(":1", str(tmp_path / "s.txt")), reviewer="ann")
    run(ledger)
    [kept] = dossier(ledger, 1).assessments

    assert (kept.start, kept.end) == (0, len("Halden, a town by the sea, has a bridge."))
    assert kept.assessment.why.endswith("; cited only for “Halden,”")


def test_a_text_without_words_is_no_text(ledger, take):
    """It is assessed once, as one in which there was nothing to look."""
    take("It rained.[1]")
    attach(ledger, Attachment(":1", "https://example.org/"), reviewer="ann")
    with ledger.write() as connection:
        [(source, _)] = sources.all_sources(connection)
        sources.put_snapshot(connection, source.id, Snapshot(0, "e" * 64, "text/plain", b"...", "...", "", NOON))
        trail.append(connection, at=NOON, reviewer="ann", action="source.fetched", subject="x", payload={})
    run(ledger, scorer=scorer_named())
    found = dossier(ledger, 1)

    assert [kept.assessment.verdict for kept in found.assessments] == [Verdict.NO_TEXT]
    assert next_action_of(found) is NextAction.PROVIDE_TEXT
    assert made(run(ledger, scorer=scorer_named())) == []


@pytest.mark.postgres
def test_postgresql_keeps_the_same(report, new_postgres, tmp_path):
    """What is made, what is kept, and that nothing changed."""
    made_here, again_here = made(run(report, scorer=scorer_named())), made(run(report, scorer=scorer_named()))
    with open_ledger(new_postgres(), create=True) as ledger:
        ingest(ledger, [read_document("report.txt", TEXT.encode(), Reading())], reviewer="ann")
        for label, name in (("1", "bridge.txt"), ("2", "speech.txt")):
            attach(ledger, Attachment(f":{label}", str(tmp_path / name)), reviewer="ann")
        made_there, again_there = made(run(ledger, scorer=scorer_named())), made(run(ledger, scorer=scorer_named()))
        said_there = [kept.assessment for kept in dossier(ledger, LONG).assessments]
        assert len(events(ledger)) == 1

    assert (made_here, again_here) == (made_there, again_there)
    assert [kept.assessment for kept in dossier(report, LONG).assessments] == said_there
