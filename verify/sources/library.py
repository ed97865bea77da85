"""A folder of files matched to references by what they hold: identifiers, titles, first authors, years. It only proposes; a person accepts.

A shared identifier is proof, two that differ forbid. Without one the titles decide, with at least three words that say something; whoever wrote the
work and the year strengthen or weaken that. Only pairs are proposed of which each is the other's best; where two are as good, all are marked.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from verify.model import SourceKind
from verify.readers.references import reference_of

from .bibliography.dates import first_day
from .bibliography.items import identifiers_of_item, text_of
from .bibliography.names import family_of

_CJK = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
_WORD = re.compile(rf"{_CJK}+|(?:(?!{_CJK})[^\W_])+")
_IS_CJK = re.compile(_CJK)
_SAYS_NOTHING = frozenset(
    (
        *(
            "a",
            "about",
            "after",
            "an",
            "and",
            "are",
            "as",
            "at",
            "between",
            "by",
            "can",
            "do",
            "does",
            "for",
            "from",
            "how",
            "in",
            "into",
            "is",
            "it",
        ),
        *(
            "its",
            "new",
            "not",
            "of",
            "on",
            "or",
            "over",
            "the",
            "their",
            "this",
            "to",
            "under",
            "using",
            "via",
            "what",
            "when",
            "why",
            "with",
        ),
        *(
            "le",
            "la",
            "les",
            "de",
            "des",
            "du",
            "et",
            "un",
            "une",
            "der",
            "die",
            "das",
            "und",
            "ein",
            "eine",
            "von",
            "zur",
            "zum",
            "im",
            "el",
            "los",
        ),
        *("del", "y", "en", "il", "e", "di", "da", "do", "dos", "das", "o", "os", "van", "het", "een"),
        *(
            "introduction",
            "abstract",
            "summary",
            "preface",
            "editorial",
            "contents",
            "index",
            "report",
            "article",
            "paper",
            "chapter",
            "home",
            "page",
        ),
    )
)
_FEWEST_WORDS = 3
"""Words that say something, which a title needs to prove anything."""
_FEWEST_BEFORE_SUBTITLE = 4
_FEWEST_LETTERS = 3
"""Of a name, to be looked for in a text: "Li" is a syllable of many."""
_HEAD_WORDS, _TEXT_WORDS, _TITLE_WORDS = 300, 150, 60
_HEAD_LETTERS, _TEXT_LETTERS = 10 * _HEAD_WORDS, 10 * _TEXT_WORDS
_INDEXED_OF_A_HEAD = 60
_RAREST, _MOST_OF_A_WORD, _MOST_CANDIDATES = 8, 60, 20
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"“”<>]{1,300}")
_DOI_ENDS = ".,;:!?'’)]}*_"
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]\d\d|20\d\d)(?!\d)")
_QUOTED = re.compile(r"[\"“«„]([^\"“”«»„]{10,300})[\"“”»]")
_AFTER_YEAR = re.compile(r"[(\[]?(?<!\d)(?:1[5-9]\d\d|20\d\d)[a-z]?(?!\d)[)\]]?[.,:]?\s+(?=\w)")
_SENTENCE_END = re.compile(r"(?<=\w{3})[.?!](?:\s|$)|[?!]\s")
_AUTHORS_END = 400
_DISTINCT = {SourceKind.DOI: "DOI", SourceKind.ARXIV: "arXiv id", SourceKind.ISBN: "ISBN"}
"""Identifiers of which a work has one: those of two works differ."""
_LEAST_TITLE, _LEAST_SCORE = 0.8, 0.7
_NEAR = 0.03
"""Scores that differ by less do not tell two candidates apart."""


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A file of the folder: its name, its bytes' hash, what its metadata say as a CSL-JSON item, and how its text begins (its first page)."""

    name: str
    sha256: str
    csl: Mapping[str, object]
    text_head: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference that wants a file: its key, its CSL-JSON item as far as one is known, and its printed words."""

    key: str
    csl: Mapping[str, object]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a file is what a reference cites: a score from 0 to 1 (1: a shared identifier), and the reasons. `ambiguous`: another file or reference
    is as good."""

    file: LibraryFile
    key: str
    score: float
    reasons: tuple[str, ...]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What is compared of a file or a reference. Words are folded; `run` is `words` with spaces around each, `lines` those that begin a line."""

    identifiers: frozenset[tuple[SourceKind, str]]
    title: tuple[str, ...]
    words: tuple[str, ...]
    author: str = ""
    full_name: str = ""
    authors: frozenset[str] = frozenset()
    year: int = 0
    years: frozenset[int] = frozenset()
    mentioned: frozenset[str] = frozenset()
    lines: frozenset[int] = frozenset()
    run: str = ""


def propose(files: Iterable[LibraryFile], wanted: Sequence[Wanted]) -> tuple[Proposal, ...]:
    """Match files to references, the best first. Of files with the same bytes the first by name is taken."""
    by_hash: dict[str, LibraryFile] = {}
    for file in sorted(files, key=lambda file: file.name):
        by_hash.setdefault(file.sha256 or file.name, file)
    listed = list(by_hash.values())
    works = [_of_file(file) for file in listed]
    index = _Index(works)
    found: list[tuple[int, int, float, tuple[str, ...]]] = []
    for position, reference in enumerate(wanted):
        work = _of_wanted(reference)
        for at in index.candidates(work):
            score, reasons = _compared(works[at], work)
            if score >= _LEAST_SCORE:
                found.append((at, position, score, reasons))
    return tuple(_mutual(found, listed, wanted))


def _mutual(
    found: Sequence[tuple[int, int, float, tuple[str, ...]]], files: Sequence[LibraryFile], wanted: Sequence[Wanted]
) -> Iterator[Proposal]:
    """The pairs of which each is the other's best. One work that is cited twice may have one file for both, if an identifier proves it."""
    best_of_file, best_of_wanted = _best(found, 0), _best(found, 1)
    kept = [pair for pair in found if pair[2] > max(best_of_file[pair[0]], best_of_wanted[pair[1]]) - _NEAR]
    of_file, of_wanted = Counter(at for at, *_ in kept), Counter(position for _, position, *_ in kept)
    for at, position, score, reasons in sorted(kept, key=lambda pair: (-pair[2], files[pair[0]].name, wanted[pair[1]].key)):
        ambiguous = of_wanted[position] > 1 or (of_file[at] > 1 and score < 1)
        yield Proposal(files[at], wanted[position].key, round(score, 3), reasons, ambiguous)


