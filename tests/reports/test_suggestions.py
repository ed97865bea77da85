"""What the machine points at, in every report: the house's words for it, the claim's words marked, and never a word that could be read as passed."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from verify.model import (
    Assessment,
    Audit,
    Claim,
    Cue,
    CueKind,
    Dossier,
    GroundedWord,
    Grounding,
    KeptAssessment,
    NextAction,
    Reason,
    Verdict,
    sha256_of,
)
from verify.reports import render
from verify.reports.rows import assessment_row, dossier_detail
from verify.reports.suggestions import (
    NEXT_WORDS,
    VERDICT_MEANS,
    VERDICT_WORDS,
    cue_words,
    lacking,
    marked,
    pointed_at,
    rest_words,
    runs,
    source_words,
    verdict_words,
    why_words,
)
from verify.reports.words import reason_words


def report(name: str, audit: Audit) -> str:
    return "".join(render(name, audit))


def page_of(audit: Audit) -> LexborHTMLParser:
    return LexborHTMLParser(report("html", audit))


def flat(node) -> str:
    return " ".join(node.text().split())


def kept_words(text: str, words: list[tuple[int, int, Grounding]]) -> tuple[Dossier, KeptAssessment]:
    said = Assessment("x", "1", Verdict.NOT_FOUND, 0.0, words=tuple(GroundedWord(*word) for word in words))
    claim = Claim(1, text, 0, len(text), 0, len(text))
    return Dossier(1, "d", claim), KeptAssessment(1, (), (), sha256_of(text), 0, len(text), said, None)


def test_every_word_has_its_words():
    """Whatever the model can say is said in plain words, none of which is a judgement."""
    assert (set(VERDICT_WORDS), set(VERDICT_MEANS), set(NEXT_WORDS)) == (set(Verdict), set(Verdict), set(NextAction))
    for words in (*VERDICT_WORDS.values(), *VERDICT_MEANS.values(), *NEXT_WORDS.values()):
        assert re.search(r"(?i)\b(verified|true|false|passed|correct|supported)\b", words) is None


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        (Cue(CueKind.DATE, 0, 4, "1982", "1998", 0), "the claim says “1982”, the passage “1998” (date)"),
        (Cue(CueKind.NUMBER, 0, 5, "3,500"), "the claim says “3,500”, no passage does (number)"),
        (Cue(CueKind.NAME, 0, 4, "Ada", "", 1), "the claim says “Ada”, the passage does not (name)"),
        (Cue(CueKind.HEDGE, 0, 0, "", "allegedly", 0), "the passage says “allegedly”, the claim does not (hedge)"),
        (
            Cue(CueKind.NEGATION, 0, 3, "not", why="the claim denies what the passage says"),
            "the claim denies what the passage says: “not” (negation)",
        ),
        (Cue(CueKind.NEGATION, 0, 0, "", why="it denies"), "it denies (negation)"),
        (
            Cue(CueKind.ROLE, 0, 3, "Bob", why="the passage has this name in another place"),
            "the passage has this name in another place: “Bob” (who did what)",
        ),
        (Cue(CueKind.MISSING, 0, 4, "near"), "the claim says “near”, no passage does (missing word)"),
        (Cue(CueKind.UNIT, 0, 0, "", why="another unit"), "another unit (unit)"),
    ],
)
def test_a_cue_is_a_sentence(cue, words):
    assert words == cue_words(cue)


def test_word_for_word_is_told_apart():
    """As the one high tier; a verdict other than words found never is."""
    said = Assessment("x", "1", Verdict.SUPPORTED, 0.9, verbatim=True)

    assert ("words found, word for word", "words found") == (
        verdict_words(said),
        verdict_words(Assessment("x", "1", Verdict.SUPPORTED, 0.9)),
    )
    assert "likely problem" == verdict_words(Assessment("x", "1", Verdict.CONTRADICTED, 0.1, verbatim=True))


def test_why_is_told_once():
    """Not what the cues say already, nor the verdict again."""
    cue = (Cue(CueKind.DATE, 0, 4, "1982", "1998", 0),)

    assert "" == why_words(Assessment("x", "1", Verdict.CONTRADICTED, 0.1, cues=cue, why="likely problem: date '1982'"))
    assert "40% found" == why_words(Assessment("x", "1", Verdict.PARTIALLY_SUPPORTED, 0.4, cues=cue, why="needs reading: 40% found"))
    assert "near enough" == why_words(Assessment("x", "1", Verdict.SUPPORTED, 0.8, why="near enough"))


def test_words_are_marked_and_named():
    """Those side by side that are held up alike are one run; those that were not looked at have none."""
    text = "The old bridge was opened in 1982, they say."
    absent, weak, held = Grounding.ABSENT, Grounding.WEAK, Grounding.SUPPORTED
    found = runs(*kept_words(text, [(4, 7, absent), (8, 14, absent), (19, 25, held), (29, 33, weak), (40, 43, absent)]))

    assert "The [old bridge] was opened in {1982}, they [say]." == marked(found)
    assert ["absent: “old bridge”, “say”", "weak: “1982”"] == list(lacking(found))
    assert text == "".join(run.text for run in found)


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25), st.sampled_from(Grounding)), max_size=6))
def test_marks_never_change_the_words(text, words):
    """Whatever a scorer marks, overlapping or beyond the end."""
    found = runs(*kept_words(text, [(min(a, b), max(a, b), grounding) for a, b, grounding in words]))

    assert text == "".join(run.text for run in found) or not found


def test_words_of_another_text_are_not_marked():
    dossier, kept = kept_words("It rained.", [(0, 2, Grounding.ABSENT)])
    other = Dossier(1, "d", Claim(1, "It poured.", 0, 10, 0, 10))

    assert ([], True) == (runs(other, kept), bool(runs(dossier, kept)))


def test_what_is_pointed_at_is_counted(assessed_audit: Audit):
    """Of claims as they are: what was assessed on another text, and what nobody asked, is left out and told."""
    pointed = pointed_at(assessed_audit)
    counts = {str(line.verdict): (line.assessments, line.claims) for line in pointed.lines}

    assert {"contradicted": (1, 1), "partially_supported": (0, 0), "supported": (1, 1), "not_found": (1, 1), "no_text": (0, 1)} == counts
    assert [101] == [dossier.id for dossier in pointed.problems]
    assert [
        "Not counted: 1 assessment was made on another text.",
        "Not assessed yet: 2 claims have a source with text (verify assess).",
    ] == list(rest_words(pointed))


def test_nothing_is_counted_where_nobody_asked(rich_audit: Audit):
    """A report of a ledger without assessments says nothing of a machine but how to read one."""
    assert None is pointed_at(rich_audit)
    assert "machine points" not in report("html", rich_audit) + report("markdown", rich_audit)


def test_a_likely_problem_is_the_reason_in_words(assessed_audit: Audit):
    reasons = [reason_words(assessed_audit.dossiers[0], reason) for reason in assessed_audit.dossiers[0].reasons]

    assert ["likely problem: the claim says “4 March 1911”, the passage “4 May 1911” (date)", "not looked at"] == reasons
    assert Reason.CONTRADICTED not in assessed_audit.dossiers[2].reasons


def test_sources_are_named_by_number_and_title(assessed_audit: Audit):
    dossier = assessed_audit.dossiers[0]
    kept = dossier.assessments[0]
    both = KeptAssessment(2, (*kept.sources, "doi:10.1/gone"), ("x", "y"), "", 0, 1, kept.assessment, kept.assessed_at)

    assert "[18] Wages on the waterfront" == source_words(dossier, kept)
    assert "[18] Wages on the waterfront, doi:10.1/gone together" == source_words(dossier, both)


def test_the_page_shows_what_it_points_at(assessed_audit: Audit):
    """The verdict, the cue as a sentence, the claim's words marked and named, the passage with its place, what comes next."""
    claim = page_of(assessed_audit).css_first("#claim-101")
    box = claim.css_first(".assessment")

    assert "likely problem score 0.08 against [18] Wages on the waterfront" == flat(box.css_first("p"))
    assert ["the claim says “4 March 1911”, the passage “4 May 1911” (date)"] == [flat(cue) for cue in box.css(".cues li")]
    assert [("supported", "strike"), ("weak", "began"), ("absent", "March")] == [
        (span.attributes["class"], span.text()) for span in box.css(".grounding span")
    ]
    assert ("The strike began on 4 March 1911.", "absent: “March”; weak: “began”") == (
        flat(box.css_first(".grounding")),
        flat(box.css_first(".key")),
    )
    assert ("The strike began on 4 May 1911.", "p. 14 · characters 10–41 of the source's text") == (
        flat(box.css_first(".exact")),
        flat(box.css_first("figcaption")),
    )
    assert "Next: fix date. compare the dates: claim and source give different ones" == flat(claim.css_first(".next"))
    assert "likely problem" in flat(claim.css_first("summary"))


