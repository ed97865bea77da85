"""Citations by author and year: "(Smith 2020; Lee & Park, 2019a, p. 4)", "Smith et al. (2020)", "(ibid.)".

Only what fits an entry of the document's own reference list is a citation, so that no "(born 1950)" is one. What a claim's text keeps: a
parenthesis that holds citations and nothing else is their marker, and leaves the text; of "Smith et al. (2020)" the marker is "(2020)", the
names are words of the sentence; of "(though Smith 2020 doubts it)" every word stays, and the marker, of no width, stands behind the year.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from verify.model import Block, BlockKind, Draft, Mark, MarkKind, Reference

from .authors import JOINED, YEAR, Work, Works, is_initials, words_of, work_of, years_in
from .references import entry_label

_WIDE = str.maketrans("（）［］；，：", "()[];,:")
_BRACKETS = re.compile(r"\(([^()]{3,500})\)|\[([^\[\]]{3,500})\]")
_NUMBERED = re.compile(r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]")
_PLACE = (
    r"(?:pp?|pgs?|pages?|S|s|ss|pág|págs|p\. ej|ch|chs|chap|chapters?|figs?|figures?|tab|tables?|eqs?|secs?|sections?|vol|no|paras?|nn?|notes?|fn|Kap"
    r"|Abb|Anm|с|стр|col|arts?|lines?|ll?|app|appendix)\.?\s?|§+\s?"
)
_LOCATOR = (
    rf"(?:{_PLACE})?(?:\d[\w.–-]*|[ivxlc]{{1,7}}(?![\w.]))(?:,\s?\d[\d–-]*){{0,9}}(?:\sff?\.)?|passim"
    r"|(?:my|our|own|author['’]s) (?:translation|emphasis)|(?:emphasis|italics) (?:added|mine|in (?:the )?original)"
)
_YEARS = rf"{YEAR}(?:(?:\s?/\s?|,\s?|,?\s(?:and|und|et|y|e|&)\s)(?:{YEAR}|[a-z](?![\w.'’]))){{0,9}}"
_EACH_YEAR = re.compile(rf"{YEAR}|(?<=[\s,])([a-z])(?!\w|\s\d)")
_CITED = re.compile(rf"([^\d;]{{0,200}}?)[,:]?\s?(?<![\w–-])({_YEARS})(?:\s?[,:]\s?({_LOCATOR}))?\s?(?:,|(?=and |und |et |y |& )|$)")
_YEARS_AMONG = re.compile(rf"(?<![\w–-]){_YEARS}")
_YEARS_FIRST = re.compile(rf"\s?({_YEARS})(?:\s?[,:;]\s?({_LOCATOR}))?\s?")
_LEADS = re.compile(
    r"(?:(?:see|also|e\.\s?g\.|i\.\s?e\.|cf\.?|compare|for (?:example|instance|(?:a )?(?:review|overview|discussion)s?)|(?:as )?(?:cited|quoted|reviewed)"
    r"(?: in| by)?|following|after|from|in|adapted from|according to|per|and|but|both|contra|pace|vgl\.?|siehe|s\.|so|etwa|z\.\s?B\.|nach|zit\.(?: n\.| nach)?"
    r"|voir|aussi|par exemple|véase|ver|por ejemplo|cfr\.?|vedi|zie|bijv\.|см\.|например|напр\.|див\.|zob\.|por|参见|见)[,:]?\s+)+",
    re.IGNORECASE,
)
_OTHERS = re.compile(r",?\s(?:et\s+al|(?:and|&) (?:others|colleagues|co-?workers)|u\.\s?a|и др|та ін)\.?(?=,?$)|,?\s?等人?$")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTICLE = re.compile("van|von|der|den|de|del|della|di|da|dos|du|la|le|el|al|ter|zu|zur|of|the|for|and|on|in|et|y|und|für|bin|ibn|af|av")
_BACK = re.compile(
    rf"(?:([^\d;]{{2,80}}?),?\s)?(?:(?:see\s|vgl\.\s)?(?:ibid(?:em)?|idem|ebd|ebenda|там же|там само)|op\.?\s?cit|loc\.?\s?cit|a\.\s?a\.\s?O|указ\.\s?соч)\.?"
    rf"(?:[,:]?\s({_LOCATOR}))?\s?\.?",
    re.IGNORECASE,
)
_COMPARED = 40
"""An entry is known again by so many of its first characters."""
_WINDOW = 160
"""The names of a citation that keeps its words stand no further before its year."""
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a bracket cites: the place of the citation in it, the labels, and whether an entry stands behind them."""

    start: int
    end: int
    labels: tuple[str, ...]
    locator: str = ""
    known: bool = True


