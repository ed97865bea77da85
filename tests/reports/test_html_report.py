"""The page, read as a browser reads it."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from verify.model import Audit, Claim, Dossier
from verify.reports import render
from verify.reports.html import segments


@pytest.fixture(scope="module")
def source(rich_audit: Audit) -> str:
    return "".join(render("html", rich_audit))


@pytest.fixture(scope="module")
def page(source: str) -> LexborHTMLParser:
    return LexborHTMLParser(source)


def cells(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(cell.text().split()) for cell in page.css(selector)]


def test_the_policy_allows_the_style_by_its_hash_and_nothing_else(source: str, page: LexborHTMLParser) -> None:
    """The hash is that of the one style sheet, as a browser computes it."""
    style = re.search("<style>(.*)</style>", source, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"]

    assert source.startswith("<!DOCTYPE html>")
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'" == policy


def test_the_page_needs_nothing_else(page: LexborHTMLParser) -> None:
    """No script, no style attribute, nothing to load."""
    assert page.css("script, img, iframe, object, embed, form, base, [style], [src], [onclick], [onload]") == []
    assert [link.attributes["href"] for link in page.css("link")] == ["data:,"]
    assert len(page.css("style")) == 1


def test_ids_are_unique_and_links_inside_the_page_arrive(page: LexborHTMLParser) -> None:
    """Every `#x` names one element."""
    ids = Counter(e.attributes["id"] for e in page.css("[id]"))
    targets = {a.attributes["href"][1:] for a in page.css("a[href^='#']")} | set(
        re.findall(r"url\(#([\w-]+)\)", page.css_first("style").text())
    )

    assert {1} == set(ids.values())
    assert set() == targets - set(ids)


def test_links_out_of_the_page_tell_nothing(page: LexborHTMLParser) -> None:
    """They go to the web only, and carry no referrer and no handle on the page."""
    links = page.css("a:not([href^='#'])")

    assert {"noopener noreferrer nofollow"} == {a.attributes["rel"] for a in links}
    assert {
        "https://doi.org/10.1000/xyz%3C123%3E",
        "https://example.org/news?id=7&page=2",
        "https://doi.org/10.1000/xyz",
    } == {a.attributes["href"] for a in links}


def test_every_claim_stands_in_the_text_with_its_status(page: LexborHTMLParser, rich_audit: Audit) -> None:
    """In document order; those gone from it come last."""
    shown = [(d.id, str(d.status)) for d in (*rich_audit.dossiers, *rich_audit.absent)]
    claims = page.css("details.claim")

    assert shown == [(int(c.attributes["id"].removeprefix("claim-")), c.attributes["class"].split()[1]) for c in claims]
    assert [d.claim.text for d in rich_audit.dossiers] == [re.sub(r"\[[^]]*]$|(\[\d+])+$", "", text) for text in cells(page, ".says")][:-1]
    assert [c.attributes["id"].removeprefix("claim-") for c in page.css("details.claim.stale")] == ["110", "90"]


def test_markers_and_tags_stand_after_their_claim(page: LexborHTMLParser) -> None:
    """As they were printed, in superscript."""
    assert cells(page, ".says sup")[:6] == ["[18]", "[citation needed]", "[43]", "[42]", "[18]", "[25]"]


def test_what_nobody_looked_at_never_looks_passed(page: LexborHTMLParser) -> None:
    """The words say so, and so does the class; "verified" stands on none of them."""
    labels = cells(page, "details.unverified > summary .state b")

    assert labels == ["not looked at"] * 5
    assert page.css("details.unverified.verified") == []


def test_a_stale_decision_says_so_and_why(page: LexborHTMLParser) -> None:
    """Beside its status, where the reader looks first."""
    assert [s.replace("verified stale", "verified · stale") for s in cells(page, "#claim-110 .state")] == [
        "verified · stale: its text changed"
    ]


def test_the_coverage_table_equals_the_coverage(page: LexborHTMLParser, rich_audit: Audit) -> None:
    """Every field has its line, its number and its share."""
    coverage = rich_audit.coverage
    rows = {r.attributes["class"]: [td.text() for td in r.css("td")] for r in page.css(".tables tbody tr[class]")}
    names = {
        "cited",
        "covered",
        "uncited",
        "tagged",
        "flagged",
        "with_source",
        "with_text",
        "with_evidence",
        "decided",
        "stale",
        "not_looked_at",
    }

    assert names | {"claims", "orphan_markers"} == set(rows)
    assert {name: f"{getattr(coverage, name)}" for name in rows} == {name: row[0] for name, row in rows.items()}
    assert (rows["decided"][1], rows["not_looked_at"][1]) == ("58 %", "42 %")
    assert cells(page, ".tables table:last-child tbody th") == ["heading", "reference list", "title"]
    assert cells(page, ".tables table:last-child tbody td") == [
        "2",
        "names a section",
        "1",
        "read as references, below",
        "1",
        "names the document",
    ]


def test_the_figure_can_be_read_without_seeing_it(page: LexborHTMLParser, rich_audit: Audit) -> None:
    """It has a title and a description with every count, and the legend says the same."""
    figure = page.css_first("svg.bar")
    description = page.css_first("#bar-desc").text()

    assert (figure.attributes["role"], figure.attributes["aria-labelledby"]) == ("img", "bar-title bar-desc")
    for status, count in rich_audit.coverage.by_status.items():
        assert f"{status.replace('_', ' ').replace('unverified', 'not looked at')}: {count} of 12" in description
    assert [*list(rich_audit.coverage.by_status.values())[1:], 5] == [int(b.text()) for b in page.css(".legend b")]


def test_the_bar_is_whole(rich_audit: Audit) -> None:
    """Its segments are the claims, stale ones apart, and fill it from left to right."""
    bar = segments(rich_audit)

    assert [(s.status, s.stale, s.count) for s in bar[:2]] == [("verified", False, 1), ("verified", True, 1)]
    assert sum(s.count for s in bar) == 12
    assert pytest.approx(100, abs=0.01) == sum(s.width for s in bar)
    assert sorted(s.x for s in bar) == [s.x for s in bar]


def test_review_starts_with_the_most_urgent(page: LexborHTMLParser) -> None:
    """Tags, then flags, then stale decisions, then what cites nothing; each leads to its claim."""
    order = [a.attributes["href"] for a in page.css("ol.review > li > a")]

    assert [f"#claim-{n}" for n in (102, 106, 110, 112, 104, 103, 111)] == order
    assert cells(page, "ol.review .flagged")[0] == "flagged by a person: the ship's name differs in both papers"


def test_a_long_review_is_cut_and_says_by_how_much(make_audit: Callable[..., Audit], make_claim: Callable[..., Claim]) -> None:
    """Fifty are shown; the rest are marked in the text."""
    audit = make_audit(tuple(Dossier(n, "d", make_claim(n, f"Sentence {n}.")) for n in range(1, 1301)))
    page = LexborHTMLParser("".join(render("html", audit)))

    assert len(page.css("ol.review > li")) == 50
    assert cells(page, ".more") == ["and 1,250 more, marked in the text below."]


def test_a_dossier_shows_what_is_held(page: LexborHTMLParser) -> None:
    """Words covered, source, quote in its context, its place and the hash of its snapshot."""
    assert cells(page, "#claim-103 .cites q")[:1] == ["As the columns came down the coast road,"]
    assert cells(page, "#claim-101 blockquote") == ["…On that Monday some 4,200 men stayed at home, the company wrote…"]
    assert "p. 14 · characters 120–149 of the source's text, normalised match" in cells(page, "#claim-101 .evidence figcaption")[0]
    assert page.css_first("#claim-101 .evidence code").text() == "ef" * 32
    assert page.css_first("#claim-110 .nottext").text() == "text not held: never fetched"


def test_a_decision_taken_back_is_kept_and_struck(page: LexborHTMLParser) -> None:
    """And what took it back stands beside it."""
    assert cells(page, "#claim-103 .records .past b") == ["disputed"]
    assert "took a decision back; now not looked at" in cells(page, "#claim-103 .records b")
    assert "No decision stands." in cells(page, "#claim-103 .empty")


def test_sources_and_references_name_their_claims(page: LexborHTMLParser) -> None:
    """A reference that nobody cites says so, and so does a number without a reference."""
    assert cells(page, ".holds") == ["Attached to claims 1, 5", "Attached to claims 5, 7, 10", "Attached to claim 7"]
    missing = ["cited by 3", "cited by 3", "cited by 6", "cited by 9", "cited by 11"]
    assert cells(page, ".references small") == ["cited by 1, 5", "cited by 5, 7, 10", "nobody cites it", *missing]
    assert cells(page, ".references dt")[3:] == ["[43]", "[42]", "[7]", "[30]", "[31]"]
    assert cells(page, "section[aria-labelledby=orphans] li") == ["[99] at character 9: no sentence stands after it"]


def test_claims_of_a_paragraph_stand_together(page: LexborHTMLParser) -> None:
    """And a section's heading stands before its first paragraph, once."""
    sizes = [len(p.css("details")) for p in page.css("section[aria-labelledby=text] .paragraph")]

    assert sizes == [1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1]
    assert cells(page, "h3") == ["The walk-out", "Afterwards"]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("/home/ada/texts/harbour.txt", "harbour.txt"),
        ("C:\\texts\\harbour.txt", "harbour.txt"),
        ("https://x.example/harbour", "https://x.example/harbour"),
        ("-", "standard input"),
    ],
)
def test_the_origin_is_named_by_its_file(rich_audit: Audit, origin: str, expected: str) -> None:
    """The folders of whoever made a report stay out of it."""
    audit = replace(rich_audit, document=replace(rich_audit.document, origin=origin))
    page = LexborHTMLParser("".join(render("html", audit)))

    assert expected == cells(page, ".facts dd")[2]


def test_the_page_streams(make_audit: Callable[..., Audit], make_claim: Callable[..., Claim]) -> None:
    """A large document comes in pieces of a bounded size."""
    audit = make_audit(tuple(Dossier(n, "d", make_claim(n, f"Sentence {n}.")) for n in range(1, 2001)))
    pieces = list(render("html", audit))

    assert len(pieces) > 10
    assert max(map(len, pieces)) < 200_000
