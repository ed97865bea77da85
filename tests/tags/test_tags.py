"""The vocabulary of cleanup tags: what is recognised, what is left alone, and that nothing of the collected facts was lost."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import UsageError
from verify.tags import Tag, all_tags, languages, tag_bare, tag_named, tag_printed, tag_template, tags_in

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "tags"
FACTS = ROOT.parent / "shared" / "data" / "flags" / "flags.json"
PRINTED = [(tag, language, printed) for tag in all_tags() for language, forms in tag.forms.items() for printed in forms.printed]
TEMPLATES = [(tag, language, name) for tag in all_tags() for language, forms in tag.forms.items() for name in forms.templates]


def cases(name):
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def name_of(tag: Tag | None) -> str | None:
    return tag and tag.name


def filled(printed: str) -> str:
    return printed.replace("#", "123")


@pytest.mark.parametrize(("text", "expected", "why"), cases("printed.json"))
def test_printed_words(text, expected, why):
    """Words between brackets are a tag, or are left to the text."""
    found = name_of(tag_printed(text))

    assert expected == found, why


@pytest.mark.parametrize(("name", "language", "expected", "why"), cases("templates.json"))
def test_template_names(name, language, expected, why):
    """A template's name is looked up in the asked language, in English, then wherever wikis agree."""
    found = name_of(tag_template(name, language))

    assert expected == found, why


@pytest.mark.parametrize(
    ("text", "expected"), [("who", "who"), ("by whom", "by whom"), ("bron", "citation needed"), ("sic", None), ("update", None)]
)
def test_bare_words_are_tags_for_who_asks(text, expected):
    """The lenient look-up forgives a missing question mark and nothing else."""
    found = name_of(tag_bare(text))

    assert expected == found


def test_every_printed_form_is_found():
    """Each form of the data leads to its own tag, so no words mean two tags, in one language or across them."""
    wrong = [(language, printed) for tag, language, printed in PRINTED if tag_printed(filled(printed)) is not tag]

    assert wrong == []


def test_every_template_is_found_in_its_language():
    """Each name leads to its tag in its language; no name means two tags there."""
    wrong = [(language, name) for tag, language, name in TEMPLATES if tag_template(name, language) is not tag]

    assert wrong == []


def test_entries_are_whole():
    """Each tag has a category, a scope, a sentence to act on, and a remark on how each of its forms was judged."""
    holes = [tag.name for tag in all_tags() if not (tag.category and tag.next_step.endswith(".") and tag.scope in {"inline", "section"})]
    unjudged = [(tag.name, code) for tag in all_tags() for code, f in tag.forms.items() if not f.checked or not (f.templates or f.printed)]

    assert (holes, unjudged) == ([], [])


def test_steps_are_each_tags_own():
    """No two tags tell an editor the same thing."""
    tags_by_step = defaultdict(list)
    for tag in all_tags():
        tags_by_step[tag.next_step].append(tag.name)

    assert [names for names in tags_by_step.values() if len(names) > 1] == []


def test_a_tag_prints_its_own_name():
    """The canonical name is what the tag prints in English, but for a final question mark."""
    silent = [tag.name for tag in all_tags() if tag.scope == "inline" and tag_bare(tag.name) is not tag]

    assert silent == []


def test_named_whatever_the_case():
    """A canonical name is found in any case, and with its question mark."""
    found = [tag_named(tag.name.upper() + end) for tag in all_tags() for end in ("", "?")]

    assert [tag for tag in all_tags() for _ in range(2)] == found


def test_unknown_name_names_near_ones():
    """A misspelt name is refused with those near to it, and hostile characters in it are made visible."""
    with pytest.raises(UsageError, match='near to it: "citation needed"'):
        tag_named("citaton needed")
    with pytest.raises(UsageError, match=r"\\u202e.*verify tags"):
        tag_named("\u202eqqq" * 100_000)


