"""A ledger of an older schema keeps all that it holds when it is upgraded, on either database, and goes on as if it had always been a new one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DBAPIError

from verify.model import (
    Claim,
    Event,
    Evidence,
    Identifier,
    QuoteMatch,
    Reference,
    Snapshot,
    Source,
    SourceKind,
    SourceLink,
    Status,
    TextQuote,
    sha256_of,
)
from verify.store import (
    Connection,
    Ledger,
    claims,
    decisions,
    documents,
    engines,
    ledger,
    maintenance,
    migrate,
    open_ledger,
    replay,
    schema,
    sources,
    trail,
)
from verify.store.claims import ClaimQuery
from verify.store.columns import canonical_json

AT = "2024-12-08T12:00:00.123456Z"
NOON = datetime(2025, 1, 1, tzinfo=UTC)
HARD = 'Åström "b", 2020: c'
"""A label with all that JSON and SQL look at twice."""


def _text(claim: int) -> str:
    return f"Sentence {claim}."


def _claim(number: int, document: int, labels: list[str], status: str, *, absent: bool = False) -> tuple[Any, ...]:
    revision = {1: 1 if absent else 2, 2: 3}[document]
    text = _text(number)
    labelled = canonical_json(labels)
    return (number, document, revision, revision, number, "", text, sha256_of(text), 0, 11, 0, 11, False, labelled, status, absent)


def _citation(claim: int, ordinal: int, label: str, kind: str = "citation") -> tuple[Any, ...]:
    return (claim, ordinal, label, kind, 11, 14, 0, 11, "p. 5")


def _decision(number: int, claim: int, status: str, labels: list[str], *, undoes: int | None = None) -> tuple[Any, ...]:
    """An undo that leaves no decision stands on nothing."""
    text = "" if undoes else sha256_of(_text(claim))
    return (number, claim, status, "ada", "", AT, text, canonical_json(labels), undoes)


def _link(
    number: int, claim: int | None, label: str | None, source: int, *, document: int = 1, detached: bool = False, reviewer: str = "ada"
) -> tuple[Any, ...]:
    off = (AT, "bob") if detached else (None, "")
    return (number, document, claim, label, source, f"p. {number}", "", reviewer, AT, *off)


def _events(*actions: str) -> list[tuple[Any, ...]]:
    """A chain as it was written then, which told of no rows."""
    rows: list[tuple[Any, ...]] = []
    for n, action in enumerate(actions, 1):
        event = Event(n, datetime.fromisoformat(AT), "ada", action, "document:1", '{"claims":5}', rows[-1][-1] if rows else "", "")
        rows.append((n, AT, *(getattr(event, name) for name in EVENT.split()[2:-1]), trail.event_hash(event)))
    return rows


EVENT = "sequence at reviewer action subject payload previous_hash hash"
CLAIM = (
    "id document_id revision_id first_revision_id ordinal section text text_sha256 start_offset end_offset paragraph_start paragraph_end "
    "covered citation_labels status absent"
)
LINK = "id document_id claim_id label source_id locator note reviewer attached_at detached_at detached_by"
FLAG = (
    "id claim_id origin name reason reviewer in_text printed start_offset end_offset tag_date raised_at resolved_by resolved_at resolution"
)
ROWS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "documents": ("id name title origin", [(1, "weather", "Weather", "-"), (2, "other", "", "/texts/other.txt")]),
    "revisions": (
        "id document_id sequence sha256 origin_revision format encoding layout layout_why text skipped ingested_at",
        [
            (1, 1, 1, "aa", "", "text", "utf-8", "trailing", "", "A text.", "{}", AT),
            (2, 1, 2, "bb", "17", "text", "utf-8", "leading", "asked for", "B text.", '{"table":1}', AT),
            (3, 2, 1, "cc", "", "text", "utf-8", "trailing", "", "C text.", "{}", AT),
        ],
    ),
    "claims": (
        CLAIM,
        [
            _claim(1, 1, ["2", "1", "10"], "verified"),
            _claim(2, 1, ["9"], "unverified"),
            _claim(3, 1, ["7"], "verified", absent=True),
            _claim(4, 1, [], "disputed"),
            _claim(5, 2, ["1", HARD], "verified"),
        ],
    ),
    "citations": (
        "claim_id ordinal label kind start_offset end_offset covers_start covers_end locator",
        [
            *(_citation(1, n, label) for n, label in enumerate(("2", "1", "2", "10"), 1)),
            _citation(1, 5, "a", "note"),
            _citation(1, 6, "listed note", "note"),
            _citation(2, 1, "9"),
            _citation(3, 1, "7"),
            _citation(5, 1, "1"),
            _citation(5, 2, HARD),
        ],
    ),
    "orphan_markers": (
        "revision_id ordinal start_offset end_offset printed kind labels why",
        [(2, 1, 0, 3, "[5]", "citation", '["5"]', "it opens the text")],
    ),
    "sources": (
        "id kind canonical title csl no_text_why",
        [(4, "url", "https://a.example/", "Rain", "{}", ""), (6, "doi", "doi:10.1/b", "", '{"type":"book"}', "not fetched")],
    ),
    "snapshots": (
        "id source_id sha256 media_type content text origin retrieved_at",
        [
            (2, 4, "ef", "text/plain", b"It did rain.", "It did rain.", "https://a.example/", AT),
            (3, 4, "00", "text/plain", b"", "", "", "2023-12-08T12:00:00.000000Z"),
        ],
    ),
    "source_links": (
        LINK,
        [
            _link(3, None, "1", 4, detached=True),
            _link(7, None, "1", 4),
            _link(8, None, "8", 6),
            _link(9, 1, None, 6),
            _link(11, None, "1", 4, document=2),
        ],
    ),
    "evidence": (
        "id link_id snapshot_id exact prefix suffix start_offset end_offset quote_match locator reviewer added_at",
        [
            (5, 7, 2, "did rain", "It ", ".", 3, 11, "exact", "p. 5", "ada", AT),
            (6, 3, 2, "rain", "did ", ".", 7, 11, "normalised", "", "bob", AT),
        ],
    ),
    "flags": (
        FLAG,
        [
            (2, 1, "tag", "dubious", "why?", "", True, "[dubious]", 3, 12, "May 2024", AT, "", None, ""),
            (3, 2, "person", "review", "odd", "bob", False, "", 0, 0, "", AT, "ada", AT, "seen to"),
        ],
    ),
    "decisions": (
        "id claim_id status reviewer note decided_at text_sha256 citation_labels undoes",
        [
            _decision(1, 1, "verified", ["2", "1", "10"]),
            _decision(2, 2, "disputed", ["9"]),
            _decision(3, 2, "unverified", [], undoes=2),
            _decision(5, 3, "verified", ["7"]),
            _decision(6, 4, "disputed", ["6"]),
            _decision(7, 5, "verified", ["1", HARD]),
        ],
    ),
    "events": (EVENT, _events("document.ingested", "decision.made")),
}
"""What a ledger of the first schema can hold. Numbers that are cited or attached to without an entry: 10 and 9; 7 by a claim that is gone alone; 8
by nothing any more; 6 only by what a decision stood on."""

REFERENCES = (
    "document_id ordinal label text url",
    [
        (1, 3, "listed note", "A note.", ""),
        (1, 2, "2", "Brown. It's wet.", ""),
        (1, 1, "1", "Adams.", "https://a.example/"),
        (2, 1, "1", "Clark.", ""),
    ],
)
SECOND = " doi isbn pmid arxiv archive_url accessed page csl"
STALE = {1: False, 2: False, 3: True, 4: True, 5: False}


def _first(connection: Connection) -> None:
    """Fill a ledger of the first schema."""
    for table, (columns, rows) in {**ROWS, "document_references": REFERENCES}.items():
        _insert(connection, table, columns, rows)


def _second(connection: Connection) -> None:
    """Fill one of the second: the document itself has named a source, and its entries say more."""
    columns, rows = REFERENCES
    listed = [(*row, "10.1/b", "978", "123", "2106.01234", "https://archive.ph/x", "3 May 2020", "4-5", '{"type":"book"}') for row in rows]
    links = [(*row, "person") for row in ROWS["source_links"][1]]
    own = (*_link(12, None, "2", 6, reviewer=""), "document")
    replaced = {"document_references": (columns + SECOND, listed), "source_links": (f"{LINK} origin", [*links, own])}
    for table, (names, held) in {**ROWS, **replaced}.items():
        _insert(connection, table, names, held)


def _insert(connection: Connection, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    names = columns.split()
    target = sa.table(table, *(sa.column(name) for name in names))
    for row in rows:
        connection.execute(sa.insert(target).values(dict(zip(names, row, strict=True))))


@dataclass(frozen=True)
class Upgraded:
    """A ledger before and after its upgrade: the rows of every table that it had, and which claims the view called stale."""

    target: str
    before: dict[str, list[dict[str, Any]]]
    stale_before: dict[int, bool]


def _rows_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database has it, in the order of its own first columns."""
    found = {}
    for table in sorted(sa.inspect(connection).get_table_names()):
        if table != "alembic_version":
            rows = [dict(row._mapping) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]  # noqa: S608 - a table's own name
            found[table] = sorted(rows, key=lambda row: str([row.get("document_id"), *row.values()]))
    return found


