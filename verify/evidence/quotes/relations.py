"""What a word of a quote is to the word that its source prints in that place: the same, near it, or another one.

Near is what a hand, a scanner or an editor does to a word without changing what is said. Whatever cannot be told from another word, number, name
or negation is taken for one: it costs a reader one look, and the other mistake is not seen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import pairwise

from .folding import fold
from .languages import Language, is_listed, is_negation, is_unpronounceable, neighbours, stands_in
from .slips import MOST_SLIPS, ORDINARY, SHORT, distance, is_misread, is_slip, is_slip_in_name, shared
from .spellings import respelt, spelled_out, unaccented
from .tokens import Form, Kind, Token


class DifferenceKind(StrEnum):
    """What a difference touches."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    WORD = "word"


class Grade(IntEnum):
    """How far apart two stretches are."""

    SAME = 0
    NEAR = 1
    ALTERED = 2


_NEGATING = frozenset({"un", "in", "im", "il", "ir", "dis", "non", "a", "an"})
_DIGITS = str.maketrans("lioszb", "110528")
_YEARS = range(1000, 2101)
_SENTENCE_END = frozenset(".!?:;\u2026\u0964\u3002\uff01\uff1f\n")
_LEAST_SAME_DIGITS = 2
_REACH = 1000
_CONTRACTED_BY = 4  # misread letters included: rn for m


