"""What the frequent templates print, a function a role; which template has which role stands in `templates.json`."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from verify.model import BlockKind

from .arguments import arguments, listed, value_of
from .lists import tables
from .measures import converted, grouped_digits
from .page import InText, Page, Pages, Short, Use
from .short_notes import ShortNote, short_note, short_notes
from .signs import BLOCK

Handler = Callable[[Page, str, str], str]
"""From the page, the template's folded name, and its arguments as written, to the text that it prints."""

_ROMAN_OR_NUMBER = re.compile(r"[\w–-]+")


def _nothing(_page: Page, _name: str, _written: str) -> str:
    return ""


def _argument(*names: str) -> Handler:
    def printer(_page: Page, _name: str, written: str) -> str:
        """Give the first of the arguments that is not empty."""
        return value_of(arguments(written), *names)

    return printer


def _last(_page: Page, _name: str, written: str) -> str:
    return (list(listed(arguments(written))) or [""])[-1].strip()


def _joined(between: str) -> Handler:
    def printer(_page: Page, _name: str, written: str) -> str:
        """Join the arguments."""
        return between.join(value.strip() for value in listed(arguments(written)))

    return printer


def _parted(_page: Page, _name: str, written: str) -> str:
    """A list in one line: its items, bullets off."""
    lines = (line.lstrip("*#: ").strip() for value in listed(arguments(written)) for line in value.split("\n"))
    return ", ".join(filter(None, lines))


def _columns(_page: Page, _name: str, written: str) -> str:
    """A list that is only set in columns."""
    return f"\n{_last(_page, _name, written)}\n"


def _angled(_page: Page, _name: str, written: str) -> str:
    """Letters as letters, between angle brackets."""
    return f"⟨{value_of(arguments(written), '1')}⟩"


def _quote(page: Page, _name: str, written: str) -> str:
    """A block of its own. Whom it is by goes, but a footnote there is about the quotation."""
    values = arguments(written)
    key = next((key for key in ("text", "quote", "1", "zitat", "texte", "texto", "testo") if values.get(key, "").strip()), "1")
    rest = "".join(page.marks_of(value) for other, value in values.items() if other != key)
    return f"\n{BLOCK}quote\n{values.get(key, '').strip()}{rest}\n{BLOCK}/quote\n"


def _hatnote(page: Page, name: str, written: str) -> str:
    words = ", ".join(value.strip() for value in listed(arguments(written)) if value.strip())
    return page.beside(BlockKind.HATNOTE, words if name in ("hatnote", "rellink", "dablink") else f"{name}: {words}")


