"""Citations by author and year: the cases of `tests/cases/references` (their README says how they are written), and what holds for any text."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.model import Block, BlockKind, Draft, Mark, MarkKind, Reference
from verify.readers import read
from verify.readers.author_year import author_year_marks

CASES = Path(__file__).parents[1] / "cases" / "references"
LIST = (CASES / "list.txt").read_text(encoding="utf-8")


@dataclass
class Case:
    """A case as written: `parts` are the lines under each `>>>`."""

    name: str
    parts: dict[str, list[str]] = field(default_factory=dict)

    def lines(self, part):
        return [line for line in self.parts.get(part, []) if line.strip()]


def cases():
    for path in (CASES / "sentences.txt", CASES / "manuscripts.txt"):
        for written in path.read_text(encoding="utf-8").split(">>> case ")[1:]:
            name, *parts = written.split("\n>>> ")
            yield Case(name.split("\n")[0], {part.split("\n")[0]: part.split("\n")[1:] for part in parts})


def drafted(case):
    listed = "\n".join(case.parts["list"]) if "list" in case.parts else LIST
    return read(("\n".join(case.parts["text"]) + "\n\n" + listed).encode(), format="text")


def seen(draft, claim, word, rest):
    """What a claim shows of a thing that a case names: the place or the marker of one citation."""
    label = rest.partition(": ")[0]
    citation = next(c for c in claim.citations if c.label == label)
    return f"{label}: {citation.locator if word == 'place' else draft.text[citation.start : citation.end]}"


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_case(case):
    """What a case writes down is what is extracted."""
    draft = drafted(case)
    claims = extract(draft).claims
    written = [(text, [one.partition(" ")[::2] for one in more]) for text, *more in (line.split(" | ") for line in case.lines("claims"))]

    assert [(text, dict(more).get("cites", "")) for text, more in written] == [(c.text, ", ".join(c.citation_labels)) for c in claims]
    for (_, more), claim in zip(written, claims, strict=True):
        named = [(word, rest) for word, rest in more if word != "cites"]
        assert [rest for _, rest in named] == [seen(draft, claim, word, rest) for word, rest in named]
    if "references" in case.parts:
        assert case.lines("references") == [reference.label for reference in draft.references]


def test_every_case_says_why():
    """A case without a reason cannot be judged when it fails."""
    written = [case for path in CASES.glob("*s.txt") for case in path.read_text(encoding="utf-8").split(">>> case ")[1:]]

    assert [] == [case.split("\n")[0] for case in written if case.split("\n")[1].startswith((">>>", " ")) or not case.split("\n")[1]]


def manuscript(body, *references, marks=(), text_before=""):
    return Draft(
        text=text_before + body,
        blocks=(Block(BlockKind.PARAGRAPH, len(text_before), len(text_before) + len(body), marks=marks),),
        references=references,
    )


def test_fields_of_an_entry():
    """Where the format has fields, the authors and the year are theirs, whatever the entry prints."""
    item = {"author": [{"family": "Ng", "given": "A."}, {"family": "Ó Briain", "given": "B."}], "issued": {"date-parts": [["2019", 5]]}}
    draft = author_year_marks(manuscript("It fell (Ng & Ó Briain, 2019).", Reference("ng19", "A title of 1947.", csl=item)))

    assert [Mark(8, 29, MarkKind.CITATION, ("ng19",))] == [*draft.blocks[0].marks]
    assert ["ng19"] == [reference.label for reference in draft.references]


def test_markers_that_the_format_names_come_first():
    """A marker of the format's own over the same words stays the only one."""
    named = Mark(8, 20, MarkKind.CITATION, ("key",))
    body = "It fell (Smith 2020). It rose (Smith 2020). It stood (Smith, 2020)."
    draft = author_year_marks(manuscript(body, Reference("key", "Smith, A. (2020). The Tower."), marks=(named,)))

    assert [named, Mark(30, 42, MarkKind.CITATION, ("key",)), Mark(53, 66, MarkKind.CITATION, ("key",))] == [*draft.blocks[0].marks]


def test_unnamed_and_undated_entries():
    """An entry without an author or a year cannot be cited so, and does no harm."""
    references = [Reference("1", ""), Reference("2", "(2020)."), Reference("3", "The Tower."), Reference("4", '"Quoted." 2020.')]
    draft = manuscript("It fell (Tower 2020).", *references)

    assert draft == author_year_marks(draft)


def test_names_that_fit_too_many_entries():
    """What may mean any of a great many works means none."""
    references = [Reference(f"s{n}", f"Smith, A. (2020). Title {n}.") for n in range(1000)]
    draft = manuscript("It fell (Smith 2020).", *references)

    assert draft == author_year_marks(draft)


SPOKEN = st.lists(
    st.sampled_from(
        ["It", " fell", " (", ")", "[", "]", "Adams", " 2011", "Brown & Clark", ", ", "; ", "2012a", " et al.", " (2013)", "Dietz", "ibid.", "op. cit.", "p. 4", ".", " see ",
         "（", "）", "\n\n", "[1]", "’s", " and ", "n.d.", "\u202e", "\x00", "王小明，2019"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(SPOKEN)
def test_any_text(body):
    """Whatever is written: marks stand in order, apart, within their blocks, each with labels; a marker names a year, or what was cited before."""
    draft = read((body + "\n\n" + LIST).encode(), format="text")
    extraction = extract(draft)

    for block in draft.blocks:
        assert all(block.start <= mark.start <= mark.end <= block.end and mark.labels for mark in block.marks)
        assert all(a.end <= b.start for a, b in zip(block.marks, block.marks[1:], strict=False))
    known = {reference.label for reference in draft.references}
    assert [] == [
        c.label for claim in extraction.claims for c in claim.citations if c.label not in known and " " not in c.label and c.label != "1"
    ]


@pytest.mark.parametrize("piece", ["(", "(Adams 2011", "Adams, Adams, ", "(2011, 2011, ", "[Adams 2011; ", "(ibid.) "])
def test_huge_text(piece):
    """Two hundred kilobytes of one pattern are read like any other text."""
    body = "It fell (Adams 2011). " + piece * (200_000 // len(piece))
    draft = author_year_marks(manuscript(body, Reference("a", "Adams, A. (2011). On ships.")))

    assert ("a",) == draft.blocks[0].marks[0].labels
