"""What every room's tests may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no clock", settings.get_profile("ci") if os.environ.get("CI") else None, deadline=None)
settings.load_profile("no clock")  # machines are noisy: no example fails for being slow


@pytest.fixture(scope="session")
def shared():
    """The folder `shared` beside the checkout: gold sets and their scorers. Without it a test skips; on CI it fails, for nothing would be measured."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if folder.is_dir():
        return folder
    missing = f"no folder {folder.name!r} beside the checkout: its gold sets are not measured"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)
