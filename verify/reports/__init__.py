"""The rack of reports: an audit in, a stream of text out. To add a format, write one file with `render` and one line here.

The modules load at the point of use: only HTML needs jinja2. A report reads neither clock nor ledger, so the same audit gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module

from verify.errors import UsageError
from verify.model import Audit, Dossier
from verify.terminal import one_line

REPORTS: dict[str, str] = {
    "html": "verify.reports.html",
    "markdown": "verify.reports.markdown",
    "json": "verify.reports.json",
    "jsonl": "verify.reports.jsonl",
    "csv": "verify.reports.csv",
}
"""Name of a format -> the module whose `render(audit)` writes it."""


def render(name: str, audit: Audit) -> Iterator[str]:
    """Give the report of an audit in pieces, text that is valid UTF-8. Raises UsageError for a format that is not in the rack."""
    if name not in REPORTS:
        raise UsageError(f"There is no report format {one_line(name)!r}. Choose one of: {', '.join(REPORTS)}.")
    pieces: Iterator[str] = import_module(REPORTS[name]).render(audit)
    return pieces


LISTINGS: dict[str, str] = {"json": "as_json", "jsonl": "as_jsonl", "csv": "as_csv", "markdown": "as_markdown"}
"""Name of a format -> the function of `verify.reports.listing` that writes a list of claims in it."""


def render_list(name: str, dossiers: Iterable[Dossier]) -> Iterator[str]:
    """Give a list of claims in pieces, reading `dossiers` as it goes. Raises UsageError for a format that is not in the rack."""
    if name not in LISTINGS:
        raise UsageError(f"There is no list format {one_line(name)!r}. Choose one of: {', '.join(LISTINGS)}.")
    pieces: Iterator[str] = getattr(import_module("verify.reports.listing"), LISTINGS[name])(dossiers)
    return pieces
