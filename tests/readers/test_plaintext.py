"""What a plain text is taken for, line by line; the claims that come of it are in `tests/cases/extraction`."""

import pytest

from verify.model import BlockKind, Reference
from verify.readers import plaintext

TITLE, HEADING, PARAGRAPH, ITEM = BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
LISTED, LINKS, TABLE, HATNOTE, QUOTE = BlockKind.REFERENCE_LIST, BlockKind.LINK_LIST, BlockKind.TABLE, BlockKind.HATNOTE, BlockKind.QUOTE
PROSE = "The lamp was lit in May. It burned for a year."


def blocks(text):
    return [(block.kind, text[block.start : block.end]) for block in plaintext.read(text).blocks]


TITLES = [
    ("The Harbour Light", f"The Harbour Light\n\n{PROSE}"),
    ("The Fire (1902)", f"The Fire (1902)\n\n{PROSE}"),
    ("The Harbour Light", f"\n\n  The Harbour Light  \n\n{PROSE}"),
    ("The Harbour Light", f"The Harbour Light\n-----\n{PROSE}"),
    ("The Harbour Light", f"The Harbour Light\n{PROSE}\n{PROSE}"),
    ("", "The Harbour Light"),
    ("", PROSE),
    ("", f"{PROSE}\n\n{PROSE}"),
    ("", f"[1] The Harbour Light\n\n{PROSE}"),
    ("", f"The Harbour Light [1]\n\n{PROSE}"),
    ("", f"- The Harbour Light\n\n{PROSE}"),
    ("", f"{'The Harbour Light ' * 20}\n\n{PROSE}"),
    ("", f"References\n\n{PROSE}"),
    ("", f"***\n\n{PROSE}"),
    ("", ""),
]


@pytest.mark.parametrize(("title", "text"), TITLES)
def test_title(title, text):
    """The first line, alone and unfinished, where something follows it."""
    draft = plaintext.read(text)

    assert title == draft.title
    assert bool(title) == any(block.kind is TITLE for block in draft.blocks)


SHAPES = [
    ("== History ==", HEADING),
    ("### History ###", HEADING),
    ("History[edit]", HEADING),
    ("History [ edit | edit source ]", HEADING),
    ("Geschichte[Bearbeiten | Quelltext bearbeiten]", HEADING),
    ("- an item", ITEM),
    ("• an item", ITEM),
    ("c) an item", ITEM),
    ("(iv) an item", ITEM),
    ("> said before", QUOTE),
    ("| a | b |", TABLE),
    ("Height\t38 m", TABLE),
    ("Main article: Lamps", HATNOTE),
    ("Hauptartikel: Lampen", HATNOTE),
    ("For the film, see Lamp (film).", HATNOTE),
    ("Lamps burn oil.", PARAGRAPH),
    ("-5 degrees were measured.", PARAGRAPH),
    ("*Not* a bullet, this.", PARAGRAPH),
    ("Vitamin a) is none.", PARAGRAPH),
    ("#hashtag of the day won.", PARAGRAPH),
    ("See also what he wrote.", PARAGRAPH),
    ("a = b = c holds.", PARAGRAPH),
    ("| pipes | open a line of text.", PARAGRAPH),
]


@pytest.mark.parametrize(("line", "kind"), SHAPES)
def test_kind_of_a_line(line, kind):
    """What a line between two paragraphs is, by its shape."""
    found = blocks(f"{PROSE}\n\n{line}\n\n{PROSE}")

    assert [PARAGRAPH, kind, PARAGRAPH] == [one for one, _ in found]


@pytest.mark.parametrize("rule", ["---", "===", "* * *", "—————", "~~~~", "•••", "--"])
def test_rules_are_nothing(rule):
    """A line of signs parts two paragraphs and is no block."""
    assert [(PARAGRAPH, PROSE)] * 2 == blocks(f"{PROSE}\n\n{rule}\n\n{PROSE}")


