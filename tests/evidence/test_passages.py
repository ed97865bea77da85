"""A text as passages: sentences where they end, and no word lost."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.evidence.passages import LONGEST, passage_spans


def passages(text):
    return [text[start:end] for start, end in passage_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("A line\nanother line\n\n  a third  ", ["A line", "another line", "a third"]),
        ("Dr. Weiss met Mr. Roth. They left.", ["Dr. Weiss met Mr. Roth.", "They left."]),
        ("J. R. R. Tolkien wrote it. It sold.", ["J. R. R. Tolkien wrote it.", "It sold."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("It cost 1.5 million. It sold.", ["It cost 1.5 million.", "It sold."]),
        ("Well ... and so on. End.", ["Well ... and so on.", "End."]),
        ("橋は開通した。長さは640メートル。", ["橋は開通した。", "長さは640メートル。"]),
        ("A heading\nand text", ["A heading", "and text"]),
        (
            "The old ferry, which carried three hundred cars a day, stopped\nin the same week. End.",
            ["The old ferry, which carried three hundred cars a day, stopped\nin the same week.", "End."],
        ),
        (
            "The old ferry, which carried three hundred cars a day, stopped\n\nIn the same week",
            ["The old ferry, which carried three hundred cars a day, stopped", "In the same week"],
        ),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences_end_where_they_end(text, expected):
    assert passages(text) == expected


@given(st.text(alphabet=st.sampled_from('ab .!?\n"\u3002\u201dDr'), max_size=300))
def test_only_white_space_is_left_out(text):
    spans = passage_spans(text)

    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_a_passage_without_an_end_is_cut_at_a_space():
    parts = passages("cell " * 2_000)

    assert max(map(len, parts)) <= LONGEST + 5
    assert sum(part.count("cell") for part in parts) == 2_000


def test_a_passage_without_a_space_is_cut_all_the_same():
    assert max(map(len, passages("x" * 10_000))) <= 2 * LONGEST


def test_a_sentence_that_starts_within_a_line_goes_on_in_the_next():
    """How much of the line is the sentence's own says nothing of whether it was full."""
    text = "6 December. Homs is surrounded on three sides. Homs goes in the night before\n7 December, with the motorway to the ports.\n"

    assert "Homs goes in the night before\n7 December, with the motorway to the ports." in [text[a:b] for a, b in passage_spans(text)]
