"""`verify fetch` and `verify sources refresh`: what they say, how they are stopped, and what they leave alone."""

import os
import pty
import re
import signal
import subprocess
import time

import pytest
from loopback import send, serving
from small_site import WORDS, free_port, page, serving_site


@pytest.fixture
def site(monkeypatch):
    """A site that may be fetched from, at once."""
    monkeypatch.delenv("VERIFY_OFFLINE")
    monkeypatch.setenv("VERIFY_ALLOW_HOSTS", "127.0.0.1, 127.0.0.2")
    monkeypatch.setenv("VERIFY_FETCH_DELAY", "0")
    with serving_site() as pages:
        pages.put("/flood", page())
        yield pages


def attach_all(verify, site, *paths: str) -> None:
    for path in paths:
        assert 0 == verify("attach", "1", f"{site.url}/{path}", "--no-fetch").code


@pytest.mark.usefixtures("held_seed")
def test_fetch_says_what_became_of_each(verify, site):
    """A line a source, a summary on stderr; the next run has nothing to do, and `--only unavailable` tries the rest again."""
    attach_all(verify, site, "flood", "gone")
    first, second = verify("fetch"), verify("fetch")
    site.put("/gone", page())
    third = verify("sources", "fetch", "--only", "unavailable")

    assert [
        "[1] The flood: text kept, 131 characters",
        f"[2] {site.url}/gone: no text: soft failure: answered 404 (1 of the 3 days that make it dead)",
    ] == sorted(first.out.splitlines())
    assert (0, "2 sources to fetch: 1 new, 1 no text\n") == (first.code, first.err)
    assert (0, "", "0 sources to fetch\n") == (second.code, second.out, second.err)
    assert "[2] The flood: text kept, 131 characters\n" == third.out


@pytest.mark.usefixtures("held_seed")
def test_fetch_for_programs(verify, site):
    """One JSON object a source, with the facts of its visit."""
    attach_all(verify, site, "flood", "gone")
    held, gone = sorted(verify("fetch", "--json").objects, key=lambda each: each["id"])

    assert ("new", "alive", 200, "", "The flood") == tuple(held[name] for name in ("change", "liveness", "status", "why", "title"))
    assert 64 == len(held["snapshot_sha256"])
    assert ("no text", "soft_failure", 404, "") == tuple(gone[name] for name in ("change", "liveness", "status", "snapshot_sha256"))


@pytest.mark.usefixtures("held_seed")
def test_attach_fetches_unless_told_otherwise(verify, site):
    """With --no-fetch, --offline, or offline set, nobody is asked; a quote then has no text to stand in."""
    untouched = [
        verify("attach", ":18", f"{site.url}/flood", "--no-fetch"),
        verify("--offline", "attach", ":18", f"{site.url}/flood"),
        verify("attach", ":18", f"{site.url}/flood", "--offline"),
    ]
    refused = verify("attach", ":18", f"{site.url}/flood", "--no-fetch", "--quote", "nine days")
    asked = list(site.server.paths)
    fetched = verify("attach", ":18", f"{site.url}/flood", "--quote", "nine days", "--quote", "the river left its bed twice")

    assert ([0, 0, 0], []) == ([run.code for run in untouched], asked)
    assert (2, True) == (refused.code, "is not held (never fetched), so its quote cannot be checked" in refused.err)
    assert (0, 2) == (fetched.code, fetched.out.count("quote found (exact)"))
    assert f"asked {site.url}/flood: text kept, 131 characters" in fetched.err.splitlines()
    assert ", The river: nine days" in fetched.out


@pytest.mark.usefixtures("held_seed")
def test_address_that_fails_is_attached(verify, site):
    run = verify("attach", ":18", f"{site.url}/gone")

    assert (0, True) == (run.code, "it serves 1 claim (1)" in run.out)
    assert f"asked {site.url}/gone: no text: soft failure: answered 404 (1 of the 3 days that make it dead)" in run.err.splitlines()


@pytest.mark.usefixtures("held_seed")
def test_manifest_fetches_nothing(verify, site, desk):
    (desk / "list.csv").write_text(f"citation,source\n18,{site.url}/flood\n")
    run = verify("attach", "--manifest", "list.csv")

    assert (0, []) == (run.code, site.server.paths)
    assert "its text is not here yet: never fetched" in run.err.splitlines()


@pytest.mark.parametrize("command", [("fetch",), ("sources", "fetch", "1"), ("sources", "refresh")])
@pytest.mark.usefixtures("held_seed")
def test_offline(verify, command):
    """It is refused in one line."""
    run = verify(*command, "--offline")

    assert (2, "", "verify: --offline (or the setting offline) keeps the network out: nothing is fetched\n") == (run.code, run.out, run.err)


@pytest.mark.usefixtures("held_seed")
def test_machine_without_a_network(verify, site, events):
    """Nothing is kept, it is said, and the exit code says that it could not be done."""
    verify("attach", "1", f"http://127.0.0.2:{free_port()}/a", "--no-fetch")
    before = len(events())
    run = verify("fetch")

    assert 3 == run.code
    assert "nothing answered, so no visit is kept: is this machine online?" in run.out
    assert (before, "1 source to fetch: 1 not fetched\n") == (len(events()), run.err)
    assert [] == site.server.paths


