"""Which links of a page are markers of its notes, and where each note stands: as MediaWiki, word processors, site software and DPUB-ARIA write them.

One rule for all: a marker is a link with a number, a letter or a sign for its text, whose target is in a list of notes or links back to where
the marker stands. A bare "(2)" that leads to a theorem does neither. Names alone are believed only where no other software uses them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from verify.model import MarkKind
from verify.readers.headings import REFERENCE_HEADINGS, section_name

from .tree import Element
from .words import BACK_CLASSES, BACK_WORDS, BLOCK_TAGS, CONTAINERS, HEADINGS, INLINE_NOTES, MARKER_CLASSES, NOTE_LISTS

_LONGEST_LABEL = 30
_NEAR = 6
"""How many elements up from a link its note or its list of notes is looked for."""
_DASHES = "‐‑‒–—−-"
_NUMBERS = re.compile(rf"\d{{1,5}}(?:\s*[,;{_DASHES}]\s*\d{{1,5}})*")
_PART = re.compile(r"(\d{1,5})(?::\d{1,3}|([.]\d{1,3}|[a-z])?)")
_SIGN = re.compile(r"[a-zA-Z]|[ivxlc]{1,7}|[*†‡§¶#‖✝]{1,4}")
_NAMED = re.compile(r"(?:[^\W\d_][\w.-]{0,15}[ \xa0]?){1,2}\d{1,4}[a-z]?|[^\W\d_]{1,3}")
_BRACKETS = {"[": "]", "(": ")", "［": "］", "【": "】", "〔": "〕", "{": "}"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_OWN_NAMES = re.compile(
    r"cite_note-.|_(?:ftn|edn)\d|ftnt\d|sd(?:foot|end)note\d+sym|easy-footnote-bottom-\d|user-content-fn-|footnote_plugin_reference_"
)
"""Ids that only notes have; believed even where the note itself was not saved."""
_BACK_NAME = re.compile(r"(_?(?:ftn|edn)|ftnt)_?ref(\d+)")
_WITHOUT_LINK = re.compile(r"footnote_plugin_tooltip_(\d\w*)")
"""A WordPress plug-in's markers, which scripts lead to their notes."""
_WIDEST = 100
_NUMBER = re.compile(r"\d+")
_YEARS = range(1000, 2200)
_LARGEST_NOTE = 200
"""Elements of a target that are looked through for a heading: a section is no note."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a link marks: the labels as a reader sees them, and the id that it leads to."""

    kind: MarkKind
    labels: tuple[str, ...]
    target: str = ""


@dataclass(slots=True)
class Notes:
    """The markers of a page by link, the labels of its notes by the element at which each begins, and the elements that hold notes.

    All keys are `id()`s of elements of one tree, which must outlive this.
    """

    markers: dict[int, Marker] = field(default_factory=dict)
    starts: dict[int, str] = field(default_factory=dict)
    scopes: dict[int, Element] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)
    inline: dict[int, str] = field(default_factory=dict)
    by_id: dict[str, Element] = field(default_factory=dict)
    names_external: bool = False

    @property
    def found(self) -> bool:
        """Whether the page names its markers."""
        return bool(self.markers)


@dataclass(slots=True)
class _Links:
    """The links within a page with their targets' ids, what is under a heading of references, and which blocks answer which."""

    links: list[tuple[Element, str]] = field(default_factory=list)
    by_id: dict[str, Element] = field(default_factory=dict)
    order: dict[int, int] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    inline: list[Element] = field(default_factory=list)
    names_external: bool = False
    answered: set[tuple[int, int]] = field(default_factory=set)


