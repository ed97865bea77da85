"""Quantities are found where they stand, in the forms that people print them in."""

import json
from datetime import date
from pathlib import Path

import pytest

from verify.evidence.quantities import Kind, find_quantities
from verify.evidence.quantities.days import year_of

CASES = Path(__file__).parents[2] / "cases" / "quantities"
WRITTEN = [
    (group, text, found)
    for name in ("numbers", "dates", "units")
    for group, cases in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")).items()
    for text, found in cases
]


def _day(number, unit):
    if unit == "minute":
        return f"{int(number) // 60:02}:{int(number) % 60:02}"
    if unit == "day of year":
        return f"-{date.fromordinal(int(number) + date(2023, 12, 31).toordinal()):%m-%d}".replace("-", "--", 1)
    return str(year_of(number)) if number < 367 else date.fromordinal(int(number) - 366).isoformat()


def _span(quantity, low, high):
    calendar = quantity.unit in {"day", "day of year", "minute"}
    ends = [_day(end, quantity.unit) if calendar else f"{end:.0f}" if end % 1 == 0 else f"{end:.10g}" for end in (low, high)]
    return ends[0] if low == high else "..".join(ends)


def printed(quantity):
    """A quantity as the written cases give it."""
    unit = "" if quantity.unit in {"day", "day of year", "minute"} else quantity.unit
    said = [f"{quantity.text} = {quantity.kind}", _span(quantity, quantity.low, quantity.high), unit]
    dated = quantity.kind in {Kind.YEAR, Kind.DATE, Kind.TIME_OF_DAY}
    said += [f"also {_span(quantity, *quantity.also[0])}" if quantity.also and dated else ""]
    said += [each for each in (quantity.exactness, quantity.direction) if each not in {"exact", "none"}]
    return " ".join(filter(None, said))


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in WRITTEN], ids=[f"{case[0]}: {case[1]}" for case in WRITTEN])
def test_a_written_quantity_is_read(text, found):
    assert found == [printed(quantity) for quantity in find_quantities(text)]
