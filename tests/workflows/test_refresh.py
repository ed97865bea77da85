"""Sources are asked again: what a changed text does to quotes and decisions, and how long a dead page takes to be dead."""

from datetime import UTC, datetime, timedelta

import pytest
from small_site import HASTY, WORDS, page, serving_site

from verify.errors import UsageError
from verify.model import QuoteMatch, Status, stale_why
from verify.store import claims, quotes, replay, sources
from verify.workflows import fetch as fetching
from verify.workflows.attach import Attachment, attach
from verify.workflows.decide import decide
from verify.workflows.fetch import Selection, fetch, select
from verify.workflows.overview import source_view
from verify.workflows.refresh import age_of, touched
from verify.workflows.visits import Change

QUOTE = "the river left its bed twice"
MONDAY = datetime(2024, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def site():
    with serving_site() as pages:
        pages.put("/flood", page(WORDS))
        yield pages


@pytest.fixture
def clock(monkeypatch):
    """The time at which fetches are made; a test moves it."""
    times = [MONDAY]
    monkeypatch.setattr(fetching, "now", lambda: times[-1])
    return times


@pytest.fixture
def flood(ledger, take, site, clock):
    """A claim with the page as its source, a quote of it, and a decision; all on Monday."""
    assert [MONDAY] == clock
    take("It rained for nine days.[1] Then the river rose.[1] Nobody came.[2]")
    done = attach(ledger, Attachment(":1", f"{site.url}/flood", quotes=(QUOTE,)), reviewer="ann", manner=HASTY)
    decide(ledger, [1], Status.VERIFIED, reviewer="ann")
    return done.source


def again(ledger):
    """Ask what was asked before; gives what became of each."""
    with ledger.read() as connection:
        wanted = select(connection, Selection.VISITED)
    done = []
    fetch(ledger, wanted, HASTY, reviewer="ann", on_done=done.append)
    return done


def dossier(ledger, claim=1):
    with ledger.read() as connection:
        return claims.dossier(connection, claim)


def test_attaching_an_address_fetches_it(ledger, flood):
    """Once: its text is there for the quote, and for later ones."""
    again_done = attach(ledger, Attachment(":1", flood.canonical, quotes=("nine days",)), reviewer="ann", manner=HASTY)
    [link] = dossier(ledger).links

    assert None is again_done.visit
    assert [(QUOTE, "The river"), ("nine days", "The river")] == [(each.quote.exact, each.locator) for each in link.evidence]
    assert ("The flood", "") == (link.source.title, link.source.no_text_why)


def test_an_address_that_fails_is_attached_all_the_same(ledger, take, site):
    """With the reason; a quote of it cannot be checked, and is refused."""
    take("It is so.[1]")
    done = attach(ledger, Attachment(":1", f"{site.url}/gone"), reviewer="ann", manner=HASTY)
    with pytest.raises(UsageError, match=r"is not held \(soft failure: answered 404 .*its quote cannot be checked") as refused:
        attach(ledger, Attachment(":1", f"{site.url}/gone", quotes=("x",)), reviewer="ann", manner=HASTY)

    assert ("link",) == done.added
    assert (Change.NO_TEXT, 404) == (done.visit.change, done.visit.visit.status)
    assert "--snapshot FILE" in str(refused.value)


def test_unknown_target_asks_nobody(ledger, take, site):
    take("It is so.[1]")
    with pytest.raises(UsageError):
        attach(ledger, Attachment(":9", f"{site.url}/flood"), reviewer="ann", manner=HASTY)

    assert [] == site.server.paths


@pytest.mark.usefixtures("flood")
def test_a_changed_text_makes_decisions_stale(ledger, site):
    """And its quotes are looked for in it: here one that still stands."""
    site.put("/flood", page(WORDS + "A line was added. "))
    [done] = again(ledger)
    with ledger.read() as connection:
        found = touched(connection, done.source)

    assert Change.CHANGED is done.kept.change
    assert [(QUOTE, QuoteMatch.EXACT)] == [(each.evidence.quote.exact, each.recheck.match) for each in done.kept.quotes]
    assert [(1, True), (2, False)] == [(each.dossier.id, each.stale) for each in found]
    assert "the text of a source changed (The flood)" == stale_why(dossier(ledger))


@pytest.mark.parametrize(
    ("changed", "match", "printed"),
    [
        (WORDS.replace("twice", "three times"), QuoteMatch.ALTERED, "the river left its bed three"),
        (WORDS.replace("left its bed", "Left  its Bed"), QuoteMatch.NORMALISED, "the river Left its Bed twice"),
        ("Nothing of the kind is said here any more, and so the page is about penguins, their eggs, their long walks and their winters.", QuoteMatch.NOT_FOUND, ""),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("flood")
@pytest.mark.usefixtures("flood")
def test_quotes_are_looked_for_in_the_new_text(ledger, site, changed, match, printed):
    """However they stand there: as they were, printed otherwise, altered, or not at all; and the ledger keeps it."""
    site.put("/flood", page(changed))
    [done] = again(ledger)
    [each] = done.kept.quotes
    with ledger.read() as connection:
        assert () == replay.verify(connection).misfits
        kept = quotes.checks_in(connection, done.kept.snapshot.id, [each.evidence.id])

    assert (match, each.recheck) == (each.recheck.match, kept[each.evidence.id])
    assert each.recheck.printed.startswith(printed)
    assert done.kept.facts["quotes"] == {str(each.evidence.id): str(match)}


def test_a_page_that_changes_back(ledger, flood, site, clock):
    """The first state is the latest again, and the decision that stood on it stands; the quotes of it need no second look."""
    site.put(
        "/flood", page("It was all a mistake, and nothing of what stood here is so, says the paper, which regrets it and leaves this note.")
    )
    clock.append(MONDAY + timedelta(days=1))
    [changed] = again(ledger)
    assert dossier(ledger).stale
    site.put("/flood", page(WORDS))
    clock.append(MONDAY + timedelta(days=2))
    [back] = again(ledger)
    with ledger.read() as connection:
        view = source_view(connection, str(flood.id))

    assert (Change.CHANGED, Change.CHANGED) == (changed.kept.change, back.kept.change)
    assert (1, 0) == (len(changed.kept.quotes), len(back.kept.quotes))
    assert not dossier(ledger).stale
    assert [flood.snapshot_sha256, changed.kept.snapshot.sha256] == [state.sha256 for state in view.states]
    assert MONDAY + timedelta(days=2) == view.states[0].last_seen_at


def test_saved_copy_looks_for_quotes_too(ledger, flood, tmp_path):
    """A text is another text, wherever it comes from."""
    (tmp_path / "saved.txt").write_text(WORDS.replace("twice", "once"))
    done = attach(ledger, Attachment(":1", flood.canonical, snapshot=str(tmp_path / "saved.txt")), reviewer="ann")

    assert [QuoteMatch.ALTERED] == [each.recheck.match for each in done.rechecked]
    assert dossier(ledger).stale


def test_words_that_changed_are_shown(ledger, flood, site):
    """With a few words around them; what stands far apart is told apart."""
    far = (
        "Between them stands a long account of the walls, the mills, the fields and the people who kept them, which nobody has touched since. "
        * 3
    )
    site.put("/flood", page(WORDS + far + "The end of it came on a Sunday. "))
    again(ledger)
    site.put("/flood", page(WORDS.replace("twice", "once") + far + "The end of it came on a Monday. "))
    again(ledger)
    with ledger.read() as connection:
        changes = source_view(connection, flood.canonical, diff=True).changes

    assert [["twice", "once"], ["Sunday.", "Monday."]] == [
        [change.text for change in passage if change.kind != "kept"] for passage in changes.passages
    ]
    assert all(len(change.text) <= 400 for passage in changes.passages for change in passage)


def test_one_state_has_no_changes(ledger, flood):
    with ledger.read() as connection:
        assert None is source_view(connection, str(flood.id), diff=True).changes


@pytest.mark.usefixtures("flood")
def test_dead_only_after_three_days(ledger, site, clock):
    """Three failures on one day are one; a sign of life in between begins anew; the text that is held stays."""
    del site.pages["/flood"]
    said = []
    for hours in (0, 1, 2, 24, 25, 48):
        clock.append(MONDAY + timedelta(hours=hours))
        [done] = again(ledger)
        said.append((str(done.kept.standing.liveness), done.kept.standing.failures_days))
    site.put("/flood", page(WORDS))
    clock.append(MONDAY + timedelta(days=3))
    [back] = again(ledger)

    assert [("soft_failure", 1)] * 3 + [("soft_failure", 2)] * 2 + [("dead", 3)] == said
    assert "dead: answered 404, on 3 days since 2024-12-02" == done.kept.why
    assert ("alive", Change.UNCHANGED) == (str(back.kept.standing.liveness), back.kept.change)
    assert not dossier(ledger).stale


def test_dead_source_without_a_text_says_so(ledger, take, site, clock):
    take("It is so.[1]")
    attach(ledger, Attachment(":1", f"{site.url}/gone"), reviewer="ann")
    for days in range(3):
        clock.append(MONDAY + timedelta(days=days))
        with ledger.read() as connection:
            wanted = select(connection, Selection.ALL)
        fetch(ledger, wanted, HASTY, reviewer="ann", on_done=lambda _: None)
    with ledger.read() as connection:
        [(source, _)] = sources.all_sources(connection)

    assert "dead: answered 404, on 3 days since 2024-12-02" == source.no_text_why


@pytest.mark.parametrize(("text", "hours"), [("30d", 720), ("12h", 12), ("2w", 336), ("3", 72), (" 1 D ", 24), ("0d", 0)])
def test_ages_are_read(text, hours):
    assert timedelta(hours=hours) == age_of(text)


@pytest.mark.parametrize("text", ["", "d", "-1d", "1y", "1.5d", "99999999d", "٣d x", "\x1b[2J"])
def test_what_is_no_age(text):
    with pytest.raises(UsageError, match="is no age: write 30d, 12h or 2w"):
        age_of(text)
