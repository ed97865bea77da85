"""Text that is more than its letters: formulas, raised figures, and what an entry of a reference list looks like."""

import re

from .tree import Element
from .words import FORMULA_CLASSES

_RAISED = str.maketrans("0123456789+-−–(),;n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻–⁽⁾,;ⁿ")
_FIGURES = re.compile(r"[+\-−]?\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,9}")
_OF_A_POWER = re.compile(r"(?:\d|(?<![^\W\d_])[^\W\d_]{1,2})[)\]]?$")
_SIMPLE = re.compile(r"[\w\s=+\-*/().,<>]{1,60}")
_STYLES = ("{\\displaystyle", "{\\textstyle")
_ENTRY = re.compile(
    r"^\W*(?:\[\w{1,12}\]|\d{1,3}[.)])\s|https?://|www\.|\bdoi\b|\bIS[BS]N\b|\(\d{4}[a-z]?\)|\bretrieved\b|\bpp?\. ?\d|\bvol\. ?\d|\b\d{4}[a-z]?\.?$"
    r"|^\W*[^\W\d_][\w'’-]+, (?:[A-Z]\.|[A-Z]\w+\b)",
    re.IGNORECASE,
)
_STOPPED = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_FEWEST_WORDS = 8


def raised(element: Element, before: str, *, marks: bool) -> str:
    """Give raised figures as raised signs: powers always, so that "10<sup>5</sup>" is not read as 105; all others only where they may be markers
    (`marks`), which are then known by that. "" for what is to be printed as it is: "1<sup>st</sup>"."""
    text = element.text(20)
    if any(isinstance(child, Element) for child in element.children) and any(inner.tag == "a" for inner in element.elements):
        return ""
    if not text or not _FIGURES.fullmatch(text) or not (marks or _OF_A_POWER.search(before)):
        return ""
    return text.replace(" ", "").translate(_RAISED)


def formula_of(element: Element) -> str:
    """Give a formula as it is printed where that is plain text, else a sign that one stands here; "" for what is no formula."""
    if element.tag not in ("math", "mjx-container", "span", "div") or (element.tag in ("span", "div") and not element.attributes):
        return ""
    if element.tag in ("span", "div") and FORMULA_CLASSES.isdisjoint(element.classes):
        return ""
    words = " ".join(_tex(element).split())
    style = next((style for style in _STYLES if words.startswith(style) and words.endswith("}")), "")
    words = words[len(style) : -1].strip() if style else words
    return words if words and _SIMPLE.fullmatch(words) else "⟨formula⟩"


def _tex(element: Element) -> str:
    for inner in element.elements:
        if inner.tag == "math" and "alttext" in inner.attributes:
            return inner.attributes["alttext"]
        if inner.tag == "annotation":
            return inner.text()
    return ""


def holds_only_formula(element: Element) -> bool:
    """Whether an element shows a formula and no word beside it."""
    waiting: list[Element | str] = [element]
    found = False
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            if any(map(str.isalnum, node)):
                return False
        elif formula_of(node):
            found = True
        else:
            waiting.extend(reversed(node.children))
    return found


def looks_like_entry(text: str) -> bool:
    """Whether a paragraph under a heading of references names a work; other finished sentences are running text."""
    return bool(_ENTRY.search(text)) or len(text.split()) < _FEWEST_WORDS or not _STOPPED.search(text)
