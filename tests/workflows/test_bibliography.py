"""Bibliographies in and out: every entry is a source, found by its key wherever it is cited, and a broken one is kept."""

import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from small_site import HASTY, WORDS, page, serving_site

from verify.errors import ReadError, UsageError, VerifyError
from verify.store import bibliography, claims, replay, sources, trail
from verify.workflows.attach import Attachment, attach, detach
from verify.workflows.bibliography import export_items, export_text, export_warc, import_bibliography
from verify.workflows.gather import Network
from verify.workflows.lookup import open_lookup

BIB = r"""@article{smith2020, author = {Smith, Jane}, title = {On rain}, year = 2020, doi = {10.1000/rain}}
@book{roe1999, author = {Roe, R.}, title = {Rivers}, year = 1999, isbn = {0-306-40615-2}}
@misc{nobody, author = {Doe, Ann}, title = {A talk that nobody printed}, year = 2001}
@online{site, title = {A page}, url = {https://example.org/page}}
"""


@pytest.fixture
def file(tmp_path):
    """Write a bibliography, and give its path."""

    def written(text: str = BIB, name: str = "refs.bib") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def sources_of(ledger, claim_id: int) -> list[tuple[str, str]]:
    """The sources of a claim, each with who attached it."""
    with ledger.read() as connection:
        return [(link.source.canonical, link.reviewer) for link in claims.dossier(connection, claim_id).links]


def all_sources(ledger):
    with ledger.read() as connection:
        return {source.canonical: source for source, _ in sources.all_sources(connection)}


def events_of(ledger):
    with ledger.read() as connection:
        assert () == replay.verify(connection).misfits
        return [e for e in trail.events(connection) if e.action == "bibliography.imported"]


def test_entries_become_sources(ledger, file):
    """By identifier, else by their words; with their titles and items."""
    done = import_bibliography(ledger, file(), reviewer="ann")
    held = all_sources(ledger)

    assert {"new": 4, "changed": 0, "unchanged": 0} == done.counts
    assert ["doi:10.1000/rain", "isbn:9780306406157", "offline:doe 2001. a talk that nobody printed", "https://example.org/page"] == list(
        held
    )
    assert ("On rain", "article-journal", "never fetched") == (
        held["doi:10.1000/rain"].title,
        held["doi:10.1000/rain"].csl["type"],
        held["doi:10.1000/rain"].no_text_why,
    )
    assert 1 == len(events_of(ledger))


def test_manuscript_finds_its_entry(ledger, take, file):
    """One that is held already, and one that comes later; the link is the document's own."""
    take(
        r"\documentclass{article}\begin{document}It rained \cite{smith2020}. It froze \cite{lost}.\end{document}",
        format="latex",
        name="one",
    )
    import_bibliography(ledger, file(), reviewer="ann")
    take("The river rose [@roe1999; @smith2020].", format="markdown", name="two")

    assert [("doi:10.1000/rain", "")] == sources_of(ledger, 1)
    assert [] == sources_of(ledger, 2)
    assert [("isbn:9780306406157", ""), ("doi:10.1000/rain", "")] == sources_of(ledger, 3)


def test_links_by_key_survive_the_next_reading(ledger, take, file):
    """And follow the key: what is no longer cited holds up nothing."""
    import_bibliography(ledger, file(), reviewer="ann")
    take("It rained [@smith2020]. It rose [@roe1999].", format="markdown", name="one")
    take("It rained [@smith2020]. It rose, they say.", format="markdown", name="one")

    assert [("doi:10.1000/rain", "")] == sources_of(ledger, 1)
    assert [] == sources_of(ledger, 2)


def test_what_a_person_took_off_stays_off(ledger, take, file):
    take("It rained [@smith2020].", format="markdown", name="one")
    import_bibliography(ledger, file(), reviewer="ann")
    detach(ledger, "one:smith2020", "doi:10.1000/rain", reviewer="ann")
    import_bibliography(ledger, file(BIB + "@book{new, title = {New}}"), reviewer="ann")

    assert [] == sources_of(ledger, 1)