def test_headings_carry_their_section_to_what_follows():
    """A block stands in the section of the heading above it; the edit link and the marks are not of its name."""
    draft = plaintext.read(f"{PROSE}\n\n== History ==\n{PROSE}\n\n## Keepers\n{PROSE}")

    assert ["", "History", "History", "Keepers", "Keepers"] == [block.section for block in draft.blocks]


def test_wrapped_lines_are_one_paragraph():
    """Lines that end where the paper ended are one paragraph."""
    text = (
        "The light on the northern tip of the island was lit for the first time\n"
        "in October 1861, after two years of work by men from the quarry at St.\n"
        "Brice, and failed in the first storm of that winter."
    )

    assert [(PARAGRAPH, text)] == blocks(text)


@pytest.mark.parametrize(
    "text",
    [
        "The lamp was lit.\nThe bell rang.\nThe tower fell.",
        "Alice Cole, keeper from 1861 to 1870\nBrian Dunn, keeper from 1870 to 1899",
        "a base of granite from the quarry at St. Brice on the coast;\na lantern of cast iron;\ntwo galleries with a view of the sea.",
        f"{'A line far wider than any paper is. ' * 5}\n{'And another one that is as wide. ' * 5}",
    ],
)
def test_other_lines_are_paragraphs_of_their_own(text):
    """Where line ends mean something, each line stands alone."""
    assert [(PARAGRAPH, line.strip()) for line in text.split("\n")] == blocks(f"{PROSE}\n\n{text}")[1:]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("References", LISTED),
        ("References[edit]", LISTED),
        ("## Sources:", LISTED),
        ("== Einzelnachweise ==", LISTED),
        ("7. References", LISTED),
        ("WORKS CITED", LISTED),
        ("参考文献", LISTED),
        ("See also", LINKS),
        ("Weblinks", LINKS),
        ("History of sources", PARAGRAPH),
    ],
)
def test_what_a_section_holds_goes_by_its_name(heading, kind):
    """Lists of references and of links hold no claims."""
    found = blocks(f"{PROSE}\n\n{heading}\nCole, A. (1990). Lamps. London.\nDunn, B. (1991). Bells. Leeds.")

    assert (kind, "Cole, A. (1990). Lamps. London.") in found


def test_references_keep_label_text_and_address():
    """Entries become references, with the number printed, or counted where none is."""
    text = f"{PROSE}\n\nReferences\n\n[18] Cole, A. Lamps. https://a.example/lamps.\n^ Dunn, B. Bells (https://a.example/bells)\n20. Ames. Tin."
    references = plaintext.read(text).references

    assert ("18", "https://a.example/lamps") == (references[0].label, references[0].url)
    assert [Reference] * 3 == [type(one) for one in references]
    assert "Ames. Tin." == references[2].text


def test_a_list_of_claims_has_no_headings():
    """Where every paragraph is one sentence, a short line without a stop is one of them."""
    text = "The lamp was lit.\n\nThe bell rang.\n\nNobody was hurt\n\nThe tower fell.\n\nIt was rebuilt."

    assert [PARAGRAPH] * 5 == [kind for kind, _ in blocks(text)]


def test_three_short_lines_in_a_row_are_a_list():
    """One or two short lines may be headings; more are the items of a list that lost its bullets."""
    text = f"{PROSE}\n\nCole\n\nDunn\n\nAmes\n\n{PROSE}"

    assert [PARAGRAPH] * 5 == [kind for kind, _ in blocks(text)]


def test_an_indented_line_goes_on_with_its_item():
    """What is indented under a bullet belongs to the item; what is not is a paragraph."""
    text = "- The base is granite.\n  It came by ship.\nThe lantern is iron."

    assert [
        (ITEM, "The base is granite.\n  It came by ship."),
        (PARAGRAPH, "The lantern is iron."),
    ] == blocks(text)


def test_offsets_count_in_the_text_as_given():
    """White space around lines, tabs and blank lines never shift an offset."""
    text = "\n \t The Harbour Light\t\n\n\n   The lamp was lit.[1]   \n\t- an item\t\n"

    assert [(TITLE, "The Harbour Light"), (PARAGRAPH, "The lamp was lit.[1]"), (ITEM, "an item")] == blocks(text)
