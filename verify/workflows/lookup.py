"""What looks up works by DOI, opened by what a person names."""

from verify.sources.works import WorkIndex, Works, open_works
from verify.terminal import one_line

__all__ = ["Works", "open_lookup"]


def open_lookup(named: str) -> tuple[Works, list[str]]:
    """Open a file, a folder or a plug-in, and say which entries of it cannot be read, a line each.

    Raises UsageError for what is none of them, ReadError and VerifyError for what cannot be opened.
    """
    works = open_works(named)
    if not isinstance(works, WorkIndex):
        return works, []
    return works, [
        f"{one_line(str(f.path))}, line {f.entry.line}: {one_line(f.entry.key) or 'an entry'}: {f.entry.why}" for f in works.faults
    ]
