"""Counting days: dates, months, years, decades and centuries as ranges of whole days of the proleptic Gregorian calendar.

Day 1 is 1 January of the year 0, which is 1 BC; `datetime` ends at the year 1, and texts do not. A date without a year is a range of days of a
leap year, 1 to 366.
"""

from bisect import bisect_left

DAY = "day"
DAY_OF_YEAR = "day of year"
_MONTH_ENDS = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366)
_FEBRUARY = 2
_MONTHS = 12


def is_leap(year: int) -> bool:
    """Whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """The number of a day; years are astronomical (0 is 1 BC)."""
    before = year - 1
    return 366 + 365 * before + before // 4 - before // 100 + before // 400 + day_of_year(month, day) - _missing(year, month)


def day_of_year(month: int, day: int) -> int:
    """The number of a day in a leap year, 1 to 366."""
    return _MONTH_ENDS[month - 1] + day


def month_length(month: int) -> int:
    """Days of a month, 29 for February."""
    return _MONTH_ENDS[month] - _MONTH_ENDS[month - 1]


def is_date(month: int, day: int) -> bool:
    """Whether there is such a day in some year."""
    return 1 <= month <= _MONTHS and 1 <= day <= month_length(month)


def span(year: int | None, month: int = 0, day: int = 0) -> tuple[int, int, str]:
    """First and last day of a year, month or day (0 for what is not said), and the unit they count in."""
    first, last = month or 1, month or _MONTHS
    last_day = day or month_length(last)
    if year is None:
        return day_of_year(first, day or 1), day_of_year(last, last_day), DAY_OF_YEAR
    if not day and last == _FEBRUARY and not is_leap(year):
        last_day -= 1
    return day_number(year, first, day or 1), day_number(year, last, last_day), DAY


def years(first: int, last: int) -> tuple[int, int]:
    """First and last day of a run of years."""
    return day_number(first), day_number(last + 1) - 1


def year_of(day: float) -> int:
    """The year in which a day lies."""
    year = int(day / 365.2425)
    while day_number(year) > day:
        year -= 1
    while day_number(year + 1) <= day:
        year += 1
    return year


def without_year(day: float) -> int:
    """The day of a leap year that has the same month and day."""
    year = year_of(day)
    of_year = int(day) - day_number(year) + 1
    return of_year + (not is_leap(year) and of_year > _MONTH_ENDS[_FEBRUARY] - 1)


def ends_months(low: float, high: float) -> bool:
    """Whether a stretch of days is made of whole months."""
    return without_year(low) - 1 in _MONTH_ENDS and without_year(high + 1) - 1 in _MONTH_ENDS[:_MONTHS]


def month_of(day: float) -> tuple[int, int]:
    """First and last day of the month in which a day lies."""
    return span(year_of(day), bisect_left(_MONTH_ENDS, without_year(day)))[:2]


def with_year(day_of_leap_year: float, year: int) -> int:
    """The day of `year` that has the month and day of a day of a leap year."""
    month = bisect_left(_MONTH_ENDS, day_of_leap_year)
    return day_number(year, month, int(day_of_leap_year) - _MONTH_ENDS[month - 1])


def _missing(year: int, month: int) -> int:
    """The day that a year which is no leap year lacks before a month."""
    return int(month > _FEBRUARY and not is_leap(year))
