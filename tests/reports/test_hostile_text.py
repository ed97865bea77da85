"""Hostile text in every field of an audit: every format stays valid, nothing runs, and the words are still there to read."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from verify.model import (
    Assessment,
    Audit,
    Citation,
    Claim,
    CleanupTag,
    Cue,
    CueKind,
    Decision,
    Document,
    Dossier,
    Evidence,
    Flag,
    FlagOrigin,
    GroundedWord,
    Grounding,
    KeptAssessment,
    MarkKind,
    OrphanMarker,
    Passage,
    Reference,
    Source,
    SourceKind,
    SourceLink,
    Status,
    TextQuote,
    Verdict,
    sha256_of,
)
from verify.reports import LISTINGS, REPORTS, render, render_list
from verify.terminal import one_line, printable

CASES = json.loads((Path(__file__).parents[1] / "cases" / "reports" / "hostile_text.json").read_text())
OURS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "style",
        "body",
        "header",
        "main",
        "section",
        "footer",
        "nav",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "dl",
        "div",
        "dt",
        "dd",
        "ul",
        "ol",
        "li",
        "a",
        "b",
        "i",
        "q",
        "small",
        "strong",
        "span",
        "sup",
        "bdi",
        "br",
        "code",
        "time",
        "mark",
        "blockquote",
        "figure",
        "figcaption",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "svg",
        "desc",
        "defs",
        "pattern",
        "rect",
        "path",
        "circle",
    ]
)
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="session")
def poisoned(make_audit: Callable[..., Audit]) -> Callable[[str], Audit]:
    """Build an audit that has the text wherever a person or a document could have put it."""

    def build(text: str) -> Audit:
        base = make_audit(())
        now = base.generated_at
        marker, note = Citation(text, 0, 1, 0, len(text), locator=text), Citation(text, 0, 1, 0, 1, kind=MarkKind.NOTE)
        claim = Claim(1, text, 0, len(text), 0, len(text), section=text, citations=(marker, note), tags=(CleanupTag(text, 0, 1, text),))
        evidence = Evidence(1, 1, TextQuote(text, text, text, 0, len(text)), text, text, text, now)
        sources = [Source(n, kind, text, text, {"title": text}, text) for n, kind in enumerate(SourceKind, 1)]
        links = tuple(SourceLink(s.id, s, text, text, text, text, now, (evidence,)) for s in sources)
        flags = tuple(Flag(n, origin, text, text, text, now) for n, origin in enumerate(FlagOrigin))
        flags += (replace(flags[0], id=9, resolved_by=text, resolved_at=now, resolution=text),)
        decision = Decision(1, Status.VERIFIED, text, text, now, text, (text,))
        dossier = Dossier(1, text, claim, links, flags, (decision,), assessments=_poisoned_assessments(text, sources[0], now))
        return replace(
            base,
            document=Document(1, text, text, text),
            dossiers=(dossier,),
            absent=(replace(dossier, id=2, absent=True),),
            references=(Reference(text, text, text),),
            orphans=(OrphanMarker(0, 1, text, MarkKind.TAG, (text,), text),),
            head=replace(base.head, hash=text),
            revision=replace(base.revision, sha256=text, format=text, encoding=text, layout_why=text, text=text, skipped={text: 1}),
        )

    return build


def _poisoned_assessments(text: str, source: Source, now: datetime) -> tuple[KeptAssessment, ...]:
    """A likely problem, on the claim as it is and as it was, against one source and against two of which one is gone."""
    passage = Passage(text, text, text, 0, len(text), 0.5, text, text)
    cues = tuple(Cue(kind, 0, len(text), said, found, 0, text) for kind in CueKind for said in (text, "") for found in (text, ""))
    words = (GroundedWord(0, 1, Grounding.ABSENT), GroundedWord(1, 2, Grounding.WEAK), GroundedWord(2, 99, Grounding.SUPPORTED))
    said = Assessment(text, text, Verdict.CONTRADICTED, 0.1, (passage,), cues, words, why=text, cost={text: 1})
    now_and_then = [KeptAssessment(1, (text,), (source.snapshot_sha256,), sha256_of(text), 0, 1, said, now)]
    return (*now_and_then, replace(now_and_then[0], sources=(text, text + "!"), snapshots=(text, text), text_sha256=text))


@pytest.fixture(params=CASES, scope="module")
def text(request: pytest.FixtureRequest) -> str:
    return CASES[request.param]


@pytest.fixture(scope="module")
def audit(poisoned: Callable[[str], Audit], text: str) -> Audit:
    return poisoned(text)


def test_every_format_is_valid_utf8_and_hides_nothing(audit: Audit) -> None:
    """What is written can be stored and shown: no control, bidirectional or lone surrogate character is in it."""
    outputs = ["".join(render(name, audit)) for name in REPORTS] + ["".join(render_list(name, audit.dossiers)) for name in LISTINGS]

    for output in outputs:
        assert output.encode("utf-8").decode("utf-8") == output
        assert HIDDEN.findall(output) == []


def test_html_has_only_our_elements(audit: Audit) -> None:
    """No element, handler or address of the text's own; ids are unique."""
    page = LexborHTMLParser("".join(render("html", audit)))
    elements = page.css("*")
    attributes = {name for e in elements for name in e.attributes}
    addresses = [a.attributes["href"] for a in page.css("[href]")]
    ids = [e.attributes["id"] for e in page.css("[id]")]

    assert set() == {e.tag for e in elements} - OURS
    assert set() == {a for a in attributes if a.startswith("on")} | (attributes & {"style", "src", "srcdoc", "action"})
    assert [a for a in addresses if not re.match(r"(?i)#[\w-]+$|data:,$|https?://[^\s\"'<>]*$", a)] == []
    assert len(ids) == len(set(ids))


