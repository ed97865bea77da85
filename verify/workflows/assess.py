"""Assess: let a scorer read claims against the texts of their sources, and keep what it says. It points; a person decides.

Claims are read a batch at a time and assessed outside of any transaction; each batch is kept in one, with an event a document. A run that is stopped
keeps what it has, and the next one goes on there, because only what changed is assessed again.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from verify.errors import UsageError
from verify.evidence.joined import Joined
from verify.evidence.scorers import Scorer
from verify.evidence.source import SourceText
from verify.model import Dossier, Ground, KeptAssessment, grounds_of, sha256_of
from verify.store import Connection, Ledger, assessments, claims, documents, trail
from verify.store.assessments import HeldText, NewAssessment
from verify.store.claims import ClaimQuery
from verify.terminal import one_line

from .clock import now
from .decide import held_dossier
from .placing import Placing
from .targets import claim_number, named_document, only_document, target_of

BATCH = 500
"""Claims of which the assessments are kept together."""
KEPT_TEXTS = 2_000_000
"""Characters of source texts that are kept indexed, at some 50 bytes each. Claims that stand together mostly cite the same sources."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be assessed. Without `targets` (names of documents, ids of claims, citation numbers as `doc:18`) it is the only document, or
    `everywhere` all. `again` also takes what did not change; `limit` stops after so many claims."""

    targets: tuple[str, ...] = ()
    again: bool = False
    everywhere: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment that was made and kept, and the claim's dossier as it was read."""

    dossier: Dossier
    kept: KeptAssessment


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch of claims came to. `looked_at` have a text; `unchanged` counts their sources, and groups of sources, that were not read again."""

    looked_at: int
    unchanged: int
    made: tuple[Assessed, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims are meant: how many stand there, how many of them have a source with text."""

    queries: tuple[ClaimQuery, ...]
    standing: int
    readable: int


def scope_of(ledger: Ledger, wish: Wish) -> Scope:
    """Find what is meant. Raises UsageError for what is unknown, and where nothing is named and there is a choice."""
    with ledger.read() as connection:
        queries = tuple(_queries(connection, wish))
        standing = sum(claims.count(connection, query) for query in queries)
        readable = [replace(query, readable=True) for query in queries]
        return Scope(tuple(readable), standing, sum(claims.count(connection, query) for query in readable))


def assess(
    ledger: Ledger, scope: Scope, wish: Wish, scorer: Scorer, *, reviewer: str, tell: Callable[[int], None] = lambda _: None
) -> Iterator[Batch]:
    """Assess the claims of a scope, a batch at a time, and give each batch when it is kept; `tell` hears of every claim that was looked at.

    Raises VerifyError where the scorer fails or breaks its promise; what was assessed before is kept.
    """
    run = _Run(ledger, scorer, again=wish.again, left=wish.limit)
    for query in scope.queries:
        for dossiers in _batches(ledger, query):
            if run.left == 0:
                return
            yield run.batch(dossiers, reviewer, tell)


def _queries(connection: Connection, wish: Wish) -> Iterator[ClaimQuery]:
    """The claims meant, as queries: those of documents by name, single ones together."""
    if not wish.targets:
        yield ClaimQuery() if wish.everywhere else ClaimQuery(document=only_document(connection).name)
        return
    ids: dict[int, None] = {}
    for target in dict.fromkeys(wish.targets):
        if documents.document_named(connection, target):
            yield ClaimQuery(document=target)
        else:
            ids |= dict.fromkeys(_claims_named(connection, target))
    if ids:
        yield ClaimQuery(claim_ids=tuple(ids))


def _claims_named(connection: Connection, target: str) -> tuple[int, ...]:
    if ":" in target:
        return target_of(connection, target).claim_ids
    try:
        claim_id = claim_number(target)
    except UsageError as error:
        raise UsageError(f"there is no document {one_line(target)!r}, and it is no claim id; `verify documents` lists the names") from error
    if held_dossier(connection, claim_id).absent:
        raise UsageError(f"claim {claim_id} is gone from its document: there is nothing to assess")
    return (claim_id,)


def _batches(ledger: Ledger, query: ClaimQuery) -> Iterator[list[Dossier]]:
    """The claims of a query, read a batch at a time, so that no reading lasts while a scorer is at work."""
    after: int | None = None
    while True:
        with ledger.read() as connection:
            dossiers = claims.dossiers(connection, replace(query, after=after, limit=BATCH))
        if dossiers:
            yield dossiers
        if len(dossiers) < BATCH:
            return
        after = dossiers[-1].id


