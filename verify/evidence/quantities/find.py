"""Every quantity of a text, where it stands."""

from collections.abc import Iterator
from functools import lru_cache

from verify.evidence.quantities.amounts import read_amount
from verify.evidence.quantities.dates import read_date
from verify.evidence.quantities.designations import read_designation
from verify.evidence.quantities.digits import HYPHENS, VULGAR
from verify.evidence.quantities.eras import DECADE_WORDS, bare_roman, narrowed, read_century, read_decade, read_roman, roman
from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.lexicon import MONTHS
from verify.evidence.quantities.quantity import Quantity
from verify.evidence.quantities.ranges import joined
from verify.evidence.quantities.spelled import SPELLED
from verify.evidence.quantities.surroundings import direction, exactness
from verify.evidence.quantities.times import NAMED_TIMES, read_time
from verify.evidence.quantities.tokens import Tokens

_TRIGGERS = SPELLED | frozenset(MONTHS) | frozenset(DECADE_WORDS) | NAMED_TIMES | frozenset(VULGAR)
_ROMAN = ("I", "V", "X")


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Give the quantities of a text in order; none overlaps another. Time is linear in the text's length."""
    tokens = Tokens(text)
    return tuple(quantity(tokens, atom) for atom in atoms(tokens))


def atoms(tokens: Tokens, *, designations: bool = False) -> Iterator[Atom]:
    """Read the quantities of tokenised text in order, without their surroundings; with `designations` the names that have digits in them too."""
    done = 0
    for index in [index for index, word in enumerate(tokens.words) if _may_begin(word)]:
        if index < done:
            continue
        atom = _read(tokens, index, done)
        if atom:
            whole = narrowed(tokens, joined(tokens, atom, lambda at, first: _read(tokens, at, first)), done)
            done = whole.last
            if not _in_chain(tokens, whole):
                yield whole
        elif designations and tokens.figure(index) and (name := read_designation(tokens, index, done)):
            done = name.last
            yield name


@lru_cache(maxsize=1 << 16)
def _may_begin(word: str) -> bool:
    """Whether a quantity may begin at such a token."""
    return word[:1].isdecimal() or word.lower() in _TRIGGERS or (word[:1] in _ROMAN and roman(bare_roman(word)) > 0)


def _in_chain(tokens: Tokens, atom: Atom) -> bool:
    """Whether a plain number is a part of a chain that reads as no range: a telephone number, an ISBN, the 11 of 7-Eleven."""
    if not atom.bare or atom.is_range:
        return False
    return _hyphened(tokens, atom.first - 1) or (_hyphened(tokens, atom.last) and tokens.figure(atom.last + 1))


def _hyphened(tokens: Tokens, at: int) -> bool:
    """Whether the token is a hyphen that joins something to a figure."""
    return at > 0 and tokens.words[at] in HYPHENS and tokens.glued(at) and tokens.glued(at + 1) and tokens.figure(at - 1)


def quantity(tokens: Tokens, atom: Atom) -> Quantity:
    """Make a quantity of an atom and the words around it."""
    start, end = tokens.starts[atom.first], tokens.ends[atom.last - 1]
    return Quantity(
        start,
        end,
        tokens.text[start:end],
        atom.kind,
        atom.low,
        atom.high,
        atom.unit,
        exactness(tokens, atom),
        direction(tokens, atom),
        atom.figure,
        atom.step,
        atom.also,
        atom.is_range,
    )


def _read(tokens: Tokens, index: int, floor: int) -> Atom | None:
    """Read one atom at a token, what is most particular first."""
    if tokens.figure(index):
        return (
            read_date(tokens, index)
            or read_decade(tokens, index)
            or read_century(tokens, index)
            or read_time(tokens, index)
            or read_amount(tokens, index, floor)
        )
    return (
        read_date(tokens, index)
        or read_decade(tokens, index)
        or read_time(tokens, index)
        or read_roman(tokens, index)
        or read_amount(tokens, index, floor)
    )
