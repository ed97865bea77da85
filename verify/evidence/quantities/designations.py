"""Reading names that have digits in them where they stand: B-52, COVID-19, H.264, 6DOF. They are no numbers, but they are not each other either."""

import re

from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.quantity import Kind
from verify.evidence.quantities.tokens import Tokens

_REACH = 6
_JOINING = {"-", "\u2010", "\u2011", ".", "/"}
_DIGITS = re.compile(r"\d+")
_LONGEST = 12


def read_designation(tokens: Tokens, index: int, floor: int) -> Atom | None:
    """Read the name that the digits at a token are part of, None where no letter is; no token before `floor` is taken.

    Its unit is the name with a sign in the place of all digits, its figure those digits.
    """
    first, last = index, index + 1
    while first > max(floor, index - _REACH) and tokens.glued(first) and _continues(tokens, first - 1):
        first -= 1
    while last < index + _REACH and tokens.glued(last) and _continues(tokens, last):
        last += 1
    first += tokens.words[first] in _JOINING
    last -= tokens.words[last - 1] in _JOINING
    name = "".join(tokens.words[first:last])
    digits = "".join(_DIGITS.findall(name))
    if not any(map(tokens.cased, range(first, last))) or len(digits) > _LONGEST:
        return None
    figure = float(digits)
    return Atom(first, last, Kind.DESIGNATION, figure, figure, _DIGITS.sub("#", name).lower(), figure=figure)


def _continues(tokens: Tokens, at: int) -> bool:
    return tokens.cased(at) or tokens.figure(at) or tokens.words[at] in _JOINING