def _best(found: Iterable[tuple[int, int, float, tuple[str, ...]]], side: int) -> Mapping[int, float]:
    best: dict[int, float] = defaultdict(float)
    for pair in found:
        key = pair[0] if side == 0 else pair[1]
        best[key] = max(best[key], pair[2])
    return best


class _Index:
    """Files by identifier and by the words of their titles and beginnings."""

    def __init__(self, works: Sequence[_Work]) -> None:
        self._named: dict[object, list[int]] = defaultdict(list)
        self._worded: dict[str, list[int]] = defaultdict(list)
        for at, work in enumerate(works):
            for name in chain(work.identifiers, work.mentioned):
                self._named[name].append(at)
            for word in {*work.title, *work.words[:_INDEXED_OF_A_HEAD]} - _SAYS_NOTHING:
                self._worded[word].append(at)

    def candidates(self, work: _Work) -> list[int]:
        """The files worth a comparison: those with its identifiers, and those that share most of its rarest words."""
        found = [at for name in work.identifiers for key in (name, name[1]) for at in self._named.get(key, [])[:_MOST_OF_A_WORD]]
        words = [word for word in {*work.title, *work.words} if word in self._worded]
        rarest = sorted(words, key=lambda word: (len(self._worded[word]), word))[:_RAREST]
        shared = Counter(at for word in rarest for at in self._worded[word][:_MOST_OF_A_WORD])
        return list(dict.fromkeys([*found, *(at for at, _ in shared.most_common(_MOST_CANDIDATES))]))


