"""What pages and PDFs say of themselves, field by field, and pages made to do harm."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.sources.bibliography import item_of
from verify.sources.bibliography.dates import edtf, parse_date
from verify.sources.metadata import of_html, of_pdf

URL = "https://www.paper.example/news/mill"


def meta(**named):
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{value}">' for name, value in named.items())


def ld(*nodes):
    return "".join(f'<script type="application/ld+json">{node if isinstance(node, str) else json.dumps(node)}</script>' for node in nodes)


def test_citation_elements():
    page = meta(
        citation_title="A study of mills",
        citation_journal_title="Mills",
        citation_volume="3",
        citation_issue="2",
        citation_doi="doi:10.1000/AbC",
    )
    page += meta(citation_author="Smith, John") + meta(citation_author="Jane van der Doe") + meta(citation_publication_date="2020/03/05")
    page += meta(citation_firstpage="1", citation_lastpage="9", citation_issn="1234-5678", citation_language="en", citation_pmid="123")

    assert {
        "id": "doi:10.1000/abc",
        "type": "article-journal",
        "title": "A study of mills",
        "author": [{"family": "Smith", "given": "John"}, {"family": "Doe", "given": "Jane", "non-dropping-particle": "van der"}],
        "issued": {"date-parts": [[2020, 3, 5]]},
        "container-title": "Mills",
        "volume": "3",
        "issue": "2",
        "page": "1-9",
        "DOI": "10.1000/AbC",
        "ISSN": "1234-5678",
        "PMID": "123",
        "language": "en",
        "URL": "https://a.example/1",
    } == of_html(page, "https://a.example/1")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"citation_conference_title": "Conf"}, ("paper-conference", "Conf")),
        ({"citation_inbook_title": "Book", "citation_isbn": "978-3-16-148410-0"}, ("chapter", "Book")),
        ({"citation_dissertation_institution": "MIT"}, ("thesis", None)),
        ({"citation_technical_report_institution": "RAND"}, ("report", None)),
        ({"citation_isbn": "978-3-16-148410-0"}, ("book", None)),
        ({"citation_arxiv_id": "2101.00001"}, ("article", None)),
        ({}, ("webpage", None)),
    ],
)
def test_type_is_what_the_elements_name(names, expected):
    found = of_html(meta(citation_title="A study", **names), URL)

    assert expected == (found["type"], found.get("container-title"))


def test_news_in_json_ld_with_a_graph():
    """Nodes point at each other, a broken script is passed over, and references to characters are put in."""
    graph = [
        {"@type": "Organization", "@id": "#o", "name": "The Paper Ltd"},
        {"@type": "Person", "@id": "#p", "name": "Ann Lee"},
        {
            "@type": ["NewsArticle", "Thing"],
            "headline": "Mill &amp; wind",
            "author": [{"@id": "#p"}, {"@type": "Organization", "name": "News Desk"}],
            "publisher": {"@id": "#o"},
            "datePublished": "2020-03-04T10:00:00+01:00",
            "inLanguage": "en_GB",
        },
    ]
    page = '<title>Mill - The Paper</title><meta property="og:site_name" content="The Paper">' + ld(
        "{broken", {"@context": "x", "@graph": graph}
    )

    assert {
        "id": URL,
        "type": "article-newspaper",
        "title": "Mill & wind",
        "author": [{"family": "Lee", "given": "Ann"}, {"literal": "News Desk"}],
        "issued": {"date-parts": [[2020, 3, 4]]},
        "container-title": "The Paper",
        "publisher": "The Paper Ltd",
        "language": "en-GB",
        "URL": URL,
    } == of_html(page, URL)


def test_scholarly_article_in_its_issue():
    journal = {"@type": "Periodical", "name": "Mills", "issn": "1234-5678"}
    issue = {
        "@type": "PublicationIssue",
        "issueNumber": "2",
        "isPartOf": {"@type": "PublicationVolume", "volumeNumber": 3, "isPartOf": journal},
    }
    node = {
        "@type": "ScholarlyArticle",
        "name": "A study",
        "author": {"@type": "Person", "familyName": "Doe", "givenName": "Jane"},
        "isPartOf": issue,
        "pageStart": "1",
        "pageEnd": 9,
        "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/x"},
    }
    found = of_html(ld(node), URL)

    assert ("article-journal", "Mills", "3", "2", "1-9", "10.1000/x", "1234-5678") == tuple(
        found[name] for name in ("type", "container-title", "volume", "issue", "page", "DOI", "ISSN")
    )
    assert [{"family": "Doe", "given": "Jane"}] == found["author"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            ("Book", "book"),
            ("Report", "report"),
            ("BlogPosting", "post-weblog"),
            ("Article", "webpage"),
            ("https://schema.org/Dataset", "dataset"),
        ),
        *(("Organization", "webpage"), (None, "webpage"), (5, "webpage")),
    ],
)
def test_types_of_schema_org(name, expected):
    assert expected == of_html(ld({"@type": name, "name": "A"}), URL)["type"]


def test_of_several_works_the_one_at_the_address():
    works = [{"@type": "Article", "name": name, "url": f"https://paper.example/news/{name}"} for name in ("mill", "wind")]

    assert "mill" == of_html(ld(works), URL)["title"]
    assert "Front page" == of_html("<title>Front page</title>" + ld(works), "https://paper.example/news/")["title"]


def test_fields_are_taken_in_the_order_of_care():
    """Publishers' own elements, JSON-LD, Dublin Core, Open Graph, and what every page has; each fills what those before it left open."""
    steps = [
        "<html lang='de'><title>By title</title>" + meta(author="Plain Author"),
        '<meta property="og:title" content="By graph"><meta property="article:published_time" content="2001-01-01T00:00:00Z">',
        meta(dc__title="By core", dcterms__issued="2002"),
        ld({"@type": "Article", "name": "By schema", "datePublished": "2003"}),
        meta(citation_title="By citation"),
    ]
    found = [of_html("".join(steps[: count + 1]), URL) for count in range(5)]

    assert ["By title", "By graph", "By core", "By schema", "By citation"] == [item["title"] for item in found]
    assert [None, 2001, 2002, 2003, 2003] == [item["issued"]["date-parts"][0][0] if "issued" in item else None for item in found]
    assert {"Author"} == {item["author"][0]["family"] for item in found}
    assert {"de"} == {item["language"] for item in found}


