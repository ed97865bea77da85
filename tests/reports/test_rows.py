"""Claims and dossiers as JSON values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from verify.model import Audit, Claim
from verify.reports.rows import claim_row, dossier_detail, dossier_row, instant


def test_a_claim_has_the_keys_of_extract_in_their_order(make_claim: Callable[..., Claim]) -> None:
    """`extract` prints these, in this order."""
    row = claim_row(make_claim(3, "It rained.", ("18", "25", "18"), section="Weather"), "day")
    markers = row.pop("markers")

    assert row == {
        "document": "day",
        "ordinal": 3,
        "text": "It rained.",
        "citations": ["18", "25"],
        "notes": [],
        "flags": [],
        "covered": False,
        "section": "Weather",
        "start": 3000,
        "end": 3010,
    }
    assert list(row) == ["document", "ordinal", "text", "citations", "notes", "flags", "covered", "section", "start", "end"]
    assert [(m["label"], m["covers"]["text"]) for m in markers] == [(label, "It rained.") for label in ("18", "25", "18")]


def test_a_dossier_adds_what_the_ledger_says(rich_audit: Audit) -> None:
    """The id comes first, and status, reasons and sources after the claim's own keys."""
    row = dossier_row(rich_audit.dossiers[9])

    assert list(row)[:3] == ["id", "document", "ordinal"]
    assert list(row)[-8:] == ["status", "stale", "state", "reasons", "next_action", "sources", "source_origins", "absent"]
    assert (row["id"], row["status"], row["stale"], row["reasons"], row["next_action"]) == (
        110,
        "verified",
        True,
        ["stale"],
        "review again",
    )
    assert (row["sources"], row["source_origins"]) == (["https://example.org/news?id=7&page=2"], ["person"])


def test_a_source_of_the_document_says_so(rich_audit: Audit) -> None:
    """A link without a reviewer was made by the document's own list; where a person attached the same source as well, it is theirs."""
    own = replace(rich_audit.dossiers[9].links[0], reviewer="")
    theirs = replace(own, reviewer="ada")
    dossiers = [replace(rich_audit.dossiers[9], links=links) for links in ((own,), (own, theirs), (theirs, own))]

    assert [["document"], ["person"], ["person"]] == [dossier_row(d)["source_origins"] for d in dossiers]
    assert ["document", "person"] == [link["origin"] for link in dossier_detail(dossiers[1])["links"]]


def test_flags_are_the_open_ones(rich_audit: Audit) -> None:
    """A resolved flag is history."""
    names = [dossier_row(d)["flags"] for d in rich_audit.dossiers[1:6]]

    assert names == [["citation needed"], [], [], [], ["review"]]


def test_the_detail_keeps_every_key_of_the_row(rich_audit: Audit) -> None:
    """Who reads `list` can read `show`."""
    for dossier in rich_audit.dossiers:
        assert dossier_row(dossier).items() <= dossier_detail(dossier).items()


def test_the_detail_gives_the_words_that_each_marker_covers(rich_audit: Audit) -> None:
    """Each marker stands with its own words."""
    covers = [(m["label"], m["covers"]["text"]) for m in dossier_detail(rich_audit.dossiers[2])["markers"]]

    assert covers[0] == ("43", "As the columns came down the coast road,")
    assert covers[1] == ("42", "the Dockers' Union was said to close in from the north, after it had taken the sheds.")


def test_the_detail_gives_evidence_with_both_selectors(rich_audit: Audit) -> None:
    """A quote can be found again by its words and by its place."""
    evidence = dossier_detail(rich_audit.dossiers[0])["links"][0]["evidence"][0]

    assert evidence["snapshot_sha256"] == "ef" * 32
    assert evidence["selectors"] == [
        {
            "type": "TextQuoteSelector",
            "exact": "some 4,200 men stayed at home",
            "prefix": "On that Monday ",
            "suffix": ", the company wrote",
        },
        {"type": "TextPositionSelector", "start": 120, "end": 149},
    ]


def test_the_detail_says_which_decisions_stand(rich_audit: Audit) -> None:
    """One taken back is kept, and does not stand."""
    decisions = dossier_detail(rich_audit.dossiers[2])["decisions"]

    assert [(d["status"], d["undoes"], d["stands"]) for d in decisions] == [("disputed", None, False), ("unverified", 8, False)]


@pytest.mark.parametrize(
    "when",
    [
        datetime(2026, 3, 1, 12, 0, 5, 999, tzinfo=UTC),
        datetime(2026, 3, 1, 14, 0, 5, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 3, 1, 12, 0, 5),  # noqa: DTZ001 - a time without a zone is the case
    ],
)
def test_times_are_utc_to_the_second(when: datetime) -> None:
    """However a time is held, it prints the same."""
    assert instant(when) == "2026-03-01T12:00:05Z"
