"""Where sentences end, asked of the splitter itself; whole documents are in `tests/cases/extraction`."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.sentences import split_sentences

TABLE = [
    ("", []),
    (" \t ", []),
    ("No stop at all", ["No stop at all"]),
    ("  Spaces around.  And between.  ", ["Spaces around.", "And between."]),
    ("...", ["..."]),
    ("One. ...", ["One. ..."]),
    ("He won (twice.) She left.", ["He won (twice.)", "She left."]),
    ("It costs 5 ft. tall posts.", ["It costs 5 ft. tall posts."]),
    ("Is it? It is! Good.", ["Is it?", "It is!", "Good."]),
    ("He left . She stayed.", ["He left .", "She stayed."]),
    ("“One. Two.” Three.", ["“One. Two.”", "Three."]),
    ("«One. Two.» Three.", ["«One. Two.»", "Three."]),
    ("The shop Yahoo! was sold.", ["The shop Yahoo! was sold."]),
    ("It rained. 3 ships sank.", ["It rained.", "3 ships sank."]),
    ("It is in vol. 3 and on pp. 4–6.", ["It is in vol. 3 and on pp. 4–6."]),
    ("He is a Ph.D. She is not.", ["He is a Ph.D.", "She is not."]),
]


def split(text, **options):
    return [text[start:end] for start, end in split_sentences(text, **options)]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_sentences(text, expected):
    """A text and its sentences."""
    assert expected == split(text)


def test_a_marker_after_a_stop_proves_an_end():
    """Where a marker stood behind the stop, even an abbreviation ends the sentence; without it, it need not."""
    text = "He sailed for St. Brice was his home."

    assert [text] == split(text)
    assert ["He sailed for St.", "Brice was his home."] == split(text, marks={text.index(" Brice")})


def test_a_marker_without_a_stop_proves_nothing():
    """A marker in the midst of a sentence splits nothing."""
    text = "As Rome fell, Carthage rose."

    assert [text] == split(text, marks={text.index(" Carthage")})


@pytest.mark.parametrize("mark", [0, 4, 100])
def test_marks_anywhere_are_harmless(mark):
    """Offsets at the start, inside a word, and beyond the text split nothing."""
    assert ["A lamp."] == split("A lamp.", marks={mark})


@pytest.mark.parametrize("language", ["en", "de", "fr", "ja", "zz", "", "x" * 100])
def test_any_language_code_will_do(language):
    """A language without rules of its own is split by the common ones."""
    assert ["The lamp failed.", "Nobody came."] == split("The lamp failed. Nobody came.", language=language)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=120), st.text(alphabet='.!?。 aB1"“”„«»()（）「」[]*_…\n', max_size=80)),
    st.sampled_from(["en", "de", "fr", "zh", "he"]),
    st.sets(st.integers(0, 120), max_size=4),
)
def test_sentences_cover_every_word(text, language, marks):
    """Spans stand in order, are trimmed, and hold every character that is not white space."""
    spans = split_sentences(text, language=language, marks=marks)

    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
    for before, after in pairwise(spans):
        assert before[1] <= after[0]
    assert "".join(text.split()) == "".join("".join(text[start:end].split()) for start, end in spans)