def find_notes(body: Element) -> Notes:
    """Find the notes of a page and their markers."""
    links = _gather(body)
    for link, target in links.links:
        _answer(links, link, target)
    notes = Notes(by_id=links.by_id, names_external=links.names_external)
    holding: Counter[int] = Counter()
    homes: set[int] = set()
    for link, target in links.links:
        marker = None if _is_back(link) else _marker(links, link, target)
        if marker:
            notes.markers[id(link)] = marker
            homes.add(id(block_of(link)))
            if not _is_in_a_note(link, links.by_id.get(target)):
                holding.update(id(element) for element in link.up)
    _part_labels(notes, links)
    _place(notes, links, holding)
    _place_inline(notes, links)
    inside = {id(element) for scope in notes.scopes.values() for element in scope.elements}
    for link, target in links.links:
        if id(link) in inside and id(link) not in notes.markers and (_is_back(link) or _leads_to(homes, links, target)):
            notes.back.add(id(link))
    return notes


def label_of(printed: str, *, anything: bool = False) -> tuple[MarkKind, tuple[str, ...]] | None:
    """Read what a marker prints: numbers cite, letters, signs and named numbers ("note 1") are notes; None for any other text.

    `anything`: whatever stands there is a label, for links that say of themselves that they are markers.
    """
    words = unicodedata.normalize("NFKC", " ".join(printed.translate(_RAISED).split()))
    bare, bracketed = _unbracketed(words)
    if not bare or len(bare) > _LONGEST_LABEL:
        return None
    if found := _PART.fullmatch(bare):
        return (MarkKind.CITATION, (str(int(found[1])) + (found[2] or ""),)) if int(found[1]) else None
    if _NUMBERS.fullmatch(bare):
        labels = numbers_in(bare)
        return (MarkKind.CITATION, labels) if labels else None
    if _SIGN.fullmatch(bare) or (bracketed and _NAMED.fullmatch(bare)) or anything:
        return MarkKind.NOTE, (bare,)
    return None


def numbers_in(printed: str) -> tuple[str, ...]:
    """Spell out "3, 5-7" as 3 5 6 7; nothing where a range falls or is too wide."""
    labels: list[int] = []
    for part in re.split("[,;]", printed):
        ends = [int(n) for n in re.split(f"[{_DASHES}]", part)]
        if min(ends) == 0 or ends != sorted(ends) or ends[-1] - ends[0] > _WIDEST:
            return ()
        labels.extend(range(ends[0], ends[-1] + 1) if len(ends) > 1 else ends)
    return tuple(str(n) for n in dict.fromkeys(labels))


def _unbracketed(words: str) -> tuple[str, bool]:
    if len(words) > 2 and _BRACKETS.get(words[0]) == words[-1]:  # noqa: PLR2004 - two brackets and something between
        return words[1:-1].strip(), True
    return words, False


def names_external(link: Element) -> bool:
    """Whether a link is called external by MediaWiki or Parsoid."""
    return "external" in link.classes or "mw:ExtLink" in link.attributes.get("rel", "")


def block_of(element: Element) -> Element:
    """The innermost block that an element stands in, or is."""
    return next((above for above in element.up if above.tag in BLOCK_TAGS), element)


def _gather(body: Element) -> _Links:
    found = _Links()
    heading, level = "", 0
    for order, element in enumerate(body.elements):
        found.order[id(element)] = order
        if element.tag in HEADINGS and not (heading in REFERENCE_HEADINGS and HEADINGS[element.tag] > level):
            heading, level = section_name(element.text(100)), HEADINGS[element.tag]
        if heading in REFERENCE_HEADINGS:
            found.listed.add(id(element))
        if not element.attributes:
            continue
        for name in (element.id, element.attributes.get("name", "") if element.tag == "a" else ""):
            if name:
                found.by_id.setdefault(name, element)
        found.names_external |= element.tag == "a" and names_external(element)
        if element.tag == "a" and (fragment := element.attributes.get("href", "").partition("#")[2]):
            found.links.append((element, fragment))
        elif unlinked := _WITHOUT_LINK.fullmatch(element.id):
            found.links.append((element, f"footnote_plugin_reference_{unlinked[1]}"))
        elif not INLINE_NOTES.isdisjoint(element.classes):
            found.inline.append(element)
    found.links = [(link, _resolved(found.by_id, fragment)) for link, fragment in found.links]
    return found


