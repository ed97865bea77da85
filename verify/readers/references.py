"""What an entry of a reference list names: its URL, DOI, ISBN, PMID, arXiv id, archive copy, access date and page."""

import re
from collections.abc import Mapping, Sequence

from verify.model import Reference

_URL = re.compile(r"https?://[^\s<>\"]+|www\.[^\s<>\"]+")


def reference_of(label: str, text: str, *, urls: Sequence[str] = (), csl: Mapping[str, object] | None = None) -> Reference:
    """Read an entry's text; `urls` are addresses that the format gives beside it, in their order; `csl` is its CSL-JSON item, if it has one."""
    found = [*urls, *(match.rstrip(".,;)") for match in _URL.findall(text))]
    return Reference(label, text, url=found[0] if found else "", csl=dict(csl or {}))
