"""Real files, damaged: every reader gives a draft whose claims stand in it, or refuses in a few clear lines; nothing else comes out."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.claims.extract import extract
from verify.errors import VerifyError
from verify.readers import read

FILES = {
    "text": "extraction/america_the_beautiful.trailing.txt",
    "markdown": "extraction/america_the_beautiful.md",
    "html": "extraction/america_the_beautiful.html",
    "wikitext": "extraction/america_the_beautiful.wikitext",
    "latex": "formats/latex-reader.latex",
}
SIGNS = st.sampled_from(
    [
        "[",
        "]",
        "[[",
        "{{",
        "}}",
        "<ref>",
        "</ref>",
        "<ref name=",
        "<!--",
        "\\cite{",
        "{",
        "}",
        "$",
        "`",
        "\n\n",
        "\x00",
        "é",
        "\u202e",
        "[1]",
        "",
    ]
)
DAMAGE = st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 60), SIGNS), min_size=1, max_size=8)


def _read(data, form):
    """A draft, or the lines of a refusal."""
    try:
        return read(data, format=form)
    except VerifyError as error:
        return str(error)


@pytest.mark.parametrize("form", FILES)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(damage=DAMAGE, cut=st.integers(0, 30_000))
def test_damaged_files_are_read_or_refused(shared, form, damage, cut):
    text = (shared / "data" / FILES[form]).read_text(encoding="utf-8")
    for at, length, sign in damage:
        text = text[:at] + sign + text[at + length :]
    data = text[: max(cut, 1)].encode("utf-8", "ignore")

    draft = _read(data, form)
    if isinstance(draft, str):
        assert 1 <= len(draft.splitlines()) <= 3
        return
    claims = extract(draft).claims

    assert [c.ordinal for c in claims] == list(range(1, len(claims) + 1))
    for claim in claims:
        assert 0 <= claim.start < claim.end <= len(draft.text)
        assert claim.text.split()[0][0] in draft.text[claim.start : claim.end]
