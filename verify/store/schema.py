"""The tables of a ledger, each with what it is for: the one place where a column is declared.

`migrations/` makes the same tables step by step, and a test holds the two together. The words that a value is chosen from stand in
small tables of their own, not in CHECK constraints: SQLite can only change a CHECK by rebuilding the table, which drops its triggers.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, Index, LargeBinary, Table, Text, UniqueConstraint

from .columns import added, id_, ids, key, number, text, time, to, word, yes_no
from .vocabulary import WORDS, metadata

HEAD = "0004"
"""The revision that this program reads and writes; a test says that it is Alembic's head."""

APPLICATION_ID = 0x76726679
"""`PRAGMA application_id` of our SQLite files: "vrfy" in ASCII."""

LONGEST_ID = 2**31 - 1
"""What an id can be at most (PostgreSQL's integer); a larger number names nothing."""

__all__ = ["APPEND_ONLY", "HEAD", "WORDS", "metadata"]

documents = Table(
    "documents",
    metadata,
    id_("Number of the document."),
    text("name", "Short name that commands take; unique."),
    text("title", "Title as printed, empty when it has none."),
    text("origin", "Where it was read from: an absolute path, a URL, or - for standard input."),
    UniqueConstraint("name"),
    Index(None, "origin"),
    comment="Texts under watch.",
)

revisions = Table(
    "revisions",
    metadata,
    id_("Number of the revision."),
    to("document_id", "documents", "The document whose state this is."),
    number("sequence", "Counts the revisions of a document from 1; the greatest is the current one."),
    text("sha256", "Hex sha256 of the bytes as they came. A text may return to an earlier state, so it is not unique."),
    text("origin_revision", "What the place it was read from calls this state, a wiki's revision id; empty where it has no name."),
    text("format", "Format it was read as."),
    text("encoding", "Encoding that was taken."),
    word("layout", "layouts", "Which way its markers were taken to point."),
    text("layout_why", "Why that layout was taken."),
    text("text", "Its text; every offset of claims and markers counts code points in it."),
    text("skipped", "JSON object: how many blocks hold no claims, by kind."),
    time("ingested_at", "When it was read."),
    UniqueConstraint("document_id", "sequence"),
    Index(None, "sha256"),
    comment="States of a document, each with its text and how it was read.",
)

claims = Table(
    "claims",
    metadata,
    id_("Number of the claim; it keeps it through every revision."),
    to("document_id", "documents", "The document that asserts it."),
    to("revision_id", "revisions", "The revision in which it stands, or last stood."),
    to("first_revision_id", "revisions", "The revision in which it was first seen."),
    number("ordinal", "Its place in the document, from 1."),
    text("section", "Heading that it stands under."),
    text("text", "The sentence, without its markers."),
    text("text_sha256", "Hex sha256 of that text in UTF-8."),
    number("start_offset", "Where it starts in the revision's text."),
    number("end_offset", "Where it ends, exclusive."),
    number("paragraph_start", "Where its paragraph starts."),
    number("paragraph_end", "Where its paragraph ends, exclusive."),
    yes_no("covered", "It has no citation of its own, but one follows in its paragraph."),
    text("citation_labels", "JSON list of the citation numbers that it cites, in printed order; derived from citations."),
    word("status", "statuses", "What its decisions say; derived from decisions."),
    yes_no("absent", "It no longer stands in the document; it is kept."),
    ids("reference_ids", "JSON list of the references that it cites, in printed order; derived from citations."),
    to(
        "changed_revision_id",
        "revisions",
        "The revision in which its words or citations last changed; empty while they never did.",
        nullable=True,
    ),
    Index(None, "document_id", "ordinal"),
    Index(None, "document_id", "status"),
    comment="Sentences of a document, each asserting something.",
)

