"""The docs say what is so: generated pages are current, the README's walk works as printed, every link and command exists."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from verify.cli import main
from verify.cli.describe import commands_markdown
from verify.store.describe import schema_markdown

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "data" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def walk() -> list[tuple[list[str], list[str]]]:
    """The README's console blocks: each command with the lines printed under it."""
    steps: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((shlex.split(line[2:]), []))
            elif line:
                steps[-1][1].append(line)
    return steps


@pytest.mark.parametrize(
    ("page", "made"), [("docs/commands.md", commands_markdown), ("docs/schema.md", schema_markdown)], ids=["commands", "schema"]
)
def test_generated_pages_are_current(page, made):
    """`make docs` writes them."""
    assert (ROOT / page).read_text(encoding="utf-8") == made()


def test_the_walk_of_the_readme_works_as_printed(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERIFY_DB", str(tmp_path / "verify.db"))
    monkeypatch.setenv("VERIFY_REVIEWER", "Ada")
    monkeypatch.setenv("VERIFY_OFFLINE", "1")
    steps = walk()

    for command, printed in steps:
        assert command[0] == "verify"
        assert main(command[1:]) == 0, (command, capsys.readouterr().err)
        said = capsys.readouterr()
        assert [line for line in printed if line not in said.out + said.err] == []
    assert len(steps) >= 8
    assert "failed verification" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    local = [
        target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target and not target.startswith("#")
    ]

    assert [target for target in local if not (page.parent / target).exists()] == []


def test_make_targets_of_the_docs_exist():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"`make (\w+)`|^make (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name in name
        if name
    }

    assert named
    assert named - targets == set()
