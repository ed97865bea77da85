"""What the machine said of claims: assessments, which are only ever added, and the texts and surroundings that one is made on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from verify.model import Assessment, Cue, CueKind, GroundedWord, Grounding, KeptAssessment, Passage, Source, Verdict

from .columns import canonical_json
from .ground import same_texts, serves_claim
from .journal import insert_rows, next_id
from .rows import Values, among, ids_of, list_text
from .schema import assessment_texts, assessments, claims, documents, snapshots, source_links, sources

NEIGHBOURS = 10
"""Sentences before a claim, and after it, that are given with it at most: in a text without paragraphs all others would be."""


@dataclass(frozen=True, slots=True)
class HeldText:
    """The text of a snapshot without its bytes; `locators` as in `Snapshot`."""

    snapshot_id: int
    text: str
    locators: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """An assessment that is to be kept: of which claim, on which sources, which of their snapshots (in the same order), and which of its words."""

    claim_id: int
    sources: tuple[Source, ...]
    snapshot_ids: tuple[int, ...]
    text_sha256: str
    start: int
    end: int
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Made:
    """What an assessment was made on and by which version of its scorer, without what it says."""

    sources: tuple[str, ...]
    snapshots: tuple[str, ...]
    text_sha256: str
    start: int
    end: int
    version: str


def text_of(connection: Connection, source_id: int, sha256: str) -> HeldText:
    """Give the text of a snapshot that is held."""
    columns = snapshots.c["id", "text", "locators"]
    row = connection.execute(select(*columns).where(snapshots.c.source_id == source_id, snapshots.c.sha256 == sha256)).one()
    return HeldText(row.id, row.text, tuple((start, end, name) for start, end, name in json.loads(row.locators)))


def surroundings(connection: Connection, document: str, places: Collection[tuple[int, int]]) -> dict[int, str]:
    """Give the sentences around claims of a document, in their own paragraph, by ordinal; a place is an ordinal and where the paragraph starts."""
    ordinals = [ordinal for ordinal, _ in places]
    within = claims.c.ordinal.between(min(ordinals) - NEIGHBOURS, max(ordinals) + NEIGHBOURS)
    query = select(claims.c.ordinal, claims.c.paragraph_start, claims.c.text).join(documents)
    rows = connection.execute(query.where(documents.c.name == document, ~claims.c.absent, within))
    texts = {(row.ordinal, row.paragraph_start): row.text for row in rows}
    return {
        ordinal: " ".join(
            text for near in range(ordinal - NEIGHBOURS, ordinal + NEIGHBOURS + 1) if (text := texts.get((near, start))) is not None
        )
        for ordinal, start in places
    }


def add_assessments(connection: Connection, made: Sequence[NewAssessment], at: datetime) -> list[KeptAssessment]:
    """Keep assessments, each beside those before. Gives them with their numbers."""
    numbered = list(enumerate(made, next_id(connection, assessments)))
    insert_rows(connection, assessments, (_values(id_, new, at) for id_, new in numbered))
    texts = (
        {"assessment_id": id_, "source_id": source.id, "snapshot_id": snapshot_id}
        for id_, new in numbered
        for source, snapshot_id in zip(new.sources, new.snapshot_ids, strict=True)
    )
    insert_rows(connection, assessment_texts, texts)
    return [_kept(id_, new, at) for id_, new in numbered]


def last_made(connection: Connection, claim_ids: Iterable[int], scorer: str) -> defaultdict[int, list[Made]]:
    """Give what the last assessments of a scorer were made on, one for each set of a claim's sources, by claim."""
    rows = _latest(connection, claim_ids, assessments.c.scorer == scorer)
    texts = _texts(connection, rows)
    found: defaultdict[int, list[Made]] = defaultdict(list)
    for row in rows:
        made_on = Made(*_texts_read(row, texts), row.text_sha256, row.start_offset, row.end_offset, row.version)
        found[row.claim_id].append(made_on)
    return found


def assessments_on(connection: Connection, claim_ids: Iterable[int]) -> defaultdict[int, list[KeptAssessment]]:
    """Give the last assessments of claims, one for each set of a claim's sources whatever made it, by claim, oldest first."""
    rows = _latest(connection, claim_ids)
    texts = _texts(connection, rows)
    found: defaultdict[int, list[KeptAssessment]] = defaultdict(list)
    for row in rows:
        read = _texts_read(row, texts)
        kept = KeptAssessment(
            row.id, *read, row.text_sha256, row.start_offset, row.end_offset, _assessment_of(row, read[0]), row.assessed_at
        )
        found[row.claim_id].append(kept)
    return found