citations = Table(
    "citations",
    metadata,
    to("claim_id", "claims", "The claim that cites.", primary_key=True),
    key("ordinal", "Its place among the citations of the claim, from 1."),
    text("label", "Citation number, key or note name."),
    word("kind", "marker_kinds", "Whether it cites a reference or points at a note."),
    number("start_offset", "Where the printed marker starts in the revision's text."),
    number("end_offset", "Where it ends, exclusive."),
    number("covers_start", "Where the words that it stands for start, in the claim's own text."),
    number("covers_end", "Where they end, exclusive."),
    text("locator", "Page or section printed with the marker."),
    to("reference_id", "document_references", "The reference that the label stands for; empty for a note without an entry.", nullable=True),
    Index(None, "label"),
    Index(None, "reference_id"),
    comment="Labels that a claim cites, with the words each stands for.",
)

appearances = Table(
    "appearances",
    metadata,
    to("revision_id", "revisions", "The revision in which it stood.", primary_key=True),
    to("claim_id", "claims", "The claim.", primary_key=True),
    number("ordinal", "Its place in the document then."),
    text("section", "Heading that it stood under."),
    text("text", "The sentence as it read."),
    number("start_offset", "Where it started in the revision's text."),
    number("end_offset", "Where it ended, exclusive."),
    yes_no("covered", "It had no citation of its own, but one followed in its paragraph."),
    text("citation_labels", "JSON list of the citation numbers that it cited."),
    text("reference_ids", "JSON list of the references that it cited."),
    comment="Claims as they stood in revisions that are no longer current.",
)

claim_relations = Table(
    "claim_relations",
    metadata,
    to("revision_id", "revisions", "The revision whose reading found it.", primary_key=True),
    to("claim_id", "claims", "The claim that stands in that revision.", primary_key=True),
    to("other_id", "claims", "The claim of the revision before.", primary_key=True),
    word("kind", "relation_kinds", "What the one is to the other."),
    Index(None, "claim_id"),
    Index(None, "other_id"),
    comment="Claims that became others: split, merged, or too alike to be told apart.",
)

orphan_markers = Table(
    "orphan_markers",
    metadata,
    to("revision_id", "revisions", "The revision in which it stands.", primary_key=True),
    key("ordinal", "Its place among the orphans of the revision, from 1."),
    number("start_offset", "Where it starts in the revision's text."),
    number("end_offset", "Where it ends, exclusive."),
    text("printed", "The marker as printed."),
    word("kind", "marker_kinds", "What it does."),
    text("labels", "JSON list of its labels."),
    text("why", "Why it belongs to no claim."),
    comment="Markers that found no sentence.",
)

document_references = Table(
    "document_references",
    metadata,
    id_("Number of the reference; it keeps it through every revision, however its citation number changes."),
    to("document_id", "documents", "The document whose reference it is."),
    number("ordinal", "Its place in the list, from 1; those without an entry come after."),
    text("label", "The citation number or key that it has now, or last had."),
    text("text", "The entry as printed; empty where the number is cited without one."),
    text("url", "Address that it gives, or empty; that of the page itself where it gives an archive's copy too."),
    text("doi", "DOI that it gives, bare and unchecked, or empty."),
    text("isbn", "ISBN that it gives, as printed and unchecked, or empty."),
    text("pmid", "Number in PubMed that it gives, or empty."),
    text("arxiv", "arXiv id that it gives, or empty."),
    text("archive_url", "Address of an archived copy that it gives, or empty."),
    text("accessed", "When its page was looked at, as printed, or empty."),
    text("page", "Pages that it gives, as printed, or empty."),
    text("csl", "Its CSL-JSON item where the format has fields; {} where it is words only."),
    yes_no("listed", "The reference list has an entry for it; otherwise it is only cited."),
    yes_no("absent", "The current revision neither lists nor cites it; it is kept."),
    Index(None, "document_id", "label"),
    comment="What the citation numbers of a document stand for, followed through its revisions.",
)

