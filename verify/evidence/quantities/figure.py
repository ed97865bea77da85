"""One number as it is printed, and what it is once its unit is known: the steps between tokens and a quantity."""

from dataclasses import dataclass
from enum import Enum, auto

from verify.evidence.quantities.quantity import Exactness, Kind


class Form(Enum):
    """How a number is written, which decides what it may be taken for: `DIGITS` alone may be a year or a day, `NUMBER` is any other."""

    DIGITS = auto()
    NUMBER = auto()
    FRACTION = auto()
    ORDINAL = auto()
    VAGUE = auto()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed, tokens `first` to `last` (exclusive). `step` is the value of its last printed place, `figure` its value before scaling,
    `high` the upper end of a vague one ("thousands"), `also` its values in other readings."""

    first: int
    last: int
    value: float
    step: float
    figure: float
    form: Form
    also: tuple[float, ...] = ()
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Atom:
    """A quantity before its surroundings are read, tokens `first` to `last` (exclusive); the rest as of `Quantity`.

    `factor` and `offset` made `low` of `figure`, so that in "2-3 million km" the 2 can be given what the 3 has.
    """

    first: int
    last: int
    kind: Kind
    low: float
    high: float
    unit: str = ""
    step: float = 1.0
    figure: float = 0.0
    also: tuple[tuple[float, float], ...] = ()
    exactness: Exactness = Exactness.EXACT
    factor: float = 1.0
    offset: float = 0.0
    is_range: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is a number alone, which may take the unit of its partner in a range."""
        return self.kind is Kind.CARDINAL and self.factor == 1
