"""Where the text of a source is asked for on the web."""

from urllib.parse import quote

from verify.model import SourceKind

from .archives import archived_copy

_RESOLVER = "https://doi.org/"
_PAPERS = "https://arxiv.org/pdf/"
_SAFE = "/:;()._-~!$&'*+,=@"


def address_of(kind: SourceKind, canonical: str) -> str:
    """Give the address of a source by its canonical name; "" for one that has none (a book, a file, words).

    A DOI is asked of its resolver, a paper of arXiv as the PDF that holds its text, and a copy in the Wayback Machine as it was kept, without the
    archive's own banner.
    """
    bare = canonical.partition(":")[2]
    if kind is SourceKind.DOI:
        return _RESOLVER + quote(bare, safe=_SAFE)
    if kind is SourceKind.ARXIV:
        return _PAPERS + quote(bare, safe=_SAFE)
    if kind is not SourceKind.URL:
        return ""
    copy = archived_copy(canonical)
    return copy.raw_url if copy else canonical