def author_year_marks(draft: Draft) -> Draft:
    """Name the citations by author and year of a draft; the entries of a list without numbers are then labelled "Smith 2020".

    A document cites in one way: where numbers are more frequent, the draft is given back as it was.
    """
    references, works = _keyed(draft)
    if not works:
        return draft
    reading = _Reading(works)
    found = [[] if not block.kind.holds_claims else reading.marks(draft.text, block) for block in draft.blocks]
    if sum(map(len, found)) <= _numbers(draft):
        return draft
    blocks = tuple(replace(block, marks=_merged(block.marks, marks)) for block, marks in zip(draft.blocks, found, strict=True))
    return replace(draft, blocks=blocks, references=references)


def _keyed(draft: Draft) -> tuple[tuple[Reference, ...], list[Work]]:
    """The references that can be cited by author and year, as works; those that print no number are labelled by author and year."""
    entries = (entry_label(draft.text[b.start : b.end]) for b in draft.blocks if b.kind is BlockKind.REFERENCE_LIST)
    unnumbered = {_start(words) for label, words in entries if not label}
    references: list[Reference] = []
    works: list[Work] = []
    times: Counter[str] = Counter()
    for reference in draft.references:
        work = work_of(reference)
        if work and reference.label.isdecimal() and _start(reference.text) in unnumbered:
            times[work.key] += 1
            label = work.key if times[work.key] == 1 else f"{work.key} ({times[work.key]})"
            reference, work = replace(reference, label=label), replace(work, label=label)  # noqa: PLW2901
        references.append(reference)
        works.extend([work] if work else [])
    return tuple(references), works


def _start(entry: str) -> str:
    return " ".join(entry[: 2 * _COMPARED].split())[:_COMPARED]


def _numbers(draft: Draft) -> int:
    """How many citations by number or key the text of a draft has."""
    bodies = [block for block in draft.blocks if block.kind.holds_claims]
    return sum(sum(mark.kind is MarkKind.CITATION for mark in b.marks) + len(_NUMBERED.findall(draft.text, b.start, b.end)) for b in bodies)


def _merged(named: Sequence[Mark], found: Sequence[Mark]) -> tuple[Mark, ...]:
    """All marks in order; what the format itself names goes before what was found over it."""
    held = sorted(named, key=lambda mark: mark.start)
    ends, starts = [mark.end for mark in held], [mark.start for mark in held]
    apart = [mark for mark in found if bisect_right(ends, mark.start) == bisect_left(starts, mark.end)]
    return tuple(sorted((*held, *apart), key=lambda mark: mark.start))


