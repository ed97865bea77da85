"""What is known of words: the small words of some thirty languages, and which forms are words at all.

Whether a difference is a slip or another statement hangs on this. A word that is not known here is not lost: what cannot be told is taken for an
alteration. Words are in the form of `folding.fold`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from string import ascii_lowercase

from .folding import fold, folded

_ROLES = ("article", "light", "linking", "whole", "pronoun", "negation", "known")
_ENDINGS = ("s", "es", "ed", "ing", "ly", "er", "ers")
_SHORTEST = 4
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Language:
    """The small words of a language; what each role may do stands at the head of `languages.txt`.

    `counted` are the words that count: numbers, ordinals, months and days of the week. `small` are those of all other roles.
    """

    name: str
    article: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    linking: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    pronoun: frozenset[str] = frozenset()
    negation: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    swaps: Mapping[str, frozenset[str]] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    weekdays: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()

    def may_stand_for(self, one: str, other: str) -> bool:
        """Whether the two words say the same: articles, and words of one line."""
        return (one in self.article and other in self.article) or other in self.swaps.get(one, ())


def language_of(forms: Iterable[str]) -> Language:
    """Guess the language of some words by the small words among them; English where none is."""
    found = set(forms)
    return max(languages(), key=lambda language: len(found & language.small))


@cache
def languages() -> tuple[Language, ...]:
    """Every language of the packaged lists; English comes first, and what negates there does so where others quote it."""
    text = files(__package__).joinpath("languages.txt").read_text(encoding="utf-8")
    sections = re.split(r"^\[(\w+)\]\n", text, flags=re.MULTILINE)[1:]
    english, *others = (_language(name, body) for name, body in zip(sections[::2], sections[1::2], strict=True))
    return english, *(replace(one, negation=one.negation | (english.negation - one.small)) for one in others)


def _language(name: str, body: str) -> Language:
    lines: defaultdict[str, list[str]] = defaultdict(list)
    swaps: list[list[str]] = []
    for role, *words in (line.split() for line in body.splitlines() if line.strip()):
        lines[role] += map(fold, words)
        if role == "swap":
            swaps.append([fold(word) for word in words])

    def entries(role: str, first: int = 0, step: int = 1) -> dict[str, int]:
        return {form: first + step * at for at, word in enumerate(lines[role]) for form in word.split("/")}

    months, weekdays = entries("month", 1), frozenset(entries("weekday"))
    numbers, ordinals = entries("number") | entries("tens", 20, 10), entries("ordinal") | entries("tenth", 20, 10)
    return Language(
        name,
        **{role: frozenset(lines[role]) for role in _ROLES},
        small=frozenset(word for role in _ROLES for word in lines[role]),
        swaps={word: frozenset(line) for line in swaps for word in line},
        months=months,
        weekdays=weekdays,
        numbers=numbers,
        ordinals=ordinals,
        counted=weekdays.union(months, numbers, ordinals),
    )


@cache
def _english() -> frozenset[str]:
    texts = (files(__package__).joinpath(name).read_text(encoding="utf-8") for name in ("english.txt", "english_rarer.txt"))
    return frozenset(word for text in texts for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _small() -> frozenset[str]:
    """Every word of the small lists, of whatever language."""
    return frozenset().union(*(words for one in languages() for words in (one.small, one.swaps, one.counted)))


@cache
def _negations() -> frozenset[str]:
    return frozenset().union(*(one.negation for one in languages()))


def is_negation(form: str) -> bool:
    """Whether the word is a negation in any language: what an editor puts in need not be in the language of the text."""
    return form in _negations() or form.endswith("n't")


@lru_cache(maxsize=2**14)
def is_listed(form: str) -> bool:
    """Whether the lists have the word, or a word of which it is a regular form."""
    if form in _small() or form in _english():
        return True
    return any(form.endswith(end) and len(form) - len(end) >= _SHORTEST and _is_base(form.removesuffix(end)) for end in _ENDINGS)


def _is_base(base: str) -> bool:
    return base in _english() or base + "e" in _english()


def neighbours(form: str) -> set[str]:
    """Give the listed words that one letter put in, taken out, changed or swapped makes of an English form."""
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)]
    made = {before + after[1:] for before, after in cuts if after}
    made |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    made |= {before + letter + rest for before, after in cuts for letter in ascii_lowercase for rest in (after, after[1:])}
    return {word for word in made - {form} if is_listed(word)}


@cache
def _trigrams() -> frozenset[str]:
    return frozenset(f"^{word}$"[at : at + 3] for word in _english() for at in range(len(word)))


def is_unpronounceable(form: str) -> bool:
    """Whether three letters follow each other in the form as they do in no listed word: then it is a slip and no name."""
    return form.isascii() and any(f"^{form}$"[at : at + 3] not in _trigrams() for at in range(len(form)))


def stands_in(form: str, text: str) -> bool:
    """Whether the printed `text` has the word, in whatever case."""
    source = folded(text).text
    at = source.find(form)
    for _ in range(_LOOKED_AT):
        if at < 0:
            return False
        if not source[max(at - 1, 0) : at].isalnum() and not source[at + len(form) : at + len(form) + 1].isalnum():
            return True
        at = source.find(form, at + 1)
    return True  # too often within other words to look at each: taken for a word, which is the careful side