def test_the_page_tells_what_was_assessed(assessed_audit: Audit):
    """The part that a citation covers; and that another text was read, struck through."""
    page = page_of(assessed_audit)
    part, outdated = page.css_first("#claim-102 .assessment"), page.css_first("#claim-103 .assessment")

    assert "words found, word for word" == flat(part.css_first(".verdict"))
    assert "Assessed are the words that the citation covers: As the columns came down the coast road," in flat(part)
    assert "assessed on another text: the claim read otherwise since" in flat(outdated)
    assert ("assessment supported outdated", None) == (outdated.attributes["class"], outdated.css_first(".grounding"))


def test_the_page_counts_and_lists_likely_problems(assessed_audit: Audit):
    section = page_of(assessed_audit).css_first("section[aria-labelledby=machine]")
    rows = [[flat(cell) for cell in row.css("th, td")] for row in section.css("tbody tr")]

    assert [
        ("likely problem", "1", "1"),
        ("needs reading", "0", "0"),
        ("words found", "1", "1"),
        ("not found", "1", "1"),
        ("no text", "0", "1"),
    ] == [(row[0], row[2], row[3]) for row in rows]
    assert ["#claim-101"] == [link.attributes["href"] for link in section.css("a")]


def test_links_inside_the_page_arrive(assessed_audit: Audit):
    """Also those to a source that was assessed, and to the machine's own part."""
    page = page_of(assessed_audit)
    ids = [element.attributes["id"] for element in page.css("[id]")]
    targets = {link.attributes["href"][1:] for link in page.css("a[href^='#']")}

    assert len(ids) == len(set(ids))
    assert {"machine", "source-2", "claim-101"} <= targets <= set(ids)


