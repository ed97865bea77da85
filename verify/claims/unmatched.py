"""What does not fit between a text and its own reference list: numbers without an entry, and entries that nobody cites."""

from collections.abc import Iterable

from verify.model import Claim, Reference


def unmatched(claims: Iterable[Claim], references: Iterable[Reference]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the labels cited that have no entry, in the order of the text, and the labels of entries that no claim cites, in that of the list.

    A note counts as a use of its entry, but needs none. A document without a list lacks no entry: there is nothing to compare with.
    """
    cited: dict[str, None] = {}
    used: set[str] = set()
    for claim in claims:
        cited.update(dict.fromkeys(claim.citation_labels))
        used.update(citation.label for citation in claim.citations)
    listed = dict.fromkeys(reference.label for reference in references)
    return tuple(label for label in cited if listed and label not in listed), tuple(label for label in listed if label not in used)
