"""Revisions with known truth: whether claims and references keep their ids while real articles are edited under them, and how long it takes.

    python tests/benchmarks/revisions.py --data FOLDER [--dump FILE] [--articles held-out] [--rates 5,20,50] [--seed 101] [--json] [--missed N]
    python tests/benchmarks/revisions.py --data FOLDER [--dump FILE] --time [--claims 20000]

FOLDER holds articles as `*.trailing.txt`, FILE is a MediaWiki dump whose pages are taken as well. Every article becomes a chain of revisions
(`tests/support/revision_chains.py`), so many per cent of whose sentences are edited each time. Thresholds were chosen on the articles of
`development` with seeds below 100; what is reported comes from the others, with other seeds.

With --time: CPU seconds for reconciling documents made of the articles' sentences, and for ingesting them into a ledger as revisions, beside those
for extracting the claims of the same text and for ingesting it the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from revision_chains import DEVELOPMENT, HELD_OUT, Tally, measure
from revision_edits import EDITED, ONE_SENTENCE, STAYED, Editor, Sentence, article_of, editor_of

from verify.claims.extract import extract
from verify.claims.reconcile import Held, reconcile
from verify.model import Block, BlockKind, Claim, Draft, Layout
from verify.readers import read
from verify.readers.mediawiki_xml import pages
from verify.readers.wikitext import reader as wikitext
from verify.store import open_ledger
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish, read_document

ARTICLES = ("held-out", "development")
GOALS = {"stayed": 0.995, "edited": 0.97}
ROUNDS = 3


def drafts(data: Path, dump: Path | None, chosen: str) -> Iterator[tuple[str, Draft]]:
    """The articles of one half, each with its name."""
    names = DEVELOPMENT if chosen == "development" else HELD_OUT
    yield from ((name, read((data / f"{name}.trailing.txt").read_bytes(), format="text")) for name in names)
    for place, page in enumerate(pages(dump) if dump else ()):
        name = page.title.lower().translate(str.maketrans(" ", "_", "()"))
        known = name in DEVELOPMENT or name in HELD_OUT or wikitext.redirect_target(page.text)
        if not known and ARTICLES[place % 2 == 0] == chosen:
            yield name, wikitext.wikitext_draft(page.text)


def figures(tally: Tally) -> dict[str, object]:
    """A tally as JSON: shares by kind and together, and what went astray."""
    return {
        "stayed": tally.share(*STAYED),
        "edited": tally.share(*EDITED),
        "followed": tally.share("split", "merged"),
        "citations": tally.share("citation"),
        "references": tally.share(*(kind for kind in tally.seen if kind.startswith("reference"))),
        "carried": tally.carried,
        "astray": len(tally.astray),
        "astray_unlike": len(tally.unlike),
        "astray_references": len(tally.astray_references),
        "unread": tally.unread,
        "kinds": {kind: {"seen": tally.seen[kind], "right": tally.right[kind]} for kind in sorted(tally.seen)},
    }


def show(rate: int, tally: Tally, missed: int) -> None:
    """A tally as lines."""
    print(f"{rate} % of the sentences edited a revision")
    print(f"  ids on a sentence that is another one: {len(tally.astray)} of {tally.carried} ({len(tally.unlike)} of them unlike it)")
    for name, kinds in {"stayed": STAYED, "edited": EDITED}.items():
        print(f"  {name:22s} {tally.share(*kinds):8.2%}  of {sum(tally.seen[kind] for kind in kinds):6d}  (goal {GOALS[name]:.1%})")
    for kind in sorted(tally.seen):
        print(f"    {kind:20s} {tally.share(kind):8.2%}  of {tally.seen[kind]:6d}")
    for before, after in tally.astray + tally.astray_references[:missed]:
        print(f"  astray\n    - {before}\n    + {after}")
    for kind, before, after in random.Random(rate).sample(tally.missed, min(missed, len(tally.missed))):  # noqa: S311
        print(f"  {kind}\n    - {before}\n    + {after}")


def sentences_of(found: Sequence[tuple[str, Draft]], wanted: int, dice: random.Random) -> list[str]:
    """So many sentences of the articles; where they have fewer, they come again with a word or two replaced."""
    fresh = count(1)
    articles = [article_of(name, draft, fresh) for name, draft in found]
    editor = editor_of(dice, fresh, articles)
    once = [claim.text for _, draft in found for claim in extract(draft, Layout.TRAILING).claims]
    texts = once[:wanted]
    while len(texts) < wanted:
        again = Sentence([dice.choice(once)], frozenset())
        texts.append(str((ONE_SENTENCE["words"](again, editor) or again).pieces[0]))
    return texts


def timings(found: Sequence[tuple[str, Draft]], wanted: int, seed: int) -> Iterator[tuple[str, float]]:
    """CPU seconds, the best of a few rounds: of extracting a text of so many claims, then of reconciling it with others."""
    dice = random.Random(seed)  # noqa: S311
    texts = sentences_of(found, 2 * wanted, dice)
    old, others = texts[:wanted], texts[wanted:]
    editor = editor_of(dice, count(1), [article_of(name, draft, count(1)) for name, draft in found])
    edited = [edited_text(text, editor) if dice.random() < 0.5 else text for text in old]
    yield "extract", best(lambda: extract(draft_of(old), Layout.TRAILING))
    for name, new in {
        "the same": old,
        "shuffled": dice.sample(old, len(old)),
        "half edited": edited,
        "half edited, shuffled": dice.sample(edited, len(edited)),
        "all different": others,
        "all the same sentence": [old[0]] * wanted,
        "all alike": [f"The population of place {n} is {n * 7}." for n in range(wanted)],
    }.items():
        before = {
            "all the same sentence": [old[0]] * (wanted - 1),
            "all alike": [f"The population of place {n} is {n}." for n in range(wanted)],
        }
        held = [Held(ordinal, claim_of(text, ordinal), absent=False) for ordinal, text in enumerate(before.get(name, old), 1)]
        claims = [claim_of(text, ordinal) for ordinal, text in enumerate(new, 1)]
        yield f"reconcile, {name}", best(lambda held=held, claims=claims: reconcile(held, claims))


def ledger_timings(found: Sequence[tuple[str, Draft]], wanted: int, seed: int) -> Iterator[tuple[str, float]]:
    """CPU seconds of ingesting a text of so many claims into an empty ledger, then of ingesting its next revision over it."""
    dice = random.Random(seed)  # noqa: S311
    texts = sentences_of(found, 2 * wanted, dice)
    old, others = texts[:wanted], texts[wanted:]
    editor = editor_of(dice, count(1), [article_of(name, draft, count(1)) for name, draft in found])
    edited = [edited_text(text, editor) if dice.random() < 0.5 else text for text in old]
    yield "ingest, new", min(ingested([old])[0] for _ in range(ROUNDS))
    for name, new in {"the same": [*old, "And one more."], "half edited": edited, "all different": others}.items():
        yield f"ingest over it, {name}", min(ingested([old, new])[1] for _ in range(ROUNDS))


def ingested(revisions: Sequence[Sequence[str]]) -> list[float]:
    """CPU seconds of ingesting each of the revisions of one document into a new ledger."""
    times = []
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "verify.db", create=True) as ledger:
        for texts in revisions:
            data = "\n\n".join(texts).encode()
            start = process_time()
            ingest(ledger, [read_document("document.txt", data, Wish(name="document", layout=Layout.TRAILING))], reviewer="benchmark")
            times.append(process_time() - start)
    return times


def edited_text(text: str, editor: Editor) -> str:
    """A sentence after an edit of any kind that it allows."""
    kind = editor.dice.choice([*ONE_SENTENCE])
    edited = ONE_SENTENCE[kind](Sentence([text], frozenset()), editor)
    return str(edited.pieces[0]) if edited else text


def claim_of(text: str, ordinal: int) -> Claim:
    return Claim(ordinal, text, 0, len(text), 0, len(text))


def draft_of(texts: Sequence[str]) -> Draft:
    """A text of one sentence a paragraph."""
    blocks, at = [], 0
    for text in texts:
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(text)))
        at += len(text) + 2
    return Draft("\n\n".join(texts), tuple(blocks))


def best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        run()
        times.append(process_time() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--articles", choices=ARTICLES, default=ARTICLES[0])
    parser.add_argument("--rates", default="5,20,50")
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--missed", type=int, default=0, metavar="N", help="show so many of what was missed")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--claims", type=int, default=20_000)
    asked = parser.parse_args()
    found = [*drafts(asked.data, asked.dump, asked.articles)]
    if asked.time:
        print(
            f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; {asked.claims} claims, CPU, best of {ROUNDS}"
        )
        peer = 0.0
        for name, seconds in timings(found, asked.claims, asked.seed):
            peer = peer or seconds
            print(f"{name:34s} {seconds:6.2f} s  {seconds / peer:5.2f} x extract")
        peer = 0.0
        for name, seconds in ledger_timings(found, asked.claims, asked.seed):
            peer = peer or seconds
            print(f"{name:34s} {seconds:6.2f} s  {seconds / peer:5.2f} x ingesting it the first time")
        return
    print(f"{len(found)} {asked.articles} articles, seed {asked.seed}", file=sys.stderr)
    tallies = {rate: measure(found, rate, asked.seed) for rate in map(int, asked.rates.split(","))}
    if asked.json:
        print(json.dumps({str(rate): figures(tally) for rate, tally in tallies.items()}, indent=2))
    else:
        for rate, tally in tallies.items():
            show(rate, tally, asked.missed)


if __name__ == "__main__":
    main()
