"""The vocabulary of cleanup tags: what `[citation needed]`, `{{Fact}}` or `要出典` ask for, in the languages of the wikis that use them.

The words are data (`tags.json`); here is only how a printed or typed form is brought to its key, so that every look-up is one in a dictionary.
A form stands in the data as it is printed. Where it is printed with a question mark, the mark is part of it: `[who?]` is a tag, while a bare
`[who]` inside a quotation is an editor's word. Nothing is read before the first look-up, so that commands that need no tags pay nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from verify.errors import UsageError

_LONGEST = 120
"""Code points that a form may have, its date included. Longer text is no tag, and is not normalised to find that out."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUESTION_MARKS = dict.fromkeys(map(ord, "؟՞"), "?")  # NFKC takes care of the full-width one
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c"))
_SAME = {**_DASHES, **_QUESTION_MARKS, **_INVISIBLE, ord("_"): " ", ord("’"): "'", ord("¿"): None}

_DATE = re.compile(r"\s*[,(](?=[^()]*\d{4})[^()]+\)?$")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TagForms:
    """How one language writes a tag: names of templates, words printed between brackets (`#` for a number), and how they were judged."""

    templates: tuple[str, ...]
    printed: tuple[str, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A cleanup tag. `scope` is "inline" or "section"; `next_step` tells an editor what to do; `forms` go by language code."""

    name: str
    category: str
    next_step: str
    scope: str
    forms: Mapping[str, TagForms] = field(hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    tags: tuple[Tag, ...]
    names: Mapping[str, Tag]
    printed: Mapping[str, tuple[Tag, bool]]  # with whether the form needs its question mark
    templates: Mapping[tuple[str, str], Tag]  # by language and name
    anywhere: Mapping[str, Tag | None]  # by name; None where wikis disagree
    namespaces: frozenset[str]


def all_tags() -> tuple[Tag, ...]:
    """Give every tag, grouped by category, always in the same order."""
    return _vocabulary().tags


def tag_named(name: str) -> Tag:
    """Give the tag of a canonical name, whatever its case. Raises UsageError, with the names nearest to it, when there is none."""
    names, key = _vocabulary().names, _folded(name[:_LONGEST]).rstrip("? ")
    if tag := names.get(key):
        return tag
    from difflib import get_close_matches

    near = ", ".join(f'"{names[match].name}"' for match in get_close_matches(key, names))
    advice = f"near to it: {near}" if near else "`verify tags` lists them all"
    raise UsageError(f"no cleanup tag is named {name[:_LONGEST]!r}; {advice}")  # repr() makes control and bidirectional characters visible


def tag_printed(text: str) -> Tag | None:
    """Give the tag that `text`, the words between two brackets, prints; None when they are no tag.

    Case, spaces, underscores, a date behind it and a link to the talk page ("– discuss") make no difference; the question mark of a form
    that is printed with one does.
    """
    key, asks = _printed_key(text)
    tag, needs_mark = _vocabulary().printed.get(key, (None, False))
    return tag if asks or not needs_mark else None


def tag_bare(text: str) -> Tag | None:
    """As `tag_printed`, but forms may lack their question mark: for a caller who knows that `text` stands in no quotation."""
    return _vocabulary().printed.get(_printed_key(text)[0], (None, False))[0]


def tag_template(name: str, language: str = "") -> Tag | None:
    """Give the tag that a wikitext template of this name (with or without "Template:") sets, None when it sets none.

    The asked language decides, then English, then all the others if they agree. Case makes no difference: MediaWiki tells it apart after the first
    letter, but wikis hold redirects for the usual spellings.
    """
    known, key = _vocabulary(), _template_key(name)
    for code in (*_codes(language), "en"):
        if tag := known.templates.get((code, key)):
            return tag
    return known.anywhere.get(key)


def tags_in(language: str) -> tuple[Tag, ...]:
    """Give the tags that have forms in a language ("pt-BR" falls back on "pt"); none for a language that is not held."""
    held = next((code for code in _codes(language) if code in languages()), "")
    return tuple(tag for tag in all_tags() if held in tag.forms)


@cache
def languages() -> tuple[str, ...]:
    """Give the codes of all languages that have forms, sorted."""
    return tuple(sorted({code for tag in all_tags() for code in tag.forms}))


def _codes(language: str) -> Iterator[str]:
    """The code asked for, then the wider ones: "zh-hant-tw", "zh-hant", "zh"."""
    code = language.strip().casefold().replace("_", "-")
    while code:
        yield code
        code = code.rpartition("-")[0]


def _folded(text: str) -> str:
    """Letters, dashes, question marks and spaces that look alike made equal."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SAME).casefold().split())


def _printed_key(text: str) -> tuple[str, bool]:
    """The key of a printed form, and whether it ends in a question mark."""
    if len(text) > _LONGEST:
        return "", False
    words = _without_talk_link(_DATE.sub("", _folded(text)))
    key = words.rstrip("? ")
    return " ".join(_NUMBER.sub("#", key).replace("-", " ").split()), key != words


def _without_talk_link(words: str) -> str:
    head, dash, tail = words.rpartition("-")
    return head.rstrip("- ") if dash and tail.strip() in _talk_words() else words


def _template_key(name: str) -> str:
    if len(name) > _LONGEST:
        return ""
    key = _folded(name)
    namespace, colon, rest = key.partition(":")
    return rest.strip() if colon and namespace.strip() in _vocabulary().namespaces else key


@cache
def _facts() -> dict[str, Any]:
    import json
    from importlib.resources import files

    facts: dict[str, Any] = json.loads(files("verify").joinpath("tags.json").read_text(encoding="utf-8"))
    return facts


@cache
def _talk_words() -> frozenset[str]:
    return frozenset(map(_folded, _facts()["talk_words"]))


@cache
def _vocabulary() -> _Vocabulary:
    facts = _facts()
    tags = tuple(_tag(entry) for entry in facts["tags"])
    templates = _template_index(tags)
    local_only = frozenset(map(_folded, facts["local_only"]))
    return _Vocabulary(
        tags=tags,
        names=MappingProxyType({_folded(tag.name): tag for tag in tags}),
        printed=MappingProxyType(_printed_index(tags)),
        templates=MappingProxyType(templates),
        anywhere=MappingProxyType({key: tag for key, tag in _anywhere(templates).items() if key not in local_only}),
        namespaces=frozenset(map(_folded, facts["namespaces"])),
    )


def _tag(entry: Mapping[str, Any]) -> Tag:
    forms = {code: TagForms(tuple(f["templates"]), tuple(f["printed"]), f["checked"]) for code, f in entry["forms"].items()}
    return Tag(entry["name"], entry["category"], entry["next_step"], entry["scope"], MappingProxyType(forms))


def _printed_index(tags: tuple[Tag, ...]) -> dict[str, tuple[Tag, bool]]:
    """A form printed both with and without a question mark does not need it; the first tag keeps a form that two claim (tests see to it)."""
    index: dict[str, tuple[Tag, bool]] = {}
    for tag in tags:
        for forms in tag.forms.values():
            for printed in forms.printed:
                key, asks = _printed_key(printed)
                held, needs_mark = index.get(key, (tag, True))
                index[key] = (held, needs_mark and asks)
    return index


def _template_index(tags: tuple[Tag, ...]) -> dict[tuple[str, str], Tag]:
    return {(code, _folded(name)): tag for tag in tags for code, forms in tag.forms.items() for name in forms.templates}


def _anywhere(templates: Mapping[tuple[str, str], Tag]) -> dict[str, Tag | None]:
    index: dict[str, Tag | None] = {}
    for (_, key), tag in templates.items():
        index[key] = tag if index.get(key, tag) is tag else None
    return index
