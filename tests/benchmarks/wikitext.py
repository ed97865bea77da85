"""Wikitext against a tree parser, in one run on one machine: megabytes of UTF-8 a CPU second, and the share of its footnotes and tags that are found.

    python tests/benchmarks/wikitext.py [FOLDER of *.wikitext] [DUMP]

The peer only parses to a tree (mwparserfromhell, its tokenizer in C). Ours is measured twice: up to the text with every marker named and numbered,
and whole, with the entry of every footnote read as well. Every figure is the best of three.
"""

import sys
from collections import Counter
from pathlib import Path
from time import process_time

import mwparserfromhell
from mwparserfromhell.nodes import ExternalLink, Heading, Tag, Template, Wikilink

from verify.model import MarkKind
from verify.readers.mediawiki_xml import pages
from verify.readers.wikitext import reader as wikitext
from verify.readers.wikitext.lists import roles
from verify.tags import tag_template

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RUNS = 3
NOTES = frozenset({"note", "note of a group", "short note", "short notes"})


def speed(read, sources):
    """Megabytes a CPU second, the best of a few runs."""
    size = sum(len(source.encode()) for source in sources)
    times = []
    for _ in range(RUNS):
        start = process_time()
        for source in sources:
            read(source)
        times.append(process_time() - start)
    return size / min(times) / 1e6


def marked_text(source):
    """Read without the entries of the footnotes."""
    entries, wikitext._references = wikitext._references, lambda _page: ()
    try:
        wikitext.wikitext_draft(source)
    finally:
        wikitext._references = entries


def counted(code, found, *, inside):
    """Count what the tree has: footnotes outside footnotes and lists of definitions, tags outside footnotes."""
    for node in code.nodes if code else ():
        if isinstance(node, Tag):
            name = str(node.tag).strip().lower()
            found["footnotes"] += name == "ref" and not inside
            if name != "references":
                counted(node.contents, found, inside=inside or name == "ref")
        elif isinstance(node, Template):
            counted_template(node, found, inside=inside)
        elif isinstance(node, Wikilink):
            counted(node.text, found, inside=inside)
        elif isinstance(node, Heading | ExternalLink):
            counted(node.title, found, inside=inside)


def counted_template(node, found, *, inside):
    name = " ".join(str(node.name).replace("_", " ").split()).casefold()
    role = roles().get(name, "note" if name.startswith("#tag:ref") else "")
    if role == "nothing":
        return
    if not inside:
        found["footnotes"] += (role in NOTES) + (role == "uses") * sum(not one.showkey for one in node.params)
        found["tags"] += not role and tag_template(name) is not None
    for parameter in node.params:
        counted(parameter.value, found, inside=inside or role in NOTES)


def ours(source):
    """What our draft names: footnotes' markers and tags; works cited by author and year are no footnotes."""
    draft = wikitext.wikitext_draft(source)
    marks = [mark for block in draft.blocks for mark in block.marks]
    notes = sum(mark.kind in (MarkKind.CITATION, MarkKind.NOTE) and draft.text[mark.start] == "[" for mark in marks)
    return Counter(footnotes=notes, tags=sum(mark.kind is MarkKind.TAG for mark in marks))


def compare(name, sources):
    """Print one line for a set of pages."""
    sources = [source for source in sources if not wikitext.redirect_target(source)]
    wikitext.wikitext_draft(sources[0])  # the lists of names are read once
    tree, text, whole = (speed(read, sources) for read in (mwparserfromhell.parse, marked_text, wikitext.wikitext_draft))
    print(
        f"{name}: {len(sources)} pages; tree {tree:.1f} MB/s; marked text {text:.1f} MB/s ({text / tree:.1f}x); with entries {whole:.1f} MB/s ({whole / tree:.1f}x)"
    )
    expected, found, more = Counter(), Counter(), Counter()
    for source in sources:
        oracle, own = Counter(), ours(source)
        counted(mwparserfromhell.parse(source), oracle, inside=False)
        expected += oracle
        found += oracle & own
        more += own - oracle
    for kind in ("footnotes", "tags"):
        print(f"  {kind}: {found[kind]} of the tree's {expected[kind]} found, and {more[kind]} that it misses")


def main(arguments):
    """Measure the gold articles and a dump."""
    folder = Path(arguments[0]) if arguments else SHARED / "extraction"
    dump = Path(arguments[1]) if len(arguments) > 1 else SHARED / "formats" / "enwiki-2016-sample.xml.bz2"
    compare("articles", [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.wikitext"))])
    compare("dump", [page.text for page in pages(dump)])


if __name__ == "__main__":
    main(sys.argv[1:])
