"""Two wordings side by side: what was kept, removed and added, as a person would mark it, and not a letter lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.wording import word_changes
from verify.model import Wording


def marked(before, after):
    """The changes on one line: [-removed-], {+added+}."""
    signs = {Wording.KEPT: "{}", Wording.REMOVED: "[-{}-]", Wording.ADDED: "{{+{}+}}"}
    return "".join(signs[change.kind].format(change.text) for change in word_changes(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("He died in Paris in 1932.", "He died in London in 1932.", "He died in [-Paris-]{+London+} in 1932."),
        ("It has 5,000 people.", "It has 5,100 people.", "It has [-5,000-]{+5,100+} people."),
        ("It is safe.", "It is not safe.", "It is{+ not+} safe."),
        ("a very big old house", "a big house", "a[- very-] big[- old-] house"),
        ("He died in Paris.", "He died in Paris in May.", "He died in [-Paris.-]{+Paris in May.+}"),
        ("born in Rouen in poverty", "died of fever in Paris", "[-born in Rouen in poverty-]{+died of fever in Paris+}"),
        ("seen 7 times there", "heard 7 times here", "[-seen-]{+heard+} 7 times [-there-]{+here+}"),
        ("He said 'no'.", "He said ‘no’.", "He said [-'no'.-]{+‘no’.+}"),
        ("one  two", "one two", "one [- -]two"),
        ("北京是中华人民共和国的首都。", "北京市是中国的首都。", "北京{+市+}是中[-华人民共和-]国的首都。"),
        ("她于1950年去世", "她于1951年去世", "她于[-1950-]{+1951+}年去世"),
        ("", "new words", "{+new words+}"),
        ("old words", "", "[-old words-]"),
        ("the same ", "the same ", "the same "),
        ("", "", ""),
    ],
)
def test_what_a_person_sees(before, after, expected):
    """Whole words and numbers, what was removed before what was added, no small word left alone in between."""
    assert expected == marked(before, after)


def test_the_longest_order_is_kept():
    """Of words that changed places, the longer stretch stays."""
    assert "[-In 1992, -]they won the cup [-again.-]{+again in 1992.+}" == marked(
        "In 1992, they won the cup again.", "they won the cup again in 1992."
    )


texts = st.text(alphabet="ab 1.,\n\t京日", max_size=40) | st.lists(
    st.sampled_from(["the", "mill", "1,5", "of", "wheels", "北"]), max_size=12
).map(" ".join)


@given(texts | st.text(), texts | st.text())
def test_nothing_is_lost(before, after):
    """What is kept or removed is the old wording, what is kept or added the new one; no two stretches of a kind touch, and none is empty."""
    changes = word_changes(before, after)
    kinds = [change.kind for change in changes]

    assert before == "".join(change.text for change in changes if change.kind is not Wording.ADDED)
    assert after == "".join(change.text for change in changes if change.kind is not Wording.REMOVED)
    assert all(change.text for change in changes)
    assert all(one is not other for one, other in pairwise(kinds))
    assert (Wording.ADDED, Wording.REMOVED) not in set(pairwise(kinds))


@given(texts)
def test_the_same_wording_is_kept_whole(text):
    """Nothing changed."""
    assert [(Wording.KEPT, text)] * bool(text) == [(change.kind, change.text) for change in word_changes(text, text)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 250_000, "a " * 200_000 + "b"),
        ("a b " * 100_000, "b a " * 100_001),
        (" " * 1_000_000, " " * 999_999 + "x"),
        ("a" * 1_000_000, "a" * 999_999 + "x"),
        ("中国" * 100_000, "国中" * 100_000),
        (" ".join(f"w{n * n % 997}" for n in range(100_000)), " ".join(f"w{n * n % 991}" for n in range(100_000))),
    ],
)
def test_huge_texts_end(before, after):
    """A megabyte is compared in bounded time, and nothing of it is lost."""
    changes = word_changes(before, after)

    assert before == "".join(change.text for change in changes if change.kind is not Wording.ADDED)
    assert after == "".join(change.text for change in changes if change.kind is not Wording.REMOVED)


def test_a_few_edits_in_a_long_text_are_found():
    """Between phrases that stand but once, each edit is marked by itself."""
    words = [f"w{n * n % 99991}" for n in range(20_000)]
    edited = [f"edit{n}" if n % 2000 == 1000 else word for n, word in enumerate(words)]
    changes = word_changes(" ".join(words), " ".join(edited))

    assert [f"edit{n}" for n in range(1000, 20_000, 2000)] == [change.text for change in changes if change.kind is Wording.ADDED]
    assert [words[n] for n in range(1000, 20_000, 2000)] == [change.text for change in changes if change.kind is Wording.REMOVED]