def test_numbers_are_no_keys(ledger, take, file):
    """An item that a program numbered 1 is not what a text means by [1]."""
    take("It rained.[1]")
    import_bibliography(ledger, file('[{"id": "1", "type": "book", "title": "One"}]', "export.json"), reviewer="ann")

    assert [] == sources_of(ledger, 1)
    assert ["offline:one"] == list(all_sources(ledger))


def test_same_file_again_changes_nothing(ledger, take, file):
    take("It rained [@smith2020].", format="markdown", name="one")
    import_bibliography(ledger, file(), reviewer="ann")
    again = import_bibliography(ledger, file(), reviewer="ann")

    assert ({"new": 0, "changed": 0, "unchanged": 4}, 0, 0) == (again.counts, again.new_sources, again.linked)
    assert 1 == len(events_of(ledger))


def test_changed_entry_takes_the_place_of_the_old(ledger, take, file):
    """Its key leads to the new work, in documents too; the old source is kept."""
    take("It rained [@smith2020].", format="markdown", name="one")
    import_bibliography(ledger, file(), reviewer="ann")
    again = import_bibliography(ledger, file(BIB.replace("10.1000/rain", "10.1000/rain.v2")), reviewer="ann")

    assert {"new": 0, "changed": 1, "unchanged": 3} == again.counts
    assert [("doi:10.1000/rain.v2", "")] == sources_of(ledger, 1)
    assert "doi:10.1000/rain" in all_sources(ledger)


def test_broken_entries_are_told_and_kept(ledger, file):
    """As they are written; the others are read all the same, and so is the broken one once it is mended."""
    broken = "@book{open, title = {No end\n@book{good, title = {Good one}}\n@book{, title = {No key}}\n"
    done = import_bibliography(ledger, file(broken), reviewer="ann")
    with ledger.read() as connection:
        kept = bibliography.all_entries(connection)

    assert [("open", 1), ("", 3)] == [(entry.key, entry.line) for entry in done.broken]
    assert {("good", False), ("open", True), ("", True)} == {(entry.key, bool(entry.why_broken)) for entry in kept}
    assert {None} == {entry.source_id for entry in kept if entry.why_broken}
    assert any(entry.raw.startswith("@book{open") for entry in kept)
    mended = import_bibliography(ledger, file(broken.replace("No end", "No end}}")), reviewer="ann")
    assert 1 == mended.counts["changed"]


def test_doubled_keys_are_told(ledger, file):
    done = import_bibliography(ledger, file("@book{a, title = {One}}\n@book{a, title = {Two}}"), reviewer="ann")

    assert ("a",) == done.doubled
    with ledger.read() as connection:
        first = sources.source_with_id(connection, bibliography.sources_by_key(connection, ["a"])["a"])
    assert "One" == first.title


def test_known_source_gains_what_it_lacks(ledger, take, file):
    """And keeps what it has."""
    take("It rained.[1]")
    attach(ledger, Attachment(":1", "10.1000/rain", title="My title"), reviewer="ann")
    import_bibliography(ledger, file(), reviewer="ann")
    held = all_sources(ledger)["doi:10.1000/rain"]

    assert ("My title", "My title", "article-journal", [{"family": "Smith", "given": "Jane"}]) == (
        held.title,
        held.csl["title"],
        held.csl["type"],
        held.csl["author"],
    )


def test_entries_are_completed_by_their_doi(ledger, file, tmp_path):
    """From a file of works, offline; what the entry says goes before it, and what is broken in that file is told."""
    (tmp_path / "works.jsonl").write_text(
        json.dumps({"DOI": "10.1000/rain", "type": "journal-article", "title": ["Rain, and on"], "volume": "7"}) + "\n{broken\n"
    )
    works, faults = open_lookup(str(tmp_path / "works.jsonl"))
    import_bibliography(ledger, file(), reviewer="ann", works=works)
    item = all_sources(ledger)["doi:10.1000/rain"].csl

    assert ("On rain", "7") == (item["title"], item["volume"])
    assert 1 == len(faults)
    assert "works.jsonl, line 2" in faults[0]


