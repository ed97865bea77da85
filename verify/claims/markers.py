"""The markers that a text prints: `[18]`, `[3-5]`, `[a]`, `[note 1]`, `[citation needed]`, `【4†source】`, superscript digits.

A bracket alone decides little: `[2019]` may be a year, `[i]` an index, `[who]` an editor's word. So the whole text is scanned first, and what
is doubtful is settled by the company it keeps: years by the size of the other numbers, lettered notes by the letters before them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verify.model import Mark, MarkKind
from verify.tags import tag_bare, tag_printed

_DASH = "‐‑‒–—−~〜-"
_NUMBER = r"\d{1,5}"
_BRACKET = re.compile(r"\[([^\[\]]{1,80})\]|［([^［］]{1,80})］|【([^【】]{1,80})】")
_NUMBERS = re.compile(rf"\s*{_NUMBER}(?:\s*[,;，、{_DASH}]\s*{_NUMBER})*\s*")
_LOCATED = (
    r"(?:pp?|pgs?|S|pág|стр|ch(?:ap(?:ter)?s?)?|secs?|sects?|section|figs?|figure|tab|table|eqs?|thm|theorem|lemma|def|prop|vol|no|arts?|paras?|app"
    r"|appendix|kap|abb)\b\.?|§+"
)
_NUMBER_WITH_PLACE = re.compile(rf"\s*({_NUMBER})\s*[,:;]\s*((?:{_LOCATED})\s?[(\w][\w.,() {_DASH}]{{0,30}})", re.IGNORECASE)
_ANSWER_ENGINE = re.compile(r"\s*(\d+(?::\d+)?)†[^†]*")
_MARKDOWN_NOTE = re.compile(r"\^([\w-]+)")
_NAMED_NOTE = re.compile(
    r"(?:notes?|nb|n|fn|footnotes?|lower-alpha|upper-alpha|lower-roman|anm\.?|fn\.?|nota?s?|прим\.?|注釈?|註|주|ملاحظة|הערה)\s?\d{1,4}",
    re.IGNORECASE,
)
_LETTER_NOTE = re.compile(r"[a-z]{1,2}|[A-Z]")
_EDIT = re.compile(
    r"edit(?: source)?(?: ?\| ?edit(?: source)?)?|bearbeiten|quelltext bearbeiten|modifier|modifier le code|editar|modifica|bewerken|edytuj"
    r"|править|редагувати|编辑|編集|편집|عدل|עריכה",
    re.IGNORECASE,
)
_PAGE = re.compile(rf":[ \u2009\u200a\u202f]?((?:\d+|[ivxlc]+)(?:[{_DASH}]\d+)?(?:,\d+(?:[{_DASH}]\d+)?)*)(?!\w)[\u2009\u200a\u202f]?")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT = re.compile(rf"[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:[,⁻{_DASH}][¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]*)*")
_WORD_BEFORE = re.compile(r"[^\W\d_]{3,}$")
_ENDS_A_PHRASE = frozenset(".,;:!?)]}»”’\"'%…。！？，、；：」』）】।॥؟،؛։")
_STOPS = frozenset(".!?…。")
_OPENS_A_QUOTATION, _CLOSES_A_QUOTATION = "“«„「『", "”»“」』"

_LONGEST_RANGE = 100
"""A wider `[1-5000]` is an interval of values; nobody cites so many works at once."""
_ADDRESS_GOES_ON = re.compile(r"[.:,]?[a-z0-9/?=&#%_-]")
_LONGEST_ADDRESS = 500
_YEARS = range(1000, 2200)
_FEW_REFERENCES = 500
"""Below this largest other number, a bracketed number in `_YEARS` is a year: lists of references do not jump so far."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A bracket that may be a marker. `doubt` names what the rest of the text must settle: "", "year" or "letter"."""

    mark: Mark
    doubt: str = ""


