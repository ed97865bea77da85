"""Quotes with harmless damage, which must be found in their place, and altered ones, none of which may pass: ours, and a fuzzy match as the peer.

    python tests/benchmarks/quotes.py [--data FOLDER] [--seed N] [--cases N] [--texts report|develop] [--json | --failures]

Passages of real texts are damaged as hands, scanners and printers do (recall: clean, and at the right place), or changed as misquotations are
(accepted: how many come out clean; it must be none). `develop` are the texts that the check was written with: half of the gold articles, and the
pages of WiCE's training set, which are also counted for the list of English words. `report` are other texts: the other articles, the pages of WiCE's
development set, the passages of AttributionBench and documents of the format samples; there the altered rows of the contrast set are put to it too.
(Faults of four kinds that showed there first were mended by rule: brackets in another language, brackets changed for brackets, a second language
within a text, a small word at an end.) The peer takes a quote for found where rapidfuzz's `partial_ratio_alignment` of the lower-cased texts reaches
90 of 100. Times are CPU times on a text of 10,000 words.
"""

import argparse
import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from rapidfuzz.fuzz import partial_ratio_alignment

from verify.evidence.quotes import check_quote, normal_form
from verify.evidence.quotes.folding import folded
from verify.readers import read

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from misquotations import ALTERED, HARMLESS, OTHER_TEXT, SENTENCE, TYPO_IN_NAME, typo_in_name

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CLEAN = ("exact", "normalised", "near")
PEER_ACCEPTS = 90


@dataclass(frozen=True)
class Case:
    """A quote put to a text. `kind` names the damage; `start`..`end` is the passage that a clean quote must be found at."""

    kind: str
    clean: bool | None
    quote: str
    text: str
    start: int = 0
    end: int = 0


def dice(*seed):
    """Chance that falls the same way each time."""
    return random.Random(" ".join(map(str, seed)))  # noqa: S311 - no secret