def _of_file(file: LibraryFile) -> _Work:
    head = file.text_head
    date = file.csl.get("issued")
    made = isinstance(date, Mapping) and bool(date.get("circa"))  # when a PDF was made says little of when the work was published
    lines = [_words(line) for line in head[:_HEAD_LETTERS].split("\n")]
    words = tuple(chain.from_iterable(lines))[:_HEAD_WORDS]
    starts = frozenset(accumulate((len(line) for line in lines), initial=0))
    mentioned = frozenset(f"doi:{doi.rstrip(_DOI_ENDS).lower()}" for doi in _DOI.findall(head))
    years = frozenset(map(int, _YEAR.findall(head[:_HEAD_LETTERS])))
    work = _work(file.csl, words, year=0 if made else _year(date), years=years | ({_year(date)} if made else set()))
    return replace(work, lines=starts, mentioned=mentioned)


def _of_wanted(wanted: Wanted) -> _Work:
    printed = reference_of("", wanted.text[:_TEXT_LETTERS]) if wanted.text else None
    names: dict[str, object] = {}
    if printed:
        names = {"DOI": printed.doi, "ISBN": printed.isbn, "PMID": printed.pmid, "URL": printed.url, "type": "book"}
        names["number"] = f"arXiv:{printed.arxiv}" if printed.arxiv else ""
    words = _words(wanted.text)[:_TEXT_WORDS]
    years = frozenset(map(int, _YEAR.findall(wanted.text[:_TEXT_LETTERS])))
    work = _work(wanted.csl, words, year=_year(wanted.csl.get("issued")), years=years, also=names)
    return work if work.title else replace(work, title=_words(printed_title(wanted.text[:_TEXT_LETTERS]))[:_TITLE_WORDS])


def printed_title(text: str) -> str:
    """The title in a printed reference: what is quoted, else the sentence after the year behind the authors, else the second sentence.

    Empty where none of them is there.
    """
    if quoted := _QUOTED.search(text):
        return quoted[1]
    year = _AFTER_YEAR.search(text[:_AUTHORS_END])
    sentences = [part for part in _SENTENCE_END.split(text[year.end() :] if year else text) if part.strip()]
    if year and sentences:
        return sentences[0]
    return sentences[1] if len(sentences) > 1 else ""


def _work(
    csl: Mapping[str, object],
    words: tuple[str, ...],
    *,
    year: int,
    years: frozenset[int],
    also: Mapping[str, object] | None = None,
) -> _Work:
    own = identifiers_of_item(csl)
    named = [*own, *(other for other in identifiers_of_item(also or {}) if other.kind not in {identifier.kind for identifier in own})]
    people = csl.get("author") or csl.get("editor")
    families = [" ".join(_words(family_of(person))) for person in people] if isinstance(people, list) else []
    first = next(filter(None, families), "")
    full_name = " ".join(_words(f"{_given_of(people[0])} {first}")) if isinstance(people, list) and first else ""
    title = _words(text_of(csl.get("title")))[:_TITLE_WORDS]
    identifiers = frozenset((identifier.kind, identifier.canonical) for identifier in named)
    return _Work(identifiers, title, words, first, full_name, frozenset(families), year, years, run=f" {' '.join(words)} ")


def _compared(file: _Work, wanted: _Work) -> tuple[float, tuple[str, ...]]:
    """How sure it is that a file is what is wanted, and why."""
    same = file.identifiers & wanted.identifiers
    if same:
        return 1.0, tuple(sorted(f"same {_DISTINCT.get(kind, 'address')}" for kind, _ in same))
    for kind in _DISTINCT:
        if any(k is kind for k, _ in file.identifiers) and any(k is kind for k, _ in wanted.identifiers):
            return 0.0, ()
    alike, reason = _title_alike(file, wanted)
    printed = any(name in file.mentioned for _, name in wanted.identifiers)
    if alike < _LEAST_TITLE:
        return (_LEAST_SCORE, ("its DOI stands on the first page",)) if printed else (0.0, ())
    author, by_author = _author_agrees(file, wanted)
    year, by_year = _year_agrees(file, wanted)
    score = alike * (0.80 + 0.12 * max(author, 0) + 0.07 * max(year, 0)) * (0.6 if author < 0 else 1) * (0.8 if year < 0 else 1)
    reasons = (reason, by_author, by_year, "its DOI stands on the first page" if printed else "")
    return (max(score, 0.95) if printed else score), tuple(filter(None, reasons))