sources = Table(
    "sources",
    metadata,
    id_("Number of the source."),
    word("kind", "source_kinds", "How it is identified."),
    text("canonical", "Its one name, however it was written: doi:..., isbn:..., an address, sha256:..., offline:...; unique."),
    text("title", "Title, or empty."),
    text("csl", "Its CSL-JSON item; {} when nothing more is known."),
    text("no_text_why", "Why no text of it is held; empty when one is."),
    UniqueConstraint("canonical"),
    comment="Works that are cited.",
)

snapshots = Table(
    "snapshots",
    metadata,
    id_("Number of the snapshot."),
    to("source_id", "sources", "The source that it shows."),
    text("sha256", "Hex sha256 of content."),
    text("media_type", "What the bytes are, such as text/html."),
    Column("content", LargeBinary, nullable=False, comment="The bytes as they came."),
    text("text", "Their text, in which quotes are looked for."),
    text("origin", "Where they came from."),
    time("retrieved_at", "When they came."),
    added("locators", "[]", "JSON list of [start, end, name]: pages or headings of the text."),
    added("main", "[]", "JSON list of [start, end]: the parts of the text that are a page's own; empty where all of it is."),
    time("last_seen_at", "When the same bytes, or others with the same text, came last; empty while they came only once.", nullable=True),
    UniqueConstraint("source_id", "sha256"),
    comment="A source's bytes and text at a time.",
)

source_links = Table(
    "source_links",
    metadata,
    id_("Number of the link."),
    to("document_id", "documents", "The document that it serves."),
    to("claim_id", "claims", "The one claim that it serves; empty when it goes by reference.", nullable=True),
    to("source_id", "sources", "The source."),
    text("locator", "Page or section, or empty."),
    text("note", "A remark, or empty."),
    text("reviewer", "Who attached it; empty where the document's reference list names it."),
    time("attached_at", "When it was attached."),
    time("detached_at", "When it was detached; empty while it holds.", nullable=True),
    text("detached_by", "Who detached it, or empty; empty too where the reference list no longer names it."),
    word("origin", "link_origins", "Who linked it: a person, or the document itself."),
    to(
        "reference_id",
        "document_references",
        "The reference through which it serves every claim that cites it, also when renumbered.",
        nullable=True,
    ),
    CheckConstraint("(claim_id IS NULL) <> (reference_id IS NULL)", name="one_target"),
    Index(None, "source_id"),
    comment="Which source holds up which claim, directly or through a reference that it cites: exactly one of the two.",
)

evidence = Table(
    "evidence",
    metadata,
    id_("Number of the quote."),
    to("link_id", "source_links", "The link that it supports."),
    to("snapshot_id", "snapshots", "The snapshot in whose text it stands."),
    text("exact", "The quote as printed in the source."),
    text("prefix", "The words before it."),
    text("suffix", "The words after it."),
    number("start_offset", "Where it starts in the snapshot's text, in code points."),
    number("end_offset", "Where it ends, exclusive."),
    word("quote_match", "quote_matches", "How it was found."),
    text("locator", "Page or section, or empty."),
    text("reviewer", "Who kept it."),
    time("added_at", "When it was kept."),
    added("differences", "[]", "JSON list of what the quote said otherwise, each with kind, quoted and printed."),
    added("note", "", "Why a quote that says something else was accepted, or empty."),
    UniqueConstraint("link_id", "snapshot_id", "start_offset", "end_offset"),
    comment="Quotes kept as support.",
)

quote_checks = Table(
    "quote_checks",
    metadata,
    to("evidence_id", "evidence", "The quote.", primary_key=True),
    to("snapshot_id", "snapshots", "The later snapshot of its source in which it was looked for.", primary_key=True),
    word("quote_match", "quote_matches", "How it stands there."),
    number("start_offset", "Where it starts in that text; 0 where it does not stand there."),
    number("end_offset", "Where it ends, exclusive."),
    text("printed", "What that text prints in its place, or nearest to it, or empty."),
    time("checked_at", "When it was looked for."),
    comment="Quotes that were looked for again when their source changed.",
)

