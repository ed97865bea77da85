"""What a body was packed with for the way, undone piece by piece: no piece is large, and one that breaks off early is an error.

Only gzip and deflate are asked for. zlib alone says nothing when a stream ends before its end mark, and a page that lacks its last third would
pass for the page; so the mark is looked for here.
"""

import zlib
from collections.abc import Iterable, Iterator

from verify.errors import VerifyError
from verify.terminal import one_line

ACCEPTED = "gzip, deflate"
_PACKED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma"})
_GZIP, _DEFLATE = ("gzip", "x-gzip"), "deflate"
_MOST_LAYERS = 2
_PIECE = 2**16
_ZLIB_METHOD, _ZLIB_CHECK = 8, 31


class PackingError(VerifyError):
    """A body is packed in a way that was not asked for, or not as it says."""


class BrokenOffError(PackingError):
    """A packed body ends before its end."""


def unpacked(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Undo the codings that a `Content-Encoding` header names, last one first; pieces of at most 64 KB. Other words in it (a character set, "none")
    are passed over, as browsers do.

    Raises PackingError for what was not asked for, is not what it says, or breaks off early.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    if foreign := next((name for name in names if name in _PACKED), ""):
        raise PackingError(f"is packed with {one_line(foreign)}, which was not asked for")
    layers = [name for name in names if name == _DEFLATE or name in _GZIP]
    if len(layers) > _MOST_LAYERS:
        raise PackingError(f"is packed {len(layers)} times over")
    for name in reversed(layers):
        chunks = _inflated(chunks, name)
    return iter(chunks)


def _inflated(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """One layer undone. A gzip body may have several members; what follows the last one and is none is dropped, as browsers do."""
    engine, members, seen = None, 0, False
    for data in _from_two_bytes(chunks):
        seen = True
        while data:
            if engine is None:
                if members and not data.startswith(b"\x1f"):
                    break
                engine = zlib.decompressobj(_window(name, data))
            try:
                yield from _pieces(engine, data)
            except zlib.error as error:
                raise PackingError(f"says that it is packed with {name}, and is not ({one_line(str(error))})") from error
            data = engine.unused_data  # noqa: PLW2901 - what is left of it
            if engine.eof:
                engine, members = None, members + 1
                if name == _DEFLATE:
                    data = b""  # noqa: PLW2901
    if engine is not None or (seen and not members):
        raise BrokenOffError("breaks off: its packing has no end")


def _from_two_bytes(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, the first of them long enough to tell what it begins with."""
    held = b""
    waiting = iter(chunks)
    for chunk in waiting:
        held += chunk
        if len(held) > 1:
            yield held
            yield from waiting
            return
    if held:
        yield held


def _window(name: str, data: bytes) -> int:
    """How zlib is told what comes: gzip; or, as servers mean either by "deflate", zlib's own header or none."""
    if name in _GZIP:
        return zlib.MAX_WBITS | 16
    has_header = data[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(data[:2]) % _ZLIB_CHECK == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _pieces(engine: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """All that comes out for `data`, in bounded pieces: zlib holds back what the bound cuts off."""
    while True:
        piece = engine.decompress(data, _PIECE)
        if piece:
            yield piece
        data = engine.unconsumed_tail
        if engine.eof or (not data and len(piece) < _PIECE):
            return
