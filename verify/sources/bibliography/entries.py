"""What a bibliography holds: its entries as CSL-JSON items, and those that could not be read to their end, which are kept as they are written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its key, its CSL-JSON item (schema 1.0.2; what the schema has no name for is under "custom"), and the entry as it is written."""

    key: str
    csl: Mapping[str, object]
    raw: str


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """An entry that could not be read to its end: its key where it has one, the line that it begins on, what is written and what is wrong with it.
    `csl` is what could be read of it, empty where nothing could."""

    key: str
    line: int
    raw: str
    why: str
    csl: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entries:
    """A bibliography, in its order. Two entries of one key are both here. `remarks` are lines for the user (the encoding taken)."""

    entries: tuple[Entry, ...]
    broken: tuple[BrokenEntry, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def doubled(self) -> tuple[str, ...]:
        """The keys that several entries have."""
        counted = Counter(entry.key for entry in self.entries)
        return tuple(key for key, count in counted.items() if count > 1)
