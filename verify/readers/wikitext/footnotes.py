"""Footnotes of a page of wikitext: what each says, the number it gets in its group, and how its marker is printed (MediaWiki's Cite).

A footnote is known by its group and its name; without a name it gets one of its own. The first content that is given to a name stays.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from verify.model import MarkKind
from verify.readers.numerals import lettered, roman

_ATTRIBUTE = re.compile(r"([\w-]+)\s*+=\s*+(?:\"([^\"]*+)\"?|'([^']*+)'?|([^\s\"'>]++))")
_NOTES = re.compile(
    r"(?:foot|end)?notes?|nb|n|fn|f|a|u|k|remarks?|comments?|explanatory|anm(?:erkung(?:en)?)?\.?|not[ae]s?\.?|noot|noten|opm(?:erking)?|uwagi?|uw\."
    r"|прим(?:ечани[ея])?\.?|комм?(?:ентари[ий])?\.?|прим(?:ітк[аи])?|注|註|注釈|注释|註釋|备注|備註|脚注|주|각주|ملاحظة|ملاحظات|ملا|و|ביאור|הערה|टिप्पणी"
    r"|(?:lower|upper)-(?:alpha|roman|greek|latin)",
    re.IGNORECASE,
)
"""Groups of explanatory notes, by the names that wikis give them; any other group holds works (`group=web`)."""
_LATIN, _GREEK = "abcdefghijklmnopqrstuvwxyz", "αβγδεζηθικλμνξοπρστυφχψω"


class Attributes(NamedTuple):
    """What a `<ref>` says of itself."""

    name: str = ""
    group: str = ""
    follows: str = ""
    extends: str = ""
    details: str = ""


class _Note(NamedTuple):
    text: str
    raw: bool


@lru_cache(maxsize=4096)
def attributes_of(written: str) -> Attributes:
    """Read the attributes of a `<ref>`: quoted in either way or not at all; white space in a name is one space."""
    if "=" not in written:
        return Attributes()
    found = {m[1].lower(): " ".join((m[2] or m[3] or m[4] or "").split()) for m in _ATTRIBUTE.finditer(written)}
    return Attributes(
        found.get("name", ""), found.get("group", ""), found.get("follow", ""), found.get("extends", ""), found.get("details", "")
    )


class Footnotes:
    """The footnotes of a page. A note is `raw` while its templates are not expanded."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str], _Note] = {}
        self._labels: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._met: set[tuple[str, str]] = set()
        self._unnamed = 0

    def define(self, group: str, name: str, text: str, *, raw: bool = False) -> str:
        """Keep what a footnote says, and give its name: a new one, which no page can write, where it has none."""
        if not name:
            self._unnamed += 1
            name = f"\x02{self._unnamed}"
        if text and (group, name) not in self._notes:
            self._notes[group, name] = _Note(text, raw)
        return name

    def add(self, group: str, name: str, text: str) -> None:
        """Add to what a footnote says (`<ref follow=…>`)."""
        held = self._notes.get((group, name), _Note("", raw=True))
        self._notes[group, name] = _Note(f"{held.text} {text}".strip(), held.raw)

    def is_new(self, group: str, name: str) -> bool:
        """Whether a footnote is met for the first time."""
        new = (group, name) not in self._met
        self._met.add((group, name))
        return new

    def number(self, group: str, name: str) -> None:
        """Give a footnote the next number of its group."""
        self._counts[group] = count = self._counts.get(group, 0) + 1
        self._labels[group, name] = _printed(group, count)

    def label(self, group: str, name: str) -> str:
        """The number or name that a footnote is printed with: "18", "a", "note 1"."""
        return self._labels.get((group, name), "")

    def read_text(self, group: str, name: str) -> str:
        """What a footnote says, where its templates are expanded already; empty otherwise."""
        note = self._notes.get((group, name))
        return note.text if note and not note.raw else ""

    def note(self, group: str, name: str) -> tuple[str, bool]:
        """What a footnote says, and whether its templates are still to be expanded."""
        return self._notes.get((group, name), _Note("", raw=False))

    def numbered(self, start: int) -> list[tuple[str, str]]:
        """Group and name of the footnotes that have a number, in the order in which they got it, from the one at `start` on."""
        return list(self._labels)[start:]


@lru_cache(maxsize=1024)
def kind_of(group: str) -> MarkKind:
    """Whether a group's footnotes cite works or explain."""
    return MarkKind.NOTE if group and _NOTES.fullmatch(group.rstrip(" :")) else MarkKind.CITATION


def _printed(group: str, count: int) -> str:
    """How Cite prints a number of a group: plain, in the letters that the group is named for, or after the group's name."""
    case, _, style = group.partition("-")
    if not group or group == "decimal":
        return str(count)
    if case not in ("lower", "upper") or style not in ("alpha", "latin", "greek", "roman"):
        return f"{group} {count}"
    text = roman(count) if style == "roman" else lettered(count, _GREEK if style == "greek" else _LATIN)
    return text.upper() if case == "upper" else text