def printed_marks(text: str) -> list[Mark]:
    """Find the markers that `text` prints, in order and without overlap; offsets are code points of `text`."""
    candidates = sorted((*_bracketed(text), *_superscripts(text)), key=lambda c: c.mark.start)
    numbers = [
        int(label) for c in candidates if not c.doubt and c.mark.kind is MarkKind.CITATION for label in c.mark.labels if label.isdecimal()
    ]
    letters = {c.mark.labels[0] for c in candidates if c.mark.kind is MarkKind.NOTE}
    few = max(numbers, default=0) < _FEW_REFERENCES
    ends = {c.mark.end for c in candidates}
    starts = {c.mark.start for c in candidates}
    kept = [
        c.mark
        for c in candidates
        if not (c.doubt == "year" and few)
        and not (
            c.doubt == "letter" and not (c.mark.start in ends or c.mark.end in starts or _follows_its_letters(c.mark.labels[0], letters))
        )
    ]
    return list(_with_pages(text, _joined_ranges(text, kept)))


def without(text: str, marks: Iterable[Mark]) -> str:
    """Give `text` without the stretches that `marks` cover."""
    pieces, at = [], 0
    for mark in marks:
        pieces.append(text[at : mark.start])
        at = mark.end
    return "".join((*pieces, text[at:]))


def _bracketed(text: str) -> Iterator[_Candidate]:
    for found in _BRACKET.finditer(text):
        inside = found[1] or found[2] or found[3]
        if _in_address(text, *found.span()):
            continue
        candidate = _numbered(found, inside) or _noted(text, found, inside) or _tagged(text, found, inside)
        if candidate:
            yield candidate


def _numbered(found: re.Match[str], inside: str) -> _Candidate | None:
    start, end = found.span()
    if _NUMBERS.fullmatch(inside):
        labels = _labels(inside)
        if not labels:
            return None
        lone_year = len(labels) == 1 and int(labels[0]) in _YEARS
        return _Candidate(Mark(start, end, MarkKind.CITATION, labels), "year" if lone_year else "")
    if (placed := _NUMBER_WITH_PLACE.fullmatch(inside)) and int(placed[1]):
        return _Candidate(Mark(start, end, MarkKind.CITATION, (str(int(placed[1])),), locator=placed[2].strip()))
    if answer := _ANSWER_ENGINE.fullmatch(inside):
        return _Candidate(Mark(start, end, MarkKind.CITATION, (answer[1],)))
    if footnote := _MARKDOWN_NOTE.fullmatch(inside):
        return _Candidate(Mark(start, end, MarkKind.CITATION, (footnote[1],)))
    return None


def _labels(numbers: str) -> tuple[str, ...]:
    """Spell out `3, 5-7` as 3 5 6 7; nothing where it cannot be a list of citation numbers (a zero, a range that falls or is too wide)."""
    labels: list[int] = []
    for part in re.split(r"[,;，、]", numbers):
        ends = [int(n) for n in re.split(f"[{_DASH}]", part)]
        if min(ends) == 0 or ends != sorted(ends) or ends[-1] - ends[0] > _LONGEST_RANGE:
            return ()
        labels.extend(range(ends[0], ends[-1] + 1) if len(ends) > 1 else ends)
    return tuple(str(n) for n in dict.fromkeys(labels))


def _noted(text: str, found: re.Match[str], inside: str) -> _Candidate | None:
    start, end = found.span()
    if _NAMED_NOTE.fullmatch(inside.strip()):
        return _Candidate(Mark(start, end, MarkKind.NOTE, (inside.strip(),)))
    if _EDIT.fullmatch(inside.strip()):
        return _Candidate(Mark(start, end, MarkKind.EDIT))
    after = text[end : end + 1]
    if _LETTER_NOTE.fullmatch(inside) and not after.isalnum():
        before = text[start - 1 : start]
        if before in _ENDS_A_PHRASE and before:
            return _Candidate(Mark(start, end, MarkKind.NOTE, (inside,)))
        if before.isalpha():
            return _Candidate(Mark(start, end, MarkKind.NOTE, (inside,)), "letter")
    return None


