"""The tables of coefficients that ship with the scorer, and the two forms they have: a logistic function and a few small trees.

A table is JSON, written by tools/train_scorer.py; each says in its `about` what it was trained on and when. Pure Python reads them: a claim asks
for some hundred sums, which numpy would not do sooner than it is imported.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

Tree = float | tuple[int, float, "Tree", "Tree"]
"""A value, or a feature with a threshold, the tree for features up to it and the tree for those above."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A weighted sum of features, each first held to the range that training saw, turned into a probability."""

    intercept: float
    weights: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def logit(self, row: Sequence[float]) -> float:
        """The sum itself, a logarithm of odds."""
        return self.intercept + sum(
            w * (low if x < low else high if x > high else x)  # noqa: FURB136 - two calls would double the time of an assessment's largest loop
            for w, x, low, high in zip(self.weights, row, self.low, self.high, strict=True)
        )

    def probability(self, row: Sequence[float]) -> float:
        """The probability, 0..1."""
        return sigmoid(self.logit(row))

    @staticmethod
    def as_probability(logit: float) -> float:
        """The probability of a sum that was worked out before."""
        return sigmoid(logit)


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees: each adds its value to a logarithm of odds."""

    intercept: float
    trees: tuple[Tree, ...]

    def probability(self, row: Sequence[float]) -> float:
        """The probability, 0..1."""
        total = self.intercept
        for tree in self.trees:
            node = tree
            while isinstance(node, tuple):
                feature, threshold, low, high = node
                node = low if row[feature] <= threshold else high
            total += node
        return sigmoid(total)


def sigmoid(logit: float) -> float:
    """The probability of a logarithm of odds, without overflow."""
    return 1 / (1 + exp(-logit)) if logit > -700 else 0.0  # noqa: PLR2004 - where exp leaves the range of a float


@cache
def logistic(file: str, name: str) -> Logistic:
    """Read one logistic function from a packaged table."""
    table = _read(file)[name]
    return Logistic(table["intercept"], *(tuple(table[key]) for key in ("weights", "low", "high")))


@cache
def trees(file: str, name: str) -> Trees:
    """Read boosted trees from a packaged table."""
    table = _read(file)[name]
    return Trees(table["intercept"], tuple(map(_tree, table["trees"])))


def _tree(node: Any) -> Tree:
    """A tree as JSON has it, a number or a list of four, made quick to walk."""
    return (node[0], node[1], _tree(node[2]), _tree(node[3])) if isinstance(node, list) else float(node)


@cache
def _read(file: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath(file).read_text(encoding="utf-8"))
    return table
