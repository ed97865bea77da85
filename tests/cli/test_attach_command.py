"""`verify attach`, `detach` and `sources`: what holds a claim up, and the quote that says so."""

import json
import shutil

import pytest

QUOTE = "The army announces that it has given up Hama, the city it had kept through all thirteen years of the war."


def sources_of(verify) -> dict[str, int]:
    """Canonical name -> the number of claims that the source holds up."""
    return {source["canonical"]: source["claims"] for source in verify("sources", "--format", "json").data["sources"]}


def links_of(verify, claim: int) -> list[dict]:
    return verify("show", claim, "--json").data["links"]


@pytest.mark.usefixtures("held_seed")
def test_citation_number_serves_every_claim_that_cites_it(verify):
    """`:25` is three claims of the seed; with the document's name, in brackets, or by `--document` it is the same."""
    runs = [
        verify("attach", ":25", "https://example.org/25"),
        verify("attach", "fall-of-damascus-2024:25", "https://example.org/25"),
        verify("attach", ":[25]", "https://example.org/25"),
        verify("attach", ":25", "https://example.org/25", "--document", "fall-of-damascus-2024"),
    ]

    assert "https://example.org/25 attached to fall-of-damascus-2024:25: it serves 3 claims (5, 14, 15)\n" == runs[0].out
    assert {"https://example.org/25 was attached already to fall-of-damascus-2024:25: it serves 3 claims (5, 14, 15)\n"} == {
        run.out for run in runs[1:]
    }
    assert {"https://example.org/25": 3} == sources_of(verify)
    assert ["its text is not here yet: never fetched"] == runs[0].err.splitlines()[:1]
    assert "18 claims in 1 document: 0 decided, 18 not looked at" == runs[0].err.splitlines()[-1]


@pytest.mark.usefixtures("held_seed")
def test_claim_id_serves_that_claim_alone(verify):
    """Other claims with the same number are not held up by it."""
    run = verify("attach", "5", "https://example.org/25")

    assert "https://example.org/25 attached to claim 5: it serves 1 claim (5)\n" == run.out
    assert [1, 0, 0] == [len(links_of(verify, n)) for n in (5, 14, 15)]


SPELLINGS = [
    ("https://example.org/a", ["HTTPS://Example.ORG:443/a", "https://example.org/a#part", "https://example.org/a?utm_source=x"]),
    ("doi:10.1000/182", ["10.1000/182", "https://doi.org/10.1000/182", "DOI: 10.1000/182", "https://dx.doi.org/10.1000/182."]),
    ("isbn:9780306406157", ["0-306-40615-2", "ISBN 978-0-306-40615-7", "9780306406157", "urn:isbn:0306406152"]),
    (
        "arxiv:2106.01234",
        ["arXiv:2106.01234", "2106.01234v2", "https://arxiv.org/abs/2106.01234", "https://arxiv.org/pdf/2106.01234v1.pdf"],
    ),
    (
        "offline:interview with a. b., 3 may",
        ["note: Interview with A. B., 3 May", "interview  with a. b., 3 May", "offline:Interview with A. B., 3 May"],
    ),
]


@pytest.mark.parametrize(("canonical", "spelled"), SPELLINGS, ids=[name for name, _ in SPELLINGS])
@pytest.mark.usefixtures("held_seed")
def test_spellings_of_a_source_are_one_row(verify, canonical, spelled):
    """However it was written, it is one source with one link."""
    codes = [verify("attach", ":18", spelling).code for spelling in spelled]

    assert [0] * len(spelled) == codes
    assert {canonical: 1} == sources_of(verify)
    assert 1 == len(links_of(verify, 1))


