"""Fetching sources into a ledger: what is kept of each visit, which are chosen, and what happens when a batch is stopped or nothing answers."""

import json
import threading
from datetime import timedelta

import pytest
from loopback import send, serving
from small_site import HASTY, WORDS, free_port, page, serving_site

from verify.errors import UsageError
from verify.sources import archives
from verify.sources.fetch import Fetcher, Limits
from verify.sources.politeness import Politeness
from verify.store import fetches, replay, snapshots, sources, trail
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.fetch import Manner, Selection, fetch, manner_of, select
from verify.workflows.gather import Network
from verify.workflows.visits import Change


@pytest.fixture
def site():
    with serving_site() as pages:
        yield pages


@pytest.fixture
def run(ledger, take):
    """Attach addresses to a claim each, if they are not yet, and fetch; gives what became of each, by its path."""
    take("One thing is so.[1] Another is so.[2]")

    def fetched(*urls, selection=Selection.NEW, **options):
        for url in urls:
            attach(ledger, Attachment("1", url), reviewer="ann")
        with ledger.read() as connection:
            wanted = select(connection, selection)
        done = []
        fetch(ledger, wanted, options.pop("manner", HASTY), reviewer="ann", on_done=done.append, **options)
        return {each.source.canonical.rpartition("/")[2]: each for each in done}

    return fetched


def held(ledger):
    """The sources by their last path: whether there is text, and why not."""
    with ledger.read() as connection:
        return {s.canonical.rpartition("/")[2]: (bool(s.snapshot_sha256), s.no_text_why) for s, _ in sources.all_sources(connection)}


def events_of(ledger, action="source.fetched"):
    with ledger.read() as connection:
        assert () == replay.verify(connection).misfits
        return [json.loads(e.payload) for e in trail.events(connection) if e.action == action]


