"""What a ledger is opened from, what is refused, and in which words."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import verify
from verify.errors import LedgerError
from verify.store import Connection, Ledger, documents, engines, maintenance, migrate, open_ledger, schema, trail

ROOT = Path(verify.__file__).parents[1]
NOW = schema.HEAD
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def _append(connection: Connection, at: datetime) -> None:
    trail.append(connection, at=at, reviewer="ada", action="note", subject="s", payload={})


def _sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement).fetchall()


def _foreign(path: Path) -> None:
    _sql(path, "CREATE TABLE bookmarks (id INTEGER)")


def _marked_by_another(path: Path) -> None:
    _sql(path, "PRAGMA application_id = 252006673", "CREATE TABLE alembic_version (version_num TEXT)")


def _text(path: Path) -> None:
    path.write_text("# Notes\n" * 1000)


def _folder(path: Path) -> None:
    path.mkdir()


def _missing(path: Path) -> None:
    assert not path.exists()


def _empty(path: Path) -> None:
    path.touch()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _cut_off(path: Path) -> None:
    _whole(path)
    os.truncate(path, 9000)


def _whole(path: Path) -> None:
    with open_ledger(path, create=True):
        pass


def _scrambled(path: Path) -> None:
    _whole(path)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def _unversioned(path: Path) -> None:
    _whole(path)
    _sql(path, "DROP TABLE alembic_version")


def _newer(path: Path) -> None:
    _whole(path)
    _sql(path, "UPDATE alembic_version SET version_num = '9999\x1b[2J'")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_missing, r"no ledger at .*verify\.db yet: `verify ingest FILE` makes one"),
        (_empty, r"no ledger at .*verify\.db yet: `verify ingest FILE` makes one"),
        (_foreign, r"database of another program: it was not touched\n"),
        (_marked_by_another, r"database of another program: it was not touched\n"),
        (_unversioned, r"database of another program: it was not touched\n"),
        (_text, r"no SQLite database, or a damaged one\n"),
        (_folder, r"is a folder, not a ledger\n"),
        (_pipe, r"is no regular file"),
        (_cut_off, r"is damaged: .*\n"),
        (_scrambled, r"is damaged: .*\n"),
        (_newer, r"does not know \(9999\\x1b\[2J\): a newer verify made it\nit was not touched"),
    ],
)
@pytest.mark.parametrize("create", [False, True])
def test_refused_in_words(tmp_path: Path, make: Callable[[Path], None], words: str, create: bool):
    """One to three lines, and the file is as it was; only what is not there or empty becomes a ledger when one may be made."""
    path = tmp_path / "verify.db"
    make(path)
    if create and make in (_missing, _empty):
        with open_ledger(path, create=True) as ledger, ledger.read() as connection:
            assert 0 == trail.head(connection).sequence
        return
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(LedgerError, match=words) as caught, open_ledger(path, create=create) as ledger, ledger.read() as connection:
        trail.events(connection)
    assert 3 >= len(str(caught.value).splitlines())
    assert before == (path.read_bytes() if path.is_file() else b"")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://host/db", "not mysql"),
        ("nonsense://x", "not nonsense"),
        ("postgresql://host:port/db", "not the address"),
        ("postgresql://me:secret@127.0.0.1:1/db", r"postgresql://me:\*\*\*@127.0.0.1:1/db cannot be reached"),
        ("/dev/null", "no regular file"),
        ("/no/such/folder/verify.db", "no ledger"),
        ("a\0b", "cannot be opened"),
        ("~nobody-at-all/verify.db", "no ledger"),
        ("x" * 5000, "cannot be opened: file name too long"),
    ],
)
def test_targets_that_are_none(target: str, words: str):
    """Nothing but an LedgerError comes out, and no password."""
    with pytest.raises(LedgerError, match=words) as caught, open_ledger(target):
        pass
    assert "secret" not in str(caught.value)


def test_no_folder_is_made(tmp_path: Path):
    with pytest.raises(LedgerError, match="there is no folder"), open_ledger(tmp_path / "a" / "verify.db", create=True):
        pass


@pytest.mark.parametrize("name", ["verify.db", "a b%20c?d#e.db", "café 𝕏.db", "file:x?mode=memory", "-v", "'; --.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str):
    with open_ledger(tmp_path / name, create=True):
        pass

    assert name in [entry.name for entry in tmp_path.iterdir()]
    assert (schema.HEAD, schema.HEAD) == maintenance.current(tmp_path / name)


def test_path_and_address_name_the_same(tmp_path: Path, noon: datetime):
    with open_ledger(f"sqlite:///{tmp_path}/verify.db", create=True) as ledger, ledger.write() as connection:
        _append(connection, noon)
    with open_ledger(tmp_path / "verify.db") as ledger, ledger.read() as connection:
        assert 1 == trail.head(connection).sequence


def _write_and_leave(ledger: Ledger, at: datetime, error: type[BaseException]) -> None:
    with ledger.write() as connection:
        _append(connection, at)
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_write_left_by_an_exception_writes_nothing(any_ledger: Ledger, noon: datetime, error: type[BaseException]):
    """And the exception comes out as it was."""
    with pytest.raises(error):
        _write_and_leave(any_ledger, noon, error)
    with any_ledger.write() as connection:
        assert 0 == trail.head(connection).sequence


def test_reading_block_cannot_write(any_ledger: Ledger, noon: datetime):
    """Whoever writes does so alone and in a block of its own; we hold ourselves to it, and the database holds us to it."""
    with pytest.raises(RuntimeError, match="only reads"), any_ledger.read() as connection:
        _append(connection, noon)
    with pytest.raises(LedgerError, match="read-only"), any_ledger.read() as connection:
        connection.exec_driver_sql("INSERT INTO documents (id, name, title, origin) VALUES (1, 'a', '', '-')")
    with any_ledger.read() as connection:
        assert (0, []) == (trail.head(connection).sequence, documents.all_documents(connection))


def test_write_that_goes_on_after_its_event_writes_nothing(any_ledger: Ledger, noon: datetime):
    """An event tells of what was changed before it: what comes after needs another one."""
    with pytest.raises(RuntimeError, match=r'without an event of the trail: .*"a name"'), any_ledger.write() as connection:
        _append_and_add(connection, noon)
    with any_ledger.read() as connection:
        assert (0, []) == (trail.head(connection).sequence, documents.all_documents(connection))


def _append_and_add(connection: Connection, at: datetime) -> None:
    _append(connection, at)
    documents.add_document(connection, name="a name", title="", origin="-")


def test_reader_sees_one_state(any_ledger: Ledger, noon: datetime):
    """What others write in the meantime is seen by the next block; nobody waits for the other."""
    with any_ledger.read() as reader:
        before = trail.head(reader)
        with any_ledger.write() as writer:
            _append(writer, noon)
        meanwhile = trail.head(reader)
    with any_ledger.read() as reader:
        assert (0, 0, 1) == (before.sequence, meanwhile.sequence, trail.head(reader).sequence)


def test_broken_characters_are_refused(any_ledger: Ledger, noon: datetime):
    """A lone surrogate (from a command line that is not UTF-8) has no place in a database; nothing is written."""
    with pytest.raises(LedgerError, match="broken character"), any_ledger.write() as connection:
        trail.append(connection, at=noon, reviewer="\udcff", action="", subject="", payload={})
    with any_ledger.read() as connection:
        assert 0 == trail.head(connection).sequence


def test_reading_imports_no_alembic(ledger: Ledger):
    """It would cost every `verify list` as much again as SQLAlchemy; nor does SQLite pay for PostgreSQL."""
    code = (
        "import sys; from verify.store import open_ledger, claims\n"
        f"with open_ledger({ledger.name!r}) as l, l.read() as c: claims.dossiers(c, claims.ClaimQuery())\n"
        "print([m for m in ('alembic', 'mako', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql', 'psycopg') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()


@pytest.fixture
def next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this program were one migration further."""
    folder = tmp_path / "100% next" / "migrations"
    shutil.copytree(migrate.migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    step = f"revision = 'next'\ndown_revision = '{schema.HEAD}'\ndef upgrade():\n    from alembic import op\n"
    step += "    from pathlib import Path\n    op.execute('CREATE TABLE later_things (id INTEGER PRIMARY KEY)')\n    op.execute(Path(__file__ + '.sql').read_text())\n"
    (folder / "versions" / "next.py").write_text(step)
    (folder / "versions" / "next.py.sql").write_text("SELECT 1")
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)
    monkeypatch.setattr(schema, "HEAD", "next")
    migrate.known_revisions.cache_clear()


