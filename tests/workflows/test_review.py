"""Targets, attachments, decisions, flags and audits, as the command line and the pages to come call them."""

import json
from datetime import UTC, datetime

import pytest

from verify.errors import QuoteNotFoundError, UsageError
from verify.model import Status
from verify.store import claims, documents, sources, trail
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.audit import audit_of, history_of
from verify.workflows.clock import fixed_time
from verify.workflows.decide import decide, status_named, undo
from verify.workflows.flag import flag, unflag
from verify.workflows.targets import claim_number, only_document, target_of


@pytest.fixture
def page(take):
    """Three claims, two of which cite 1."""
    return take("It is so.[1] It was so.[1][2] It will be.\n", name="page")


@pytest.fixture
def actions(ledger):
    def read():
        with ledger.read() as connection:
            return [event.action for event in trail.events(connection)]

    return read


@pytest.mark.parametrize(("text", "expected"), [("7", 7), (" 7 ", 7), ("#7", 7), ("007", 7), ("99999999999999999", 99999999999999999)])
def test_claim_number(text, expected):
    """With or without a hash, as people write it."""
    assert expected == claim_number(text)


@pytest.mark.parametrize("text", ["", " ", ":7", "7.0", "-7", "+7", "7a", "٧", "²", "1_000", "0x7", "9" * 18, "7 8"])
def test_what_is_no_claim_number(text):
    """Nor does anything else pass for one."""
    with pytest.raises(UsageError, match="is no claim id"):
        claim_number(text)


@pytest.mark.parametrize(
    ("text", "ids", "label"),
    [("2", (2,), ""), (":1", (1, 2), "1"), ("page:1", (1, 2), "1"), (":[2]", (2,), "2"), (" page : 2 ", (2,), "2"), ("#3", (3,), "")],
)
@pytest.mark.usefixtures("page")
def test_target(ledger, text, ids, label):
    """A claim alone, or every claim that cites a number."""
    with ledger.read() as connection:
        target = target_of(connection, text)

    assert (ids, label) == (target.claim_ids, target.label)
    assert (f"page:{label}" if label else f"claim {ids[0]}") == str(target)
    assert (None if label else ids[0]) == target.claim_id


@pytest.mark.parametrize("text", ["", ":", "page:", ":9", "other:1", "page:1:2", "[1]", "9", ":[1][2]"])
@pytest.mark.usefixtures("page")
def test_what_is_no_target(ledger, text):
    """It is refused, never guessed."""
    with ledger.read() as connection, pytest.raises(UsageError):
        target_of(connection, text)


def test_only_document(ledger, take):
    """None, one, several: only one alone needs no name."""
    with ledger.read() as connection, pytest.raises(UsageError, match="holds no document yet"):
        only_document(connection)
    take("It is so.[1]\n", name="a")
    with ledger.read() as connection:
        alone = only_document(connection).name
    take("So it is.[1]\n", name="b")
    with ledger.read() as connection:
        named = only_document(connection, "b").name
        with pytest.raises(UsageError, match="2 documents are held; name one: a, b"):
            only_document(connection)

    assert ("a", "b") == (alone, named)


@pytest.mark.parametrize("text", ["verified", "Partially verified", "FAILED-VERIFICATION", " not_a_claim "])
def test_status_named(text):
    """Spaces, hyphens and case do not count."""
    assert text.strip().lower().replace("-", "_").replace(" ", "_") == status_named(text)


@pytest.mark.parametrize("text", ["", "unverified", "true", "ok", "verify\x1b"])
def test_what_is_no_status(text):
    """Among them the state that only an undo gives back."""
    with pytest.raises(UsageError):
        status_named(text)


