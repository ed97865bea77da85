"""What holds for any text whatever: nothing is lost, nothing is invented, and offsets give back the printed words."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.claims.markers import marks_between, printed_marks, without
from verify.model import BlockKind, Layout, MarkKind
from verify.readers import plaintext

SPEAKING = (MarkKind.CITATION, MarkKind.NOTE, MarkKind.TAG)
SENTENCES = [
    "The lamp was lit in May.",
    "As the ice advanced, the fleet left",
    'He said: "Why? How?" and left.',
    "The U.S. Navy bought it (it was new. It was French.).",
    "M. Durand est venu à 9 h.",
    "灯塔建于1861年。",
    "「残る。」と言った。",
    'צה"ל הגיע.',
    "هل بنيت المنارة؟",
    "**Cost.** The lamp cost £9.50!",
    "See https://a.example/x[2].html now.",
    "m² and x[i] and [0, 1] and [sic]",
]
MARKERS = [
    "[1]",
    "[2][3]",
    "[4-6]",
    "[7]:23",
    "[a]",
    "[note 1]",
    "[citation needed]",
    "[who?]",
    "¹",
    "【8†source】",
    "[^x]",
    "[edit]",
    "[3]–[5]",
    " [9] ",
]
NOISE = [
    "[",
    "]",
    "(",
    ")",
    "“",
    "”",
    '"',
    "„",
    "«",
    "\u202e",
    "\x1b[31m",
    "\u00a0",
    "\t",
    "*",
    "|",
    ">",
    "…",
    "1.",
    "a)",
    "- ",
    "=",
    "\n",
    "\n\n",
    "  ",
]
LINES = [
    "History",
    "== Keepers ==",
    "References",
    "See also",
    "-----",
    "| a | b [1] |",
    "- item [2]",
    "1. First.[3]",
    "2. Second.",
    "> quoted.[4]",
    "[1] Smith, J. (2019). https://a.example",
    "Main article: Lamps",
    "x\ty",
    "[5]",
]

words = st.lists(st.one_of(st.sampled_from(SENTENCES), st.sampled_from(MARKERS), st.sampled_from(NOISE)), min_size=1, max_size=8)
paragraphs = st.builds(lambda parts, glue: glue.join(parts), words, st.sampled_from([" ", ""]))
texts = st.lists(st.one_of(paragraphs, paragraphs, st.sampled_from(LINES)), max_size=8).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n"]).map(lambda glue: glue.join(parts))
)
anything = st.one_of(texts, st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
layouts = st.sampled_from(Layout)
many = settings(max_examples=300, deadline=None)


def squeezed(text):
    return "".join(text.split())


@many
@given(anything, st.one_of(st.none(), layouts))
def test_claims_stand_in_document_order(text, layout):
    """Ordinals count from one, and claims follow each other without overlap, inside their paragraphs."""
    claims = extract(plaintext.read(text), layout).claims

    assert list(range(1, len(claims) + 1)) == [claim.ordinal for claim in claims]
    for claim in claims:
        assert claim.paragraph_start <= claim.start < claim.end <= claim.paragraph_end
    for before, after in pairwise(claims):
        assert before.end <= after.start


@many
@given(anything, layouts)
def test_offsets_give_back_the_printed_words(text, layout):
    """What stands between a claim's offsets is its text, but for markers and white space."""
    marks = printed_marks(text)

    for claim in extract(plaintext.read(text), layout).claims:
        inside = [replace(m, start=m.start - claim.start, end=m.end - claim.start) for m in marks_between(marks, claim.start, claim.end)]
        printed = text[claim.start : claim.end]

        assert squeezed(without(printed, inside)) == squeezed(claim.text)
        assert claim.text == claim.text.strip(" \t\n")


