"""Reading a time of day where it stands: 5 pm, 5:30 p.m., 17:00, 17 h 30, 17 Uhr, five o'clock, noon."""

from verify.evidence.quantities.figure import Atom
from verify.evidence.quantities.quantity import Kind
from verify.evidence.quantities.tokens import Tokens

MINUTE = "minute"
_HALVES = {("am",): 0, ("a", ".", "m"): 0, ("pm",): 12, ("p", ".", "m"): 12}
_CLOCK = (("o", "'", "clock"), ("o", "\u2019", "clock"), ("uhr",), ("uur",))
_NAMED = {"noon": 720, "midday": 720, "midnight": 0}
_HOURS, _NOON, _MINUTES = 24, 12, 60

NAMED_TIMES = frozenset(_NAMED)


def read_time(tokens: Tokens, index: int) -> Atom | None:
    """Read the time that begins at a token, None where none does. Values are minutes since midnight; before noon a plain one is read both ways."""
    if tokens.lower[index] in _NAMED:
        minutes = _NAMED[tokens.lower[index]]
        return Atom(index, index + 1, Kind.TIME_OF_DAY, minutes, minutes, MINUTE, figure=minutes)
    hour, minute, at = _hour_and_minute(tokens, index)
    if hour is None or hour > _HOURS:
        return None
    half, last = _half(tokens, at)
    if half is not None:
        return _time(index, last, hour % _NOON + half, minute or 0, plain=False) if 0 < hour <= _NOON else None
    clock = next((phrase for phrase in _CLOCK if tokens.follows(at, phrase)), ())
    if not clock and (minute is None or at == index + 1):
        return None
    return _time(index, at + len(clock), hour % _HOURS, minute or 0, plain=0 < hour <= _NOON)


def _time(first: int, last: int, hour: int, minute: int, *, plain: bool) -> Atom:
    value = hour * 60 + minute
    later = (value + 720) % 1440
    return Atom(first, last, Kind.TIME_OF_DAY, value, value, MINUTE, figure=hour, also=((later, later),) if plain else ())


def _hour_and_minute(tokens: Tokens, index: int) -> tuple[int | None, int | None, int]:
    """Hour, minute and the token after them, of 17, 17:00 or 17.00."""
    hour, point, minute = tokens.words[index].partition(".")
    if point and len(hour) <= len("17") and len(minute) == len("00") and minute.isdecimal() and int(minute) < _MINUTES:
        return int(hour), int(minute), index + 1
    return tokens.number(index, (1, 2)), *_minute(tokens, index + 1)


def _minute(tokens: Tokens, at: int) -> tuple[int | None, int]:
    """Minutes after a colon or an h, and the token after them; seconds are passed over."""
    mark = tokens.lower[at]
    minute = tokens.number(at + 1, (2, 2))
    if mark == ":" and minute is not None and minute < _MINUTES and tokens.glued(at) and tokens.glued(at + 1):
        more = tokens.words[at + 2] == ":" and tokens.glued(at + 2) and tokens.number(at + 3, (2, 2)) is not None
        return minute, at + 4 if more else at + 2
    if mark == "h" and minute is not None and minute < _MINUTES:
        return minute, at + 2
    return None, at


def _half(tokens: Tokens, at: int) -> tuple[int | None, int]:
    for phrase, hours in _HALVES.items():
        if tokens.follows(at, phrase) and (len(phrase) > 1 or tokens.starts[at] - tokens.ends[at - 1] <= 1):
            last = at + len(phrase)
            return hours, last + (len(phrase) > 1 and tokens.words[last] == "." and tokens.glued(last))
    return None, at
