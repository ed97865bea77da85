"""Which entries of a new revision's list of references are the ones that the ledger holds: a citation follows its work, not its number.

Each step pairs what it can and leaves the rest to the next one. Entries that are present come before those that were gone, and no entry is
followed twice.

1. The same text; then the same words and the same identifiers. The entry's number is no part of its words, nor are case, punctuation, when it
   was read and where a copy is kept ("Retrieved 3 May 2020", "Archived from the original on ..."). Like entries are told apart by their neighbours,
   then by their labels, then by their order.
2. The same DOI, arXiv id, PMID, address or ISBN, the most alike words first. Two that name different pages of a work are two, and so are two with
   different numbers where several entries name it, unless they have the same label.
3. The same words, whatever identifiers were added; then nearly the same words, as for claims (`verify.claims.reconcile`): somebody mended a
   title. Two that name different DOIs, or nearly the same words with other numbers or another address, are two.
4. The same label, where one of the two is only implied: a label that is cited without any entry.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

from verify.model import Reference

from .reconcile.exact import pair_alike
from .reconcile.likeness import Likeness, Side
from .reconcile.near import Edges, pair_near
from .reconcile.pairs import Pairs
from .reconcile.words import Words, words_of

_DATE = r"(?:\d{4}-\d\d?-\d\d?|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4}|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}|[^\W\d_]{3,12}\.? \d{4}|\d{8,14})"
_READ = re.compile(rf"\b(?:last )?(?:retrieved|accessed|viewed|visited|access date)(?: on)?:? {_DATE}", re.IGNORECASE)
_COPIED = re.compile(
    r"\barchived(?: copy)?(?: \(pdf\))?(?: from the original)?(?: \(pdf\))?(?: (?:on|at))?"
    rf"(?: (?:the )?(?:wayback machine|archive\.\w{{2,5}}|webcite))?[.,]?(?: {_DATE})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:\[\d{1,4}\]|\d{1,4}[.)])\s+(?=\D)|\s*[\^↑]\s*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_IDENTIFIER = re.compile(r"\b(?:doi|pmid|pmc|arxiv|isbn|issn|oclc|bibcode|jstor|s2cid)\b[:\s]{0,3}[^\s,;]{1,100}", re.IGNORECASE)
_COPY = re.compile(r"/(?:\d{4,14}|\*)[a-z_*]{0,4}/((?:https?:/{1,2}|www\.).+)", re.IGNORECASE)
_SCHEME = re.compile(r"https?:/{1,2}(?:www\d?\.)?|www\d?\.", re.IGNORECASE)
_VERSION = re.compile(r"v\d{1,3}$")
_ISBN_LENGTHS = (10, 13)

_UNIQUE = ("doi", "arxiv", "pmid")
_ADDRESSES = ("url",)
_KINDS = (*_UNIQUE, *_ADDRESSES, "isbn")

_MOST_PAIRS = 2000
_CLOSE, _NUDGE = 0.5, 0.001
_SPEAKING = 4
"""So many words speak for themselves where the addresses are different."""

_Keys = Sequence[Hashable]
_Closeness = Callable[[int, int], float | None]


class HeldReference(NamedTuple):
    """A reference of the ledger. `absent`: it is not in the last revision."""

    id: int
    reference: Reference
    absent: bool


def follow(held: Sequence[HeldReference], listed: Sequence[Reference]) -> tuple[int | None, ...]:
    """Give for every reference of a new revision the id of the held one that it is, or None. Both come in the order of their lists.

    A reference that names nothing, neither text nor identifier, is implied: its label is cited.
    """
    new = [_Entry(reference) for reference in listed]
    halves = []
    for absent in (False, True):
        half = [one for one in held if one.absent is absent]
        halves.append((half, [_Entry(one.reference) for one in half], Pairs(len(half), len(new))))
    for step in (_same_text, _same_entry, _same_work, _same_words, _nearly_same_words, _same_label):
        for _, old, pairs in halves:
            if pairs.free_old() and pairs.free_new():
                step(old, new, pairs)
            for _, _, other in halves:
                other.aside_new.update(j for _, j in pairs)
    found = {j: half[i].id for half, _, pairs in halves for i, j in pairs}
    return tuple(found.get(j) for j in range(len(new)))


class _Entry:
    """A reference as it is compared."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.label = reference.label

    @cached_property
    def identifiers(self) -> dict[str, str]:
        """What it names its work by, one name a kind."""
        return dict(_identifiers(self.reference))

    @property
    def is_implied(self) -> bool:
        """Whether nothing is known of it but its label."""
        return not self.reference.text.strip() and not self.identifiers

    @cached_property
    def page(self) -> tuple[str, ...]:
        """The pages that it names."""
        return words_of(self.reference.page).order

    @cached_property
    def text(self) -> str:
        """What it says of its work: without its number, addresses, and when it was read or copied; all of it where no word is left."""
        printed = self.reference.text
        numbered = _NUMBER.match(printed)
        about = _COPIED.sub(" ", _READ.sub(" ", _ADDRESS.sub(" ", printed[numbered.end() :] if numbered else printed)))
        return about if words_of(about).order else printed

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of that."""
        return words_of(self.text).order

    @cached_property
    def bare(self) -> Words:
        """Those that belong to no identifier."""
        return words_of(_IDENTIFIER.sub(" ", self.text))

    def has_other_numbers(self, other: "_Entry") -> bool:
        """Whether each has a number (a year, a volume, a page) that the other has not."""
        mine, theirs = frozenset(self.bare.numbers), frozenset(other.bare.numbers)
        return not mine <= theirs and not theirs <= mine

    def names_other_pages(self, other: "_Entry") -> bool:
        """Whether both name pages, and not the same ones."""
        return bool(self.page and other.page and self.page != other.page)

    def names_other_work(self, other: "_Entry", kinds: Sequence[str]) -> bool:
        """Whether both have an identifier of one of the kinds, and not the same one."""
        mine, theirs = self.identifiers, other.identifiers
        return any(mine[kind] != theirs[kind] for kind in kinds if kind in mine and kind in theirs)


def _identifiers(reference: Reference) -> Iterator[tuple[str, str]]:
    """What a reference names its work by, in a form that is the same however it was written."""
    if reference.doi:
        yield "doi", reference.doi.casefold().strip(" .")
    if reference.arxiv:
        yield "arxiv", _VERSION.sub("", reference.arxiv.casefold().removeprefix("arxiv:"))
    if reference.pmid:
        yield "pmid", reference.pmid.strip()
    if address := _address(reference.url) or _address(reference.archive_url):
        yield "url", address
    if isbn := _isbn(reference.isbn):
        yield "isbn", isbn


def _address(url: str) -> str:
    """An address without scheme, www, fragment and the slash at its end; for an archive's, that of what it copied."""
    copied = _COPY.search(url)
    url = _SCHEME.sub("", copied[1] if copied else url, count=1)
    page, _, fragment = url.partition("#")
    host, slash, path = page.partition("/")
    kept = f"#{fragment}" if fragment[:1] in ("!", "/") else ""  # there the fragment names the page
    return f"{host.casefold()}{slash}{path}".rstrip("/") + kept


