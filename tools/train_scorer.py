"""Train the tables of the embedded scorer and print its figures by cross-validation. Needs scikit-learn, which the tool itself never does.

usage: python tools/train_scorer.py DATA [--write] [--predictions DIR]

DATA holds the sets as JSON lines (`wice_tokens_train`, `wice_dev`, `feversymmetric_dev`, `contrast_dev`). What learns from what:
- the weights of words, the ranking of passages and the grounds of words: from `wice_tokens_train` only;
- the score: from `wice_dev`, `feversymmetric_dev` and `contrast_dev`. Figures on these are therefore printed by five-fold cross-validation, folds
  grouped by source page, and the predictions that --predictions writes are those of the folds. AttributionBench is never trained on.
"""

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

from verify.evidence import claims, table
from verify.evidence.assess import bounds
from verify.evidence.claims import ClaimText
from verify.evidence.cues import altering, cues
from verify.evidence.features import CLAIM, claim_row
from verify.evidence.grounding import term_rows
from verify.evidence.hits import hits
from verify.evidence.picking import picking_rows
from verify.evidence.reading import read
from verify.evidence.search import alone_rows, find_passages
from verify.evidence.source import SourceText
from verify.evidence.words import words

HERE = Path(table.__file__).parent
Row = dict[str, Any]
Matrix = np.ndarray[Any, np.dtype[np.float64]]
COMMON = 12
"""Sentences that must have a root before its weight is shipped: below, the table would be a list of one page's words."""


