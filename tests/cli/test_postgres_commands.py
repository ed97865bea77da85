"""The whole command line on PostgreSQL: what it prints there is, to the letter, what it prints on SQLite."""

import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from verify.cli import JOURNEYS

pytest_plugins = ["postgres_server"]
pytestmark = pytest.mark.postgres

FIRST = """The Ferry of Alten (1931)

[3] The ferry began to run on 4 May 1931, with two boats and eleven men.

[citation needed] Its first captain had been a fisherman[who?] from the other shore.

[4][5] It carried 12,000 people in its first summer, and [4] a hundred motor cars.

In the winter it lay in the harbour of Größe. The ice was a foot thick there.[6]

[7] In 1940 the army took both boats, and no ferry ran for five years.

The town bought it back for one crown.

References

3. Alten Gazette, 5 May 1931. https://example.org/gazette/1931-05-05
4. The Harbour Board, Yearbook 1931. doi:10.1000/alten.1931
5. Ёлкин, Паромы Севера. ISBN 978-3-16-148410-0
6. Letters of the harbour master
7. The Army and the Coast
8. Never cited
"""
SECOND = (
    FIRST.replace("with two boats and eleven men", "with two boats and twelve men")
    .replace("The town bought it back for one crown.", "[9] The county bought it back.")
    .replace("[7] In 1940", "[6] In 1940")
    .replace("7. The Army", "9. The town's own books\n6. The Army")
    .replace("6. Letters", "7. Letters")
    .replace("thick there.[6]", "thick there.[7]")
)
SOURCE = "Notes on the ferry\n\nOn 4 May 1931 the ferry began to run with two boats.\nThe crew were eleven men, all from Alten.\n"
MANIFEST = (
    "citation,source,quote,locator,title,note,reference,claim\n"
    '3,notes.txt,"the ferry began to run with two boats",line 3,"Notes, on the ferry",,,ferry began\n'
    "7,https://example.org/army,,,The army's page,offline now,,\n"
)

WALK = """
db current | db path | db check | documents | list
audit first.txt --as ferry -o - -f markdown | ingest first.txt | ingest first.txt --as ferry | ingest --dry-run second.txt --as ferry
documents | documents -f json | documents -f jsonl | sources | sources -f json
list | list --json | list -f jsonl | list -f csv | list -f markdown | list --all --limit 2 | list --after 3 --limit 2
list --uncited | list --citation 4 | list --flag "citation needed" | list --search "GRÖßE" | list --search "größe" | list --search "100%"
list --status unverified | list --document ferry | list --section nowhere | list --document nope | list --after 99
show 1 | show 1 --json | show 99 | show 99999999999999999 | show :3
attach :3 notes.txt --quote "began to run with two boats" --title "Notes" --locator "line 3" | attach :3 notes.txt | attach 1 notes.txt
attach :3 notes.txt --quote "began to run with three boats" | attach --manifest manifest.csv | attach --manifest manifest.csv
attach 6 "interview with the harbour master" --note "by telephone" | attach 5 https://example.org/winter | attach :99 x | attach 1 isbn:123
attach 1 https://example.org/LONG | sources -f json | detach 5 https://example.org/winter | detach 5 https://example.org/winter
flag 1 6 --reason "which captain?" --as bea | flag 99 --reason x | unflag 1 --note done | unflag 1 | unflag 2 --flag "citation needed"
decide 1 verified --note "read it" | decide 3 verified --as bob | decide 1 disputed --second --as bob | decide 3 verified --second --as bob
decide 1 2 partially_verified --adjudicate --note x | decide 1 verified --adjudicate --note "ann is right" --as carl
decide 2 unverifiable | decide 2 unverifiable --note "no name" --as bea | decide 2 verified --second --as ann | undo 2 | undo | decide 2 nonsense
list --needs-second | list --stale | list --blind --as dora | show 1 --blind --as dora | show 1 | show 1 --json
next | next --as bob | next --peek 3 | next --json --as carl | next --second --as dora --blind | assign 5 6 --to eve --note "harbour" | next --as eve
assign 5 --to Ärger | skip 5 --as Ärger --reason no | skip 5 --as Zebra | skip 5 --as ähnlich | release 5 --as Zebra | release | release 7
release 99999999999999999 | release --whose eve | skip 99999999999999999 | next --lease 0m | show 5
ingest second.txt --as ferry --reviewer bob | ingest second.txt --as ferry | list --stale | list --absent | list --all --json | show 1 | show 3 --json
diff ferry | diff ferry 1 2 --json | diff ferry -f markdown | diff ferry -f html | diff ferry 1 1 | diff ferry 1 9 | diff nope
ingest second.txt --as ferry --markers trailing | diff ferry --stat | ingest second.txt --as ferry --markers leading
ingest - --as stdin | documents | list --document stdin | report | report -d nope
report -d ferry | report -d ferry -f json | report -d ferry -f jsonl | report -d ferry -f csv | report -d ferry -f html | report -d stdin -f html
trail list | trail list -f jsonl | trail list --claim 1 | trail list --after 5 --limit 2 | trail show 2 | trail show 2 --json | trail show 999
trail verify | trail verify --json | trail verify --expect-head 1:sha256:HEAD | trail head | trail export | trail export -f csv | trail export -f json
db check | db current | db upgrade | export | import nothing.jsonl | tags -l de | extract first.txt
"""
COMMANDS = [command.strip() for line in WALK.strip().splitlines() for command in line.split(" | ")]
LONG = "x" * 1500


