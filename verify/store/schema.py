"""The tables of a ledger, each with what it is for: the one place where a column is declared.

`migrations/` makes the same tables step by step, and a test holds the two together. The words that a value is chosen from stand in
small tables of their own, not in CHECK constraints: SQLite can only change a CHECK by rebuilding the table, which drops its triggers.
Lists and objects are kept as canonical JSON text, so that equal values are equal texts on either database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

HEAD = "0002"
"""The revision that this program reads and writes; a test says that it is Alembic's head."""

APPLICATION_ID = 0x76726679
"""`PRAGMA application_id` of our SQLite files: "vrfy" in ASCII."""

LONGEST_ID = 2**31 - 1
"""What an id can be at most (PostgreSQL's integer); a larger number names nothing."""


def canonical_json(value: Any) -> str:
    """One spelling for one value: sorted keys, no spaces, no NaN, letters of every script as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def utc_text(time: datetime) -> str:
    """A time as the ledger spells it, of one width so that texts sort as times do: "2024-12-08T05:00:00.000000Z".

    Raises ValueError for a time without a zone.
    """
    if time.tzinfo is None:
        raise ValueError(f"a time without a zone: {time!r}")
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class UtcTime(TypeDecorator[datetime]):
    """A moment, always in UTC: ISO 8601 text on SQLite, where people read it, `timestamptz` on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take text where the database has no time type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a time without a zone on either database."""
        if value is None:
            return None
        return utc_text(value) if dialect.name == "sqlite" else value.astimezone(UTC) if value.tzinfo else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give every time in UTC, whatever zone the server thinks in."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

WORDS: Mapping[str, Mapping[str, str]] = {
    "statuses": {
        "unverified": "nobody has decided yet",
        "verified": "its sources support it",
        "partially_verified": "its sources support a part of it",
        "failed_verification": "its sources do not support it",
        "disputed": "sources or reviewers disagree",
        "unverifiable": "it cannot be checked; the note says why",
        "not_a_claim": "it asserts nothing",
    },
    "layouts": {
        "trailing": "a marker belongs to the words before it",
        "leading": "a marker that opens a paragraph belongs to the sentence after it",
    },
    "marker_kinds": {
        "citation": "cites a reference",
        "note": "points at an explanatory note",
        "tag": "asks for cleanup",
        "page": "prints a page number",
        "edit": "prints an edit link",
    },
    "source_kinds": {
        "url": "a web address",
        "doi": "a Digital Object Identifier",
        "isbn": "an International Standard Book Number",
        "arxiv": "an arXiv identifier",
        "file": "a local file, named by its sha256",
        "offline": "a work described in words",
    },
    "flag_origins": {
        "tag": "printed in the text",
        "person": "raised by a reviewer",
    },
    "link_origins": {
        "person": "attached by a reviewer",
        "document": "named by the document's own reference list",
    },
    "quote_matches": {
        "exact": "found letter by letter",
        "normalised": "found once case, spaces, quotation marks and dashes were set aside",
    },
}
"""The words of each small table, with what they mean; the migrations fill them in."""

_WORD_TABLES = {
    "statuses": "What the decisions can say of a claim.",
    "layouts": "Which way a marker can point.",
    "marker_kinds": "What a marker can do.",
    "source_kinds": "How a source can be identified.",
    "flag_origins": "Who can raise a flag.",
    "link_origins": "Who can link a source.",
    "quote_matches": "How a quote can be found in the text of its source.",
}

for _name, _comment in _WORD_TABLES.items():
    Table(
        _name,
        metadata,
        Column("name", Text, primary_key=True, comment="The word itself, as other tables hold it."),
        Column("meaning", Text, nullable=False, comment="What it says."),
        comment=_comment,
    )


def _id(comment: str) -> Column[int]:
    return Column("id", Integer, primary_key=True, comment=comment)


def _text(name: str, comment: str) -> Column[str]:
    return Column(name, Text, nullable=False, comment=comment)


def _number(name: str, comment: str) -> Column[int]:
    return Column(name, Integer, nullable=False, comment=comment)


def _time(name: str, comment: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcTime, nullable=nullable, comment=comment)


def _yes_no(name: str, comment: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, comment=comment)


def _word(name: str, table: str, comment: str) -> Column[str]:
    return Column(name, Text, ForeignKey(f"{table}.name"), nullable=False, comment=comment)


def _to(name: str, table: str, comment: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column(name, Integer, ForeignKey(f"{table}.id"), nullable=nullable, primary_key=primary_key, comment=comment)


documents = Table(
    "documents",
    metadata,
    _id("Number of the document."),
    _text("name", "Short name that commands take; unique."),
    _text("title", "Title as printed, empty when it has none."),
    _text("origin", "Where it was read from: an absolute path, a URL, or - for standard input."),
    UniqueConstraint("name"),
    Index(None, "origin"),
    comment="Texts under watch.",
)

revisions = Table(
    "revisions",
    metadata,
    _id("Number of the revision."),
    _to("document_id", "documents", "The document whose state this is."),
    _number("sequence", "Counts the revisions of a document from 1; the greatest is the current one."),
    _text("sha256", "Hex sha256 of the bytes as they came. A text may return to an earlier state, so it is not unique."),
    _text("origin_revision", "What the place it was read from calls this state, a wiki's revision id; empty where it has no name."),
    _text("format", "Format it was read as."),
    _text("encoding", "Encoding that was taken."),
    _word("layout", "layouts", "Which way its markers were taken to point."),
    _text("layout_why", "Why that layout was taken."),
    _text("text", "Its text; every offset of claims and markers counts code points in it."),
    _text("skipped", "JSON object: how many blocks hold no claims, by kind."),
    _time("ingested_at", "When it was read."),
    UniqueConstraint("document_id", "sequence"),
    Index(None, "sha256"),
    comment="States of a document, each with its text and how it was read.",
)

claims = Table(
    "claims",
    metadata,
    # Counted by the one writer, on both databases alike: a bulk insert then knows the ids without asking for them.
    Column("id", Integer, primary_key=True, autoincrement=False, comment="Number of the claim; it keeps it through every revision."),
    _to("document_id", "documents", "The document that asserts it."),
    _to("revision_id", "revisions", "The revision in which it stands, or last stood."),
    _to("first_revision_id", "revisions", "The revision in which it was first seen."),
    _number("ordinal", "Its place in the document, from 1."),
    _text("section", "Heading that it stands under."),
    _text("text", "The sentence, without its markers."),
    _text("text_sha256", "Hex sha256 of that text in UTF-8."),
    _number("start_offset", "Where it starts in the revision's text."),
    _number("end_offset", "Where it ends, exclusive."),
    _number("paragraph_start", "Where its paragraph starts."),
    _number("paragraph_end", "Where its paragraph ends, exclusive."),
    _yes_no("covered", "It has no citation of its own, but one follows in its paragraph."),
    _text("citation_labels", "JSON list of the citation numbers that it cites, in printed order; derived from citations."),
    _word("status", "statuses", "What its decisions say; derived from decisions."),
    _yes_no("absent", "It no longer stands in the document; it is kept."),
    Index(None, "document_id", "ordinal"),
    Index(None, "document_id", "status"),
    comment="Sentences of a document, each asserting something.",
)

citations = Table(
    "citations",
    metadata,
    _to("claim_id", "claims", "The claim that cites.", primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="Its place among the citations of the claim, from 1."),
    _text("label", "Citation number, key or note name."),
    _word("kind", "marker_kinds", "Whether it cites a reference or points at a note."),
    _number("start_offset", "Where the printed marker starts in the revision's text."),
    _number("end_offset", "Where it ends, exclusive."),
    _number("covers_start", "Where the words that it stands for start, in the claim's own text."),
    _number("covers_end", "Where they end, exclusive."),
    _text("locator", "Page or section printed with the marker."),
    Index(None, "label"),
    comment="Labels that a claim cites, with the words each stands for.",
)

orphan_markers = Table(
    "orphan_markers",
    metadata,
    _to("revision_id", "revisions", "The revision in which it stands.", primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="Its place among the orphans of the revision, from 1."),
    _number("start_offset", "Where it starts in the revision's text."),
    _number("end_offset", "Where it ends, exclusive."),
    _text("printed", "The marker as printed."),
    _word("kind", "marker_kinds", "What it does."),
    _text("labels", "JSON list of its labels."),
    _text("why", "Why it belongs to no claim."),
    comment="Markers that found no sentence.",
)

document_references = Table(
    "document_references",
    metadata,
    _to("document_id", "documents", "The document whose reference list it is."),
    _number("ordinal", "Its place in the list, from 1."),
    _text("label", "The citation number or key that it explains."),
    _text("text", "The entry as printed."),
    _text("url", "Address that it gives, or empty; that of the page itself where it gives an archive's copy too."),
    _text("doi", "DOI that it gives, bare and unchecked, or empty."),
    _text("isbn", "ISBN that it gives, as printed and unchecked, or empty."),
    _text("pmid", "Number in PubMed that it gives, or empty."),
    _text("arxiv", "arXiv id that it gives, or empty."),
    _text("archive_url", "Address of an archived copy that it gives, or empty."),
    _text("accessed", "When its page was looked at, as printed, or empty."),
    _text("page", "Pages that it gives, as printed, or empty."),
    _text("csl", "Its CSL-JSON item where the format has fields; {} where it is words only."),
    UniqueConstraint("document_id", "label"),
    comment="The document's own entries for its citation numbers, as its current revision prints them.",
)

sources = Table(
    "sources",
    metadata,
    _id("Number of the source."),
    _word("kind", "source_kinds", "How it is identified."),
    _text("canonical", "Its one name, however it was written: doi:..., isbn:..., an address, sha256:..., offline:...; unique."),
    _text("title", "Title, or empty."),
    _text("csl", "Its CSL-JSON item; {} when nothing more is known."),
    _text("no_text_why", "Why no text of it is held; empty when one is."),
    UniqueConstraint("canonical"),
    comment="Works that are cited.",
)

snapshots = Table(
    "snapshots",
    metadata,
    _id("Number of the snapshot."),
    _to("source_id", "sources", "The source that it shows."),
    _text("sha256", "Hex sha256 of content."),
    _text("media_type", "What the bytes are, such as text/html."),
    Column("content", LargeBinary, nullable=False, comment="The bytes as they came."),
    _text("text", "Their text, in which quotes are looked for."),
    _text("origin", "Where they came from."),
    _time("retrieved_at", "When they came."),
    UniqueConstraint("source_id", "sha256"),
    comment="A source's bytes and text at a time.",
)

source_links = Table(
    "source_links",
    metadata,
    _id("Number of the link."),
    _to("document_id", "documents", "The document that it serves."),
    _to("claim_id", "claims", "The one claim that it serves; empty when it goes by citation number.", nullable=True),
    Column("label", Text, comment="The citation number through which it serves every claim that cites it, now and after a re-reading."),
    _to("source_id", "sources", "The source."),
    _text("locator", "Page or section, or empty."),
    _text("note", "A remark, or empty."),
    _text("reviewer", "Who attached it; empty where the document's reference list names it."),
    _time("attached_at", "When it was attached."),
    _time("detached_at", "When it was detached; empty while it holds.", nullable=True),
    _text("detached_by", "Who detached it, or empty; empty too where the reference list no longer names it."),
    _word("origin", "link_origins", "Who linked it: a person, or the document itself."),
    CheckConstraint("(claim_id IS NULL) <> (label IS NULL)", name="one_target"),
    Index(None, "source_id"),
    comment="Which source holds up which claim, directly or through a citation number: exactly one of the two.",
)

evidence = Table(
    "evidence",
    metadata,
    _id("Number of the quote."),
    _to("link_id", "source_links", "The link that it supports."),
    _to("snapshot_id", "snapshots", "The snapshot in whose text it stands."),
    _text("exact", "The quote as printed in the source."),
    _text("prefix", "The words before it."),
    _text("suffix", "The words after it."),
    _number("start_offset", "Where it starts in the snapshot's text, in code points."),
    _number("end_offset", "Where it ends, exclusive."),
    _word("quote_match", "quote_matches", "How it was found."),
    _text("locator", "Page or section, or empty."),
    _text("reviewer", "Who kept it."),
    _time("added_at", "When it was kept."),
    UniqueConstraint("link_id", "snapshot_id", "start_offset", "end_offset"),
    comment="Quotes kept as support.",
)

flags = Table(
    "flags",
    metadata,
    _id("Number of the flag."),
    _to("claim_id", "claims", "The claim to review."),
    _word("origin", "flag_origins", "Who raised it."),
    _text("name", "A tag's canonical name, or review for a person's own."),
    _text("reason", "Why, in words, or empty."),
    _text("reviewer", "Who raised it; empty for a tag."),
    _yes_no("in_text", "It is a tag that the current reading prints, whether or not it was resolved."),
    _text("printed", "The tag as printed, or empty."),
    _number("start_offset", "Where the tag starts in the revision's text; 0 for a person's flag."),
    _number("end_offset", "Where it ends, exclusive; 0 for a person's flag."),
    _text("tag_date", "The date printed in the tag, or empty."),
    _time("raised_at", "When it was raised."),
    _text("resolved_by", "Who resolved it, or empty."),
    _time("resolved_at", "When it was resolved; empty while it is open.", nullable=True),
    _text("resolution", "How it was resolved, or empty."),
    Index(None, "claim_id"),
    Index(None, "name"),
    comment="Reasons to review a claim.",
)

decisions = Table(
    "decisions",
    metadata,
    _id("Number of the decision."),
    _to("claim_id", "claims", "The claim that was decided on."),
    _word("status", "statuses", "The status that holds after this entry."),
    _text("reviewer", "Who decided."),
    _text("note", "Why, in words, or empty."),
    _time("decided_at", "When."),
    _text("text_sha256", "Hash of the claim's text that the status stands on; empty when an undo left no decision."),
    _text("citation_labels", "JSON list of the citation numbers that it stands on."),
    _to("undoes", "decisions", "The decision that this entry takes back, or empty.", nullable=True),
    UniqueConstraint("undoes"),
    Index(None, "claim_id"),
    comment="What people decided, in order. Entries are only ever added: a new one supersedes, an undo is an entry of its own.",
)

events = Table(
    "events",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False, comment="Counts from 1, without gaps."),
    _time("at", "When it happened."),
    _text("reviewer", "Who did it."),
    _text("action", "What was done."),
    _text("subject", "To what."),
    _text("payload", "Canonical JSON of what changed."),
    _text("previous_hash", "Hash of the event before, empty for the first."),
    _text("hash", "sha256: and the hex hash of every other field."),
    Index(None, "subject"),
    comment="The trail: everything that was ever done to the ledger, chained by hashes. Entries are only ever added.",
)

APPEND_ONLY = ("decisions", "events")
"""Tables whose rows are never changed or deleted; triggers refuse it."""
