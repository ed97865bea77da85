"""A claim against a source: the verdict, what it points at, and that nothing hostile breaks it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.evidence.assess import assess
from verify.evidence.source import SourceText
from verify.model.assessment import Grounding, Verdict

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "assessment" / "verdicts.toml").read_text(encoding="utf-8"))
BRIDGE = SourceText.of(CASES["sources"]["bridge"])


def told(assessment):
    return [f"{cue.kind}: {cue.said} -> {cue.found}" for cue in assessment.cues]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_a_written_case(case):
    found = assess(case["claim"], SourceText.of(case.get("text") or CASES["sources"][case["source"]]))

    assert case.get("verdict", found.verdict) == found.verdict
    assert found.verdict not in case.get("not", [])
    assert case.get("verbatim", found.verbatim) == found.verbatim
    assert [cue for cue in case.get("cues", []) if cue not in told(found)] == []


def test_passages_give_back_the_words_of_the_source():
    found = assess("The bridge was voted for in 1989.", BRIDGE)

    assert found.passages
    for passage in found.passages:
        assert BRIDGE.text[passage.start : passage.end] == passage.exact
        assert BRIDGE.text[: passage.start].endswith(passage.prefix)
        assert BRIDGE.text[passage.end :].startswith(passage.suffix)


def test_a_name_alone_is_no_statement_that_stands_verbatim():
    assert not assess("Ingrid Solberg.", BRIDGE).verbatim


def test_the_best_passage_comes_first():
    found = assess("The town council had voted for it in 1989.", BRIDGE)

    assert found.passages[0].exact == "The town council had voted for the bridge in 1989 after a long dispute."


def test_cues_point_at_the_words_of_the_claim():
    claim = "The Halden bridge was opened on 12 May 1982 by Mayor Ingrid Solberg."

    (cue,) = assess(claim, BRIDGE).cues

    assert claim[cue.start : cue.end] == cue.said == "1982"
    assert cue.passage == 0


def test_each_word_of_content_is_marked():
    claim = "The Halden bridge was opened on 12 May 1982 by Mayor Ingrid Solberg."

    marks = {claim[w.start : w.end]: w.grounding for w in assess(claim, BRIDGE).words}

    assert marks == dict.fromkeys(["Halden", "bridge", "opened", "12", "May", "Mayor", "Ingrid", "Solberg"], Grounding.SUPPORTED) | {
        "1982": Grounding.ABSENT
    }


def test_a_word_that_no_passage_has_is_marked_absent():
    claim = "Engineers from Bergen designed a submarine."

    marks = {claim[w.start : w.end]: w.grounding for w in assess(claim, BRIDGE).words}

    assert marks["submarine"] == Grounding.ABSENT
    assert marks["Bergen"] == Grounding.SUPPORTED


@pytest.mark.parametrize("text", ["", "   \n ", "... !!! ---"])
def test_a_source_without_words_is_no_text_with_its_reason(text):
    found = assess("The bridge was opened in 1998.", SourceText.of(text))

    assert (found.verdict, found.score, found.passages) == (Verdict.NO_TEXT, 0.0, ())
    assert found.why == "the source has no words"


@pytest.mark.parametrize("claim", ["", "  ", "?!"])
def test_a_claim_without_words_is_not_found(claim):
    found = assess(claim, BRIDGE)

    assert (found.verdict, found.words, found.why) == (Verdict.NOT_FOUND, (), "the claim has no words")


def test_a_claim_of_little_words_only_is_compared_by_them():
    assert assess("It is not.", BRIDGE).verdict in set(Verdict)


def test_words_of_the_title_stand_for_a_pronoun():
    source = SourceText.of(
        "Olga Stern was born in Riga in 1931. Ivan Petrov studied law in Kiev. Olga Stern studied medicine. The rest is not known."
    )

    def score(title):
        found = assess("She studied there and was happy.", source, title=title)
        return next(p.score for p in found.passages if p.exact == "Olga Stern studied medicine.")

    assert score("Olga Stern") > score("") > score("Ivan Petrov")


def test_a_claim_of_two_halves_gets_both_passages():
    found = assess("The bridge cost 44 million kroner and was designed by engineers from Bergen.", BRIDGE)

    first, second = (p.exact for p in found.passages[:2])

    assert {first[:5], second[:5]} == {"It is", "Engin"}


def test_no_verdict_but_the_two_abstentions_comes_without_a_passage():
    claims = [
        "The bridge is 640 metres long.",
        "Lorries above 40 tonnes use it daily.",
        "Bergen is wet.",
        "Nothing of this is there: xylophone.",
    ]
    for claim in claims:
        found = assess(claim, BRIDGE)
        assert found.passages or found.verdict in {Verdict.NOT_FOUND, Verdict.NO_TEXT}
        assert found.why


def test_the_same_pair_is_assessed_the_same():
    claim = "The Halden bridge, opened in 1998, cost 44 million kroner."

    assert assess(claim, BRIDGE) == assess(claim, SourceText.of(BRIDGE.text))


HOSTILE = st.text(max_size=120) | st.lists(
    st.sampled_from(
        ["not", "1998", "May", "44", "million", "the", "US", "Paul", "Roth", "%", ",", ".", "'", "\n", "東", "é", "\u202e", "\x00", "-"]
    ),
    max_size=40,
).map(" ".join)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_is_compared_the_answer_is_whole(claim, text, title):
    source = SourceText.of(text)

    found = assess(claim, source, title=title, context=title)

    assert 0 <= found.score <= 1
    assert all(0 <= word.start < word.end <= len(claim) for word in found.words)
    assert all(claim[cue.start : cue.end] == cue.said for cue in found.cues if cue.end > cue.start)
    assert all(text[p.start : p.end] == p.exact for p in found.passages)
    assert all(-1 <= cue.passage < len(found.passages) for cue in found.cues)
    assert (found.verdict is Verdict.SUPPORTED) <= (found.score >= 0.5)


@given(st.lists(st.sampled_from(["river", "Oslo", "1998", "not", "was", "opened", "Bergen"]), min_size=3, max_size=12).map(" ".join))
def test_a_sentence_supports_itself(sentence):
    found = assess(sentence, SourceText.of(f"Something else. {sentence}"))

    assert (found.verdict, found.verbatim) == (Verdict.SUPPORTED, True)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "1,000." * 30_000,
        "bridge " * 50_000,
        "((" * 50_000,
        "bridge 1998. " * 10_000,
        "\n" * 100_000,
        "é\u0301" * 50_000,
        "U.S." * 40_000,
    ],
    ids=["one word", "figures", "one passage", "signs", "passages", "lines", "accents", "points"],
)
def test_huge_texts_end(text):
    found = assess("The bridge was opened in 1998 by Mayor Ingrid Solberg.", SourceText.of(text))

    assert found.verdict in set(Verdict)


def test_a_huge_claim_ends():
    claim = "The bridge was opened in 1998 by Mayor Ingrid Solberg, " * 200

    assert len(assess(claim, BRIDGE).words) == 200 * 6