@pytest.mark.parametrize(
    ("content", "error"), [(b"", ReadError), (b"just words", ReadError), (b"\x89PNG\r\n\x1a\n\0\0", ReadError), (None, ReadError)]
)
def test_what_is_no_bibliography(ledger, tmp_path, content, error):
    """One line with the file's name, and nothing is kept."""
    path = tmp_path / "x\x1b[2J.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error) as refused:
        import_bibliography(ledger, path, reviewer="ann")

    assert r"x\x1b[2J.txt" in str(refused.value)
    assert {} == all_sources(ledger)


def test_hostile_entries_are_only_words(ledger, file):
    """Control characters, endless names, addresses that hold passwords: each is a source or told, none breaks the rest."""
    text = (
        "@misc{a\u202e, title = {\u202eevil\x07}, url = {http://user:secret@example.org/}}\n"
        "@misc{b, title = {" + "long " * 2000 + "}}\n@misc{c, url = {file:///etc/passwd}}\n@misc{d, doi = {../../etc}}\n"
    )
    done = import_bibliography(ledger, file(text), reviewer="ann")

    assert 4 == sum(done.counts.values())
    assert all(name.startswith("offline:") and len(name) < 1000 for name in all_sources(ledger))
    assert not any("secret" in name for name in all_sources(ledger))


def test_export_has_the_keys(ledger, take, file):
    """Of a document or of all; a source without an entry gets a key of its own, and two are never alike."""
    take("It rained [@smith2020].[1][2]", format="markdown", name="one")
    import_bibliography(ledger, file(), reviewer="ann")
    attach(ledger, Attachment("1", "note: First words", title="Rain"), reviewer="ann")
    attach(ledger, Attachment("1", "note: Second words", title="Rain"), reviewer="ann")
    with ledger.read() as connection:
        of_document = [item["id"] for item in export_items(connection, "one")]
        everything = [item["id"] for item in export_items(connection)]
        texts = {form: export_text(connection, form, "one") for form in ("csl", "bibtex", "ris")}
        with pytest.raises(UsageError, match="there is no document 'x'"):
            export_items(connection, "x")
        with pytest.raises(UsageError, match="unknown bibliography format"):
            export_text(connection, "word")

    assert ["smith2020", "rain", "rain-2"] == of_document
    assert ["smith2020", "roe1999", "nobody", "site", "rain", "rain-2"] == everything
    assert ["smith2020", "rain", "rain-2"] == [item["id"] for item in json.loads(texts["csl"])]
    assert "@article{smith2020," in texts["bibtex"]
    assert "ID  - smith2020" in texts["ris"]


def test_what_goes_out_comes_in_again(ledger, file, tmp_path):
    """The same sources under the same keys, in every format."""
    import_bibliography(ledger, file(), reviewer="ann")
    names = set(all_sources(ledger))
    for form, suffix in (("csl", "json"), ("bibtex", "bib"), ("ris", "ris")):
        with ledger.read() as connection:
            (tmp_path / f"out.{suffix}").write_text(export_text(connection, form))
        again = import_bibliography(ledger, tmp_path / f"out.{suffix}", reviewer="ann")
        with ledger.read() as connection:
            keys = bibliography.sources_by_key(connection, ["smith2020", "roe1999", "nobody", "site"])

        assert (0, 4) == (again.new_sources, len(keys))
    assert names == set(all_sources(ledger))


def test_warc_holds_what_was_fetched(ledger, take):
    """Every answer with its body; nothing fetched is told."""
    take("It is so.[1] It was.[2]")
    out = BytesIO()
    with ledger.read() as connection, pytest.raises(VerifyError, match="nothing was fetched yet"):
        export_warc(connection, out, Network())
    with serving_site() as site:
        site.put("/flood", page(WORDS))
        for place in ("flood", "gone"):
            attach(ledger, Attachment(":1", f"{site.url}/{place}"), reviewer="ann", manner=HASTY)
    with ledger.read() as connection:
        records = export_warc(connection, out, Network(contact="ann@example.org"), name="out.warc.gz")
    plain = gzip.decompress(out.getvalue())

    assert 5 == records == plain.count(b"WARC/1.1")
    assert page(WORDS) in plain
    assert b"HTTP/1.1 404 Not Found" in plain
    assert b"ann@example.org" in plain
