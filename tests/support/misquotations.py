"""What happens to quotes: harmless damage, which must not hide one, and misquotation, which must not pass for one.

Each kind is a function of a `random.Random`, a passage and the text that it stands in; it gives the quote, or None where the passage has nothing to
do it to. The words that the kinds need are in `tests/cases/misquotations.json`.
"""

import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

from verify.evidence.quotes import normal_form

WORDS = json.loads((Path(__file__).parents[1] / "cases" / "misquotations.json").read_text(encoding="utf-8"))


def both_ways(pairs):
    """Each word with the other one of its pair."""
    return {one: other for pair in pairs for one, other in (pair.split("/"), pair.split("/")[::-1])}


def any_of(words):
    """A pattern for one of the words."""
    return rf"\b(?:{'|'.join(words)})\b"


OPPOSITE, SPELLING, SLIP = (both_ways(WORDS[name]) for name in ("opposites", "spellings", "slips"))
MONTHS, NUMERALS = WORDS["months"], WORDS["numerals"]
SENTENCE = re.compile(r"(?:(?<=[.!?\]] )|(?<=\n)|^)[A-Z\u201c\"][^\n]{40,400}?[a-z)\d][.!?](?=\s|\[)")
WORD = re.compile(r"[^\W\d_]+")
SMALL_WORD = re.compile(r"(?<=\w) (?:the|a|an|of|in|on|at|and|that|has|have|had|also) (?=\w)")
AUXILIARY = re.compile(r"\b(?:is|was|are|were|has|had|have|will|would|can|could|may|should)\b")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
NUMBER = re.compile(r"(?<![\w.,\[])\d+(?:[.,]\d+)*(?![\w])")
YEAR = re.compile(r"(?<![\w.,])(?:1[5-9]|20)\d\d(?![\w.,]\d|\w)")
MONTH = any_of(MONTHS)
DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})|\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})")


# What hands, scanners, printers and editors do: each gives the quote, or None where the passage has nothing to do it to.


def verbatim(_rng, passage, _text):
    return passage


def case(rng, passage, _text):
    return rng.choice([str.lower, str.upper, str.swapcase, str.title])(passage)


def spaces(rng, passage, _text):
    return re.sub(" ", lambda _: rng.choice([" ", "  ", "\n", "\u00a0", "\t", "\u2009"]), passage)


def quote_marks(rng, passage, _text):
    shapes = rng.choice(["\u201c\u201d\u2019", "\u00ab\u00bb'", "\u201e\u201c\u2019", '""\'', "``\u00b4"])
    changed = re.sub('["\u201c\u201d]', lambda m: shapes[m.start() % 2], re.sub("['\u2019]", shapes[2], passage))
    return changed if changed != passage else None


def dashes(rng, passage, _text):
    changed = re.sub("[-\u2010-\u2015]", lambda _: rng.choice("-\u2010\u2011\u2013\u2014"), passage)
    return changed if changed != passage else None


def ligatures(_rng, passage, _text):
    changed = passage.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02").replace("ff", "\ufb00")
    return changed if changed != passage else None


def within(rng, passage, shape, change, count=1):
    """Change a few of the places where `shape` matches."""
    found = list(re.finditer(shape, passage))
    if not found:
        return None
    for match in sorted(rng.sample(found, min(count, len(found))), key=lambda m: -m.start()):
        passage = passage[: match.start()] + change(match) + passage[match.end() :]
    return passage


def cut(rng, match, mark):
    at = rng.randrange(2, len(match[0]) - 2)
    return match[0][:at] + mark + match[0][at:]


def line_end(rng, passage, _text):
    return within(rng, passage, r"\b[a-z]{6,}\b", lambda m: cut(rng, m, "-\n"), 2)


def soft_hyphen(rng, passage, _text):
    return within(rng, passage, r"\b[a-z]{6,}\b", lambda m: cut(rng, m, "\u00ad"), 3)


def misread(shape, replacement):
    def change(rng, passage, _text):
        return within(rng, passage, shape, lambda _: replacement, rng.randint(1, 2))

    change.__name__ = f"misread {shape} as {replacement}"
    return change


