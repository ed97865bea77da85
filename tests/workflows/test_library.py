"""A folder of files matched to what a document cites: proposed with reasons, attached when accepted, and passed over once attached."""

import pytest
from small_pdf import pdf_of

from verify.errors import ReadError, UsageError
from verify.store import claims, sources
from verify.workflows.attach import Attachment, attach
from verify.workflows.library import accept, match_library

TEXT = """It rained for nine days.[1] The river rose.[2] The mills stood still.[3] Nobody knows why.[4]

References

1. Smith, J. (2020). The rains of the northern valleys. Oslo. doi:10.1000/rain.
2. Roe, R. (1999). Rivers that leave their beds in spring. Oslo.
3. Doe, A. (2001). Mills and their wheels through the centuries.
4. Never, B. (2002). Nothing of this is known to anybody anywhere.
"""
FILLING = [
    "It goes on with words that are there to make it long enough for a page, as",
    "pages are that people keep in folders of their own for years on end.",
]


@pytest.fixture
def folder(tmp_path):
    """A PDF with a DOI in its properties, a page and a text with their titles; a picture, a hidden file, and a file of another matter."""
    place = tmp_path / "library"
    (place / "sub").mkdir(parents=True)
    (place / "a.pdf").write_bytes(pdf_of(["Some heading", *FILLING], "/Title (Rains) /doi (10.1000/rain)"))
    (place / "sub" / "b.html").write_text(
        f"<html><head><title>Rivers that leave their beds in spring</title></head><body><p>R. Roe, 1999. {' '.join(FILLING)}</p></body></html>"
    )
    (place / "c.txt").write_text(f"Mills and their wheels through the centuries\nAnn Doe, 2001\n\n{' '.join(FILLING)}\n")
    (place / "other.txt").write_text(f"A guide to penguins and their eggs\n\n{' '.join(FILLING)}\n")
    (place / "picture.png").write_bytes(b"\x89PNG")
    (place / ".hidden.txt").write_text("Nothing of this is known to anybody anywhere. B. Never 2002")
    return place


@pytest.fixture
def cited(take):
    return take(TEXT, name="flood")


def found_in(ledger, folder, **options):
    library = match_library(ledger, folder, **options)
    return library, {match.label: (match.name, match.score) for match in library.matches}


def links_of(ledger, claim):
    with ledger.read() as connection:
        return [(link.source.canonical, link.source.no_text_why) for link in claims.dossier(connection, claim).links]


@pytest.mark.usefixtures("cited")
def test_files_are_proposed_for_what_they_hold(ledger, folder):
    """By identifier, title, author, year, with the reasons; what is something else is not, and nothing is written."""
    library, found = found_in(ledger, folder)
    reasons = {match.label: match.reasons for match in library.matches}

    assert {"1": ("a.pdf", 1.0), "2": ("sub/b.html", found["2"][1]), "3": ("c.txt", found["3"][1])} == found
    assert ("same DOI",) == reasons["1"]
    assert "year 1999" in reasons["2"]
    assert "year 2001" in reasons["3"]
    assert (4, 0, ()) == (library.files, library.attached, library.unread)
    assert [("doi:10.1000/rain", "never fetched")] == links_of(ledger, 1)


@pytest.mark.usefixtures("cited")
def test_accepted_file_is_attached(ledger, folder):
    """As the copy of the source that the reference names, else as a source by itself; then it is passed over, and nothing more is wanted there."""
    library, _ = found_in(ledger, folder)
    done = {match.label: accept(ledger, match, reviewer="ann") for match in library.matches}
    again, left = found_in(ledger, folder)

    assert [("doi:10.1000/rain", "")] == links_of(ledger, 1)
    assert done["2"].source.canonical.startswith("sha256:")
    assert "Rivers that leave their beds in spring" == done["2"].source.title
    assert ({}, 3) == (left, again.attached)


@pytest.mark.usefixtures("cited")
def test_a_folder_can_be_worked_through_in_parts(ledger, folder):
    """What was attached by then stays; the next sitting goes on with the rest."""
    library, _ = found_in(ledger, folder)
    accept(ledger, library.matches[0], reviewer="ann")
    _, left = found_in(ledger, folder)

    assert {match.label for match in library.matches[1:]} == set(left)


@pytest.mark.usefixtures("cited")
def test_references_with_a_text_want_none(ledger, folder, tmp_path):
    (tmp_path / "own.txt").write_text("My own copy of it.")
    attach(ledger, Attachment(":2", str(tmp_path / "own.txt")), reviewer="ann")
    _, found = found_in(ledger, folder)

    assert {"1", "3"} == set(found)


@pytest.mark.usefixtures("cited")
def test_twins_are_marked(ledger, folder):
    """Two files that are as good: a person has to choose."""
    (folder / "d.txt").write_text((folder / "c.txt").read_text() + "A second printing.\n")
    library, _ = found_in(ledger, folder)

    assert {("3", True)} == {(match.label, match.ambiguous) for match in library.matches if match.name in ("c.txt", "d.txt")}


@pytest.mark.usefixtures("cited")
def test_what_cannot_be_read_is_told(ledger, folder):
    """The rest is matched all the same."""
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "empty.html").write_text("")
    read = []
    library, found = found_in(ledger, folder, on_read=read.append)

    assert {"1", "2", "3"} == set(found)
    assert ["broken.pdf", "empty.html"] == [name for name, _ in library.unread]
    assert 6 == len(read)


@pytest.mark.usefixtures("cited")
def test_links_lead_nowhere(ledger, folder, tmp_path):
    """A link to a file or a folder elsewhere is not followed; names that look like ways out, and those with control characters, are only names."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "s.txt").write_text("Nothing of this is known to anybody anywhere. B. Never 2002")
    (folder / "link.txt").symlink_to(secret / "s.txt")
    (folder / "way").symlink_to(secret)
    (folder / "..s.txt").write_text("x")
    (folder / "\x1b[2J.txt").write_text("Nothing of this is known to anybody anywhere\nB. Never, 2002\n")
    library, found = found_in(ledger, folder)
    odd = next(match for match in library.matches if match.label == "4")

    assert {"1", "2", "3", "4"} == set(found)
    assert "\x1b[2J.txt" == odd.name
    with pytest.raises(UsageError, match="control characters"):
        accept(ledger, odd, reviewer="ann")


@pytest.mark.usefixtures("cited")
def test_file_that_went_away(ledger, folder):
    library, _ = found_in(ledger, folder)
    (folder / "a.pdf").unlink()
    with pytest.raises(ReadError, match="no such file"):
        accept(ledger, next(match for match in library.matches if match.name == "a.pdf"), reviewer="ann")

    assert [("doi:10.1000/rain", "never fetched")] == links_of(ledger, 1)


def test_what_is_no_folder(ledger, cited, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    for place in ("a.txt", "none"):
        with pytest.raises(ReadError, match="is no folder"):
            match_library(ledger, tmp_path / place)
    with pytest.raises(UsageError, match="there is no document 'x'"):
        match_library(ledger, tmp_path, document="x")
    assert "flood" == cited.document.name


def test_reference_that_nobody_cites_wants_nothing(ledger, take, folder):
    """There is no claim that it would hold up."""
    take(TEXT.replace("[3]", ""), name="flood")

    assert "3" not in found_in(ledger, folder)[1]
    with ledger.read() as connection:
        assert 1 == len(sources.all_sources(connection))
