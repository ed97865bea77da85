"""What may reach a terminal: hidden characters are made visible, everything else stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.terminal import one_line, printable

TEXTS = st.text(st.characters(codec=None))

SHOWN = [
    ("plain text, ünïcode, 漢字, עברית", "plain text, ünïcode, 漢字, עברית"),
    ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
    ("bell\x07 del\x7f csi\x9b2J", r"bell\x07 del\x7f csi\x9b2J"),
    ("over\u202eridden\u2066isolated", r"over\u202eridden\u2066isolated"),
    ("mark\u200f \ufeff\u00ad", r"mark\u200f \ufeff\xad"),
    ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
    ("half \ud800 of one", r"half \ud800 of one"),
    ("private \ue000, unassigned \U0003ffff, tag \U000e0041", r"private \ue000, unassigned \U0003ffff, tag \U000e0041"),
    ("می\u200cروم and 👩\u200d🚀", "می\u200cروم and 👩\u200d🚀"),
    ("no-break\u00a0space\u3000wide", "no-break\u00a0space\u3000wide"),
    ("kept\tand\nkept, but not\r", "kept\tand\nkept, but not\\r"),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN)
def test_hidden_characters_are_spelled(text, expected):
    """Controls, formats, lone surrogates, private and unassigned ones; joiners stay, since words need them."""
    assert expected == printable(text)


def test_one_line():
    """Runs of white space are one space, ends are trimmed, what hides is spelled."""
    assert r"a b \x1b c d" == one_line("  a\t\n b \x1b\u00a0\r\n c\u2003\u2028d ")


def test_caller_says_what_passes():
    """Line ends and tabs pass unless the caller wants them spelled."""
    assert ("a\n\tb", r"a\n\tb", "a\n\\tb") == (printable("a\n\tb"), printable("a\n\tb", keep=""), printable("a\n\tb", keep="\n"))


@given(TEXTS)
def test_nothing_hidden_is_left(text):
    """Of no text."""
    left = {unicodedata.category(c) for c in printable(text, keep="") if c not in "\u200c\u200d"}

    assert set() == left & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(TEXTS)
def test_one_line_is_one_line(text):
    """However it was broken; to show it twice changes nothing."""
    shown = one_line(text)

    assert shown.splitlines() in ([], [shown])
    assert shown == one_line(shown)


@given(st.text(st.characters(exclude_categories=("C", "Z"))))
def test_visible_text_is_left_alone(text):
    """What can be seen is printed as it is."""
    assert text == printable(text) == one_line(text)
