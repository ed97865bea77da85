"""A source is added by itself, and another one comes to stand where it stood: with its quotes where they stand there too."""

import json

import pytest
from small_site import HASTY, WORDS, page, serving_site

from verify.errors import ReadError, UsageError
from verify.model import Status, stale_why
from verify.store import claims, replay, sources, trail
from verify.workflows.add import add_source
from verify.workflows.attach import Attachment, attach
from verify.workflows.decide import decide
from verify.workflows.lookup import open_lookup
from verify.workflows.relink import relink

OLD, NEW = "https://example.org/old", "https://example.org/new"


@pytest.fixture
def saved(tmp_path):
    def written(text: str, name: str = "saved.txt") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


@pytest.fixture
def held(ledger, take, saved):
    """Two claims with a source by its number and one by itself, two quotes of it, a decision."""
    take("It rained for nine days.[1] The river rose.[1] Nobody came.[2]")
    copy = saved(WORDS)
    quotes = ("for nine days", "the river left its bed twice")
    attach(ledger, Attachment(":1", OLD, quotes=quotes, snapshot=copy, locator="p. 3", note="mine"), reviewer="ann")
    attach(ledger, Attachment("3", OLD), reviewer="ann")
    decide(ledger, [1], Status.VERIFIED, reviewer="ann")


def dossier(ledger, claim=1):
    with ledger.read() as connection:
        return claims.dossier(connection, claim)


def last_event(ledger):
    with ledger.read() as connection:
        assert () == replay.verify(connection).misfits
        return trail.events(connection)[-1]


@pytest.mark.usefixtures("held")
def test_new_source_stands_where_the_old_one_stood(ledger, saved):
    """For numbers and for single claims, with locator and note; the quotes that stand there go along, the other is told."""
    done = relink(ledger, OLD, NEW, reviewer="bob", snapshot=saved(WORDS.replace("twice", "once"), "new.txt"), title="New")
    [link] = dossier(ledger).links
    event = last_event(ledger)

    assert (2, ["for nine days"], ["the river left its bed twice"]) == (
        done.links,
        [quote.quote.exact for quote in done.carried],
        [quote.quote.exact for quote, _ in done.left],
    )
    assert 'says "twice", the source prints "once" (' in done.left[0][1]
    assert (NEW, "p. 3", "mine", "bob", ["for nine days"]) == (
        link.source.canonical,
        link.locator,
        link.note,
        link.reviewer,
        [quote.quote.exact for quote in link.evidence],
    )
    assert [NEW] == [link.source.canonical for link in dossier(ledger, 3).links]
    assert f"a source was taken off ({OLD})" == stale_why(dossier(ledger))
    assert ("source.relinked", "source:1") == (event.action, event.subject)
    assert (OLD, NEW) == (json.loads(event.payload)["source"], json.loads(event.payload)["new"])


@pytest.mark.usefixtures("held")
def test_without_a_text_no_quote_goes_along(ledger):
    done = relink(ledger, "1", NEW, reviewer="bob")

    assert ["the text of the new source is not held"] * 2 == [why for _, why in done.left]


@pytest.mark.usefixtures("held")
def test_new_address_is_asked(ledger):
    with serving_site() as site:
        site.put("/moved", page(WORDS))
        done = relink(ledger, OLD, f"{site.url}/moved", reviewer="bob", manner=HASTY)

    assert (2, "The flood", ["The river", "The river"]) == (
        len(done.carried),
        done.new.title,
        [quote.locator for quote in dossier(ledger).links[0].evidence],
    )


def test_document_does_not_link_the_old_one_again(ledger, take):
    """Its list names it still; a person said otherwise."""
    text = f"It rained.[1] It froze.[1]\n\nReferences\n\n1. Smith. On rain. {OLD}\n"
    take(text, name="a")
    relink(ledger, OLD, NEW, reviewer="bob")
    take(text.replace("froze", "froze hard"), name="a")

    assert [NEW] == [link.source.canonical for link in dossier(ledger).links]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("name", "new", "says"),
    [
        (OLD, OLD + "#top", "is the same source"),
        ("9", NEW, "no source '9' is held"),
        (OLD, "x", "names no source"),
        (NEW, OLD, "nothing is linked to"),
    ],
)
def test_what_cannot_be_relinked(ledger, name, new, says):
    """And then nothing is written."""
    add_source(ledger, NEW, reviewer="ann")
    before = last_event(ledger)
    with pytest.raises(UsageError, match=says):
        relink(ledger, name, new, reviewer="bob")

    assert before == last_event(ledger)


def test_source_by_itself(ledger, saved):
    """Once; a copy that comes later is its text."""
    first = add_source(ledger, NEW, reviewer="ann", title="New")
    again = add_source(ledger, f"{NEW}#part", reviewer="ann")
    with_text = add_source(ledger, NEW, reviewer="ann", snapshot=saved(WORDS))
    file = add_source(ledger, saved("Another text."), reviewer="ann")
    with ledger.read() as connection:
        held = [source.canonical for source, _ in sources.all_sources(connection)]

    assert (("source",), (), ("text",), ("source", "text")) == (first.added, again.added, with_text.added, file.added)
    assert [NEW, file.source.canonical] == held
    assert ("source.added", f"source:{file.source.id}") == (last_event(ledger).action, last_event(ledger).subject)
    with pytest.raises(ReadError, match="no such file"):
        add_source(ledger, NEW, reviewer="ann", snapshot="missing.txt")


def test_doi_is_looked_up_in_a_file(ledger, tmp_path):
    """However it is written; its title and its item are the file's, until a person says otherwise."""
    (tmp_path / "works.bib").write_text("@article{x, doi = {10.1000/rain}, title = {On rain}, year = 2020}")
    works, faults = open_lookup(str(tmp_path / "works.bib"))
    bare = add_source(ledger, "doi:10.1000/rain", reviewer="ann")
    done = add_source(ledger, "https://doi.org/10.1000/RAIN", reviewer="ann", works=works)
    other = add_source(ledger, "10.1000/other", reviewer="ann", works=works)

    assert [] == faults
    assert (("source",), ("details",), ("source",)) == (bare.added, done.added, other.added)
    assert ("On rain", "article-journal") == (done.source.title, done.source.csl["type"])
    assert "" == other.source.title
