"""Reading `X-RateLimit-*`, `RateLimit` with `RateLimit-Policy`, `Retry-After` and `Date`.

What makes no sense is ignored, and clocks may disagree. The second pair is that of the IETF draft
(draft-ietf-httpapi-ratelimit-headers): `"default";r=50;t=30` says that 50 requests are left and that the next window
begins in 30 seconds, `"default";q=100;w=60` that a window has 100 requests and 60 seconds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mxm.upstreams.transport.limiter import WINDOW_SECONDS, Report

LONGEST_WAIT_SECONDS = 3600.0
"""A reset further away than this is taken for nonsense."""

_X_NAMES = frozenset({"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"})
_WHOLE = re.compile(r"[0-9]{1,12}")


def report(headers: Mapping[str, str], now: datetime, *, refused: bool = False) -> Report:
    """What lower-case `headers` say about the limit; `now` is our own clock, used only where upstream sent no Date."""
    if "ratelimit" in headers and not _X_NAMES & headers.keys():
        return _drafted(headers, now, refused=refused)
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


def _drafted(headers: Mapping[str, str], now: datetime, *, refused: bool) -> Report:
    """The same from the headers of the draft.

    `t` counts from the answer, so that no clock has to agree with ours; with upstream's Date (else our clock) it names
    the window, which tells a late answer of the window before from news of a new one. Of several limits the one with
    the least left counts, until another answer says otherwise.
    """
    said = _tightest(headers["ratelimit"])
    if said is None:
        return Report(retry_after=retry_after(headers, now), refused=refused)
    limit, length = _policy(headers.get("ratelimit-policy", ""), said.name)
    seconds = said.seconds
    reset_in = None if seconds is None or seconds > LONGEST_WAIT_SECONDS else float(seconds)
    at = (_date(headers.get("date")) or now).timestamp()
    return Report(
        limit=limit,
        left=None if limit is not None and said.left > limit else said.left,
        reset_in=reset_in,
        reset_at=None if reset_in is None else at + reset_in,
        retry_after=retry_after(headers, now),
        refused=refused,
        length=length,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """One item of `RateLimit`."""

    name: str
    left: int
    seconds: int | None


def _tightest(raw: str) -> _Said | None:
    found = []
    for name, values in _items(raw):
        left = _whole(values.get("r"))
        if left is not None:
            found.append(_Said(name, left, _whole(values.get("t"))))
    return min(found, key=lambda said: (said.left, -(said.seconds or 0)), default=None)


def _policy(raw: str, name: str) -> tuple[int | None, float | None]:
    """Requests and seconds of the policy called `name`. A quota without its window says nothing."""
    for named, values in _items(raw):
        quota, window = _whole(values.get("q")), _whole(values.get("w"))
        if named == name and quota and window and quota <= 1_000_000 and window <= LONGEST_WAIT_SECONDS:
            return quota, float(window)
    return None, None


def _items(raw: str) -> list[tuple[str, dict[str, str]]]:
    """The members of a list of named items. A name with a comma or semicolon in it falls apart into nonsense."""
    items = []
    for item in raw.split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        pairs = (parameter.partition("=") for parameter in parameters)
        items.append((name.strip('"'), {key: value for key, _, value in pairs}))
    return items


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