def _stale(connection: Connection) -> dict[int, bool]:
    return {claim_id: bool(stale) for claim_id, stale in _pairs(connection, "SELECT claim_id, stale FROM claim_overview").items()}


def _pairs(connection: Connection, query: str) -> dict[int, Any]:
    return dict(connection.exec_driver_sql(query).all())


def _made(target: str, revision: str) -> Upgraded:
    place = engines.target_of(target)
    with ledger.reached(place, create=True) as (engine, _), engines.for_writing(engine) as connection, connection.begin():
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        (_first if revision == "0001" else _second)(connection)
        return Upgraded(target, _rows_of(connection), _stale(connection))


@pytest.fixture(params=["0001", "0002"])
def old(any_target: str, request: pytest.FixtureRequest) -> Upgraded:
    """A ledger of an older schema, with rows in every table, and what it holds."""
    return _made(any_target, request.param)


@pytest.fixture
def upgraded(old: Upgraded) -> Upgraded:
    """One that was upgraded."""
    assert schema.HEAD == maintenance.upgrade(old.target, at=NOON)[1]
    return old


@pytest.fixture
def after(upgraded: Upgraded) -> Ledger:
    """It, open."""
    with open_ledger(upgraded.target) as opened:
        yield opened


GROWING = {"document_references", "events", *schema.WORDS}
"""Tables to which an upgrade adds rows: references that are only cited, its own events, words."""


