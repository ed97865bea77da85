"""What HTML's own parsing algorithm would spend quadratic time or memory on: such pages are refused before it runs."""

import re

from verify.errors import ReadError

_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
"""A tag's name ends only there (WHATWG HTML 13.2.5.8), so that "a<b;" in a script is no <b>."""
_FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_NOT_NESTING = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
        *("dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
_MOST_TAGS = 400_000
"""Start and end tags: about 12 MB of a usual page. Of the worst kinds, so many take 16 seconds and 500 MB (measured)."""
_MOST_STEPS = 10**9
_MOST_COPIES = 3 * 10**6
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?"""
_MARKUP = re.compile(
    r"<!--.*?(?:--!?>|\Z)|<[!?][^>]*+|</(?![a-z])[^>]*+"
    rf"|<(script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])(?:{_ATTRIBUTE})*+.*?(?:</\1|\Z)|(</?[a-z][^\s/>]*+(?:{_ATTRIBUTE})*+)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_LONG_TAG = 2000
_MOST_COMPARISONS = 4 * 10**8
"""Each attribute of a tag is compared with those before it: 20,000 in one tag take half a second, 200,000 a minute (measured)."""


def refuse_explosive(html: str) -> None:
    """Refuse what HTML's own algorithm spends quadratic time or memory on.

    A tag may walk all elements that are open, and a paragraph opens anew every formatting element that was left open before it: 37 kB of
    unclosed <b> and <p> make 4 million elements (measured).
    """
    open_now, most, tags = [0, 0], [0, 0], 0
    for tag in _TAG.finditer(html):
        tags += 1
        name = tag[2].lower()
        if name in _NOT_NESTING:
            continue
        kind = name in _FORMATTING
        open_now[kind] = max(open_now[kind] + (-1 if tag[1] else 1), 0)
        most[kind] = max(most[kind], open_now[kind])
    if tags > _MOST_TAGS:
        raise ReadError(f"has {tags:,} tags, more than the {_MOST_TAGS:,} that are read; save the part that matters as a file of its own")
    if sum(most) * tags > _MOST_STEPS or most[True] * tags > _MOST_COPIES:
        raise ReadError(f"nests elements too deeply to be read ({sum(most):,} open at once)")
    long = (tag[2] for tag in _MARKUP.finditer(html) if tag[2] and len(tag[2]) > _LONG_TAG)
    counts = (sum(1 for _ in _ATTRIBUTES.finditer(tag)) for tag in long)
    if sum(count * count for count in counts) > _MOST_COMPARISONS:
        raise ReadError("has a tag with too many attributes to be read")