def test_a_page_is_kept_with_the_facts_of_its_visit(ledger, run, site):
    """Bytes, text, headings, the address it came from, what it says of itself, and the exchange; in one event."""
    site.put("/flood", page(head='<meta name="author" content="Jane Roe">'), ETag='"1"')
    done = run(f"{site.url}/flood")["flood"]
    with ledger.read() as connection:
        source = sources.source_with_id(connection, done.source.id)
        snapshot = sources.latest_snapshot(connection, done.source.id)
        [visit] = fetches.visits_to(connection)[done.source.id]

    assert (Change.NEW, "") == (done.kept.change, done.kept.why)
    assert ("The flood", [{"family": "Roe", "given": "Jane"}], "") == (source.title, source.csl["author"], source.no_text_why)
    assert (page(head='<meta name="author" content="Jane Roe">'), f"{site.url}/flood") == (snapshot.content, snapshot.origin)
    assert WORDS.strip() in snapshot.text
    assert ["The river"] == [name for *_, name in snapshot.locators]
    assert (200, f"{site.url}/flood", '"1"', snapshot.id, snapshot.sha256) == (
        visit.status,
        visit.reached,
        visit.headers["etag"],
        visit.snapshot_id,
        visit.sha256,
    )
    [event] = events_of(ledger)
    assert ("new", "alive", snapshot.sha256) == (event["change"], event["liveness"], event["snapshot_sha256"])
    assert {"sources", "snapshots", "fetches"} == set(event["rows"])


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        ("gone", {"status": 404}, "soft failure: answered 404 (1 of the 3 days that make it dead)"),
        ("forbidden", {"status": 403}, "blocked: answered 403"),
        ("paid", {"status": 402}, "paywalled: answered 402"),
        ("broken", {"status": 500}, "soft failure: answered 500"),
        ("thin", {"body": b"<html><body><p>Please accept cookies.</p></body></html>"}, "too thin: shows only 3 words"),
        ("picture", {"body": b"\x89PNG\r\n\x1a\n" + bytes(300), "Content_Type": "image/png"}, "unreadable: "),
        ("script", {"body": b"<html><body><script>1</script></body></html>"}, "unreadable: shows no text"),
        ("elsewhere", {"body": page().replace(b"The flood", b"Page not found")}, "soft failure: answered 200, but the page is titled"),
        ("teaser", {"body": page(head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>')}, "paywalled: "),
        ("huge", {"body": b"x" * (2**20 + 1)}, "too large"),
    ],
)
def test_what_brings_no_text_says_why(ledger, run, site, path, answer, why):
    """A reason that a person understands, never a text that is not the source's."""
    site.put(f"/{path}", **answer)
    site.put("/good", page())
    done = run(f"{site.url}/{path}", f"{site.url}/good")

    assert Change.NO_TEXT is done[path].kept.change
    assert done[path].kept.why.startswith(why)
    assert held(ledger)[path][1] == done[path].kept.why
    assert (True, "") == held(ledger)["good"]


def test_one_visit_is_one_event(ledger, run, site):
    """Also one that brought nothing."""
    for path in ("a", "b", "c"):
        site.put(f"/{path}", page(WORDS + path))
    run(*(f"{site.url}/{path}" for path in ("a", "b", "c", "missing")))

    assert ["new", "new", "new", "no text"] == sorted(event["change"] for event in events_of(ledger))
    assert [1, 1, 1, 1] == [len(event["rows"]["fetches"]) for event in events_of(ledger)]


def test_never_asked_are_fetched_and_then_what_failed(ledger, run, site):
    """Each selection by its rule; what is held is not asked again unless all are."""
    site.put("/a", page())
    run(f"{site.url}/a", f"{site.url}/b")
    attach(ledger, Attachment("1", f"{site.url}/c"), reviewer="ann")
    attach(ledger, Attachment("1", "ISBN 978-0-306-40615-7"), reviewer="ann")
    with ledger.read() as connection:
        chosen = {
            selection: {each.source.canonical.rpartition("/")[2] for each in select(connection, selection)} for selection in Selection
        }

    assert {"c"} == chosen[Selection.NEW]
    assert {"b"} == chosen[Selection.UNAVAILABLE]
    assert {"a", "b"} == chosen[Selection.VISITED]
    assert {"a", "b", "c"} == chosen[Selection.ALL]


def test_sources_can_be_named(ledger, run, site):
    """By id, by canonical name, however spelled; one without an address, or that is not held, is refused."""
    site.put("/a", page())
    run(f"{site.url}/a", "doi:10.1000/182")
    attach(ledger, Attachment("1", "note: An interview, by telephone"), reviewer="ann")
    with ledger.read() as connection:
        named = select(connection, Selection.NEW, names=["1", "https://doi.org/10.1000/182", f"{site.url}/a#top"])

        assert ["a", "182"] == [each.source.canonical.rpartition("/")[2] for each in named]
        assert "https://doi.org/10.1000/182" == named[1].request.url
        for name, says in (
            ("offline:an interview, by telephone", "has no address to fetch"),
            ("99", "no source '99' is held"),
            ("\x1b[2J", r"no source '\\x1b[2J' is held"),
        ):
            with pytest.raises(UsageError) as refused:
                select(connection, Selection.NEW, names=[name])
            assert says in str(refused.value)


def test_only_a_documents_sources(ledger, run, take, site):
    """Those that hold up its claims; and none that was taken off."""
    run()
    other = take("A second text.[1] It goes on.[2]", name="other").document.name
    attach(ledger, Attachment("other:1", f"{site.url}/mine"), reviewer="ann")
    attach(ledger, Attachment("other:2", f"{site.url}/off"), reviewer="ann")
    attach(ledger, Attachment("1", f"{site.url}/theirs"), reviewer="ann")
    detach(ledger, "other:2", f"{site.url}/off", reviewer="ann")
    with ledger.read() as connection:
        mine = select(connection, Selection.ALL, document=other)
        everything = select(connection, Selection.ALL)

    assert [f"{site.url}/mine"] == [each.source.canonical for each in mine]
    assert [f"{site.url}/mine", f"{site.url}/theirs"] == sorted(each.source.canonical for each in everything)


def test_nothing_answers(ledger, run):
    """A machine without a network leaves no trace on the sources: no visit, no event, and it is said."""
    done = run(*(f"http://127.0.0.{n}:{free_port()}/{n}" for n in (1, 2, 3)))

    assert [None] * 3 == [each.kept for each in done.values()]
    assert all(each.remark.endswith("nothing answered, so no visit is kept: is this machine online?") for each in done.values())
    assert [] == events_of(ledger)
    assert {(False, "never fetched")} == set(held(ledger).values())


def test_a_page_that_hangs_is_no_missing_network(ledger, run):
    """Its robots.txt answered: the page is too slow, and that is kept."""

    def answer(handler) -> None:
        if handler.path == "/robots.txt":
            send(handler, b"", 404)
        else:
            done.wait(5)

    done = threading.Event()
    hasty = Manner(Fetcher(allowed=HASTY.fetcher.allowed, limits=Limits(seconds=0.3)), HASTY.politeness)
    with serving(answer) as server:
        [fetched] = run(f"{server.url}/a", manner=hasty).values()
        done.set()

    assert ("timeout", "soft failure: too slow") == (fetched.kept.visit.failure, fetched.kept.why)
    assert 1 == len(events_of(ledger))


def test_page_that_says_too_much_of_itself(ledger, run, site):
    """Endless metadata is no reason not to keep its text."""
    site.put("/a", page(head=f'<meta name="author" content="{"A. B., " * 100_000}"><meta property="og:title" content="{"x" * 300_000}">'))
    done = run(f"{site.url}/a")["a"]

    assert Change.NEW is done.kept.change
    assert len(done.source.title) <= 1000
    assert len(json.dumps(dict(done.source.csl))) < 100_000
    assert held(ledger) == {"a": (True, "")}


def test_what_did_not_answer_counts_where_something_did(ledger, run, site):
    """Then it is the host that is away, not the network."""
    site.put("/a", page())
    done = run(f"http://127.0.0.2:{free_port()}/b", f"{site.url}/a")

    assert {"a": Change.NEW, "b": Change.NO_TEXT} == {path: each.kept.change for path, each in done.items()}
    assert "soft failure: no connection" == held(ledger)["b"][1]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://10.0.0.1/a",
        "http://[::ffff:10.0.0.1]/a",
        "http://0177.0.0.1/a",
        "http://127.0.0.9/a",
        "http://2130706433/a",
    ],
)
def test_private_addresses_are_not_reached(ledger, run, url):
    """They are refused before anything is asked, and that is kept as the reason."""
    [done] = run(url).values()

    assert ("refused", Change.NO_TEXT) == (done.kept.visit.failure, done.kept.change)
    assert [(False, "soft failure: address refused")] == list(held(ledger).values())


