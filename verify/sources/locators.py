"""Where in a source a passage stands, as a person would look for it: a page of a PDF, a section of anything that has headings."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from verify.model import BlockKind, Draft, MarkKind
from verify.terminal import one_line

_LONGEST_NAME = 200
_LISTS = frozenset({BlockKind.REFERENCE_LIST, BlockKind.LINK_LIST})


@dataclass(frozen=True, slots=True)
class Locator:
    """A stretch of a text, offsets in code points, end exclusive, and its name: "p. 3", or the words of a heading."""

    start: int
    end: int
    name: str


def locator_at(locators: Sequence[Locator], offset: int) -> str:
    """Name the place of an offset; "" where none is known. `locators` stand in the order of the text and do not overlap."""
    at = bisect_right(locators, offset, key=lambda locator: locator.start) - 1
    return locators[at].name if at >= 0 and offset < locators[at].end else ""


def running(starts: Iterable[tuple[int, str]], end: int) -> tuple[Locator, ...]:
    """Locators that reach from each start to the next, the last one to `end`; without a name, or without a length, there is none."""
    bounds = [*starts, (end, "")]
    return tuple(Locator(a, b, one_line(name[:_LONGEST_NAME])) for (a, name), (b, _) in pairwise(bounds) if a < b and name.strip())


def locators_of(draft: Draft) -> tuple[Locator, ...]:
    """The pages of a draft where it has any, else its sections."""
    pages = [
        (mark.start, f"p. {mark.labels[0]}") for block in draft.blocks for mark in block.marks if mark.kind is MarkKind.PAGE and mark.labels
    ]
    return running(pages or _sections(draft), len(draft.text))


def _sections(draft: Draft) -> Iterable[tuple[int, str]]:
    section = ""
    for block in draft.blocks:
        if block.section != section:
            section = block.section
            yield block.start, section


def main_of(draft: Draft) -> tuple[tuple[int, int], ...]:
    """The stretches of a draft that are its text: all but lists of references and links."""
    spans: list[tuple[int, int]] = []
    follows = False
    for block in draft.blocks:
        kept = block.kind not in _LISTS
        if kept and follows:
            spans[-1] = (spans[-1][0], block.end)
        elif kept:
            spans.append((block.start, block.end))
        follows = kept
    return tuple(spans)