@pytest.mark.usefixtures("held_seed")
def test_refresh_says_what_became_stale(verify, site):
    """The claims whose decisions stood on the old text, the quotes and how they read now; the difference word by word."""
    site.put("/flood", page(), ETag='"1"')
    verify("attach", ":18", f"{site.url}/flood", "--quote", "the river left its bed twice")
    verify("decide", "1", "verified")
    unchanged = verify("sources", "refresh")
    site.put("/flood", page(WORDS.replace("twice", "three times")))
    changed = verify("sources", "refresh", "--older-than", "0d")
    shown = verify("sources", "show", "1", "--diff")

    assert "[1] The flood: unchanged\n" == unchanged.out
    assert [
        "[1] The flood: changed, new text kept, 137 characters",
        "[1] The flood has changed; `verify sources show 1 --diff` shows how",
    ] == changed.out.splitlines()[:2]
    assert "  claim 1 is stale (verified): " in changed.out
    assert "  quote (claim 1) no longer stands as it was kept: the river left its bed twice" in changed.out.splitlines()
    assert '    says "twice", the source prints "three" (' in changed.out
    assert "the river left its bed [-twice-]{+three times+} before" in shown.out
    assert "in the latest text: altered: the river left its bed three" in shown.out
    assert ["1"] == [str(claim["id"]) for claim in verify("list", "--stale", "--json").data["claims"]]
    assert (2, True) == (
        verify("sources", "refresh", "--older-than", "soon").code,
        "is no age" in verify("sources", "refresh", "--older-than", "soon").err,
    )


@pytest.mark.usefixtures("held_seed")
def test_young_visits_are_left_alone(verify, site):
    verify("attach", ":18", f"{site.url}/flood")

    assert "0 sources to fetch\n" == verify("sources", "refresh", "--older-than", "30d").err
    assert ["/flood"] == site.asked


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fetch", "99"), "no source '99' is held"),
        (("fetch", "--only", "new", "1", "--all"), "name sources, or say which with --only or --all"),
        (("fetch", "-d", "none"), "there is no document 'none'"),
        (("fetch", "--delay", "-1"), "-1"),
        (("fetch", "\x1b[2J"), r"\x1b[2J"),
    ],
)
@pytest.mark.usefixtures("held_seed", "site")
def test_what_makes_no_sense(verify, arguments, says):
    run = verify(*arguments)

    assert (2, "") == (run.code, run.out)
    assert says in run.err
    assert "\x1b" not in run.err


@pytest.mark.usefixtures("held_seed")
def test_hostile_pages_do_not_reach_the_terminal(verify, site):
    """Titles, addresses and headers are other people's words."""
    site.put("/evil", page().replace(b"The flood", "\x1b[2J\u202eevil\x07 title".encode()), ETag='"\\x1b[2J"')
    verify("attach", ":18", f"{site.url}/evil")
    runs = [verify("fetch", "--all"), verify("sources"), verify("sources", "show", "1"), verify("sources", "export", "-f", "ris")]

    assert [0, 0, 0, 0] == [run.code for run in runs]
    assert not [c for run in runs[:3] for c in run.out + run.err if c in "\x1b\x07\u202e"]


@pytest.mark.usefixtures("held_seed")
def test_interrupted_fetch_goes_on(verify, desk, monkeypatch):
    """Ctrl-C keeps what was done and says how to go on; the next run asks for the rest."""
    monkeypatch.delenv("VERIFY_OFFLINE")
    monkeypatch.setenv("VERIFY_ALLOW_HOSTS", "127.0.0.1")
    monkeypatch.setenv("VERIFY_FETCH_DELAY", "0")
    slow = [True]

    def answer(handler) -> None:
        if handler.path == "/slow" and slow[0]:
            time.sleep(20)
        send(handler, page(), 404 if handler.path == "/robots.txt" else 200, Content_Type="text/html")

    with serving(answer) as server:
        for path in ("a", "b", "slow", "c"):
            verify("attach", "1", f"{server.url}/{path}", "--no-fetch")
        running = subprocess.Popen(
            [os.sys.executable, "-m", "verify", "fetch"], cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        first = [running.stdout.readline() for _ in range(2)]
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
        slow[0] = False
        rest = verify("fetch")

    assert ["[1] The flood: text kept, 131 characters\n", "[2] The flood: text kept, 131 characters\n"] == first
    assert 130 == running.returncode
    assert "stopped: 2 of 4 sources done and kept; the same command goes on with the rest" in said.splitlines()
    assert (0, 2) == (rest.code, len(rest.out.splitlines()))


@pytest.mark.usefixtures("held_seed")
def test_bar_is_shown_on_a_terminal_only(verify, site, desk):
    """On stderr, where somebody looks; not when it is asked to be away, nor in a file."""
    attach_all(verify, site, "flood")

    def bar(*options: str) -> str:
        ours, theirs = pty.openpty()
        command = [os.sys.executable, "-m", "verify", "fetch", "--all", *options]
        subprocess.run(command, cwd=desk, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"}, check=True)
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 65536):
                said += piece
        except OSError:
            pass
        os.close(ours)
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said.decode())

    assert "fetching" in bar()
    assert "fetching" not in bar("--no-progress")
    assert "fetching" not in verify("fetch", "--all").err
