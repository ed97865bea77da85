"""Say in a few plain lines what came of checking a quote."""

from verify.model import TextQuote
from verify.terminal import one_line

from .check import QuoteCheck, QuoteOutcome
from .comparing import Difference

SHOWN = 200
_WORDS = 60
_MOST = 4
_FOUND = {
    QuoteOutcome.EXACT: "stands in the source word for word",
    QuoteOutcome.NORMALISED: "stands in the source, printed otherwise",
    QuoteOutcome.NEAR: "stands in the source but for small differences",
    QuoteOutcome.ALTERED: "does not say what the source prints",
}


def describe(check: QuoteCheck) -> str:
    """Give one to three lines for a person: where the quote stands, what differs, or the nearest passage. Safe to print on a terminal."""
    if check.quote is None:
        return _missing(check)
    where = f"at {check.quote.start} to {check.quote.end}"
    parts = f", in {len(check.parts)} parts" if check.parts else ""
    lines = [f"the quote {_FOUND[check.outcome]} ({where}{parts})"]
    if check.differences:
        lines.append(differences(check))
    if check.outcome in (QuoteOutcome.NEAR, QuoteOutcome.ALTERED):
        lines.append(f"the source prints: {shown(check.quote)}")
    return "\n".join(lines)


def shown(passage: TextQuote) -> str:
    """Give a passage on one short line."""
    return _cut(passage.exact, SHOWN)


def _missing(check: QuoteCheck) -> str:
    if check.nearest is None:
        return "the quote is not in the source, and nothing there is near it"
    return f"the quote is not in the source; the nearest passage ({check.similarity:.0%} alike) prints:\n{shown(check.nearest)}"


def differences(check: QuoteCheck) -> str:
    """Name the differences that matter: where some alter the statement, those."""
    told = [one for one in check.differences if one.alters] or list(check.differences)
    more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return "; ".join(map(_difference, told[:_MOST])) + more


def _difference(one: Difference) -> str:
    quoted, printed = _cut(one.quoted, _WORDS), _cut(one.printed, _WORDS)
    if not quoted:
        return f'leaves out "{printed}" ({one.kind})'
    if not printed:
        return f'puts in "{quoted}", which the source does not print ({one.kind})'
    return f'says "{quoted}", the source prints "{printed}" ({one.kind})'


def _cut(text: str, length: int) -> str:
    line = one_line(text[: 4 * length])
    if len(line) <= length:
        return line
    cut = line[:length]
    return f"{cut.rpartition(' ')[0] or cut}..."
