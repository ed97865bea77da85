"""What a person types for a source becomes one canonical name, so that a source is one row however it was written.

The rules are those of the identifiers' own keepers (named at each); where they leave a choice, the more careful one is taken: nothing is guessed
that could make two works one. What cannot be a name of its kind is refused with the reason, never stored as free text.
"""

import ipaddress
import re
import unicodedata
from pathlib import PurePath
from urllib.parse import SplitResult, quote, unquote, urlsplit

from verify.errors import InvalidIdentifierError
from verify.model import Identifier, SourceKind
from verify.terminal import one_line

MAX_CANONICAL_BYTES = 2500
"""PostgreSQL refuses to index a value over a third of its 8 KiB page, and the canonical name is indexed as unique."""

_NOTE = re.compile(r"(?:note|offline):\s*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_DOI_FORM = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_PREFIX = re.compile(
    r"((?:https?://)?(?:(?:www|dx)\.)?doi\.org/(?=10[.%]))|(?:urn:|info:)?doi(?:[:/] ?| (?=10\.))|(?=10\.[0-9]{4,9}[./%])", re.IGNORECASE
)
_ISBN = re.compile(r"((?:urn:)?isbn(?:-?1[03](?=[: ]))?[: ]*)?([0-9x \u2010-\u2015-]*)", re.IGNORECASE)
_ISBN_SEPARATORS = dict.fromkeys(map(ord, " -\u2010\u2011\u2012\u2013\u2014\u2015"))
_ISBN_13, _ISBN_10 = 13, 10
_ARXIV_PREFIX = re.compile(r"arxiv: ?|(?:https?://)?(?:(?:www|export)\.)?arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.", re.IGNORECASE)
_ARXIV_NEW = r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}"
_ARXIV_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|"
    "hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_ARXIV = re.compile(rf"(?:({_ARXIV_NEW})|({_ARXIV_ARCHIVES})(?:\.[a-z]{{2}})?(/[0-9]{{7}}))(?:v[0-9]{{1,4}})?(?:\.pdf)?", re.IGNORECASE)
