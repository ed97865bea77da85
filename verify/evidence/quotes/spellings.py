"""Other ways to write a word: without its accents, in American spelling, with its contraction spelled out, as a scanner reads it.

Forms are strict forms (`folding.fold`). The rules of spelling are for English and change no other word into one that exists, as far as is known.
"""

import re
from functools import lru_cache

_CONTRACTED = (
    *((f"{word}'s", f"{word}is") for word in ("it", "he", "she", "that", "there", "here", "what", "who", "where")),
    *((short, long) for short, long in (("can't", "cannot"), ("won't", "willnot"), ("shan't", "shallnot"), ("let's", "letus"))),
)
_CONTRACTIONS = dict(_CONTRACTED)
_ENDED = (("n't", "not"), ("'re", "are"), ("'ll", "will"), ("'ve", "have"), ("'m", "am"))

_FLAT = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th", "\u00f0": "d", "\u0131": "i", "'": ""}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]")
_MISREAD = str.maketrans({"1": "l", "0": "o", "5": "s", "8": "b", "|": "l", "!": "l"})
_LOOKALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SPELLING = (
    (re.compile(r"(?<=[a-z]{3})our(?=$|s$|ed$|ing$|er|it|al|ab|ful|less|hood|ist)|(?<=^od)our"), "or"),
    (re.compile(r"(?<=[a-z]{2})is(?=(?:e[drs]?|ers|ing|ation|ational|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]l)ys(?=(?:e[drs]?|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z][tb])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|er|ers|or|ors)$)"), "l"),
    (re.compile(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
    (re.compile(r"(?<=[a-z]{2}en)c(?=es?$)"), "s"),
    (re.compile(r"(?<=[a-z])ae(?=[cdgmost][a-z])|^ae(?=s)|(?<=[fm])oe(?=[tb])|^oe(?=[sd])|(?<=rrh)oe"), "e"),
)


def unaccented(strict: str) -> str:
    """Give a strict form without its accents and apostrophes, letters that have no accent to lose as they are commonly replaced."""
    return strict if strict.isascii() and "'" not in strict else _ACCENTS.sub("", strict).translate(_FLAT)


def loose_form(strict: str) -> str:
    """Give the loose form of a word in strict form."""
    form = respelt(unaccented(strict))
    if not form.isascii():
        return form
    if not form.isalpha() and form[:1].isalpha():
        form = form.translate(_MISREAD)
    for one, other in _LOOKALIKE:
        form = form.replace(one, other)
    return form


@lru_cache(maxsize=2**14)
def respelt(form: str) -> str:
    """Give an unaccented form in American spelling, as far as rules go."""
    if form.isascii() and len(form) > len("four"):
        for pattern, spelling in _SPELLING:
            form = pattern.sub(spelling, form)
    return form


def spelled_out(form: str) -> str:
    """Give a form with its contraction spelled out, without spaces; what is none is given back."""
    if "'" not in form:
        return form
    if form in _CONTRACTIONS:
        return _CONTRACTIONS[form]
    return next((form.removesuffix(end) + full for end, full in _ENDED if form.endswith(end)), form)
