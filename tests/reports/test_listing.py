"""The machine formats of `verify list`, read by other programs."""

import csv
import io
import json

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from verify.model import Audit
from verify.reports import render_list
from verify.reports.rows import dossier_row


def listed(name: str, audit: Audit) -> str:
    return "".join(render_list(name, audit.dossiers))


def test_json_is_one_object(rich_audit: Audit) -> None:
    """The claims stand in one list, and the object says its version."""
    expected = {"schema_version": "1", "claims": [dossier_row(d) for d in rich_audit.dossiers]}

    assert expected == json.loads(listed("json", rich_audit))


def test_jsonl_is_a_claim_a_line(rich_audit: Audit) -> None:
    """Each line can be read alone."""
    lines = [json.loads(line) for line in listed("jsonl", rich_audit).splitlines()]

    assert [{"schema_version": "1", **dossier_row(d)} for d in rich_audit.dossiers] == lines


def test_csv_has_a_header_and_a_row_a_claim(rich_audit: Audit) -> None:
    """Lists are joined, truth values are words."""
    rows = list(csv.DictReader(io.StringIO(listed("csv", rich_audit))))

    assert [str(d.id) for d in rich_audit.dossiers] == [r["id"] for r in rows]
    assert tuple(rows[4][k] for k in ("citations", "stale", "status", "reasons")) == ("18; 25", "no", "partially_verified", "")


def test_markdown_is_a_table(rich_audit: Audit) -> None:
    """A Markdown reader sees a row a claim, and words for its status."""
    page = LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(listed("markdown", rich_audit)))
    rows = [[cell.text() for cell in row.css("td")] for row in page.css("tbody tr")]

    assert [d.claim.text for d in rich_audit.dossiers] == [row[2] for row in rows]
    assert [
        *rows[1][:2],
        rows[4][3],
        *rows[1][4:],
    ] == ["102", "harbour", "[18][25]", "not looked at", "tagged in the text: citation needed; not looked at", "find source"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", '{\n"schema_version": "1",\n"claims": []\n}\n'),
        ("jsonl", ""),
        ("markdown", "| id | document | claim | cites | status | why | next |\n| ---: | --- | --- | --- | --- | --- | --- |\n"),
    ],
)
def test_nothing_listed_is_still_well_formed(name: str, expected: str) -> None:
    """An empty list is an empty list."""
    assert expected == "".join(render_list(name, ()))


def test_a_listing_takes_claims_as_they_come(rich_audit: Audit) -> None:
    """The first claim is written before the second is asked for."""
    asked = []
    dossiers = (asked.append(d.id) or d for d in rich_audit.dossiers)

    first = next(render_list("jsonl", dossiers))

    assert (json.loads(first)["id"], asked) == (101, [101])
