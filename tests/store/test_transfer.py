"""A whole ledger on the move: whatever way it goes, it arrives with the same rows and the same head, or not at all."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tampering import fill, lay_open

from verify.errors import LedgerError, NoLedgerError, ReadError
from verify.model import Snapshot
from verify.store import Ledger, documents, maintenance, open_ledger, sources, trail
from verify.store.replay import verify
from verify.store.transfer import copy_ledger, export_lines, import_lines, tables

Edit = Callable[[list[Any]], object]


def exported(target: str | Path) -> str:
    with open_ledger(target) as ledger, ledger.read() as connection:
        return "".join(export_lines(connection))


def head(target: str | Path) -> str:
    with open_ledger(target) as ledger, ledger.read() as connection:
        return trail.head_text(trail.head(connection))


def nothing_at(target: str | Path) -> bool:
    """No ledger, and no file that SQLite or we put beside one."""
    try:
        with open_ledger(target):
            return False
    except NoLedgerError:
        return "://" in str(target) or not any(Path(target).parent.iterdir())


@pytest.fixture(scope="module")
def full(take, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with something in every table."""
    path = tmp_path_factory.mktemp("full") / "verify.db"
    with open_ledger(path, create=True) as ledger:
        fill(ledger, take)
    return path


@pytest.fixture(scope="module")
def lines(full: Path) -> str:
    return exported(full)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a ledger is to come, in a folder with nothing in it."""
    (tmp_path / "new").mkdir()
    return tmp_path / "new" / "verify.db"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with nothing in it, made once, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "verify.db"
    with open_ledger(path, create=True):
        return path


@pytest.fixture
def made(place: Path, empty: Path) -> Path:
    """A place where a ledger with nothing in it is already."""
    return shutil.copy(empty, place)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_place(request: pytest.FixtureRequest) -> str:
    """The same, on either database."""
    return str(request.getfixturevalue("place" if request.param == "sqlite" else "postgres_target"))


def edited(lines: str, edit: Edit) -> io.StringIO:
    """Export lines, changed as values; a string among them stands as it is."""
    values = [json.loads(line) for line in lines.splitlines()]
    edit(values)
    values[-1] = {**values[-1], "rows": len(values) - 2} if isinstance(values[-1], dict) and "rows" in values[-1] else values[-1]
    return io.StringIO("".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in values))


def row(values: list[Any], table: str, number: int = 0) -> dict[str, Any]:
    """A row of a table among the lines."""
    return [value["row"] for value in values if isinstance(value, dict) and value.get("table") == table][number]


def test_every_table_travels(full: Path):
    """The ledger of these tests has something in each, so that none is forgotten."""
    with open_ledger(full) as ledger, ledger.read() as connection:
        empty = [table.name for table in tables() if not connection.scalar(select(func.count()).select_from(table))]

    assert [] == empty
    assert {"events", "snapshots", "leases"} <= {table.name for table in tables()}


@pytest.mark.postgres
def test_copy_there_and_back(full: Path, lines: str, postgres_target: str, place: Path):
    """From SQLite to PostgreSQL to SQLite: the same head on the way, every row and every byte of it at the end."""
    there = copy_ledger(full, postgres_target)
    back = copy_ledger(postgres_target, place)

    assert [head(full)] * 4 == [trail.head_text(there), trail.head_text(back), head(postgres_target), head(place)]
    assert [lines, lines] == [exported(postgres_target), exported(place)]
    assert [[], []] == [maintenance.check(postgres_target), maintenance.check(place)]
    assert [place] == list(place.parent.iterdir())


def test_export_and_import(lines: str, full: Path, any_place: str):
    """The same head, and a second export of the same bytes; the ledger goes on from there."""
    came = import_lines(io.StringIO(lines), any_place)

    assert (head(full), lines) == (trail.head_text(came), exported(any_place))
    with open_ledger(any_place) as ledger, ledger.write() as connection:
        trail.append(connection, at=datetime.fromisoformat("2030-01-01T00:00Z"), reviewer="a", action="b", subject="c", payload={})
    with open_ledger(any_place) as ledger, ledger.read() as connection:
        assert () == verify(connection).misfits
    assert [] == maintenance.check(any_place)


def test_export_is_plain(lines: str):
    """ASCII, one object a line, the head first and the count last: no pipe, terminal or encoding changes it."""
    first, *rows, last = [json.loads(line) for line in lines.split("\n")[:-1]]

    assert lines.isascii()
    assert "verify-ledger" == first["kind"]
    assert {"kind": "end", "rows": len(rows)} == last
    assert {"table", "row"} == {key for each in rows for key in each}


def test_empty_ledger_travels(empty: Path, any_place: str):
    nothing = exported(empty)

    assert 0 == import_lines(io.StringIO(nothing), any_place).sequence
    assert nothing == exported(any_place)


def test_more_than_a_batch_travels(ledger: Ledger, place: Path, noon: datetime):
    """Of small rows, and of those that may be whole books."""
    with ledger.write() as connection:
        for n in range(2001):
            trail.append(connection, at=noon, reviewer="ada", action="note", subject=f"{n}", payload={"n": n})
        document = documents.add_document(connection, name="a", title="", origin="-")
        source, _ = sources.put_source(connection, _identifier(), title="")
        for n in range(9):
            content = f"{n}".encode()
            sources.put_snapshot(connection, source.id, Snapshot(0, f"{n}", "text/plain", content, f"{n}", "a", noon))
        trail.append(connection, at=noon, reviewer="ada", action="more", subject=f"document:{document.id}", payload={})
    copy_ledger(ledger.name, place)

    assert exported(ledger.name) == exported(place)


def _identifier() -> Any:
    from verify.model import Identifier, SourceKind

    return Identifier(SourceKind.URL, "https://a.example/", "")


CUT = "the export was cut off"
NOT_ONE = "line 1: this is no exported ledger"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", NOT_ONE),
        ("\n", "line 1: the line is empty"),
        ("{}\n", NOT_ONE),
        ("[1]\n", "line 1: it is no object"),
        ("x" * 5000, NOT_ONE),
        (lambda text: text.replace('"schema":"', '"schema":"9', 1), r"line 1: the export is of schema 9\d+, this program's is \d+"),
        (lambda text: text.replace('"head":"', '"head":"x', 1), "line 1: the export does not name its head"),
        (lambda text: text.splitlines(keepends=True)[0], CUT),
        (lambda text: "".join(text.splitlines(keepends=True)[:9]), CUT),
        (lambda text: "".join(text.splitlines(keepends=True)[:-1]), CUT),
        (lambda text: text[: len(text) // 2], rf"line \d+: {CUT} in this line"),
        (lambda text: text[:-3], rf"line \d+: {CUT} in this line"),
        (lambda text: text + "{}\n", r"line \d+: something stands after the end"),
        (lambda text: text.replace("\n", "\n\n", 1), "line 2: the line is empty"),
        (lambda text: text.replace("\n", "\n{broken}\n", 1), "line 2: Expecting property name"),
        (lambda text: text.replace("\n", "\n" + "[" * 100_000 + "\n", 1), "line 2: maximum recursion depth|line 2: Expecting value"),
        (lambda text: text.replace("\n", "\n[1]\n", 1), "line 2: it is no object"),
        (lambda text: text.replace("\n", '\n{"table":"nests","row":{}}\n', 1), "line 2: there is no table 'nests'"),
        (lambda text: text.replace("\n", '\n{"table":["a"],"row":{}}\n', 1), r"line 2: there is no table \"\['a'\]\""),
        (lambda text: text.replace("\n", '\n{"table":"documents"}\n', 1), "line 2: it does not have the columns of documents"),
        (lambda text: text.replace("\n", '\n{"table":"statuses","row":{}}\n', 1), "line 2: there is no table 'statuses'"),
        (lambda text: text.replace('"rows":', '"rows":1', 1), r"the export has \d+ rows, and says 1\d+"),
    ],
)
def test_what_is_no_whole_export(lines: str, made: Path, text: str | Callable[[str], str], told: str):
    """Told with the number of the line; nothing of it is kept."""
    with pytest.raises(ReadError, match=told):
        import_lines(io.StringIO(text if isinstance(text, str) else text(lines)), made)

    assert "0:" == head(made)


def _set(table: str, column: str, value: object) -> Edit:
    return lambda values: row(values, table).update({column: value})


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_set("documents", "id", "1"), "documents can: id is '1'"),
        (_set("documents", "id", True), "documents can: id is 'True'"),
        (_set("documents", "id", 2**31), "documents can: id is '2147483648'"),
        (_set("documents", "id", 1.0), "documents can: id is '1.0'"),
        (_set("documents", "name", 7), "documents can: name is '7'"),
        (_set("claims", "absent", 1), "claims can: absent is '1'"),
        (_set("events", "at", "yesterday"), "events can: Invalid isoformat"),
        (_set("events", "at", "2024-12-08T12:00:00+00:00"), "events can: the time '2024-12-08T12:00:00.00:00' is not spelled"),
        (_set("events", "at", "2024-12-08T12:00:00"), "events can: a time without a zone"),
        (_set("events", "at", "0001-01-01T00:00:00+10:00"), "events can: "),
        (_set("events", "at", 7), "events can: "),
        (_set("snapshots", "content", "YQ=="), "snapshots can: "),
        (_set("snapshots", "content", {"base64": "Y"}), "snapshots can: "),
        (_set("snapshots", "content", {"base64": "ü"}), "snapshots can: "),
        (_set("snapshots", "content", {}), "snapshots can: 'base64'"),
        (_set("documents", "extra", 1), "does not have the columns of documents"),
        (lambda values: row(values, "documents").pop("title"), "does not have the columns of documents"),
    ],
)
def test_values_that_no_row_has(lines: str, made: Path, edit: Edit, told: str):
    """Each column takes what it holds, spelled as exports spell it, and nothing else."""
    with pytest.raises(ReadError, match=rf"line \d+: it .*{told}"):
        import_lines(edited(lines, edit), made)

    assert "0:" == head(made)


MISFITS = [
    pytest.param(_set("documents", "title", "Another"), r"documents 1 was changed since event \d+: title", id="a row"),
    pytest.param(
        _set("claims", "text", "It did not rain."), r"claims of document 1 \(report\): row 1 was changed since event \d+", id="a claim"
    ),
    pytest.param(_set("claims", "status", "verified"), "claim 1 has status verified, but its decisions say disputed", id="what is derived"),
    pytest.param(
        _set("snapshots", "content", {"base64": "YQ=="}), r"snapshots 1 was changed since event \d+: content", id="a source's bytes"
    ),
    pytest.param(_set("events", "reviewer", "eve"), "event 1 was changed", id="an event"),
    pytest.param(lambda values: values.remove(_line(values, "flags", -1)), r"flags \d+ is gone", id="a row is gone"),
    pytest.param(lambda values: values.remove(_line(values, "events", 0)), "event 1 is missing", id="the first event is gone"),
    pytest.param(lambda values: values.remove(_line(values, "events", -1)), "the trail ends with|was added|was changed", id="the last one"),
    pytest.param(
        lambda values: values[0].update(head="1:sha256:" + "0" * 64),
        r"the trail ends with \d+:sha256:\w+, not with 1:sha256:0",
        id="the head",
    ),
]


def _line(values: list[Any], table: str, number: int) -> Any:
    return [value for value in values if isinstance(value, dict) and value.get("table") == table][number]


@pytest.mark.parametrize(("edit", "told"), MISFITS)
def test_rows_that_do_not_fit_their_trail(lines: str, made: Path, edit: Edit, told: str):
    """What was changed on the way is noticed before anything is kept."""
    with pytest.raises(LedgerError, match=told) as caught:
        import_lines(edited(lines, edit), made)

    assert "nothing was kept" in str(caught.value)
    assert "0:" == head(made)


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda values: values.insert(2, values[1]), id="a row twice"),
        pytest.param(_set("documents", "name", None), id="a value that has to be there"),
        pytest.param(_set("claims", "document_id", 99), id="a row that it points at is not there"),
        pytest.param(_set("claims", "status", "true"), id="a word that is none"),
        pytest.param(_set("documents", "title", "a\x00b"), id="a character that no text has"),
        pytest.param(_set("documents", "title", "a\ud800b"), id="half a character"),
        pytest.param(_set("documents", "title", "Another"), id="a row that was changed"),
    ],
)
def test_rows_that_a_database_refuses(lines: str, any_place: str, edit: Edit):
    """In words, and nothing is left: neither on PostgreSQL the schema, nor on SQLite a file. The whole one goes in afterwards."""
    with pytest.raises(LedgerError, match=r"nothing was (kept|written)"):
        import_lines(edited(lines, edit), any_place)

    assert nothing_at(any_place)
    import_lines(io.StringIO(lines), any_place)


def test_place_that_holds_something(lines: str, full: Path, any_place: str, noon: datetime):
    """It is left as it was."""
    with open_ledger(any_place, create=True) as ledger, ledger.write() as connection:
        trail.append(connection, at=noon, reviewer="ada", action="note", subject="s", payload={})
    before = exported(any_place)
    for deed in (lambda: import_lines(io.StringIO(lines), any_place), lambda: copy_ledger(full, any_place)):
        with pytest.raises(LedgerError, match="holds a ledger already: name an empty place"):
            deed()

    assert before == exported(any_place)


def test_files_that_are_empty(lines: str, made: Path, tmp_path: Path):
    """One that is there already is filled, and stays where that fails: without a byte, or with a schema and no more."""
    (tmp_path / "bare.db").touch()
    for place in (made, tmp_path / "bare.db"):
        with pytest.raises(ReadError):
            import_lines(io.StringIO(lines[:-20]), place)

    assert "0:" == head(made)
    assert (tmp_path / "bare.db").is_file()
    with pytest.raises(NoLedgerError), open_ledger(tmp_path / "bare.db"):
        pass
    for place in (made, tmp_path / "bare.db"):
        import_lines(io.StringIO(lines), place)
        assert lines == exported(place)


@pytest.mark.parametrize("cut", [0, 1, 9, -1])
def test_file_that_is_not_there(lines: str, place: Path, cut: int):
    """Nor is it where what should come into it is not whole."""
    with pytest.raises(ReadError):
        import_lines(io.StringIO("".join(lines.splitlines(keepends=True)[:cut])), place)

    assert nothing_at(place)


def test_places_that_are_none(lines: str, tmp_path: Path):
    """A folder, one that is not there, another program's database: each is refused and left alone."""
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE claims (id INTEGER)")
    (tmp_path / "gone.db").symlink_to("nowhere")
    before = {path.name: path.lstat().st_size for path in tmp_path.iterdir()}
    for name, told in (
        ("", "is a folder"),
        ("no/such.db", "no folder"),
        ("foreign.db", "is the database of another program: it was not touched"),
        ("gone.db", "is there already"),
    ):
        with pytest.raises(LedgerError, match=told):
            import_lines(io.StringIO(lines), tmp_path / name)

    assert before == {path.name: path.lstat().st_size for path in tmp_path.iterdir()}


