"""A quote is found in the text of its source, with what differs shown, or it is refused.

`find_quote` is the strict door: a quote that stands as it is or differs in print only. `check_quote` says more: how a quote stands, what differs,
and what the source prints there. Whatever was folded or forgiven, what is kept is the passage as the source prints it.
"""

from .check import QuoteCheck, QuoteOutcome, check_quote
from .comparing import Difference
from .folding import normal_form
from .relations import DifferenceKind
from .strict import NoSuchQuoteError, find_quote
from .wording import describe

__all__ = [
    "Difference",
    "DifferenceKind",
    "NoSuchQuoteError",
    "QuoteCheck",
    "QuoteOutcome",
    "check_quote",
    "describe",
    "find_quote",
    "normal_form",
]
