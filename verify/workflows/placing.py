"""What a scorer said of some words and some texts, put where it belongs: into the claim that has the words, and into the sources that have the texts.

A scorer knows neither claim nor source; one of ours or of others may also err. What it says is checked here before it is kept.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from verify.errors import VerifyError
from verify.evidence.joined import Joined
from verify.evidence.scorers import Scorer
from verify.model import Assessment, Claim, Cue, Ground, GroundedWord, Passage, Verdict, covers_part
from verify.sources.locators import Locator, locator_at
from verify.store.assessments import HeldText
from verify.terminal import one_line

_WITHOUT_PASSAGE = (Verdict.NOT_FOUND, Verdict.NO_TEXT)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an assessment belongs: the claim, the ground that it was made on, and the texts of its sources, also joined as the scorer read them."""

    scorer: Scorer
    claim: Claim
    ground: Ground
    texts: Sequence[HeldText]
    joined: Joined

    def placed(self, said: Assessment) -> Assessment:
        """Give an assessment with offsets of the whole claim and of each source's own text, its passages with their sources and locators.

        Raises VerifyError for what no scorer may say: a verdict without a passage, a passage that does not stand in the text, words that are not the
        claim's, a score that is no probability.
        """
        if said.verdict not in _WITHOUT_PASSAGE and not said.passages:
            self._refuse(f"it says {said.verdict} and shows no passage")
        if not 0 <= said.score <= 1 or not all(math.isfinite(count) for count in said.cost.values()):
            self._refuse("its score is no probability, or its cost no number")
        return replace(
            said,
            scorer=self.scorer.name,
            version=self.scorer.version,
            passages=tuple(self._passage(passage) for passage in said.passages),
            cues=tuple(self._cue(cue, len(said.passages)) for cue in said.cues),
            words=tuple(self._word(word) for word in said.words),
            why=_clean(said.why) + self._remark(),
        )

    def _passage(self, passage: Passage) -> Passage:
        found = self.joined.own(passage)
        if found is None:
            self._refuse("it shows a passage that does not stand in the text")
        number, own = found
        locators = [Locator(*locator) for locator in self.texts[number].locators]
        return replace(own, locator=locator_at(locators, own.start), source=self.ground.sources[number].canonical)

    def _cue(self, cue: Cue, passages: int) -> Cue:
        start, end = self._shifted(cue.start, cue.end)
        if not -1 <= cue.passage < passages:
            self._refuse("a cue names a passage that there is not")
        return replace(cue, start=start, end=end, said=_clean(cue.said), found=_clean(cue.found), why=_clean(cue.why))

    def _word(self, word: GroundedWord) -> GroundedWord:
        start, end = self._shifted(word.start, word.end)
        return GroundedWord(start, end, word.grounding)

    def _shifted(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the words that were assessed, as offsets in the claim."""
        first = self.ground.start
        if not 0 <= start <= end <= self.ground.end - first:
            self._refuse("it points at words that are not the claim's")
        return start + first, end + first

    def _remark(self) -> str:
        """What is to be said of a whole claim that was assessed though the source is cited for a few words of it only."""
        whole = (self.ground.start, self.ground.end) == (0, len(self.claim.text))
        parts = [self.claim.text[start:end] for start, end in self.ground.cited_for if covers_part(self.claim, start, end)]
        if not whole or not parts or len(parts) < len(self.ground.cited_for):
            return ""
        return f"; cited only for {' and '.join(f'“{one_line(part.strip())}”' for part in parts)}"

    def _refuse(self, why: str) -> NoReturn:
        raise VerifyError(f"the scorer {one_line(self.scorer.name)} cannot be used: {why}")


def _clean(text: str) -> str:
    """A text as both databases keep it: without NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
