"""Reading into the ledger: names, revisions, readings, and what the trail keeps of them."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import ReadError, UsageError
from verify.model import BaselineState, Layout, Status, sha256_of
from verify.store import claims, documents, open_ledger, trail
from verify.workflows.decide import decide
from verify.workflows.ingest import ingest, slug
from verify.workflows.read import Wish, origin_of, read_bytes, read_document

SLUGS = [
    ("Fall of Damascus (2024)", "fall-of-damascus-2024"),
    ("report_final.v2", "report-final-v2"),
    ("Straße nach İzmir", "strasse-nach-i\u0307zmir"),
    ("हिन्दी में", "हिन्दी-में"),
    ("دمشق 2024", "دمشق-2024"),
    ("首都陷落", "首都陷落"),
    ("ＡＢＣ", "abc"),
    ("../../etc/passwd", "etc-passwd"),
    ("--- :: ---", "document"),
    ("", "document"),
    ("x" * 200, "x" * 80),
]


@pytest.mark.parametrize(("text", "expected"), SLUGS)
def test_slug(text, expected):
    """Letters and digits of any script in lower case, joined by hyphens; never empty."""
    assert expected == slug(text)


@given(st.text())
def test_slug_can_stand_before_a_citation_number(text):
    """Of no text has it a colon, a blank, a slash or anything hidden."""
    name = slug(text)

    assert set() == {unicodedata.category(c)[0] for c in name if c != "-"} - set("LMN")
    assert 1 <= len(name) <= 80


def test_new_document(ledger, take):
    """Its name comes from its title, its claims are all new, and one event tells of it."""
    result = take("The Title\n\nIt is so.[1] And so it was.[2][3]\n")
    with ledger.read() as connection:
        [event] = trail.events(connection)
    facts = json.loads(event.payload)
    written = {name: facts.pop(name) for name in ("rows", "seals")}

    assert ("the-title", "new", {BaselineState.NEW: 2}) == (result.document.name, result.what, result.counts)
    assert ("document.ingested", "document:1", "ann") == (event.action, event.subject, event.reviewer)
    assert {
        "document": "the-title",
        "title": "The Title",
        "origin": "-",
        "revision": 1,
        "revision_id": "",
        "sha256": sha256_of(b"The Title\n\nIt is so.[1] And so it was.[2][3]\n"),
        "format": "text",
        "encoding": "utf-8",
        "layout": "trailing",
        "claims": 2,
        "new": 2,
        "absent": [],
        "sources": 0,
        "malformed_references": 0,
        "sources_sha256": sha256_of(""),
    } == facts
    assert {"documents": ["1"], "revisions": ["1"]} == {table: list(rows) for table, rows in written["rows"].items()}
    assert {"claims:1": 2, "references:1": 3, "orphans:1": 0, "relations:1": 0} == {
        name: sealed["count"] for name, sealed in written["seals"].items()
    }


def _seal(path: Path, text: str, layout: Layout) -> dict[str, object]:
    """What the trail of a new ledger keeps of the claims of a text."""
    with open_ledger(path, create=True) as ledger:
        ingest(ledger, [read_document("-", text.encode(), Wish(layout=layout))], reviewer="ann")
        with ledger.read() as connection:
            return json.loads(trail.events(connection)[0].payload)["seals"]["claims:1"]


def test_seal_tells_readings_apart(tmp_path):
    """Another layout, citation or place of the same words is another seal; the same reading is the same one."""
    text = "[1] It is so.\n\n[2] And so it was.\n"
    readings = {
        "leading": (text, Layout.LEADING),
        "again": (text, Layout.LEADING),
        "trailing": (text, Layout.TRAILING),
        "moved": (f"\n{text}", Layout.LEADING),
        "renumbered": (text.replace("2", "3"), Layout.LEADING),
    }
    seals = {name: _seal(tmp_path / f"{name}.db", *reading) for name, reading in readings.items()}

    assert seals["leading"] == seals.pop("again")
    assert 4 == len({sealed["sha256"] for sealed in seals.values()})


def test_document_is_known_by_name_then_place_then_bytes(take, tmp_path):
    """In this order; standard input is no place."""
    first = take("It is so.[1]\n", str(tmp_path / "a.txt"))
    by_place = take("It is so.[1] More.[2]\n", str(tmp_path / "a.txt"))
    by_bytes = take("It is so.[1] More.[2]\n", str(tmp_path / "b.txt"))
    by_name = take("Something else.[1]\n", str(tmp_path / "c.txt"), name="a")
    piped = take("Something else again.[1]\n")
    other = take("Something else at last.[1]\n")

    assert ["new", "new revision", "unchanged", "new revision", "new", "new"] == [
        r.what for r in (first, by_place, by_bytes, by_name, piped, other)
    ]
    assert ["a", "a", "a", "a", "stdin", "stdin-2"] == [r.document.name for r in (first, by_place, by_bytes, by_name, piped, other)]
    assert 3 == by_name.revision.sequence


def test_nothing_asked_leaves_the_reading_as_it_is(ledger, take):
    """The layout asked for once holds for the same bytes, and nothing is written."""
    text = "[1] It is so.\n\n[2] And so it was.\n\n[3] Or was it?\n"
    take(text, layout=Layout.TRAILING)
    result = take(text)
    with ledger.read() as connection:
        events = trail.events(connection)

    assert ("unchanged", Layout.TRAILING, Layout.TRAILING) == (result.what, result.revision.layout, result.extraction.layout)
    assert 1 == len(events)


def test_another_layout_is_another_reading(ledger, take):
    """Of the same revision: no claim is new, and its orphans are those of the reading."""
    text = "[1] It is so.\n\n[2] And so it was.\n"
    take(text, layout=Layout.LEADING)
    result = take(text, layout=Layout.TRAILING)
    with ledger.read() as connection:
        orphans = documents.orphan_markers(connection, result.revision.id)
        actions = [event.action for event in trail.events(connection)]

    assert ("read again", 1, {BaselineState.UNCHANGED: 2}) == (result.what, result.revision.sequence, result.counts)
    assert [("1",)] == [orphan.labels for orphan in orphans]
    assert ["document.ingested", "revision.reread"] == actions


@pytest.mark.parametrize("wish", [{"encoding": "cp1252"}, {"encoding": "iso8859-1"}, {"format": "text"}, {"language": "de"}])
def test_what_is_asked_and_changes_nothing(take, wish):
    """Another spelling of what was found out anyway is no new reading."""
    data = "Größe zählt hier sehr.[1] Straßen sind lang.[2]\n".encode("cp1252")
    take(data)

    assert "unchanged" == take(data, **wish).what


def test_another_encoding_is_another_text(ledger, take):
    """The same bytes read otherwise are a new revision; claims that say the same stay themselves."""
    data = "Größe zählt hier.[1] This one is plain.[2]\n".encode("cp1252")
    take(data, encoding="cp1252")
    decide(ledger, [2], Status.VERIFIED, reviewer="ann")
    result = take(data, encoding="cp1251")
    with ledger.read() as connection:
        held = {d.id: d.status for d in claims.dossiers(connection, claims.ClaimQuery())}

    assert ("new revision", 2, "cp1251") == (result.what, result.revision.sequence, result.revision.encoding)
    assert {2: Status.VERIFIED, 3: Status.UNVERIFIED} == held


def test_a_layout_asked_for_holds_for_later_revisions(take):
    """What the document's own markers speak for does not turn every citation round behind the user's back; another wish does."""
    first, changed = "[1] It is so.\n\n[2] It was so.\n", "[1] It is so.\n\n[2] It was so.\n\n[3] It will be so.\n"
    take(first, name="page", layout=Layout.TRAILING)
    held = take(changed, name="page")
    turned = take(changed, name="page", layout=Layout.LEADING)

    assert [(held.what, held.revision.layout), (turned.what, turned.revision.layout)] == [
        ("new revision", Layout.TRAILING),
        ("read again", Layout.LEADING),
    ]


def test_several_readings_are_one_transaction(ledger):
    """Where one cannot be written, none is."""
    good = read_document("-", b"It is so.[1]\n", Wish())
    bad = read_document("-", b"So it is.[1]\n", Wish(name="a:b"))
    with pytest.raises(UsageError, match="a document cannot be called"):
        ingest(ledger, [good, bad], reviewer="ann")
    with ledger.read() as connection:
        held = documents.all_documents(connection)

    assert [] == held


def test_claims_that_are_alike_are_told_apart_by_their_neighbours(ledger, take):
    """A decision on one of two like sentences stays with it when they change places with others."""
    take("Alpha comes first.[1] It failed.[2] Beta comes next.[3] It failed.[4] Gamma ends it.[5]\n", name="page")
    decide(ledger, [4], Status.DISPUTED, reviewer="ann")
    take("Zero opens now.[9] Alpha comes first.[1] It failed.[2] Beta comes next.[3] It failed.[4] Gamma ends it.[5]\n", name="page")
    with ledger.read() as connection:
        held = [(d.id, d.status) for d in claims.dossiers(connection, claims.ClaimQuery()) if d.claim.text == "It failed."]

    assert [(2, Status.UNVERIFIED), (4, Status.DISPUTED)] == held


def test_read_bytes(tmp_path, monkeypatch):
    """A file as it is, or the reason why not, on one line with its name."""
    (tmp_path / "a.txt").write_bytes(b"abc")

    assert b"abc" == read_bytes(str(tmp_path / "a.txt"), 3)
    for place, says in (
        ("a.txt", "larger than"),
        ("b.txt", "no such file"),
        (".", "is a folder"),
        ("a.txt/b", "not a directory"),
        ("a\0b", "null"),
    ):
        with pytest.raises(ReadError, match=says) as refused:
            read_bytes(str(tmp_path / place), 2)
        assert 1 == len(str(refused.value).splitlines())
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(ReadError, match="standard input is closed"):
        read_bytes("-")


def test_origin(tmp_path, monkeypatch):
    """A path is resolved; bytes that are no UTF-8 are spelled."""
    monkeypatch.chdir(tmp_path)

    assert ["-", f"{tmp_path}/a.txt", f"{tmp_path}/b\\xff"] == [origin_of("-"), origin_of("./x/../a.txt"), origin_of("b\udcff")]
