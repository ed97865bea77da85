r"""The characters of LaTeX: accents, letters and signs that are commands, dashes and quotation marks; all that BibTeX fields and a text share."""

import re
import unicodedata
from collections.abc import Iterator


def _pairs(listed: str) -> Iterator[tuple[str, str]]:
    words = iter(listed.split())
    return zip(words, words, strict=True)


_ACCENT_CODES = "` 0300 ' 0301 ^ 0302 ~ 0303 = 0304 u 0306 . 0307 \" 0308 r 030a H 030b v 030c d 0323 c 0327 k 0328 b 0331"
_COMBINING = {mark: chr(int(code, 16)) for mark, code in _pairs(_ACCENT_CODES)}
ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])\s*(?:\{\s*(\\[ij](?![a-zA-Z])|[^\W\d_])\s*\}|(\\[ij](?![a-zA-Z])|[^\W\d_]))"
    r"|([uvHcdbkr])(?:\s*\{\s*(\\[ij]|[^\W\d_])\s*\}|\s+(\\[ij](?![a-zA-Z])|[^\W\d_])))"
)
"""An accent with its letter: the letter alone or in braces, dotless or not."""

_CHARACTERS = r"""
    ss ß ae æ AE Æ oe œ OE Œ o ø O Ø aa å AA Å l ł L Ł i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ S § P ¶ copyright ©
    textcopyright © textregistered ® texttrademark ™ pounds £ textsterling £ euro € texteuro € EUR € textyen ¥ textdegree ° degree °
    dag † ddag ‡ textdagger † textgreater > textless < textbackslash \ textasciitilde ~ textasciicircum ^ textunderscore _ textbar |
    textbraceleft { textbraceright } textquotesingle ' textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ”
    quotedblbase „ quotesinglbase ‚ guillemotleft « guillemotright » flqq « frqq » glqq „ grqq “ guilsinglleft ‹ guilsinglright ›
    ldots … dots … textellipsis … textendash – textemdash — textbullet • textperiodcentered · textexclamdown ¡ textquestiondown ¿
    textperthousand ‰ textmu µ textonehalf ½ textonequarter ¼ slash / TeX TeX LaTeX LaTeX LaTeXe LaTeX2e BibTeX BibTeX XeTeX XeTeX sim ~
    times × pm ± leq ≤ le ≤ geq ≥ ge ≥ approx ≈ neq ≠ infty ∞ cdot · to → rightarrow → leftarrow ← alpha α beta β gamma γ delta δ mu μ
    pi π sigma σ percent % textpercent % textdollar $ textnumero № No № textsection §
"""
SYMBOLS: dict[str, str] = {
    **dict(_pairs(_CHARACTERS)),
    **dict.fromkeys(("quad", "qquad", "space", "textvisiblespace", "nobreakspace", "thinspace"), " "),
    **dict.fromkeys(("newline", "linebreak", "tabularnewline"), "\n"),
    "og": "« ",
    "fg": " »",
}
"""Commands that print a character; the space that ends their name is not printed."""

SIGNS = {"\\": "\n", "|": "‖", **dict.fromkeys(",;: \n\t", " "), **dict.fromkeys('!-/@*"', "")}
"""Commands of one sign that print something else than the sign."""

_LIGATURES = "--- — -- – `` “ '' ” \"` „ \"' “ ` ‘ ' ’ ?` ¿ !` ¡ << « >> » ,, „"
LIGATURES = {**dict(_pairs(_LIGATURES)), "~": " "}
LIGATURE = "---?|``|''|\"[`']|[?!]`|[`'~]|<<|>>|,,"

_TOKEN = re.compile(rf"\\([a-zA-Z@]+)\s*|\\(.)|({LIGATURE})|[{{}}$]", re.DOTALL)


def accented(found: re.Match[str]) -> str:
    """The letter of an `ACCENT`."""
    letter = (found[2] or found[3] or found[5] or found[6]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[found[1] or found[4]])


def plain(text: str) -> str:
    """A field of BibTeX as it is printed, white space folded. Of commands that print no character, the arguments stay."""
    return " ".join(_TOKEN.sub(_printed, ACCENT.sub(accented, text)).split())


def _printed(found: re.Match[str]) -> str:
    if found[1]:
        return SYMBOLS.get(found[1], "")
    if found[2]:
        return SIGNS.get(found[2], found[2])
    return LIGATURES.get(found[3] or "", "")
