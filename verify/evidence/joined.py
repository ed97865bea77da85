"""Several source texts read as one: the sources of a group of citations may each hold a part of what the claim says."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from verify.model.assessment import Passage

from .passages import Span
from .source import SourceText

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """`text` is that of all `parts`, one after the other; `starts` says where each begins in it. No passage reaches from one into the next."""

    parts: tuple[SourceText, ...]
    text: SourceText
    starts: tuple[int, ...]

    @classmethod
    def of(cls, parts: Sequence[SourceText]) -> "Joined":
        """Join texts that are indexed already; none is indexed anew."""
        starts = tuple(accumulate((len(part.text) + len(_BETWEEN) for part in parts[:-1]), initial=0))
        if len(parts) == 1:
            return cls(tuple(parts), parts[0], starts)
        numbers = accumulate((len(part.spans) for part in parts[:-1]), initial=0)
        spans = [Span(span.start + start, span.end + start) for part, start in zip(parts, starts, strict=True) for span in part.spans]
        places: dict[str, dict[int, list[int]]] = {}
        for part, first in zip(parts, numbers, strict=True):
            for root, held in part.places.items():
                places.setdefault(root, {}).update((first + number, indices) for number, indices in held.items())
        forms = tuple(form for part in parts for form in part.forms)
        return cls(tuple(parts), SourceText(_BETWEEN.join(part.text for part in parts), tuple(spans), forms, places), starts)

    def part_at(self, start: int) -> int:
        """The number of the text in which an offset of the whole stands."""
        return bisect_right(self.starts, start) - 1

    def own(self, passage: Passage) -> tuple[int, Passage] | None:
        """The number of the text in which a passage of the whole stands, and the passage with its offsets there and no words of its neighbours;
        None for one that does not stand there as it is."""
        number = self.part_at(max(0, passage.start))
        text, first = self.parts[number].text, self.starts[number]
        start, end = passage.start - first, passage.end - first
        if not 0 <= start < end <= len(text) or text[start:end] != passage.exact:
            return None
        prefix, suffix = text[max(0, start - len(passage.prefix)) : start], text[end : end + len(passage.suffix)]
        return number, replace(passage, prefix=prefix, suffix=suffix, start=start, end=end)