def _resolved(by_id: dict[str, Element], fragment: str) -> str:
    """A fragment as its target writes its id: browsers try it as it stands, then percent-decoded."""
    return fragment if fragment in by_id else unquote(fragment)


def _answer(links: _Links, link: Element, target: str) -> None:
    """Note which blocks a link, seen as the way back from a note, makes answer which."""
    goal = links.by_id.get(target)
    if goal is None:
        return
    links.answered.add((id(goal), id(link)))
    home = id(block_of(goal))
    for above, _ in zip(link.up, range(_NEAR), strict=False):
        if id(above) == home:
            break
        links.answered.add((home, id(above)))


def _marker(links: _Links, link: Element, target: str) -> Marker | None:
    """What a link marks; None when it is no marker."""
    names_itself = _names_itself(link)
    own = bool(_OWN_NAMES.match(target))
    read = label_of(link.text(_LONGEST_LABEL), anything=names_itself or own)
    if read is None:
        return None
    goal = links.by_id.get(target)
    if own or names_itself:
        return Marker(*read, target)
    if goal is None or _is_in_a_note(link, goal) or not _may_be_a_note(links, link, goal) or _is_year(read[1]):
        return None
    home = block_of(goal)
    mutual = (id(link), id(goal)) in links.answered or not {(id(block_of(link)), id(e)) for e in (home, goal)}.isdisjoint(links.answered)
    return Marker(*read, target) if mutual or _is_listed(links, link, goal) else None


def _is_in_a_note(link: Element, goal: Element | None) -> bool:
    """Whether a link stands in a list of notes that its target is not in: a note that itself cites."""
    around = _note_list(link)
    return around is not None and (goal is None or not any(above is around for above in goal.up))


def _may_be_a_note(links: _Links, link: Element, goal: Element) -> bool:
    """Whether a link's target can be a note at all: it comes after the link, is not around it, and is no section with a heading."""
    if links.order[id(goal)] < links.order[id(link)] or block_of(goal).tag in HEADINGS or any(above is goal for above in link.up):
        return False
    inner = zip(goal.elements, range(_LARGEST_NOTE), strict=False) if goal.tag in CONTAINERS else ()
    return not any(element.tag in HEADINGS for element, _ in inner)


def _is_year(labels: tuple[str, ...]) -> bool:
    """Whether a label is rather the year of an author-year citation: "Smith (2019)" with a link on the year."""
    number = labels[0].rstrip("abcdefgh")
    return number.isdecimal() and int(number) in _YEARS


def _is_listed(links: _Links, link: Element, goal: Element) -> bool:
    """Whether a target is in a list of notes that the link is not in: by the name of something near above it, or by the heading over it."""
    around = _note_list(goal)
    named = around is not None and not any(above is around for above in link.up)
    return named or (id(goal) in links.listed and id(link) not in links.listed)


def _names_itself(link: Element) -> bool:
    """Whether a link says that it is a marker."""
    attributes = link.attributes
    if attributes.get("role") == "doc-noteref" or attributes.get("epub:type") == "noteref" or "data-footnote-ref" in attributes:
        return True
    return bool(attributes.get("class")) and not MARKER_CLASSES.isdisjoint(name.lower() for name in link.classes)


def _note_list(element: Element) -> Element | None:
    """The nearest element above that says that it is a list of notes."""
    return next(
        (above for above, _ in zip(element.up, range(_NEAR), strict=False) if above.tag in BLOCK_TAGS and _is_note_list(above)), None
    )


def _is_note_list(element: Element) -> bool:
    names = {element.id.lower(), element.attributes.get("role", ""), *(name.lower() for name in element.classes)}
    return not NOTE_LISTS.isdisjoint(names)