_TRACKER = re.compile(r"(?:utm_[^=]*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
_CREDENTIALS = re.compile(r"https?:[/\\]*[^/?#]*@", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PERCENT = re.compile(r"%(?:[0-9A-Fa-f]{2})?")
_URL_SAFE = "%:/?[]@!$&'()*+,;=~"
_PATH_START = re.compile(r"~?/|\.\.?[/\\]|\\\\|[a-z]:[/\\]", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{0,7}", re.IGNORECASE)
_DOCUMENT_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".tex"}
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # come along when a name is copied from a page
_SHOWN = 80
_CLOSERS = {")": "(", "]": "[", ">": "<", "}": "{"}

_CHOICES = "a source is a URL (https://...), a DOI, an ISBN, an arXiv id, the path of a file, or free text after note:"


def identify(source: str) -> Identifier:
    """Name the source that a person typed. A file's canonical name is left empty: it is the hash of bytes that are not read here.

    Raises `InvalidIdentifierError` for what is none of the kinds, or a malformed one of its kind.
    """
    text = " ".join(source.translate(_INVISIBLE).split())
    if not text:
        raise InvalidIdentifierError(f"no source is named: {_CHOICES}")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise _refused(text, "it holds control characters or broken ones")
    _refuse_long(text, text)
    found = _note(text) or _arxiv(text) or _doi(text) or _isbn(text) or _url(text) or _file(source.strip(), text) or _free_text(text)
    if found is None:
        raise InvalidIdentifierError(f"{_shown(text)} names no source: {_CHOICES}")
    _refuse_long(text, found.canonical)
    return found


def csl_of(identifier: Identifier, title: str = "") -> dict[str, object]:
    """Make the CSL-JSON item (citationstyles.org, 1.0.2) that an identifier and a title are enough for."""
    kind, canonical = identifier.kind, identifier.canonical
    bare = canonical.partition(":")[2]
    about: dict[SourceKind, dict[str, object]] = {
        SourceKind.URL: {"type": "webpage", "URL": canonical},
        SourceKind.DOI: {"type": "document", "DOI": bare},
        SourceKind.ISBN: {"type": "book", "ISBN": bare},
        SourceKind.ARXIV: {"type": "article", "URL": f"https://arxiv.org/abs/{bare}"},
    }
    item = {"id": canonical or identifier.value, **about.get(kind, {"type": "document"})}
    named = title or (
        identifier.value if kind is SourceKind.OFFLINE else PurePath(identifier.value).name if kind is SourceKind.FILE else ""
    )
    return {**item, "title": named} if named else item


def _note(text: str) -> Identifier | None:
    prefix = _NOTE.match(text)
    if prefix is None:
        return None
    if prefix.end() == len(text):
        raise _refused(text, "nothing follows the colon")
    return _offline(text[prefix.end() :])


def _free_text(text: str) -> Identifier | None:
    return _offline(text) if " " in text else None


def _offline(text: str) -> Identifier:
    return Identifier(SourceKind.OFFLINE, f"offline:{_folded(text)}", text)


def _folded(text: str) -> str:
    """Compatibility caseless form (Unicode 3.13, D146), with spaces folded."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold()).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _doi(text: str) -> Identifier | None:
    """DOI Handbook 2: prefix 10.registrant, a slash, any printable characters; ASCII case does not count, so lower case stands for all."""
    prefix = _DOI_PREFIX.match(text)
    if prefix is None:
        return None
    body = text[prefix.end() :]
    if prefix[1]:
        body = re.split("[?#]", body, maxsplit=1)[0]
    body = _without_trailing_punctuation(_unquoted(body)).lower()
    if not _DOI_FORM.fullmatch(body) or not body.isprintable() or "\ufffd" in body:
        raise _refused(text, "a DOI has the form 10.1234/suffix, without spaces (a page goes into --locator)")
    return _arxiv(body) or Identifier(SourceKind.DOI, f"doi:{body}", body)


def _unquoted(text: str) -> str:
    """Undo percent-encoding, and that of an address inside an address, until none is left."""
    while (plain := unquote(text)) != text:
        text = plain
    return text


def _without_trailing_punctuation(text: str) -> str:
    """Drop what belongs to the sentence around a DOI: a closing bracket only when it closes nothing, for old DOIs hold whole pairs."""
    while text and (text[-1] in ".,;:!?'\"\u2019\u201d\u00bb" or text.count(text[-1]) > text.count(_CLOSERS.get(text[-1], text[-1]))):
        text = text[:-1]
    return text


def _arxiv(text: str) -> Identifier | None:
    """By arXiv's scheme (info.arxiv.org/help/arxiv_identifier): the version and the subject class name no other work."""
    prefix = _ARXIV_PREFIX.match(text)
    body = text[prefix.end() :] if prefix else text
    if prefix and prefix[0].endswith("/"):
        body = re.split("[?#]", body, maxsplit=1)[0]
    found = _ARXIV.fullmatch(body)
    if found is None:
        if prefix and prefix[0].lower().startswith("arxiv:"):
            raise _refused(text, "an arXiv id has the form 2106.01234 or math/0309136, with or without a version")
        return None
    work = found[1] or f"{found[2].lower()}{found[3]}"
    return Identifier(SourceKind.ARXIV, f"arxiv:{work}", f"arXiv:{body.removesuffix('.pdf')}")


def _isbn(text: str) -> Identifier | None:
    """ISBN Users' Manual 7: thirteen digits from 978 or 979; the ten of an older one become thirteen; the last one is a check digit."""
    found = _ISBN.fullmatch(text)
    digits = found[2].translate(_ISBN_SEPARATORS).upper() if found else ""
    if found is None or (not found[1] and len(digits) not in (_ISBN_10, _ISBN_13)):
        return None
    if not re.fullmatch("[0-9]{9}[0-9X]|97[89][0-9]{10}", digits):
        raise _refused(text, "an ISBN has ten digits (the last may be X), or thirteen that begin with 978 or 979")
    right = _check_digit(digits[:-1])
    if digits[-1] != right:
        raise _refused(text, f"an ISBN with these digits ends in {right}, not in {digits[-1]}: is one of them mistyped?")
    stem = digits[:-1] if len(digits) == _ISBN_13 else f"978{digits[:-1]}"
    return Identifier(SourceKind.ISBN, f"isbn:{stem}{_check_digit(stem)}", found[2].strip())


def _check_digit(stem: str) -> str:
    """Of nine digits, weights 10 to 2 modulo 11, ten written X; of twelve, weights 1 and 3 in turn modulo 10."""
    if len(stem) == _ISBN_10 - 1:
        return "0123456789X"[-sum(weight * int(d) for weight, d in zip(range(10, 1, -1), stem, strict=True)) % 11]
    return str(-sum((1, 3)[i % 2] * int(d) for i, d in enumerate(stem)) % 10)


def _url(text: str) -> Identifier | None:
    scheme = _SCHEME.match(text)
    if scheme is None:
        if text.lower().startswith("www."):
            raise _refused(text, "a web address is given whole, from https:// on")
        return None
    if scheme[0].lower() not in ("http:", "https:"):
        if " " in text:
            return None
        raise _refused(text, f"a web address begins with https:// or http://, not with {_shown(scheme[0])}")
    if _CREDENTIALS.match(text):  # first, so that no other message repeats them
        raise InvalidIdentifierError("this web address holds a user name or a password: leave them out, for a ledger is handed on")
    if " " in text:
        raise _refused(text, "a web address has no spaces (%20 stands for one); free text follows note:")
    return Identifier(SourceKind.URL, _canonical_url(text), text)


def _canonical_url(text: str) -> str:
    """RFC 3986, 6.2.2 and 6.2.3, and no more: order and spelling of a query may matter to its server, and an archive's address holds another."""
    try:
        parts = urlsplit(text)
        host, port = _canonical_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise _refused(text, f"it is no web address: {_shown(str(error))}") from error
    if "@" in parts.netloc:
        raise InvalidIdentifierError(
            f"the address at {_shown(host)} holds a user name or a password: leave it out, the ledger is handed on"
        )
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    held = re.search("https?:/", parts.path)
    query = parts.query if held else "&".join(p for p in parts.query.split("&") if not _TRACKER.match(p))
    return SplitResult(parts.scheme, netloc, _canonical_escapes(parts.path) or "/", _canonical_escapes(query), "").geturl()


def _canonical_host(host: str) -> str:
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    ascii_host = host.removesuffix(".").encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(ascii_host):
        raise ValueError("it names no host")
    return ascii_host


def _canonical_escapes(part: str) -> str:
    def spelled(escape: re.Match[str]) -> str:
        """Undo the escape of what needs none; a lone per cent sign becomes one."""
        if len(escape[0]) == 1:
            return "%25"
        character = chr(int(escape[0][1:], 16))
        return character if character.isascii() and (character.isalnum() or character in "-._~") else escape[0].upper()

    return quote(_PERCENT.sub(spelled, part), safe=_URL_SAFE)


def _file(path: str, text: str) -> Identifier | None:
    """By its looks alone: with spaces in it only where it starts as paths do or ends as documents do, for free text has spaces too."""
    suffix = PurePath(path).suffix
    if " " in text:
        like_path = bool(_PATH_START.match(path)) or suffix.lower() in _DOCUMENT_SUFFIXES
    else:
        like_path = "/" in path or "\\" in path or bool(_SUFFIX.fullmatch(suffix))
    return Identifier(SourceKind.FILE, "", path) if like_path else None


def _refuse_long(text: str, name: str) -> None:
    if len(name.encode()) > MAX_CANONICAL_BYTES:
        raise _refused(text, f"it is longer than {MAX_CANONICAL_BYTES} bytes: shorten it, and keep the rest with --note")


def _refused(text: str, why: str) -> InvalidIdentifierError:
    return InvalidIdentifierError(f"{_shown(text)} cannot be stored as a source: {why}")


def _shown(text: str) -> str:
    shown = one_line(text[:_SHOWN])
    return f'"{shown}..."' if len(text) > _SHOWN else f'"{shown}"'
