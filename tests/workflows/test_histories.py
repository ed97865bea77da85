"""Whatever is read, attached, decided and taken back, in whatever order: the trail tells of every row, and the ledger is sound."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.errors import VerifyError
from verify.model import Layout, Status
from verify.store import Ledger, claims, documents, maintenance, open_ledger, replay
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.decide import Role, decide, undo
from verify.workflows.flag import flag, unflag
from verify.workflows.ingest import ingest
from verify.workflows.read import Wish, read_document

REVIEWERS = st.sampled_from(["ann", "bea"])
CLAIMS = st.integers(1, 6)
SENTENCES = st.builds(
    "It was {} {}.{}{}".format,
    st.sampled_from(["rain", "snow", "hail"]),
    st.sampled_from(["in May", "at night"]),
    st.sampled_from(["", "[1]", "[2][1]", "[3]"]),
    st.sampled_from(["", "[citation needed]"]),
)
ENTRIES = ["Adams, A. Rain. https://a.example/", "Brown, B. Snow. https://b.example/", "Clark, C., in conversation."]


def _written(sentences: list[str], entries: list[str]) -> str:
    listed = "\n".join(f"{number}. {entry}" for number, entry in enumerate(entries, 1))
    return "\n\n".join([" ".join(sentences[:3]), " ".join(sentences[3:]), *(["References", listed] if entries else [])]) + "\n"


TEXTS = st.builds(
    _written, st.lists(SENTENCES, min_size=1, max_size=6), st.permutations(ENTRIES).flatmap(lambda e: st.sampled_from([[], e]))
)
TARGETS = st.sampled_from(["1", "2", "page:1", "page:2"])
STEPS = st.one_of(
    st.tuples(st.just("read"), TEXTS, st.sampled_from([None, *Layout])),
    st.tuples(st.just("reread"), st.sampled_from(Layout)),
    st.tuples(
        st.just("attach"), TARGETS, st.sampled_from(["https://a.example/", "note: a book"]), st.sampled_from(["", "one.txt", "two.txt"])
    ),
    st.tuples(st.just("detach"), TARGETS),
    st.tuples(st.just("decide"), CLAIMS, st.sampled_from([Status.VERIFIED, Status.DISPUTED]), REVIEWERS, st.sampled_from(Role)),
    st.tuples(st.just("undo"), st.one_of(st.none(), CLAIMS)),
    st.tuples(st.just("flag"), CLAIMS),
    st.tuples(st.just("unflag"), CLAIMS),
)


def _do(ledger: Ledger, folder: Path, what: str, *how: object) -> None:
    """Do a step, which is refused where it makes no sense."""
    if what == "read":
        text, layout = how
        ingest(ledger, [read_document("-", str(text).encode(), Wish(name="page", layout=layout))], reviewer="ann")
    elif what == "reread":
        with ledger.read() as connection:
            text = documents.current_revision(connection, 1).text if documents.all_documents(connection) else "It was."
        ingest(ledger, [read_document("-", text.encode(), Wish(name="page", layout=how[0]))], reviewer="bea")
    elif what == "attach":
        target, source, copy = how
        attach(ledger, Attachment(target, source, snapshot=str(folder / copy) if copy else ""), reviewer="ann")
    elif what == "detach":
        detach(ledger, how[0], "", reviewer="bea")
    elif what == "decide":
        claim, status, reviewer, role = how
        decide(ledger, [claim], status, reviewer=reviewer, note="read", role=role)
    elif what == "undo":
        undo(ledger, reviewer="bea", claim_id=how[0])
    elif what == "flag":
        flag(ledger, [how[0]], reason="odd", reviewer="ann")
    else:
        unflag(ledger, how[0], reviewer="bea")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two saved copies of a page."""
    place = tmp_path_factory.mktemp("copies")
    for name in ("one.txt", "two.txt"):
        (place / name).write_text(f"The page as of {name}.")
    return place


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, steps=st.lists(STEPS, max_size=12))
def test_every_history_is_told(empty_ledger: Path, folder: Path, text: str, steps: list):
    """No write is refused for want of an event, each row is as the trail says, and what SQL counts is what the rules of the model say."""
    path = shutil.copy(empty_ledger, folder / "verify.db")
    with open_ledger(path) as ledger:
        for step in [("read", text, None), *steps]:
            with suppress(VerifyError):
                _do(ledger, folder, *step)
        with ledger.read() as connection:
            found = replay.verify(connection, most=3)
            dossiers = claims.dossiers(connection, claims.ClaimQuery(absent=None))
            view = {row.claim_id: row for row in connection.exec_driver_sql("SELECT claim_id, status, stale FROM claim_overview")}
            [overview] = documents.document_overview(connection)

    assert ((), True, []) == (found.misfits, found.complete, maintenance.check(path))
    assert {each.id: (str(each.status), each.stale) for each in dossiers} == {n: (row.status, bool(row.stale)) for n, row in view.items()}
    assert sum(bool(each.reasons) for each in dossiers if not each.absent) == overview.needing_review
