"""A quantity of a claim agrees or differs with the one of the source that speaks of the same thing, and no other."""

import json
from pathlib import Path

import pytest

from verify.evidence.quantities import compare_quantities

CASES = Path(__file__).parents[2] / "cases" / "quantities"
WRITTEN = [
    (group, *case) for group, cases in json.loads((CASES / "comparisons.json").read_text(encoding="utf-8")).items() for case in cases
]


def told(comparison):
    """A comparison as the written cases give it."""
    match = f" {comparison.match.text}" if comparison.match else ""
    return f"{comparison.quantity.text}: {comparison.outcome}{match}"


@pytest.mark.parametrize(("claim", "source", "outcomes"), [case[1:] for case in WRITTEN], ids=[f"{case[0]}: {case[1]}" for case in WRITTEN])
def test_a_written_comparison(claim, source, outcomes):
    assert outcomes == [told(comparison) for comparison in compare_quantities(claim, source)]
