"""Who wrote the entries of a reference list, and when: so that "Smith & Lee, 2019a" finds the one that it means.

An entry's fields are used where the format has them. Otherwise its authors are the words before its year, or before its title: the first of
them is compared as a whole name, with or without what stands before a family name; the others only need to be among the words.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verify.model import Reference

from .addresses import addresses_in

YEAR = r"(?:(?:1[5-9]\d\d|20\d\d)[a-z]?(?!\w)|n\.\s?d\.|o\.\s?J\.|s\.\s?f\.|in press|forthcoming)"
JOINED = re.compile(r",?\s(?:and|und|et|y|e|och|og|en|i|и|та)\s|,?\s?&\s?|[;,，、]\s?")
_YEAR = re.compile(rf"(?<![\w–-]){YEAR}(?![–-]\d)")
_HEAD_YEAR = re.compile(rf"[(\[（][^()\[\]（）\d]{{0,20}}{YEAR}[^()（）]{{0,40}}[)\]）]|[.,]\s{YEAR}(?=[.,:;](?:\s|$))")
_HEAD = 400
"""The authors and the year of an entry stand in its first characters, or nowhere that can be told."""
_QUOTED = re.compile(r"[\"“«„]")
_LED = re.compile(r"[,;&(\[，、]|\s(?:and|und|et|y|e|och|og|en|i|и|та)\s|(?<=\w{3})\.(?:\s|$)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}|[A-ZÀ-Þ]{1,3}")
_WORD = re.compile(r"[^\W_]+(?:[’'‑-][^\W_]+)*")
_ACRONYM = re.compile(r"[(\[]([A-Z]{2,8})[)\]]")
_FEWEST_OF_AN_ACRONYM = 3
_MOST_OF_A_YEAR = 200
_MOST_MEANT = 3
"""Names and a year that fit more entries than this say nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """An entry by its authors and years. `names` are the ways to call its first author, folded, word by word; `joint`: it has several."""

    label: str
    key: str
    names: tuple[tuple[str, ...], ...]
    words: frozenset[str]
    years: tuple[str, ...]
    joint: bool


class Works:
    """The entries of a reference list, to be found by names and year."""

    def __init__(self, works: Iterable[Work]) -> None:
        self._written: dict[tuple[str, str], list[Work]] = {}
        for work in works:
            for last in {name[-1] for name in work.names}:
                for year in {"", *(year[:4] for year in work.years)}:
                    self._written.setdefault((last, year), []).append(work)

    def find(self, names: Sequence[str], year: str = "", *, others: bool = False) -> list[Work]:
        """Give the entries that names and a year mean, several where they leave it open; `others`: the names end with "et al."."""
        first, *rest = (_folded(name) for name in names)
        written = self._written.get((first[-1], year[:4]), ()) if first else ()
        if len(written) > _MOST_OF_A_YEAR:
            return []
        also = {words[-1] for words in rest if words}
        meant = [work for work in written if also <= work.words and any(_calls(names[0], first, name) for name in work.names)]
        meant = _of_year(meant, year)
        meant = [work for work in meant if work.joint == (others or bool(also))] or meant
        return meant if len(meant) <= _MOST_MEANT or not year else []


def work_of(reference: Reference) -> Work | None:
    """Read who wrote an entry, and when; None where one of the two cannot be told."""
    authors = _authors(reference.csl) or _printed_authors(reference.text)
    years = _years(reference.csl) or _printed_years(reference.text)
    printed = _first_name(authors)
    name = _folded(printed)
    if not name or not years:
        return None
    acronym = "".join(word[0] for word in printed.split() if word[0].isupper()).casefold()
    shorter = {(found.casefold(),) for found in _ACRONYM.findall(authors)}
    if len(acronym) >= _FEWEST_OF_AN_ACRONYM:
        shorter.add((acronym,))
    joint = bool(re.search(r"&|;|\s(?:and|und|et|y|e|и)\s|\bet al\b", authors)) or authors.count(",") > 2  # noqa: PLR2004 - "Smith, J., Jr."
    return Work(reference.label, f"{printed} {years[0]}", (name, *sorted(shorter)), frozenset(_folded(authors)), years, joint)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain.replace("’", "'")))


def is_initials(text: str) -> bool:
    """Whether a text is nothing but somebody's initials."""
    return bool(_INITIALS.fullmatch(text.strip()))


def years_in(text: str) -> tuple[str, ...]:
    """The years that a text names, with the letters that tell works of one year apart."""
    found = ("".join(year.split()) if "." in year else year for year in _YEAR.findall(text))
    return tuple(dict.fromkeys(found))


def _folded(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words_of(text))


def _calls(printed: str, cited: Sequence[str], name: Sequence[str]) -> bool:
    """Whether cited words end with a name, or with the last words of it and nothing of another: "Smith" is John Smith, "Adam Smith" is not."""
    same = 0
    while same < min(len(cited), len(name)) and cited[-same - 1] == name[-same - 1]:
        same += 1
    return same > 0 and (same in (len(name), len(cited)) or words_of(printed)[-same - 1][0].islower())


def _of_year(works: Sequence[Work], year: str) -> list[Work]:
    """Those of a year; where the letter after it is left out in one place, those of the year alone."""
    if not year:
        return list(works)
    exact = [work for work in works if year in work.years]
    return exact or [work for work in works if any(y[:4] == year[:4] and len(y) + len(year) == 9 for y in work.years)]  # noqa: PLR2004 - 2020 and 2020a


def _authors(csl: Mapping[str, object]) -> str:
    listed = csl.get("author")
    people = [person for person in listed if isinstance(person, Mapping)] if isinstance(listed, list) else []
    names = [" ".join(str(p[part]) for part in ("non-dropping-particle", "family", "literal") if p.get(part)) for p in people]
    return " & ".join(filter(None, names))


def _years(csl: Mapping[str, object]) -> tuple[str, ...]:
    issued = csl.get("issued")
    return years_in(re.sub(r"[\[\]]", " ", str(issued.get("date-parts", "")))) if isinstance(issued, Mapping) else ()


def _printed_authors(text: str) -> str:
    head = text[:_HEAD]
    year, quoted = _HEAD_YEAR.search(head), _QUOTED.search(head)
    return head[: min(found.start() if found else _HEAD for found in (year, quoted))]


def _printed_years(text: str) -> tuple[str, ...]:
    """The year after the authors where there is one, else every year of the entry but those in addresses."""
    words = addresses_in(text)[1]
    head = _HEAD_YEAR.search(words[:_HEAD])
    return years_in(head[0]) if head else years_in(words)


def _first_name(authors: str) -> str:
    """The name of the first author, as printed: before the comma, the next author or a full stop, without initials."""
    words = _LED.split(authors.strip(), maxsplit=1)[0].split()
    while len(words) > 1 and is_initials(words[-1]):
        words.pop()
    return " ".join([word for word in words if not (len(words) > 1 and is_initials(word) and "." in word)]).strip(".")
