"""What can be assessed of a claim, what the machine's word on it is worth now, and what comes next: rules on dossiers alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.model import (
    Assessment,
    Citation,
    Claim,
    CleanupTag,
    Cue,
    CueKind,
    Decision,
    Dossier,
    Evidence,
    Flag,
    FlagOrigin,
    Ground,
    GroundedWord,
    Grounding,
    KeptAssessment,
    MarkKind,
    NextAction,
    Passage,
    Reason,
    Source,
    SourceKind,
    SourceLink,
    Status,
    TextQuote,
    Verdict,
    blinded,
    grounds_of,
    next_action_of,
    no_text_of,
    outdated_why,
    sha256_of,
)
from verify.model.next_action import LONGEST

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "As the southern columns came up, another force was seen near Adra."
FIRST = len("As the southern columns came up,")
WHOLE = (0, len(TEXT))


def source(name, why="", kind=SourceKind.URL):
    return Source(ord(name), kind, f"https://{name}.example/", f"Source {name}", no_text_why=why, snapshot_sha256="" if why else name * 64)


def linked(name, label="1", why="", kind=SourceKind.URL):
    return SourceLink(ord(name), source(name, why, kind), label, "", "", "ann", NOON)


def cite(label, start=0, end=WHOLE[1], at=100, kind=MarkKind.CITATION):
    return Citation(label, at, at + len(label) + 2, start, end, kind)


def claim(*citations, text=TEXT, **more):
    return Claim(1, text, 0, len(text), 0, len(text), citations=citations, **more)


def said(verdict, score=0.5, cues=(), words=(), **more):
    passages = () if verdict in (Verdict.NOT_FOUND, Verdict.NO_TEXT) else (Passage("x", "", "", 0, 1, 0.5),)
    return Assessment("embedded", "1", verdict, score, passages, cues, words, **more)


def kept(assessment, *names, words=WHOLE, text=TEXT):
    sources = [source(name) for name in names]
    return KeptAssessment(
        1, tuple(s.canonical for s in sources), tuple(s.snapshot_sha256 for s in sources), sha256_of(text), *words, assessment, NOON
    )


def dossier(own=None, **more):
    return Dossier(1, "report", own or claim(cite("1")), **more)


def assessed(*assessments, links=(), own=None, **more):
    return dossier(own, links=links or (linked("a"),), assessments=assessments, **more)


def decided(status=Status.VERIFIED, number=1, **more):
    return Decision(number, status, "ann", "", NOON, sha256_of(TEXT), ("1",), **more)


def told(dossier_):
    """The grounds of a dossier in few words: the letters of the sources, and the words."""
    return [("".join(chr(s.id) for s in ground.sources), dossier_.claim.text[ground.start : ground.end]) for ground in grounds_of(dossier_)]


def test_each_source_with_a_text_is_a_ground():
    links = (linked("a"), linked("b", "1", "never fetched"), linked("c", ""))

    assert [("a", TEXT), ("c", TEXT)] == told(dossier(links=links))


def test_a_source_linked_twice_is_one_ground():
    assert [("a", TEXT)] == told(dossier(links=(linked("a"), linked("a", ""))))


def test_a_source_answers_for_the_clause_that_its_citation_covers():
    own = claim(cite("1", 0, FIRST), cite("2", FIRST + 1, at=110))

    assert [("a", TEXT[:FIRST]), ("b", TEXT[FIRST + 1 :])] == told(dossier(own, links=(linked("a"), linked("b", "2"))))


def test_words_too_few_to_say_anything_are_read_in_their_sentence():
    """A marker after a name: the ground is the whole claim, and says what it is cited for."""
    own = claim(cite("1", 0, len("As the southern")))
    (ground,) = grounds_of(dossier(own, links=(linked("a"),)))

    assert Ground((source("a"),), *WHOLE, ((0, 15),)) == ground


@pytest.mark.parametrize(
    ("citations", "links"),
    [
        ((cite("1", 0, FIRST),), (linked("a"), linked("a", ""))),
        ((cite("1", 0, FIRST), cite("1", FIRST + 1, at=110)), (linked("a"),)),
        ((cite("1", 0, FIRST), cite("2", FIRST + 1, at=110)), (linked("a"), linked("a", "2"))),
        ((cite("1", 0, len(TEXT) - 1),), (linked("a"),)),
    ],
    ids=["attached to the claim as well", "cited at two places", "behind two numbers", "all but the full stop"],
)
def test_otherwise_a_source_answers_for_all(citations, links):
    assert [("a", TEXT)] == told(dossier(claim(*citations), links=links))


def test_citations_side_by_side_are_a_ground_together():
    """After each source alone; a source without a text, or behind both numbers, makes no group."""
    own = claim(cite("20"), cite("21", at=104), cite("22", at=108))
    links = (linked("a", "20"), linked("b", "21"), linked("c", "22", "never fetched"))

    assert [("a", TEXT), ("b", TEXT), ("ab", TEXT)] == told(dossier(own, links=links))
    assert [("a", TEXT)] == told(dossier(own, links=(linked("a", "20"), linked("a", "21"))))


@pytest.mark.parametrize(
    ("other", "words"),
    [(cite("21", at=140), TEXT), (cite("21", 0, FIRST, at=104), TEXT[:FIRST]), (cite("21", at=104, kind=MarkKind.NOTE), TEXT)],
    ids=["printed elsewhere", "for other words", "a note"],
)
def test_citations_apart_are_no_group(other, words):
    links = (linked("a", "20"), linked("b", "21"))

    assert [("a", TEXT), ("b", words)] == told(dossier(claim(cite("20"), other), links=links))


def test_a_group_answers_for_its_clause():
    own = claim(cite("1", 0, FIRST), cite("2", 0, FIRST, at=103), cite("3", FIRST + 1, at=130))
    links = (linked("a"), linked("b", "2"), linked("c", "3"))

    assert ("ab", TEXT[:FIRST]) == told(dossier(own, links=links))[-1]


def test_an_endless_sentence_is_cut():
    text = "word " * LONGEST

    assert [("a", text[:LONGEST])] == told(dossier(claim(text=text), links=(linked("a", ""),)))


@given(
    st.lists(st.tuples(st.sampled_from("123"), st.integers(0, 66), st.integers(0, 66), st.integers(0, 200)), max_size=6),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2", "3"]), st.booleans()), max_size=6),
)
def test_grounds_are_words_of_the_claim_and_sources_with_text(citations, links):
    """Whatever is cited how: each source with a text once alone, and no ground twice."""
    cited = [cite(label, min(a, b), max(a, b), at) for label, a, b, at in citations]
    found = dossier(claim(*cited), links=tuple(linked(name, label, "" if text else "dead") for name, label, text in links))
    grounds = grounds_of(found)
    alone = [ground.sources[0] for ground in grounds if len(ground.sources) == 1]

    assert len(alone) == len({s.canonical for s in alone}) == len({name for name, _, text in links if text})
    assert all(0 <= ground.start < ground.end <= len(TEXT) for ground in grounds)
    assert all(s.snapshot_sha256 for ground in grounds for s in ground.sources)
    assert next_action_of(found) in NextAction


def test_why_nothing_can_be_assessed():
    assert "no source is attached" == no_text_of(dossier())
    assert "never fetched; offline" == no_text_of(dossier(links=(linked("a", why="never fetched"), linked("b", why="offline"))))
    assert "" == no_text_of(dossier(links=(linked("a"), linked("b", why="offline"))))


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (assessed(kept(said(Verdict.SUPPORTED), "a")), ""),
        (assessed(kept(said(Verdict.SUPPORTED), "a", text="Other words.")), "the claim read otherwise"),
        (assessed(kept(said(Verdict.SUPPORTED), "a"), links=(linked("b"),)), "a source was taken off"),
        (assessed(replace(kept(said(Verdict.SUPPORTED), "a"), snapshots=("f" * 64,))), "a source had another text"),
        (
            assessed(replace(kept(said(Verdict.SUPPORTED), "a", "b", text=""), snapshots=("f", "b"))),
            "the claim read otherwise and a source had another text and a source was taken off",
        ),
    ],
)
def test_what_an_assessment_is_worth_now(found, why):
    assert why == outdated_why(found, found.assessments[0])
    assert (found.assessments if not why else ()) == found.current_assessments


PROBLEM = said(Verdict.CONTRADICTED, 0.1, (Cue(CueKind.DATE, 0, 2, "1982", "1998", 0),))


def test_a_likely_problem_is_a_reason_until_a_decision_stands():
    """And again when that is stale; one that was assessed on another text is none."""
    problem = kept(PROBLEM, "a")

    assert (Reason.CONTRADICTED, Reason.UNVERIFIED) == assessed(problem).reasons
    assert () == assessed(problem, decisions=(decided(),)).reasons
    assert (Reason.CONTRADICTED, Reason.STALE) == assessed(problem, decisions=(decided(reference_ids=(7,)),)).reasons
    assert (Reason.UNVERIFIED,) == assessed(replace(problem, text_sha256="x")).reasons
    assert [*Reason].index(Reason.CONTRADICTED) == [*Reason].index(Reason.FLAGGED) + 1


def test_who_judges_unswayed_does_not_see_what_the_machine_says():
    found = assessed(kept(PROBLEM, "a"), decisions=(decided(),))
    seen = blinded(found, "bea")

    assert ((), (), (Reason.UNVERIFIED,), NextAction.DECIDE) == (seen.assessments, seen.decisions, seen.reasons, next_action_of(seen))
    assert found == blinded(found, "ann")


QUOTE = Evidence(1, 1, TextQuote("x", "", "", 0, 1), "a" * 64, "", "ann", NOON)
QUOTED = (replace(linked("a"), evidence=(QUOTE,)),)
RUN = tuple(GroundedWord(n, n + 1, Grounding.SUPPORTED if n < 8 else Grounding.ABSENT) for n in range(0, 16, 2))
TWO = claim(cite("1", 0, FIRST), cite("2", FIRST + 1, at=110))
BOTH = (linked("a"), linked("b", "2"))
PARTS = ((0, FIRST), (FIRST + 1, len(TEXT)))


def parts(one, other):
    return assessed(kept(one, "a", words=PARTS[0]), kept(other, "b", words=PARTS[1]), links=BOTH, own=TWO)


def problem(kind, found="other"):
    return said(Verdict.CONTRADICTED, 0.1, (Cue(CueKind.MISSING, 0, 2, "word"), Cue(kind, 0, 2, "this", found, 0)))


CASES = {
    "nothing to do for a claim that is gone": (dossier(absent=True), NextAction.NOTHING),
    "a decision stands": (assessed(kept(PROBLEM, "a"), decisions=(decided(),)), NextAction.NOTHING),
    "it is stale": (dossier(decisions=(decided(reference_ids=(7,)),)), NextAction.REVIEW_AGAIN),
    "a person flagged it": (
        dossier(decisions=(decided(),), flags=(Flag(1, FlagOrigin.PERSON, "review", "", "bea", NOON),)),
        NextAction.REVIEW_AGAIN,
    ),
    "reviewers disagree": (dossier(decisions=(decided(), decided(Status.DISPUTED, 2, seconds=1))), NextAction.SETTLE_DISPUTE),
    "it cites nothing": (dossier(claim()), NextAction.FIND_SOURCE),
    "it is tagged": (dossier(claim(tags=(CleanupTag("citation needed", 0, 1),))), NextAction.FIND_SOURCE),
    "its number has no source": (dossier(), NextAction.FIND_SOURCE),
    "a later citation may hold for it": (dossier(claim(covered=True)), NextAction.SEE_CITATION),
    "an address that nobody asked": (dossier(links=(linked("a", why="never fetched"),)), NextAction.FETCH),
    "an address that failed today": (dossier(links=(linked("a", why="soft failure: too slow"),)), NextAction.FETCH),
    "a dead address": (dossier(links=(linked("a", why="dead: answered 404, on 3 days since 2026-01-01"),)), NextAction.FIND_COPY),
    "a paywall": (dossier(links=(linked("a", why="paywalled: answered 402"),)), NextAction.FIND_COPY),
    "a scan": (dossier(links=(linked("a", why="scan: holds no text"),)), NextAction.FIND_COPY),
    "a book": (dossier(links=(linked("a", why="a book, not attached as a file", kind=SourceKind.ISBN),)), NextAction.PROVIDE_TEXT),
    "an interview": (dossier(links=(linked("a", why="offline", kind=SourceKind.OFFLINE),)), NextAction.PROVIDE_TEXT),
    "a book and an address": (
        dossier(links=(linked("a", why="offline", kind=SourceKind.OFFLINE), linked("b", why="never fetched"))),
        NextAction.FETCH,
    ),
    "a text that was not read": (dossier(links=(linked("a"),)), NextAction.ASSESS),
    "one of two texts was read": (assessed(kept(said(Verdict.PARTIALLY_SUPPORTED), "a"), links=BOTH, own=TWO), NextAction.ASSESS),
    "it was read for other words": (assessed(kept(said(Verdict.SUPPORTED), "a"), links=BOTH[:1], own=TWO), NextAction.ASSESS),
    "it was read before it changed": (assessed(kept(said(Verdict.SUPPORTED), "a", text="")), NextAction.ASSESS),
    "a quote was kept": (dossier(links=QUOTED), NextAction.DECIDE),
    "a quote was kept, and a date differs": (assessed(kept(PROBLEM, "a"), links=QUOTED), NextAction.FIX_DATE),
    "another number": (assessed(kept(problem(CueKind.NUMBER), "a")), NextAction.FIX_NUMBER),
    "another unit": (assessed(kept(problem(CueKind.UNIT), "a")), NextAction.FIX_NUMBER),
    "another name": (assessed(kept(problem(CueKind.NAME), "a")), NextAction.CHECK_NAME),
    "another role": (assessed(kept(problem(CueKind.ROLE, ""), "a")), NextAction.CHECK_NAME),
    "it denies": (assessed(kept(problem(CueKind.NEGATION), "a")), NextAction.READ_PASSAGE),
    "one source says so, another not": (
        assessed(kept(PROBLEM, "a"), kept(said(Verdict.SUPPORTED, 0.9), "b"), links=(linked("a"), linked("b"))),
        NextAction.READ_PASSAGE,
    ),
    "word for word": (assessed(kept(said(Verdict.SUPPORTED, 0.6, verbatim=True), "a")), NextAction.DECIDE),
    "a strong passage": (assessed(kept(said(Verdict.SUPPORTED, 0.8), "a")), NextAction.DECIDE),
    "a passage": (assessed(kept(said(Verdict.SUPPORTED, 0.79), "a")), NextAction.READ_PASSAGE),
    "some of it": (assessed(kept(said(Verdict.PARTIALLY_SUPPORTED), "a")), NextAction.READ_PASSAGE),
    "some of it, and a figure that no passage has": (
        assessed(kept(said(Verdict.PARTIALLY_SUPPORTED, cues=(Cue(CueKind.NUMBER, 0, 2, "40"),)), "a")),
        NextAction.FIX_NUMBER,
    ),
    "some of it, and a name that no passage has": (
        assessed(kept(said(Verdict.PARTIALLY_SUPPORTED, cues=(Cue(CueKind.NAME, 0, 2, "Ada"),)), "a")),
        NextAction.READ_PASSAGE,
    ),
    "a clause is absent": (assessed(kept(said(Verdict.PARTIALLY_SUPPORTED, words=RUN), "a")), NextAction.SPLIT_CLAIM),
    "a clause is absent, and a quote was kept": (
        assessed(kept(said(Verdict.PARTIALLY_SUPPORTED, words=RUN), "a"), links=QUOTED),
        NextAction.SPLIT_CLAIM,
    ),
    "parts differ": (parts(said(Verdict.SUPPORTED, 0.9), said(Verdict.NOT_FOUND, 0)), NextAction.SPLIT_CLAIM),
    "parts agree": (parts(said(Verdict.SUPPORTED, 0.9), said(Verdict.SUPPORTED, 0.9)), NextAction.DECIDE),
    "a part is weak": (parts(said(Verdict.SUPPORTED, 0.9), said(Verdict.PARTIALLY_SUPPORTED, 0.4)), NextAction.READ_PASSAGE),
    "nothing was found": (assessed(kept(said(Verdict.NOT_FOUND, 0), "a")), NextAction.FIND_SOURCE),
    "nothing was found, and one source has no text": (
        assessed(kept(said(Verdict.NOT_FOUND, 0), "a"), links=(linked("a"), linked("b", why="never fetched"))),
        NextAction.FETCH,
    ),
    "there were no words": (assessed(kept(said(Verdict.NO_TEXT, 0), "a")), NextAction.PROVIDE_TEXT),
}


@pytest.mark.parametrize(("found", "action"), CASES.values(), ids=CASES)
def test_what_comes_next(found, action):
    assert action is next_action_of(found)


def test_every_action_has_a_case():
    assert set(NextAction) == {action for _, action in CASES.values()}
