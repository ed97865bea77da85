"""RACK: scorers, which read a claim against a source and give an Assessment. To add one: a file here and a line in `SCORERS`, or, from another
package, an entry point of the group `verify.scorers` that names a function without parameters that gives a `Scorer`.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol, cast

from verify.errors import UsageError
from verify.evidence.source import SourceText
from verify.model.assessment import Assessment

PLUGINS = "verify.scorers"
"""The group of entry points under which other packages offer scorers."""


class Scorer(Protocol):
    """What reads a claim against a source. `name` and `version` are kept with each assessment; a new version assesses anew."""

    @property
    def name(self) -> str:
        """What `scorer_named` knows it by."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever it may say something else of the same claim and source."""
        ...

    def assess(self, claim: str, source: SourceText, *, title: str = "", section: str = "", context: str = "") -> Assessment:
        """Read `claim` against `source`. `title`, `section` and `context` (the claim's own paragraph) may resolve its pronouns."""
        ...


SCORERS: dict[str, str] = {
    "embedded": "verify.evidence.scorers.embedded:scorer",
}
"""Every scorer of our own by name: the function that gives it, as module:function, imported when it is asked for."""


def scorer_names() -> list[str]:
    """The names that `scorer_named` knows: ours first, then those of plug-ins."""
    return [*SCORERS, *sorted(point.name for point in entry_points(group=PLUGINS) if point.name not in SCORERS)]


def scorer_named(name: str = "embedded") -> Scorer:
    """Give the scorer of this name. Raises `UsageError` where there is none."""
    if name in SCORERS:
        module, _, function = SCORERS[name].partition(":")
        return cast("Callable[[], Scorer]", getattr(import_module(module), function))()
    for point in entry_points(group=PLUGINS, name=name):
        return cast("Callable[[], Scorer]", point.load())()
    raise UsageError(f"there is no scorer {name!r}; there are: {', '.join(scorer_names())}")
