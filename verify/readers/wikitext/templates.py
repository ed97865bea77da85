"""What templates print: notes and tags become stand-ins, those that only format give their words, boxes and unknown ones go.

A wiki has a hundred thousand templates, and their code is not in the page. So the frequent ones are listed by what they do, in
`templates.json`; there a name is added without touching code. Of an unknown template only the footnotes inside it are kept.
"""

import re
from functools import lru_cache, partial

from verify.model import BlockKind
from verify.readers.citation_templates import may_cite, type_of, work_of
from verify.tags import Tag, tag_template

from .arguments import Arguments, arguments, listed, value_of
from .lists import namespaces, roles, tables
from .page import Page, Tagged
from .printing import FUNCTIONS, PRINTERS, Handler
from .signs import BAR, GONE

_LONGEST_NAME = 200
_DATES = ("date", "datum", "data", "fecha", "дата", "dato", "month", "تاريخ", "日期", "время")
_REASONS = ("reason", "grund", "raison", "razón", "motivo", "motief", "powód", "причина", "comment", "talk", "1")
_DIGITS_OF_A_YEAR = 4
_DATE_LIKE = re.compile(r"(?:(?:\d{1,2}|[^\W\d_]{2,12})[\s.,/年月-]{0,3}){0,4}\d{4}[年.]?(?:[-/]?\d{1,2}[-/月]\d{1,2}日?)?")
_LONGEST_DATE = 40
_AROUND_TEXT = re.compile(r"(?:^|[ -])(?:span|range|passage)$|範囲$|范围$|範圍$")


def expand_template(content: str, page: Page) -> str:
    """Give what a template prints; `content` is what stands between its braces, everything inside expanded already."""
    bar = content.find("|")
    name, written = (content[:bar], content[bar + 1 :]) if bar >= 0 else (content, "")
    folded, handler = _handler(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME], page.language)
    return handler(page, folded, written)


@lru_cache(maxsize=20_000)
def _handler(name: str, language: str) -> tuple[str, Handler]:
    """Find out what a template does, by its name as written; gives its folded name as well."""
    folded = " ".join(name.replace("_", " ").split()).casefold().replace("’", "'")
    prefix, colon, rest = folded.partition(":")
    if colon and (prefix in ("subst", "safesubst") or namespaces().get(prefix) == "template"):
        folded, prefix = rest.strip(), rest.partition(":")[0]
    if colon and prefix in FUNCTIONS:
        return name.partition(":")[2], FUNCTIONS[prefix]
    return folded, _listed(folded) or _tagging(folded, language) or _by_beginning(folded)


def _listed(name: str) -> Handler | None:
    """What is listed by its whole name: a constant, a role, or a citation template."""
    if (constant := tables()["constants"].get(name)) is not None:
        return partial(_constant, constant)
    if role := roles().get(name):
        return PRINTERS[role]
    return partial(_work, kind) if (kind := type_of(name)) else None


def _tagging(name: str, language: str) -> Handler | None:
    tag = tag_template(name, language)
    return partial(_banner if tag.scope == "section" else _tag, tag, language) if tag else None


def _by_beginning(name: str) -> Handler:
    """What the beginning of a name says: a citation template, or a family ("lang-", "ipa-"); else it is unknown."""
    if may_cite(name):
        return partial(_work, "document")
    return next((printer for start, printer in PRINTERS.items() if start.endswith("-") and name.startswith(start)), _unknown)


def _constant(text: str, page: Page, _name: str, _written: str) -> str:
    """Words that always are the same; a bar and signs of markup are put aside, so that they stay what they are."""
    return BAR if text == "|" else page.literal(text) if text and not text.isalnum() and not text.isspace() else text


def _unknown(page: Page, _name: str, written: str) -> str:
    """Keep the footnotes of a template that is not known: on their line where it stands in one, else beside the text, as what it draws is."""
    marks = page.marks_of(written)
    if not marks or "\n" not in written:
        return marks or GONE
    values = (part.partition("=")[2] or part for part in written.split("|") if page.marks_of(part))
    return page.beside(BlockKind.TABLE, "\n".join(" ".join(value.split()) for value in values))


def _work(kind: str, page: Page, _name: str, written: str) -> str:
    work = work_of(kind, written, page.plain)
    if work.anchor:
        page.works.setdefault(work.anchor, work)
    return page.aside(work)


def _tag(tag: Tag, language: str, page: Page, name: str, written: str) -> str:
    """A cleanup tag, after the words that it is put around, if it is."""
    values = arguments(written)
    around = value_of(values, "text", "1") if _stands_around(name, tag) else ""
    words = around if around and not _is_date(around) else ""
    reason = value_of(values, *_REASONS)
    if reason == words or reason.isdecimal() or _is_date(reason):
        reason = ""
    return words + page.aside(Tagged(tag.name, _printed(tag, language), _date(values), page.plain(reason)))


def _banner(tag: Tag, language: str, page: Page, name: str, written: str) -> str:
    """A cleanup tag for a section or a page, which is drawn as a box above it."""
    return page.beside(BlockKind.HATNOTE, _tag(tag, language, page, name, written) + page.marks_of(written))


def _stands_around(name: str, tag: Tag) -> bool:
    """Whether a tag is put around the words it is about: by its name, or since only wikis have the name whose tags all are."""
    if _AROUND_TEXT.search(name):
        return True
    codes = {code for code, forms in tag.forms.items() if any(name == form.casefold() for form in forms.templates)}
    return bool(codes) and codes <= frozenset(tables()["tags around text"])


def _date(values: Arguments) -> str:
    """The date of a tag: named; or a value without a name that looks like one; or day, month and year in a value each."""
    places = [value.strip() for value in listed(values)]
    numbers = [value for value in places if value.isdecimal()]
    if len(numbers) > 1 and any(len(number) == _DIGITS_OF_A_YEAR for number in numbers):
        return "-".join(numbers)
    return value_of(values, *_DATES) or next((value for value in places if _is_date(value)), "")


def _is_date(text: str) -> bool:
    words = text.strip()
    return len(words) <= _LONGEST_DATE and bool(_DATE_LIKE.fullmatch(words))


def _printed(tag: Tag, language: str) -> str:
    """What a tag prints between its brackets, in the language of the page where that is known."""
    forms = tag.forms.get(language)
    return forms.printed[0].replace(" #", "") if language != "en" and forms and forms.printed else tag.name