def test_older_ledger_is_upgraded_when_asked(ledger: Ledger, noon: datetime, next_schema: None):
    """Every other command says so and leaves it alone; what it holds is still there afterwards."""
    del next_schema
    with ledger.write() as connection:
        _append(connection, noon)
    with pytest.raises(LedgerError, match=rf"older schema \({NOW}\): run `verify db upgrade`"), open_ledger(ledger.name, create=True):
        pass

    assert (NOW, "next") == maintenance.current(ledger.name)
    assert (NOW, "next") == maintenance.upgrade(ledger.name, at=noon)
    assert ("next", "next") == maintenance.upgrade(ledger.name, at=noon)
    with open_ledger(ledger.name) as opened, opened.read() as connection:
        assert 1 == trail.head(connection).sequence


def test_upgrade_that_fails_leaves_nothing(ledger: Ledger, noon: datetime, next_schema: None):
    """All steps or none: on SQLite too, whose driver would open no transaction for DDL."""
    del next_schema
    (migrate.migrations_folder() / "versions" / "next.py.sql").write_text("SELECT no_such_thing")
    with pytest.raises(Exception, match="no_such_thing"):
        maintenance.upgrade(ledger.name, at=noon)

    with sqlite3.connect(ledger.name) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'later_things'").fetchall()
    connection.close()
    assert ([(0,)], (NOW, "next")) == (found, maintenance.current(ledger.name))


