"""Bytes become text by one rule, and what was done to them is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import ReadError, UsageError
from verify.readers.decode import BinaryDataError, Decoded, decode

SPOKEN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")).filter(lambda text: text.strip() != "")

LEGACY = [
    ("cp1252", "Le café était fermé. Les élèves ont été reçus à Paris « hier »."),
    ("cp1252", "The mayor said “we are closed” — and it’s over. The city’s walls fell."),
    ("cp1250", "Prezydent odwiedził wczoraj Łódź i spotkał się z burmistrzem."),
    ("cp1251", "Президент посетил город и встретился с мэром. Война окончена."),
    ("koi8_r", "Президент посетил город и встретился с мэром."),
    ("cp1256", "زار الرئيس المدينة أمس والتقى رئيس البلدية"),
    ("shift_jis", "大統領は昨日、東京を訪れて市長と会談した。戦争は終わった。"),
    ("gb18030", "总统昨天访问了上海并会见了市长。战争结束了。"),
    ("euc_kr", "대통령은 어제 서울을 방문하여 시장을 만났다."),
]


@given(SPOKEN, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_is_read_as_it_is(text, encoding):
    """UTF-8 needs no mark and no remark; its kin are known by theirs, and that is said."""
    decoded = decode(text.encode(encoding))
    remarks = () if encoding.startswith("utf-8") else (f"read as {encoding}, as its byte-order mark says; --encoding overrides",)

    assert Decoded(text, encoding.removesuffix("-sig"), remarks) == decoded


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-7", "utf-16-le", "latin-1", "shift_jis"]))
def test_any_bytes_give_a_text_that_can_be_stored_or_a_clear_refusal(data, encoding):
    text, refusal = "", ""
    try:
        text = decode(data, encoding=encoding).text
    except ReadError as error:
        refusal = str(error)

    assert text.strip() or 1 <= len(refusal.splitlines()) <= 3
    assert text == text.encode().decode().replace("\0", "").replace("\r", "")


@pytest.mark.parametrize(("encoding", "text"), LEGACY)
def test_a_legacy_encoding_is_guessed_and_the_guess_is_told(encoding, text):
    decoded = decode(text.encode(encoding))

    assert (text, encoding) == (decoded.text, decoded.encoding)
    assert [f"not utf-8; read as {encoding}, a guess from its bytes; --encoding overrides"] == list(decoded.remarks)


def test_the_guess_looks_where_the_text_leaves_ascii():
    """A long plain beginning does not hide what comes after it."""
    text = "plain line\n" * 100_000 + "Война окончена, президент посетил город.\n"

    assert text == decode(text.encode("cp1251")).text


def test_utf8_with_a_few_stray_bytes_stays_utf8():
    """A download that was cut amid a character is not read as gibberish in another encoding."""
    decoded = decode("naïve café ".encode() * 20 + b"\xc3")

    assert ("naïve café " * 20 + "\ufffd", "utf-8") == (decoded.text, decoded.encoding)
    assert "first at byte 260" in decoded.remarks[0]


def test_line_ends_and_nul_characters_are_mended():
    assert Decoded("a\nb\nc\n\nde", "utf-8", ("2 NUL characters dropped",)) == decode(b"a\r\nb\rc\r\n\r\nd\0e\0")


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b"caf\xe9", "latin-1", Decoded("café", "iso8859-1")),
        (b"caf\xe9", "Windows-1252", Decoded("café", "cp1252")),
        ("hé".encode("utf-16-le"), "utf-16-le", Decoded("hé", "utf-16-le")),
        ("\ufeffhé".encode(), "UTF8", Decoded("hé", "utf-8")),
    ],
)
def test_an_encoding_that_is_named_is_taken_without_remark(data, encoding, expected):
    assert expected == decode(data, encoding=encoding)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "zlib", "idna", "unicode_escape", "undefined", "a\0b", "é", "\x1b[2J"])
def test_what_is_no_encoding_of_a_file_is_refused(encoding):
    with pytest.raises(UsageError, match="unknown encoding") as caught:
        decode(b"abc", encoding=encoding)

    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        (b"abc\xff", "utf-8", "is not utf-8: byte 3 does not fit"),
        (b"\xff\xfeabc", "", "is not utf-16: byte 4 does not fit"),
        (b"+2AA-", "utf-7", "half of a surrogate pair"),
        (b"", "", "is empty"),
        (b" \r\n\t\xc2\xa0", "", "is empty"),
        (b"\xef\xbb\xbf", "", "is empty"),
        (b"\0\0", "", "is empty"),
    ],
)
def test_what_does_not_fit_or_is_empty_says_so(data, encoding, words):
    with pytest.raises(ReadError, match=words):
        decode(data, encoding=encoding)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04abc", "a zip archive"),
        (b"\x1f\x8b\x08abc", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"SQLite format 3\0", "a SQLite database"),
        (bytes(range(256)) * 9, "243 of its 2304 bytes are control characters"),
        (b"\0" * 50_000_000, "control characters"),
        ("a sentence in UTF-16 without a mark".encode("utf-16-le"), "--encoding utf-16-le"),
    ],
)
def test_binary_data_is_refused_with_what_it_looks_like(data, words):
    with pytest.raises(BinaryDataError, match=words):
        decode(data)


def test_binary_data_is_refused_in_a_named_encoding_too():
    with pytest.raises(BinaryDataError, match="50 of its 100 characters are NUL"):
        decode(b"a\0" * 50, encoding="latin-1")


def test_fifty_megabytes_on_one_line_are_read_whole():
    assert 50_000_000 == len(decode(b"word " * 10_000_000).text)
