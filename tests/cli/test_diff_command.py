"""`verify diff`, `ingest --dry-run` and `list --stale`: a user sees what a new revision does to the work."""

import json
import re
import shutil
from html.parser import HTMLParser

import pytest

from verify.claims.reconcile import reconcile

FIRST = """The bridge was opened in 1998 by the mayor.[1]

The river floods the lower town every spring.[2]

About 3,500 people live on the far bank.[3]

The old ferry was sold to a museum in the capital.[2]

A market is held on the square, and the church stands beside it since the middle ages.[1]

References

1. Smith, A. The bridge. https://example.org/bridge

2. Brown, B. The river. https://example.org/river

3. Green, C. The census. https://example.org/census
"""
SECOND = """The river floods the lower town every spring.[3]

The bridge was opened in 1998 by the mayor.[2]

About 2,000 people live on the far bank.[4]

A market is held on the square.[2]

The church stands beside it since the middle ages.[2]

A new school was built of brick and glass.[1]

References

1. Black, D. The school. https://example.org/school

2. Smith, A. The bridge. https://example.org/bridge

3. Brown, B. The river. https://example.org/river

4. Green, C. The census. https://example.org/census
"""


@pytest.fixture
def town(verify, desk):
    """A document with decisions, and its next revision in a file beside it."""
    (desk / "town.txt").write_text(FIRST)
    (desk / "later.txt").write_text(SECOND)
    assert verify("ingest", "town.txt").code == 0
    assert verify("decide", "1", "2", "3", "5", "verified").code == 0
    return desk


def changes(verify, *arguments):
    run = verify("diff", "town", *arguments, "--json")
    assert run.code == 0, run.err
    return {(c["after"] or c["before"])["text"][:20]: c for c in run.data["changes"]}


@pytest.mark.usefixtures("town")
def test_a_revision_and_its_work(verify):
    """Renumbered citations are no change; the edited, split and missing are stale, and nothing else."""
    dry = verify("ingest", "--dry-run", "later.txt", "--as", "town")
    assert (dry.code, verify("diff", "town").code) == (0, 2)
    assert "1 absent" in dry.out
    assert "nothing was written" in dry.out
    assert "split from claim 5" in dry.out

    assert verify("ingest", "later.txt", "--as", "town").code == 0
    found = changes(verify)

    assert {text: c["state"] for text, c in found.items()} == {
        "About 2,000 people l": "updated",
        "A market is held on ": "new",
        "The church stands be": "updated",
        "A new school was bui": "new",
        "The old ferry was so": "absent",
        **{text: "unchanged" for text in ("The river floods the", "The bridge was opene") if text in found},
    }
    assert found["The bridge was opene"]["renumbered"] or found["The river floods the"]["renumbered"]
    assert {d["text"][:20] for d in verify("list", "--stale", "--json").data["claims"]} == {
        "About 2,000 people l",
        "A market is held on ",
        "The church stands be",
    }
    assert verify("trail", "verify").code == 0


@pytest.mark.usefixtures("town")
def test_sources_follow_their_references(verify):
    """The school's is number 1 now; the bridge's claim still has the bridge's source."""
    verify("ingest", "later.txt", "--as", "town")
    sources = {c["text"][:10]: c["sources"] for c in verify("list", "--all", "--json").data["claims"]}

    assert sources["The bridge"] == ["https://example.org/bridge"]
    assert sources["A new scho"] == ["https://example.org/school"]
    assert sources["About 2,00"] == ["https://example.org/census"]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_every_format_says_what_changed(verify, form):
    verify("ingest", "later.txt", "--as", "town")
    run = verify("diff", "town", "-f", form)

    assert run.code == 0
    assert "3,500" in run.out
    assert "2,000" in run.out
    assert "stale" in run.out
    assert "split from claim 5" in run.out
    if form == "html":
        HTMLParser().feed(run.out)
        assert "<del>3,500</del><ins>2,000</ins>" in run.out
    if form == "text":
        assert "About [-3,500-]{+2,000+} people" in run.out
    if form == "markdown":
        assert "~~3,500~~**2,000**" in run.out


def test_any_two_revisions(verify, town):
    """A number counts from the first, or, negative, back from the current one; the order may be turned round."""
    verify("ingest", "later.txt", "--as", "town")
    shutil.copy(town / "town.txt", town / "again.txt")
    verify("ingest", "again.txt", "--as", "town")

    assert verify("diff", "town", "1", "3", "--exit-code").code == 0
    assert verify("diff", "town", "1", "2", "--exit-code").code == 1
    assert verify("diff", "town", "2", "1", "--json").data["counts"]["absent"] == 2
    assert verify("diff", "town", "-1", "--json").data["before"]["sequence"] == 2
    assert verify("diff", "town", "--stat").out == ""
    everything = verify("diff", "town", "1", "3", "--all", "--json").data["changes"]
    assert [c["state"] for c in everything] == ["unchanged"] * 5