def _upgrade(path: Path) -> tuple[str, str]:
    return maintenance.upgrade(path, at=datetime(2025, 1, 1, tzinfo=UTC))


def test_newer_ledger_is_not_touched(tmp_path: Path):
    """By an upgrade or a check neither."""
    _newer(tmp_path / "verify.db")
    for act in (_upgrade, maintenance.check):
        with pytest.raises(LedgerError, match="a newer verify made it"):
            act(tmp_path / "verify.db")


@pytest.mark.parametrize("act", [_upgrade, maintenance.check, maintenance.current])
def test_care_makes_no_ledger(tmp_path: Path, act: Callable[[Path], object]):
    with pytest.raises(LedgerError, match="no ledger"):
        act(tmp_path / "verify.db")

    assert [] == list(tmp_path.iterdir())


@pytest.mark.postgres
def test_foreign_postgresql_database_is_not_touched(postgres_target: str):
    import psycopg

    with psycopg.connect(postgres_target) as connection:
        connection.execute("CREATE TABLE bookmarks (id integer)")
    with pytest.raises(LedgerError, match="another program"), open_ledger(postgres_target, create=True):
        pass


@pytest.mark.postgres
def test_postgresql_says_what_is_wrong(postgres_server: str, postgres_target: str):
    wrong = re.sub(r":[^:@]+@", ":nonsense@", postgres_target)
    for target, words in ((f"{postgres_server}/nowhere", "nowhere"), (wrong, "password"), (postgres_target, "no ledger at")):
        with pytest.raises(LedgerError, match=words) as caught, open_ledger(target):
            pass
        assert 3 >= len(str(caught.value).splitlines())


def _alembic(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini"), *arguments]
    return subprocess.run(command, cwd=cwd, env={**ENVIRONMENT, **environment}, capture_output=True, text=True, check=False)


def test_plain_alembic_makes_the_same_ledger(tmp_path: Path):
    """For people who work on the schema; `alembic check` then finds nothing to do, and a downgrade below the first is refused."""
    path = str(tmp_path / "verify.db")

    assert 0 == _alembic("upgrade", "head", VERIFY_DB=path).returncode
    assert [] == maintenance.check(path)
    assert 0 == _alembic("-x", f"db={path}", "check").returncode
    assert "NotImplementedError" in _alembic("-x", f"db={path}", "downgrade", "base").stderr
    assert [] == maintenance.check(path)


def test_plain_alembic_keeps_off_foreign_databases(tmp_path: Path):
    path = tmp_path / "verify.db"
    _foreign(path)
    before = path.read_bytes()

    assert "another program" in _alembic("upgrade", "head", VERIFY_DB=str(path)).stderr
    assert before == path.read_bytes()


def test_migrations_can_be_read_as_sql(any_target: str):
    """For whoever must hand the statements to somebody else: they make a ledger."""
    done = _alembic("-x", f"db={any_target}", "upgrade", "head", "--sql")
    if "://" in any_target:
        import psycopg

        with psycopg.connect(any_target, autocommit=True) as connection:
            connection.execute(done.stdout)
    else:
        with closing(sqlite3.connect(any_target)) as connection:
            connection.executescript(done.stdout)

    assert (0, [], (NOW, NOW)) == (done.returncode, maintenance.check(any_target), maintenance.current(any_target))


def test_migrations_travel_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An installed wheel has them in `verify/migrations`; a checkout beside `verify`."""
    found = [migrate.migrations_folder()]
    monkeypatch.setattr(verify, "__file__", str(tmp_path / "verify" / "__init__.py"))
    (tmp_path / "verify" / "migrations").mkdir(parents=True)
    found.append(migrate.migrations_folder())

    assert [ROOT / "migrations", tmp_path / "verify" / "migrations"] == found


def test_locked_beyond_the_timeout(ledger: Ledger, noon: datetime, monkeypatch: pytest.MonkeyPatch):
    """A writer says so in words; readers do not even notice."""
    monkeypatch.setattr(engines, "LOCK_TIMEOUT", 0.1)
    with open_ledger(ledger.name) as other, ledger.write():
        with pytest.raises(LedgerError, match="locked by another process"), other.write() as connection:
            _append(connection, noon)
        with other.read() as connection:
            assert 0 == trail.head(connection).sequence