def test_nothing_is_lost(upgraded: Upgraded, after: Ledger):
    """Every row of every table is there, each column with its value, save a link's label, which its reference has now."""
    with after.read() as connection:
        found = _rows_of(connection)
        labels = {row["id"]: row["label"] for row in found["document_references"]}

    assert set(ROWS) | {"document_references"} <= {table for table, rows in upgraded.before.items() if rows}
    for table, rows in upgraded.before.items():
        kept = [{**row, "label": labels.get(row["reference_id"])} if table == "source_links" else row for row in found[table]]
        kept = [{name: row[name] for name in rows[0]} for row in kept]
        assert rows == [row for row in kept if row in rows], table
        assert table in GROWING or len(rows) == len(kept), table


def test_references_are_numbered_and_implied(after: Ledger):
    """Entries by document and place in the list; then the numbers that are cited, attached to or decided on without one, by label."""
    with after.read() as connection:
        held = connection.exec_driver_sql(
            "SELECT id, document_id, ordinal, label, listed, absent, csl FROM document_references ORDER BY id"
        ).all()
        listed = [documents.references(connection, n) for n in (1, 2)]

    numbered = [(row.id, row.document_id, row.ordinal, row.label) for row in held]
    assert [(1, 1, 1, "1"), (2, 1, 2, "2"), (3, 1, 3, "listed note"), (4, 2, 1, "1")] == numbered[:4]
    assert [bool(row.listed) for row in held] == [True] * 4 + [False] * 6
    implied = {(row.document_id, row.label): (row.ordinal, bool(row.absent), row.csl) for row in held[4:]}
    assert {
        (1, "10"): (4, False, "{}"),
        (1, "6"): (5, True, "{}"),
        (1, "7"): (6, True, "{}"),
        (1, "8"): (7, True, "{}"),
        (1, "9"): (8, False, "{}"),
        (2, HARD): (2, False, "{}"),
    } == implied
    assert [5, 6, 7, 8, 9, 10] == [row.id for row in held[4:]]
    assert [["1", "2", "listed note"], ["1"]] == [[reference.label for reference in each] for each in listed]
    assert ["Adams.", "Brown. It's wet.", "A note."] == [reference.text for reference in listed[0]]


