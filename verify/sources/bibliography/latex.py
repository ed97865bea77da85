r"""The words of BibTeX's fields: from LaTeX to plain text, and back so that reading gives the same words again.

Formulas between dollar signs stay as they are, in both directions. An apostrophe stays one, for most fields come from databases, which mean no
quotation mark by it.
"""

import re

from verify.readers.latex.text import ACCENT, LIGATURES, SIGNS, SYMBOLS, accented

_MATH = re.compile(r"((?<!\\)\$[^$]+\$)")
_FORMULA = re.compile(r"\$(?!\s)[^$]*[\\^_][^$]*(?<![\s\\])\$")
_PLAIN = re.compile(r"[^\\{}$~`'<>,!?-]*")
"""Most fields: nothing in them is LaTeX."""
_TOKEN = re.compile(r"\\([a-zA-Z@]+)\s*|\\(.)|(---?|``|''|[?!]`|<<|>>|,,|~)|[{}]", re.DOTALL)
_ADDRESS = re.compile(r"\\([%_&#~{}$])|\\url\{([^{}]*)\}|[{}]")
_ESCAPED = {
    **{sign: f"\\{sign}" for sign in "&%$#_"},
    "\\": "\\textbackslash{}",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
}
_SIGN = re.compile(r"[&%$#_\\{}~^]")
_LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')|[?!](?=`)|<(?=<)|>(?=>)|,(?=,)")
_NOT_OF_ADDRESSES = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}


def words(latex: str) -> str:
    """A field as it is printed, white space folded."""
    if _PLAIN.fullmatch(latex):
        return " ".join(latex.split())
    parts = _MATH.split(latex)
    return " ".join("".join(part if at % 2 else _TOKEN.sub(_printed, ACCENT.sub(accented, part)) for at, part in enumerate(parts)).split())


def latex(words: str) -> str:
    """Write words so that `words` reads them again."""
    return "".join(part if at % 2 and _is_formula(part) else _written(part) for at, part in enumerate(_MATH.split(words)))


def latex_title(words: str) -> str:
    """Write a title; what has capitals inside ({NASA}, {iPhone}) is kept by braces from styles that make small letters of them."""
    parts = _MATH.split(words)
    return "".join(part if at % 2 and _is_formula(part) else " ".join(map(_kept, part.split(" "))) for at, part in enumerate(parts))


def address(written: str) -> str:
    r"""An address or identifier, in which only \_ and its like, and `\url{}`, are LaTeX."""
    return _ADDRESS.sub(lambda found: found[1] or found[2] or "", written).strip()


def latex_address(address: str) -> str:
    """Write an address; what cannot stand between braces is percent-encoded."""
    return re.sub(r"[{}\\ ]", lambda found: _NOT_OF_ADDRESSES[found[0]], address.strip())


def _printed(found: re.Match[str]) -> str:
    if found[1]:
        return SYMBOLS.get(found[1], "")
    if found[2]:
        return SIGNS.get(found[2], found[2])
    return LIGATURES.get(found[3] or "", "")


def _is_formula(part: str) -> bool:
    r"""Whether a part can stand as it is; not with \{ in it, which programs count as a brace and as none."""
    if not _FORMULA.fullmatch(part) or "\\{" in part or "\\}" in part:
        return False
    depth = 0
    for sign in re.findall(r"[{}]", part):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _written(text: str) -> str:
    parted = _LIGATURE.sub("\\g<0>\0", text.replace("\0", ""))
    return _SIGN.sub(lambda found: _ESCAPED[found[0]], parted).replace("\0", "{}")


def _kept(word: str) -> str:
    written = _written(word)
    return f"{{{written}}}" if any(letter.isupper() for letter in word[1:]) else written
