"""Cases of extraction as people write them: `>>> case NAME`, why, the source, and under `>>> claims` a line a claim.

The form is told in the README beside the cases; what a source is, and what may stand after its word, each reader's test says itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verify.model import Claim


@dataclass
class Case:
    """A case as written: `parts` are the lines under each `>>>`, `asked` what stands after the word that opens the source."""

    name: str
    asked: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)

    def lines(self, part: str) -> list[str]:
        return [line for line in self.parts.get(part, []) if line.strip()]


def cases_in(folder: Path, source: str) -> Iterator[Case]:
    """Read every case of a folder's `.txt` files; `source` is the word that opens the source."""
    for path in sorted(folder.glob("*.txt")):
        case = part = None
        for line in path.read_text(encoding="utf-8").split("\n"):
            word, _, rest = line.removeprefix(">>> ").partition(" ") if line.startswith(">>> ") else ("", "", "")
            if word == "case":
                if case:
                    yield case
                case, part = Case(f"{path.stem}: {rest}"), "why"
            elif word:
                part = word
                case.asked = rest if word == source else case.asked
            if word:
                case.parts[part] = []
            else:
                case.parts[part].append(line)
        yield case


def expected_claim(line: str):
    """A line under `claims` as its text, what it must carry, and what is looked at only because it is named."""
    text, *fields = line.split(" | ")
    pairs = [one.partition(" ")[::2] for one in fields]
    carried = {word: tuple(name.strip() for name in rest.split(",")) for word, rest in pairs if word in ("cites", "notes", "tags")}
    named = [pair for pair in pairs if pair[0] in ("place", "words", "section", "date", "reason")]
    return text, {**carried, **({"covered": True} if "covered" in fields else {})}, named


def carried_by(claim: Claim):
    """What a claim carries, in the words of a case."""
    everything = {"cites": claim.citation_labels, "notes": claim.note_labels, "tags": claim.tag_names, "covered": claim.covered}
    return {word: value for word, value in everything.items() if value}


def seen(claim: Claim, word: str, rest: str):
    """What a claim shows of a thing that a case names: its section, its tag's date or reason, or the place or the words of one citation."""
    if word == "section":
        return claim.section
    if word in ("date", "reason"):
        return getattr(claim.tags[0], word)
    label = rest.partition(": ")[0]
    shown = [c.locator if word == "place" else claim.text[c.covers_start : c.covers_end] for c in claim.citations if c.label == label]
    return next((f"{label}: {one}" for one in shown if f"{label}: {one}" == rest), f"{label}: {shown}")