def misread_often(rng, passage, _text):
    pairs = [
        ("m", "rn"),
        ("rn", "m"),
        ("(?<=[a-z])l", "1"),
        ("(?<=[a-z])o", "0"),
        ("(?<=[a-z])e", "c"),
        ("(?<=[a-z])h", "b"),
        ("d", "cl"),
        ("w", "vv"),
    ]
    for shape, replacement in rng.sample(pairs, 3):
        passage = within(rng, passage, shape, lambda _, r=replacement: r) or passage
    return passage


def space_lost(rng, passage, _text):
    return within(rng, passage, "(?<=[a-z]{3}) (?=[a-z]{3})", lambda _: "")


def space_put_in(rng, passage, _text):
    return within(rng, passage, r"\b[a-z]{6,}\b", lambda m: cut(rng, m, " "))


def accents_lost(_rng, passage, _text):
    decomposed = unicodedata.normalize("NFD", passage)
    bare = re.sub("[\u0300-\u036f]", "", decomposed)
    return bare if bare != decomposed else None


def typo_of(rng, word):
    at, letter = rng.randrange(len(word)), rng.choice("abcdefghijklmnopqrstuvwxyz")
    pair = rng.randrange(len(word) - 1)
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:pair] + word[pair + 1] + word[pair] + word[pair + 2 :],
        ]
    )


def typo(rng, passage, _text):
    return within(rng, passage, r"\b[a-z]{5,}\b", lambda m: typo_of(rng, m[0]))


def typo_in_name(rng, passage, _text):
    return within(rng, passage, NAME, lambda m: m[0][0] + typo_of(rng, m[0][1:]))


def comma_dropped(rng, passage, _text):
    return within(rng, passage, r"(?<=[a-z]),(?= [a-z])", lambda _: "")


def small_word_dropped(rng, passage, _text):
    return within(rng, passage, SMALL_WORD, lambda _: " ")


def ellipsis(rng, passage, _text):
    words = passage.split(" ")
    if len(words) < 14:
        return None
    start, length = rng.randrange(4, len(words) - 7), rng.randint(1, 3)
    hidden = " ".join(words[start : start + length]).lower()
    if re.search(
        r"\b(?:not?|never|non|none|without|nor|neither|cannot|fail\w*|lack\w*|refus\w*|unable|except|hardly|barely)\b|n['\u2019]t\b", hidden
    ):
        return None
    mark = rng.choice(["...", "\u2026", "[...]", "[\u2026]", "(...)", ". . ."])
    return " ".join([*words[:start], mark, *words[start + length :]])


def brackets(rng, passage, _text):
    ways = [
        lambda: within(
            rng,
            passage,
            r"\b(?:his|her|their|its|he|she|they|it)\b(?!['\u2019])",
            lambda _: rng.choice(["[his]", "[the leader's]", "[they]"]),
        ),
        lambda: f"[{passage[0].swapcase()}]{passage[1:]}" if passage[:2].isalpha() else None,
        lambda: within(rng, passage, r"(?<=[a-z]{5}) (?=[a-z])", lambda _: " [sic] "),
        lambda: within(rng, passage, r"(?<=[a-z]{5}) (?=[a-z])", lambda _: " [as was said] "),
    ]
    return next((changed for way in rng.sample(ways, len(ways)) if (changed := way())), None)


def spelling(rng, passage, _text):
    return within(rng, passage, any_of(SPELLING), lambda m: SPELLING[m[0]])


def number_otherwise(rng, passage, _text):
    ways = [
        lambda: within(rng, passage, r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])", lambda m: m[0].replace(",", "")),
        lambda: within(rng, passage, r"(?<![\w.,])[1-9]\d{4,6}(?![\w.,])", lambda m: f"{int(m[0]):,}"),
        lambda: within(rng, passage, r"(?<=\d)%", lambda _: rng.choice([" %", " percent", " per cent"])),
        lambda: within(
            rng, passage, rf"\b(?:{'|'.join(NUMERALS)})\b(?! hundred| thousand| million| [A-Z]|-)", lambda m: str(NUMERALS.index(m[0]) + 2)
        ),
        lambda: within(
            rng, passage, r"(?<= )(?:[2-9]|1[0-2])(?= [a-z]{4,} )(?! million| billion| percent)", lambda m: NUMERALS[int(m[0]) - 2]
        ),
    ]
    return next((changed for way in rng.sample(ways, len(ways)) if (changed := way())), None)