def test_a_redirect_to_a_private_address_is_not_followed(ledger, run, site):
    site.put("/a", status=302, Location="http://169.254.169.254/latest")
    done = run(f"{site.url}/a")["a"]

    assert ("refused", None) == (done.kept.visit.failure, done.kept.snapshot)
    assert (False, "soft failure: address refused") == held(ledger)["a"]


def test_robots_are_heard_unless_told_otherwise(run, site):
    """A page that robots may not have is blocked, not gone."""
    site.put("/robots.txt", b"User-agent: *\nDisallow: /", Content_Type="text/plain")
    site.put("/a", page())
    refused = run(f"{site.url}/a")["a"]
    allowed = run(selection=Selection.UNAVAILABLE, manner=Manner(HASTY.fetcher, Politeness(delay=0, ignore_robots=True)))["a"]

    assert "blocked: robots.txt says no" == refused.kept.why
    assert Change.NEW is allowed.kept.change
    assert ["/a"] == site.asked


def test_stopped_batch_keeps_what_was_done_and_goes_on(ledger, run, site):
    """Ctrl-C ends it between two results; the next run asks for the rest only."""
    paths = [f"p{n}" for n in range(6)]
    for path in paths:
        site.put(f"/{path}", page(WORDS + path))
    for path in paths:
        attach(ledger, Attachment("1", f"{site.url}/{path}"), reviewer="ann")
    with ledger.read() as connection:
        wanted = select(connection, Selection.NEW)
    done = []

    def interrupted(fetched) -> None:
        done.append(fetched)
        if len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(ledger, wanted, HASTY, reviewer="ann", on_done=interrupted)
    kept = sum(text for text, _ in held(ledger).values())
    rest = run()

    assert (2, 4) == (kept, len(rest))
    assert 6 == len(events_of(ledger))
    assert sorted(f"/{path}" for path in paths) == sorted(site.asked)


def test_stop_is_heard(run, site):
    """A batch that is told to stop before it begins asks nobody."""
    stop = threading.Event()
    stop.set()

    assert {} == run(f"{site.url}/a", stop=stop)
    assert [] == site.server.paths


def test_unchanged_page_is_not_sent_again(ledger, run, site):
    """The server says that it did not change; the snapshot is seen again, and stays the only one."""
    site.put("/a", page(), ETag='"1"')
    first = run(f"{site.url}/a")["a"]
    second, third = (run(selection=Selection.VISITED)["a"] for _ in range(2))
    with ledger.read() as connection:
        [state] = snapshots.states_of(connection, first.source.id)
        visits = fetches.visits_to(connection)[first.source.id]

    assert [200, 304, 304] == [visit.status for visit in visits]
    assert {first.kept.snapshot.id} == {visit.snapshot_id for visit in visits}
    assert [Change.UNCHANGED] * 2 == [second.kept.change, third.kept.change]
    assert third.kept.visit.at == state.last_seen_at


def test_page_that_counts_its_visitors_is_unchanged(ledger, run, site):
    """Other bytes with the same text are no new state of the source."""
    site.put("/a", page(head="<!-- 1 -->"))
    first = run(f"{site.url}/a")["a"]
    site.put("/a", page(head="<!-- 2 -->"))
    again = run(selection=Selection.VISITED)["a"]
    with ledger.read() as connection:
        states = snapshots.states_of(connection, first.source.id)

    assert (Change.UNCHANGED, 1) == (again.kept.change, len(states))
    assert first.kept.visit.sha256 != again.kept.visit.sha256


