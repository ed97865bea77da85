"""A reading as a row of figures, from which the score is made."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log, log1p

from .claims import Term
from .figures import DIFFERENT
from .grounding import HELD
from .quantities import Outcome
from .reading import Reading

CLAIM = (
    "cover_one", "cover_three", "page", "window", "ground", "ground_sum", "ground_least", "unlike", "missing", "missing_names", "names_page",
    "numbers_page", "agree", "differ", "absent", "pairs", "phrases", "same", "best", "most", "terms",
    "altered", "close", "close_altered", "few", "few_cover", "few_ground",
)  # fmt: skip
"""The features by name. `page` is the whole source, `window` the best passage with its neighbours; `few`: the source has under five passages."""

_LIGHT = 0.25
"""What a light word weighs against another of its rarity, where only the words that matter are to be counted."""
_FEW = 5


def claim_row(reading: Reading, altered: int) -> tuple[float, ...]:
    """The features of a reading, in the order of `CLAIM`; `altered` counts its cues for words that differ."""
    claim, grounds = reading.claim, reading.grounds
    numbers = [f.number for f in reading.picked]
    return (
        *_covers(reading, numbers),
        *_grounds(grounds),
        *_absences(reading, numbers[:3]),
        *_figures(reading),
        _pairs([t.form.stem for t in claim.terms], [_stems(reading, n, stop=False) for n in numbers], 0.5),
        _pairs([w.form.stem for w in claim.words], [_stems(reading, n, stop=True) for n in numbers[:5]], 0.3),
        reading.alignment.same,
        reading.picked[0].probability,
        sum(f.probability for f in reading.picked[:5]),
        log(len(claim.terms)),
        log1p(altered),
        float(reading.close),
        float(reading.close and altered > 0),
        *_few(reading, numbers[:3]),
    )


def _covers(reading: Reading, numbers: list[int]) -> tuple[float, ...]:
    """How much of the claim's weight the first passage has, the first three, the whole source, the best passage with those beside it."""
    page = _mean([float(bool(places)) for places in reading.found], reading)
    window = max(_mean(_strengths(reading, [n - 1, n, n + 1]), reading) for n in numbers[:4])
    return _mean(_strengths(reading, numbers[:1]), reading), _mean(_strengths(reading, numbers[:3]), reading), page, window


def _grounds(grounds: Sequence[float]) -> tuple[float, ...]:
    """How well the words are held up: in the mean, together, the worst three, and how many are not."""
    logs = [log(max(g, 1e-3)) for g in grounds]
    least = sorted(grounds)[:3]
    return sum(logs) / len(logs), sum(logs) / 10, sum(least) / len(least), log1p(sum(g < HELD for g in grounds))


def _absences(reading: Reading, numbers: list[int]) -> tuple[float, ...]:
    """What is missing: words from the source, names and figures from the first passages, and the share of both that the source has somewhere."""
    terms, page = reading.claim.terms, [float(bool(places)) for places in reading.found]
    three = _strengths(reading, numbers)
    names, figures = ([p for t, p in zip(terms, page, strict=True) if pick(t)] for pick in (_named, _figured))
    missing = sum((1 - p) * t.weight * (_LIGHT if t.light else 1.0) for p, t in zip(page, terms, strict=True))
    lost = sum((1 - s) * t.weight for s, t in zip(three, terms, strict=True) if t.name or t.form.number)
    return missing / 10, lost / 10, sum(names) / len(names) if names else 0.9, sum(figures) / len(figures) if figures else 0.9


def _named(term: Term) -> bool:
    return term.name


def _figured(term: Term) -> bool:
    return term.form.number


def _figures(reading: Reading) -> tuple[float, float, float]:
    """How many of the claim's figures agree, differ (as a logarithm), are nowhere; a claim without figures stands between."""
    outcomes = [c.outcome for c in reading.figures]
    if not outcomes:
        return 0.6, 0.0, 0.3
    differ = log1p(sum(outcome in DIFFERENT for outcome in outcomes))
    return outcomes.count(Outcome.AGREES) / len(outcomes), differ, outcomes.count(Outcome.ABSENT) / len(outcomes)


def _few(reading: Reading, numbers: list[int]) -> tuple[float, float, float]:
    """Short sources have laws of their own: their cover and grounds count again."""
    if len(reading.source.spans) >= _FEW:
        return 0.0, 0.0, 0.0
    return 1.0, _mean(_strengths(reading, numbers), reading), _grounds(reading.grounds)[0]


def _strengths(reading: Reading, numbers: Sequence[int]) -> list[float]:
    """For each term, how surely one of the passages has it."""
    return [max((places[n].strength for n in numbers if n in places), default=0.0) for places in reading.found]


def _mean(values: Sequence[float], reading: Reading) -> float:
    """A mean over the claim's terms by their weight."""
    return sum(v * t.weight for v, t in zip(values, reading.claim.terms, strict=True)) / reading.claim.total


def _stems(reading: Reading, number: int, *, stop: bool) -> list[str]:
    return [form.stem for form in reading.source.forms[number] if stop or not form.stop]


def _pairs(stems: Sequence[str], passages: Iterable[Sequence[str]], default: float) -> float:
    """The share of neighbours in the claim that are neighbours in one of the passages."""
    wanted = list(pairwise(stems))
    have = {pair for there in passages for pair in pairwise(there)}
    return sum(pair in have for pair in wanted) / len(wanted) if wanted else default
