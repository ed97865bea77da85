"""Liveness with a memory, and the signs by which a page that came is not the one that was asked for."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.sources.exchange import Exchange, Failure, FetchOutcome, FetchRequest, Hop
from verify.sources.liveness import Attempt, Liveness, attempt_of, liveness_of
from verify.sources.page_signs import PageSigns, not_found_why, signs_of

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "liveness.toml").read_text(encoding="utf-8"))["case"]
NOW = datetime(2025, 1, 1, 12, tzinfo=UTC)
PAGE = "https://example.org/page"


def at(written):
    return datetime.strptime(written if "T" in written else f"{written}T00", "%Y-%m-%dT%H").replace(tzinfo=UTC)


def attempt(written):
    when, what, *sign = written.split()
    if what in Failure.__members__:
        return Attempt(at(when), failure=Failure[what])
    *redirects, status = map(int, what.split(">"))
    return Attempt(
        at(when),
        status,
        Failure.STATUS if status >= 400 else None,
        tuple(redirects),
        "https://example.org/there",
        not_found='the page is titled "Not found"' if sign == ["lost"] else "",
        is_free=False if sign == ["paid"] else None,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_stands(case):
    attempts = [attempt(written) for written in case["attempts"]]
    standing = liveness_of(attempts)
    liveness, since, days = case["stands"].split()

    assert (Liveness(liveness), at(since), int(days)) == (standing.liveness, standing.since, standing.failures_days)
    assert case.get("why", "") in standing.why
    assert standing == liveness_of(attempts[::-1])


def test_nothing_stands_before_the_first_attempt():
    assert liveness_of([]) is None


KINDS = ["200", "301>200", "402", "403", "404", "410", "500", "NO_NAME", "TIMEOUT", "ROBOTS"]
HISTORIES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 23), st.sampled_from(KINDS)), min_size=1, max_size=20)


@given(HISTORIES)
def test_dead_is_only_what_was_gone_on_three_days(history):
    attempts = [attempt(f"2025-01-{1 + day:02}T{hour:02} {kind}") for day, hour, kind in history]
    standing = liveness_of(attempts)
    gone_days = {a.at.date() for a in attempts if a.status in (404, 410) or a.failure is Failure.NO_NAME}

    assert standing.liveness is not Liveness.DEAD or (standing.failures_days >= 3 and len(gone_days) >= 3)
    assert standing.since in {a.at for a in attempts}
    assert standing.failures_days <= len(gone_days)


@given(HISTORIES)
def test_whatever_answers_now_is_not_dead(history):
    attempts = [attempt(f"2025-01-{1 + day:02}T{hour:02} {kind}") for day, hour, kind in history]

    assert Liveness.ALIVE is liveness_of([*attempts, attempt("2025-02-01 200")]).liveness


def test_a_zone_does_not_make_a_day():
    """Three attempts within two hours, each on another day of its own clock."""
    from datetime import timezone

    attempts = [
        Attempt(datetime(2025, 1, 2, 12, tzinfo=UTC).astimezone(timezone(timedelta(hours=hours))), 404, Failure.STATUS)
        for hours in (-13, 0, 13)
    ]

    assert (Liveness.SOFT_FAILURE, 1) == ((standing := liveness_of(attempts)).liveness, standing.failures_days)


def outcome(status=200, body=b"", *, url=PAGE, redirects=(), media_type="text/html", failure=None):
    exchange = Exchange(PAGE, url, status, NOW, redirects, {"content-type": media_type})
    return FetchOutcome(FetchRequest(PAGE), NOW, exchange, body if status == 200 else None, failure)


def test_an_attempt_takes_its_facts_from_the_outcome():
    hop = Hop(PAGE, 301, "https://example.org/new")
    page = b'<title>Story</title><script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    found = attempt_of(outcome(body=page, url="https://example.org/new", redirects=(hop,)))

    assert Attempt(NOW, 200, None, (301,), "https://example.org/new", "", is_free=False) == found


def test_what_was_not_asked_is_no_attempt():
    for failure in (Failure.NOT_ASKED, Failure.STOPPED):
        assert attempt_of(FetchOutcome(FetchRequest(PAGE), NOW, failure=failure)) is None
    assert Attempt(NOW, failure=Failure.TIMEOUT) == attempt_of(FetchOutcome(FetchRequest(PAGE), NOW, failure=Failure.TIMEOUT))


def test_a_lost_page_with_status_200_is_a_soft_failure():
    found = attempt_of(outcome(body=b"<title>Page not found - Example</title><p>Sorry."))

    assert Liveness.SOFT_FAILURE is liveness_of([found]).liveness
    assert 'titled "Page not found"' in found.not_found


def test_a_lost_page_with_its_own_status_needs_no_sign():
    assert "" == attempt_of(outcome(404, url="https://example.org/", failure=Failure.STATUS)).not_found


@pytest.mark.parametrize(
    "title",
    [
        *(
            "404",
            "404 Not Found",
            "Error 404",
            "HTTP Error 404",
            "404 Error",
            "404 Page Not Found",
            "Not Found",
            "Page not found",
            "PAGE NOT FOUND!",
        ),
        *(
            "Page not found | Example News",
            "Example News - Page not found",
            "404 · Example",
            "Example: 404",
            "404: Page not found",
            "Not found – Example",
        ),
        *(
            "Sorry, the page you requested was not found",
            "Oops! That page can’t be found. – Blog",
            "We're sorry, but this page doesn't exist",
        ),
        *(
            "The page you are looking for does not exist",
            "This page is no longer available",
            "File not found",
            "Article not found - Example",
        ),
        *(
            "Seite nicht gefunden – Beispiel",
            "Fehler 404",
            "Page introuvable",
            "Página no encontrada",
            "Страница не найдена — Лента",
            "页面不存在",
        ),
        *("ページが見つかりません", "페이지를 찾을 수 없습니다", "الصفحة غير موجودة"),
    ],
)
def test_a_title_that_says_it_is_not_found(title):
    assert "the page is titled" in not_found_why(title, PAGE, PAGE)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "",
            "Error",
            "Story",
            "Lost and not found: a story of the sea",
            "Evidence not found in Iraq, says report",
            "Apollo 404 mission",
            "Sorry",
        ),
        *(
            "Weapons of mass destruction: not found in 2004 either",
            "No page unturned",
            "Page",
            "The missing page",
            "Route 404 - Timetable",
            "Found",
        ),
        *("x" * 300, "404 " * 100, " | | - : ", "Not Found (album)", "The Page Not Taken"),
    ],
)
def test_other_titles_say_nothing(title):
    assert "" == not_found_why(title, PAGE, PAGE)


@pytest.mark.parametrize(
    ("asked", "reached", "words"),
    [
        ("/story/1", "/", "front page"),
        ("/story/1", "/index.html", "front page"),
        ("/story/1", "/en/", "front page"),
        ("/story/1", "/en-us/home", "front page"),
        ("/?p=77", "/", "front page"),
        ("/story/1", "/404.html", "not found"),
        ("/story/1", "/error/404", "not found"),
        ("/story/1", "/page-not-found/", "not found"),
        ("/story/1", "/errors/notfound", "not found"),
        ("/", "/", ""),
        ("/index.html", "/", ""),
        ("/", "/en/", ""),
        ("/story/1", "/?p=77", ""),
        ("/story/1", "/story/1-the-full-title", ""),
        ("/story/1", "/news", ""),
        ("/404", "/404", ""),
        ("/HTTP_404", "/HTTP_404", ""),
        ("/story/1", "/story/404", "not found"),
    ],
)
def test_where_a_lost_page_leads(asked, reached, words):
    why = not_found_why("Example", f"https://example.org{asked}", f"https://www.example.org{reached}")

    assert (words in why) if words else why == ""


def test_a_page_on_the_matter_is_not_lost():
    wiki = "https://en.wikipedia.org/wiki/HTTP_404"

    assert "" == not_found_why("HTTP 404 - Wikipedia", wiki, wiki)


def test_an_address_that_is_none_says_nothing():
    assert "" == not_found_why("404", PAGE, "http://[bad")


def ld(text):
    return f'<title>A</title><script type="application/ld+json">{text}</script>'.encode()


@pytest.mark.parametrize(
    ("page", "is_free"),
    [
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": false}'), False),
        (ld('{"isAccessibleForFree": "False"}'), False),
        (ld('{"isAccessibleForFree": "http://schema.org/False"}'), False),
        (ld('{"isAccessibleForFree": true}'), True),
        (ld('[{"@type": "WebSite"}, {"@graph": [{"isAccessibleForFree": false}]}]'), False),
        (ld('{"mainEntity": {"isAccessibleForFree": false}}'), False),
        (ld('{"isAccessibleForFree": true, "hasPart": {"isAccessibleForFree": false}}'), True),
        (ld('{"isPartOf": {"isAccessibleForFree": false}}'), None),
        (ld('{"isAccessibleForFree": null}'), None),
        (ld('{"isAccessibleForFree": '), None),
        (ld("[" * 100_000), None),
        (ld('{"@graph":' * 5000 + "{}" + "}" * 5000), None),
        (ld(""), None),
        (b'<title>A</title><meta itemprop="isAccessibleForFree" content="False">', False),
        (b'<title>A</title><p>{"isAccessibleForFree": false}', None),
    ],
)
def test_a_page_says_of_itself_whether_it_is_free(page, is_free):
    assert PageSigns("A", is_free) == signs_of(page, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"<title>A</title>", "application/json"), (b"\x89PNG\r\n\x1a\n", "text/html"), (b"", "text/html"), (b"<b>" * 300_000, "text/html")],
)
def test_what_is_no_page_has_no_signs(data, media_type):
    assert PageSigns() == signs_of(data, media_type)
