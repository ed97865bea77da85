"""The errors a user can act on: one line each, with the exit code they end with.

Whatever is not a `VerifyError` is a bug and keeps its traceback. Exit codes: 1 findings, 2 usage or configuration, 3 could not do it.
"""

FOUND = 1
USAGE = 2
FAILED = 3
INTERRUPTED = 130


class VerifyError(Exception):
    """Something that a user can mend; `str()` is one to three lines that say what and how."""

    exit_code = FAILED


class UsageError(VerifyError):
    """What was asked for makes no sense: an unknown claim, status, format, or an ambiguous target."""

    exit_code = USAGE


class ReadError(VerifyError):
    """A document or a source could not be read: missing, binary, empty, too large."""


class LedgerError(VerifyError):
    """The database could not be opened, is not ours, is damaged, locked, read-only, or of another version."""


class QuoteNotFoundError(VerifyError):
    """A quote does not stand in the text of its source; nothing was stored."""


class InvalidIdentifierError(UsageError):
    """A DOI, ISBN, arXiv id or URL that cannot be one."""


class NoLedgerError(LedgerError):
    """There is no ledger yet: nothing was ingested."""
