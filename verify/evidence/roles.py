"""Who did what to whom: names that a claim has in another order than the passage of nearly the same words.

A name put first or last alone changes nothing ("In 2004 Paramore formed"); nor does the passive, which turns the names round and adds "by". A name
that crossed another one, or stands where another stood, tells another story.
"""

from collections.abc import Iterator, Sequence

from verify.model.assessment import Cue, CueKind

from .alignment import Difference, alike
from .reading import Reading
from .words import Word, listed


def named(word: Word) -> bool:
    """Whether the word is written as a name."""
    return word.capital and not word.form.stop and not word.form.number and word.form.folded not in listed("months")


def swapped(reading: Reading) -> Iterator[Cue]:
    """Cues for the names that changed places."""
    differences = reading.alignment.differences
    if _voices(differences):
        return
    moved = [(group, difference) for difference in differences for group in _names(difference) if _stands(group, reading)][:_MOST]
    for group, difference in moved:
        there = [word for word in difference.found if named(word) and not _has(difference.said, word)] or _crossed(group[0], reading)
        if there or len(moved) > 1:
            yield reading.cue(CueKind.ROLE, group, there, "the passage has this name in another place", reading.nearest)


_MOST = 8


def _voices(differences: Sequence[Difference]) -> bool:
    """Whether one side says it in the passive: it alone has a "by"."""
    said = sum(word.form.folded == "by" for difference in differences for word in difference.said)
    return said != sum(word.form.folded == "by" for difference in differences for word in difference.found)


def _names(difference: Difference) -> Iterator[list[Word]]:
    """The names of a difference that its other side does not have; words that stand side by side are one name."""
    group: list[Word] = []
    for word in difference.said:
        if named(word) and not _has(difference.found, word):
            group.append(word)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _stands(group: Sequence[Word], reading: Reading) -> bool:
    """Whether the passage has every word of the name somewhere."""
    stems = {word.form.stem for word in reading.source.words(reading.alignment.number)}
    return all(word.form.stem in stems for word in group)


def _crossed(word: Word, reading: Reading) -> list[Word]:
    """The passage's names that stand before this word there and after it in the claim, or the other way round."""
    said, found = reading.claim.words, reading.source.words(reading.alignment.number)
    here = next(i for i, other in enumerate(said) if other.start == word.start)
    matched = {j for _, j in reading.alignment.pairs}
    places = [j for j, other in enumerate(found) if other.form.stem == word.form.stem]
    there = next((j for j in places if j not in matched), places[0])
    return [found[j] for i, j in reading.alignment.pairs if (i - here) * (j - there) < 0 and named(said[i])]


def _has(words: Sequence[Word], word: Word) -> bool:
    return any(alike(word.form, other.form) for other in words)
