"""What a source says of itself fills in what is not known, and where each kind of source is asked for."""

import pytest

from verify.model import SourceKind
from verify.sources.completion import completed, first_page, item_of_text
from verify.sources.identifiers import identify
from verify.sources.places import address_of
from verify.sources.snapshot import SnapshotText, text_of

HELD = {"id": "https://example.org/a", "type": "webpage", "title": "Mine", "author": []}


def test_what_is_known_stays():
    """The id, a title, a type that says something; what is empty is filled."""
    said = {
        "id": "x",
        "type": "article-journal",
        "title": "Theirs",
        "author": [{"family": "Roe"}],
        "DOI": "10.1/x",
        "custom": {"a": 1},
        "page": "",
    }

    assert {
        "id": "https://example.org/a",
        "type": "article-journal",
        "title": "Mine",
        "author": [{"family": "Roe"}],
        "DOI": "10.1/x",
    } == completed(HELD, said)
    assert "book" == completed({"type": "book"}, said)["type"]


@pytest.mark.parametrize(
    ("held", "said", "kind"), [({}, {}, "document"), ({"type": "webpage"}, {"type": ""}, "webpage"), ({}, {"type": "book"}, "book")]
)
def test_an_item_has_a_type(held, said, kind):
    assert kind == completed(held, said)["type"]


def test_filling_twice_is_filling_once():
    said = {"type": "book", "title": "T", "issued": {"date-parts": [[2020]]}}
    once = completed(HELD, said)

    assert once == completed(once, said)


def test_plain_text_says_nothing_of_itself():
    assert {} == item_of_text(b"words", text_of(b"words " * 40, "text/plain", "a.txt"))


def test_what_is_larger_than_an_item_is_cut_to_its_name():
    metas = "".join(f'<meta name="citation_author" content="{"A" * 15_000}, {n}">' for n in range(200))
    data = f"<html><head><title>T</title>{metas}</head><body><p>{'words ' * 40}</p></body></html>".encode()
    item = item_of_text(data, text_of(data, "text/html", ""), "https://example.org/a")

    assert {"id", "type", "title", "URL"} == set(item)
    assert ("T", "https://example.org/a") == (item["title"], item["URL"])


def test_beginning_of_what_has_no_pages():
    assert 20_000 == len(first_page(SnapshotText("text/plain", "x" * 100_000)))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("doi:10.1002/(SICI)1097<1::AID>3.0.CO;2-#", "https://doi.org/10.1002/(sici)1097%3C1::aid%3E3.0.co;2-%23"),
        ("arXiv:2106.01234v2", "https://arxiv.org/pdf/2106.01234"),
        ("arXiv:math/0309136", "https://arxiv.org/pdf/math/0309136"),
        (
            "https://web.archive.org/web/20200101000000/http://example.org/a?b",
            "https://web.archive.org/web/20200101000000id_/http://example.org/a?b",
        ),
        ("ISBN 978-0-306-40615-7", ""),
        ("note: an interview", ""),
    ],
)
def test_where_a_source_is_asked_for(name, address):
    """What has no address is asked for nowhere; an archive's copy as it was kept, without the archive's banner."""
    identifier = identify(name)

    assert address == address_of(identifier.kind, identifier.canonical)


def test_a_file_is_asked_for_nowhere():
    assert "" == address_of(SourceKind.FILE, "sha256:00")
