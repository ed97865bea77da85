"""Files are matched to references by what they hold, with reasons, and nothing is matched by accident."""

import json
import re

import pytest

from verify.sources.bibliography.names import byline
from verify.sources.library import LibraryFile, Wanted, printed_title, propose

TITLE = "The slow decline of the windmills of Holland"
CSL = {"title": TITLE, "author": [{"family": "Steen", "given": "Maria"}], "issued": {"date-parts": [[2019]]}}
PRINTED = f"Steen, M. (2019). {TITLE}. Journal of Mills, 3(2), 10-20."
HEAD = f"Journal of Mills 3(2), 2019\n{TITLE}\nMaria Steen\nAbstract. We count mills."


def file(csl=None, head="", name="a.pdf", sha=None):
    return LibraryFile(name, name if sha is None else sha, csl or {}, head)


def one(found):
    (proposal,) = found
    return proposal


@pytest.mark.parametrize(
    ("held", "wanted", "reason"),
    [
        ({"DOI": "10.1000/AbC"}, Wanted("r", {"DOI": "https://doi.org/10.1000/abc"}), "same DOI"),
        ({"DOI": "10.1000/abc"}, Wanted("r", {}, "Steen. Mills. doi:10.1000/ABC."), "same DOI"),
        ({"number": "arXiv:2101.00001v3"}, Wanted("r", {"URL": "https://arxiv.org/abs/2101.00001"}), "same arXiv id"),
        ({"ISBN": "0306406152", "type": "book"}, Wanted("r", {"ISBN": "978-0-306-40615-7", "type": "book"}), "same ISBN"),
        ({"URL": "https://a.example/mill#top"}, Wanted("r", {}, "Mill. https://a.example/mill. Retrieved 3 May 2020."), "same address"),
    ],
)
def test_a_shared_identifier_is_proof(held, wanted, reason):
    found = one(propose([file(held)], [wanted]))

    assert (1.0, (reason,), False, "r") == (found.score, found.reasons, found.ambiguous, found.key)


@pytest.mark.parametrize(
    ("held", "head", "wanted", "first_reason"),
    [
        (CSL, "", Wanted("r", CSL), "title 100 % alike"),
        ({**CSL, "title": "The slow decline of windmills of Holland"}, "", Wanted("r", CSL), "title 93 % alike"),
        ({**CSL, "title": f"{TITLE}: a history"}, "", Wanted("r", CSL), "title 95 % alike"),
        (CSL, "", Wanted("r", {}, PRINTED), "title 100 % alike"),
        ({"title": "Microsoft Word - x.doc"}, HEAD, Wanted("r", CSL), "title stands on its first page"),
        ({}, HEAD, Wanted("r", {}, PRINTED), "title stands on its first page"),
        (CSL, "", Wanted("r", {}, f"{TITLE}. Steen, M. Journal of Mills, 2019"), "title stands in the reference"),
    ],
)
def test_titles_match_with_or_without_metadata(held, head, wanted, first_reason):
    found = one(propose([file(held, head)], [wanted]))

    assert first_reason == found.reasons[0]
    assert "year 2019" in found.reasons
    assert 0.8 < found.score < 1


def test_authors_and_years_are_reasons():
    found = one(propose([file(CSL)], [Wanted("r", CSL)]))

    assert ("title 100 % alike", "first author Steen", "year 2019") == found.reasons
    assert 0.99 == found.score


@pytest.mark.parametrize(
    ("held", "head", "wanted"),
    [
        ({**CSL, "DOI": "10.1000/a"}, "", Wanted("r", {**CSL, "DOI": "10.1000/b"})),
        ({**CSL, "ISBN": "0306406152", "type": "book"}, "", Wanted("r", {**CSL, "ISBN": "9783161484100", "type": "book"})),
        ({**CSL, "author": [{"family": "Doe"}]}, "", Wanted("r", CSL)),
        ({**CSL, "title": "Wind"}, "", Wanted("r", {**CSL, "title": "Wind"})),
        ({**CSL, "title": "Introduction to the 2019"}, "", Wanted("r", {**CSL, "title": "Introduction to the 2019"})),
        ({**CSL, "title": "Annual survey of Dutch mills 2018"}, "", Wanted("r", {**CSL, "title": "Annual survey of Dutch mills 2019"})),
        ({"title": f"Comment on {TITLE}"}, f"Comment on {TITLE}\nAnn Lee", Wanted("r", CSL)),
        ({}, f"Ann Lee\nWe reply to {TITLE}, which Steen wrote.", Wanted("r", CSL)),
        ({}, "", Wanted("r", {})),
        (CSL, "", Wanted("r", {}, "")),
    ],
    ids=["doi", "isbn", "author", "one word", "empty words", "numbers", "comment", "mention", "nothing", "no reference"],
)
def test_what_is_no_match(held, head, wanted):
    """Another identifier, other authors, a title that says too little, another number in it, a title inside another."""
    assert () == propose([file(held, head)], [wanted])


def test_the_date_of_a_pdf_is_no_year_of_publication():
    made = {**CSL, "issued": {"date-parts": [[2024]], "circa": True}}
    found = one(propose([file(made)], [Wanted("r", CSL)]))

    assert ("title 100 % alike", "first author Steen") == found.reasons


