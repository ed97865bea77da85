r"""Lists of names in BibTeX: "First von Last", "von Last, First", "von Last, Jr, First", bodies in braces, biblatex's "family=..., given=...".

Braces keep what they hold together: "{Barnes and Noble}" is one name, and a family name in braces has no particle.
"""

import re
from collections.abc import Mapping

from .latex import latex, words
from .names import Name, inverted, means_others, person

_OR_BRACES = r"\\.|[{}]|(?P<apart>"
_AND = re.compile(rf"{_OR_BRACES}\s+and(?=\s)\s*)", re.IGNORECASE | re.DOTALL)
_COMMA = re.compile(rf"{_OR_BRACES}\s*,\s*)", re.DOTALL)
_SPACE = re.compile(rf"{_OR_BRACES}[\s~]+)", re.DOTALL)
"""What parts a list, a name and its words, and the braces inside which it does not."""
_EXTENDED = re.compile(r"\s*\"?(family|given|prefix|suffix)\s*=\s*(.*?)\"?\s*", re.IGNORECASE | re.DOTALL)
_EXTENDED_PARTS = {"family": "family", "given": "given", "prefix": "non-dropping-particle", "suffix": "suffix"}


def read_names(written: str) -> list[Name]:
    """The names of a field, `{"literal": "others"}` among them where it ends so."""
    return [name for printed in _split(" ".join(written.split()), _AND) if (name := read_name(printed))]


def read_name(written: str) -> Name:
    """One name."""
    written = " ".join(written.split())
    if means_others(written):
        return {"literal": "others"}
    if _is_group(written):
        body = words(written)
        return {"literal": body} if body else {}
    parts = _split(written, _COMMA)
    if len(parts) == 1:
        return _forward(written)
    if extended := _extended(parts):
        return extended
    family, suffix, given = parts[0], parts[1] if len(parts) > 2 else "", ", ".join(parts[2:] or parts[1:])  # noqa: PLR2004 - "von Last, Jr, First"
    return _person(family, given, words(suffix))


def write_names(people: object, *, others: bool = False) -> str:
    """Write the names of an item so that `read_names` reads them again."""
    named = [write_name(name) for name in people if isinstance(name, Mapping)] if isinstance(people, list) else []
    return " and ".join([*filter(None, named), *(["others"] if others else [])])


def write_name(name: Mapping[str, object]) -> str:
    """Write one name; parts in braces where they would be read as something else without."""
    if body := name.get("literal"):
        return f"{{{latex(str(body))}}}"
    family, given, suffix = map(latex, inverted(name))
    meant = {part: " ".join(str(value).split()) for part, value in name.items() if isinstance(value, str) and value}
    plain = _joined(family, suffix, given)
    if " and " not in f" {plain} ".lower() and read_name(plain) == meant:
        return plain
    particle, bare = name.get("non-dropping-particle"), latex(str(name.get("family", "")))
    if not particle:
        return _joined(f"{{{bare}}}", f"{{{suffix}}}" if suffix else "", f"{{{given}}}" if given else "")
    extended = {"family": bare, "given": latex(str(name.get("given", ""))), "prefix": latex(str(particle)), "suffix": suffix}
    return ", ".join(f"{part}={{{value}}}" for part, value in extended.items() if value)


def _joined(family: str, suffix: str, given: str) -> str:
    return f"{family}, {suffix}, {given}" if suffix else f"{family}, {given}" if given else family


def _extended(parts: list[str]) -> Name:
    found = [_EXTENDED.fullmatch(part) for part in parts]
    named = {_EXTENDED_PARTS[part[1].lower()]: words(part[2]) for part in found if part}
    return {name: value for name, value in named.items() if value} if len(named) == len(parts) else {}


def _forward(written: str) -> Name:
    """A name without a comma: the family name is the last word, and what begins small stands before it as its particle."""
    parts = _split(written, _SPACE)
    small = next((at for at, part in enumerate(parts[:-1]) if at and _is_small(part)), len(parts) - 1)
    return _person(" ".join(parts[small:]), " ".join(parts[:small]))


def _person(family: str, given: str, suffix: str = "") -> Name:
    name = person(words(family), words(given), suffix)
    if _is_group(family):
        name = {"family": words(family), **{part: value for part, value in name.items() if part not in ("family", "non-dropping-particle")}}
    if _is_group(given):
        name = {**{part: value for part, value in name.items() if part != "dropping-particle"}, "given": words(given)}
    return name


def _is_small(part: str) -> bool:
    return words(part)[:1].islower() and not (part.startswith("{") and not part.startswith("{\\"))


def _is_group(written: str) -> bool:
    """Whether one pair of braces holds all of it."""
    if not (written.startswith("{") and written.endswith("}")):
        return False
    depth = 0
    for found in re.finditer(r"\\.|[{}]", written, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end() == len(written)
    return False


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    """Split a text where no brace is open."""
    parts: list[str] = []
    start = depth = 0
    for found in separator.finditer(text):
        if found["apart"] is None:
            depth += {"{": 1, "}": -1}.get(found[0], 0)
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]
