"""A quote is found where it stands, with what differs, or it is refused with the nearest passage. `find_quote` is the strict door."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import QuoteNotFoundError, UsageError
from verify.evidence.quotes import NoSuchQuoteError, check_quote, describe, find_quote, normal_form
from verify.model import QuoteMatch

CASES = json.loads((Path(__file__).parents[1] / "cases" / "quotes.json").read_text(encoding="utf-8"))
FOUND, CHECKED, TEXTS = CASES["find"], CASES["check"], CASES["texts"]
TEXT = FOUND[0]["text"]
CLEAN = ("exact", "normalised", "near")
FILLER = "the city was quiet that night and nobody slept\n"


def _word(*categories):
    """A run without spaces of letters, signs and punctuation, with a letter in it."""
    around = st.text(st.characters(categories=categories), max_size=4)
    return st.tuples(around, st.characters(categories=["Lu", "Ll", "Lo"], exclude_characters="\u3164"), around).map("".join)


WORD = _word("L", "N", "P", "S")
WORDS_WITHOUT_DIGITS = st.lists(_word("L", "P", "S"), min_size=1, max_size=12)
SPACE = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", "\u2003"])
LATIN = "abcXYZéßñжф'’“”-–—"
LATIN_WORD = st.tuples(st.text(LATIN, max_size=4), st.sampled_from("aXéßж"), st.text(LATIN, max_size=4)).map("".join)
SIEGE = ["the", "rebels", "took", "city", "walls", "after", "long", "siege", "troops", "were", "tired", "of", "it", "and", "went", "home"]
PLAIN_WORDS = st.lists(st.sampled_from(SIEGE), min_size=3, unique=True)
LONG_WORDS = ["exhausted", "battalions", "marched", "slowly", "towards", "liberated", "citadel"]


@st.composite
def slices(draw, word=WORD):
    """A text of words, and a run of whole words in it as (start, end) of the list."""
    words = draw(st.lists(word, min_size=1, max_size=12))
    start = draw(st.integers(0, len(words) - 1))
    return words, start, draw(st.integers(start + 1, len(words)))


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"{case['quote']!r} in {case['text'][:20]!r}")
def test_a_quote_is_found_as_it_should_or_refused(case):
    if case["match"]:
        found = find_quote(case["quote"], case["text"])

        assert (case["match"], case["exact"]) == (found.match, found.exact)
    else:
        with pytest.raises(NoSuchQuoteError):
            find_quote(case["quote"], case["text"])


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"{case['quote']!r} in {case['text'][:20]!r}")
def test_what_the_strict_door_lets_in_the_check_calls_the_same(case):
    check = check_quote(case["quote"], case["text"])

    assert (case["match"] or check.outcome) == check.outcome
    assert not case["match"] or case["exact"] == check.quote.exact


@pytest.mark.parametrize("case", CHECKED, ids=lambda case: f"{case['quote']!r} is {case['outcome']}")
def test_a_quote_is_checked_as_it_should(case):
    """The outcome, and what alters the statement; where nothing does, what differs at all."""
    check = check_quote(case["quote"], TEXTS[case["text"]])
    told = [one for one in check.differences if one.alters] or check.differences

    assert case["outcome"] == check.outcome
    assert case["differences"] == [[one.kind, one.quoted, one.printed] for one in told]


@pytest.mark.parametrize("case", CHECKED, ids=lambda case: case["quote"])
def test_offsets_give_back_what_is_printed_and_quoted(case):
    quote, text = case["quote"], TEXTS[case["text"]]
    check = check_quote(quote, text)
    for passage in (check.quote, check.nearest, *check.parts):
        assert passage is None or passage.exact == text[passage.start : passage.end]
    for one in check.differences:
        assert (one.quoted, one.printed) == (quote[one.quote_start : one.quote_end], text[one.text_start : one.text_end])

    assert check.is_clean == (case["outcome"] in CLEAN)
    assert (check.quote is None) == (case["outcome"] == "not_found")
    assert check.quote is None or str(check.quote.match) == check.outcome


@pytest.mark.parametrize("case", CHECKED, ids=lambda case: case["quote"])
def test_three_lines_say_what_came_of_it(case):
    said = describe(check_quote(case["quote"], TEXTS[case["text"]])).splitlines()

    assert 1 <= len(said) <= 3
    assert all(line.isprintable() for line in said)


def test_a_person_is_told_what_differs():
    assert [
        "the quote does not say what the source prints (at 4 to 30)",
        'says "1982", the source prints "1998" (date)',
        "the source prints: flag was approved in 1998.",
    ] == describe(check_quote("flag was approved in 1982.", "The flag was approved in 1998.")).splitlines()


def test_a_person_is_told_where_a_quote_stands():
    assert "the quote stands in the source word for word (at 4 to 12)" == describe(check_quote("flag was", "The flag was approved."))


def test_a_person_is_told_of_the_nearest_passage_or_of_none():
    near = describe(
        check_quote("rebels took the old town of Aleppo by storm", "Later the rebels left the town of Homs by bus. Then it rained.")
    )

    assert near.startswith("the quote is not in the source; the nearest passage (")
    assert "the rebels left the town of Homs by" in near
    assert "the quote is not in the source, and nothing there is near it" == describe(check_quote("xyzzy plugh", TEXT))


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
def test_a_changed_digit_is_never_clean(before, number, change, position, after):
    digits = str(number)
    position %= len(digits)
    changed = f"{digits[:position]}{(int(digits[position]) + change) % 10}{digits[position + 1 :]}"
    text = " ".join([*before, digits, *after])
    quote = text.replace(digits, changed)

    assert int(digits) == int(changed) or not check_quote(quote, text).is_clean
    with pytest.raises(NoSuchQuoteError):
        find_quote(quote, text)


@given(PLAIN_WORDS, st.integers(0, 99), st.sampled_from(["not", "never", "1998", "Aleppo", "without", "suddenly"]))
def test_a_word_that_says_more_is_never_clean(words, at, more):
    """A negation, a number, a name or a word of content put in or left out."""
    at = 1 + at % (len(words) - 1)
    less, changed = " ".join(words), " ".join([*words[:at], more, *words[at:]])

    assert not check_quote(changed, f"Nobody slept. {less}. Nobody woke.").is_clean
    assert not check_quote(less, f"Nobody slept. {changed}. Nobody woke.").is_clean


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_found_has_the_normal_form_of_the_quote(quote, text):
    """Nothing is ever found that differs in more than print, and in the hyphens and spaces of line ends."""
    text = f"{text} {quote.swapcase()} {text}"
    try:
        found = find_quote(quote, text)
    except (QuoteNotFoundError, UsageError):
        return
    letters = [normal_form(side).replace("-", "").replace(" ", "") for side in (quote, found.exact)]

    assert letters[0] == letters[1]
    assert found.exact == text[found.start : found.end]


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_quote_of_any_text_is_answered(quote, text):
    """Every answer is whole: the offsets give back the words, and the words can be said."""
    try:
        check = check_quote(quote, text)
    except UsageError:
        return
    passage = check.quote or check.nearest

    assert passage is None or passage.exact == text[passage.start : passage.end]
    assert all(one.printed == text[one.text_start : one.text_end] for one in check.differences)
    assert len(describe(check).splitlines()) <= 3


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own(text):
    assert normal_form(text) == normal_form(normal_form(text))


@given(st.permutations(LONG_WORDS), st.integers(0, 4), st.lists(st.integers(1, 5), min_size=7, max_size=7))
def test_line_ends_do_not_hide_a_quote(words, start, cuts):
    """Words broken by a hyphen at the end of a line, in the source or in the quote."""
    broken = [f"{word[:at]}-\n{word[at:]}" for word, at in zip(words, cuts, strict=True)]
    whole, parted = " ".join(words[start:]), " ".join(broken[start:])

    assert "normalised" == check_quote(whole, " ".join(broken)).outcome == check_quote(parted, " ".join(words)).outcome
    assert "normalised" == find_quote(whole, " ".join(broken)).match


@pytest.mark.parametrize("quote", ["", " \n", "...", "“”", "—", "\u200b", "… [...] …", ". . . (...)", "\0", "?!"])
@pytest.mark.parametrize("search", [find_quote, check_quote])
def test_a_quote_without_a_word_is_refused(quote, search):
    with pytest.raises(UsageError, match=r"^the quote is empty: it takes at least one word of the source$"):
        search(quote, TEXT)


def test_a_quote_with_a_changed_number_is_refused_with_the_passage_that_is_near():
    with pytest.raises(NoSuchQuoteError, match=r'nearest passage \(\d\d % alike\) differs: says "9 December 2024", the') as caught:
        find_quote("rebels entered Damascus on 9 December 2024", TEXT)
    nearest = caught.value.nearest

    assert "Rebels entered Damascus on 8 December 2024" == str(caught.value).splitlines()[1] == nearest.exact
    assert nearest.exact == TEXT[nearest.start : nearest.end]


def test_a_quote_that_cuts_a_number_is_told_so():
    with pytest.raises(NoSuchQuoteError, match="cut a word or a number short, in:\n5,000 died") as caught:
        find_quote("000 died", TEXT)

    assert "5,000 died" == caught.value.nearest.exact


@pytest.mark.parametrize(("quote", "text"), [("xyzzy plugh", TEXT), ("words", ""), ("大統領", TEXT), ("word " * 200_000, "ab " * 100_000)])
def test_where_nothing_is_near_that_is_said(quote, text):
    with pytest.raises(NoSuchQuoteError, match="nothing there is near it") as caught:
        find_quote(quote, text)

    assert caught.value.nearest is None
    assert "not_found" == check_quote(quote, text).outcome


def test_the_nearest_passage_is_shown_on_one_short_line_that_cannot_write_to_the_terminal():
    text = "before\n\x1b[2J\u202e" + "some words\n" * 60 + "after"
    with pytest.raises(NoSuchQuoteError) as caught:
        find_quote("some words " * 59 + "sone words", text)
    shown = str(caught.value).splitlines()

    assert 2 == len(shown)
    assert len(shown[1]) <= 203
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_quote_is_found_deep_in_ten_megabytes():
    filler = FILLER * 110_000
    text = f"{filler}On 8 December the gates were opened.\n{filler}"
    found = find_quote("on 8 december THE gates", text)
    with pytest.raises(NoSuchQuoteError, match="On 8 December the gates were") as caught:
        find_quote("on 9 december the gates were", text)
    near = check_quote("On 8 Decembr the gates were openned", text)

    assert len(filler) == found.start == caught.value.nearest.start == near.quote.start
    assert "near" == near.outcome


@pytest.mark.parametrize(
    ("quote", "text"), [("a", "a" * 10**7), ("b a", "a" * 10**7), ("a b c", "a b " * 10**6), ("a'" * 5000 + "b", "a'" * 10**6)]
)
def test_megabytes_that_say_nothing_else_are_searched_to_their_end(quote, text):
    with pytest.raises(NoSuchQuoteError):
        find_quote(quote, text)


@pytest.mark.parametrize(
    ("quote", "text", "outcome"),
    [
        ((FILLER * 22_000).strip(), FILLER * 40_000, "exact"),
        ((FILLER * 22_000).strip().replace("quiet", "qiuet", 1), FILLER * 40_000, "not_found"),
        ("the city was quiet taht night", FILLER * 40_000, "near"),
        ("a rose is a rose by any other name", "a rose", "not_found"),
        ("1,2," * 4000 + "3", "1,2," * 50_000, "not_found"),
        ("e" + "\u0301" * 5000, "e" + "\u0301" * 50_000, "altered"),
        ("[a " * 3000, "[a] " * 50_000, "not_found"),
        ("a-\n" * 6000, "a-\n" * 50_000, "exact"),
        ("one hundred " * 1500 + "x", "one hundred " * 10_000, "not_found"),
        ("the cat\0 sat on teh mat", "so the cat\0 sat on the mat", "near"),
        ("w\ud800x sat on teh mat", "so w\ud800x sat on the mat", "near"),
    ],
    ids=[
        "1 MB",
        "1 MB with a slip",
        "twins",
        "longer than the text",
        "digits",
        "marks",
        "brackets",
        "hyphens",
        "numbers",
        "NUL",
        "surrogate",
    ],
)
def test_hostile_quotes_and_texts_are_answered(quote, text, outcome):
    assert outcome == check_quote(quote, text).outcome


def test_more_than_fifty_ellipses_are_refused():
    parts = ["the city"] * 51
    with pytest.raises(UsageError, match=r"^the quote has more than 50 ellipses: quote its parts one by one$"):
        check_quote(" ... ".join(parts), FILLER * 60)

    assert 50 == len(check_quote(" ... ".join(parts[:50]), FILLER * 60).parts)


def test_the_parts_of_a_quote_stand_in_order_and_the_passage_spans_them():
    text = "Rebels entered the city. Nobody slept. The president fled to Moscow by plane. Rebels entered the palace."
    check = check_quote("rebels entered … The president fled [...] by plane", text)

    assert ["Rebels entered", "The president fled", "by plane"] == [part.exact for part in check.parts]
    assert text[:77] == check.quote.exact + "."
    assert ("normalised", QuoteMatch.NORMALISED) == (check.outcome, check.quote.match)
    assert all(one.end <= other.start for one, other in pairwise(check.parts))


def test_of_several_places_the_parts_take_those_that_lie_closest():
    text = f"The city fell. {FILLER * 3}The city was taken by night. Nobody slept."
    check = check_quote("The city ... by night", text)

    assert "The city was taken by night" == check.quote.exact


def test_the_parts_of_a_quote_are_of_one_page():
    """Two words from two ends of a book are no quote."""
    between = "\n".join(f"Line {number} tells of something else." for number in range(400))
    text = f"The president of the republic fled in the morning. {between} He was found at the airport in the evening."

    assert "not_found" == check_quote("president of the republic fled ... was found at the airport", text).outcome
    assert "not_found" == check_quote("president ... morning ... was ... else", text).outcome


def test_each_part_may_differ_a_little_and_one_that_alters_counts():
    text = "In 1998 the council approved the plan, after a long debate, by 12 votes to 3."
    near = check_quote("the concil approved the plan ... by 12 votes to 3", text)
    altered = check_quote("the council approved the plan ... by 13 votes to 3", text)

    assert ("near", ["concil"]) == (near.outcome, [one.quoted for one in near.differences])
    assert ("altered", ["13"]) == (altered.outcome, [one.quoted for one in altered.differences])
    assert ["near", "exact"] == [str(part.match) for part in near.parts]


def test_where_a_text_repeats_itself_the_place_that_says_the_same_is_taken():
    text = "In 1998 he won 5 medals. In 1999 he won 6 medals. In 2000 he won 7 medals."
    check = check_quote("in 1999 he  won 6 medlas", text)

    assert ("near", "In 1999 he won 6 medals") == (check.outcome, check.quote.exact)


def test_a_slip_that_is_a_word_of_the_text_is_no_slip():
    """What the text has elsewhere was meant; what neither it nor any list of words has was mistyped."""
    text = "Later the government fell."

    assert "near" == check_quote("the govermnet fell", text).outcome
    assert "altered" == check_quote("the govermnet fell", f"The Govermnet is a boat. {text}").outcome


def test_of_two_places_the_first_is_taken():
    assert 4 == find_quote("cat", "the cat, the cat").start


def test_similarity_is_a_share():
    exact, near, other = (
        check_quote(quote, TEXT) for quote in ("Rebels entered", "Rebels enterred Damascus", "Rebel forces entered the town")
    )

    assert 1.0 == exact.similarity > near.similarity > other.similarity > 0.0