@pytest.mark.usefixtures("held_sample")
def test_local_file_is_kept_by_its_hash(verify, sample, desk):
    """Two copies of a file are one source, whatever they are called; its text is held."""
    copy = shutil.copy(sample / "sources" / "northern-front.txt", desk / "another name.txt")
    verify("attach", ":4", sample / "sources" / "northern-front.txt")
    verify("attach", ":3", copy)
    sources = verify("sources", "-f", "json").data["sources"]
    run = verify("sources")

    assert ["file"] == [s["kind"] for s in sources]
    assert (3, "") == (sources[0]["claims"], sources[0]["no_text_why"])
    assert sources[0]["canonical"].startswith("sha256:")
    assert "1 source: the text of 1 is held, of 0 not\n" == run.err
    assert "held" in run.out


@pytest.mark.usefixtures("held_sample")
def test_page_has_its_title_and_its_text(verify, sample):
    """An HTML file is read as it shows, and called by its title."""
    run = verify("attach", ":12", sample / "sources" / "morning-of-8-december.html", "--quote", "the prisoners are free")

    assert 0 == run.code
    assert "quote found (exact) at" in run.out
    assert links_of(verify, 8)[0]["source"]["title"]


@pytest.mark.usefixtures("held_sample")
def test_quote_is_found_exactly(verify, sample):
    """What is stored is the passage as the source prints it, by offset."""
    path = sample / "sources" / "southern-groups.txt"
    verify("attach", ":7", path, "--quote", "they entered the city of Daraa")
    evidence = links_of(verify, 5)[0]["evidence"][0]
    place = evidence["selectors"][1]

    assert "exact" == evidence["match"]
    assert "they entered the city of Daraa" == path.read_text(encoding="utf-8")[place["start"] : place["end"]]


@pytest.mark.usefixtures("held_sample")
def test_quote_is_found_after_folding(verify, sample):
    """Case, spaces, quotation marks and dashes may differ; the printed words are kept."""
    path = sample / "sources" / "morning-of-8-december.html"
    run = verify(
        "attach", ":12", path, "--quote", 'ONE of them read  from a sheet: "The city of Damascus is free - the prisoners are free"'
    )
    evidence = links_of(verify, 8)[0]["evidence"][0]

    assert "quote found (normalised)" in run.out
    assert "normalised" == evidence["match"]
    assert "one of them read from a sheet: “the city of Damascus is free – the prisoners are free”" == evidence["selectors"][0]["exact"]


ALTERED = [
    (QUOTE.replace("thirteen", "fourteen"), 'says "fourteen", the source prints "thirteen" ('),
    (QUOTE.replace("has given", "has not given"), 'puts in "not", which the source does not print ('),
    ("Hama, the ci", 'says "ci", the source prints "city" ('),
]


@pytest.mark.parametrize(("quote", "differs"), ALTERED)
@pytest.mark.usefixtures("held_sample")
def test_quote_that_says_something_else_is_refused(verify, sample, quote, differs, events):
    """A changed number, a negation, half a word: refused with what differs, and nothing is stored."""
    run = verify("attach", ":4", sample / "sources" / "northern-front.txt", "--quote", quote)

    assert (3, "") == (run.code, run.out)
    assert run.err.startswith("verify: the quote does not say what the source prints (at ")
    assert "keep it as it is with --accept-altered and the reason in --note" in run.err.splitlines()[0]
    assert run.err.splitlines()[1].startswith(differs)
    assert "Hama, the" in run.err.splitlines()[2]
    assert (1, {}) == (len(events()), sources_of(verify))


@pytest.mark.usefixtures("held_sample")
def test_altered_quote_is_accepted_with_a_reason(verify, sample):
    """It is kept as what it is, with what differs and why it was kept; without the reason it is refused."""
    path, quote = sample / "sources" / "northern-front.txt", QUOTE.replace("thirteen", "fourteen")
    unexplained = verify("attach", ":4", path, "--quote", quote, "--accept-altered")
    run = verify("attach", ":4", path, "--quote", quote, "--accept-altered", "--note", "the printed edition has it so")
    [evidence] = links_of(verify, 2)[0]["evidence"]

    assert (2, "verify: to accept an altered quote takes a reason: add --note TEXT\n") == (unexplained.code, unexplained.err)
    assert '    says "fourteen", the source prints "thirteen" (' in run.out
    assert ("altered", QUOTE) == (evidence["match"], " ".join(evidence["selectors"][0]["exact"].split()))


