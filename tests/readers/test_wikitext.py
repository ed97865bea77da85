"""Wikitext: the cases of `tests/cases/wikitext` (their README says how they are written), hostile pages, and what holds for any page."""

import json
from pathlib import Path

import mwparserfromhell
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written_cases import carried_by, cases_in, expected_claim, seen

from verify.claims.extract import extract
from verify.model import BlockKind, MarkKind
from verify.readers import format_of, read
from verify.readers.wikitext.reader import redirect_target, wikitext_draft
from verify.tags import tag_template

CASES = Path(__file__).parents[1] / "cases" / "wikitext"


def folded(text):
    return " ".join(text.split())


ALL = list(cases_in(CASES, "wikitext"))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case):
    """What a case writes down is what is read."""
    draft = wikitext_draft("\n".join(case.parts["wikitext"]), language=case.asked)
    extraction = extract(draft)
    expected = [expected_claim(line) for line in case.lines("claims")]

    assert [(text, carried) for text, carried, _ in expected] == [(folded(claim.text), carried_by(claim)) for claim in extraction.claims]
    assert case.lines("orphans") == [orphan.printed for orphan in extraction.orphans]
    for (_, _, named), claim in zip(expected, extraction.claims, strict=True):
        assert [rest for _, rest in named] == [seen(claim, word, rest) for word, rest in named]
    assert_parts(case, draft)


def assert_parts(case, draft):
    shown = {
        "references": [f"{one.label} | {one.text} | {one.url}".strip() for one in draft.references],
        "blocks": [f"{b.kind}: {folded(draft.text[b.start : b.end])}" for b in draft.blocks if not b.kind.holds_claims],
        "remarks": list(draft.remarks),
    }
    for part in case.parts.keys() & shown.keys():
        assert [line.strip() for line in case.lines(part)] == shown[part]


def test_every_case_has_a_name_of_its_own_and_a_reason():
    """A failing case is found by its name, and judged by its reason."""
    names = [case.name for case in ALL]

    assert sorted(set(names)) == sorted(names)
    assert [] == [case.name for case in ALL if not case.lines("why")]


def test_wikitext_is_chosen_by_its_suffixes():
    """A file says that it is wikitext by its name; its content does not."""
    named = [format_of(b"The mill burned.", place) for place in ("a.wikitext", "a.wiki", "a.mediawiki", "a.txt")]

    assert ["wikitext", "wikitext", "wikitext", "text"] == named


def test_the_rack_reads_wikitext_with_its_title_left_to_the_file():
    """Through the rack a page is decoded, and every marker is named by the format."""
    draft = read("Die Mühle brannte.<ref>Roe.</ref> [1] ist kein Verweis.".encode(), format="wikitext")

    assert (True, "wikitext", "") == (draft.names_markers, draft.format, draft.title)
    assert [("Die Mühle brannte.", ("1",)), ("[1] ist kein Verweis.", ())] == [(c.text, c.citation_labels) for c in extract(draft).claims]


def test_a_title_given_from_outside_opens_the_text():
    """The title is printed above the page, and is no claim."""
    draft = wikitext_draft("The mill burned.", title="Mill", language="en")

    assert ("Mill", "Mill\n\nThe mill burned.", BlockKind.TITLE) == (draft.title, draft.text, draft.blocks[0].kind)


def test_a_short_note_takes_the_identifiers_of_its_full_entry_but_not_its_pages():
    """`{{sfn}}` names a work; which one, the bibliography says."""
    source = "It fell.{{sfn|Roe|1990|p=12}}\n== Sources ==\n* {{cite book|last=Roe|year=1990|title=Rivers|isbn=0-306-40615-2|doi=10.1000/1|pages=1–99}}"
    reference = wikitext_draft(source).references[0]

    assert ("0-306-40615-2", "10.1000/1", "12") == (reference.isbn, reference.doi, reference.page)


@pytest.mark.parametrize(
    ("start", "target"),
    [("#REDIRECT [[Mill]]", "Mill"), ("#redirect:[[Mill#x]]", "Mill#x"), ("#WEITERLEITUNG [[a|b]]", "a"), ("# One [[a]]", ""), ("", "")],
)
def test_redirects_in_any_language(start, target):
    """A page that leads elsewhere begins with `#`, a word, and a link."""
    assert target == redirect_target(start)


