"""The tables that ship: what they say of themselves, and how they are read."""

import json
from importlib.resources import files

import pytest

from verify.evidence.features import CLAIM
from verify.evidence.grounding import TERM
from verify.evidence.picking import PICKED
from verify.evidence.search import ALONE
from verify.evidence.table import Logistic, Trees, logistic, sigmoid

TABLES = ["grounding.json", "rarity.json", "score.json", "search.json"]


def table(name):
    return json.loads(files("verify.evidence").joinpath(name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_it_was_learnt_from_and_by_what(name):
    said = table(name)

    assert "WiCE" in said["about"]
    assert "ODC-BY" in said["about"]
    assert "tools/train_scorer.py" in said["made"]


def test_no_table_holds_a_text():
    for name in TABLES:
        keys = [key for key in table(name).get("weights", {}) if " " in key]
        assert keys == []


@pytest.mark.parametrize(
    ("file", "name", "features"), [("score.json", "claim", CLAIM), ("search.json", "alone", ALONE), ("search.json", "picked", PICKED)]
)
def test_a_function_has_a_weight_for_each_feature(file, name, features):
    function = logistic(file, name)

    assert {len(function.weights), len(function.low), len(function.high)} == {len(features)}
    assert all(low <= high for low, high in zip(function.low, function.high, strict=True))


def test_trees_ask_only_for_features_there_are():
    asked = [tree for tree in table("grounding.json")["terms"]["trees"] if isinstance(tree, list)]
    seen = set()
    while asked:
        feature, _, *branches = asked.pop()
        seen.add(feature)
        asked += [branch for branch in branches if isinstance(branch, list)]

    assert seen
    assert max(seen) < len(TERM)


def test_a_feature_counts_only_within_the_range_that_training_saw():
    function = Logistic(0.5, (2.0,), (0.0,), (1.0,))

    assert [function.logit([x]) for x in (-9.0, 0.25, 9.0)] == [0.5, 1.0, 2.5]


def test_a_tree_goes_low_up_to_its_threshold():
    grown = Trees(0.0, ((0, 0.5, -2.0, (1, 1.0, 3.0, 4.0)),))

    assert [round(grown.probability(row), 4) for row in ([0.5, 0], [0.6, 1], [0.6, 2])] == [round(sigmoid(x), 4) for x in (-2.0, 3.0, 4.0)]


def test_no_odds_are_too_long():
    assert [sigmoid(x) for x in (-1e6, 0.0, 1e6)] == [0.0, 0.5, 1.0]