class _Reading:
    """A reading of the text from its start, in which "ibid." means what was cited last."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = Works(works)
        self._order: dict[str, int] = {}
        self._last: tuple[str, ...] = ()

    def marks(self, text: str, block: Block) -> list[Mark]:
        """The marks of a block, by offsets in the whole text."""
        printed = text[block.start : block.end].translate(_WIDE)
        marks: list[Mark] = []
        for bracket in _BRACKETS.finditer(printed):
            for cited in self._in_bracket(printed, bracket):
                if cited.known:
                    self._last = cited.labels
                    self._order.update(dict.fromkeys(cited.labels, bracket.start() + block.start))
                marks.append(Mark(block.start + cited.start, block.start + cited.end, MarkKind.CITATION, cited.labels, cited.locator))
        return marks

    def _in_bracket(self, printed: str, bracket: re.Match[str]) -> list[_Cited]:
        """What a bracket cites, by offsets in its block."""
        inside, (start, end) = bracket[1] or bracket[2], bracket.span()
        if years := _YEARS_FIRST.fullmatch(inside):
            labels = self._of_names_before(printed[max(0, start - _WINDOW) : start], years[1])
            return [_Cited(start, end, labels, years[2] or "")] if labels else []
        listed = list(self._listed(inside))
        if all(listed) and any(cited and cited.known for cited in listed):
            only = [cited for cited in listed if cited]
            starts = [start, *(start + 1 + cited.start for cited in only[1:])]
            return [replace(cited, start=a, end=b) for cited, a, b in zip(only, starts, [*starts[1:], end], strict=True)]
        return list(self._mentioned(inside, start + 1))

    def _listed(self, inside: str) -> Iterator[_Cited | None]:
        """The citations of a bracket, each from the sign that parts it from the one before; None for other words."""
        at = 0
        names: list[str] = []
        others = False
        for piece in inside.split(";"):
            if back := _BACK.fullmatch(piece.strip()):
                labels = self._cited_before(back[1] or "")
                yield _Cited(at - 1, at, labels, back[2] or "") if labels else None
            reached = len(piece) if back else 0
            while reached < len(piece):
                cited = _CITED.match(piece, reached)
                said = _said(cited[1]) if cited else ""
                names, others = _names(said) if said else (names, others)
                if cited is None or not names or not all(map(_is_name, names)):
                    yield None
                    break
                labels = self._labels(names, cited[2], others=others)
                unknown = f"{names[0]} {_years(cited[2])[0]}"
                yield _Cited(at + reached - 1, at, labels or (unknown,), cited[3] or "", known=bool(labels))
                reached = cited.end()
            at += len(piece) + 1

    def _mentioned(self, inside: str, offset: int) -> Iterator[_Cited]:
        """The works that a bracket names among other words; their markers have no width, since the words stay."""
        for years in _YEARS_AMONG.finditer(inside):
            if labels := self._of_names_before(inside[max(0, years.start() - _WINDOW) : years.start()], years[0]):
                yield _Cited(offset + years.end(), offset + years.end(), labels)

    def _of_names_before(self, before: str, years: str) -> tuple[str, ...]:
        """What is cited by the names that a text ends with, as many of them as fit an entry together."""
        names, others = _names(_POSSESSIVE.sub("", before.rstrip(" ,")))
        tries = (self._labels(names[at:], years, others=others) for at in range(max(0, len(names) - _MOST_NAMES), len(names)))
        return next(filter(None, tries), ())

    def _labels(self, names: Sequence[str], years: str, *, others: bool) -> tuple[str, ...]:
        found = [work.label for year in _years(years) for work in self._works.find(names, year, others=others)]
        return tuple(dict.fromkeys(found))

    def _cited_before(self, name: str) -> tuple[str, ...]:
        """What "ibid." means, or "op. cit." after a name: the last citation, or the last one of that author."""
        if not name:
            return self._last
        written = [work.label for work in self._works.find(_names(_said(name))[0]) if work.label in self._order]
        return (max(written, key=self._order.__getitem__),) if written else ()


def _said(names: str) -> str:
    """Names without what leads to them: "see also Smith"."""
    names = names.strip()
    lead = _LEADS.match(names)
    return names[lead.end() :] if lead else names


def _names(text: str) -> tuple[list[str], bool]:
    """Part names that stand together; second, whether "et al." ends them. Initials after a name go."""
    text = text.strip(" ,:")
    others = _OTHERS.search(text)
    parts = JOINED.split(text[: others.start()] if others else text)
    return [part for at, part in enumerate(parts) if part.strip() and not (at and is_initials(part))], bool(others)


def _is_name(text: str) -> bool:
    """Whether words can be a name: each has a capital, or a letter of a script that has none, or is a small word of names."""
    return all(not word[0].islower() or _PARTICLE.fullmatch(word) for word in words_of(text))


def _years(printed: str) -> tuple[str, ...]:
    """The years of a citation: "2019, 2020a, b" has three, as a letter alone goes with the year before it."""
    years: list[str] = []
    for found in _EACH_YEAR.finditer(printed):
        years += years_in(found[0]) or (years[-1][:4] + found[1] for _ in years[-1:])
    return tuple(years)
