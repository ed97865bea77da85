"""The schema's steps: where the migrations are, which are known, and how a database is brought to the newest. Alembic is imported here only,
and only when a database is made or upgraded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

import verify

if TYPE_CHECKING:  # 450 ms that a reading command does not pay
    from alembic.config import Config


def migrations_folder() -> Path:
    """Where the migrations are: inside an installed package, beside it in a checkout."""
    package = Path(verify.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def upgrade_to_head(connection: Connection) -> None:
    """Take every step that is missing, inside the caller's transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def known_revisions() -> tuple[str, ...]:
    """The revisions that this program can upgrade from, newest first, the empty one last."""
    from alembic.script import ScriptDirectory

    return (*(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()), "")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    # Config reads "%" as an interpolation.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
