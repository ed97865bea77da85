"""Reading a number in words where it stands: twenty-three, two dozen, half a million, two thirds, the twenty-first, hundreds of thousands."""

from dataclasses import dataclass, replace

from verify.evidence.quantities.figure import Figure, Form
from verify.evidence.quantities.lexicon import CARDINALS, ORDINALS, SCALES, table, values, words
from verify.evidence.quantities.tokens import Tokens

_FRACTIONS = values("fractions")
_VAGUE = {word: tuple(map(float, ends.split())) for ends, listed in table("lexicon")["vague"].items() for word in listed.split()}
_HYPHENS = {"-", "\u2010", "\u2011"}
_ARTICLES = {"a", "an"}
_AND = {"and", "e", "et"}
_AND_ONES = {"y", "e", "et", "och"}
_ONES = words("ones_after_and")
_SOME = {"several", "few", "mehrere", "plusieurs", "varios", "varias", "diverse", "flera"}
_AFTER_FRACTION = {"of", "million", "mile"}
_OF_ALL = {"of", "the", "its", "their", "his", "her", "our", "all", "that", "those", "as"}
_PART_OF = {"than", "about", "nearly", "almost", "over", "under", "by", "roughly", "around", "approximately", "a", "one", "to"}
_AND_A_HALF = (("and", "a", "half"), ("-", "and", "-", "a", "-", "half"))
_VINGT = {"vingt", "vingts"}
_FOUR, _TEN, _TWENTY, _HUNDRED = 4, 10, 20, 100
_TENS = frozenset(range(20, 100, 10))
_BEFORE_TEENS = {60, 80}

SPELLED = frozenset(CARDINALS) | frozenset(ORDINALS) | frozenset(_FRACTIONS) | frozenset(_VAGUE) | (frozenset(SCALES) - {"k"}) | {"half"}
"""Every word that a number may begin with."""


def read_words(tokens: Tokens, index: int) -> Figure | None:
    """Read the number in words that begins at a token (or an article before it), None where none does."""
    word = tokens.lower[index]
    if word == "half":
        return _half(tokens, index)
    article = tokens.lower[index - 1] in _ARTICLES
    if word in CARDINALS or (word in SCALES and article):
        return _cardinal(tokens, index)
    if word in _FRACTIONS and article and tokens.lower[index + 1] in _AFTER_FRACTION:
        return _fraction(tokens, index - 1, index + 1, 1 / _FRACTIONS[word])
    if word in ORDINALS:
        return Figure(index, index + 1, ORDINALS[word], 1.0, ORDINALS[word], Form.ORDINAL)
    return _vague(tokens, index)


@dataclass(slots=True)
class _Sum:
    """A number in words as far as it is read: whole thousands and more in `total`, below that in `group`."""

    total: float = 0.0
    group: int = 0
    step: float = 1.0
    least: float = 1e18

    def read(self, word: str) -> bool:
        """Take in a word if the language of numbers lets it stand here."""
        if word in _VINGT and self.group % _HUNDRED == _FOUR:
            self.group += _FOUR * CARDINALS["vingt"] - _FOUR
            return True
        if word in CARDINALS:
            return self.add(CARDINALS[word])
        return word in SCALES and self._scale(SCALES[word])

    def add(self, value: int) -> bool:
        """Add ones after tens, both after hundreds; in French also teens after sixty and eighty."""
        rest = self.group % _HUNDRED
        fits = value < _HUNDRED or not self.group
        if rest:
            fits = rest in _TENS and value < (_TWENTY if rest in _BEFORE_TEENS else _TEN)
        if not fits or value >= self.least:
            return False
        self.group += value
        self.step = 1.0
        return True

    def _scale(self, scale: int) -> bool:
        if scale <= _HUNDRED and self.group < _HUNDRED:
            self.group = max(self.group, 1) * scale
            return True
        if scale <= _HUNDRED or scale >= self.least:
            return False
        if not self.group and self.total:
            self.total *= scale  # "mil millones"
        else:
            self.total += max(self.group, 1) * scale
        self.group, self.least, self.step = 0, scale, float(scale)
        return True


