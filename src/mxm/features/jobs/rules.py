"""What can be said about a job from its numbers: pure thought."""

import math
import re
from datetime import UTC, datetime

_CURSOR = re.compile(r"([0-9]{1,17})\.([A-Za-z0-9:._-]{1,80})\Z")
PACE_SECONDS = 10.0
"""A pace of less time than this says nothing."""


def eta_seconds(*, total: int | None, done: int, before: int, started_at: datetime | None, now: datetime) -> int | None:
    """Seconds until all is done at the pace since the start; `before` items were done when it was made."""
    worked = done - before
    if total is None or started_at is None or worked < 1 or done >= total:
        return None
    elapsed = (now - started_at).total_seconds()
    return math.ceil(elapsed / worked * (total - done)) if elapsed >= PACE_SECONDS else None


def cursor_of(created_at: datetime, job_id: str) -> str:
    """Where a page ended."""
    return f"{round(created_at.timestamp() * 1_000_000)}.{job_id}"


def place_of(cursor: str) -> tuple[datetime, str]:
    """The opposite. Raises `ValueError`."""
    found = _CURSOR.match(cursor)
    if found is None:
        raise ValueError("is no cursor of this list")
    seconds, micros = divmod(int(found[1]), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), found[2]