@pytest.mark.usefixtures("held_sample")
def test_near_quote_is_kept_with_what_differs(verify, sample):
    """A slip of the pen costs nobody their quote."""
    run = verify("attach", ":4", sample / "sources" / "northern-front.txt", "--quote", QUOTE.replace("years", "yeras"))
    [evidence] = links_of(verify, 2)[0]["evidence"]

    assert 0 == run.code
    assert "  quote found (near) at " in run.out
    assert '    says "yeras", the source prints "years" (' in run.out
    assert "near" == evidence["match"]


@pytest.mark.usefixtures("held_sample")
def test_quote_that_is_nowhere_is_refused(verify, sample, events):
    """With the nearest passage where there is one, and nothing is stored."""
    runs = [
        verify("attach", ":4", sample / "sources" / "northern-front.txt", "--quote", quote)
        for quote in ("Penguins rarely discuss quarterly dividends.", "The army announces a change of plans in the south and the far east.")
    ]

    assert [(3, ""), (3, "")] == [(run.code, run.out) for run in runs]
    assert {"verify: the quote is not in the source"} == {run.err[:38] for run in runs}
    assert (1, {}) == (len(events()), sources_of(verify))


@pytest.mark.usefixtures("held_sample")
def test_several_quotes_at_once(verify, sample, events):
    """Each is kept with the section that it stands in; one that is refused refuses all."""
    page = sample / "sources" / "morning-of-8-december.html"
    quotes = ("the prisoners are free", "one of them read from a sheet")
    refused = verify("attach", ":12", page, "--quote", quotes[0], "--quote", "the prisoners are not free")
    count = len(events())
    kept = verify("attach", ":12", page, "--quote", quotes[0], "--quote", quotes[1])
    evidence = links_of(verify, 8)[0]["evidence"]

    assert (3, 1) == (refused.code, count)
    assert (2, 2) == (len(events()), kept.out.count("quote found (exact)"))
    assert [*quotes] == [each["selectors"][0]["exact"] for each in evidence]
    assert [] == [each["locator"] for each in evidence if not each["locator"]]


@pytest.mark.usefixtures("held_seed")
def test_quote_for_a_source_without_text(verify, desk, events):
    """It cannot be checked, so it is refused; with a saved copy of the page it can."""
    refused = verify("attach", ":18", "https://example.org/a", "--quote", "It happened in May.")
    (desk / "saved.html").write_text("<html><head><title>A Page</title></head><body><p>It happened in May.</p></body></html>")
    kept = verify("attach", ":18", "https://example.org/a", "--snapshot", "saved.html", "--quote", "It happened in May.")
    source = verify("sources", "-f", "json").data["sources"][0]

    assert 2 == refused.code
    assert "its quote cannot be checked;" in refused.err
    assert kept.out.startswith("A Page attached to fall-of-damascus-2024:18")
    assert ("https://example.org/a", "A Page", "") == (source["canonical"], source["title"], source["no_text_why"])
    assert 2 == len(events())


@pytest.mark.usefixtures("held_seed")
def test_later_quote_is_found_in_the_held_text(verify, desk):
    """Once a copy is there, its address is enough."""
    (desk / "saved.txt").write_text("It happened in May. It ended in June.")
    verify("attach", ":18", "https://example.org/a")
    copied = verify("attach", ":18", "https://example.org/a", "--snapshot", "saved.txt")
    quoted = verify("attach", ":18", "https://example.org/a", "--quote", "It ended in June.")
    again = verify("attach", ":18", "https://example.org/a", "--quote", "It ended in June.")

    assert "https://example.org/a text added for fall-of-damascus-2024:18: it serves 1 claim (1)\n" == copied.out
    assert quoted.out.startswith("https://example.org/a quote added for fall-of-damascus-2024:18")
    assert again.out.startswith("https://example.org/a was attached already to")
    assert 1 == len(links_of(verify, 1)[0]["evidence"])