def date_otherwise(rng, passage, _text):
    def turned(m):
        day, month, year = (m[1], m[2], m[3]) if m[1] else (m[5], m[4], m[6])
        iso = f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"
        return rng.choice(
            [f"{day} {month} {year}" if m[4] else f"{month} {day}, {year}", iso, f"{day} {month[:3]}. {year}", f"{month} {day} {year}"]
        )

    return within(rng, passage, DAY, turned)


def contraction(rng, passage, _text):
    short = within(rng, passage, r"\b(?:is|was|are|were|did|does|has|had|would) not\b", lambda m: m[0].replace(" not", "n't"))
    return short or within(
        rng, passage, r"\b(?:isn|wasn|aren|weren|didn|doesn|don|hasn|couldn|wouldn)['\u2019]t\b", lambda m: m[0][:-3] + " not"
    )


def marker_dropped(_rng, passage, _text):
    changed = re.sub(r"\[\w{1,3}\]", "", passage)
    return changed if changed != passage else None


def last_stop(rng, passage, _text):
    return passage[:-1] + rng.choice([",", "", "\u201d", ";"]) if passage[-1] == "." else None


# What makes another statement of it.


def number_changed(rng, passage, _text):
    return within(rng, passage, NUMBER, lambda m: other_number(rng, m[0]))


def other_number(rng, number):
    at = rng.choice([at for at, c in enumerate(number) if c.isdigit()])
    digits = [d for d in "123456789" if d != number[at]]
    return number[:at] + rng.choice(digits) + number[at + 1 :]


def year_changed(rng, passage, _text):
    return within(rng, passage, YEAR, lambda m: str(int(m[0]) + rng.choice([-20, -10, -2, -1, 1, 2, 10, 16])))


def month_or_day_changed(rng, passage, _text):
    day = rf"(?:(?<= )\d{{1,2}}(?= (?:{'|'.join(MONTHS)})\b))|(?:(?<=[a-z] )\d{{1,2}}(?=, \d{{4}}))"
    ways = [
        lambda: within(rng, passage, MONTH, lambda m: rng.choice([x for x in MONTHS if x != m[0]])),
        lambda: within(rng, passage, day, lambda m: str(int(m[0]) % 28 + 1)),
    ]
    return next((changed for way in rng.sample(ways, 2) if (changed := way()) and changed != passage), None)


def magnitude_changed(rng, passage, _text):
    return within(rng, passage, r"\b(?:million|billion|thousand|hundred|percent)\b|%|\$", lambda m: WORDS["magnitudes"][m[0]])


def name_swapped(rng, passage, text):
    mine = set(re.findall(r"\w+", passage))
    others = sorted({m[0] for m in NAME.finditer(text)} - mine - set(MONTHS))
    return within(rng, passage, NAME, lambda _: rng.choice(others)) if others else None


def name_replaced(rng, passage, _text):
    return within(rng, passage, NAME, lambda _: rng.choice(WORDS["strangers"]))


def names_exchanged(_rng, passage, _text):
    found = [m for m in NAME.finditer(passage) if m[0] not in MONTHS]
    for one, other in pairwise(found):
        if one[0] != other[0] and other.start() - one.end() > 3:
            return passage[: one.start()] + other[0] + passage[one.end() : other.start()] + one[0] + passage[other.end() :]
    return None


def negation_put_in(rng, passage, _text):
    return within(rng, passage, AUXILIARY, lambda m: m[0] + rng.choice([" not", " never", " hardly"]))


def negation_removed(rng, passage, _text):
    return within(
        rng, passage, r"\b(?:not|never|no|without|neither|cannot)\b |n['\u2019]t\b", lambda m: "can " if m[0].startswith("cannot") else ""
    )


def prefix_put_in(rng, passage, _text):
    words = WORDS["prefixed"]
    bare = {prefixed: word for word, prefixed in words.items()}
    return within(rng, passage, any_of({**words, **bare}), lambda m: {**words, **bare}[m[0]])


def turned_round(rng, passage, _text):
    return within(rng, passage, any_of(OPPOSITE), lambda m: OPPOSITE[m[0]])


def word_replaced(rng, passage, text):
    mine = {m[0][:4].lower() for m in WORD.finditer(passage)}
    others = sorted({w for w in re.findall(r"\b[a-z]{5,}\b", text) if w[:4] not in mine})
    return within(rng, passage, r"\b[a-z]{5,}\b", lambda _: rng.choice(others)) if others else None