def test_html_still_says_the_words(audit: Audit, text: str) -> None:
    """The claim's text is there to read, in the text and as evidence."""
    page = LexborHTMLParser("".join(render("html", audit)))

    assert page.css_first("#claim-1 .says").text().startswith(printable(text))
    assert printable(text) == page.css_first("#claim-1 mark").text()
    assert printable(text) == page.css_first("#claim-1 .passage .exact").text()
    assert page.css_first("#claim-1 .grounding").text() == printable(text) or len(text) < len(printable(text))


def test_json_gives_the_text_back(audit: Audit, text: str) -> None:
    """Exactly, whatever it was."""
    report = json.loads("".join(render("json", audit)))
    lines = [json.loads(line) for line in "".join(render("jsonl", audit)).split("\n") if line]

    assert [text] * 3 == [report["text"], report["claims"][0]["text"], lines[1]["text"]]
    assert lines[-1]["kind"] == "coverage"


def test_csv_runs_nothing(audit: Audit, text: str) -> None:
    """Two rows, and no cell of text is a formula; the words stand behind the guard."""
    rows = list(csv.DictReader(io.StringIO("".join(render("csv", audit)), newline="")))
    numbers = {"id", "ordinal", "start", "end", "schema_version"}

    assert [r["id"] for r in rows] == ["1", "2"]
    assert [c for r in rows for k, c in r.items() if k not in numbers and re.match(r"[\s\u200c\u200d]*[=+\-@＝＋－＠]", c)] == []
    assert rows[0]["text"] in (printable(text), f"'{printable(text)}")


def test_markdown_opens_nothing(audit: Audit, text: str) -> None:
    """No link, picture, HTML or fence; the empty comment is ours; the words are rendered."""
    markdown = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    source = "".join(render("markdown", audit))
    tokens = [t for token in markdown.parse(source) for t in (token, *(token.children or ()))]
    claims = LexborHTMLParser(markdown.render(source)).css("li")

    assert set() == {t.type for t in tokens} & {
        "link_open",
        "image",
        "html_block",
        "fence",
        "code_block",
        "blockquote_open",
        "s_open",
        "hr",
    }
    assert {"<!-- -->"} >= {t.content for t in tokens if t.type == "html_inline"}
    assert any(" ".join(li.text().split()).startswith(f"1 {one_line(text)}".strip()) for li in claims)


@pytest.mark.parametrize("name", REPORTS)
def test_a_word_of_a_megabyte_is_written_whole(name: str, make_audit: Callable[..., Audit], make_claim: Callable[..., Claim]) -> None:
    """No format cuts the text of a claim, however long."""
    word = "wörd" * 250_000
    output = "".join(render(name, make_audit((Dossier(1, "d", make_claim(1, word)),))))

    assert word in output
