"""Author and year for a work whose full entry stands elsewhere on the page: `{{sfn|Smith|Jones|2005|p=5}}`, `{{harvnb}}` and their kin.

The names and the year make the anchor under which the full entry is found; equal arguments make one footnote.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .arguments import Arguments, listed, value_of

_PAGE = ("p", "page", "с", "c", "s", "стр", "الصفحة", "صفحة")
_PAGES = ("pp", "pages", "сс", "ss", "стр.")
_PLACE = ("loc", "at", "том", "nr")
_YEAR = re.compile(r"(?:c\. ?)?\d{3,4}(?:[–-]\d{2,4})?[a-z]?|n\.d\.[a-z]?|s\.d\.|б\.г\.|o\.J\.|forthcoming|in press", re.IGNORECASE)
_MOST_WORKS = 20
_OF_ONE_WORK = ("y", "a1", "a2", "a3", "a4")
_MOST_NAMES = 4
"""More names than four make no anchor on any wiki; three are printed, the others are "et al."."""


class ShortNote(NamedTuple):
    """What a short note prints: the authors, the year, the place in the work; and the anchor of its full entry."""

    names: str
    year: str
    place: str
    anchor: str

    @property
    def label(self) -> str:
        """Authors and year, as a reader would look it up."""
        return f"{self.names} {self.year}".strip()

    @property
    def text(self) -> str:
        """The whole note."""
        return f"{self.label}, {self.place}" if self.place else self.label


def anchor_of(names: Sequence[str], year: str) -> str:
    """The anchor of a full entry, as Module:Footnotes makes it of up to four surnames and the year."""
    return "".join("".join((*names[:_MOST_NAMES], year)).split())


def short_note(values: Arguments) -> ShortNote:
    """Read the arguments of one short note. The last without a name is the year, if it looks like one."""
    parts = [part for value in listed(values) if (part := value.strip())]
    year = value_of(values, "y", "year")
    if not year and len(parts) > 1 and (_YEAR.fullmatch(parts[-1]) or len(parts) > 2):  # noqa: PLR2004 - a title and its year
        year = parts.pop()
    anchor = value_of(values, "ref").removeprefix("CITEREF") or anchor_of(parts, year)
    return ShortNote(_joined(parts), year, _place(values), anchor)


def short_notes(values: Arguments) -> list[ShortNote]:
    """Read `{{sfnm|1a1=Smith|1y=2005|1p=5|2a1=…}}`: several in one footnote."""
    notes = []
    for number in range(1, _MOST_WORKS + 1):
        own = {name: value for name in (*_OF_ONE_WORK, *_PAGE, *_PAGES, *_PLACE) if (value := values.get(f"{number}{name}", ""))}
        names = [own[name] for name in _OF_ONE_WORK[1:] if name in own]
        if names:
            notes.append(ShortNote(_joined(names), own.get("y", ""), _place(own), anchor_of(names, own.get("y", ""))))
    return notes


def _joined(names: Sequence[str]) -> str:
    if len(names) > 3:  # noqa: PLR2004 - as the templates print them
        return f"{names[0]} et al."
    return " & ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _place(values: Arguments) -> str:
    """Where in the work: "p. 5", "pp. 5–7", or as it is written."""
    page, pages = value_of(values, *_PAGE), value_of(values, *_PAGES)
    return f"p. {page}" if page else f"pp. {pages}" if pages else value_of(values, *_PLACE)
