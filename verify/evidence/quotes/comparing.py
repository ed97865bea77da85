"""Compare a quote with a passage that is like it, word by word, and say every difference.

Between two words that stand side by side on both sides their punctuation is compared as well. A quote may not end within a compound or a number
("violent" of "non-violent"): what is joined to its first and last word belongs to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise, takewhile

from .alignment import Step, align
from .folding import cuts_word, fold
from .languages import Language, language_of
from .relations import DifferenceKind, Grade, Reader
from .tokens import Kind, Token, tokens
from .values import with_values

_LEAST_SMALL, _SMALL_SHARE = 2, 6
_LEAST_SLIPS, _SLIP_SHARE = 2, 3
_TAIL = 8
_HEAVIEST = 8
_BRIDGED = 6
_UNSAID = str.maketrans("", "", "[]*_")


@dataclass(frozen=True, slots=True)
class Difference:
    """What the quote says and what its source prints there. Offsets are code points of the quote and of the text, end exclusive; one side is
    empty where words are left out or put in. `alters` says that it may make another statement of it."""

    kind: DifferenceKind
    quoted: str
    printed: str
    quote_start: int
    quote_end: int
    text_start: int
    text_end: int
    alters: bool = True

    def moved(self, in_text: int, in_quote: int) -> "Difference":
        """The same where text and quote begin so much earlier: it was found in parts of them."""
        return replace(
            self,
            quote_start=self.quote_start + in_quote,
            quote_end=self.quote_end + in_quote,
            text_start=self.text_start + in_text,
            text_end=self.text_end + in_text,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quote beside a passage: where the passage stands, what differs, and the share of the quote's words that agree, by their
    letters, up to eight of each (0 to 1)."""

    start: int
    end: int
    differences: tuple[Difference, ...]
    agreeing: float

    @property
    def grade(self) -> Grade:
        """The gravest difference."""
        if any(difference.alters for difference in self.differences):
            return Grade.ALTERED
        return Grade.NEAR if self.differences else Grade.SAME


def compare(quote: str, text: str, start: int, end: int) -> Comparison | None:
    """Lay the quote beside `start`..`end` of `text`, whole words somewhat wider than the passage. None where nothing agrees."""
    quoted, printed = _words(quote), tokens(text, start, end)
    language = language_of(token.strict for token in (*quoted, *printed))
    reader = Reader(quote, text, language, start)
    valued = with_values(quoted, quote, language), with_values(printed, text, language)
    comparison = _compared(*valued, reader)
    numbers = comparison and any(one.alters and one.kind in (DifferenceKind.NUMBER, DifferenceKind.DATE) for one in comparison.differences)
    if numbers and (quoted, printed) != valued:
        by_word = _compared(quoted, printed, reader)  # a misread word of a date keeps it from being read as one
        return by_word if by_word and by_word.grade < Grade.ALTERED else comparison
    return comparison


@lru_cache(maxsize=8)
def _words(quote: str) -> list[Token]:
    """The words of a quote, which is laid beside several places."""
    return tokens(quote)


def _compared(quoted: Sequence[Token], printed: Sequence[Token], reader: Reader) -> Comparison | None:
    steps = align(quoted, printed, reader) if quoted and printed else []
    if not any(step.printed for step in steps):
        return None
    steps = _with_firm_ends(_unlike_brackets(_parts_of_dates(steps, reader.text)), printed, reader.language)
    steps = _with_limits(_whole(steps, printed, reader.text))
    first = next(step.printed[0].start for step in steps if step.printed)
    differences = [*_worded(steps, reader), *_punctuated(steps, reader)]
    differences.sort(key=lambda one: one.text_start)
    tail, last = _tail(steps, reader)
    return Comparison(first, last, (*differences, *tail), _agreeing(steps))


def _agreeing(steps: Sequence[Step]) -> float:
    weights = [(sum(min(len(token.strict), _HEAVIEST) for token in step.quoted), step.grade) for step in steps]
    total = sum(weight for weight, _ in weights)
    return sum(weight for weight, grade in weights if grade is not Grade.ALTERED) / total if total else 0.0


