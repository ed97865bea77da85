"""The words that a value is chosen from, each kind in a small table of its own, and the one register of all tables."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, MetaData, Table, Text

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
    "relation_kinds": {
        "split": "the claim is a part of the other one, which was split",
        "merged": "the other one was merged into the claim",
        "alike": "the claim may be the other one, but nothing settles it",
    },
    "quote_matches": {
        "exact": "found letter by letter",
        "normalised": "found once case, spaces, quotation marks and dashes were set aside",
        "near": "found but for slips of the pen that change no sense",
        "altered": "a number, a date, a name, a negation or a telling word differs; a person accepted it",
        "not_found": "it does not stand there",
    },
    "verdicts": {
        "supported": "the words of the claim were found",
        "partially_supported": "some of them were",
        "contradicted": "the source says something else in their place",
        "not_found": "the source does not speak of it",
        "no_text": "there was no text to look in",
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
    "relation_kinds": "What a claim can be to one of the revision before.",
    "quote_matches": "How a quote can be found in the text of its source.",
    "verdicts": "What the machine can say of a claim against a source.",
}

for _name, _comment in _WORD_TABLES.items():
    Table(
        _name,
        metadata,
        Column("name", Text, primary_key=True, comment="The word itself, as other tables hold it."),
        Column("meaning", Text, nullable=False, comment="What it says."),
        comment=_comment,
    )