def test_dublin_core_and_prism():
    page = meta(dc__creator="Doe, Jane; Lee, Ann", dc__publisher="Press", dc__identifier="doi:10.1000/x", prism__publicationName="Mills")
    page += meta(prism__startingPage="1", prism__endingPage="9", DC__Title="A study")
    found = of_html(page, URL)

    assert ("A study", "Press", "10.1000/x", "Mills", "1-9") == tuple(
        found[n] for n in ("title", "publisher", "DOI", "container-title", "page")
    )
    assert ["Doe", "Lee"] == [name["family"] for name in found["author"]]


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        ("/news/mill?id=1", "https://paper.example/x?utm_source=a", "https://paper.example/news/mill?id=1"),
        ("https://www.paper.example/a", "http://m.paper.example/b", "https://www.paper.example/a"),
        ("https://other.example/a", URL, URL),
        ("https://www.paper.example/", URL, URL),
        ("javascript:alert(1)", URL, URL),
        ("https://[broken", URL, URL),
        ("https://paper.example/a", "", "https://paper.example/a"),
        ("", "", None),
    ],
)
def test_an_address_is_believed_of_the_same_host(canonical, url, expected):
    assert expected == of_html(f'<link rel="Canonical" href="{canonical}">', url).get("URL")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A mill | The Paper", "A mill"),
        ("A mill - the paper", "A mill"),
        ("Behind The Paper", "Behind The Paper"),
        ("The Paper", "The Paper"),
    ],
)
def test_the_site_is_no_part_of_the_title(title, expected):
    assert expected == of_html(f'<title>{title}</title><meta property="og:site_name" content="The Paper">', URL)["title"]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Jane Doe and John van der Berg", [("Doe", "Jane"), ("Berg", "John")]),
        ("Jane Doe, Ann Lee", [("Doe", "Jane"), ("Lee", "Ann")]),
        ("Doe, Jane", [("Doe", "Jane")]),
        ("Centers for Disease Control and Prevention", [("Centers for Disease Control and Prevention", None)]),
        ("Reuters", [("Reuters", None)]),
        ("https://www.facebook.com/jane", []),
    ],
)
def test_bylines(byline, expected):
    found = of_html(meta(author=byline), URL).get("author", [])

    assert expected == [(name.get("family") or name["literal"], name.get("given")) for name in found]


def test_a_page_that_says_nothing():
    bare = {"id": URL, "type": "webpage", "URL": URL}

    assert [bare] * 4 == [of_html(data, URL) for data in (b"", b"\0\1" * 100, "", "<p>Words</p>")]
    assert {"id": "entry", "type": "webpage"} == of_html("")


def test_pages_in_other_encodings():
    assert "Mühle" == of_html("<meta charset=iso-8859-1><title>Mühle</title>".encode("latin-1"), URL)["title"]


@pytest.mark.parametrize(
    "page",
    [
        "<title>T</title>" + "<p>word word</p>\n" * 1_200_000,
        "<title>T</title>" + "<p><b>" * 100_000,
        "<title>T</title>" + ld('{"a":' * 10_000),
        "<title>T</title>" + ld("[" * 10_000 + "]" * 10_000),
        "<title>T</title>" + ld('{"@type":"Article","isPartOf":' * 900 + "{}" + "}" * 900),
        "<title>T</title>" + ld([{"@type": "Article", "name": "x"}] * 50_000),
        "<title>T</title>" + meta(dc__rights="x") * 100_000,
        "<title>T</title>" + ld({"@graph": [{"@type": "Person", "@id": "#a", "author": {"@id": "#a"}, "isPartOf": {"@id": "#a"}}]}),
        '<title>T</title><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>&b;',
        "<title>T</title>" + ld("9" * 10_000),
    ],
    ids=["20 MB", "nested", "deep objects", "deep lists", "deep parts", "many works", "many elements", "circle", "entities", "digits"],
)
def test_hostile_pages_say_their_title(page):
    found = of_html(page, URL)

    assert "T" == found["title"]
    assert found == item_of(found)