def test_markdown_says_the_same(assessed_audit: Audit):
    lines = report("markdown", assessed_audit).splitlines()

    for line in (
        "| likely problem | a passage says nearly the same, with something else in one place | 1 | 1 |",
        "- Claim 1 (id 101): The strike began on 4 March 1911. — the claim says “4 March 1911”, the passage “4 May 1911” (date)",
        "- **1** The strike began on 4 March 1911. \\[18\\] — **not looked at**, next: fix date",
        "  - Machine: **likely problem** (0.08) against \\[18\\] Wages on the waterfront: embedded 1",
        "    - Words absent: “March”",
        "    - Passage: “The strike began on 4 May 1911.” (p. 14, characters 10–41)",
        "    - Assessed: “As the columns came down the coast road,”, which the citation covers",
    ):
        assert line in lines


def test_json_holds_all_of_it(assessed_audit: Audit):
    """Every assessment with its selectors, offsets and sentences; the JSON report and `show` say the same."""
    report_ = json.loads(report("json", assessed_audit))
    dossier = assessed_audit.dossiers[0]
    [row] = report_["claims"][0]["assessments"]

    assert row == assessment_row(dossier, dossier.assessments[0]) == dossier_detail(dossier)["assessments"][0]
    assert {"verdict": "contradicted", "says": "likely problem", "score": 0.08, "verbatim": False, "outdated": ""}.items() <= row.items()
    assert row["assessed"] == {"start": 0, "end": 33, "text_sha256": sha256_of(dossier.claim.text)}
    assert row["passages"] == [
        {
            "source": "doi:10.1000/xyz",
            "locator": "p. 14",
            "score": 0.75,
            "selectors": [
                {"type": "TextQuoteSelector", "exact": "The strike began on 4 May 1911.", "prefix": "… ", "suffix": " Some men"},
                {"type": "TextPositionSelector", "start": 10, "end": 41},
            ],
        }
    ]
    assert row["cues"] == [
        {
            "kind": "date",
            "start": 20,
            "end": 32,
            "said": "4 March 1911",
            "found": "4 May 1911",
            "passage": 0,
            "why": "",
            "says": "the claim says “4 March 1911”, the passage “4 May 1911” (date)",
        }
    ]
    assert [("fix date", ""), ("fetch", "never fetched"), ("assess", "")] == [
        (claim["next_action"], claim["no_text_why"]) for claim in (report_["claims"][n] for n in (0, 4, 5))
    ]
    assert "the claim read otherwise" == report_["claims"][2]["assessments"][0]["outdated"]


def test_the_table_has_what_holds_now(assessed_audit: Audit):
    """An item for each assessment of the claim as it is."""
    rows = list(csv.DictReader(io.StringIO(report("csv", assessed_audit))))

    assert [("likely problem", "0.08", "fix date"), ("words found, word for word", "0.98", "decide"), ("", "", "assess")] == [
        (row["machine_says"], row["scores"], row["next_action"]) for row in rows[:3]
    ]
    assert "the claim says “4 March 1911”, the passage “4 May 1911” (date)" == rows[0]["cues"]