@pytest.mark.usefixtures("page")
def test_attach_reports_what_it_added(ledger, tmp_path, actions):
    """A link, then a text, then a quote, then nothing; each addition is one event."""
    (tmp_path / "saved.txt").write_text("It happened in May.")
    url = Attachment(":1", "https://example.org/a")
    copied = Attachment(":1", "https://example.org/a", snapshot=str(tmp_path / "saved.txt"))
    quoted = Attachment(":1", "https://example.org/a", quotes=("It happened in May.",))
    added = [attach(ledger, wish, reviewer="ann").added for wish in (url, url, copied, copied, quoted, quoted, url)]

    assert [("link",), (), ("text",), (), ("quote",), (), ()] == added
    assert ["document.ingested", *["source.attached"] * 3] == actions()


@pytest.mark.usefixtures("page")
def test_attach_all_at_once(ledger, tmp_path):
    """A file with its quote in one step; the event says which words were found where."""
    (tmp_path / "saved.txt").write_text("It  happened in “May”.")
    done = attach(ledger, Attachment("1", str(tmp_path / "saved.txt"), quotes=('happened in "May"',), title="Notes"), reviewer="ann")
    with ledger.read() as connection:
        payload = json.loads(trail.events(connection)[-1].payload)

    assert ("link", "quote", "text") == done.added
    assert {"exact": "happened in “May”", "start": 4, "end": 21, "match": "normalised"} == payload["quotes"][0]
    assert ("claim 1", [1], "Notes") == (payload["target"], payload["claims"], payload["title"])
    assert done.source.canonical == f"sha256:{payload['snapshot_sha256']}" == payload["source"]


@pytest.mark.usefixtures("page")
def test_refused_attachment_leaves_nothing(ledger, tmp_path, actions):
    """Neither source, nor copy, nor link."""
    (tmp_path / "saved.txt").write_text("It happened in May.")
    wishes = [
        (Attachment(":1", str(tmp_path / "saved.txt"), quotes=("It happened in June.",)), QuoteNotFoundError),
        (Attachment(":1", "https://example.org/a", quotes=("It happened in May.",)), UsageError),
        (Attachment(":1", "https://example.org/a", claim="says nothing of it"), UsageError),
        (Attachment(":9", "https://example.org/a"), UsageError),
    ]
    for wish, error in wishes:
        with pytest.raises(error):
            attach(ledger, wish, reviewer="ann")
    with ledger.read() as connection:
        held = sources.all_sources(connection)

    assert ([], ["document.ingested"]) == (held, actions())


@pytest.mark.usefixtures("page")
def test_guard_words_are_compared_without_their_marks(ledger):
    """Case, spaces and punctuation of a guard do not count; its words do."""
    done = attach(ledger, Attachment(":1", "note: a b", claim="IT—was so!"), reviewer="ann")

    assert ("link",) == done.added


@pytest.mark.usefixtures("page")
def test_detach_names_what_went(ledger, actions):
    """A claim's own source and one through its number are two attachments."""
    attach(ledger, Attachment(":1", "https://example.org/a"), reviewer="ann")
    attach(ledger, Attachment("1", "https://example.org/a"), reviewer="ann")
    target, gone = detach(ledger, "1", "HTTPS://example.org/a#x", reviewer="ann")
    with ledger.read() as connection:
        left = [link.label for d in claims.dossiers(connection, claims.ClaimQuery(claim_ids=(1,))) for link in d.links]

    assert ("claim 1", ["https://example.org/a"], ["1"]) == (str(target), [source.canonical for source in gone], left)
    assert "source.detached" == actions()[-1]


