"""A source's text made ready for many claims: its passages, their words, and where each word stands."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from .passages import Span, passage_spans
from .words import Form, Word, forms, words


@dataclass(frozen=True, slots=True, eq=False)
class SourceText:
    """An indexed text. `spans` are its passages, `forms` the words of each in order, `places` tells for each root the passages that have it, with
    the indices of its words there."""

    text: str
    spans: tuple[Span, ...]
    forms: tuple[list[Form], ...]
    places: dict[str, dict[int, list[int]]]

    @classmethod
    def of(cls, text: str) -> "SourceText":
        """Split `text` into passages and index them."""
        return cls._indexed(text, passage_spans(text))

    @classmethod
    def of_sentences(cls, sentences: Sequence[str]) -> "SourceText":
        """Index sentences that are split already: passage n is sentence n, of the text that joins them by line ends."""
        spans, start = [], 0
        for sentence in sentences:
            spans.append(Span(start, start + len(sentence)))
            start += len(sentence) + 1
        return cls._indexed("\n".join(sentences), spans)

    @classmethod
    def _indexed(cls, text: str, spans: Sequence[Span]) -> "SourceText":
        split = tuple(forms(text[span.start : span.end]) for span in spans)
        places: defaultdict[str, dict[int, list[int]]] = defaultdict(dict)
        for number, passage in enumerate(split):
            for index, form in enumerate(passage):
                places[form.root].setdefault(number, []).append(index)
        return cls(text, tuple(spans), split, dict(places))

    def words(self, number: int) -> list[Word]:
        """The words of one passage with their places in the text."""
        return words(self.passage(number), self.spans[number].start)

    def rarity(self, root: str) -> float:
        """How much it says that a passage has this root: 0 where all have it, in natural units of information (as the IDF of BM25)."""
        having = len(self.places.get(root, ()))
        return log(1 + (len(self.spans) - having + 0.5) / (having + 0.5))

    def passage(self, number: int) -> str:
        """The text of one passage."""
        return self.text[self.spans[number].start : self.spans[number].end]

    def number_at(self, start: int) -> int:
        """The number of the passage that has the code point `start`."""
        return max(0, bisect_right(self.spans, (start, len(self.text) + 1)) - 1)
