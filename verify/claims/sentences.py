"""Where sentences end: sentencex's boundaries, and the mending of its known errors in one place.

It splits after a Roman numeral with a full stop ("Charles II. was"), inside parentheses that hold a sentence end, and not at all after a
parenthesised sentence; it cannot know that a marker stood between two words. `;` and `:` never split; a boundary inside quotation marks or
parentheses is none.
"""

import re
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

_STOPS = ".!?…。！？｡।॥؟۔։"
_CLOSERS = "\"'”’»›“‘)]}）」』】*_"  # “ and ‘ close a quotation in German
_OPENERS = "\"'“‘«‹„([{（「『【¿¡"
_STOP = re.compile(rf"[{re.escape(_STOPS)}][{re.escape(_CLOSERS)}\s]*$")
_AFTER_PARENTHESIS = re.compile(rf"[{re.escape(_STOPS)}][\"”’»]?(?:[)）]\s+|）)")
_BEFORE_PARENTHESIS = re.compile(rf"[{re.escape(_STOPS)}][\"”’»]?\s+(?=[(（])")
_MISSED = re.compile(
    r"(?:/\w{1,4}|\betc)\.\s+(?=[A-ZÀ-Þ])|[.!?]\s+(?=[’'][nst] [A-ZÀ-Þ])|[。！？](?=\d)"
    r"|\b[A-Za-z]\.[A-Za-z]\.\s+(?=(?:The|An?|It|He|She|They|We|This|These|Its|His|Her|Their|In|On|At|But|However)\s[a-z])"
)
"""After a unit ("50 µg/l. The"), after "etc.", before a clipped word of Afrikaans and Dutch ("'n Man", "'s Avonds"), before a number in Chinese
and Japanese, and after a dotted abbreviation where a small word opens the next sentence ("at 5 p.m. The gate")."""
_OPENING = re.compile(rf"[{re.escape(_OPENERS)}\s]*(\S)")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_ELISION = re.compile(r"[’'][nst] [A-ZÀ-Þ]")
_GOES_ON = re.compile("[\u3040-\u309f]|[^，。！？]{0,4}[说說道问問答喊]")
"""After a quotation in Japanese or Chinese: a particle, or who said it."""
_BEFORE_A_NUMBER = re.compile(
    r"\b(?:vols?|nos?|nr|figs?|ch|chap|secs?|sect|art|paras?|pt|eqs?|tabs?|app|apx|approx|aprox|ca?|env|ed|eds|pp?|pgs?|pags?|págs?|n|núm|num"
    r"|bd|kap|abb|abs|ziff|hs|blz|str|rozdz|ust|рис|табл|стр|гл|вып|ок)\.\s*$",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|MM|Mme|Mlle|Mgr|डॉ|श्री|सुश्री)\.\s*$")
_DEGREE = re.compile(r"\b(?:[BML]\. ?(?:A|Sc|Ed|Com|Eng|Phil|Litt)|Ph\. ?D)\.\s*$")
_HONOURS = re.compile(r"\s*\(?Hon(?:s|ou?rs|neurs)\b")
_FRENCH_TITLE = re.compile(r"(?:^|[\s(«’'])M\.\s*$")
_GERMAN_ORDINAL = re.compile(
    r"\b(?:de[rnms]|die|das|im|am|vom|zum|zur|beim|ins|seit|ab|bis|und|oder|jede[rmns]?|[msd]?eine?[rmns]?|ihre?[rmns]?)\s\d{1,3}\.\s*$",
    re.IGNORECASE,
)
_NO_SENTENCE = re.compile(r"[\W_]*+(?:(?:\d{1,3}|[ivxl]{1,5}|[a-z])[.)])?[\W_]*+")
"""Signs without a word, or the number of a point: "2." goes with what follows it."""
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
"""The mark of Hebrew acronyms is typed as a straight quotation mark, and is none."""
_CLOSES = re.compile(rf"(?<=\S)[{re.escape(_CLOSERS)}]{{1,4}}(?=\s|$)")
"""What still belongs to the sentence: a closing quotation mark, and the emphasis that language models print ("**Acute effects.** A dose ...")."""
_NAME = re.compile(r"(?<=\s)\.(?=\w)")
"""The point of ".NET"."""
_INITIAL = re.compile(r"(?:^|[^\w])[^\W\d_]\.$")
_PAIRS = {"„": "“”", "(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "“": "”", "«": "»"}

_PAIRED = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_PAIRS.values())) + "]")

_PIECE = 8_000
"""sentencex's time grows with the square of a paragraph that is not ASCII; a longer one is handed over in pieces, so that it stays linear."""
_LONGEST_ASIDE = 1000
"""A bracket that is not closed within so many characters was never meant to be: it shields no boundary."""
_SIGHT = 80
"""How far around a boundary its words are looked at."""