def test_languages_asked_for_are_written():
    """The wikis that the project names have the commonest tag and more."""
    few = [
        code
        for code in ["de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "ja", "ko", "ar", "he", "hi", "zh-hans", "zh-hant"]
        if len(tags_in(code)) < 8
    ]

    assert few == []


def test_language_codes_fall_back():
    """A regional code reads as its language; one that is not held has no tags."""
    assert (tags_in("pt"), (), ()) == (tags_in("pt_BR"), tags_in("xx"), tags_in(""))


def test_order_is_stable():
    """Tags and languages come in one order, each once."""
    names = [tag.name for tag in all_tags()]

    assert len(names) == len(set(names))
    assert names[0] == "citation needed"
    assert list(languages()) == sorted(set(languages()))


@given(st.sampled_from(PRINTED), st.sampled_from(["", ", May 2020", " (May 2020)", " (since 12 May 2020)"]), st.booleans(), st.booleans())
def test_dress_makes_no_difference(form, date, upper, underscores):
    """Case, underscores, spaces around and a date never change which tag is read."""
    tag, _, printed = form
    text = filled(printed).upper() if upper else filled(printed)
    text = text.replace(" ", "_") if underscores else text

    assert tag_printed(f"  {text}{date} ") is tag


@given(st.text())
def test_any_text_is_answered(text):
    """No text raises; what is printed is a tag is one leniently too; a name found is found again."""
    printed, bare = tag_printed(text), tag_bare(text)

    assert printed in (None, bare)
    assert tag_template(text) is None or tag_template(f"Template:{text}") is tag_template(text)
    assert bare is None or tag_named(bare.name) is bare


@pytest.mark.parametrize(
    "text", ["citation needed" * 70_000, "(" * 1_000_000, "," + "1" * 1_000_000, "- discuss" * 110_000, "\u200b" * 1_000_000, "ﷺ" * 100]
)
def test_huge_text_is_no_tag(text):
    """A megabyte between two brackets is no tag, whatever it is made of."""
    assert (tag_printed(text), tag_bare(text), tag_template(text)) == (None, None, None)


def test_nothing_is_read_at_import():
    """Importing the vocabulary opens no file and loads neither json nor difflib."""
    script = "import sys, verify.tags as t; print(t._facts.cache_info().currsize, {'json', 'difflib'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["0", "set()"]


@pytest.fixture
def facts():
    """The collected facts that the vocabulary was made from: they lie beside the checkout, not in it."""
    if not FACTS.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{FACTS.name} is not beside the checkout, and CI must not pass without it")
        pytest.skip(f"{FACTS.name} is not beside the checkout")
    return json.loads(FACTS.read_text(encoding="utf-8"))


def test_no_name_was_lost(facts):
    """Every template name and alias of the facts is found in its language, save those dropped for a stated reason."""
    dropped = {(d["language"], d["name"]) for d in cases("dropped.json")["names"] if d["why"]}
    lost = {(e["lang"], name) for e in facts for name in (e["name"], *e["aliases"]) if tag_template(name, e["lang"]) is None}

    assert dropped == lost


def test_no_printed_form_was_lost(facts):
    """Every printed form of the facts is found as it is printed, save those dropped for a stated reason."""
    dropped = {(d["language"], d["printed"]) for d in cases("dropped.json")["printed"] if d["why"]}
    lost = {(e["lang"], form) for e in facts for form in e["rendered"] if tag_printed(form.replace(" N ", " 123 ")) is None}

    assert dropped == lost


def test_no_language_was_lost(facts):
    """Every language of the facts has forms."""
    assert {entry["lang"] for entry in facts} - set(languages()) == set()


def test_english_forms_give_the_name_they_print(facts):
    """In English a tag is called what it prints, without the question mark and the link to the talk page, but for three older printings."""
    older = {"not in citation given": "failed verification", "permanent dead link": "dead link", "page number needed": "page needed"}
    printed = {form: form.removesuffix(" – discuss").rstrip("?") for e in facts if e["lang"] == "en" for form in e["rendered"]}
    wrong = {f: name_of(tag_printed(f)) for f, name in printed.items() if tag_printed(f) is not tag_named(older.get(name, name))}

    assert wrong == {}