fetches = Table(
    "fetches",
    metadata,
    id_("Number of the visit."),
    to("source_id", "sources", "The source that was asked for."),
    time("fetched_at", "When."),
    text("asked", "The address that was asked."),
    text("reached", "Where the last redirect led; empty without an answer."),
    number("status", "HTTP status of the last answer; 0 without one."),
    text("redirects", "JSON list of [address, status, target] on the way."),
    text("headers", "JSON object: the headers that matter later."),
    number("elapsed_ms", "Milliseconds on the network."),
    text("failure", "Why no text came, in a word of the program, or empty."),
    text("error", "The same in words for people, or empty."),
    text("not_found", "Why a page that came is not the one asked for, or empty."),
    text("is_free", "What the page says of itself: yes, no, or empty."),
    text("sha256", "Hex sha256 of the body that came, or empty; that of the snapshot, unless other bytes had the same text."),
    to("snapshot_id", "snapshots", "What came, or is still so; empty where nothing did.", nullable=True),
    Index(None, "source_id"),
    comment="Visits to the addresses of sources: the memory by which one is dead only after several days.",
)

bibliography_entries = Table(
    "bibliography_entries",
    metadata,
    id_("Number of the entry."),
    text("key", "Its key in the file, as manuscripts cite it."),
    to("source_id", "sources", "The source that it names; empty for a broken entry.", nullable=True),
    text("csl", "Its CSL-JSON item; {} for a broken entry."),
    text("raw", "The entry as written."),
    text("why_broken", "Why it could not be read, or empty."),
    text("origin", "The file that it came from."),
    text("reviewer", "Who imported it."),
    time("imported_at", "When."),
    Index(None, "key"),
    comment="Entries of imported bibliographies, broken ones too.",
)

assessments = Table(
    "assessments",
    metadata,
    id_("Number of the assessment."),
    to("claim_id", "claims", "The claim that was assessed."),
    text("source_ids", "JSON list: the source, or the sources of one group of citations, in cited order."),
    text("text_sha256", "Hash of the claim's text as it was."),
    number("start_offset", "Where the words that were assessed start in that text: all of it, or what the citation covers."),
    number("end_offset", "Where they end, exclusive."),
    text("scorer", "What assessed it."),
    text("version", "Version of that."),
    word("verdict", "verdicts", "What it suggests."),
    Column("score", Float, nullable=False, comment="Calibrated probability, 0 to 1, that the sources support the whole claim."),
    yes_no("verbatim", "The claim's own words stand in a source as they are."),
    text("why", "The verdict explained in a line."),
    text(
        "passages",
        "JSON list of passages, best first: [source, exact, prefix, suffix, start, end, score, locator], the source by its place in source_ids.",
    ),
    text("cues", "JSON list of what differs or lacks: [kind, start, end, said, found, passage, why], offsets in the claim's text."),
    text("words", "JSON list of [start, end, grounding]: the words of the claim, by their offsets in its text."),
    text("cost", "JSON object: tokens and money that a scorer behind a service took; {} for none."),
    time("assessed_at", "When."),
    CheckConstraint("verdict IN ('not_found', 'no_text') OR passages <> '[]'", name="verdict_has_passage"),
    Index(None, "claim_id"),
    comment="What the machine says of claims against the texts of their sources; it only suggests.",
)

assessment_texts = Table(
    "assessment_texts",
    metadata,
    to("assessment_id", "assessments", "The assessment.", primary_key=True),
    to("source_id", "sources", "A source that it read.", primary_key=True),
    to("snapshot_id", "snapshots", "The snapshot whose text it read."),
    comment="The texts that an assessment was made on; when a source has another one, it is outdated.",
)

