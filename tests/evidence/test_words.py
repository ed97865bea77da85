"""The words of a text: where they stand, and what is taken for the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.evidence.words import form_of, forms, opposed, words


@pytest.mark.parametrize(
    "group",
    [
        "wrote written writes writing write",
        "opened opens opening",
        "organisation organizations",
        "centre center centres",
        "defence defense",
        "colour color colours",
        "studies study studied",
        "noted note notes",
        "planned plans planning",
        "Penélope penelope",
        "Swift's Swift",
        "died death dead",
        "Sept September",
        "U.S. US USA",
        "three 3",
        "third 3rd",
        "258,000 258000",
    ],
)
def test_forms_of_one_word_share_their_stem(group):
    assert len({form_of(word).stem for word in group.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("not", "note"), ("university", "universe"), ("1998", "1982"), ("may", "mayor"), ("3rd", "3"), ("bridge", "ridge")]
)
def test_other_words_do_not(one, other):
    assert form_of(one).stem != form_of(other).stem


@pytest.mark.parametrize(("one", "other"), [("film", "movie"), ("began", "started"), ("Polish", "Poland"), ("bought", "purchased")])
def test_kin_may_stand_for_each_other(one, other):
    assert form_of(other).stem in form_of(one).kin
    assert form_of(one).stem in form_of(other).kin


def test_opposites_face_each_other():
    assert opposed(form_of("first"), form_of("last"))
    assert opposed(form_of("won"), form_of("lost"))
    assert not opposed(form_of("first"), form_of("won"))


def test_the_month_and_the_country_are_no_little_words():
    assert [form_of(word).stop for word in ("May", "may", "US", "us")] == [False, True, False, True]


def test_words_stand_where_they_say():
    text = "The pro-U.S. firm's 1.2 million (20%) — Noël's"

    assert [text[w.start : w.end] for w in words(text)] == ["The", "pro", "U.S.", "firm's", "1.2", "million", "20", "Noël's"]


def test_letters_of_scripts_without_spaces_stand_alone():
    assert [form.folded for form in forms("橋は1998年")] == ["橋", "は", "1998", "年"]


@given(st.text(max_size=200), st.integers(0, 9))
def test_every_word_is_a_piece_of_the_text(text, offset):
    found = words(text, offset)

    assert [w.form for w in found] == forms(text)
    assert all(form_of(text[w.start - offset : w.end - offset]) is w.form for w in found)
    assert all(w.form.folded and w.form.stem and w.form.root for w in found)
