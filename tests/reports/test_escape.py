"""What each escape function promises, on a table of traps and on whatever hypothesis finds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from verify.reports.escape import csv_cell, json_text, markdown_text, visible
from verify.terminal import one_line, printable

any_text = st.text(st.characters(exclude_categories=()), max_size=60)
markup = st.text(st.sampled_from("aA1 \\`*_[](){}<>&|~$#@!:/.+-='\"\n\twW%;^"), max_size=40)
commonmark = MarkdownIt("commonmark").enable("table").enable("strikethrough")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain words", "plain words"),
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("＠x", "'＠x"),
        ("﹣1", "'﹣1"),
        ("\u200d=1", "'\u200d=1"),
        ("\n=1", "'\n=1"),
        ("\tx", "'\tx"),
        ("\rx", "'\\rx"),
        ("a=1", "a=1"),
        ("a\nb", "a\nb"),
        ("a\x00\x1b[0m\u202e", "a\\x00\\x1b[0m\\u202e"),
        ("\ud800", "\\ud800"),
        ("", ""),
        (-5, "-5"),
        (1.5, "1.5"),
        ("-5", "'-5"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        (["18", "25"], "18; 25"),
        (["=1", "25"], "'=1; 25"),
        ([], ""),
    ],
)
def test_csv_cell(value: object, expected: str) -> None:
    """Formulas are quoted, hidden characters shown, our own numbers left alone."""
    assert expected == csv_cell(value)


@given(any_text)
def test_csv_cells_never_open_a_formula(text: str) -> None:
    """No cell starts with a sign that runs, and the words stand behind the guard."""
    cell = csv_cell(text)

    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert printable(text) == (cell[1:] if cell != printable(text) else cell)


@given(any_text | markup)
def test_markdown_renders_as_the_same_words(text: str) -> None:
    """In a table cell and in a list item, what is rendered is the text on one line, and nothing but text."""
    line = f"x {markdown_text(text)}"
    page = LexborHTMLParser(commonmark.render(f"| a | b |\n| --- | --- |\n| {line} | z |\n\n- {line}\n"))

    cells = [cell.text() for cell in page.css("td")]
    item = page.css_first("li")

    assert [one_line(f"x {text}"), "z"] == cells
    assert one_line(f"x {text}") == item.text().strip("\n")
    assert list(item.css("*"))[1:] == []


@given(any_text | markup)
def test_markdown_opens_no_block(text: str) -> None:
    """A text that starts a line stays a paragraph."""
    kinds = {token.type for token in commonmark.parse(markdown_text(text))}

    assert kinds <= {"paragraph_open", "inline", "paragraph_close"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see http://x.example", r"see http\://x.example"),
        ("www.x.example WWW.X", r"www\.x.example WWW\.X"),
        ("me@x.example, @you", "me@<!-- -->x.example, @<!-- -->you"),
        ("fixes #12", "fixes #<!-- -->12"),
        ("# 12", r"\# 12"),
        ("1986. A year", r"1986\. A year"),
        ("3.5 km, well-known", r"3\.5 km, well-known"),
    ],
)
def test_markdown_stops_what_github_links(text: str, expected: str) -> None:
    """Addresses, mentions and issue numbers are parted where GitHub would link them."""
    assert expected == markdown_text(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_json_gives_the_value_back(value: object) -> None:
    """What is escaped is read back as it was."""
    assert value == json.loads(json_text(value))


@given(any_text)
def test_json_is_valid_utf8_on_one_line(text: str) -> None:
    """Lone surrogates can be written to a file, and no reader sees a second line."""
    line = json_text(text)

    assert [line] == line.encode("utf-8").decode("utf-8").splitlines()


def test_json_keeps_readable_what_can_be_read() -> None:
    """Letters of other scripts stand as they are; what cannot be seen is escaped."""
    assert json_text("é 港 \u202e \u2028 \ud800 \x7f \x00") == r'"é 港 \u202e \u2028 \ud800 \u007f \u0000"'


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a\u202eb\x07", "a\\u202eb\\x07"), ("a\nb", "a\nb"), ("قال", "قال"), (7, 7), (Markup("<b>\u202e"), Markup("<b>\u202e"))],
)
def test_visible(value: object, expected: object) -> None:
    """Hidden characters of a text are shown; numbers and our own markup pass."""
    assert expected == visible(value)
