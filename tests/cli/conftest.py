"""The program as its users meet it: in a folder of the test's own, in this process where that is enough, else in one of its own."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from verify.cli import main
from verify.store import open_ledger, trail

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "verify"]


@dataclass(frozen=True)
class Run:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.out)

    @property
    def objects(self) -> list[Any]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Verify = Callable[..., Run]


@pytest.fixture(scope="session")
def quiet_environment(tmp_path_factory) -> dict[str, str]:
    """The environment without anything that a user may have set, and with a reviewer."""
    home = tmp_path_factory.mktemp("home")
    ours = ("VERIFY_", "GIT_", "XDG_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "SOURCE_DATE_EPOCH", "PYTHON")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return {
        **kept,
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "VERIFY_REVIEWER": "ann",
        "VERIFY_OFFLINE": "1",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch, quiet_environment) -> Path:
    """The folder that the user is in."""
    for key in set(os.environ) - set(quiet_environment):
        if not key.startswith("PYTEST"):
            monkeypatch.delenv(key)
    for key, value in quiet_environment.items():
        monkeypatch.setenv(key, value)
    place = tmp_path / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def verify(capfd, monkeypatch) -> Verify:
    """Run a command line in this process; `stdin` are bytes."""

    def run(*arguments: object, stdin: bytes = b"") -> Run:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = main([str(a) for a in arguments])
        return Run(code, *capfd.readouterr())

    return run


@pytest.fixture
def process(desk) -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Run a command line in a process of its own; keywords are those of `subprocess.run`."""

    def run(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[bytes]":
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **({} if "input" in options else {"stdin": subprocess.DEVNULL})}
        return subprocess.run([*PROGRAM, *map(str, arguments)], cwd=desk, check=False, timeout=120, **{**streams, **options})

    return run


@pytest.fixture(scope="session")
def seed(shared) -> Path:
    """The seed: a title and eighteen sentences."""
    return shared / "data" / "seed" / "fall-of-damascus-2024.txt"


@pytest.fixture(scope="session")
def seed_ledger(seed, tmp_path_factory, quiet_environment) -> Path:
    """A ledger that holds the seed, to be copied."""
    return _ledger_of(seed, tmp_path_factory.mktemp("seed"), quiet_environment)


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample document."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def sample_ledger(sample, tmp_path_factory, quiet_environment) -> Path:
    """A ledger that holds the sample document, to be copied."""
    return _ledger_of(sample / "fall-of-damascus.txt", tmp_path_factory.mktemp("sample"), quiet_environment)


def _ledger_of(document: Path, folder: Path, environment: dict[str, str]) -> Path:
    subprocess.run([*PROGRAM, "ingest", str(document)], cwd=folder, env=environment, check=True, capture_output=True)
    return folder / "verify.db"


@pytest.fixture
def held_seed(seed_ledger, desk) -> Path:
    """The seed is in the ledger of this folder."""
    return Path(shutil.copy(seed_ledger, desk / "verify.db"))


@pytest.fixture
def held_sample(sample_ledger, desk) -> Path:
    """The sample document is in the ledger of this folder."""
    return Path(shutil.copy(sample_ledger, desk / "verify.db"))


@pytest.fixture
def events(desk) -> Callable[[], list[Any]]:
    """Read the trail of this folder's ledger."""

    def read() -> list[Any]:
        with open_ledger(desk / "verify.db") as ledger, ledger.read() as connection:
            return trail.events(connection)

    return read