def test_what_cites_points_at_references(after: Ledger):
    """Citations, claims and what decisions stood on: each label at the reference of its own document, lists in their printed order."""
    with after.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, document_id, label FROM document_references").all()
        ids = {(row.document_id, row.label): row.id for row in rows}
        cited = connection.exec_driver_sql("SELECT claim_id, ordinal, reference_id FROM citations ORDER BY claim_id, ordinal").all()
        claimed = _pairs(connection, "SELECT id, reference_ids FROM claims")
        decided = _pairs(connection, "SELECT id, reference_ids FROM decisions")
        linked = _pairs(connection, "SELECT id, reference_id FROM source_links WHERE id < 12")

    two, one, ten, nine, note = (ids[1, label] for label in ("2", "1", "10", "9", "listed note"))
    other = [ids[2, "1"], ids[2, HARD]]
    assert [two, one, two, ten, None, note, nine, ids[1, "7"], *other] == [row.reference_id for row in cited]
    assert {1: f"[{two},{one},{ten}]", 2: f"[{nine}]", 3: f"[{ids[1, '7']}]", 4: "[]", 5: f"[{other[0]},{other[1]}]"} == claimed
    assert {1: claimed[1], 2: claimed[2], 3: "[]", 5: claimed[3], 6: f"[{ids[1, '6']}]", 7: claimed[5]} == decided
    assert {3: one, 7: one, 8: ids[1, "8"], 9: None, 11: ids[2, "1"]} == linked


def test_links_hold_as_before(after: Ledger, noon: datetime):
    """With their quotes, through the reference of their label."""
    rain = Source(4, SourceKind.URL, "https://a.example/", "Rain", {}, "", "ef")
    book = Source(6, SourceKind.DOI, "doi:10.1/b", "", {"type": "book"}, "not fetched")
    quote = TextQuote("did rain", "It ", ".", 3, 11, QuoteMatch.EXACT)
    with after.read() as connection:
        links = [link for link in sources.links_of_document(connection, 1) if link.reviewer]
        seen = _pairs(connection, "SELECT claim_id, sources FROM claim_overview")

    expected = [
        SourceLink(7, rain, "1", "p. 7", "", "ada", noon, (Evidence(5, 7, quote, "ef", "p. 5", "ada", noon),)),
        SourceLink(8, book, "8", "p. 8", "", "ada", noon),
        SourceLink(9, book, "", "p. 9", "", "ada", noon),
    ]
    assert expected == links
    assert ({"Rain", "doi:10.1/b"}, "", "Rain") == (set(seen[1].split("; ")), seen[2], seen[5])