def word_put_in(rng, passage, text):
    others = sorted(set(re.findall(r"\b[a-z]{6,}\b", text)))
    return within(rng, passage, r"(?<=[a-z]) (?=[a-z])", lambda _: f" {rng.choice(others)} ") if others else None


def word_dropped(rng, passage, _text):
    return within(rng, passage, r"(?<=[a-z]) [a-z]{6,}(?= [a-z])", lambda _: "")


def real_word_slip(rng, passage, _text):
    if "\u00ad" in passage:  # the regular expression takes what stands between soft hyphens for words
        return None
    return within(rng, passage, any_of(SLIP), lambda m: SLIP[m[0]])


def inflection_changed(rng, passage, _text):
    return within(rng, passage, r"\b[a-z]{4,}(?:ed|ing)\b", lambda m: re.sub("(?:ed|ing)$", "s", m[0]))


def spliced(rng, passage, text):
    others = [m[0] for m in SENTENCE.finditer(text) if m[0] != passage]
    if not others:
        return None
    one, other = passage.split(" "), rng.choice(others).split(" ")
    return " ".join(one[: len(one) // 2] + other[len(other) // 2 :])


def negation_hidden(rng, passage, _text):
    return within(rng, passage, r"(?<=[a-z] )(?:not|never)(?= [a-z])", lambda _: rng.choice(["...", "[\u2026]"]))


def parts_out_of_order(_rng, passage, text):
    words = passage.split(" ")
    one, other = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    folded = normal_form(text)
    in_order = folded.find(normal_form(one), folded.find(normal_form(other))) >= 0  # a text may repeat itself
    return f"{other} ... {one}" if len(words) > 12 and not in_order else None


def bracketed_negation(rng, passage, _text):
    return within(rng, passage, AUXILIARY, lambda m: m[0] + " [not]")


def paraphrase(rng, passage, _text):
    words = passage.rstrip(".!?").split(" ")
    if len(words) < 10:
        return None
    half = rng.randrange(4, len(words) - 4)
    return "According to it, " + " ".join(WORDS["synonyms"].get(w, w) for w in [*words[half:], "after", *words[:half]])


HARMLESS = {
    "verbatim": verbatim,
    "case": case,
    "spaces": spaces,
    "quote marks": quote_marks,
    "dashes": dashes,
    "ligatures": ligatures,
    "hyphenated line end": line_end,
    "soft hyphen": soft_hyphen,
    "misread m as rn": misread("m", "rn"),
    "misread rn as m": misread("rn", "m"),
    "misread l as 1": misread("(?<=[a-z])l", "1"),
    "misread l as I": misread("(?<=[a-z])l", "I"),
    "misread o as 0": misread("(?<=[a-z])o", "0"),
    "misread d as cl": misread("(?<=[a-z])d", "cl"),
    "misread e as c": misread("(?<=[a-z]{2})e(?=[a-z]{2})", "c"),
    "misread h as b": misread("(?<=[a-z]{2})h(?=[a-z])", "b"),
    "misread often": misread_often,
    "space lost": space_lost,
    "space put in": space_put_in,
    "accents lost": accents_lost,
    "typo": typo,
    "comma dropped": comma_dropped,
    "small word dropped": small_word_dropped,
    "ellipsis": ellipsis,
    "editor's brackets": brackets,
    "spelling": spelling,
    "number otherwise": number_otherwise,
    "date otherwise": date_otherwise,
    "contraction": contraction,
    "marker dropped": marker_dropped,
    "last stop": last_stop,
}
ALTERED = {
    "number": number_changed,
    "year": year_changed,
    "month or day": month_or_day_changed,
    "magnitude": magnitude_changed,
    "name of the text": name_swapped,
    "strange name": name_replaced,
    "names exchanged": names_exchanged,
    "negation put in": negation_put_in,
    "negation removed": negation_removed,
    "negating prefix": prefix_put_in,
    "direction": turned_round,
    "word of the text": word_replaced,
    "word put in": word_put_in,
    "word dropped": word_dropped,
    "slip that is a word": real_word_slip,
    "inflection": inflection_changed,
    "two sentences spliced": spliced,
    "negation under ellipsis": negation_hidden,
    "parts out of order": parts_out_of_order,
    "negation in brackets": bracketed_negation,
    "paraphrase": paraphrase,
}
OTHER_TEXT = "sentence of another text"
TYPO_IN_NAME = "typo in a name"
"""Reported, and counted on neither side: a name with a slip is refused where it could be another name."""
