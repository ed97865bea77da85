"""`verify assess`: what the machine says of claims against the texts of their sources."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.errors import ReadError, UsageError
from verify.terminal import one_line

from .context import App, pass_app, reviewer_option
from .coverage import counted
from .output import output_option, write
from .progress import Progress, progress

if TYPE_CHECKING:
    from verify.workflows.assess import Assessed, Batch, Scope
    from verify.workflows.assess_pairs import AssessedPair


@click.command("assess")
@click.argument("targets", nargs=-1, metavar="[DOCUMENT|CLAIM]...")
@click.option(
    "--scorer", default="embedded", metavar="NAME", help="What compares them: embedded, a plug-in's name, transformer:FOLDER, openai:MODEL."
)
@click.option("--all", "again", is_flag=True, help="Assess again also what did not change since the last time.")
@click.option("--every-document", "everywhere", is_flag=True, help="All documents, where several are held.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many claims; the next run goes on there.")
@click.option(
    "--pairs", metavar="FILE", help='Assess the pairs of a file of JSON lines instead ("-": standard input): id, claim, sentences.'
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an assessment instead of a line to read.")
@reviewer_option
@output_option
@pass_app
def assess_command(
    app: App, targets: tuple[str, ...], pairs: str | None, scorer: str, as_json: bool, output: str, reviewer: str | None, **options: Any
) -> None:
    """Let the machine compare claims with the texts of their sources. It points; a person decides.

    Each claim is read against each of its sources that has a text, and against those of citations side by side ([20][21]) together: a likely problem
    (the source says something else in one place), needs reading, words found, not found. A source answers for the words that its citation covers.
    Only what changed since the last time is assessed: the claim, its sources, their texts, the scorer. `verify show` has the passages.

    CLAIM is an id, or a citation number as in attach (:18, doc:18). With --pairs no ledger is asked: a pair is one line, {"id": ..., "claim": "...",
    "sentences": ["...", ...]}, and may have the claim's title, section and context.
    """
    from verify.workflows.scorers import open_scorer

    if pairs is not None:
        from verify.workflows.assess_pairs import assess_pairs

        if targets:
            raise UsageError("--pairs reads a file, and no claims of the ledger: leave one of them out")
        with _opened(pairs) as lines:
            assessed = assess_pairs(lines, pairs, open_scorer(scorer, app.network))
            write((f"{_pair_row(pair) if as_json else _pair_line(pair)}\n" for pair in assessed), output)
        return
    from verify.workflows.assess import Wish, assess, scope_of

    wish, chosen = Wish(targets, **options), open_scorer(scorer, app.network)
    with app.ledger() as ledger:
        scope = scope_of(ledger, wish)
        with progress(app, scope.readable, "claim") as shown:
            summary = _Summary(shown)
            write(summary.told(assess(ledger, scope, wish, chosen, reviewer=app.reviewer(reviewer), tell=shown), as_json=as_json), output)
    app.say(*summary.lines(scope))


class _Summary:
    """What was assessed, counted on the way."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self.looked_at = self.unchanged = 0
        self.says: Counter[str] = Counter()

    def told(self, batches: "Iterable[Batch]", *, as_json: bool) -> Iterator[str]:
        """Give a line an assessment, when its batch is kept."""
        from verify.reports.suggestions import verdict_words

        for batch in batches:
            self._shown.clear()
            self.looked_at += batch.looked_at
            self.unchanged += batch.unchanged
            for assessed in batch.made:
                self.says[verdict_words(assessed.kept.assessment)] += 1
                yield (_row(assessed) if as_json else _line(assessed)) + "\n"

    def lines(self, scope: "Scope") -> Iterator[str]:
        """Say how many were looked at, what was said of them, and what was left out."""
        from verify.reports.suggestions import VERBATIM, VERDICT_WORDS

        made, hint = counted(self.says.total(), "assessment"), " (--all assesses them again)" if self.unchanged else ""
        yield f"{counted(self.looked_at, 'claim')} with a source's text looked at: {made} made, {self.unchanged} unchanged{hint}"
        told = [f"{self.says[words]} {words}" for words in (*VERDICT_WORDS.values(), VERBATIM) if self.says[words]]
        if told:
            yield f"it suggests: {', '.join(told)}; a person decides (verify show ID, verify decide ID)"
        if without := scope.standing - scope.readable:
            yield f"{counted(without, 'claim')} left out: no text of a source is held; `verify list` says what comes next for each"
        if left := scope.readable - self.looked_at:
            yield f"{counted(left, 'claim')} not looked at: stopped at --limit"


def _row(assessed: "Assessed") -> str:
    from verify.model import SCHEMA_VERSION
    from verify.reports.escape import json_text
    from verify.reports.rows import assessment_row

    dossier = assessed.dossier
    place = {"schema_version": SCHEMA_VERSION, "document": dossier.document, "claim": dossier.id, "text": dossier.claim.text}
    return json_text({**place, **assessment_row(dossier, assessed.kept)})


def _line(assessed: "Assessed") -> str:
    from verify.reports.suggestions import cue_words, source_words, verdict_words, why_words

    held = assessed.kept.assessment
    cue = next((cue for cue in held.cues if cue.said and cue.found), None)
    said = cue_words(cue) if cue else why_words(held) or next(map(cue_words, held.cues), "")
    against = source_words(assessed.dossier, assessed.kept)
    return one_line(f"{assessed.dossier.id}: {verdict_words(held)} ({held.score:.2f}) against {against}: {said}")


@contextmanager
def _opened(name: str) -> Iterator[Iterable[str]]:
    if name == "-":
        yield (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace", newline="\n") as file:
            yield file
    except OSError as error:
        raise ReadError(f"{one_line(name)}: {(error.strerror or 'cannot be read').lower()}") from error


def _pair_row(assessed: "AssessedPair") -> str:
    from verify.reports.escape import json_text

    a = assessed.assessment
    return json_text(
        {
            "id": assessed.pair.id,
            "support_score": a.score,
            "verdict": a.verdict,
            "evidence": list(assessed.evidence),
            "cues": [{"kind": c.kind, "said": c.said, "found": c.found, "start": c.start, "end": c.end, "why": c.why} for c in a.cues],
            "words": [{"start": w.start, "end": w.end, "grounding": w.grounding} for w in a.words],
            "verbatim": a.verbatim,
            "why": a.why,
            "scorer": f"{a.scorer} {a.version}",
        }
    )


def _pair_line(assessed: "AssessedPair") -> str:
    a = assessed.assessment
    return one_line(f"{assessed.pair.id}: {a.verdict} ({a.score:.2f}) {a.why}")
