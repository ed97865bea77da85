"""The cases of `tests/cases/extraction`: small documents and what must come out of them. Their README says how they are written."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from verify.claims.extract import extract
from verify.model import Claim, Extraction, Layout
from verify.readers import read

CASES = Path(__file__).parents[1] / "cases" / "extraction"


@dataclass
class Case:
    """A case as written: `parts` are the lines under each `>>>`."""

    name: str
    options: list[str] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def layout(self) -> Layout | None:
        return None if self.options[0] == "auto" else Layout(self.options[0])

    def lines(self, part: str) -> list[str]:
        return [line for line in self.parts.get(part, []) if line.strip()]


def cases():
    for path in sorted(CASES.glob("*.txt")):
        case = part = None
        for line in path.read_text(encoding="utf-8").split("\n"):
            word, _, rest = line.removeprefix(">>> ").partition(" ") if line.startswith(">>> ") else ("", "", "")
            if word == "case":
                if case:
                    yield case
                case, part = Case(f"{path.stem}: {rest}"), "why"
            elif word:
                part = word
                case.options = rest.split() if word == "text" else case.options
            if word:
                case.parts[part] = []
            else:
                case.parts[part].append(line)
        yield case


def extracted(case):
    text = "\n".join(case.parts["text"]).rstrip("\n") + "\n"
    draft = read(text.encode(), format="text", language="".join(case.options[1:2]))
    return draft, extract(draft, case.layout)


def listed(names):
    return tuple(name.strip() for name in names.split(","))


def expected_claim(line):
    """A line under `claims` as its text, what it must carry, and what is looked at only because it is named."""
    text, *fields = line.split(" | ")
    pairs = [one.partition(" ")[::2] for one in fields]
    carried = {word: listed(rest) for word, rest in pairs if word in ("cites", "notes", "tags")}
    return (
        text,
        {**carried, **({"covered": True} if "covered" in fields else {})},
        [p for p in pairs if p[0] in ("place", "words", "section")],
    )


def carried_by(claim: Claim):
    everything = {"cites": claim.citation_labels, "notes": claim.note_labels, "tags": claim.tag_names, "covered": claim.covered}
    return {word: value for word, value in everything.items() if value}


def seen(claim: Claim, word, rest):
    """What a claim shows of a thing that a case names: its section, or the place or the words of one citation."""
    if word == "section":
        return claim.section
    label = rest.partition(": ")[0]
    citation = next(c for c in claim.citations if c.label == label)
    shown = citation.locator if word == "place" else claim.text[citation.covers_start : citation.covers_end]
    return f"{label}: {shown}"


def folded(claim: Claim):
    return claim.text, carried_by(claim)


ALL = list(cases())


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
