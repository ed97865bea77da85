"""The packaged lists of words, looked up by token: `lexicon.json` for numbers and dates, what hedges and moves them."""

import json
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from verify.evidence.quantities.tokens import tokenised

Phrases = dict[str, tuple[tuple[tuple[str, ...], str], ...]]
"""A token -> the phrases that begin (or end) with it and what each says, the longest first."""


@cache
def table(name: str) -> Any:
    """One packaged table, as its JSON says."""
    return json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))


def words(key: str) -> frozenset[str]:
    """The words of one list of the lexicon."""
    return frozenset(table("lexicon")[key].split())


def values(key: str) -> dict[str, int]:
    """Word -> number, for one list of the lexicon that is kept by number."""
    return {word.lower(): int(number) for number, listed in table("lexicon")[key].items() for word in listed.split()}


def scales_of(key: str) -> dict[str, int]:
    """Letters or sign -> the number that they multiply by, in the case they are printed in."""
    return {word: int(number) for number, listed in table("lexicon")[key].items() for word in listed.split()}


def phrases(key: str, *, backward: bool = False) -> Phrases:
    """The phrases of one list by the token they are met at: their first, or looking `backward`, their last."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for meaning, listed in table("lexicon")[key].items():
        for phrase in (tokenised(each.lower()) for each in listed):
            found.setdefault(phrase[-1 if backward else 0], []).append((phrase, meaning))
    return {token: tuple(sorted(entries, key=lambda e: -len(e[0]))) for token, entries in found.items()}


def _compounds() -> dict[str, int]:
    """The numbers that some languages write as one word, 21 to 99."""
    found: dict[str, int] = {}
    for language in table("lexicon")["compounds"].values():
        if isinstance(language, str):
            continue
        ones, tens, joins = language["ones"].split(), language["tens"].split(), language["join"].split() or [""]
        for (one, one_word), (ten, ten_word), join in product(enumerate(ones, 1), enumerate(tens, 2), joins):
            found.update(dict.fromkeys(_spellings(one_word, join, ten_word, language["order"]), 10 * ten + one))
    return found


def _spellings(one: str, join: str, ten: str, order: str) -> tuple[str, ...]:
    """The word for ones and tens; tens that end in a vowel lose it before another in Italian (ventuno), and three is accented."""
    if order == "ones":
        return (one + join + ten,)
    whole = ten[:-1] + one if ten[-1] in "ia" and one[0] in "uo" else ten + one
    return (whole, whole.removesuffix("tre") + "tré") if one == "tre" else (whole,)


CARDINALS = {**_compounds(), **values("cardinals")}
SCALES = values("scales")
ORDINALS = values("ordinals")
MONTHS = values("months")
