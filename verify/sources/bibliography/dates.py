"""CSL dates and the ways they are written: EDTF (ISO 8601-2, levels 0 and 1, as biblatex writes dates), slashes, and words in English.

A CSL date has one or two `date-parts` (year, month, day), a `season`, `circa`, or a `literal` for what is no date ("n.d.", "in press").
"""

import re
from collections.abc import Mapping, Sequence

_EDTF = re.compile(r"(-?\d{4,6})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.+Z-]{0,30})?([~?%]?)")
_PARTED = re.compile(r"(\d{4})([/.])(\d{1,2})(?:\2(\d{1,2}))?\2?")
_LOOSE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_YEARS = re.compile(r"(\d{4})\s?[-‒-―]{1,3}\s?(\d{4})")
_CIRCA = re.compile(r"(?:c\.|ca\.?|circa|about)\s?(?=\d)", re.IGNORECASE)
_WORDS = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.]+(?P<month>[a-z]{3,9})[\s.,]+(?P<year>\d{4})"
    r"|(?P<month2>[a-z]{3,9})[\s.]+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})"
    r"|(?P<month3>[a-z]{3,9})[\s.,]+(?P<year3>\d{4})|(?P<year4>\d{4})[\s.,]+(?P<month4>[a-z]{3,9})\.?(?:\s+(?P<day4>\d{1,2}))?",
    re.IGNORECASE,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS = ("spring", "summer", "autumn", "winter")
_SEASON_CODES = 20
"""EDTF writes the seasons of a year as months 21 to 24, where CSL has 1 to 4."""
_LONGEST = 100


def parse_date(text: str) -> dict[str, object]:
    """Read a date, a range of two, or a season; empty for what is none, or could be several (03/05/2020)."""
    text = " ".join(text[:_LONGEST].split())
    circa = _CIRCA.match(text)
    bare = text[circa.end() :] if circa else text
    found = _edtf_range(bare) or _parted(bare) or _in_words(bare) or _years(bare)
    return {**found, "circa": True} if found and circa else found


def edtf(date: object) -> str:
    """Write a CSL date as EDTF; empty for one that only has words."""
    if not isinstance(date, Mapping):
        return ""
    parts = date.get("date-parts")
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        raw = parse_date(str(date.get("raw", "")))
        return edtf(raw) if raw else ""
    season, mark = _season(date.get("season")), "~" if date.get("circa") else ""
    written = ["-".join([f"{part:0{5 if part < 0 else 4}d}" if not i else f"{part:02d}" for i, part in enumerate(day)]) for day in parts]
    if season and len(parts) == 1 and len(parts[0]) == 1:
        written = [f"{written[0]}-{_SEASON_CODES + season}"]
    return "/".join(day + mark for day in written)


def date_of(value: object) -> dict[str, object]:
    """Give what a CSL-JSON item has for a date in the form of its schema, all parts as numbers; empty where it says nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        return parse_date(value) or literal(value)
    if not isinstance(value, Mapping):
        return {}
    date: dict[str, object] = {
        name: " ".join(words.split()) for name in ("literal", "raw") if isinstance(words := value.get(name), str) and words
    }
    if season := value.get("season"):
        date["season"] = _season(season) or str(season)
    if value.get("circa") not in (None, "", 0, "0", "false"):
        date["circa"] = True
    if parts := _date_parts(value.get("date-parts")):
        date["date-parts"] = parts
    return date


def literal(text: str) -> dict[str, object]:
    """What stands where a date should, when it is none."""
    words = " ".join(text.split())
    return {"literal": words} if words else {}


def first_day(date: object) -> list[int]:
    """The year, month and day that a CSL date begins with, as far as it says; empty where it does not."""
    return first if (first := (_date_parts(date.get("date-parts")) or [[]])[0] if isinstance(date, Mapping) else []) else _of_raw(date)


def _of_raw(date: object) -> list[int]:
    raw = str(date.get("raw") or date.get("literal") or "") if isinstance(date, Mapping) else ""
    return (_date_parts(parse_date(raw).get("date-parts")) or [[]])[0] if raw else []


def _date_parts(parts: object) -> list[list[int]]:
    """One day or two, each cut before the first part that cannot be one."""
    days = [_day(day) for day in parts[:2] if isinstance(day, list | tuple)] if isinstance(parts, list | tuple) else []
    return [day for day in days if day]


def _day(parts: Sequence[object]) -> list[int]:
    day: list[int] = []
    for part, (least, most) in zip(parts, ((-999999, 999999), (1, 12), (1, 31)), strict=False):
        written = str(part).strip()
        if not re.fullmatch(r"-?\d{1,6}", written) or not least <= int(written) <= most:
            break
        day.append(int(written))
    return day


def _edtf_range(text: str) -> dict[str, object]:
    ends = [_EDTF.fullmatch(end) for end in text.split("/", 2)]
    days = [_edtf_day(end) for end in ends if end]
    if len(ends) != len(days) or not all(days) or len(days) > 2:  # noqa: PLR2004 - a range has two ends
        return _season_of(text)
    circa = any(end and end[4] for end in ends)
    return {"date-parts": days, **({"circa": True} if circa else {})}


def _edtf_day(found: re.Match[str]) -> list[int]:
    parts = [part for part in found.groups()[:3] if part]
    day = _day(parts)
    return day if len(day) == len(parts) else []


def _season_of(text: str) -> dict[str, object]:
    """Read "2020-21" and "Spring 2020"."""
    if found := re.fullmatch(r"(-?\d{4})-2([1-4])([~?%]?)", text):
        circa: dict[str, object] = {"circa": True} if found[3] else {}
        return {"date-parts": [[int(found[1])]], "season": int(found[2]), **circa}
    if found := re.fullmatch(r"(spring|summer|autumn|fall|winter),? (\d{4})", text, re.IGNORECASE):
        return {"date-parts": [[int(found[2])]], "season": _season(found[1])}
    return {}


def _season(value: object) -> int:
    written = str(value).strip().lower().replace("fall", "autumn")
    return SEASONS.index(written) + 1 if written in SEASONS else int(written) if written in ("1", "2", "3", "4") else 0


def _parted(text: str) -> dict[str, object]:
    found = _PARTED.fullmatch(text)
    parts = [found[1], found[3], found[4]] if found else list(loose.groups()) if (loose := _LOOSE.fullmatch(text)) else []
    parts = [part for part in parts if part]
    day = _day(parts)
    return {"date-parts": [day]} if day and len(day) == len(parts) else {}


def _years(text: str) -> dict[str, object]:
    found = _YEARS.fullmatch(text)
    return {"date-parts": [[int(found[1])], [int(found[2])]]} if found and found[1] < found[2] else {}


def _in_words(text: str) -> dict[str, object]:
    found = _WORDS.fullmatch(text)
    if not found:
        return {}
    named = {name.rstrip("234"): value for name, value in found.groupdict().items() if value}
    month = named["month"][:3].lower()
    day = _day([named["year"], MONTHS.index(month) + 1, *([named["day"]] if "day" in named else [])]) if month in MONTHS else []
    return {"date-parts": [day]} if day else {}
