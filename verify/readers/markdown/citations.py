"""The markers of Markdown: `[^1]`, `[1]`, and citations as pandoc writes them, `[see @smith2020, p. 3; -@roe]` and `@smith2020 [p. 3] says`.

A key begins with `@` where no word ends, so that an e-mail address holds none. In brackets every `@key` cites. In running text it may as well
be somebody's name in a network: there it cites where it has a page in brackets after it, ends in a year, or is cited in brackets elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.model import MarkKind


@dataclass(frozen=True, slots=True)
class Run:
    """Printed text, or a marker of a kind; with `url`, the text of a link."""

    text: str
    kind: MarkKind | None = None
    labels: tuple[str, ...] = ()
    locator: str = ""
    url: str = ""


_KEY = r"@(?:\{([^{}\s]{1,100})\}|(\w(?:[\w]|[:.#$%&+?<>~/-](?=\w)){0,100}))"
_CITED = re.compile(rf"(?<![\w.])-?{_KEY}")
_GROUP = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){1,2000})\](?!\()")
_NARRATIVE = re.compile(rf"{_KEY}(?:\s?\[((?:[^\[\]]){{1,300}})\](?!\())?")
_YEARED = re.compile(r"[^\W\d_].*\D(?:1[5-9]|20)\d\d[a-z]?", re.DOTALL)
_TERM = (
    r"(?:pp?|pages?|pg|chaps?|chapters?|ch|secs?|sections?|figs?|figures?|vols?|volumes?|nos?|n|lines?|l|paras?|paragraphs?|parts?|pt|art|arts|fols?"
    r"|books?|bk|cols?|columns?|notes?|op|tables?|eqs?|v|vv|s\.v|S|Kap|Bd|Abb|стр|с|с\.)\b\.?|[§¶]+"
)
_PLACE = r"[A-Za-z]?\d+\w*|[ivxlcIVXLC]+\b"
_LOCATOR = re.compile(rf"[\s,{{]*((?:{_TERM})?\s?(?:{_PLACE})(?:\s?[-–—,:.]\s?(?:{_PLACE}))*)")
_EMPHASIS = re.compile(r"[*_`]+")
_NOTE_NAME = re.compile(r"(?:note|nb|n|fn|lower-alpha|upper-alpha|lower-roman|anm|nota|efn)[-_ ]?\d{1,4}", re.IGNORECASE)
_LETTER = re.compile(r"[a-zA-Z]")


def keys_in(text: str) -> tuple[str, ...]:
    """The keys that a text cites in brackets or bare, each once."""
    return tuple(dict.fromkeys(found[1] or found[2] for found in _CITED.finditer(text)))


def bracketed_keys(text: str) -> frozenset[str]:
    """The keys that a text cites in brackets."""
    return frozenset(key for group in _GROUP.finditer(text) if "@" in group[1] for key in keys_in(group[1]))


def citation_group(text: str, at: int, end: int) -> tuple[list[Run], int] | None:
    """Read `[see @a, p. 3; @b]` at an opening bracket: a marker for each key, together as printed, and where it ends."""
    found = _GROUP.match(text, at, end)
    if not (found and "@" in found[1]):
        return None
    runs = _members(found[1])
    return (_within_brackets(runs), found.end()) if runs else None


def narrative(text: str, at: int, end: int, bracketed: frozenset[str], names: dict[str, str]) -> tuple[list[Run], int] | None:
    """Read `@a says` or `@a [p. 3] says` at its `@`: the name as a word of the sentence, then the marker."""
    found = _NARRATIVE.match(text, at, end)
    if not found or (at and (text[at - 1].isalnum() or text[at - 1] in "._@/")):
        return None
    key, place = found[1] or found[2], found[3] or ""
    others = _members(place.partition(";")[2] if ";" in place else place) if "@" in place else []
    located = _LOCATOR.match(_EMPHASIS.sub("", place)) if place and not place.lstrip("- ").startswith("@") else None
    if not (key in bracketed or key in names or located or others or _YEARED.fullmatch(key)):
        return None
    # A bracket that is no locator is text of its own, or another marker.
    stop = found.end() if located or others else found.end(2) if found[2] else found.end(1) + 1
    locator = located[1].strip() if located else ""
    own = Run(f"@{key}, {locator}" if locator else f"@{key}", MarkKind.CITATION, (key,), locator)
    return [Run(names.get(key, f"@{key}")), Run(" "), *_within_brackets([own, *others])], stop


def _members(group: str) -> list[Run]:
    """The citations between the brackets of a group, as printed; none where the first part has no key, as then it is no group."""
    runs: list[Run] = []
    for part in re.split(r"(?<=;)", group):
        found = _CITED.search(part)
        if found:
            place = _LOCATOR.match(_EMPHASIS.sub("", part[found.end() :]))
            runs.append(Run(part, MarkKind.CITATION, (found[1] or found[2],), place[1].strip() if place else ""))
        elif runs:
            runs[-1] = Run(runs[-1].text + part, MarkKind.CITATION, runs[-1].labels, runs[-1].locator)
        else:
            return []
    return runs


def _within_brackets(runs: list[Run]) -> list[Run]:
    last = len(runs) - 1
    return [
        Run(f"{'[' if at == 0 else ''}{run.text}{']' if at == last else ''}", run.kind, run.labels, run.locator)
        for at, run in enumerate(runs)
    ]


def note_names(labels: dict[str, str]) -> frozenset[str]:
    """Which footnotes, given as label -> text, are explanatory notes: those named so, and lettered ones beside numbered ones or without a work.

    Wikipedia letters its notes and numbers its citations; who letters all footnotes cites with them.
    """
    numbered = any(label.isdecimal() for label in labels)
    return frozenset(
        label
        for label, text in labels.items()
        if _NOTE_NAME.fullmatch(label) or (_LETTER.fullmatch(label) and (numbered or "http" not in text))
    )


def note_mark(label: str, notes: frozenset[str], keys: Iterator[str] | tuple[str, ...] = ()) -> Run:
    """The marker of a footnote; `keys` are cited within it, and so by the sentence."""
    if label in notes:
        name = re.sub("[-_]", " ", label)
        return Run(f"[{name}]", MarkKind.NOTE, (name,))
    return Run(f"[{label}]", MarkKind.CITATION, tuple(dict.fromkeys((label, *keys))))