def test_no_decision_becomes_stale_by_it(upgraded: Upgraded, after: Ledger):
    """Nor does one that was stale stand again: by the rule of the model, in the view, and in the count of what needs a person."""
    with after.read() as connection:
        dossiers = claims.dossiers(connection, ClaimQuery(absent=None))
        needing = {each.document.name: each.needing_review for each in documents.document_overview(connection)}
        view = _stale(connection)

    assert STALE == upgraded.stale_before == view == {each.id: each.stale for each in dossiers}
    assert {"weather": 2, "other": 0} == needing
    statuses = {1: Status.VERIFIED, 2: Status.UNVERIFIED, 3: Status.VERIFIED, 4: Status.DISPUTED, 5: Status.VERIFIED}
    assert statuses == {each.id: each.status for each in dossiers}


@pytest.mark.parametrize("statement", ["UPDATE decisions SET note = 'x'", "DELETE FROM decisions", "UPDATE events SET payload = ''"])
def test_what_was_said_stays(after: Ledger, statement: str):
    """The triggers that stood aside for the upgrade are back."""
    with pytest.raises(DBAPIError, match="append-only"), after.write() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_replaced_decisions_are_refused(sqlite_target: str, revision: str):
    """SQLite's REPLACE, which asks no trigger on DELETE, has one of its own again."""
    maintenance.upgrade(_made(sqlite_target, revision).target, at=NOON)
    with open_ledger(sqlite_target) as opened, pytest.raises(DBAPIError, match="append-only"), opened.write() as connection:
        connection.exec_driver_sql("REPLACE INTO decisions SELECT * FROM decisions")


def test_ids_go_on(
    after: Ledger, upgraded: Upgraded, writing: Callable[[Ledger], AbstractContextManager[Connection]], take, noon: datetime
):
    """What is written after the upgrade gets ids that nothing has, in every table, and the ledger is sound."""
    claim = Claim(1, "It hailed.", 0, 10, 0, 10)
    page = Snapshot(0, "99", "text/plain", b"", "It hailed.", "", noon)
    with writing(after) as connection:
        taken = take(connection, [claim], name="hail", listed=[Reference("1", "Dane")])
        source, _ = sources.put_source(connection, Identifier(SourceKind.URL, "https://b.example/", ""))
        snapshot = sources.put_snapshot(connection, source.id, page)
        link, _ = sources.link(connection, document_id=1, reference_id=2, source_id=source.id, reviewer="ada", at=noon)
        quote, _ = sources.add_evidence(connection, link, snapshot.id, TextQuote("hailed", "It ", ".", 3, 9), "", "ada", noon)
        decision = decisions.add_decision(connection, taken.claims[0], status=Status.VERIFIED, reviewer="ada", at=noon)
        flag = decisions.raise_flag(connection, 1, reviewer="ada", at=noon)

    last_link = max(row["id"] for row in upgraded.before["source_links"])
    assert (3, 4, [6], {"1": 11}) == (taken.document_id, taken.revision_id, taken.claims, taken.references)
    assert (7, 4, last_link + 1, 7, 8, 4) == (source.id, snapshot.id, link, quote, decision.id, flag.id)
    assert [] == maintenance.check(upgraded.target)
    with after.read() as connection:
        assert () == replay.verify(connection, most=5).misfits


@pytest.mark.postgres
@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_no_sequence_is_left(postgres_target: str, revision: str):
    """One writer counts; a sequence that nobody asks would give out ids that are taken."""
    maintenance.upgrade(_made(postgres_target, revision).target, at=NOON)
    with open_ledger(postgres_target) as opened, opened.read() as connection:
        query = "SELECT column_default FROM information_schema.columns WHERE table_schema = 'public' AND column_default LIKE '%nextval%'"

        assert ([], []) == (sa.inspect(connection).get_sequence_names(), connection.exec_driver_sql(query.replace("%", "%%")).all())
