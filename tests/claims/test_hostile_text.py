"""Texts made to hurt: they end in claims, and soon. Nothing here asserts a time; a quadratic walk would be felt as a hang."""

import pytest

from verify.claims.extract import extract
from verify.model import Layout
from verify.readers import plaintext

HOSTILE = {
    "one line of five megabytes": "a" * 5_000_000,
    "one line of sentences": "The cat sat. " * 40_000,
    "one line of chinese": "大马士革陷落。" * 20_000,
    "one line of abbreviations": "U.S. " * 200_000,
    "markers in a row": "[1]" * 50_000,
    "markers in a row, then a word": "[1] " * 50_000 + "x",
    "a sentence a marker": "Word.[1] " * 20_000,
    "ranges": "x [1-100] " * 3_000,
    "lettered notes": "a[a]" * 30_000,
    "tags": "Some [who] say. " * 5_000,
    "superscripts": "word¹²³ " * 20_000,
    "open brackets": "x" + "[" * 500_000,
    "open parentheses": "x. " + "(" * 500_000,
    "open quotation marks": "x. " + "“" * 100_000,
    "open lists of numbers": ("[" + "1," * 39) * 10_000,
    "deep brackets": "x. Y" + "[" * 50_000 + "x. Y" + "]" * 50_000,
    "deep parentheses": "x. Y" + "(" * 50_000 + "x. Y" + ")" * 50_000,
    "wrong closers": "x. Y" + "([{“" * 50_000 + ")]}”" * 50_000,
    "openers against other closers": "x. Y" + "(]" * 300_000,
    "stops": "x" + "." * 1_000_000,
    "stops with spaces": "x" + ". " * 300_000 + "Y",
    "closers": "x." + ")" * 300_000 + " Y",
    "signs, then a word": "*" * 500_000 + "x. Y",
    "short lines": "word word\n" * 15_000,
    "short paragraphs": "Word word.\n\n" * 15_000,
    "bullets": "- item one\n" * 15_000,
    "entries": "References\n" + "1. Smith, J. (2019). http://a.example\n" * 20_000,
    "marks of headings": "=" * 200_000 + " x",
    "spaces inside of a heading": "== x" + " " * 200_000 + "y",
    "spaces before an edit link": "x" + " " * 200_000 + "[edit",
    "addresses": "https://" * 100_000 + "[1]",
    "white space": " \t\n" * 300_000,
    "no-break spaces": "\u00a0" * 500_000,
    "line ends": "\n" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_in_claims(name):
    """Whatever is thrown at it, extraction comes to an end with ordered claims."""
    text = HOSTILE[name]
    claims = extract(plaintext.read(text)).claims

    assert sorted(claim.start for claim in claims) == [claim.start for claim in claims]
    assert bool(text.strip()) or not claims


def test_a_marker_a_sentence_at_scale():
    """Twenty thousand markers go to twenty thousand sentences, one each."""
    claims = extract(plaintext.read(HOSTILE["a sentence a marker"]), Layout.TRAILING).claims

    assert [("Word.", ("1",))] * 20_000 == [(claim.text, claim.citation_labels) for claim in claims]


def test_long_paragraphs_are_not_cut_where_the_splitter_is_fed():
    """A paragraph longer than a piece handed to the splitter gives the same sentences all along."""
    sentence = "The tower, drawn by J. R. Aldous for the U.S. Navy in approx. 1861, stands. "
    claims = extract(plaintext.read(sentence * 2_000), Layout.TRAILING).claims

    assert [sentence.strip()] * 2_000 == [claim.text for claim in claims]


def test_only_white_space_holds_no_claims():
    """An empty document has no blocks, no claims and no orphans."""
    for text in ("", " ", "\n\n\t \u3000\n"):
        extraction = extract(plaintext.read(text))

        assert ((), (), {}) == (extraction.claims, extraction.orphans, extraction.skipped)


def test_control_and_bidirectional_characters_stay_text():
    """The ledger keeps what the document says; it is the terminal's escape that makes hidden characters visible."""
    text = "The lamp\x1b[31m was \u202elit\u202c.[1] The\u200b bell \u2066rang\u2069.[2]"
    claims = extract(plaintext.read(text), Layout.TRAILING).claims

    assert ["The lamp\x1b[31m was \u202elit\u202c.", "The\u200b bell \u2066rang\u2069."] == [claim.text for claim in claims]
    assert [("1",), ("2",)] == [claim.citation_labels for claim in claims]
