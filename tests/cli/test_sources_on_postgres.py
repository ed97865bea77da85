"""Fetching, bibliographies and quotes on PostgreSQL: what is printed there is what is printed on SQLite."""

import re
import shlex
from datetime import UTC, datetime, timedelta

import pytest
from small_site import WORDS, page, serving_site

pytest_plugins = ["postgres_server"]
pytestmark = pytest.mark.postgres

TEXT = "It rained for nine days [@smith2020]. The river rose [@flood; @gone].\n"
BIB = "@article{smith2020, author = {Smith, Jane}, title = {On räin}, doi = {10.1000/rain}}\n@book{open, title = {No end\n"
WALK = [
    "ingest paper.md",
    "sources import refs.bib",
    "sources import refs.bib",
    "attach paper:flood URL/flood --quote 'for nine days' --quote 'the river left its bed twice'",
    "attach paper:gone URL/gone",
    "decide 2 verified",
    "sources",
    "sources refresh",
    "CHANGE",
    "sources refresh",
    "sources refresh --only-changed",
    "sources show 2 --diff",
    "list --stale",
    "fetch --only unavailable",
    "BACK",
    "sources refresh",
    "list --stale",
    "sources show 2",
    "sources relink 3 URL/flood",
    "sources export -f bibtex",
    "sources export -f csl -d paper",
    "attach paper:smith2020 10.1000/rain --snapshot saved.txt",
    "sources list -d paper",
    "trail verify",
    "db check",
]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.delenv("VERIFY_OFFLINE")
    monkeypatch.setenv("VERIFY_ALLOW_HOSTS", "127.0.0.1")
    monkeypatch.setenv("VERIFY_FETCH_DELAY", "0")
    with serving_site() as pages:
        yield pages


def test_walk_is_the_same_on_both_databases(verify, desk, site, monkeypatch, sqlite_target, postgres_target):
    """Command by command: the same exit code and the same words."""
    for name, text in {"paper.md": TEXT, "refs.bib": BIB, "saved.txt": WORDS}.items():
        (desk / name).write_text(text, encoding="utf-8")

    def walk(target: str) -> list[tuple[object, ...]]:
        class Clock:
            """A second goes by whenever somebody looks."""

            at = datetime(2031, 5, 4, 12, tzinfo=UTC)

            @classmethod
            def now(cls, _zone: object) -> datetime:
                cls.at += timedelta(seconds=1)
                return cls.at

        monkeypatch.setattr("verify.workflows.clock.datetime", Clock)
        monkeypatch.setenv("VERIFY_DB", target)
        site.put("/flood", page(WORDS), ETag='"1"')
        done = []
        for command in WALK:
            if command in ("CHANGE", "BACK"):
                site.put("/flood", page(WORDS.replace("twice", "once") if command == "CHANGE" else WORDS))
                continue
            run = verify(*shlex.split(command.replace("URL", site.url)))
            done.append(
                (command, run.code, re.sub(r"sha256:[0-9a-f]{64}", "HASH", run.out), run.err)
            )  # that of the trail has milliseconds in it
        return done

    on_sqlite, on_postgresql = walk(sqlite_target), walk(postgres_target)
    codes = {command: code for command, code, *_ in on_sqlite}

    assert on_sqlite == on_postgresql
    assert {"sources refresh --only-changed": 2} == {command: code for command, code in codes.items() if code}
    shown = [out for command, _, out, _ in on_sqlite if command in ("sources show 2 --diff", "list --stale")]
    assert "[-twice-]{+once+}" in shown[0]
    assert ["1 claim" in err for command, _, _, err in on_sqlite if command == "list --stale"] == [True, False]
