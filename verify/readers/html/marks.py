"""Markers in running text that are no links to notes: cleanup tags, pages behind a citation, links to sources; and how markers side by side join.

A tag is known by the words between its brackets, whatever the wiki calls the element around it; Parsoid also gives the template's parameters.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from verify.model import Mark, MarkKind
from verify.tags import Tag, tag_bare, tag_printed, tag_template

from .notes import label_of, numbers_in
from .tree import Element

_LONGEST_TAG = 120
_TAG_HOLDERS = frozenset(("sup", "span", "small", "i", "em", "b", "abbr", "font"))
_BRACKETED = re.compile(r"[\[［〔]\s*(.+?)\s*[\]］〕]")
_DATED = re.compile(r"\(([^()]*\d{4}[^()]*)\)?\s*$")
_PAGE = re.compile(r":\s*(\S.{0,60})")
_CHIP = re.compile(r"citation|source-?(?:chip|pill|link)|footnote-?link", re.IGNORECASE)
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_BETWEEN = re.compile(r"\s?[,;‐‑‒–—-]?\s?")
_OPENING, _CLOSING = re.compile(r"[\[(［（【]\s?$"), re.compile(r"\s?[\])］）】]")
_DASH = frozenset("‐‑‒–—-")


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A cleanup tag as printed. `tag` is None for one that says that it is a tag but is not in the vocabulary."""

    printed: str
    tag: Tag | None
    date: str = ""
    reason: str = ""


def tag_of(element: Element) -> TagSeen | None:
    """Read an inline element as a cleanup tag; None when it is none."""
    if element.tag not in _TAG_HOLDERS:
        return None
    printed = element.text(_LONGEST_TAG)
    names_itself = "Inline-Template" in element.classes
    found = _BRACKETED.fullmatch(printed) if printed and len(printed) <= _LONGEST_TAG else None
    if not found and not names_itself:
        return None
    called = _template(element)
    raised = element.tag == "sup" or names_itself  # elsewhere a bare "[who]" may be an editor's word
    tag = (tag_printed(found[1]) or (tag_bare(found[1]) if raised else None)) if found else None
    tag = tag or (tag_template(called[0]) if called else None) or (_linked(element) if names_itself else None)
    if tag is None and not (found and names_itself):
        return None
    return TagSeen(printed, tag, _parameter(called, "date") or _title_date(element), _parameter(called, "reason"))


def page_of(element: Element) -> str:
    """The page that `{{rp}}` prints behind a citation; "" for any other element."""
    if element.tag != "sup" or "reference" not in element.classes:
        return ""
    found = _PAGE.fullmatch(element.text(80))
    return found[1].strip() if found else ""


def chip_url(element: Element) -> str:
    """The address of an element that says that it is a link to a source, as answer engines print them ("US EPA +1"); "" for any other."""
    attributes = element.attributes
    given = next((value for name, value in attributes.items() if "citation" in name and _WEB.match(value)), "")
    if given or not (_CHIP.search(attributes.get("data-testid", "")) or (element.tag == "a" and "citation" in element.classes)):
        return given
    links = (inner.attributes.get("href", "").strip() for inner in element.elements if inner.tag == "a")
    return next((link for link in links if _WEB.match(link)), "")


def numbered_link(link: Element) -> tuple[str, ...]:
    """The numbers of a link to another page whose text is nothing else: "[1]", or "1" raised; () for other links."""
    printed = link.text(20)
    if not (printed.startswith(("[", "【")) or any(above.tag == "sup" for above in _self_and_two(link)) or "citation" in link.classes):
        return ()
    read = label_of(printed)
    return read[1] if read and read[0] is MarkKind.CITATION else ()


def joined(text: str, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Make one marker of citations that are printed as one: "[1, 2]", "1–3", "[18]:23"; with the brackets around them.

    `text` is what the offsets of `marks` count in.
    """
    kept: list[Mark] = []
    for mark in marks:
        if kept and (together := _together(text, kept[-1], mark)):
            kept[-1] = together
        else:
            kept.append(mark)
    return tuple(_with_brackets(text, mark) if mark.kind in (MarkKind.CITATION, MarkKind.NOTE) else mark for mark in kept)


def _together(text: str, first: Mark, last: Mark) -> Mark | None:
    between = text[first.end : last.start]
    if first.kind is not MarkKind.CITATION or len(between) > 3:  # noqa: PLR2004 - a comma or a dash with a space on either side
        return None
    if last.kind is MarkKind.PAGE and not between.strip():
        return replace(first, end=last.end, locator=", ".join(filter(None, (first.locator, last.locator))))
    if last.kind is not MarkKind.CITATION or not between.strip() or not _BETWEEN.fullmatch(between):
        return None
    run: tuple[str, ...] = ()
    if between.strip() in _DASH and first.labels[-1].isdecimal() and last.labels[0].isdecimal():
        run = numbers_in(f"{first.labels[-1]}-{last.labels[0]}")
    return replace(
        first, end=last.end, labels=tuple(dict.fromkeys((*first.labels, *run, *last.labels))), locator=first.locator or last.locator
    )


def _with_brackets(text: str, mark: Mark) -> Mark:
    """Widen a marker by the brackets that stand around its link and not in it."""
    before, after = _OPENING.search(text[max(0, mark.start - 2) : mark.start]), _CLOSING.match(text, mark.end)
    if not (before and after) or text[mark.start] in "[(［（【":
        return mark
    return replace(mark, start=mark.start - len(before[0]), end=after.end())


def _self_and_two(link: Element) -> list[Element]:
    return [above for above, _ in zip(link.up, range(3), strict=False)]


def _linked(element: Element) -> Tag | None:
    """The tag whose page an element links to: "Wikipedia:Citation needed"."""
    titles = (inner.attributes.get("title", "") for inner in element.elements if inner.tag == "a")
    return next((tag for title in titles if (tag := tag_template(title.partition(":")[2]))), None)


def _title_date(element: Element) -> str:
    """The month that MediaWiki puts behind the explanation: "This claim needs references. (January 2016)"."""
    found = (_DATED.search(inner.attributes.get("title", "")[-80:]) for inner in element.elements)
    return next((match[1].strip() for match in found if match), "")


def _template(element: Element) -> tuple[str, dict[str, Any]] | None:
    """The template that Parsoid says an element comes from, with its parameters."""
    data = element.attributes.get("data-mw", "")
    if '"template"' not in data:
        return None
    try:
        template = json.loads(data)["parts"][0]["template"]
        name, parameters = template["target"]["wt"], template["params"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return (name.strip(), parameters) if isinstance(name, str) and isinstance(parameters, dict) else None


def _parameter(called: tuple[str, dict[str, Any]] | None, name: str) -> str:
    value = called[1].get(name) if called else None
    words = value.get("wt") if isinstance(value, dict) else None
    return " ".join(words.split()) if isinstance(words, str) else ""