@many
@given(anything, layouts)
def test_no_marker_is_lost(text, layout):
    """Every marker stands in exactly one claim, or is an orphan, or stands in a reference list."""
    draft = plaintext.read(text)
    extraction = extract(draft, layout)
    held = {(one.start, one.end) for claim in extraction.claims for one in (*claim.citations, *claim.tags)}
    once = Counter(spot for claim in extraction.claims for spot in {(one.start, one.end) for one in (*claim.citations, *claim.tags)})
    orphans = [(orphan.start, orphan.end) for orphan in extraction.orphans]
    listed = [b for b in draft.blocks if b.kind is BlockKind.REFERENCE_LIST]
    expected = {(m.start, m.end) for m in printed_marks(text) if m.kind in SPEAKING and not any(b.start <= m.start < b.end for b in listed)}

    assert expected == held | set(orphans)
    assert set() == held & set(orphans)
    assert len(set(orphans)) == len(orphans)
    assert {1} >= set(once.values())


@many
@given(anything, layouts)
def test_citations_cover_words_of_their_claim(text, layout):
    """The words that a citation covers are a stretch of the claim's own text."""
    for claim in extract(plaintext.read(text), layout).claims:
        for citation in claim.citations:
            assert 0 <= citation.covers_start <= citation.covers_end <= len(claim.text)


@many
@given(anything)
def test_layout_moves_only_opening_markers(text):
    """Both layouts give the same sentences; markers other than those that open a paragraph stay where they are."""
    draft = plaintext.read(text)
    trailing, leading = extract(draft, Layout.TRAILING), extract(draft, Layout.LEADING)

    def own(claim):
        """The claim with only the markers that stand in it or behind it in its paragraph."""
        kept = [one for one in (*claim.citations, *claim.tags) if claim.start <= one.start < claim.paragraph_end]
        return claim.text, claim.start, claim.end, claim.section, [(one.start, one.end) for one in kept]

    assert [own(claim) for claim in trailing.claims] == [own(claim) for claim in leading.claims]
    assert trailing.skipped == leading.skipped


@many
@given(anything)
def test_auto_takes_one_of_the_two_layouts(text):
    """Without a layout asked for, the extraction is exactly that of the layout it says it took."""
    draft = plaintext.read(text)
    taken = extract(draft)

    assert replace(taken, layout_why="as asked") == extract(draft, taken.layout)


@many
@given(anything, layouts)
def test_extraction_is_deterministic(text, layout):
    """The same text gives the same claims."""
    assert extract(plaintext.read(text), layout) == extract(plaintext.read(text), layout)


@many
@given(anything, layouts)
def test_cover_is_what_the_definition_says(text, layout):
    """Covered: no citation of its own, a later one in the paragraph. Uncited: neither of the two, and no cleanup tag."""
    claims = extract(plaintext.read(text), layout).claims

    for index, claim in enumerate(claims):
        later = [other for other in claims[index + 1 :] if other.paragraph_start == claim.paragraph_start]
        cited_later = any(other.citation_labels for other in later)

        assert (not claim.citation_labels and cited_later) == claim.covered
        assert (not claim.citation_labels and not cited_later and not claim.tag_names) == claim.uncited


@many
@given(anything)
def test_blocks_follow_each_other(text):
    """Blocks stand in order, do not overlap, and hold something."""
    draft = plaintext.read(text)

    assert text == draft.text
    for block in draft.blocks:
        assert text[block.start : block.end].strip()
    for before, after in pairwise(draft.blocks):
        assert before.end <= after.start


@many
@given(anything)
def test_no_word_is_outside_of_blocks(text):
    """Only bullets, the numbers of a list, rules and edit links on a line of their own stand outside of blocks."""
    rest, at = [], 0
    for block in plaintext.read(text).blocks:
        rest.append(text[at : block.start])
        at = block.end
    rest.append(text[at:])

    for between in rest:
        for left in between.split("\n"):
            assert re.fullmatch(r"[\W_]*(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[edit\])?[\W_]*", left)


@pytest.mark.parametrize("layout", Layout)
def test_the_strategy_reaches_what_it_should(layout):
    """The texts of this file do hold claims, orphans and blocks of many kinds: properties over nothing would prove nothing."""
    text = "\n\n".join(["[5]", *LINES[:2], " ".join(SENTENCES), " ".join(f"Word{m}" for m in MARKERS), *LINES[2:], "The end.[1]"])
    extraction = extract(plaintext.read(text), layout)

    assert len(extraction.claims) > 10
    assert extraction.orphans
    assert {"heading", "link list"} <= set(extraction.skipped)
