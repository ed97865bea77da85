"""The entries of a BibTeX or biblatex file as they are written: what each says, where it stands, what is wrong with it, what it inherits.

The grammar is the one by which manuscripts' own bibliographies are read (`verify.readers.bibtex`); here every entry is kept, those of one key
and the broken ones too. Tried beside it, bibtexparser 2.1 does not join values with `#`, refuses an entry that has a field twice, and takes a
missing comma for a part of the value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from verify.readers.bibtex import ENTRY, KEY, Strings, bodies, fields_of, growth

_QUOTES = re.compile(r"\\.|[{}\"]", re.DOTALL)
_STRAY = re.compile(r"^[ \t]*@[ \t]*([a-zA-Z]{3,20})\b(?![ \t\r\n]*[{(])[^\n]*", re.MULTILINE)
_NO_ENTRIES = frozenset({"comment", "preamble"})
_DEEPEST = 5
_OWN = frozenset({"crossref", "xref", "xdata", "ids", "label", "shorthand", "sortkey", "options", "entrysubtype", "keywords"})
"""What an entry does not inherit (biblatex 3.x, appendix B)."""
_OF_CONTAINER = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon", "shorttitle": "", "author": "bookauthor"}
_CONTAINED = frozenset({"inbook", "incollection", "inproceedings", "conference", "inreference", "suppbook", "bookinbook", "suppcollection"})


@dataclass(frozen=True, slots=True)
class Written:
    """An entry: its type and the names of its fields in lower case, the values in LaTeX, strings put in; `why` says what is wrong, or nothing."""

    kind: str
    key: str
    fields: Mapping[str, str]
    raw: str
    line: int
    why: str = ""


def entries_in(text: str) -> tuple[Written, ...]:
    """Give the entries of a file, in their order, with what they inherit."""
    found = sorted((*_entries(text), *_stray(text)), key=lambda entry: entry.line)
    by_key: dict[str, Written] = {}
    for entry in found:
        by_key.setdefault(entry.key.lower(), entry)
    whole: list[Written] = []
    left = growth(text)
    for entry in found:
        with_inherited = _with_inherited(entry, by_key)
        left -= sum(len(value) for name, value in with_inherited.fields.items() if name not in entry.fields)
        whole.append(with_inherited if left > 0 else entry)
    return tuple(entry for entry in whole if entry.kind != "xdata")


def _entries(text: str) -> Iterator[Written]:
    strings = Strings(text)
    at = 0
    for kind, body, closed, line in bodies(text):
        head = ENTRY.search(text, at)
        start, at = (head.start(), head.end() + len(body) + closed) if head else (at, at)
        if kind == "string":
            strings.update(fields_of(body, strings))
        elif kind not in _NO_ENTRIES:
            key = KEY.match(body)
            why = _fault(body, closed, key)
            yield Written(
                kind, key[1] if key else "", fields_of(body[key.end() if key else 0 :], strings), text[start:at].rstrip(), line, why
            )


def _fault(body: str, closed: bool, key: re.Match[str] | None) -> str:
    if not closed:
        return "its braces do not close before the next entry"
    if not key:
        return "it has no key"
    depth = quotes = 0
    for sign in _QUOTES.finditer(body):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        quotes += sign[0] == '"' and depth == 0
    return "a quotation mark in it does not close" if quotes % 2 else ""


def _stray(text: str) -> Iterator[Written]:
    """Lines that begin an entry and have no brace."""
    line = counted = 0
    for found in _STRAY.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if found[1].lower() in ENTRY_TYPES:
            yield Written(found[1].lower(), "", {}, found[0].strip(), line + 1, "no brace follows its type")


def _with_inherited(entry: Written, by_key: Mapping[str, Written]) -> Written:
    """The fields that an entry lacks, from those that it names by `crossref` and `xdata`, and theirs."""
    fields = dict(entry.fields)
    names = [(name, False) for name in _names(fields, "xdata")] + [(name, True) for name in _names(fields, "crossref")]
    for _ in range(_DEEPEST):
        parents = [(by_key[name], container) for name, container in names if name in by_key and by_key[name] is not entry]
        for parent, container in parents:
            for name, value in parent.fields.items():
                named = _OF_CONTAINER.get(name, name) if container and entry.kind in _CONTAINED else name
                if named and name not in _OWN:
                    fields.setdefault(named, value)
        names = [(name, container) for parent, container in parents for name in _names(parent.fields, "xdata", "crossref")]
    return replace(entry, fields=fields) if len(fields) > len(entry.fields) else entry


def _names(fields: Mapping[str, str], *which: str) -> list[str]:
    written = (fields.get(name, "") for name in which)
    return [name.strip().lower() for names in written for name in names.split(",")[:_DEEPEST] if name.strip()]


ENTRY_TYPES: dict[str, str] = {
    "article": "article-journal",
    "book": "book",
    "mvbook": "book",
    "inbook": "chapter",
    "bookinbook": "chapter",
    "suppbook": "chapter",
    "booklet": "pamphlet",
    "collection": "book",
    "mvcollection": "book",
    "incollection": "chapter",
    "suppcollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "proceedings": "book",
    "mvproceedings": "book",
    "manual": "book",
    "reference": "book",
    "mvreference": "book",
    "inreference": "entry",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "online": "webpage",
    "www": "webpage",
    "electronic": "webpage",
    "misc": "document",
    "unpublished": "manuscript",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "periodical": "periodical",
    "suppperiodical": "article-journal",
    "standard": "standard",
    "artwork": "graphic",
    "image": "graphic",
    "audio": "song",
    "music": "song",
    "video": "motion_picture",
    "movie": "motion_picture",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "legal": "treaty",
    "letter": "personal_communication",
    "performance": "performance",
    "review": "review",
}
"""The types of BibTeX and biblatex, and what each is in CSL."""