def _cardinal(tokens: Tokens, index: int) -> Figure:
    number, at, after = _Sum(), index, index
    while True:
        word = tokens.lower[at]
        if at > index and _ends_as_ordinal(word) and number.add(ORDINALS[word]):
            value = number.total + number.group
            return Figure(index, at + 1, value, 1.0, value, Form.ORDINAL)
        if not number.read("one" if word in _ONES and tokens.lower[at - 1] in _AND_ONES else word):
            break
        at = after = at + 1
        at += _joins(tokens, at, number)
    value = number.total + number.group
    first = index - (tokens.lower[index] in SCALES and tokens.lower[index - 1] in _ARTICLES)
    return _parted(tokens, Figure(first, after, value, number.step, value / number.step, Form.NUMBER))


def _ends_as_ordinal(word: str) -> bool:
    return word in ORDINALS and ORDINALS[word] < _HUNDRED and not (word in _FRACTIONS and word.endswith("s"))


def _joins(tokens: Tokens, at: int, number: _Sum) -> bool:
    """Whether the token holds a number together: a hyphen, the "and" of two hundred and five, the "y" of treinta y cinco."""
    if tokens.words[at] in _HYPHENS:
        return tokens.glued(at)
    if number.group % _TEN:
        return False
    return tokens.lower[at] in (_AND if number.group % _HUNDRED == 0 else _AND_ONES)


def _parted(tokens: Tokens, number: Figure) -> Figure:
    """Read on over "two thirds" and "two and a half (million)"."""
    at = number.last + (tokens.words[number.last] in _HYPHENS)
    under = 2 if tokens.lower[at] == "half" and number.value == 1 else _FRACTIONS.get(tokens.lower[at], 0)
    if 0 < number.value < _TEN and under and (number.value == 1) is not tokens.lower[at].endswith("s"):
        return _fraction(tokens, number.first, at + 1, number.value / under)
    for phrase in _AND_A_HALF:
        if tokens.follows(number.last, phrase):
            return _scaled(
                tokens, replace(number, last=number.last + len(phrase), value=number.value + 0.5, figure=number.value + 0.5, step=0.5)
            )
    return number


def _fraction(tokens: Tokens, first: int, last: int, value: float) -> Figure:
    """A part of a whole; of a million, or half a dozen, it is a number again."""
    return _scaled(tokens, Figure(first, last, value, 0.01, value, Form.FRACTION))


def _scaled(tokens: Tokens, number: Figure) -> Figure:
    at = number.last
    at += tokens.lower[at] == "of" and tokens.lower[at + 1] in _ARTICLES
    at += tokens.lower[at] in _ARTICLES
    scale = SCALES.get(tokens.lower[at], 0)
    if not scale or tokens.lower[at] == "k":
        return number
    value = number.value * scale
    return Figure(number.first, at + 1, value, max(number.step * scale, 1.0), number.value, Form.NUMBER)


def _half(tokens: Tokens, index: int) -> Figure | None:
    """Read a half of something; the first half, a half-brother and half-time are none."""
    before, after = tokens.lower[index - 1], tokens.lower[index + 1]
    scaled = _fraction(tokens, index, index + 1, 0.5)
    if scaled.form is Form.NUMBER or after in _ARTICLES:
        return scaled
    if tokens.glued(index + 1) and tokens.words[index + 1] in _HYPHENS:
        return scaled if tokens.lower[index + 2] in {"mile", "hour", "day", "year", "century"} else None
    return scaled if before in _PART_OF or (after in _OF_ALL and before not in ORDINALS and before not in {"other", "last"}) else None


def _vague(tokens: Tokens, index: int) -> Figure | None:
    """Read several hundred, hundreds, tens of thousands."""
    word, last = tokens.lower[index], index + 1
    if word in SCALES and tokens.lower[index - 1] in _SOME:
        scale = float(SCALES[word])
        return Figure(index - 1, last, 2 * scale, scale, scale, Form.VAGUE, high=10 * scale)
    if word not in _VAGUE or (word == "tens" and tokens.lower[last] != "of"):
        return None
    low, high = _VAGUE[word]
    if tokens.lower[last] == "of" and tokens.lower[last + 1] in _VAGUE:
        scale = _VAGUE[tokens.lower[last + 1]][0]
        low, high, last = low * scale, (high + 1) * scale, last + 2
    return Figure(index, last, low, low, low, Form.VAGUE, high=high)