@pytest.mark.usefixtures("held_seed")
def test_every_change_is_an_event_and_nothing_else_is(verify, desk, events):
    """A link, a copy, a quote, a title are each one entry of the trail; the same again is none."""
    (desk / "saved.txt").write_text("It happened in May.")
    url = "https://example.org/a"
    commands = [
        ("attach", ":18", url),
        ("attach", ":18", url, "--snapshot", "saved.txt"),
        ("attach", ":18", url, "--title", "A Page"),
        ("attach", ":18", url, "--quote", "It happened in May."),
        ("detach", ":18", url),
    ]
    counts = []
    for command in commands:
        assert 0 == verify(*command).code
        counts.append(len(events()))
        if command[0] == "attach":
            assert "was attached already" in verify(*command).out
        counts.append(len(events()))

    assert [2, 2, 3, 3, 4, 4, 5, 5, 6, 6] == counts
    assert [["link"], ["text"], ["title"], ["quote"]] == [json.loads(e.payload)["added"] for e in events()[1:5]]


@pytest.mark.usefixtures("held_seed")
def test_what_is_held_is_not_overwritten(verify):
    """Another title, note or locator for what is attached is not taken silently."""
    verify("attach", ":18", "https://example.org/a", "--title", "First", "--note", "mine", "--locator", "p. 1")
    run = verify("attach", ":18", "https://example.org/a", "--title", "Second", "--note", "yours", "--locator", "p. 2")
    link = links_of(verify, 1)[0]

    assert ("First", "mine", "p. 1") == (link["source"]["title"], link["note"], link["locator"])
    assert [
        "its title stays 'First'",
        "its note stays 'mine'; detach it first to attach it with another",
        "its locator stays 'p. 1'; detach it first to attach it with another",
    ] == run.err.splitlines()[1:4]


@pytest.mark.usefixtures("held_seed")
def test_ambiguous_target(verify, desk):
    """A number that two documents cite is refused with the choices; with the name it is taken."""
    (desk / "other.txt").write_text("Another text cites it.[25] And one alone.[77]\n")
    verify("ingest", "other.txt")
    refused = verify("attach", ":25", "https://example.org/a")

    assert 2 == refused.code
    assert "verify: [25] is cited in 2 documents; say which one is meant: fall-of-damascus-2024:25, other:25\n" == refused.err
    assert "it serves 1 claim (19)" in verify("attach", "other:25", "https://example.org/a").out
    assert "it serves 1 claim (20)" in verify("attach", ":77", "https://example.org/a").out
    assert "it serves 3 claims" in verify("attach", ":25", "https://example.org/a", "-d", "fall-of-damascus-2024").out


def test_attach_to_a_number_reaches_later_claims(verify, desk):
    """A claim that comes to cite the number is held up too."""
    (desk / "page.txt").write_text("It is so.[1]\n")
    verify("ingest", "page.txt")
    verify("attach", ":1", "https://example.org/a")
    (desk / "page.txt").write_text("It is so.[1] So is this.[1]\n")
    verify("ingest", "page.txt")

    assert {"https://example.org/a": 2} == sources_of(verify)


@pytest.mark.usefixtures("held_seed")
def test_detach(verify, desk):
    """By any spelling, by the name that `sources` prints, or all at once; the trail keeps that it was attached."""
    (desk / "a.txt").write_text("A text that is kept.")
    for source in ("doi:10.1000/182", "https://example.org/a", "a.txt"):
        verify("attach", ":25", source)
    (desk / "a.txt").unlink()
    held = next(name for name in sources_of(verify) if name.startswith("sha256:"))
    by_spelling = verify("detach", ":25", "https://doi.org/10.1000/182")
    by_name = verify("detach", ":25", held)
    rest = verify("detach", ":25")
    none = verify("detach", ":25")

    assert "doi:10.1000/182 detached from fall-of-damascus-2024:25\n" == by_spelling.out
    assert f"{held} detached from fall-of-damascus-2024:25\n" == by_name.out
    assert "https://example.org/a detached from fall-of-damascus-2024:25\n" == rest.out
    assert (2, "verify: fall-of-damascus-2024:25 has no source attached\n") == (none.code, none.err)
    assert {0} == set(sources_of(verify).values())
    assert ["source.attached"] * 3 + ["source.detached"] * 3 == [e["action"] for e in verify("show", "5", "--json").data["history"]]