def split_sentences(text: str, *, language: str = "en", marks: Collection[int] = ()) -> list[tuple[int, int]]:
    """Give the sentences of a paragraph as (start, end) offsets, without the white space around them.

    `marks` are the offsets at which a marker was taken off: right after a stop they prove a sentence's end ("in the U.S.[3] She left").
    """
    asides = _asides(text)
    ends = {cut for cut in _candidates(text, language, asides) if _is_end(text, cut) and not _is_abbreviated(text, cut, language)}
    ends |= {cut for mark in marks if _is_end(text, cut := _closed(text, mark))}
    cuts = [0, *sorted(cut for cut in ends if not _is_within(cut, asides)), len(text)]
    edges = [0, *(cut for before, cut in pairwise(cuts[:-1]) if not _NO_SENTENCE.fullmatch(text, before, cut)), len(text)]
    if len(edges) > 2 and not any(map(str.isalnum, text[edges[-2] :])):  # noqa: PLR2004 - signs alone go with the sentence before them
        del edges[-2]
    return [span for start, end in pairwise(edges) if (span := _trimmed(text, start, end))]


def _candidates(text: str, language: str, asides: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Every offset at which a sentence may end: sentencex's, and those that it misses."""
    for cut in _boundaries(text, language):
        if not _INITIAL.search(text, max(0, cut - _SIGHT), cut) or text[cut - 1].isspace():
            yield _closed(text, cut)
    full = dict(aside for aside in asides if _STOP.search(text, max(aside[0], aside[1] - 3), aside[1]))
    full_ends = set(full.values())
    yield from (
        found.end() for found in _AFTER_PARENTHESIS.finditer(text) if text.rindex(found[0].strip()[-1], 0, found.end()) in full_ends
    )
    yield from (found.end() for found in _BEFORE_PARENTHESIS.finditer(text) if found.end() in full)
    yield from (found.end() for found in _MISSED.finditer(text))


def _closed(text: str, cut: int) -> int:
    """Where the sentence that ends at `cut` has closed its quotation and its emphasis."""
    return found.end() if (found := _CLOSES.match(text, cut)) else cut


def _boundaries(text: str, language: str) -> Iterator[int]:
    """The boundaries that sentencex sees.

    A piece begins at the last boundary of the piece before it, so that no piece's end is taken for a sentence's.
    """
    from sentencex import get_sentence_boundaries

    text = _GERSHAYIM.sub("״", text)
    start = 0
    while start < len(text):
        end = text.rfind(" ", start, start + _PIECE) + 1 if len(text) - start > _PIECE else len(text)
        end = end or start + _PIECE
        found = [start + boundary["end_index"] for boundary in get_sentence_boundaries(language, text[start:end])]
        inner = [cut for cut in found if start < cut < end]
        yield from inner
        start = inner[-1] if inner and end < len(text) else end


def _is_end(text: str, cut: int) -> bool:
    """Whether a sentence can end at `cut`: after a stop, and not before a lower-case word or where a Japanese quotation goes on."""
    before, after = text[max(0, cut - _SIGHT) : cut].rstrip(), text[cut : cut + _SIGHT].lstrip()
    opening = _OPENING.match(after)
    if not (opening and _STOP.search(before)):
        return False
    if cut and _NAME.match(text, cut - 1):
        return False
    if before[-1] in "”」』）" and _GOES_ON.match(after):
        return False
    return bool(_ELISION.match(after) or _BRAND.match(after)) or not (opening[1].islower() or opening[1] in ",;:")


def _is_abbreviated(text: str, cut: int, language: str) -> bool:
    """Whether the stop before `cut` belongs to an abbreviation or an ordinal that cannot end a sentence before what follows here."""
    around = (max(0, cut - _SIGHT), cut)
    if _TITLE.search(text, *around) or (language == "fr" and _FRENCH_TITLE.search(text, *around)):
        return True
    if _DEGREE.search(text, *around) and _HONOURS.match(text, cut):
        return True
    if text[cut : cut + _SIGHT].lstrip()[:1].isdecimal() and _BEFORE_A_NUMBER.search(text, *around):
        return True
    return language == "de" and _GERMAN_ORDINAL.search(text, *around) is not None


def _asides(text: str) -> list[tuple[int, int]]:
    """The brackets and paired quotation marks of a text, outermost only: offsets of the opening and of the closing one, in order."""
    asides: list[tuple[int, int]] = []
    opened: deque[tuple[str, int]] = deque()
    awaited: Counter[str] = Counter()
    for found in _PAIRED.finditer(text):
        character, at = found[0], found.start()
        while opened and at - opened[0][1] > _LONGEST_ASIDE:
            awaited.subtract(opened.popleft()[0])
        if awaited[character] <= 0:
            if closers := _PAIRS.get(character):
                opened.append((closers, at))
                awaited.update(closers)
        else:
            closers, start = "", at
            while character not in closers:
                closers, start = opened.pop()
                awaited.subtract(closers)
            while asides and asides[-1][0] > start:
                asides.pop()
            asides.append((start, at))
    return asides


def _is_within(cut: int, asides: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(asides, cut, key=lambda aside: aside[0]) - 1
    return index >= 0 and asides[index][0] < cut <= asides[index][1]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return (start + lead, start + len(piece.rstrip())) if piece.strip() else None