def test_a_page_that_cannot_be_parsed_says_nothing():
    """What HTML's own algorithm would explode on is not parsed at all."""
    assert {"id": URL, "type": "webpage", "URL": URL} == of_html("<b><i>" * 400_000 + "<title>T</title>", URL)


@given(
    st.recursive(
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["Article", "#a", "10.1/x", "2020"])
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "@graph",
                        "author",
                        "isPartOf",
                        "name",
                        "publisher",
                        "identifier",
                        "datePublished",
                        "inLanguage",
                        "@value",
                    ]
                ),
                inner,
                max_size=5,
            ),
        ),
        max_leaves=12,
    )
)
def test_any_json_ld_is_read(node):
    found = of_html(ld(json.dumps([node, {"@type": "Book", "author": node, "isPartOf": node, "publisher": node, "name": node}])), URL)

    assert found == item_of(found)


def test_pdf_information_and_first_page():
    page = "Journal of Mills\nhttps://doi.org/10.1000/abc(1).\nA study\nDOI: 10.1000/ABC(1)"
    found = of_pdf(
        {"Title": "A study of mills", "Author": "Jane Doe, John Smith and Ann Lee", "CreationDate": "D:20200305101010+01'00'"}, page
    )

    assert {
        "id": "doi:10.1000/abc(1)",
        "type": "document",
        "title": "A study of mills",
        "author": [{"family": "Doe", "given": "Jane"}, {"family": "Smith", "given": "John"}, {"family": "Lee", "given": "Ann"}],
        "issued": {"date-parts": [[2020, 3, 5]], "circa": True},
        "DOI": "10.1000/ABC(1)",
    } == found


@pytest.mark.parametrize(
    ("info", "page", "expected"),
    [
        ({}, "On doi:10.1000/a and doi:10.1000/b", None),
        ({"Subject": "Mills, doi:10.1000/c"}, "On doi:10.1000/a and doi:10.1000/b", "doi:10.1000/c"),
        ({"WPS-ARTICLEDOI": "10.1000/D"}, "", "doi:10.1000/d"),
        ({}, "text\narXiv:2101.00001v2 [cs.CL] 5 Jun 2021\ntext doi.org/10.1000/cited", "doi:10.1000/cited"),
        ({}, "text\narXiv:2101.00001v2 [cs.CL] 5 Jun 2021\ntext", "arxiv:2101.00001"),
        ({}, "word " * 100 + "as in arXiv:2101.00001", None),
        ({}, "ISBN 978-3-16-148410-0\nA book", "isbn:9783161484100"),
        ({}, "", None),
    ],
)
def test_pdf_names_itself_only_where_it_is_plain(info, page, expected):
    found = of_pdf(info, page)["id"]

    assert (expected or "entry") == found


@pytest.mark.parametrize("title", ["Microsoft Word - final.docx", "untitled", "paper.tex", "document1", "  ", "Layout 1"])
@pytest.mark.parametrize("author", ["admin", "user", "jane@a.example", "Microsoft Office User", ""])
def test_what_programs_write_into_pdfs_is_no_metadata(title, author):
    assert {"id": "entry", "type": "document"} == of_pdf({"Title": title, "Author": author}, "")


@pytest.mark.parametrize("page", ["10.1000/" * 50_000, "arXiv:" * 50_000, "ISBN " * 50_000, "(" * 300_000, "10.1000/" + "(" * 300_000])
def test_long_first_pages_are_read(page):
    assert "document" == of_pdf({"Title": "T" * 100_000}, page)["type"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-03-05T10:00:00Z", {"date-parts": [[2020, 3, 5]]}),
        ("2020/3/5", {"date-parts": [[2020, 3, 5]]}),
        ("2020-3", {"date-parts": [[2020, 3]]}),
        ("5 March 2020", {"date-parts": [[2020, 3, 5]]}),
        ("Mar. 5th, 2020", {"date-parts": [[2020, 3, 5]]}),
        ("2020 Mar 5", {"date-parts": [[2020, 3, 5]]}),
        ("March 2020", {"date-parts": [[2020, 3]]}),
        ("Fall 2020", {"date-parts": [[2020]], "season": 3}),
        ("c. 1850", {"date-parts": [[1850]], "circa": True}),
        ("1998--1999", {"date-parts": [[1998], [1999]]}),
        ("-0044-03-15", {"date-parts": [[-44, 3, 15]]}),
        *(
            (nothing, {})
            for nothing in ("03/05/2020", "2020-13", "n.d.", "", "2020-03-41", "999 March", "20", "2019/2020/2021", "x" * 1000)
        ),
    ],
)
def test_dates(written, expected):
    assert expected == parse_date(written)


@pytest.mark.parametrize("written", ["2020", "2020-03", "2020-03-05", "-0044", "2019-01/2019-03", "1850~", "2020-22", "2019~/2020~"])
def test_edtf_is_written_as_it_is_read(written):
    assert written == edtf(parse_date(written))
