"""Citation templates: the cases of `tests/cases/wikitext/citations.toml`, and what the table of names must be."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify.readers.citation_templates import may_cite, type_of, work_of
from verify.readers.wikitext.reader import wikitext_draft
from verify.tags import all_tags

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "wikitext" / "citations.toml").read_text(encoding="utf-8"))["case"]
TABLES = json.loads(files("verify.readers").joinpath("citation_templates.json").read_text(encoding="utf-8"))
CSL = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset document entry
    entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation manuscript map motion_picture
    musical_score pamphlet paper-conference patent performance periodical personal_communication post post-weblog regulation report review
    review-book software song speech standard thesis treaty webpage
"""
CSL_TYPES = frozenset(CSL.split())
FIELDS_OF_A_REFERENCE = ("url", "archive_url", "accessed", "isbn", "doi", "pmid", "arxiv", "page")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_case(case):
    """A template in a footnote gives its sentence, its CSL-JSON item and its identifiers."""
    (reference,) = wikitext_draft(f"It burned.<ref>{case['template']}</ref>").references
    named = {name: case[name] for name in FIELDS_OF_A_REFERENCE if name in case}

    assert case["prints"] == reference.text
    assert case["csl"] == {name: reference.csl.get(name) for name in case["csl"]}
    assert named == {name: getattr(reference, name) for name in named}


def test_items_can_be_written_as_json():
    """What a citation template gives is plain JSON, of types that CSL has."""
    for case in CASES:
        (reference,) = wikitext_draft(f"<ref>{case['template']}</ref>").references

        assert reference.csl == json.loads(json.dumps(reference.csl))
        assert reference.csl["type"] in CSL_TYPES


def test_every_name_of_a_template_stands_once():
    """One name, one type; and names are folded, as they are looked up."""
    names = [name for listed in TABLES["types"].values() for name in listed]

    assert sorted(set(names)) == sorted(names)
    assert [] == [name for name in names if name != " ".join(name.casefold().split())]
    assert set(TABLES["types"]) <= CSL_TYPES


def test_no_parameter_has_two_meanings():
    """A parameter means one thing, whatever its language."""
    meanings = {}
    for name, listed in TABLES["fields"].items():
        for parameter in listed:
            meanings.setdefault(parameter, set()).add(name)

    assert {} == {parameter: found for parameter, found in meanings.items() if len(found) > 1}


def test_no_cleanup_tag_is_listed_as_a_citation_template():
    """`{{cite needed}}` asks for a citation, it is none."""
    tags = {name.casefold() for tag in all_tags() for forms in tag.forms.values() for name in forms.templates}
    names = {name for listed in TABLES["types"].values() for name in listed}

    assert set() == tags & names
    assert ("", True) == (type_of("cite needed"), may_cite("cite needed"))


def test_a_cleanup_tag_that_begins_as_a_citation_template_does_is_a_tag():
    """Listed tags go before the beginnings of names."""
    draft = wikitext_draft("It burned.{{cite needed|date=May 2020}}")

    assert [("citation needed",)] == [mark.labels for mark in draft.blocks[0].marks]


def test_an_anchor_is_made_of_four_surnames_and_the_year():
    """As Module:Footnotes makes it."""
    work = work_of("book", "last1=A|last2=B|last3=C|last4=D|last5=E|date=5 May 1990a", str)

    assert "ABCD1990a" == work.anchor


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted({p for listed in TABLES["fields"].values() for p in listed})), st.text(max_size=12), max_size=8)
)
def test_any_arguments_give_an_item(arguments):
    """Whatever stands in a citation template: it is read, and its item is JSON."""
    written = "|".join(f"{name}={value}" for name, value in arguments.items())
    work = work_of("document", written, lambda value: " ".join(value.split()))

    assert work.csl == json.loads(json.dumps(work.csl))