def _parts_of_dates(steps: list[Step], text: str) -> list[Step]:
    """Let a quote begin or end within a date: "December 2024" stands in "8 December 2024"."""
    cut = list(steps)
    for at, last in ((0, False), (-1, True)):
        step = cut[at]
        if step.grade is not Grade.ALTERED or not step.quoted or not step.printed or step.printed[0].form.kind is not Kind.DATE:
            continue
        wanted = step.quoted[0].strict.split(" ")
        parts = tokens(text, step.printed[0].start, step.printed[0].end)
        parts = parts[: len(wanted)] if last else parts[-len(wanted) :]
        if [part.strict for part in parts] == wanted:
            token = step.printed[0]._replace(start=parts[0].start, end=parts[-1].end, form=step.quoted[0].form)
            cut[at] = Step(step.quoted, (token,), Grade.SAME)
    return cut


def _with_firm_ends(steps: list[Step], printed: Sequence[Token], language: Language) -> list[Step]:
    """Let no small word be put in at an end of the quote, where it may stand for what is printed there; but an article may open it.

    Not where the same article is printed a little before: then what stands between is left out ("the president" of "the former president").
    """
    firm = list(steps)
    first = next(step.printed[0] for step in steps if step.printed)
    before = [token.strict for token in printed if token.end <= first.start][-_BRIDGED:]
    if not firm[-1].printed and not firm[-1].quoted[0].bracketed:
        firm[-1] = firm[-1]._replace(grade=Grade.ALTERED)
    opening = firm[0].quoted[0] if not firm[0].printed else None
    if opening and not opening.bracketed and (opening.strict not in language.article or opening.strict in before):
        firm[0] = firm[0]._replace(grade=Grade.ALTERED)
    return firm


def _unlike_brackets(steps: list[Step]) -> list[Step]:
    """Take one bracketed word beside another for a change of it: "[hymnal]" is printed and "[song]" is quoted."""
    changed = set()
    for at, (one, other) in enumerate(pairwise(steps)):
        one_sided = bool(one.quoted) is not bool(one.printed) and bool(one.quoted) is bool(other.printed) is not bool(other.quoted)
        if one_sided and all(token.bracketed for step in (one, other) for token in (*step.quoted, *step.printed)):
            changed |= {at, at + 1}
    return [step._replace(grade=Grade.ALTERED) if at in changed else step for at, step in enumerate(steps)]


def _whole(steps: list[Step], printed: Sequence[Token], text: str) -> list[Step]:
    """Add the words that are joined to the first and the last one."""
    held = [step for step in steps if step.printed]
    first, last = held[0].printed[0], held[-1].printed[-1]
    steps = list(steps)
    if cuts_word(text, first.start, end=False):
        before = [token for token in printed if token.end <= first.start]
        steps.insert(0, Step((), tuple((before or [first])[-1:]), Grade.ALTERED))
    if cuts_word(text, last.end, end=True):
        after = [token for token in printed if token.start >= last.end]
        steps.append(Step((), tuple((after or [last])[:1]), Grade.ALTERED))
    return steps


