"""Fetched sources as a WARC 1.1 file (ISO 28500:2017), which web archives and their tools read.

What is written is what the ledger holds: the body after decompression and the headers that were kept, so the records say so in their `warcinfo`.
The same exchanges give the same bytes: identifiers of records come from what they hold.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any
from urllib.parse import urlsplit

from verify.errors import UsageError

from .encodings import ACCEPTED
from .exchange import NOT_MODIFIED, Exchange

_VERSION = "1.1"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/verify-claims/warc")
_ABOUT = "bodies after content decoding; of headers those that were kept; requests as they were made"
_CONFORMS = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_REASONS = dict(
    pair.split(" ", 1)
    for pair in (
        *("200 OK", "203 Non-Authoritative Information", "301 Moved Permanently", "302 Found", "303 See Other", "304 Not Modified"),
        *("307 Temporary Redirect", "308 Permanent Redirect", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"),
    )
)


@dataclass(frozen=True, slots=True)
class Capture:
    """An exchange with its body; b"" where none is held (an error page, an unchanged one)."""

    exchange: Exchange
    body: bytes = b""


def write_warc(
    stream: IO[bytes], captures: Iterable[Capture], *, software: str, written_at: datetime, filename: str = "", compress: bool = True
) -> int:
    """Write captures, in their order, each with its redirects and requests. A body that was written before is referred to (`revisit`).

    Gives the number of records. Raises UsageError where the extra `warc` is not installed.
    """
    try:
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise UsageError("WARC files need the extra `warc`: pip install 'verify-claims[warc]'") from error
    writer = WARCWriter(stream, gzip=compress, warc_version=_VERSION)
    records = _Records(writer, software)
    records.info(written_at, filename)
    for capture in captures:
        records.add(capture)
    return records.count


class _Records:
    """The records of one file under way, and where each body was written first: by its digest, and by its address."""

    def __init__(self, writer: Any, software: str) -> None:
        self.count = 0
        self._writer = writer
        self._software = software
        self._bodies: dict[str, tuple[Exchange, str]] = {}
        self._latest: dict[str, tuple[Exchange, str]] = {}

    def info(self, at: datetime, filename: str) -> None:
        """Write the first record, which says what the file is."""
        fields = {"software": self._software, "format": f"WARC File Format {_VERSION}", "conformsTo": _CONFORMS, "description": _ABOUT}
        data = "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items()).encode()
        extra = {"WARC-Filename": filename} if filename else {}
        self._write("", "warcinfo", at, data=data, extra=extra)

    def add(self, capture: Capture) -> None:
        """Write an exchange: a request and a response for each redirect, then those of the answer."""
        exchange = capture.exchange
        for hop in exchange.redirects:
            head = _head(_status_line(hop.status), {"Location": hop.target})
            self._pair(hop.url, exchange.retrieved_at, "response", head, b"", {})
        headers = {name: value for name, value in exchange.headers.items() if name != "content-length"}
        if exchange.status != NOT_MODIFIED:
            headers["content-length"] = str(len(capture.body))
        head = _head(_status_line(exchange.status), headers)
        kind, extra = self._answer(exchange, capture.body)
        self._pair(exchange.url, exchange.retrieved_at, kind, head, b"" if kind == "revisit" else capture.body, extra)

    def _answer(self, exchange: Exchange, body: bytes) -> tuple[str, dict[str, str]]:
        """The kind of record for an answer and its fields: one that was written already, or did not change since, refers to where it was."""
        digest = _digest(body)
        before = self._bodies.get(digest) if body else self._latest.get(exchange.url) if exchange.status == NOT_MODIFIED else None
        if body:
            self._latest[exchange.url] = self._bodies.setdefault(digest, (exchange, digest))
        if before is None:
            return "response", {"WARC-Payload-Digest": digest}
        first, digest = before
        return "revisit", {
            "WARC-Profile": self._writer.REVISIT_PROFILE_1_1 if body else _UNCHANGED,
            "WARC-Refers-To-Target-URI": _line(first.url),
            "WARC-Refers-To-Date": _date(first.retrieved_at),
            "WARC-Payload-Digest": digest,
        }

    def _pair(self, url: str, at: datetime, kind: str, head: Any, body: bytes, extra: Mapping[str, str]) -> None:
        answer = self._write(url, kind, at, head=head, data=body, extra=extra)
        self._write(url, "request", at, head=self._request(url), extra={"WARC-Concurrent-To": answer})

    def _request(self, url: str) -> Any:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        fields = {"Host": parts.netloc, "Accept": "*/*", "Accept-Encoding": ACCEPTED, "User-Agent": self._software, "Connection": "close"}
        return _head(f"GET {target} HTTP/1.1", fields, is_request=True)

    def _write(self, url: str, kind: str, at: datetime, *, head: Any = None, data: bytes = b"", extra: Mapping[str, str]) -> str:
        """Write a record; gives its identifier."""
        self.count += 1
        seed = "\n".join([str(self.count), kind, url, _date(at), *extra.values()])
        name = f"<urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}>"
        fields = {"WARC-Record-ID": name, "WARC-Date": _date(at), **extra}
        record = self._writer.create_warc_record(
            _line(url), kind, payload=BytesIO(data), length=len(data), http_headers=head, warc_headers_dict=fields
        )
        self._writer.write_record(record)
        return name


def _head(first: str, fields: Mapping[str, str], *, is_request: bool = False) -> Any:
    """The head of an HTTP message, as warcio takes it."""
    from warcio.statusandheaders import StatusAndHeaders

    headers = [(_line(name), _line(value)) for name, value in fields.items()]
    return StatusAndHeaders(_line(first), headers, protocol="" if is_request else "HTTP/1.1", is_http_request=is_request)


def _status_line(status: int) -> str:
    return f"{status} {_REASONS.get(str(status), '')}".rstrip()


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _digest(body: bytes) -> str:
    """As WARC files write digests: the algorithm, and base32."""
    return f"sha256:{base64.b32encode(hashlib.sha256(body).digest()).decode('ascii')}"


def _line(text: str) -> str:
    """Text for one header line: what a header cannot hold would begin another."""
    return "".join(c if c.isprintable() else " " for c in text)
