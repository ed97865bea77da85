"""Edits of real articles: an article as paragraphs of sentences and a list of references, and what an editor does to it from revision to revision.

A revision edits a share of the sentences, by one typed kind each, moves paragraphs, and edits and renumbers the list. Sentences and words that are
put in come from other articles, or from sentences of the same one that were kept back. The same dice make the same edits.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from verify.claims.extract import extract
from verify.model import Draft, Layout

KINDS = {
    "word": 3,
    "words": 2,
    "added": 2,
    "cut": 1,
    "number": 3,
    "spelling": 1,
    "signs": 1,
    "inserted": 2,
    "removed": 2,
    "replaced": 1,
    "merged": 1,
    "split": 1,
    "returned": 1,
}
"""How often each kind of edit is tried. A sentence that does not allow it stays."""
STAYED = ("untouched", "moved")
EDITED = ("word", "words", "added", "cut", "number", "spelling", "signs")

_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d+")
_MARKED = re.compile(r"\[[^\[\]]*\]|(?:(?<=\])|^):\s?\d+(?:[-–]\d+)?")
_CITED = re.compile(r"\[(\d{1,4})\]")
_JOINT = re.compile(r",? (?:and|but|while|whereas|en|maar) |; ")
_FEWEST = 4
_KEPT_BACK = 0.1
_OTHERS = 6


@dataclass(eq=False)
class Sentence:
    """A sentence as printed: words, and the identities of the references that it cites. `identities` are the sentences that it goes back to;
    `kind` is what the last edit did; `ids` are those that the ledger holds it under, of all its parts if it was merged."""

    pieces: list[str | int]
    identities: frozenset[int]
    kind: str = "untouched"
    ids: tuple[int, ...] = ()
    group: int = 0

    def places(self, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
        """Where a pattern stands outside of markers: piece, start, end."""
        found = []
        for n, piece in enumerate(self.pieces):
            if isinstance(piece, str):
                marked = {at for marker in _MARKED.finditer(piece) for at in range(*marker.span())}
                found.extend((n, *one.span()) for one in pattern.finditer(piece) if one.start() not in marked)
        return found

    def words(self) -> list[tuple[int, int, int]]:
        """Where each word stands."""
        return self.places(_WORD)

    def edited(self, kind: str, n: int, start: int, end: int, by: str) -> Sentence:
        """The sentence with a stretch of one piece put otherwise."""
        pieces = self.pieces.copy()
        pieces[n] = pieces[n][:start] + by + pieces[n][end:]
        return replace(self, pieces=pieces, kind=kind)


@dataclass(eq=False)
class Entry:
    """An entry of the list of references: its words, and which one it is."""

    identity: int
    text: str
    urls: tuple[str, ...] = ()
    kind: str = "untouched"


@dataclass
class Article:
    """A document under edit. `spare` sentences were kept back, `removed` ones were in it once."""

    name: str
    paragraphs: list[list[Sentence]]
    entries: list[Entry]
    spare: list[Sentence] = field(default_factory=list)
    removed: list[Sentence] = field(default_factory=list)


@dataclass
class Editor:
    """Who edits: the dice, the next identity, and what other articles have to put in."""

    dice: random.Random
    fresh: Iterator[int]
    sentences: list[str]
    words: list[str]
    entries: list[Entry]


def article_of(name: str, draft: Draft, fresh: Iterator[int]) -> Article:
    """Take a draft apart into sentences with their markers; a bracketed number becomes the reference that it names."""
    entries = {one.label: Entry(next(fresh), one.text, tuple(filter(None, (one.url, one.archive_url)))) for one in draft.references}
    paragraphs: dict[int, list[Sentence]] = {}
    for claim, after in pairwise([*extract(draft, Layout.TRAILING).claims, None]):
        end = after.start if after and after.paragraph_start == claim.paragraph_start else claim.paragraph_end
        parts = _CITED.split(" ".join(draft.text[claim.start : end].split()))
        pieces = [(entries[part].identity if part in entries else f"[{part}]") if n % 2 else part for n, part in enumerate(parts)]
        paragraphs.setdefault(claim.paragraph_start, []).append(Sentence(pieces, frozenset({next(fresh)})))
    return Article(name, list(paragraphs.values()), list(entries.values()))


def keep_back(article: Article, dice: random.Random) -> None:
    """Take some sentences out, to be put in later, as hard to tell from their neighbours as can be."""
    for paragraph in article.paragraphs:
        for sentence in [*paragraph]:
            if len(paragraph) > 1 and dice.random() < _KEPT_BACK:
                paragraph.remove(sentence)
                article.spare.append(sentence)


def editor_of(dice: random.Random, fresh: Iterator[int], others: Sequence[Article]) -> Editor:
    """One who puts in what some of the other articles have."""
    sources = dice.sample(others, min(_OTHERS, len(others)))
    sentences = [
        "".join(piece for piece in sentence.pieces if isinstance(piece, str)).strip()
        for source in sources
        for paragraph in source.paragraphs
        for sentence in paragraph
    ]
    words = sorted({word for text in sentences for word in text.split() if word.isalpha()})
    return Editor(dice, fresh, sentences, words, [entry for source in sources for entry in source.entries])


# --- edits of one sentence: the sentence edited, or None where it does not allow it


def replace_words(sentence: Sentence, editor: Editor, numbers: range, kind: str) -> Sentence | None:
    """Other words for so many of them: no more than a third of the sentence, unless fewer are not allowed."""
    places = sentence.words()
    if len(places) < _FEWEST:
        return None
    most = max(min(numbers[-1], len(places) // 3), numbers[0])
    for n, start, end in sorted(editor.dice.sample(places, editor.dice.randint(numbers[0], most)), reverse=True):
        old = str(sentence.pieces[n])[start:end]
        word = next(one for one in editor.dice.sample(editor.words, 9) if one.casefold() != old.casefold())
        sentence = sentence.edited(kind, n, start, end, word.capitalize() if old[0].isupper() else word)
    return sentence


def one_word(sentence: Sentence, editor: Editor) -> Sentence | None:
    return replace_words(sentence, editor, range(1, 2), "word")


def several_words(sentence: Sentence, editor: Editor) -> Sentence | None:
    return replace_words(sentence, editor, range(2, 6), "words")


def add_words(sentence: Sentence, editor: Editor) -> Sentence | None:
    """1 to 8 words that stand together in another article, no more than the sentence has."""
    places = sentence.words()
    if len(places) < 2:
        return None
    source = _WORD.findall(editor.dice.choice(editor.sentences))
    first = editor.dice.randrange(max(len(source) - 8, 1))
    n, _, end = editor.dice.choice(places[:-1])
    return sentence.edited(
        "added", n, end, end, " " + " ".join(source[first : first + editor.dice.randint(1, min(8, len(places)))]).lower()
    )


def cut_words(sentence: Sentence, editor: Editor) -> Sentence | None:
    """1 to 4 words that stand together, up to a third of the sentence, neither the first nor the last."""
    places = sentence.words()
    most = min(4, len(places) // 3)
    if len(places) < _FEWEST or most < 1:
        return None
    first = editor.dice.randrange(1, max(len(places) - most, 2))
    stretch = [place for place in places[first : first + editor.dice.randint(1, most)] if place[0] == places[first][0]]
    start, end = stretch[0][1], stretch[-1][2]
    return sentence.edited("cut", stretch[0][0], start, end + (sentence.pieces[stretch[0][0]][end : end + 1] == " "), "")


def change_number(sentence: Sentence, editor: Editor) -> Sentence | None:
    """One digit of one number."""
    places = sentence.places(_NUMBER)
    if not places or not sentence.words():
        return None
    n, start, end = editor.dice.choice(places)
    at = editor.dice.randrange(start, end)
    return sentence.edited("number", n, at, at + 1, editor.dice.choice("123456789".replace(sentence.pieces[n][at], "")))


def misspell(sentence: Sentence, editor: Editor) -> Sentence | None:
    """Two letters change places, or one goes."""
    places = [place for place in sentence.words() if place[2] - place[1] >= 5]
    if not places:
        return None
    n, start, end = editor.dice.choice(places)
    word = sentence.pieces[n][start:end]
    at = editor.dice.randrange(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return sentence.edited("spelling", n, start, end, swapped if swapped != word else word[:at] + word[at + 1 :])


def change_signs(sentence: Sentence, editor: Editor) -> Sentence | None:
    """A comma, and other quotation marks."""
    places = sentence.words()
    if len(places) < 3:
        return None
    n, _, end = editor.dice.choice(places[:-1])
    if sentence.pieces[n][end : end + 1] != " ":
        return None
    commaed = sentence.edited("signs", n, end, end, ",")
    return replace(commaed, pieces=[piece.replace("'", "’") if isinstance(piece, str) else piece for piece in commaed.pieces])


ONE_SENTENCE = {
    "word": one_word,
    "words": several_words,
    "added": add_words,
    "cut": cut_words,
    "number": change_number,
    "spelling": misspell,
    "signs": change_signs,
}


# --- edits that change how many sentences there are: what stands there now, or None


def split(sentence: Sentence, editor: Editor) -> list[Sentence] | None:
    """At a joint between two clauses of four words or more; the second begins with a capital or a pronoun."""
    for n, piece in enumerate(sentence.pieces):
        for joint in _JOINT.finditer(piece) if isinstance(piece, str) else ():
            first = [*sentence.pieces[:n], piece[: joint.start()] + "."]
            rest = piece[joint.end() :]
            opening = editor.dice.choice(["", "It ", "This "])
            second = [opening + (rest if opening else rest[:1].upper() + rest[1:]), *sentence.pieces[n + 1 :]]
            parts = [replace(sentence, pieces=pieces, kind="split", group=next(editor.fresh)) for pieces in (first, second)]
            if min(len(part.words()) for part in parts) >= _FEWEST and rest[:1].isalpha():
                return [replace(part, group=parts[0].group) for part in parts]
    return None


def merge(first: Sentence, second: Sentence, editor: Editor) -> list[Sentence] | None:
    """Joined by "and", a comma or a semicolon; the markers keep their places."""
    at = next((n for n in reversed(range(len(first.pieces))) if isinstance(first.pieces[n], str) and first.pieces[n].strip()), None)
    head = second.pieces[0]
    if at is None or not first.pieces[at].rstrip().endswith(".") or not isinstance(head, str) or not head[:1].isalpha():
        return None
    joint = editor.dice.choice([", and", ";", ", while"])
    pieces = [
        *first.pieces[:at],
        first.pieces[at].rstrip()[:-1] + joint,
        *first.pieces[at + 1 :],
        " " + head[:1].lower() + head[1:],
        *second.pieces[1:],
    ]
    return [Sentence(pieces, first.identities | second.identities, "merged", (*first.ids, *second.ids))]


def inserted(article: Article, editor: Editor) -> Sentence:
    """A sentence of another article, or one of this that was kept back."""
    if article.spare and editor.dice.random() < 0.5:
        return replace(article.spare.pop(), kind="inserted")
    return Sentence([editor.sentences.pop(editor.dice.randrange(len(editor.sentences)))], frozenset({next(editor.fresh)}), "inserted")


def revise(article: Article, share: float, editor: Editor) -> list[Sentence]:
    """Edit a share of the sentences, move some paragraphs, edit the list of references. Gives the sentences that are gone for good."""
    gone: list[Sentence] = []
    paragraphs: list[list[Sentence]] = []
    for paragraph in article.paragraphs:
        revised: list[Sentence] = []
        waiting = [replace(sentence, kind="untouched") for sentence in paragraph]
        while waiting:
            sentence = waiting.pop(0)
            if editor.dice.random() >= share:
                revised.append(sentence)
                continue
            kind = editor.dice.choices([*KINDS], [*KINDS.values()])[0]
            revised.extend(edit(article, kind, sentence, waiting, gone, editor))
        paragraphs.append(revised)
    article.removed.extend(gone)
    article.paragraphs = move([one for one in paragraphs if one], share, editor)
    revise_references(article, share, editor)
    return gone


def edit(article: Article, kind: str, sentence: Sentence, after: list[Sentence], gone: list[Sentence], editor: Editor) -> list[Sentence]:
    """What stands in the place of a sentence after an edit of a kind; it itself where it does not allow the edit."""
    if kind in ONE_SENTENCE:
        return [ONE_SENTENCE[kind](sentence, editor) or sentence]
    if kind == "inserted":
        return [sentence, inserted(article, editor)]
    if kind == "returned":
        back = [article.removed.pop(editor.dice.randrange(len(article.removed)))] if article.removed else []
        return [sentence, *(replace(one, kind="returned") for one in back)]
    if kind == "split":
        return split(sentence, editor) or [sentence]
    if kind == "merged":
        made = merge(sentence, after[0], editor) if after else None
        if made:
            after.pop(0)
        return made or [sentence]
    gone.append(sentence)
    return [inserted(article, editor)] if kind == "replaced" else []


def move(paragraphs: list[list[Sentence]], share: float, editor: Editor) -> list[list[Sentence]]:
    """Take some paragraphs out and put each in somewhere else."""
    chosen = [one for one in paragraphs if editor.dice.random() < share / 4]
    left = [one for one in paragraphs if not any(one is other for other in chosen)]
    for paragraph in chosen:
        for sentence in paragraph:
            sentence.kind = "moved" if sentence.kind == "untouched" else sentence.kind
        left.insert(editor.dice.randint(0, len(left)), paragraph)
    return left


def revise_references(article: Article, share: float, editor: Editor) -> None:
    """Edit a share of the entries, put some in, take some out that nothing cites, and number them by where they are first cited."""
    cited = dict.fromkeys(piece for paragraph in article.paragraphs for one in paragraph for piece in one.pieces if isinstance(piece, int))
    waiting = {piece for one in (*article.removed, *article.spare) for piece in one.pieces if isinstance(piece, int)}
    kept: list[Entry] = []
    for entry in article.entries:
        kind = editor.dice.choice([*ENTRY_EDITS, "removed", "inserted"]) if editor.dice.random() < share else "untouched"
        if kind == "inserted" and editor.entries:
            kept.append(replace(editor.entries.pop(editor.dice.randrange(len(editor.entries))), identity=next(editor.fresh), kind=kind))
        if kind == "removed" and entry.identity not in cited and entry.identity not in waiting:
            continue
        kept.append(ENTRY_EDITS[kind](entry, editor) if kind in ENTRY_EDITS else replace(entry, kind="untouched"))
    order = {identity: place for place, identity in enumerate(cited)}
    article.entries = sorted(kept, key=lambda entry: order.get(entry.identity, len(order)))


def add_access_date(entry: Entry, editor: Editor) -> Entry:
    """When it was read, at its end."""
    return replace(
        entry, text=f"{entry.text} Retrieved {editor.dice.randint(1, 28)} May {editor.dice.randint(2017, 2024)}.", kind="accessed"
    )


def add_archive(entry: Entry, editor: Editor) -> Entry:
    """An archived copy, as bots add them."""
    if not entry.urls:
        return replace(entry, kind="untouched")
    day = f"{editor.dice.randint(1, 28)} March 2019"
    copy = f"https://web.archive.org/web/20190310{editor.dice.randint(100000, 235959)}/{entry.urls[0]}"
    return replace(entry, text=f"{entry.text} Archived from the original on {day}.", urls=(entry.urls[0], copy), kind="archived")


def add_doi(entry: Entry, editor: Editor) -> Entry:
    """A DOI where there was none."""
    if "doi" in entry.text.lower():
        return replace(entry, kind="untouched")
    return replace(entry, text=f"{entry.text} doi:10.1234/{editor.dice.randint(10000, 99999)}.", kind="doi added")


def mend_entry(entry: Entry, editor: Editor) -> Entry:
    """A slip in one word, or a word more."""
    sentence = Sentence([entry.text], frozenset())
    edited = (misspell if editor.dice.random() < 0.5 else add_words)(sentence, editor)
    return replace(entry, text=str(edited.pieces[0]), kind="mended") if edited else replace(entry, kind="untouched")


ENTRY_EDITS = {"accessed": add_access_date, "archived": add_archive, "doi added": add_doi, "mended": mend_entry}
