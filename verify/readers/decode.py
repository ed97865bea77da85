"""Bytes to text, for documents and for sources alike: what encoding they are in, and whether they are text at all.

Every format that is text on disk comes through here, so that an encoding is guessed by one rule and said in one way. A byte-order mark decides,
then UTF-8, then a guess from the bytes, which is always told to the user. Messages start without the file's name: the caller knows it.
"""

import codecs
from dataclasses import dataclass

from verify.errors import ReadError, UsageError
from verify.terminal import printable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (DOCX, ODT and EPUB files are such)"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\xfd7zXZ\x00", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstandard-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (DOC, XLS, PPT)"),
    (b"\x7fELF", "a program"),
)

_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "cp866"),
    *("shift_jis", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp874"),
]
"""What is guessed: legacy encodings of the web (WHATWG Encoding Standard), so no mainframe pages; on a tie the one earlier in the list."""

_NOT_OF_FILES = frozenset({"charmap", "idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
_NOT_OF_FILES |= {"base64", "bz2", "hex", "quopri", "rot_13", "uu", "zlib"}
"""What Python calls codecs, though it is no encoding of a text file."""
_CONTROLS = bytes(b for b in range(0x20) if b not in b"\t\n\v\f\r\x1b") + b"\x7f"
_SAMPLE = 2**16
_STRAY_SHARE = 10  # one byte that is not UTF-8 among so many characters beyond ASCII that are: damage, not another encoding


class BinaryDataError(ReadError):
    """The bytes are no text in any encoding; the message says what they look like."""


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""A text with `\n` line ends and no NUL characters, the encoding it was in, and lines for the user on what was done to it."""

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(data: bytes, *, encoding: str = "") -> Decoded:
    """Read `data` as text, in `encoding` when the user names one.

    Raises `UsageError` for an encoding nobody knows; `ReadError` for what is empty, binary (`BinaryDataError`), or not in the encoding named.
    """
    _refuse_magic(data)
    if encoding:
        text, taken, remarks = _as_named(data, encoding)
    elif bom := next((b for b in _BOMS if data.startswith(b[0])), None):
        text, taken, remarks = _as_named(data, bom[1])
        remarks = (f"read as {taken}, as its byte-order mark says; --encoding overrides",) if taken != "utf-8" else ()
    else:
        text, taken, remarks = _as_found(data)
    nul = text.count("\0")
    if nul:
        if _too_many(nul, len(text)):
            raise BinaryDataError(f"looks binary: {nul} of its {len(text)} characters are NUL")
        text = text.replace("\0", "")
        remarks = (*remarks, f"{nul} NUL character{'s' if nul > 1 else ''} dropped")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text or text.isspace():
        raise ReadError("is empty: there is no text in it")
    return Decoded(text, taken, remarks)


def _refuse_magic(data: bytes) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise BinaryDataError(f"looks like {what}, not like text")


def _as_named(data: bytes, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    name = _codec_name(encoding)
    if not name:
        raise UsageError(f"unknown encoding {printable(encoding)}: name one such as utf-8, windows-1252, utf-16 or shift_jis")
    try:
        text = data.decode(name)
        text.encode()  # UTF-7 can spell half a character, which no other part of the house could write down
    except UnicodeDecodeError as error:
        raise ReadError(f"is not {name}: byte {error.start} does not fit ({error.reason})") from error
    except UnicodeEncodeError as error:
        raise ReadError(f"is not {name}: character {error.start} is half of a surrogate pair") from error
    return text, name, ()


def _codec_name(encoding: str) -> str:
    """Python's name for it; empty for what Python does not know, or knows as something that no file is written in."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return ""
    return "" if name.replace("-", "_") in _NOT_OF_FILES else name


def _as_found(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    hidden = len(data) - len(data.translate(None, _CONTROLS))
    if _too_many(hidden, len(data)):
        raise BinaryDataError(
            f"looks binary: {hidden} of its {len(data)} bytes are control characters\n"
            "(UTF-16 without a byte-order mark looks so too: name it with --encoding utf-16-le or utf-16-be)"
        )
    try:
        return data.decode(), "utf-8", ()
    except UnicodeDecodeError as error:
        return _as_damaged(data, error.start) or _as_guessed(data, error.start)


def _too_many(hidden: int, length: int) -> bool:
    """Whether control characters are more than an accident. A text has next to none; of random bytes, one in nine is."""
    return hidden > 4 + length // 30


def _as_damaged(data: bytes, first: int) -> tuple[str, str, tuple[str, ...]] | None:
    """UTF-8 with a few stray bytes, as a cut-off download has: other encodings all but never make sequences that are valid UTF-8."""
    text = data.decode(errors="replace")
    stray = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) - stray
    if stray * _STRAY_SHARE > beyond_ascii:
        return None
    remark = f"read as utf-8; what does not fit, first at byte {first}, is shown as \ufffd ({stray} times); --encoding overrides"
    return text, "utf-8", (remark,)


def _as_guessed(data: bytes, first: int) -> tuple[str, str, tuple[str, ...]]:
    """`first` is the first byte that is not UTF-8: what tells encodings apart starts there, so a sample from its line on will do."""
    from charset_normalizer import from_bytes

    start = max(data.rfind(b"\n", 0, first) + 1, first - _SAMPLE // 8, 0)
    ranked = sorted(
        (round(match.chaos, 2), -round(match.coherence, 2), _LEGACY.index(name))
        for match in from_bytes(data[start : start + _SAMPLE], cp_isolation=_LEGACY)
        for name in match.could_be_from_charset
        if name in _LEGACY
    )
    for *_, position in ranked:
        name = _LEGACY[position]
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return text, name, (f"not utf-8; read as {name}, a guess from its bytes; --encoding overrides",)
    raise ReadError(f"is not utf-8 (byte {first}), and no other encoding fits: name it with --encoding")
