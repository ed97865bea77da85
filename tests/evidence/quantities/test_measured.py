"""Floors on the development sets: altered figures are noticed, and figures that a source supports are not called different."""

import json

from verify.evidence.quantities import Outcome, compare_quantities

DIFFERENT = {Outcome.DIFFERS, Outcome.UNIT_DIFFERS, Outcome.DIRECTION_DIFFERS}


def compared(shared, name, wanted):
    """The outcomes of each row of a set that is wanted and has figures."""
    with (shared / "data" / "support" / f"{name}.jsonl").open(encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if wanted(row)]
    found = ({comparison.outcome for comparison in compare_quantities(row["claim"], "\n".join(row["sentences"]))} for row in rows)
    return [outcomes for outcomes in found if outcomes]


def share(outcomes, of):
    return sum(bool(each & of) for each in outcomes) / len(outcomes)


def test_altered_numbers_and_dates_are_noticed(shared):
    outcomes = compared(shared, "contrast_dev", lambda row: row["kind"] in {"number", "date"})

    assert share(outcomes, DIFFERENT | {Outcome.ABSENT}) >= 0.97
    assert share(outcomes, DIFFERENT) >= 0.93


def test_unaltered_and_reworded_figures_are_left_alone(shared):
    outcomes = compared(shared, "contrast_dev", lambda row: row["kind"] in {"same", "light"})

    assert share(outcomes, DIFFERENT | {Outcome.ABSENT}) <= 0.02


def test_a_supported_figure_is_seldom_called_different(shared):
    pages = compared(shared, "wice_dev", lambda row: row["supported"])
    sentences = compared(shared, "feversymmetric_dev", lambda row: row["supported"])
    passages = compared(shared, "attributionbench_dev", lambda row: row["supported"])

    assert share(pages, DIFFERENT) <= 0.05
    assert share(sentences, DIFFERENT) <= 0.03
    assert share(passages, DIFFERENT) <= 0.02


def test_a_refuted_figure_is_often_called_different(shared):
    outcomes = compared(shared, "feversymmetric_dev", lambda row: row["label"] == "refuted")

    assert share(outcomes, DIFFERENT) >= 0.3
