"""The rack of scorers: ours by name, those of other packages by entry point."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from verify.errors import UsageError
from verify.evidence import scorers
from verify.evidence.scorers import SCORERS, scorer_named, scorer_names
from verify.evidence.source import SourceText
from verify.model.assessment import Assessment, Verdict


@pytest.mark.parametrize("name", SCORERS)
def test_every_scorer_of_the_rack_assesses(name):
    scorer = scorer_named(name)

    found = scorer.assess(
        "The bridge is long.", SourceText.of("The bridge is long. It is old."), title="Bridge", section="Size", context="It is old."
    )

    assert (found.scorer, found.version) == (scorer.name, scorer.version)
    assert found.scorer == name


def test_an_unknown_name_is_told_with_those_known():
    with pytest.raises(UsageError, match=r"there is no scorer 'oracle'; there are: embedded"):
        scorer_named("oracle")


class Silent:
    name, version = "silent", "7"

    def assess(self, _claim, _source, **_surroundings):
        return Assessment(self.name, self.version, Verdict.NOT_FOUND, 0.0, why="says nothing")


def silent():
    return Silent()


@pytest.fixture
def plugin(monkeypatch):
    point = EntryPoint("silent", f"{__name__}:silent", scorers.PLUGINS)
    monkeypatch.setattr(EntryPoint, "load", lambda _self: silent)
    monkeypatch.setattr(scorers, "entry_points", lambda **query: EntryPoints([point]).select(**query))


@pytest.mark.usefixtures("plugin")
def test_a_scorer_of_another_package_is_found_by_its_entry_point():
    assert scorer_names() == [*SCORERS, "silent"]
    assert scorer_named("silent").version == "7"


def test_a_plugin_cannot_stand_in_for_one_of_ours(monkeypatch):
    point = EntryPoint("embedded", f"{__name__}:silent", scorers.PLUGINS)
    monkeypatch.setattr(scorers, "entry_points", lambda **query: EntryPoints([point]).select(**query))

    assert scorer_named("embedded").name == "embedded"
    assert scorer_names() == [*SCORERS]