DEEP = 10_000
LONG = 500_000
HOSTILE = {
    "open templates": "{{" * LONG,
    "closing braces": "}}" * LONG,
    "open links": "[[" * LONG,
    "nested templates": "{{nowrap|a" * DEEP + "}}" * DEEP,
    "nested links": "[[File:a|thumb|" * DEEP + "]]" * DEEP,
    "nested notes": "{{refn|a " * DEEP + "}}" * DEEP,
    "nested quotes": "{{quote|a" * DEEP + "}}" * DEEP,
    "nested footnotes": "<ref>" * DEEP + "</ref>" * DEEP,
    "unclosed footnotes": "<ref name=a>" * LONG,
    "half tags": "<ref " * LONG,
    "unclosed verbatim": "<math><pre><nowiki>x" * DEEP,
    "unclosed comments": "<!--" * LONG,
    "tables in tables": "{|\n" * LONG,
    "quotation marks": "'" * LONG,
    "odd quotation marks": "a''b'''" * LONG,
    "unclosed addresses": "[http://x [a] " * LONG,
    "half headings": "=" * LONG,
    "headings that fall": "".join(f"{'=' * (6 - i % 6)}References{'=' * (6 - i % 6)}\n* a\n" for i in range(DEEP)),
    "notes that use each other": "".join(f"{{{{refn|name=a{i}|{{{{r|a{i + 1}}}}}}}}}" for i in range(DEEP)),
    "a note that uses itself": "{{refn|name=a|{{r|a}}}}{{efn|name=b|{{efn|name=b}}}}",
    "arguments": "{{convert|" + "1|to|" * LONG + "1|km}}",
    "authors": "<ref>{{cite web|" + "|".join(f"last{i}=x" for i in range(DEEP)) + "}}</ref>",
    "works in one note": "{{sfnm|" + "|".join(f"{i}a1=x" for i in range(DEEP)) + "}}",
    "a long name": "{{" + "a" * LONG + "}}",
    "a long reason": "{{citation needed|reason=" + "," * LONG + "}}",
    "stand-ins of its own": "\x0299\x03{{cn|\x020\x03}}\x05quote\n\x06\x07\x0b",
    "gone templates": "({{zz}}" * DEEP,
    "brackets": "(" * LONG,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_are_read(source):
    """Nothing that a page can nest or leave open makes the reader fail, nor grow what it gives."""
    draft = wikitext_draft(source)

    assert len(draft.text) <= 2 * len(source) + 100
    assert all(0 <= block.start <= block.end <= len(draft.text) for block in draft.blocks)


SIGNS = """
    {{ }} [[ ]] | = <ref> </ref> '' ''' <!-- --> <nowiki> </nowiki> {{efn| {{sfn|A|2001}} {{cn}} {{rp|5}} {{quote| [http://a.example/ ] <math>x</math>
    <references> </references> {{reflist|refs= File:a.jpg| burned &amp; <blockquote> </blockquote> {{!}} -{ }- {{cite
"""
LINES = (
    "<ref name=a />",
    "<ref name=a>",
    "A mill. ",
    " ",
    "\n",
    "\n\n",
    "\n* ",
    "\n== H ==\n",
    "\n{|\n",
    "\n|}\n",
    "\n|-\n",
    "\x02",
    "\x030\x03",
    " web|url=",
)
PIECES = st.sampled_from([*SIGNS.split(), *LINES])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_any_page_is_read_and_offsets_give_back_the_words(source):
    """Whatever stands in a page: it is read, claims' offsets give back their words, markers stand where they are said to stand."""
    draft = wikitext_draft(source)
    for claim in extract(draft).claims:
        for word in claim.text.split():
            assert word[0] in draft.text[claim.start : claim.end]
    for block in draft.blocks:
        for mark in block.marks:
            assert block.start <= mark.start < mark.end <= block.end
            if mark.kind is MarkKind.CITATION and mark.labels[0].isdecimal():
                assert draft.text[mark.start : mark.end].startswith(f"[{mark.labels[0]}]")
    assert not any(sign in draft.text for sign in "\x02\x03\x04\x05\x06\x07\x0b")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=12))
def test_numbers_follow_the_order_of_first_use(names):
    """As Cite prints them: each name has the number of its first use, however often it is used."""
    source = " ".join(f"Said so.<ref name={name}>{name}</ref>" for name in names)
    draft = wikitext_draft(source)
    order = list(dict.fromkeys(names))

    assert [(str(order.index(name) + 1),) for name in names] == [mark.labels for mark in draft.blocks[0].marks]
    assert order == [reference.text for reference in draft.references]


def articles(shared):
    return sorted((shared / "data" / "extraction").glob("*.wikitext"))


def test_every_footnote_and_tag_that_a_tree_parser_finds_is_found(shared):
    """The oracle is mwparserfromhell: footnotes outside other footnotes and lists of definitions, and cleanup tags outside footnotes."""
    for path in articles(shared):
        source = path.read_text(encoding="utf-8")
        code = mwparserfromhell.parse(source)
        refs = [tag for tag in code.filter_tags() if str(tag.tag).strip().lower() == "ref"]
        tags = [t for t in code.filter_templates() if tag_template(str(t.name).strip()) and not any(str(t) in str(ref) for ref in refs)]
        marks = [mark for block in wikitext_draft(source).blocks for mark in block.marks]
        defined = sum(str(ref) in str(t) for t in code.filter_templates(matches="^{{[Rr]eflist") for ref in refs)

        assert (path.stem, True) == (
            path.stem,
            len(refs) - defined <= sum(mark.kind in (MarkKind.CITATION, MarkKind.NOTE) for mark in marks),
        )
        assert (path.stem, len(tags)) == (path.stem, sum(mark.kind is MarkKind.TAG for mark in marks))


def test_entries_have_the_address_that_the_gold_names(shared):
    """At least .99 of the references of the gold set have the right address."""
    right = total = 0
    for path in articles(shared):
        read_as = {reference.label: reference.url for reference in wikitext_draft(path.read_text(encoding="utf-8")).references}
        gold = json.loads(path.with_suffix(".refs.json").read_text(encoding="utf-8"))
        right += sum(read_as.get(label) == entry["url"] for label, entry in gold.items())
        total += len(gold)

    assert right / total >= 0.99
