"""Reading `X-RateLimit-*`, `Retry-After` and `Date`: what makes no sense is ignored, and clocks may disagree."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mxm.upstreams.transport.limiter import WINDOW_SECONDS, Report

LONGEST_WAIT_SECONDS = 3600.0
"""A reset further away than this is taken for nonsense."""

_WHOLE = re.compile(r"[0-9]{1,12}")


def report(headers: Mapping[str, str], now: datetime, *, refused: bool = False) -> Report:
    """What lower-case `headers` say about the limit; `now` is our own clock, used only where upstream sent no Date."""
    limit = _whole(headers.get("x-ratelimit-limit"))
    left = _whole(headers.get("x-ratelimit-remaining"))
    if limit is not None and not 1 <= limit <= 1_000_000:
        limit = None
    if left is not None and limit is not None and left > limit:
        left = None
    reset_in = _reset_in(headers, now)
    return Report(
        limit=limit,
        left=left,
        reset_in=reset_in,
        reset_at=None if reset_in is None else _whole(headers.get("x-ratelimit-reset")),
        retry_after=retry_after(headers, now),
        refused=refused,
    )


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, from its number or its date (RFC 9110, 10.2.3)."""
    raw = headers.get("retry-after")
    seconds: float | None = _whole(raw)
    if seconds is None and raw and (at := _date(raw)):
        seconds = max(0.0, (at - (_date(headers.get("date")) or now)).total_seconds())
    return seconds if seconds is not None and seconds <= LONGEST_WAIT_SECONDS else None


def _reset_in(headers: Mapping[str, str], now: datetime) -> float | None:
    reset = _whole(headers.get("x-ratelimit-reset"))
    if reset is None:
        return None
    upstream_now = _date(headers.get("date"))
    if upstream_now is not None:
        seconds = reset - upstream_now.timestamp()
        return seconds if 0 <= seconds <= LONGEST_WAIT_SECONDS else None
    # Without a Date the difference holds the skew of two clocks: believed only within one window.
    seconds = reset - now.timestamp()
    return seconds if 0 <= seconds <= WINDOW_SECONDS else None


def _whole(raw: str | None) -> int | None:
    return int(raw) if raw is not None and _WHOLE.fullmatch(raw.strip()) else None


def _date(raw: str | None) -> datetime | None:
    if raw is None:
        return None
    try:
        parsed = parsedate_to_datetime(raw)
    except (ValueError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
