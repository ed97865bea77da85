"""From a draft to its claims: what a claim knows of itself, and how marks named by a format live with printed ones."""

import pytest

from verify.claims.extract import extract
from verify.model import Block, BlockKind, Draft, Layout, Mark, MarkKind
from verify.readers import plaintext


def claims_of(text, layout=Layout.TRAILING):
    return extract(plaintext.read(text), layout).claims


UNCITED = [
    ("The lamp was lit.", [True]),
    ("The lamp was lit.[1]", [False]),
    ("The lamp was lit. It burned.[1]", [False, False]),
    ("The lamp was lit.[1] It burned.", [False, True]),
    ("The lamp was lit.[citation needed]", [False]),
    ("The lamp was lit.[a]", [True]),
    ("The lamp was lit.[a] It burned.[1]", [False, False]),
    ("The lamp was lit.\n\nIt burned.[1]", [True, False]),
    ("The lamp was lit. It burned.\n\n[1]", [False, False]),
]


@pytest.mark.parametrize(("text", "expected"), UNCITED)
def test_uncited(text, expected):
    """Uncited: no citation of its own, none after it in its paragraph, no cleanup tag."""
    assert expected == [claim.uncited for claim in claims_of(text)]


def test_a_leading_marker_covers_nothing_before_it():
    """Under leading, a marker alone between two paragraphs speaks for the one after it only."""
    claims = claims_of("The lamp was lit.\n\n[1]\n\nIt burned.", Layout.LEADING)

    assert [True, False] == [claim.uncited for claim in claims]


def test_a_tag_keeps_how_it_was_printed():
    """The canonical name is for machines; the printed form and its place are kept for people."""
    text = "The lamp was lit.[dubious – discuss]"
    (tag,) = claims_of(text)[0].tags

    assert ("dubious", "[dubious – discuss]") == (tag.name, tag.printed)
    assert tag.printed == text[tag.start : tag.end]


def test_a_citation_knows_its_place():
    """A citation's offsets give back the printed marker, its page with it."""
    text = "As the ice advanced,[43] the fleet left.[18]:23"
    cited = claims_of(text)[0].citations

    assert ["[43]", "[18]:23"] == [text[one.start : one.end] for one in cited]
    assert ["", "23"] == [one.locator for one in cited]


def test_orphans_say_why():
    """A marker without a sentence is kept, with its labels and the reason."""
    extraction = extract(plaintext.read("[5][a] The lamp was lit.\n\n== Bell [6] ==\n\nIt rang."), Layout.TRAILING)

    assert [
        ("[5]", MarkKind.CITATION, ("5",), "no sentence stands before it"),
        ("[a]", MarkKind.NOTE, ("a",), "no sentence stands before it"),
        ("[6]", MarkKind.CITATION, ("6",), "it stands in a heading"),
    ] == [(one.printed, one.kind, one.labels, one.why) for one in extraction.orphans]


def test_marks_named_by_the_format_win():
    """A mark that the format names is taken as it is; what is printed inside of it is not read a second time."""
    text = "The lamp was lit.[see 1 [2]] It burned.[3]"
    named = Mark(17, 28, MarkKind.CITATION, ("key",))
    claims = extract(Draft(text, (Block(BlockKind.PARAGRAPH, 0, len(text), marks=(named,)),)), Layout.TRAILING).claims

    assert [("The lamp was lit.", ("key",)), ("It burned.", ("3",))] == [(claim.text, claim.citation_labels) for claim in claims]


def test_page_and_edit_marks_vanish():
    """A page or an edit link that the format names is neither text nor citation nor orphan."""
    text = "12 The lamp was lit. It burned edit."
    marks = (Mark(0, 2, MarkKind.PAGE), Mark(31, 35, MarkKind.EDIT))
    extraction = extract(Draft(text, (Block(BlockKind.PARAGRAPH, 0, len(text), marks=marks),)), Layout.TRAILING)

    assert ["The lamp was lit.", "It burned."] == [claim.text for claim in extraction.claims]
    assert () == extraction.orphans


def test_skipped_blocks_are_counted_by_kind():
    """Coverage counts what was not looked at."""
    text = "Lamps\n\n== Old ==\nThe lamp was lit.[1]\n\n| a | b |\n\nReferences\n1. Cole, A. (1990). Lamps.\n2. Dunn, B. (1991). Bells."

    assert {"heading": 2, "reference list": 2, "table": 1, "title": 1} == extract(plaintext.read(text)).skipped


def test_the_language_of_the_draft_decides():
    """A reader or a user who knows the language is believed over a guess from the words."""
    draft = Draft("Im 19. Jahrhundert brannte er.", (Block(BlockKind.PARAGRAPH, 0, 30),), language="de")

    assert 1 == len(extract(draft, Layout.TRAILING).claims)
