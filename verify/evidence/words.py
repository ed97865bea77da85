"""The words of a text: where each stands, what it is matched by, and whether it is a name, a number or a word of content.

A form is looked at once and shared by all places where it stands. It is matched at three depths: `folded` (case and accents gone), `stem`
(inflection gone: "wrote", "writes"), `root` (derivation gone: "creation", "creator"). The rules are for English; words of other languages and
scripts pass them nearly untouched and match as they are written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts that put no spaces between words: each letter counts as a word there."""
_LETTER = rf"(?:[^\W\d_{_ALONE}]|[\u0300-\u036f\u0900-\u0dff])"
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,12}}|\d{{1,40}}(?:[.,]\d{{1,40}}){{0,12}}{_LETTER}{{0,12}}|{_LETTER}{{1,80}}(?:['\u2019]{_LETTER}{{1,4}})?|[{_ALONE}]"
)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A word as written, and what it is matched by. `kin` are the stems that may stand for it; `number` says that it is a figure or number word."""

    folded: str
    stem: str
    root: str
    capital: bool
    stop: bool
    number: bool
    kin: frozenset[str]


class Word(NamedTuple):
    """A form at a place: code points of the text, end exclusive."""

    form: Form
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital."""
        return self.form.capital


def words(text: str, offset: int = 0) -> list[Word]:
    """The words of `text` in order; `offset` is added to their places."""
    return [Word(form_of(m[0]), m.start() + offset, m.end() + offset) for m in _WORD.finditer(text)]


_PROPER = {"US": "u.s", "May": "may"}
"""Names that are little words when written small."""


def forms(text: str) -> list[Form]:
    """The forms of the words of `text` in order: `words` without their places, at a third of its price."""
    return list(map(form_of, _WORD.findall(text)))


@lru_cache(maxsize=1 << 16)
def form_of(written: str) -> Form:
    """The form of one word as it is written."""
    folded, capital = _PROPER.get(written) or _folded(written), written[0].isupper()
    number = folded[0].isdigit() or folded in _numbers()
    if number:
        value = _numbers().get(folded) or _figure(folded)
        return Form(folded, value, value, capital, stop=False, number=True, kin=frozenset())
    stem = _stem(folded)
    root = _root(stem)
    return Form(
        folded,
        stem,
        root,
        capital,
        stop=folded in listed("stop") and written not in _PROPER,
        number=False,
        kin=_kin().get(stem, frozenset()),
    )


def light(form: Form) -> bool:
    """Whether the word says little by itself, so that it matters little where a source puts it in another way: "made", "took place"."""
    return form.stem in _light()


def opposed(one: Form, other: Form) -> bool:
    """Whether the two words are opposites by the lexicon: "first" and "last"."""
    return other.stem in _opposites().get(one.stem, ())


@cache
def _numbers() -> dict[str, str]:
    """Number words with the figure that each stands for; "3th" is the third."""
    figures = {word: str(value) for value, word in enumerate(listed("ones"))}
    tens = {word: str(20 + 10 * i) for i, word in enumerate(listed("tens"))}
    return figures | tens | {word: f"{value}th" for value, word in enumerate(listed("ordinals"), 1)}


_SUFFIXED = re.compile(r"(\d+)(?:st|nd|rd|th)")


def _figure(folded: str) -> str:
    """A figure without what only its printing adds: thousands marks, the letters of an ordinal."""
    plain = folded.replace(",", "")
    ordinal = _SUFFIXED.fullmatch(plain)
    return f"{ordinal[1]}th" if ordinal else plain


def _folded(written: str) -> str:
    """Lower case, without accents, a possessive ending or the points of an abbreviation."""
    lower = written.lower()
    if not lower.isascii():
        lower = lower.replace("\u2019", "'")
        lower = "".join(c for c in unicodedata.normalize("NFKD", lower) if not "\u0300" <= c <= "\u036f") or lower
    head, mark, tail = lower.partition("'")
    if mark and tail in {"s", ""}:
        lower = head
    return lower.removesuffix(".") if "." in lower else lower


_BARE, _INFLECTED, _DERIVABLE = 3, 4, 6
"""Letters that must stay of a word without its ending; that a word needs to have endings of inflection; of derivation."""


def _stem(word: str) -> str:
    """Take inflection off a folded word, by the list of irregular forms, else by rules."""
    forms = _forms()
    if word in forms:
        return forms[word]
    if len(word) < _INFLECTED or not word.isascii() or not word.isalpha():
        return word
    single = _without_plural(word)
    bare = _without_tense(single)
    return forms.get(single) or forms.get(bare) or forms.get(bare + "e") or _spelling(bare)


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > _INFLECTED:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    for ending in ("ing", "ied", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= _BARE and _VOWEL.search(word[: -len(ending)]):
            bare = word[: -len(ending)]
            if ending == "ied":
                return bare + "y"
            if _SHORT.fullmatch(bare):  # "noted" is of "note": of "not" it would be "notted"
                return bare + "e"
            return bare[:-1] if len(bare) > _BARE and bare[-1] == bare[-2] and bare[-1] not in "ls" else bare
    return word


_VOWEL = re.compile(r"[aeiouy]")
_SHORT = re.compile("[^aeiouy][aeiouy][^aeiouywx]")


def _spelling(word: str) -> str:
    """One spelling for British and American English, and no final e, which inflection drops."""
    for british, american in _SPELLINGS:
        if word.endswith(british) and len(word) - len(british) >= _BARE:
            word = word.removesuffix(british) + american
            break
    if len(word) > _INFLECTED and word.endswith("ll"):
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _INFLECTED else word


_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("is", "iz"),
    ("yse", "yze"),
    ("our", "or"),
    ("tre", "ter"),
    ("ence", "ens"),
    ("ense", "ens"),
    ("ogue", "og"),
    ("amme", "am"),
)


def _root(stem: str) -> str:
    """Take one ending of derivation off a stem, where four letters stay."""
    if len(stem) < _DERIVABLE or not stem.isascii() or not stem.isalpha():
        return stem
    for ending in listed("endings"):
        if stem.endswith(ending) and len(stem) - len(ending) >= _INFLECTED:
            return stem.removesuffix(ending)
    return stem


@cache
def listed(name: str) -> dict[str, None]:
    """The words of one section of the packaged lists, in order; a dictionary, so that it can be asked for one at once."""
    return dict.fromkeys(word for line in _section(name) for word in line)


@cache
def _section(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of one section of the packaged lists, as words."""
    text = files(__package__).joinpath("lexicon.txt").read_text(encoding="utf-8")
    body = text.partition(f"[{name}]\n")[2].partition("\n[")[0]
    return tuple(tuple(line.split()) for line in body.splitlines() if line)


@cache
def _light() -> frozenset[str]:
    return frozenset(map(_stem, listed("light")))


@cache
def _forms() -> dict[str, str]:
    return {form: _spelling(line[0]) for line in _section("forms") for form in line}


def _key(word: str) -> str:
    """What a word of the lists is matched by: as `form_of` finds it, which reads the lists itself."""
    return _numbers().get(word) or _stem(word)


@cache
def _kin() -> dict[str, frozenset[str]]:
    """Stem -> the stems that may stand for it, both ways."""
    kin: dict[str, set[str]] = {}
    for line in _section("kin"):
        first, *others = map(_key, line)
        for other in others:
            kin.setdefault(first, set()).add(other)
            kin.setdefault(other, set()).add(first)
    return {stem: frozenset(others) for stem, others in kin.items()}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for line in _section("opposites"):
        parting = line.index("/")
        sides = [_key(word) for word in line[:parting]], [_key(word) for word in line[parting + 1 :]]
        for side, facing in (sides, sides[::-1]):
            for stem in side:
                opposites.setdefault(stem, set()).update(facing)
    return {stem: frozenset(facing) for stem, facing in opposites.items()}