@dataclass(frozen=True)
class Reader:
    """Compares the words of a quote with those of a text about offset `at`. `quote` and `text` are as printed; `language` is the text's there."""

    quote: str
    text: str
    language: Language
    at: int = 0
    _seen: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def quote_has_cases(self) -> bool:
        """Whether capitals say anything in the quote: not where all or no letters are capital."""
        return self.quote != self.quote.upper() and self.quote != self.quote.lower()

    def relation(self, quoted: Token, printed: Token) -> Grade:
        """Compare one word with one word."""
        if quoted.strict == printed.strict:
            return Grade.SAME if _is_edited(quoted) == _is_edited(printed) else Grade.NEAR
        if quoted.is_number or printed.is_number:
            return Grade.NEAR if quoted.form.loose == printed.form.loose or _is_misread_number(quoted, printed) else Grade.ALTERED
        if Kind.SYMBOL in (quoted.form.kind, printed.form.kind):
            return Grade.NEAR if quoted.form.loose == printed.form.loose else Grade.ALTERED
        if quoted.bracketed and not printed.bracketed:
            return Grade.NEAR if self._is_editors(quoted, printed) else Grade.ALTERED
        return Grade.NEAR if self._is_near(quoted, printed) else Grade.ALTERED

    def joined(self, quoted: Sequence[Token], printed: Sequence[Token]) -> Grade | None:
        """Compare a word with several: one that is parted, a compound without its hyphen, a contraction spelled out. None: it is not they."""
        if quoted[0].form.loose[:1] != printed[0].form.loose[:1]:
            return None
        one, other = _run(quoted), _run(printed)
        if abs(len(one) - len(other)) > _CONTRACTED_BY:
            return None
        same = one == other or unaccented(one) == unaccented(other) or spelled_out(one) == spelled_out(other)
        if not same and not self._is_misread_as_one(quoted, printed):
            return None
        if _parts_a_number(quoted, printed) or self._turns_round(quoted, printed):
            return None
        broken = _broken_at_line_end(quoted, self.quote) or _broken_at_line_end(printed, self.text)
        return Grade.SAME if one == other and broken else Grade.NEAR

    def _is_misread_as_one(self, quoted: Sequence[Token], printed: Sequence[Token]) -> bool:
        if _joined_loosely(quoted) != _joined_loosely(printed):
            return False
        return not any(token.is_number or self.negates(token) for token in (*quoted, *printed))

    def negates(self, token: Token) -> bool:
        """Whether a word turns round what is said."""
        return token.strict in self.language.negation or token.strict.endswith("n't")

    def left_out(self, token: Token, following: Token | None) -> Grade:
        """Grade a printed word that the quote does not have."""
        if token.bracketed and not is_negation(token.strict):
            return Grade.NEAR
        return self._small(token, following)

    def put_in(self, token: Token, following: Token | None) -> Grade:
        """Grade a word of the quote that is not printed."""
        if token.bracketed:
            return Grade.NEAR if self._is_insertion(token) else Grade.ALTERED
        return self._small(token, following)

    def kind(self, quoted: Sequence[Token], printed: Sequence[Token]) -> DifferenceKind:
        """Say what a difference touches; where several, the gravest."""
        both = (*quoted, *printed)
        if any(map(self.negates, both)) or _is_negated(quoted, printed):
            return DifferenceKind.NEGATION
        numbers = [token for token in both if token.is_number or token.strict in self.language.counted]
        if numbers:
            dated = any(map(self._is_date, numbers)) or all(map(_is_year, numbers))
            return DifferenceKind.DATE if dated else DifferenceKind.NUMBER
        if any(map(self._is_printed_name, printed)) or any(map(self._is_quoted_name, quoted)):
            return DifferenceKind.NAME
        return DifferenceKind.WORD

    def _turns_round(self, quoted: Sequence[Token], printed: Sequence[Token]) -> bool:
        """Whether the space between words is what makes a negation of them, or takes it away: "not able", "in active"."""
        whole, parts, source = (quoted, printed, self.text) if len(printed) > 1 else (printed, quoted, self.quote)
        if not all(is_listed(part.strict) for part in parts):
            return False
        parted = source[parts[0].end : parts[1].start].isspace()
        negated = is_listed(_run(whole)) and any(map(self.negates, whole)) != any(map(self.negates, parts))
        return negated or (parted and parts[0].strict in _NEGATING)

    def _small(self, token: Token, following: Token | None) -> Grade:
        form, language = token.strict, self.language
        if form in language.light:
            return Grade.ALTERED if following and form in language.article and following.strict in language.whole else Grade.NEAR
        free = form in language.linking and following and not following.is_number and not following.is_capital
        return Grade.NEAR if free else Grade.ALTERED

    def _is_date(self, token: Token) -> bool:
        named = token.strict in self.language.months or token.strict in self.language.weekdays
        return token.form.kind is Kind.DATE or (named and (token.is_capital or self.language.name != "en"))

    def _is_printed_name(self, token: Token) -> bool:
        return _is_name(token, self.text)

    def _is_quoted_name(self, token: Token) -> bool:
        return self.quote_has_cases and _is_name(token, self.quote)

    def _stands_in_text(self, token: Token) -> bool:
        if token.strict not in self._seen:
            self._seen[token.strict] = stands_in(token.strict, self.text)
        return self._seen[token.strict]

    def _is_insertion(self, token: Token) -> bool:
        """Whether an editor may put the word in: no negation, no number but a reference mark, and a name only if the source has it
        shortly before or there."""
        if is_negation(token.strict):
            return False
        if token.is_number:
            return (
                token.strict.isdecimal() and len(token.strict) <= len("999") and not self.quote[token.start - 2 : token.start - 1].isspace()
            )
        return not self._is_quoted_name(token) or token.strict in fold(self.text[max(self.at - _REACH, 0) : self.at + len(self.quote)])

    def _is_editors(self, quoted: Token, printed: Token) -> bool:
        """Whether an editor may put the one word for the other: "[his]" for "my", "[Assad]" for "he", "walk[s]" for "walked"."""
        if not self._is_insertion(quoted) or is_negation(printed.strict):
            return False
        same_stem = len(shared(quoted.strict, printed.strict)) >= SHORT and not self._is_printed_name(printed)
        return (
            same_stem or printed.strict in self.language.pronoun or printed.strict in self.language.light or self._is_near(quoted, printed)
        )

    def _is_near(self, quoted: Token, printed: Token) -> bool:
        if quoted.strict.endswith("'s") and printed.strict.endswith("'s"):
            quoted, printed = _without_s(quoted), _without_s(printed)
        return self._is_the_same_otherwise(quoted, printed) or self._is_misspelt(quoted, printed)

    def _is_the_same_otherwise(self, quoted: Token, printed: Token) -> bool:
        """Whether the one is a right way to write the other, or what no word has stands for the letters it looks like."""
        one, other = unaccented(quoted.strict), unaccented(printed.strict)
        if one == other or respelt(one) == respelt(other) or self.language.may_stand_for(quoted.strict, printed.strict):
            return True
        if spelled_out(quoted.strict) == spelled_out(printed.strict):
            return True
        return quoted.form.loose == printed.form.loose and (quoted.is_misread or printed.is_misread)

    def _is_misspelt(self, quoted: Token, printed: Token) -> bool:
        one, other = unaccented(quoted.strict), unaccented(printed.strict)
        if distance(one, other) > MOST_SLIPS and distance(quoted.form.loose, printed.form.loose) > MOST_SLIPS:
            return False
        in_text = self._stands_in_text(quoted)
        quoted_is_known, printed_is_known = in_text or is_listed(one), is_listed(other)
        alike = quoted.form.loose == printed.form.loose
        if quoted_is_known and printed_is_known:  # a scanner takes "modern" for "modem", and no writer does
            return alike and not in_text and min(len(one), len(other)) >= ORDINARY
        counts = {one, other} & self.language.counted
        if counts or self.negates(quoted) or self.negates(printed):
            return not quoted_is_known and (alike or neighbours(one) == {other})
        if self._is_printed_name(printed) or (self._is_quoted_name(quoted) and not printed.is_capital):
            return not quoted_is_known and (alike or is_slip_in_name(one, other) or is_slip_in_name(quoted.form.loose, printed.form.loose))
        return alike or self._is_slip(quoted, printed, quoted_is_known, printed_is_known)

    def _is_slip(self, quoted: Token, printed: Token, quoted_is_known: bool, printed_is_known: bool) -> bool:
        forms = [(unaccented(quoted.strict), unaccented(printed.strict)), (quoted.form.loose, printed.form.loose)]
        if quoted_is_known and is_unpronounceable(forms[0][1]):  # the source is misread, and the quote is right
            quoted_is_known, printed_is_known, forms = False, True, [(other, one) for one, other in forms]
        return any(is_slip(*pair, quoted_is_known, printed_is_known) or (not quoted_is_known and is_misread(*pair)) for pair in forms)