class Clock:
    """Stands in for the class `datetime` in the house's only clock: a second goes by whenever somebody looks."""

    def __init__(self) -> None:
        self.at = datetime(2031, 5, 4, 12, tzinfo=UTC)

    def now(self, _zone: object) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def walked(desk: Path, verify, monkeypatch) -> Callable[[str], list[tuple[object, ...]]]:
    """Go the whole walk on a database, and give what each command ended with."""
    for name, text in {"first.txt": FIRST, "second.txt": SECOND, "notes.txt": SOURCE, "manifest.csv": MANIFEST}.items():
        (desk / name).write_text(text, encoding="utf-8")

    def walk(target: str) -> list[tuple[object, ...]]:
        monkeypatch.setattr("verify.workflows.clock.datetime", Clock())
        monkeypatch.setenv("VERIFY_DB", target)
        shown = re.sub(r":[^:@]*@", ":***@", target)
        return [_ran(verify, command, shown) for command in COMMANDS]

    return walk


def _ran(verify, command: str, shown: str) -> tuple[object, ...]:
    run = verify(*shlex.split(command.replace("LONG", LONG)), stdin="Это так.[1] It is so.[1]\x00\n".encode())
    return command, run.code, run.out.replace(shown, "DB"), run.err.replace(shown, "DB")


def test_walk_is_the_same_on_both_databases(walked, sqlite_target, postgres_target):
    """Command by command: the same exit code, the same words, the same bytes of every report and of the trail, hashes and all."""
    on_sqlite, on_postgresql = walked(sqlite_target), walked(postgres_target)

    for ours, theirs in zip(on_sqlite, on_postgresql, strict=True):
        assert ours == theirs
    codes = {command: code for command, code, _, _ in on_sqlite}
    assert {0, 2, 3} == set(codes.values())
    assert not [step for step in on_sqlite if "Traceback" in step[3]]
    assert (0, 0, 0, 0) == tuple(codes[command] for command in ("trail verify", "db check", "diff ferry", "next"))


def test_walk_knows_every_command():
    """A new command takes a step in it, or a reason here why it needs none."""
    elsewhere = {
        "assess": "in the tests of assessments, on either database",
        "fetch": "in the tests of sources on PostgreSQL",
        **dict.fromkeys(("export", "import"), "in the tests of transfer"),
    }
    walked = {shlex.split(command)[0] for command in COMMANDS}

    assert set() == {name for journey in JOURNEYS.values() for name in journey} - walked - elsewhere.keys()
