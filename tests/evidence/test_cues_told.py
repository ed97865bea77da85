"""Cues as a person reads them: a date is a date, and not the number in it."""

import pytest

from verify.evidence.assess import assess
from verify.evidence.source import SourceText
from verify.model import Verdict

HOMS = SourceText.of("6 December. Homs goes in the night before 7 December, and with it the motorway that joins the capital to the ports.")
CLAIM = "Homs went in the night before 8 December, and with it the motorway that joined the capital to the ports."
AIRPORT = "No foreign airline landed at the airport again until {} January 2025, when a flight came in from Doha."


@pytest.mark.parametrize(
    ("claim", "source", "cue"),
    [
        (CLAIM, HOMS, ("date", "8 December", "7 December")),
        (AIRPORT.format(7), SourceText.of(AIRPORT.format(9)), ("date", "7 January 2025", "9 January 2025")),
        ("The tower stands forty metres high over the square.", SourceText.of("The tower stands sixty metres high over the square."), None),
    ],
)
def test_a_number_in_a_date_is_told_as_the_date(claim, source, cue):
    """One cue for the whole; its words are those of the claim. A number that is none stays one."""
    said = assess(claim, source)
    told = [(str(each.kind), each.said, each.found) for each in said.cues if each.found]

    assert Verdict.CONTRADICTED is said.verdict
    assert [cue or ("number", "forty", "sixty")] == told
    assert all(claim[each.start : each.end] == each.said for each in said.cues)
    assert f"likely problem: {told[0][0]} {told[0][1]!r}; the source has {told[0][2]!r}" == said.why
