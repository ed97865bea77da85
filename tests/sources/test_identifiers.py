"""A source has one name however it was written, and what cannot be a name is refused with the reason."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import InvalidIdentifierError
from verify.model import Identifier, SourceKind
from verify.sources.identifiers import MAX_CANONICAL_BYTES, csl_of, identify

CASES = json.loads((Path(__file__).parents[1] / "cases" / "identifiers.json").read_text())
TYPED = st.one_of(st.sampled_from([typed for typed, *_ in CASES["accepted"]]), st.text(max_size=60))
PREFIX = st.sampled_from(
    ["", "doi:10.1000/", "https://doi.org/10.1000/", "https://example.com/", "https://", "arXiv:", "ISBN ", "note:", "offline:"]
)
SUFFIX = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=40)


@pytest.mark.parametrize(("typed", "kind", "canonical"), CASES["accepted"])
def test_a_source_gets_its_kind_and_canonical_name(typed, kind, canonical):
    identifier = identify(typed)

    assert (kind, canonical) == (identifier.kind, identifier.canonical)


@pytest.mark.parametrize(("typed", "words"), CASES["refused"])
def test_what_cannot_be_a_name_is_refused_with_the_reason(typed, words):
    with pytest.raises(InvalidIdentifierError) as caught:
        identify(typed)

    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert "secret" not in str(caught.value)


@given(PREFIX, TYPED)
def test_a_canonical_name_names_itself(prefix, typed):
    """Identifying twice changes nothing; a file has no name but its path until its bytes are read."""
    try:
        once = identify(prefix + typed)
    except InvalidIdentifierError:
        return
    twice = identify(once.canonical or once.value)

    assert (once.kind, once.canonical) == (twice.kind, twice.canonical)


@given(SUFFIX.filter(lambda s: s[-1].isalnum() and "%" not in s))
def test_a_doi_is_one_however_it_was_written(suffix):
    spelled = [f"10.5555/{suffix}", f"doi:10.5555/{suffix.upper()}", f"DOI: 10.5555/{suffix}.", f" 10.5555/{suffix},\n"]
    addresses = [f"https://doi.org/10.5555/{_percent(suffix)}", f"http://dx.doi.org/10.5555/{_percent(suffix)}?x=1#y"]

    assert {f"doi:10.5555/{suffix.lower()}"} == {identify(s).canonical for s in spelled + addresses}


def _percent(text):
    return "".join(f"%{ord(c):02x}" for c in text)


@given(st.integers(0, 10**9 - 1), st.sampled_from(["", "ISBN ", "isbn:", "ISBN-10: "]))
def test_of_ten_check_digits_one_is_right_and_the_refusal_tells_it(stem, prefix):
    accepted, told = [], set()
    for digit in "0123456789X":
        try:
            accepted.append((digit, identify(f"{prefix}{stem:09}{digit}").canonical))
        except InvalidIdentifierError as error:
            told.add(str(error).split("ends in ")[1][0])

    assert [(told.pop(), f"isbn:978{stem:09}")] == [(digit, canonical[:-1]) for digit, canonical in accepted]


@given(st.sampled_from(["utm_source=x", "utm_id=", "fbclid=1", "gclid"]), st.permutations(["a=1", "b", "c=%20"]))
def test_trackers_go_and_the_rest_of_a_query_stays_in_its_order(tracker, query):
    assert f"https://example.com/p?{'&'.join(query)}" == identify(f"https://EXAMPLE.com/p?{tracker}&{'&'.join(query)}#top").canonical


@pytest.mark.parametrize(
    "pattern",
    ["a ", "10.1000/(", "https://e.com/%", "isbn 0-", "arxiv:0", "%25", "https://e.com/?utm_a&", "a:", "note: Ａ", "https://e.com/é"],
)
def test_a_megabyte_is_refused_for_its_length(pattern):
    with pytest.raises(InvalidIdentifierError, match=f"longer than {MAX_CANONICAL_BYTES} bytes"):
        identify(pattern * (2**20 // len(pattern)))


def test_a_name_that_grows_too_long_in_its_canonical_spelling_is_refused():
    with pytest.raises(InvalidIdentifierError, match="longer than"):
        identify("https://example.com/" + "é" * 1000)


@pytest.mark.parametrize(
    ("typed", "title", "item"),
    [
        ("10.1000/X", "A", {"id": "doi:10.1000/x", "type": "document", "DOI": "10.1000/x", "title": "A"}),
        ("0-306-40615-2", "", {"id": "isbn:9780306406157", "type": "book", "ISBN": "9780306406157"}),
        ("2106.01234v2", "", {"id": "arxiv:2106.01234", "type": "article", "URL": "https://arxiv.org/abs/2106.01234"}),
        ("https://example.com#x", "", {"id": "https://example.com/", "type": "webpage", "URL": "https://example.com/"}),
        ("a/b.txt", "", {"id": "a/b.txt", "type": "document", "title": "b.txt"}),
        ("A talk with Smith", "", {"id": "offline:a talk with smith", "type": "document", "title": "A talk with Smith"}),
    ],
)
def test_the_csl_item_says_what_the_identifier_says(typed, title, item):
    assert item == csl_of(identify(typed), title)


def test_a_file_keeps_its_path_as_typed():
    assert Identifier(SourceKind.FILE, "", "My Notes/a  b.txt") == identify(" My Notes/a  b.txt\n")
