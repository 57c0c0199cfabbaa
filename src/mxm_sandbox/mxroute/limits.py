"""Rate limits: one bucket for reads and one for writes, in fixed windows that start with their first request."""

import math
from dataclasses import dataclass

from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.mxroute.errors import ApiError

_NO_LIMIT = 1_000_000
Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Bucket:
    ends_at: float = 0.0
    used: int = 0

    def roll(self, now: float, window_seconds: float) -> None:
        """Start a new window when the last one is over; a window made shorter meanwhile ends earlier."""
        self.ends_at = min(self.ends_at, now + window_seconds)
        if now >= self.ends_at:
            self.ends_at, self.used = now + window_seconds, 0


class Limiter:
    """Counts the requests of the account."""

    def __init__(self) -> None:
        self._read, self._write = _Bucket(), _Bucket()

    def admit(self, method: str, config: SandboxConfig, now: float) -> None:
        """Count one request. Raises a 429, which counts nothing, when the window is used up."""
        bucket, limit = self._bucket(method, config)
        bucket.roll(now, config.limit_window_seconds)
        if config.limits_enabled and bucket.used >= limit:
            wait = max(1, math.ceil(bucket.ends_at - now))
            message = "Too many requests. Please try again later."
            raise ApiError(429, message, headers=(("Retry-After", str(wait)),))
        bucket.used += 1

    def headers(self, method: str, config: SandboxConfig, now: float) -> Headers:
        """The state of the bucket. Reset is rounded up to whole seconds: who believes it is never early."""
        if not config.rate_limit_headers:
            return ()
        bucket, limit = self._bucket(method, config)
        bucket.roll(now, config.limit_window_seconds)
        shown = limit if config.limits_enabled else _NO_LIMIT
        remaining = max(0, limit - bucket.used) if config.limits_enabled else _NO_LIMIT
        return (
            ("X-RateLimit-Limit", str(shown)),
            ("X-RateLimit-Remaining", str(remaining)),
            ("X-RateLimit-Reset", str(math.ceil(bucket.ends_at))),
        )

    def _bucket(self, method: str, config: SandboxConfig) -> tuple[_Bucket, int]:
        return (self._read, config.read_limit) if method == "GET" else (self._write, config.write_limit)
