"""Fields of a DOCX: a code, and the result that is printed for it. A complex field is three marks among the runs, may hold others, and may begin
in one paragraph and end in another, so what is open is kept on a stack beside the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from verify.readers.citation_codes import CitedWork, is_bibliography, unpacked, works_of
from verify.readers.manuscript import CitedMark

_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_DEEPEST = 64


@dataclass(slots=True)
class _Field:
    """An open field: its code as far as it is read, then what it cites and what it prints."""

    code: list[str] = field(default_factory=list)
    packed: str = ""
    printing: bool = False
    works: tuple[CitedWork, ...] = ()
    printed: list[str] = field(default_factory=list)
    bibliography: bool = False


class Fields:
    """The fields open at a place in the text, innermost last."""

    def __init__(self, sources: Mapping[str, CitedWork]) -> None:
        self._sources = sources
        self._open: list[_Field] = []
        self._beyond = 0  # fields inside more others than any program writes: their ends are counted, no more

    @property
    def in_bibliography(self) -> bool:
        """Whether a list of works cited is being printed."""
        return any(open_.bibliography for open_ in self._open)

    @property
    def in_code(self) -> bool:
        """Whether text is part of a code, and not seen."""
        return any(not open_.printing for open_ in self._open)

    def begin(self, packed: str = "") -> None:
        """Open a field; `packed` is what lies in base64 beside its code."""
        if len(self._open) < _DEEPEST:
            self._open.append(_Field(packed=packed))
        else:
            self._beyond += 1

    def add_code(self, text: str) -> None:
        """Add to the code of the innermost field."""
        if self._open and not self._open[-1].printing:
            self._open[-1].code.append(text)

    def separate(self) -> str:
        """End the code; what follows is printed. Gives the address, where the field is a link."""
        if not self._open or self._open[-1].printing:
            return ""
        inner = self._open[-1]
        inner.printing = True
        code = "".join(inner.code)
        inner.bibliography = is_bibliography(code)
        inner.works = works_of(code, self._sources) or (works_of(unpacked(inner.packed)) if inner.packed else ())
        link = _HYPERLINK.match(code)
        return link[1] if link else ""

    def end(self) -> str | CitedMark:
        """Close the innermost field. Gives the citation that it printed, to be written outside; else ""."""
        if self._beyond or not self._open:
            self._beyond = max(0, self._beyond - 1)
            return ""
        self.separate()
        inner = self._open.pop()
        if self._open and not self._open[-1].printing:
            self._open[-1].packed = self._open[-1].packed or inner.packed
        return CitedMark("".join(inner.printed), inner.works) if inner.works and inner.printed else ""

    def open_citation(self, code: str) -> None:
        """Open a field that has its code already: a content control, a bookmark, a simple field."""
        self.begin()
        self.add_code(code)
        self.separate()

    def takes(self, text: str) -> bool:
        """Whether an open citation prints this text, which then comes out with its mark."""
        citing = next((open_ for open_ in reversed(self._open) if open_.works), None)
        if citing:
            citing.printed.append(text)
        return citing is not None