@pytest.mark.usefixtures("held_seed")
def test_detached_source_can_be_attached_again(verify):
    """As a new link, with what is said then."""
    verify("attach", ":25", "https://example.org/a", "--note", "old")
    verify("detach", ":25")
    run = verify("attach", ":25", "https://example.org/a", "--note", "new")

    assert " attached to " in run.out
    assert ["new"] == [link["note"] for link in links_of(verify, 5)]


@pytest.mark.usefixtures("held_sample")
def test_manifest_of_the_sample(verify, sample):
    """Ten rows, nine sources, all quotes found; again, nothing changes."""
    first = verify("attach", "--manifest", sample / "sources.csv")
    before = verify("trail", "list", "-f", "jsonl").out
    second = verify("attach", "--manifest", sample / "sources.csv")

    assert (0, 10) == (first.code, sum(" attached to fall-of-damascus:" in line for line in first.out.splitlines()))
    assert ["exact", "normalised", "exact", "normalised", "exact"] == [
        line.split("(")[1].split(")")[0] for line in first.out.splitlines() if "quote found" in line
    ]
    assert [3, 1, 2, 2, 2, 1, 1, 1, 1] == list(sources_of(verify).values())
    assert 10 == second.out.count(" was attached already to ")
    assert before == verify("trail", "list", "-f", "jsonl").out
    assert [11] == [c["id"] for c in verify("list", "--json").data["claims"] if "no source" in c["reasons"]]


ROWS = [
    {"citation": 18, "source": "note: A man who was there, by telephone", "locator": "minute 3"},
    {"citation": "25", "source": "text.txt", "quote": "It happened in May.", "title": "A text", "note": "short"},
    {"citation": "fall-of-damascus-2024:27", "source": "10.1000/182", "claim": "witnesses stated"},
]