class _Meanwhile(io.StringIO):
    """Lines that do something else when their last one is read."""

    def __init__(self, text: str, deed: Callable[[], object]) -> None:
        super().__init__(text)
        self._deed = deed

    def __next__(self) -> str:
        line = super().__next__()
        if '"kind":"end"' in line:
            self._deed()
        return line


def test_somebody_else_is_quicker(lines: str, place: Path):
    """A ledger that was made meanwhile is not touched."""

    def make() -> None:
        with open_ledger(place, create=True):
            pass

    with pytest.raises(LedgerError, match="is there already"):
        import_lines(_Meanwhile(lines, make), place)

    assert "0:" == head(place)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_whatever_breaks_it_off(lines: str, any_place: str, error: type[BaseException]):
    """Nothing is left."""

    def fail() -> None:
        raise error

    with pytest.raises(error):
        import_lines(_Meanwhile(lines, fail), any_place)

    assert nothing_at(any_place)


def test_copies_while_others_write(any_ledger: Ledger, any_target: str, tmp_path: Path, noon: datetime):
    """Each is the ledger as it was between two writes: its trail fits its rows, and every event has its document."""
    stop = threading.Event()

    def write() -> None:
        for n in range(10_000):
            if stop.is_set():
                return
            with any_ledger.write() as connection:
                documents.add_document(connection, name=str(n), title="", origin="-")
                trail.append(connection, at=noon, reviewer="", action="", subject=str(n), payload={})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        heads = [copy_ledger(any_target, tmp_path / f"copy {n}.db").sequence for n in range(2)]
        maintenance.backup(any_target, tmp_path / "copy 2.db")
    finally:
        stop.set()
        writer.join()
    for n, sequence in enumerate([*heads, None]):
        with open_ledger(tmp_path / f"copy {n}.db") as copy, copy.read() as connection:
            held = trail.head(connection).sequence
            assert held == len(documents.all_documents(connection))
            assert sequence in (held, None)


