"""The names of runs: when they were made, and eight digits that nobody guesses."""

import re
import secrets
from datetime import UTC, datetime


def started_of(run_id: str) -> datetime | None:
    """When a run of this name was made; None for a text that is not a run's name."""
    if not re.fullmatch(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", run_id):
        return None
    try:
        return datetime.strptime(run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def new_id() -> str:
    """A name that nobody else has."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