def as_csv(rows: list[dict]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [";".join(columns), *(";".join(str(row.get(column, "")) for column in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def as_toml(rows: list[dict]) -> str:
    return "".join("[[source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in row.items()) for row in rows)


@pytest.mark.parametrize(("suffix", "written"), [("csv", as_csv), ("toml", as_toml), ("json", json.dumps)])
@pytest.mark.usefixtures("held_seed")
def test_manifest_in_each_format(verify, desk, suffix, written):
    """CSV, TOML and JSON say the same; a file is looked for beside the manifest, not in the user's folder."""
    (desk / "list").mkdir()
    (desk / "list" / "text.txt").write_text("It happened in May.")
    (desk / "list" / f"sources.{suffix}").write_text(written(ROWS))
    run = verify("attach", "--manifest", f"list/sources.{suffix}")

    assert 0 == run.code
    assert [
        "A man who was there, by telephone attached to fall-of-damascus-2024:18: it serves 1 claim (1)",
        "A text attached to fall-of-damascus-2024:25: it serves 3 claims (5, 14, 15)",
        "  quote found (exact) at 0-19: It happened in May.",
        "doi:10.1000/182 attached to fall-of-damascus-2024:27: it serves 1 claim (6)",
    ] == run.out.splitlines()
    assert "minute 3" == links_of(verify, 1)[0]["locator"]


FAULTS = [
    ({"citation": "99", "source": "note: no such number"}, "no claim cites [99]"),
    ({"citation": "18", "source": "missing.txt"}, "missing.txt: no such file"),
    ({"citation": "18", "source": "../secret.txt"}, "is not in the folder of the manifest"),
    ({"citation": "18", "source": "ISBN 978-0-306-40615-8"}, "ends in 7, not in 8"),
    ({"citation": "18", "source": "text.txt", "quote": "It happened in June."}, 'says "June", the source prints "May"'),
    ({"citation": "18", "source": "https://example.org/a", "quote": "x y"}, "its quote cannot be checked"),
    ({"citation": "18", "source": "note: a b", "claim": "words of another claim"}, "was the document renumbered?"),
]


@pytest.mark.parametrize(("row", "says"), FAULTS, ids=[says for _, says in FAULTS])
@pytest.mark.usefixtures("held_seed")
def test_manifest_is_all_or_nothing(verify, desk, events, row, says):
    """One bad row, named by its line, and nothing of the list is attached."""
    (desk / "text.txt").write_text("It happened in May.")
    (desk / "sources.csv").write_text(as_csv([ROWS[0], row]))
    run = verify("attach", "--manifest", "sources.csv")

    assert (2, "") == (run.code, run.out)
    assert run.err.startswith("verify: sources.csv:3: ")
    assert says in run.err
    assert "nothing was attached" == run.err.splitlines()[-1]
    assert (1, {}) == (len(events()), sources_of(verify))


@pytest.mark.usefixtures("held_seed")
def test_faults_of_a_manifest_are_told_together(verify, desk):
    """In three lines, with the number of those left out."""
    (desk / "sources.csv").write_text(as_csv([{"citation": str(n), "source": "note: no such number"} for n in range(100, 105)]))
    run = verify("attach", "--manifest", "sources.csv")

    assert 3 == len(run.err.splitlines())
    assert run.err.splitlines()[0].startswith("verify: sources.csv:2: no claim cites [100]")
    assert run.err.splitlines()[1].startswith("sources.csv:3: no claim cites [101]")
    assert "and 3 more; nothing was attached" == run.err.splitlines()[2]


def test_guards_of_a_manifest(verify, desk):
    """The document's own entry for a number, and words of a claim that cites it, are compared before anything is attached."""
    (desk / "page.txt").write_text(
        "It is so, they say.[1] And so it was.[2]\n\nReferences\n\n1. Smith, A. (2001). On it. Oslo.\n2. Jones, B. (2002). Of it. Rome.\n"
    )
    verify("ingest", "page.txt")
    rows = [{"citation": "1", "source": "note: Smith on it", "reference": "SMITH, A. 2001", "claim": "it is so"}]
    (desk / "good.json").write_text(json.dumps(rows))
    (desk / "bad.json").write_text(json.dumps([{**rows[0], "citation": "2", "claim": ""}]))
    bad = verify("attach", "--manifest", "bad.json")
    good = verify("attach", "--manifest", "good.json")

    assert 2 == bad.code
    assert "reference page:2 reads 'Jones, B. (2002). Of it. Rome.', not 'SMITH, A. 2001': was the document renumbered?" in bad.err
    assert "it serves 1 claim (1)" in good.out


@pytest.mark.usefixtures("held_seed")
def test_guard_that_cannot_be_checked_is_said(verify, desk):
    """A document without a reference list has nothing to compare with."""
    (desk / "list.json").write_text(json.dumps([{"citation": "18", "source": "note: Smith on it", "reference": "Smith"}]))
    run = verify("attach", "--manifest", "list.json")

    assert 0 == run.code
    assert "the document has no reference list entry for fall-of-damascus-2024:18: its guard was not checked" in run.err.splitlines()


@pytest.mark.usefixtures("held_seed")
def test_doi_is_looked_up_in_a_file(verify, desk):
    """Its title and item are what the file says."""
    (desk / "works.bib").write_text("@article{x, doi = {10.1000/182}, title = {On rain}, year = 2020}")
    run = verify("attach", ":18", "10.1000/182", "--doi", "works.bib")
    source = verify("sources", "--json").data["sources"][0]

    assert run.out.startswith("On rain attached to ")
    assert ("On rain", "article-journal") == (source["title"], source["csl"]["type"])
    assert 2 == verify("attach", ":18", "10.1000/182", "--doi", "missing.bib").code
