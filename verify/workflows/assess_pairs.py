"""Assess claim and source pairs from JSON lines, without a ledger: for measuring a scorer, and for pipelines.

A row holds `id`, `claim` and `sentences` (the source's text, split by whoever wrote the row), and may hold `title`, `section` and `context`, the
claim's surroundings. Rows are read and answered one by one, in order. A source that came before is not indexed again.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from verify.errors import UsageError
from verify.evidence.scorers import Scorer, scorer_named
from verify.evidence.source import SourceText
from verify.model.assessment import Assessment
from verify.terminal import one_line

_KEPT = 16
"""Sources kept indexed: rows of one source mostly stand together."""
_SURROUNDINGS = ("title", "section", "context")


class Pair(NamedTuple):
    """A row as read: its id as it stands in the file, the claim, its surroundings by name, and the source's sentences."""

    id: object
    claim: str
    surroundings: dict[str, str]
    sentences: tuple[str, ...]


class AssessedPair(NamedTuple):
    """A pair with its assessment; `evidence` are indices of its sentences, best first."""

    pair: Pair
    assessment: Assessment
    evidence: tuple[int, ...]


def assess_pairs(lines: Iterable[str], place: str, scorer: Scorer | None = None) -> Iterator[AssessedPair]:
    """Assess every row of `lines` with a scorer, the embedded one where none is given; blank lines are skipped. Raises `UsageError` with `place` and
    the line's number where a row cannot be read."""
    scorer = scorer or scorer_named()
    sources: OrderedDict[tuple[str, ...], SourceText] = OrderedDict()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        pair = _pair(line, f"{one_line(place)}:{number}")
        source = _source(pair.sentences, sources)
        assessment = scorer.assess(pair.claim, source, **pair.surroundings)
        yield AssessedPair(pair, assessment, tuple(source.number_at(passage.start) for passage in assessment.passages))


def _source(sentences: tuple[str, ...], sources: OrderedDict[tuple[str, ...], SourceText]) -> SourceText:
    source = sources.pop(sentences, None) or SourceText.of_sentences(sentences)
    sources[sentences] = source
    if len(sources) > _KEPT:
        sources.popitem(last=False)
    return source


def _pair(line: str, place: str) -> Pair:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: this line is not JSON; each line has to be one object with id, claim and sentences") from error
    if not isinstance(row, dict):
        raise UsageError(f"{place}: this line is not an object with id, claim and sentences")
    if "id" not in row:
        raise UsageError(f"{place}: the row has no id")
    surroundings = {key: _text(row, key, place) for key in _SURROUNDINGS}
    return Pair(row["id"], _text(row, "claim", place, needed=True), surroundings, _sentences(row, place))


def _text(row: dict[str, Any], key: str, place: str, *, needed: bool = False) -> str:
    value = row.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise UsageError(f"{place}: {key} has to be a text")
    return value


def _sentences(row: dict[str, Any], place: str) -> tuple[str, ...]:
    value = row.get("sentences")
    if not isinstance(value, list) or not all(isinstance(sentence, str) for sentence in value):
        raise UsageError(f"{place}: sentences has to be a list of texts")
    return tuple(value)