def _with_limits(steps: list[Step]) -> list[Step]:
    """A few small words may be missing and a few words misspelt; where it is many, the passage does not say the same."""
    words = sum(bool(step.quoted) for step in steps)
    for counts, most in ((_is_small, max(_LEAST_SMALL, words // _SMALL_SHARE)), (_is_slip, max(_LEAST_SLIPS, words // _SLIP_SHARE))):
        if sum(map(counts, steps)) > most:
            steps = [step._replace(grade=Grade.ALTERED) if counts(step) else step for step in steps]
    return steps


def _is_small(step: Step) -> bool:
    one_sided = not (step.quoted and step.printed) and not any(token.bracketed for token in (*step.quoted, *step.printed))
    return step.grade is Grade.NEAR and one_sided


def _is_slip(step: Step) -> bool:
    one_to_one = len(step.quoted) == len(step.printed) == 1
    return step.grade is Grade.NEAR and one_to_one and step.quoted[0].form.loose != step.printed[0].form.loose


def _worded(steps: Sequence[Step], reader: Reader) -> Iterator[Difference]:
    """Give the differences of words; those that follow each other and alter are one."""
    quote_at, text_at = 0, next(step.printed[0].start for step in steps if step.printed)
    for (grade, _), run in groupby(enumerate(steps), key=lambda item: (item[1].grade, item[0] if item[1].grade is Grade.NEAR else -1)):
        group = [step for _, step in run]
        quoted = tuple(token for step in group for token in step.quoted)
        printed = tuple(token for step in group for token in step.printed)
        if grade is not Grade.SAME:
            spans = _span(quoted, quote_at), _span(printed, text_at)
            yield _difference(reader.kind(quoted, printed), reader, *spans, alters=grade is Grade.ALTERED)
        quote_at = quoted[-1].end if quoted else quote_at
        text_at = printed[-1].end if printed else text_at


def _span(side: Sequence[Token], otherwise: int) -> tuple[int, int]:
    return (side[0].start, side[-1].end) if side else (otherwise, otherwise)


def _difference(kind: DifferenceKind, reader: Reader, quoted: tuple[int, int], printed: tuple[int, int], *, alters: bool) -> Difference:
    return Difference(kind, reader.quote[slice(*quoted)], reader.text[slice(*printed)], *quoted, *printed, alters)


def _signs(between: str) -> str:
    """Give the punctuation between two words: folded, without spaces and brackets, a dash of several hyphens as one."""
    signs = fold("".join(between.split())).translate(_UNSAID)
    while "--" in signs:
        signs = signs.replace("--", "-")
    return signs


def _punctuated(steps: Sequence[Step], reader: Reader) -> Iterator[Difference]:
    """Give the differences of punctuation between words that stand side by side on both sides."""
    for one, other in pairwise(steps):
        if not (_is_paired(one) and _is_paired(other)):
            continue
        signs = _signs(reader.quote[one.quoted[-1].end : other.quoted[0].start])
        printed_signs = _signs(reader.text[one.printed[-1].end : other.printed[0].start])
        if signs != printed_signs:
            numbers = all(token.is_number for token in (one.printed[-1], other.printed[0]))
            spans = (one.quoted[0].start, other.quoted[-1].end), (one.printed[0].start, other.printed[-1].end)
            kind = DifferenceKind.NUMBER if numbers else DifferenceKind.WORD
            yield _difference(kind, reader, *spans, alters=numbers or _asks(signs) != _asks(printed_signs))


def _is_paired(step: Step) -> bool:
    """Whether as many words stand on both sides: else the points of an abbreviation are in the way."""
    return 0 < len(step.quoted) == len(step.printed)


def _asks(signs: str) -> bool:
    return any(sign in signs for sign in "?\u061f\u037e\uff1f")


def _tail(steps: Sequence[Step], reader: Reader) -> tuple[list[Difference], int]:
    """Compare what ends the quote with what stands there in the text; give the difference, if any, and where the passage ends."""
    step = steps[-1]
    end = next(step.printed[-1].end for step in reversed(steps) if step.printed)
    signs = _end_signs(reader.quote[step.quoted[-1].end :]) if step.quoted and step.printed else ""
    if not signs:
        return [], end
    after = "".join(takewhile(lambda c: not c.isalnum(), reader.text[end : end + _TAIL]))
    same = next((end + length for length in range(1, len(after) + 1) if _end_signs(after[:length]) == signs), 0)
    if same:
        return [], same
    spans = (step.quoted[0].start, step.quoted[-1].end + 1), (step.printed[0].start, min(end + 1, len(reader.text)))
    return [_difference(DifferenceKind.WORD, reader, *spans, alters=_asks(signs) != _asks(after[:1]))], end


def _end_signs(after: str) -> str:
    """Give the punctuation at an end but for quotation marks and parentheses, which belong to what is around it."""
    return _signs(after[:_TAIL]).strip("'()")