def test_a_year_beside_it_counts_half_and_another_against():
    near, far = ({**CSL, "issued": {"date-parts": [[year]]}} for year in (2020, 2001))
    scores = [one(propose([file(csl)], [Wanted("r", CSL)])).score for csl in (CSL, near, far)]

    assert scores == sorted(scores, reverse=True)
    assert 3 == len(set(scores))
    assert "year 2019, the file says 2001" in one(propose([file(far)], [Wanted("r", CSL)])).reasons


def test_only_the_best_of_each_is_proposed():
    files = [
        file(CSL, name="meta.pdf"),
        file({"title": TITLE}, name="title.pdf"),
        file({"title": "Other mills of Northern Holland"}, name="other.pdf"),
    ]
    found = propose(files, [Wanted("r", CSL), Wanted("s", {"title": "Quite another story about trains"})])

    assert [("meta.pdf", "r", False)] == [(proposal.file.name, proposal.key, proposal.ambiguous) for proposal in found]


def test_what_is_as_good_is_marked():
    twins = [file(CSL, name="a.pdf"), file(CSL, name="b.pdf")]
    found = propose(twins, [Wanted("r", CSL)])

    assert [("a.pdf", True), ("b.pdf", True)] == [(proposal.file.name, proposal.ambiguous) for proposal in found]


def test_a_work_cited_twice_may_have_one_file():
    """By an identifier surely; by a title it is left open."""
    named, titled = {"DOI": "10.1000/a"}, CSL

    assert [False, False] == [p.ambiguous for p in propose([file(named)], [Wanted("r", named), Wanted("s", named)])]
    assert [True, True] == [p.ambiguous for p in propose([file(titled)], [Wanted("r", titled), Wanted("s", titled)])]


def test_the_same_bytes_are_one_file():
    found = propose([file(CSL, name="b.pdf", sha="same"), file(CSL, name="a.pdf", sha="same")], [Wanted("r", CSL)])

    assert ("a.pdf", False) == (one(found).file.name, one(found).ambiguous)


def test_a_doi_on_the_first_page_strengthens():
    """A page may print the DOI of what it cites, so alone it is the least that is proposed."""
    wanted = Wanted("r", {"DOI": "10.1000/a", "title": TITLE})

    alone = one(propose([file({}, "doi:10.1000/A.")], [wanted]))

    assert 0.95 == one(propose([file({"title": TITLE}, "doi:10.1000/A.")], [wanted])).score
    assert (0.7, ("its DOI stands on the first page",)) == (alone.score, alone.reasons)


def test_titles_in_other_scripts():
    title = "荷兰风车的缓慢衰落及其历史"

    assert "title 100 % alike" == one(propose([file({"title": title})], [Wanted("r", {"title": title})])).reasons[0]
    assert () == propose([file({"title": "風車"})], [Wanted("r", {"title": "風車"})])
    assert 1 == len(
        propose([file({"title": "Über die Mühlen am großen Fluß"})], [Wanted("r", {"title": "Uber die Muhlen am grossen Fluss"})])
    )


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("Steen, M. (2019). The slow decline of mills. Mills, 3.", "The slow decline of mills"),
        ("Steen, M., & Lee, A. (2019a). Do mills decline? A study. Mills.", "Do mills decline"),
        ("M. Steen, “The slow decline of mills,” Mills, 2019.", "The slow decline of mills,"),
        ("Maria Steen and Ann Lee. The slow decline of mills. Mills, 2019.", "The slow decline of mills"),
        ("Steen 2019", ""),
        ("", ""),
    ],
)
def test_titles_of_printed_references(reference, expected):
    assert expected == printed_title(reference)


def works(rows, form):
    for row in rows:
        csl = {"title": row["title"], "author": [name for one in row["author"].split(" and ") for name in byline(one)]}
        csl["issued"] = {"date-parts": [[int(row["year"])]]}
        authors = row["author"].replace(" and ", ", ")
        if form == "metadata":
            yield LibraryFile(row["id"], row["id"], csl), Wanted(row["id"], csl)
        else:
            head = (
                f"Proceedings of {row['venue']} {row['year']}\n{row['title']}\n{authors}\nAbstract\n"
                + "this work shows that methods do well " * 20
            )
            yield (
                LibraryFile(row["id"], row["id"], {}, head),
                Wanted(row["id"], {}, f"{authors} ({row['year']}). {row['title']}. {row['venue']}."),
            )


@pytest.mark.parametrize(("form", "least"), [("metadata", 0.99), ("printed", 0.92)])
def test_a_thousand_works_find_themselves(shared, form, least):
    """Of real papers, each is proposed for itself alone; and none for papers that are not in the folder."""
    listed = [json.loads(line) for line in (shared / "data" / "references" / "corpus_open.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = [*{re.sub(r"\W", "", row["title"]).lower(): row for row in listed}.values()]  # one work stands there twice
    files, wanted = zip(*works(rows, form), strict=True)
    found = propose(files, wanted)

    assert {(p.file.name, p.key) for p in found if p.file.name != p.key} == set()
    assert len(found) >= least * len(rows)
    assert () == propose(files[:400], wanted[400:])


def test_thousands_of_the_same_words_end():
    """Two thousand references and files whose titles are all alike: what is compared stays a few for each."""
    alike = [{**CSL, "author": [{"family": f"Steen{n}"}]} for n in range(2000)]
    found = propose(
        [file(csl, HEAD, f"{n}.pdf") for n, csl in enumerate(alike)], [Wanted(str(n), csl, PRINTED) for n, csl in enumerate(alike)]
    )

    assert len(found) < 100_000
