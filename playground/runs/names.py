"""The names of runs: when they were made, and eight digits that nobody guesses."""

import hashlib
import re
import secrets
from datetime import UTC, datetime

from playground.training.config import RunConfig


def started_of(run_id: str) -> datetime | None:
    """When a run of this name was made; None for a text that is not a run's name."""
    if not re.fullmatch(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", run_id):
        return None
    try:
        return datetime.strptime(run_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def new_id(config: RunConfig, owner: str | None = None) -> str:
    """A name for a run that nobody else has."""
    seasoning = secrets.token_bytes(8)
    digest = hashlib.blake2b(f"{config.canonical_json()}{owner}".encode() + seasoning, digest_size=4).hexdigest()
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{digest}"
