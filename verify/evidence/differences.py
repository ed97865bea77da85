"""What the differences between a claim and a passage of nearly the same words mean: another number, name, order of names, a negation."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from verify.model.assessment import Cue, CueKind

from .alignment import Difference, alike
from .figures import agreed
from .negation import negates
from .reading import Reading
from .roles import swapped
from .words import Word, listed, opposed

_YEAR = re.compile(r"1\d{3}|20\d{2}")


def differing(reading: Reading) -> Iterator[Cue]:
    """Cues for every difference that changes what is said; rewordings give none."""
    differences = reading.alignment.differences
    spare = [word for difference in differences for word in difference.found]
    yield from swapped(reading)
    for difference in differences:
        yield from _denied(difference, reading)
        yield from _words(difference, spare, reading)


def _denied(difference: Difference, reading: Reading) -> Iterator[Cue]:
    """A negation on one side only, or a word set against its opposite."""
    here, there = ([word for word in side if negates(word.form)] for side in (difference.said, difference.found))
    if len(here) % 2 != len(there) % 2:
        why = "the claim denies what the passage says" if here else "the passage denies what the claim says"
        yield reading.cue(CueKind.NEGATION, here, there, why, reading.nearest)
    for word in difference.said:
        facing = [other for other in difference.found if opposed(word.form, other.form)]
        if facing:
            yield reading.cue(CueKind.NEGATION, [word], facing[:1], "the passage says the opposite", reading.nearest)


def _words(difference: Difference, spare: Sequence[Word], reading: Reading) -> Iterator[Cue]:
    """The claim's words of content that the passage does not have in this place; the words of one name together."""
    passage = reading.source.words(reading.alignment.number)
    unsaid = [w for w in difference.found if not w.form.stop and not _has(difference.said, w)]
    resolved = any(w.form.folded in _PRONOUNS for w in difference.found)
    for kind, group in groupby(_absent(difference, reading), kind_of):
        elsewhere = passage if kind is CueKind.NAME else spare
        lost = [word for word in group if not any(other.form.stem == word.form.stem for other in elsewhere)]
        facing = [w for w in unsaid if kind_of(w) is kind]
        why = "the passage has something else here" if facing else "not in the passage"
        if kind is CueKind.NAME and lost and not resolved:
            yield reading.cue(kind, lost, facing, why, reading.nearest)
        elif kind is not CueKind.NAME:
            yield from (reading.cue(kind, [word], facing[:1], why, reading.nearest) for word in lost)


def _absent(difference: Difference, reading: Reading) -> Iterator[Word]:
    """The claim's words of content that the other side of a difference does not have in any form or print."""
    for word in difference.said:
        if not (word.form.stop or negates(word.form) or agreed(reading.figures, word.start) or _has(difference.found, word)):
            yield word


_PRONOUNS = frozenset(["he", "she", "it", "they", "his", "her", "its", "their", "him", "them"])


def _has(words: Sequence[Word], word: Word) -> bool:
    return any(alike(word.form, other.form) for other in words)


def kind_of(word: Word) -> CueKind:
    """What a word is, as a cue names it: a date, a number, a name, or a word like others (`missing`)."""
    if word.form.folded in listed("months") or _YEAR.fullmatch(word.form.stem):
        return CueKind.DATE
    if word.form.number:
        return CueKind.NUMBER
    return CueKind.NAME if word.capital else CueKind.MISSING
