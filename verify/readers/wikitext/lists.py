"""What is known of templates and of prefixes of links, as `templates.json` lists it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def tables() -> Mapping[str, Any]:
    """All lists, by their names in the file."""
    read: Mapping[str, Any] = json.loads(files("verify.readers.wikitext").joinpath("templates.json").read_text(encoding="utf-8"))
    return read


@cache
def roles() -> Mapping[str, str]:
    """What each template does, by its folded name."""
    return {name: role for role, names in tables()["roles"].items() for name in names}


@cache
def namespaces() -> Mapping[str, str]:
    """What a prefix stands for ("file", "category", "template"), by the folded prefix in any language."""
    return {name.casefold(): kind for kind, names in tables()["namespaces"].items() for name in names}
