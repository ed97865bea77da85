"""The arguments of a template, as MediaWiki counts them: named, or by their place from 1 on, spaces around named values gone."""

import re
from collections.abc import Iterator

Arguments = dict[str, str]
"""Values by name; those without one are named "1", "2" ..."""

_NOT_OF_A_NAME = re.compile(r"[\[\]<>\x02]|https?:")


def arguments(text: str) -> Arguments:
    """Part what stands after a template's name. Of two values with one name the last counts, as in MediaWiki."""
    found: Arguments = {}
    place = 0
    for part in text.split("|"):
        name, equals, value = part.partition("=")
        # MediaWiki would read a link or an address with "=" in it as a named value and print nothing; what a writer meant is the text
        if equals and not _NOT_OF_A_NAME.search(name):
            found[name.strip().lower()] = value.strip()
        else:
            place += 1
            found[str(place)] = part
    return found


def listed(values: Arguments, start: int = 1) -> Iterator[str]:
    """Give the values without a name, from the place `start` on."""
    place = start
    while (value := values.get(str(place))) is not None:
        yield value
        place += 1


def value_of(values: Arguments, *names: str) -> str:
    """Give the first of these that is not empty."""
    return next((value for name in names if (value := values.get(name, "").strip())), "")
