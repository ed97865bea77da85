"""Whatever people do, in whatever order, the trail fits the rows at every step; and whatever else is done to a row does not."""

# ruff: noqa: S608 - attackers put statements together

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tampering import attacked, other_value

from verify.errors import VerifyError
from verify.model import Status
from verify.store import Ledger, open_ledger, replay, schema
from verify.workflows import queue
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.decide import Role, decide, undo
from verify.workflows.flag import flag, unflag
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish, read_document

SENTENCES = (
    "The army left the city on 7 December.[1]",
    "Crowds filled the squares at dawn.[2][1]",
    "The airport closed for eight days.[citation needed]",
    "Two columns met at the ring road, and a third was seen near the base.[3]",
    "Nobody counted the men.[a]",
    "The airport closed for nine days.[2]",
    "Shops opened again within a week.",
)
LIST = "\n\nReferences\n\n1. Smith, J. (2024). The fall. https://a.example/fall\n2. Jones. The squares. doi:10.5555/12345678\n"
SOURCE = "The army left the city on 7 December, and crowds filled the squares at dawn."
CLAIM = st.integers(1, 9)
WHO = st.sampled_from(["ada", "bob"])

Step = Callable[[Ledger], object]


def _read(places: list[int], listed: bool, name: str) -> Step:
    text = "\n\n".join(" ".join(SENTENCES[place] for place in places[start : start + 3]) for start in range(0, len(places), 3))
    return lambda ledger: ingest(ledger, [read_document("-", (text + LIST * listed).encode(), Wish(name=name))], reviewer="ada")


def _attach(claim: int, by_number: bool, quoted: bool) -> Step:
    quote = "crowds filled the squares" if quoted else ""
    target = f"a:{1 + claim % 3}" if by_number else str(claim)
    return lambda ledger: attach(
        ledger, Attachment(target, str(Path(ledger.name).parent / "source.txt"), quotes=(quote,) if quote else ()), reviewer="ada"
    )


STEPS = st.one_of(
    st.builds(_read, st.lists(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=7), st.booleans(), st.sampled_from(["a", "a", "b"])),
    st.builds(_attach, CLAIM, st.booleans(), st.booleans()),
    st.builds(lambda claim: lambda ledger: detach(ledger, str(claim), "", reviewer="bob"), CLAIM),
    st.builds(
        lambda claim, status, who, role: lambda ledger: decide(ledger, [claim], status, reviewer=who, note="so", role=role),
        CLAIM,
        st.sampled_from([Status.VERIFIED, Status.DISPUTED, Status.NOT_A_CLAIM]),
        WHO,
        st.sampled_from(Role),
    ),
    st.builds(lambda who: lambda ledger: undo(ledger, reviewer=who), WHO),
    st.builds(lambda claim: lambda ledger: flag(ledger, [claim, claim + 1], reason="why?", reviewer="bob"), CLAIM),
    st.builds(
        lambda claim, name: lambda ledger: unflag(ledger, claim, reviewer="ada", name=name), CLAIM, st.sampled_from(["", "citation needed"])
    ),
    st.builds(lambda who: lambda ledger: queue.hand_out(ledger, reviewer=who, lease=timedelta(hours=1), weights=queue.WEIGHTS), WHO),
    st.builds(lambda claim, who: lambda ledger: queue.assign(ledger, [claim], to=who, reviewer="ada"), CLAIM, WHO),
    st.builds(lambda claim, who: lambda ledger: queue.skip(ledger, [claim], reviewer=who), CLAIM, WHO),
    st.builds(lambda who: lambda ledger: queue.release(ledger, [], reviewer=who), WHO),
)
FIRST = st.builds(_read, st.permutations(range(len(SENTENCES))), st.booleans(), st.just("a"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source in it."""
    place = tmp_path_factory.mktemp("held")
    (place / "source.txt").write_text(SOURCE)
    return place


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(first=FIRST, steps=st.lists(STEPS, max_size=8), data=st.data())
def test_trail_holds(folder: Path, empty_ledger: Path, first: Step, steps: list[Step], data: st.DataObject):
    """Every step leaves a ledger that fits, also one that was refused; then any other value of any column of any row is named."""
    with open_ledger(shutil.copy(empty_ledger, folder / "verify.db")) as ledger:
        for step in (first, *steps):
            with suppress(VerifyError):
                step(ledger)
            with ledger.read() as connection:
                assert () == replay.verify(connection, most=replay.MOST).misfits
        with ledger.read() as connection:
            sizes = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in schema.metadata.tables}
        table = schema.metadata.tables[data.draw(st.sampled_from([name for name, size in sizes.items() if size]))]
        column = data.draw(st.sampled_from(list(table.columns)))
        row = data.draw(st.integers(0, sizes[table.name] - 1))
        last = f"(SELECT rowid FROM {table.name} ORDER BY rowid LIMIT 1 OFFSET {row})"

        assert attacked(ledger, f"UPDATE {table.name} SET {column.name} = {other_value(column)} WHERE rowid = {last}").misfits
