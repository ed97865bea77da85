"""What went wrong with a database, in words: the one place where errors of SQLite and PostgreSQL become a LedgerError.

They are told apart by the codes of the databases, never by their messages. What is not named here is a bug and keeps its traceback.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from verify.errors import LedgerError
from verify.terminal import one_line

_SQLITE = {
    sqlite3.SQLITE_BUSY: "{name} is locked by another process and stayed so: nothing was written\ntry again when that one is done",
    sqlite3.SQLITE_LOCKED: "{name} is locked by another process and stayed so: nothing was written\ntry again when that one is done",
    sqlite3.SQLITE_READONLY: "{name} cannot be written: the file or its folder is read-only for you",
    sqlite3.SQLITE_IOERR: "the disk refused, so nothing was written to {name}: {error}\nis there room for it, and no limit on the size of files?",
    sqlite3.SQLITE_CORRUPT: "{name} is damaged: {error}\ngo back to a backup, or save what can be read: sqlite3 FILE .recover",
    sqlite3.SQLITE_FULL: "the disk is full: nothing was written to {name}\nmake room and run the command again",
    sqlite3.SQLITE_CANTOPEN: "{name} cannot be opened: {why}",
    sqlite3.SQLITE_PERM: "{name} cannot be opened: you have no permission",
    sqlite3.SQLITE_AUTH: "{name} cannot be opened: you have no permission",
    sqlite3.SQLITE_NOTADB: "{name} is no SQLite database, or a damaged one\nname a ledger with --db or VERIFY_DB",
    sqlite3.SQLITE_TOOBIG: "a text is too long for {name} (SQLite takes up to a billion bytes): nothing was written",
    sqlite3.SQLITE_PROTOCOL: "{name} is locked by another process and stayed so: nothing was written\ntry again when that one is done",
}
"""By primary code of https://www.sqlite.org/rescode.html; extended codes carry it in their low byte. An OperationalError without a code is
Python's own: bytes that should be a text are none."""

_POSTGRESQL = {
    "no connection": "the server of {name} cannot be reached: {error}",
    "08": "the server of {name} cannot be reached: {error}",
    "22": "{name} cannot keep a text or a number of these: {error}\nnothing was written",
    "25006": "{name} cannot be written: it is read-only for you",
    "28": "{name} refused you: {error}",
    "3D": "there is no database {name}: {error}",
    "42501": "{name} refused you: {error}",
    "53100": "the disk is full: nothing was written to {name}\nmake room and run the command again",
    "53": "the server of {name} has too much to do: {error}",
    "54": "a name, a label or an address is too long for {name}, which finds it by up to 2,700 bytes: nothing was written",
    "55P03": "{name} is locked by another process and stayed so: nothing was written\ntry again when that one is done",
    "57014": "the server of {name} ended the work: {error}\nnothing was written",
    "57P": "the server of {name} went away: {error}",
}
"""By SQLSTATE or its beginning, of https://www.postgresql.org/docs/current/errcodes-appendix.html."""

_WITHOUT_STATE = {"OperationalError": "no connection", "DataError": "22"}
"""What the driver finds out before a server is asked, by the name of its error; a character that no text can have is the second."""


def sqlite_code(error: BaseException) -> int:
    """SQLite's extended result code of a driver's error, or of SQLAlchemy's wrapping of one; 0 when it has none."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlite_errorcode", 0) or 0


def _why_not(path: Path | None) -> str:
    """Why a file cannot be opened, as far as the system tells without opening it: closing a second handle would drop SQLite's locks."""
    if path is None:
        return "it is no file"
    try:
        if path.is_dir():
            return "it is a folder"
        if not path.parent.is_dir():
            return f"there is no folder {one_line(str(path.parent))}"
    except OSError as error:
        return (error.strerror or "the system refused").lower()
    return "you have no permission, or its folder does not let its lock files be made"


def _sentence(error: BaseException, name: str, path: Path | None) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    message = one_line(str(original).splitlines()[0] if str(original) else type(original).__name__)
    if isinstance(original, sqlite3.Error):
        code = sqlite_code(original) & 0xFF or (sqlite3.SQLITE_CORRUPT if isinstance(original, sqlite3.OperationalError) else 0)
        return _SQLITE.get(code, "").format(name=name, error=message, why=_why_not(path))
    if isinstance(original, UnicodeEncodeError) and original.reason == "surrogates not allowed":
        return f"a text with a broken character cannot be stored in {name}: nothing was written"
    if not isinstance(error, DBAPIError):
        return ""
    state = getattr(original, "sqlstate", None) or _WITHOUT_STATE.get(type(original).__name__, "")
    forms = (_POSTGRESQL[key] for key in (state, state[:3], state[:2]) if key in _POSTGRESQL)
    return next(forms, "").format(name=name, error=message)


@contextmanager
def in_words(name: str, path: Path | None = None) -> Iterator[None]:
    """Turn what a database says into a LedgerError about `name`; let everything else pass."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, UnicodeEncodeError) as error:
        sentence = _sentence(error, one_line(name), path)
        if not sentence:
            raise
        raise LedgerError(sentence) from error