def _isbn(isbn: str) -> str:
    """The digits that name the book: those of ISBN-10 and ISBN-13 alike, without the check digit."""
    digits = "".join(c for c in isbn if c.isdecimal() or c in "xX")
    return digits.removeprefix("978")[:9] if len(digits) in _ISBN_LENGTHS else digits


def _same_text(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    def key(one: _Entry) -> Hashable:
        return (one.reference.text, one.reference.url, one.reference.doi) if one.reference.text.strip() else None

    pair_alike([key(one) for one in old], [key(one) for one in new], pairs)


def _same_entry(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    old_keys, new_keys = _free_keys(old, new, pairs, lambda one: None if one.is_implied else (one.words, *one.identifiers.items()))
    pair_alike(old_keys, new_keys, pairs)
    pair_alike(
        [key and (key, one.label) for key, one in zip(old_keys, old, strict=True)],
        [key and (key, one.label) for key, one in zip(new_keys, new, strict=True)],
        pairs,
    )
    for some, others in _groups(old_keys, new_keys, pairs):
        _join(zip(some, others, strict=False), pairs)


def _same_work(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    for kind in _KINDS:
        _same_name(kind, old, new, pairs)


def _same_name(kind: str, old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    """Pair what names its work alike by one kind of identifier."""

    def name(one: _Entry) -> str | None:
        return one.identifiers.get(kind)

    def closeness(i: int, j: int) -> float | None:
        a, b = old[i], new[j]
        elsewhere = a.names_other_pages(b) or (name(a) in several and a.has_other_numbers(b))
        return None if elsewhere and a.label != b.label else _share(a.words, b.words) + (a.label == b.label) * _NUDGE

    several = {one for one, times in (Counter(map(name, old)) | Counter(map(name, new))).items() if times > 1}
    _pair_closest(*_free_keys(old, new, pairs, name), pairs, closeness)


def _same_words(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    def closeness(i: int, j: int) -> float | None:
        a, b = old[i], new[j]
        another = a.names_other_work(b, _UNIQUE) or (len(a.words) < _SPEAKING and a.names_other_work(b, _ADDRESSES))
        return None if another else 1.0 + (a.label == b.label) * _NUDGE

    _pair_closest(*_free_keys(old, new, pairs, lambda one: one.bare.order or None), pairs, closeness)


def _nearly_same_words(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    def may_be(i: int, j: int) -> bool:
        a, b = old[i], new[j]
        mended = a.label == b.label and a.bare.masked == b.bare.masked
        return (mended or not a.has_other_numbers(b)) and not a.names_other_work(b, (*_UNIQUE, *_ADDRESSES))

    sides = [Side([" ".join(one.bare.printed) for one in side]) for side in (old, new)]
    likeness = Likeness(sides[0], sides[1], pairs)
    pair_near(likeness, Edges(likeness, pairs, may_be), pairs)


def _same_label(old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs) -> None:
    def closeness(i: int, j: int) -> float | None:
        return 1.0 if old[i].is_implied or new[j].is_implied else None

    _pair_closest(*_free_keys(old, new, pairs, lambda one: one.label), pairs, closeness)


def _free_keys(
    old: Sequence[_Entry], new: Sequence[_Entry], pairs: Pairs, key: Callable[[_Entry], Hashable]
) -> tuple[list[Hashable], list[Hashable]]:
    """The keys of the free entries of both sides; None for the others."""
    keys: tuple[list[Hashable], list[Hashable]] = ([None] * len(old), [None] * len(new))
    for i in pairs.free_old():
        keys[0][i] = key(old[i])
    for j in pairs.free_new():
        keys[1][j] = key(new[j])
    return keys


def _groups(old: _Keys, new: _Keys, pairs: Pairs) -> Iterator[tuple[list[int], list[int]]]:
    """The free positions under each key; None is no key."""
    under: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in pairs.free_old():
        under[old[i]][0].append(i)
    for j in pairs.free_new():
        under[new[j]][1].append(j)
    under.pop(None, None)
    return ((some, others) for some, others in under.values() if some and others)


def _pair_closest(old: _Keys, new: _Keys, pairs: Pairs, closeness: _Closeness) -> None:
    """Of entries with the same key pair the closest first, and what is not close in order, where equally many are left; None forbids.

    A key that very many share says nothing, and is passed over.
    """
    for some, others in _groups(old, new, pairs):
        if len(some) * len(others) > _MOST_PAIRS:
            continue
        near = {(i, j): close for i, j in product(some, others) if (close := closeness(i, j)) is not None}
        _join(sorted((pair for pair in near if near[pair] >= _CLOSE), key=lambda pair: -near[pair]), pairs)
        left = [i for i in some if pairs.of_old[i] is None], [j for j in others if pairs.of_new[j] is None]
        if len(left[0]) == len(left[1]):
            _join((pair for pair in zip(*left, strict=True) if pair in near), pairs)


def _join(found: Iterable[tuple[int, int]], pairs: Pairs) -> None:
    for i, j in found:
        if pairs.is_free(i, j):
            pairs.join(i, j)


def _share(a: Sequence[str], b: Sequence[str]) -> float:
    """How many of their words two entries share, from 0 to 1."""
    mine, theirs = {*a}, {*b}
    return 2 * len(mine & theirs) / (len(mine) + len(theirs) or 1)