def load(data: Path, name: str) -> list[Row]:
    """The rows of one set."""
    return [json.loads(line) for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def prepared(row: Row) -> tuple[ClaimText, SourceText]:
    """The claim and the source of a row, read and indexed."""
    surroundings = {key: row.get(key) or "" for key in ("title", "section", "context")}
    return ClaimText.of(row["claim"], **surroundings), indexed(tuple(row["sentences"]))


_INDEXED: dict[tuple[str, ...], SourceText] = {}


def indexed(sentences: tuple[str, ...]) -> SourceText:
    """A source, indexed once for all rows that have it."""
    if sentences not in _INDEXED:
        _INDEXED[sentences] = SourceText.of_sentences(sentences)
    return _INDEXED[sentences]


def rarity(rows: Sequence[Row]) -> dict[str, float]:
    """Root -> minus the logarithm of the share of sentences that have it."""
    sentences = [s for page in sorted({tuple(r["sentences"]) for r in rows}) for s in sorted(set(page))]
    counts = Counter(root for s in sentences for root in {w.form.root for w in words(s)})
    return {root: round(math.log(len(sentences) / n), 1) for root, n in sorted(counts.items()) if n >= COMMON and not root[0].isdigit()}


def fit_logistic(
    rows: Sequence[Sequence[float]] | Matrix, shares: Sequence[float] | Matrix, weights: Sequence[float] | Matrix, strength: float
) -> Row:
    """A logistic function on raw features: `shares` are labels in 0..1, `strength` is scikit-learn's C."""
    x, y, w = np.array(rows, float), np.array(shares, float), np.array(weights, float)
    low, high = np.quantile(x, 0.005, axis=0), np.quantile(x, 0.995, axis=0)
    x = np.clip(x, low, high)
    scaler = StandardScaler().fit(x)
    z = scaler.transform(x)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(np.vstack([z, z]), np.r_[np.ones(len(y)), np.zeros(len(y))], sample_weight=np.r_[w * y, w * (1 - y)] + 1e-12)
    slopes = model.coef_[0] / scaler.scale_
    return {
        "intercept": round(float(model.intercept_[0] - (slopes * scaler.mean_).sum()), 5),
        "weights": [round(float(s), 5) for s in slopes],
        "low": [round(float(v), 5) for v in low],
        "high": [round(float(v), 5) for v in high],
    }


def as_logistic(t: Row) -> table.Logistic:
    """A table as the tool reads it."""
    return table.Logistic(t["intercept"], tuple(t["weights"]), tuple(t["low"]), tuple(t["high"]))


def train_search(rows: Sequence[Row]) -> Row:
    """Both steps of the ranking, from the evidence sets; a sentence counts by the share of the alternative sets that have it."""
    rows = [r for r in rows if any(r["evidence_sets"])]
    seen = []
    for row in rows:
        claim, source = prepared(row)
        found = hits(claim, source)
        seen.append((claim, found, alone_rows(claim, source, found), _shares(row)))
    x = [(f, share.get(n, 0.0)) for _, _, alone, share in seen for n, f in alone.items()]
    alone_table = fit_logistic([f for f, _ in x], [y for _, y in x], np.ones(len(x)), 1.0)
    model = as_logistic(alone_table)
    x = []
    for claim, found, alone, share in seen:
        if alone:
            logits = {n: model.logit(f) for n, f in alone.items()}
            x += [(f, share.get(n, 0.0)) for n, f in picking_rows(claim, found, logits)]
    return {"alone": alone_table, "picked": fit_logistic([f for f, _ in x], [y for _, y in x], np.ones(len(x)), 0.1)}


def _shares(row: Row) -> dict[int, float]:
    sets = [set(s) for s in row["evidence_sets"] if s]
    return {n: c / len(sets) for n, c in Counter(n for s in sets for n in s).items()}


TREES, FORESTS = 40, 2


def train_grounding(rows: Sequence[Row]) -> Row:
    """Boosted trees on words that people marked as supported or not."""
    x: list[tuple[float, ...]] = []
    y: list[int] = []
    for row in rows:
        claim, source = prepared(row)
        found = hits(claim, source)
        picked = find_passages(claim, source, found)
        if picked:
            x += term_rows(claim, source, found, picked)
            y += _marked(row, claim)
    forests = [
        GradientBoostingClassifier(
            n_estimators=TREES, max_depth=3, learning_rate=5 / TREES, subsample=0.5, min_samples_leaf=15, max_features=8, random_state=seed
        ).fit(x, y)
        for seed in range(FORESTS)
    ]
    return {"terms": _exported(forests)}


def _marked(row: Row, claim: ClaimText) -> list[int]:
    unsupported: set[int] = set()
    place = 0
    for token, no in zip(row["tokens"], row["non_supported"], strict=True):
        start = row["claim"].find(token, place)
        if start >= 0:
            place = start + len(token)
            unsupported |= set(range(start, place)) if no else set()
    return [int(term.start not in unsupported) for term in claim.terms]


def _exported(forests: Sequence[GradientBoostingClassifier]) -> Row:
    """The mean of several forests as one list of trees."""
    share = 1 / len(forests)
    prior = sum(float(f._raw_predict_init(np.zeros((1, f.n_features_in_)))[0, 0]) for f in forests) * share  # noqa: SLF001
    grown = [(f.learning_rate * share, e[0].tree_) for f in forests for e in f.estimators_]
    return {"intercept": round(prior, 5), "trees": [_tree(t, 0, rate) for rate, t in grown]}


def _tree(tree: Any, node: int, rate: float) -> float | list[Any]:
    if tree.children_left[node] < 0:
        return round(float(tree.value[node, 0, 0]) * rate, 5)
    branches = (_tree(tree, child[node], rate) for child in (tree.children_left, tree.children_right))
    return [int(tree.feature[node]), round(float(tree.threshold[node]), 4), *branches]


Features = tuple[tuple[float, ...], tuple[float, float]]
"""The features of a row, and the bounds that hold its score."""


def claim_rows(rows: Iterable[Row]) -> list[Features | None]:
    """The features of each row; None where nothing was found."""
    out: list[Features | None] = []
    for row in rows:
        reading = read(*prepared(row))
        altered = altering(reading, cues(reading)) if reading else []
        out.append((claim_row(reading, len(altered)), bounds(reading, altered)) if reading else None)
    return out


def write(file: str, about: str, content: Row) -> None:
    """Write a table into the package, with what it is, and let go of what was read of the old one."""
    head = {"about": about, "made": f"{datetime.now(tz=UTC).date().isoformat()} by tools/train_scorer.py"}
    (HERE / file).write_text(json.dumps(head | content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    table._read.cache_clear()  # noqa: SLF001
    table.logistic.cache_clear()
    table.trees.cache_clear()
    claims._rarity.cache_clear()  # noqa: SLF001


SCORED = {"wice_dev": 1.0, "feversymmetric_dev": 0.2}
"""The sets that the score learns from, and what a row of each counts: the score is for long sources first."""
POSITIVE = 1.2
"""What a supported row of WiCE counts against another: one in three is supported there, one in two in the other sets; .5 should suit both."""
RIDGE = 0.1
FOLDS, SEEDS = 5, 5
COVER = CLAIM.index("cover_three")
"""The plain method that the score has to beat: the share of the claim's weight that the first three passages have."""


def train_score(x: Matrix, y: Matrix, weights: Matrix) -> Row:
    """The function that gives the score."""
    return fit_logistic(x, y, weights, RIDGE)


def scored(data: Path, names: Iterable[str]) -> dict[str, tuple[list[Row], list[Features | None]]]:
    """The rows of each set with their features."""
    return {name: (rows := load(data, name), claim_rows(rows)) for name in names}


def training_rows(
    sets: dict[str, tuple[list[Row], list[Features | None]]],
) -> tuple[Matrix, Matrix, Matrix, Matrix, list[str], list[tuple[str, int]]]:
    """All rows to learn from: features, bounds, labels, weights, pages as groups, and where each comes from."""
    x, b, y, w, groups, origin = [], [], [], [], [], []
    for name, weight in SCORED.items():
        for i, (row, features) in enumerate(zip(*sets[name], strict=True)):
            if features:
                x.append(features[0])
                b.append(features[1])
                y.append(row["supported"])
                w.append(weight * (POSITIVE if name == "wice_dev" and row["supported"] else 1.0))
                groups.append("\n".join(row["sentences"]))
                origin.append((name, i))
    return np.array(x), np.array(b), np.array(y, float), np.array(w), groups, origin


def folds(groups: Sequence[str], seed: int) -> Matrix:
    """A fold for each row; rows of one page share it."""
    pages = sorted(set(groups))
    random.Random(seed).shuffle(pages)  # noqa: S311 - a split, not a secret
    fold = {page: i % FOLDS for i, page in enumerate(pages)}
    return np.array([fold[page] for page in groups], float)


def held_out(x: Matrix, y: Matrix, w: Matrix, fold: Matrix) -> Matrix:
    """The score of each row by a table that never saw its page."""
    out = np.zeros(len(y))
    for k in range(FOLDS):
        model = as_logistic(train_score(x[fold != k], y[fold != k], w[fold != k]))
        out[fold == k] = [model.probability(row) for row in x[fold == k]]
    return out


def auroc(y: Sequence[float], scores: Sequence[float]) -> float:
    """How often a supported row scores higher than another."""
    positive, negative = (np.array([s for s, label in zip(scores, y, strict=True) if label == kind]) for kind in (1, 0))
    above = positive[:, None] > negative
    return float(np.mean(above + 0.5 * (positive[:, None] == negative)))


HALF = 0.5


def balanced(y: Sequence[float], scores: Sequence[float]) -> float:
    """The mean of the shares of supported and of other rows that are told right at .5."""
    return sum(float(np.mean([(s >= HALF) == label for s, label in zip(scores, y, strict=True) if label == kind])) for kind in (1, 0)) / 2


def f1(y: Sequence[float], scores: Sequence[float]) -> float:
    """Precision and recall of `supported` at .5, in one."""
    said = [s >= HALF for s in scores]
    return 2 * sum(a and b for a, b in zip(said, y, strict=True)) / (sum(said) + sum(y))


def calibration(y: Sequence[float], scores: Sequence[float]) -> float:
    """The expected calibration error over ten bins of equal size."""
    bins = np.array_split(sorted(zip(scores, y, strict=True)), 10)
    return float(sum(len(b) * abs(b[:, 0].mean() - b[:, 1].mean()) for b in bins) / len(y))


def gain(y: Sequence[float], ours: Sequence[float], other: Sequence[float], times: int = 300) -> tuple[float, float, float]:
    """How much the AUROC of `ours` is above that of `other` on the same rows: 2.5 %, middle and 97.5 % of a paired bootstrap."""
    chance = random.Random(0)  # noqa: S311 - a sample, not a secret
    differences = []
    for _ in range(times):
        chosen = chance.choices(range(len(y)), k=len(y))
        labels, one, two = ([values[i] for i in chosen] for values in (y, ours, other))
        differences.append(auroc(labels, one) - auroc(labels, two))
    low, mid, high = np.quantile(differences, (0.025, 0.5, 0.975))
    return float(low), float(mid), float(high)


MEASURES: dict[str, Callable[[Sequence[float], Sequence[float]], float]] = {
    "AUROC": auroc, "balanced accuracy": balanced, "F1": f1, "ECE": calibration,
}  # fmt: skip


def cross_validate(sets: dict[str, tuple[list[Row], list[Features | None]]], predictions: Path | None) -> None:
    """Print each measure as the mean over seeds; write the predictions of the first seed. Where nothing was found the score is 0."""
    x, b, y, w, groups, origin = training_rows(sets)
    runs = [np.clip(held_out(x, y, w, folds(groups, seed)), b[:, 0], b[:, 1]) for seed in range(SEEDS)]
    for name in SCORED:
        rows = sets[name][0]
        labels = [float(row["supported"]) for row in rows]
        told = []
        for run in runs:
            scores = {i: float(s) for (n, i), s in zip(origin, run, strict=True) if n == name}
            told.append([scores.get(i, 0.0) for i in range(len(rows))])
        means = {measure: np.mean([f(labels, scores) for scores in told]) for measure, f in MEASURES.items()}
        print(f"{name:20s} " + "  ".join(f"{measure} {mean:.4f}" for measure, mean in means.items()))
        plain = {i: float(row[COVER]) for (n, i), row in zip(origin, x, strict=True) if n == name}
        low, mid, high = gain(labels, told[0], [plain.get(i, 0.0) for i in range(len(rows))])
        print(f"{'':20s} AUROC over covered words alone {mid:+.4f} [{low:+.4f}, {high:+.4f}], paired bootstrap")
        if predictions:
            lines = (json.dumps({"id": row["id"], "support_score": score}) for row, score in zip(rows, told[0], strict=True))
            (predictions / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> int:
    """Train if asked to, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="write the tables into the package; without it, only measure with those there")
    parser.add_argument("--predictions", type=Path, help="a folder for the predictions of the folds, for the scorer of the sets")
    wanted = parser.parse_args()
    if wanted.write:
        words_of_pages = load(wanted.data, "wice_tokens_train")
        write(
            "rarity.json",
            f"minus the natural logarithm of the share of sentences that have a root. {FROM_TRAIN}",
            {"weights": rarity(words_of_pages)},
        )
        write("search.json", f"the two steps of ranking passages, on their evidence sets. {FROM_TRAIN}", train_search(words_of_pages))
        write("grounding.json", f"boosted trees: is a word held up? On its marked words. {FROM_TRAIN}", train_grounding(words_of_pages))
    sets = scored(wanted.data, SCORED)
    if wanted.write:
        x, _, y, w, _, _ = training_rows(sets)
        write("score.json", FROM_DEV, {"claim": train_score(x, y, w)})
    cross_validate(sets, wanted.predictions)
    return 0


FROM_TRAIN = "Learnt from the 374 training sub-claims with their pages in wice_tokens_train (WiCE, ryokamoi/wice, annotations ODC-BY, claims CC BY-SA)."
FROM_DEV = (
    "the probability that a source supports a claim. Learnt from all of wice_dev (349 rows; WiCE, ryokamoi/wice, annotations ODC-BY, claims CC BY-SA) and "
    "feversymmetric_dev (708 rows; CC BY-SA 3.0): figures on these two are by cross-validation over pages, never with this table."
)

if __name__ == "__main__":
    sys.exit(main())