def _is_back(link: Element) -> bool:
    """Whether a link says that it leads from a note back to its marker."""
    attributes = link.attributes
    if attributes.get("role") == "doc-backlink" or attributes.get("rel") == "mw:referencedBy" or "data-footnote-backref" in attributes:
        return True
    if any(not BACK_CLASSES.isdisjoint(name.lower() for name in above.classes) for above in (link, link.parent or link)):
        return True
    return link.text(10).lower() in BACK_WORDS


def _leads_to(homes: set[int], links: _Links, target: str) -> bool:
    """Whether a link leads into a block that has markers."""
    goal = links.by_id.get(target)
    return bool(_answered(target)) if goal is None else id(block_of(goal)) in homes


def _part_labels(notes: Notes, links: _Links) -> None:
    """Part the notes that print the same number in lists of their own, as footnotes and endnotes do: the later list's are "1 (2)"."""
    series: dict[tuple[str, int], int] = {}
    meant: dict[str, dict[int, int]] = {}
    homes: dict[int, int] = {}
    for key, marker in notes.markers.items():
        goal = links.by_id.get(marker.target)
        if goal is None or len(marker.labels) > 1:
            continue
        home = block_of(goal)
        one = series.setdefault((_NUMBER.sub("", marker.target), id(home.parent)), len(series))
        one = homes.setdefault(id(home), one)
        before = meant.setdefault(marker.labels[0], {})
        nth = before.setdefault(one, len(before))
        if nth:
            notes.markers[key] = replace(marker, labels=(f"{marker.labels[0]} ({nth + 1})",))


def _place(notes: Notes, links: _Links, holding: Counter[int]) -> None:
    """Find where each note begins, and the element that holds it."""
    answers = {answered: link for link, target in links.links if (answered := _answered(target))}
    goals: dict[int, tuple[Element, str]] = {}
    for marker in notes.markers.values():
        goal = links.by_id.get(marker.target) or answers.get(marker.target)
        if goal is not None and len(marker.labels) == 1:
            goals.setdefault(id(goal), (goal, marker.labels[0]))
    targets = Counter(id(above) for goal, _ in goals.values() for above in goal.up)
    for goal, label in goals.values():
        home = block_of(goal)
        if home.tag == "dt" and home.parent is not None:
            start, scope = home, home.parent
        elif targets[id(home)] > 1:
            start, scope = goal, home
        else:
            start = scope = _whole(home, targets, holding)
        if not holding[id(scope)]:
            notes.starts.setdefault(id(start), label)
            notes.scopes[id(scope)] = scope


def _place_inline(notes: Notes, links: _Links) -> None:
    """Name the notes that stand inside the running text, and the markers before them; where no marker shows, style sheets count."""
    taken = {label for marker in notes.markers.values() for label in marker.labels}
    numbered: dict[str, Element] = {}
    for element in links.inline:
        number = element.attributes.get("data-mfn", "") or str(len(notes.inline) + 1)
        if element.tag == "sup":
            numbered[number] = element
            continue
        label = f"{number} (2)" if number in taken else number
        notes.inline[id(element)] = label
        notes.markers[id(numbered.get(number, element))] = Marker(MarkKind.CITATION, (label,))


def _answered(target: str) -> str:
    """The note from which a link to "_ftnref1" (Word) or "ftnt_ref1" (Google Docs) comes, where the note itself has no id: "_ftn1"."""
    found = _BACK_NAME.fullmatch(target)
    return f"{found[1]}{found[2]}" if found else ""


def _whole(home: Element, targets: Counter[int], holding: Counter[int]) -> Element:
    """The outermost element that is nothing but this one note: its paragraphs together."""
    scope = home
    for above in _around(home):
        if targets[id(above)] > 1 or holding[id(above)] or above.tag not in ("li", "dd", "div", "aside", "tr"):
            break
        if next((c for c in above.children if isinstance(c, Element) or c.strip()), None) is not scope:
            break
        scope = above
    return scope


def _around(element: Element) -> Iterator[Element]:
    above = element.up
    next(above)
    yield from above
