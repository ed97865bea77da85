"""The sample in `data/` agrees with itself, and its sentences are the project's own."""

import csv
import re
import unicodedata
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
SEED = ROOT.parent / "shared" / "data" / "seed"
DOCUMENT = (DATA / "fall-of-damascus.txt").read_text(encoding="utf-8")
with (DATA / "sources.csv").open(encoding="utf-8", newline="") as manifest:
    ROWS = list(csv.DictReader(manifest))
FILED = [row for row in ROWS if row["source"].startswith("sources/")]


class _Text(HTMLParser):
    """The text of a page, without its tags."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)


def text_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".html":
        return text
    page = _Text()
    page.feed(text)
    return "".join(page.parts)


def folded(text: str) -> str:
    same = {ord(c): plain for plain, alike in {'"': "“”„«»", "'": "‘’", "-": "‐‑–—"}.items() for c in alike}
    return " ".join(unicodedata.normalize("NFKC", text).translate(same).casefold().split())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str, length: int = 6) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


def paragraphs() -> list[str]:
    return DOCUMENT.strip().split("\n\n")[1:]


def test_document_has_the_layout_of_the_seed():
    """A title with a year, then one sentence a paragraph, most opened by their marker."""
    title, opened = DOCUMENT.splitlines()[0], [p for p in paragraphs() if p.startswith("[")]

    assert title.endswith("(2024)")
    assert len(paragraphs()) == 14
    assert len(opened) == 12
    assert [p for p in paragraphs() if not p.endswith(".") or "\n" in p] == []


def test_citation_numbers_of_the_document_and_the_manifest():
    """Every number of the manifest is cited, once a row and in order; one cited number has no source, for the user to find."""
    cited, held = set(re.findall(r"\[(\d+)\]", DOCUMENT)), [row["citation"] for row in ROWS]

    assert held == sorted(set(held), key=int)
    assert cited - set(held) == {"15"}
    assert set(held) - cited == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["citation"])
def test_guard_words_stand_in_a_claim_that_cites_the_number(row):
    """The words of the `claim` column stand in a claim with that number."""
    citing = [p for p in paragraphs() if f"[{row['citation']}]" in p and row["claim"] in p]

    assert row["claim"]
    assert citing != []


@pytest.mark.parametrize("row", FILED, ids=lambda row: row["citation"])
def test_quotes_stand_in_their_files(row):
    """Each quote is found in its source; all but one as it is written."""
    text = text_of(DATA / row["source"])

    assert folded(row["quote"]) in folded(text)
    assert row["citation"] == "12" or " ".join(row["quote"].split()) in " ".join(text.split())


def test_sources_and_manifest_agree():
    """Every file is used, five have a quote, and the other kinds of source are there."""
    used, others = {row["source"] for row in FILED}, [row["source"].split(":")[0].split(" ")[0] for row in ROWS if row not in FILED]

    assert used == {str(path.relative_to(DATA)) for path in (DATA / "sources").iterdir()}
    assert sum(bool(row["quote"]) for row in FILED) == 5
    assert others == ["https", "ISBN", "Arrivals", "doi"]


def test_isbn_has_its_check_digit():
    """The ISBN of the manifest is well formed."""
    digits = [int(d) for row in ROWS if row["source"].startswith("ISBN") for d in re.sub(r"\D", "", row["source"])]

    assert len(digits) == 13
    assert sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0


def test_one_source_contradicts_a_number():
    """A claim and its source count the same people differently: the sample's planted error."""
    claim = next(p for p in paragraphs() if p.startswith("[9]"))
    source = text_of(DATA / "sources" / "border-crossing.txt")

    assert "3,500 soldiers" in claim
    assert "3,500" not in source
    assert "about 2,000" in source


def test_one_source_contradicts_a_date():
    """The night in which Homs went is another one in the source: the error that `verify assess` points at."""
    claim = next(p for p in paragraphs() if p.startswith("[4][6]"))
    source = " ".join(text_of(DATA / "sources" / "northern-front.txt").split())

    assert "Homs went in the night before 8 December, and with it the motorway" in claim
    assert "Homs goes in the night before 7 December, and with it the motorway" in source
    assert "8 December" not in source


def test_every_source_says_what_it_is():
    """No source can be taken for a press report."""
    silent = [path.name for path in (DATA / "sources").iterdir() if "not a press report" not in text_of(path)]

    assert silent == []


def test_no_run_of_six_words_is_shared_with_the_seed():
    """The facts may carry over, the sentences not."""
    if not SEED.exists():
        pytest.skip("the seed is not beside the checkout")
    seed = " ".join(path.read_text(encoding="utf-8") for path in SEED.iterdir())
    shared = {path.name: runs(text_of(path)) & runs(seed) for path in DATA.rglob("*.*") if path.is_file()}

    assert {name: found for name, found in shared.items() if found} == {}


def test_lines_of_the_manifest_are_whole():
    """No row has a column too many or too few, and numbers rise."""
    columns = ["citation", "source", "quote", "locator", "title", "reference", "claim"]

    assert [list(row) for row in ROWS] == [columns] * len(ROWS)
    assert all(int(a["citation"]) < int(b["citation"]) for a, b in pairwise(ROWS))
    assert {row["reference"] for row in ROWS} == {""}