def test_what_was_gone_comes_back_with_its_work(verify, town):
    verify("decide", "4", "verified")
    verify("ingest", "later.txt", "--as", "town")
    assert [c["id"] for c in verify("list", "--absent", "--json").data["claims"]] == [4]
    (town / "back.txt").write_text(FIRST)
    verify("ingest", "back.txt", "--as", "town")
    (claim,) = verify("list", "--all", "--search", "old ferry", "--json").data["claims"]

    assert (claim["id"], claim["status"], claim["stale"], claim["absent"]) == (4, "verified", False, False)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["town"], "one revision only"),
        (["nowhere"], "there is no document"),
        (["town", "1", "7"], "no revision 7; there are 1 to 1"),
        (["town", "x"], "no revision's number"),
        (["town", "0"], "no revision"),
        (["town", "1", "1", "1"], "two revisions at most"),
        (["town", "99999999999999999999"], "no revision"),
    ],
)
def test_what_cannot_be_compared(verify, arguments, says):
    run = verify("diff", *arguments)

    assert (run.code, run.out) == (2, "")
    assert says in run.err


def test_dry_run_needs_no_ledger(verify, desk):
    (desk / "town.txt").write_text(FIRST)
    run = verify("ingest", "--dry-run", "town.txt")

    assert (run.code, run.out) == (0, "town: 5 new; nothing was written\n")
    assert not [*desk.glob("*.db")]


def test_hostile_words_stay_words(verify, desk):
    """In every format: no tag, no link, no escape sequence, no formula."""
    (desk / "a.txt").write_text("The value was <b>ten</b> and [here](http://x.example) said twelve of the people.\n")
    (desk / "b.txt").write_text("The value was <script>alert(1)</script>\x1b[31m and [here](http://x.example) said twelve of the people.\n")
    verify("ingest", "a.txt", "--as", "a")
    verify("ingest", "b.txt", "--as", "a")
    forms = {form: verify("diff", "a", "-f", form).out for form in ("text", "markdown", "html", "json")}

    assert all("alert(1)" in out.replace("\\", "") for out in forms.values())
    assert not any("\x1b" in out for out in forms.values())
    assert "<script" not in forms["html"]
    assert not re.search(r"(?<!\\)\[here(?<!\\)\]\(", forms["markdown"])
    assert json.loads(forms["json"])["counts"]["updated"] == 1


def test_reading_again_with_the_other_layout_keeps_the_work(verify, desk):
    text = "\n\n".join(f"[{n}] The {word} stood on the hill above the town." for n, word in enumerate(("mill", "tower", "barn"), 1))
    (desk / "hill.txt").write_text(text)
    verify("ingest", "hill.txt", "--markers", "leading")
    verify("decide", "1", "2", "3", "verified")
    run = verify("ingest", "hill.txt", "--markers", "trailing")
    claims = verify("list", "--all", "--json").data["claims"]

    assert "read again" in run.out
    assert [(c["id"], c["status"], c["stale"]) for c in claims] == [(1, "verified", True), (2, "verified", True), (3, "verified", True)]
    verify("ingest", "hill.txt", "--markers", "leading")
    assert [c["stale"] for c in verify("list", "--all", "--json").data["claims"]] == [False] * 3


def test_like_sentences_are_never_swapped(verify, desk):
    """Which of two twins is which when both lose their place: a person sees both, and nothing is carried."""
    (desk / "a.txt").write_text("It was rebuilt after the war.\n\nThe bridge fell.\n\nIt was rebuilt after the war.\n")
    (desk / "b.txt").write_text("The church burnt down.\n\nIt was rebuilt after the war.\n\nNobody knows why.\n")
    verify("ingest", "a.txt", "--as", "a")
    verify("decide", "1", "verified")
    verify("decide", "3", "failed_verification")
    verify("ingest", "b.txt", "--as", "a")
    (claim,) = verify("list", "--all", "--search", "rebuilt", "--json").data["claims"]

    assert (claim["status"], claim["id"] in (1, 3)) == ("unverified", False)
    assert {c["id"] for c in verify("list", "--absent", "--json").data["claims"]} >= {1, 3}
    assert "nothing settles it" in verify("show", str(claim["id"])).out
    assert reconcile([], []).matches == ()
