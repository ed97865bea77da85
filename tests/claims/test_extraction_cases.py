"""The cases of `tests/cases/extraction`: small documents and what must come out of them. Their README says how they are written."""

from pathlib import Path

import pytest
from written_cases import carried_by, cases_in, expected_claim, seen

from verify.claims.extract import extract
from verify.model import Claim, Extraction, Layout
from verify.readers import read

CASES = Path(__file__).parents[1] / "cases" / "extraction"


def extracted(case):
    text = "\n".join(case.parts["text"]).rstrip("\n") + "\n"
    draft = read(text.encode(), format="text", language="".join(case.asked.split()[1:2]))
    layout = case.asked.split()[0]
    return draft, extract(draft, None if layout == "auto" else Layout(layout))


def folded(claim: Claim):
    return claim.text, carried_by(claim)


ALL = list(cases_in(CASES, "text"))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case):
    """What a case writes down is what is extracted."""
    draft, extraction = extracted(case)
    expected = [expected_claim(line) for line in case.lines("claims")]

    assert [(text, carried) for text, carried, _ in expected] == [folded(claim) for claim in extraction.claims]
    assert case.lines("orphans") == [orphan.printed for orphan in extraction.orphans]
    for (_, _, named), claim in zip(expected, extraction.claims, strict=True):
        assert [rest for _, rest in named] == [seen(claim, word, rest) for word, rest in named]
    assert_parts(case, draft, extraction)


def assert_parts(case, draft, extraction: Extraction):
    if "skipped" in case.parts:
        assert sorted(case.lines("skipped")) == [f"{kind} {number}" for kind, number in extraction.skipped.items()]
    if "references" in case.parts:
        assert case.lines("references") == [f"{one.label} {one.url}".strip() for one in draft.references]


def test_case_names_are_unique():
    """A failing case is found by its name."""
    names = [case.name for case in ALL]

    assert sorted(set(names)) == sorted(names)


def test_every_case_says_why():
    """A case without a reason cannot be judged when it fails."""
    silent = [case.name for case in ALL if not case.lines("why")]

    assert [] == silent
