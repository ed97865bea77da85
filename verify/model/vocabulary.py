"""The words that values are chosen from; the same in code, commands, schema, reports and docs."""

from enum import StrEnum


class Layout(StrEnum):
    """Which way a marker points: at the words before it, or, where it opens a paragraph, at the sentence after it."""

    TRAILING = "trailing"
    LEADING = "leading"


class BlockKind(StrEnum):
    """What a stretch of a document is; only the first three hold claims."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    QUOTE = "quote"
    TITLE = "title"
    HEADING = "heading"
    TABLE = "table"
    CAPTION = "caption"
    HATNOTE = "hatnote"
    FORMULA = "formula"
    CODE = "code"
    REFERENCE_LIST = "reference list"
    LINK_LIST = "link list"

    @property
    def holds_claims(self) -> bool:
        """Whether the sentences of such a block are claims."""
        return self in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE)


class MarkKind(StrEnum):
    """What a marker does: cites a reference, points at an explanatory note, tags for cleanup, or prints a page or an edit link."""

    CITATION = "citation"
    NOTE = "note"
    TAG = "tag"
    PAGE = "page"
    EDIT = "edit"


class Status(StrEnum):
    """What the decisions say of a claim."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    PARTIALLY_VERIFIED = "partially_verified"
    FAILED_VERIFICATION = "failed_verification"
    DISPUTED = "disputed"
    UNVERIFIABLE = "unverifiable"
    NOT_A_CLAIM = "not_a_claim"


class Reason(StrEnum):
    """Why a claim needs a person, most urgent first."""

    TAGGED = "tagged"
    FLAGGED = "flagged"
    CONTRADICTED = "likely problem"
    DISAGREEMENT = "reviewers disagree"
    STALE = "stale"
    UNCITED = "uncited"
    COVERED = "covered"
    NO_SOURCE = "no source"
    UNVERIFIED = "unverified"


class FlagOrigin(StrEnum):
    """Who raised a flag."""

    TAG = "tag"
    PERSON = "person"


class SourceKind(StrEnum):
    """How a source is identified."""

    URL = "url"
    DOI = "doi"
    ISBN = "isbn"
    ARXIV = "arxiv"
    FILE = "file"
    OFFLINE = "offline"


class QuoteMatch(StrEnum):
    """How a quote was found in the text of its source."""

    EXACT = "exact"
    NORMALISED = "normalised"
    NEAR = "near"
    ALTERED = "altered"
    NOT_FOUND = "not_found"


class BaselineState(StrEnum):
    """A claim against the previous reading of its document (SARIF's words)."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    ABSENT = "absent"


class RelationKind(StrEnum):
    """What a claim is to one of the revision before: a part of it, made of it and another, or too like it to be told apart."""

    SPLIT = "split"
    MERGED = "merged"
    ALIKE = "alike"
