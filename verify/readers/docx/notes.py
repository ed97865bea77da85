"""Foot- and endnotes of a DOCX, numbered as Word prints them: by where they are called, footnotes 1, 2, 3 and endnotes i, ii, iii unless its
settings say otherwise, a mark of the author's own as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from verify.readers.manuscript import NoteMark, Paragraph
from verify.readers.numerals import roman

if TYPE_CHECKING:
    from .body import Parts

_DEFAULTS = {"footnote": "decimal", "endnote": "lowerRoman"}
_SYMBOLS = "*†‡§"


def _letters(number: int) -> str:
    """As Word counts: a to z, then aa, bb and so on."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


_WRITTEN: Mapping[str, Callable[[int], str]] = {
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "chicago": lambda number: _SYMBOLS[(number - 1) % len(_SYMBOLS)] * ((number - 1) // len(_SYMBOLS) + 1),
}


class Notes:
    """The notes of a document. `call` names the one that the text calls; `called` gives those that it did, in order."""

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, Element]],
        numbering: Mapping[str, str],
        targets: Mapping[str, Mapping[str, str]],
        parts: Parts,
    ) -> None:
        self._texts, self._targets, self._parts = texts, targets, parts
        self._numbering = {kind: numbering.get(kind) or usual for kind, usual in _DEFAULTS.items()}
        self._counts = dict.fromkeys(_DEFAULTS, 0)
        self._names: dict[tuple[str, str], str] = {}
        self._used: set[str] = set()

    def call(self, kind: str, identity: str, custom: str = "") -> NoteMark | None:
        """Name the note that is called here; None where the document has no such note."""
        if identity not in self._texts.get(kind, {}):
            return None
        if (kind, identity) not in self._names:
            self._names[kind, identity] = self._unused(kind, custom)
        return NoteMark(self._names[kind, identity])

    def _unused(self, kind: str, custom: str) -> str:
        """The next name of a kind. Where foot- and endnotes would be called alike, the later one says what it is."""
        name = custom
        if not custom:
            self._counts[kind] += 1
            name = _WRITTEN.get(self._numbering[kind], str)(self._counts[kind])
        name = name if name not in self._used else f"{kind} {name}"
        name = name if name not in self._used else f"{kind} {len(self._used) + 1}"
        self._used.add(name)
        return name

    def called(self) -> dict[str, Paragraph]:
        """The notes that the text calls, by their names, each as one paragraph."""
        from .body import Story

        notes = {}
        for (kind, identity), name in self._names.items():
            story = Story(self._parts, self._targets.get(kind, {}), within_note=True)
            story.walk(self._texts[kind][identity])
            note = Paragraph()
            for paragraph in story.paragraphs():
                note.pieces.extend((*([" "] if note.pieces else []), *paragraph.pieces))
                note.urls.extend(paragraph.urls)
            notes[name] = note
        return notes