def pages(path):
    """Each different page of a file of claims and sources, as one text."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return sorted({" ".join(row["sentences"]) for row in rows})


def texts(data: Path, which: str) -> dict[str, list[str]]:
    """The texts of a set, by where they come from."""
    articles = [path.read_text(encoding="utf-8") for path in sorted((data / "extraction").glob("*.trailing.txt"))]
    if which == "develop":
        return {"articles": articles[::2], "pages": pages(data / "support" / "wice_tokens_train.jsonl")}
    formats = {"html": "html", "md": "markdown", "latex": "latex"}
    samples = [(path, name) for suffix, name in formats.items() for path in sorted((data / "formats").glob(f"*.{suffix}"))]
    return {
        "articles": articles[1::2],
        "pages": pages(data / "support" / "wice_dev.jsonl"),
        "passages": [page for page in pages(data / "support" / "attributionbench_dev.jsonl") if len(page) > 900],
        "formats": [read(path.read_bytes(), format=name).text for path, name in samples],
    }


def passage_of(rng, text):
    """A sentence of the text, or two that follow each other."""
    found = [m for m in SENTENCE.finditer(text) if 6 <= m[0].count(" ") <= 60]
    if not found:
        return None
    first = rng.choice(found)
    following = SENTENCE.match(text, first.end() + 1) if rng.random() < 0.2 else None
    return first.start(), (following or first).end()


def cases(sources: dict[str, list[str]], seed: int, each: int) -> Iterator[Case]:
    """Give `each` cases of every kind, drawn evenly from the places texts come from; fewer where a kind of damage is rarely possible."""
    places = {name: [text for text in found if passage_of(dice(0), text)] for name, found in sources.items()}
    names = [name for name, found in places.items() if found]
    for clean, kinds in ((True, HARMLESS), (False, ALTERED), (None, {TYPO_IN_NAME: typo_in_name})):
        for kind, change in kinds.items():
            made = tried = 0
            while made < each and tried < each * 40:
                rng = dice(seed, kind, tried)
                text = rng.choice(places[names[tried % len(names)]])
                tried += 1
                start, end = passage_of(rng, text)
                quote = change(rng, text[start:end], text)
                unchanged = quote is None or (quote == text[start:end] and kind != "verbatim")
                if not unchanged and (clean or normal_form(quote) not in normal_form(text)):
                    made += 1
                    yield Case(kind, clean, quote, text, start, end)
    everything = [text for found in places.values() for text in found]
    for number in range(each if len(everything) > 1 else 0):
        rng = dice(seed, "other", number)
        one, other = rng.sample(everything, 2)
        start, end = passage_of(rng, one)
        if one[start:end] not in other:
            yield Case(OTHER_TEXT, False, one[start:end], other)


def contrast(data: Path) -> Iterator[Case]:
    """The altered rows of the contrast set, and those left as they are where their text has them."""
    for line in (data / "support" / "contrast_dev.jsonl").read_text(encoding="utf-8").split("\n"):
        row = json.loads(line) if line else {"kind": "light"}
        if row["kind"] != "light":
            text = " ".join(row["sentences"])
            at = text.find(row["claim"])
            if row["kind"] != "same" or at >= 0:
                yield Case(f"contrast set: {row['kind']}", row["kind"] == "same", row["claim"], text, at, at + len(row["claim"]))


def in_place(case: Case, start: int, end: int) -> bool:
    """Whether the passage found is the one quoted, or prints the same."""
    shared = min(end, case.end) - max(start, case.start)
    if shared >= 0.8 * (max(end, case.end) - min(start, case.start)):
        return True
    return words_of(case.text[start:end]) == words_of(case.text[case.start : case.end])


def words_of(text):
    return re.findall(r"\w+", normal_form(text))


def ours(case: Case) -> str:
    """The outcome, or "elsewhere" for a clean one at the wrong place."""
    check = check_quote(case.quote, case.text)
    if case.clean and check.is_clean and not in_place(case, check.quote.start, check.quote.end):
        return "elsewhere"
    return str(check.outcome)


def peers(case: Case) -> bool:
    """Whether a fuzzy match takes the quote for found."""
    quote, text = case.quote.lower(), case.text.lower()
    if len(quote) > len(text):  # the peer would look for the text in the quote
        return False
    return partial_ratio_alignment(quote, text).score >= PEER_ACCEPTS


def measured(all_cases: list[Case]) -> dict:
    """Count outcomes by kind."""
    outcomes: dict[tuple[str, bool | None], Counter] = {}
    accepted: Counter = Counter()
    for one in all_cases:
        outcomes.setdefault((one.kind, one.clean), Counter())[ours(one)] += 1
        accepted[one.kind, one.clean] += peers(one)
    rows = [
        {
            "kind": kind,
            "clean": clean,
            "cases": sum(counts.values()),
            "passed": sum(counts[outcome] for outcome in CLEAN),
            "peer": accepted[kind, clean],
            "outcomes": dict(counts),
        }
        for (kind, clean), counts in outcomes.items()
    ]
    return {"rows": rows, "harmless": total(rows, clean=True), "altered": total(rows, clean=False)}


def total(rows, *, clean):
    chosen = [row for row in rows if row["clean"] is clean]
    sums = {key: sum(row[key] for row in chosen) for key in ("cases", "passed", "peer")}
    return {**sums, "share": sums["passed"] / max(sums["cases"], 1)}


def times(sources: dict[str, list[str]], seed: int) -> dict:
    """CPU milliseconds a check on a text of 10,000 words: its index cached, and not."""
    words = " ".join(text for found in sources.values() for text in found).split(" ")[:10_000]
    text = " ".join(words)
    found = [one for one in cases({"text": [text]}, seed, 5) if one.clean is not None]
    figures = {"words": len(words), "checks": len(found)}
    for name, run, cold in (("warm", ours, False), ("cold", ours, True), ("peer", peers, False)):
        taken = []
        run(found[0])
        for one in found:
            if cold:
                folded.cache_clear()
            start = process_time()
            check_quote(one.quote, text) if run is ours else partial_ratio_alignment(one.quote, text)
            taken.append((process_time() - start) * 1000)
        cuts = statistics.quantiles(taken, n=100)
        figures[name] = {"mean": statistics.fmean(taken), "median": cuts[49], "p95": cuts[94], "most": max(taken)}
    return figures


def printed(result: dict) -> None:
    """Print the tables."""
    for clean, title in (
        (True, "harmless damage: found clean and in place"),
        (False, "altered: accepted as clean"),
        (None, "counted on neither side"),
    ):
        print(f"\n{title:42s} cases   ours   peer  outcomes")
        for row in result["rows"]:
            if row["clean"] is clean:
                outcomes = ", ".join(f"{name} {count}" for name, count in sorted(row["outcomes"].items()))
                print(f"{row['kind']:42s} {row['cases']:5d}  {row['passed']:5d}  {row['peer']:5d}  {outcomes}")
    for key, word in (("harmless", "recall"), ("altered", "accepted")):
        row = result[key]
        print(
            f"\n{key}: {row['cases']} cases; {word} {row['passed']} ({row['share']:.4f}); peer {row['peer']} ({row['peer'] / row['cases']:.4f})",
            end="",
        )
    print(f"\n\nCPU ms a check, {result['times']['words']} words, {result['times']['checks']} quotes of all kinds:")
    for name in ("warm", "cold", "peer"):
        print(f"  {name:5s}" + "".join(f"  {key} {value:7.3f}" for key, value in result["times"][name].items()))


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=40, help="cases of each kind")
    parser.add_argument("--texts", choices=("report", "develop"), default="report")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--failures", action="store_true", help="print every case that came out wrong")
    options = parser.parse_args(arguments)
    sources = texts(options.data, options.texts)
    all_cases = [*cases(sources, options.seed, options.cases), *(contrast(options.data) if options.texts == "report" else ())]
    if options.failures:
        for one in all_cases:
            outcome = ours(one)
            if one.clean is not None and one.clean != (outcome in CLEAN):
                print(json.dumps([one.kind, outcome, one.quote, one.text[one.start : one.end]], ensure_ascii=False))
        return
    result = {**measured(all_cases), "times": times(sources, options.seed), "texts": {name: len(found) for name, found in sources.items()}}
    if options.json:
        print(json.dumps({"seed": options.seed, **result}))
    else:
        print(f"seed {options.seed}; texts: " + ", ".join(f"{count} {name}" for name, count in result["texts"].items()))
        printed(result)


if __name__ == "__main__":
    main(sys.argv[1:])