@pytest.mark.usefixtures("page")
def test_decisions_and_undo(ledger, actions):
    """What stood before stands again; an undo is not undone by the next one."""
    decide(ledger, [1, 2, 1], Status.VERIFIED, reviewer="ann")
    [done] = decide(ledger, [1], Status.DISPUTED, reviewer="bea", note="why")
    first, second = undo(ledger, reviewer="ann", claim_id=1), undo(ledger, reviewer="ann", claim_id=1)
    with pytest.raises(UsageError, match="no decision to take back on claim 1"):
        undo(ledger, reviewer="ann", claim_id=1)

    assert (Status.VERIFIED, Status.DISPUTED) == (done.before, done.decision.status)
    assert [(Status.DISPUTED, Status.VERIFIED), (Status.VERIFIED, Status.UNVERIFIED)] == [
        (u.before, u.decision.status) for u in (first, second)
    ]
    assert ["decision.made"] * 3 + ["decision.undone"] * 2 == actions()[1:]
    assert 2 == undo(ledger, reviewer="ann").claim_id


@pytest.mark.usefixtures("page")
def test_flags(ledger, actions):
    """All or none are raised; resolved, they are kept."""
    with pytest.raises(UsageError, match="there is no claim 9"):
        flag(ledger, [1, 9], reason="odd", reviewer="ann")
    flag(ledger, [1, 2, 2], reason="odd", reviewer="ann")
    [resolved] = unflag(ledger, 2, reviewer="bea", note="fine")
    with ledger.read() as connection:
        flags = {d.id: [f.is_open for f in d.flags] for d in claims.dossiers(connection, claims.ClaimQuery())}

    assert ("odd", "bea", "fine") == (resolved.reason, resolved.resolved_by, resolved.resolution)
    assert {1: [True], 2: [False], 3: []} == flags
    assert ["claim.flagged", "claim.flagged", "flag.resolved"] == actions()[1:]


@pytest.mark.usefixtures("page")
def test_history_of_a_claim(ledger, take):
    """Its own entries and those that name it among others, in order; nothing that is about other claims alone."""
    attach(ledger, Attachment(":1", "https://example.org/a"), reviewer="ann")
    attach(ledger, Attachment(":2", "https://example.org/b"), reviewer="ann")
    decide(ledger, [1, 2], Status.VERIFIED, reviewer="ann")
    detach(ledger, ":1", "", reviewer="ann")
    take("It was so.[1][2] It will be.\n", name="page")
    with ledger.read() as connection:
        histories = {
            d.id: [e.sequence for e in history_of(connection, d)] for d in claims.dossiers(connection, claims.ClaimQuery(absent=None))
        }

    assert {1: [2, 4, 6, 7], 2: [2, 3, 5, 6], 3: []} == histories


@pytest.mark.usefixtures("page")
def test_audit_is_a_value_of_the_ledger_alone(ledger, take, monkeypatch):
    """It holds present and gone claims apart, and its time is that of the last entry."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    take("It is so.[1] It was so.[1][2]\n", name="page")
    with ledger.read() as connection:
        document = documents.document_named(connection, "page")
        audit, again = audit_of(connection, document), audit_of(connection, document)

    assert audit == again
    assert ([1, 2], [3]) == ([d.id for d in audit.dossiers], [d.id for d in audit.absent])
    assert (audit.head.at, 2) == (audit.generated_at, audit.head.sequence)
    assert (2, 2) == (audit.coverage.claims, audit.revision.sequence)


@pytest.mark.parametrize(("seconds", "year"), [("0", 1970), ("1733644800", 2024), ("-1", 1969)])
def test_fixed_time(seconds, year):
    """Seconds since 1970, in UTC."""
    fixed = fixed_time({"SOURCE_DATE_EPOCH": seconds})

    assert (year, UTC) == (fixed.year, fixed.tzinfo)
    assert datetime.fromtimestamp(int(seconds), UTC) == fixed


@pytest.mark.parametrize("seconds", ["noon", "1.5", "9" * 30, "1e9"])
def test_time_that_cannot_be_fixed(seconds):
    """It is refused, rather than taken for the present."""
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        fixed_time({"SOURCE_DATE_EPOCH": seconds})


def test_no_time_is_fixed():
    """Where it is not set, or empty."""
    assert (None, None) == (fixed_time({}), fixed_time({"SOURCE_DATE_EPOCH": ""}))
