"""What the machine points at of a claim, as lines for a terminal: the claim's words in colours, or in brackets where there are none."""

import re
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from verify.model import Dossier, Grounding, KeptAssessment, NextAction, next_action_of
from verify.reports import suggestions
from verify.reports.suggestions import Run
from verify.terminal import one_line

from .context import colours

_STYLES: Mapping[Grounding, Mapping[str, Any]] = {
    Grounding.SUPPORTED: {"fg": "green"},
    Grounding.WEAK: {"fg": "yellow", "underline": True},
    Grounding.ABSENT: {"fg": "red", "underline": True, "bold": True},
}
_INDENT = 4
_BLANK = re.compile(r"\s+")
_COLOUR_LEGEND = ("held up by a passage", "weak", "absent")


def next_line(dossier: Dossier) -> str:
    """Say what comes next for a claim."""
    action = next_action_of(dossier)
    return "" if action is NextAction.NOTHING else f"Next: {action} ({suggestions.NEXT_WORDS[action]})"


def assessment_lines(dossier: Dossier) -> Iterator[str]:
    """Give each assessment of a claim: what it says and of which source, its cues, the claim's words, the passages."""
    marked = False
    for kept in dossier.assessments:
        held = kept.assessment
        against = suggestions.source_words(dossier, kept)
        verdict = suggestions.verdict_words(held)
        head = f"{verdict} ({held.score:.2f}) against {against}; {held.scorer} {held.version}, {kept.assessed_at:%Y-%m-%d %H:%M}"
        first, *rest = _wrapped(head)
        yield first.replace(verdict, click.style(verdict, bold=True), 1) if colours() else first
        yield from rest
        yield from _told(dossier, kept)
        if found := suggestions.runs(dossier, kept):
            marked = True
            yield from _marked(found)
        for passage in held.passages[: suggestions.SHOWN]:
            place = [passage.locator, passage.source if len(kept.sources) > 1 else "", f"at {passage.start}-{passage.end}"]
            yield from _wrapped(f"“{passage.exact}” ({', '.join(filter(None, place))})", "    ")
    if marked:
        yield f"  {_legend()}"


def _told(dossier: Dossier, kept: KeptAssessment) -> Iterator[str]:
    covered = suggestions.covered_words(dossier, kept)
    lines = (
        suggestions.outdated_words(dossier, kept),
        suggestions.why_words(kept.assessment),
        f"assessed are the words that the citation covers: {covered}" if covered else "",
        *map(suggestions.cue_words, kept.assessment.cues),
    )
    for line in filter(None, lines):
        yield from _wrapped(line, "    ")


def _marked(found: Sequence[Run]) -> Iterator[str]:
    """The claim's words with their marks, wrapped."""
    if not colours():
        yield from _wrapped(suggestions.marked(found), "    ")
        return
    line, used = "   ", 3
    for word in _words(found):
        length = sum(len(piece) for piece, _ in word)
        if used > _INDENT and used + 1 + length > _width():
            yield line
            line, used = "   ", 3
        line += " " + "".join(_styled(piece, grounding) for piece, grounding in word)
        used += 1 + length
    yield line


def _words(found: Sequence[Run]) -> Iterator[list[tuple[str, Grounding | None]]]:
    """What stands between blanks, in the pieces that are marked alike: a word may end one run and its comma begin the next."""
    word: list[tuple[str, Grounding | None]] = []
    for run in found:
        for place, piece in enumerate(_BLANK.split(run.text)):
            if place and word:
                yield word
                word = []
            if piece:
                word.append((one_line(piece), run.grounding))
    if word:
        yield word


def _styled(piece: str, grounding: Grounding | None) -> str:
    return click.style(piece, **_STYLES[grounding]) if grounding else piece


def _legend() -> str:
    if not colours():
        return suggestions.LEGEND
    return "words: " + ", ".join(click.style(words, **style) for words, style in zip(_COLOUR_LEGEND, _STYLES.values(), strict=True))


def _wrapped(text: str, indent: str = "  ") -> Iterator[str]:
    yield from textwrap.wrap(one_line(text), _width(), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False) or [indent]


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 110))
