"""Chains of revisions with known truth, and a judge of how claims and references were followed through them.

Every revision is printed, read by `verify.claims.extract`, reconciled by a ledger with all that came before it, and each sentence is judged by what
was done to it (`revision_edits`). Sentences that were not read as one claim each are not judged.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import count

from revision_edits import Article, Editor, Entry, Sentence, article_of, editor_of, keep_back, revise

from verify.claims.extract import extract
from verify.claims.follow import HeldReference, follow
from verify.claims.reconcile import Held, Match, Reconciliation, RelationKind, reconcile
from verify.model import BaselineState, Block, BlockKind, Claim, Draft, Layout, Reference
from verify.readers.references import reference_of

DEVELOPMENT = (
    "actrius",
    "agricultural_science",
    "america_the_beautiful",
    "animalia_book",
    "appellate_court",
    "astronomer",
    "html_obsidian_software",
)
"""The articles that the thresholds of reconciliation were chosen on; with them go the pages at even places of a dump, unless they are among the
others."""
HELD_OUT = (
    "a_modest_proposal",
    "android_robot",
    "arts_club_of_chicago",
    "economy_of_angola",
    "foreign_relations_of_angola",
    "html_mozilla",
    "mark_behr",
)
"""Those that figures are reported on."""
REVISIONS = 4
_LIKE = 0.6


# --- the text of a revision, and where everything stands in it


@dataclass
class Printed:
    """A revision as a draft, with the stretch of its text that each sentence takes, in order, and the entries in the order of their numbers."""

    draft: Draft
    stretches: list[tuple[int, int, Sentence]]
    entries: list[Entry]


def printed(article: Article) -> Printed:
    """Print a revision: a paragraph a line, then the list."""
    labels = {entry.identity: str(number) for number, entry in enumerate(article.entries, 1)}
    blocks: list[Block] = []
    stretches: list[tuple[int, int, Sentence]] = []
    lines: list[str] = []
    at = 0
    for paragraph in article.paragraphs:
        start, texts = at, []
        for sentence in paragraph:
            text = "".join(piece if isinstance(piece, str) else f"[{labels[piece]}]" for piece in sentence.pieces).strip()
            stretches.append((at, at + len(text), sentence))
            texts.append(text)
            at += len(text) + 1
        lines.append(" ".join(texts))
        blocks.append(Block(BlockKind.PARAGRAPH, start, at - 1))
        at += 1
    references = tuple(reference_of(labels[one.identity], one.text, urls=one.urls) for one in article.entries)
    return Printed(Draft("\n\n".join(lines), tuple(blocks), references=references), stretches, article.entries)


# --- the ledger, and the judge


@dataclass
class Ledger:
    """What a ledger would hold of one document: claims and references by id, each with the identities that are behind it."""

    claims: dict[int, tuple[Claim, bool, frozenset[int]]] = field(default_factory=dict)
    references: dict[int, tuple[Reference, bool, int]] = field(default_factory=dict)
    fresh: Iterator[int] = field(default_factory=lambda: count(1))

    def held(self) -> list[Held]:
        rows = sorted(self.claims.items(), key=lambda row: (row[1][0].ordinal, row[0]))
        return [Held(claim_id, claim, absent) for claim_id, (claim, absent, _) in rows]

    def held_references(self) -> list[HeldReference]:
        return [HeldReference(held_id, reference, absent) for held_id, (reference, absent, _) in self.references.items()]

    def keep_references(self, revision: Printed, found: Sequence[int | None]) -> None:
        """Write the list to the ledger: what it has in its order, then what it has no more."""
        ids = [held_id or next(self.fresh) for held_id in found]
        listed = zip(ids, revision.draft.references, revision.entries, strict=True)
        here = {held_id: (reference, False, entry.identity) for held_id, reference, entry in listed}
        gone = {
            held_id: (reference, True, identity) for held_id, (reference, _, identity) in self.references.items() if held_id not in here
        }
        self.references = here | gone


@dataclass
class Tally:
    """How often each kind came out right, of how many; with what it missed, (kind, before, after). `carried` counts the ids that went on,
    `unread` the sentences that were not judged, for they were not read as one claim; `astray` are those that went to a sentence that goes back to another one, with both texts; `astray_references` the same of entries."""

    right: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    carried: int = 0
    unread: int = 0
    astray: list[tuple[str, str]] = field(default_factory=list)
    astray_references: list[tuple[str, str]] = field(default_factory=list)

    def count(self, kind: str, *, right: bool, before: str = "", after: str = "") -> None:
        self.seen[kind] += 1
        self.right[kind] += right
        if not right:
            self.missed.append((kind, before, after))

    def share(self, *kinds: str) -> float:
        """How much of some kinds came out right, from 0 to 1."""
        seen = sum(self.seen[kind] for kind in kinds)
        return sum(self.right[kind] for kind in kinds) / seen if seen else 1.0

    @property
    def unlike(self) -> list[tuple[str, str]]:
        """What went astray to a sentence of which less than three fifths are the same, word for word in the same order."""
        return [(one, other) for one, other in self.astray if SequenceMatcher(None, one.split(), other.split()).ratio() < _LIKE]


def measure(drafts: Iterable[tuple[str, Draft]], rate: int, seed: int) -> Tally:
    """Run a chain of every draft, (name, draft), editing so many per cent of its sentences in each revision."""
    tally, fresh = Tally(), count(1)
    articles = [article_of(name, draft, fresh) for name, draft in drafts]
    for article in articles:
        dice = random.Random(f"{seed} {rate} {article.name}")  # noqa: S311 - edits, not secrets
        editor = editor_of(dice, fresh, [one for one in articles if one is not article])
        keep_back(article, dice)
        run_chain(article, rate / 100, editor, tally)
    return tally


def run_chain(article: Article, share: float, editor: Editor, tally: Tally) -> None:
    """Read an article, and its revisions one after the other, into one ledger, and judge each."""
    ledger = Ledger()
    gone: list[Sentence] = []
    for _ in range(REVISIONS + 1):
        revision = printed(article)
        claims = extract(revision.draft, Layout.TRAILING).claims
        reading = Reading(revision, claims, reconcile(ledger.held(), claims), ledger)
        if ledger.claims:
            reading.judge(gone, tally)
        found = follow(ledger.held_references(), revision.draft.references)
        if ledger.references:
            judge_references(revision, claims, found, ledger, tally)
        reading.keep()
        ledger.keep_references(revision, found)
        gone = revise(article, share, editor)


class Reading:
    """The claims of a revision, what they were matched with, and the sentences that they were printed from."""

    def __init__(self, revision: Printed, claims: Sequence[Claim], result: Reconciliation, ledger: Ledger) -> None:
        self.revision, self.claims, self.result, self.ledger = revision, claims, result, ledger
        self.related = {(relation.kind, relation.id, relation.index) for relation in result.relations}

    def behind(self) -> Iterator[frozenset[int]]:
        """The identities behind each claim: those of every sentence whose stretch it touches."""
        starts, ends = ([stretch[side] for stretch in self.revision.stretches] for side in (0, 1))
        for claim in self.claims:
            touched = self.revision.stretches[bisect_right(ends, claim.start) : bisect_left(starts, claim.end)]
            yield frozenset().union(*(sentence.identities for _, _, sentence in touched))

    def alone(self) -> Iterator[tuple[Sentence, int]]:
        """The sentences that were read as one claim each, with its index."""
        starts = [claim.start for claim in self.claims]
        for start, end, sentence in self.revision.stretches:
            first, after = bisect_left(starts, start), bisect_left(starts, end)
            if after - first == 1 and self.claims[first].end <= end and not (first and self.claims[first - 1].end > start):
                yield sentence, first

    def text_of(self, ids: Iterable[int]) -> str:
        """What the ledger holds under some ids."""
        return " | ".join(self.ledger.claims[one][0].text for one in ids)

    def judge(self, gone: Iterable[Sentence], tally: Tally) -> None:
        """Whether every sentence has the id that it should have, and what is gone is said to be gone."""
        for match, identities in zip(self.result.matches, self.behind(), strict=True):
            if match.id is not None:
                tally.carried += 1
                held, _, known = self.ledger.claims[match.id]
                if not known & identities and held.text != match.claim.text:
                    tally.astray.append((held.text, match.claim.text))
        parts: defaultdict[int, list[tuple[Sentence, int]]] = defaultdict(list)
        judged = [*self.alone()]
        tally.unread += len(self.revision.stretches) - len(judged)
        for sentence, index in judged:
            if sentence.kind == "split":
                parts[sentence.group].append((sentence, index))
            else:
                self._judge_one(sentence, index, self.result.matches[index], tally)
        for part in parts.values():
            self._judge_split(part, tally)
        for held_id in (one for sentence in gone for one in sentence.ids):
            tally.count("removed", right=held_id in self.result.gone, before=self.text_of([held_id]))

    def _judge_one(self, sentence: Sentence, index: int, match: Match, tally: Tally) -> None:
        kind, ids = sentence.kind, sentence.ids
        if kind == "inserted":
            tally.count(kind, right=match.id is None, before=match.before.text if match.before else "", after=match.claim.text)
        elif kind == "merged" and len(ids) > 1:
            others = [one for one in ids if one != match.id]
            right = match.id in ids and all((RelationKind.MERGED, one, index) in self.related for one in others)
            tally.count(kind, right=right, before=self.text_of(ids), after=match.claim.text)
        elif kind != "merged" and len(ids) == 1:
            state = BaselineState.UNCHANGED if self.text_of(ids) == match.claim.text else BaselineState.UPDATED
            right = match.id == ids[0] and match.state is state and match.returned == (kind == "returned")
            tally.count(kind, right=right, before=self.text_of(ids), after=match.claim.text)

    def _judge_split(self, parts: Sequence[tuple[Sentence, int]], tally: Tally) -> None:
        """One part goes on as the claim, and the other one is new and related to it."""
        if len(parts) > 1 and (ids := parts[0][0].ids):
            found = [self.result.matches[index].id for _, index in parts]
            followed = [
                one == ids[0] or (one is None and (RelationKind.SPLIT, ids[0], index) in self.related)
                for one, (_, index) in zip(found, parts, strict=True)
            ]
            after = " | ".join(self.result.matches[index].claim.text for _, index in parts)
            tally.count("split", right=all(followed) and found.count(ids[0]) == 1, before=self.text_of(ids), after=after)

    def keep(self) -> None:
        """Write the reading to the ledger, and tell every sentence that was read as one claim under which id it is held."""
        for gone in self.result.gone:
            claim, _, identities = self.ledger.claims[gone]
            self.ledger.claims[gone] = claim, True, identities
        ids = [match.id or next(self.ledger.fresh) for match in self.result.matches]
        for claim_id, claim, identities in zip(ids, self.claims, self.behind(), strict=True):
            self.ledger.claims[claim_id] = claim, False, identities
        for _, _, sentence in self.revision.stretches:
            sentence.ids = ()
        for sentence, index in self.alone():
            sentence.ids = (ids[index],)


def judge_references(revision: Printed, claims: Sequence[Claim], found: Sequence[int | None], ledger: Ledger, tally: Tally) -> None:
    """Whether every entry is followed to the one that it was, and with it every citation of its number."""
    known = {identity: held_id for held_id, (_, _, identity) in ledger.references.items()}
    is_right: dict[str, bool] = {}
    for entry, reference, held_id in zip(revision.entries, revision.draft.references, found, strict=True):
        right = is_right[reference.label] = held_id == known.get(entry.identity)
        before = ledger.references[held_id][0].text if held_id else ""
        tally.count(f"reference {entry.kind}", right=right, before=before, after=reference.text)
        if held_id and not right and before != reference.text:
            tally.astray_references.append((before, reference.text))
    for label in (label for claim in claims for label in claim.citation_labels if label in is_right):
        tally.count("citation", right=is_right[label])