@dataclass(slots=True)
class _Run:
    """One run: its scorer, the texts that it keeps indexed, and how many claims it may still assess."""

    ledger: Ledger
    scorer: Scorer
    again: bool
    left: int | None
    texts: "_Texts" = field(init=False)

    def __post_init__(self) -> None:
        self.texts = _Texts(self.ledger)

    def batch(self, dossiers: Sequence[Dossier], reviewer: str, tell: Callable[[int], None]) -> Batch:
        """Assess a batch and keep it, also where it is stopped halfway."""
        surroundings, held = self._read(dossiers)
        made: list[tuple[Dossier, NewAssessment]] = []
        looked_at = unchanged = 0
        try:
            for dossier in dossiers:
                if self.left == 0:
                    break
                grounds = grounds_of(dossier)
                wanted = [
                    ground for ground in grounds if self.again or (*ground.key, sha256_of(dossier.claim.text)) not in held[dossier.id]
                ]
                for ground in wanted:
                    made.append((dossier, self._assessed(dossier, ground, *surroundings[dossier.id])))  # noqa: PERF401 - all before a stop is kept
                looked_at, unchanged = looked_at + 1, unchanged + len(grounds) - len(wanted)
                self.left = self.left - 1 if wanted and self.left is not None else self.left
                tell(1)
        finally:
            kept = self._keep(made, reviewer) if made else ()
        return Batch(looked_at, unchanged, kept)

    def _read(self, dossiers: Sequence[Dossier]) -> tuple[dict[int, tuple[str, str]], dict[int, set[tuple[object, ...]]]]:
        """The title and paragraph of each claim, and what its last assessments were made on."""
        around: dict[int, tuple[str, str]] = {}
        with self.ledger.read() as connection:
            for name, group in groupby(dossiers, key=lambda dossier: dossier.document):
                own = {dossier.claim.ordinal: dossier for dossier in group}
                title = named_document(connection, name).title
                near = assessments.surroundings(connection, name, [(n, dossier.claim.paragraph_start) for n, dossier in own.items()])
                around |= {dossier.id: (title, near[n]) for n, dossier in own.items()}
            made = assessments.last_made(connection, [dossier.id for dossier in dossiers], self.scorer.name)
        version = self.scorer.version
        return around, {
            dossier.id: {(m.sources, m.snapshots, m.start, m.end, m.text_sha256) for m in made[dossier.id] if m.version == version}
            for dossier in dossiers
        }

    def _assessed(self, dossier: Dossier, ground: Ground, title: str, paragraph: str) -> NewAssessment:
        held = [self.texts.of(source.id, source.snapshot_sha256) for source in ground.sources]
        claim, texts, joined = dossier.claim, [text for text, _ in held], Joined.of([indexed for _, indexed in held])
        said = self.scorer.assess(claim.text[ground.start : ground.end], joined.text, title=title, section=claim.section, context=paragraph)
        placed = Placing(self.scorer, claim, ground, texts, joined).placed(said)
        snapshot_ids = tuple(text.snapshot_id for text in texts)
        return NewAssessment(dossier.id, ground.sources, snapshot_ids, sha256_of(claim.text), ground.start, ground.end, placed)

    def _keep(self, made: Sequence[tuple[Dossier, NewAssessment]], reviewer: str) -> tuple[Assessed, ...]:
        """Keep what was assessed, with an event a document."""
        at, scorer = now(), f"{self.scorer.name} {self.scorer.version}"
        kept: list[Assessed] = []
        with self.ledger.write() as connection:
            for name, group in groupby(made, key=lambda pair: pair[0].document):
                own = list(group)
                added = assessments.add_assessments(connection, [new for _, new in own], at)
                kept += [Assessed(dossier, held) for (dossier, _), held in zip(own, added, strict=True)]
                verdicts = Counter(str(held.assessment.verdict) for held in added)
                payload = {"scorer": scorer, "verdicts": dict(verdicts), "claims": list(dict.fromkeys(dossier.id for dossier, _ in own))}
                subject = f"document:{named_document(connection, name).id}"
                trail.append(connection, at=at, reviewer=reviewer, action="claims.assessed", subject=subject, payload=payload)
        return tuple(kept)


class _Texts:
    """The texts of sources, each indexed once for as long as there is room."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._held: OrderedDict[tuple[int, str], tuple[HeldText, SourceText]] = OrderedDict()
        self._size = 0

    def of(self, source_id: int, sha256: str) -> tuple[HeldText, SourceText]:
        """Give a text, as it is held and indexed; those not asked for the longest make room."""
        key = (source_id, sha256)
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        with self._ledger.read() as connection:
            text = assessments.text_of(connection, source_id, sha256)
        self._held[key] = found = (text, SourceText.of(text.text))
        self._size += len(text.text)
        while self._size > KEPT_TEXTS and len(self._held) > 1:
            _, (gone, _) = self._held.popitem(last=False)
            self._size -= len(gone.text)
        return found