def _title_alike(file: _Work, wanted: _Work) -> tuple[float, str]:
    """How alike the titles are; or that the one wanted stands on lines of its own on the first page, or the file's in the printed reference.

    A title inside a longer one ("Comment on ...") is not it.
    """
    alike = _alike(file.title, wanted.title)
    if alike >= _LEAST_TITLE:
        return alike, f"title {int(100 * alike)} % alike"
    if _says_enough(wanted.title) and not _is_within(wanted.title, file.title) and (ends := _line_ends(file, wanted.title)):
        return (0.97 if ends > 1 else 0.9), "title stands on its first page"
    if _says_enough(file.title) and not _is_within(file.title, wanted.title) and _is_within(file.title, wanted.words):
        return 0.97, "title stands in the reference"
    return 0.0, ""


def _line_ends(work: _Work, title: tuple[str, ...]) -> int:
    """Whether a title begins a line of a text (1), and ends one (2); 0 where it does not stand there."""
    at = work.run.find(f" {' '.join(title)} ")
    if at < 0:
        return 0
    first = work.run.count(" ", 0, at)
    return (first in work.lines) + (first in work.lines and first + len(title) in work.lines)


def _is_within(title: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return f" {' '.join(title)} " in f" {' '.join(words)} "


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Share of three-letter pieces in common (Dice); 0 for titles that say too little, or that differ in a number; a title without its subtitle is
    as good as the whole."""
    if not (_says_enough(one) and _says_enough(other)):
        return 0.0
    short, long = sorted((one, other), key=len)
    if long[: len(short)] == short and _says_enough(short, _FEWEST_BEFORE_SUBTITLE):
        return 1.0 if len(short) == len(long) else 0.95
    if {word for word in one if word.isdecimal()} != {word for word in other if word.isdecimal()}:
        return 0.0
    pieces, others = _pieces(one), _pieces(other)
    return 2 * sum((pieces & others).values()) / (pieces.total() + others.total())


def _pieces(words: Sequence[str]) -> Counter[str]:
    text = f"  {' '.join(words)} "
    return Counter(text[at : at + 3] for at in range(len(text) - 2))


def _author_agrees(file: _Work, wanted: _Work) -> tuple[int, str]:
    """1 where the first author wanted is the file's, or stands on its first page; -1 where the file has others; 0 where nothing is known."""
    name = wanted.author
    if not name:
        stands = file.author and f" {file.author} " in wanted.run
        return (1, f"first author {file.author.title()}") if stands else (-1 if file.author and wanted.words else 0, "")
    telling = len(name) >= _FEWEST_LETTERS
    if name in file.authors or f" {name if telling else wanted.full_name} " in file.run:
        return 1, f"first author {name.title()}"
    told = file.authors or (telling and len(file.words) >= _HEAD_WORDS // 3)
    return (-1, "authors differ") if told else (0, "")


def _year_agrees(file: _Work, wanted: _Work) -> tuple[float, str]:
    """1 for the same year, a half for one beside it (printed after it stood on the web), -1 for another, 0 where nothing is known."""
    meant = {wanted.year} if wanted.year else wanted.years
    said = {file.year} if file.year else set()
    if shared := meant & (said | file.years):
        return 1, f"year {min(shared)}"
    if not meant or not said:
        return 0, ""
    near = any(abs(year - other) == 1 for year in meant for other in said)
    return (0.5 if near else -1), f"year {min(meant)}, the file says {min(said)}"


def _says_enough(words: Sequence[str], fewest: int = _FEWEST_WORDS) -> bool:
    return len({word for word in words if word not in _SAYS_NOTHING and len(word) > 1 and not word.isdecimal()}) >= fewest


def _given_of(name: object) -> str:
    return text_of(name.get("given")) if isinstance(name, Mapping) else ""


def _year(date: object) -> int:
    return next(iter(first_day(date)), 0)


def _words(text: str) -> tuple[str, ...]:
    """The words of a text, without case and accents; of scripts without spaces every two signs are one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:20_000]) if not unicodedata.combining(c))
    found = (word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", plain)))
    return tuple(chain.from_iterable(_pairs(word) if _IS_CJK.match(word) else (word,) for word in found))


def _pairs(signs: str) -> Iterable[str]:
    return [signs[at : at + 2] for at in range(len(signs) - 1)] or [signs]
