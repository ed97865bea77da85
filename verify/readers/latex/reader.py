r"""LaTeX: the text as it would be printed, the keys of `\cite` as labels, footnotes as notes, the bibliography from the document or beside it.

An own scanner and not pylatexenc: that one calls itself for every group and raises on what it cannot parse, while a document is to be read
whatever its macros and however deep its braces. Files that it draws in are not followed; a remark names them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verify.model import BlockKind, Draft, MarkKind, Reference
from verify.readers.bibtex import author_of, read_beside
from verify.readers.references import reference_of
from verify.terminal import one_line

from .commands import COMMANDS
from .flow import Flow, Found
from .scan import Source
from .text import plain

if TYPE_CHECKING:
    from verify.readers import Options

_BEGINS = re.compile(r"^[^%\n]*?\\begin\s*\{document\}", re.MULTILINE)
_ENDS = re.compile(r"\\end\s*\{document\}")
_BIBLIOGRAPHY = re.compile(
    r"%[^\n]*|\\(?:bibliography|addbibresource|addglobalbib)(?:\[[^\[\]\n]{0,200}\])?\s*\{([^{}]{1,1000})\}|\\.", re.DOTALL
)
_LABELLED_ITEM = re.compile(r"\\bibitem\s*\[\{?([^\[\](){}]{1,80})\([^\[\]]{0,200}\]\s*\{([^{}\s]{1,200})\}")
_MOST_NAMED = 20


def read(content: str, options: Options) -> Draft:
    """Read a document, or a part of one without a preamble. With `options.links`, links to the web are citations."""
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(content)
    names = [name.strip() for found in _BIBLIOGRAPHY.finditer(content) if found[1] for name in found[1].split(",")]
    bibliography, remarks = read_beside(list(dict.fromkeys(filter(None, names))), options.place)
    found = Found(links=options.links)
    found.names = {found_item[2]: plain(found_item[1]) for found_item in _LABELLED_ITEM.finditer(content)}
    found.names |= {key: author for key, reference in bibliography.items() if (author := author_of(reference))}
    body = _walk(source, found)
    text, blocks = body.draft.finish()
    if found.inputs:
        listed = ", ".join(one_line(name) for name in found.inputs[:_MOST_NAMED])
        remarks.append(f"files that the document draws in were not read: {listed}{', ...' if len(found.inputs) > _MOST_NAMED else ''}")
    return Draft(
        text=text,
        blocks=blocks,
        title=found.title,
        references=_references(found, bibliography),
        remarks=tuple(remarks),
        names_markers=any(mark.kind is MarkKind.CITATION for block in blocks for mark in block.marks),
    )


def _walk(source: Source, found: Found) -> Flow:
    """Read the preamble for what it defines, then the body; the notes stand after it."""
    begins = _BEGINS.search(source.text)
    start = begins.end() if begins else 0
    ends = list(_ENDS.finditer(source.text, start))[-1:]
    body = Flow(source, found, COMMANDS)
    if start:
        Flow(source, found, COMMANDS).walk(0, start)
        if found.title:
            body.draft.open(BlockKind.TITLE)
            body.draft.write(found.title)
            body.draft.close()
        found.numbers, found.notes, found.inputs = 0, [], [name for name in found.inputs if not name.endswith(".sty")]
    body.walk(start, ends[0].start() if ends else len(source.text))
    for _, text, _ in found.notes:
        body.draft.open(BlockKind.REFERENCE_LIST)
        body.draft.write(text)
    return body


def _references(found: Found, bibliography: dict[str, Reference]) -> tuple[Reference, ...]:
    r"""The entries of `thebibliography`; those of a `.bib` that are cited (`\nocite{*}`: all); notes and links by number."""
    references: dict[str, Reference] = {}
    for key, text, urls in found.entries:
        references.setdefault(key, reference_of(key, text, urls=urls))
    for key in bibliography if "*" in found.cited else found.cited:
        if key in bibliography:
            references.setdefault(key, bibliography[key])
    for label, text, urls in (*found.notes, *((label, words, [url]) for url, (label, words) in found.linked.items())):
        references.setdefault(label, reference_of(label, text, urls=urls))
    return tuple(references.values())
