r"""What may reach a terminal: the one escape function of that sink.

Documents, sources and file names are hostile: a control character can rewrite the screen, a bidirectional one can show a text in another order
than it is stored. They are printed as `\x1b` or `\u202e`, so that a reader sees that they are there.
"""

import unicodedata

_KEPT = "\n\t"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})
_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji are misspelt without them, and they reorder nothing


def printable(text: str, *, keep: str = _KEPT) -> str:
    """Give `text` with every control, format and unassigned character made visible; `keep` names those that pass."""
    if text.isprintable():
        return text
    return "".join(_shown(c, keep) for c in text)


def one_line(text: str) -> str:
    """Give `text` printable and on one line: runs of white space become one space."""
    return printable(" ".join(text.split()), keep="")


def _shown(character: str, keep: str) -> str:
    if character in keep or character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape").decode("ascii")
