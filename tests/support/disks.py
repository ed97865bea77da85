"""Disks of a test's own: small ones that get full, and ones that cannot be written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WAYS = ([], ["sudo", "-n"])
"""As whom a disk may be mounted."""


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[list[str] | None]:
    """Mount a disk in memory of so many bytes ("700k") on a folder; give the words that precede a command on it, None where nobody lets us."""
    folder.mkdir()
    way = next((way for way in _WAYS if _ran([*way, "mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)])), None)
    try:
        yield way
    finally:
        if way is not None:
            subprocess.run([*way, "umount", folder], check=True)


def _ran(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
