"""Make the list of English words by which the quote check tells a slip of the pen from another word.

    python tools/quote_words.py --dump PAGES.xml.bz2 --pages ROWS.jsonl [--least 2] > verify/evidence/quotes/english.txt

Counted are words written small: of a wiki dump, and of the pages of a file of rows with `sentences`. Only words go in, no text. What the quote
benchmark reports on must not be among the texts.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from verify.readers.mediawiki_xml import pages
from verify.readers.wikitext import reader as wikitext

WORD = re.compile(r"(?<![^\W\d_])[a-z]{2,24}(?![^\W\d_])")
HEAD = """# English words written small at least {least} times in {texts} texts: {names}.
# Made by tools/quote_words.py; counted from texts under CC BY-SA and on the open web, of which nothing but the words is kept.
"""


def texts_of_dump(path: Path) -> Iterator[str]:
    """Give the text of each article of a dump."""
    for page in pages(path):
        if not wikitext.redirect_target(page.text):
            yield wikitext.wikitext_draft(page.text).text


def texts_of_rows(path: Path) -> set[str]:
    """Give each different page of a file of claims and sources once."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return {" ".join(json.loads(line)["sentences"]) for line in lines if line}


def main() -> None:
    """Count, and print the list."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dump", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--least", type=int, default=2)
    arguments = parser.parse_args()
    texts = [*texts_of_dump(arguments.dump), *texts_of_rows(arguments.pages)]
    counts = Counter(word for text in texts for word in WORD.findall(text))
    kept = sorted(word for word, count in counts.items() if count >= arguments.least)
    names = f"{arguments.dump.name}, {arguments.pages.name}"
    sys.stdout.write(HEAD.format(least=arguments.least, texts=len(texts), names=names))
    sys.stdout.write(fill(" ".join(kept), width=140) + "\n")


if __name__ == "__main__":
    main()
