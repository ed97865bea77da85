"""Quantities as templates print them: `{{convert|5|to|10|km}}`, digits in groups. Only what was written is printed, not what it converts to."""

import re
from collections.abc import Sequence

from .arguments import Arguments, listed, value_of
from .lists import tables

_NUMBER = re.compile(r"\s*[+−-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:\s*[+/]\s*\d+)*\s*", re.IGNORECASE)
_WHOLE = re.compile(r"(?<![\d.,])\d{5,}(?![\d,])")
_LONGEST = 40
_SMALLER_UNIT_FOLLOWS = frozenset({"ft", "lb", "st", "mi", "yd"})


def converted(values: Arguments) -> str:
    """What `{{convert}}` prints first: the quantities and their unit ("5–10 km", "5 ft 6 in"), joined by a hyphen where `adj=on`."""
    text, rest = _range([part.strip() for part in listed(values)])
    unit = rest[0] if rest else ""
    space = "-" if value_of(values, "adj") == "on" else " "
    if unit:
        text += space + tables()["units"].get(unit, unit)
    if unit in _SMALLER_UNIT_FOLLOWS and len(rest) > 2 and _NUMBER.fullmatch(rest[1]) and not _NUMBER.fullmatch(rest[2]):  # noqa: PLR2004 - {{convert|5|ft|6|in}}
        text += f"{space}{rest[1]}{space}{rest[2]}"
    return text


def _range(parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The numbers that the arguments begin with, and what follows them."""
    if not parts:
        return "", ()
    pieces, at = [grouped_digits(parts[0])], 1
    between = tables()["ranges"]
    while at + 1 < len(parts) and parts[at] in between and _NUMBER.fullmatch(parts[at + 1]):
        pieces += between[parts[at]], grouped_digits(parts[at + 1])
        at += 2
    return "".join(pieces), parts[at:]


def grouped_digits(text: str) -> str:
    """Part whole numbers of five digits and more by commas, as MediaWiki does where its templates ask."""
    return _WHOLE.sub(lambda found: f"{int(found[0]):,}", text) if len(text) < _LONGEST else text