def _tagged(text: str, found: re.Match[str], inside: str) -> _Candidate | None:
    tag = tag_printed(inside)
    if tag is None and (bare := tag_bare(inside)) and not _in_quotation(text, found.start()):
        tag = bare
    return _Candidate(Mark(*found.span(), MarkKind.TAG, (tag.name,))) if tag else None


def _in_quotation(text: str, at: int) -> bool:
    """Whether a quotation opened in this paragraph is still open at `at`."""
    paragraph = text[max(text.rfind("\n\n", 0, at), at - 2000, 0) : at]
    straight = paragraph.count('"') % 2 == 1
    return straight or sum(paragraph.count(c) for c in _OPENS_A_QUOTATION) > sum(paragraph.count(c) for c in _CLOSES_A_QUOTATION)


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether a bracket stands in the middle of a web address: "https://a.example/x[1].html"."""
    if not _ADDRESS_GOES_ON.match(text, end):
        return False
    before = text[max(0, start - _LONGEST_ADDRESS) : start]
    return "://" in before[max(before.rfind(" "), before.rfind("\n")) + 1 :]


def _superscripts(text: str) -> Iterator[_Candidate]:
    for found in _SUPERSCRIPT.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        # m², km² and 10⁵ are powers; a number stands after a full word or after punctuation.
        if before[-1:] in _ENDS_A_PHRASE or _WORD_BEFORE.search(before):
            labels = _labels(found[0].translate(_RAISED))
            if labels and before:
                yield _Candidate(Mark(*found.span(), MarkKind.CITATION, labels))


def _follows_its_letters(letter: str, letters: set[str]) -> bool:
    """Notes are lettered from the first: `[c]` without `[b]` anywhere is no note, nor is the index `[i]`."""
    return letter in ("a", "A") or chr(ord(letter[-1]) - 1) in letters


def _joined_ranges(text: str, marks: list[Mark]) -> Iterator[Mark]:
    """Read `[3]–[5]` as one marker for 3, 4 and 5."""
    waiting: Mark | None = None
    for mark in marks:
        if waiting is None:
            waiting = mark
            continue
        joined = _range_over(text, waiting, mark)
        if joined is None:
            yield waiting
        waiting = joined or mark
    if waiting is not None:
        yield waiting


def _range_over(text: str, first: Mark, last: Mark) -> Mark | None:
    between = text[first.end : last.start]
    if len(between) != 1 or between not in _DASH or not first.kind is last.kind is MarkKind.CITATION:
        return None
    if not (first.labels[-1].isdecimal() and last.labels[0].isdecimal()):
        return None
    run = _labels(f"{first.labels[-1]}-{last.labels[0]}")
    return Mark(first.start, last.end, MarkKind.CITATION, (*first.labels[:-1], *run, *last.labels[1:])) if run else None


def _with_pages(text: str, marks: Iterator[Mark]) -> Iterator[Mark]:
    """Give `[18]:23` its page as a locator, and take it out of the text with the marker.

    With a plain space, `[18]: 23`, it is a page only after a finished sentence; elsewhere a colon may go before a number of the text.
    """
    for mark in marks:
        page = _PAGE.match(text, mark.end) if mark.kind is MarkKind.CITATION and text.startswith(":", mark.end) else None
        if page and text[mark.end + 1] == " " and text[mark.start - 1 : mark.start] not in _STOPS:
            page = None
        yield Mark(mark.start, page.end(), mark.kind, mark.labels, page[1]) if page else mark


def marks_between(marks: list[Mark], start: int, end: int) -> list[Mark]:
    """Give those of `marks` (sorted) that begin in `start`..`end`."""
    return marks[bisect_right(marks, start - 1, key=lambda m: m.start) : bisect_right(marks, end - 1, key=lambda m: m.start)]