flags = Table(
    "flags",
    metadata,
    id_("Number of the flag."),
    to("claim_id", "claims", "The claim to review."),
    word("origin", "flag_origins", "Who raised it."),
    text("name", "A tag's canonical name, or review for a person's own."),
    text("reason", "Why, in words, or empty."),
    text("reviewer", "Who raised it; empty for a tag."),
    yes_no("in_text", "It is a tag that the current reading prints, whether or not it was resolved."),
    text("printed", "The tag as printed, or empty."),
    number("start_offset", "Where the tag starts in the revision's text; 0 for a person's flag."),
    number("end_offset", "Where it ends, exclusive; 0 for a person's flag."),
    text("tag_date", "The date printed in the tag, or empty."),
    time("raised_at", "When it was raised."),
    text("resolved_by", "Who resolved it, or empty."),
    time("resolved_at", "When it was resolved; empty while it is open.", nullable=True),
    text("resolution", "How it was resolved, or empty."),
    Index(None, "claim_id"),
    Index(None, "name"),
    comment="Reasons to review a claim.",
)

decisions = Table(
    "decisions",
    metadata,
    id_("Number of the decision."),
    to("claim_id", "claims", "The claim that was decided on."),
    word("status", "statuses", "The status that its reviewer gives; after an undo, the one that holds again."),
    text("reviewer", "Who decided."),
    text("note", "Why, in words, or empty."),
    time("decided_at", "When."),
    text("text_sha256", "Hash of the claim's text that the status stands on; empty when an undo left no decision."),
    text("citation_labels", "JSON list of the citation numbers that it stands on."),
    to("undoes", "decisions", "The decision that this entry takes back, or empty.", nullable=True),
    ids("reference_ids", "JSON list of the references, in cited order, that it stands on."),
    ids("evidence_ids", "JSON list of the quotes that were held for the claim."),
    to("seconds", "decisions", "The decision of another reviewer on which this is a second opinion, or empty.", nullable=True),
    to("settles", "decisions", "The decision whose dispute this one settles, or empty.", nullable=True),
    to("carried_from", "decisions", "The decision on the claim that this one was split from or merged with, or empty.", nullable=True),
    UniqueConstraint("undoes"),
    Index(None, "claim_id"),
    comment="What people decided, in order. Entries are only ever added: a new one supersedes, an undo is an entry of its own.",
)

decision_texts = Table(
    "decision_texts",
    metadata,
    to("decision_id", "decisions", "The decision.", primary_key=True),
    to("source_id", "sources", "A source that held up the claim then.", primary_key=True),
    to("snapshot_id", "snapshots", "The snapshot whose text was held."),
    comment="The texts of sources that a decision stands on; when a source has another one, the decision is stale.",
)

leases = Table(
    "leases",
    metadata,
    to("claim_id", "claims", "The claim that is taken.", primary_key=True),
    text("reviewer", "Who has it."),
    time("leased_at", "When it was taken."),
    time("expires_at", "When anybody may take it again."),
    comment="Claims that somebody is at work on, so that nobody else is handed them.",
)

assignments = Table(
    "assignments",
    metadata,
    to("claim_id", "claims", "The claim.", primary_key=True),
    text("reviewer", "Who is to decide on it."),
    text("assigned_by", "Who said so."),
    time("assigned_at", "When."),
    text("note", "A remark, or empty."),
    comment="Claims that were given to a reviewer.",
)

skips = Table(
    "skips",
    metadata,
    to("claim_id", "claims", "The claim.", primary_key=True),
    Column("reviewer", Text, primary_key=True, comment="Who does not want it."),
    text("reason", "Why, in words, or empty."),
    time("skipped_at", "When."),
    comment="Claims that a reviewer passed over, and is not handed again.",
)

events = Table(
    "events",
    metadata,
    key("sequence", "Counts from 1, without gaps."),
    time("at", "When it happened."),
    text("reviewer", "Who did it."),
    text("action", "What was done."),
    text("subject", "To what."),
    text("payload", "Canonical JSON of what changed."),
    text("previous_hash", "Hash of the event before, empty for the first."),
    text("hash", "sha256: and the hex hash of every other field."),
    Index(None, "subject"),
    comment="The trail: everything that was ever done to the ledger, chained by hashes. Entries are only ever added.",
)

APPEND_ONLY = ("decisions", "decision_texts", "fetches", "assessments", "assessment_texts", "events")
"""Tables whose rows are never changed or deleted; triggers refuse it."""
