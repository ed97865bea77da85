"""The nouns of this part: a quantity as a text prints it, and what a source says in its place.

Values are kept in one unit a dimension, so that 10 km and 6.2 mi can be laid side by side; dates are whole days, so that a month holds its days.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a quantity counts or measures. Ages are durations; decades and centuries are dates; a designation is a name with digits (B-52), which is
    compared but not found as a quantity."""

    CARDINAL = "cardinal"
    ORDINAL = "ordinal"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    CURRENCY = "currency"
    MEASURE = "measure"
    DURATION = "duration"
    YEAR = "year"
    DATE = "date"
    TIME_OF_DAY = "time_of_day"
    SCORE = "score"
    DESIGNATION = "designation"


class Exactness(StrEnum):
    """How near to the printed figure the thing itself is said to be."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"
    AT_LEAST = "at_least"
    UNDER = "under"
    AT_MOST = "at_most"


class Direction(StrEnum):
    """Which way the words near a quantity say that it went."""

    ROSE = "rose"
    FELL = "fell"
    NONE = "none"


class Outcome(StrEnum):
    """What a source says of a claim's quantity. `absent`: nothing in it that speaks of the same thing, or nothing as precise."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNIT_DIFFERS = "unit_differs"
    DIRECTION_DIFFERS = "direction_differs"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity where it stands: `text` is `start`..`end` of the text searched, in code points, end exclusive, without hedges.

    `low`..`high` is what is printed, in `unit`: a range where low < high, and a year, month or decade is a range of days. `unit` is "" for counts
    and ordinals, "%" and "pp", a currency (ISO 4217, or a word such as "dollar" where the text does not say whose), an SI unit for measures ("m",
    "m2", "kg", "m3", "K", "m/s" ...), "s" for durations, "day" for dates (days since 1 January of the year 0, Gregorian) and "day of year" (1..366)
    for those without a year, "minute" of the day, "score", and
    the name with # for its digits for designations. `figure` is the number as printed, before any unit or scale made it more, and `step`
    the value of its last printed place: 12 and 1e5 for "1.2 million". `also` are other readings of the same print (06/12/2024; 1.234), as
    (low, high) pairs. `is_range` says that both ends are printed ("10-12", "1914-18"), rather than one vague word or a month.
    """

    start: int
    end: int
    text: str
    kind: Kind
    low: float
    high: float
    unit: str = ""
    exactness: Exactness = Exactness.EXACT
    direction: Direction = Direction.NONE
    figure: float = 0.0
    step: float = 1.0
    also: tuple[tuple[float, float], ...] = ()
    is_range: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quantity of a claim against a source. `match` is the source's quantity that speaks of the same thing (offsets in the source), None where
    there is none; `confidence` in 0..1 is how sure the outcome is; `why` is one short line for a person."""

    quantity: Quantity
    outcome: Outcome
    match: Quantity | None = None
    confidence: float = 0.0
    why: str = ""
