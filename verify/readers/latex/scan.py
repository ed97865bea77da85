r"""LaTeX in tokens and arguments: one pass finds which brace or bracket closes which, so that no argument is ever looked for twice.

TeX itself cannot be imitated without running it; here a group is what its braces hold, a comment ends with its line, and what is verbatim is
taken off first, as its braces count for nothing.
"""

import re
from array import array

from .names import UNSEEN, VERBATIM
from .text import ACCENT, LIGATURE

_MARKS = re.compile(
    r"\\begin\s*\{(\w+)(\*?)\}|\\verb\*?([^\w\s*])[^\n]{0,1000}?\3|\\(?:url|href|nolinkurl|path)\s*(\{)[^{}\n]{0,2000}(\})"
    r"|\\.|%[^\n]*|[{}\[\]]",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\r\n]|%[^\n]*\n)*")
_SPACE = re.compile(r"[ \t]*(?:\n(?![ \t]*\n)[ \t]*)?")
_LONGEST_OPTION = 5_000

TOKEN = re.compile(
    rf"(?P<comment>%[^\n]*(?:\n[ \t]*)?)|(?P<par>\n[ \t]*\n\s*)|(?P<accent>{ACCENT.pattern})"
    r"|\\begin[ \t]*\{(?P<begin>[^{}\n]{1,60})\}|\\end[ \t]*\{(?P<end>[^{}\n]{1,60})\}"
    r"|\\(?P<word>[a-zA-Z@]+\*?)|(?P<math>\\\(|\\\[|\$\$?)|\\(?P<sign>[\s\S])"
    rf"|(?P<ligature>{LIGATURE})|(?P<group>[{{}}])|(?P<cell>&)|\[(?P<bracket>[^\[\]\\{{}}$\n]{{1,80}})\]"
    r"|(?P<text>[^\\%${}&~`'?!<>,\"\n\[-]+|[\s\S])"
)
"""Every stretch of a text is one of these; the text itself goes up to the next sign that may mean something."""


class Source:
    """A text with its braces and brackets paired."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._closes = array("l", bytes(array("l").itemsize * (len(text) + 1)))  # 0 where nothing closes
        self._missing: set[str] = set()
        opened = array("l")
        at = 0
        while found := _MARKS.search(text, at):
            at = found.end()
            sign = found[0]
            if found[1] in VERBATIM or found[1] in UNSEEN:
                ends = self.environment_end(found[1] + found[2], at)
                at = ends[1] if ends else at
            elif found[4]:
                self._closes[found.start(4)] = found.start(5)
            elif sign in ("{", "["):
                opened.append(found.start())
            elif sign == "]" and opened and text[opened[-1]] == "[":
                self._closes[opened.pop()] = found.start()
            elif sign == "}":
                while opened and text[opened[-1]] == "[":
                    opened.pop()
                if opened:
                    self._closes[opened.pop()] = found.start()

    def find(self, pattern: str, at: int) -> re.Match[str] | None:
        """The first match of a pattern from `at` on; what was not found once is not looked for again further on."""
        found = None if pattern in self._missing else re.compile(pattern).search(self.text, at)
        if not found:
            self._missing.add(pattern)
        return found

    def environment_end(self, name: str, at: int) -> tuple[int, int] | None:
        r"""Where the `\end` of an environment begins and ends."""
        found = self.find(rf"\\end\s*\{{{re.escape(name)}\}}", at)
        return found.span() if found else None

    def space(self, at: int) -> int:
        """Where the space that ends the name of a command ends: not beyond a paragraph's end."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def group(self, at: int) -> tuple[int, int] | None:
        """The inside of the group `{...}` that follows `at`."""
        return self._inside("{", at)

    def option(self, at: int) -> tuple[int, int] | None:
        """The inside of the option `[...]` that follows `at`; it has no paragraphs."""
        found = self._inside("[", at)
        if not found or found[1] - found[0] > _LONGEST_OPTION or "\n\n" in self.text[at : found[1]]:
            return None
        return found

    def options(self, at: int) -> tuple[list[tuple[int, int]], int]:
        """All options from `at` on, and where they end."""
        found = []
        while inside := self.option(at):
            found.append(inside)
            at = inside[1] + 1
        return found, at

    def _inside(self, opening: str, at: int) -> tuple[int, int] | None:
        if not self.text.startswith(opening, at):
            found = _BLANK.match(self.text, at)
            at = found.end() if found else at
        closes = self._closes[at] if self.text.startswith(opening, at) else 0
        return (at + 1, closes) if closes else None
