"""robots.txt as RFC 9309 has it, waits that servers ask for, and waits of our own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.sources.politeness import MAX_ROBOTS_BYTES, ROBOT, Politeness, Robots, retry_after, robots_of

NOW = datetime(2024, 12, 8, 12, tzinfo=UTC)
HOST = "https://example.org"


def allowed(text, path, robot=ROBOT):
    return robots_of(text.encode(), robot).allows(HOST + path)


@pytest.mark.parametrize(
    ("lines", "path", "allows"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a", "/ab/c", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        ("User-agent: *\nDisallow: /A", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?v=1", True),
        ("User-agent: *\nDisallow: /*.pdf", "/x/y.pdf?v=1", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/axbxc", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/axbxcx", True),
        ("User-agent: *\nDisallow: /*ab$", "/aab", False),
        ("User-agent: *\nDisallow: /ab*ab$", "/ab", True),
        ("User-agent: *\nDisallow: /x$", "/x", False),
        ("User-agent: *\nDisallow: /x$", "/xy", True),
        ("User-agent: *\nDisallow: *", "/a", False),
        ("User-agent: *\nDisallow: $", "/a", True),
        ("User-agent: *\nDisallow: /?q=", "/?q=1", False),
        ("User-agent: *\nDisallow: /a%3cd", "/a%3Cd", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /café", "/caf%c3%a9", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: verify-claims\nDisallow: /", "/a", False),
        ("User-agent: VERIFY-CLAIMS/1.0\nDisallow: /", "/a", False),
        ("User-agent: verify\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: verify-claims\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: verify-claims\nCrawl-delay: 1", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: verify-claims", "/a", True),
        ("User-agent: verify-claims\nDisallow: /a\nUser-agent: *\nDisallow: /b\nUser-agent: verify-claims\nDisallow: /c", "/c", False),
        ("User-agent: verify-claims\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: verify-claims\nSitemap: /s.xml\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("Disallow: /", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # not this\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("  user-AGENT  :  *  \n  DISALLOW : /a  ", "/a", False),
        ("# User-agent: *\nUser-agent: *\nNonsense\n: x\nDisallow: /a", "/a", False),
        ("<html><body>404</body></html>", "/a", True),
    ],
)
def test_the_rules_of_rfc_9309(lines, path, allows):
    assert allows is allowed(lines, path)


def test_the_example_of_the_rfc():
    """RFC 9309, 5.1."""
    text = (
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\nUser-Agent: foobot\nDisallow:/\nAllow:/example/page.html\n"
        "Allow:/example/allowed.gif\n\nUser-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n"
    )

    assert [False, True] == [allowed(text, path, "foobot") for path in ("/", "/example/page.html")]
    assert [True, False, False] == [allowed(text, "/example/page.html", robot) for robot in ("foobot", "barbot", "bazbot")]
    assert [True, True] == [allowed(text, path, "quxbot") for path in ("/example/", "/a.gif")]
    assert [False, False, True] == [allowed(text, path, "other") for path in ("/example/", "/a.gif", "/publications/")]


def test_the_address_alone_is_the_root():
    assert not Robots((("/$", False),)).allows("https://example.org")


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 3600", 10.0),
        ("User-agent: *\nCrawl-delay: 0.1", 1.0),
        ("User-agent: *\nCrawl-delay: -5", 1.0),
        ("User-agent: *\nCrawl-delay: nan\nCrawl-delay: inf", 1.0),
        ("User-agent: *\nCrawl-delay: soon", 1.0),
        ("User-agent: other\nCrawl-delay: 7", 1.0),
    ],
)
def test_a_crawl_delay_is_kept_up_to_a_limit(lines, delay):
    assert delay == Politeness(delay=1.0, longest_delay=10.0).delay_of(robots_of(lines.encode()))


def test_only_the_first_half_megabyte_is_read():
    head = b"User-agent: *\nDisallow: /a\n"
    filled = head + b"#" * (MAX_ROBOTS_BYTES - len(head)) + b"\nDisallow: /b\n"
    robots = robots_of(filled)

    assert (False, True) == (robots.allows(HOST + "/a"), robots.allows(HOST + "/b"))


@pytest.mark.parametrize("pattern", ["/" + "*a" * 100_000, "/" + "a*" * 100_000 + "b$", "/*" * 100_000, "*" * 200_000 + "$"])
def test_a_pattern_made_to_be_slow_is_not(pattern):
    """Tried every way, the second would take longer than the sun has."""
    rules = robots_of(f"User-agent: *\nDisallow: {pattern}".encode())

    assert rules.allows(f"{HOST}/{'a' * 2000}") is (not pattern.endswith("*$"))


def test_twenty_thousand_rules_are_looked_through():
    lines = "\n".join(f"Disallow: /{i}x" for i in range(20_000))

    assert not allowed(f"User-agent: *\n{lines}", "/19999x/y")


@given(st.binary(max_size=200), st.text(max_size=30))
def test_no_noise_stops_the_reading(data, path):
    assert robots_of(data).allows(f"{HOST}/{path}") in (True, False)


@given(st.text(st.sampled_from("User-agent:*\n Disallow/abc$%2F"), max_size=120))
def test_what_forbids_nothing_allows_everything(text):
    robots = robots_of(text.encode())

    assert robots.rules or robots.allows(HOST + "/a")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("86400", 86400.0),
        ("9" * 400, 999_999_999.0),
        ("Sun, 08 Dec 2024 12:01:00 GMT", 60.0),
        ("Sun, 08 Dec 2024 11:00:00 GMT", 0.0),
        ("Sunday, 08-Dec-24 12:01:00 GMT", 60.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٧", None),
        ("Sun, 99 Dec 2024 12:01:00 GMT", None),
    ],
)
def test_a_server_says_how_long_to_wait(value, seconds):
    assert seconds == retry_after(value, now=NOW)


def test_a_clock_in_another_zone_changes_nothing():
    from datetime import timezone

    east = NOW.astimezone(timezone(timedelta(hours=9)))

    assert 60.0 == retry_after("Sun, 08 Dec 2024 12:01:00 GMT", now=east)


def test_waits_double_and_a_random_half_of_them_is_spread():
    politeness = Politeness(first_wait=2.0)

    assert [2.0, 4.0, 8.0] == [politeness.backoff(tried, lambda: 1.0) for tried in (1, 2, 3)]
    assert [1.0, 2.0, 4.0] == [politeness.backoff(tried, lambda: 0.0) for tried in (1, 2, 3)]
    assert 1.0 <= politeness.backoff(1) <= 2.0
