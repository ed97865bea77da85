"""What is read and what it asserts: drafts, blocks, marks, claims and their citations.

Offsets are code points, start inclusive, end exclusive. Those of a `Mark`, a `Block` or a `Claim` count in the text of the revision
(`Draft.text`), in which markers stand as they were printed; `Citation.covers_*` count in the claim's own text, which has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .vocabulary import BlockKind, Layout, MarkKind


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker as printed. `labels` are citation numbers, keys or note names; for a tag, its one canonical name."""

    start: int
    end: int
    kind: MarkKind
    labels: tuple[str, ...] = ()
    locator: str = ""
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the document's text. `marks` are those that the format itself names; printed ones are found by `claims.markers`."""

    kind: BlockKind
    start: int
    end: int
    section: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """The document's own entry for a citation number: "18. Smith, ...". What it names is given bare and unchecked, empty where it names none;
    `accessed` as it is printed; `csl` is a CSL-JSON item where the format itself has fields (citation templates, reference managers)."""

    label: str
    text: str
    url: str = ""
    doi: str = ""
    isbn: str = ""
    pmid: str = ""
    arxiv: str = ""
    archive_url: str = ""
    accessed: str = ""
    page: str = ""
    csl: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader makes of bytes. `remarks` are lines for the user (the encoding taken, NUL bytes dropped).

    `names_markers` says that the format itself named every marker (as wikitext does), so that nothing printed is taken for one. `information` is what
    the file says of itself beside its text, by the names that its format has for it (a PDF's "Title", "Author", "CreationDate").
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    format: str = "text"
    encoding: str = "utf-8"
    language: str = ""
    references: tuple[Reference, ...] = ()
    remarks: tuple[str, ...] = ()
    names_markers: bool = False
    information: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """One label that a claim cites. `start`..`end` is the printed marker; `covers_*` the words of the claim that it stands for."""

    label: str
    start: int
    end: int
    covers_start: int
    covers_end: int
    kind: MarkKind = MarkKind.CITATION
    locator: str = ""


@dataclass(frozen=True, slots=True)
class CleanupTag:
    """A cleanup tag found in the text, by its canonical name ("citation needed")."""

    name: str
    start: int
    end: int
    printed: str = ""
    date: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a document, without its markers. `ordinal` counts from 1; `covered`: no marker of its own, but one follows in its
    paragraph."""

    ordinal: int
    text: str
    start: int
    end: int
    paragraph_start: int
    paragraph_end: int
    section: str = ""
    citations: tuple[Citation, ...] = ()
    tags: tuple[CleanupTag, ...] = ()
    covered: bool = False

    @property
    def citation_labels(self) -> tuple[str, ...]:
        """The numbers or keys that it cites, in printed order, each once."""
        return tuple(dict.fromkeys(c.label for c in self.citations if c.kind is MarkKind.CITATION))

    @property
    def note_labels(self) -> tuple[str, ...]:
        """The explanatory notes that it carries."""
        return tuple(dict.fromkeys(c.label for c in self.citations if c.kind is MarkKind.NOTE))

    @property
    def tag_names(self) -> tuple[str, ...]:
        """Its cleanup tags by canonical name, each once."""
        return tuple(dict.fromkeys(t.name for t in self.tags))

    @property
    def uncited(self) -> bool:
        """No citation of its own, none after it in its paragraph, and no cleanup tag that says so already."""
        return not self.citation_labels and not self.covered and not self.tags


@dataclass(frozen=True, slots=True)
class OrphanMarker:
    """A marker that found no sentence: kept and reported."""

    start: int
    end: int
    printed: str
    kind: MarkKind
    labels: tuple[str, ...]
    why: str


AS_ASKED = "as asked"
"""Why a layout was taken that the user named; it holds for the document's later revisions until another is named."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a draft asserts under one marker layout. `skipped` counts the blocks that hold no claims, by kind."""

    layout: Layout
    layout_why: str
    claims: tuple[Claim, ...]
    orphans: tuple[OrphanMarker, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)


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


def sha256_of(data: str | bytes) -> str:
    """Hex sha256 of bytes, or of a text in UTF-8."""
    return hashlib.sha256(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data).hexdigest()
