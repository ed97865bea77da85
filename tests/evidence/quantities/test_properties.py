"""What holds for every number, unit and text, however printed."""

import sys
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verify.evidence.quantities import Kind, Outcome, SourceQuantities, compare_quantities, find_quantities

LOCALES = {
    "English": (",", "."),
    "German": (".", ","),
    "French": ("\u202f", ","),
    "typed French": (" ", ","),
    "Swiss": ("'", "."),
    "SI": ("\u2009", "."),
    "nbsp": ("\u00a0", ","),
}
LENGTHS = {"km": 1000, "m": 1, "cm": 0.01, "miles": 1609.344, "yards": 0.9144, "feet": 0.3048, "nautical miles": 1852}
MASSES = {"kg": 1, "g": 0.001, "tonnes": 1000, "lb": 0.45359237, "ounces": 0.028349523125}
DURATIONS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
WORDS = [
    "the",
    "library",
    "bridge",
    "river",
    "holds",
    "built",
    "king",
    "near",
    "seven",
    "half",
    "first",
    "about",
    "over",
    "rose",
    "fell",
    "to",
    "from",
    "and",
    "between",
    "May",
    "in",
    "of",
    "a",
    "-",
    "–",
    ",",
    ".",
    ";",
    "(",
    ")",
    "%",
    "$",
    "€",
    "km",
]
FIGURES = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**9).map("{:,}".format),
    st.decimals(0, 999, places=2).map(str),
    st.sampled_from(["1998", "12", "3-1", "1990s", "21st", "6.12.2024"]),
)


def in_locale(number, places, marks):
    thousands, decimal = marks
    return f"{number:,.{places}f}".translate({ord(","): thousands, ord("."): decimal})


def readings(quantity):
    return {quantity.low, *(low for low, _ in quantity.also)}


@given(st.integers(0, 10**12), st.integers(0, 2), st.sampled_from(sorted(LOCALES)))
def test_a_number_printed_in_any_locale_is_found_whole(number, places, locale):
    number /= 10**places
    printed = in_locale(number, places, LOCALES[locale])
    found = find_quantities(f"Everyone knows {printed} ships")

    assert [printed] == [quantity.text for quantity in found]
    assert any(abs(value - number) < 1e-6 * max(number, 1) for value in readings(found[0]))


@given(
    st.integers(1, 999),
    st.integers(1, 12),
    st.integers(1, 28),
    st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{y}-{n:02}-{d:02}", "the {d}th of {m}, {y}", "{d}.{n}.{y}"]),
)
def test_a_date_is_the_same_in_every_form(year, month, day, form):
    printed = form.format(d=day, m=MONTHS[month - 1], n=month, y=year + 1000)
    (expected,) = find_quantities(f"on {year + 1000}-{month:02}-{day:02}")
    (found,) = find_quantities(f"on {printed} it rained")

    assert (expected.low, expected.high, "day") == (found.low, found.high, found.unit)


@pytest.mark.parametrize("units", [LENGTHS, MASSES, DURATIONS], ids=["lengths", "masses", "durations"])
@given(data=st.data(), figure=st.integers(2, 500))
def test_a_measure_agrees_with_itself_in_any_other_unit(units, data, figure):
    ours, theirs = data.draw(st.sampled_from(sorted(units))), data.draw(st.sampled_from(sorted(units)))
    converted = figure * units[ours] / units[theirs]
    assume(0.01 < converted < 10**6)
    (found,) = compare_quantities(f"The old thing measures {figure} {ours} now.", f"The old thing measures {converted:.4f} {theirs} now.")

    assert found.outcome is Outcome.AGREES


@pytest.mark.parametrize(("ours", "theirs"), [*combinations(sorted(LENGTHS), 2)], ids=lambda unit: unit)
@given(figure=st.integers(2, 500))
def test_twice_a_measure_never_agrees(ours, theirs, figure):
    converted = 2 * figure * LENGTHS[ours] / LENGTHS[theirs]
    (found,) = compare_quantities(f"The old thing measures {figure} {ours} now.", f"The old thing measures {converted:.4f} {theirs} now.")

    assert found.outcome is not Outcome.AGREES


@given(st.lists(st.one_of(st.sampled_from(WORDS), FIGURES), max_size=25).map(" ".join))
def test_every_quantity_of_a_text_agrees_with_the_text_itself(text):
    outcomes = {comparison.outcome for comparison in compare_quantities(text, text)}

    assert outcomes <= {Outcome.AGREES}


