"""Quantities: numbers, dates, amounts and measures of a text, and whether a source has the same ones for the same things."""

from verify.evidence.quantities.compare import SourceQuantities, compare_quantities
from verify.evidence.quantities.find import find_quantities
from verify.evidence.quantities.quantity import Comparison, Direction, Exactness, Kind, Outcome, Quantity

__all__ = [
    "Comparison",
    "Direction",
    "Exactness",
    "Kind",
    "Outcome",
    "Quantity",
    "SourceQuantities",
    "compare_quantities",
    "find_quantities",
]
