"""What the styles of a DOCX say of its paragraphs. Word keeps its built-in styles under English names in every language ("heading 1" behind
"berschrift1"), so the name decides, then the style that it is based on, then its outline level."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from verify.model import BlockKind
from verify.readers.archive import child, value

_HEADING = re.compile(r"heading (\d)")
_NAMED = (
    (re.compile(r"title"), BlockKind.TITLE),
    (re.compile(r"subtitle"), BlockKind.HATNOTE),
    (re.compile(r"toc heading"), BlockKind.HEADING),
    (re.compile(r"(?:intense )?quot(?:e|ations?)|block ?(?:text|quote)"), BlockKind.QUOTE),
    (re.compile(r"(?:table |image )?caption|illustration|figure"), BlockKind.CAPTION),
    (re.compile(r"toc \d|table of figures|index \d|contents \d"), BlockKind.LINK_LIST),
    (re.compile(r"bibliography(?: \d)?|endnote bibliography"), BlockKind.REFERENCE_LIST),
    (re.compile(r"html preformatted|source code|preformatted text|macro|code"), BlockKind.CODE),
    (re.compile(r"list (?:bullet|number|paragraph|continue)(?: \d)?|list(?: \d)?"), BlockKind.LIST_ITEM),
)
_BODY_LEVEL = 9
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style makes of a paragraph; `level` is a heading's, from 1; `numbered`: it brings a list's numbers or bullets."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    numbered: bool = False
    bold: bool = False


PLAIN = Style()


def named_style(name: str) -> Style:
    """A style by its name alone."""
    folded = " ".join(name.casefold().replace("_20_", " ").split())
    if heading := _HEADING.match(folded):
        return Style(BlockKind.HEADING, int(heading[1]))
    return next((Style(kind, int(kind is BlockKind.HEADING)) for pattern, kind in _NAMED if pattern.fullmatch(folded)), PLAIN)


def styles_of(root: Element) -> dict[str, Style]:
    """The paragraph styles of `word/styles.xml`, by their ids."""
    elements = {element.get("w:styleId", ""): element for element in root if element.tag == "w:style"}
    return {name: _resolved(element, elements) for name, element in elements.items() if element.get("w:type", "paragraph") == "paragraph"}


def outline_level(properties: Element | None) -> int:
    """The heading's level that paragraph properties give, from 1; 0 for running text."""
    level = value(properties, "w:outlineLvl", "w:val") if properties is not None else ""
    return int(level) + 1 if level.isdecimal() and int(level) < _BODY_LEVEL else 0


def is_numbered(properties: Element | None, *, inherited: bool = False) -> bool:
    """Whether paragraph properties put it into a list; number 0 takes it out of the list that its style puts it into."""
    number = value(properties, "w:numPr/w:numId", "w:val") if properties is not None else ""
    return number != "0" if number else inherited


def is_on(properties: Element | None, name: str, *, inherited: bool = False) -> bool:
    """Whether a switch such as `w:b` is set."""
    switch = child(properties, name) if properties is not None else None
    return switch.get("w:val", "1") not in ("0", "false", "off", "none") if switch is not None else inherited


def _resolved(element: Element, elements: Mapping[str, Element]) -> Style:
    """Ask a style, then the one that it is based on, and so on."""
    numbered = bold = False
    current: Element | None = element
    for _ in range(_LONGEST_CHAIN):
        if current is None:
            break
        properties = child(current, "w:pPr")
        numbered |= is_numbered(properties)
        bold |= is_on(child(current, "w:rPr"), "w:b")
        level = outline_level(properties)
        named = Style(BlockKind.HEADING, level) if level else named_style(value(current, "w:name", "w:val"))
        if named is not PLAIN:
            return Style(named.kind, named.level, numbered, bold)
        current = elements.get(value(current, "w:basedOn", "w:val"))
    return Style(BlockKind.LIST_ITEM if numbered else BlockKind.PARAGRAPH, 0, numbered, bold)
