"""From lines to paragraphs: where one ends is seen in the spacing, in indents, in sizes, and in a line that its next word would have fitted on.

A paragraph goes on over the end of a column or page when its last line is unfinished. Words cut at a line's end are mended: without a list of
words, the document itself says whether it writes a hyphen there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .layout import Line, is_table_row

_MORE_THAN_LEADING = 1.25
_A_BLANK_LINE = 1.9
_OTHER_SIZE = 0.07
_INDENT = 0.7
_DEEPEST_INDENT = 6.0
_ITEM = re.compile(r"(?:[•‣◦▪·–∙●○■]\s?|[*-]\s+|\(?[a-z]\)\s)(?=\S)")
_COUNTED = re.compile(r"\[(\d{1,4})\]|(\d{1,3})[.)]\s")
_STOPPED = re.compile(r"[.!?:…。！？][\"'”’»)\]]*(?:\[[^\[\]]{1,40}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹,–])*$")
_IN_ADDRESS = re.compile(r"(?:https?://|www\.|doi\.org/|\b10\.\d{4,9}/)\S{0,400}[/_=&?%#-]$")
_CUT = re.compile(r"([^\W\d_]+)-$")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDE = 0x2E80
"""From here on scripts are written without spaces between words."""
_USUAL_LEADING = 1.2


@dataclass(slots=True)
class Printed:
    """A paragraph: its lines, and its text with the offsets at which pages begin in it."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    pages: list[tuple[int, int]] = field(default_factory=list)
    is_table: bool = False

    @property
    def size(self) -> float:
        """The size of most of its lines."""
        return median(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


def paragraphs_of(lines: Sequence[Line]) -> list[Printed]:
    """The paragraphs of a document, in order, without their text; `write` gives it, once what is no running text is taken out."""
    leading = _leading(lines)
    found: list[Printed] = []
    for column in _by_column(lines):
        right = max(line.right for line in column)
        begun = 0
        for at, line in enumerate(column):
            starts = at == 0 or _breaks(column, begun, at, right, leading)
            if starts:
                found.append(Printed(is_table=is_table_row(line)))
                begun = at
            found[-1].lines.append(line)
    return found


def body_size(lines: Sequence[Line]) -> float:
    """The size that most of the text is set in."""
    counts = Counter[float]()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    return max(counts, key=lambda size: (counts[size], size), default=10.0)


def joined(paragraphs: Sequence[Printed], rights: dict[int, float]) -> list[Printed]:
    """Put together what the end of a column or a page has parted. `rights` are the right edges of columns."""
    whole: list[Printed] = []
    for paragraph in paragraphs:
        if whole and _goes_on(whole[-1], paragraph, rights):
            whole[-1].lines.extend(paragraph.lines)
        else:
            whole.append(paragraph)
    return whole


def write(paragraphs: Sequence[Printed]) -> None:
    """Give every paragraph its text."""
    words = Counter(word.lower() for paragraph in paragraphs for line in paragraph.lines for word in _WORDS.findall(line.text))
    for paragraph in paragraphs:
        text, page = "", 0
        for line in paragraph.lines:
            text = _mended(text, line.text, words) if text else ""
            if line.page != page:
                page = line.page
                paragraph.pages.append((len(text), page))
            text += line.text
        paragraph.text = text


def _by_column(lines: Sequence[Line]) -> Iterator[list[Line]]:
    column: list[Line] = []
    for line in lines:
        if column and line.column != column[-1].column:
            yield column
            column = []
        column.append(line)
    if column:
        yield column


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of two baselines, in parts of the size."""
    steps = Counter(
        round((a.base - b.base) / a.size, 1)
        for a, b in pairwise(lines)
        if a.column == b.column and abs(a.size - b.size) < _OTHER_SIZE * a.size and a.base > b.base
    )
    return max(steps, key=lambda step: (steps[step], -step), default=_USUAL_LEADING)


def _breaks(column: Sequence[Line], begun: int, at: int, right: float, leading: float) -> bool:
    """Whether a paragraph that began at one line of a column ends before another."""
    before, line = column[at - 1], column[at]
    size = max(before.size, line.size)
    if is_table_row(before) or is_table_row(line) or abs(before.size - line.size) > _OTHER_SIZE * size or before.bold != line.bold:
        return True
    # A raised number can push its line down, and parts no sentence by that.
    goes_on = not _STOPPED.search(before.text) and not _ended_early(before, line, right)
    if (
        before.base - line.base > (_A_BLANK_LINE if goes_on else _MORE_THAN_LEADING) * leading * size
        or _ITEM.match(line.text)
        or _counts_up(column[begun], line)
    ):
        return True
    shift = line.left - before.left
    if shift > _INDENT * size:
        following = column[at + 1] if at + 1 < len(column) else None
        returns = following is None or following.left < line.left - _INDENT * size
        return returns and shift < _DEEPEST_INDENT * size and not line.text[:1].islower()
    if shift < -_INDENT * size and at - 1 > begun:
        return True  # a hanging entry is over
    return _ended_early(before, line, right)


def _counts_up(first: Line, line: Line) -> bool:
    """Whether a line opens with the number after the one that its paragraph opened with, as the next entry of a list does."""
    before, number = _COUNTED.match(first.text), _COUNTED.match(line.text)
    return before is not None and number is not None and int(number[1] or number[2]) == int(before[1] or before[2]) + 1


def _ended_early(before: Line, line: Line, right: float) -> bool:
    """Whether the next line's first word would have fitted on a line."""
    word = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
    return before.right + width + line.size < right and not line.text[:1].islower() and not _CUT.search(before.text)


def _goes_on(before: Printed, after: Printed, rights: dict[int, float]) -> bool:
    last, first = before.lines[-1], after.lines[0]
    if before.is_table or after.is_table or last.column == first.column or before.bold != after.bold or _ITEM.match(first.text):
        return False
    if abs(before.size - after.size) > _OTHER_SIZE * before.size or _STOPPED.search(last.text):
        return False
    return first.text[:1].islower() or not _ended_early(last, first, rights[last.column])


def _mended(text: str, following: str, words: Counter[str]) -> str:
    """A text, ready for the next line: with a space, or without one where a word or an address goes on."""
    if _IN_ADDRESS.search(text[-500:]):
        return text
    cut = _CUT.search(text[-60:])
    rest = _WORDS.match(following)
    if cut and rest and following[0].islower():
        whole, hyphened = (cut[1] + rest[0]).lower(), f"{cut[1]}-{rest[0]}".lower()
        return text if words[hyphened] > words[whole] else text[:-1]
    if text.endswith(("—", "-")) and text[-2:-1].isalnum() and following[:1].isalnum():
        return text
    return text if min(ord(text[-1]), ord(following[0])) >= _WIDE else f"{text} "
