"""What a page says of itself beside its text: its title, that it is not free to read, or that what was asked for is not there.

A server may answer 200 with a page that says "not found", or send every lost address to its front page. Only plain signs count: the whole of a part
of the title, or the address itself, says so; words in the text do not, for pages speak of many things.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from verify.errors import ReadError
from verify.readers.html.bytes import decode_page
from verify.readers.html.guard import refuse_explosive

_TITLE_PARTS = re.compile(r"\s[-–—]+\s|[|·•»:]")
_WORD = re.compile(r"[^\W_]+")
_LOST_NUMBER = "404"
_FILLING = frozenset(
    f"{_LOST_NUMBER} http status code error erreur fehler errore erro ошибка oops uh oh sorry we re are the this that your requested you looking for but la die"
    " was is could can be been has page".split()
)
"""Words that say nothing by themselves: what is left of a title part without them has to be one of the phrases, or it is nothing but 404."""
_LOST_PHRASES = frozenset(
    (
        *(
            "not found",
            "cannot found",
            "t found",
            "no longer available",
            "not available",
            "no longer exists",
            "does not exist",
            "doesn t exist",
        ),
        *("file not found", "article not found", "document not found", "content not found", "url not found", "resource not found"),
        *("seite nicht gefunden", "seite wurde nicht gefunden", "nicht gefunden", "introuvable", "non trouvée", "página no encontrada"),
        *("no encontrada", "página não encontrada", "pagina non trovata", "pagina niet gevonden", "nie znaleziono strony"),
        *("strona nie została znaleziona", "sidan hittades inte", "siden blev ikke fundet", "sivua ei löytynyt", "stránka nenalezena"),
        *("страница не найдена", "не найдено", "сторінку не знайдено", "sayfa bulunamadı", "الصفحة غير موجودة", "דף לא נמצא"),
        *(
            "页面不存在",
            "页面未找到",
            "找不到页面",
            "找不到網頁",
            "ページが見つかりません",
            "ページが見つかりませんでした",
            "페이지를 찾을 수 없습니다",
        ),
    )
)
_LONGEST_TITLE = 200
_LOST_PATH = re.compile(r"(?:^|/)(?:(?:error|page)[-_/]?)?(?:404|not[-_]?found)(?:[-_]?(?:error|page))?(?:\.\w{2,5})?/?$", re.IGNORECASE)
_ON_THE_MATTER = re.compile(r"404|not[-_]?found", re.IGNORECASE)
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_NOT_FREE = frozenset({"false", "http://schema.org/false", "https://schema.org/false"})
_FREE = frozenset({"true", "http://schema.org/true", "https://schema.org/true"})
_FIELD = "isAccessibleForFree"
_MOST_NODES = 200
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class PageSigns:
    """A page's title, and whether it says that it is free to read (schema.org `isAccessibleForFree`); None where it does not say."""

    title: str = ""
    is_free: bool | None = None


def signs_of(data: bytes, media_type: str) -> PageSigns:
    """Read the signs in a page's head; none of what is no page or cannot be read as one."""
    if media_type.partition(";")[0].strip().lower() not in _PAGES:
        return PageSigns()
    from selectolax.lexbor import LexborHTMLParser

    try:
        html = decode_page(data).text
        refuse_explosive(html)
    except ReadError:
        return PageSigns()
    page = LexborHTMLParser(html)
    title = page.css_first("head title")
    said = [_freedom(value) for script in page.css('script[type="application/ld+json"]') for value in _stated(script.text())]
    said += [_freedom(meta.attributes.get("content")) for meta in page.css(f'meta[itemprop="{_FIELD}"]')]
    is_free = False if False in said else True if True in said else None
    return PageSigns(" ".join(title.text().split()) if title else "", is_free)


def _stated(script: str) -> Iterator[Any]:
    """What the page's own items say (not those inside them, which describe parts of it or the works it belongs to)."""
    try:
        waiting = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node.get(_FIELD)
            waiting.extend(node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node)


def _freedom(value: object) -> bool | None:
    """As schema.org's booleans are written: JSON's own, a word, or an address."""
    word = str(value).strip().lower()
    return False if word in _NOT_FREE else True if word in _FREE else None


def not_found_why(title: str, asked: str, reached: str) -> str:
    """Why a page that came with status 200 from `reached`, when `asked` was asked for, is not it; empty where nothing says so."""
    try:
        before, after = urlsplit(asked), urlsplit(reached)
    except ValueError:
        return ""
    if _ON_THE_MATTER.search(before.path):
        return ""  # a page on the matter, which is what was wanted
    if found := _lost_part(title):
        return f'the page is titled "{found}"'
    if _LOST_PATH.search(after.path):
        return "it leads to a page for what is not found"
    if _is_front(after.path, after.query) and not _is_front(before.path, before.query):
        return "it leads to the front page of the site"
    return ""


def _lost_part(title: str) -> str:
    """The part of a title that says nothing but that something is not found."""
    parts = _TITLE_PARTS.split(title) if len(title) <= _LONGEST_TITLE else ()
    return next((part.strip() for part in parts if _says_lost(part)), "")


def _says_lost(part: str) -> bool:
    words = _WORD.findall(part.lower())
    left = " ".join(word for word in words if word not in _FILLING)
    return left in _LOST_PHRASES or " ".join(words) in _LOST_PHRASES or (not left and _LOST_NUMBER in words)


def _is_front(path: str, query: str) -> bool:
    return not query and _FRONT.fullmatch(path) is not None
