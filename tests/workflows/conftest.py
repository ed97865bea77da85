"""A ledger in a folder of the test's own, and a way to read documents into it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verify.store import Ledger, open_ledger
from verify.workflows.ingest import Ingested, ingest
from verify.workflows.read import Wish, read_document


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with nothing in it, made once, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "verify.db"
    with open_ledger(path, create=True):
        return path


@pytest.fixture
def ledger(empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    with open_ledger(shutil.copy(empty_ledger, tmp_path / "verify.db")) as opened:
        yield opened


@pytest.fixture
def take(ledger: Ledger) -> Callable[..., Ingested]:
    """Read a text into the ledger; keywords are those of `Wish`."""

    def taken(text: str | bytes, place: str = "-", **wish: object) -> Ingested:
        data = text.encode() if isinstance(text, str) else text
        [result] = ingest(ledger, [read_document(place, data, Wish(**wish))], reviewer="ann")
        return result

    return taken