def contradicted() -> ColumnElement[bool]:
    """The last assessment of some of its sources points at a problem of the row of `claims` around it, on its text and theirs as they are:
    `Dossier.likely_problems` of the model, in SQL."""
    later = assessments.alias("later")
    same = and_(later.c.claim_id == assessments.c.claim_id, later.c.source_ids == assessments.c.source_ids, later.c.id > assessments.c.id)
    query = select(assessments.c.id).where(
        assessments.c.claim_id == claims.c.id,
        assessments.c.verdict == str(Verdict.CONTRADICTED),
        assessments.c.text_sha256 == claims.c.text_sha256,
        ~select(later.c.id).where(same).correlate(assessments).exists(),
        same_texts(assessment_texts, assessments),
    )
    return query.correlate(claims).exists()


def readable() -> ColumnElement[bool]:
    """A text is held of a source that holds up the row of `claims` around it: `has_text` of the model, in SQL."""
    held = select(snapshots.c.id).where(snapshots.c.source_id == sources.c.id).correlate(sources).exists()
    query = select(source_links.c.id).join(sources).where(serves_claim(), sources.c.no_text_why == "", held)
    return query.correlate(claims).exists()


def _latest(connection: Connection, claim_ids: Iterable[int], *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The last row for each set of a claim's sources."""
    these = among(connection, assessments.c.claim_id, claim_ids)
    last = select(func.max(assessments.c.id)).where(these, *conditions).group_by(assessments.c.claim_id, assessments.c.source_ids)
    return connection.execute(select(assessments).where(assessments.c.id.in_(last)).order_by(assessments.c.id)).all()


def _texts(connection: Connection, rows: Sequence[Row[Any]]) -> defaultdict[int, dict[int, tuple[str, str]]]:
    """The texts that assessments were made on: by assessment and source, its canonical name and the hash of the snapshot."""
    found: defaultdict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    if rows:
        columns = (*assessment_texts.c["assessment_id", "source_id"], sources.c.canonical, snapshots.c.sha256)
        query = select(*columns).select_from(assessment_texts).join(sources, sources.c.id == assessment_texts.c.source_id)
        query = query.join(snapshots, snapshots.c.id == assessment_texts.c.snapshot_id)
        for row in connection.execute(query.where(among(connection, assessment_texts.c.assessment_id, (row.id for row in rows)))):
            found[row.assessment_id][row.source_id] = (row.canonical, row.sha256)
    return found


def _texts_read(row: Row[Any], texts: Mapping[int, Mapping[int, tuple[str, str]]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sources of an assessment in cited order, and their snapshots."""
    read = [texts[row.id][source_id] for source_id in ids_of(row.source_ids)]
    return tuple(canonical for canonical, _ in read), tuple(sha256 for _, sha256 in read)


def _kept(id_: int, new: NewAssessment, at: datetime) -> KeptAssessment:
    names, hashes = tuple(source.canonical for source in new.sources), tuple(source.snapshot_sha256 for source in new.sources)
    return KeptAssessment(id_, names, hashes, new.text_sha256, new.start, new.end, new.assessment, at)


def _values(id_: int, new: NewAssessment, at: datetime) -> Values:
    """Give a new row of `assessments`."""
    held, place = new.assessment, {source.canonical: number for number, source in enumerate(new.sources)}
    passages = [[place[p.source], p.exact, p.prefix, p.suffix, p.start, p.end, p.score, p.locator] for p in held.passages]
    return {
        "id": id_,
        "claim_id": new.claim_id,
        "source_ids": list_text([source.id for source in new.sources]),
        "text_sha256": new.text_sha256,
        "start_offset": new.start,
        "end_offset": new.end,
        "scorer": held.scorer,
        "version": held.version,
        "verdict": str(held.verdict),
        "score": float(held.score),
        "verbatim": held.verbatim,
        "why": held.why,
        "passages": canonical_json(passages),
        "cues": canonical_json([[str(c.kind), c.start, c.end, c.said, c.found, c.passage, c.why] for c in held.cues]),
        "words": canonical_json([[w.start, w.end, str(w.grounding)] for w in held.words]),
        "cost": canonical_json(dict(held.cost)),
        "assessed_at": at,
    }


def _assessment_of(row: Row[Any], read: Sequence[str]) -> Assessment:
    """Read a row of `assessments`; `read` are the canonical names of its sources."""
    return Assessment(
        scorer=row.scorer,
        version=row.version,
        verdict=Verdict(row.verdict),
        score=row.score,
        passages=tuple(_passage_of(passage, read) for passage in json.loads(row.passages)),
        cues=tuple(Cue(CueKind(kind), *rest) for kind, *rest in json.loads(row.cues)),
        words=tuple(GroundedWord(start, end, Grounding(grounding)) for start, end, grounding in json.loads(row.words)),
        verbatim=row.verbatim,
        why=row.why,
        cost=json.loads(row.cost),
    )


def _passage_of(values: Sequence[Any], read: Sequence[str]) -> Passage:
    place, exact, prefix, suffix, start, end, score, locator = values
    return Passage(exact, prefix, suffix, start, end, score, locator, read[place])