@pytest.mark.parametrize(
    "answer",
    [
        {"body": b"<html><body><p>Please log in.</p></body></html>"},
        {"status": 404},
        {"body": page().replace(b"The flood", b"404 Not Found")},
        {"body": page("Other words. " * 20, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>')},
        {"body": b"\x89PNG\r\n\x1a\n" + bytes(300)},
    ],
)
def test_text_that_is_held_stays(ledger, run, site, answer):
    """A login page, an error, a teaser in its place later take nothing away."""
    site.put("/a", page())
    first = run(f"{site.url}/a")["a"]
    site.put("/a", **answer)
    again = run(selection=Selection.VISITED)["a"]
    with ledger.read() as connection:
        latest = sources.latest_snapshot(connection, first.source.id)

    assert (Change.NO_TEXT, first.kept.snapshot.sha256) == (again.kept.change, latest.sha256)
    assert again.kept.why
    assert (True, "") == held(ledger)["a"]


def test_a_text_comes_where_none_was(ledger, run, site):
    """A page that was thin, or not there, is one whole page later."""
    site.put("/thin", b"<html><body><p>Please log in.</p></body></html>")
    run(f"{site.url}/thin", f"{site.url}/late")
    site.put("/thin", page())
    site.put("/late", page())
    again = run(selection=Selection.UNAVAILABLE)

    assert {"thin": Change.NEW, "late": Change.NEW} == {path: each.kept.change for path, each in again.items()}
    assert {(True, "")} == set(held(ledger).values())


def test_what_a_person_typed_goes_before_what_a_page_says(ledger, run, site):
    site.put("/a", page(head='<meta name="author" content="Jane Roe">'))
    attach(ledger, Attachment("1", f"{site.url}/a", title="My own title"), reviewer="ann")
    done = run()["a"]

    assert ("My own title", "My own title") == (done.source.title, done.source.csl["title"])
    assert "author" in done.source.csl


@pytest.fixture
def archive(monkeypatch):
    """An archive on loopback that has a copy of /gone; its address is the one that archives have."""
    copy = "http://web.archive.org/web/20240101000000/"

    def answered(handler) -> None:
        asked = handler.path.partition("url=")[2]
        if handler.path.startswith("/wayback") and asked.endswith("gone"):
            closest = {"available": True, "status": "200", "url": f"{copy}http://example.org/gone", "timestamp": "20240101000000"}
            send(handler, json.dumps({"archived_snapshots": {"closest": closest}}).encode())
        elif handler.path.startswith("/wayback"):
            send(handler, json.dumps({"archived_snapshots": {}}).encode(), 200 if asked.endswith("lost") else 500)
        else:
            send(handler, page("The archive has it as it was. " + WORDS), 200 if "gone" in handler.path else 404, Content_Type="text/html")

    with serving(answered) as server:
        monkeypatch.setattr(archives.ArchivedCopy, "raw_url", property(lambda self: f"{server.url}/copy/{self.inner_url}"))
        yield Manner(HASTY.fetcher, HASTY.politeness, availability=f"{server.url}/wayback/available")


def test_an_archives_copy_of_what_is_gone(ledger, run, site, archive):
    """Its text is kept with the copy's whole address; the source's own address is as gone as it was."""
    done = run(f"{site.url}/gone", f"{site.url}/lost", f"{site.url}/x", manner=archive, archived=True)
    with ledger.read() as connection:
        snapshot = sources.latest_snapshot(connection, done["gone"].source.id)

    copy = "https://web.archive.org/web/20240101000000/http://example.org/gone"
    assert (Change.NEW, copy, "soft_failure") == (done["gone"].kept.change, done["gone"].archive, str(done["gone"].kept.standing.liveness))
    assert (copy, (True, "")) == (snapshot.origin, held(ledger)["gone"])
    assert "The archive has it as it was." in snapshot.text
    assert "the archive has no copy" == done["lost"].remark
    assert "the archive was asked for a copy: " in done["x"].remark
    assert {"gone": 2, "lost": 1, "x": 1} == {
        path: sum(event["source"].endswith(f"/{path}") for event in events_of(ledger)) for path in ("gone", "lost", "x")
    }


def test_no_copy_is_asked_for_unless_it_is_wanted(run, site, archive):
    assert Change.NO_TEXT is run(f"{site.url}/gone", manner=archive)["gone"].kept.change


def test_offline_nothing_is_asked():
    with pytest.raises(UsageError, match="--offline"):
        manner_of(Network(offline=True))


def test_age_of_a_visit(ledger, run, site):
    """Only what was last asked long enough ago."""
    site.put("/a", page())
    run(f"{site.url}/a")
    with ledger.read() as connection:
        assert [] == select(connection, Selection.VISITED, older_than=timedelta(hours=1))
        assert 1 == len(select(connection, Selection.VISITED))
