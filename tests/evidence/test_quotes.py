"""A quote is found where it stands, as whole words, or it is refused with the nearest passage."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import QuoteNotFoundError, UsageError
from verify.evidence.quotes import NoSuchQuoteError, find_quote, normal_form
from verify.model import QuoteMatch

CASES = json.loads((Path(__file__).parents[1] / "cases" / "quotes.json").read_text())
TEXT = CASES[0]["text"]


def _word(*categories):
    """A run without spaces of letters, signs and punctuation, with a letter in it."""
    around = st.text(st.characters(categories=categories), max_size=4)
    return st.tuples(around, st.characters(categories=["Lu", "Ll", "Lo"], exclude_characters="\u3164"), around).map("".join)


WORD = _word("L", "N", "P", "S")
WORDS_WITHOUT_DIGITS = st.lists(_word("L", "P", "S"), min_size=1, max_size=12)
SPACE = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", "\u2003"])
LATIN = "abcXYZéßñжф'’“”-–—"
LATIN_WORD = st.tuples(st.text(LATIN, max_size=4), st.sampled_from("aXéßж"), st.text(LATIN, max_size=4)).map("".join)


@st.composite
def slices(draw, word=WORD):
    """A text of words, and a run of whole words in it as (start, end) of the list."""
    words = draw(st.lists(word, min_size=1, max_size=12))
    start = draw(st.integers(0, len(words) - 1))
    return words, start, draw(st.integers(start + 1, len(words)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['quote']!r} in {case['text'][:20]!r}")
def test_a_quote_is_found_as_it_should_or_refused(case):
    if case["match"]:
        found = find_quote(case["quote"], case["text"])

        assert (case["match"], case["exact"]) == (found.match, found.exact)
    else:
        with pytest.raises(NoSuchQuoteError):
            find_quote(case["quote"], case["text"])


@given(slices())
def test_whole_words_of_any_text_are_found_exactly(words_and_slice):
    words, start, end = words_and_slice
    text, quote = " ".join(words), " ".join(words[start:end])
    found = find_quote(quote, text)

    assert (quote, QuoteMatch.EXACT, quote) == (found.exact, found.match, text[found.start : found.end])
    assert text[max(found.start - 32, 0) : found.end + 32] == found.prefix + found.exact + found.suffix


def _otherwise_printed(text, space, upper):
    shapes = str.maketrans({"'": "’", "’": "'", "“": '"', "”": "«", "-": "–", "–": "—", "—": "-", " ": space})
    return (text.upper() if upper else text.lower()).translate(shapes)


@given(slices(LATIN_WORD), SPACE, st.booleans())
def test_case_spaces_quotation_marks_and_dashes_do_not_hide_a_quote(words_and_slice, space, upper):
    words, start, end = words_and_slice
    text, quote = " ".join(words), _otherwise_printed(" ".join(words[start:end]), space, upper)
    found = find_quote(quote, text)

    assert normal_form(quote) == normal_form(text[found.start : found.end])
    assert found.exact == text[found.start : found.end]


@given(WORDS_WITHOUT_DIGITS, st.integers(0, 10**6), st.integers(1, 9), st.integers(0, 10), WORDS_WITHOUT_DIGITS)
def test_a_changed_digit_is_never_found(before, number, change, position, after):
    digits = str(number)
    position %= len(digits)
    changed = f"{digits[:position]}{(int(digits[position]) + change) % 10}{digits[position + 1 :]}"
    text = " ".join([*before, digits, *after])
    with pytest.raises(NoSuchQuoteError):
        find_quote(text.replace(digits, changed), text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_found_has_the_normal_form_of_the_quote(quote, text):
    """Nothing is ever found that differs in more than print."""
    text = f"{text} {quote.swapcase()} {text}"
    try:
        found = find_quote(quote, text)
    except (QuoteNotFoundError, UsageError):
        return

    assert normal_form(quote.strip()) == normal_form(found.exact)
    assert found.exact == text[found.start : found.end]


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own(text):
    assert normal_form(text) == normal_form(normal_form(text))


@pytest.mark.parametrize("quote", ["", " \n", "...", "“”", "—", "\u200b"])
def test_a_quote_without_a_word_is_refused(quote):
    with pytest.raises(UsageError, match="at least one word"):
        find_quote(quote, TEXT)


def test_a_quote_with_a_changed_number_is_refused_with_the_passage_that_is_near():
    with pytest.raises(NoSuchQuoteError, match=r"nearest passage \(\d\d % alike\)") as caught:
        find_quote("rebels entered Damascus on 9 December 2024", TEXT)
    nearest = caught.value.nearest

    assert "Rebels entered Damascus on 8 December 2024," == str(caught.value).splitlines()[1] == nearest.exact
    assert nearest.exact == TEXT[nearest.start : nearest.end]


def test_a_quote_that_cuts_a_number_is_told_so():
    with pytest.raises(NoSuchQuoteError, match="cut a word or a number short, in:\n5,000 died") as caught:
        find_quote("000 died", TEXT)

    assert "5,000 died," == caught.value.nearest.exact


@pytest.mark.parametrize(("quote", "text"), [("xyzzy plugh", TEXT), ("words", ""), ("大統領", TEXT), ("word " * 200_000, "ab " * 100_000)])
def test_where_nothing_is_near_that_is_said(quote, text):
    with pytest.raises(NoSuchQuoteError, match="nothing there is near it") as caught:
        find_quote(quote, text)

    assert caught.value.nearest is None


def test_the_nearest_passage_is_shown_on_one_short_line_that_cannot_write_to_the_terminal():
    text = "before\n\x1b[2J\u202e" + "some words\n" * 60 + "after"
    with pytest.raises(NoSuchQuoteError) as caught:
        find_quote("some words " * 59 + "sone words", text)
    shown = str(caught.value).splitlines()

    assert 2 == len(shown)
    assert len(shown[1]) <= 203
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_quote_is_found_deep_in_ten_megabytes():
    filler = "the city was quiet that night and nobody slept\n" * 110_000
    text = f"{filler}On 8 December the gates were opened.\n{filler}"
    found = find_quote("on 8 december THE gates", text)
    with pytest.raises(NoSuchQuoteError, match="On 8 December the gates were") as caught:
        find_quote("on 9 december the gates were", text)

    assert len(filler) == found.start == caught.value.nearest.start


@pytest.mark.parametrize(("quote", "text"), [("a", "a" * 10**7), ("b a", "a" * 10**7), ("a b c", "a b " * 10**6)])
def test_ten_megabytes_that_say_nothing_else_are_searched_to_their_end(quote, text):
    with pytest.raises(NoSuchQuoteError):
        find_quote(quote, text)


def test_of_two_places_the_first_is_taken():
    assert 4 == find_quote("cat", "the cat, the cat").start
