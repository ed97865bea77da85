"""What every format of the report owes its reader: it is complete, says what it is, and is the same each time."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from verify.errors import UsageError
from verify.model import Audit, Citation, MarkKind, Reference, TrailHead
from verify.reports import REPORTS, render
from verify.reports.words import excerpt, share, source_address, summary, web_address

HEAD = "12:sha256:" + "cd" * 32


def rendered(name: str, audit: Audit) -> str:
    return "".join(render(name, audit))


@pytest.mark.parametrize("name", REPORTS)
def test_the_same_audit_gives_the_same_bytes(name: str, rich_audit: Audit) -> None:
    """Neither a clock nor the order of a set shows."""
    again = replace(rich_audit, revision=replace(rich_audit.revision, skipped=dict(reversed(rich_audit.revision.skipped.items()))))

    assert rendered(name, rich_audit).encode() == rendered(name, again).encode()


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_a_report_for_people_names_the_trail_head(name: str, rich_audit: Audit) -> None:
    """It can be given to `verify trail` as it is printed."""
    assert HEAD in rendered(name, rich_audit)


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_an_empty_document_is_not_a_pass(name: str, make_audit: Callable[..., Audit]) -> None:
    """Nothing to check says that nothing was checked."""
    text = rendered(name, make_audit(()))

    assert "No claims were found in this document: nothing was checked." in text
    assert "100 %" not in text
    assert "There is no claim to review." in text


def test_an_empty_document_before_the_first_event(make_audit: Callable[..., Audit]) -> None:
    """Every format can be written from an empty ledger."""
    audit = replace(make_audit(()), head=TrailHead(0, ""))

    assert "- Trail head: `0:`" in rendered("markdown", audit)
    assert "<code>0:</code>" in rendered("html", audit)
    assert json.loads(rendered("json", audit))["trail_head"] == {"sequence": 0, "hash": ""}
    assert list(csv.DictReader(io.StringIO(rendered("csv", audit)))) == []


def test_json_holds_the_whole_audit(rich_audit: Audit) -> None:
    """Coverage, text, claims, sources, references and orphans stand in one object that says what it is."""
    report = json.loads(rendered("json", rich_audit))
    coverage = {**asdict(rich_audit.coverage), "not_looked_at": 5}

    assert (report["kind"], report["schema_version"], report["text"]) == ("audit", "1", "The text.")
    assert coverage == report["coverage"]
    assert report["trail_head"] == {"sequence": 12, "hash": "sha256:" + "cd" * 32}
    assert [d.id for d in rich_audit.dossiers] == [c["id"] for c in report["claims"]]
    assert [c["id"] for c in report["absent_claims"]] == [90]
    assert [s["claims"] for s in report["sources"]] == [[101, 105], [105, 107, 110], [107]]
    assert [r["claims"] for r in report["references"]] == [[101, 105], [105, 107, 110], []]
    assert {"label": "7", "claims": [106]} in report["missing_references"]
    assert [o["printed"] for o in report["orphan_markers"]] == ["[99]"]


def test_jsonl_opens_with_a_header_and_closes_with_the_coverage(rich_audit: Audit) -> None:
    """A stream that was cut off can be told from a whole one."""
    lines = [json.loads(line) for line in rendered("jsonl", rich_audit).splitlines()]
    kinds = [line["kind"] for line in lines]

    assert ["audit", *["claim"] * 13, *["source"] * 3, *["reference"] * 3, *["missing_reference"] * 5, "orphan_marker", "coverage"] == kinds
    assert list(lines[0])[:2] == ["kind", "schema_version"]
    assert (lines[-1]["claims"], lines[-1]["decided"], lines[-1]["not_looked_at"]) == (12, 7, 5)


def test_jsonl_and_json_say_the_same_of_a_claim(rich_audit: Audit) -> None:
    """One shape for a claim, wherever it is printed."""
    whole = json.loads(rendered("json", rich_audit))
    lines = [json.loads(line) for line in rendered("jsonl", rich_audit).splitlines()]

    claims = [{k: v for k, v in line.items() if k != "kind"} for line in lines if line["kind"] == "claim"]

    assert whole["claims"] + whole["absent_claims"] == claims


def test_csv_is_a_row_a_claim_that_says_where_it_is_from(rich_audit: Audit) -> None:
    """The header is the first line, and each row names version, document and trail head."""
    rows = list(csv.DictReader(io.StringIO(rendered("csv", rich_audit))))

    assert {("1", "harbour", "ab" * 32, HEAD)} == {
        (r["schema_version"], r["document"], r["revision_sha256"], r["trail_head"]) for r in rows
    }
    assert [*map(str, range(101, 113)), "90"] == [r["id"] for r in rows]
    assert [(word, sum(r["absent"] == word for r in rows)) for word in ("no", "yes")] == [("no", 12), ("yes", 1)]
    assert tuple(rows[5][k] for k in ("status", "decided_by", "decided_at", "note")) == (
        "failed_verification",
        "Ada Reviewer",
        "2026-03-01T15:00:00Z",
        "The paper names no second ship.",
    )


def test_markdown_has_the_parts_in_their_order(rich_audit: Audit) -> None:
    """The same parts as the page, headings first."""
    headings = [line for line in rendered("markdown", rich_audit).splitlines() if line.startswith("#")]

    assert headings == [
        "# Audit report: The harbour strike",
        "## What was looked at",
        "## What needs review first",
        "## The text, claim by claim",
        "### The walk-out",
        "### Afterwards",
        "## Sources",
        "## References of the document",
        "## Markers that found no sentence",
        "## Claims gone from the document",
        "## How to read this",
    ]


def test_markdown_tells_references_and_numbers_that_do_not_fit(rich_audit: Audit) -> None:
    """Entries that nobody cites, and numbers without an entry; a document without a list lacks none."""
    text = rendered("markdown", rich_audit)
    without = rendered("markdown", replace(rich_audit, references=()))

    assert (1, 5) == (text.count("**nobody cites it**"), text.count("**has no entry**"))
    assert "- \\[7\\] **has no entry** — claims 6" in text
    assert "has no entry" not in without


def test_sources_of_the_document_say_so(rich_audit: Audit) -> None:
    """Nobody attached them, so nobody is named."""
    link = replace(rich_audit.dossiers[9].links[0], reviewer="")
    audit = replace(rich_audit, dossiers=(replace(rich_audit.dossiers[9], links=(link,)),))

    assert 1 == rendered("markdown", audit).count("named by the document")
    assert 1 == rendered("html", audit).count("named by the document")


def test_markdown_counts_are_those_of_the_coverage(rich_audit: Audit) -> None:
    """A number in the report is a number of the audit."""
    text = rendered("markdown", rich_audit)

    for line in (
        "**12 claims: 7 decided, 5 not looked at. 1 decision is stale: what it stood on has changed.**",
        "| not looked at | 5 | 42 % |",
        "| verified | 2 | 17 % |",
        "| were not looked at | 5 | 42 % |",
        "| markers that found no sentence | 1 |  |",
        "| heading | 2 | names a section |",
    ):
        assert line in text


def test_an_unknown_format_is_refused() -> None:
    """The message names what there is."""
    with pytest.raises(UsageError) as refused:
        render("p\x1bdf", None)

    assert str(refused.value) == "There is no report format 'p\\\\x1bdf'. Choose one of: html, markdown, json, jsonl, csv."


@pytest.mark.parametrize("name", [n for n in REPORTS if n != "html"])
def test_only_html_loads_jinja2(name: str) -> None:
    """The rack loads what a format needs, when it is asked for."""
    code = f"import sys, importlib; from verify.reports import REPORTS, rows, listing; importlib.import_module(REPORTS[{name!r}])"
    done = subprocess.run([sys.executable, "-c", f"{code}; print('jinja2' in sys.modules)"], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, "–"),
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (1, 3, "33 %"),
        (1, 2000, "< 1 %"),
        (1999, 2000, "> 99 %"),
        (1, 200, "< 1 %"),
        (1, 8, "13 %"),
    ],
)
def test_a_share_never_rounds_a_rest_away(part: int, whole: int, expected: str) -> None:
    """Almost all is not all."""
    assert expected == share(part, whole)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short enough", "short enough"),
        ("several words that are cut", "several words that …"),
        ("x" * 40, "x" * 20 + " …"),
        ("two\n lines", "two lines"),
        ("  x" + " " * 1000 + "y", "x …"),
        ("exactly twenty chars", "exactly twenty chars"),
    ],
)
def test_an_excerpt_ends_on_a_word(text: str, expected: str) -> None:
    """What is cut says so."""
    assert expected == excerpt(text, 20)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://x.example/a?b=1&c=2#d", "https://x.example/a?b=1&c=2#d"),
        ("HTTP://x.example", "HTTP://x.example"),
        ("https://x.example/港", "https://x.example/港"),
        ("javascript:alert(1)", ""),
        (" https://x.example", ""),
        ("https://x.example/ a", ""),
        ("https://x.example/\u202e", ""),
        ('https://x.example/"', ""),
        ("ftp://x.example", ""),
        ("//x.example", ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_are_links(address: str, expected: str) -> None:
    """Http and https, and nothing that could be something else."""
    assert expected == web_address(address)


def test_a_source_opens_where_its_identifier_resolves(rich_audit: Audit) -> None:
    """A DOI at its resolver, with what is no address escaped; an interview nowhere."""
    sources = {link.source.id: link.source for d in rich_audit.dossiers for link in d.links}

    assert [source_address(sources[key]) for key in (1, 2, 3)] == [
        "https://example.org/news?id=7&page=2",
        "https://doi.org/10.1000/xyz%3C123%3E",
        "",
    ]


def test_the_summary_counts_in_words(make_audit: Callable[..., Audit], rich_audit: Audit) -> None:
    """One is one, and many are many."""
    assert summary(make_audit(rich_audit.dossiers[1:2])) == "1 claim: 0 decided, 1 not looked at."
    assert summary(make_audit(rich_audit.dossiers[1:2] * 1200)) == "1,200 claims: 0 decided, 1,200 not looked at."


def test_a_note_is_a_use_of_its_entry(rich_audit: Audit) -> None:
    """An entry that explains is not one that nobody cites: the report says of it what ingesting it said."""
    claim = rich_audit.dossiers[0].claim
    noted = replace(claim, citations=(Citation("a", claim.end, claim.end + 3, 0, len(claim.text), MarkKind.NOTE),))
    audit = replace(rich_audit, dossiers=(replace(rich_audit.dossiers[0], claim=noted),), references=(Reference("a", "Measured at noon."),))
    (entry,) = json.loads("".join(render("json", audit)))["references"]

    assert (entry["label"], entry["claims"]) == ("a", [audit.dossiers[0].id])
