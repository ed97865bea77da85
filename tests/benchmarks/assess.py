"""How long `verify assess` takes a claim, on a ledger of many claims with sources of some 2,000 words, and how much memory. Run it with
`python tests/benchmarks/assess.py [--claims N]`.

Words are drawn as often as they are in English (the packaged table of rarity); a claim has words of one sentence of its source, in their order, with
others between. Twenty claims cite a source, one in ten of them another one beside it. The second run finds nothing changed.
"""

import argparse
import json
import math
import platform
import random
import resource
import tempfile
import time
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from verify.evidence.scorers import scorer_named
from verify.model import Identifier, Layout, Snapshot, SourceKind, sha256_of
from verify.store import Connection, Ledger, claims, documents, open_ledger, sources, trail
from verify.store.claims import ClaimQuery
from verify.workflows.assess import Wish, assess, scope_of
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish as Reading
from verify.workflows.read import read_document

SENTENCES, WORDS, CITING = 110, 18, 20
AT = datetime(2024, 12, 8, 12, 0, tzinfo=UTC)


def main() -> None:
    """Make the ledger, assess it twice, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    wanted = parser.parse_args().claims
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "verify.db", create=True) as ledger:
        started = time.perf_counter()
        _fill(ledger, wanted)
        print(f"Python {platform.python_version()}, {wanted:,} claims; made in {time.perf_counter() - started:.0f} s")
        _run(ledger, "first run")
        _run(ledger, "second run, nothing changed")
        started = time.perf_counter()
        with ledger.read() as connection:
            seen = sum(bool(dossier.assessments) for dossier in claims.iter_dossiers(connection, ClaimQuery()))
        print(f"reading {seen:,} dossiers: {(time.perf_counter() - started) * 1000 / seen:.2f} ms each")
        print(f"ledger: {(Path(folder) / 'verify.db').stat().st_size / 2**20:.0f} MB; peak memory {_peak():.0f} MB")


def _run(ledger: Ledger, name: str) -> None:
    started, spent = time.perf_counter(), time.process_time()
    wish = Wish()
    batches = list(assess(ledger, scope_of(ledger, wish), wish, scorer_named(), reviewer="ann"))
    looked_at, made = sum(batch.looked_at for batch in batches), sum(len(batch.made) for batch in batches)
    wall, cpu = time.perf_counter() - started, time.process_time() - spent
    print(
        f"{name}: {made:,} assessments of {looked_at:,} claims, {wall * 1000 / looked_at:.2f} ms a claim ({cpu * 1000 / looked_at:.2f} of the processor)"
    )


def _fill(ledger: Ledger, wanted: int) -> None:
    chance = random.Random(5)  # noqa: S311 - drawn alike in every run
    weights = json.loads(files("verify.evidence").joinpath("rarity.json").read_text(encoding="utf-8"))["weights"]
    words, often = [*weights], [math.exp(-weight) for weight in weights.values()]

    def sentence() -> list[str]:
        return chance.choices(words, often, k=WORDS)

    texts = [[sentence() for _ in range(SENTENCES)] for _ in range(wanted // CITING + 1)]
    lines = []
    for n in range(wanted):
        number = n // CITING
        kept = [w for w in chance.choice(texts[number]) if chance.random() < 0.6]
        cited = f"[{number + 1}]" + (f"[{(number + 1) % len(texts) + 1}]" if chance.random() < 0.1 else "")
        lines.append(" ".join(kept + sentence()[:6]).capitalize() + "." + cited)
    text = "\n\n".join(" ".join(lines[n : n + 5]) for n in range(0, len(lines), 5))
    ingest(ledger, [read_document("report.txt", text.encode(), Reading(layout=Layout.TRAILING))], reviewer="ann")
    with ledger.write() as connection:
        _attach(connection, [". ".join(" ".join(s).capitalize() for s in held) + "." for held in texts])


def _attach(connection: Connection, texts: list[str]) -> None:
    [document] = documents.all_documents(connection)
    for number, text in enumerate(texts, 1):
        reference = documents.reference_cited_as(connection, document.id, str(number))
        if reference is None:
            continue
        sha256 = sha256_of(text)
        source, _ = sources.put_source(
            connection, Identifier(SourceKind.FILE, f"sha256:{sha256}", f"{number}.txt"), title=f"Source {number}"
        )
        sources.put_snapshot(connection, source.id, Snapshot(0, sha256, "text/plain", text.encode(), text, f"{number}.txt", AT))
        sources.link(connection, document_id=document.id, reference_id=reference, source_id=source.id, reviewer="ann", at=AT)
    trail.append(connection, at=AT, reviewer="ann", action="source.attached", subject=f"document:{document.id}", payload={})


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