@given(
    st.integers(0, 10**8),
    st.integers(0, 7),
    st.integers(1, 9),
    st.sampled_from(["{} ships sailed in spring", "the king had ${} in the bank", "{}% of the harvest", "the walk of {} km"]),
)
def test_a_changed_digit_never_agrees(number, position, change, sentence):
    digits = str(number)
    position %= len(digits)
    changed = f"{digits[:position]}{(int(digits[position]) + change) % 10}{digits[position + 1 :]}"
    assume(int(changed) % 1000)  # else it may be the number rounded
    (found,) = compare_quantities(sentence.format(changed), sentence.format(digits))

    assert found.outcome is not Outcome.AGREES


@given(st.sampled_from(MONTHS), st.sampled_from(MONTHS), st.integers(1, 28), st.integers(1500, 2100))
def test_a_changed_month_never_agrees(month, other, day, year):
    assume(month != other)
    (found,) = compare_quantities(f"The fair opened on {day} {month} {year}.", f"The fair opened on {day} {other} {year}.")

    assert found.outcome is Outcome.DIFFERS


@given(
    st.one_of(
        st.text(max_size=80),
        st.text("0123456789.,-–/:'’ %$€½IVX(ab", max_size=80),
        st.lists(st.one_of(st.sampled_from(WORDS), FIGURES), max_size=25).map("".join),
    )
)
def test_quantities_of_any_text_stand_where_they_say_and_in_order(text):
    end = 0
    for quantity in find_quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text != ""
        assert end <= quantity.start
        assert quantity.low <= quantity.high
        end = quantity.end


def calls(work, *arguments):
    """How many functions a piece of work calls: its length without a clock."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        work(*arguments)
    finally:
        sys.setprofile(None)
    return count


HOSTILE = [
    "1,1,",
    "1 1 ",
    "1-",
    "1-2 ",
    "1/2/",
    "1.",
    "9",
    "[1]",
    "(",
    "- ",
    "-",
    "a hundred ",
    "one and ",
    "of the ",
    "early ",
    "late-",
    "5 ft 5 in ",
    "$",
    "$1",
    "1998–",
    "May ",
    "6 May ",
    "from 1 to ",
    "half a ",
    "%",
    "½",
    "XIX",
    "'",
    "12 345 ",
    "http://a",
    "10.1234/",
    "a 1. ",
    "twenty ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_reading_takes_no_more_than_twice_the_work_for_twice_the_text(piece):
    find_quantities(piece * 300)  # fills the caches
    once, twice = (calls(find_quantities, piece * repeats) for repeats in (300, 600))

    assert twice < 2.2 * once + 200


@pytest.mark.parametrize(
    "text",
    [
        "9" * 10**6,
        "1,1," * 250_000,
        "1." * 500_000,
        " " * 10**6,
        "a" * 10**6,
        "-" * 10**6,
        "10." * 300_000,
        "http://" * 140_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_megabyte_that_is_no_quantity_is_read_to_its_end(text):
    assert () == find_quantities(text)


def test_a_claim_of_endless_numbers_is_answered_for_each_and_compared_for_a_few():
    claim = "1 of 2 and 3, " * 1000
    found = compare_quantities(claim, "1 of 2 and 3")

    assert len(find_quantities(claim)) == len(found)
    assert (Outcome.AGREES, "not compared: there are too many figures") == (found[0].outcome, found[-1].why)


def test_a_source_is_asked_many_claims():
    source = SourceQuantities("The library has 25 rooms. The bridge is 10 km long.")

    assert ["25", "10 km"] == [quantity.text for quantity in source.quantities]
    assert [Outcome.AGREES] == [comparison.outcome for comparison in source.compare("The library has 25 rooms.")]
    assert [Outcome.DIFFERS] == [comparison.outcome for comparison in source.compare("The bridge is 12 km long.")]
    assert () == source.compare("No figure.")


def test_of_two_places_alike_the_one_in_focus_is_taken():
    text = "The town has 25 rooms. The town has 30 rooms."
    start = text.index("The town has 30")
    (left,) = compare_quantities("The town has 27 rooms.", text, focus=[(0, start)])
    (right,) = compare_quantities("The town has 27 rooms.", text, focus=[(start, len(text))])

    assert ("25", "30") == (left.match.text, right.match.text)


def test_how_sure_a_comparison_is_lies_between_nothing_and_certainty():
    source = SourceQuantities("In 2010 the town had 300 schools and in 2020 it had 500, up 67% from 300. It cost $5m.")
    found = source.compare("In 2010 the town had 500 schools, 70% more than 1998, for $6 million; 12 were new.")

    assert {Kind.YEAR, Kind.CARDINAL, Kind.PERCENT, Kind.CURRENCY} == {comparison.quantity.kind for comparison in found}
    assert all(0 <= comparison.confidence <= 1 and comparison.why for comparison in found)
