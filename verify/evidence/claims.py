"""A claim as the scorer reads it: its words of content with what they weigh, and the words of its surroundings that may resolve its pronouns."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .words import Form, Word, light, words

UNKNOWN_WEIGHT = 8.5
"""The weight of a root that the packaged table does not have: rarer than all that it has (at most 7.9)."""


class Term(NamedTuple):
    """A word of content. `weight` is its information in natural units; a name is written with a capital within the sentence."""

    form: Form
    start: int
    end: int
    weight: float
    name: bool
    light: bool


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim's words. `terms` are those of content, in order; `title` and `context` are roots of its surroundings that it does not have itself."""

    text: str
    words: list[Word]
    terms: list[Term]
    title: frozenset[str]
    context: frozenset[str]

    @classmethod
    def of(cls, text: str, *, title: str = "", section: str = "", context: str = "") -> "ClaimText":
        """Read a claim. Where it has no word of content, all its words are terms."""
        every = words(text)
        chosen = [word for word in every if not word.form.stop] or every
        first = every[0].start if every else 0
        terms = [
            Term(w.form, w.start, w.end, weight_of(w.form.root), w.capital and w.start > first and not w.form.number, light(w.form))
            for w in chosen
        ]
        own = {term.form.root for term in terms}
        return cls(text, every, terms, _roots([title]) - own, _roots([section, context]) - own)

    @property
    def total(self) -> float:
        """The weight of all terms together, never 0."""
        return sum(term.weight for term in self.terms) or 1.0


def weight_of(root: str) -> float:
    """How much it says that a sentence has this root: minus the logarithm of the share of sentences that have it (the packaged table)."""
    return _rarity().get(root, UNKNOWN_WEIGHT)


def _roots(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.form.root for text in texts for word in words(text) if not word.form.stop)


@cache
def _rarity() -> dict[str, float]:
    table: dict[str, float] = json.loads(files(__package__).joinpath("rarity.json").read_text(encoding="utf-8"))["weights"]
    return table
