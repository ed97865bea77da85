"""The strict door: a quote that stands in its source as it is, or differs in print only; everything else is refused."""

from verify.errors import QuoteNotFoundError
from verify.model import TextQuote

from .check import QuoteCheck, QuoteOutcome, check_quote, refuse_empty
from .folding import folded, normal_form
from .wording import differences, shown

_JOINERS = str.maketrans("", "", "- ")


class NoSuchQuoteError(QuoteNotFoundError):
    """The quote is not in the text. `nearest` is the passage most like it, if any is."""

    def __init__(self, message: str, nearest: TextQuote | None = None) -> None:
        super().__init__(message)
        self.nearest = nearest


def find_quote(quote: str, text: str) -> TextQuote:
    """Find the first place where `quote` stands in `text` as whole words; offsets are code points of `text`, end exclusive.

    Raises `UsageError` for a quote without a word in it, `NoSuchQuoteError` (with the nearest passage) when it does not stand there.
    """
    refuse_empty(quote)
    check = check_quote(quote, text)
    strict = check.outcome in (QuoteOutcome.EXACT, QuoteOutcome.NORMALISED)
    if check.quote and strict and not check.parts and _letters(quote) == _letters(check.quote.exact):
        return check.quote
    nearest = check.quote or check.nearest
    if nearest is None:
        raise NoSuchQuoteError("the quote is not in the text of the source, and nothing there is near it")
    raise NoSuchQuoteError(f"the quote is not in the text of the source; {_why(quote, text, check)}:\n{shown(nearest)}", nearest)


def _letters(text: str) -> str:
    """The normal form without spaces and hyphens, which the end of a line brings in and takes away."""
    return normal_form(text).translate(_JOINERS)


def _why(quote: str, text: str, check: QuoteCheck) -> str:
    if normal_form(quote.strip()) in folded(text).text:
        return "it would cut a word or a number short, in"
    alike = f"the nearest passage ({min(int(check.similarity * 100), 99)} % alike)"
    return f"{alike} differs: {differences(check)}" if check.differences else alike
