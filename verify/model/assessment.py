"""What the machine says of a claim against a source: a verdict that only suggests, with the passages and cues that a person can look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """One claim against one source, or against the sources of one group of citations. Words about support, never about truth."""

    SUPPORTED = "supported"
    PARTIALLY_SUPPORTED = "partially_supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"
    NO_TEXT = "no_text"


class CueKind(StrEnum):
    """What a cue points at: what differs between claim and source, or what the source lacks."""

    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    NAME = "name"
    ROLE = "role"
    NEGATION = "negation"
    HEDGE = "hedge"
    MISSING = "missing"


class Grounding(StrEnum):
    """How a word of the claim is held up by the passages."""

    SUPPORTED = "supported"
    WEAK = "weak"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source's text that speaks of the claim: both W3C selectors in one, offsets in code points, end exclusive. `score` in 0..1
    only ranks passages of one assessment; `locator` is a page or heading, and `source` the canonical name of the source in whose text it stands:
    empty where none is known, as a scorer knows neither."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    score: float
    locator: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A place where the source does not say what the claim says. `start`..`end` are the words meant in the claim's text (empty where a word is
    missing from it); `said` are those words, `found` what the passage says in their place, or empty; `passage` is its index, -1 for none."""

    kind: CueKind
    start: int
    end: int
    said: str
    found: str = ""
    passage: int = -1
    why: str = ""


@dataclass(frozen=True, slots=True)
class GroundedWord:
    """A word of the claim, by its offsets in the claim's text, and how the passages hold it up."""

    start: int
    end: int
    grounding: Grounding


@dataclass(frozen=True, slots=True)
class Assessment:
    """The machine's verdict on a claim against a source. `score` is the calibrated probability, 0..1, that the source supports the whole claim;
    `verbatim` says that the claim's own words stand in the source as they are, the one safe high tier. `why` gives the reason of an abstention
    (`not_found`, `no_text`), and one line of explanation otherwise. A verdict other than these two has a passage. `cost` counts what a scorer behind
    a service took, as tokens and money, by name; empty for none."""

    scorer: str
    version: str
    verdict: Verdict
    score: float
    passages: tuple[Passage, ...] = ()
    cues: tuple[Cue, ...] = ()
    words: tuple[GroundedWord, ...] = ()
    verbatim: bool = False
    why: str = ""
    cost: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """An assessment in the ledger, and what it was made on: the texts of `sources` (canonical names, in cited order; several for a group of
    citations) in their `snapshots` (sha256, in the same order), and the words `start`..`end` of the claim's text as it then was (`text_sha256`).

    Offsets of its words and cues count in the claim's text, those of its passages in the text of the passage's own source.
    """

    id: int
    sources: tuple[str, ...]
    snapshots: tuple[str, ...]
    text_sha256: str
    start: int
    end: int
    assessment: Assessment
    assessed_at: datetime
