"""References find the ones that the ledger holds, whatever number they have now: by identifier, by words, by label where nothing else is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.follow import HeldReference, follow
from verify.model import Reference

SMITH = "Smith, Ann (2002). A history of the northern harbours. Oxford: Clarendon Press."
JONES = "Jones, Bob (2010). Sheep and their people. Journal of Rural Studies 12, pp. 3-19."
LEE = 'Lee, Eve. "Who burned the town hall?". The Daily Echo, 4 May 1999.'
LINK = "https://www.example.org/news/4711"


def listed(*entries):
    """Entries numbered from 1: texts, or references as they are."""
    return [one if isinstance(one, Reference) else Reference(str(n), one) for n, one in enumerate(entries, 1)]


def held(*entries, absent=()):
    """The same as held, with ids from 101."""
    return [HeldReference(100 + n, one, n in absent) for n, one in enumerate(listed(*entries), 1)]


def followed(old, *entries):
    return follow(old, listed(*entries))


def test_nothing_held_and_nothing_listed():
    assert (None, None) == followed([], SMITH, JONES)
    assert () == followed(held(SMITH))


def test_renumbered_entries_keep_their_ids():
    """The list in another order, with a new entry before it all: each id goes with its words."""
    assert (None, 103, 101, 102) == followed(held(SMITH, JONES, LEE), "Unheard, Of. Something else entirely.", LEE, SMITH, JONES)


@pytest.mark.parametrize(
    "now",
    [
        SMITH.upper(),
        f"{SMITH} Retrieved 3 May 2020.",
        f"{SMITH} Archived from the original on 12 March 2019. Retrieved 2020-05-03.",
        f"7. ^ {SMITH}",
        f"{SMITH} doi:10.1234/harbours.2002",
        f"{SMITH} ISBN 978-0-19-852663-6",
        SMITH.replace("northern", "Northern").replace(". Oxford", " – Oxford"),
        SMITH.replace("history", "histroy"),
        SMITH.replace("harbours", "harbours of the realm"),
    ],
)
def test_what_editors_do_to_an_entry(now):
    """An access date, an archived copy, an identifier, a mended slip: the work is the same."""
    assert (102, 101) == followed(held(SMITH, JONES), JONES, now)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"doi": "10.1000/ABC"}, {"doi": "10.1000/abc"}),
        ({"arxiv": "2106.01234v1"}, {"arxiv": "arXiv:2106.01234"}),
        ({"pmid": "1234567"}, {"pmid": "1234567"}),
        ({"isbn": "0-19-852663-6"}, {"isbn": "978-0-19-852663-6"}),
        ({"url": "http://example.org/a/"}, {"url": "https://www.Example.org/a#section"}),
        ({"url": LINK}, {"url": f"https://web.archive.org/web/20190310123456/{LINK}"}),
        ({"url": LINK}, {"archive_url": f"https://archive.today/20190310/{LINK}"}),
    ],
)
def test_the_same_identifier_is_the_same_work(before, now):
    """However it is written, and whatever else the entry says."""
    old = held(Reference("1", "A preliminary note.", **before), JONES)

    assert (102, 101) == followed(old, JONES, Reference("2", "Wholly rewritten words about it", **now))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"doi": "10.1000/abc"}, {"doi": "10.1000/abd"}),
        ({"url": "https://example.org/#!/one"}, {"url": "https://example.org/#!/two"}),
        ({"url": "https://example.org/?id=1"}, {"url": "https://example.org/?id=2"}),
    ],
)
def test_other_identifiers_are_other_works(before, now):
    """Words that differ a little do not make one work of two."""
    old = held(JONES, Reference("2", "History of the Academy Awards.", **before))

    assert (101, None) == followed(old, JONES, Reference("2", "About the Academy Awards.", **now))


def test_entries_of_one_work_stay_apart():
    """The same book cited for several pages: words before order, and pages are never mixed up."""
    pages = [Reference(str(n), f"Smith, p. {page}.", isbn="978-0-19-852663-6", page=page) for n, page in enumerate(("11", "77", "203"), 1)]
    now = [Reference(str(n), f"Smith, p. {page}.", isbn="978-0-19-852663-6", page=page) for n, page in enumerate(("5", "203", "11"), 1)]

    assert (None, 103, 101) == follow(held(*pages), now)


def test_quotes_of_one_work_stay_apart():
    """Entries with one address are told by their words, and where those were rewritten, by their order."""
    quotes = ("Echo: the harbour froze", "Echo: the sheep were counted twice", "Echo: bread was dear")
    old = held(*(Reference(str(n), text, url=LINK) for n, text in enumerate(quotes, 1)))

    def cited(*texts):
        return follow(old, [Reference(str(n), text, url=LINK) for n, text in enumerate(texts, 11)])

    assert (102, 101, 103) == cited("Echo: the sheep were counted", "Echo: the harbour froze", "Echo: bread was very dear")
    assert (101, 102, 103) == cited("Echo: the harbour froze", "Rye was sold", "Echo: bread was dear")


def test_like_entries_are_told_apart_by_neighbours_labels_and_order():
    """Ibid. and again ibid."""
    assert (None, 101, 102, 103, 104) == followed(held(SMITH, "Ibid.", JONES, "Ibid."), LEE, SMITH, "Ibid.", JONES, "Ibid.")
    assert (103, 104) == followed(held(SMITH, "Ibid.", JONES, "Ibid."), JONES, "Ibid.")

    old = held(SMITH, "Ibid.", JONES, "Ibid.", LEE)

    assert (104,) == follow(old, [Reference("4", "Ibid.")])
    assert (102,) == follow(old, [Reference("8", "Ibid.")])


def test_short_notes_go_by_their_pages():
    """Notes that differ by a page alone are different notes, wherever they stand."""
    assert (None, 101) == followed(held("Smith 2002, p. 11.", "Smith 2002, p. 77."), "Smith 2002, p. 78.", "Smith 2002, p. 11.")


def test_implied_references_go_by_their_labels():
    """Where an entry is missing on one side, its number is all that is known."""
    implied = [Reference("1", ""), Reference("2", "")]

    assert (101, 102) == follow(held(*implied), implied)
    assert (101, 102) == followed(held(*implied), SMITH, JONES)
    assert (101, 102) == follow(held(SMITH, JONES), implied)
    assert (None,) == follow(held(*implied), [Reference("3", "")])


def test_a_label_settles_nothing_between_entries():
    """Another work under the old number is another work."""
    assert (101, None) == followed(held(SMITH, JONES), SMITH, LEE)


def test_a_label_does_not_take_what_words_have():
    """An entry that moved to the number of an implied one keeps its own id; what is left finds what is left."""
    assert (102, None) == followed(held(Reference("1", ""), SMITH), SMITH, JONES)


def test_absent_entries_come_back():
    """By words or identifier, after those that are present."""
    old = held(SMITH, JONES, SMITH, absent=(1, 2))

    assert (103, 102) == followed(old, SMITH, JONES)
    assert (103, 101) == followed(old, SMITH, SMITH)


def test_words_without_letters():
    """Entries that say nothing in words are followed by what is printed."""
    assert (102, 101) == followed(held("—", "Retrieved 4 May 2001."), "Retrieved 4 May 2001.", "—")


entries = st.builds(
    Reference,
    label=st.sampled_from("123ab"),
    text=st.sampled_from(["", SMITH, JONES, SMITH.replace("history", "story"), "Ibid.", "Smith, p. 5", "Smith, p. 6"]),
    url=st.sampled_from(["", LINK, "http://example.org/news/4711/"]),
    doi=st.sampled_from(["", "10.1000/abc"]),
    page=st.sampled_from(["", "5"]),
)


@given(st.lists(st.tuples(entries, st.booleans()), max_size=8), st.lists(entries, max_size=8))
def test_what_always_holds(ledger, new):
    """One answer an entry, and no id twice; nothing comes from nowhere."""
    old = [HeldReference(number, one, absent) for number, (one, absent) in enumerate(ledger, 1)]
    found = follow(old, new)
    kept = [one for one in found if one is not None]

    assert len(new) == len(found)
    assert len(set(kept)) == len(kept)
    assert set(kept) <= {one.id for one in old}


@given(st.lists(entries, max_size=8))
def test_the_same_list_again(new):
    """Every entry is the one that it was; where two are alike to the letter, either."""
    found = follow([HeldReference(number, one, absent=False) for number, one in enumerate(new, 1)], new)

    assert None not in found
    assert all(new[held_id - 1].text == one.text for held_id, one in zip(found, new, strict=True) if one.text)


@pytest.mark.parametrize(
    "make",
    [
        lambda n, _: Reference(str(n), "Ibid."),
        lambda n, now: Reference(str(n + now), ""),
        lambda n, now: Reference(str(n), f"Note {n} on line {now}", url=LINK),
        lambda n, now: Reference(str(n), f"Ibid., p. {n + now}."),
        lambda n, _: Reference(str(n), "doi:" * 500 + f"archived from the original {n} retrieved on " * 20),
        lambda n, _: Reference(str(n), "\ud800\0" + "(" * 50, url="http:/" * 50 + "/web/2019/http:" * 20, isbn="x" * 50),
    ],
)
def test_hostile_lists_end(make):
    """Long lists of entries that are all alike, or made to be slow: still one answer each."""
    found = follow([HeldReference(n, make(n, 0), absent=False) for n in range(1, 1001)], [make(n, 1) for n in range(1, 1000)])

    assert 999 == len(found)
    assert len({one for one in found if one}) == sum(one is not None for one in found)
