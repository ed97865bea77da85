"""Markdown: CommonMark with the extensions of GitHub and pandoc. The draft's text is the rendered one, with the markers in it.

markdown-it finds the blocks, and what is emphasis, code or a link; what cites is read before it (`markdown_syntax`). Footnotes are citations
labelled as in the source, and their definitions, wherever they stand, are references.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify.model import Draft
from verify.readers.bibtex import author_of, read_beside

from .blocks import Walk
from .citations import bracketed_keys, note_names
from .inline import Links
from .syntax import Syntax, without_reserved

if TYPE_CHECKING:
    from markdown_it.token import Token

    from verify.readers import Options

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n((?:(?!---|\+\+\+|\.\.\.).*\n){1,500}?)(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|$)")
_FIELD = re.compile(r"^([\w-]+)[ \t]*[:=][ \t]*(.*)$", re.MULTILINE)
_TITLE_LINES = re.compile(r"%[ \t]+(\S.*)\n(?:%.*\n){0,2}")
_LIST_FIELD = re.compile(r"[\[\],]|\s-\s")


def read(content: str, options: Options) -> Draft:
    """Read Markdown. With `options.links` every link to the web is a citation; a bibliography that the front matter names is read beside the file.

    Raises ReadError for quotations or lists that are nested out of all reason.
    """
    content, fields = _front_matter(without_reserved(content).replace("\r\n", "\n").replace("\r", "\n"))
    syntax = Syntax()
    tokens = syntax.blocks(content)
    names = [name.strip("\"' ") for name in _LIST_FIELD.split(fields.get("bibliography", ""))]
    bibliography, remarks = read_beside([name for name in names if name], options.place)
    reading = syntax.reading
    reading.bracketed = bracketed_keys(content)
    reading.names = {key: author_of(reference) or key for key, reference in bibliography.items()}
    reading.footnotes = _footnotes(tokens)
    reading.notes = note_names(reading.footnotes)
    walk = Walk(syntax, Links.of(content, syntax, every=options.links), fields.get("title", ""))
    walk.read(tokens)
    text, blocks = walk.draft.finish()
    cited = [label for block in blocks for mark in block.marks for label in mark.labels]
    return Draft(
        text=text,
        blocks=blocks,
        title=walk.title,
        language=fields.get("lang", "").partition("-")[0].lower(),
        references=walk.entries.finish(bibliography, cited),
        remarks=tuple(remarks),
    )


def _front_matter(content: str) -> tuple[str, dict[str, str]]:
    """The text after the front matter (YAML, TOML, or pandoc's title lines), and its fields of one line."""
    content = content.removeprefix("\ufeff")
    if lines := _TITLE_LINES.match(content):
        return content[lines.end() :], {"title": lines[1].strip()}
    found = _FRONT_MATTER.match(content)
    if not found or not _FIELD.search(found[1]):
        return content, {}
    fields = {name.lower(): value.strip().strip("\"'") for name, value in reversed(_FIELD.findall(found[1]))}
    return content[found.end() :], {name: value for name, value in fields.items() if value}


def _footnotes(tokens: list[Token]) -> dict[str, str]:
    """The source of every footnote by its label."""
    found: dict[str, str] = {}
    label = ""
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            found.setdefault(label, "")
        elif token.type == "footnote_reference_close":
            label = ""
        elif label and token.type == "inline":
            found[label] += f" {token.content}"
    return found
