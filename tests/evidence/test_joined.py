"""Several texts read as one: found where they stand, each passage in its own text."""

from hypothesis import given
from hypothesis import strategies as st

from verify.evidence.assess import assess
from verify.evidence.joined import Joined
from verify.evidence.source import SourceText
from verify.model import Passage, Verdict

FIRST = "The bridge was opened in 1998. It is long."
SECOND = "Mayor Ingrid Solberg cut the ribbon. It rained."
TEXTS = st.lists(st.text(st.sampled_from("ab .\n!"), max_size=30), min_size=1, max_size=4)


def joined(*texts: str) -> Joined:
    return Joined.of([SourceText.of(text) for text in texts])


def found(both: Joined, exact: str) -> Passage:
    """The passage of the whole with these words."""
    start = both.text.text.index(exact)
    return Passage(
        exact, both.text.text[max(0, start - 8) : start], both.text.text[start + len(exact) :][:8], start, start + len(exact), 0.5
    )


def test_one_text_is_itself():
    text = SourceText.of(FIRST)

    assert text is Joined.of([text]).text


@given(TEXTS)
def test_joining_indexes_as_reading_would(texts: list[str]):
    """The same passages with the same words in the same places, whatever the texts."""
    both = joined(*texts)
    numbers = [(number, span) for number, part in enumerate(both.parts) for span in part.spans]

    assert len(both.text.spans) == len(both.text.forms) == len(numbers)
    for at, (number, span) in enumerate(numbers):
        assert both.text.passage(at) == texts[number][span.start : span.end]
        assert both.part_at(both.text.spans[at].start) == number
        assert all(at in both.text.places[form.root] for form in both.text.forms[at])
    assert {number for held in both.text.places.values() for number in held} <= set(range(len(numbers)))


def test_a_claim_is_read_against_both():
    """What neither text says alone, they say together."""
    claim = "The bridge was opened in 1998 by Mayor Ingrid Solberg."
    both = joined(FIRST, SECOND)
    alone = [assess(claim, part).score for part in both.parts]
    together = assess(claim, both.text)

    assert together.score > max(alone)
    assert {0, 1} == {number for number, _ in filter(None, map(both.own, together.passages))}


def test_a_passage_comes_back_to_its_own_text():
    """Its offsets count there, and no word of a neighbour stands around it."""
    both = joined(FIRST, SECOND)

    assert (1, Passage("Mayor Ingrid Solberg cut the ribbon.", "", " It rain", 0, 36, 0.5)) == both.own(
        found(both, "Mayor Ingrid Solberg cut the ribbon.")
    )
    assert (0, Passage("It is long.", "in 1998. ", "", 31, 42, 0.5)) == both.own(
        Passage("It is long.", "in 1998. ", "\n\nMayor", 31, 42, 0.5)
    )


def test_a_passage_that_does_not_stand_there_is_none():
    both = joined(FIRST, SECOND)
    length = len(both.text.text)

    for exact, start, end in (("It is short", 31, 42), ("", 31, 31), ("long.\n\nMayor", 37, 49), ("x", -1, 0), ("x", length, length + 1)):
        assert None is both.own(Passage(exact, "", "", start, end, 0.5))


def test_verdicts_are_those_of_the_text_alone():
    """A second text that speaks of nothing changes nothing of what the first says."""
    claim = "The bridge was opened in 1998."

    assert Verdict.SUPPORTED is assess(claim, joined(FIRST, "Cats sleep.").text).verdict
    assert Verdict.NO_TEXT is assess(claim, joined("", "").text).verdict
