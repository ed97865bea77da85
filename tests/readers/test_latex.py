r"""LaTeX is read as it would be printed; cases stand in `tests/cases/latex`, whose README says how they are written."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.model import Layout, MarkKind
from verify.readers import Options, read
from verify.readers.latex.reader import read as read_latex

CASES = Path(__file__).parents[1] / "cases" / "latex"
WORDS = r"""
    { } [ ] \ % $ $$ \( \[ \] & ~ `` '' -- a \cite{a} \cite[ \footnote{ \section{ \begin{quote} \end{quote} \begin{verbatim}
    \end{verbatim} \begin{equation} \verb| \title{ \newcommand{\x}{ \x \def\y#1 \bibitem{b} \href{http://a.b} \url{ \' \unknown
    \iffalse \fi \begin{document} \end{document} \textcite{ \caption{ \begin{figure} \end{figure} \input{x} \\[2pt] é \todo{cn}
"""
SIGNS = st.sampled_from([*WORDS.split(), "\n", "\n\n", " ", "Word. ", "\\item ", "\\c "])


def cases():
    for path in sorted(CASES.glob("*.txt")):
        for written in path.read_text(encoding="utf-8").split(">>> case ")[1:]:
            first, *parts = written.split("\n>>> ")
            named = {part.partition("\n")[0].partition(" ")[0]: part for part in parts}
            yield pytest.param(named, id=f"{path.stem}: {first.splitlines()[0]}")


def lines(part):
    return [line for line in part.partition("\n")[2].split("\n") if line.strip()]


def described(claim, line):
    """A claim in the words of its line: place and section only where the line has them."""
    asked = [part.strip() for part in line.split(" | ")[1:]]
    places = {f"place {c.label}: {c.locator}" for c in claim.citations}
    carried = {"cites": claim.citation_labels, "notes": claim.note_labels, "tags": claim.tag_names}
    words = [claim.text, *(f"{name} {', '.join(found)}" for name, found in carried.items() if found)]
    return sorted(words + [part for part in asked if part in places or part == f"section {claim.section}"])


@pytest.mark.parametrize("case", [*cases()])
def test_case(case):
    options = Options(links="links" in case["text"].partition("\n")[0])
    draft = read_latex(case["text"].partition("\n")[2], options)
    extraction = extract(draft, Layout.TRAILING)
    expected = lines(case["claims"])

    assert [line.split(" | ")[0] for line in expected] == [claim.text for claim in extraction.claims]
    assert [sorted(line.split(" | ")) for line in expected] == [
        described(c, line) for c, line in zip(extraction.claims, expected, strict=True)
    ]
    if "title" in case:
        assert lines(case["title"]) == [draft.title]
    if "references" in case:
        assert lines(case["references"]) == [" | ".join(filter(None, (r.label, r.url))) for r in draft.references]
    if "skipped" in case:
        assert lines(case["skipped"]) == [f"{kind} {count}" for kind, count in extraction.skipped.items()]


def test_bibliography_is_read_beside_the_file(tmp_path):
    r"""Cited and `\nocite`d entries are references by key; a name that leads out of the folder is not opened, and files drawn in are named."""
    (tmp_path / "refs.bib").write_text(
        '@article{steen, author={M. Steen and J. M{\\"o}ller}, title={{A} Mill}, doi={10.1234/mill}}\n@book{lost, title={L}}\n@book{never, title={N}}\n'
    )
    (tmp_path.parent / "out.bib").write_text("@book{out, title={Outside}}")
    text = r"\textcite{steen} says so.\nocite{lost} \cite{out} \input{chapter} \addbibresource{refs.bib} \bibliography{../out}"
    draft = read(text.encode(), format="latex", options=Options(place=str(tmp_path / "a.tex")))

    assert ["Steen and Möller says so."] == [claim.text for claim in extract(draft).claims]
    assert [("steen", "10.1234/mill"), ("lost", "")] == [(r.label, r.doi) for r in draft.references]
    assert (
        "the bibliography ../out was not read: it is not a .bib file beside the document",
        "files that the document draws in were not read: chapter",
    ) == draft.remarks


@pytest.mark.parametrize("start", ["\\documentclass{article}", "% notes\n\n \\documentclass[a4paper]{book}", "\\documentstyle{article}"])
def test_format_is_known_by_its_start(start):
    assert "latex" == read(f"{start}\n\\begin{{document}}A.\\end{{document}}".encode()).format


@given(st.lists(SIGNS, max_size=60).map("".join))
def test_any_text_is_read_and_offsets_give_back_the_words(text):
    draft = read_latex(text, Options(links=True))
    extraction = extract(draft)

    for block in draft.blocks:
        assert 0 <= block.start < block.end <= len(draft.text)
        for mark in block.marks:
            assert block.start <= mark.start < mark.end <= block.end
            assert mark.kind is MarkKind.TAG or all(mark.labels)
    for claim in extraction.claims:
        assert claim.text[0] == draft.text[claim.start]
        assert claim.text[-1] == draft.text[claim.end - 1]


@pytest.mark.parametrize(
    "sign",
    [
        "{",
        "[",
        "\\footnote{",
        "\\textbf{",
        "\\begin{quote}",
        "\\section{",
        "\\cite[",
        "\\verb|",
        "$",
        "\\(",
        "~",
        "``",
        "\\newcommand{\\a}{\\a",
    ],
)
def test_long_runs_and_deep_nesting_are_read(sign):
    """Whatever never closes, the words after it are there."""
    draft = read_latex(f"Start. {sign * (100_000 // len(sign))} the end", Options())

    assert draft.text.startswith("Start.")
    assert draft.text.endswith("the end")


def test_closed_nesting_is_read():
    draft = read_latex("Start. " + "\\textbf{" * 20_000 + "deep" + "}" * 20_000 + " end.", Options())

    assert "Start. deep end." == draft.text


def test_macros_do_not_grow_without_bound():
    """Each command stands for two of the one before: a text of 2^60 letters if it were printed."""
    names = [chr(97 + n // 26) + chr(97 + n % 26) for n in range(60)]
    text = r"\newcommand{\aa0}{x}" + "".join(rf"\newcommand{{\m{new}}}{{\m{old}\m{old}}}" for old, new in pairwise(names))
    draft = read_latex(rf"\newcommand{{\m{names[0]}}}{{xy}}{text} Text \m{names[-1]} ends.", Options())

    assert len(draft.text) < 1_000
    assert draft.text.endswith("ends.")


def test_real_file(shared):
    """The test that pandoc has of its LaTeX reader."""
    draft = read((shared / "data" / "formats" / "latex-reader.latex").read_bytes())
    extraction = extract(draft)
    texts = [claim.text for claim in extraction.claims]

    assert "latex" == draft.format
    assert "Pandoc Test Suite" == draft.title
    assert ["1", "2", "3", "4", "5"] == [reference.label for reference in draft.references]
    assert ["smith.1899"] == [label for orphan in extraction.orphans for label in orphan.labels]
    assert "“Hello,” said the spider." in texts
    assert "I hat: Î" in texts
    assert "So is $34,000." in texts
    assert {("1", "2"), ("3",), ("4",), ("5",)} == {claim.note_labels for claim in extraction.claims if claim.note_labels}
