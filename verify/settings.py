"""What a user has set, and where: options win over the environment, that over the project's file, that over the user's own.

The project's file is the nearest `verify.toml`, or `pyproject.toml` with a `[tool.verify]` table, from the working folder upwards; the user's
is `verify.toml` in the platform's configuration folder. A key that we do not know is an error: a misspelt one would silently do nothing.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from .errors import UsageError
from .terminal import one_line

_ENVIRONMENT = {
    "db": "VERIFY_DB",
    "reviewer": "VERIFY_REVIEWER",
    "markers": "VERIFY_MARKERS",
    "language": "VERIFY_LANGUAGE",
    "contact": "VERIFY_CONTACT",
    "allow_hosts": "VERIFY_ALLOW_HOSTS",
    "queue": "VERIFY_QUEUE",
    "offline": "VERIFY_OFFLINE",
    "fetch_delay": "VERIFY_FETCH_DELAY",
    "fetch_workers": "VERIFY_FETCH_WORKERS",
    "fetch_seconds": "VERIFY_FETCH_SECONDS",
    "fetch_megabytes": "VERIFY_FETCH_MEGABYTES",
}
_UNQUOTED = frozenset({"offline", "fetch_delay", "fetch_workers", "fetch_seconds", "fetch_megabytes"})
"""What a file may also give as a number, or as true and false."""
_YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"", "no", "false", "off", "0"})


@dataclass(frozen=True, slots=True)
class Settings:
    """`db` is a path or a database URL; `markers` a layout or "auto"; empty strings mean "not set".

    `contact` is a page or an address that servers are told in the User-Agent; `allow_hosts` names hosts, with commas between, that may be fetched
    from although they have no public address. `queue` gives weights to what makes a claim urgent, "tagged=64, stale=100".

    `offline` is "yes" where the network is not to be used. `fetch_delay` are the seconds between two requests to a host, `fetch_workers` how many
    hosts are asked at once, `fetch_seconds` and `fetch_megabytes` what one address may take; all as text, as the environment gives them.
    """

    db: str = "verify.db"
    reviewer: str = ""
    markers: str = "auto"
    language: str = ""
    contact: str = ""
    allow_hosts: str = ""
    queue: str = ""
    offline: str = ""
    fetch_delay: str = "1"
    fetch_workers: str = "8"
    fetch_seconds: str = "30"
    fetch_megabytes: str = "20"

    @property
    def is_offline(self) -> bool:
        """Whether the network is not to be used. Raises UsageError for what is neither yes nor no."""
        word = self.offline.strip().lower()
        if word not in _YES | _NO:
            raise UsageError(f"the setting offline = {one_line(self.offline)!r} is neither yes nor no")
        return word in _YES

    def number(self, name: str, *, least: float, most: float) -> float:
        """Give a setting that is a number. Raises UsageError for one that is none, or out of bounds."""
        written = str(getattr(self, name))
        try:
            number = float(written)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            raise UsageError(f"the setting {name} = {one_line(written)!r} is no number from {least:g} to {most:g}")
        return number


def load_settings(folder: Path, *, config: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the files and the environment that hold for `folder`; `config` names one file instead of those found.

    Raises UsageError for a file that cannot be read, is no TOML, or holds what we do not know.
    """
    settings = Settings()
    for path in [config] if config else [*_user_file(environ), *_project_file(folder)]:
        settings = replace(settings, **_values(path))
    named = {key: value for key, variable in _ENVIRONMENT.items() if (value := environ.get(variable, "")).strip()}
    return replace(settings, **named)


def reviewer_name(settings: Settings, named: str = "") -> str:
    """Who is at work: the name given, the one set, git's user, or the system's; the first that is not blank, on one line."""
    return _trimmed(named) or _trimmed(settings.reviewer) or _trimmed(_git_user()) or _trimmed(_system_user()) or "unknown"


def _trimmed(name: str) -> str:
    return " ".join(name.split())


def _project_file(folder: Path) -> Iterator[Path]:
    with suppress(PermissionError):  # a folder that is closed to us ends the search: what stands above it is not ours
        for place in (folder, *folder.parents):
            own, shared = place / "verify.toml", place / "pyproject.toml"
            if own.is_file():
                yield own
                return
            if shared.is_file() and "[tool.verify" in shared.read_text(encoding="utf-8", errors="replace"):
                yield shared
                return
            if (place / ".git").exists():
                return


def _user_file(environ: Mapping[str, str]) -> Iterator[Path]:
    if environ.get("HOME") or os.name == "nt":
        from platformdirs import user_config_path

        if (path := user_config_path("verify") / "verify.toml").is_file():
            yield path


def _values(path: Path) -> dict[str, str]:
    import tomllib

    name = one_line(str(path))
    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the settings in {name}: {(error.strerror or 'the system refused').lower()}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"cannot read the settings in {name}: {one_line(str(error))}") from error
    for key in ("tool", "verify") if path.name == "pyproject.toml" else ():
        table = table.get(key, {}) if isinstance(table, dict) else table
    if not isinstance(table, dict):
        raise UsageError(f"{name}: tool.verify is no table of settings")
    known = {field.name for field in fields(Settings)}
    table = {
        key: str(value).lower() if key in _UNQUOTED and isinstance(value, bool | int | float) else value for key, value in table.items()
    }
    for key, value in table.items():
        if key not in known or not isinstance(value, str):
            what = "is not a text in quotes" if key in known else f"is not a setting; there are: {', '.join(sorted(known))}"
            raise UsageError(f"{name}: {one_line(repr(key))} {what}")
    if "db" in table and "://" not in table["db"]:
        table["db"] = str(path.parent / Path(table["db"]).expanduser())
    return dict(table)


def _git_user() -> str:
    import subprocess

    try:
        done = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, text=True, timeout=5, check=False, encoding="utf-8", errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _system_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
