"""Words by which a passage holds back: what it reports as planned, alleged or possible is not yet what a flat claim says."""

from collections.abc import Sequence

from .words import Word, listed


def hedging(word: Word) -> bool:
    """Whether the word holds back; "May", the month, does not."""
    return word.form.folded in listed("hedges") and not word.capital


def hedges(claim: Sequence[Word], passage: Sequence[Word]) -> list[Word]:
    """The passage's hedges within five words before what both say, where the claim has none."""
    if any(word.form.folded in listed("hedges") for word in claim):
        return []
    stems = {word.form.stem for word in claim if not word.form.stop}
    return [word for i, word in enumerate(passage) if hedging(word) and any(other.form.stem in stems for other in passage[i + 1 : i + 6])]