def _as_of(_page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    year, month, day = (value_of(values, place) for place in "123")
    months = tables()["months"]
    month = months[int(month) - 1] if month.isdecimal() and 1 <= int(month) <= len(months) else month
    words = value_of(values, "alt") or ("Since" if value_of(values, "since") else "As of") + "\xa0" + " ".join(
        filter(None, (day, month, year))
    )
    return words[:1].lower() + words[1:] if value_of(values, "lc") else words


def _about_when(before: str) -> Handler:
    def printer(_page: Page, _name: str, written: str) -> str:
        """Print the years after the abbreviation."""
        years = [value.strip() for value in listed(arguments(written)) if value.strip()]
        return f"{before}\xa0{'–'.join(years[:2])}" if years else before

    return printer


def _fraction(_page: Page, _name: str, written: str) -> str:
    parts = [value.strip() for value in listed(arguments(written))]
    if len(parts) > 2:  # noqa: PLR2004 - a whole, a numerator, a denominator
        return f"{parts[0]} {parts[1]}⁄{parts[2]}"
    return "⁄".join(parts) if len(parts) > 1 else f"1⁄{parts[0]}" if parts else ""


def _convert(_page: Page, _name: str, written: str) -> str:
    return converted(arguments(written))


def _val(_page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    text = "–".join(grouped_digits(value.strip()) for value in listed(values))
    power, unit = value_of(values, "e"), value_of(values, "ul", "u")
    return text + (f"×10^{power}" if power else "") + (f" {unit}" if unit else "")


def _power(_page: Page, _name: str, written: str) -> str:
    return f"×10^{value_of(arguments(written), '1')}"


def _digits(_page: Page, name: str, written: str) -> str:
    return grouped_digits(value_of(arguments(written), "1") if written else name)


def _enclosed(opening: str, closing: str) -> Handler:
    """Sounds between brackets or slashes; put aside, since they look like links and lists."""

    def printer(page: Page, _name: str, written: str) -> str:
        """Print the sounds, without file names and codes of languages."""
        sounds = [
            value
            for value in listed(arguments(written))
            if not re.fullmatch(r"(?:lang|pron|us|uk|also|[a-z]{2}|\S+\.(?:ogg|wav|oga))", value.strip())
        ]
        text = page.plain("".join(sounds[:1] if opening == "[" else sounds)).strip()
        return page.literal(text if text.startswith(("[", "/")) else f"{opening}{text}{closing}") if text else ""

    return printer


def _in_language(_page: Page, name: str, written: str) -> str:
    """`{{lang-ru|…|…}}` and `{{langx|ru|…}}`: the language's name, the words, how they are romanised or what they mean."""
    values = arguments(written)
    code, *words = [name.partition("-")[2], *listed(values)] if "-" in name else [*listed(values)] or [""]
    language = "" if value_of(values, "label") == "none" else tables()["languages"].get(code, "")
    words = [
        word.strip() for word in (*words, value_of(values, "text"), value_of(values, "translit"), value_of(values, "lit")) if word.strip()
    ]
    return (f"{language}: " if language else "") + ", ".join(words[:3])


def _nihongo(_page: Page, _name: str, written: str) -> str:
    words = [value.strip() for value in listed(arguments(written))][:3]
    inside = ", ".join(word for word in words[1:] if word)
    return f"{words[0]} ({inside})".strip() if inside else words[0] if words else ""


def _sic(page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    words = "".join(listed(values)).strip()
    return (
        words
        if value_of(values, "hide", "nolink") in ("y", "yes") and value_of(values, "hide")
        else f"{words} {page.literal('[sic]')}".strip()
    )


def _signed(after: str) -> Handler:
    """A sign or an abbreviation before the value: "US$5 million", "p. 5", "doi:10.1000/1"."""

    def printer(_page: Page, name: str, written: str) -> str:
        """Print the sign that the name stands for, then the value."""
        value = value_of(arguments(written), "1")
        return f"{tables()['signs'].get(name, name)}{value}{after}" if value else ""

    return printer


def _ship(_page: Page, name: str, written: str) -> str:
    return f"{name.upper()} {value_of(arguments(written), '1')}"


def _ship_typed(_page: Page, _name: str, written: str) -> str:
    return " ".join(value.strip() for value in list(listed(arguments(written)))[:2] if value.strip())


def _isbn(_page: Page, _name: str, written: str) -> str:
    return ", ".join(f"ISBN {value.strip()}" for value in listed(arguments(written)) if value.strip())


def _archive(page: Page, _name: str, written: str) -> str:
    """A copy of the page named before it: its address in brackets, as external links have it."""
    values = arguments(written)
    address, date = value_of(values, "url", "1", "archive-url"), value_of(values, "date", "2")
    if not address.lower().startswith(("http", "//")):
        return ""
    if "archive" not in address and (stamp := re.fullmatch(r"\d{8,14}", date)):
        address = f"https://web.archive.org/web/{stamp[0]}/{address}"
    return f"[{address} Archived{f' {page.plain(date)}' if date else ''}]"


def _google_books(_page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    book, title, page_number = value_of(values, "id", "1"), value_of(values, "title", "2"), value_of(values, "page", "pg")
    return (
        f"[https://books.google.com/books?id={book} {title or 'Google Books'}]{f', p. {page_number}' if page_number else ''}"
        if book
        else ""
    )


def _video(_page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    video, title = value_of(values, "id", "1"), value_of(values, "title", "2")
    return f"[https://www.youtube.com/watch?v={video} {title or 'YouTube'}]" if video else ""


def _web_address(_page: Page, name: str, written: str) -> str:
    values = arguments(written)
    address, words = value_of(values, "1", "url"), value_of(values, "2", "name")
    whole = address if "://" in address or not address else f"http://{address}"
    return f"[{whole} {words or address if name in ('url', 'uri') else words or 'Official website'}]" if address else ""


def _note(page: Page, name: str, written: str) -> str:
    """A footnote written as a template: its content, its name and its group as arguments."""
    values = arguments(written)
    group = value_of(values, "group", "groupe", "gruppe").strip("\"'") or tables()["note groups"].get(name, "")
    content = value_of(values, "1", "content", "text", "texte")
    label = " ".join(value_of(values, "name", "nom", "שם").strip("\"'").split())
    return page.same(Use(group, page.footnotes.define(group, label, content))) if content or label else ""


def _tag_function(page: Page, name: str, written: str) -> str:
    """`{{#tag:ref|…|name=…}}`; other tags print what is in them."""
    tag = name.strip().casefold()
    if tag in ("references", "section", "indicator"):
        return ""
    return _note(page, "", written) if tag == "ref" else value_of(arguments(written), "1")


def _uses(page: Page, _name: str, written: str) -> str:
    """`{{r|name|name2|p=5}}`: the numbers of footnotes named elsewhere."""
    values = arguments(written)
    names = [" ".join(name.split()) for name in (*listed(values), value_of(values, "name")) if name.strip()]
    group = value_of(values, "group", "grp", "g")
    places = [
        value_of(values, *((f"p{n}", f"page{n}", f"pp{n}") if n > 1 else ("p", "page", "pp", "pages", "p1", "page1")))
        for n in range(1, len(names) + 1)
    ]
    return "".join(page.same(Use(group, name, page.plain(place))) for name, place in zip(names, places, strict=True))


def _place(page: Page, _name: str, written: str) -> str:
    place = value_of(arguments(written), "1", "p", "page", "pp", "pages", "at", "location")
    return page.aside(Pages(page.plain(place))) if place else ""


def _label(page: Page, _name: str, written: str) -> str:
    """A note of the old kind, `{{ref label|id|a}}`; `{{ref|id}}` counts by itself."""
    values = arguments(written)
    label = page.plain(value_of(values, "2"))
    return page.aside(InText(f"[{label}]", label, "", "")) if label and _ROMAN_OR_NUMBER.fullmatch(label) else ""


def _short(page: Page, notes: list[ShortNote], place: str = "") -> str:
    """A footnote that names works in short; equal ones are one."""
    text = "; ".join(page.aside(Short(note.text, note.anchor)) for note in notes)
    key = "\x05".join(f"{note.label}|{note.place}" for note in notes)
    return page.same(Use("", page.footnotes.define("", f"\x05{key}", f"{text}. {place}".strip()))) if notes else ""


def _short_note(page: Page, _name: str, written: str) -> str:
    values = arguments(written)
    return _short(
        page, [short_note({key: page.plain(value) for key, value in values.items()})], value_of(values, "ps").removeprefix("none")
    )


def _short_notes(page: Page, _name: str, written: str) -> str:
    return _short(page, short_notes({key: page.plain(value) for key, value in arguments(written).items()}))


def _named_in_short(form: str) -> Handler:
    """`{{harvnb}}` prints words; `{{harv}}` and `{{harvtxt}}` cite in the running text, in brackets whole or by the year."""

    def printer(page: Page, _name: str, written: str) -> str:
        """Print authors and year."""
        note = short_note({key: page.plain(value) for key, value in arguments(written).items()})
        if form == "words":
            return page.aside(Short(note.text, note.anchor))
        if form == "bracketed":
            return page.aside(InText(f"({note.text})", note.label, note.anchor, note.place))
        year = f"({note.year}, {note.place})" if note.place else f"({note.year})"
        return f"{note.names} {page.aside(InText(year, note.label, note.anchor, note.place))}"

    return printer


def _anchor_of(_page: Page, _name: str, written: str) -> str:
    return "CITEREF" + "".join("".join(listed(arguments(written))).split())


def _if(_page: Page, name: str, written: str) -> str:
    """`{{#if: test | then | else}}`."""
    values = arguments(written)
    return value_of(values, "1" if name.strip() else "2")


def _words_of_function(_page: Page, name: str, _written: str) -> str:
    return name.strip()


def _title(page: Page, _name: str, _written: str) -> str:
    return page.title


PRINTERS: Mapping[str, Handler] = MappingProxyType(
    {
        "nothing": _nothing,
        "arg 1": _argument("1", "text"),
        "arg 2": _argument("2", "text", "1"),
        "last": _last,
        "joined": _joined(""),
        "hyphenated": _joined("-"),
        "parted": _parted,
        "columns": _columns,
        "angle brackets": _angled,
        "quote": _quote,
        "hatnote": _hatnote,
        "as of": _as_of,
        "circa": _about_when("c."),
        "floruit": _about_when("fl."),
        "reign": _about_when("r."),
        "fraction": _fraction,
        "convert": _convert,
        "val": _val,
        "power": _power,
        "digits": _digits,
        "ipa in brackets": _enclosed("[", "]"),
        "ipa in slashes": _enclosed("/", "/"),
        "nihongo": _nihongo,
        "sic": _sic,
        "currency": _signed(""),
        "ship": _ship,
        "ship typed": _ship_typed,
        "number of": _signed(""),
        "isbn": _isbn,
        "named number": _signed(""),
        "archive": _archive,
        "google books": _google_books,
        "video": _video,
        "web address": _web_address,
        "note": _note,
        "note of a group": _note,
        "uses": _uses,
        "place": _place,
        "label": _label,
        "short note": _short_note,
        "short notes": _short_notes,
        "short name": _named_in_short("words"),
        "short name in brackets": _named_in_short("bracketed"),
        "short name in text": _named_in_short("text"),
        "anchor of": _anchor_of,
        "lang-": _in_language,
        "ipa-": _enclosed("[", "]"),
        "ipac-": _enclosed("/", "/"),
    }
)
"""Roles, and beginnings of names that end in a hyphen, by what they print."""

FUNCTIONS: Mapping[str, Handler] = MappingProxyType(
    {
        "#tag": _tag_function,
        "#if": _if,
        "formatnum": _digits,
        "lc": _words_of_function,
        "uc": _words_of_function,
        "lcfirst": _words_of_function,
        "ucfirst": _words_of_function,
        "displaytitle": _nothing,
        "defaultsort": _nothing,
    }
)
"""Parser functions, by what stands before their colon; they are given what stands after it as their name."""