def _without_s(token: Token) -> Token:
    """Give a possessive without its ending."""
    return token._replace(form=Form(token.strict.removesuffix("'s"), token.form.loose.removesuffix("s"), token.form.kind))


def _is_name(token: Token, text: str) -> bool:
    """Whether a word is written as names are: with a capital, and not because it opens a sentence."""
    if not token.is_capital or token.form.kind is not Kind.WORD:
        return False
    return not is_listed(token.strict) or not _opens_sentence(text, token.start)


def _is_year(token: Token) -> bool:
    return len(token.strict) == len("1998") and token.strict.isdecimal() and int(token.strict) in _YEARS


def _is_edited(token: Token) -> bool:
    """Whether square brackets hold the word or letters of it."""
    return token.bracketed or "[" in token.written


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(at - 4, 0) : at].rstrip(" \t\"'\u201c\u201d\u2018\u2019\u00ab([")
    return not before or before[-1] in _SENTENCE_END


def _is_misread_number(quoted: Token, printed: Token) -> bool:
    """Whether letters stand for the digits that they look like, amid digits that agree: l998 for 1998."""
    one, other = quoted.strict, printed.strict
    if len(one) != len(other) or (one.isdecimal() and other.isdecimal()):
        return False
    same = sum(a == b and a.isdecimal() for a, b in zip(one, other, strict=True))
    return same >= _LEAST_SAME_DIGITS and one.translate(_DIGITS) == other.translate(_DIGITS)


def _run(words: Sequence[Token]) -> str:
    return "".join(token.strict for token in words)


def _joined_loosely(words: Sequence[Token]) -> str:
    return "".join(token.form.loose for token in words)


def _parts_a_number(quoted: Sequence[Token], printed: Sequence[Token]) -> bool:
    """Whether digits of several tokens would become one number."""
    return any(
        left.strict[-1:].isnumeric() and right.strict[:1].isnumeric() for side in (quoted, printed) for left, right in pairwise(side)
    )


_LINE_END = re.compile(r"\w[-\u2010\u00ad][ \t]{0,8}\r?\n")


def _broken_at_line_end(words: Sequence[Token], text: str) -> bool:
    """Whether a hyphen at the end of a line stands within the words, so that it may be the word's own or the line's."""
    return bool(_LINE_END.search(text, words[0].start, words[-1].end))


def _is_negated(quoted: Sequence[Token], printed: Sequence[Token]) -> bool:
    """Whether one word is the other with a prefix that turns it round."""
    if len(quoted) != 1 or len(printed) != 1:
        return False
    short, long = sorted((quoted[0].strict, printed[0].strict), key=len)
    return is_listed(short) and long.endswith(short) and long.removesuffix(short) in _NEGATING
