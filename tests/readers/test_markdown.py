"""Markdown is read as it is printed; cases stand in `tests/cases/markdown`, whose README says how they are written."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import ReadError
from verify.model import Layout, MarkKind
from verify.readers import Options, read
from verify.readers.markdown.reader import read as read_markdown

CASES = Path(__file__).parents[1] / "cases" / "markdown"
WORDS = r"""
    [ ] ( ) ^ @a2000 [^1] [1] * _ ` $ > | < <sup> </sup> <!-- --> ~ \ &amp; a http://a.b ** ﷐ é
"""
SIGNS = st.sampled_from(
    [*WORDS.split(), "[1]: http://a.b\n", "[^1]: x\n", "- ", "\n", "\n\n", "# ", "Word. ", " ", "\t", "    ", ": ", "***\n", "---\n"]
)


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
    words = [claim.text]
    asked = [part.strip() for part in line.split(" | ")[1:]]
    places = {f"place {c.label}: {c.locator}" for c in claim.citations}
    for name, found in (
        ("cites", [c.label for c in claim.citations if c.kind is MarkKind.CITATION]),
        ("notes", claim.note_labels),
        ("tags", claim.tag_names),
    ):
        if found:
            words.append(f"{name} {', '.join(found)}")
    words += [part for part in asked if part in places or part == f"section {claim.section}"]
    return sorted(words)


@pytest.mark.parametrize("case", [*cases()])
def test_case(case):
    options = Options(links="links" in case["text"].partition("\n")[0])
    draft = read_markdown(case["text"].partition("\n")[2], options)
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
    if "orphans" in case:
        assert lines(case["orphans"]) == [orphan.printed for orphan in extraction.orphans]
    if "skipped" in case:
        assert lines(case["skipped"]) == [f"{kind} {count}" for kind, count in extraction.skipped.items()]


def test_bibliography_is_read_beside_the_file(tmp_path):
    """The front matter names it; only what is cited is a reference, and its authors are words of the sentence."""
    (tmp_path / "refs.bib").write_text(
        "@book{steen, author={Steen, Maria}, title={A Mill}, url={https://mill.example}}\n@book{moll, title={Tea}}\n"
    )
    text = "---\nbibliography: [refs.bib, lost.bib]\n---\n\n@steen [p. 3] says so.\n"
    draft = read(text.encode(), format="markdown", options=Options(place=str(tmp_path / "a.md")))

    assert ["Steen says so."] == [claim.text for claim in extract(draft).claims]
    assert [("steen", "https://mill.example")] == [(r.label, r.url) for r in draft.references]
    assert ("the bibliography lost.bib was not read: no such file beside the document",) == draft.remarks


def test_format_is_known_by_its_suffix():
    assert "markdown" == read(b"*a*", options=Options(place="notes.md")).format


@given(st.lists(SIGNS, max_size=60).map("".join))
def test_any_text_is_read_and_offsets_give_back_the_words(text):
    draft = read_markdown(text, Options(links=True))
    extraction = extract(draft)

    for block in draft.blocks:
        assert 0 <= block.start < block.end <= len(draft.text)
        for mark in block.marks:
            assert block.start <= mark.start < mark.end <= block.end
    for claim in extraction.claims:
        assert claim.text.split()[0][:1] == draft.text[claim.start]
        assert claim.text[-1] == draft.text[claim.end - 1]


@pytest.mark.parametrize("sign", ["[", "*", "{", "`", "^[", "[^", "[[1]](", "<", "[@a ", "![", "$", "[a](<b", "<!--", "_a*", "\\", "~~"])
def test_long_runs_of_signs_are_read(sign):
    """Whatever never closes, the words around it are there."""
    draft = read_markdown(f"Start. {sign * (100_000 // len(sign))} the end", Options())

    assert draft.text.startswith("Start.")
    assert draft.text.endswith("the end")


def test_deep_nesting_is_refused_and_not_cut_off():
    with pytest.raises(ReadError, match="more than 50 deep"):
        read_markdown("> " * 10_000 + "deep\n\nText.", Options())


def test_paragraphs_longer_than_a_piece_keep_their_markers():
    text = " ".join(f"Sentence number {n} stands here.[^{n}]" for n in range(2_000))
    claims = extract(read_markdown(text, Options())).claims

    assert [(str(n),) for n in range(2_000)] == [claim.citation_labels for claim in claims]


def test_too_many_lines_are_refused():
    with pytest.raises(ReadError, match="too large"):
        read_markdown("a\n" * 400_000, Options())


def test_gold_is_met(shared):
    """Claims, citations, flags and addresses of the development articles; the floors are the issue's."""
    sys.path.insert(0, str(shared / "checks"))
    try:
        import score_extraction as scorer
    finally:
        sys.path.pop(0)
    folder = shared / "data" / "extraction"
    scores, addresses, right = [], 0, 0
    for gold in sorted(folder.glob("*.gold.jsonl")):
        name = gold.name.removesuffix(".gold.jsonl")
        draft = read((folder / f"{name}.md").read_bytes(), format="markdown")
        claims = [
            {"text": c.text, "citations": list(c.citation_labels), "notes": list(c.note_labels), "flags": list(c.tag_names)}
            for c in extract(draft, Layout.TRAILING).claims
        ]
        scores.append(scorer.score(claims, [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]))
        listed = folder / f"{name}.refs.json"
        wanted = {k: v["url"] for k, v in json.loads(listed.read_text()).items() if v.get("url")} if listed.exists() else {}
        found = {reference.label: reference.url for reference in draft.references}
        addresses += len(wanted)
        right += sum(found.get(label) == url for label, url in wanted.items())
    total = scorer.total(scores)

    assert total["claims_exact"]["F1"] >= 0.993
    assert total["citations"]["F1"] >= 0.995
    assert total["flags"]["F1"] >= 0.99
    assert right >= 0.99 * addresses > 0


def test_real_file(shared):
    """The test that pandoc has of citations: every item with a sentence is a claim that cites."""
    draft = read((shared / "data" / "formats" / "markdown-citations.txt").read_bytes(), format="markdown")
    extraction = extract(draft)

    assert 13 == len([claim for claim in extraction.claims if claim.citations])
    assert ["[@nonexistent]"] == [orphan.printed for orphan in extraction.orphans]
    assert {"1", "2", "3"} == {reference.label for reference in draft.references}
