"""What stands inside a line of wikitext, made into what a reader sees: external links, HTML, bold and italic, behaviour switches, entities.

Templates, links between pages and footnotes are gone when these steps run; each step is one pass over the whole page.
"""

import re
from html import unescape

from .signs import BLOCK, BREAK

_SCHEME = r"(?:https?:|ftps?:|ircs?:|news:|mailto:|tel:|git:|svn:)?//|mailto:|news:|tel:"
_EXTERNAL = re.compile(
    rf"\[((?:{_SCHEME})[^\s\[\]<>\"\x02]++)[ \t]*+((?:[^\[\]\n]++|\[[^\[\]\n]*+\])*+)\]",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?[A-Za-z][A-Za-z0-9]*+)(?:[\s/][^<>]*+)?>")
_SWITCH = re.compile(r"__[A-Z]{3,30}__")
_QUOTES = re.compile(r"'{2,}+")
_VARIANT = re.compile(r"-\{([^{}]*+)\}-")
_BREAKS = re.compile(rf"{BREAK}(?:\s*+{BREAK})+")

_INLINE = (
    "abbr b bdi bdo big cite code data del dfn em font i ins kbd link mark meta nobr q rb rp rt rtc ruby s samp small span strike strong sub sup time tr"
    " tt tvar u var wbr nowiki ref references noinclude onlyinclude includeonly section translate languages indicator tbody thead tfoot col colgroup img a"
)
_PARTS = "p div center section article header footer aside main figure figcaption details summary poem"
_OPENS_AND_CLOSES = {"blockquote": "quote", "gallery": "gallery", "table": "table"}
_TAGS = {
    **{slash + name: "" for name in _INLINE.split() for slash in ("", "/")},
    **{slash + name: "\n\n" for name in _PARTS.split() for slash in ("", "/")},
    **{slash + name: f"\n{BLOCK}{slash}{block}\n" for name, block in _OPENS_AND_CLOSES.items() for slash in ("", "/")},
    **{
        f"{slash}h{level}": f"{'' if slash else chr(10)}{'=' * level}{chr(10) if slash else ''}"
        for level in range(1, 7)
        for slash in ("", "/")
    },
    **dict.fromkeys(("ul", "/ul", "ol", "/ol", "dl", "/dl", "/li", "/dd", "/dt", "tr", "/tr", "caption", "/caption"), "\n"),
    "li": "\n*",
    "dd": "\n:",
    "dt": "\n;",
    "td": " ",
    "th": " ",
    "/td": " ",
    "/th": " ",
    "br": BREAK,
    "/br": BREAK,
    "hr": "\n----\n",
    "/hr": "",
}
"""What becomes of each tag that MediaWiki lets through; others are printed as they stand."""


def marked_down(text: str, *, addresses: bool = False) -> str:
    """Take the markup out of expanded wikitext. Line breaks inside blocks become `BREAK`; block tags become lines that open with `BLOCK`.

    An external link without words is printed by its address where `addresses` says so (in an entry of a reference list), and else goes.
    """
    if "[" in text:
        text = _EXTERNAL.sub(_address_or_words if addresses else _words, text)
    if "<" in text:
        text = _TAG.sub(_tag, text)
        if BREAK in text:
            text = _BREAKS.sub("\n\n", text)
    if "''" in text:
        text = _without_emphasis(text)
    if "__" in text:
        text = _SWITCH.sub("", text)
    if "-{" in text:
        text = _VARIANT.sub(_variant, text)
    return text


def printed(text: str) -> str:
    """Give text as it is printed: entities spelt out, breaks as line ends."""
    if "&" in text:
        text = unescape(text)
    return text.replace(BREAK, "\n") if BREAK in text else text


def addresses_in(text: str) -> list[str]:
    """The addresses of the external links in brackets."""
    return [unescape(found[1]) for found in _EXTERNAL.finditer(text)] if "[" in text else []


def _words(found: re.Match[str]) -> str:
    return found[2].strip()


def _address_or_words(found: re.Match[str]) -> str:
    return found[2].strip() or found[1]


def _tag(found: re.Match[str]) -> str:
    return _TAGS.get(found[1].lower(), found[0])


def _without_emphasis(text: str) -> str:
    """Take out the quotation marks of bold and italic. A line without three in a row has nothing to weigh."""
    pieces: list[str] = []
    done = 0
    while (at := text.find("'''", done)) >= 0:
        start = max(done, text.rfind("\n", done, at) + 1)
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        pieces += text[done:start], _line_without_emphasis(text[start:end])
        done = end
    return "".join((*pieces, text[done:])).replace("''", "")


def _line_without_emphasis(line: str) -> str:
    """As MediaWiki's `doQuotes` reads a line: four marks are an apostrophe and bold, more than five are apostrophes and both.

    Where bold and italic are both left open, one bold was an apostrophe and italic (`l'''Odyssée''`): the first that stands after a word of
    one letter, else after a longer word, else after a space.
    """
    runs = [(found.start(), len(found[0])) for found in _QUOTES.finditer(line)]
    lengths = [3 if length == 4 else min(length, 5) for _, length in runs]  # noqa: PLR2004 - counts of quotation marks
    kept = {at: full - length for (at, full), length in zip(runs, lengths, strict=True)}
    bold = [at for (at, _), length in zip(runs, lengths, strict=True) if length == 3]  # noqa: PLR2004
    both = lengths.count(5)
    if bold and (len(bold) + both) % 2 and (lengths.count(2) + both) % 2:
        kept[min(bold, key=lambda at: _unlikeliest_bold(line[max(0, at - 2) : at]))] += 1
    return _QUOTES.sub(lambda run: "'" * kept[run.start()], line)


def _unlikeliest_bold(before: str) -> int:
    """Rank a bold by the two characters before it, the likeliest apostrophe first."""
    return 2 if before[-1:] in ("", " ") else 0 if before[:1] == " " else 1


def _variant(found: re.Match[str]) -> str:
    """Language converter: `-{zh-hans:A; zh-hant:B}-` prints the reader's variant, here the first; `-{A}-` prints itself."""
    rules = found[1].rpartition("|")[2]
    first = rules.split(";", 1)[0]
    variant, colon, words = first.partition(":")
    return words.strip() if colon and variant.strip().startswith(("zh", "sr", "kk", "ku", "tg", "uz")) else rules