@pytest.fixture
def tampered(lines: str, any_place: str) -> Iterator[str]:
    """A ledger in which somebody changed a title behind our back."""
    import_lines(io.StringIO(lines), any_place)
    with open_ledger(any_place) as ledger, ledger.write() as connection:
        lay_open(connection)
        connection.exec_driver_sql("UPDATE documents SET title = 'Another'")
    return any_place


def test_tampered_ledger_is_not_copied(tampered: str, tmp_path: Path):
    """As it would pass for a whole one; its backup is as it is, for whoever has to find out."""
    with pytest.raises(
        LedgerError, match=r"the trail does not fit the rows: documents 1 was changed since event \d+: title\nnothing was kept"
    ):
        copy_ledger(tampered, tmp_path / "copy.db")
    maintenance.backup(tampered, tmp_path / "backup.db")
    with open_ledger(tmp_path / "backup.db") as ledger, ledger.read() as connection:
        found = verify(connection).misfits

    assert not (tmp_path / "copy.db").exists()
    assert ["documents"] == [misfit.table for misfit in found]


def test_ledger_that_cannot_be_read_is_not_exported(lines: str, place: Path):
    """A time that is none, put there behind our back, is named with its table."""
    import_lines(io.StringIO(lines), place)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("UPDATE flags SET raised_at = 'yesterday'")
    with pytest.raises(LedgerError, match=r"a row of flags cannot be read: .*yesterday.*\n`verify trail verify` names it"):
        exported(place)


@pytest.mark.postgres
def test_backup_of_postgresql(lines: str, postgres_target: str, tmp_path: Path):
    """A file of SQLite's, whole in itself; one that is there is never overwritten."""
    import_lines(io.StringIO(lines), postgres_target)
    maintenance.backup(postgres_target, tmp_path / "copy.db")
    with pytest.raises(LedgerError, match="is there already"):
        maintenance.backup(postgres_target, tmp_path / "copy.db")
    with pytest.raises(LedgerError, match="no folder"):
        maintenance.backup(postgres_target, tmp_path / "no" / "copy.db")

    assert lines == exported(tmp_path / "copy.db")
    assert [] == maintenance.check(tmp_path / "copy.db")
    assert ["copy.db"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.postgres
def test_backup_of_an_older_schema_on_postgresql(postgres_target: str, tmp_path: Path):
    """Row by row there is no way; it says what does it."""
    with open_ledger(postgres_target, create=True) as ledger, ledger.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(LedgerError, match=r"has another schema \(0001\): pg_dump copies it as it is"):
        maintenance.backup(postgres_target, tmp_path / "copy.db")

    assert [] == list(tmp_path.iterdir())
