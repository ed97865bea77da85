"""People and bodies in CSL: particles told from family names, and names as "Family, Given" lists write them.

The convention for particles is the one of CSL's processors: small words before a family name stay with it ("van der Berg, Jan", non-dropping),
those after a given name leave it in lists ("Humboldt, Alexander von", dropping).
"""

import re
from collections.abc import Mapping

Name = dict[str, str]
_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal")
_FLAGS = ("comma-suffix", "static-ordering", "parse-names")
_ELIDED = re.compile(r"([^\W\d_]{1,3}['’-])(?=[^\W\d_])")
_BY = re.compile(r"(?:written )?by:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:and|und|et|y|&)\s+|\s*;\s*")
_BODY = frozenset(
    (
        *("agency", "administration", "alliance", "archive", "association", "authority", "board", "bureau", "centre", "center", "centers"),
        *(
            "collaboration",
            "college",
            "commission",
            "committee",
            "company",
            "congress",
            "consortium",
            "corporation",
            "council",
            "court",
            "desk",
        ),
        *("department", "editors", "federation", "foundation", "fund", "government", "group", "inc", "initiative", "institut", "institute"),
        *(
            "institution",
            "laboratory",
            "library",
            "ltd",
            "magazine",
            "ministry",
            "museum",
            "network",
            "news",
            "newsroom",
            "office",
            "organisation",
        ),
        *(
            "organization",
            "parliament",
            "party",
            "press",
            "program",
            "programme",
            "project",
            "reporters",
            "review",
            "school",
            "service",
            "society",
        ),
        *("staff", "team", "the", "for", "times", "trust", "union", "universität", "université", "university", "of"),
    )
)
_MOST_WORDS = 5
_AND_OTHERS = frozenset({"others", "et al.", "et al"})


def person(family: str, given: str = "", suffix: str = "") -> Name:
    """A person by what a list prints: particles stand before the family name or after the given one."""
    before, family = _particles_before(family)
    given, after = _particles_after(given)
    parts = {"family": family, "given": given, "dropping-particle": after, "non-dropping-particle": before, "suffix": suffix}
    return {name: part for name, part in parts.items() if part}


def inverted(name: Mapping[str, object]) -> tuple[str, str, str]:
    """The family name, the given one and the suffix, each as a list prints it: `person` backwards."""
    particle, family = _part(name, "non-dropping-particle"), _part(name, "family")
    glue = "" if particle.endswith(("'", "’", "-")) else " "
    given = " ".join(filter(None, (_part(name, "given"), _part(name, "dropping-particle"))))
    return (f"{particle}{glue}{family}" if particle else family), given, _part(name, "suffix")


def name_of(value: object) -> dict[str, object]:
    """Give what a CSL-JSON item has for a name in the form of its schema; empty where it says nothing. Text is "Family, Given" or a body."""
    if isinstance(value, str):
        return dict(listed(value))
    if not isinstance(value, Mapping):
        return {}
    name: dict[str, object] = {part: _part(value, part) for part in _PARTS if _part(value, part)}
    if not name and _part(value, "name"):
        name = {"literal": _part(value, "name")}  # Crossref and DataCite write bodies so
    flags = {flag: value[flag] for flag in _FLAGS if isinstance(value.get(flag), str | int | bool)}
    return {**name, **flags} if name else {}


def listed(printed: str) -> Name:
    """A name as lists without markup write it: "Family, Given", "Family, Given, Suffix", "Family,", and a body without a comma, with one
    behind it, or with two in a row for its first (EndNote's forms)."""
    printed = " ".join(printed.split())
    if ",," in printed:
        return {"literal": printed.replace(",,", ",", 1)}
    family, comma, rest = (part.strip() for part in printed.partition(","))
    if not comma or not family:
        return {"literal": printed} if printed else {}
    if not rest:
        alone = person(family)
        return {"literal": family} if " " in alone["family"] else alone
    given, _, suffix = (part.strip() for part in rest.partition(","))
    return person(family, given, suffix)


def list_form(name: Mapping[str, object]) -> str:
    """Write a name so that `listed` reads it again."""
    if body := _part(name, "literal"):
        return body.replace(",", ",,", 1)
    family, given, suffix = inverted(name)
    parts = [part.replace(",", " ") for part in (family, given, suffix)]
    while parts and not parts[-1]:
        parts.pop()
    return f"{family}," if len(parts) == 1 else ", ".join(parts)


def means_others(printed: str) -> bool:
    """Whether a name of a list says that there are more."""
    return printed.strip().lower() in _AND_OTHERS


def family_of(name: object) -> str:
    """What a name is cited by: the family name without particles, or the body."""
    return _part(name, "family") or _part(name, "literal") if isinstance(name, Mapping) else ""


def _part(name: Mapping[str, object], part: str) -> str:
    value = name.get(part)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _particles_before(family: str) -> tuple[str, str]:
    """The small words before a family name, also those that stick to it ("d'Alembert"), and the name; none where no capital follows them."""
    words = family.split()
    small = next((at for at, word in enumerate(words) if not word[:1].islower() or _sticking(word)), len(words))
    if small == len(words):
        return "", family
    first = words[small]
    stuck = _sticking(first)
    if not first[len(stuck)].isupper():
        return "", family
    return " ".join(filter(None, (*words[:small], stuck))), " ".join((first[len(stuck) :], *words[small + 1 :]))


def _sticking(word: str) -> str:
    found = _ELIDED.match(word) if word[:1].islower() else None
    return found[1] if found and word[found.end()].isupper() else ""


def _particles_after(given: str) -> tuple[str, str]:
    words = given.split()
    end = len(words)
    while end > 1 and words[end - 1][:1].islower() and words[end - 1].rstrip("'’").isalpha():
        end -= 1
    return (" ".join(words[:end]), " ".join(words[end:])) if words and words[end - 1][:1].isupper() else (given, "")


def byline(printed: str) -> list[Name]:
    """The people and bodies that a byline names: "By Jane Doe, Ann Lee and John van der Berg", "Smith, John", "World Health Organization"."""
    words = _BY.sub("", " ".join(printed.split()))
    if not words or words.lower().startswith(("http://", "https://")):
        return []
    parts = words.split(";") if _names_body(words) else _BETWEEN.split(words)
    names = [name for part in parts for name in (part.split(",") if _lists_people(part) else [part])]
    return [name for one in names if (name := one_name(one))]


def one_name(printed: str) -> Name:
    """One name, "Smith, John" or "John Smith"; a body where a word says so, or nothing but one word or capitals stands there."""
    words = printed.split()
    printed = " ".join(words)
    if not words or ("," in printed and not _names_body(printed)):
        return listed(printed)
    if len(words) == 1 or len(words) > _MOST_WORDS or printed.isupper() or _names_body(printed):
        return {"literal": printed}
    small = next((at for at, word in enumerate(words[:-1]) if at and word[:1].islower()), len(words) - 1)
    return person(" ".join(words[small:]), " ".join(words[:small]))


def _names_body(printed: str) -> bool:
    return not _BODY.isdisjoint(word.strip(".,").lower() for word in printed.split())


def _lists_people(printed: str) -> bool:
    """Whether commas stand between people: then each part is a whole name."""
    return all(len(part.split()) > 1 for part in printed.split(","))
