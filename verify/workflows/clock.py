"""The only clock of the house."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from verify.errors import UsageError


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def fixed_time(environ: Mapping[str, str] = os.environ) -> datetime | None:
    """The time that `SOURCE_DATE_EPOCH` fixes for reports (reproducible-builds.org), in UTC; None where it is not set."""
    seconds = environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError("SOURCE_DATE_EPOCH is not a number of seconds since 1970") from error
